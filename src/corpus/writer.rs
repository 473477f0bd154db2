//! Writing what comes of batches, in order.

use super::dedup::Firsts;
use super::draft::Pending;
#[cfg(feature = "formats")]
use super::formats::row_groups::{self, ParquetFile};
use super::inputs::Source;
#[cfg(feature = "formats")]
use super::inputs::{Format, format_of};
use super::ledger::{Ledger, State, UnderWay, hidden};
use super::output::Output;
use super::pieces::{Content, Piece};
use super::problem::{Code, Fault, Problem};
use super::removals::{self, Seen};
use super::tally::Tally;
use super::worker::{Done, Mark, Naming};
use super::writing::Target;
use super::{Stop, quarantine};
#[cfg(feature = "formats")]
use ::parquet::errors::ParquetError;
#[cfg(feature = "formats")]
use arrow_array::RecordBatch;
#[cfg(feature = "formats")]
use arrow_schema::SchemaRef;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
#[cfg(feature = "formats")]
use std::{fs::File, io};

const OTHER_COLUMNS: &str = "its columns are not those of the rows before, and one file cannot hold both";

/// A file beside the output.
pub(crate) struct Sidecar {
    path: PathBuf,
    /// Where it stands until the run ends, of a run that can go on.
    draft: Option<PathBuf>,
    force: bool,
    pending: Option<Pending>,
}

impl Sidecar {
    /// A file that is made when something is written to it, or on [`open`](Self::open).
    pub fn new(path: &Path, has_draft: bool, force: bool) -> Self {
        let draft = has_draft.then(|| hidden(path, ".draft"));
        Sidecar { path: path.to_owned(), draft, force, pending: None }
    }

    /// A file of the run's own, which goes with its folder.
    pub fn of_run(path: PathBuf) -> Self {
        Sidecar { draft: Some(path.clone()), path, force: true, pending: None }
    }

    fn open(&mut self) -> Result<&mut Pending, Stop> {
        if self.pending.is_none() {
            self.pending = Some(Pending::create(&self.path, self.draft.clone(), self.force)?);
        }
        Ok(self.pending.as_mut().expect("just opened"))
    }

