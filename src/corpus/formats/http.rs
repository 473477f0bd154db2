//! HTTP responses as archives hold them: headers, and the body as it was before it was sent.

use super::super::batches::{check_len, text_format};
use super::super::inputs::Format;
use super::super::problem::{Code, Fault};
use std::borrow::Cow;
use std::io::Read;

/// The lines of a header, NAME: VALUE.
pub(crate) struct Headers<'h>(Vec<(&'h str, &'h str)>);

impl<'h> Headers<'h> {
    /// Lines that are none are passed over, and so are values that are no text.
    pub fn parse(header: &'h [u8]) -> Self {
        let line = |line: &'h [u8]| std::str::from_utf8(line).ok()?.split_once(':');
        let lines = header.split(|&byte| byte == b'\n').filter_map(line);
        Headers(lines.map(|(name, value)| (name.trim(), value.trim())).collect())
    }

    /// The value of the first line of this name.
    pub fn get(&self, name: &str) -> Option<&'h str> {
        self.all(name).next()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'h str> {
        self.0.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// The items of a list that may stand on several lines.
    fn list(&self, name: &str) -> Vec<&'h str> {
        self.all(name).flat_map(|value| value.split(',')).map(str::trim).filter(|item| !item.is_empty()).collect()
    }
}

/// The length of a header, its blank line included; `None` where it does not end.
pub(crate) fn header_len(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|at| match &bytes[at + 1..] {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

/// True for this media type, whatever its parameters.
pub(crate) fn is_of(media: &str, kind: &str) -> bool {
    media.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(kind))
}

/// True for a media type of pages.
pub(crate) fn is_page(media: &str) -> bool {
    is_of(media, "text/html") || is_of(media, "application/xhtml+xml")
}

/// The encoding that a media type names.
pub(crate) fn charset(media: &str) -> Option<&'static encoding_rs::Encoding> {
    let parameter = |part: &str| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    };
    media.split(';').skip(1).find_map(parameter).and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
}

/// A page that a server has sent.
pub(crate) struct Page<'r> {
    pub body: Cow<'r, [u8]>,
    pub charset: Option<&'static encoding_rs::Encoding>,
}

/// The page in a response, or `None` where it is none, or not what was asked for.
///
/// # Errors
/// Where the body cannot be unpacked, or to more than `most` bytes.
pub(crate) fn page(response: &[u8], most: u64) -> Result<Option<Page<'_>>, Fault> {
    let Some(len) = header_len(response) else { return Ok(None) };
    let (header, body) = response.split_at(len);
    let headers = Headers::parse(header);
    let media = headers.get("content-type");
    if !is_success(header) || media.is_some_and(|media| !is_page(media)) {
        return Ok(None);
    }
    let body = unpacked(&headers, body, most)?;
    if media.is_none() && text_format(&body) != Format::Html {
        return Ok(None);
    }
    Ok(Some(Page { body, charset: media.and_then(charset) }))
}

/// True of what begins with HTTP and a status from 200 to 299.
fn is_success(header: &[u8]) -> bool {
    let status = header.strip_prefix(b"HTTP/").and_then(|rest| rest.splitn(2, |&byte| byte == b' ').nth(1));
    matches!(status, Some([b'2', b'0'..=b'9', b'0'..=b'9', rest @ ..]) if !rest.first().is_some_and(u8::is_ascii_digit))
}

/// A body without the encodings that its headers name. Crawlers often take them off and leave the headers as they came,
/// so what does not look encoded is taken as it is.
fn unpacked<'r>(headers: &Headers, body: &'r [u8], most: u64) -> Result<Cow<'r, [u8]>, Fault> {
    let mut body = Cow::Borrowed(body);
    let codings = headers.list("content-encoding").into_iter().chain(headers.list("transfer-encoding"));
    for coding in codings.collect::<Vec<_>>().into_iter().rev() {
        let decoded = match coding.to_ascii_lowercase().as_str() {
            "chunked" => dechunked(&body),
            "gzip" | "x-gzip" if body.starts_with(b"\x1F\x8B") => {
                Some(read(flate2::read::MultiGzDecoder::new(&*body), most)?)
            }
            "zstd" if body.starts_with(b"\x28\xB5\x2F\xFD") => {
                let frames = zstd::stream::read::Decoder::with_buffer(&*body).map_err(damaged)?;
                Some(read(frames, most)?)
            }
            "deflate" => inflated(&body, most)?,
            "br" if text_format(&body) != Format::Html => Some(read(brotli::Decompressor::new(&*body, 1 << 16), most)?),
            _ => None,
        };
        body = decoded.map_or(body, Cow::Owned);
    }
    Ok(body)
}

fn read(decoder: impl Read, most: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    decoder.take(most + 1).read_to_end(&mut bytes).map_err(damaged)?;
    check_len(bytes.len(), most).map(|()| bytes)
}

fn damaged(error: std::io::Error) -> Fault {
    Fault::new(Code::Corrupt, format!("the body cannot be unpacked: {error}"))
}

/// What is called deflate is zlib by the standard, and bare deflate by some servers.
fn inflated(body: &[u8], most: u64) -> Result<Option<Vec<u8>>, Fault> {
    if body.is_empty() || text_format(body) == Format::Html {
        return Ok(None);
    }
    match read(flate2::read::ZlibDecoder::new(body), most) {
        Err(fault) if fault.code == Code::Corrupt => read(flate2::read::DeflateDecoder::new(body), most).map(Some),
        result => result.map(Some),
    }
}

/// A body out of its chunks, as far as they go; `None` where it does not begin with one.
fn dechunked(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((len, after)) = chunk(rest) {
        let data = &after[..len.min(after.len())];
        whole.extend_from_slice(data);
        if len == 0 {
            return Some(whole);
        }
        rest =
            after[data.len()..].strip_prefix(b"\r\n").or(after[data.len()..].strip_prefix(b"\n")).unwrap_or_default();
    }
    (rest.len() < body.len()).then_some(whole)
}

/// The length that a chunk begins with, and what follows that line.
fn chunk(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = memchr::memchr(b'\n', bytes)?;
    let line = std::str::from_utf8(&bytes[..end]).ok()?;
    let len = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
    Some((len, &bytes[end + 1..]))
}
