//! Compressed data: gzip of any number of members, zstd of any number of frames.
//!
//! What an input is packed in is told by its first bytes, or where they say nothing by its name's ending. A damaged member
//! is lost alone: the next one is looked for, and reading goes on there. Members of up to [`HELD`] unpacked bytes are
//! checked before any of it is handed out; of a longer one, what came before the damage was found is out already. What
//! ends early is handed out as far as it came.

use super::problem::{Code, Fault};
use super::stream::Peeked;
use flate2::bufread::GzDecoder;
use memchr::memchr_iter;
use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use zstd::stream::read::Decoder as ZstdDecoder;

/// What data is packed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Packing {
    #[default]
    Plain,
    Gzip,
    Zstd,
}

/// Unpacked bytes of a member that are held back until its checksum is found right.
const HELD: usize = 1 << 20;

/// Packed bytes that are kept to look for the next member in, where the one under way turns out to be damaged.
const KEPT: usize = 1 << 20;

/// Bytes read, and unpacked, at a time.
const CHUNK: usize = 1 << 16;

/// A stream may unpack to so many times its size; deflate reaches 1,032. The first [`GRACE`] bytes are free.
const RATIO: u64 = 1000;
const GRACE: u64 = 16 << 20;

/// Base 2 logarithm of the largest window of zstd: 128 MiB, which `zstd --ultra -22` takes, and `--long` by itself.
const WINDOW: u32 = 27;

const GZIP: [u8; 3] = [0x1F, 0x8B, 0x08];
const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// Bytes by which a member's header is told: all of gzip's that never vary much; magic and descriptor of zstd's.
const HEADER: usize = 10;

impl Packing {
    /// What a file of this name is packed in.
    pub fn of_name(name: &Path) -> Self {
        match name.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("gz" | "gzip" | "tgz") => Packing::Gzip,
            Some("zst" | "zstd" | "tzst") => Packing::Zstd,
            _ => Packing::Plain,
        }
    }

    fn of_head(head: &[u8]) -> Self {
        match head {
            _ if head.starts_with(&GZIP) => Packing::Gzip,
            _ if head.starts_with(&ZSTD) || is_skippable(head) => Packing::Zstd,
            _ => Packing::Plain,
        }
    }

    /// The bytes as a member of their own; none of no bytes, unless an empty member is asked for.
    pub fn pack(self, bytes: Vec<u8>, may_be_empty: bool) -> Vec<u8> {
        let packed = match self {
            Packing::Gzip | Packing::Zstd if bytes.is_empty() && !may_be_empty => return bytes,
            Packing::Plain => return bytes,
            Packing::Gzip => {
                let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                member.write_all(&bytes).and_then(|()| member.finish())
            }
            Packing::Zstd => {
                zstd::stream::Encoder::new(Vec::new(), zstd::DEFAULT_COMPRESSION_LEVEL).and_then(|mut frame| {
                    frame.include_checksum(true)?;
                    frame.write_all(&bytes)?;
                    frame.finish()
                })
            }
        };
        packed.expect("memory can always be written to")
    }

    /// True for the beginning of a member.
    fn opens(self, head: &[u8]) -> bool {
        match (self, head) {
            (Packing::Gzip, &[a, b, c, flags, _, _, _, _, hints, system, ..]) => {
                [a, b, c] == GZIP && flags & 0xE0 == 0 && matches!(hints, 0 | 2 | 4) && matches!(system, 0..=13 | 255)
            }
            (Packing::Zstd, &[a, b, c, d, descriptor, ..]) => [a, b, c, d] == ZSTD && descriptor & 0x08 == 0,
            _ => false,
        }
    }

    /// True for what could become the beginning of a member, had it not ended.
    fn could_open(self, head: &[u8]) -> bool {
        let magic: &[u8] = if self == Packing::Gzip { &GZIP } else { &ZSTD };
        let len = head.len().min(magic.len());
        head[..len] == magic[..len] || (self == Packing::Zstd && head.len() < HEADER && is_skippable_start(head))
    }
}

fn is_skippable(head: &[u8]) -> bool {
    head.len() >= 4 && is_skippable_start(head)
}

