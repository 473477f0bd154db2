//! Where clean text goes.

use super::draft::{self, EXISTS, Finished, Pending, refused};
use super::inputs::{Inputs, Source, format_of};
use super::ledger::UnderWay;
use super::packing::Packing;
use super::writing::Target;
use super::{Format, OutputFormat, Stop, Writing};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Files of a tree that wait to be put on the disk together, which is many times as fast as one after the other.
const WAITING: usize = 256;

/// A folder that mirrors an input tree.
pub(crate) struct Tree {
    root: PathBuf,
    force: bool,
    /// Where files stand until they are whole; `None` for beside their places.
    drafts: Option<PathBuf>,
    /// Files begun.
    begun: u64,
    current: Option<Pending>,
    /// Files that are whole but have no name yet.
    waiting: Vec<Pending>,
    /// Some may have their names.
    has_named: bool,
}

impl Tree {
    /// A folder for outputs.
    fn open(
        path: &Path,
        inputs: &mut Inputs,
        force: bool,
        drafts: Option<PathBuf>,
        current: Option<Pending>,
    ) -> Result<Self, Stop> {
        fs::create_dir_all(path).map_err(|error| Stop::file(path, error))?;
        if drafts.is_none() {
            // Told now rather than after an hour's reading; where there are drafts, their folder was made.
            Pending::create(&path.join("probe"), None, true)?;
        }
        inputs.skip(path);
        // The draft that is gone on with keeps its name while others are begun.
        let number = current
            .as_ref()
            .and_then(Pending::under_way)
            .and_then(|it| u64::from_str_radix(it.draft.file_name()?.to_str()?, 16).ok());
        let begun = number.map_or(0, |number| number + 1);
        Ok(Tree { root: path.to_owned(), force, drafts, begun, current, waiting: Vec::new(), has_named: false })
    }

    fn begin(&mut self, source: &Source) -> Result<(), Stop> {
        let draft = self.drafts.as_ref().map(|folder| folder.join(format!("{:x}", self.begun)));
        self.begun = (self.begun + 1) % (2 * WAITING as u64);
        self.current = Some(Pending::create(&self.root.join(&source.below), draft, self.force)?);
        Ok(())
    }

    /// Gives all that waits its name.
    fn settle(&mut self) -> Result<Vec<Finished>, Stop> {
        draft::sync_all(&mut self.waiting)?;
        self.has_named |= !self.waiting.is_empty();
        let finished: Vec<_> = self.waiting.drain(..).map(Pending::name).collect::<Result<_, _>>()?;
        let folders: BTreeSet<_> = finished.iter().map(|file| draft::folder_of(&file.path)).collect();
        folders.into_iter().try_for_each(|folder| draft::sync_folder(&folder.join("any")))?;
        Ok(finished)
    }
}

/// Where clean text goes, and how it is written.
pub(crate) enum Output {
    Nowhere,
    Stream {
        to: Box<dyn Write + Send>,
        /// The last byte was no line break.
        in_line: bool,
    },
    File {
        pending: Pending,
        /// Something was read that belongs in it, if only an empty file.
        begun: bool,
    },
    Tree(Tree),
}

impl Output {
    /// One after another into a stream.
    pub fn stream(to: Box<dyn Write + Send>) -> Self {
        Output::Stream { to, in_line: false }
    }

    /// To a file where the input is a single one, else into a folder that mirrors the input tree. Records go into one
    /// file where the path ends in `.jsonl` and is no folder. Nothing that exists is written over unless by `force`.
    ///
    /// With `drafts` files stand in that folder until they are whole; with `under_way` it goes on with one.
    ///
    /// # Errors
    /// [`Stop::Refused`], [`Stop::File`]
    pub fn path(
        path: &Path,
        inputs: &mut Inputs,
        writing: Writing,
        force: bool,
        drafts: Option<PathBuf>,
        under_way: Option<UnderWay>,
    ) -> Result<Self, Stop> {
        let resumed = under_way.map(Pending::resume).transpose()?;
        if drafts.is_none() {
            refuse_existing(path, is_tree(path, inputs, writing), force)?;
        }
        Ok(if is_tree(path, inputs, writing) {
            inputs.go_into_tree(writing.format);
            Output::Tree(Tree::open(path, inputs, force, drafts, resumed)?)
        } else {
            inputs.skip(path);
            let begun = resumed.is_some();
            let create = || Pending::create(path, drafts.map(|folder| folder.join("output")), force);
            Output::File { pending: resumed.map_or_else(create, Ok)?, begun }
        })
    }

    /// Where it goes, as far as it tells how outputs are laid down.
    pub fn target(&self) -> Target {
        match self {
            Output::Nowhere | Output::Stream { .. } => Target::Stream,
            Output::File { pending, .. } => Target::File(pending.path().to_owned()),
            Output::Tree(_) => Target::Tree,
        }
    }

    /// True where nothing has been written to the file under way. Of a stream nobody knows.
    pub fn is_empty(&self) -> bool {
        match self {
            Output::File { pending, .. } | Output::Tree(Tree { current: Some(pending), .. }) => pending.len() == 0,
            _ => true,
        }
    }

    /// True where everything is written one after another.
    pub fn is_one_file(&self) -> bool {
        !matches!(self, Output::Tree(_))
    }

