//! Cookie and consent notices and their buttons.
//!
//! A notice is a paragraph and looks like running text, so a line that opens as one goes at the standard level even
//! alone between paragraphs, where other prompts would wait for company: hardly an article says `we use cookies` of
//! itself.

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
