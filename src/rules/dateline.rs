//! When the article came out or was changed, and how long it takes to read.
//!
//! Months, days and units are `part` phrases, so that dates of most shapes fill their line without a grammar of dates.
//! Outside the running text only: inside, a date heads a chronicle's entry or a table's row.

use super::spam_masthead::is_time_stamp;
use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "dateline",
    summary: "When the article was published or changed, reading time",
    level: Level::Thorough,
    page: include_str!("pages/dateline.md"),
    find,
};

/// Words of a label, a date and a time.
const LABELLED_WORDS: u32 = 8;

fn find(page: &Page, out: &mut Findings) {
    let title = page.title(out);
    for (i, block) in page.blocks.iter().enumerate().filter(|&(i, _)| Some(i) != title) {
        // Between paragraphs a date is what the text speaks of: a table's row, a chapter, an event.
        if block.words > 16 || !page.is_edge(i) {
            continue;
        }
        let filled = block.has_any(Table::Dateline, &[Cue::Line, Cue::FewParts, Cue::ManyParts]) && block.shape.digit;
        let labelled =
            block.has_any(Table::Dateline, &[Cue::Label, Cue::Start]) && block.shape.digit && !block.shape.sentence_end;
        // Far down, a label with more than a date behind it tells of an event.
        let labelled = labelled && (page.is_top(i) || block.words <= LABELLED_WORDS);
        if filled || labelled || is_time_stamp(page.body(i)) {
            out.block(i, 0.75, "a date line");
        }
    }
}
