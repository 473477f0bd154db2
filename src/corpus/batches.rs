//! Inputs cut into batches: pieces of work of a size worth sharing out, or of what a stream has brought so far.

#[cfg(feature = "formats")]
use super::formats::{self, rows::Rows};
use super::inputs::{Format, Inputs, Source};
use super::problem::{Code, Fault, Place, Problem};
use super::stream::{Peeked, Stream};
use super::{Reading, jsonl};
use crate::decode;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

/// Bytes of a batch from files.
const BATCH: usize = super::stream::PIECE;

/// Texts of a batch at most, so that a folder of tiny files is shared out too.
const TEXTS: usize = 256;

/// How far a run has come in its inputs: what a run needs to know that goes on where another stopped. It counts what
/// [`Batches`] hands out, which depends on the inputs alone as long as they are files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Sources that lie behind.
    pub sources: u64,
    /// Batches that lie behind of the source that comes next.
    pub batches: u64,
}

/// The next piece of work, or what is wrong in place of it, and where the inputs stand behind it.
#[derive(Debug)]
pub(crate) struct Step {
    pub found: Result<Batch, Problem>,
    pub end: Position,
}

/// Some documents to work on together.
#[derive(Debug)]
pub(crate) enum Batch {
    Texts(Vec<Text>),
    Lines(Lines),
    #[cfg(feature = "formats")]
    Rows(Rows),
}

/// A document that is a file or stream of its own.
#[derive(Debug)]
pub(crate) struct Text {
    pub source: Source,
    /// It is a page, and no plain text.
    pub is_html: bool,
    /// What a stream held, and what was wrong behind it; a file is read by who works on it.
    read: Option<(Vec<u8>, Option<Fault>)>,
}

/// Whole lines of a JSONL file.
#[derive(Debug)]
pub(crate) struct Lines {
    pub source: Arc<Source>,
    /// Number of the first line, from 1 on.
    pub first: u64,
    /// Bytes of the unpacked file before it.
    pub offset: u64,
    pub bytes: Vec<u8>,
    encoding: &'static Encoding,
    /// True of the first batch of a source, and of the last, which may be empty.
    pub is_first: bool,
    pub is_last: bool,
}

impl Batch {
    /// How much there is to do, in bytes.
    pub fn weight(&self) -> usize {
        match self {
            Batch::Texts(texts) => texts.iter().map(Text::weight).sum(),
            Batch::Lines(lines) => lines.bytes.len(),
            #[cfg(feature = "formats")]
            Batch::Rows(rows) => rows.load.weight(),
        }
    }

    /// True of the last of a source.
    fn is_last(&self) -> bool {
        match self {
            Batch::Texts(_) => true,
            Batch::Lines(lines) => lines.is_last,
            #[cfg(feature = "formats")]
            Batch::Rows(rows) => rows.is_last,
        }
    }
}

impl Text {
    fn weight(&self) -> usize {
        self.read.as_ref().map_or(self.source.len.unwrap_or(0) as usize, |(bytes, _)| bytes.len())
    }

    /// The file's bytes, of which there may be so many, and what is wrong with what lies behind them.
    pub fn bytes(self, most: u64) -> Result<(Vec<u8>, Option<Problem>), Problem> {
        let read = || {
            let mut bytes = Vec::with_capacity(self.source.len.unwrap_or(0).min(most) as usize);
            let behind = read_whole(&mut *self.source.open()?, &mut bytes, most)?;
            Ok((bytes, behind))
        };
        let (bytes, behind) = self.read.map_or_else(read, Ok).map_err(|fault: Fault| self.source.problem(fault))?;
        check_len(bytes.len(), most).map_err(|fault| self.source.problem(fault))?;
        Ok((bytes, behind.map(|fault| self.source.problem(fault))))
    }
}

/// Reads on to the end of what is one document, or past the bytes that it may have. What is wrong behind its end is no
/// reason not to use it.
fn read_whole(bytes: &mut dyn Read, into: &mut Vec<u8>, most: u64) -> Result<Option<Fault>, Fault> {
    match bytes.take(most + 1).read_to_end(into).map_err(Fault::from) {
        Err(fault) if fault.code == Code::Trailing => Ok(Some(fault)),
        result => result.map(|_| None),
    }
}

pub(super) fn too_long(most: u64) -> Fault {
    Fault::new(Code::TooLong, format!("longer than {most} bytes, which --max-record allows"))
}

