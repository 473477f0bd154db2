//! Files that are being written. A file appears under its name only when it is whole and on the disk.

use super::Stop;
use super::ledger::UnderWay;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::{NamedTempFile, PathPersistError, TempPath};

/// What has to go when a program is told to end: files that are not whole, folders that nobody goes on with.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every file that is not whole yet, runs that can go on later aside, and calls `end`, until which no other is
/// begun: for a program that is told to end in the middle of its work.
pub fn abandon(end: impl FnOnce()) {
    let unfinished = unfinished();
    for path in unfinished.iter() {
        // Where it cannot be removed there is nobody left to tell.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
    end();
}

/// Something among what [`abandon`] removes.
#[derive(Debug)]
pub(crate) struct Unfinished(PathBuf);

impl Unfinished {
    pub fn new(path: PathBuf) -> Self {
        unfinished().push(path.clone());
        Unfinished(path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        unfinished().retain(|path| *path != self.0);
    }
}

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Pending {
    path: PathBuf,
    force: bool,
    to: To,
    /// Bytes written, and what they hash to.
    bytes: u64,
    hash: Option<blake3::Hasher>,
    /// Bytes that may not be on the disk yet.
    unsynced: u64,
}

/// Bytes after which a file is put on the disk: while others work, and not all at the end when they wait.
const SYNC: u64 = 32 << 20;

#[derive(Debug)]
enum To {
    /// A file beside the one to be, which takes its name in the end, and goes when it is dropped before.
    Temporary { file: NamedTempFile, _entry: Unfinished },
    /// A file in a run's folder, which takes the name in the end, and stays when it is dropped before.
    Draft { file: File, draft: PathBuf },
    /// A pipe or a device, which cannot be replaced.
    Special(File),
}

/// A file that has its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finished {
    pub path: PathBuf,
    pub bytes: u64,
    pub hash: Option<blake3::Hash>,
}

pub(crate) const EXISTS: &str = "exists; --force writes over it";

pub(crate) fn refused(path: &Path, reason: &str) -> Stop {
    Stop::Refused(format!("{}: {reason}", path.display()))
}

impl Pending {
    /// Begins a file, with the folders it stands in: beside its place, or where it is one of a run that can go on, under
    /// that path. An existing file is replaced only by `force`; of a symbolic link to one the link is, so that whatever it
    /// leads to, an input maybe, is safe.
    ///
    /// # Errors
    /// [`Stop::Refused`] where something is in the way, [`Stop::File`] where the file cannot be made.
    pub fn create(path: &Path, draft: Option<PathBuf>, force: bool) -> Result<Self, Stop> {
        let stop = |error| Stop::file(path, error);
        let to = match (is_special(path, force)?, draft) {
            (true, _) => To::Special(OpenOptions::new().write(true).open(path).map_err(stop)?),
            (false, None) => temporary(path).map_err(stop)?,
            (false, Some(draft)) => To::Draft { file: File::create(&draft).map_err(stop)?, draft },
        };
        // Whoever wants a draft wants to know later what became of it.
        let hash = matches!(to, To::Draft { .. }).then(blake3::Hasher::new);
        Ok(Pending { path: path.to_owned(), force, to, bytes: 0, hash, unsynced: 0 })
    }

    /// Goes on with a draft, behind the bytes that are known to be good.
    ///
    /// # Errors
    /// [`Stop::File`], also where the draft is shorter.
    pub fn resume(UnderWay { path, draft, bytes }: UnderWay) -> Result<Self, Stop> {
        let stop = |error| Stop::file(&draft, error);
        take_back(&path, &draft).map_err(stop)?;
        let mut file = OpenOptions::new().read(true).write(true).open(&draft).map_err(stop)?;
        let mut hash = blake3::Hasher::new();
        let read = io::copy(&mut Read::by_ref(&mut file).take(bytes), &mut hash).map_err(stop)?;
        if read < bytes {
            return Err(stop(io::Error::new(io::ErrorKind::UnexpectedEof, "shorter than when the run stopped")));
        }
        file.set_len(bytes).and_then(|()| file.seek(SeekFrom::End(0))).map_err(stop)?;
        Ok(Pending { path, force: true, to: To::Draft { file, draft }, bytes, hash: Some(hash), unsynced: 0 })
    }

    /// Writes on.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        if let Some(hash) = &mut self.hash {
            hash.update(bytes);
        }
        self.bytes += bytes.len() as u64;
        self.unsynced += bytes.len() as u64;
        self.file().write_all(bytes).map_err(|error| Stop::file(&self.path, error))?;
        if self.unsynced >= SYNC { self.sync() } else { Ok(()) }
    }

    fn file(&mut self) -> &mut File {
        match &mut self.to {
            To::Temporary { file, .. } => file.as_file_mut(),
            To::Draft { file, .. } | To::Special(file) => file,
        }
    }

    /// The name it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The draft, and how far it has come; `None` of a file that nobody can go on with.
    pub fn under_way(&self) -> Option<UnderWay> {
        match &self.to {
            To::Draft { draft, .. } => {
                Some(UnderWay { path: self.path.clone(), draft: draft.clone(), bytes: self.bytes })
            }
            _ => None,
        }
    }

    /// What it will be.
    pub fn so_far(&self) -> Finished {
        Finished { path: self.path.clone(), bytes: self.bytes, hash: self.hash.as_ref().map(blake3::Hasher::finalize) }
    }

    /// Bytes written.
    pub fn len(&self) -> u64 {
        self.bytes
    }

    /// Waits until what was written is on the disk.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn sync(&mut self) -> Result<(), Stop> {
        self.unsynced = 0;
        match self.to {
            // There is nothing that a pipe could wait for.
            To::Special(_) => Ok(()),
            _ => self.file().sync_data().map_err(|error| Stop::file(&self.path, error)),
        }
    }

    /// Gives the file its name, which lasts when the [folder is on the disk](sync_folder) too. Call [`sync`](Self::sync)
    /// before.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn name(self) -> Result<Finished, Stop> {
        let Pending { path, force, to, bytes, hash, .. } = self;
        let named = match to {
            To::Special(_) => Ok(()),
            To::Temporary { file, .. } => name(file.into_temp_path(), &path, force).map_err(|failed| failed.error),
            To::Draft { draft, .. } => name_draft(&draft, &path, force),
        };
        named.map_err(|error| Stop::file(&path, error))?;
        Ok(Finished { path, bytes, hash: hash.map(|hash| hash.finalize()) })
    }

    /// Puts the file on the disk and gives it its name.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn finish(mut self) -> Result<Finished, Stop> {
        self.sync()?;
        let is_special = matches!(self.to, To::Special(_));
        let finished = self.name()?;
        if !is_special {
            sync_folder(folder_of(&finished.path))?;
        }
        Ok(finished)
    }
}

