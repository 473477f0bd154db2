use super::navigation::{familiarity, vocabulary};
use crate::lexicon::{Cue, Table};
use crate::document::Block;
use crate::rule::{Findings, Page, Rule};
use rustc_hash::FxHashSet;
use std::cell::OnceCell;

pub(crate) const RULE: Rule = Rule {
    name: "link-list",
    summary: "Lists of foreign headlines: related, most read, recommended",
    page: include_str!("pages/link-list.md"),
    find,
};

/// Items of a list of foreign headlines have at least so many words on average; a list of an article's own terms has
/// fewer.
const HEADLINE_WORDS: f32 = 3.5;
/// Up to this share of an item's longer words may come again in the text; beyond, the list is the article's own.
const FOREIGN: f32 = 0.5;
/// Headlines below a head that no lexicon knows: so many make a list.
const UNKNOWN_HEAD_ITEMS: usize = 4;
const UNKNOWN_HEAD_WORDS: f32 = 5.0;

fn find(page: &Page, out: &mut Findings) {
    Lists { page, tail: page.blocks.len(), lists_below: 0, text: OnceCell::new() }.run(out);
}

/// Goes through the heads from the last to the first, so that a list knows whether only junk follows it.
struct Lists<'p> {
    page: &'p Page<'p>,
    /// From this block on there is only junk.
    tail: usize,
    lists_below: usize,
    text: OnceCell<FxHashSet<u64>>,
}

/// A head and its items.
struct List {
    head: usize,
    end: usize,
    items: Vec<usize>,
    /// The head is one that articles do not use.
    plain: bool,
    known: bool,
}

impl Lists<'_> {
    fn run(&mut self, out: &mut Findings) {
        for head in (0..self.page.blocks.len()).rev() {
            self.climb(out);
            let block = &self.page.blocks[head];
            if out.is_junk(head) {
                continue;
            }
            let plain = block.has(Table::LinkList, Cue::Head);
            let known = plain || block.has(Table::LinkList, Cue::MaybeHead);
            if known || self.is_unknown_head(head) {
                let list = self.list(out, head, plain, known);
                self.judge(out, &list);
            }
        }
    }

    /// Moves the tail up over what is junk by now.
    fn climb(&mut self, out: &Findings) {
        while self.tail > 0 && out.is_junk(self.tail - 1) {
            self.tail -= 1;
        }
    }

    /// A few words on their own line below the running text, with headlines under them.
    fn is_unknown_head(&self, head: usize) -> bool {
        let block = &self.page.blocks[head];
        self.page.has_prose() && self.page.is_tail(head) && block.words <= 4 && !block.is_item() && !block.shape.sentence_end && !block.shape.wordless && block.shape.commas == 0
    }

    fn list(&self, out: &Findings, head: usize, plain: bool, known: bool) -> List {
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
            if block.has_any(Table::LinkList, &[Cue::Head, Cue::MaybeHead]) || block.is_item() != bullets || !is_item(block, known) {
                break;
            }
            items.push(end);
            end += 1;
        }
        // Without bullets the line before running text may be that text's own heading.
        if !bullets && end < self.tail && !items.is_empty() && blocks[end].is_prose() {
            end = items.pop().expect("there is one");
        }
        List { head, end, items, plain, known }
    }

    fn judge(&mut self, out: &mut Findings, list: &List) {
        let last = list.end >= self.tail;
        let words = list.items.iter().map(|&i| self.page.blocks[i].words as f32).sum::<f32>() / list.items.len().max(1) as f32;
        let headlines = words >= HEADLINE_WORDS;
        let count = list.items.len();
        let confidence = match (list.plain, last) {
            (true, true) if count > 0 => if headlines { 0.97 } else { 0.85 },
            (true, true) => 0.85,
            (true, false) if count > 0 && headlines => 0.86,
            (true, false) => 0.7,
            (false, true) if list.known && count > 0 => {
                if headlines && (self.lists_below > 0 || self.is_foreign(out, list)) { 0.93 } else { 0.7 }
            }
            (false, true) if count >= UNKNOWN_HEAD_ITEMS && words >= UNKNOWN_HEAD_WORDS && self.is_foreign(out, list) => {
                if self.lists_below > 0 { 0.82 } else { 0.6 }
            }
            _ => return,
        };
        out.block(list.head, confidence, "the head of a list of other stories");
        for &i in &list.items {
            out.block(i, confidence, "a headline in a list of other stories");
        }
        if last {
            self.lists_below += 1;
        }
    }

    fn is_foreign(&self, out: &Findings, list: &List) -> bool {
        let text = self.text.get_or_init(|| vocabulary(self.page, out));
        let known: f32 = list.items.iter().map(|&i| familiarity(self.page.body(i), text)).sum();
        known / list.items.len().max(1) as f32 <= FOREIGN
    }
}

/// Could be a headline in a list. Some end as a sentence does, and under a known head that is no surprise.
fn is_item(block: &Block, known: bool) -> bool {
    let most = if block.is_item() { 40 } else { 32 };
    let statement = block.shape.full_stop && (!known || block.words > 18) && !block.is_item();
    !block.shape.wordless && block.words <= most && !block.is_prose() && !statement
}
