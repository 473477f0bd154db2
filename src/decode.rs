//! Bytes into text, and text back into the bytes of the same encoding.
//!
//! UTF-8 and, with a byte order mark, UTF-16 are known by themselves; any other encoding has to be named. A byte order
//! mark is no part of the text, so spans count from behind it.

use crate::Error;
use crate::corpus::stream::Peeked;
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::io::{self, Read};

const UTF_8_MARK: &[u8] = b"\xEF\xBB\xBF";
const UTF_16LE_MARK: &[u8] = b"\xFF\xFE";
const UTF_16BE_MARK: &[u8] = b"\xFE\xFF";

/// A byte that UTF-8 never holds: it stands where a stream could not be decoded.
const UNDECODABLE: u8 = 0xFF;

/// The encoding with this WHATWG label.
pub(crate) fn encoding(label: &str) -> Result<&'static Encoding, Error> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| Error::Config(format!("there is no encoding `{label}`")))
}

/// How a text was encoded, and will be again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Utf8,
    Utf8Marked,
    Utf16Le,
    Utf16Be,
    /// Another encoding, which is read but not written: the text goes on in UTF-8.
    Named,
}

impl Form {
    /// The bytes of a text.
    pub(crate) fn encode(self, text: String) -> Vec<u8> {
        match self {
            Form::Utf8 | Form::Named => text.into_bytes(),
            Form::Utf8Marked => [UTF_8_MARK, text.as_bytes()].concat(),
            Form::Utf16Le => {
                UTF_16LE_MARK.iter().copied().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
            }
            Form::Utf16Be => {
                UTF_16BE_MARK.iter().copied().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
            }
        }
    }
}

/// The text that bytes hold, and how they hold it. Without a byte order mark they are in `named`, else UTF-8.
///
/// # Errors
/// Why they hold none.
pub(crate) fn text<'b>(bytes: &'b [u8], named: Option<&'static Encoding>) -> Result<(Cow<'b, str>, Form), String> {
    let (form, encoding, body) = match named.filter(|&encoding| encoding != UTF_8) {
        _ if bytes.starts_with(UTF_8_MARK) => (Form::Utf8Marked, UTF_8, &bytes[UTF_8_MARK.len()..]),
        _ if bytes.starts_with(UTF_16LE_MARK) => (Form::Utf16Le, UTF_16LE, &bytes[UTF_16LE_MARK.len()..]),
        _ if bytes.starts_with(UTF_16BE_MARK) => (Form::Utf16Be, UTF_16BE, &bytes[UTF_16BE_MARK.len()..]),
        Some(encoding) => (Form::Named, encoding, bytes),
        None => (Form::Utf8, UTF_8, bytes),
    };
    if encoding == UTF_8 {
        return utf8(body).map(|text| (Cow::Borrowed(text), form));
    }
    let decoded = encoding.decode_without_bom_handling_and_without_replacement(body);
    decoded.map(|text| (text, form)).ok_or_else(|| undecodable(encoding))
}

/// The text of bytes in UTF-8.
///
/// # Errors
/// Where they are not.
fn utf8(bytes: &[u8]) -> Result<&str, String> {
    simdutf8::compat::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 (byte {}); another encoding can be named", error.valid_up_to()))
}

/// A line of [`stream`], which was in `encoding`.
///
/// # Errors
/// Why it is no text.
pub(crate) fn line<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> Result<&'b str, String> {
    utf8(bytes).map_err(|reason| if encoding == UTF_8 { reason } else { undecodable(encoding) })
}

fn undecodable(encoding: &'static Encoding) -> String {
    format!("not {}", encoding.name())
}

/// A stream in UTF-8 of a stream in any encoding. What cannot be decoded comes out as a byte that is not UTF-8, so that
/// the line it stands in is set aside, and no other. With it goes the encoding that the bytes are in.
pub(crate) fn stream(mut bytes: Peeked, named: Option<&'static Encoding>) -> (Box<dyn Read + Send>, &'static Encoding) {
    let (encoding, mark) = match (bytes.peek(UTF_8_MARK.len()), named) {
        (head, _) if head.starts_with(UTF_8_MARK) => (UTF_8, UTF_8_MARK),
        (head, _) if head.starts_with(UTF_16LE_MARK) => (UTF_16LE, UTF_16LE_MARK),
        (head, _) if head.starts_with(UTF_16BE_MARK) => (UTF_16BE, UTF_16BE_MARK),
        (_, named) => (named.unwrap_or(UTF_8), &b""[..]),
    };
    bytes.skip(mark.len());
    match encoding == UTF_8 {
        true => (Box::new(bytes), encoding),
        false => (Box::new(Transcoder::new(Box::new(bytes), encoding)), encoding),
    }
}

/// Reads any encoding as UTF-8.
struct Transcoder {
    bytes: Box<dyn Read + Send>,
    decoder: encoding_rs::Decoder,
    /// Read but not decoded yet: `input[at..]`.
    input: Vec<u8>,
    at: usize,
    /// Decoded but not handed out yet: `output[given..]`.
    output: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Transcoder {
    const CHUNK: usize = 1 << 16;

    fn new(bytes: Box<dyn Read + Send>, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Transcoder { bytes, decoder, input: Vec::new(), at: 0, output: Vec::new(), given: 0, ended: false }
    }

    /// Reads and decodes the next piece.
    fn refill(&mut self) -> io::Result<()> {
        if self.at == self.input.len() {
            self.input.resize(Self::CHUNK, 0);
            let read = self.bytes.read(&mut self.input);
            self.input.truncate(*read.as_ref().unwrap_or(&0));
            self.at = 0;
            // Behind a gap characters begin anew.
            let read =
                read.inspect_err(|_| self.decoder = self.decoder.encoding().new_decoder_without_bom_handling())?;
            self.ended = read == 0;
        }
        let input = &self.input[self.at..];
        let room = self.decoder.max_utf8_buffer_length_without_replacement(input.len()).unwrap_or(Self::CHUNK) + 1;
        self.output.resize(room, 0);
        self.given = 0;
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(input, &mut self.output, self.ended);
        self.at += read;
        self.output.truncate(written);
        if let DecoderResult::Malformed(..) = result {
            self.output.push(UNDECODABLE);
        }
        Ok(())
    }
}

impl Read for Transcoder {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.output.len() && !self.ended {
            self.refill()?;
        }
        let read = (&self.output[self.given..]).read(into)?;
        self.given += read;
        Ok(read)
    }
}
