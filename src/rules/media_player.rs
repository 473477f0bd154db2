//! What is left of a video or audio player.
//!
//! Its buttons are words of everyday use, so single ones ask for company. Its read-out, two clocks with a slash
//! between, is no language's phrase and is found by shape.

use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "media-player",
    summary: "What is left of a video or audio player",
    level: Level::Gentle,
    page: include_str!("pages/media-player.md"),
    find: |page, out| {
        prompts::find(page, out, Table::MediaPlayer, Certainty { pair: 0.82, sentence: 0.9, ..Certainty::default() });
        clocks(page, out);
    },
};

/// Two clocks take at most so many bytes.
const CLOCKS: usize = 24;

/// `0:00 / 2:31`: the place in a recording and its length.
fn clocks(page: &Page, out: &mut Findings) {
    for i in (0..page.blocks.len()).filter(|&i| page.blocks[i].shape.wordless) {
        let body = page.body(i);
        let sides = if body.len() <= CLOCKS { body.split_once(['/', '|']) } else { None };
        if sides.is_some_and(|(place, length)| is_clock(place.trim()) && is_clock(length.trim())) {
            out.block(i, 0.93, "a player's clock");
        }
    }
}

fn is_clock(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_start_matches('-').split(':').collect();
    (2..=3).contains(&parts.len())
        && parts.iter().all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}