    /// Goes on behind the first `bytes`; with none of them, anew.
    fn resume(&mut self, bytes: u64) -> Result<(), Stop> {
        if let (Some(draft), true) = (&self.draft, bytes > 0) {
            let under_way = UnderWay { path: self.path.clone(), draft: draft.clone(), bytes };
            self.pending = Some(Pending::resume(under_way)?);
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<u64, Stop> {
        let Some(pending) = &mut self.pending else { return Ok(0) };
        pending.sync()?;
        Ok(pending.len())
    }
}

/// All that is written beside the output.
#[derive(Default)]
pub(crate) struct Sidecars {
    pub removals: Option<Sidecar>,
    pub quarantine: Option<Sidecar>,
    pub duplicates: Option<Sidecar>,
    /// What is known of documents that came first, of a run that can go on.
    pub firsts: Option<Sidecar>,
}

impl Sidecars {
    /// Those that get names in the end.
    fn named(self) -> impl Iterator<Item = Sidecar> {
        [self.removals, self.quarantine, self.duplicates].into_iter().flatten()
    }
}

/// Writes all that a run writes. It alone makes files: measured on small ones, making them on every thread is no faster,
/// since they wait for each other in the folder.
pub(crate) struct Writer {
    output: Output,
    beside: Sidecars,
    ledger: Option<Ledger>,
    seen: Seen,
    /// The Parquet file under way.
    #[cfg(feature = "formats")]
    rows: Option<ParquetFile>,
    /// The columns of the shards before it.
    #[cfg(feature = "formats")]
    columns: Option<SchemaRef>,
    /// How far it has come, of which the ledger knows what [`commit`](Self::commit) told it.
    state: State,
    committed: Instant,
    pace: Pace,
}

/// When something is done that takes its time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// How often it is written down how far the run has come.
    pub checkpoint: Duration,
    /// Bytes, encoded, from which on a row group of Parquet is closed.
    #[cfg_attr(not(feature = "formats"), expect(dead_code, reason = "there is no Parquet"))]
    pub row_group: u64,
}

impl Writer {
    /// Opens what is written, and goes on where the ledger says.
    pub fn new(output: Output, mut beside: Sidecars, ledger: Option<Ledger>, pace: Pace) -> Result<Self, Stop> {
        let state = ledger.as_ref().map_or_else(State::default, |ledger| ledger.state.clone());
        let Sidecars { removals, quarantine, duplicates, firsts } = &mut beside;
        let lengths = [state.removals, state.quarantine, state.duplicates, state.firsts];
        for (sidecar, bytes) in [removals, quarantine, duplicates, firsts].into_iter().zip(lengths) {
            if let (Some(sidecar), false) = (sidecar, state.ended) {
                sidecar.resume(bytes)?;
            }
        }
        let seen = match &ledger {
            Some(ledger) if !state.is_new() && !state.ended => Seen::load(&ledger.draft(&seen_name(state.saved)))?,
            _ => Seen::new(),
        };
        let mut writer = Writer {
            output,
            beside,
            ledger,
            seen,
            #[cfg(feature = "formats")]
            rows: None,
            #[cfg(feature = "formats")]
            columns: None,
            state,
            committed: Instant::now(),
            pace,
        };
        #[cfg(feature = "formats")]
        writer.resume_rows()?;
        if !writer.state.ended {
            let Sidecars { removals, duplicates, .. } = &mut writer.beside;
            [removals, duplicates].into_iter().flatten().try_for_each(|sidecar| sidecar.open().map(drop))?;
        }
        Ok(writer)
    }

    /// The documents that came first, in the part of the run that lies behind.
    pub fn firsts(&self) -> Result<Firsts, Stop> {
        match &self.beside.firsts {
            Some(sidecar) if self.state.firsts > 0 => Firsts::load(&sidecar.path, self.state.firsts),
            _ => Ok(Firsts::new()),
        }
    }

    /// Where the output goes.
    pub fn target(&self) -> Target {
        self.output.target()
    }

    pub fn tally(&self) -> &Tally {
        &self.state.tally
    }

    /// Writes what came of a batch, and hands back what was wrong with it.
    pub fn write(&mut self, mut done: Done) -> Result<Vec<Problem>, Stop> {
        if !done.pieces.iter().all(|piece| self.fits(piece)) {
            done.set_aside_whole(&Fault::new(Code::Unsuited, OTHER_COLUMNS));
        }
        let (mut removed, mut listed) = (Vec::with_capacity(done.removals.len()), Vec::new());
        let (mut removals_start, mut duplicates_start) = (0, 0);
        for piece in &done.pieces {
            self.write_piece(piece)?;
            for mark in &piece.marks {
                let place = self.place(mark, &piece.source);
                let removals = &done.removals[removals_start..mark.removals_end];
                removals::write_placed(removals, place.as_deref(), &mut removed);
                let duplicates = &done.duplicates[duplicates_start..mark.duplicates_end];
                removals::write_placed(duplicates, place.as_deref(), &mut listed);
                (removals_start, duplicates_start) = (mark.removals_end, mark.duplicates_end);
            }
        }
        let Sidecars { removals, duplicates, firsts, .. } = &mut self.beside;
        for (sidecar, bytes) in [(removals, &removed), (duplicates, &listed), (firsts, &done.firsts)] {
            sidecar.as_mut().map_or(Ok(()), |sidecar| sidecar.open()?.write(bytes))?;
        }
        self.set_aside(&done.problems)?;
        self.state.tally.add(&done.tally);
        self.state.position = done.end;
        // Nowhere else, so that behind a row group the run can be gone on with.
        #[cfg(feature = "formats")]
        self.end_group()?;
        if self.output.is_full() {
            self.settle()?;
        }
        if self.ledger.as_ref().is_some_and(Ledger::can_go_on) && self.committed.elapsed() >= self.pace.checkpoint {
            self.commit()?;
        }
        Ok(done.problems)
    }

