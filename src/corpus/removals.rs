//! The record of removals: one JSON object per removal, in the order of the documents.
//!
//! Two keys stand in it only where they are needed to restore exactly: `raw`, what stood in a JSONL line where that is
//! not what this program would write for `text`; and `place`, FILE:LINE (of plain text: FILE) in the clean output, where
//! the id does not tell which document is meant. Rows of a table count as lines.

use super::Stop;
use super::batches::split_lines;
use crate::Removal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// What stands before a removal's text.
#[derive(Serialize)]
struct Head<'r> {
    id: &'r str,
    start: usize,
    end: usize,
    rule: &'r str,
    confidence: f32,
    evidence: &'r str,
}

/// Writes one removal as a line. `raw` is the piece as its JSONL line spelled it.
pub(crate) fn write(id: &str, removal: &Removal, raw: Option<&str>, into: &mut Vec<u8>) {
    let Removal { span, rule, confidence, evidence, text, replacement } = removal;
    let head = Head { id, start: span.start, end: span.end, rule, confidence: *confidence, evidence };
    write_json(&head, into);
    // The object goes on.
    into.pop();
    write_key("text", into);
    let start = into.len();
    write_json(text, into);
    let raw = raw.filter(|raw| into[start + 1..into.len() - 1] != *raw.as_bytes());
    for (key, value) in [("replacement", Some(replacement.as_str()).filter(|it| !it.is_empty())), ("raw", raw)] {
        if let Some(value) = value {
            write_key(key, into);
            write_json(value, into);
        }
    }
    into.extend_from_slice(b"}\n");
}

/// Writes the key of another member of an object that has some.
pub(crate) fn write_key(key: &str, into: &mut Vec<u8>) {
    into.push(b',');
    write_json(key, into);
    into.push(b':');
}

/// Writes JSON.
pub(crate) fn write_json(value: &(impl Serialize + ?Sized), into: &mut Vec<u8>) {
    serde_json::to_writer(into, value).expect("numbers and strings can always be written");
}

/// Copies objects that stand a line each, and adds the place of their document where there is one to add.
pub(crate) fn write_placed(lines: &[u8], place: Option<&str>, into: &mut Vec<u8>) {
    let Some(place) = place else { return into.extend_from_slice(lines) };
    for line in split_lines(lines) {
        if let Some(open) = line.strip_suffix(b"}\n") {
            into.extend_from_slice(open);
            write_key("place", into);
            write_json(place, into);
            into.extend_from_slice(b"}\n");
        }
    }
}

/// What is said of a document in a record that goes beside the output, a line each, in the order of the documents.
pub(crate) trait Entry: DeserializeOwned {
    /// What an entry is called in messages, and several.
    const NAME: &str;
    const NAMES: &str;

    fn id(&self) -> &str;

    /// Where the document stands, where its id does not tell which is meant.
    fn place(&self) -> Option<&str>;

    /// What tells the document among texts.
    fn document(&self) -> &str {
        self.place().unwrap_or(self.id())
    }
}

/// A removal as it is read for restoring.
#[derive(Debug, Deserialize)]
pub(crate) struct Removed {
    pub id: String,
    pub start: usize,
    pub end: usize,
    pub text: String,
    #[serde(default)]
    pub replacement: String,
    pub raw: Option<String>,
    place: Option<String>,
}

impl Entry for Removed {
    const NAME: &str = "removal";
    const NAMES: &str = "removals";

    fn id(&self) -> &str {
        &self.id
    }

    fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }
}

/// Reads entries from the beginning of their file to its end.
pub(crate) struct Entries<E> {
    path: PathBuf,
    lines: BufReader<File>,
    number: u64,
    head: Option<E>,
}

impl<E: Entry> Entries<E> {
    pub fn open(path: &Path) -> Result<Self, Stop> {
        let file = File::open(path).map_err(|error| Stop::file(path, error))?;
        let mut entries = Entries { path: path.to_owned(), lines: BufReader::new(file), number: 0, head: None };
        entries.advance()?;
        Ok(entries)
    }

    /// The entry that comes next.
    pub fn head(&self) -> Option<&E> {
        self.head.as_ref()
    }

