//! The encoding of a page, as browsers find it, and its text.
//!
//! A byte order mark is always right; then what the sender said, then what the page says of itself in its first
//! kilobyte. Browsers obey that even where the bytes look otherwise, and pages are made to look right in browsers.

use super::prepass::scan::{Step, step};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use memchr::{memchr, memmem};
use std::borrow::Cow;

/// So many bytes are searched for a declaration (HTML standard, 13.2.3.2).
const SEARCHED: usize = 1024;

/// The text of a page's bytes, and the encoding they were in: by its byte order mark, else `hint` (what HTTP or the
/// caller says), else the page's own declaration, else UTF-8 if it is valid, else by the look of it. What is malformed
/// becomes U+FFFD. The byte order mark is no part of the text.
pub(crate) fn decode<'b>(bytes: &'b [u8], hint: Option<&'static Encoding>) -> (Cow<'b, str>, &'static Encoding) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return (text(&bytes[mark..], encoding), encoding);
    }
    // By the standard such a page has no text at all.
    let is_readable = |&encoding: &&'static Encoding| encoding != REPLACEMENT;
    let said = hint.filter(is_readable).or_else(|| declared(bytes).filter(is_readable));
    let encoding = said.unwrap_or_else(|| guessed(bytes));
    (text(bytes, encoding), encoding)
}

fn text<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> Cow<'b, str> {
    if encoding == UTF_8
        && let Ok(text) = simdutf8::basic::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    encoding.decode_without_bom_handling(bytes).0
}

/// The encoding that the bytes look like.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    // Escapes are valid UTF-8, but may be those of ISO-2022-JP.
    const ESCAPE: u8 = 0x1B;
    if simdutf8::basic::from_utf8(bytes).is_ok() && memchr(ESCAPE, bytes).is_none() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

/// The encoding that a page declares at its beginning: "prescan a byte stream to determine its encoding".
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(SEARCHED)];
    match head {
        [b'<', 0, b'?', 0, b'x', 0, ..] => Some(UTF_16LE),
        [0, b'<', 0, b'?', 0, b'x', ..] => Some(UTF_16BE),
        _ => in_meta(head).or_else(|| in_xml(head)),
    }
}

/// What a `<meta>` declares.
fn in_meta(head: &[u8]) -> Option<&'static Encoding> {
    let mut at = 0;
    loop {
        at += memchr(b'<', &head[at..])?;
        let rest = &head[at + 1..];
        if rest.starts_with(b"!--") {
            // The dashes may be those of the end.
            at += 3 + memmem::find(&rest[1..], b"-->")?;
        } else if rest.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"meta"))
            && rest.get(4).is_some_and(|&byte| is_space(byte) || byte == b'/')
        {
            let (encoding, end) = of_meta(head, at + 5)?;
            if encoding.is_some() {
                return encoding;
            }
            at = end;
        } else if rest.strip_prefix(b"/").unwrap_or(rest).first().is_some_and(u8::is_ascii_alphabetic) {
            at += 1 + rest.iter().position(|&byte| is_space(byte) || byte == b'>')?;
            at = tag_end(head, at, |_, _| ())?;
        } else if rest.starts_with(b"!") || rest.starts_with(b"/") || rest.starts_with(b"?") {
            at += 1 + memchr(b'>', rest)?;
        } else {
            at += 1;
        }
    }
}

/// What a `<meta>` declares whose attributes begin at `from`, if anything, and its end; nothing if the bytes end in it.
fn of_meta(head: &[u8], from: usize) -> Option<(Option<&'static Encoding>, usize)> {
    let (mut seen, mut is_pragma) = (Vec::new(), false);
    // `charset` is good by itself, `content` only with `http-equiv`.
    let (mut charset, mut content) = (None, None);
    let end = tag_end(head, from, |name, value| {
        let name = name.to_ascii_lowercase();
        if seen.contains(&name) {
            return;
        }
        match name.as_slice() {
            b"http-equiv" => is_pragma = value.eq_ignore_ascii_case(b"content-type"),
            b"charset" => charset = Some(Encoding::for_label(value)),
            b"content" => content = in_content(value),
            _ => {}
        }
        seen.push(name);
    })?;
    let encoding = charset.unwrap_or(content.filter(|_| is_pragma));
    Some((encoding.map(as_declared), end))
}

