//! Prompts to subscribe, sign in, register or donate.
//!
//! All of it is in the lexicon and in what prompts share. Manuals tell their readers to sign in as well: numbered lines
//! lose confidence, and short ones ask for company.

use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "paywall-prompt",
    summary: "Prompts to subscribe, sign in, register or donate",
    level: Level::Gentle,
    page: include_str!("pages/paywall-prompt.md"),
    find: |page, out| prompts::find(page, out, Table::PaywallPrompt, Certainty::default()),
};
