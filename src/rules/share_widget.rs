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

/// `WordWord! (51)` below the text: in whatever words on a page with a spam masthead, else where words are glued.
fn counters(page: &Page, out: &mut Findings) {
    let spam = page.masthead().is_some();
    for i in (0..page.blocks.len()).filter(|&i| page.blocks[i].words <= 4 && page.is_tail(i)) {
        let body = page.body(i).strip_suffix([')', '）']).and_then(|body| body.rsplit_once(['(', '（']));
        let Some((words, count)) = body.map(|(words, count)| (words.trim(), count)) else { continue };
        let counts = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
        if counts && !words.is_empty() && (spam || is_glued(words)) {
            out.block(i, 0.88, "a counter below the text");
        }
    }
}

/// One word with a capital inside and an exclamation mark behind it: a network's name and a verdict.
fn is_glued(words: &str) -> bool {
    let inner = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    words.ends_with('!') && !words.contains(' ') && words.as_bytes().windows(2).any(inner)
}
