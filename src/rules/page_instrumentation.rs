use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "page-instrumentation",
    summary: "Remains of the page's machinery: loading, scripts, errors, image controls",
    level: Level::Gentle,
    page: include_str!("pages/page-instrumentation.md"),
    find: |page, out| {
        prompts::find(
            page,
            out,
            Table::PageInstrumentation,
            Certainty { lone: 0.85, pair: 0.82, ..Certainty::default() },
        )
    },
};