    /// Takes the entries that come next, as long as they are wanted.
    pub fn take_while(&mut self, wanted: impl Fn(&E) -> bool) -> Result<Vec<E>, Stop> {
        let mut taken = Vec::new();
        while let Some(entry) = self.take_if(&wanted)? {
            taken.push(entry);
        }
        Ok(taken)
    }

    /// Takes the entry that comes next, if it is wanted.
    pub fn take_if(&mut self, wanted: impl Fn(&E) -> bool) -> Result<Option<E>, Stop> {
        if !self.head.as_ref().is_some_and(wanted) {
            return Ok(None);
        }
        let taken = self.head.take();
        self.advance().map(|()| taken)
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`Stop::Restore`] where there is an entry that nothing took.
    pub fn finish(self) -> Result<(), Stop> {
        let Some(entry) = self.head else { return Ok(()) };
        let (file, names, document) = (self.path.display(), E::NAMES, entry.document());
        Err(Stop::Restore(format!("{file}: the {names} from {document} belong to no document in this input")))
    }

    fn advance(&mut self) -> Result<(), Stop> {
        let mut line = Vec::new();
        self.number += 1;
        self.lines.read_until(b'\n', &mut line).map_err(|error| Stop::file(&self.path, error))?;
        if line.is_empty() {
            return Ok(());
        }
        let entry = serde_json::from_slice(&line);
        let wrong =
            |error| Stop::Restore(format!("{}:{}: not a {}: {error}", self.path.display(), self.number, E::NAME));
        self.head = Some(entry.map_err(wrong)?);
        Ok(())
    }
}

/// Ids that were met, in fixed space: a Bloom filter. It never misses one that was met; one in ten thousand it believes
/// to have met among a million, which costs a `place` that was not needed.
pub(crate) struct Seen(Vec<u64>);

impl Seen {
    const BITS: u64 = 1 << 25;
    const PROBES: u64 = 4;

    pub fn new() -> Self {
        Seen(vec![0; (Self::BITS / u64::from(u64::BITS)) as usize])
    }

    /// What another run met.
    pub fn load(path: &Path) -> Result<Self, Stop> {
        let bytes = std::fs::read(path).map_err(|error| Stop::file(path, error))?;
        let (words, _) = bytes.as_chunks();
        Ok(Seen(words.iter().map(|word| u64::from_le_bytes(*word)).collect()))
    }

    /// Puts it on the disk.
    pub fn save(&self, path: &Path) -> Result<(), Stop> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|word| word.to_le_bytes()).collect();
        let write = |mut file: File| file.write_all(&bytes).and_then(|()| file.sync_data());
        File::create(path).and_then(write).map_err(|error| Stop::file(path, error))
    }

    /// What is kept of an id.
    pub fn hash(id: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        hasher.finish()
    }

    /// Notes an id by its hash, and tells whether it was met before.
    pub fn insert(&mut self, hash: u64) -> bool {
        let (first, step) = (hash, hash.rotate_left(32) | 1);
        let mut met = true;
        for probe in 0..Self::PROBES {
            let bit = first.wrapping_add(probe.wrapping_mul(step)) % Self::BITS;
            let (word, mask) = (&mut self.0[(bit / 64) as usize], 1 << (bit % 64));
            met &= *word & mask != 0;
            *word |= mask;
        }
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_spelling_is_kept_beside_the_text() {
        for (text, raw, is_ours) in [
            ("a\n\"b\"\\", r#"a\n\"b\"\\"#, true),
            ("é", "é", true),
            ("/", r"\/", false),
            ("é", r"\u00e9", false),
            ("\u{1f}", r"\u001F", false),
        ] {
            let removal = Removal {
                span: 0..text.len(),
                rule: "link-list",
                confidence: 0.5,
                evidence: "".into(),
                text: text.to_owned(),
                replacement: String::new(),
            };
            let mut line = Vec::new();
            write("1", &removal, Some(raw), &mut line);
            let entry: Removed = serde_json::from_slice(&line).expect("a removal");
            assert_eq!((entry.text.as_str(), entry.raw.as_deref()), (text, (!is_ours).then_some(raw)));
        }
    }
}
