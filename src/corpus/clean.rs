//! Cleaning a corpus: batches in, clean text and the record of removals out, in the order of the input.

use super::batches::{Batch, Lines, Text};
use super::inputs::{Inputs, Reading, Source};
use super::output::{Output, Pending};
use super::removals::{self, Seen};
use super::{Problem, Stop, jsonl, run};
use crate::decode::{self, Form};
use crate::{Cleaned, Cleaner};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Documents written.
    pub documents: u64,
    /// What could not be read, or was set aside or left as it is.
    pub problems: u64,
    /// Bytes of the documents written, as they came, with the lines they stood in.
    pub bytes_in: u64,
    /// Bytes written.
    pub bytes_out: u64,
    /// Removals by rule.
    pub removals: BTreeMap<&'static str, u64>,
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.documents += other.documents;
        self.problems += other.problems;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        for (rule, count) in &other.removals {
            *self.removals.entry(rule).or_default() += count;
        }
    }
}

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
    let worker = Worker { cleaner, reading: inputs.reading(), wants_removals: removals.is_some() };
    let mut writer = Writer { output, removals, seen: Seen::new(), source: None, line: 0 };
    let mut tally = Tally::default();
    let weight = |batch: &Result<Batch, Problem>| batch.as_ref().map_or(0, Batch::weight);
    let emit = |done: Done| {
        tally.add(&done.tally);
        watch(&done.problems, &tally);
        writer.write(done)
    };
    run::run(threads, inputs.batches(), weight, |batch| worker.work(batch), emit)?;
    writer.finish()?;
    Ok(tally)
}

/// What comes of a batch.
#[derive(Default)]
struct Done {
    tally: Tally,
    problems: Vec<Problem>,
    /// What comes of it, source by source.
    pieces: Vec<Piece>,
    /// The removals of all pieces, as lines.
    removals: Vec<u8>,
}

/// What comes of a source, or of a stretch of it.
struct Piece {
    source: Arc<Source>,
    bytes: Vec<u8>,
    is_last: bool,
    /// The documents in it, where removals are recorded.
    marks: Vec<Mark>,
}

/// What has to be known of a document to say where it went.
struct Mark {
    /// The id's hash.
    id: u64,
    naming: Naming,
    /// That line, of a JSONL record.
    line: Option<u64>,
    /// Where the document's removals end in the batch's.
    end: usize,
}

/// Where a document's id comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// It has one of its own.
    Own,
    /// Its own could be taken for one that was made.
    OwnLikeMade,
    /// It was made of the file and the line in it.
    Made,
}

impl Naming {
    fn of(own: Option<&str>) -> Self {
        let is_number = |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        match own {
            None => Naming::Made,
            Some(id) if id.rsplit_once(':').is_some_and(|(_, line)| is_number(line)) => Naming::OwnLikeMade,
            Some(_) => Naming::Own,
        }
    }
}

impl Done {
    fn problem(&mut self, problem: Problem) {
        self.tally.problems += 1;
        self.problems.push(problem);
    }

    /// Counts a document that goes out, and reports one that was left as it is.
    fn count(&mut self, cleaned: &Cleaned, sizes: (usize, usize), problem: impl Fn(String) -> Problem) {
        self.tally.documents += 1;
        self.tally.bytes_in += sizes.0 as u64;
        self.tally.bytes_out += sizes.1 as u64;
        for removal in &cleaned.removals {
            *self.tally.removals.entry(removal.rule).or_default() += 1;
        }
        if let Some(left) = cleaned.left {
            self.problem(problem(format!("left as it is: {left}")));
        }
    }
}

/// Cleans batches, on any thread.
struct Worker<'w> {
    cleaner: &'w Cleaner,
    reading: &'w Reading,
    wants_removals: bool,
}

