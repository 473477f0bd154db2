//! Where clean text goes. A file appears under its name only when it is whole.

use super::inputs::{Inputs, Source};
use super::{OutputFormat, Stop, Writing};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::NamedTempFile;

/// The names that files have until they are whole, where such files may exist.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every file that is not whole yet and calls `end`, until which no other is begun: for a program that is told to
/// end in the middle of its work.
pub fn abandon(end: impl FnOnce()) {
    let unfinished = unfinished();
    for path in unfinished.iter() {
        // Where it cannot be removed there is nobody left to tell.
        let _ = fs::remove_file(path);
    }
    end();
}

/// A file that is being written.
#[derive(Debug)]
pub struct Pending {
    path: PathBuf,
    force: bool,
    to: To,
}

#[derive(Debug)]
enum To {
    /// A file beside the one to be, which takes its name in the end.
    Temporary(Temporary),
    /// A pipe or a device, which cannot be replaced.
    Special(File),
}

impl Pending {
    /// Begins a file, with the folders it stands in. An existing one is replaced only by `force`; of a symbolic link to
    /// one the link is, so that whatever it leads to, an input maybe, is safe.
    ///
    /// # Errors
    /// [`Stop::Refused`] where something is in the way, [`Stop::File`] where the file cannot be made.
    pub fn create(path: &Path, force: bool) -> Result<Self, Stop> {
        let to = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(refused(path, "is a folder")),
            Ok(metadata) if metadata.is_file() && !force => return Err(refused(path, EXISTS)),
            // A link that leads nowhere.
            Err(_) if path.is_symlink() && !force => return Err(refused(path, EXISTS)),
            Ok(metadata) if !metadata.is_file() => {
                To::Special(OpenOptions::new().write(true).open(path).map_err(|error| Stop::file(path, error))?)
            }
            _ => To::Temporary(Temporary::beside(path).map_err(|error| Stop::file(path, error))?),
        };
        Ok(Pending { path: path.to_owned(), force, to })
    }

    /// Begins a file that is no input and will not become one.
    ///
    /// # Errors
    /// As [`Pending::create`].
    pub fn beside(path: &Path, inputs: &mut Inputs, force: bool) -> Result<Self, Stop> {
        refuse_input(path, inputs)?;
        inputs.skip(path);
        Self::create(path, force)
    }

    /// Writes on.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let file = match &mut self.to {
            To::Temporary(temporary) => temporary.file.as_file_mut(),
            To::Special(file) => file,
        };
        file.write_all(bytes).map_err(|error| Stop::file(&self.path, error))
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn finish(self) -> Result<(), Stop> {
        let To::Temporary(Temporary { file, .. }) = self.to else { return Ok(()) };
        let named = if self.force { file.persist(&self.path) } else { file.persist_noclobber(&self.path) };
        named.map(drop).map_err(|failed| Stop::file(&self.path, failed.error))
    }
}

const EXISTS: &str = "exists; --force writes over it";

fn refused(path: &Path, reason: &str) -> Stop {
    Stop::Refused(format!("{}: {reason}", path.display()))
}

/// A file that goes when it is dropped, and its entry among the unfinished.
#[derive(Debug)]
struct Temporary {
    file: NamedTempFile,
    _entry: Entry,
}

impl Temporary {
    fn beside(path: &Path) -> std::io::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".dehusk-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: what the user's mask lets through.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut unfinished = unfinished();
        let file = builder.tempfile_in(folder)?;
        unfinished.push(file.path().to_owned());
        Ok(Temporary { _entry: Entry(file.path().to_owned()), file })
    }
}

#[derive(Debug)]
struct Entry(PathBuf);

impl Drop for Entry {
    fn drop(&mut self) {
        unfinished().retain(|path| *path != self.0);
    }
}

/// A folder that mirrors an input tree.
struct Tree {
    root: PathBuf,
    force: bool,
}

impl Tree {
    /// A folder for outputs: none yet, or an empty one, or any by `force`.
    fn open(path: &Path, inputs: &mut Inputs, force: bool) -> Result<Self, Stop> {
        match fs::read_dir(path).map(|mut entries| entries.next().is_some()) {
            Ok(true) if !force => return Err(refused(path, EXISTS)),
            Ok(_) => {}
            Err(_) if path.exists() => return Err(refused(path, "is no folder")),
            Err(_) => fs::create_dir_all(path).map_err(|error| Stop::file(path, error))?,
        }
        // Told now rather than after an hour's reading.
        Temporary::beside(&path.join("probe")).map_err(|error| Stop::file(path, error))?;
        inputs.skip(path);
        Ok(Tree { root: path.to_owned(), force })
    }

