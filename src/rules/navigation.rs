//! What leads around a site and not through the article.
//!
//! Menu words are ordinary words, and only their company makes them a menu: a row, a column, a breadcrumb. Place
//! decides as well, for a page keeps its menus above and below the running text. A strip of headlines above the title
//! is told from the title by the text, which speaks of what its title says and hardly of what others do.

use crate::lexicon::{Cue, Table, cues_of};
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "navigation",
    summary: "Menus, breadcrumbs, skip links, previous and next, section strips above the title",
    level: Level::Gentle,
    page: include_str!("pages/navigation.md"),
    find,
};

/// Menu words in a column: from so many on they are a menu.
const COLUMN: usize = 3;
/// A column of so many lines, of so few words each, is a menu where one in so many is known.
const LONG_COLUMN: usize = 4;
const COLUMN_WORDS: u32 = 10;
const KNOWN_SHARE: usize = 12;
/// A strip above the title is looked for among so many first blocks.
const HEAD_BLOCKS: usize = 12;
/// By so much more of its words a title comes again in the text than a foreign headline does.
const CLEARLY: f32 = 0.2;
/// And of a foreign headline at most this share.
const FOREIGN: f32 = 0.35;
const STRIP_WORDS: u32 = 12;

fn find(page: &Page, out: &mut Findings) {
    lines(page, out);
    columns(page, out);
    long_columns(page, out);
    breadcrumbs(page, out);
    strips(page, out);
    neighbours(page, out);
}

fn lines(page: &Page, out: &mut Findings) {
    let only_headline = only_headline(page);
    for (i, block) in page.blocks.iter().enumerate() {
        let edge = page.is_edge(i);
        if block.has(Table::Navigation, Cue::Line) && only_headline != Some(i) {
            let confidence = match block.words {
                3.. => 0.95,
                _ if page.is_top(i) && page.has_prose() => 0.93,
                _ if page.is_beside_prompt(i) || i + 1 == page.blocks.len() => 0.88,
                _ => 0.6,
            };
            out.block(i, confidence, "menu line");
        } else if i == 0 && opens_menu(page) && only_headline != Some(i) {
            out.block(i, 0.82, "menu words in the first line");
        } else if block.has(Table::Navigation, Cue::Start) && block.words <= 16 {
            out.block(i, 0.95, "menu line");
        } else if block.has(Table::Navigation, Cue::Label) && leads_on(page, i) {
            out.block(i, if page.is_tail(i) { 0.95 } else { 0.6 }, "leads to another page");
        } else if block.has(Table::Navigation, Cue::ManyParts) {
            out.block(i, if edge { 0.92 } else { 0.6 }, "menu words");
        }
    }
}

/// The first line, above running text, is a row of two menu words: `Search  Sign in`.
fn opens_menu(page: &Page) -> bool {
    page.has_prose() && page.blocks[0].words > 1 && page.blocks[0].has(Table::Navigation, Cue::FewParts)
}

/// The one block above the text that could be its title, if there is but one.
fn only_headline(page: &Page) -> Option<usize> {
    let mut top = (0..page.blocks.len()).filter(|&i| page.is_top(i) && page.blocks[i].is_headline());
    let first = top.next().filter(|_| page.has_prose())?;
    top.next().is_none().then_some(first)
}

/// Behind the label stands a headline, not a figure.
fn leads_on(page: &Page, block: usize) -> bool {
    let facts = &page.blocks[block];
    let rest = page.body(block)[facts.label as usize..].trim_start();
    (4..=30).contains(&facts.words) && !facts.shape.inner_sentence && rest.starts_with(|c: char| !c.is_ascii_digit())
}

/// `Word:Headline` at the end of a page with a spam masthead, in whatever words: the site's previous and next page.
fn neighbours(page: &Page, out: &mut Findings) {
    if page.masthead().is_none() {
        return;
    }
    for i in (0..page.blocks.len()).filter(|&i| page.is_tail(i) && !page.blocks[i].is_item()) {
        let Some((label, rest)) = page.body(i).split_once([':', '：']) else { continue };
        let tight = label.split_whitespace().count() <= 2 && rest.starts_with(char::is_alphanumeric);
        if tight && label.chars().all(|c| c.is_alphabetic() || c == ' ') && page.blocks[i].words >= 4 {
            out.block(i, 0.88, "leads to another page of a spam site");
        }
    }
}

/// Menu words below each other, with a word of the site's own among them here and there.
fn columns(page: &Page, out: &mut Findings) {
    let is_menu = |i: usize| page.blocks[i].has_any(Table::Navigation, &[Cue::Line, Cue::FewParts, Cue::ManyParts]);
    let mut at = 0;
    while at < page.blocks.len() {
        if !is_menu(at) {
            at += 1;
            continue;
        }
        let (mut end, mut known) = (at, 0);
        while end < page.blocks.len()
            && (is_menu(end) || is_bridge(page, end) && end + 1 < page.blocks.len() && is_menu(end + 1))
        {
            known += usize::from(is_menu(end));
            end += 1;
        }
        let last = end == page.blocks.len() || out.is_junk(end);
        let enough = if page.is_tail(at) && last { COLUMN - 1 } else { COLUMN };
        if known >= enough {
            for i in at..end {
                out.block(i, if page.is_edge(i) { 0.88 } else { 0.6 }, "menu words below each other");
            }
        }
        at = end;
    }
}

