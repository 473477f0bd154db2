//! Who the author is, at the end of the article.
//!
//! Three signs of falling sureness: a head or an opening of the lexicon, and what an author does, said anywhere in the
//! line. The last is what an article says of the people in it too; therefore it counts low in the text only and never
//! in a line that quotes somebody. A bio belongs to the article as it was published, so no confidence reaches the
//! standard level.

use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "author-bio",
    summary: "Who the author is, under the article",
    level: Level::Thorough,
    page: include_str!("pages/author-bio.md"),
    find,
};

/// A bio is one short paragraph.
const BIO_WORDS: u32 = 90;

fn find(page: &Page, out: &mut Findings) {
    let Some(last) = (0..page.blocks.len()).rev().find(|&i| !out.is_junk(i)) else { return };
    for (i, block) in page.blocks.iter().enumerate() {
        if block.words > BIO_WORDS || out.is_junk(i) {
            continue;
        }
        let low = i > page.blocks.len() / 2 && last - i.min(last) < 6;
        if block.has(Table::AuthorBio, Cue::Line) {
            out.block(i, if low { 0.75 } else { 0.55 }, "head of a bio");
        } else if block.has_any(Table::AuthorBio, &[Cue::Label, Cue::Start]) {
            out.block(i, if low { 0.78 } else { 0.45 }, "opens as a bio");
        } else if block.has(Table::AuthorBio, Cue::Within)
            && low
            && block.shape.capital
            && !page.body(i).contains(['"', '“'])
        {
            out.block(i, 0.7, "says what an author does");
        }
    }
}