/// True for as much of a skippable frame's magic number as there is.
fn is_skippable_start(head: &[u8]) -> bool {
    head.iter().zip([0x50, 0x2A, 0x4D, 0x18]).enumerate().all(|(i, (byte, wanted))| match i {
        0 => byte & 0xF0 == wanted,
        _ => *byte == wanted,
    })
}

/// The name without the ending that tells what the file is packed in.
pub(crate) fn without_ending(name: &Path) -> Cow<'_, Path> {
    let ending = name.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match (Packing::of_name(name), ending.as_deref()) {
        (Packing::Plain, _) => Cow::Borrowed(name),
        (_, Some("tgz" | "tzst")) => Cow::Owned(name.with_extension("tar")),
        _ => Cow::Owned(name.with_extension("")),
    }
}

/// What packed bytes hold, or the same bytes where they are not packed.
pub(crate) fn unpacked(bytes: Box<dyn Read + Send>, name: &Path) -> Box<dyn Read + Send> {
    let mut bytes = Peeked::new(bytes);
    let packing = match Packing::of_head(bytes.peek(ZSTD.len())) {
        Packing::Plain => Packing::of_name(name),
        packing => packing,
    };
    if packing == Packing::Plain { Box::new(bytes) } else { Box::new(Unpacker::new(Box::new(bytes), packing)) }
}

/// Reads what packed bytes hold. Damage comes as an error that holds a [`Fault`]; after one of [`Code::Corrupt`] reading
/// goes on behind the gap, after any other there is nothing more.
struct Unpacker {
    packing: Packing,
    state: State,
    /// Unpacked bytes of the member under way that may not be handed out yet.
    held: Vec<u8>,
    /// Unpacked bytes to hand out: `ready[given..]`.
    ready: Vec<u8>,
    given: usize,
    /// What comes behind them.
    fault: Option<Fault>,
    /// Bytes unpacked so far.
    unpacked: u64,
    /// Something was a member.
    has_begun: bool,
    chunk: Vec<u8>,
}

enum State {
    Between(Packed),
    Inside(Member),
    Ended,
}

enum Member {
    Gzip(Box<GzDecoder<Packed>>),
    Zstd(ZstdDecoder<'static, Packed>),
}

impl Member {
    fn open(packing: Packing, packed: Packed) -> io::Result<Self> {
        if packing == Packing::Gzip {
            return Ok(Member::Gzip(Box::new(GzDecoder::new(packed))));
        }
        let mut frame = ZstdDecoder::with_buffer(packed)?.single_frame();
        frame.window_log_max(WINDOW)?;
        Ok(Member::Zstd(frame))
    }

    fn packed(&self) -> &Packed {
        match self {
            Member::Gzip(member) => member.get_ref(),
            Member::Zstd(frame) => frame.get_ref(),
        }
    }

    fn into_packed(self) -> Packed {
        match self {
            Member::Gzip(member) => member.into_inner(),
            Member::Zstd(frame) => frame.finish(),
        }
    }
}

impl Read for Member {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Member::Gzip(member) => member.read(into),
            Member::Zstd(frame) => frame.read(into),
        }
    }
}

impl Unpacker {
    fn new(bytes: Box<dyn Read + Send>, packing: Packing) -> Self {
        Unpacker {
            packing,
            state: State::Between(Packed::new(bytes)),
            held: Vec::new(),
            ready: Vec::new(),
            given: 0,
            fault: None,
            unpacked: 0,
            has_begun: false,
            chunk: vec![0; CHUNK],
        }
    }

    /// Goes on until there is something to hand out, or the end.
    fn advance(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        self.state = match std::mem::replace(&mut self.state, State::Ended) {
            State::Between(packed) => self.begin(packed)?,
            State::Inside(member) => self.unpack(member)?,
            State::Ended => State::Ended,
        };
        Ok(())
    }

