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
