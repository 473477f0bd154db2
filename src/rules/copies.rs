//! Copies of lines inside a document, exact and near: what the rules for captions, credits and decks that come twice
//! share.

use crate::rule::{Findings, Page};
use crate::words::{self, Word};

/// How much of the shorter of two lines has to stand at the start of the other.
const NEAR: f32 = 0.85;

/// Two lines of which one is a copy of the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub first: usize,
    pub second: usize,
    /// Every word alike.
    pub exact: bool,
    /// Words they share from the start on.
    pub shared: usize,
    /// All their words.
    pub words: (usize, usize),
}

/// All pairs of lines that open alike and are copies, nearest pairs first, junk left out. Linear in the text: lines meet
/// by the hash of their first words, and each is compared with the nearest two before it.
pub(super) fn pairs(page: &Page, out: &Findings) -> Vec<Pair> {
    let mut leads: Vec<(u64, usize)> = page.blocks.iter().enumerate().filter(|(_, b)| b.lead != 0).map(|(i, b)| (b.lead, i)).collect();
    leads.sort_unstable();
    let mut pairs = Vec::new();
    let is_open = |&(_, i): &(u64, usize)| !out.is_junk(i) && page.masthead().is_none_or(|m| !m.holds(i));
    for group in leads.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let open: Vec<usize> = group.iter().filter(|lead| is_open(lead)).map(|&(_, i)| i).collect();
        for (at, &second) in open.iter().enumerate() {
            for &first in open[..at].iter().rev().take(2) {
                pairs.extend(compare(page, first, second));
            }
        }
    }
    pairs.sort_by_key(|pair| (pair.second, pair.first));
    pairs
}

fn compare(page: &Page, first: usize, second: usize) -> Option<Pair> {
    let (a, b) = (cut(page.body(first)), cut(page.body(second)));
    let shared = a.iter().zip(&b).take_while(|(a, b)| a.hash == b.hash).count();
    let shorter = a.len().min(b.len());
    let exact = shared == a.len() && shared == b.len();
    (shared as f32 >= NEAR * shorter as f32 || shared >= 16).then_some(Pair { first, second, exact, shared, words: (a.len(), b.len()) })
}

fn cut(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    words::cut(text, usize::MAX >> 1, &mut words);
    words
}