/// Reads the attributes of a tag up to its end; nothing if the bytes end in it.
fn tag_end<'h>(head: &'h [u8], from: usize, mut found: impl FnMut(&'h [u8], &'h [u8])) -> Option<usize> {
    let mut at = from;
    loop {
        match step(head, at) {
            Step::Attribute(attribute) => {
                found(&head[attribute.name], &head[attribute.value]);
                at = attribute.end;
            }
            Step::End { end, .. } => return Some(end),
            Step::Unfinished => return None,
        }
    }
}

/// The encoding in `text/html; charset=utf-8`.
fn in_content(content: &[u8]) -> Option<&'static Encoding> {
    const CHARSET: &[u8] = b"charset";
    let mut rest = content;
    loop {
        let found = rest.windows(CHARSET.len()).position(|window| window.eq_ignore_ascii_case(CHARSET))?;
        rest = rest[found + CHARSET.len()..].trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let label = match value.first()? {
            quote @ (b'"' | b'\'') => &value[1..1 + memchr(*quote, &value[1..])?],
            _ => value.split(|&byte| is_space(byte) || byte == b';').next()?,
        };
        return Encoding::for_label(label);
    }
}

/// The encoding in `<?xml version="1.0" encoding="utf-8"?>`.
fn in_xml(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr(b'>', declaration)?];
    let found = memmem::find(declaration, b"encoding")?;
    let value = trim_start(&declaration[found + "encoding".len()..]).strip_prefix(b"=")?;
    let value = trim_start(value);
    let quote = *value.first().filter(|&&byte| byte == b'"' || byte == b'\'')?;
    let label = &value[1..1 + memchr(quote, &value[1..])?];
    let is_whole = label.iter().all(|&byte| byte > b' ');
    Encoding::for_label(label).filter(|_| is_whole).map(as_declared)
}