/// Refuses a record of more bytes than it may have.
pub(super) fn check_len(len: usize, most: u64) -> Result<(), Fault> {
    if len as u64 > most { Err(too_long(most)) } else { Ok(()) }
}

impl Lines {
    /// Every line with its number and offset, its line break included, blank ones left out.
    pub fn numbered(&self) -> impl Iterator<Item = (u64, u64, &[u8])> {
        let mut offset = self.offset;
        let lines = (self.first..).zip(split_lines(&self.bytes)).map(move |(number, line)| {
            let start = offset;
            offset += line.len() as u64;
            (number, start, line)
        });
        lines.filter(|(.., line)| !line.trim_ascii().is_empty())
    }

    /// Every record.
    pub fn records<'s>(&'s self, reading: &'s Reading) -> impl Iterator<Item = Result<jsonl::Line<'s>, Problem>> {
        self.numbered().map(move |(number, offset, bytes)| {
            let parse = || {
                check_len(bytes.len(), reading.max_record)?;
                let line = decode::line(bytes, self.encoding).map_err(|reason| Fault::new(Code::Encoding, reason))?;
                jsonl::Line::parse(line, &reading.fields)
            };
            parse().map(|line| line.at(&self.source.name, number, offset)).map_err(|fault| {
                let problem = self.source.problem(fault).at(Place::Line { number, offset });
                Problem { raw: bytes.into(), ..problem }
            })
        })
    }
}

/// The lines of some bytes, each with its line break.
pub(crate) fn split_lines(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
        let (line, rest) = bytes.split_at(end);
        bytes = rest;
        (!line.is_empty()).then_some(line)
    })
}

/// The batches of inputs, in order.
pub(crate) struct Batches<'i> {
    sources: Box<dyn Iterator<Item = Result<Source, Problem>> + 'i>,
    inputs: &'i Inputs,
    reader: Option<Reader>,
    /// Small texts that wait to become a batch.
    texts: Vec<Text>,
    weight: usize,
    ready: VecDeque<Step>,
    /// Behind what is ready.
    position: Position,
    /// Batches of the next source that another run has worked on.
    behind: u64,
}

impl<'i> Batches<'i> {
    /// The batches behind a position that [`Step::end`] told of the same inputs.
    pub fn new(inputs: &'i Inputs, start: Position) -> Self {
        let sources = Box::new(inputs.sources().skip(start.sources as usize));
        let position = Position { batches: 0, ..start };
        let ready = VecDeque::new();
        Batches { sources, inputs, reader: None, texts: Vec::new(), weight: 0, ready, position, behind: start.batches }
    }

    /// Goes on to the next source; false where there is none.
    fn advance(&mut self) -> bool {
        match self.sources.next() {
            Some(Ok(source)) => {
                if let Err(fault) = self.open(source.clone()) {
                    self.end_source(Err(source.problem(fault)));
                }
            }
            Some(Err(problem)) => self.end_source(Err(problem)),
            None if self.texts.is_empty() => return false,
            None => self.flush_texts(),
        }
        true
    }

    fn push_text(&mut self, text: Text) {
        self.weight += text.weight();
        self.texts.push(text);
        self.position.sources += 1;
        if self.weight >= BATCH || self.texts.len() >= TEXTS {
            self.flush_texts();
        }
    }

    fn flush_texts(&mut self) {
        if !self.texts.is_empty() {
            self.weight = 0;
            let batch = Batch::Texts(std::mem::take(&mut self.texts));
            self.ready.push_back(Step { found: Ok(batch), end: self.position });
        }
    }

    /// The last that comes of a source that is not one text.
    fn end_source(&mut self, found: Result<Batch, Problem>) {
        self.flush_texts();
        self.position = Position { sources: self.position.sources + 1, batches: 0 };
        self.behind = 0;
        self.ready.push_back(Step { found, end: self.position });
    }

    /// Takes a batch of the source at hand, unless it lies behind.
    fn read_on(&mut self) {
        let Some(reader) = &mut self.reader else { return };
        let (batch, problem) = reader.next_batch();
        let is_last = batch.is_last();
        for found in problem.map(Err).into_iter().chain([Ok(batch)]) {
            self.position.batches += 1;
            if self.position.batches > self.behind {
                self.ready.push_back(Step { found, end: self.position });
            }
        }
        if is_last {
            self.reader = None;
            self.behind = 0;
            self.position = Position { sources: self.position.sources + 1, batches: 0 };
            if let Some(last) = self.ready.back_mut() {
                last.end = self.position;
            }
        }
    }

