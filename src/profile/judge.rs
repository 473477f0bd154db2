//! From counts to a confidence.
//!
//! Frequency alone makes nothing junk. A standing paragraph of an agency, a quote that comes again in every story of an
//! affair, or the heads of a recipe stand on many pages of a site, too. What tells chrome from them:
//!
//! - *The site's own.* Chrome stands on most of a site's pages, or on the site alone. What is in a minority of pages here
//!   and on other sites as well is shared content; a sentence that other sites hold is never taken for chrome.
//! - *Fixed neighbours.* Chrome comes in runs: the same lines stand above or below it on every page. A quote or a
//!   standing paragraph has new neighbours in every story. There are two exceptions: a line that always begins or ends the
//!   page, and a promotion, a line of some length inside the text that is no sentence, on three in ten of one site's pages.
//! - *A fixed place.* A line that is chrome below the text is none in the text: where a line hardly ever stood, nothing is
//!   known of it. So the headline of a story that is in everybody's list of the most read stays on its own page.
//! - *The less of a sentence, the more of a piece of furniture.* Running text needs nearly all pages of the site.
//!
//! Shares count by the lower end of their Wilson interval (95%, one-sided), so that few pages never prove much: 3 pages
//! of 3 are 0.53, 20 of 20 are 0.88.

use super::{Counts, Kind, Place, Site};
use crate::rule::Level;
use std::fmt;

/// The quantile of the normal distribution for 95%, one-sided.
const QUANTILE: f32 = 1.645;
/// Two pages have much in common, an author say; below three nothing is known.
const LEAST: u32 = 3;
/// From this share of its neighbours on a line's place is fixed.
const FIXED: f32 = 0.8;
/// Lines so short may be the heads of an article's parts (`Pros`, `What we know`), where their neighbours change.
const HEADING_WORDS: u32 = 5;
/// Lines so long that other sites hold as well may be an agency's: `Reporting by ...`.
const SHARED_WORDS: u32 = 4;
/// In short lines of so few words that stay, what differs may be what they are there for: `Calories: 231 kcal`.
const PATTERN_WORDS: u32 = 2;
/// A sentence that a minority of pages holds tells nothing below so many.
const GROUP_PAGES_SENTENCE: u32 = 5;
/// And inside the text, where neighbours on both sides have to make up for the place, so many.
const INNER_PAGES: u32 = 8;
/// The confidence of what is only known at the level thorough.
const DOUBTFUL: f32 = 0.75;
/// The confidence of what no level removes.
const UNKNOWN: f32 = 0.45;
/// Promotions inside the text stand on so much of a site, and on so many pages.
const PROMOTION_SHARE: f32 = 0.3;
const PROMOTION_PAGES: u32 = 6;
/// Running text that is chrome stands on so much of a site; without a neighbour that is fixed, on so much.
const PROSE_SHARE: f32 = 0.8;
const LONE_PROSE_SHARE: f32 = 0.95;
/// Running text is never gone at the level gentle.
const PROSE_MOST: f32 = 0.94;
/// Where nobody knows which pages belong together, what a minority holds needs so many pages.
const MIXED_PAGES: u32 = 8;
const MIXED_FIXED: f32 = 0.9;
/// At least two of a line's pages, and one in so many, have to have it at a place for it to be known there.
const PLACE: u32 = 4;

/// How sure counts make, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// From 0 to 1.
    pub confidence: f32,
    /// Pages that hold the line, of the pages of the site.
    pub pages: (u32, u32),
    place: Place,
    is_fixed: bool,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let place = match self.place {
            Place::Head => "above the text",
            Place::Inside => "in the text",
            Place::Tail => "below the text",
        };
        let beside = if self.is_fixed { ", beside the same lines" } else { "" };
        write!(f, "on {} of the site's {} pages, {place}{beside}", self.pages.0, self.pages.1)
    }
}

/// How sure it is that a line is a site's chrome at a place. `has_peer` says that a line beside it on the page at hand is
/// known from about as many pages.
pub(crate) fn judge(counts: &Counts, site: &Site, place: Place, has_peer: bool) -> Option<Verdict> {
    let there = counts.at(place);
    if counts.pages < LEAST || there < 2 || there.saturating_mul(PLACE) < counts.pages {
        return None;
    }
    let line = Facts::of(counts, site);
    let confidence = match counts.kind {
        Kind::Line => line.furniture(has_peer),
        Kind::Sentence => line.sentence(has_peer),
        Kind::Prose => line.prose(),
    };
    let verdict = Verdict { confidence, pages: (counts.pages, site.pages), place, is_fixed: line.fixed >= FIXED };
    (confidence >= Level::Thorough.threshold()).then_some(verdict)
}

/// True for what never becomes more than a guess, whatever page it stands on.
pub(super) fn is_hopeless(counts: &Counts, site: &Site) -> bool {
    Place::ALL.into_iter().all(|place| judge(counts, site, place, true).is_none())
}

/// How sure it is that a title's affix is the site's.
pub(crate) fn affix_confidence(pages: u32, site: &Site) -> f32 {
    if pages < LEAST { 0.0 } else { of_most(lower_bound(pages, site.pages)) }
}

