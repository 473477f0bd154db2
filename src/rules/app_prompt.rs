//! Prompts to get the site's app or to join its channel.
//!
//! All of it is in the lexicon and in what prompts share. Names of stores and systems are `part` phrases, since an
//! article may list them; they count as rows and beside surer prompts.

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