    /// Begins the next member, or finds that there is none.
    fn begin(&mut self, mut packed: Packed) -> io::Result<State> {
        packed.skip_zeros()?;
        let head = packed.peek(HEADER)?;
        if head.is_empty() {
            if !self.has_begun {
                self.fault = Some(Fault::new(Code::Truncated, format!("no {} in it", self.name())));
            }
            return Ok(State::Ended);
        }
        if self.packing == Packing::Zstd && is_skippable(head) {
            return self.skip_frame(packed);
        }
        let is_cut = head.len() < HEADER && self.packing.could_open(head);
        if !is_cut && !self.packing.opens(head) {
            return self.resume(packed);
        }
        self.has_begun = true;
        packed.mark();
        Ok(State::Inside(Member::open(self.packing, packed)?))
    }

    fn name(&self) -> &'static str {
        if self.packing == Packing::Gzip { "gzip" } else { "zstd" }
    }

    /// Passes over a frame that holds no data.
    fn skip_frame(&mut self, mut packed: Packed) -> io::Result<State> {
        self.has_begun = true;
        let head = packed.peek(8)?;
        let len = head.get(4..8).map(|len| u32::from_le_bytes(len.try_into().expect("four bytes")));
        let is_whole = match len {
            Some(len) => packed.skip(8 + u64::from(len))?,
            None => false,
        };
        if !is_whole {
            self.fault = Some(Fault::new(Code::Truncated, "ends inside a zstd frame"));
            return Ok(State::Ended);
        }
        Ok(State::Between(packed))
    }

    /// Unpacks a piece of a member.
    fn unpack(&mut self, mut member: Member) -> io::Result<State> {
        match member.read(&mut self.chunk) {
            Ok(0) => {
                self.ready = std::mem::take(&mut self.held);
                Ok(State::Between(member.into_packed()))
            }
            Ok(read) => {
                self.unpacked += read as u64;
                self.held.extend_from_slice(&self.chunk[..read]);
                if self.unpacked > GRACE && self.unpacked / RATIO > member.packed().offset() {
                    let reason = format!("unpacks to more than {RATIO} times its size");
                    self.fault = Some(Fault::new(Code::Bomb, reason));
                    return Ok(State::Ended);
                }
                if self.held.len() > HELD {
                    self.ready = std::mem::take(&mut self.held);
                }
                Ok(State::Inside(member))
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(State::Inside(member)),
            Err(error) => self.recover(member.into_packed(), &error),
        }
    }

    /// Looks for the member behind a damaged one.
    fn recover(&mut self, mut packed: Packed, error: &io::Error) -> io::Result<State> {
        if let Some(error) = packed.failure.take() {
            self.held.clear();
            return Err(error);
        }
        let has_ended = error.kind() == io::ErrorKind::UnexpectedEof;
        packed.rewind();
        // A damaged member may have swallowed those behind it. Where there is none, it was cut short.
        let offset = packed.offset();
        let is_found = packed.find(self.packing)?;
        if has_ended && !is_found {
            self.ready = std::mem::take(&mut self.held);
            self.fault = Some(Fault::new(Code::Truncated, format!("the {} data ends early", self.name())));
            return Ok(State::Ended);
        }
        self.held.clear();
        let name = self.name();
        self.fault = Some(match error.to_string() {
            // So zstd says it.
            it if it.contains("too much memory") => {
                Fault::new(Code::Corrupt, format!("a zstd frame wants a window of more than 128 MiB (byte {offset})"))
            }
            it => Fault::new(Code::Corrupt, format!("the {name} data from byte {offset} on is damaged: {it}")),
        });
        Ok(if is_found { State::Between(packed) } else { State::Ended })
    }

    /// Looks for a member behind what is none.
    fn resume(&mut self, mut packed: Packed) -> io::Result<State> {
        let offset = packed.offset();
        let is_found = packed.find(self.packing)?;
        self.fault = Some(match self.has_begun && !is_found {
            true => Fault::new(
                Code::Trailing,
                format!("something that is no {} lies behind the data (byte {offset})", self.name()),
            ),
            false => Fault::new(Code::Corrupt, format!("not {} at byte {offset}", self.name())),
        });
        Ok(if is_found { State::Between(packed) } else { State::Ended })
    }
}

