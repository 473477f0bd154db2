//! What a site repeats from page to page, and what follows from it for one page.
//!
//! A profile is learned once from a corpus and is a file. It holds counts, never verdicts: of each line of a site on how
//! many pages it stands, where, and beside what. How sure that makes anybody is worked out when a page is cleaned
//! ([`judge`]), so a profile stays good when judgement gets better, and two profiles add up to one.
//!
//! ```text
//! learn:  pages -> sightings (sketch) -> counts, sorted on disk (learn, parts, sorter) -> file
//! clean:  file -> Profile -> a page's site -> its lines by their fingerprints -> judge
//! ```

mod counts;
#[cfg(feature = "corpus")]
mod file;
mod fingerprint;
mod judge;
#[cfg(feature = "corpus")]
mod learn;
#[cfg(feature = "corpus")]
mod parts;
mod sketch;
#[cfg(feature = "corpus")]
mod sorter;

#[cfg(feature = "corpus")]
pub use file::{ProfileFile, Shown};
pub use judge::Verdict;
#[cfg(feature = "corpus")]
pub use learn::Learned;

#[cfg(feature = "corpus")]
pub(crate) use file::merge;
#[cfg(feature = "corpus")]
pub(crate) use learn::Learner;
#[cfg(feature = "corpus")]
pub(crate) use sketch::Sketch;

pub(crate) use counts::{Counts, Kind, Place, Several};
pub(crate) use fingerprint::{Fingerprint, Fingerprints};
pub(crate) use judge::{affix_confidence, judge};
pub(crate) use sketch::place;

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// The site of documents of which nobody said where they are from.
pub(crate) const NO_SITE: &str = "*";

/// A brand is known after it was found on so many pages.
const BRAND_PAGES: u32 = 3;

/// What was learned of sites, ready to be looked up.
///
/// ```no_run
/// use dehusk::{Cleaner, Document, Profile};
/// let profile = Profile::read("sites.profile".as_ref())?;
/// let cleaner = Cleaner::builder().profile(profile).build();
/// let cleaned = cleaner.clean(&Document::new("A title\n\nIts text.\n").of_site("example.org"));
/// # Ok::<(), dehusk::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Profile {
    sites: FxHashMap<Box<str>, Site>,
    /// Brands that three sites share: of networks, whose brands are known on every page.
    network: FxHashSet<Box<str>>,
}

/// What was learned of a site.
#[derive(Debug, Clone, Default)]
pub(crate) struct Site {
    /// Pages that were read.
    pub pages: u32,
    /// Nobody knows whether its pages belong together.
    pub is_mixed: bool,
    /// What is counted of each line, by its fingerprint.
    pub lines: FxHashMap<u64, Counts>,
    /// Spam brands that its pages hold.
    pub brands: Vec<Box<str>>,
    /// What its titles begin or end with, and on how many pages.
    pub affixes: Vec<(Box<str>, u32)>,
}

/// What a line of a profile is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    /// The site itself: its pages.
    Site,
    Brand,
    Affix,
    Line,
}

#[cfg(feature = "corpus")]
impl Subject {
    const ALL: [Subject; 4] = [Subject::Site, Subject::Brand, Subject::Affix, Subject::Line];
}

impl Profile {
    /// What is known of a document's site, and the brands that are known on every page.
    pub(crate) fn of(&self, site: Option<&str>) -> Known<'_> {
        Known { site: self.sites.get(site.unwrap_or(NO_SITE)), network: &self.network }
    }

    /// Files what was counted of a site's line, brand or affix. What can never tell anything is left out.
    pub(crate) fn file(&mut self, site: &str, subject: Subject, hash: u64, counts: Counts) {
        if !self.sites.contains_key(site) {
            let is_mixed = site == NO_SITE;
            self.sites.insert(site.into(), Site { is_mixed, ..Site::default() });
        }
        let known = self.sites.get_mut(site).expect("it is there");
        match subject {
            Subject::Site => known.pages = counts.pages,
            Subject::Brand => {
                if counts.sites.are_sites() {
                    self.network.insert(counts.sample.clone());
                }
                if counts.pages >= BRAND_PAGES {
                    known.brands.push(counts.sample);
                }
            }
            Subject::Affix => known.affixes.push((counts.sample, counts.pages)),
            Subject::Line if judge::is_hopeless(&counts, known) => {}
            Subject::Line => {
                let counts = Counts { sample: Box::default(), ..counts };
                known.lines.insert(hash, counts);
            }
        }
    }
}

/// What is known of a document's site.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'p> {
    pub site: Option<&'p Site>,
    network: &'p FxHashSet<Box<str>>,
}

/// Nothing is known.
impl Default for Known<'_> {
    fn default() -> Self {
        static NONE: LazyLock<FxHashSet<Box<str>>> = LazyLock::new(FxHashSet::default);
        Known { site: None, network: &NONE }
    }
}

impl<'p> Known<'p> {
    /// Spam brands of the site.
    pub fn brands(self) -> impl Iterator<Item = &'p str> {
        self.site.into_iter().flat_map(|site| &site.brands).map(AsRef::as_ref)
    }

    /// True for a spam brand of the site or of a network.
    pub fn is_brand(self, name: &str) -> bool {
        self.network.contains(name) || self.brands().any(|brand| brand == name)
    }

    /// True where there may be brands.
    pub fn has_brands(self) -> bool {
        !self.network.is_empty() || self.brands().next().is_some()
    }
}