    /// Begins what comes of a source.
    pub fn begin(&mut self, source: &Source) -> Result<(), Stop> {
        match self {
            Output::Nowhere => {}
            Output::Stream { to, in_line } => {
                if std::mem::take(in_line) {
                    to.write_all(b"\n").map_err(Stop::Stream)?;
                }
            }
            Output::File { begun, .. } => *begun = true,
            Output::Tree(tree) => tree.begin(source)?,
        }
        Ok(())
    }

    /// Writes on. In a stream, what was written goes out at once.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match self {
            Output::Stream { to, in_line } => {
                *in_line = bytes.last().map_or(*in_line, |&last| last != b'\n');
                to.write_all(bytes).and_then(|()| to.flush()).map_err(Stop::Stream)
            }
            Output::File { pending, .. } | Output::Tree(Tree { current: Some(pending), .. }) => pending.write(bytes),
            Output::Nowhere | Output::Tree(_) => Ok(()),
        }
    }

    /// Ends what comes of a source. A file of a tree waits for [`settle`](Self::settle).
    pub fn end(&mut self) {
        if let Output::Tree(tree) = self {
            tree.waiting.extend(tree.current.take());
        }
    }

    /// True where so many files wait that they ought to be settled.
    pub fn is_full(&self) -> bool {
        matches!(self, Output::Tree(tree) if tree.waiting.len() >= WAITING)
    }

    /// Puts on the disk what was written, and gives whole files of a tree their names.
    pub fn settle(&mut self) -> Result<Vec<Finished>, Stop> {
        match self {
            Output::Nowhere | Output::Stream { .. } => Ok(Vec::new()),
            Output::File { pending, .. } => pending.sync().map(|()| Vec::new()),
            Output::Tree(tree) => {
                tree.current.as_mut().map_or(Ok(()), Pending::sync)?;
                tree.settle()
            }
        }
    }

    /// True where files of a tree may have their names already.
    pub fn has_named(&self) -> bool {
        matches!(self, Output::Tree(tree) if tree.has_named)
    }

    /// The draft that is written to.
    pub fn under_way(&self) -> Option<UnderWay> {
        match self {
            Output::File { pending, begun: true } => pending.under_way(),
            Output::Tree(Tree { current: Some(pending), .. }) => pending.under_way(),
            _ => None,
        }
    }

    /// The file that everything goes into, where there is one and something was begun.
    pub fn pending(&self) -> Option<&Pending> {
        match self {
            Output::File { pending, begun: true } => Some(pending),
            _ => None,
        }
    }

    /// Ends it all.
    pub fn finish(mut self) -> Result<Vec<Finished>, Stop> {
        let finished = self.settle()?;
        match self {
            Output::File { pending, begun: true } => Ok(vec![pending.finish()?]),
            _ => Ok(finished),
        }
    }
}

/// True where an output is a folder that mirrors the inputs.
pub(crate) fn is_tree(path: &Path, inputs: &Inputs, writing: Writing) -> bool {
    !(inputs.is_single() || is_for_records(path, writing))
}

/// Refuses what exists already, unless by `force`.
pub(crate) fn refuse_existing(path: &Path, is_tree: bool, force: bool) -> Result<(), Stop> {
    if is_tree {
        return match fs::read_dir(path).map(|mut entries| entries.next().is_some()) {
            Ok(true) if !force => Err(refused(path, EXISTS)),
            Err(_) if path.exists() => Err(refused(path, "is no folder")),
            _ => Ok(()),
        };
    }
    draft::is_special(path, force).map(drop)
}

/// Refuses a path for output that is an input, or at which two inputs would meet.
pub(crate) fn refuse(path: &Path, inputs: &Inputs, writing: Writing) -> Result<(), Stop> {
    refuse_input(path, inputs)?;
    if format_of(path) == Some(Format::Parquet) && Packing::of_name(path) != Packing::Plain {
        return Err(refused(path, "Parquet is compressed inside; let its name end in .parquet"));
    }
    match inputs.shared_name(writing.format) {
        Some(name) if !inputs.is_single() => {
            Err(refused(path, &format!("the outputs of two inputs would be called {}", name.display())))
        }
        _ => Ok(()),
    }
}

/// True for the path of one file for all records.
fn is_for_records(path: &Path, writing: Writing) -> bool {
    let is_named_so = match format_of(path) {
        Some(Format::Jsonl) => writing.format == OutputFormat::Jsonl,
        Some(Format::Csv | Format::Tsv | Format::Parquet) => true,
        _ => false,
    };
    is_named_so && !path.is_dir()
}

/// Refuses a path that is an input, or the folder that one stands in: files written there could take its place.
pub(crate) fn refuse_input(path: &Path, inputs: &Inputs) -> Result<(), Stop> {
    let Ok(real) = path.canonicalize() else { return Ok(()) };
    if inputs.is_stdin(path) {
        return Err(refused(path, "is standard input too"));
    }
    for input in inputs.paths() {
        let is_inside = input.canonicalize().is_ok_and(|input| input.starts_with(&real));
        if is_inside || same_file::is_same_file(input, path).unwrap_or(false) {
            return Err(refused(path, &format!("would write over the input {}", input.display())));
        }
    }
    Ok(())
}
