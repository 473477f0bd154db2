//! What is left of an embedded post: the network's frame, never the post's own words.
//!
//! Frames hold names, so phrases with a `*` do most of the work; its limit of six words keeps sentences that open as a
//! frame does out of it.

use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "social-embed",
    summary: "What is left of an embedded post",
    level: Level::Gentle,
    page: include_str!("pages/social-embed.md"),
    find: |page, out| prompts::find(page, out, Table::SocialEmbed, Certainty { sentence: 0.9, ..Certainty::default() }),
};
