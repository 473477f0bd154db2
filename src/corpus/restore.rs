//! Putting a corpus together again: clean text and the record of removals in, the originals out.
//!
//! What `clean` wrote is read, cut into batches and laid down as it is when it is cleaned, on one thread. Each document
//! takes from the record of removals what comes next and is its own.

use super::batches::{Batch, Lines, Text};
use super::draft::refused;
#[cfg(feature = "formats")]
use super::formats::{restored::CleanRows, rows::Rows, table::Outcome};
use super::inputs::{Inputs, Source};
use super::marks::{self, Duplicate};
use super::output::{self, Output, Written};
use super::packing::without_ending;
use super::pieces::{Made, Records};
use super::problem::{Code, Fault, Problem};
use super::removals::{Entries, Entry, Removed};
use super::worker::Naming;
use super::writer::{Pace, Sidecars, Writer};
use super::writing::{MARKDOWN, Target};
use super::{Destination, Format, Run, Stop, Writing, jsonl};
use crate::{Error, decode, restore_parts};
use std::path::Path;
use std::sync::Arc;

/// Bytes of restored text that are written together, or just one document: of what was cut down to little, a batch can
/// become large.
const TOGETHER: usize = 8 << 20;

/// Writes the originals of what [`clean`](super::clean) wrote, in the formats that it wrote. Documents are met in the order
/// in which their removals were recorded. With the list of duplicates, the fields that marking has added are taken out;
/// without, they stay. What exists is written over by `force` alone, and what is read never.
///
/// # Errors
/// [`Stop::Restore`] where the record of removals or the list does not belong to this text, and what else keeps a run from
/// going on.
pub fn restore(
    mut inputs: Inputs,
    removals: &Path,
    duplicates: Option<&Path>,
    output: Destination,
    force: bool,
) -> Result<(), Stop> {
    let output = match output {
        Destination::Nowhere => Output::Nowhere,
        Destination::Stream(to) => Output::stream(to),
        Destination::Path(path) => {
            output::refuse(&path, &inputs, Writing::default())?;
            if !inputs.is_single() && !output::is_tree(&path, &inputs, Writing::default()) {
                return Err(refused(&path, "is one file, and what is restored of a folder is a folder"));
            }
            Output::path(&path, &mut inputs, Writing::default(), force, None, Written { begun: 0, under_way: None })?
        }
    };
    let pace = Pace { checkpoint: Run::CHECKPOINT, row_group: Run::ROW_GROUP };
    let writer = Writer::new(output, Sidecars::default(), None, pace)?;
    let mut restorer = Restorer {
        inputs: &inputs,
        removals: Entries::open(removals)?,
        duplicates: duplicates.map(Entries::open).transpose()?,
        target: writer.target(),
        writer,
        before: 0,
        number: 0,
    };
    for batch in inputs.batches() {
        restorer.batch(batch.found.map_err(unreadable)?)?;
    }
    let Restorer { removals, duplicates, writer, .. } = restorer;
    removals.finish()?;
    duplicates.map_or(Ok(()), Entries::finish)?;
    writer.finish().map(drop)
}

/// What cannot be read cannot have been written by `clean`.
fn unreadable(problem: Problem) -> Stop {
    Stop::Restore(problem.to_string())
}

struct Restorer<'r> {
    inputs: &'r Inputs,
    removals: Entries<Removed>,
    duplicates: Option<Entries<Duplicate>>,
    writer: Writer,
    target: Target,
    /// Records in the shards that lie behind.
    before: u64,
    /// The number of the last record in its source.
    number: u64,
}

/// A record, and what tells it from others.
#[derive(Clone, Copy)]
struct Known<'r> {
    source: &'r Source,
    /// Its number in the file, of which the source may be a shard.
    number: u64,
    own_id: Option<&'r str>,
    /// There is but one file.
    is_single: bool,
}

/// What was written down of a record beside the output.
struct Beside {
    removals: Vec<Removed>,
    duplicate: Option<Duplicate>,
}

