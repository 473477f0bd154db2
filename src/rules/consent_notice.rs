use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule {
    name: "consent-notice",
    summary: "Cookie and consent notices and their buttons",
    page: include_str!("pages/consent-notice.md"),
    find: |page, out| prompts::find(page, out, Table::ConsentNotice, Certainty::default()),
};
