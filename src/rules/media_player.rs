use super::prompts::{self, Certainty};
use crate::lexicon::Table;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule {
    name: "media-player",
    summary: "What is left of a video or audio player",
    page: include_str!("pages/media-player.md"),
    find: |page, out| prompts::find(page, out, Table::MediaPlayer, Certainty::default()),
};
