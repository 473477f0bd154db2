//! Cleaning a corpus: batches in, clean text and the record of removals out, in the order of the input.

use super::batches::{Batch, Step};
use super::inputs::{Inputs, Source};
use super::output::{Output, Pending};
use super::removals::{self, Seen};
use super::tally::Tally;
use super::worker::{Done, Mark, Naming, Piece, Worker};
use super::{Problem, Stop, run};
use crate::Cleaner;
use std::num::NonZeroUsize;

/// Cleans every document of `inputs` on `threads` threads, writes it to `output` and its removals to `removals`.
///
/// `watch` is told, in order, of what could not be read, and how far the run has come. What is written does not depend on
/// the number of threads.
///
/// # Errors
/// Why the run could not go on; what could not be read is no reason.
pub fn clean(
    inputs: &Inputs,
    cleaner: &Cleaner,
    output: Output,
    removals: Option<Pending>,
    threads: NonZeroUsize,
    mut watch: impl FnMut(&[Problem], &Tally) + Send,
) -> Result<Tally, Stop> {
    let (reading, writing) = (inputs.reading(), output.writing());
    // Reasons are worked out for those who record them.
    let cleaner = &cleaner.explaining(removals.is_some());
    let worker = Worker { cleaner, reading, writing, wants_removals: removals.is_some() };
    let mut writer = Writer { output, removals, seen: Seen::new(), line: 0 };
    let mut tally = Tally::default();
    let weight = |step: &Step| step.found.as_ref().map_or(0, Batch::weight);
    let emit = |done: Done| {
        tally.add(&done.tally);
        watch(&done.problems, &tally);
        writer.write(done)
    };
    run::run(threads, inputs.batches(), weight, |step| worker.work(step), emit)?;
    writer.finish()?;
    Ok(tally)
}

/// Writes what comes of batches, in order. It alone makes files: measured on small ones, making them on every thread is no
/// faster, since they wait for each other in the folder.
struct Writer {
    output: Output,
    removals: Option<Pending>,
    seen: Seen,
    /// Lines written of JSONL to the file under way.
    line: u64,
}

impl Writer {
    fn write(&mut self, done: Done) -> Result<(), Stop> {
        let mut lines = Vec::with_capacity(done.removals.len());
        let mut start = 0;
        for piece in done.pieces {
            self.write_piece(&piece)?;
            for mark in &piece.marks {
                self.write_removals(&done.removals[start..mark.end], mark, &piece.source, &mut lines);
                start = mark.end;
            }
        }
        self.removals.as_mut().map_or(Ok(()), |removals| removals.write(&lines))
    }

    fn write_piece(&mut self, piece: &Piece) -> Result<(), Stop> {
        if piece.is_first {
            self.output.begin(&piece.source)?;
            if !self.output.is_one_file() {
                self.line = 0;
            }
        }
        self.output.write(&piece.bytes)?;
        if piece.is_last { self.output.end() } else { Ok(()) }
    }

    /// Writes a document's removals, with its place where its id does not tell which it is.
    fn write_removals(&mut self, removals: &[u8], mark: &Mark, source: &Source, into: &mut Vec<u8>) {
        let line = mark.line.map(|_| self.line + 1);
        self.line += 1;
        let was_met = self.seen.insert(mark.id);
        let is_unclear = match mark.naming {
            Naming::Own => false,
            Naming::OwnLikeMade => true,
            Naming::Made => line.is_none() || line != mark.line,
        };
        match was_met || is_unclear {
            true => removals::write_placed(removals, &source.place(line), into),
            false => into.extend_from_slice(removals),
        }
    }

    fn finish(self) -> Result<(), Stop> {
        self.output.finish()?;
        self.removals.map_or(Ok(()), Pending::finish)
    }
}
