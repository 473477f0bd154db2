//! What is read: files, folders, streams, and the records in them.

use encoding_rs::Encoding;
use std::path::PathBuf;

/// What an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// To be told by its name, else by its first byte: `{` opens JSONL.
    #[default]
    Auto,
    /// One document.
    Text,
    /// One JSON object per line, each with a document.
    Jsonl,
}

/// The fields of a JSONL record that are looked at.
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
#[derive(Debug, Clone)]
pub struct Reading {
    /// What they hold.
    pub format: Format,
    /// The fields of records in JSONL.
    pub fields: Fields,
    /// The encoding of inputs without a byte order mark, where it is not UTF-8.
    pub encoding: Option<&'static Encoding>,
}

/// One document and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id: the id field's value, else FILE:LINE; for plain text the path below the input folder.
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

/// Something that could not be read, or was set aside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {reason}", .line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct Problem {
    /// The file, as a user would name it.
    pub file: String,
    /// The line in it, from 1 on, where it is one line's problem.
    pub line: Option<u64>,
    /// What is wrong.
    pub reason: String,
}

/// Files, folders and streams to read.
#[derive(Debug, Clone)]
pub struct Inputs {
    paths: Vec<PathBuf>,
    reading: Reading,
}

impl Inputs {
    /// Inputs by their paths; `-` or none at all for standard input.
    pub fn new(paths: &[PathBuf], reading: Reading) -> Self {
        Inputs { paths: paths.to_vec(), reading }
    }

    /// Every record, in order: folders are walked in the order of names.
    pub fn records(&self) -> impl Iterator<Item = Result<Record, Problem>> + '_ {
        let _ = (&self.paths, &self.reading);
        std::iter::empty()
    }
}
