//! What a site repeats from page to page, as a profile knows it: lines, and what its titles begin or end with.
//!
//! The rule knows nothing by itself. Without a profile, or of a site that is not in it, it finds nothing.

use crate::document::Span;
use crate::profile::{self, Counts, Fingerprints, Site, judge};
use crate::rule::{Findings, Level, Page, Rule};
use crate::words::{Word, Words};

pub(crate) const RULE: Rule = Rule {
    name: "site-boilerplate",
    summary: "What the site repeats from page to page, with --profile",
    level: Level::Gentle,
    page: include_str!("pages/site-boilerplate.md"),
    find,
};

/// Two lines are from the same run of chrome where one stands on at least this share of the other's pages.
const PEER: f32 = 0.5;
/// The same where nobody knows which pages are of one site.
const PEER_MIXED: f32 = 0.8;
/// What belongs to the article, but not to its text, is left to the level thorough.
const METADATA: f32 = 0.75;
/// So many blocks below the first its title comes again.
const TITLE_REACH: usize = 40;

fn find(page: &Page, out: &mut Findings) {
    let Some(site) = page.known.site else { return };
    let mut prints = Fingerprints::default();
    let print = |block: usize| prints.of(page.body(block)).and_then(|print| site.lines.get(&print.hash));
    let lines: Vec<Option<&Counts>> = (0..page.blocks.len()).map(print).collect();
    for (block, counts) in lines.iter().enumerate() {
        let Some(counts) = counts else { continue };
        if let Some(verdict) = judge(counts, site, profile::place(page, block), has_peer(site, &lines, block)) {
            let most = if out.is_thorough(block) { METADATA } else { 1.0 };
            out.block(block, verdict.confidence.min(most), verdict.to_string());
        }
    }
    title(page, site, out);
}

/// True where a line beside this one is known from about as many pages.
fn has_peer(site: &Site, lines: &[Option<&Counts>], block: usize) -> bool {
    let own = lines[block].map_or(0, |counts| counts.pages) as f32;
    let share = if site.is_mixed { PEER_MIXED } else { PEER };
    let is_peer = |other: Option<&Option<&Counts>>| {
        let other = other.copied().flatten().map_or(0, |counts| counts.pages) as f32;
        other.min(own) >= share * other.max(own)
    };
    block.checked_sub(1).is_some_and(|above| is_peer(lines.get(above))) || is_peer(lines.get(block + 1))
}

/// The first line where it is the title with the site's name: whole, where the title stands below by itself; else the
/// site's name.
fn title(page: &Page, site: &Site, out: &mut Findings) {
    let Some(first) = page.blocks.first() else { return };
    let line = page.body(0);
    let sure = |(affix, pages): &(Box<str>, u32)| Some((cut(line, affix)?, profile::affix_confidence(*pages, site)));
    let best = site.affixes.iter().filter_map(sure).max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.len().cmp(&b.0.len())));
    let Some((affix, confidence)) = best.filter(|(_, confidence)| *confidence >= Level::Thorough.threshold()) else {
        return;
    };
    let title = if affix.start == 0 { &line[affix.end..] } else { &line[..affix.start] };
    let comes_again = (1..page.blocks.len().min(TITLE_REACH)).any(|i| is_same(title, page.body(i)));
    if comes_again {
        out.block(0, confidence, "the title with the site's name, above the title");
    } else {
        let at = first.body().start;
        out.piece(at + affix.start..at + affix.end, confidence, "the site's name beside the title");
    }
}

/// Where an affix stands in a line, if more than that is there.
fn cut(line: &str, affix: &str) -> Option<Span> {
    let is_suffix = affix.starts_with(' ');
    let rest = if is_suffix { line.strip_suffix(affix) } else { line.strip_prefix(affix) }?;
    let span = if is_suffix { rest.len()..line.len() } else { 0..affix.len() };
    rest.contains(char::is_alphanumeric).then_some(span)
}

/// True for lines of the same words.
fn is_same(one: &str, other: &str) -> bool {
    let words = |line| Words::new(line).map(|Word { hash, .. }| hash);
    words(one).eq(words(other))
}
