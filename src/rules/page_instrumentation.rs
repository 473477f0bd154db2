//! Remains of the page's machinery: messages of programs, controls of pictures, buttons of dialogs.
//!
//! A program's message stands wherever the program was, so its short lines go at the standard level without company.
//! Words that a text may have as a line of its own, `error` or `table of contents`, are `part` phrases and ask for it.

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
