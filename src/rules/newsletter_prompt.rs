use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule {
    name: "newsletter-prompt",
    summary: "Prompts to sign up for a newsletter, and what stands around their form",
    page: include_str!("pages/newsletter-prompt.md"),
    find: |page, out| prompts::find(page, out, Table::NewsletterPrompt, Certainty::default()),
};