impl Known<'_> {
    /// True where an entry is one of this record.
    fn is_of(&self, entry: &impl Entry) -> bool {
        let is_own = self.own_id.is_some_and(|id| is_same(entry.id(), id));
        match entry.place() {
            // An id of its own that looks like a made one never stands there without its place.
            None => is_own || self.is_here(entry.id()),
            Some(place) => {
                let is_made = self.own_id.is_none() || Naming::of(Some(entry.id())) == Naming::OwnUnclear;
                self.is_here(place) && (is_own || is_made)
            }
        }
    }

    fn is_here(&self, place: &str) -> bool {
        match self.is_single {
            // The file may be called something else by now.
            true => place.rsplit_once(':').is_some_and(|(_, number)| number == self.number.to_string()),
            false => place == self.source.place(Some(self.number)),
        }
    }
}

/// True of an id and the same in another format, in which a large number may be spelled otherwise: `1e21`, `1.0e21`.
fn is_same(id: &str, other: &str) -> bool {
    let number = |id: &str| id.parse::<f64>().ok().filter(|_| id.contains('e'));
    id == other || number(id).is_some_and(|id| number(other) == Some(id))
}

impl Restorer<'_> {
    fn batch(&mut self, batch: Batch) -> Result<(), Stop> {
        match batch {
            Batch::Lines(lines) => self.lines(&lines),
            #[cfg(feature = "formats")]
            Batch::Rows(rows) => self.rows(&rows),
            Batch::Texts(texts) => texts.into_iter().try_for_each(|text| self.text(text)),
        }
    }

    fn lines(&mut self, lines: &Lines) -> Result<(), Stop> {
        let (mut bytes, mut is_first) = (Vec::with_capacity(lines.bytes.len()), lines.is_first);
        let layout = self.target.layout(&lines.source, Format::Jsonl, Writing::default());
        let (reading, fields) = (self.inputs.reading(), &self.inputs.reading().fields);
        let records = |bytes| Records::of_lines(bytes, layout, fields);
        for line in lines.records(reading) {
            let line = match line {
                Err(problem) if jsonl::has_no_text(&problem.raw, fields) => {
                    self.number = problem.line().unwrap_or_default();
                    bytes.extend_from_slice(&problem.raw);
                    continue;
                }
                line => line.map_err(unreadable)?,
            };
            self.number = line.number;
            let Beside { removals, duplicate } = self.take(&lines.source, line.own_id())?;
            let misfit = |fault| unreadable(line.problem(&lines.source, fault));
            line.write_with(&removals, &mut bytes).map_err(|at| misfit(misfitting(&removals, at)))?;
            if duplicate.is_some_and(|duplicate| !marks::unmark_line(&mut bytes, &duplicate)) {
                return Err(misfit(Fault::new(Code::Unsuited, marks::OTHER_MARK)));
            }
            if bytes.len() >= TOGETHER {
                self.write(&lines.source, records(std::mem::take(&mut bytes)), is_first, false)?;
                is_first = false;
            }
        }
        self.write(&lines.source, records(bytes), is_first, lines.is_last)
    }

    #[cfg(feature = "formats")]
    fn rows(&mut self, rows: &Rows) -> Result<(), Stop> {
        let source = &rows.source;
        let clean = CleanRows::new(rows, self.inputs.reading(), self.duplicates.is_some()).map_err(unreadable)?;
        let layout = self.target.layout(source, rows.format(), Writing::default());
        let (mut start, mut texts, mut weight) = (0, Vec::new(), 0);
        for (at, row) in clean.rows().enumerate() {
            if weight >= TOGETHER {
                let records = clean.restored(start, &texts, layout).map_err(unreadable)?;
                self.write(source, records, rows.is_first && start == 0, false)?;
                (start, weight) = (at, 0);
                texts.clear();
            }
            self.number = row.number;
            let Beside { removals, duplicate } = self.take(source, row.id)?;
            let misfit = |fault| unreadable(source.problem(fault).at(row.place));
            clean.check_mark(at, duplicate.as_ref()).map_err(misfit)?;
            let text = restored_text(row.text.unwrap_or_default(), &removals).map_err(misfit)?;
            weight += text.len();
            texts.push(if removals.is_empty() { Outcome::Same } else { Outcome::Text(text) });
        }
        let records = clean.restored(start, &texts, layout).map_err(unreadable)?;
        self.write(source, records, rows.is_first && start == 0, rows.is_last)
    }

    fn text(&mut self, text: Text) -> Result<(), Stop> {
        let source = Arc::new(text.source.clone());
        if without_ending(&source.path).extension().is_some_and(|extension| extension == MARKDOWN) {
            let reason = "from Markdown no way leads back; text and records can be restored";
            return Err(unreadable(source.problem(Fault::new(Code::Unsuited, reason))));
        }
        let bytes = text.bytes(self.inputs.reading().max_record).map_err(unreadable)?.0;
        let undecodable = |reason| unreadable(source.problem(Fault::new(Code::Encoding, reason)));
        let (kept, form) = decode::text(&bytes, None).map_err(undecodable)?;
        let removals = take_of_text(&mut self.removals, &source, self.inputs.is_single())?;
        if let Some(duplicates) = &mut self.duplicates {
            // A text has no place for a mark.
            take_of_text(duplicates, &source, self.inputs.is_single())?;
        }
        let original = restored_text(&kept, &removals).map_err(|fault| unreadable(source.problem(fault)))?;
        let original = if removals.is_empty() { bytes } else { form.encode(original) };
        self.write(&source, Records::Text(original), true, true)
    }

    fn write(&mut self, source: &Arc<Source>, records: Records, is_first: bool, is_last: bool) -> Result<(), Stop> {
        let (source, marks, documents) = (Arc::clone(source), Vec::new(), Vec::new());
        let packing = self.target.packing(&source);
        let made = Made { source, records, is_first, is_last, marks, documents };
        if is_last && self.inputs.is_single() {
            self.before += std::mem::take(&mut self.number);
        }
        self.writer.put(&made.lay_down(packing))
    }

    /// Takes what was written down of the record at hand.
    fn take(&mut self, source: &Source, own_id: Option<&str>) -> Result<Beside, Stop> {
        let number = self.before + self.number;
        let known = Known { source, number, own_id, is_single: self.inputs.is_single() };
        let removals = self.removals.take_while(|entry| known.is_of(entry))?;
        let duplicate = self.duplicates.as_mut().map(|list| list.take_if(|entry| known.is_of(entry))).transpose()?;
        Ok(Beside { removals, duplicate: duplicate.flatten() })
    }
}

/// What was written down of a text. A single one has all of it, whatever its file is called now.
fn take_of_text<E: Entry>(entries: &mut Entries<E>, source: &Source, is_single: bool) -> Result<Vec<E>, Stop> {
    let name = match entries.head() {
        Some(head) if is_single => head.document().to_owned(),
        _ => source.name.clone(),
    };
    entries.take_while(|entry| entry.document() == name)
}

/// The text with the removals put back.
///
/// # Errors
/// Why they do not fit.
fn restored_text(kept: &str, removals: &[Removed]) -> Result<String, Fault> {
    let parts = removals.iter().map(|it| (it.start..it.end, it.text.as_str(), it.replacement.as_str()));
    restore_parts(kept, parts).map_err(|error| match error {
        Error::Restore { at } => misfitting(removals, at),
        other => Fault::new(Code::Unsuited, other),
    })
}

/// Why removals do not fit.
fn misfitting(removals: &[Removed], at: usize) -> Fault {
    let id = removals.first().map_or("", |removal| &removal.id);
    Fault::new(Code::Unsuited, format!("the removals from {id} do not fit this text: at byte {at} of the original"))
}
