use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "consent-notice",
    summary: "Cookie and consent notices and their buttons",
    level: Level::Gentle,
    page: include_str!("pages/consent-notice.md"),
    find: |page, out| {
        prompts::find(page, out, Table::ConsentNotice, Certainty { sentence: 0.93, pair: 0.75, ..Certainty::default() })
    },
};