    fn create(&self, source: &Source) -> Result<Pending, Stop> {
        Pending::create(&self.root.join(&source.below), self.force)
    }
}

/// Where clean text goes, and how it is written.
pub struct Output {
    kind: Kind,
    writing: Writing,
}

enum Kind {
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
    Tree {
        tree: Tree,
        current: Option<Pending>,
    },
}

impl Output {
    /// To no place at all.
    pub fn nowhere(writing: Writing) -> Self {
        Output { kind: Kind::Nowhere, writing }
    }

    /// One after another into a stream.
    pub fn stream(to: impl Write + Send + 'static, writing: Writing) -> Self {
        Output { kind: Kind::Stream { to: Box::new(to), in_line: false }, writing }
    }

    /// To a file where the input is a single one, else into a folder that mirrors the input tree. Records go into one
    /// file where the path ends in `.jsonl` and is no folder. Nothing that exists is written over unless by `force`, and
    /// the input never.
    ///
    /// # Errors
    /// [`Stop::Refused`], [`Stop::File`]
    pub fn path(path: &Path, inputs: &mut Inputs, writing: Writing, force: bool) -> Result<Self, Stop> {
        refuse_input(path, inputs)?;
        if !inputs.is_single()
            && let Some(name) = inputs.shared_name(writing.format)
        {
            return Err(refused(path, &format!("the outputs of two inputs would be called {}", name.display())));
        }
        let kind = if inputs.is_single() || is_for_records(path, writing) {
            inputs.skip(path);
            Kind::File { pending: Pending::create(path, force)?, begun: false }
        } else {
            inputs.go_into_tree(writing.format);
            Kind::Tree { tree: Tree::open(path, inputs, force)?, current: None }
        };
        Ok(Output { kind, writing })
    }

    /// How it is written.
    pub(crate) fn writing(&self) -> Writing {
        self.writing
    }

    /// True where everything is written one after another.
    pub(crate) fn is_one_file(&self) -> bool {
        !matches!(self.kind, Kind::Tree { .. })
    }

    /// Begins what comes of a source.
    pub(crate) fn begin(&mut self, source: &Source) -> Result<(), Stop> {
        match &mut self.kind {
            Kind::Nowhere => {}
            Kind::Stream { to, in_line } => {
                if std::mem::take(in_line) {
                    to.write_all(b"\n").map_err(Stop::Stream)?;
                }
            }
            Kind::File { begun, .. } => *begun = true,
            Kind::Tree { tree, current } => *current = Some(tree.create(source)?),
        }
        Ok(())
    }

    /// Writes on. In a stream, what was written goes out at once.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        match &mut self.kind {
            Kind::Stream { to, in_line } => {
                *in_line = bytes.last().map_or(*in_line, |&last| last != b'\n');
                to.write_all(bytes).and_then(|()| to.flush()).map_err(Stop::Stream)
            }
            Kind::File { pending, .. } | Kind::Tree { current: Some(pending), .. } => pending.write(bytes),
            Kind::Nowhere | Kind::Tree { current: None, .. } => Ok(()),
        }
    }

    /// Ends what comes of a source.
    pub(crate) fn end(&mut self) -> Result<(), Stop> {
        match &mut self.kind {
            Kind::Tree { current, .. } => current.take().map_or(Ok(()), Pending::finish),
            _ => Ok(()),
        }
    }

    /// Ends it all.
    pub(crate) fn finish(self) -> Result<(), Stop> {
        match self.kind {
            Kind::File { pending, begun: true } => pending.finish(),
            _ => Ok(()),
        }
    }
}

/// True for the path of one file for all records.
fn is_for_records(path: &Path, writing: Writing) -> bool {
    let is_named_so = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl"));
    writing.format == OutputFormat::Jsonl && is_named_so && !path.is_dir()
}

/// Refuses a path that is an input, or the folder that one stands in: files written there could take its place.
fn refuse_input(path: &Path, inputs: &Inputs) -> Result<(), Stop> {
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
