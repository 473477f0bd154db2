//! Share, like and follow buttons, their counters, and the tools beside them.
//!
//! Networks' names are `part` phrases: a row of them is a widget, one of them may be a heading. On pages with a spam
//! masthead the buttons were put through a word-changer, so there a counter counts by its shape, in whatever words.

use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "share-widget",
    summary: "Share, like and follow buttons and counters, print and font-size tools",
    level: Level::Gentle,
    page: include_str!("pages/share-widget.md"),
    find,
};

fn find(page: &Page, out: &mut Findings) {
    prompts::find(page, out, Table::ShareWidget, Certainty::default());
    counters(page, out);
}

/// `WordWord! (51)` below the text of a page with a spam masthead, in whatever words.
fn counters(page: &Page, out: &mut Findings) {
    if page.masthead().is_none() {
        return;
    }
    for i in (0..page.blocks.len()).filter(|&i| page.is_tail(i) && page.blocks[i].words <= 4) {
        let body = page.body(i);
        let count = body.strip_suffix([')', '）']).and_then(|body| body.rsplit_once(['(', '（']));
        if count.is_some_and(|(words, count)| {
            !words.is_empty() && !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit())
        }) {
            out.block(i, 0.88, "a counter below a spam page's text");
        }
    }
}
