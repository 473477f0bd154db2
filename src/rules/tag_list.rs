//! Tags, topics and keywords of the article.
//!
//! A tag has no shape but shortness, so the head or label carries the evidence, and the list below only has to be no
//! sentences. Between paragraphs such a list may be the article's own and goes where a colon says that it is one of
//! tags.

use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "tag-list",
    summary: "Tags, topics and keywords under the article",
    level: Level::Standard,
    page: include_str!("pages/tag-list.md"),
    find,
};

/// A tag has at most so many words, and a list at most so many tags.
const TAG_WORDS: u32 = 5;
const TAGS: usize = 40;

fn find(page: &Page, out: &mut Findings) {
    for head in 0..page.blocks.len() {
        let block = &page.blocks[head];
        if out.is_junk(head) {
            continue;
        }
        let head_word = block.has(Table::TagList, Cue::MaybeHead)
            && block.shape.colon_end
            && (block.is_item() || page.is_edge(head));
        if head_word || block.has(Table::TagList, Cue::Head) {
            headed(page, out, head);
        } else if page.is_edge(head) && is_hashtags(page.body(head)) {
            out.block(head, 0.88, "a row of hashtags");
        } else if block.has(Table::TagList, Cue::Label) && row(page, head) > 0 {
            out.block(head, if page.is_edge(head) { 0.93 } else { 0.45 }, "tags behind their label");
        } else if block.has(Table::TagList, Cue::Start) && row(page, head) > 1 && page.is_tail(head) {
            out.block(head, 0.85, "tags behind their head");
        }
    }
}

/// A head on its own line, the tags below: one line with commas, or a line each.
fn headed(page: &Page, out: &mut Findings, head: usize) {
    let labelled = page.blocks[head].shape.colon_end;
    let tags = tags_below(page, out, head);
    if tags == 0 {
        return;
    }
    let confidence = match (page.is_edge(head), labelled) {
        (true, _) => 0.93,
        (false, true) => 0.82,
        (false, false) => 0.45,
    };
    for i in head..=head + tags {
        out.block(i, confidence, if i == head { "the head of a tag list" } else { "a tag below its head" });
    }
}

fn tags_below(page: &Page, out: &Findings, head: usize) -> usize {
    let below = head + 1;
    if below >= page.blocks.len() {
        return 0;
    }
    if row(page, below) > 1 {
        return 1;
    }
    let bullets = page.blocks[below].is_item();
    let is_tag = |i: usize| {
        let block = &page.blocks[i];
        let statement = block.shape.sentence_end && block.words > 2;
        let plain = block.words <= TAG_WORDS && !statement && !block.shape.colon_end && block.shape.commas == 0;
        // `Trends` is a tag among tags, and a head above headlines.
        let above_headline = page.blocks.get(i + 1).is_some_and(|next| next.is_item() || next.words > TAG_WORDS);
        let maybe_head = block.has(Table::LinkList, Cue::MaybeHead) && !bullets && above_headline;
        let head = maybe_head || block.has(Table::LinkList, Cue::Head) || block.has(Table::TagList, Cue::Head);
        plain
            && block.is_item() == bullets
            && !out.is_junk(i)
            && !head
            && !block.has_any(Table::AuthorBio, &[Cue::Line, Cue::Label])
    };
    (below..page.blocks.len().min(below + TAGS)).take_while(|&i| is_tag(i)).count()
}

/// `#one #two #three`
fn is_hashtags(line: &str) -> bool {
    let tag = |word: &str| {
        word.strip_prefix(['#', '＃'])
            .is_some_and(|tag| tag.starts_with(|c: char| c.is_alphabetic()) && !tag.contains(['#', '＃']))
    };
    line.starts_with(['#', '＃'])
        && line.len() <= 400
        && line.split_whitespace().count() >= 2
        && line.split_whitespace().all(tag)
}

/// How many tags stand in a line with commas or other signs between, 0 where it is no such line.
fn row(page: &Page, block: usize) -> usize {
    let shape = &page.blocks[block].shape;
    let from = page.blocks[block].label as usize;
    let body = &page.body(block)[from..];
    if body.len() > 600 || shape.full_stop || shape.inner_sentence {
        return 0;
    }
    let tags: Vec<&str> = body
        .split([',', '、', '，', '،', '|', '#', '•', '·', ';', '/'])
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .collect();
    let short =
        tags.iter().all(|tag| tag.split_whitespace().count() <= TAG_WORDS as usize && tag.chars().count() <= 48);
    if short { tags.len() } else { 0 }
}