    /// Writes what has to fit, beside which there is nothing to write down.
    ///
    /// # Errors
    /// [`Stop::Restore`] where it has other columns than what was written before, [`Stop::File`]
    pub fn put(&mut self, piece: &Piece) -> Result<(), Stop> {
        if !self.fits(piece) {
            return Err(Stop::Restore(piece.source.problem(Fault::new(Code::Unsuited, OTHER_COLUMNS)).to_string()));
        }
        self.write_piece(piece)?;
        #[cfg(feature = "formats")]
        self.end_group()?;
        if self.output.is_full() { self.settle() } else { Ok(()) }
    }

    /// False of rows that have other columns than those before them in the same file.
    fn fits(&self, piece: &Piece) -> bool {
        if !self.output.is_one_file() {
            return true;
        }
        #[cfg(feature = "formats")]
        if let Content::Rows(rows) = &piece.content {
            let columns = self.rows.as_ref().map(ParquetFile::schema).or(self.columns.as_ref());
            return columns.is_none_or(|columns| *columns == rows.schema());
        }
        piece.head.is_empty() || self.state.head.as_ref().is_none_or(|head| *head == piece.head)
    }

    fn write_piece(&mut self, piece: &Piece) -> Result<(), Stop> {
        if piece.is_first {
            if !self.is_in_rows() {
                self.output.begin(&piece.source)?;
            }
            if !self.output.is_one_file() {
                self.state.line = 0;
                self.state.head = None;
            }
        }
        // Behind the last shard nothing makes no other.
        if !(piece.content.is_empty() && self.output.is_between_shards()) {
            self.write_head(piece)?;
            match &piece.content {
                Content::Bytes(bytes) => self.output.write(bytes)?,
                #[cfg(feature = "formats")]
                Content::Rows(rows) => self.write_rows(rows, &piece.source)?,
            }
        }
        if piece.is_last && !self.output.is_one_file() {
            self.close_rows()?;
        }
        self.output.end_piece(piece.is_last);
        Ok(())
    }

    /// Writes what a file begins with, where it has none yet.
    fn write_head(&mut self, piece: &Piece) -> Result<(), Stop> {
        let is_missing = self.state.head.is_none() || self.output.is_at_new_shard();
        if is_missing && !piece.head.is_empty() {
            self.output.write(&piece.head)?;
            self.state.head = Some(piece.head.clone());
        }
        Ok(())
    }

    #[cfg(feature = "formats")]
    fn write_rows(&mut self, rows: &RecordBatch, source: &Source) -> Result<(), Stop> {
        let unfit = |error| Stop::Refused(format!("{}: {error}", source.path.display()));
        let file = match &mut self.rows {
            Some(file) => file,
            None => {
                self.state.groups = 0;
                self.rows.insert(ParquetFile::new(rows.schema()).map_err(unfit)?)
            }
        };
        file.write(rows).map_err(unfit)
    }

    /// Closes the row group that is being filled, where it is large enough, and with it the shard.
    #[cfg(feature = "formats")]
    fn end_group(&mut self) -> Result<(), Stop> {
        let Some(file) = self.rows.as_mut().filter(|file| file.is_full(self.pace.row_group)) else { return Ok(()) };
        let (bytes, tail) = file.end_group().map_err(|error| Stop::Refused(error.to_string()))?;
        self.output.write(&bytes)?;
        if let (Some(tail), Some(ledger)) = (tail, &mut self.ledger) {
            ledger.note_group(&tail)?;
            self.state.groups += 1;
        }
        if self.output.is_shard_full() {
            self.close_rows()?;
            self.output.end_piece(false);
        }
        Ok(())
    }

