//! Putting a corpus together again: clean text and the record of removals in, the originals out.

use super::batches::{Batch, Lines, Text};
use super::inputs::{Inputs, Source};
use super::jsonl::Line;
use super::output::{self, Output, Written};
use super::packing::without_ending;
use super::problem::{Code, Fault, Problem};
use super::removals::{Entries, Entry};
use super::writing::MARKDOWN;
use super::{Destination, Stop, Writing};
use crate::{Error, decode, restore_parts};
use std::path::Path;

/// Writes the originals of what [`clean`](super::clean) wrote. Documents are met in the order in which their removals
/// were recorded. What exists is written over by `force` alone, and what is read never.
///
/// # Errors
/// [`Stop::Restore`] where the record of removals does not belong to this text, and what else keeps a run from going on.
pub fn restore(mut inputs: Inputs, removals: &Path, output: Destination, force: bool) -> Result<(), Stop> {
    let mut output = match output {
        Destination::Nowhere => Output::Nowhere,
        Destination::Stream(to) => Output::stream(to),
        Destination::Path(path) => {
            output::refuse(&path, &inputs, Writing::default())?;
            Output::path(&path, &mut inputs, Writing::default(), force, None, Written { begun: 0, under_way: None })?
        }
    };
    let inputs = &inputs;
    let mut entries = Entries::open(removals)?;
    let is_single = inputs.is_single();
    let mut restorer = Restorer { inputs, is_single, entries: &mut entries, output: &mut output, is_open: false };
    for batch in inputs.batches() {
        restorer.batch(batch.found.map_err(unreadable)?)?;
    }
    match entries.head() {
        Some(entry) => Err(Stop::Restore(format!(
            "{}: the removals from {} belong to no document in this input",
            removals.display(),
            entry.place.as_ref().unwrap_or(&entry.id)
        ))),
        None => output.finish().map(drop),
    }
}

/// What cannot be read cannot have been written by `clean`.
fn unreadable(problem: Problem) -> Stop {
    Stop::Restore(problem.to_string())
}

struct Restorer<'r> {
    inputs: &'r Inputs,
    is_single: bool,
    entries: &'r mut Entries,
    output: &'r mut Output,
    /// True inside a JSONL source.
    is_open: bool,
}

impl Restorer<'_> {
    fn batch(&mut self, batch: Batch) -> Result<(), Stop> {
        match batch {
            Batch::Lines(lines) => self.lines(&lines),
            #[cfg(feature = "formats")]
            Batch::Rows(rows) => Err(unreadable(
                rows.source
                    .problem(Fault::new(Code::Unsuited, "no way leads back from here; text and JSONL can be restored")),
            )),
            Batch::Texts(texts) => texts.into_iter().try_for_each(|text| self.text(text)),
        }
    }

    fn lines(&mut self, lines: &Lines) -> Result<(), Stop> {
        if !std::mem::replace(&mut self.is_open, !lines.is_last) {
            self.output.begin(&lines.source)?;
        }
        let mut bytes = Vec::with_capacity(lines.bytes.len());
        for line in lines.records(self.inputs.reading()) {
            let line = line.map_err(unreadable)?;
            let entries = self.entries.take_while(|entry| is_of_line(entry, &line, &lines.source, self.is_single))?;
            line.write_with(&entries, &mut bytes)
                .map_err(|at| misfit(&lines.source, Some(line.number), &entries, at))?;
        }
        self.write(&lines.source, bytes, lines.is_first)?;
        if lines.is_last {
            self.output.end_piece(true);
        }
        Ok(())
    }

    fn text(&mut self, text: Text) -> Result<(), Stop> {
        let source = text.source.clone();
        if without_ending(&source.path).extension().is_some_and(|extension| extension == MARKDOWN) {
            return Err(unreadable(source.problem(Fault::new(
                Code::Unsuited,
                "from Markdown no way leads back; text and JSONL can be restored",
            ))));
        }
        let bytes = text.bytes(self.inputs.reading().max_record).map_err(unreadable)?.0;
        let undecodable = |reason| unreadable(source.problem(Fault::new(Code::Encoding, reason)));
        let (kept, form) = decode::text(&bytes, None).map_err(undecodable)?;
        let entries = self.take_of_text(&source)?;
        let parts = entries.iter().map(|e| (e.start..e.end, e.text.as_str(), e.replacement.as_str()));
        let original = restore_parts(&kept, parts).map_err(|error| match error {
            Error::Restore { at } => misfit(&source, None, &entries, at),
            other => Stop::Restore(other.to_string()),
        })?;
        let original = if entries.is_empty() { bytes } else { form.encode(original) };
        self.output.begin(&source)?;
        self.write(&source, original, true)?;
        self.output.end_piece(true);
        if self.output.is_full() { self.output.settle().map(drop) } else { Ok(()) }
    }

    fn write(&mut self, source: &Source, bytes: Vec<u8>, is_first: bool) -> Result<(), Stop> {
        let packing = self.output.target().packing(source);
        self.output.write(&packing.pack(bytes, is_first))
    }

    /// The removals from a text. A single text has them all, whatever its file is called now.
    fn take_of_text(&mut self, source: &Source) -> Result<Vec<Entry>, Stop> {
        let name = match self.entries.head() {
            Some(head) if self.is_single => head.document().to_owned(),
            _ => source.name.clone(),
        };
        self.entries.take_while(|entry| entry.document() == name)
    }
}

/// True where a removal is one from this record.
fn is_of_line(entry: &Entry, line: &Line, source: &Source, is_single: bool) -> bool {
    let is_here = |place: &str| match is_single {
        // The file may be called something else by now.
        true => place.rsplit_once(':').is_some_and(|(_, number)| number == line.number.to_string()),
        false => place == source.place(Some(line.number)),
    };
    match (&entry.place, line.own_id()) {
        (None, Some(id)) => entry.id == id,
        (None, None) => is_here(&entry.id),
        (Some(place), own) => is_here(place) && own.is_none_or(|id| entry.id == id),
    }
}

fn misfit(source: &Source, line: Option<u64>, entries: &[Entry], at: usize) -> Stop {
    let id = entries.first().map_or("", |entry| &entry.id);
    let file = source.path.display();
    let place = line.map(|line| format!(":{line}")).unwrap_or_default();
    Stop::Restore(format!("{file}{place}: the removals from {id} do not fit this text: at byte {at} of the original"))
}
