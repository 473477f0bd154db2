use super::credit::{is_credit, is_names};
use crate::rule::{Findings, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "duplicate-credit",
    summary: "A photo credit that comes twice",
    page: include_str!("pages/duplicate-credit.md"),
    find,
};

/// Copies of a credit stand this close to each other, in blocks.
const NEAR: usize = 3;

fn find(page: &Page, out: &mut Findings) {
    for second in 1..page.blocks.len() {
        if out.is_junk(second) || !(is_credit(page, second) || is_names(page.body(second))) {
            continue;
        }
        let near = second.saturating_sub(NEAR)..second;
        if let Some(first) = near.rev().find(|&i| page.body(i) == page.body(second)) {
            let confidence = if first + 1 == second { 0.96 } else { 0.85 };
            out.block(second, confidence, format!("the credit of line {} again", first + 1));
        }
    }
}