fn trim_start(mut bytes: &[u8]) -> &[u8] {
    while let [0..=b' ', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// A declaration that could be read is not in UTF-16.
fn as_declared(encoding: &'static Encoding) -> &'static Encoding {
    match encoding {
        encoding if encoding == UTF_16LE || encoding == UTF_16BE => UTF_8,
        encoding if encoding == X_USER_DEFINED => WINDOWS_1252,
        encoding => encoding,
    }
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{EUC_KR, ISO_2022_JP, KOI8_R, KOI8_U, SHIFT_JIS, WINDOWS_1251};

    #[test]
    fn pages_declare_their_encoding() {
        for (page, declared) in [
            ("<meta charset=koi8-r>", KOI8_R),
            ("<META/CHARSET = ' KOI8-R '>", KOI8_R),
            ("<meta name=a charset=\"koi8-r\" charset=utf-8>", KOI8_R),
            ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", KOI8_R),
            ("<meta content='text/html; charset = \"koi8-r\"' http-equiv='content-type'>", KOI8_R),
            ("<meta content='charset charset=koi8-r;x' http-equiv='content-type'>", KOI8_R),
            ("<meta content='text/html; charset=\"koi8-r' http-equiv='content-type'><meta charset=euc-kr>", EUC_KR),
            ("<meta content='text/html; charset=koi8-r'><meta charset=euc-kr>", EUC_KR),
            ("<meta http-equiv=content-type content='charset=koi8-r' charset=euc-kr>", EUC_KR),
            ("<meta http-equiv=content-type content='charset=koi8-r' charset=nonsense><meta charset=euc-kr>", EUC_KR),
            ("<metal charset=koi8-r><meta charset=euc-kr>", EUC_KR),
            ("<!-- <meta charset=koi8-r> --><meta charset=euc-kr>", EUC_KR),
            ("<!--><meta charset=euc-kr>-->", EUC_KR),
            ("<p a='<meta charset=koi8-r>'><meta charset=euc-kr>", EUC_KR),
            ("<p a/b='<meta charset=koi8-r>'></p a='<meta charset=koi8-r>'><meta charset=euc-kr>", EUC_KR),
            ("<!a <meta charset=koi8-r><? <meta charset=koi8-r></ <meta charset=koi8-r><meta charset=euc-kr>", EUC_KR),
            ("< <meta charset=euc-kr>", EUC_KR),
            ("<meta charset=utf-16le>", UTF_8),
            ("<meta charset=x-user-defined>", WINDOWS_1252),
            ("<meta charset=iso-8859-1>", WINDOWS_1252),
            ("<?xml version='1.0' encoding = 'koi8-r'?><p>", KOI8_R),
            ("<?xml version='1.0' encoding='koi8-r'?><meta charset=euc-kr>", EUC_KR),
            ("<\0?\0x\0m\0l\0", UTF_16LE),
            ("\0<\0?\0x\0m\0l", UTF_16BE),
        ] {
            assert_eq!(super::declared(page.as_bytes()), Some(declared), "{page}");
        }
    }

    #[test]
    fn a_declaration_that_is_none_counts_for_nothing() {
        let late = format!("{}<meta charset=koi8-r>", " ".repeat(SEARCHED - 10));
        for page in [
            "",
            "<",
            "<meta charset=",
            "<meta charset=koi8-r",
            "<meta charset=nonsense>",
            "<meta content='text/html; charset=koi8-r'>",
            "<!-- <meta charset=koi8-r>",
            "<?xml encoding='koi8-r",
            "<?xml encoding='koi8-r \n'?>",
            " <?xml encoding='koi8-r'?>",
            &late,
        ] {
            assert_eq!(declared(page.as_bytes()), None, "{page}");
        }
    }

    #[test]
    fn the_surest_word_counts() {
        let utf_8 = "<meta charset=windows-1251>é".as_bytes();
        let marked = [b"\xEF\xBB\xBF", utf_8].concat();
        for (bytes, hint, text, encoding) in [
            (&marked[..], Some(KOI8_R), "<meta charset=windows-1251>é", UTF_8),
            (b"\xFF\xFEa\0", Some(KOI8_R), "a", UTF_16LE),
            (utf_8, Some(UTF_8), "<meta charset=windows-1251>é", UTF_8),
            (utf_8, None, "<meta charset=windows-1251>Г©", WINDOWS_1251),
            (b"<meta charset=utf-8>\xC3\xA9 \xE9.", None, "<meta charset=utf-8>é \u{FFFD}.", UTF_8),
            (b"<meta charset=iso-2022-kr>a", None, "<meta charset=iso-2022-kr>a", UTF_8),
            ("<p>é".as_bytes(), None, "<p>é", UTF_8),
            ("<p>é".as_bytes(), Some(REPLACEMENT), "<p>é", UTF_8),
            (b"<p>a", None, "<p>a", UTF_8),
            (b"<p>caf\xE9", None, "<p>café", WINDOWS_1252),
        ] {
            assert_eq!(decode(bytes, hint), (text.into(), encoding), "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn encodings_are_known_by_their_look() {
        for (text, encoding) in [
            ("Глава первая, в которой ничего ещё не случилось, но всё к тому шло.", WINDOWS_1251),
            ("Глава первая, в которой ничего ещё не случилось, но всё к тому шло.", KOI8_U),
            ("駅前の小さな喫茶店は、毎朝七時に開く。", SHIFT_JIS),
            ("駅前の小さな喫茶店は、毎朝七時に開く。", ISO_2022_JP),
            ("역 앞의 작은 찻집은 매일 아침 일곱 시에 문을 연다.", EUC_KR),
        ] {
            let (bytes, _, _) = encoding.encode(text);
            assert_eq!(decode(&bytes, None), (text.into(), encoding), "{text}");
        }
    }

    #[test]
    fn utf_8_is_borrowed() {
        for page in ["<p>é", "<meta charset=utf-8>é"] {
            assert!(matches!(decode(page.as_bytes(), None).0, Cow::Borrowed(text) if text == page), "{page}");
        }
    }
}
