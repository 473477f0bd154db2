//! Captions that a credit gives away.
//!
//! Nothing in a caption's own words tells it from the text, so the rule reads its end: a credit in brackets, behind the
//! last sentence, or behind the sign that Japanese papers use. The questions asked here serve `duplicate-caption` too.

use super::credit::{is_row, names_agency};
use crate::lexicon::{Cue, Table, cues_of};
use crate::rule::{Findings, Level, Page, Rule};
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    name: "caption",
    summary: "Photo captions",
    level: Level::Thorough,
    page: include_str!("pages/caption.md"),
    find,
};

/// Captions have at most so many words.
const CAPTION_WORDS: u32 = 80;
/// The words of a credit in a caption are at most so many.
const CREDIT_TEXT_WORDS: usize = 10;
/// And a credit behind the last sentence at most so many bytes.
const CREDIT_BYTES: usize = 80;

fn find(page: &Page, out: &mut Findings) {
    for (i, block) in page.blocks.iter().enumerate() {
        if out.is_junk(i) || block.words > CAPTION_WORDS {
            continue;
        }
        if ends_in_credit(page, i) {
            out.block(i, 0.7, "ends in a credit");
        }
    }
}

/// Ends in a credit, in brackets or behind the last sentence: `... on Monday. Photo: Name`.
pub(super) fn ends_in_credit(page: &Page, block: usize) -> bool {
    let body = page.body(block);
    if is_row(body) {
        return false;
    }
    if tail_of_caption(page, block) {
        return true;
    }
    // Japanese papers sign a caption behind an equals sign.
    if body.rsplit_once('＝').is_some_and(|(_, credit)| {
        credit.len() <= CREDIT_BYTES && !credit.contains(['。', '、', '？']) || credit.ends_with("撮影")
    }) {
        return true;
    }
    let Some((at, stop)) = body
        .rmatch_indices(['.', '!', '?', '。', '…', '»', '”'])
        .find(|(at, stop)| body[at + stop.len()..].starts_with(' '))
    else {
        return false;
    };
    let credit = body[at + stop.len()..].trim();
    let signed = credit.starts_with(['/', '|', '©']) && !credit.contains(|c: char| c.is_ascii_digit());
    credit.len() <= CREDIT_BYTES && (signed || is_credit_text(credit) || names_agency(credit))
}

/// Ends in a credit in brackets: `(Name/Agency)`, `[Photo: Name]`.
pub(super) fn tail_of_caption(page: &Page, block: usize) -> bool {
    let body = page.body(block);
    let Some(inner) = body.strip_suffix([')', ']', '）', '】']) else { return false };
    let Some(open) = inner.rfind(['(', '[', '（', '【']) else { return false };
    let credit = inner[open..].trim_start_matches(['(', '[', '（', '【']);
    open > 0 && (names_agency(credit) || is_credit_text(credit))
}

/// A credit, as it stands in brackets or at the end of a caption.
pub(super) fn is_credit_text(text: &str) -> bool {
    let short = Words::new(text).nth(CREDIT_TEXT_WORDS).is_none();
    short
        && cues_of(text, CREDIT_TEXT_WORDS)
            .any(Table::Credit, &[Cue::Label, Cue::Start, Cue::FewParts, Cue::ManyParts, Cue::Line])
}