impl Worker<'_> {
    fn work(&self, batch: Result<Batch, Problem>) -> Done {
        let mut done = Done::default();
        match batch {
            Err(problem) => done.problem(problem),
            Ok(Batch::Lines(lines)) => self.lines(&lines, &mut done),
            Ok(Batch::Texts(texts)) => texts.into_iter().for_each(|text| self.text(text, &mut done)),
        }
        done
    }

    fn lines(&self, lines: &Lines, done: &mut Done) {
        let mut bytes = Vec::with_capacity(lines.bytes.len());
        let mut marks = Vec::new();
        for record in lines.records(&self.reading.fields) {
            let record = record.and_then(|line| match self.clean(&line.text) {
                Ok(cleaned) => Ok((line, cleaned)),
                Err(reason) => Err(lines.source.problem(Some(line.number), reason)),
            });
            match record {
                Ok((line, cleaned)) => marks.extend(self.line(&line, &cleaned, &mut bytes, done, &lines.source)),
                Err(problem) => done.problem(problem),
            }
        }
        let source = Arc::clone(&lines.source);
        done.pieces.push(Piece { source, bytes, is_last: lines.is_last, marks });
    }

    fn line(
        &self,
        line: &jsonl::Line,
        cleaned: &Cleaned,
        bytes: &mut Vec<u8>,
        done: &mut Done,
        source: &Source,
    ) -> Option<Mark> {
        let before = bytes.len();
        let id = self.wants_removals.then(|| line.id());
        line.write_without(&cleaned.removals, bytes, |removal, raw| {
            if let Some(id) = &id {
                removals::write(id, removal, Some(raw), &mut done.removals);
            }
        });
        let sizes = (line.line.len(), bytes.len() - before);
        done.count(cleaned, sizes, |reason| source.problem(Some(line.number), reason));
        let naming = Naming::of(line.own_id());
        id.map(|id| Mark { id: Seen::hash(&id), naming, line: Some(line.number), end: done.removals.len() })
    }

    fn text(&self, text: Text, done: &mut Done) {
        let source = Arc::new(text.source.clone());
        let cleaned = text.bytes().and_then(|bytes| Ok((bytes.len(), self.clean_bytes(bytes, &source)?)));
        let (bytes_in, (bytes, cleaned)) = match cleaned {
            Ok(cleaned) => cleaned,
            Err(problem) => {
                done.problem(problem);
                return;
            }
        };
        done.count(&cleaned, (bytes_in, bytes.len()), |reason| source.problem(None, reason));
        let mut marks = Vec::new();
        if self.wants_removals {
            for removal in &cleaned.removals {
                removals::write(&source.name, removal, None, &mut done.removals);
            }
            let id = Seen::hash(&source.name);
            marks.push(Mark { id, naming: Naming::Own, line: None, end: done.removals.len() });
        }
        done.pieces.push(Piece { source, bytes, is_last: true, marks });
    }

    /// A text's bytes without junk.
    fn clean_bytes(&self, bytes: Vec<u8>, source: &Source) -> Result<(Vec<u8>, Cleaned), Problem> {
        let problem = |reason| source.problem(None, reason);
        let (text, form) = decode::text(&bytes, self.reading.encoding).map_err(problem)?;
        let mut cleaned = self.clean(&text).map_err(problem)?;
        let stays = cleaned.removals.is_empty() && form != Form::Named;
        let kept = std::mem::take(&mut cleaned.text);
        Ok((if stays { bytes } else { form.encode(kept) }, cleaned))
    }

    /// A panic stays with the document that caused it.
    fn clean(&self, text: &str) -> Result<Cleaned, String> {
        catch_unwind(AssertUnwindSafe(|| self.cleaner.clean_text(text)))
            .map_err(|_| "cleaning it failed, which is a defect of dehusk".to_owned())
    }
}

/// Writes what comes of batches, in order. It alone makes files: measured on small ones, making them on every thread is no
/// faster, since they wait for each other in the folder.
struct Writer {
    output: Output,
    removals: Option<Pending>,
    seen: Seen,
    /// The JSONL source under way, and the lines written of it.
    source: Option<Arc<Source>>,
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
        if !self.source.as_ref().is_some_and(|source| Arc::ptr_eq(source, &piece.source)) {
            self.output.begin(&piece.source)?;
            self.source = Some(Arc::clone(&piece.source));
            self.line = 0;
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
            Naming::Made => line != mark.line,
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
