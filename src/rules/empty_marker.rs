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
    for (i, block) in page.blocks.iter().enumerate() {
        let empty = block.marker == Marker::Bullet && block.body.0 == block.body.1;
        if empty {
            out.block(i, 0.85, "a list marker alone on its line");
        }
    }
}
