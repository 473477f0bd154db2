//! Counts by their keys, in order, however many there are.
//!
//! A table in memory takes them in and adds them up; when it is full it goes to a file without a name, sorted, and at the
//! end files and table are merged. Counts add up in any order, so what comes out does not depend on the memory: it is
//! exact, and costs some 30 bytes on disk, and its sample, for each distinct line of each table that was full.

use super::{Counts, Kind, Several};
use indexmap::IndexMap;
use indexmap::map::Entry;
use rustc_hash::FxBuildHasher;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// What counts are sorted by.
pub(crate) type Key = (u64, u64, u64);

/// So many files are merged at a time.
const FILES: usize = 128;

/// Bytes that are read and written at a time.
const BUFFER: usize = 1 << 16;

/// What an entry of the table takes beside its sample, in bytes: with its hash, and its place in the index, of which up to
/// half is free.
const ENTRY: usize = size_of::<(u64, Key, Counts)>() + 2 * size_of::<usize>();

/// What an allocation takes beside its bytes.
const ALLOCATION: usize = 16;

/// Takes counts in.
#[derive(Debug)]
pub(crate) struct Sorter {
    table: IndexMap<Key, Counts, FxBuildHasher>,
    /// Bytes that the table takes, and may take.
    bytes: usize,
    memory: usize,
    files: Vec<File>,
    /// Bytes that went to files.
    spilled: u64,
    folder: PathBuf,
}

impl Sorter {
    /// With room for so many bytes in memory; beyond, files go to a folder.
    pub fn new(folder: &Path, memory: usize) -> Self {
        let (table, folder) = (IndexMap::default(), folder.to_owned());
        Sorter { table, bytes: 0, memory, files: Vec::new(), spilled: 0, folder }
    }

    /// Gives it so many bytes from now on.
    pub fn make_do_with(&mut self, memory: usize) {
        self.memory = memory;
    }

    /// Bytes that went to files so far.
    pub fn spilled(&self) -> u64 {
        self.spilled
    }

    pub fn add(&mut self, key: Key, counts: Counts) -> io::Result<()> {
        match self.table.entry(key) {
            Entry::Occupied(mut known) => known.get_mut().add(counts),
            Entry::Vacant(place) => {
                self.bytes += ENTRY + counts.sample.len() + ALLOCATION;
                place.insert(counts);
            }
        }
        if self.bytes > self.memory { self.spill() } else { Ok(()) }
    }

    /// Empties the table into a file.
    fn spill(&mut self) -> io::Result<()> {
        if self.files.len() == FILES {
            let merged = Merged::new(std::mem::take(&mut self.files).into_iter().map(reader).collect());
            self.write(merged)?;
        }
        let mut table = std::mem::take(&mut self.table);
        table.sort_unstable_keys();
        self.bytes = 0;
        // Its room goes with it: the next table may have less.
        self.write(table.into_iter().map(Ok))
    }

    fn write(&mut self, entries: impl Iterator<Item = io::Result<(Key, Counts)>>) -> io::Result<()> {
        let mut file = BufWriter::with_capacity(BUFFER, tempfile::tempfile_in(&self.folder)?);
        for entry in entries {
            let (key, counts) = entry?;
            write(&mut file, key, &counts)?;
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.spilled += file.stream_position()?;
        file.rewind()?;
        self.files.push(file);
        Ok(())
    }

    /// Everything, by its keys in their order, each once. While it is read at most half of the memory is taken.
    pub fn finish(mut self) -> io::Result<impl Iterator<Item = io::Result<(Key, Counts)>>> {
        if !self.files.is_empty() || self.bytes > self.memory / 2 {
            self.spill()?;
        }
        self.table.sort_unstable_keys();
        let mut sources: Vec<_> = self.files.into_iter().map(reader).collect();
        sources.push(Box::new(self.table.into_iter().map(Ok)));
        Ok(Merged::new(sources))
    }
}

type Source = Box<dyn Iterator<Item = io::Result<(Key, Counts)>>>;

fn reader(file: File) -> Source {
    let mut file = BufReader::with_capacity(BUFFER, file);
    Box::new(std::iter::from_fn(move || read(&mut file).transpose()))
}

/// Sorted sources as one, in which counts of the same key are added up.
pub(crate) struct Merged<K, E, I> {
    sources: Vec<I>,
    /// The next entry of each source.
    heads: BinaryHeap<Head<K>>,
    failed: Option<E>,
}

impl<K: Ord, E, I: Iterator<Item = Result<(K, Counts), E>>> Merged<K, E, I> {
    pub fn new(sources: Vec<I>) -> Self {
        let mut merged = Merged { sources, heads: BinaryHeap::new(), failed: None };
        for from in 0..merged.sources.len() {
            let head = merged.read(from);
            merged.heads.extend(head);
        }
        merged
    }

    fn read(&mut self, from: usize) -> Option<Head<K>> {
        match self.sources[from].next()? {
            Ok((key, counts)) => Some(Head { key, from, counts }),
            Err(error) => {
                self.failed.get_or_insert(error);
                None
            }
        }
    }

