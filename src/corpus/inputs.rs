//! What is read: files, folders and streams, and the records in them.

use super::batches::{Batch, Batches};
use super::jsonl;
use super::walk::Walk;
use encoding_rs::Encoding;
use same_file::Handle;
use std::ffi::OsStr;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// To be told by its name, else by its first byte that is no white space: `{` opens JSONL.
    #[default]
    Auto,
    /// One document.
    Text,
    /// One JSON object per line, each with a document.
    Jsonl,
}

/// The fields of a JSONL record that are looked at. Of a field that comes twice, the last counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// Names the record.
    pub id: String,
    /// Holds its text.
    pub text: String,
    /// Holds its address.
    pub url: String,
}

/// How inputs are read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What they hold.
    pub format: Format,
    /// The fields of records in JSONL.
    pub fields: Fields,
    /// The encoding of inputs without a byte order mark, where it is not UTF-8.
    pub encoding: Option<&'static Encoding>,
}

impl Default for Fields {
    fn default() -> Self {
        Fields { id: "id".to_owned(), text: "text".to_owned(), url: "url".to_owned() }
    }
}

/// One document and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// Its id: the id field's value, else FILE:LINE; of plain text the path below the input folder.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Its address, where the record has one.
    pub url: Option<String>,
    /// The file, by its path below the input folder.
    pub file: String,
    /// The line in a JSONL file, from 1 on.
    pub line: Option<u64>,
}

/// Something that could not be read, or was set aside or left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {reason}", .line.map(|line| format!(":{line}")).unwrap_or_default())]
#[non_exhaustive]
pub struct Problem {
    /// The file, by its path.
    pub file: String,
    /// The line in it, from 1 on, where it is one line's problem.
    pub line: Option<u64>,
    /// What is wrong.
    pub reason: String,
}

impl Problem {
    pub(crate) fn of_path(path: &Path, reason: impl Display) -> Self {
        Problem { file: path.display().to_string(), line: None, reason: reason.to_string() }
    }
}

/// One file or stream.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Where it is; `-` is standard input.
    pub path: PathBuf,
    /// Where it goes in a tree of outputs.
    pub below: PathBuf,
    /// What ids and places begin with: `below` with `/` between its parts.
    pub name: String,
    /// Size in bytes of a regular file.
    pub len: Option<u64>,
}

impl Source {
    fn new(path: PathBuf, below: PathBuf, len: Option<u64>) -> Self {
        let parts: Vec<_> = below.iter().map(OsStr::to_string_lossy).collect();
        Source { name: parts.join("/"), path, below, len }
    }

    /// Where a record stands: FILE:LINE, or FILE alone.
    pub fn place(&self, line: Option<u64>) -> String {
        line.map_or_else(|| self.name.clone(), |line| format!("{}:{line}", self.name))
    }

    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match is_stdin(&self.path) {
            true => Ok(Box::new(io::stdin())),
            false => Ok(Box::new(File::open(&self.path)?)),
        }
    }

    pub fn problem(&self, line: Option<u64>, reason: impl Display) -> Problem {
        Problem { line, ..Problem::of_path(&self.path, reason) }
    }
}

/// Files, folders and streams to read.
#[derive(Debug, Clone)]
pub struct Inputs {
    roots: Vec<Root>,
    reading: Reading,
    wants: fn(&OsStr) -> bool,
    skip: Vec<PathBuf>,
}

/// One path that was asked for, and what stands before the names of the files below it.
#[derive(Debug, Clone)]
struct Root {
    path: PathBuf,
    prefix: PathBuf,
}

impl Inputs {
    /// Inputs by their paths; `-` or none at all for standard input. Below a folder every `.txt` and `.jsonl` is read.
    ///
    /// A file's name is its path below the input folder; where there are several inputs, the folder's own name stands
    /// before it.
    pub fn new(paths: &[PathBuf], reading: Reading) -> Self {
        let only_one = paths.len() <= 1;
        let stdin = [PathBuf::from("-")];
        let paths = if paths.is_empty() { &stdin } else { paths };
        let root = |path: &PathBuf| {
            let in_folder = only_one && path.is_dir();
            Root { path: path.clone(), prefix: if in_folder { PathBuf::new() } else { own_name(path) } }
        };
        Inputs { roots: paths.iter().map(root).collect(), reading, wants: is_corpus_file, skip: Vec::new() }
    }

    /// What [`clean`](super::clean) wrote: a file, or a folder of which every file is read, whatever its name.
    pub fn of_cleaned(path: &Path, reading: Reading) -> Self {
        Inputs { wants: |_| true, ..Self::new(&[path.to_owned()], reading) }
    }

