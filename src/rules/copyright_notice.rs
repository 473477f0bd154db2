use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "copyright-notice",
    summary: "Copyright and reproduction notices",
    level: Level::Gentle,
    page: include_str!("pages/copyright-notice.md"),
    find: |page, out| prompts::find(page, out, Table::CopyrightNotice, Certainty::default()),
};
