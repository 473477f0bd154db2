//! Learning: sketches of pages in, counts of sites out.

use super::file::{Head, Writer};
use super::sketch::Sketch;
use super::sorter::Sorter;
use super::{Counts, Several, Subject};
use crate::words::mix;
use rustc_hash::{FxHashMap, FxHashSet};
use std::io::{self, Write};
use std::path::Path;

/// What a line has to be on at least to be written down.
const PAGES: u32 = 2;

/// What learning came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Learned {
    /// Documents read.
    pub documents: u64,
    /// Those among them whose running text was read before, on the same site: they count no more.
    pub copies: u64,
    /// Documents of which nobody said where they are from.
    pub without_site: u64,
    /// What could not be read.
    pub problems: u64,
    /// Sites, lines, brands and titles' affixes that were written down.
    pub sites: u64,
    /// Lines that recur.
    pub lines: u64,
}

/// Adds pages up.
///
/// In memory are a table of limited size ([`Sorter`]), the names of sites, and 16 bytes a page to know copies by.
#[derive(Debug)]
pub(crate) struct Learner {
    sorter: Sorter,
    second: Sorter,
    sites: FxHashMap<Box<str>, u64>,
    /// Pages that were read, by what they say.
    identities: FxHashSet<u64>,
    learned: Learned,
}

impl Learner {
    /// With so many bytes in memory for the table; what is beyond goes to a folder.
    pub fn new(folder: &Path, memory: usize) -> Self {
        Learner {
            sorter: Sorter::new(folder, memory),
            second: Sorter::new(folder, memory),
            sites: FxHashMap::default(),
            identities: FxHashSet::default(),
            learned: Learned::default(),
        }
    }

    /// What was read so far.
    pub fn learned(&mut self) -> &mut Learned {
        &mut self.learned
    }

    /// Adds a page of a site.
    pub fn add(&mut self, site: &str, sketch: Sketch) -> io::Result<()> {
        self.learned.documents += 1;
        self.learned.without_site += u64::from(site == super::NO_SITE);
        let next = self.sites.len() as u64;
        let site = match self.sites.get(site) {
            Some(&site) => site,
            None => *self.sites.entry(site.into()).or_insert(next),
        };
        if !self.identities.insert(mix(sketch.identity, site)) {
            self.learned.copies += 1;
            return Ok(());
        }
        self.sorter.add([0, Subject::Site as u64, site], Counts { pages: 1, ..Counts::default() })?;
        for ((subject, hash), counts) in sketch.sightings {
            self.sorter.add([hash, subject as u64, site], counts)?;
        }
        Ok(())
    }

    /// Writes the profile.
    pub fn finish(self, out: impl Write) -> io::Result<Learned> {
        let Learner { sorter, mut second, sites, mut learned, .. } = self;
        let mut names: Vec<(Box<str>, u64)> = sites.into_iter().collect();
        names.sort_unstable();
        let mut rank = vec![0; names.len()];
        for (place, (_, site)) in names.iter().enumerate() {
            rank[*site as usize] = place as u64;
        }
        // By line first: only so is it known on how many sites a line stands.
        let mut group: Vec<([u64; 3], Counts)> = Vec::new();
        let mut flush = |group: &mut Vec<([u64; 3], Counts)>| -> io::Result<()> {
            let mut sites = Several::default();
            group.iter().for_each(|(_, counts)| sites.join(counts.sites));
            for ([hash, subject, site], counts) in group.drain(..) {
                if counts.pages >= PAGES || subject == Subject::Site as u64 {
                    second.add([rank[site as usize], subject, hash], Counts { sites, ..counts })?;
                }
            }
            Ok(())
        };
        for entry in sorter.finish() {
            let (key, counts) = entry?;
            if group.first().is_some_and(|(first, _)| first[..2] != key[..2]) {
                flush(&mut group)?;
            }
            group.push((key, counts));
        }
        flush(&mut group)?;
        learned.sites = names.len() as u64;
        let mut writer = Writer::new(out, Head { documents: learned.documents, copies: learned.copies })?;
        for entry in second.finish() {
            let ([place, subject, hash], counts) = entry?;
            let subject = Subject::ALL[subject as usize];
            learned.lines += u64::from(subject == Subject::Line);
            writer.write(&names[place as usize].0, subject, hash, &counts)?;
        }
        writer.finish()?;
        Ok(learned)
    }
}