    /// Reads the inputs in the order of their names, as a folder that holds them will be walked.
    pub(crate) fn sort(&mut self) {
        self.roots.sort_by(|a, b| a.prefix.cmp(&b.prefix));
    }

    /// Stays clear of a file or folder that lies below an input folder.
    pub(crate) fn skip(&mut self, path: &Path) {
        self.skip.extend(path.canonicalize());
    }

    /// The paths that were asked for.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.roots.iter().map(|root| root.path.as_path())
    }

    /// The name that two inputs share, if any do: a tree of outputs could not hold both.
    pub(crate) fn shared_name(&self) -> Option<&Path> {
        let mut names: Vec<&Path> = self.roots.iter().map(|root| root.prefix.as_path()).collect();
        names.sort();
        names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }

    /// True where there is one input, and it is no folder.
    pub fn is_single(&self) -> bool {
        matches!(self.roots.as_slice(), [root] if !root.path.is_dir())
    }

    /// True where standard input is read, and is the regular file of this path.
    pub(crate) fn is_stdin(&self, path: &Path) -> bool {
        let is_read = self.paths().any(is_stdin);
        is_read
            && path.is_file()
            && Handle::stdin().is_ok_and(|stdin| Handle::from_path(path).is_ok_and(|h| h == stdin))
    }

    /// The size of all that is read, in bytes, as far as it can be read; `None` where there is a stream among it. Walks
    /// through every folder.
    pub fn size(&self) -> Option<u64> {
        self.sources().filter_map(Result::ok).map(|source| source.len).sum()
    }

    pub(crate) fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Every file and stream, in order.
    pub(crate) fn sources(&self) -> impl Iterator<Item = Result<Source, Problem>> + '_ {
        self.roots.iter().flat_map(|root| self.sources_below(root))
    }

    fn sources_below(&self, root: &Root) -> Box<dyn Iterator<Item = Result<Source, Problem>>> {
        let source = |len| Source::new(root.path.clone(), root.prefix.clone(), len);
        if is_stdin(&root.path) {
            return Box::new(std::iter::once(Ok(source(None))));
        }
        match fs::metadata(&root.path) {
            Err(error) => Box::new(std::iter::once(Err(Problem::of_path(&root.path, error)))),
            Ok(metadata) if metadata.is_dir() => match Walk::new(&root.path, self.wants, self.skip.clone()) {
                Err(problem) => Box::new(std::iter::once(Err(problem))),
                Ok(walk) => {
                    let prefix = root.prefix.clone();
                    Box::new(
                        walk.map(move |found| found.map(|f| Source::new(f.path, prefix.join(f.below), Some(f.len)))),
                    )
                }
            },
            Ok(metadata) => Box::new(std::iter::once(Ok(source(metadata.is_file().then_some(metadata.len()))))),
        }
    }

    pub(crate) fn batches(&self) -> Batches<'_> {
        Batches::new(self)
    }

    /// Every record, in order: folders are walked in the order of names.
    pub fn records(&self) -> impl Iterator<Item = Result<Record, Problem>> + '_ {
        self.batches().flat_map(|batch| match batch {
            Ok(batch) => self.records_of(batch),
            Err(problem) => vec![Err(problem)],
        })
    }

    fn records_of(&self, batch: Batch) -> Vec<Result<Record, Problem>> {
        match batch {
            Batch::Texts(texts) => texts.into_iter().map(|text| self.text_record(text)).collect(),
            Batch::Lines(lines) => {
                lines.records(&self.reading.fields).map(|line| line.map(jsonl::Line::into_record)).collect()
            }
        }
    }

    fn text_record(&self, text: super::batches::Text) -> Result<Record, Problem> {
        let source = text.source.clone();
        let bytes = text.bytes()?;
        let (text, _) = crate::decode::text(&bytes, self.reading.encoding).map_err(|e| source.problem(None, e))?;
        Ok(Record { id: source.name.clone(), text: text.into_owned(), url: None, file: source.name, line: None })
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The name of a file or folder itself, however the path leads to it.
fn own_name(path: &Path) -> PathBuf {
    let name = path.file_name().map(OsStr::to_owned);
    let name = name.or_else(|| path.canonicalize().ok()?.file_name().map(OsStr::to_owned));
    name.map_or_else(|| path.to_owned(), PathBuf::from)
}

fn is_corpus_file(name: &OsStr) -> bool {
    matches!(format_of(name.as_ref()), Some(Format::Text | Format::Jsonl))
}

/// What a file's name says it holds.
pub(crate) fn format_of(name: &Path) -> Option<Format> {
    let extension = name.extension()?.to_str()?;
    match () {
        () if extension.eq_ignore_ascii_case("txt") => Some(Format::Text),
        () if extension.eq_ignore_ascii_case("jsonl") => Some(Format::Jsonl),
        () => None,
    }
}
