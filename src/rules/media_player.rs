use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::{Findings, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "media-player",
    summary: "What is left of a video or audio player",
    page: include_str!("pages/media-player.md"),
    find: |page, out| {
        prompts::find(page, out, Table::MediaPlayer, Certainty::default());
        clocks(page, out);
    },
};

/// `0:00 / 2:31`: the place in a recording and its length.
fn clocks(page: &Page, out: &mut Findings) {
    for i in 0..page.blocks.len() {
        let sides: Vec<&str> = page.body(i).split(['/', '|', '-']).map(str::trim).collect();
        if sides.len() == 2 && sides.iter().all(|side| is_clock(side)) && page.body(i).contains(['/', '|']) {
            out.block(i, 0.93, "a player's clock");
        }
    }
}

fn is_clock(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_start_matches('-').split(':').collect();
    (2..=3).contains(&parts.len()) && parts.iter().all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}
