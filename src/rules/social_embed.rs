use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "social-embed",
    summary: "What is left of an embedded post",
    level: Level::Gentle,
    page: include_str!("pages/social-embed.md"),
    find: |page, out| prompts::find(page, out, Table::SocialEmbed, Certainty::default()),
};
