//! WARC archives: pages out of HTTP responses, and the plain text of WET.
//!
//! A reader of our own, since it has to live with damaged archives: a record whose length is wrong is told by what
//! follows it, and the next record is looked for. The crate `fastwarc` (2.0.0, by its source) hands such a record out as if
//! it were whole, takes a length that is none for 0, and behind it stops, or where it is to be lenient passes over lines
//! without a word; it also brings digests, LZ4 and a clock, which nothing here needs.

use super::super::batches::{Batch, too_long};
use super::super::inputs::Source;
use super::super::problem::{Code, Fault, Place, Problem};
use super::super::stream::{PIECE, Stream};
use super::http::{self, Headers};
use super::rows::{self, Load};
use super::table::Plan;
use memchr::memmem;
use std::sync::Arc;

const MAGIC: &[u8] = b"WARC/1.";

/// Bytes that the header of a record may have.
const MAX_HEADER: usize = 1 << 16;

/// A record that may hold a document.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its number among the file's records, from 1 on.
    pub number: u64,
    pub id: Option<String>,
    pub url: Option<String>,
    pub date: Option<String>,
    pub holds: Holds,
    pub block: Vec<u8>,
}

/// What the block of a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holds {
    /// An HTTP response.
    Response,
    /// A page of this media type, with its parameters.
    Page(String),
    /// Plain text.
    Text,
}

/// Cuts an archive at its records.
pub(crate) struct Reader {
    source: Arc<Source>,
    plan: Arc<Plan>,
    stream: Stream,
    /// Bytes that a record may have.
    most: u64,
    /// What has been read and not been used: `buffer[at..]`.
    buffer: Vec<u8>,
    at: usize,
    /// Bytes before the buffer.
    before: u64,
    /// Records so far.
    number: u64,
    /// The next record has to be looked for.
    is_lost: bool,
    has_begun: bool,
    has_ended: bool,
    /// What comes behind the buffer, if not the end.
    fault: Option<Fault>,
}

impl Reader {
    pub fn new(source: Arc<Source>, plan: Arc<Plan>, stream: Stream, most: u64) -> Self {
        Reader {
            source,
            plan,
            stream,
            most,
            buffer: Vec::new(),
            at: 0,
            before: 0,
            number: 0,
            is_lost: false,
            has_begun: false,
            has_ended: false,
            fault: None,
        }
    }

    /// The next records, and what is wrong behind them.
    pub fn next_batch(&mut self) -> (Batch, Option<Problem>) {
        let (mut entries, mut weight) = (Vec::new(), 0);
        // What a stream brings is handed on at once.
        let enough = if self.source.len.is_some() { PIECE } else { 1 };
        let mut problem = None;
        while weight < enough && problem.is_none() && !self.has_ended {
            match self.next_entry() {
                Ok(Some(entry)) => {
                    weight += entry.block.len().max(1);
                    entries.push(entry);
                }
                Ok(None) => {}
                Err(fault) => problem = Some(self.source.problem(fault).at(Place::Record(self.number.max(1) - 1))),
            }
        }
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let load = Load::Entries(entries);
        (rows::batch(&self.source, &self.plan, load, is_first, self.has_ended), problem)
    }

    /// The next record, or `None` where it holds no document or the archive ends.
    fn next_entry(&mut self) -> Result<Option<Entry>, Fault> {
        self.forget();
        if (std::mem::take(&mut self.is_lost) && !self.find_record()) || !self.skip_blank() {
            return self.end(false);
        }
        self.number += 1;
        let header = match self.header() {
            Header::None => return Err(self.lost("no WARC record")),
            Header::Cut => return self.end(true),
            Header::Len(len) => len,
        };
        let headers = Headers::parse(&self.buffer[self.at..self.at + header]);
        let len = headers.get("content-length").and_then(|len| len.parse::<u64>().ok());
        let Some(len) = len else { return Err(self.lost("a WARC record without a length")) };
        let entry = entry(&headers, self.number);
        if len > self.most {
            self.skip(header as u64 + len);
            return if entry.is_some() { Err(too_long(self.most)) } else { Ok(None) };
        }
        let end = header + len as usize;
        if !self.need(end) {
            let has_another = memmem::find(&self.rest()[header..], b"\nWARC/1.").is_some();
            return if has_another { Err(self.lost("a WARC record with a wrong length")) } else { self.end(true) };
        }
        if !self.is_followed(end) {
            // The length may have swallowed the record that follows.
            return Err(self.lost("a WARC record with a wrong length"));
        }
        let block = self.buffer[self.at + header..self.at + end].to_vec();
        self.at += end;
        Ok(entry.map(|entry| Entry { block, ..entry }))
    }

    fn offset(&self) -> u64 {
        self.before + self.at as u64
    }

    /// What is wrong here, behind which the next record has to be looked for.
    fn lost(&mut self, what: &str) -> Fault {
        let fault = Fault::new(Code::Corrupt, format!("{what} (byte {})", self.offset()));
        self.at += 1;
        self.is_lost = true;
        fault
    }

