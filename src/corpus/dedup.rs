//! Documents that come again: their cleaned text equals that of an earlier one, or nearly.
//!
//! Near means that the sets of their shingles of five words are alike: MinHash (Broder 1997) with locality-sensitive
//! hashing in 14 bands of 8 hashes, the numbers that datatrove takes. With similarity s a pair shares a band with a
//! probability of 1-(1-s^8)^14: 0.924 of 0.8, 0.9996 of 0.9. It counts where the signatures agree in four of five places
//! or more, so of pairs near 0.8 about half do.
//!
//! Threads make [`Print`]s of texts, and meet [`Firsts`] one after another, in the order of the inputs ([`Marker::turn`]),
//! so that what comes first does not depend on threads.

use super::Stop;
use gaoya::minhash::{
    IdContainer, MinHashIndex, MinHasher, MinHasher32, SipHasher24BuildHasher, SmallVecContainer,
    compute_minhash_similarity,
};
use rustc_hash::FxHashMap;
use std::collections::HashSet;
use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Which documents count as one, by their cleaned texts. What is kept of each that is new takes some 150 bytes of memory,
/// with [`Near`](Dedup::Near) 1,630.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dedup {
    /// Those in which every character is the same, white space at the ends aside.
    Exact,
    /// Those too that share about four of five shingles of five words, or more.
    Near,
}

const BANDS: usize = 14;
const BAND: usize = 8;
const HASHES: usize = BANDS * BAND;

/// Words of a shingle.
const SHINGLE: usize = 5;

/// The share of hashes that agree.
const ALIKE: f64 = 0.8;

/// Documents that are kept of those that share a band: where all come from one template, looking at each of them would
/// take time that grows with the square of their number.
const SHARING: usize = 64;

/// What is kept of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Print {
    exact: u128,
    /// Empty where only equal texts count.
    signature: Vec<u32>,
}

/// Makes prints.
struct Printer {
    dedup: Dedup,
    hasher: MinHasher32<SipHasher24BuildHasher>,
}

impl Printer {
    fn new(dedup: Dedup) -> Self {
        Printer { dedup, hasher: MinHasher32::new_with_hasher(HASHES, SipHasher24BuildHasher::default()) }
    }

    /// None of a text with nothing in it.
    fn print(&self, text: &str) -> Option<Print> {
        let text = Some(text.trim()).filter(|text| !text.is_empty())?;
        let half = blake3::hash(text.as_bytes()).as_bytes().first_chunk().copied()?;
        let signature = match self.dedup {
            Dedup::Exact => Vec::new(),
            Dedup::Near => self.signature(text),
        };
        Some(Print { exact: u128::from_le_bytes(half), signature })
    }

    fn signature(&self, text: &str) -> Vec<u32> {
        let words: Vec<&str> = text.split_whitespace().collect();
        self.hasher.create_signature(words.windows(SHINGLE.min(words.len())))
    }
}

/// Documents that share a band, the first of them.
struct Sharing(SmallVecContainer<u32, 4>);

impl IdContainer<u32> for Sharing {
    fn new() -> Self {
        Sharing(SmallVecContainer::new())
    }

    fn push(&mut self, document: u32) {
        if self.0.len() < SHARING {
            self.0.push(document);
        }
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn copy_to<S: BuildHasher>(&self, set: &mut HashSet<u32, S>) {
        self.0.copy_to(set);
    }

    fn copy_refs_to<'a, S: BuildHasher>(&'a self, set: &mut HashSet<&'a u32, S>) {
        self.0.copy_refs_to(set);
    }

    fn remove(&mut self, document: &u32) {
        self.0.remove(document);
    }
}

/// The documents that came first, by what is kept of their texts.
pub(crate) struct Firsts {
    ids: Vec<Box<str>>,
    exact: FxHashMap<u128, u32>,
    near: MinHashIndex<u32, u32, Sharing>,
}

/// An earlier document with the same text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Earlier {
    pub id: Box<str>,
    /// How alike they are, as far as signatures tell it, 0 to 1, in three digits.
    pub similarity: f64,
}

impl Firsts {
    pub fn new() -> Self {
        Firsts { ids: Vec::new(), exact: FxHashMap::default(), near: MinHashIndex::new_index(BANDS, BAND, ALIKE) }
    }

