//! Where clean text goes.

use super::draft::{self, EXISTS, Finished, Pending, refused};
use super::inputs::{Inputs, Source, format_of};
use super::ledger::UnderWay;
use super::packing::{Packing, without_ending};
use super::writing::Target;
use super::{Format, OutputFormat, Stop, Writing};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Files of a tree that wait to be put on the disk together, which is many times as fast as one after the other.
const WAITING: usize = 256;

/// Many files: a tree that mirrors the inputs, or shards.
pub(crate) struct Files {
    names: Names,
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

/// What files are called.
enum Names {
    /// As their sources, below this folder.
    Below(PathBuf),
    /// As this, with their number before the ending; each is ended when it has so many bytes.
    Numbered(PathBuf, u64),
}

/// What a run that goes on finds written.
pub(crate) struct Written {
    /// Files begun.
    pub begun: u64,
    pub under_way: Option<UnderWay>,
}

impl Files {
    fn open(names: Names, force: bool, drafts: Option<PathBuf>, begun: u64, current: Option<Pending>) -> Self {
        Files { names, force, drafts, begun, current, waiting: Vec::new(), has_named: false }
    }

    fn begin(&mut self, path: &Path) -> Result<(), Stop> {
        // Drafts of the same name are named long before.
        let name = self.begun % (2 * WAITING as u64);
        let draft = self.drafts.as_ref().map(|folder| folder.join(format!("{name:x}")));
        self.begun += 1;
        self.current = Some(Pending::create(path, draft, self.force)?);
        Ok(())
    }

    /// Begins what comes of a source: a file of its own, or the first shard, which there is also where nothing comes.
    fn begin_source(&mut self, source: &Source) -> Result<(), Stop> {
        match &self.names {
            Names::Below(root) => self.begin(&root.join(&source.below)),
            Names::Numbered(..) if self.begun > 0 => Ok(()),
            Names::Numbered(..) => self.begin_shard(),
        }
    }

    fn begin_shard(&mut self) -> Result<(), Stop> {
        match &self.names {
            Names::Numbered(path, _) if self.current.is_none() => self.begin(&shard(path, self.begun)),
            _ => Ok(()),
        }
    }

    fn end(&mut self) {
        self.waiting.extend(self.current.take());
    }

    /// True of a shard that has what it may have.
    fn is_shard_full(&self) -> bool {
        let len = self.current.as_ref().map_or(0, Pending::len);
        matches!(self.names, Names::Numbered(_, size) if len >= size)
    }

    /// Gives all that waits its name.
    fn settle(&mut self) -> Result<Vec<Finished>, Stop> {
        draft::sync_all(&mut self.waiting)?;
        self.has_named |= !self.waiting.is_empty();
        let finished: Vec<_> = self.waiting.drain(..).map(Pending::name).collect::<Result<_, _>>()?;
        let folders: BTreeSet<_> = finished.iter().map(|file| draft::folder_of(&file.path)).collect();
        folders.into_iter().try_for_each(draft::sync_folder)?;
        Ok(finished)
    }

    /// Ends the shard under way, and removes those of an earlier output that come behind it: without `force` there is none.
    fn end_shards(&mut self) -> Result<(), Stop> {
        let Names::Numbered(path, _) = &self.names else { return Ok(()) };
        for (number, shard) in shards(path) {
            if number >= self.begun {
                fs::remove_file(&shard).map_err(|error| Stop::file(&shard, error))?;
            }
        }
        self.end();
        Ok(())
    }
}

/// True where something stands at a path for output.
pub(crate) fn exists(path: &Path, writing: Writing) -> bool {
    path.exists() || (writing.shard_size.is_some() && shard(path, 0).exists())
}

/// The name of a shard: `clean-00012.jsonl.gz`.
pub(crate) fn shard(path: &Path, number: u64) -> PathBuf {
    let (stem, ending) = around_number(path);
    path.with_file_name(format!("{stem}-{number:05}{ending}"))
}

/// What stands before and behind the number in a shard's name.
fn around_number(path: &Path) -> (String, String) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = without_ending(Path::new(&*name)).file_stem().map_or(0, OsStr::len);
    let (stem, ending) = name.split_at(stem);
    (stem.to_owned(), ending.to_owned())
}

/// The number in a name that shards of this file have.
pub(crate) fn shard_number(path: &Path, name: &OsStr) -> Option<u64> {
    let (stem, ending) = around_number(path);
    let number = name.to_str()?.strip_prefix(&stem)?.strip_prefix('-')?.strip_suffix(&ending)?;
    number.parse().ok().filter(|_| number.len() >= 5)
}

/// The shards of a file that exist, with their numbers.
pub(crate) fn shards(path: &Path) -> Vec<(u64, PathBuf)> {
    let entries = fs::read_dir(draft::folder_of(path)).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((shard_number(path, &entry.file_name())?, entry.path()))).collect()
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
    Files(Files),
}

impl Output {
    /// One after another into a stream.
    pub fn stream(to: Box<dyn Write + Send>) -> Self {
        Output::Stream { to, in_line: false }
    }

