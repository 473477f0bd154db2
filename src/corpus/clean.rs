//! Cleaning a corpus: batches in, clean text and the record of removals out, in the order of the input.

use super::batches::{Batch, Position, Step};
use super::brake::Brake;
use super::dedup::{Dedup, Marker};
use super::draft::refused;
use super::inputs::Inputs;
use super::ledger::{self, Ledger, Opened, State};
use super::output::{self, Output, Written, refuse_input};
use super::tally::Tally;
use super::worker::{Done, Worker};
use super::writer::{Pace, Sidecar, Sidecars, Writer};
use super::writing::Target;
use super::{Problem, Stop, Writing, run};
use crate::Cleaner;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Where clean text goes.
pub enum Destination {
    /// Nowhere: it is only counted.
    Nowhere,
    /// One document after another into a stream.
    Stream(Box<dyn Write + Send>),
    /// To a file where the input is a single one, else into a folder that mirrors the input tree. Records go into one
    /// file where the path ends in `.jsonl` and is no folder.
    Path(PathBuf),
}

/// A run over a corpus: what it reads, and where what comes of it goes.
#[non_exhaustive]
pub struct Run {
    /// What is read.
    pub inputs: Inputs,
    /// Where clean text goes. An input is never written over.
    pub output: Destination,
    /// How it is written.
    pub writing: Writing,
    /// The record of removals.
    pub removals: Option<PathBuf>,
    /// What is set aside, made when there is something to set aside.
    pub quarantine: Option<PathBuf>,
    /// Which documents are marked as ones that came before.
    pub dedup: Option<Dedup>,
    /// The list of these documents.
    pub duplicates: Option<PathBuf>,
    /// What went in and came out, of a run into files.
    pub manifest: Option<PathBuf>,
    /// Write over what exists.
    pub force: bool,
    /// Go on where a run with the same inputs and the same [`configuration`](Self::configuration) was broken off.
    pub resume: bool,
    /// Threads that clean. What is written does not depend on their number.
    pub threads: NonZeroUsize,
    /// Bytes of memory to make do with.
    pub memory: u64,
    /// The share of their text that documents are expected to lose, of the last thousand together: the run ends with
    /// [`Stop::Halted`] where it is another.
    pub halt_removed: Option<RangeInclusive<f64>>,
    /// How often it is written down how far the run has come, of a run into files.
    pub checkpoint: Duration,
    /// Bytes, encoded, from which on a row group of Parquet is closed. A run can go on behind every one.
    pub row_group: u64,
    /// What the result depends on, beside the inputs: it stands in the manifest, and a run that was broken off is gone on
    /// with only where it is the same.
    pub configuration: Value,
}

/// Set by [`wind_down`].
static WINDING_DOWN: AtomicBool = AtomicBool::new(false);

/// Lets the run that is under way finish what is in hand and end with [`Stop::Interrupted`], to be gone on with by another.
/// False where there is none that could be gone on with.
pub fn wind_down() -> bool {
    let can = CAN_GO_ON.load(Ordering::SeqCst);
    WINDING_DOWN.store(can, Ordering::SeqCst);
    can
}

/// True while a run is under way that can be gone on with.
static CAN_GO_ON: AtomicBool = AtomicBool::new(false);

impl Run {
    /// [`memory`](Run::memory) where nothing is asked for.
    pub const MEMORY: u64 = 512 << 20;

    /// [`checkpoint`](Run::checkpoint) where nothing is asked for.
    pub const CHECKPOINT: Duration = Duration::from_secs(10);

    /// [`row_group`](Run::row_group) where nothing is asked for.
    pub const ROW_GROUP: u64 = 16 << 20;

    /// A run that records nothing beside its output, on one thread.
    pub fn new(inputs: Inputs, output: Destination) -> Self {
        Run {
            inputs,
            output,
            writing: Writing::default(),
            removals: None,
            quarantine: None,
            dedup: None,
            duplicates: None,
            manifest: None,
            force: false,
            resume: false,
            threads: NonZeroUsize::MIN,
            memory: Self::MEMORY,
            halt_removed: None,
            checkpoint: Self::CHECKPOINT,
            row_group: Self::ROW_GROUP,
            configuration: Value::Null,
        }
    }

