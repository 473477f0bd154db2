//! Cleaning batches, on any thread: what comes of each, ready to be written.

use super::batches::{Batch, Lines, Position, Step, Text};
use super::dedup::{Marker, Print};
use super::inputs::{Origin, Reading, Source};
use super::pieces::{Document, Made, Piece, Records};
use super::problem::{Code, Fault, Problem};
use super::removals::{self, Seen};
use super::tally::Tally;
use super::writing::{NO_MARKUP, OutputFormat, Target, Writing};
use super::{Format, jsonl, writing as records};
#[cfg(feature = "formats")]
use super::{
    batches::check_len,
    formats::{
        rows::{Rows, lines_of},
        table,
    },
    writing::Layout,
};
use crate::decode::{self, Form};
use crate::html::Page;
use crate::parse::html::encoding;
use crate::{Article, Cleaned, Cleaner, Left, Removal};
#[cfg(feature = "formats")]
use arrow_array::RecordBatch;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What comes of a batch.
pub(crate) struct Done {
    /// Where the inputs stand behind the batch.
    pub end: Position,
    pub tally: Tally,
    pub problems: Vec<Problem>,
    /// What comes of it, source by source.
    pub pieces: Vec<Piece>,
    /// The removals of all pieces, as lines, of which [marks](Mark) say to which document they belong.
    pub removals: Vec<u8>,
    /// The documents that came before, likewise, and those that came first, as they are written down.
    pub duplicates: Vec<u8>,
    pub firsts: Vec<u8>,
}

/// What has to be known of a document to say where it went.
pub(crate) struct Mark {
    /// The id's hash.
    pub id: u64,
    pub naming: Naming,
    /// That line, of a record.
    pub line: Option<u64>,
    /// Where the document's removals end in the batch's.
    pub removals_end: usize,
    /// Where its line in the list of duplicates ends in the batch's, if it has one.
    pub duplicates_end: usize,
}

impl Mark {
    fn new(id: &str, naming: Naming, line: Option<u64>, removals_end: usize) -> Self {
        Mark { id: Seen::hash(id), naming, line, removals_end, duplicates_end: 0 }
    }
}

/// Where a document's id comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// It has one of its own.
    Own,
    /// Its own could be taken for one that was made, or in a cell for what is no id.
    OwnUnclear,
    /// It was made of the file and the line in it, or is the name of a file that the output has not.
    Made,
}

impl Naming {
    pub fn of(own: Option<&str>) -> Self {
        let is_number = |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        match own {
            None => Naming::Made,
            Some(id) if id.rsplit_once(':').is_some_and(|(_, line)| is_number(line)) => Naming::OwnUnclear,
            Some("" | "true" | "false") => Naming::OwnUnclear,
            Some(id) if id.starts_with(['{', '[']) => Naming::OwnUnclear,
            Some(_) => Naming::Own,
        }
    }
}

impl Done {
    /// What is no document's problem.
    fn problem(&mut self, problem: Problem) {
        self.tally.count_problem(&problem);
        self.problems.push(problem);
    }

    /// Writes nothing of it, since what came of it does not fit where it would go: a problem of every source, and not of
    /// every document.
    pub fn set_aside_whole(&mut self, fault: &Fault) {
        let documents = self.tally.documents;
        self.tally = Tally { documents, set_aside: documents, ..Tally::default() };
        self.problems.retain(|problem| problem.code != Code::Left);
        self.problems.iter().for_each(|problem| self.tally.count_problem(problem));
        self.removals.clear();
        for piece in std::mem::take(&mut self.pieces).iter().filter(|piece| piece.is_first) {
            self.problem(piece.source.problem(fault.clone()));
        }
    }

    /// A document that is not written.
    fn set_aside(&mut self, problem: Problem) {
        self.tally.documents += 1;
        self.tally.set_aside += 1;
        self.problem(problem);
    }

    /// Counts a document that goes out, and reports one that was left as it is.
    fn count<'i>(&mut self, outgoing: Outgoing<'_, impl FnOnce() -> Cow<'i, str>>, problem: impl Fn(Fault) -> Problem) {
        let Outgoing { id, removals, left, rest, bytes_in, bytes_out } = outgoing;
        self.tally.documents += 1;
        *(if rest.is_blank { &mut self.tally.empty } else { &mut self.tally.written }) += 1;
        self.tally.bytes_in += bytes_in as u64;
        self.tally.bytes_out += bytes_out as u64;
        self.tally.count_text(removals, rest.bytes, id);
        if let Some(left) = left {
            self.problem(problem(Fault::new(Code::Left, format!("left as it is: {left}"))));
        }
    }
}

