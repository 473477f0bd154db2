//! What a run writes down of itself: how far it has come, so that another can go on from there, and in the end the
//! manifest of what went in and what came out.
//!
//! A run has a folder of its own: beside its output, `.NAME.dehusk`, or inside the tree that it writes, `.dehusk`. There
//! stand drafts, `state.json` and `journal.jsonl`. The state is true at every moment: it is replaced in one step, after all
//! that it speaks of is on the disk. What lies behind it in a draft is cut off by who goes on. When all is done the state
//! says so, drafts get their names, the manifest is written, and the folder goes. A lock tells a run that is under way from
//! one that was broken off.

use super::Stop;
use super::batches::Position;
use super::digest::{Digest, Digests};
use super::draft::{self, Finished, Out, Pending, Unfinished, folder_of, refused};
#[cfg(feature = "formats")]
use super::formats::row_groups::Tail;
use super::tally::Tally;
#[cfg(feature = "formats")]
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
#[cfg(feature = "formats")]
use std::collections::VecDeque;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What the names of manifests end in, [`beside`] an output.
pub const MANIFEST: &str = "manifest.json";

const STATE: &str = "state.json";
const JOURNAL: &str = "journal.jsonl";

/// How far a run has come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct State {
    /// What it was asked for, and what it reads: hashes.
    pub configuration: String,
    pub inputs: String,
    pub position: Position,
    pub tally: Tally,
    /// Lines written of JSONL to the file under way.
    pub line: u64,
    /// Files begun of a tree or of shards, and the file under way.
    pub begun: u64,
    pub output: Option<UnderWay>,
    /// What it begins with, where that says which columns it has; of shards of Parquet one without rows.
    pub head: Option<Vec<u8>>,
    /// Row groups of Parquet in it, which the journal noted last.
    pub groups: usize,
    /// Bytes written so far.
    pub removals: u64,
    pub quarantine: u64,
    pub duplicates: u64,
    /// Of the documents that came first.
    pub firsts: u64,
    journal: u64,
    /// How often it was written down.
    pub saved: u64,
    /// Everything is written, and what is left is to give these drafts their names.
    pub ended: bool,
    pub drafts: Vec<UnderWay>,
}

/// A file that is not whole yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnderWay {
    pub path: PathBuf,
    pub draft: PathBuf,
    pub bytes: u64,
}

/// A run's folder, and what stands in it.
#[derive(Debug)]
pub(crate) struct Ledger {
    folder: PathBuf,
    /// Held as long as the run lasts.
    lock: File,
    journal: Pending,
    /// What is on the disk.
    pub state: State,
    /// Where inputs leave what they hash to.
    pub digests: Digests,
    /// Of a run that nobody can go on with.
    unfinished: Option<Unfinished>,
}

/// What a run that begins finds of one that was broken off.
pub(crate) enum Opened {
    New(Ledger),
    Left(Ledger),
}

/// Where the run's folder is.
pub(crate) fn folder(output: &Path, is_tree: bool) -> PathBuf {
    if is_tree {
        return output.join(".dehusk");
    }
    hidden(output, ".dehusk")
}

