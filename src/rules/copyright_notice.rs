//! Copyright and reproduction notices.
//!
//! The sign `©` counts as a word, so that `© 2023 Name` is a phrase like any other, `© # *`. Wording that only lawyers
//! use counts wherever it stands in a line's first words, unless the line is a sentence of the running text.

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
