//! The second of two credits that are alike.
//!
//! Side by side even two unknown names with a slash between are a credit: hardly anything else comes twice in a row like
//! that. With lines between, a roster and a table's source do, so only credits that name an agency or open as one count.

use super::credit::{CREDIT_WORDS, is_credit, is_names, names_agency};
use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "duplicate-credit",
    summary: "A photo credit that comes twice",
    level: Level::Gentle,
    page: include_str!("pages/duplicate-credit.md"),
    find,
};

/// Copies of a credit stand this close to each other, in blocks.
const NEAR: usize = 3;

fn find(page: &Page, out: &mut Findings) {
    for second in 1..page.blocks.len() {
        if page.blocks[second].words > CREDIT_WORDS {
            continue;
        }
        let near = second.saturating_sub(NEAR)..second;
        let Some(first) = near.rev().find(|&i| page.body(i) == page.body(second)) else { continue };
        let adjacent = first + 1 == second;
        // With text between, two tables may name one source, and two days one pair of names.
        let credit = if adjacent {
            is_credit(page, second) || is_names(page.body(second))
        } else {
            names_agency(page.body(second)) || page.blocks[second].has(Table::Credit, Cue::Start)
        };
        if !out.is_junk(second) && credit {
            let confidence = if adjacent { 0.96 } else { 0.85 };
            out.block(second, confidence, "the same credit again");
        }
    }
}
