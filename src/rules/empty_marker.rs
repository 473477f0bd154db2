//! List markers with nothing behind them.
//!
//! Runs last, so that it sees which items other rules take: a marker beside them was part of their list. Alone between
//! paragraphs the same sign parts two scenes, and between a table's cells it is a value, so company is asked for.

use crate::document::Marker;
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "empty-marker",
    summary: "List markers with nothing behind them",
    level: Level::Standard,
    page: include_str!("pages/empty-marker.md"),
    find,
};

fn find(page: &Page, out: &mut Findings) {
    let is_empty = |i: usize| page.blocks[i].marker == Marker::Bullet && page.blocks[i].body.0 == page.blocks[i].body.1;
    for i in (0..page.blocks.len()).filter(|&i| is_empty(i)) {
        // Alone between paragraphs it parts two scenes; in a table it is a missing value.
        let in_list = |j: usize| page.blocks[j].is_item() || out.is_junk(j);
        let above = i.checked_sub(1).is_none_or(in_list);
        let below = i + 1 == page.blocks.len() || in_list(i + 1);
        if above || below {
            out.block(i, 0.85, "a list marker alone on its line");
        }
    }
}
