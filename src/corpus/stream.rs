//! Streams, read by the piece or looked into before they are read.

use super::problem::Fault;
use std::io::{self, Read};

/// Bytes of a piece of a file.
pub(crate) const PIECE: usize = 1 << 18;

/// Bytes asked of a stream at a time: what a pipe holds.
const PIPE: usize = 1 << 16;

/// Bytes that are read by the piece.
pub(crate) struct Stream {
    bytes: Box<dyn Read + Send>,
    /// Pieces of a file are of one size, whatever a call of `read` brings; those of a stream come as it brings them.
    is_file: bool,
    /// What comes next.
    fault: Option<Fault>,
}

impl Stream {
    pub fn new(bytes: Box<dyn Read + Send>, is_file: bool) -> Self {
        Stream { bytes, is_file, fault: None }
    }

    /// Gives an error back, which comes again when it is read on.
    pub fn put_back(&mut self, fault: Option<Fault>) {
        self.fault = fault;
    }

    /// Reads the next piece; none of it at the end. After an error [that leaves a gap](Code::Corrupt) or
    /// [lies behind the data](Code::Trailing) it can be read on.
    pub fn read_piece(&mut self, into: &mut Vec<u8>) -> Result<usize, Fault> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let (known, step) = (into.len(), if self.is_file { PIECE } else { PIPE });
        into.resize(known + step, 0);
        let mut len = known;
        while len < into.len() && (self.is_file || len == known) {
            match read(&mut *self.bytes, &mut into[len..]) {
                Ok(0) => break,
                Ok(read) => len += read,
                Err(error) => {
                    self.fault = Some(error.into());
                    break;
                }
            }
        }
        into.truncate(len);
        match self.fault.take() {
            Some(fault) if len == known => Err(fault),
            fault => {
                self.fault = fault;
                Ok(len - known)
            }
        }
    }
}

/// A stream whose beginning can be looked at. Errors come when it is read.
pub(crate) struct Peeked {
    bytes: Box<dyn Read + Send>,
    head: Vec<u8>,
    /// Bytes of the head that have been read.
    given: usize,
    failure: Option<io::Error>,
}

impl Peeked {
    pub fn new(bytes: Box<dyn Read + Send>) -> Self {
        Peeked { bytes, head: Vec::new(), given: 0, failure: None }
    }

    /// What has been looked at.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The first bytes, as many as are asked for unless there are fewer.
    pub fn peek(&mut self, len: usize) -> &[u8] {
        while self.head.len() < len && self.read_up_to(len - self.head.len()) {}
        &self.head[..self.head.len().min(len)]
    }

    /// Passes over bytes of the head.
    pub fn skip(&mut self, len: usize) {
        self.given += len;
    }

    /// Lengthens the head by what there is; false where there is nothing more.
    pub fn read_on(&mut self) -> bool {
        self.read_up_to(PIPE)
    }

    fn read_up_to(&mut self, len: usize) -> bool {
        let known = self.head.len();
        self.head.resize(known + len, 0);
        let result = if self.failure.is_none() { read(&mut *self.bytes, &mut self.head[known..]) } else { Ok(0) };
        self.head.truncate(known + *result.as_ref().unwrap_or(&0));
        self.failure = self.failure.take().or(result.err());
        self.head.len() > known
    }
}

impl Read for Peeked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given < self.head.len() {
            let read = (&self.head[self.given..]).read(into)?;
            self.given += read;
            return Ok(read);
        }
        match self.failure.take() {
            Some(error) => Err(error),
            None => self.bytes.read(into),
        }
    }
}

/// Reads what there is, interruptions aside.
pub(crate) fn read(bytes: &mut dyn Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match bytes.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