    /// To a file where the input is a single one, else into a folder that mirrors the input tree. Records go into one
    /// file where the path ends in `.jsonl` and is no folder, or into shards of it. Nothing that exists is written over
    /// unless by `force`.
    ///
    /// With `drafts` files stand in that folder until they are whole; with `written` it goes on where a run stopped.
    ///
    /// # Errors
    /// [`Stop::Refused`], [`Stop::File`]
    pub fn path(
        path: &Path,
        inputs: &mut Inputs,
        writing: Writing,
        force: bool,
        drafts: Option<PathBuf>,
        Written { begun, under_way }: Written,
    ) -> Result<Self, Stop> {
        let resumed = under_way.map(Pending::resume).transpose()?;
        let is_tree = is_tree(path, inputs, writing);
        if drafts.is_none() {
            refuse_existing(path, is_tree, writing, force)?;
        }
        inputs.skip(path);
        if is_tree {
            inputs.go_into_tree(writing.format);
            fs::create_dir_all(path).map_err(|error| Stop::file(path, error))?;
            if drafts.is_none() {
                // Told now rather than after an hour's reading; where there are drafts, their folder was made.
                Pending::create(&path.join("probe"), None, true)?;
            }
            return Ok(Output::Files(Files::open(Names::Below(path.to_owned()), force, drafts, begun, resumed)));
        }
        if let Some(size) = writing.shard_size {
            let names = Names::Numbered(path.to_owned(), size);
            return Ok(Output::Files(Files::open(names, force, drafts, begun, resumed)));
        }
        let begun = resumed.is_some();
        let create = || Pending::create(path, drafts.map(|folder| folder.join("output")), force);
        Ok(Output::File { pending: resumed.map_or_else(create, Ok)?, begun })
    }

    /// Files begun.
    pub fn begun(&self) -> u64 {
        if let Output::Files(files) = self { files.begun } else { 0 }
    }

    /// Where it goes, as far as it tells how outputs are laid down.
    pub fn target(&self) -> Target {
        match self {
            Output::Nowhere | Output::Stream { .. } => Target::Stream,
            Output::File { pending, .. } => Target::File(pending.path().to_owned()),
            Output::Files(Files { names: Names::Numbered(path, _), .. }) => Target::File(path.clone()),
            Output::Files(_) => Target::Tree,
        }
    }

    /// True where the next bytes begin a shard.
    pub fn is_at_new_shard(&self) -> bool {
        let Output::Files(Files { names: Names::Numbered(..), current, .. }) = self else { return false };
        current.as_ref().is_none_or(|pending| pending.len() == 0)
    }

    /// True where everything is written one after another.
    pub fn is_one_file(&self) -> bool {
        self.is_in_shards() || matches!(self, Output::Stream { .. } | Output::File { .. })
    }

    /// True where it is written into shards.
    pub fn is_in_shards(&self) -> bool {
        matches!(self, Output::Files(Files { names: Names::Numbered(..), .. }))
    }

    /// True where no shard is under way.
    pub fn is_between_shards(&self) -> bool {
        matches!(self, Output::Files(Files { names: Names::Numbered(..), current: None, .. }))
    }

    /// True of a shard that has what it may have.
    #[cfg(feature = "formats")]
    pub fn is_shard_full(&self) -> bool {
        matches!(self, Output::Files(files) if files.is_shard_full())
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
            Output::Files(files) => files.begin_source(source)?,
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
            Output::File { pending, .. } => pending.write(bytes),
            Output::Files(_) if bytes.is_empty() => Ok(()),
            Output::Files(files) => {
                files.begin_shard()?;
                files.current.as_mut().map_or(Ok(()), |pending| pending.write(bytes))
            }
            Output::Nowhere => Ok(()),
        }
    }

    /// Ends a piece of what comes of a source, maybe the last. Whole files of many wait for [`settle`](Self::settle).
    pub fn end_piece(&mut self, is_last: bool) {
        if let Output::Files(files) = self
            && (is_last && matches!(files.names, Names::Below(_)) || files.is_shard_full())
        {
            files.end();
        }
    }

    /// Ends what comes of all sources.
    pub fn end(&mut self) -> Result<(), Stop> {
        if let Output::Files(files) = self { files.end_shards() } else { Ok(()) }
    }

    /// True where so many files wait that they ought to be settled.
    pub fn is_full(&self) -> bool {
        matches!(self, Output::Files(files) if files.waiting.len() >= WAITING)
    }

    /// Puts on the disk what was written, and gives whole files of a tree their names.
    pub fn settle(&mut self) -> Result<Vec<Finished>, Stop> {
        match self {
            Output::Nowhere | Output::Stream { .. } => Ok(Vec::new()),
            Output::File { pending, .. } => pending.sync().map(|()| Vec::new()),
            Output::Files(files) => {
                files.current.as_mut().map_or(Ok(()), Pending::sync)?;
                files.settle()
            }
        }
    }

    /// True where files of many may have their names already.
    pub fn has_named(&self) -> bool {
        matches!(self, Output::Files(files) if files.has_named)
    }

    /// The draft that is written to.
    pub fn under_way(&self) -> Option<UnderWay> {
        match self {
            Output::File { pending, begun: true } => pending.under_way(),
            Output::Files(Files { current: Some(pending), .. }) => pending.under_way(),
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
        self.end()?;
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
pub(crate) fn refuse_existing(path: &Path, is_tree: bool, writing: Writing, force: bool) -> Result<(), Stop> {
    if writing.shard_size.is_some() && !is_tree {
        let first = shards(path).into_iter().min().filter(|_| !force);
        return first.map_or(Ok(()), |(_, shard)| Err(refused(&shard, EXISTS)));
    }
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
    if writing.shard_size.is_some() && is_tree(path, inputs, writing) {
        return Err(refused(path, "is a tree; --shard-size goes with one file of records"));
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