    fn open(&mut self, source: Source) -> Result<(), Fault> {
        let format = self.inputs.format_of(&source);
        if matches!(format, Format::Text | Format::Html) && source.len.is_some() {
            self.push_text(Text { source, is_html: format == Format::Html, read: None });
            return Ok(());
        }
        let mut bytes = Peeked::new(source.open()?);
        let format = if format == Format::Auto { self.inputs.possible(format_of_head(&mut bytes)) } else { format };
        let reading = self.inputs.reading();
        if matches!(format, Format::Text | Format::Html) {
            let mut whole = Vec::new();
            let behind = read_whole(&mut bytes, &mut whole, reading.max_record)?;
            self.push_text(Text { source, is_html: format == Format::Html, read: Some((whole, behind)) });
            return Ok(());
        }
        self.flush_texts();
        self.reader = Some(Reader::open(format, Arc::new(source), bytes, reading)?);
        Ok(())
    }
}

/// Cuts a source into batches.
enum Reader {
    Lines(LineReader),
    #[cfg(feature = "formats")]
    Rows(formats::Reader),
}

impl Reader {
    #[cfg(feature = "formats")]
    fn open(format: Format, source: Arc<Source>, bytes: Peeked, reading: &Reading) -> Result<Self, Fault> {
        match format {
            Format::Jsonl => Ok(Reader::Lines(LineReader::new(source, bytes, reading))),
            _ => formats::Reader::open(format, source, bytes, reading).map(Reader::Rows),
        }
    }

    #[cfg(not(feature = "formats"))]
    fn open(format: Format, source: Arc<Source>, bytes: Peeked, reading: &Reading) -> Result<Self, Fault> {
        match format {
            Format::Jsonl => Ok(Reader::Lines(LineReader::new(source, bytes, reading))),
            _ => Err(Fault::new(Code::Unsuited, "this build reads text, pages and JSONL only")),
        }
    }

    /// The next batch, and what is wrong behind it.
    fn next_batch(&mut self) -> (Batch, Option<Problem>) {
        match self {
            Reader::Lines(lines) => {
                let (lines, problem) = lines.next_batch();
                (Batch::Lines(lines), problem)
            }
            #[cfg(feature = "formats")]
            Reader::Rows(rows) => rows.next_batch(),
        }
    }
}

/// What something without a telling name holds, by how it begins.
fn format_of_head(bytes: &mut Peeked) -> Format {
    if opens_object(bytes) {
        return Format::Jsonl;
    }
    // What comes behind the first byte that is not blank may not have been read yet.
    const TELLING: usize = 64;
    let head = bytes.peek(bytes.head().len() + TELLING);
    #[cfg(feature = "formats")]
    if let Some(format) = formats::format_of_head(head) {
        return format;
    }
    text_format(head)
}

/// Reads on to the first byte that is neither white space nor of a byte order mark nor half of a UTF-16 unit, and tells
/// whether it opens an object.
fn opens_object(bytes: &mut Peeked) -> bool {
    let mut known = 0;
    loop {
        let has_more = bytes.read_on();
        if let Some(first) = bytes.head()[known..].iter().find(|byte| !is_blank(byte)) {
            return *first == b'{';
        }
        if !has_more {
            return false;
        }
        known = bytes.head().len();
    }
}

fn is_blank(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || b"\0\xEF\xBB\xBF\xFF\xFE".contains(byte)
}

/// Tells a page from plain text by how it begins, in UTF-16 too.
pub(super) fn text_format(bytes: &[u8]) -> Format {
    const OPENINGS: [&[u8]; 2] = [b"<!doctype html", b"<html"];
    let start: Vec<u8> =
        bytes.iter().skip_while(|byte| is_blank(byte)).filter(|&&byte| byte != 0).take(14).copied().collect();
    let opens = |opening: &&[u8]| start.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening));
    if OPENINGS.iter().any(opens) { Format::Html } else { Format::Text }
}

impl Iterator for Batches<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            if self.reader.is_some() {
                self.read_on();
            } else if !self.advance() {
                return None;
            }
        }
    }
}