impl Read for Unpacker {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let rest = &self.ready[self.given..];
            if !rest.is_empty() || into.is_empty() {
                let len = rest.len().min(into.len());
                into[..len].copy_from_slice(&rest[..len]);
                self.given += len;
                return Ok(len);
            }
            if let Some(fault) = self.fault.take() {
                return Err(io::Error::other(fault));
            }
            if let State::Ended = self.state {
                return Ok(0);
            }
            self.advance()?;
        }
    }
}

/// Packed bytes, of which some that lie behind are kept.
struct Packed {
    bytes: Box<dyn Read + Send>,
    /// The next byte is `buffer[at]`.
    buffer: Vec<u8>,
    at: usize,
    /// Bytes before the buffer.
    before: u64,
    /// Where the member under way begins, in the buffer; it moves on where that lies too far behind.
    start: usize,
    has_ended: bool,
    /// Why the bytes could not be read, which decoders tell in words of their own.
    failure: Option<io::Error>,
}

impl Packed {
    fn new(bytes: Box<dyn Read + Send>) -> Self {
        Packed { bytes, buffer: Vec::new(), at: 0, before: 0, start: 0, has_ended: false, failure: None }
    }

    fn offset(&self) -> u64 {
        self.before + self.at as u64
    }

    /// Begins to keep bytes from here on.
    fn mark(&mut self) {
        self.start = self.at;
    }

    /// Back to the first byte that is kept.
    fn rewind(&mut self) {
        self.at = self.start;
    }

    /// Reads more behind the buffer; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.at > self.start + KEPT {
            self.start = self.at - KEPT;
        }
        if self.start > KEPT {
            self.buffer.drain(..self.start);
            self.before += self.start as u64;
            self.at -= self.start;
            self.start = 0;
        }
        let known = self.buffer.len();
        self.buffer.resize(known + CHUNK, 0);
        let read = super::stream::read(&mut *self.bytes, &mut self.buffer[known..]);
        self.buffer.truncate(known + *read.as_ref().unwrap_or(&0));
        self.has_ended |= read? == 0;
        Ok(!self.has_ended)
    }

    /// The next bytes, as many as are asked for unless there are fewer.
    fn peek(&mut self, len: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.at < len && self.fill()? {}
        let end = self.buffer.len().min(self.at + len);
        Ok(&self.buffer[self.at..end])
    }

    /// Passes over so many bytes; false where there are fewer.
    fn skip(&mut self, mut len: u64) -> io::Result<bool> {
        while len > 0 {
            if self.peek(1)?.is_empty() {
                return Ok(false);
            }
            let here = self.buffer.len() - self.at;
            let step = here.min(usize::try_from(len).unwrap_or(usize::MAX));
            self.at += step;
            self.start = self.at;
            len -= step as u64;
        }
        Ok(true)
    }

    /// Passes over the zeros with which tapes fill their blocks.
    fn skip_zeros(&mut self) -> io::Result<()> {
        while let [0] = self.peek(1)? {
            self.skip(1)?;
        }
        Ok(())
    }

    /// Goes on to the next beginning of a member behind this byte; false where there is none.
    fn find(&mut self, packing: Packing) -> io::Result<bool> {
        self.at = (self.at + 1).min(self.buffer.len());
        let first = if packing == Packing::Gzip { GZIP[0] } else { ZSTD[0] };
        while self.peek(HEADER)?.len() == HEADER {
            let last = self.buffer.len() - HEADER;
            let found = memchr_iter(first, &self.buffer[self.at..=last])
                .find(|&at| packing.opens(&self.buffer[self.at + at..]));
            self.at = found.map_or(last + 1, |at| self.at + at);
            self.start = self.at;
            if found.is_some() {
                return Ok(true);
            }
        }
        self.at = self.buffer.len();
        Ok(false)
    }
}

impl Read for Packed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Packed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.buffer.len()
            && !self.has_ended
            && let Err(error) = self.fill()
        {
            let kind = error.kind();
            self.failure = Some(error);
            return Err(kind.into());
        }
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, len: usize) {
        self.at += len;
    }
}
