//! The article's title: its headline, without the site's name that pages put before or behind it.

use super::claims::{Claim, Claims, Field, Source};
use rustc_hash::FxHashSet;

/// What the page's site is called.
#[derive(Debug, Default)]
pub(super) struct Sites(Vec<String>);

impl Sites {
    /// Sites by their names and the page's address.
    pub fn new<'a>(names: impl Iterator<Item = &'a str>, url: Option<&str>) -> Self {
        let host = url.and_then(host).unwrap_or("");
        let mut keys: Vec<String> = names.map(key).take(NAMES).collect();
        keys.extend([key(host), key(label(host))]);
        keys.retain(|key| !key.is_empty());
        Sites(keys)
    }

    /// True for a name that is the site's but for a word or so: `The Valley Post Ltd`.
    pub fn are_like(&self, name: &str) -> bool {
        let name = key(name);
        let is_part = |short: &str, long: &str| short.len() >= LIKE && long.contains(short);
        self.0.iter().any(|site| *site == name || is_part(site, &name) || is_part(&name, site))
    }

    /// True for a name of the site.
    pub fn are_named(&self, name: &str) -> bool {
        let name = key(name);
        self.0.contains(&name)
    }
}

/// Shorter names are found in others by chance.
const LIKE: usize = 6;

/// So many names of a site are compared.
const NAMES: usize = 8;

/// The host of an address.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("//")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// A host's label that names the site: of `news.example.co.uk`, `example`.
fn label(host: &str) -> &str {
    let mut labels = host.rsplit('.').skip(1);
    match (labels.next(), labels.next()) {
        (Some("co" | "com" | "org" | "net" | "ac" | "gov" | "edu"), Some(label)) => label,
        (label, _) => label.unwrap_or(""),
    }
}

/// A text for comparison: its letters and digits, small.
pub(super) fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The title: the heading that says what the page claims to be about; where it has none, what it claims.
pub(super) fn choose(claims: &Claims, headings: &[String], sites: &Sites) -> Option<String> {
    let titles: Vec<&Claim> = claims.of(Field::Title).take(TITLES).collect();
    if let Some(heading) = agreeing(headings, &titles, sites).or_else(|| nearest(headings, &titles, sites)) {
        return Some(heading.to_owned());
    }
    let titles = titles.iter().map(|claim| trimmed(&claim.value, sites, claim.source == Source::Last));
    let mut titles = titles.filter(|title| !title.is_empty()).peekable();
    let first = titles.peek().copied();
    titles.find(|title| !sites.are_named(title)).or(first).or(headings.first().map(String::as_str)).map(str::to_owned)
}

/// So many titles are compared with the headings.
const TITLES: usize = 16;

/// The heading that is a title or a part of one.
fn agreeing<'h>(headings: &'h [String], titles: &[&Claim], sites: &Sites) -> Option<&'h str> {
    let keys: Vec<String> = headings.iter().map(|heading| key(heading)).collect();
    let heading = |title: &str| {
        let title = key(title);
        keys.iter().position(|key| !key.is_empty() && *key == title).filter(|_| !sites.are_named(&title))
    };
    titles.iter().find_map(|claim| parts(&claim.value).find_map(heading)).map(|at| &*headings[at])
}

/// The heading that shares most words with the titles, if any does; else the only one.
fn nearest<'h>(headings: &'h [String], titles: &[&Claim], sites: &Sites) -> Option<&'h str> {
    let known: FxHashSet<String> = titles.iter().flat_map(|claim| words(&claim.value)).collect();
    let own = || headings.iter().filter(|heading| !sites.are_named(heading));
    let shared = |heading: &str| words(heading).filter(|word| known.contains(word)).count();
    // The first of the best, and max_by_key takes the last.
    let best = own().rev().max_by_key(|heading| shared(heading))?;
    let is_only = own().all(|heading| heading == best);
    (is_only || shared(best) > 0).then_some(best)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// What stands between a title and a site's name.
const BETWEEN: &[&str] =
    &[" | ", " - ", " – ", " — ", " · ", " • ", " :: ", " » ", " « ", " / ", " ~ ", "｜", ": ", " : "];

/// A title, and what is left of it without a piece at its end or else at its beginning.
fn parts(title: &str) -> impl Iterator<Item = &str> {
    let cuts = || BETWEEN.iter().flat_map(|between| title.match_indices(between).take(CUTS));
    let heads = cuts().map(|(at, _)| &title[..at]);
    let tails = cuts().map(|(at, between)| &title[at + between.len()..]);
    std::iter::once(title).chain(heads).chain(tails)
}

/// So often a title is cut at one sign.
const CUTS: usize = 4;

/// The title without the site's name. Where only `<title>` tells, what stands behind a bar is taken for one.
fn trimmed<'t>(title: &'t str, sites: &Sites, guess: bool) -> &'t str {
    for between in BETWEEN {
        if let Some((rest, _)) = title.rsplit_once(between).filter(|(_, affix)| sites.are_named(affix)) {
            return trimmed(rest.trim(), sites, guess);
        }
        if let Some((_, rest)) = title.split_once(between).filter(|(affix, _)| sites.are_named(affix)) {
            return trimmed(rest.trim(), sites, guess);
        }
    }
    match title.split_once(" | ") {
        Some((rest, _)) if guess => rest.trim(),
        _ => title,
    }
}
