//! What is left of a comment section: counters, forms, invitations, never the comments.
//!
//! Most sites use one of a few programs for comments, so their phrases come whole and are known. Words of buttons,
//! `reply` and `report`, are `part` phrases and count in rows.

use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "comment-section",
    summary: "What is left of a comment section: counters, forms, invitations",
    level: Level::Gentle,
    page: include_str!("pages/comment-section.md"),
    find: |page, out| prompts::find(page, out, Table::CommentSection, Certainty::default()),
};
