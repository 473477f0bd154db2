//! What the learned scorer takes for no part of the article.

use crate::rule::{Findings, Level, Page, Rule};
use crate::scorer;

pub(crate) const RULE: Rule = Rule {
    name: "boilerplate",
    summary: "blocks that the learned scorer takes for no part of the article",
    level: Level::Gentle,
    page: include_str!("pages/boilerplate.md"),
    find,
};

fn find(page: &Page, out: &mut Findings) {
    if page.blocks.is_empty() || page.document.is_settled() {
        return;
    }
    let scores = scorer::score(page, out);
    for block in 0..page.blocks.len() {
        let confidence = scores.confidence[block];
        if confidence >= Level::Thorough.threshold() {
            let evidence = if page.explains { scores.evidence(block) } else { String::new() };
            out.scored(block, confidence, evidence);
        }
    }
}
