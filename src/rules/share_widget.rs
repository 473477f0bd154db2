use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule {
    name: "share-widget",
    summary: "Share, like and follow buttons and counters, print and font-size tools",
    page: include_str!("pages/share-widget.md"),
    find: |page, out| prompts::find(page, out, Table::ShareWidget, Certainty::default()),
};
