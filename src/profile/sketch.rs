//! What one page adds to the counts of its site.

use super::{Counts, Fingerprint, Fingerprints, Kind, Place, Several, Subject};
use crate::document::Block;
use crate::document::Document;
use crate::rule::{Page, Wants};
use crate::words::{mix, text_hash};
use rustc_hash::FxHashMap;

/// So many bytes of a line are shown of it.
const SAMPLE: usize = 100;

/// Longer than this no title's affix is, in bytes.
const AFFIX: usize = 60;

/// What stands between a title and the site's name.
const SEPARATORS: [&str; 8] = [" | ", " - ", " – ", " — ", " · ", " » ", " :: ", " « "];

/// A sentence has so many words; fewer are a label with a full stop.
const SENTENCE: u32 = 5;

/// What was seen on a page.
#[derive(Debug)]
pub(crate) struct Sketch {
    /// The hash of the page's running text: pages that share it are copies.
    pub identity: u64,
    pub sightings: Vec<((Subject, u64), Counts)>,
}

impl Sketch {
    /// What is seen on a page of a site.
    pub fn of(document: &Document, site: &str, prints: &mut Fingerprints) -> Sketch {
        let page = Page::new(document, Wants::default());
        let lines: Vec<Option<Fingerprint>> = (0..page.blocks.len()).map(|i| prints.of(page.body(i))).collect();
        let identity = identity(&page);
        let site = Several::site(site);
        let mut seen = Seen { page: &page, site, found: FxHashMap::default() };
        for (i, print) in lines.iter().enumerate() {
            // What has no fingerprint, and the end of the page, are neighbours that no other page has.
            let neighbour = |at: Option<usize>| {
                let print = at.and_then(|at| lines.get(at)).copied().flatten();
                Several::one(print.map_or(identity, |print| print.hash))
            };
            if let Some(print) = print {
                seen.line(i, *print, neighbour(i.checked_sub(1)), neighbour(Some(i + 1)));
            }
        }
        seen.names();
        let mut sightings: Vec<_> = seen.found.into_iter().collect();
        sightings.sort_unstable_by_key(|(key, _)| *key);
        Sketch { identity, sightings }
    }
}

/// What was seen of a page so far.
struct Seen<'p> {
    page: &'p Page<'p>,
    site: Several,
    found: FxHashMap<(Subject, u64), Counts>,
}

impl Seen<'_> {
    fn line(&mut self, block: usize, print: Fingerprint, above: Several, below: Several) {
        let is_bound = block == 0 || block + 1 == self.page.blocks.len();
        let at = place(self.page, block);
        let counts = Counts {
            pages: 1,
            head: u32::from(at == Place::Head),
            inside: u32::from(at == Place::Inside),
            tail: u32::from(at == Place::Tail),
            bounds: u32::from(is_bound),
            above,
            below,
            sites: self.site,
            variants: Several::one(print.exact),
            words: print.words,
            kind: kind(&self.page.blocks[block]),
            sample: sample(self.page.body(block)),
        };
        self.see((Subject::Line, print.hash), counts);
    }

    /// Spam brands, and what may belong to the site in the title.
    fn names(&mut self) {
        let page = self.page;
        for brand in page.masthead().iter().flat_map(|masthead| &masthead.brands) {
            self.name(Subject::Brand, brand);
        }
        if page.blocks.first().is_some_and(|first| first.words <= 40) {
            affixes(page.body(0)).for_each(|affix| self.name(Subject::Affix, affix));
        }
    }

    fn name(&mut self, subject: Subject, name: &str) {
        let counts = Counts { pages: 1, sites: self.site, sample: name.into(), ..Counts::default() };
        self.see((subject, text_hash(name)), counts);
    }

    fn see(&mut self, key: (Subject, u64), counts: Counts) {
        match self.found.get_mut(&key) {
            Some(known) => known.again(counts),
            None => drop(self.found.insert(key, counts)),
        }
    }
}

/// Where on its page a line stands. Of a page without running text everything is head.
pub(crate) fn place(page: &Page, block: usize) -> Place {
    if page.is_top(block) {
        Place::Head
    } else if page.is_tail(block) {
        Place::Tail
    } else {
        Place::Inside
    }
}

pub(crate) fn kind(block: &Block) -> Kind {
    if block.is_prose() {
        Kind::Prose
    } else if block.shape.sentence_end && block.words >= SENTENCE {
        Kind::Sentence
    } else {
        Kind::Line
    }
}

/// What a title may begin or end with that is not its own.
pub(crate) fn affixes(title: &str) -> impl Iterator<Item = &str> {
    let fits = |affix: &&str| affix.len() <= AFFIX && affix.contains(char::is_alphabetic);
    let cut = SEPARATORS.iter().flat_map(|&separator| {
        let prefix = title.find(separator).map(|at| &title[..at + separator.len()]);
        let suffix = title.rfind(separator).map(|at| &title[at..]);
        [prefix, suffix].into_iter().flatten()
    });
    cut.filter(fits)
}

/// The hash of all running text; of a page without any, of all its text.
fn identity(page: &Page) -> u64 {
    let all = 0..page.blocks.len();
    let prose = all.clone().filter(|&i| page.blocks[i].is_prose());
    let hash = |blocks: &mut dyn Iterator<Item = usize>| blocks.fold(0, |hash, i| mix(hash, text_hash(page.body(i))));
    if page.has_prose() { hash(&mut prose.into_iter()) } else { hash(&mut all.into_iter()) }
}

/// The beginning of a line.
fn sample(body: &str) -> Box<str> {
    if body.len() <= SAMPLE {
        body.into()
    } else {
        format!("{}…", body[..body.floor_char_boundary(SAMPLE)].trim_end()).into()
    }
}
