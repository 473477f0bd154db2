use super::prompts::evidence;
use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Page, Rule};
use crate::words;
use rustc_hash::FxHashSet;

pub(crate) const RULE: Rule = Rule {
    name: "navigation",
    summary: "Menus, breadcrumbs, skip links, previous and next, section strips above the title",
    page: include_str!("pages/navigation.md"),
    find,
};

/// Menu words in a column: from so many on they are a menu.
const COLUMN: usize = 3;
/// A strip above the title is looked for among so many first blocks.
const HEAD_BLOCKS: usize = 12;
/// By so much more of its words a title comes again in the text than a foreign headline does.
const CLEARLY: f32 = 0.3;

fn find(page: &Page, out: &mut Findings) {
    lines(page, out);
    columns(page, out);
    breadcrumbs(page, out);
    strips(page, out);
}

fn lines(page: &Page, out: &mut Findings) {
    for (i, block) in page.blocks.iter().enumerate() {
        let edge = page.is_edge(i);
        if block.has(Table::Navigation, Cue::Line) {
            let confidence = if edge || block.words > 2 { 0.95 } else if page.is_beside_prompt(i) { 0.85 } else { 0.6 };
            out.block(i, confidence, evidence("menu line", page, i));
        } else if block.has(Table::Navigation, Cue::Start) && block.words <= 16 {
            out.block(i, 0.95, evidence("menu line", page, i));
        } else if block.has(Table::Navigation, Cue::Label) && block.is_headline() {
            out.block(i, if page.is_tail(i) { 0.95 } else { 0.6 }, evidence("leads to another page:", page, i));
        } else if block.has(Table::Navigation, Cue::ManyParts) {
            out.block(i, if edge { 0.92 } else { 0.6 }, evidence("menu words", page, i));
        }
    }
}

/// Menu words below each other.
fn columns(page: &Page, out: &mut Findings) {
    let is_menu = |i: usize| page.blocks[i].has_any(Table::Navigation, &[Cue::Line, Cue::FewParts, Cue::ManyParts]);
    let mut i = 0;
    while i < page.blocks.len() {
        let end = (i..page.blocks.len()).find(|&j| !is_menu(j)).unwrap_or(page.blocks.len());
        if end - i >= COLUMN {
            for j in i..end {
                out.block(j, if page.is_edge(j) { 0.88 } else { 0.6 }, "menu words below each other");
            }
        }
        i = end.max(i) + 1;
    }
}

/// `Home > World > Europe` above the text.
fn breadcrumbs(page: &Page, out: &mut Findings) {
    for i in (0..page.blocks.len()).take_while(|&i| page.is_top(i)) {
        let body = page.body(i);
        let block = &page.blocks[i];
        if block.words > 24 || block.shape.sentence_end {
            continue;
        }
        let steps: Vec<&str> = body.split(['>', '»', '›', '→', '＞', '/', '|', '•', '·']).map(str::trim).collect();
        let arrows = body.contains(['>', '»', '›', '→', '＞']);
        let short = steps.iter().take(steps.len() - 1).all(|step| step.split_whitespace().count() <= 4);
        let home = is_menu_word(steps[0]);
        if steps.len() >= 2 && short && home && (arrows || steps.len() >= 3) {
            out.block(i, 0.9, evidence("breadcrumb", page, i));
        } else if steps.len() >= 3 && short && arrows {
            out.block(i, 0.82, evidence("breadcrumb", page, i));
        }
    }
}

fn is_menu_word(text: &str) -> bool {
    let mut cut = Vec::new();
    let whole = words::cut(text, 8, &mut cut);
    let cues = crate::lexicon::LEXICON.look_up(text, &cut, whole).cues;
    cues.any(Table::Navigation, &[Cue::Line, Cue::FewParts, Cue::ManyParts, Cue::Start])
}

/// A headline of another story among menu lines above the title: hardly a word of it comes again in the text.
fn strips(page: &Page, out: &mut Findings) {
    let head = page.blocks.len().min(HEAD_BLOCKS);
    let Some(last) = (0..head).rev().find(|&i| page.is_top(i) && page.blocks[i].has_any(Table::Navigation, &[Cue::Line, Cue::ManyParts, Cue::Start]))
    else {
        return;
    };
    let open: Vec<usize> = (0..head).filter(|&i| page.is_top(i) && !out.is_junk(i)).collect();
    // What is left above the text has to hold the title; the strip is what is beside the menu.
    let candidates: Vec<usize> = open.iter().copied().filter(|&i| i <= last + 1 && page.blocks[i].is_headline()).collect();
    if candidates.is_empty() || open.len() < 2 {
        return;
    }
    let text = vocabulary(page, out);
    for &i in &candidates {
        let known = familiarity(page.body(i), &text);
        let rival = open.iter().any(|&j| j != i && page.blocks[j].words >= 2 && familiarity(page.body(j), &text) > known + CLEARLY);
        if rival && page.blocks[i].words <= 12 && known < CLEARLY {
            out.block(i, 0.85, evidence("foreign headline beside a menu:", page, i));
        }
    }
}

/// The longer words of the running text.
pub(super) fn vocabulary(page: &Page, out: &Findings) -> FxHashSet<u64> {
    let mut cut = Vec::new();
    let blocks = page.blocks.iter().enumerate();
    for (i, _) in blocks.filter(|(i, block)| block.is_prose() && !out.is_junk(*i)) {
        words::cut(page.body(i), usize::MAX >> 1, &mut cut);
    }
    cut.iter().map(|word| word.hash).collect()
}

/// The share of a line's longer words that the running text holds too.
pub(super) fn familiarity(line: &str, text: &FxHashSet<u64>) -> f32 {
    let mut cut = Vec::new();
    words::cut(line, 64, &mut cut);
    let long: Vec<_> = cut.iter().filter(|w| w.end - w.start >= 5 || w.spaceless).collect();
    let known = long.iter().filter(|word| text.contains(&word.hash)).count();
    known as f32 / long.len().max(1) as f32
}
