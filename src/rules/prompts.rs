//! What rules for prompts and buttons share: a table of the lexicon, and how sure each kind of match makes.

use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Page};

/// Up to this many words a `start` or `within` phrase speaks for the whole line.
const PROMPT_WORDS: u32 = 90;
/// A line of so few words could be the article's own heading or list item, and needs company.
const SHORT: u32 = 2;

/// How sure each kind of match makes. Probabilities, from the share of such lines that were no article's
/// on the clean and the scraped articles the rules were measured on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Certainty {
    /// Phrases fill a line of three or more words.
    pub line: f32,
    /// Phrases fill a line of one or two words, between running text and no other prompt beside it.
    pub lone: f32,
    /// Three or more `part` phrases fill the line.
    pub parts: f32,
    /// A phrase opens the line or stands in it.
    pub prompt: f32,
}

impl Default for Certainty {
    fn default() -> Self {
        Certainty { line: 0.97, lone: 0.75, parts: 0.85, prompt: 0.95 }
    }
}

/// Proposes every block whose words the table knows as no part of an article.
pub(super) fn find(page: &Page, out: &mut Findings, table: Table, certainty: Certainty) {
    for (i, block) in page.blocks.iter().enumerate() {
        if block.cues.is_empty(table) {
            continue;
        }
        let company = page.is_edge(i) || page.is_beside_prompt(i);
        let in_place = |confidence: f32| if company { confidence } else { confidence - 0.1 };
        if block.has(table, Cue::Line) {
            let confidence = match block.words {
                ..=SHORT if company => certainty.lone.max(0.88),
                ..=SHORT => certainty.lone,
                _ => certainty.line,
            };
            out.block(i, confidence, evidence("the line is", page, i));
        } else if block.has_any(table, &[Cue::Start, Cue::Within]) && block.words <= PROMPT_WORDS {
            out.block(i, certainty.prompt, evidence("prompt:", page, i));
        } else if block.has(table, Cue::ManyParts) {
            out.block(i, in_place(certainty.parts), evidence("nothing but", page, i));
        } else if block.has(table, Cue::FewParts) && page.is_beside_prompt(i) {
            out.block(i, if page.is_edge(i) { 0.8 } else { 0.55 }, evidence("beside other prompts:", page, i));
        }
    }
}

/// The first words of a block behind a reason.
pub(super) fn evidence(reason: &str, page: &Page, block: usize) -> String {
    let body = page.body(block);
    let end = body.char_indices().nth(40).map_or(body.len(), |(at, _)| at);
    let more = if end < body.len() { "…" } else { "" };
    format!("{reason} `{}{more}`", &body[..end])
}