/// A document that is written.
struct Outgoing<'d, I> {
    id: I,
    removals: &'d [Removal],
    left: Option<Left>,
    rest: Rest,
    bytes_in: usize,
    bytes_out: usize,
}

/// What is left of a document's text.
#[derive(Clone, Copy)]
struct Rest {
    bytes: usize,
    /// There is nothing to read in it.
    is_blank: bool,
}

impl Rest {
    fn of(text: &str) -> Self {
        Rest { bytes: text.len(), is_blank: text.trim_ascii().is_empty() }
    }
}

/// Cleans batches, on any thread.
pub(crate) struct Worker<'w> {
    pub cleaner: &'w Cleaner,
    pub reading: &'w Reading,
    pub writing: Writing,
    pub target: &'w Target,
    /// One file holds what comes of several sources.
    pub is_shared: bool,
    pub wants_removals: bool,
    /// Finds documents that came before.
    pub marker: Option<&'w Marker>,
}

/// What a document comes to that is a file of its own, or a row: what is written of it, and what is told of it.
struct Kept<T> {
    content: T,
    removals: Vec<Removal>,
    left: Option<Left>,
    rest: Rest,
    /// Of its text or page.
    bytes_in: usize,
    print: Option<Print>,
}

impl Kept<()> {
    fn with<T>(self, content: T) -> Kept<T> {
        let Kept { removals, left, rest, bytes_in, print, .. } = self;
        Kept { content, removals, left, rest, bytes_in, print }
    }
}

/// What a record comes to: another text, or the members that a page gives it.
enum Outcome {
    Text(Cleaned),
    Page(Map<String, Value>, Article),
}

impl Outcome {
    /// What is left of the text.
    fn text(&self) -> &str {
        match self {
            Outcome::Text(cleaned) => &cleaned.text,
            Outcome::Page(_, article) => &article.text,
        }
    }
}

