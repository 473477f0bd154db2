//! Inputs cut into batches: pieces of work of a size worth sharing out, or of what a stream has brought so far.

use super::inputs::{Format, Inputs, Source};
use super::jsonl;
use super::{Fields, Problem};
use crate::decode;
use encoding_rs::Encoding;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;

/// Bytes of a batch from files.
const BATCH: usize = 1 << 18;

/// Bytes asked of a stream at a time: what a pipe holds.
const PIPE: usize = 1 << 16;

/// Texts of a batch at most, so that a folder of tiny files is shared out too.
const TEXTS: usize = 256;

/// Some documents to work on together.
#[derive(Debug)]
pub(crate) enum Batch {
    Texts(Vec<Text>),
    Lines(Lines),
}

/// A document that is a file or stream of its own.
#[derive(Debug)]
pub(crate) struct Text {
    pub source: Source,
    /// It is a page, and no plain text.
    pub is_html: bool,
    /// What a stream held; a file is read by who works on it.
    read: Option<Vec<u8>>,
}

/// Whole lines of a JSONL file.
#[derive(Debug)]
pub(crate) struct Lines {
    pub source: Arc<Source>,
    /// Number of the first line, from 1 on.
    pub first: u64,
    pub bytes: Vec<u8>,
    encoding: &'static Encoding,
    /// True of the last batch of a source, which may be empty.
    pub is_last: bool,
}

impl Batch {
    /// How much there is to do, in bytes.
    pub fn weight(&self) -> usize {
        match self {
            Batch::Texts(texts) => texts.iter().map(Text::weight).sum(),
            Batch::Lines(lines) => lines.bytes.len(),
        }
    }
}

impl Text {
    fn weight(&self) -> usize {
        self.read.as_ref().map_or(self.source.len.unwrap_or(0) as usize, Vec::len)
    }

    /// The file's bytes.
    pub fn bytes(self) -> Result<Vec<u8>, Problem> {
        let read = || std::fs::read(&self.source.path).map_err(|error| self.source.problem(None, error));
        self.read.map_or_else(read, Ok)
    }
}

impl Lines {
    /// Every line with its number, its line break included, blank ones left out.
    pub fn numbered(&self) -> impl Iterator<Item = (u64, &[u8])> {
        (self.first..).zip(split_lines(&self.bytes)).filter(|(_, line)| !line.trim_ascii().is_empty())
    }

