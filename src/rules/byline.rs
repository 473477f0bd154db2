//! Who wrote the article.
//!
//! A preposition opens a byline in most languages, and much else. What tells them apart is what follows: names, so
//! words with capitals or short ones, outside the running text, and no end of a sentence. The title is left out,
//! because `By the River` may be one.

use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "byline",
    summary: "Who wrote the article",
    level: Level::Thorough,
    page: include_str!("pages/byline.md"),
    find,
};

fn find(page: &Page, out: &mut Findings) {
    let title = page.title(out);
    for (i, block) in page.blocks.iter().enumerate().filter(|&(i, _)| Some(i) != title) {
        let opens = block.has_any(Table::Byline, &[Cue::Label, Cue::Start, Cue::Line]);
        if opens && page.is_edge(i) && block.words <= 14 && !block.shape.sentence_end && is_name(page, i) {
            out.block(i, 0.75, "opens as a byline");
        }
    }
}

/// Behind the opener nearly every word is a name's: upper case, short, or of a script without case.
fn is_name(page: &Page, block: usize) -> bool {
    let shape = &page.blocks[block].shape;
    shape.small <= 1 + shape.capitals / 3
}