/// What counts come to.
struct Facts<'c> {
    counts: &'c Counts,
    site: &'c Site,
    /// The least share of the site's pages that is likely, and the share that was seen.
    likely: f32,
    share: f32,
    /// The share of its pages on which it stands above or below the running text.
    edge: f32,
    /// How far its neighbours are the same on all pages, on the side where they are most so, and on both; how far it
    /// begins or ends the pages.
    fixed: f32,
    fixed_on_both: f32,
    bounds: f32,
    is_own: bool,
}

impl<'c> Facts<'c> {
    fn of(counts: &'c Counts, site: &'c Site) -> Self {
        let share = |count: u32| count as f32 / counts.pages as f32;
        let fixed = |neighbours: super::Several| {
            let others = (neighbours.count() - 1.0) / (counts.pages as f32 - 1.0);
            (1.0 - others).clamp(0.0, 1.0)
        };
        let (above, below) = (fixed(counts.above), fixed(counts.below));
        Facts {
            counts,
            site,
            likely: lower_bound(counts.pages, site.pages),
            share: counts.pages as f32 / site.pages.max(1) as f32,
            edge: share(counts.head.saturating_add(counts.tail)).min(1.0),
            fixed: above.max(below),
            fixed_on_both: above.min(below),
            bounds: share(counts.bounds),
            is_own: counts.sites.is_one_site(),
        }
    }

    fn furniture(&self, has_peer: bool) -> f32 {
        let anchored = self.fixed.max(self.bounds);
        let most = of_most(self.likely);
        let group = if has_peer { self.group(LEAST) } else { 0.0 };
        let confidence = either(most, group.max(self.promotion()));
        let is_heading = anchored < FIXED && self.counts.words < HEADING_WORDS;
        let is_shared = !self.is_own && self.counts.words >= SHARED_WORDS;
        if is_heading {
            confidence.min(UNKNOWN)
        } else if is_shared || self.is_pattern() {
            confidence.min(DOUBTFUL)
        } else {
            confidence
        }
    }

    fn sentence(&self, has_peer: bool) -> f32 {
        if !self.is_own {
            return 0.0;
        }
        let group = if has_peer { self.group(GROUP_PAGES_SENTENCE) } else { 0.0 };
        either(of_most(self.likely), group)
    }

    fn prose(&self) -> f32 {
        let needed = if self.fixed >= FIXED && !self.site.is_mixed { PROSE_SHARE } else { LONE_PROSE_SHARE };
        if !self.is_own || self.share < needed {
            return 0.0;
        }
        of_most(self.likely).min(PROSE_MOST)
    }

    /// How sure it is of the chrome of some of the site's pages: a section's, say. It stands at the edge with the same
    /// neighbours, and on no other site.
    fn group(&self, least: u32) -> f32 {
        let (fixed, least) = if self.site.is_mixed { (MIXED_FIXED, MIXED_PAGES) } else { (FIXED, least) };
        // Below chrome that reads as running text the edge cannot be told; then it takes neighbours on both sides.
        let is_inner =
            self.counts.kind == Kind::Line && self.counts.pages >= INNER_PAGES && self.fixed_on_both >= fixed;
        let placed = if is_inner { 1.0 } else { self.edge };
        if self.counts.pages < least || placed < FIXED || self.fixed < fixed || !self.is_own {
            return 0.0;
        }
        placed * of_several(self.counts.pages)
    }

    /// How sure it is of a promotion inside the text: a line of some length that comes again and again beside others. At
    /// the end of the text, always above the same footer, it would be a credit as well as a promotion.
    fn promotion(&self) -> f32 {
        let is_long = self.counts.words >= HEADING_WORDS;
        let is_inside = self.edge < 0.5 && self.fixed.max(self.bounds) < 0.5;
        let is_frequent = self.counts.pages >= PROMOTION_PAGES && self.share >= PROMOTION_SHARE;
        if !is_long || !is_inside || !is_frequent || !self.is_own || self.site.is_mixed {
            return 0.0;
        }
        0.9 * of_several(self.counts.pages)
    }

    /// True where little stays the same, and what differs nearly always does.
    fn is_pattern(&self) -> bool {
        self.counts.words <= PATTERN_WORDS && self.counts.variants.count() > 0.6 * self.counts.pages as f32
    }
}

/// The sureness that many of a site's pages give: standard from half of them on.
fn of_most(likely: f32) -> f32 {
    if likely >= 0.5 { 0.8 + 0.4 * (likely - 0.5) } else { 1.6 * likely }
}

/// The sureness that several pages give, however many there are: five of them 0.83.
fn of_several(pages: u32) -> f32 {
    pages as f32 / (pages as f32 + 1.0)
}

/// One of two reasons holds.
fn either(one: f32, other: f32) -> f32 {
    1.0 - (1.0 - one) * (1.0 - other)
}

/// The lower end of Wilson's interval for a share.
fn lower_bound(count: u32, all: u32) -> f32 {
    let all = all.max(count).max(1) as f32;
    let share = count as f32 / all;
    let z = QUANTILE * QUANTILE / all;
    let spread = QUANTILE * (share * (1.0 - share) / all + z / (4.0 * all)).sqrt();
    ((share + z / 2.0 - spread) / (1.0 + z)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_pages_prove_little() {
        for (count, all, bound) in [(3, 3, 0.53), (20, 20, 0.88), (10, 20, 0.33), (0, 0, 0.0), (1000, 1000, 0.997)] {
            assert!((lower_bound(count, all) - bound).abs() < 0.01, "{count} of {all}: {}", lower_bound(count, all));
        }
    }
}
