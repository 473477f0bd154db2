use super::credit::names_agency;
use super::prompts::evidence;
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "caption",
    summary: "Photo captions (at the thorough level)",
    level: Level::Thorough,
    page: include_str!("pages/caption.md"),
    find,
};

/// Captions have at most so many words.
const CAPTION_WORDS: u32 = 80;

fn find(page: &Page, out: &mut Findings) {
    for (i, block) in page.blocks.iter().enumerate() {
        if out.is_junk(i) || block.words > CAPTION_WORDS {
            continue;
        }
        if tail_of_caption(page, i) {
            out.block(i, 0.7, evidence("ends in a credit:", page, i));
        }
    }
}

/// Ends in a credit in brackets: `(Name/Agency)`, `[Photo: Name]`.
pub(super) fn tail_of_caption(page: &Page, block: usize) -> bool {
    let body = page.body(block);
    let Some(inner) = body.strip_suffix([')', ']', '）', '】']) else { return false };
    let Some(open) = inner.rfind(['(', '[', '（', '【']) else { return false };
    let credit = inner[open..].trim_start_matches(['(', '[', '（', '【']);
    open > 0 && (names_agency(credit) || is_credit_text(credit))
}

fn is_credit_text(text: &str) -> bool {
    use crate::lexicon::{Cue, LEXICON, Table};
    let mut cut = Vec::new();
    let whole = crate::words::cut(text, 12, &mut cut);
    let cues = LEXICON.look_up(text, &cut, whole).cues;
    cut.len() <= 10 && cues.any(Table::Credit, &[Cue::Label, Cue::Start, Cue::FewParts, Cue::ManyParts, Cue::Line])
}
