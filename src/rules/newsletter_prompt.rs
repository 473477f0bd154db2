//! Prompts to sign up for a newsletter, and what stands around their form.
//!
//! All of it is in the lexicon and in what prompts share. Prompts of this table go on behind a colon, so its `line`
//! phrases work as labels too.

use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "newsletter-prompt",
    summary: "Prompts to sign up for a newsletter, and what stands around their form",
    level: Level::Gentle,
    page: include_str!("pages/newsletter-prompt.md"),
    find: |page, out| prompts::find(page, out, Table::NewsletterPrompt, Certainty::default()),
};
