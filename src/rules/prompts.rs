//! What rules for prompts and buttons share: a table of the lexicon, and how sure each kind of match makes.
//!
//! The more of a line a phrase explains, the surer: one that fills a long line is hardly ever an article's, one that
//! opens a line may be its sentence, and a word or two may be its heading. What is unsure alone becomes sure in company,
//! so other prompts beside a line count, its place outside the running text, and lines of one table below each other.

use crate::document::Marker;
use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Page};

/// Up to this many words a `start` or `within` phrase speaks for the whole line.
const PROMPT_WORDS: u32 = 90;
/// And a prompt with a colon behind it for a line of so many.
const LABELLED_WORDS: u32 = 25;
/// From so many words on a line with a full stop is a sentence.
const SENTENCE: u32 = 15;
/// A line of so few words could be the article's own heading or list item, and wants company.
const SHORT: u32 = 2;

/// How sure each kind of match makes. Estimates, in the order in which such lines turned out to be no article's on the
/// clean and the scraped articles the rules were measured on, and set against the levels' thresholds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Certainty {
    /// Phrases fill a line of three or more words, or one with a number.
    pub line: f32,
    /// Phrases fill a line of two words, and no other prompt is beside it.
    pub pair: f32,
    /// The same with one word.
    pub lone: f32,
    /// Three or more `part` phrases fill the line.
    pub parts: f32,
    /// A phrase opens the line or stands in it.
    pub prompt: f32,
    /// The same where the line is running text with no other prompt beside it.
    pub sentence: f32,
}

impl Default for Certainty {
    fn default() -> Self {
        Certainty { line: 0.97, pair: 0.82, lone: 0.75, parts: 0.85, prompt: 0.95, sentence: 0.75 }
    }
}

/// Beside another prompt a short line is hardly the article's.
const BESIDE: f32 = 0.88;
/// Steps of a recipe and points of a manual are numbered; chrome hardly ever is.
const NUMBERED: f32 = 0.3;
/// So many lines of one table below each other are what is left of one widget.
const RUN: usize = 3;

/// Proposes every block whose words the table knows as no part of an article.
pub(super) fn find(page: &Page, out: &mut Findings, table: Table, certainty: Certainty) {
    for &i in page.cued.iter().filter(|&&i| !page.blocks[i].cues.is_empty(table)) {
        let block = &page.blocks[i];
        if let Some((confidence, reason)) = judge(page, i, table, certainty) {
            let confidence = if block.marker == Marker::Number { confidence - NUMBERED } else { confidence };
            out.block(i, confidence, reason);
        }
    }
    runs(page, out, table);
}

fn judge(page: &Page, i: usize, table: Table, certainty: Certainty) -> Option<(f32, &'static str)> {
    let block = &page.blocks[i];
    let beside = page.is_beside_prompt(i);
    if block.has(table, Cue::Line) {
        // A list between paragraphs may name keys and buttons.
        let company = (beside || i + 1 == page.blocks.len()) && (page.is_edge(i) || !block.is_item());
        let confidence = match block.words {
            // Under the title and above the text stand buttons, and no list of the article's.
            1 if page.is_under_title(i) => BESIDE.max(certainty.lone),
            2 if block.is_item() && !block.shape.digit => certainty.lone,
            2 if block.shape.digit => certainty.line,
            1..=SHORT if company => BESIDE.max(certainty.lone),
            1 => certainty.lone,
            2 => certainty.pair,
            _ => certainty.line,
        };
        return Some((confidence, "known phrases and nothing else"));
    }
    if block.has_any(table, &[Cue::Start, Cue::Within]) && block.words <= PROMPT_WORDS {
        let sentence = (block.is_prose() || (block.shape.full_stop && block.words >= SENTENCE)) && !beside;
        return Some((
            if sentence { certainty.sentence } else { certainty.prompt },
            "opens as a known prompt, or holds one",
        ));
    }
    if block.has(table, Cue::Label) && block.words <= LABELLED_WORDS {
        return Some((if block.shape.full_stop { 0.7 } else { 0.88 }, "a known prompt with a colon"));
    }
    if block.has(table, Cue::ManyParts) {
        let company = page.is_edge(i) || beside;
        return Some((
            if company { certainty.parts } else { certainty.parts - 0.1 },
            "words of a widget and nothing else",
        ));
    }
    if block.has(table, Cue::FewParts) && beside {
        let between = i > 0 && i + 1 < page.blocks.len() && page.is_prompt(i - 1) && page.is_prompt(i + 1);
        return Some((if between || page.is_edge(i) { 0.82 } else { 0.55 }, "words of a widget beside other prompts"));
    }
    None
}

/// Lines of one table below each other, numbers among them: each alone could be the article's, together they are not.
fn runs(page: &Page, out: &mut Findings, table: Table) {
    let cues = |i: usize| page.blocks[i].has_any(table, &[Cue::Line, Cue::FewParts, Cue::ManyParts]);
    let is_number = |i: usize| page.blocks[i].shape.wordless && page.blocks[i].words <= 2;
    let mut done = 0;
    for &at in &page.cued {
        if at < done || !cues(at) {
            continue;
        }
        let end = (at..page.blocks.len()).find(|&i| !cues(i) && !is_number(i)).unwrap_or(page.blocks.len());
        let end = (at..end).rev().find(|&i| cues(i)).map_or(end, |last| last + 1);
        let surely = (at..end).any(|i| page.blocks[i].has(table, Cue::Line));
        let edge = (at..end).all(|i| page.is_edge(i));
        // A list of networks, systems or keys may be the article's.
        let list = (at..end).all(|i| page.blocks[i].is_item());
        let numbered = (at..end).any(|i| page.blocks[i].marker == Marker::Number);
        if end - at >= RUN && (surely || edge) && !numbered {
            let confidence = match (surely, edge) {
                (true, true) => 0.9,
                _ if list => 0.6,
                _ => 0.82,
            };
            (at..end).for_each(|i| out.block(i, confidence, "lines of one widget below each other"));
        }
        done = end;
    }
}
