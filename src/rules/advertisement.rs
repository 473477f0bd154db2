//! The markers of advertisements, without the advertisements.
//!
//! A marker stands in the middle of the text, because that is where the picture was. So a short one needs no company
//! here, unlike in other tables of prompts, but it has to be the whole line: what an advertiser says is nobody's fixed
//! phrase.

use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Level, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "advertisement",
    summary: "Markers of advertisements and sponsored places",
    level: Level::Gentle,
    page: include_str!("pages/advertisement.md"),
    find: |page, out| {
        prompts::find(
            page,
            out,
            Table::Advertisement,
            Certainty { lone: 0.96, pair: 0.96, sentence: 0.9, ..Certainty::default() },
        )
    },
};
