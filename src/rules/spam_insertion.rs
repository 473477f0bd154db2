//! A spam site's brand pushed into the middle of a sentence.
//!
//! No list of brands could keep up with them. The masthead names the brands of its own page, so the rule acts below one
//! alone, and looks for places where the brand cannot be a word of the sentence: glued to another, or where another
//! word would stand. It is the one rule that cuts pieces out of running text.

use super::spam_masthead::{insertions, known_openings};
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "spam-insertion",
    summary: "A spam brand pushed into the middle of a sentence",
    level: Level::Gentle,
    page: include_str!("pages/spam-insertion.md"),
    find,
};

fn find(page: &Page, out: &mut Findings) {
    let Some(masthead) = page.masthead() else { return find_known(page, out) };
    for brand in &masthead.brands {
        cut_out(page, masthead.end, brand, "the masthead's brand inside a sentence", out);
    }
}

/// Without a masthead: the brands of the site that a profile knows, and those of a network that open a line near the top.
fn find_known(page: &Page, out: &mut Findings) {
    let openings = known_openings(page).map(|(_, opening)| opening.name);
    let mut brands: Vec<&str> = page.known.brands().chain(openings).collect();
    brands.sort_unstable();
    brands.dedup();
    for brand in brands {
        cut_out(page, 0, brand, "a spam brand that the profile knows, inside a sentence", out);
    }
}

fn cut_out(page: &Page, from: usize, brand: &str, evidence: &'static str, out: &mut Findings) {
    for (span, glued) in insertions(&page.document.text()[from..], brand) {
        let confidence = if glued { 0.97 } else { 0.88 };
        out.piece(from + span.start..from + span.end, confidence, evidence);
    }
}
