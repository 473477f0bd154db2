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