    /// Every record.
    pub fn records<'s>(&'s self, fields: &'s Fields) -> impl Iterator<Item = Result<jsonl::Line<'s>, Problem>> {
        self.numbered().map(move |(number, line)| {
            let parsed = decode::line(line, self.encoding).and_then(|line| jsonl::Line::parse(line, fields));
            parsed.map(|line| line.at(&self.source.name, number)).map_err(|e| self.source.problem(Some(number), e))
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
    lines: Option<LineReader>,
    /// Small texts that wait to become a batch.
    texts: Vec<Text>,
    weight: usize,
    ready: VecDeque<Result<Batch, Problem>>,
}

impl<'i> Batches<'i> {
    pub fn new(inputs: &'i Inputs) -> Self {
        let sources = Box::new(inputs.sources());
        Batches { sources, inputs, lines: None, texts: Vec::new(), weight: 0, ready: VecDeque::new() }
    }

    fn push_text(&mut self, text: Text) {
        self.weight += text.weight();
        self.texts.push(text);
        if self.weight >= BATCH || self.texts.len() >= TEXTS {
            self.flush_texts();
        }
    }

    fn flush_texts(&mut self) {
        if !self.texts.is_empty() {
            self.weight = 0;
            self.ready.push_back(Ok(Batch::Texts(std::mem::take(&mut self.texts))));
        }
    }

    fn open(&mut self, source: Source) -> io::Result<()> {
        let format = self.inputs.format_of(&source);
        if matches!(format, Format::Text | Format::Html) && source.len.is_some() {
            self.push_text(Text { source, is_html: format == Format::Html, read: None });
            return Ok(());
        }
        let mut bytes = source.open()?;
        let mut head = Vec::new();
        let is_jsonl = match format {
            Format::Auto => opens_object(&mut bytes, &mut head)?,
            format => format == Format::Jsonl,
        };
        if !is_jsonl {
            bytes.read_to_end(&mut head)?;
            let format = if format == Format::Auto { text_format(&head) } else { format };
            let is_html = self.inputs.possible(format) == Format::Html;
            self.push_text(Text { source, is_html, read: Some(head) });
            return Ok(());
        }
        self.flush_texts();
        let bytes = Box::new(io::Cursor::new(head).chain(bytes));
        let (bytes, encoding) = decode::stream(bytes, self.inputs.reading().encoding)?;
        self.lines = Some(LineReader { source: Arc::new(source), bytes, encoding, next: 1, rest: Vec::new() });
        Ok(())
    }
}

/// Reads on to the first byte that is neither white space nor of a byte order mark nor half of a UTF-16 unit, and tells
/// whether it opens an object. What was read is in `head`.
fn opens_object(bytes: &mut dyn Read, head: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        let known = head.len();
        head.resize(known + PIPE, 0);
        let read = read(bytes, &mut head[known..]);
        head.truncate(known + *read.as_ref().unwrap_or(&0));
        if let Some(first) = head[known..].iter().find(|byte| !is_blank(byte)) {
            return Ok(*first == b'{');
        }
        if read? == 0 {
            return Ok(false);
        }
    }
}

fn is_blank(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || b"\0\xEF\xBB\xBF\xFF\xFE".contains(byte)
}

/// Tells a page from plain text by how it begins, in UTF-16 too.
fn text_format(bytes: &[u8]) -> Format {
    const OPENINGS: [&[u8]; 2] = [b"<!doctype html", b"<html"];
    let start: Vec<u8> =
        bytes.iter().skip_while(|byte| is_blank(byte)).filter(|&&byte| byte != 0).take(14).copied().collect();
    let opens = |opening: &&[u8]| start.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening));
    if OPENINGS.iter().any(opens) { Format::Html } else { Format::Text }
}

impl Iterator for Batches<'_> {
    type Item = Result<Batch, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            if let Some(lines) = &mut self.lines {
                let (batch, failed) = lines.next_batch();
                if batch.is_last {
                    self.lines = None;
                }
                self.ready.extend(failed.map(Err));
                return Some(Ok(Batch::Lines(batch)));
            }
            match self.sources.next() {
                Some(Ok(source)) => {
                    if let Err(error) = self.open(source.clone()) {
                        self.ready.push_back(Err(source.problem(None, error)));
                    }
                }
                Some(Err(problem)) => self.ready.push_back(Err(problem)),
                None if self.texts.is_empty() => return None,
                None => self.flush_texts(),
            }
        }
    }
}

/// Cuts a stream at line breaks.
struct LineReader {
    source: Arc<Source>,
    bytes: Box<dyn Read + Send>,
    encoding: &'static Encoding,
    /// Number of the next line.
    next: u64,
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
}

impl LineReader {
    /// Waits for the end of a line, and hands out every whole line that has come. With the last batch goes why it is the
    /// last, where that is not the end of the file.
    fn next_batch(&mut self) -> (Lines, Option<Problem>) {
        let step = if self.source.len.is_some() { BATCH } else { PIPE };
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            let known = bytes.len();
            bytes.resize(known + step, 0);
            let read = read(&mut *self.bytes, &mut bytes[known..]);
            bytes.truncate(known + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => return (self.batch(bytes, true), None),
                Err(error) => {
                    // Half a line is none.
                    bytes.clear();
                    return (self.batch(bytes, true), Some(self.source.problem(Some(self.next), error)));
                }
                Ok(_) => {}
            }
            if let Some(end) = memchr::memrchr(b'\n', &bytes[known..]) {
                self.rest = bytes.split_off(known + end + 1);
                return (self.batch(bytes, false), None);
            }
        }
    }

    fn batch(&mut self, bytes: Vec<u8>, is_last: bool) -> Lines {
        let first = self.next;
        self.next += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        Lines { source: Arc::clone(&self.source), first, bytes, encoding: self.encoding, is_last }
    }
}

/// Reads what there is, interruptions aside.
fn read(bytes: &mut dyn Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match bytes.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