    /// Takes the least entry; the next of its source comes in its place.
    fn pop(&mut self) -> Option<(K, Counts)> {
        let next = self.read(self.heads.peek()?.from);
        let mut least = self.heads.peek_mut()?;
        let Head { key, counts, .. } = match next {
            Some(next) => std::mem::replace(&mut *least, next),
            None => PeekMut::pop(least),
        };
        Some((key, counts))
    }
}

impl<K: Ord, E, I: Iterator<Item = Result<(K, Counts), E>>> Iterator for Merged<K, E, I> {
    type Item = Result<(K, Counts), E>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(failed) = self.failed.take() {
            return Some(Err(failed));
        }
        let (key, mut sum) = self.pop()?;
        while self.heads.peek().is_some_and(|next| next.key == key) {
            sum.add(self.pop()?.1);
        }
        Some(Ok((key, sum)))
    }
}

/// The next entry of a source. The greatest is the one with the least key.
struct Head<K> {
    key: K,
    from: usize,
    counts: Counts,
}

impl<K: Ord> Ord for Head<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        (&other.key, other.from).cmp(&(&self.key, self.from))
    }
}

impl<K: Ord> PartialOrd for Head<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord> PartialEq for Head<K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K: Ord> Eq for Head<K> {}

const KINDS: [Kind; 3] = [Kind::Line, Kind::Sentence, Kind::Prose];

/// Writes an entry. Most are of a line that was seen once: small numbers take a byte, and sets of few bits a byte a bit.
pub(super) fn write(file: &mut impl Write, (first, second, third): Key, counts: &Counts) -> io::Result<()> {
    let Counts { pages, head, inside, tail, bounds, above, below, sites, variants, words, kind, sample } = counts;
    file.write_all(&first.to_le_bytes())?;
    let kind = KINDS.iter().position(|known| known == kind).unwrap_or_default() as u64;
    let counts = [pages, head, inside, tail, bounds, words].map(|count| u64::from(*count));
    for number in [second, third, kind, sample.len() as u64].into_iter().chain(counts) {
        write_number(file, number)?;
    }
    for set in [above, below, sites, variants] {
        write_set(file, *set)?;
    }
    file.write_all(sample.as_bytes())
}

/// The next entry; none at the end.
pub(super) fn read(file: &mut impl Read) -> io::Result<Option<(Key, Counts)>> {
    let mut first = [0; 8];
    match file.read_exact(&mut first) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut number = || read_number(file);
    let key = (u64::from_le_bytes(first), number()?, number()?);
    let (kind, len) = (KINDS[number()? as usize % KINDS.len()], number()?);
    let mut count = || number().map(|count| count as u32);
    let [pages, head, inside, tail, bounds, words] = [count()?, count()?, count()?, count()?, count()?, count()?];
    let mut set = || read_set(file);
    let [above, below, sites, variants] = [set()?, set()?, set()?, set()?];
    let mut sample = vec![0; len as usize];
    file.read_exact(&mut sample)?;
    let sample = String::from_utf8(sample).map_err(io::Error::other)?.into();
    Ok(Some((key, Counts { pages, head, inside, tail, bounds, above, below, sites, variants, words, kind, sample })))
}

fn byte(file: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// Seven bits a byte, the lowest first; the highest bit says that there are more.
fn write_number(file: &mut impl Write, mut number: u64) -> io::Result<()> {
    while number >= 0x80 {
        file.write_all(&[number as u8 | 0x80])?;
        number >>= 7;
    }
    file.write_all(&[number as u8])
}

fn read_number(file: &mut impl Read) -> io::Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = byte(file)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Ok(number)
}

/// Sets of more bits are written as they are.
const FEW: u32 = 6;

fn write_set(file: &mut impl Write, Several(mut bits): Several) -> io::Result<()> {
    let count = bits.count_ones().min(FEW + 1);
    file.write_all(&[count as u8])?;
    if count > FEW {
        return file.write_all(&bits.to_le_bytes());
    }
    while bits != 0 {
        file.write_all(&[bits.trailing_zeros() as u8])?;
        bits &= bits - 1;
    }
    Ok(())
}

fn read_set(file: &mut impl Read) -> io::Result<Several> {
    let count = u32::from(byte(file)?);
    if count > FEW {
        let mut bits = [0; 8];
        file.read_exact(&mut bits)?;
        return Ok(Several(u64::from_le_bytes(bits)));
    }
    (0..count).try_fold(Several::default(), |set, _| Ok(Several(set.0 | 1 << (byte(file)? & 63))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_as_they_were_written() {
        let few =
            Counts { pages: 1, above: Several(1 << 63), sites: Several(7), sample: "é".into(), ..Counts::default() };
        let most = Counts {
            pages: u32::MAX,
            words: 300,
            above: Several(u64::MAX),
            below: Several(0x7f),
            kind: Kind::Prose,
            ..Counts::default()
        };
        let entries = [((u64::MAX, 3, u64::MAX), few), ((0, 0, 1 << 35), most)];
        let mut bytes = Vec::new();
        entries.iter().for_each(|(key, counts)| write(&mut bytes, *key, counts).expect("written"));
        let mut rest = bytes.as_slice();
        let came: Vec<_> = std::iter::from_fn(|| read(&mut rest).expect("read")).collect();
        assert_eq!(came, entries);
        // Cut off in the middle is no end.
        assert!(read(&mut &bytes[..9]).is_err());
    }
}