    /// Goes on with the Parquet file under way.
    #[cfg(feature = "formats")]
    fn resume_rows(&mut self) -> Result<(), Stop> {
        if let (Some(head), true) = (&self.state.head, is_parquet(&self.output)) {
            let columns = row_groups::columns(&head.clone().into());
            self.columns =
                Some(columns.map_err(|error| Stop::Defect(format!("its own columns cannot be read: {error}")))?);
        }
        let State { output: Some(UnderWay { draft, .. }), groups: 1.., ended: false, .. } = &self.state else {
            return Ok(());
        };
        let Some(ledger) = &self.ledger else { return Ok(()) };
        let tails = ledger.groups(self.state.groups)?;
        let resumed = File::open(draft).map_err(Into::into).and_then(|file| ParquetFile::resume(file, &tails));
        self.rows = resumed.map_err(|error| Stop::file(draft, io::Error::other(error)))?;
        Ok(())
    }

    /// Ends the Parquet file under way.
    fn close_rows(&mut self) -> Result<(), Stop> {
        #[cfg(feature = "formats")]
        if let Some(file) = self.rows.take() {
            let columns = SchemaRef::clone(file.schema());
            let stop = |error: ParquetError| Stop::Refused(error.to_string());
            self.output.write(&file.finish().map_err(stop)?)?;
            self.state.groups = 0;
            if self.output.is_in_shards() && self.columns.is_none() {
                // Who goes on has to know them.
                self.state.head = Some(ParquetFile::new(columns.clone()).and_then(ParquetFile::finish).map_err(stop)?);
                self.columns = Some(columns);
            }
        }
        Ok(())
    }

    /// True inside a Parquet file, in which rows of another source are no beginning.
    fn is_in_rows(&self) -> bool {
        #[cfg(feature = "formats")]
        return self.rows.is_some();
        #[cfg(not(feature = "formats"))]
        false
    }

    /// True inside a row group of Parquet: before its end nothing of it is in the file.
    fn is_in_group(&self) -> bool {
        #[cfg(feature = "formats")]
        return self.rows.as_ref().is_some_and(|file| !file.is_whole());
        #[cfg(not(feature = "formats"))]
        false
    }

    /// Where the next document stands, where its id does not tell which it is.
    fn place(&mut self, mark: &Mark, source: &Source) -> Option<String> {
        let line = mark.line.map(|_| self.state.line + 1);
        self.state.line += 1;
        let was_met = self.seen.insert(mark.id);
        let is_unclear = match mark.naming {
            Naming::Own => false,
            Naming::OwnUnclear => true,
            // The file may be called something else in a tree of outputs.
            Naming::Made => line.is_none() || line != mark.line || source.place(None) != source.name,
        };
        (was_met || is_unclear).then(|| source.place(line))
    }

    /// Puts into quarantine what is not written.
    fn set_aside(&mut self, problems: &[Problem]) -> Result<(), Stop> {
        let Some(quarantine) = &mut self.beside.quarantine else { return Ok(()) };
        let mut lines = Vec::new();
        problems.iter().filter(|problem| problem.code != Code::Left).for_each(|it| quarantine::write(it, &mut lines));
        if lines.is_empty() { Ok(()) } else { quarantine.open()?.write(&lines) }
    }

    /// Gives whole files their names.
    fn settle(&mut self) -> Result<(), Stop> {
        let settled = self.output.settle()?;
        let Some(ledger) = &mut self.ledger else { return Ok(()) };
        settled.iter().try_for_each(|file| ledger.note(file))
    }