/// Cuts a stream at line breaks.
struct LineReader {
    source: Arc<Source>,
    stream: Stream,
    encoding: &'static Encoding,
    /// Bytes that a line may have.
    most: u64,
    /// Number of the next line, and the bytes before it.
    next: u64,
    offset: u64,
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    /// Something is missing before what is read next.
    is_in_gap: bool,
    has_begun: bool,
}

impl LineReader {
    fn new(source: Arc<Source>, bytes: Peeked, reading: &Reading) -> Self {
        let (bytes, encoding) = decode::stream(bytes, reading.encoding);
        LineReader {
            stream: Stream::new(bytes, source.len.is_some()),
            source,
            encoding,
            most: reading.max_record,
            next: 1,
            offset: 0,
            rest: Vec::new(),
            is_in_gap: false,
            has_begun: false,
        }
    }

    /// Waits for the end of a line, and hands out every whole line that has come. Beside the batch stands what is wrong
    /// with what follows it, if anything: a line too long, damage, or why the batch is the last where that is not the
    /// file's end.
    fn next_batch(&mut self) -> (Lines, Option<Problem>) {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut searched = 0;
        loop {
            match self.stream.read_piece(&mut bytes) {
                Ok(0) => return (self.batch(bytes, true), None),
                Ok(_) => {}
                Err(fault) => return self.stumble(bytes, fault),
            }
            if self.is_in_gap {
                self.leave_gap(&mut bytes);
            }
            if let Some(end) = memchr::memrchr(b'\n', &bytes[searched..]) {
                self.rest = bytes.split_off(searched + end + 1);
                return (self.batch(bytes, false), None);
            }
            if bytes.len() as u64 > self.most {
                return self.skip_line(bytes);
            }
            searched = bytes.len();
        }
    }

    /// What comes of an error, with the lines before it. Half a line is none, unless the error lies behind its end.
    fn stumble(&mut self, mut bytes: Vec<u8>, fault: Fault) -> (Lines, Option<Problem>) {
        let code = fault.code;
        if code != Code::Trailing {
            bytes.truncate(memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1));
        }
        self.is_in_gap = code == Code::Corrupt;
        let lines = self.batch(bytes, code != Code::Corrupt);
        (lines, Some(self.problem(fault)))
    }

    /// Passes over the rest of the line that a gap lies in. A record may begin right behind it; whether one does is seen
    /// at once, since the rest of an object is none.
    fn leave_gap(&mut self, bytes: &mut Vec<u8>) {
        let end = if bytes.starts_with(b"{") { Some(0) } else { memchr::memchr(b'\n', bytes).map(|at| at + 1) };
        self.is_in_gap = end.is_none();
        let rest = bytes.split_off(end.unwrap_or(bytes.len()));
        self.offset += bytes.len() as u64;
        self.next += u64::from(end.is_some_and(|end| end > 0));
        *bytes = rest;
    }

    /// Passes over a line that is too long, whose beginning is in `bytes`.
    fn skip_line(&mut self, mut bytes: Vec<u8>) -> (Lines, Option<Problem>) {
        let problem = Problem { raw: bytes.as_slice().into(), ..self.problem(too_long(self.most)) };
        loop {
            if let Some(end) = memchr::memchr(b'\n', &bytes) {
                self.rest = bytes.split_off(end + 1);
                self.next += 1;
                self.offset += bytes.len() as u64;
                return (self.batch(Vec::new(), false), Some(problem));
            }
            self.offset += bytes.len() as u64;
            bytes.clear();
            match self.stream.read_piece(&mut bytes) {
                Ok(read) if read > 0 => {}
                result => {
                    // It comes back when it is read on.
                    self.stream.put_back(result.err());
                    self.next += 1;
                    return (self.batch(Vec::new(), false), Some(problem));
                }
            }
        }
    }

    fn problem(&self, fault: Fault) -> Problem {
        self.source.problem(fault).at(Place::Line { number: self.next, offset: self.offset })
    }

    fn batch(&mut self, bytes: Vec<u8>, is_last: bool) -> Lines {
        let (first, offset) = (self.next, self.offset);
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        self.next += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        self.offset += bytes.len() as u64;
        Lines { source: Arc::clone(&self.source), first, offset, bytes, encoding: self.encoding, is_first, is_last }
    }
}