/// A file that is not finished, for what writes to anything.
pub(crate) struct Out<'p>(pub &'p mut Pending);

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(Stop::File { error, .. } | Stop::Stream(error)) => Err(error),
            Err(stop) => Err(io::Error::other(stop.to_string())),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes a draft again of a file that got its name after the run had last written down how far it was.
fn take_back(path: &Path, draft: &Path) -> io::Result<()> {
    match (draft.exists(), path.exists()) {
        _ if draft == path => Ok(()),
        (false, true) => fs::rename(path, draft),
        // It was about to lose its other name.
        (true, true) if same_file::is_same_file(path, draft)? => fs::remove_file(path),
        _ => Ok(()),
    }
}

/// Waits until what was written to files of one folder is on the disk. Where there are many, the whole file system is put on
/// the disk in one go: measured on 20,000 small files, file by file takes thirty times as long.
///
/// # Errors
/// [`Stop::File`]
pub(crate) fn sync_all(files: &mut [Pending]) -> Result<(), Stop> {
    #[cfg(target_os = "linux")]
    if let [first, .., last] = files
        && let To::Temporary { .. } | To::Draft { .. } = last.to
    {
        return rustix::fs::syncfs(last.file()).map_err(|error| Stop::file(&first.path, error.into()));
    }
    files.iter_mut().try_for_each(Pending::sync)
}

/// True of a pipe or a device; an error where something is in the way.
pub(crate) fn is_special(path: &Path, force: bool) -> Result<bool, Stop> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Err(refused(path, "is a folder")),
        Ok(metadata) if metadata.is_file() && !force => Err(refused(path, EXISTS)),
        // A link that leads nowhere.
        Err(_) if path.is_symlink() && !force => Err(refused(path, EXISTS)),
        Ok(metadata) => Ok(!metadata.is_file()),
        Err(_) => Ok(false),
    }
}

fn temporary(path: &Path) -> io::Result<To> {
    let folder = folder_of(path);
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
    Ok(To::Temporary { _entry: Unfinished(file.path().to_owned()), file })
}

fn name(file: TempPath, path: &Path, force: bool) -> Result<(), PathPersistError> {
    if force { file.persist(path) } else { file.persist_noclobber(path) }
}

/// Gives a draft its name. It stays a draft where that fails.
pub(crate) fn name_draft(draft: &Path, path: &Path, force: bool) -> io::Result<()> {
    fs::create_dir_all(folder_of(path))?;
    name(TempPath::try_from_path(draft)?, path, force).map_err(|PathPersistError { error, path }| {
        // What cannot be kept is gone, and the run is made anew.
        let _ = path.keep();
        error
    })
}

/// The folder that a file stands in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Waits until the names in a folder are on the disk.
///
/// # Errors
/// [`Stop::File`]
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Stop> {
    // Elsewhere folders cannot be opened.
    if cfg!(unix) { File::open(folder).and_then(|it| it.sync_all()).map_err(|e| Stop::file(folder, e)) } else { Ok(()) }
}

/// Writes a small file whole, or leaves what is there.
///
/// # Errors
/// [`Stop::File`]
pub(crate) fn replace(path: &Path, draft: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let mut file = Pending::create(path, Some(draft.to_owned()), true)?;
    file.write(bytes)?;
    file.finish().map(drop)
}
