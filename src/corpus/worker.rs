//! Cleaning batches, on any thread: what comes of each, ready to be written.

use super::batches::{Batch, Lines, Position, Step, Text};
use super::inputs::{Origin, Reading, Source};
use super::problem::{Code, Fault, Problem};
use super::removals::{self, Seen};
use super::tally::Tally;
use super::writing::{NO_MARKUP, OutputFormat, Target, Writing};
use super::{jsonl, writing};
use crate::decode::{self, Form};
use crate::html::Page;
use crate::parse::html::encoding;
use crate::{Article, Cleaned, Cleaner, Left, Removal};
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
    /// The removals of all pieces, as lines.
    pub removals: Vec<u8>,
}

/// What comes of a source, or of a stretch of it.
pub(crate) struct Piece {
    pub source: Arc<Source>,
    pub content: Content,
    /// Nothing came of the source before.
    pub is_first: bool,
    pub is_last: bool,
    /// The documents in it, where removals are recorded.
    pub marks: Vec<Mark>,
}

/// What is written of a piece.
pub(crate) enum Content {
    /// These bytes, which are packed already.
    Bytes(Vec<u8>),
}

/// What has to be known of a document to say where it went.
pub(crate) struct Mark {
    /// The id's hash.
    pub id: u64,
    pub naming: Naming,
    /// That line, of a record.
    pub line: Option<u64>,
    /// Where the document's removals end in the batch's.
    pub end: usize,
}

/// Where a document's id comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// It has one of its own.
    Own,
    /// Its own could be taken for one that was made.
    OwnLikeMade,
    /// It was made of the file and the line in it, or is the name of a file that the output has not.
    Made,
}

impl Naming {
    pub fn of(own: Option<&str>) -> Self {
        let is_number = |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        match own {
            None => Naming::Made,
            Some(id) if id.rsplit_once(':').is_some_and(|(_, line)| is_number(line)) => Naming::OwnLikeMade,
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
    pub wants_removals: bool,
}

/// What a document comes to that is a file of its own.
struct Kept {
    bytes: Vec<u8>,
    removals: Vec<Removal>,
    left: Option<Left>,
    rest: Rest,
}

/// What a record comes to: another text, or the members that a page gives it.
enum Outcome {
    Text(Cleaned),
    Page(Map<String, Value>, Article),
}

impl Worker<'_> {
    pub fn work(&self, step: Step) -> Done {
        let mut done = Done {
            end: step.end,
            tally: Tally::default(),
            problems: Vec::new(),
            pieces: Vec::new(),
            removals: Vec::new(),
        };
        match step.found {
            // A record that was passed over while reading.
            Err(problem) if problem.code == Code::TooLong => done.set_aside(problem),
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
            let record = record.and_then(|line| match self.outcome(&line) {
                Ok(outcome) => Ok((line, outcome)),
                Err(fault) => Err(line.problem(&lines.source, fault)),
            });
            match record {
                Ok((line, outcome)) => marks.extend(self.line(&line, outcome, &mut bytes, done, &lines.source)),
                Err(problem) => done.set_aside(problem),
            }
        }
        let source = Arc::clone(&lines.source);
        let Lines { is_first, is_last, .. } = *lines;
        let content = self.packed(&source, bytes, is_first);
        done.pieces.push(Piece { source, content, is_first, is_last, marks });
    }

    /// Bytes as a source's output is packed. What comes first is packed even where it is nothing.
    fn packed(&self, source: &Source, bytes: Vec<u8>, is_first: bool) -> Content {
        Content::Bytes(self.target.packing(source).pack(bytes, is_first))
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
        let id = self.wants_removals.then(|| line.id());
        let mut record = |removal: &Removal, raw: Option<&str>| {
            if let Some(id) = &id {
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
        id.map(|id| Mark { id: Seen::hash(&id), naming, line: Some(line.number), end: done.removals.len() })
    }

    /// A document that is a file of its own.
    fn file(&self, text: Text, done: &mut Done) {
        let source = Arc::new(text.source.clone());
        let is_html = text.is_html;
        let kept = text.bytes(self.reading.max_record).and_then(|(bytes, behind)| {
            behind.into_iter().for_each(|problem| done.problem(problem));
            let kept = if is_html { self.page(&bytes, &source.name) } else { self.plain(&bytes, &source.name) };
            match kept {
                Ok(kept) => Ok((bytes.len(), kept)),
                Err(fault) => Err(Problem { raw: bytes.into(), ..source.problem(fault) }),
            }
        });
        let (bytes_in, Kept { bytes, removals, left, rest }) = match kept {
            Ok(kept) => kept,
            Err(problem) => {
                done.set_aside(problem);
                return;
            }
        };
        let id = || Cow::Borrowed(source.name.as_str());
        let outgoing = Outgoing { id, removals: &removals, left, rest, bytes_in, bytes_out: bytes.len() };
        done.count(outgoing, |fault| source.problem(fault));
        let mut marks = Vec::new();
        if self.wants_removals {
            for removal in &removals {
                removals::write(&source.name, removal, None, &mut done.removals);
            }
            marks.push(self.mark(&source, done.removals.len()));
        }
        let content = self.packed(&source, bytes, true);
        done.pieces.push(Piece { source, content, is_first: true, is_last: true, marks });
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
        let Cleaned { text, removals, left } = self.clean(&text, Origin { url: None, site: None, file: id })?;
        let rest = Rest::of(&text);
        let bytes = match self.writing.format {
            OutputFormat::Text if removals.is_empty() && form != Form::Named => bytes.to_owned(),
            OutputFormat::Text => form.encode(text),
            OutputFormat::Markdown => return Err(no_markup()),
            OutputFormat::Jsonl => writing::text_record(id, text, &self.reading.fields).into_bytes(),
        };
        Ok(Kept { bytes, removals, left, rest })
    }

    /// What a page comes to.
    fn page(&self, bytes: &[u8], id: &str) -> Result<Kept, Fault> {
        let (html, _) = encoding::decode(bytes, self.reading.encoding);
        guarded(|| {
            let (page, article) = self.extract(&html, Origin { url: None, site: None, file: id });
            let (text, removals) = self.writing.page(id, &page, &article, &self.reading.fields);
            Kept { bytes: text.into_bytes(), removals, left: article.left, rest: Rest::of(&article.text) }
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

/// A panic stays with the document that caused it.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        Fault::new(Code::Defect, format!("cleaning it failed, which is a defect of dehusk worth reporting{said}"))
    })
}

/// Fails on texts with the word that a test has named. Nothing of it is in a release.
fn panic_where_asked(text: &str) {
    if cfg!(debug_assertions)
        && let Ok(word) = std::env::var("DEHUSK_PANIC_ON")
    {
        assert!(!text.contains(&word), "asked to");
    }
}

fn no_markup() -> Fault {
    Fault::new(Code::Unsuited, NO_MARKUP)
}
