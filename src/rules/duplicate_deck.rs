//! A deck under the title that comes again as a paragraph.
//!
//! The copy in the text stays, because its place there carries meaning, and the deck goes; where the deck says more,
//! the deck stays. A moral, a refrain or an overview's headings come again too, so both copies have to be passages, and
//! the farther apart they stand the longer.

use super::copies::{Pair, cut, pairs, shared};
use crate::document::Marker;
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "duplicate-deck",
    summary: "A deck under the title that comes again as a paragraph",
    level: Level::Standard,
    page: include_str!("pages/duplicate-deck.md"),
    find,
};

/// A deck stands among so many first lines that are not junk.
const DECK_BLOCKS: usize = 6;
/// And has at least so many words: shorter lines come twice for good reasons.
const DECK_WORDS: usize = 8;
/// Further apart a short statement may be a refrain.
const FAR_WORDS: usize = 14;
/// Copies so close, in blocks, and so long, in words, need not be statements: an overview's headings come again further
/// down.
const CLOSE: usize = 8;
const CLOSE_WORDS: usize = 10;
/// A question or exclamation of so many words is no heading.
const SENTENCE_WORDS: usize = 16;

fn find(page: &Page, out: &mut Findings) {
    let mut head = Head::default();
    head.fill(page, out);
    let decks = head.lines.clone();
    // Of a passage that comes many times the first copy pairs with all others; when it goes, the next takes its place.
    let mut heirs = decks.clone();
    for found in pairs(page, out) {
        let Some(deck) = decks.iter().position(|&line| line == found.first) else { continue };
        let pair = Pair { first: heirs[deck], ..found };
        let is_open = !out.is_junk(pair.first) && !out.is_junk(pair.second);
        if is_open && head.lines.contains(&pair.first) && is_passage(page, &pair) {
            judge(page, out, &pair);
            head.fill(page, out);
            if pair.exact {
                heirs[deck] = pair.second;
            }
        }
    }
    short_openings(page, out, &decks);
}

/// The first lines that are not junk.
#[derive(Default)]
struct Head {
    lines: Vec<usize>,
    /// The line behind them.
    next: usize,
}

impl Head {
    /// Lets lines move up in the place of those that have become junk.
    fn fill(&mut self, page: &Page, out: &Findings) {
        self.lines.retain(|&i| !out.is_junk(i));
        let open = (self.next..page.blocks.len()).filter(|&i| !out.is_junk(i));
        self.lines.extend(open.take(DECK_BLOCKS - self.lines.len()));
        self.next = self.lines.last().map_or(self.next, |&last| last + 1);
    }
}

/// A deck made of several lines whose first is too short to be found by its first words.
fn short_openings(page: &Page, out: &mut Findings, head: &[usize]) {
    for &deck in head.iter().filter(|&&i| page.blocks[i].is_prose()) {
        if out.is_junk(deck) {
            continue;
        }
        let opens = |&i: &usize| {
            (2..DECK_WORDS as u32).contains(&page.blocks[i].words) && page.body(deck).starts_with(page.body(i))
        };
        let below = (deck + 1..page.blocks.len()).find(opens);
        if below.is_some_and(|from| covers(page, deck, from)) {
            out.block(deck, 0.9, "the deck comes again as several lines");
        }
    }
}

fn judge(page: &Page, out: &mut Findings, pair: &Pair) {
    let Pair { first, second, exact, shared, words } = *pair;
    // The paragraph stays where it stands in the text; where the deck says more, the deck stays.
    if shared == words.0 && !exact && covers(page, second, first) {
        out.block(second, 0.88, "several lines again as one");
    } else if exact || shared == words.0 {
        out.block(first, 0.9, "the deck comes again as a paragraph");
    } else if shared == words.1 && covers(page, first, second) {
        out.block(first, 0.9, "the deck comes again as several lines");
    } else if shared == words.1 {
        out.block(second, 0.75, "a paragraph that only repeats the deck");
    }
}

/// Both are long enough to be a passage of text, and no headings.
fn is_passage(page: &Page, pair: &Pair) -> bool {
    // What is said under the title and again in the last line is an ending, not a copy.
    let close = pair.second - pair.first <= CLOSE && pair.second + 1 < page.blocks.len();
    [(pair.first, pair.words.0), (pair.second, pair.words.1)].into_iter().all(|(i, words)| {
        let block = &page.blocks[i];
        let statement = block.shape.full_stop && block.marker != Marker::Number;
        let sentence = block.shape.sentence_end && words >= SENTENCE_WORDS;
        // Written as running text is, not as a headline or a table row.
        let asks = block.shape.sentence_end && !block.shape.full_stop;
        let running = block.shape.small >= block.shape.capitals && !asks;
        let enough = if close { DECK_WORDS } else { FAR_WORDS };
        let text = i == pair.first || block.is_prose() || page.is_beside_sentence(i);
        text && words >= enough && (statement || sentence || (close && words >= CLOSE_WORDS && running))
    })
}

/// Two or more lines from `from` on say, one after the other, what the one line `line` says.
fn covers(page: &Page, line: usize, from: usize) -> bool {
    let whole = cut(page.body(line));
    let mut rest = &whole[..];
    for i in (from..page.blocks.len()).filter(|&i| i != line) {
        let words = cut(page.body(i));
        let shared = shared(rest, &words);
        if shared == rest.len() {
            return true;
        }
        if shared < words.len() {
            return false;
        }
        rest = &rest[shared..];
    }
    false
}