    /// Puts on the disk all that was written, and then writes down how far the run has come. Inside a row group it does
    /// nothing: who goes on has to fill it from its beginning.
    ///
    /// # Errors
    /// [`Stop::File`]
    pub fn commit(&mut self) -> Result<(), Stop> {
        if self.is_in_group() {
            return Ok(());
        }
        self.settle()?;
        self.committed = Instant::now();
        let Some(ledger) = &mut self.ledger else { return Ok(()) };
        let sync = |sidecar: &mut Option<Sidecar>| sidecar.as_mut().map_or(Ok(0), Sidecar::sync);
        self.state.removals = sync(&mut self.beside.removals)?;
        self.state.quarantine = sync(&mut self.beside.quarantine)?;
        self.state.duplicates = sync(&mut self.beside.duplicates)?;
        self.state.firsts = sync(&mut self.beside.firsts)?;
        (self.state.begun, self.state.output) = (self.output.begun(), self.output.under_way());
        self.state.saved += 1;
        if self.state.ended && self.state.saved == 1 {
            // A run so short is sooner made anew than gone on with.
            ledger.state = self.state.clone();
            return Ok(());
        }
        if !self.state.ended {
            self.seen.save(&ledger.draft(&seen_name(self.state.saved)))?;
        }
        ledger.save(self.state.clone())
    }

    /// Ends it all. What is left to do of a run that can go on is to give drafts their names.
    ///
    /// # Errors
    /// [`Stop::File`], [`Stop::Defect`]
    pub fn finish(mut self) -> Result<(Tally, Option<Ledger>), Stop> {
        self.close_rows()?;
        if !self.tally().adds_up() {
            return Err(Stop::Defect(format!("documents were lost: {:?}", self.tally())));
        }
        if self.ledger.as_ref().is_some_and(Ledger::can_go_on) {
            self.end()?;
            return Ok((self.state.tally, self.ledger));
        }
        let mut finished = self.output.finish()?;
        for sidecar in self.beside.named() {
            finished.extend(sidecar.pending.map(Pending::finish).transpose()?);
        }
        if let Some(ledger) = &mut self.ledger {
            finished.iter().try_for_each(|file| ledger.note(file))?;
            ledger.state.tally = self.state.tally.clone();
        }
        Ok((self.state.tally, self.ledger))
    }

    /// Notes that everything is written, and which drafts have to get their names.
    fn end(&mut self) -> Result<(), Stop> {
        if self.state.ended {
            return Ok(());
        }
        self.output.end()?;
        self.settle()?;
        let Sidecars { removals, quarantine, duplicates, .. } = &self.beside;
        let sidecars = [removals, quarantine, duplicates].into_iter().flatten().filter_map(|it| it.pending.as_ref());
        let drafts: Vec<&Pending> = self.output.pending().into_iter().chain(sidecars).collect();
        self.state.drafts = drafts.iter().filter_map(|pending| pending.under_way()).collect();
        let noted: Vec<_> = drafts.iter().map(|pending| pending.so_far()).collect();
        if let Some(ledger) = &mut self.ledger {
            noted.iter().try_for_each(|file| ledger.note(file))?;
        }
        self.state.ended = true;
        self.commit()
    }

    /// Clears away what nobody can go on with.
    pub fn give_up(self, stop: Stop) -> Stop {
        let Writer { output, beside, ledger, .. } = self;
        let is_untouched = |ledger: &Ledger| ledger.state.is_new() && !output.has_named();
        let Some(ledger) = ledger.filter(|ledger| is_untouched(ledger) || !ledger.can_go_on()) else { return stop };
        drop(output);
        for draft in beside.named().filter_map(|sidecar| sidecar.draft) {
            // There may be none.
            let _ = fs::remove_file(draft);
        }
        // Why it ended matters more than what is left behind.
        let _ = ledger.remove();
        stop
    }
}

/// True where all goes into one file of Parquet, or shards of it.
#[cfg(feature = "formats")]
fn is_parquet(output: &Output) -> bool {
    matches!(output.target(), Target::File(name) if format_of(&name) == Some(Format::Parquet))
}

/// Two take turns, so that the one the state speaks of is whole.
fn seen_name(saved: u64) -> String {
    format!("seen-{}", saved % 2)
}