impl Worker<'_> {
    /// Works on the nth step, counted from 0.
    pub fn work(&self, number: u64, step: Step) -> Done {
        let turn = self.marker.map(|marker| (marker, marker.turn(number)));
        let mut done = Done {
            end: step.end,
            tally: Tally::default(),
            problems: Vec::new(),
            pieces: Vec::new(),
            removals: Vec::new(),
            duplicates: Vec::new(),
            firsts: Vec::new(),
        };
        let mut made = self.made(step.found, &mut done);
        if let Some((marker, turn)) = turn {
            turn.meet(|firsts| made.iter_mut().for_each(|made| made.meet(firsts, &mut done)));
            let added: usize = made.iter_mut().map(|made| made.mark(marker.dedup())).sum();
            done.tally.bytes_out += added as u64;
        }
        let lay_down = |made: Made| {
            let packing = self.target.packing(&made.source);
            made.lay_down(packing)
        };
        done.pieces = made.into_iter().map(lay_down).collect();
        done
    }

    fn made(&self, found: Result<Batch, Problem>, done: &mut Done) -> Vec<Made> {
        match found {
            // A record that was passed over while reading.
            Err(problem) if problem.code == Code::TooLong => done.set_aside(problem),
            Err(problem) => done.problem(problem),
            Ok(Batch::Lines(lines)) => return vec![self.lines(&lines, done)],
            #[cfg(feature = "formats")]
            Ok(Batch::Rows(rows)) => return vec![self.rows(&rows, done)],
            Ok(Batch::Texts(texts)) => return texts.into_iter().filter_map(|text| self.file(text, done)).collect(),
        }
        Vec::new()
    }

    fn lines(&self, lines: &Lines, done: &mut Done) -> Made {
        let mut bytes = Vec::with_capacity(lines.bytes.len());
        let (mut marks, mut documents) = (Vec::new(), Vec::new());
        for record in lines.records(self.reading) {
            let record = record.and_then(|line| match self.outcome(&line) {
                Ok(outcome) => Ok((line, outcome)),
                Err(fault) => Err(line.problem(&lines.source, fault)),
            });
            match record {
                Ok((line, outcome)) => {
                    documents.extend(self.document(|| line.id(), self.print(outcome.text())));
                    marks.extend(self.line(&line, outcome, &mut bytes, done, &lines.source));
                }
                Err(problem) => done.set_aside(problem),
            }
        }
        let source = Arc::clone(&lines.source);
        let Lines { is_first, is_last, .. } = *lines;
        if self.is_shared && bytes.last().is_some_and(|&last| last != b'\n') {
            // Another file's lines may follow.
            bytes.push(b'\n');
        }
        let layout = self.target.layout(&source, Format::Jsonl, self.writing);
        let records = Records::of_lines(bytes, layout, &self.reading.fields);
        Made { source, records, is_first, is_last, marks, documents }
    }

    /// True where something is written down of documents beside the output.
    fn wants_marks(&self) -> bool {
        self.wants_removals || self.marker.is_some()
    }

    /// What is kept of a text to know it again, where that is asked for.
    fn print(&self, text: &str) -> Option<Print> {
        self.marker.and_then(|marker| marker.print(text))
    }

    /// The document of this id, where it is asked which came before.
    fn document<'i>(&self, id: impl FnOnce() -> Cow<'i, str>, print: Option<Print>) -> Option<Document> {
        self.marker.map(|_| Document::new(id().into_owned(), print))
    }

    fn outcome(&self, line: &jsonl::Line) -> Result<Outcome, Fault> {
        let (url, site) = (line.address(), line.site());
        let origin = Origin { url: url.as_deref(), site: site.as_deref(), file: line.file() };
        match &line.html {
            Some(html) => guarded(|| {
                let (page, article) = self.extract(html, origin);
                Outcome::Page(self.writing.members(&page, &article, &self.reading.fields), article)
            }),
            None if self.writing.format == OutputFormat::Markdown => Err(no_markup()),
            None => self.clean(&line.text, origin).map(Outcome::Text),
        }
    }

    fn line(
        &self,
        line: &jsonl::Line,
        outcome: Outcome,
        bytes: &mut Vec<u8>,
        done: &mut Done,
        source: &Source,
    ) -> Option<Mark> {
        let before = bytes.len();
        let id = self.wants_marks().then(|| line.id());
        let mut record = |removal: &Removal, raw: Option<&str>| {
            if let Some(id) = id.as_ref().filter(|_| self.wants_removals) {
                removals::write(id, removal, raw, &mut done.removals);
            }
        };
        let (text, removals, left) = match outcome {
            Outcome::Text(Cleaned { text, removals, left }) => {
                line.write_without(&removals, bytes, |removal, raw| record(removal, Some(raw)));
                (text, removals, left)
            }
            Outcome::Page(members, Article { text, removals, left, .. }) => {
                line.write_page(&self.reading.fields, members, bytes);
                removals.iter().for_each(|removal| record(removal, None));
                (text, removals, left)
            }
        };
        let (bytes_in, bytes_out) = (line.line.len(), bytes.len() - before);
        let outgoing =
            Outgoing { id: || line.id(), removals: &removals, left, rest: Rest::of(&text), bytes_in, bytes_out };
        done.count(outgoing, |fault| Problem { raw: Box::default(), ..line.problem(source, fault) });
        let naming = Naming::of(line.own_id());
        id.map(|id| Mark::new(&id, naming, Some(line.number), done.removals.len()))
    }

    #[cfg(feature = "formats")]
    fn rows(&self, rows: &Rows, done: &mut Done) -> Made {
        let (table, problems) = rows.table(self.reading);
        problems.into_iter().for_each(|problem| done.set_aside(problem));
        let source = Arc::clone(&rows.source);
        let layout = self.target.layout(&source, rows.format(), self.writing);
        let made = rows.plan.columns(&table.batch).and_then(|columns| {
            let mut made: Vec<_> = (0..table.places.len()).map(|at| self.row(&columns.row(at), &source)).collect();
            let records = written(&rows.plan, &table.batch, &mut made, layout)?;
            Ok((columns, made, records))
        });
        let set_aside = |at: usize, id: Option<&str>, fault: Fault| Problem {
            id: id.map(Into::into),
            raw: lines_of(&table.batch.slice(at, 1)).unwrap_or_default().into(),
            ..source.problem(fault).at(table.places[at].1)
        };
        let (columns, made, records) = match made {
            Ok(made) => made,
            Err(fault) => {
                // A table whose values do not fit where they have to go.
                (0..table.places.len()).for_each(|at| done.set_aside(set_aside(at, None, fault.clone())));
                return no_rows(rows, layout);
            }
        };
        let (mut marks, mut documents) = (Vec::new(), Vec::new());
        for (at, made) in made.into_iter().enumerate() {
            let (own, number) = (columns.row(at).id, table.places[at].0);
            let made = match made {
                Ok(made) => made,
                Err(fault) => {
                    done.set_aside(set_aside(at, own, fault));
                    continue;
                }
            };
            let id = || own.map_or_else(|| Cow::Owned(rows.made_id(number)), Cow::Borrowed);
            let Kept { removals, left, rest, bytes_in, print, .. } = made;
            documents.extend(self.document(id, print));
            if self.wants_removals {
                removals.iter().for_each(|removal| removals::write(&id(), removal, None, &mut done.removals));
            }
            if self.wants_marks() {
                marks.push(Mark::new(&id(), Naming::of(own), Some(number), done.removals.len()));
            }
            let outgoing = Outgoing { id, removals: &removals, left, rest, bytes_in, bytes_out: rest.bytes };
            done.count(outgoing, |fault| source.problem(fault).at(table.places[at].1));
        }
        let (is_first, is_last) = (rows.is_first, rows.is_last);
        Made { source, records, is_first, is_last, marks, documents }
    }

    /// What becomes of a row.
    #[cfg(feature = "formats")]
    fn row(&self, row: &table::Row, source: &Source) -> Result<Kept<table::Outcome>, Fault> {
        let origin = row.origin(source);
        let bytes_in = row.html.or(row.text).map_or(0, str::len);
        check_len(bytes_in, self.reading.max_record)?;
        match (row.html, row.text) {
            (Some(html), _) => guarded(|| {
                let (page, article) = self.extract(html, origin);
                let said = self.writing.members(&page, &article, &self.reading.fields);
                self.kept(&article.text, article.removals, article.left, bytes_in).with(table::Outcome::Page(said))
            }),
            (None, Some(_)) if self.writing.format == OutputFormat::Markdown => Err(no_markup()),
            (None, Some(text)) => {
                let Cleaned { text, removals, left } = self.clean(text, origin)?;
                let kept = self.kept(&text, removals, left, bytes_in);
                let is_same = kept.removals.is_empty();
                Ok(kept.with(if is_same { table::Outcome::Same } else { table::Outcome::Text(text) }))
            }
            (None, None) => Ok(self.kept("", Vec::new(), None, bytes_in).with(table::Outcome::Same)),
        }
    }

    /// A document that is a file of its own.
    fn file(&self, text: Text, done: &mut Done) -> Option<Made> {
        let source = Arc::new(text.source.clone());
        let is_html = text.is_html;
        let layout = self.target.layout(&source, Format::Text, self.writing);
        let writing = self.writing.into_layout(layout);
        let kept = text.bytes(self.reading.max_record).and_then(|(bytes, behind)| {
            behind.into_iter().for_each(|problem| done.problem(problem));
            let kept = if is_html {
                self.page(&bytes, &source.name, writing)
            } else {
                self.plain(&bytes, &source.name, writing)
            };
            kept.map_err(|fault| Problem { raw: bytes.into(), ..source.problem(fault) })
        });
        let Kept { content: bytes, removals, left, rest, bytes_in, print } = match kept {
            Ok(kept) => kept,
            Err(problem) => {
                done.set_aside(problem);
                return None;
            }
        };
        let id = || Cow::Borrowed(source.name.as_str());
        let documents = self.document(id, print).into_iter().collect();
        let outgoing = Outgoing { id, removals: &removals, left, rest, bytes_in, bytes_out: bytes.len() };
        done.count(outgoing, |fault| source.problem(fault));
        if self.wants_removals {
            removals.iter().for_each(|removal| removals::write(&source.name, removal, None, &mut done.removals));
        }
        let marks = self.wants_marks().then(|| mark(&source, writing, done.removals.len())).into_iter().collect();
        let records = match writing.makes_records() {
            true => Records::of_lines(bytes, layout, &self.reading.fields),
            false => Records::Text(bytes),
        };
        Some(Made { source, records, is_first: true, is_last: true, marks, documents })
    }

    /// What is told of a document of which this text is left.
    fn kept(&self, text: &str, removals: Vec<Removal>, left: Option<Left>, bytes_in: usize) -> Kept<()> {
        Kept { content: (), removals, left, rest: Rest::of(text), bytes_in, print: self.print(text) }
    }

    /// A text without junk.
    fn plain(&self, bytes: &[u8], id: &str, writing: Writing) -> Result<Kept<Vec<u8>>, Fault> {
        let (text, form) = decode::text(bytes, self.reading.encoding).map_err(|it| Fault::new(Code::Encoding, it))?;
        let Cleaned { text, removals, left } = self.clean(&text, Origin { url: None, site: None, file: id })?;
        let kept = self.kept(&text, removals, left, bytes.len());
        let bytes = match writing.format {
            OutputFormat::Text if kept.removals.is_empty() && form != Form::Named => bytes.to_owned(),
            OutputFormat::Text => form.encode(text),
            OutputFormat::Markdown => return Err(no_markup()),
            _ => records::text_record(id, text, &self.reading.fields).into_bytes(),
        };
        Ok(kept.with(bytes))
    }

    /// What a page comes to.
    fn page(&self, bytes: &[u8], id: &str, writing: Writing) -> Result<Kept<Vec<u8>>, Fault> {
        let (html, _) = encoding::decode(bytes, self.reading.encoding);
        guarded(|| {
            let (page, article) = self.extract(&html, Origin { url: None, site: None, file: id });
            let (text, removals) = writing.page(id, &page, &article, &self.reading.fields);
            self.kept(&article.text, removals, article.left, bytes.len()).with(text.into_bytes())
        })
    }

    fn clean(&self, text: &str, origin: Origin) -> Result<Cleaned, Fault> {
        guarded(|| {
            panic_where_asked(text);
            match self.reading.site(origin) {
                Some(site) => self.cleaner.clean_text_of(text, &site),
                None => self.cleaner.clean_text(text),
            }
        })
    }

    fn extract(&self, html: &str, origin: Origin) -> (Page, Article) {
        let page = self.reading.page(html, origin);
        let article = self.cleaner.extract(&page);
        (page, article)
    }
}

