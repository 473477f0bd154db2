//! What is counted of a line over the pages of a site. Everything adds up: counts by their sums, sets by their union, so
//! that it does not matter in which order pages are read or profiles are merged.

use crate::words::{mix, text_hash};

/// About how many different things were seen: each sets one of 64 bits (linear counting; Whang and others, 1990).
///
/// Up to a dozen things the count is right or one short; with forty it is off by some 10%. Written as hexadecimal digits:
/// not every reader of JSON has whole numbers of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "corpus", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "corpus", serde(try_from = "String", into = "String"))]
pub(crate) struct Several(pub u64);

impl Several {
    pub fn one(hash: u64) -> Self {
        Several(1 << (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58))
    }

    pub fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// About how many; infinite where nearly all bits are set.
    pub fn count(self) -> f32 {
        let free = self.0.count_zeros();
        if free < 4 { f32::INFINITY } else { -64.0 * (free as f32 / 64.0).ln() }
    }

    /// A site among sites: three bits, so that two are taken for one in a case of 40,000.
    pub fn site(name: &str) -> Self {
        let hash = text_hash(name);
        let mut bits = 0_u64;
        for round in 0.. {
            bits |= Several::one(mix(hash, round)).0;
            if bits.count_ones() == SITE_BITS {
                break;
            }
        }
        Several(bits)
    }

    /// True where there are no two sites among them.
    pub fn is_one_site(self) -> bool {
        self.0.count_ones() <= SITE_BITS
    }

    /// True where there are three sites among them, or more.
    pub fn are_sites(self) -> bool {
        self.0.count_ones() > 2 * SITE_BITS
    }
}

/// Bits that a site sets.
const SITE_BITS: u32 = 3;

impl From<Several> for String {
    fn from(several: Several) -> String {
        format!("{:016x}", several.0)
    }
}

impl TryFrom<String> for Several {
    type Error = std::num::ParseIntError;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&digits, 16).map(Several)
    }
}

/// What kind of line it is, from furniture to running text: the more of a sentence it is, the more it takes to call it
/// chrome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "corpus", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub(crate) enum Kind {
    #[default]
    Line,
    Sentence,
    Prose,
}

/// Where on its page a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Above the first running text.
    Head,
    Inside,
    /// Below the last.
    Tail,
}

impl Place {
    pub const ALL: [Place; 3] = [Place::Head, Place::Inside, Place::Tail];
}

/// What is counted of a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    /// Pages that hold it, and those that hold it at each place: a page counts once, and once for each place.
    pub pages: u32,
    pub head: u32,
    pub inside: u32,
    pub tail: u32,
    /// Pages that begin or end with it.
    pub bounds: u32,
    /// Its neighbours.
    pub above: Several,
    pub below: Several,
    /// The sites that hold it.
    pub sites: Several,
    /// What it says in full, numbers and names included.
    pub variants: Several,
    /// Words that are the same on all pages.
    pub words: u32,
    pub kind: Kind,
    /// What it says, at least once: the first in the order of the alphabet, cut short.
    pub sample: Box<str>,
}

impl Counts {
    /// Adds what was counted elsewhere of the same line.
    pub fn add(&mut self, other: Counts) {
        let add = |count: &mut u32, more: u32| *count = count.saturating_add(more);
        add(&mut self.pages, other.pages);
        add(&mut self.head, other.head);
        add(&mut self.inside, other.inside);
        add(&mut self.tail, other.tail);
        add(&mut self.bounds, other.bounds);
        self.join(&other);
        if self.sample.is_empty() || (!other.sample.is_empty() && other.sample < self.sample) {
            self.sample = other.sample;
        }
    }

    /// Adds another sighting on the same page.
    pub fn again(&mut self, other: Counts) {
        self.head |= other.head;
        self.inside |= other.inside;
        self.tail |= other.tail;
        self.bounds |= other.bounds;
        self.join(&other);
    }

    fn join(&mut self, other: &Counts) {
        self.above.join(other.above);
        self.below.join(other.below);
        self.sites.join(other.sites);
        self.variants.join(other.variants);
        self.words = self.words.max(other.words);
        self.kind = self.kind.max(other.kind);
    }

    /// Pages that hold it at a place.
    pub fn at(&self, place: Place) -> u32 {
        match place {
            Place::Head => self.head,
            Place::Inside => self.inside,
            Place::Tail => self.tail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_things_are_counted_well() {
        for many in [1, 2, 5, 12, 40] {
            let mut several = Several::default();
            (0..many).for_each(|i| several.join(Several::one(text_hash(&format!("thing {i}")))));
            assert!((several.count() / many as f32 - 1.0).abs() < 0.2, "{many}: {}", several.count());
        }
    }

    #[test]
    fn one_site_is_told_from_two_and_from_three() {
        let mut sites = Several::default();
        for (number, is_one, are_many) in [(1, true, false), (2, false, false), (3, false, true)] {
            sites.join(Several::site(&format!("site{number}.example")));
            sites.join(Several::site(&format!("site{number}.example")));
            assert_eq!((sites.is_one_site(), sites.are_sites()), (is_one, are_many), "{number}");
        }
    }
}
