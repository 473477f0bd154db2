//! A spam site's brand pushed into the middle of a sentence.
//!
//! No list of brands could keep up with them. The masthead names the brands of its own page, so the rule acts below one
//! alone, and looks for places where the brand cannot be a word of the sentence: glued to another, or where another
//! word would stand. It is the one rule that cuts pieces out of running text.

use super::spam_masthead::insertions;
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "spam-insertion",
    summary: "A spam brand pushed into the middle of a sentence",
    level: Level::Gentle,
    page: include_str!("pages/spam-insertion.md"),
    find,
};

fn find(page: &Page, out: &mut Findings) {
    let Some(masthead) = page.masthead() else { return };
    let text = page.document.text();
    for brand in &masthead.brands {
        for (span, glued) in insertions(&text[masthead.end..], brand) {
            let span = masthead.end + span.start..masthead.end + span.end;
            let confidence = if glued { 0.97 } else { 0.88 };
            out.piece(span, confidence, "the masthead's brand inside a sentence");
        }
    }
}
