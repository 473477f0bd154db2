//! Cleaning a corpus: batches in, clean text and the record of removals out, in the order of the input.

use super::batches::{Batch, Lines, Step, Text};
use super::inputs::{Inputs, Reading, Source};
use super::output::{Output, Pending};
use super::problem::{Code, Fault, Problem};
use super::removals::{self, Seen};
use super::writing::{NO_MARKUP, OutputFormat, Writing};
use super::{Stop, jsonl, run, writing};
use crate::decode::{self, Form};
use crate::html::Page;
use crate::parse::html::encoding;
use crate::{Article, Cleaned, Cleaner, Left, Removal};
use serde_json::{Map, Value};
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
    let (reading, writing) = (inputs.reading(), output.writing());
    // Reasons are worked out for those who record them.
    let cleaner = &cleaner.explaining(removals.is_some());
    let worker = Worker { cleaner, reading, writing, wants_removals: removals.is_some() };
    let mut writer = Writer { output, removals, seen: Seen::new(), source: None, line: 0 };
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
    /// That line, of a record.
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
    /// It was made of the file and the line in it, or is the name of a file that the output has not.
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
    fn count(
        &mut self,
        removals: &[Removal],
        left: Option<Left>,
        sizes: (usize, usize),
        problem: impl Fn(Fault) -> Problem,
    ) {
        self.tally.documents += 1;
        self.tally.bytes_in += sizes.0 as u64;
        self.tally.bytes_out += sizes.1 as u64;
        for removal in removals {
            *self.tally.removals.entry(removal.rule).or_default() += 1;
        }
        if let Some(left) = left {
            self.problem(problem(Fault::new(Code::Left, format!("left as it is: {left}"))));
        }
    }
}

/// Cleans batches, on any thread.
struct Worker<'w> {
    cleaner: &'w Cleaner,
    reading: &'w Reading,
    writing: Writing,
    wants_removals: bool,
}

/// What a document comes to that is a file of its own.
struct Kept {
    bytes: Vec<u8>,
    removals: Vec<Removal>,
    left: Option<Left>,
}

/// What a record comes to: another text, or the members that a page gives it.
enum Content {
    Text(Cleaned),
    Page(Map<String, Value>, Vec<Removal>, Option<Left>),
}

