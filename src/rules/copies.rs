//! Copies of lines inside a document, exact and near: what the rules for captions, credits and decks that come twice
//! share.

use crate::rule::{Findings, Page};
use crate::words::{self, Word, Words};

/// How much of the shorter of two lines has to stand at the start of the other.
const NEAR: f32 = 0.85;

/// A line is compared with so many different ones before it that open alike.
const KINDS: usize = 3;

/// Two lines of which one is a copy of the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub first: usize,
    pub second: usize,
    /// Every word alike.
    pub exact: bool,
    /// Words they share from the start on.
    pub shared: usize,
    /// All their words.
    pub words: (usize, usize),
}

/// The pairs of copies neither of which is junk or of a masthead.
pub(super) fn pairs(page: &Page, out: &Findings) -> Vec<Pair> {
    let is_open = |i: usize| !out.is_junk(i) && page.masthead().is_none_or(|masthead| !masthead.holds(i));
    page.copies().iter().filter(|pair| is_open(pair.first) && is_open(pair.second)).copied().collect()
}

/// All pairs of lines that open alike and are copies, in the order of the text. Linear in the text: lines meet by the
/// hash of their first words, and each is compared with the nearest few kinds before it.
pub(crate) fn find(page: &Page) -> Vec<Pair> {
    let mut leads: Vec<(u64, usize)> =
        page.blocks.iter().enumerate().filter(|(_, b)| b.lead != 0).map(|(i, b)| (b.lead, i)).collect();
    leads.sort_unstable();
    let mut pairs = Vec::new();
    for group in leads.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        // Copies pair with the first of their kind, so that all of them go at once.
        let mut kinds: Vec<usize> = Vec::new();
        for &(_, second) in group {
            let found: Vec<Pair> = kinds.iter().rev().filter_map(|&first| compare(page, first, second)).collect();
            if !found.iter().any(|pair| pair.exact) {
                kinds.push(second);
                kinds.drain(..kinds.len().saturating_sub(KINDS));
            }
            pairs.extend(found);
        }
    }
    pairs.sort_by_key(|pair| (pair.second, pair.first));
    pairs
}

impl Pair {
    /// The line with fewer words; the second where they have as many.
    pub fn shorter(&self) -> usize {
        if self.words.0 < self.words.1 { self.first } else { self.second }
    }

    /// The other line.
    pub fn longer(&self) -> usize {
        if self.words.0 < self.words.1 { self.second } else { self.first }
    }
}

fn compare(page: &Page, first: usize, second: usize) -> Option<Pair> {
    if page.body(first) == page.body(second) {
        let words = page.blocks[first].words as usize;
        return Some(Pair { first, second, exact: true, shared: words, words: (words, words) });
    }
    let (mut a, mut b) = (Words::new(page.body(first)), Words::new(page.body(second)));
    let mut shared = 0;
    let (rest_a, rest_b) = loop {
        match (a.next(), b.next()) {
            (Some(x), Some(y)) if x.hash == y.hash => shared += 1,
            (x, y) => break (x, y),
        }
    };
    // Lines that open alike and part soon are the rule; only of copies all words are counted.
    let exact = rest_a.is_none() && rest_b.is_none();
    let least = page.blocks[first].words.min(page.blocks[second].words) as f32;
    if !exact && shared < 16 && rest_a.is_some() && rest_b.is_some() && (shared as f32) < NEAR * 0.5 * least {
        return None;
    }
    let count = |rest: Option<Word>, words: Words| shared + usize::from(rest.is_some()) + words.count();
    let words = (count(rest_a, a), count(rest_b, b));
    let near = shared as f32 >= NEAR * words.0.min(words.1) as f32;
    (near || shared >= 16).then_some(Pair { first, second, exact, shared, words })
}

/// How many words two lines share from the start on.
pub(super) fn shared(a: &[Word], b: &[Word]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a.hash == b.hash).count()
}

/// All words of a line.
pub(super) fn cut(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    words::cut(text, usize::MAX >> 1, &mut words);
    words
}
