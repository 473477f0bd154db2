//! Lists of other stories' headlines, under a head.
//!
//! Heads are sorted by how well articles can do without them. Under a sure head the shape of the items is enough; under
//! one that articles use as well, something else has to show that the list is foreign to the text, such as words that
//! hardly come again in it. Heads are visited from the last to the first, because a list is surest where only junk and
//! other lists follow it, and a chain of lists is surer than each alone.

use crate::document::{Block, Marker};
use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Level, Page, Rule};

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
/// A list reaches over at most so many blocks, so that heads without end do not each read all the rest.
const LIST_BLOCKS: usize = 500;
/// A see-also line between paragraphs has at most so many headlines under it.
const SEE_ALSO_ITEMS: usize = 3;

fn find(page: &Page, out: &mut Findings) {
    Lists { page, tail: page.blocks.len(), chain: Vec::new() }.run(out);
}

/// Goes through the heads from the last to the first, so that a list knows whether only junk follows it.
struct Lists<'p> {
    page: &'p Page<'p>,
    /// From this block on there are only junk and lists of the chain.
    tail: usize,
    /// Lists with a known head that run, one after the other, to the end: together they are surer than alone.
    chain: Vec<List>,
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
            // A see-also line alone is another rule's find; what stands below it is this one's.
            if out.is_junk(head) && !self.page.blocks[head].has(Table::InlineLink, Cue::Line) {
                continue;
            }
            let Some(kind) = self.kind(head) else { continue };
            let list = self.list(out, head, kind);
            match kind {
                Head::Unknown => self.judge_unknown(out, &list),
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
        } else if few
            && self.page.masthead().is_some()
            && self.page.is_tail(head)
            && !block.shape.sentence_end
            && !block.shape.wordless
        {
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
        while end < self.tail.min(head + LIST_BLOCKS) {
            let block = &blocks[end];
            if out.is_junk(end) {
                end += 1;
                continue;
            }
            if block.has_any(Table::LinkList, &[Cue::Head, Cue::MaybeHead])
                || block.is_item() != bullets
                || !is_item(block, kind)
            {
                break;
            }
            items.push(end);
            end += 1;
        }
        // Without bullets the line before running text may be that text's own heading.
        if !bullets && end < self.tail && blocks[end].is_prose() && !self.stands_apart(&items, end) {
            end = items.pop().unwrap_or(end);
        }
        List { head, end, items, kind }
    }

    /// True where the items are numbered, or closer to each other than the last is to what follows.
    fn stands_apart(&self, items: &[usize], end: usize) -> bool {
        let (Some(&first), Some(&last)) = (items.first(), items.last()) else { return false };
        let gaps = items.windows(2).map(|pair| self.page.gap(pair[0], pair[1]));
        let numbered = items.iter().all(|&i| self.page.body(i).starts_with(|c: char| c.is_ascii_digit()));
        let close = gaps.chain([self.page.gap(first - 1, first)]).max().unwrap_or(0);
        (numbered && items.len() > 1) || self.page.gap(last, end) > close
    }

    fn judge_chain(&self, out: &mut Findings) {
        let long = self.chain.iter().filter(|list| self.mean_words(list) >= HEADLINE_WORDS).count();
        for list in &self.chain {
            let headlines = self.mean_words(list) >= HEADLINE_WORDS;
            let confidence = match list.kind {
                Head::Plain if headlines || list.items.is_empty() => 0.97,
                Head::Plain if self.mean_words(list) >= 2.0 => 0.85,
                Head::Maybe if headlines && !self.is_own(list) && (long > 1 || self.is_of_page(out, list)) => 0.93,
                _ => 0.45,
            };
            propose(out, list, confidence);
        }
    }

    /// A list between paragraphs.
    fn judge_inner(&self, out: &mut Findings, list: &List) {
        let headlines = !list.items.is_empty() && self.mean_words(list) >= HEADLINE_WORDS;
        let see_also =
            self.page.blocks[list.head].has(Table::InlineLink, Cue::Line) && list.items.len() <= SEE_ALSO_ITEMS;
        let tight = list.head > 0 && !list.items.is_empty() && list.end < self.page.blocks.len() && self.is_tight(list);
        if list.kind == Head::Plain {
            propose(out, list, if headlines { 0.86 } else { 0.45 });
        } else if see_also && headlines && tight {
            propose(out, list, 0.84);
        }
    }

    /// The head and its items are closer to each other than to the paragraphs around them.
    fn is_tight(&self, list: &List) -> bool {
        let inner = (list.head..*list.items.last().unwrap_or(&list.head)).map(|i| self.page.gap(i, i + 1)).max();
        let outer = self.page.gap(list.head - 1, list.head).min(self.page.gap(list.end - 1, list.end));
        inner.is_some_and(|inner| inner < outer)
    }

    fn judge_unknown(&mut self, out: &mut Findings, list: &List) {
        let long = list.items.len() >= UNKNOWN_HEAD_ITEMS && self.mean_words(list) >= HEADLINE_WORDS;
        // Where the lexicon knows the lists below, there is less to guess.
        let marked = |marker: Marker| list.items.iter().all(|&i| self.page.blocks[i].marker == marker);
        let alike = marked(Marker::Bullet) || (self.chain.is_empty() && marked(Marker::None));
        if long && alike && list.end >= self.tail && self.familiarity(list) <= CLEARLY_FOREIGN {
            propose(out, list, 0.9);
        }
    }

    /// A list of the page rather than the article: below other junk, written as headlines are, or, on a spam page, foreign.
    fn is_of_page(&self, out: &Findings, list: &List) -> bool {
        let foreign = || self.familiarity(list) <= FOREIGN;
        let see_also = self.page.blocks[list.head].has(Table::InlineLink, Cue::Line);
        see_also
            || self.follows_junk(out, list)
            || ((self.is_title_case(list) || self.page.masthead().is_some()) && foreign())
    }

    /// Numbered results, or items with a label each: no headlines.
    fn is_own(&self, list: &List) -> bool {
        let own = |&&i: &&usize| {
            let block = &self.page.blocks[i];
            let label =
                self.page.body(i).split_once(": ").is_some_and(|(label, _)| label.split_whitespace().count() <= 2);
            label || (block.marker == Marker::Number && block.shape.digit)
        };
        2 * list.items.iter().filter(own).count() > list.items.len()
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
    fn familiarity(&self, list: &List) -> f32 {
        let known: f32 = list.items.iter().map(|&i| self.page.familiarity(i)).sum();
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
