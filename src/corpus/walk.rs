//! Folders in the order of names, in little memory whatever their size.
//!
//! The order is that of the names that outputs will have, so that whoever walks through the outputs meets them in it too.
//!
//! Sorting a folder's names takes all of them in memory. So the walk takes the [`NAMES`] smallest, then reads the
//! folder again for those that come next: a folder of a million files is read some thirty times, which is still nothing
//! beside reading the files.

use super::inputs::Renaming;
use super::output;
use super::problem::{Code, Fault, Problem};
use std::collections::BinaryHeap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Names kept of one folder at a time.
const NAMES: usize = 1 << 15;

/// A regular file below a folder.
#[derive(Debug)]
pub(crate) struct Found {
    pub path: PathBuf,
    /// Path below the folder.
    pub below: PathBuf,
    /// Size in bytes.
    pub len: u64,
}

/// Every wanted file below a folder. Symbolic links are followed, but never in a circle.
#[derive(Debug)]
pub(crate) struct Walk {
    wants: fn(&OsStr) -> bool,
    renaming: Renaming,
    skip: Skipped,
    levels: Vec<Level>,
}

/// What a walk stays clear of, and of all that lies below: real paths.
#[derive(Debug, Clone, Default)]
pub(crate) struct Skipped {
    pub paths: Vec<PathBuf>,
    /// Files whose shards are meant, those to come too.
    pub sharded: Vec<PathBuf>,
}

impl Skipped {
    fn holds(&self, real: &Path) -> bool {
        let is_shard = |path: &PathBuf| {
            let name = real.file_name().filter(|_| real.parent() == path.parent());
            name.is_some_and(|name| output::shard_number(path, name).is_some())
        };
        self.paths.iter().any(|path| path == real) || self.sharded.iter().any(is_shard)
    }
}

/// A folder on the way from the root to where the walk is.
#[derive(Debug)]
struct Level {
    path: PathBuf,
    below: PathBuf,
    /// The path without links.
    real: PathBuf,
    names: std::vec::IntoIter<Name>,
    /// The last name taken; those that come next are greater.
    last: Option<Name>,
    /// The last output name that was given away.
    given: Option<OsString>,
    ended: bool,
}

/// The name of something in a folder. Names that differ in case alone stand together. Of those with one output name, that
/// which bears it already comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    folded: OsString,
    output: OsString,
    is_renamed: bool,
    name: OsString,
}

impl Walk {
    /// A walk below `root`, for the files whose names are wanted, past what is to be skipped.
    pub fn new(root: &Path, wants: fn(&OsStr) -> bool, renaming: Renaming, skip: Skipped) -> Result<Self, Problem> {
        let real = root.canonicalize().map_err(|error| Problem::of_path(root, error))?;
        let level = Level::new(root.to_owned(), PathBuf::new(), real);
        Ok(Walk { wants, renaming, skip, levels: vec![level] })
    }

    /// What a name in the current folder leads to: a file, or nothing but a step down.
    fn visit(&mut self, Name { name, output, .. }: Name) -> Result<Option<Found>, Problem> {
        let level = self.levels.last_mut().expect("a name comes from a level");
        let (path, below) = (level.path.join(&name), level.below.join(&name));
        let wanted = (self.wants)(&name);
        let metadata = match fs::metadata(&path) {
            // A link that leads nowhere, or a file that has vanished: no matter unless it would have been read.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !wanted => return Ok(None),
            result => result.map_err(|error| Problem::of_path(&path, error))?,
        };
        let real = match path.is_symlink() {
            true => path.canonicalize().map_err(|error| Problem::of_path(&path, error))?,
            false => level.real.join(&name),
        };
        if self.skip.holds(&real) {
            return Ok(None);
        }
        if metadata.is_dir() || wanted {
            // On many a disk a.txt and A.txt are one file.
            let is_taken = |given: &&OsString| self.renaming.is_into_tree() && folded(given) == folded(&output);
            if let Some(given) = level.given.as_ref().filter(is_taken) {
                let reason = match *given == output {
                    true => format!("another file's output is called {} too", output.display()),
                    false => format!("another file's output is called {}, where case may not count", given.display()),
                };
                return Err(Problem::of_path(&path, Fault::new(Code::NameClash, reason)));
            }
            level.given = Some(output);
        }
        if metadata.is_dir() {
            if self.levels.iter().any(|level| level.real == real) {
                return Err(Problem::of_path(&path, Fault::new(Code::Loop, "leads back to a folder that it lies in")));
            }
            self.levels.push(Level::new(path, below, real));
            return Ok(None);
        }
        match (wanted, metadata.is_file()) {
            (true, true) => Ok(Some(Found { path, below, len: metadata.len() })),
            (true, false) => Err(Problem::of_path(&path, Fault::new(Code::Special, "neither a file nor a folder"))),
            (false, _) => Ok(None),
        }
    }
}

impl Iterator for Walk {
    type Item = Result<Found, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let name = match self.levels.last_mut()?.next_name(self.wants, self.renaming) {
                Ok(Some(name)) => name,
                Ok(None) => {
                    self.levels.pop();
                    continue;
                }
                Err(error) => {
                    let level = self.levels.pop().expect("the level that failed");
                    return Some(Err(Problem::of_path(&level.path, error)));
                }
            };
            if let Some(found) = self.visit(name).transpose() {
                return Some(found);
            }
        }
    }
}

impl Name {
    fn new(name: OsString, renaming: Renaming) -> Self {
        let output = renaming.of(name.as_ref()).into_os_string();
        Name { folded: folded(&output), is_renamed: output != name, output, name }
    }
}

/// A name without the difference between upper and lower case.
pub(crate) fn folded(name: &OsStr) -> OsString {
    name.to_str().map_or_else(|| name.to_ascii_lowercase(), |name| name.to_lowercase().into())
}

impl Level {
    fn new(path: PathBuf, below: PathBuf, real: PathBuf) -> Self {
        Level { path, below, real, names: Vec::new().into_iter(), last: None, given: None, ended: false }
    }

    fn next_name(&mut self, wants: fn(&OsStr) -> bool, renaming: Renaming) -> io::Result<Option<Name>> {
        if self.names.as_slice().is_empty() && !self.ended {
            self.refill(wants, renaming)?;
        }
        Ok(self.names.next())
    }

    /// Takes the smallest names behind the last one.
    fn refill(&mut self, wants: fn(&OsStr) -> bool, renaming: Renaming) -> io::Result<()> {
        let mut smallest = BinaryHeap::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            if !(kind.is_dir() || kind.is_symlink() || wants(&name)) {
                continue;
            }
            let is_folder = kind.is_dir() || (kind.is_symlink() && entry.path().is_dir());
            let name = Name::new(name, if is_folder { Renaming::default() } else { renaming });
            let is_next = self.last.as_ref().is_none_or(|last| name > *last);
            let is_small = smallest.len() < NAMES || smallest.peek().is_some_and(|greatest| name < *greatest);
            if is_next && is_small {
                smallest.push(name);
                if smallest.len() > NAMES {
                    smallest.pop();
                }
            }
        }
        self.ended = smallest.len() < NAMES;
        let names = smallest.into_sorted_vec();
        self.last = names.last().cloned();
        self.names = names.into_iter();
        Ok(())
    }
}
