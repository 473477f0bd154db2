//! Counts by their keys, in order, however many there are.
//!
//! A table in memory takes them in and adds them up; when it is full it goes to a file without a name, sorted, and at the
//! end files and table are merged. Counts add up in any order, so what comes out does not depend on the memory: it is
//! exact, and costs 88 bytes on disk, and its sample, for each distinct line of each table that was full.

use super::{Counts, Kind, Several};
use rustc_hash::FxHashMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, Write};
use std::iter::Peekable;
use std::path::{Path, PathBuf};

/// What counts are sorted by.
pub(crate) type Key = [u64; 3];

/// So many files are merged at a time.
const FILES: usize = 64;

/// What an entry of the table takes beside its sample, in bytes, with the table's own room.
const ENTRY: usize = 2 * (size_of::<Key>() + size_of::<Counts>());

/// Takes counts in.
#[derive(Debug)]
pub(crate) struct Sorter {
    table: FxHashMap<Key, Counts>,
    /// Bytes that the table takes, and may take.
    bytes: usize,
    memory: usize,
    files: Vec<File>,
    folder: PathBuf,
}

impl Sorter {
    /// With room for so many bytes in memory; beyond, files go to a folder.
    pub fn new(folder: &Path, memory: usize) -> Self {
        Sorter { table: FxHashMap::default(), bytes: 0, memory, files: Vec::new(), folder: folder.to_owned() }
    }

    pub fn add(&mut self, key: Key, counts: Counts) -> io::Result<()> {
        match self.table.get_mut(&key) {
            Some(known) => known.add(counts),
            None => {
                self.bytes += ENTRY + counts.sample.len();
                self.table.insert(key, counts);
            }
        }
        if self.bytes > self.memory { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> io::Result<()> {
        if self.files.len() == FILES {
            let merged = Merged::new(std::mem::take(&mut self.files).into_iter().map(reader).collect());
            self.write(merged)?;
        }
        self.bytes = 0;
        let table = sorted(std::mem::take(&mut self.table));
        self.write(table.map(Ok))
    }

    fn write(&mut self, entries: impl Iterator<Item = io::Result<(Key, Counts)>>) -> io::Result<()> {
        let mut file = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
        for entry in entries {
            let (key, counts) = entry?;
            write(&mut file, key, &counts)?;
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.files.push(file);
        Ok(())
    }

    /// Everything, by its keys in their order, each once.
    pub fn finish(self) -> impl Iterator<Item = io::Result<(Key, Counts)>> {
        let mut sources: Vec<_> = self.files.into_iter().map(reader).collect();
        sources.push(Box::new(sorted(self.table).map(Ok)));
        Merged::new(sources)
    }
}

type Source = Box<dyn Iterator<Item = io::Result<(Key, Counts)>>>;

fn sorted(table: FxHashMap<Key, Counts>) -> impl Iterator<Item = (Key, Counts)> {
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    entries.into_iter()
}

fn reader(file: File) -> Source {
    let mut file = BufReader::new(file);
    Box::new(std::iter::from_fn(move || read(&mut file).transpose()))
}

/// Sorted sources as one, in which counts of the same key are added up.
pub(crate) struct Merged<I: Iterator>(Vec<Peekable<I>>);

impl<I: Iterator> Merged<I> {
    pub fn new(sources: Vec<I>) -> Self {
        Merged(sources.into_iter().map(Iterator::peekable).collect())
    }
}

impl<K: Ord + Clone, E, I: Iterator<Item = Result<(K, Counts), E>>> Iterator for Merged<I> {
    type Item = Result<(K, Counts), E>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_failed = |source: &mut Peekable<I>| matches!(source.peek(), Some(Err(_)));
        if let Some(failed) = self.0.iter_mut().find_map(|source| is_failed(source).then(|| source.next())) {
            return failed;
        }
        let key = |source: &mut Peekable<I>| source.peek().and_then(|entry| Some(entry.as_ref().ok()?.0.clone()));
        let least = self.0.iter_mut().filter_map(key).min()?;
        let mut sum = Counts::default();
        for source in &mut self.0 {
            if let Some(Ok((_, counts))) = source.next_if(|entry| entry.as_ref().is_ok_and(|(key, _)| *key == least)) {
                sum.add(counts);
            }
        }
        Some(Ok((least, sum)))
    }
}

const KINDS: [Kind; 3] = [Kind::Line, Kind::Sentence, Kind::Prose];

fn write(file: &mut impl Write, key: Key, counts: &Counts) -> io::Result<()> {
    let Counts { pages, head, inside, tail, bounds, above, below, sites, variants, words, kind, sample } = counts;
    for long in key.into_iter().chain([above.0, below.0, sites.0, variants.0]) {
        file.write_all(&long.to_le_bytes())?;
    }
    let kind = KINDS.iter().position(|known| known == kind).unwrap_or_default() as u32;
    for short in [*pages, *head, *inside, *tail, *bounds, *words, kind, sample.len() as u32] {
        file.write_all(&short.to_le_bytes())?;
    }
    file.write_all(sample.as_bytes())
}

/// The next entry; none at the end.
fn read(file: &mut impl Read) -> io::Result<Option<(Key, Counts)>> {
    let mut first = [0; 8];
    match file.read_exact(&mut first) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut long = || -> io::Result<u64> {
        let mut bytes = [0; 8];
        file.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    };
    let key = [u64::from_le_bytes(first), long()?, long()?];
    let [above, below, sites, variants] = [long()?, long()?, long()?, long()?].map(Several);
    let mut two = || long().map(|two| (two as u32, (two >> 32) as u32));
    let [(pages, head), (inside, tail), (bounds, words), (kind, length)] = [two()?, two()?, two()?, two()?];
    let mut sample = vec![0; length as usize];
    file.read_exact(&mut sample)?;
    let sample = String::from_utf8(sample).map_err(io::Error::other)?.into();
    let kind = KINDS[kind as usize % KINDS.len()];
    Ok(Some((key, Counts { pages, head, inside, tail, bounds, above, below, sites, variants, words, kind, sample })))
}
