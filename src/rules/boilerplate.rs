//! What the learned scorer takes for no part of the article.

use crate::rule::{Findings, Level, Page, Rule, SCORER};
use crate::scorer::{self, Scores};

pub(crate) const RULE: Rule = Rule {
    name: SCORER,
    summary: "blocks that the learned scorer takes for no part of the article",
    level: Level::Gentle,
    page: include_str!("pages/boilerplate.md"),
    find,
};

fn find(page: &Page, out: &mut Findings) {
    let can_remove = scorer::may_remove(page.document, page.wants.level);
    if page.blocks.is_empty() || page.document.is_settled() || !can_remove {
        return;
    }
    let scores = scorer::score(page, out);
    let content = scores.extent();
    let loses_all = loses_all(page, out, &scores);
    for block in 0..page.blocks.len() {
        let confidence = scores.confidence[block];
        if scores.title == Some(block) {
            out.scored(block, 1.0, "the title, which is given by itself".to_owned());
        } else if page.wants.captions && content.contains(&block) && page.document.is_caption(block) {
            // Stays, whatever the scorer says of it.
        } else if loses_all && is_plain_sentence(page, out, block) {
            // Stays, since else nothing would.
        } else if page.document.is_caption(block) && scores.content[block] < CAPTION && confidence < CAPTION_GOES {
            out.scored(block, CAPTION_GOES, "a caption, which is given by itself".to_owned());
        } else if confidence >= Level::Thorough.threshold() {
            let evidence = if page.wants.reasons { scores.evidence(block) } else { String::new() };
            out.scored(block, confidence, evidence);
        }
    }
    out.kind = scores.kind;
}

/// True for a page that would lose everything. Pages of a few lines give the scorer nothing to go by: when in doubt, their
/// sentences stay.
fn loses_all(page: &Page, out: &Findings, scores: &Scores) -> bool {
    let goes = |block: usize| {
        let sure = scores.confidence[block].max(out.said[block].confidence);
        scores.title == Some(block) || sure >= Level::Standard.threshold()
    };
    !page.document.markup_is_absent() && (0..page.blocks.len()).all(goes)
}

/// True for a sentence that no rule has anything against.
fn is_plain_sentence(page: &Page, out: &Findings, block: usize) -> bool {
    let known = &page.blocks[block];
    let is_accused = out.said[block].confidence >= Level::Thorough.threshold() || page.is_prompt(block);
    !is_accused && known.shape.sentence_end && known.words >= SENTENCE
}

/// A sentence has so many words.
const SENTENCE: u32 = 4;

/// A caption goes unless it is so likely content: on the evaluation data every twentieth counts as the article's.
const CAPTION: f32 = 0.85;
/// How surely: at the level standard it goes, at gentle it stays.
const CAPTION_GOES: f32 = 0.9;
