//! Read-more and see-also lines between paragraphs.
//!
//! A label is not enough, since articles use the same words. What follows decides: a headline leads to another story,
//! and a sentence is more likely the article's own, unless it is written in title case.

use crate::document::Shape;
use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "inline-link",
    summary: "Read-more and see-also lines between paragraphs",
    level: Level::Standard,
    page: include_str!("pages/inline-link.md"),
    find,
};

fn find(page: &Page, out: &mut Findings) {
    // The first line that stays is the title, and a title may begin with such a word.
    let title = page.title(out);
    for (i, block) in page.blocks.iter().enumerate() {
        if Some(i) == title || out.is_junk(i) {
            continue;
        }
        if block.has(Table::InlineLink, Cue::Line) {
            out.block(i, if block.words > 1 { 0.93 } else { 0.8 }, "a link's words alone");
        } else if block.has(Table::InlineLink, Cue::Label) {
            let rest = page.body(i)[block.label as usize..].trim();
            if rest.is_empty() {
                continue;
            }
            let confidence = match (block.is_headline(), block.words) {
                (true, 4..) => 0.92,
                (true, _) => 0.7,
                // A whole sentence behind the label: more likely the article's own.
                (false, ..=25) if !block.shape.inner_sentence && is_title_case(&block.shape) => 0.85,
                (false, ..=25) if !block.shape.inner_sentence => 0.75,
                _ => 0.4,
            };
            out.block(i, confidence, "a headline behind");
        }
    }
}

/// Three words of four begin with a capital, as they do in English headlines.
fn is_title_case(shape: &Shape) -> bool {
    4 * u32::from(shape.capitals) >= 3 * (u32::from(shape.capitals) + u32::from(shape.small))
}
