use super::navigation::{familiarity, vocabulary};
use crate::lexicon::{Cue, Table};
use crate::document::{Block, Marker};
use crate::rule::{Findings, Level, Page, Rule};
use rustc_hash::FxHashSet;
use std::cell::OnceCell;

pub(crate) const RULE: Rule = Rule {
    name: "link-list",
    summary: "Lists of foreign headlines: related, most read, recommended",
    level: Level::Gentle,
    page: include_str!("pages/link-list.md"),
    find,
};

/// Items of a list of foreign headlines have at least so many words on average; a list of an article's own terms has
/// fewer.
const HEADLINE_WORDS: f32 = 3.5;
/// Up to this share of an item's longer words may come again in the text; beyond, the list is the article's own.
const FOREIGN: f32 = 0.5;
/// Under a head that no lexicon knows, only this share.
const CLEARLY_FOREIGN: f32 = 0.35;
/// From this share of capitals on, words are written as headlines are in languages that capitalise them.
const TITLE_CASE: f32 = 0.75;
/// So many headlines below a head that no lexicon knows make a list.
const UNKNOWN_HEAD_ITEMS: usize = 3;

fn find(page: &Page, out: &mut Findings) {
    Lists { page, tail: page.blocks.len(), chain: Vec::new(), text: OnceCell::new() }.run(out);
}

/// Goes through the heads from the last to the first, so that a list knows whether only junk follows it.
struct Lists<'p> {
    page: &'p Page<'p>,
    /// From this block on there are only junk and lists of the chain.
    tail: usize,
    /// Lists with a known head that run, one after the other, to the end: together they are surer than alone.
    chain: Vec<List>,
    text: OnceCell<FxHashSet<u64>>,
}

/// A head and its items.
struct List {
    head: usize,
    end: usize,
    items: Vec<usize>,
    kind: Head,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// One that articles do not use.
    Plain,
    /// One that could be an article's own.
    Maybe,
    /// A few words that no lexicon knows, on a page with a spam masthead, whose lists are all alike.
    Unknown,
}

impl Lists<'_> {
    fn run(&mut self, out: &mut Findings) {
        for head in (0..self.page.blocks.len()).rev() {
            while self.tail > 0 && out.is_junk(self.tail - 1) {
                self.tail -= 1;
            }
            if out.is_junk(head) {
                continue;
            }
            let Some(kind) = self.kind(head) else { continue };
            let list = self.list(out, head, kind);
            match kind {
                // Where the lexicon knows a page's lists there is nothing to guess.
                Head::Unknown if self.chain.is_empty() => self.judge_unknown(out, &list),
                Head::Unknown => {}
                _ if list.end >= self.tail => {
                    self.tail = head;
                    self.chain.push(list);
                }
                _ => self.judge_inner(out, &list),
            }
        }
        self.judge_chain(out);
    }

    fn kind(&self, head: usize) -> Option<Head> {
        let block = &self.page.blocks[head];
        let few = block.words <= 4 && !block.is_item() && block.shape.commas == 0;
        if block.has(Table::LinkList, Cue::Head) {
            Some(Head::Plain)
        } else if block.has(Table::LinkList, Cue::MaybeHead) {
            Some(Head::Maybe)
        } else if few && self.page.masthead().is_some() && self.page.is_tail(head) && !block.shape.sentence_end && !block.shape.wordless {
            Some(Head::Unknown)
        } else {
            None
        }
    }

    fn list(&self, out: &Findings, head: usize, kind: Head) -> List {
        let blocks = self.page.blocks;
        let mut items = Vec::new();
        let mut end = head + 1;
        let bullets = blocks.get(end).is_some_and(|block| block.is_item());
        while end < self.tail {
            let block = &blocks[end];
            if out.is_junk(end) {
                end += 1;
                continue;
            }
            if block.has_any(Table::LinkList, &[Cue::Head, Cue::MaybeHead]) || block.is_item() != bullets || !is_item(block, kind) {
                break;
            }
            items.push(end);
            end += 1;
        }
        // Without bullets the line before running text may be that text's own heading.
        if !bullets && end < self.tail && !items.is_empty() && blocks[end].is_prose() {
            end = items.pop().expect("there is one");
        }
        List { head, end, items, kind }
    }

    fn judge_chain(&self, out: &mut Findings) {
        let long = self.chain.iter().filter(|list| self.mean_words(list) >= HEADLINE_WORDS).count();
        for list in &self.chain {
            let headlines = self.mean_words(list) >= HEADLINE_WORDS;
            let confidence = match list.kind {
                Head::Plain if headlines => 0.97,
                Head::Plain => 0.85,
                _ if list.items.is_empty() => continue,
                _ if headlines && (long > 1 || self.follows_junk(out, list) || self.is_title_case(list) || self.familiarity(out, list) <= FOREIGN) => 0.93,
                _ => 0.45,
            };
            propose(out, list, confidence);
        }
    }

    /// A list between paragraphs.
    fn judge_inner(&self, out: &mut Findings, list: &List) {
        let headlines = !list.items.is_empty() && self.mean_words(list) >= HEADLINE_WORDS;
        if list.kind == Head::Plain {
            propose(out, list, if headlines { 0.86 } else { 0.45 });
        }
    }

    fn judge_unknown(&mut self, out: &mut Findings, list: &List) {
        let long = list.items.len() >= UNKNOWN_HEAD_ITEMS && self.mean_words(list) >= HEADLINE_WORDS;
        let numbered = list.items.iter().any(|&i| self.page.blocks[i].marker == Marker::Number);
        if long && !numbered && list.end >= self.tail && self.familiarity(out, list) <= CLEARLY_FOREIGN {
            propose(out, list, 0.9);
        }
    }

    /// Below other junk the article is over.
    fn follows_junk(&self, out: &Findings, list: &List) -> bool {
        list.head.checked_sub(1).is_some_and(|above| out.is_junk(above))
    }

    fn mean_words(&self, list: &List) -> f32 {
        let words: u32 = list.items.iter().map(|&i| self.page.blocks[i].words).sum();
        words as f32 / list.items.len().max(1) as f32
    }

    fn is_title_case(&self, list: &List) -> bool {
        let shapes = || list.items.iter().map(|&i| self.page.blocks[i].shape);
        let capitals: u32 = shapes().map(|shape| u32::from(shape.capitals)).sum();
        let small: u32 = shapes().map(|shape| u32::from(shape.small)).sum();
        capitals as f32 >= TITLE_CASE * (capitals + small) as f32 && capitals > 0
    }

    /// The mean share of an item's longer words that the text holds too.
    fn familiarity(&self, out: &Findings, list: &List) -> f32 {
        let text = self.text.get_or_init(|| vocabulary(self.page, out));
        let known: f32 = list.items.iter().map(|&i| familiarity(self.page.body(i), text)).sum();
        known / list.items.len().max(1) as f32
    }
}

fn propose(out: &mut Findings, list: &List, confidence: f32) {
    out.block(list.head, confidence, "the head of a list of other stories");
    for &i in &list.items {
        out.block(i, confidence, "a headline in a list of other stories");
    }
}

/// Could be a headline in a list. Some end as a sentence does, and under a known head that is no surprise.
fn is_item(block: &Block, head: Head) -> bool {
    let most = if block.is_item() { 40 } else { 32 };
    let statement = block.shape.full_stop && (head == Head::Unknown || block.words > 18) && !block.is_item();
    !block.shape.wordless && block.words <= most && !block.is_prose() && !statement
}
