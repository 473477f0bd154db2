//! What goes wrong with a document or a file, and never stops the others.

use std::fmt::{self, Display};
use std::io;
use std::path::Path;

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A file or folder could not be opened or read.
    Unreadable,
    /// Neither a file nor a folder: a pipe, a socket, a device.
    Special,
    /// A link leads back to a folder that it lies in.
    Loop,
    /// Two outputs would have one name.
    NameClash,
    /// In no encoding that is known or was named.
    Encoding,
    /// Not a record of its format: no JSON object, a row with too few cells.
    Malformed,
    /// A record without the field that is asked for, or with something else in it than text.
    Field,
    /// Longer than a record may be.
    TooLong,
    /// What was asked for cannot be made of it.
    Unsuited,
    /// Compressed data ends early.
    Truncated,
    /// Compressed or binary data is damaged.
    Corrupt,
    /// There is something behind the end of the data.
    Trailing,
    /// It unpacks to more than it may.
    Bomb,
    /// A defect of this program: cleaning it panicked.
    Defect,
    /// Written, but left as it came: it would have lost too much, or did not come to rest.
    Left,
}

impl Code {
    /// Its name, in lower case, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Code::Unreadable => "unreadable",
            Code::Special => "special",
            Code::Loop => "loop",
            Code::NameClash => "name-clash",
            Code::Encoding => "encoding",
            Code::Malformed => "malformed",
            Code::Field => "field",
            Code::TooLong => "too-long",
            Code::Unsuited => "unsuited",
            Code::Truncated => "truncated",
            Code::Corrupt => "corrupt",
            Code::Trailing => "trailing",
            Code::Bomb => "bomb",
            Code::Defect => "defect",
            Code::Left => "left",
        }
    }
}

/// What is wrong with something, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub code: Code,
    pub reason: String,
}

impl Fault {
    pub fn new(code: Code, reason: impl Display) -> Self {
        Fault { code, reason: reason.to_string() }
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Fault {}

/// As that which could not be read, unless the reader says more.
impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        error.downcast::<Fault>().unwrap_or_else(|error| Fault::new(Code::Unreadable, error))
    }
}

/// Something that could not be read, or was set aside or left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The file, by its path.
    pub file: String,
    /// Where it stands in the file, where it is one record's problem.
    pub place: Option<Place>,
    /// What kind of thing is wrong.
    pub code: Code,
    /// What is wrong.
    pub reason: String,
    /// The record's id, where it is known.
    pub id: Option<Box<str>>,
    /// The record as it came, of one that was set aside.
    pub raw: Box<[u8]>,
}

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// On this line, from 1 on, which begins at that byte of the unpacked file.
    Line {
        /// The line's number.
        number: u64,
        /// Bytes before it.
        offset: u64,
    },
    /// So many records came before it.
    Record(u64),
}

impl Problem {
    pub(crate) fn of_path(path: &Path, fault: impl Into<Fault>) -> Self {
        let Fault { code, reason } = fault.into();
        Problem { file: path.display().to_string(), place: None, code, reason, id: None, raw: Box::default() }
    }

    /// The line it stands on, where it is one line's problem.
    pub fn line(&self) -> Option<u64> {
        match self.place {
            Some(Place::Line { number, .. }) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.file)?;
        match self.place {
            Some(Place::Line { number, .. }) => write!(f, ":{number}")?,
            Some(Place::Record(before)) => write!(f, ": record {}", before + 1)?,
            None => {}
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for Problem {}
