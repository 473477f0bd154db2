//! What rules for prompts and buttons share: a table of the lexicon, and how sure each kind of match makes.

use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Page};

/// Up to this many words a `start` or `within` phrase speaks for the whole line.
const PROMPT_WORDS: u32 = 90;
/// And a prompt with a colon behind it for a line of so many.
const LABELLED_WORDS: u32 = 25;
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

/// So many lines of one table below each other are what is left of one widget.
const RUN: usize = 3;

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
        } else if block.has(table, Cue::Label) && block.words <= LABELLED_WORDS {
            out.block(i, 0.88, evidence("opens as a prompt:", page, i));
        } else if block.has(table, Cue::ManyParts) {
            out.block(i, in_place(certainty.parts), evidence("nothing but", page, i));
        } else if block.has(table, Cue::FewParts) && page.is_beside_prompt(i) {
            let between = i > 0 && i + 1 < page.blocks.len() && page.is_prompt(i - 1) && page.is_prompt(i + 1);
            out.block(i, if between || page.is_edge(i) { 0.82 } else { 0.55 }, evidence("beside other prompts:", page, i));
        }
    }
    runs(page, out, table);
}

/// Lines of one table below each other, numbers among them: each alone could be the article's, together they are not.
fn runs(page: &Page, out: &mut Findings, table: Table) {
    let cues = |i: usize| page.blocks[i].has_any(table, &[Cue::Line, Cue::FewParts, Cue::ManyParts]);
    let is_number = |i: usize| page.blocks[i].shape.wordless && page.blocks[i].words <= 2;
    let mut at = 0;
    while at < page.blocks.len() {
        if !cues(at) {
            at += 1;
            continue;
        }
        let end = (at..page.blocks.len()).find(|&i| !cues(i) && !is_number(i)).unwrap_or(page.blocks.len());
        let end = (at..end).rev().find(|&i| cues(i)).map_or(end, |last| last + 1);
        let surely = (at..end).any(|i| page.blocks[i].has(table, Cue::Line));
        let edge = (at..end).all(|i| page.is_edge(i));
        if end - at >= RUN && (surely || edge) {
            let confidence = if surely && edge { 0.9 } else { 0.82 };
            (at..end).for_each(|i| out.block(i, confidence, "lines of one widget below each other"));
        }
        at = end;
    }
}

/// The first words of a block behind a reason.
pub(super) fn evidence(reason: &str, page: &Page, block: usize) -> String {
    let body = page.body(block);
    let end = body.char_indices().nth(40).map_or(body.len(), |(at, _)| at);
    let more = if end < body.len() { "…" } else { "" };
    format!("{reason} `{}{more}`", &body[..end])
}