    /// Cleans every document.
    ///
    /// `watch` is told, in order, of what could not be read, and how far the run has come.
    ///
    /// # Errors
    /// Why the run could not go on; what could not be read is no reason.
    pub fn clean(mut self, cleaner: &Cleaner, mut watch: impl FnMut(&[Problem], &Tally) + Send) -> Result<Tally, Stop> {
        self.refuse()?;
        let path = match &self.output {
            Destination::Path(path) if is_replaceable(path) => Some(path.clone()),
            _ => None,
        };
        let Some(path) = path else {
            let mut writer = self.writer(None)?;
            self.work(cleaner, Position::default(), &mut writer, &mut watch)?;
            return writer.finish().map(|(tally, _)| tally);
        };
        let is_tree = output::is_tree(&path, &self.inputs, self.writing);
        let folder = ledger::folder(&path, is_tree);
        self.inputs.skip(&folder);
        let identity = self.identity();
        if let Some(tally) = self.is_done(&path, &folder, &identity) {
            return Ok(tally);
        }
        let ledger = self.open(&path, folder, is_tree, &identity)?;
        self.clean_into_files(ledger, cleaner, &identity, watch)
    }

    /// Refuses to write over inputs.
    fn refuse(&mut self) -> Result<(), Stop> {
        if let Destination::Path(path) = &self.output {
            output::refuse(path, &self.inputs, self.writing)?;
            if self.writing.shard_size.is_some() {
                // Of an output that goes, or of the run that is gone on with.
                output::shards(path).iter().try_for_each(|(_, shard)| refuse_input(shard, &self.inputs))?;
                self.inputs.skip_shards(path);
            }
        }
        for path in [&self.removals, &self.quarantine, &self.duplicates, &self.manifest].into_iter().flatten() {
            refuse_input(path, &self.inputs)?;
            self.inputs.skip(path);
        }
        Ok(())
    }

    /// What the run that is asked for came to, where it is done already.
    fn is_done(&self, output: &Path, folder: &Path, identity: &Value) -> Option<Tally> {
        let manifest = ledger::read_manifest(self.manifest.as_ref().filter(|_| self.resume && !folder.exists())?)?;
        let is_same = manifest["configuration"] == *identity && output::exists(output, self.writing);
        if is_same { serde_json::from_value(manifest["counts"].clone()).ok() } else { None }
    }

    /// The configuration and the state of the inputs, for which all of them are looked up.
    fn identity(&self) -> Value {
        json!({ "run": self.configuration, "listing": self.inputs.listing().to_hex().as_str() })
    }

    /// Opens the run's folder, where nothing is in the way.
    fn open(&mut self, output: &Path, folder: PathBuf, is_tree: bool, identity: &Value) -> Result<Ledger, Stop> {
        let is_left = folder.exists();
        if !is_left {
            // Before anything is made.
            output::refuse_existing(output, is_tree, self.writing, self.force)?;
        }
        let mut ledger = match Ledger::open(output, folder)? {
            Opened::Left(ledger) if self.resume => {
                return checked(ledger, identity).inspect(|_| self.force = true);
            }
            Opened::Left(ledger) if !self.force => {
                return Err(refused(
                    ledger.path(),
                    "a run was broken off here; --resume goes on with it, --force begins anew",
                ));
            }
            Opened::Left(mut ledger) => ledger.begin_anew().map(|()| ledger)?,
            Opened::New(ledger) => {
                // What stopped before anything was written down may have named a file already.
                self.force |= is_left && self.resume;
                ledger
            }
        };
        let mut state = State::default();
        (state.configuration, state.inputs) = (hash(&identity["run"]), hash(&identity["listing"]));
        ledger.begin(state)?;
        Ok(ledger)
    }

    fn clean_into_files(
        mut self,
        mut ledger: Ledger,
        cleaner: &Cleaner,
        identity: &Value,
        mut watch: impl FnMut(&[Problem], &Tally) + Send,
    ) -> Result<Tally, Stop> {
        let can_go_on = self.inputs.are_files();
        ledger.digests = self.inputs.leave_digests();
        if !can_go_on {
            ledger.cannot_go_on();
        }
        let start = ledger.state.position;
        let has_ended = ledger.state.ended;
        let mut writer = self.writer(Some(ledger))?;
        if !has_ended {
            CAN_GO_ON.store(can_go_on, Ordering::SeqCst);
            let worked = self.work(cleaner, start, &mut writer, &mut watch);
            CAN_GO_ON.store(false, Ordering::SeqCst);
            if let Err(stop) = worked {
                return Err(writer.give_up(stop));
            }
        }
        let (tally, ledger) = writer.finish()?;
        if let Some(ledger) = ledger {
            ledger.conclude(self.manifest.as_deref(), identity, self.force)?;
        }
        Ok(tally)
    }