    /// The header that begins here, its blank line included.
    fn header(&mut self) -> Header {
        self.need(MAGIC.len());
        if !self.rest().starts_with(MAGIC) {
            return if MAGIC.starts_with(self.rest()) { Header::Cut } else { Header::None };
        }
        loop {
            let known = self.rest().len();
            match http::header_len(self.rest()) {
                Some(len) => return Header::Len(len),
                None if known > MAX_HEADER => return Header::None,
                None if !self.need(known + 1) => return Header::Cut,
                None => {}
            }
        }
    }

    /// True where behind `end` the next record comes, or nothing more.
    fn is_followed(&mut self, end: usize) -> bool {
        const BREAKS: usize = 4;
        self.need(end + BREAKS + MAGIC.len());
        let behind = &self.rest()[end..];
        let next = behind.iter().position(|byte| !b"\r\n".contains(byte));
        next.is_none_or(|next| next > 0 && MAGIC.starts_with(&behind[next..behind.len().min(next + MAGIC.len())]))
    }

    /// Goes on to the next line that opens a record; false where there is none.
    fn find_record(&mut self) -> bool {
        loop {
            let from = self.at.saturating_sub(1);
            let found = memmem::find_iter(&self.buffer[from..], MAGIC).map(|at| from + at);
            let found = found.filter(|&at| at >= self.at).find(|&at| at == 0 || self.buffer[at - 1] == b'\n');
            if let Some(at) = found {
                self.at = at;
                return true;
            }
            // The beginning of one may be there already.
            self.at = self.at.max((self.buffer.len() + 1).saturating_sub(MAGIC.len()));
            self.forget();
            if !self.need(self.rest().len() + 1) {
                return false;
            }
        }
    }

    /// Passes over line breaks; false at the end.
    fn skip_blank(&mut self) -> bool {
        while self.need(1) {
            if !b"\r\n".contains(&self.buffer[self.at]) {
                return true;
            }
            self.at += 1;
        }
        false
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Lets go of what lies behind, the last byte aside.
    fn forget(&mut self) {
        let behind = self.at.saturating_sub(1);
        if behind > PIECE || behind + 1 >= self.buffer.len() {
            self.buffer.drain(..behind);
            self.at -= behind;
            self.before += behind as u64;
        }
    }

    /// Reads until there are so many bytes; false where there are fewer before the end or the next fault.
    fn need(&mut self, len: usize) -> bool {
        while self.rest().len() < len && self.fault.is_none() {
            match self.stream.read_piece(&mut self.buffer) {
                Ok(0) => return false,
                Ok(_) => {}
                Err(fault) => self.fault = Some(fault),
            }
        }
        self.rest().len() >= len
    }

    /// Passes over so many bytes; what is missing at the end was not wanted.
    fn skip(&mut self, mut len: u64) {
        loop {
            let here = self.rest().len().min(usize::try_from(len).unwrap_or(usize::MAX));
            self.at += here;
            len -= here as u64;
            self.forget();
            if len == 0 || !self.need(1) {
                return;
            }
        }
    }

    /// What comes where there is nothing more to read: the end, or a fault, behind which a gap may be left.
    fn end(&mut self, is_inside: bool) -> Result<Option<Entry>, Fault> {
        let offset = self.offset();
        let fault = self.fault.take();
        self.is_lost = fault.as_ref().is_some_and(|fault| fault.code == Code::Corrupt);
        self.has_ended = !self.is_lost;
        self.before += self.buffer.len() as u64;
        self.buffer.clear();
        self.at = 0;
        let cut = || Fault::new(Code::Truncated, format!("the archive ends inside a record (byte {offset})"));
        fault.or_else(|| is_inside.then(cut)).map_or(Ok(None), Err)
    }
}

/// What a record may begin with.
enum Header {
    /// A header of so many bytes.
    Len(usize),
    /// One that does not end where the archive does.
    Cut,
    None,
}

/// What a record is by its header; `None` where it holds no document.
fn entry(headers: &Headers, number: u64) -> Option<Entry> {
    let media = headers.get("content-type").unwrap_or_default();
    let holds = match headers.get("warc-type")?.to_ascii_lowercase().as_str() {
        "response" if media.is_empty() || http::is_of(media, "application/http") => Holds::Response,
        "resource" if http::is_page(media) => Holds::Page(media.to_owned()),
        "conversion" if media.is_empty() || http::is_of(media, "text/plain") => Holds::Text,
        _ => return None,
    };
    let own = |name| headers.get(name).map(str::to_owned);
    // Some writers of WARC 1.0 put addresses in brackets too.
    let url = headers.get("warc-target-uri").map(|url| url.trim_matches(['<', '>']).to_owned());
    Some(Entry { number, id: own("warc-record-id"), url, date: own("warc-date"), holds, block: Vec::new() })
}