/// What rows come to as records of this layout. A value that cannot be written there makes a fault of its own row.
///
/// # Errors
/// Where rows do not fit into their columns.
#[cfg(feature = "formats")]
fn written(
    plan: &table::Plan,
    batch: &RecordBatch,
    made: &mut [Result<Kept<table::Outcome>, Fault>],
    layout: Layout,
) -> Result<Records, Fault> {
    let output = |made: &[Result<Kept<table::Outcome>, Fault>]| {
        let outcomes: Vec<_> = made.iter().map(|made| made.as_ref().map(|made| &made.content).ok()).collect();
        plan.output(batch, &outcomes)
    };
    let rows = output(made)?;
    if let Ok(records) = Records::of_rows(rows.clone(), layout) {
        return Ok(records);
    }
    for (at, made) in made.iter_mut().filter(|made| made.is_ok()).enumerate() {
        if let Err(fault) = Records::of_rows(rows.slice(at, 1), layout) {
            *made = Err(fault);
        }
    }
    Records::of_rows(output(made)?, layout)
}

/// The end of rows of which none is written.
#[cfg(feature = "formats")]
fn no_rows(rows: &Rows, layout: Layout) -> Made {
    let (source, is_first, is_last) = (Arc::clone(&rows.source), rows.is_first, rows.is_last);
    let none = RecordBatch::new_empty(Arc::clone(&rows.plan.output));
    let records = Records::of_rows(none, layout).unwrap_or(Records::Lines(Vec::new()));
    Made { source, records, is_first, is_last, marks: Vec::new(), documents: Vec::new() }
}

/// The mark of a document that is a file of its own.
fn mark(source: &Source, writing: Writing, end: usize) -> Mark {
    let line = writing.makes_records().then_some(1);
    // A record has its id in it; of a text only the file's name tells which it is.
    let naming = match line {
        Some(_) => Naming::of(Some(&source.name)),
        None if source.place(None) == source.name => Naming::Own,
        None => Naming::Made,
    };
    Mark::new(&source.name, naming, line, end)
}

/// A panic stays with the document that caused it.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        Fault::new(Code::Defect, format!("working on it failed, which is a defect of dehusk worth reporting{said}"))
    })
}

/// Fails on texts with the word that a test has named. Nothing of it is in a release.
pub(super) fn panic_where_asked(text: &str) {
    if cfg!(debug_assertions)
        && let Ok(word) = std::env::var("DEHUSK_PANIC_ON")
    {
        assert!(!text.contains(&word), "asked to");
    }
}

fn no_markup() -> Fault {
    Fault::new(Code::Unsuited, NO_MARKUP)
}
