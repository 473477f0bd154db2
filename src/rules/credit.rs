//! Whose picture it is.
//!
//! Agencies are known, photographers are not. So a line is a credit where a known word opens it, where agencies fill
//! it, or where it is made of names between slashes, bars or dashes with an agency among them. Two names alone could be
//! a roster; only where they come twice in a row does `duplicate-credit` take them for a credit.

use crate::lexicon::{Cue, LEXICON, Table};
use crate::rule::{Findings, Level, Page, Rule};
use crate::words;

pub(crate) const RULE: Rule = Rule {
    name: "credit",
    summary: "Photo credits",
    level: Level::Thorough,
    page: include_str!("pages/credit.md"),
    find,
};

/// A credit has at most so many words.
pub(super) const CREDIT_WORDS: u32 = 14;

fn find(page: &Page, out: &mut Findings) {
    let title = page.title(out);
    for i in 0..page.blocks.len() {
        if Some(i) != title && is_credit(page, i) {
            out.block(i, 0.7, "a credit");
        }
    }
}

/// A line that names a photographer, an agency, or both.
pub(super) fn is_credit(page: &Page, block: usize) -> bool {
    let facts = &page.blocks[block];
    if facts.words > CREDIT_WORDS || facts.words == 0 || is_row(page.body(block)) {
        return false;
    }
    let opens = facts.has_any(Table::Credit, &[Cue::Label, Cue::Start]) && !facts.shape.full_stop;
    let filled = facts.has_any(Table::Credit, &[Cue::Line, Cue::ManyParts])
        || (facts.words > 1 && facts.has(Table::Credit, Cue::FewParts));
    opens || filled || (!facts.shape.sentence_end && names_agency(page.body(block)))
}

/// A row of a table, its cells between bars.
pub(super) fn is_row(line: &str) -> bool {
    line.starts_with('|') || line.ends_with('|')
}

/// `Agency/Name`, `Name | Agency`, `Name via Agency`: sides of a slash or bar, one of them an agency.
pub(super) fn names_agency(text: &str) -> bool {
    if text.len() > 100 {
        return false;
    }
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    if !text.contains(['/', '|', '-', '–', '—', ',', '(']) {
        return false;
    }
    let sides: Vec<&str> =
        text.split(['/', '|', '–', '—', ',', '(']).map(str::trim).filter(|side| !side.is_empty()).collect();
    sides.len() >= 2 && sides.iter().all(|side| is_name(side)) && sides.iter().any(|side| is_agency(side))
}

fn is_agency(text: &str) -> bool {
    let mut cut = Vec::new();
    let whole = words::cut(text, 8, &mut cut);
    let filled = |text: &str, words: &[words::Word]| {
        LEXICON.look_up(text, words, whole).cues.any(Table::Credit, &[Cue::FewParts, Cue::ManyParts, Cue::Line])
    };
    // `Name via Agency`: the agency ends it.
    filled(text, &cut) || (cut.len() > 1 && (1..cut.len()).any(|from| filled(text, &cut[from..])))
}

/// One to five words, each with a capital, a particle's length, or of a script without case.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=5).contains(&words.len()) && words.iter().all(|w| w.len() <= 3 || !w.starts_with(char::is_lowercase))
}

/// Names on both sides of a slash or bar: a credit even where the agency is not known.
pub(super) fn is_names(text: &str) -> bool {
    if text.len() > 100 || !text.contains(['/', '|']) {
        return false;
    }
    let sides: Vec<&str> = text.split(['/', '|']).map(str::trim).collect();
    (2..=3).contains(&sides.len())
        && sides.iter().all(|side| is_name(side) && !side.contains(|c: char| c.is_ascii_digit()))
}
