//! Learning: sketches of pages in, counts of sites out.

use super::file::{Head, Writer};
use super::parts::Parts;
use super::sketch::Sketch;
use super::sorter::{self, Key, Merged, Sorter};
use super::{Counts, Several, Subject};
use crate::words::mix;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::io::{self, BufReader, Seek, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;

/// What a line has to be on at least to be written down.
const PAGES: u32 = 2;

/// What a site takes beside its name, in bytes.
const NAME: usize = 64;

/// One part in so many of the memory is for what nobody counts: pages under way, and what the allocator holds back. Measured
/// at half a gigabyte it takes more than a fifth.
const ASIDE: usize = 4;

/// Bytes of one line's sites that stay in memory.
const SITED: usize = 1 << 16;

/// What learning came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Learned {
    /// Bytes read, unpacked.
    pub bytes: u64,
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
    /// Bytes that went to files while reading, since there was no room for them in memory.
    pub spilled: u64,
}

/// Adds pages up.
///
/// In memory are tables of limited size ([`Parts`]), the names of sites, and some 16 bytes a page to know copies by. The
/// tables leave room for the others, down to half of the memory.
#[derive(Debug)]
pub(crate) struct Learner {
    memory: usize,
    parts: Parts,
    folder: PathBuf,
    sites: FxHashMap<Box<str>, u64>,
    /// Bytes of the sites' names, with the room they take in the table.
    names: usize,
    identities: Identities,
    learned: Learned,
}

impl Learner {
    /// With so many bytes of memory; what is beyond goes to files in a folder. Counts are added up by so many threads.
    pub fn new(folder: &Path, memory: usize, threads: NonZeroUsize) -> Self {
        Learner {
            memory,
            parts: Parts::new(folder, memory, threads),
            folder: folder.to_owned(),
            sites: FxHashMap::default(),
            names: 0,
            identities: Identities::default(),
            learned: Learned::default(),
        }
    }

    /// What was read so far.
    pub fn learned(&mut self) -> &mut Learned {
        self.learned.spilled = self.parts.spilled();
        &mut self.learned
    }

    /// Adds a page of a site.
    pub fn add(&mut self, site: &str, sketch: Sketch) -> io::Result<()> {
        self.learned.documents += 1;
        self.learned.without_site += u64::from(site == super::NO_SITE);
        let site = self.number(site);
        if !self.identities.insert(mix(sketch.identity, site)) {
            self.learned.copies += 1;
            return Ok(());
        }
        self.leave_room();
        self.parts.add((0, Subject::Site as u64, site), Counts { pages: 1, ..Counts::default() })?;
        for ((subject, hash), counts) in sketch.sightings {
            self.parts.add((hash, subject as u64, site), counts)?;
        }
        Ok(())
    }

    /// The number of a site, in the order in which they came.
    fn number(&mut self, site: &str) -> u64 {
        if let Some(&number) = self.sites.get(site) {
            return number;
        }
        let number = self.sites.len() as u64;
        self.names += site.len() + NAME;
        self.sites.insert(site.into(), number);
        number
    }

    fn leave_room(&mut self) {
        let known = self.names + self.identities.bytes() + self.memory / ASIDE;
        self.parts.make_do_with(self.memory.saturating_sub(known).max(self.memory / 2));
    }

    /// Writes the profile.
    pub fn finish(self, out: impl Write) -> io::Result<Learned> {
        let Learner { memory, parts, folder, sites, identities, mut learned, .. } = self;
        drop(identities);
        let mut names: Vec<(Box<str>, u64)> = sites.into_iter().collect();
        names.sort_unstable();
        let mut rank = vec![0; names.len()];
        for (place, (_, site)) in names.iter().enumerate() {
            rank[*site as usize] = place as u64;
        }
        let by_line = parts.finish()?;
        learned.spilled = by_line.iter().map(Sorter::spilled).sum();
        let memory = memory / by_line.len();
        let sort = |by_line| by_site(by_line, &rank, Sorter::new(&folder, memory / 2), &folder);
        let by_site: Vec<Sorter> = by_line.into_par_iter().map(sort).collect::<io::Result<_>>()?;
        learned.sites = names.len() as u64;
        let mut writer = Writer::new(out, Head { documents: learned.documents, copies: learned.copies })?;
        for entry in Merged::new(by_site.into_iter().map(Sorter::finish).collect::<io::Result<_>>()?) {
            let ((place, subject, hash), counts) = entry?;
            let subject = Subject::ALL[subject as usize];
            learned.lines += u64::from(subject == Subject::Line);
            writer.write(&names[place as usize].0, subject, hash, &counts)?;
        }
        writer.finish()?;
        Ok(learned)
    }
}

/// What is written down, by sites. The counts come by lines: only so is it known on how many sites a line stands.
fn by_site(by_line: Sorter, rank: &[u64], mut by_site: Sorter, folder: &Path) -> io::Result<Sorter> {
    let mut line = Sited { key: (0, 0), sites: Several::default(), entries: None, folder };
    for entry in by_line.finish()? {
        let (key, counts) = entry?;
        if (key.0, key.1) != line.key {
            line.hand_on(rank, &mut by_site)?;
            line.key = (key.0, key.1);
        }
        line.add(key, counts)?;
    }
    line.hand_on(rank, &mut by_site)?;
    Ok(by_site)
}

/// Pages that were read, by what they say: in many tables, since a table is there twice while it grows.
#[derive(Debug, Default)]
struct Identities {
    tables: [FxHashSet<u64>; TABLES],
}

const TABLES: usize = 32;

impl Identities {
    /// What an identity takes in a table, in bytes.
    const EACH: usize = 11;

    /// False where it is known.
    fn insert(&mut self, identity: u64) -> bool {
        self.tables[(identity >> 32) as usize % TABLES].insert(identity)
    }

    fn bytes(&self) -> usize {
        self.tables.iter().map(FxHashSet::capacity).sum::<usize>() * Self::EACH
    }
}

/// One line, brand or affix, site by site, until all its sites are known. Of a line that all the sites there are share,
/// most goes to a file.
struct Sited<'f> {
    /// The hash, and what it is of.
    key: (u64, u64),
    sites: Several,
    entries: Option<SpooledTempFile>,
    folder: &'f Path,
}

impl Sited<'_> {
    /// Keeps what is written down, and notes every site.
    fn add(&mut self, key: Key, counts: Counts) -> io::Result<()> {
        self.sites.join(counts.sites);
        if counts.pages < PAGES && key.1 != Subject::Site as u64 {
            return Ok(());
        }
        let mut entry = Vec::new();
        sorter::write(&mut entry, key, &counts)?;
        self.entries.get_or_insert_with(|| tempfile::spooled_tempfile_in(SITED, self.folder)).write_all(&entry)
    }

    /// Passes everything on, by sites, and is empty again.
    fn hand_on(&mut self, rank: &[u64], to: &mut Sorter) -> io::Result<()> {
        let sites = std::mem::take(&mut self.sites);
        let Some(mut entries) = self.entries.take() else { return Ok(()) };
        entries.rewind()?;
        let mut entries = BufReader::new(entries);
        while let Some(((hash, subject, site), counts)) = sorter::read(&mut entries)? {
            to.add((rank[site as usize], subject, hash), Counts { sites, ..counts })?;
        }
        Ok(())
    }
}