impl Worker<'_> {
    fn work(&self, step: Step) -> Done {
        let mut done = Done::default();
        match step.found {
            Err(problem) => done.problem(problem),
            Ok(Batch::Lines(lines)) => self.lines(&lines, &mut done),
            Ok(Batch::Texts(texts)) => texts.into_iter().for_each(|text| self.file(text, &mut done)),
        }
        done
    }

    fn lines(&self, lines: &Lines, done: &mut Done) {
        let mut bytes = Vec::with_capacity(lines.bytes.len());
        let mut marks = Vec::new();
        for record in lines.records(self.reading) {
            let record = record.and_then(|line| match self.content(&line) {
                Ok(content) => Ok((line, content)),
                Err(fault) => Err(line.problem(&lines.source, fault)),
            });
            match record {
                Ok((line, content)) => marks.extend(self.line(&line, content, &mut bytes, done, &lines.source)),
                Err(problem) => done.problem(problem),
            }
        }
        let source = Arc::clone(&lines.source);
        done.pieces.push(Piece { source, bytes, is_last: lines.is_last, marks });
    }

    fn content(&self, line: &jsonl::Line) -> Result<Content, Fault> {
        match &line.html {
            Some(html) => guarded(|| {
                let (page, article) = self.extract(html, line.address().as_deref());
                let members = self.writing.members(&page, &article, &self.reading.fields);
                Content::Page(members, article.removals, article.left)
            }),
            None if self.writing.format == OutputFormat::Markdown => Err(no_markup()),
            None => self.clean(&line.text).map(Content::Text),
        }
    }

    fn line(
        &self,
        line: &jsonl::Line,
        content: Content,
        bytes: &mut Vec<u8>,
        done: &mut Done,
        source: &Source,
    ) -> Option<Mark> {
        let before = bytes.len();
        let id = self.wants_removals.then(|| line.id());
        let mut record = |removal: &Removal, raw: Option<&str>| {
            if let Some(id) = &id {
                removals::write(id, removal, raw, &mut done.removals);
            }
        };
        let (removals, left) = match content {
            Content::Text(Cleaned { removals, left, .. }) => {
                line.write_without(&removals, bytes, |removal, raw| record(removal, Some(raw)));
                (removals, left)
            }
            Content::Page(members, removals, left) => {
                line.write_page(&self.reading.fields, members, bytes);
                removals.iter().for_each(|removal| record(removal, None));
                (removals, left)
            }
        };
        let sizes = (line.line.len(), bytes.len() - before);
        done.count(&removals, left, sizes, |fault| Problem { raw: Vec::new(), ..line.problem(source, fault) });
        let naming = Naming::of(line.own_id());
        id.map(|id| Mark { id: Seen::hash(&id), naming, line: Some(line.number), end: done.removals.len() })
    }

    /// A document that is a file of its own.
    fn file(&self, text: Text, done: &mut Done) {
        let source = Arc::new(text.source.clone());
        let is_html = text.is_html;
        let kept = text.bytes(self.reading.max_record).and_then(|bytes| {
            let kept = if is_html { self.page(&bytes, &source.name) } else { self.plain(&bytes, &source.name) };
            match kept {
                Ok(kept) => Ok((bytes.len(), kept)),
                Err(fault) => Err(Problem { raw: bytes, ..source.problem(fault) }),
            }
        });
        let (bytes_in, Kept { bytes, removals, left }) = match kept {
            Ok(kept) => kept,
            Err(problem) => {
                done.problem(problem);
                return;
            }
        };
        done.count(&removals, left, (bytes_in, bytes.len()), |fault| source.problem(fault));
        let mut marks = Vec::new();
        if self.wants_removals {
            for removal in &removals {
                removals::write(&source.name, removal, None, &mut done.removals);
            }
            marks.push(self.mark(&source, done.removals.len()));
        }
        done.pieces.push(Piece { source, bytes, is_last: true, marks });
    }

    /// The mark of a document that is a file of its own.
    fn mark(&self, source: &Source, end: usize) -> Mark {
        let line = (self.writing.format == OutputFormat::Jsonl).then_some(1);
        // A record has its id in it; of a text only the file's name tells which it is.
        let naming = match line {
            Some(_) => Naming::of(Some(&source.name)),
            None if source.place(None) == source.name => Naming::Own,
            None => Naming::Made,
        };
        Mark { id: Seen::hash(&source.name), naming, line, end }
    }

    /// A text without junk.
    fn plain(&self, bytes: &[u8], id: &str) -> Result<Kept, Fault> {
        let (text, form) = decode::text(bytes, self.reading.encoding).map_err(|it| Fault::new(Code::Encoding, it))?;
        let Cleaned { text, removals, left } = self.clean(&text)?;
        let bytes = match self.writing.format {
            OutputFormat::Text if removals.is_empty() && form != Form::Named => bytes.to_owned(),
            OutputFormat::Text => form.encode(text),
            OutputFormat::Markdown => return Err(no_markup()),
            OutputFormat::Jsonl => writing::text_record(id, text, &self.reading.fields).into_bytes(),
        };
        Ok(Kept { bytes, removals, left })
    }

    /// What a page comes to.
    fn page(&self, bytes: &[u8], id: &str) -> Result<Kept, Fault> {
        let (html, _) = encoding::decode(bytes, self.reading.encoding);
        guarded(|| {
            let (page, article) = self.extract(&html, None);
            let (text, removals) = self.writing.page(id, &page, &article, &self.reading.fields);
            Kept { bytes: text.into_bytes(), removals, left: article.left }
        })
    }

    fn clean(&self, text: &str) -> Result<Cleaned, Fault> {
        guarded(|| self.cleaner.clean_text(text))
    }

    fn extract(&self, html: &str, url: Option<&str>) -> (Page, Article) {
        let page = Page::parse_with(html, url, &self.reading.sites);
        let article = self.cleaner.extract(&page);
        (page, article)
    }
}

/// A panic stays with the document that caused it.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| Fault::new(Code::Defect, "cleaning it failed, which is a defect of dehusk"))
}

fn no_markup() -> Fault {
    Fault::new(Code::Unsuited, NO_MARKUP)
}

/// Writes what comes of batches, in order. It alone makes files: measured on small ones, making them on every thread is no
/// faster, since they wait for each other in the folder.
struct Writer {
    output: Output,
    removals: Option<Pending>,
    seen: Seen,
    /// The source under way, and the lines written of JSONL to the file under way.
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
