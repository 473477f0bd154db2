use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule {
    name: "copyright-notice",
    summary: "Copyright and reproduction notices",
    page: include_str!("pages/copyright-notice.md"),
    find: |page, out| prompts::find(page, out, Table::CopyrightNotice, Certainty::default()),
};
