//! Words, shingles, and bags of them.

use regex::Regex;
use rustc_hash::FxHashMap;
use std::hash::Hash;
use std::sync::LazyLock;

/// Words in a shingle.
const SHINGLE: usize = 4;

pub(super) static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("a valid pattern"));

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    WORD.find_iter(text).map(|word| word.as_str())
}

/// How many items two bags share, and how many only one of them holds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Overlap {
    pub both: usize,
    pub only_predicted: usize,
    pub only_gold: usize,
}

impl Overlap {
    fn of<T: Hash + Eq>(predicted: impl Iterator<Item = T>, gold: impl Iterator<Item = T>) -> Self {
        let mut counts: FxHashMap<T, (usize, usize)> = FxHashMap::default();
        predicted.for_each(|item| counts.entry(item).or_default().0 += 1);
        gold.for_each(|item| counts.entry(item).or_default().1 += 1);
        counts.values().fold(Overlap::default(), |sum, &(p, g)| Overlap {
            both: sum.both + p.min(g),
            only_predicted: sum.only_predicted + p.saturating_sub(g),
            only_gold: sum.only_gold + g.saturating_sub(p),
        })
    }

    pub fn predicted(&self) -> usize {
        self.both + self.only_predicted
    }

    pub fn gold(&self) -> usize {
        self.both + self.only_gold
    }
}

pub(super) fn word_overlap(predicted: &str, gold: &str) -> Overlap {
    let (predicted, gold) = (predicted.to_lowercase(), gold.to_lowercase());
    Overlap::of(words(&predicted), words(&gold))
}

pub(super) fn shingle_overlap(predicted: &str, gold: &str) -> Overlap {
    let (predicted, gold): (Vec<_>, Vec<_>) = (words(predicted).collect(), words(gold).collect());
    Overlap::of(shingles(&predicted), shingles(&gold))
}

/// Four words in a row each, or all of them where there are fewer; padded, as no word is empty.
fn shingles<'t>(words: &[&'t str]) -> impl Iterator<Item = [&'t str; SHINGLE]> {
    let short =
        (1..SHINGLE).contains(&words.len()).then(|| std::array::from_fn(|i| words.get(i).copied().unwrap_or("")));
    let windows = words.windows(SHINGLE).map(|window| window.try_into().expect("as long as a shingle"));
    windows.chain(short)
}
