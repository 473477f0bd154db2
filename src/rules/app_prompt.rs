use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "app-prompt",
    summary: "Prompts to get an app or join a channel",
    level: Level::Gentle,
    page: include_str!("pages/app-prompt.md"),
    find: |page, out| prompts::find(page, out, Table::AppPrompt, Certainty::default()),
};