    /// The first document with this text, where there is one; else this is it.
    pub fn meet(&mut self, id: &str, print: &Print) -> Option<Earlier> {
        let equal = self.exact.get(&print.exact).map(|&first| (first, 1.0));
        let earlier = equal.or_else(|| self.nearly_equal(print));
        if earlier.is_none() {
            self.add(id, print.clone());
        }
        earlier.map(|(first, similarity)| Earlier { id: self.ids[first as usize].clone(), similarity })
    }

    /// Of those that are alike enough the first.
    fn nearly_equal(&self, print: &Print) -> Option<(u32, f64)> {
        let signature = Some(&print.signature).filter(|signature| !signature.is_empty())?;
        let first = **self.near.query(signature).iter().min()?;
        let similarity = compute_minhash_similarity(self.near.get_signature(&first)?, signature);
        Some((first, (similarity * 1000.0).round() / 1000.0))
    }

    fn add(&mut self, id: &str, print: Print) {
        let number = u32::try_from(self.ids.len()).expect("four thousand million documents do not fit into memory");
        self.ids.push(id.into());
        self.exact.insert(print.exact, number);
        if !print.signature.is_empty() {
            self.near.insert(number, print.signature);
        }
    }

    /// Those that another run [wrote](write) down in the first bytes of a file.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn load(path: &Path, bytes: u64) -> Result<Self, Stop> {
        let stop = |error| Stop::file(path, error);
        let mut file = BufReader::new(File::open(path).map_err(stop)?.take(bytes));
        let mut firsts = Firsts::new();
        while let Some((id, print)) = read(&mut file).map_err(stop)? {
            firsts.add(&id, print);
        }
        Ok(firsts)
    }
}

/// Writes down a document that came first: the lengths of its id and signature, and all of it.
pub(crate) fn write(id: &str, print: &Print, into: &mut Vec<u8>) {
    into.extend((id.len() as u32).to_le_bytes());
    into.extend((print.signature.len() as u32).to_le_bytes());
    into.extend(id.as_bytes());
    into.extend(print.exact.to_le_bytes());
    into.extend(print.signature.iter().flat_map(|hash| hash.to_le_bytes()));
}

fn read(file: &mut impl io::BufRead) -> io::Result<Option<(String, Print)>> {
    if file.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let (id, signature) = (u32::from_le_bytes(array(file)?), u32::from_le_bytes(array(file)?));
    let mut bytes = vec![0; id as usize];
    file.read_exact(&mut bytes)?;
    let id = String::from_utf8(bytes).map_err(io::Error::other)?;
    let exact = u128::from_le_bytes(array(file)?);
    let signature = (0..signature).map(|_| array(file).map(u32::from_le_bytes)).collect::<io::Result<_>>()?;
    Ok(Some((id, Print { exact, signature })))
}

fn array<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Finds documents that come again, for several threads.
pub(crate) struct Marker {
    printer: Printer,
    /// The piece of work whose turn it is, and what came before it.
    state: Mutex<(u64, Firsts)>,
    passed: Condvar,
}

impl Marker {
    pub fn new(dedup: Dedup, firsts: Firsts) -> Self {
        Marker { printer: Printer::new(dedup), state: Mutex::new((0, firsts)), passed: Condvar::new() }
    }

    /// What it was asked for.
    pub fn dedup(&self) -> Dedup {
        self.printer.dedup
    }

    /// What is kept of a text; `None` of one with nothing in it.
    pub fn print(&self, text: &str) -> Option<Print> {
        self.printer.print(text)
    }

    /// The turn of the nth piece of work, counted from 0. Each has to be taken, if only to be dropped, and work has to be
    /// begun in order: those behind wait for it.
    pub fn turn(&self, number: u64) -> Turn<'_> {
        Turn { marker: self, number }
    }
}

/// A piece of work's turn, which is over when it is dropped.
pub(crate) struct Turn<'m> {
    marker: &'m Marker,
    number: u64,
}

impl Turn<'_> {
    /// Waits for the turn.
    fn wait(&self) -> MutexGuard<'_, (u64, Firsts)> {
        let state = self.marker.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = self.marker.passed.wait_while(state, |(turn, _)| *turn != self.number);
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks, in turn, at what came first.
    pub fn meet<T>(self, work: impl FnOnce(&mut Firsts) -> T) -> T {
        work(&mut self.wait().1)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.wait().0 += 1;
        self.marker.passed.notify_all();
    }
}