/// A long column of short lines above or below the text, a few of them known: the menu of a page that was taken whole.
fn long_columns(page: &Page, out: &mut Findings) {
    let is_short = |i: &usize| {
        let block = &page.blocks[*i];
        block.words <= COLUMN_WORDS && !block.shape.sentence_end && page.is_edge(*i)
    };
    let is_known = |i: &usize| out.is_junk(*i) || page.blocks[*i].has(Table::Navigation, Cue::FewParts);
    let mut found = Vec::new();
    let mut at = 0;
    while at < page.blocks.len() {
        let end = (at..page.blocks.len()).find(|i| !is_short(i)).unwrap_or(page.blocks.len());
        let known = (at..end).filter(is_known).count();
        if end - at >= LONG_COLUMN && known * KNOWN_SHARE >= end - at {
            // The last line above the text may be its title.
            let last = end - usize::from(page.is_top(at) && end < page.blocks.len() && !is_known(&(end - 1)));
            found.push(at..last);
        }
        at = end + 1;
    }
    found.into_iter().flatten().for_each(|i| out.block(i, 0.6, "a long column of short lines, menu words among them"));
}

/// A few words between menu words.
fn is_bridge(page: &Page, block: usize) -> bool {
    let block = &page.blocks[block];
    block.words <= 3 && !block.shape.sentence_end && !block.shape.colon_end && !block.shape.wordless
}

/// `Home > World > Europe` above the text.
fn breadcrumbs(page: &Page, out: &mut Findings) {
    for i in (0..page.blocks.len()).take_while(|&i| page.is_top(i)) {
        let body = page.body(i);
        let block = &page.blocks[i];
        if block.words > 24
            || block.shape.sentence_end
            || !body.contains(['>', '»', '›', '→', '＞', '/', '|', '•', '·'])
        {
            continue;
        }
        let steps: Vec<&str> = body.split(['>', '»', '›', '→', '＞', '/', '|', '•', '·']).map(str::trim).collect();
        let arrows = body.contains(['>', '»', '›', '→', '＞']);
        let short = steps.iter().take(steps.len() - 1).all(|step| step.split_whitespace().count() <= 4);
        let home = is_menu_word(steps[0]);
        if steps.len() >= 2 && short && home && (arrows || steps.len() >= 3 || (i == 0 && block.words <= 5)) {
            out.block(i, 0.9, "breadcrumb");
        } else if steps.len() >= 3 && short && arrows {
            out.block(i, 0.82, "breadcrumb");
        }
    }
}

fn is_menu_word(text: &str) -> bool {
    cues_of(text, 8).any(Table::Navigation, &[Cue::Line, Cue::FewParts, Cue::ManyParts, Cue::Start])
}

/// Headlines of other stories above the title and above a menu line: hardly a word of theirs comes again in the text.
fn strips(page: &Page, out: &mut Findings) {
    let head = (0..page.blocks.len().min(HEAD_BLOCKS)).filter(|&i| page.is_top(i));
    let (menus, others): (Vec<usize>, Vec<usize>) = head.partition(|&i| is_menu(page, i));
    // One of the headlines above the text is the title, and a strip stands above it.
    let of_masthead = |i: usize| page.masthead().is_some_and(|masthead| masthead.holds(i));
    let is_open = |i: &usize| page.blocks[*i].is_headline() && !out.is_junk(*i) && !of_masthead(*i);
    let headlines: Vec<usize> = others.into_iter().filter(is_open).collect();
    let (Some((_, above)), false) = (headlines.split_last(), menus.is_empty()) else { return };
    let beside_menu = |i: usize| menus.iter().any(|&j| j > i || j + 1 == i);
    let strips: Vec<usize> =
        above.iter().copied().filter(|&i| page.blocks[i].words <= STRIP_WORDS && beside_menu(i)).collect();
    if strips.is_empty() {
        return;
    }
    for i in strips {
        let known = page.familiarity(i);
        let title = headlines.iter().filter(|&&j| j > i).map(|&j| page.familiarity(j)).fold(0.0, f32::max);
        let above_menu = menus.iter().any(|&j| j > i) && known < FOREIGN && title > known + CLEARLY;
        let below_menu = menus.contains(&(i.wrapping_sub(1))) && known == 0.0 && title > 3.0 * CLEARLY;
        if above_menu || below_menu {
            out.block(i, 0.85, "foreign headline beside a menu");
        }
    }
}

fn is_menu(page: &Page, block: usize) -> bool {
    page.blocks[block].has_any(Table::Navigation, &[Cue::Line, Cue::ManyParts, Cue::Start])
}