    fn work(
        &self,
        cleaner: &Cleaner,
        start: Position,
        writer: &mut Writer,
        watch: &mut (impl FnMut(&[Problem], &Tally) + Send),
    ) -> Result<(), Stop> {
        // Reasons are worked out for those who record them.
        let wants_removals = self.removals.is_some();
        let cleaner = &cleaner.explaining(wants_removals);
        let target = &writer.target();
        let is_shared = matches!(target, Target::File(_)) && !self.inputs.is_single();
        let (reading, writing) = (self.inputs.reading(), self.writing);
        let marker = self.dedup.map(|dedup| Ok(Marker::new(dedup, writer.firsts()?))).transpose()?;
        let marker = marker.as_ref();
        let worker = Worker { cleaner, reading, writing, target, is_shared, wants_removals, marker };
        let weight = |(_, step): &(u64, Step)| step.found.as_ref().map_or(0, Batch::weight);
        let mut brake = self.halt_removed.clone().map(Brake::new);
        let emit = |done: Done| {
            let halt = brake.as_mut().and_then(|brake| brake.count(&done.tally));
            let problems = writer.write(done)?;
            watch(&problems, writer.tally());
            halt.map_or(Ok(()), |reason| Err(Stop::Halted(reason)))
        };
        let is_interrupted = AtomicBool::new(false);
        let steps = self.inputs.batches_from(start).take_while(|_| {
            let winds_down = WINDING_DOWN.swap(false, Ordering::SeqCst);
            is_interrupted.fetch_or(winds_down, Ordering::SeqCst);
            !winds_down
        });
        let work = |(number, step)| worker.work(number, step);
        run::run(self.threads, self.memory, (0..).zip(steps), weight, work, emit)?;
        if is_interrupted.into_inner() { writer.commit().and(Err(Stop::Interrupted)) } else { Ok(()) }
    }

    /// Opens all that is written.
    fn writer(&mut self, ledger: Option<Ledger>) -> Result<Writer, Stop> {
        let Run { inputs, writing, force, .. } = self;
        let resumable = ledger.as_ref().filter(|ledger| ledger.can_go_on());
        let (drafts, has_drafts) = (resumable.map(|ledger| ledger.path().to_owned()), resumable.is_some());
        let has_ended = ledger.as_ref().is_some_and(|ledger| ledger.state.ended);
        let output = match std::mem::replace(&mut self.output, Destination::Nowhere) {
            Destination::Path(path) if !has_ended => {
                let state = ledger.as_ref().map(|ledger| &ledger.state);
                let begun = state.map_or(0, |state| state.begun);
                let under_way = state.and_then(|state| state.output.clone());
                Output::path(&path, inputs, *writing, *force, drafts, Written { begun, under_way })?
            }
            Destination::Stream(to) => Output::stream(to),
            _ => Output::Nowhere,
        };
        let sidecar = |path: &Option<PathBuf>| path.as_ref().map(|path| Sidecar::new(path, has_drafts, *force));
        let beside = Sidecars {
            removals: sidecar(&self.removals),
            quarantine: sidecar(&self.quarantine),
            duplicates: sidecar(&self.duplicates),
            firsts: resumable.filter(|_| self.dedup.is_some()).map(|ledger| Sidecar::of_run(ledger.draft("firsts"))),
        };
        // A row group larger than a shard would make it as large.
        let row_group = self.writing.shard_size.map_or(self.row_group, |size| size.min(self.row_group));
        let pace = Pace { checkpoint: self.checkpoint, row_group };
        Writer::new(output, beside, ledger, pace)
    }
}

/// A run's folder, where what it was asked for and what it reads are the same.
fn checked(ledger: Ledger, identity: &Value) -> Result<Ledger, Stop> {
    let changed = |what: &str| {
        let reason = format!("{what} since the run was broken off; it cannot go on (--force begins anew)");
        Err(refused(ledger.path(), &reason))
    };
    if ledger.state.configuration != hash(&identity["run"]) {
        return changed("the options, their files or the rules have changed");
    }
    if ledger.state.inputs != hash(&identity["listing"]) {
        return changed("the inputs have changed");
    }
    Ok(ledger)
}

fn hash(value: &Value) -> String {
    blake3::hash(value.to_string().as_bytes()).to_hex().to_string()
}

/// True where a file can take the place of what stands at a path, and others stand beside it: of anything but a pipe or a
/// device.
pub fn is_replaceable(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |metadata| metadata.is_file() || metadata.is_dir())
}