/// The name of what a run writes beside its output where it is not told another: `clean.jsonl.removals.jsonl`.
///
/// ```
/// let beside = dehusk::corpus::beside("clean/".as_ref(), dehusk::corpus::MANIFEST);
/// assert_eq!(beside, std::path::Path::new("clean.manifest.json"));
/// ```
pub fn beside(output: &Path, ending: &str) -> PathBuf {
    // Without a slash at the end.
    let mut name = output.components().as_path().as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// The outputs that the manifest beside this one lists, where there is one.
pub(crate) fn listed_outputs(output: &Path) -> Vec<PathBuf> {
    let manifest = read_manifest(&beside(output, MANIFEST)).unwrap_or_default();
    let outputs = manifest["outputs"].as_array().into_iter().flatten();
    outputs.filter_map(|output| output["path"].as_str().map(PathBuf::from)).collect()
}

/// What a manifest says; `None` where there is none, or something else.
pub(crate) fn read_manifest(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// A name beside a path that is not seen at first.
pub(crate) fn hidden(path: &Path, ending: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(ending);
    folder_of(path).join(name)
}

impl Ledger {
    /// Opens the folder of a run that writes `output`, or makes it.
    ///
    /// # Errors
    /// [`Stop::Refused`] where another run is under way there, [`Stop::File`] where it cannot be made or read.
    pub fn open(output: &Path, folder: PathBuf) -> Result<Opened, Stop> {
        let stop = |error| Stop::file(&folder, error);
        fs::create_dir_all(&folder).map_err(|error| Stop::file(output, error))?;
        let lock = lock(&folder)?;
        let left = match fs::read(folder.join(STATE)) {
            // A file that was named but not on the disk when the power failed.
            Ok(bytes) if bytes.iter().all(|byte| *byte == 0) => None,
            Ok(bytes) => Some(serde_json::from_slice(&bytes).map_err(|error| stop(error.into()))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(stop(error)),
        };
        let (journal, state): (_, State) = match left {
            Some(state) if !State::is_new(&state) => {
                let path = folder.join(JOURNAL);
                (Pending::resume(UnderWay { draft: path.clone(), path, bytes: state.journal })?, state)
            }
            _ => (new_journal(&folder)?, State::default()),
        };
        let is_new = state.is_new();
        let ledger = Ledger { folder, lock, journal, state, digests: Digests::default(), unfinished: None };
        Ok(if is_new { Opened::New(ledger) } else { Opened::Left(ledger) })
    }

    /// Forgets what was left.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn begin_anew(&mut self) -> Result<(), Stop> {
        self.journal = new_journal(&self.folder)?;
        self.state = State::default();
        Ok(())
    }

    /// A path in the folder.
    pub fn draft(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Says that nobody can go on with this run, and lets [`abandon`](super::abandon) remove the folder.
    pub fn cannot_go_on(&mut self) {
        self.unfinished = Some(Unfinished::new(self.folder.clone()));
    }

    /// Notes an output that has its name or will get it.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn note(&mut self, output: &Finished) -> Result<(), Stop> {
        let hash = output.hash.map(|hash| hash.to_hex().to_string());
        let entry = json!({ "path": output.path.to_string_lossy(), "bytes": output.bytes, "blake3": hash });
        self.enter(&json!({ "output": entry }))
    }

    fn enter(&mut self, entry: &Value) -> Result<(), Stop> {
        self.journal.write(format!("{entry}\n").as_bytes())
    }

    /// Notes the inputs that were read to their ends.
    fn note_inputs(&mut self) -> Result<(), Stop> {
        for Digest { path, bytes, hash } in self.digests.take() {
            let entry = json!({ "path": path.to_string_lossy(), "bytes": bytes, "blake3": hash.to_hex().as_str() });
            self.enter(&json!({ "input": entry }))?;
        }
        Ok(())
    }

    /// Notes a row group of the file under way.
    ///
    /// # Errors
    /// [`Stop::File`]
    #[cfg(feature = "formats")]
    pub fn note_group(&mut self, Tail { len, end }: &Tail) -> Result<(), Stop> {
        self.enter(&json!({ "group": { "len": len, "end": BASE64_STANDARD.encode(end) } }))
    }

    /// The row groups that were noted last, so many of them.
    ///
    /// # Errors
    /// [`Stop::File`]
    #[cfg(feature = "formats")]
    pub fn groups(&self, count: usize) -> Result<Vec<Tail>, Stop> {
        let group = |entry: Value| -> io::Result<Tail> {
            let end = BASE64_STANDARD.decode(entry["end"].as_str().unwrap_or_default()).map_err(io::Error::other)?;
            Ok(Tail { len: entry["len"].as_u64().unwrap_or_default(), end })
        };
        let read = || {
            let mut last = VecDeque::new();
            for entry in self.entries("group")? {
                last.push_back(entry?);
                if last.len() > count {
                    last.pop_front();
                }
            }
            last.into_iter().map(group).collect::<io::Result<_>>()
        };
        read().map_err(|error| Stop::file(&self.folder.join(JOURNAL), error))
    }

    /// What the journal says of one kind.
    fn entries(&self, kind: &str) -> io::Result<impl Iterator<Item = io::Result<Value>>> {
        let entry = move |line: io::Result<String>| -> io::Result<Option<Value>> {
            let mut line: Value = serde_json::from_str(&line?)?;
            Ok(line.get_mut(kind).map(Value::take))
        };
        let lines = BufReader::new(File::open(self.folder.join(JOURNAL))?).lines();
        Ok(lines.filter_map(move |line| entry(line).transpose()))
    }

    /// Writes down what the run is, before it has done anything. Should that be lost, there is nothing to go on with.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn begin(&mut self, state: State) -> Result<(), Stop> {
        self.state = state;
        let (path, draft) = (self.folder.join(STATE), self.folder.join("state.new"));
        let written = fs::write(&draft, self.state.to_json()).and_then(|()| fs::rename(&draft, &path));
        written.map_err(|error| Stop::file(&path, error))
    }

    /// Writes down how far the run has come. All that `state` speaks of has to be on the disk.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn save(&mut self, state: State) -> Result<(), Stop> {
        self.note_inputs()?;
        self.journal.sync()?;
        self.state = State { journal: self.journal.len(), ..state };
        draft::replace(&self.folder.join(STATE), &self.folder.join("state.new"), &self.state.to_json())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    pub fn can_go_on(&self) -> bool {
        self.unfinished.is_none()
    }

    /// The end of a run whose outputs are all on the disk: gives them their names, writes the manifest, and removes the
    /// folder. It may have been done in part before.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn conclude(mut self, manifest: Option<&Path>, configuration: &Value, force: bool) -> Result<(), Stop> {
        for UnderWay { path, draft, .. } in &self.state.drafts {
            if draft.exists() {
                draft::name_draft(draft, path, force).map_err(|error| Stop::file(path, error))?;
                draft::sync_folder(folder_of(path))?;
            }
        }
        self.note_inputs()?;
        if let Some(manifest) = manifest {
            self.write_manifest(manifest, configuration)?;
        }
        self.remove()
    }

    /// Writes the manifest: one JSON object, an input or output a line.
    ///
    /// # Errors
    /// [`Stop::File`]
    fn write_manifest(&self, path: &Path, configuration: &Value) -> Result<(), Stop> {
        let mut file = Pending::create(path, Some(hidden(path, ".draft")), true)?;
        let mut out = BufWriter::new(Out(&mut file));
        self.manifest(&mut out, configuration).and_then(|()| out.flush()).map_err(|error| Stop::file(path, error))?;
        drop(out);
        file.finish().map(drop)
    }

    fn manifest(&self, file: &mut impl Write, configuration: &Value) -> io::Result<()> {
        let counts = serde_json::to_value(&self.state.tally)?;
        writeln!(file, "{{\n\"configuration\": {configuration},\n\"counts\": {counts},")?;
        for (list, entry, end) in [("inputs", "input", ","), ("outputs", "output", "")] {
            write!(file, "\"{list}\": [")?;
            let mut between = "\n";
            for noted in self.noted(entry)?.values() {
                write!(file, "{between}{noted}")?;
                between = ",\n";
            }
            writeln!(file, "\n]{end}")?;
        }
        writeln!(file, "}}")
    }

    /// What the journal says of inputs or outputs, by path. A run that was gone on with may say the same twice.
    fn noted(&self, entry: &str) -> io::Result<BTreeMap<String, Value>> {
        let by_path = |entry: Value| (entry["path"].as_str().unwrap_or_default().to_owned(), entry);
        self.entries(entry)?.map(|entry| entry.map(by_path)).collect()
    }

    /// Removes the folder.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn remove(self) -> Result<(), Stop> {
        let Ledger { folder, lock, journal, unfinished, .. } = self;
        drop((journal, unfinished));
        fs::remove_dir_all(&folder).map_err(|error| Stop::file(&folder, error))?;
        drop(lock);
        Ok(())
    }
}

impl State {
    fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("numbers and strings can always be written")
    }

    /// Nothing is done yet.
    pub fn is_new(&self) -> bool {
        self.position == Position::default() && !self.ended
    }
}

fn new_journal(folder: &Path) -> Result<Pending, Stop> {
    let path = folder.join(JOURNAL);
    Pending::create(&path, Some(path.clone()), true)
}

/// Takes the folder for this run.
fn lock(folder: &Path) -> Result<File, Stop> {
    let path = folder.join("lock");
    let stop = |error| Stop::file(&path, error);
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(stop)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(refused(folder, "another run is under way there")),
        Err(TryLockError::Error(error)) => return Err(stop(error)),
    }
    // The other may have been done in between, and have removed what was locked here.
    let same = same_file::Handle::from_file(file.try_clone().map_err(stop)?).map_err(stop)?;
    match same_file::Handle::from_path(&path) {
        Ok(now) if now == same => Ok(file),
        _ => Err(refused(folder, "another run is under way there")),
    }
}
