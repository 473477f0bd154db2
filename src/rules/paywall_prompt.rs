use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule {
    name: "paywall-prompt",
    summary: "Prompts to subscribe, sign in, register or donate",
    page: include_str!("pages/paywall-prompt.md"),
    find: |page, out| prompts::find(page, out, Table::PaywallPrompt, Certainty::default()),
};
