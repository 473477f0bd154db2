//! HTML's tokenizer, for pages that are there as a whole.
//!
//! html5ever's own takes a page as it comes in, character by character. Here places are looked for in the whole page, with
//! the reader that the pre-pass has too, and texts and values are slices of one shared copy of it. The tokens are the same,
//! but that comments are empty.

#[cfg(test)]
mod tests;

use super::prepass::scan::{Markup, Step, markup, name_end, raw_text_end, script_end, step};
use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::{Attribute, LocalName, QualName, ns};
use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

/// Feeds the tokens of a page to `sink`, as long as `goes_on`, which is asked every few thousand bytes. False if it did not.
pub(super) fn feed<S: TokenSink>(html: &str, sink: &S, goes_on: impl Fn(&S) -> bool) -> bool {
    let page = StrTendril::from_slice(&unified(html));
    let tokenizer = Tokenizer { page: &page, bytes: page.as_bytes(), sink };
    let (mut at, mut asked) = (0, 0);
    while at < page.len() {
        at = tokenizer.next(at);
        if at - asked >= CHUNK || at == page.len() {
            if !goes_on(sink) {
                return false;
            }
            asked = at;
        }
    }
    tokenizer.emit(Token::EOFToken);
    sink.end();
    true
}

/// After so many bytes the sink is asked whether it goes on.
const CHUNK: usize = 4 << 10;

/// Lines are not counted.
const LINE: u64 = 1;

/// A page with line feeds for all its line breaks.
fn unified(html: &str) -> Cow<'_, str> {
    match memchr(b'\r', html.as_bytes()) {
        Some(_) => Cow::Owned(html.replace("\r\n", "\n").replace('\r', "\n")),
        None => Cow::Borrowed(html),
    }
}

struct Tokenizer<'p, S> {
    page: &'p StrTendril,
    bytes: &'p [u8],
    sink: &'p S,
}

/// What a text may hold beside characters that stand for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// References; zeros are tokens of their own.
    Data,
    Cdata,
    /// References; zeros are replaced.
    Rcdata,
    Raw,
}

impl<S: TokenSink> Tokenizer<'_, S> {
    /// Gives the sink a token that does not change how the page goes on.
    fn emit(&self, token: Token) {
        let _ = self.sink.process_token(token, LINE);
    }

    fn end(&self) -> usize {
        self.bytes.len()
    }

    fn slice(&self, range: Range<usize>) -> StrTendril {
        self.page.subtendril(range.start as u32, range.len() as u32)
    }

    /// Reads the text at a place and the markup behind it. Returns where to go on.
    fn next(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(found) = memchr(b'<', &self.bytes[at..]) {
            let start = at + found;
            match markup(self.bytes, start) {
                Markup::Text => at = start + 1,
                found => {
                    self.text(from..start, Content::Data);
                    return self.markup(start, found);
                }
            }
        }
        self.text(from..self.end(), Content::Data);
        self.end()
    }

    fn markup(&self, start: usize, found: Markup) -> usize {
        match found {
            Markup::StartTag(name) => self.tag(TagKind::StartTag, name),
            Markup::EndTag(name) => self.tag(TagKind::EndTag, name),
            Markup::Comment(_) if self.bytes[start..].starts_with(CDATA) && self.is_foreign() => {
                let text = start + CDATA.len();
                let length = memmem::find(&self.bytes[text..], b"]]>");
                let end = length.map_or(self.end(), |length| text + length);
                self.text(text..end, Content::Cdata);
                length.map_or(end, |_| end + "]]>".len())
            }
            Markup::Comment(end) => {
                self.emit(Token::CommentToken(StrTendril::new()));
                end
            }
            Markup::Nothing(end) => {
                self.emit(match doctype(&self.page[start..end]) {
                    Some(doctype) => Token::DoctypeToken(doctype),
                    // An error, and to html5ever's builder something between `<pre>` and a line break.
                    None => Token::ParseError("missing-end-tag-name".into()),
                });
                end
            }
            Markup::Text => start + 1,
        }
    }

    fn is_foreign(&self) -> bool {
        self.sink.adjusted_current_node_present_but_not_in_html_namespace()
    }

    /// Reads the tag with its name there, and the raw text that goes with it.
    fn tag(&self, kind: TagKind, name: usize) -> usize {
        let name = name..name_end(self.bytes, name);
        let Some((attrs, self_closing, end)) = self.attributes(name.end) else { return self.end() };
        let local = local_name(&self.page[name.clone()]);
        let had_duplicate_attributes = false;
        let tag = Tag { kind, name: local, self_closing, attrs, had_duplicate_attributes };
        let raw = match self.sink.process_token(Token::TagToken(tag), LINE) {
            TokenSinkResult::RawData(raw) => raw,
            TokenSinkResult::Plaintext => {
                self.text(end..self.end(), Content::Raw);
                return self.end();
            }
            _ => return end,
        };
        let name = &self.bytes[name];
        let (content, close) = match raw {
            RawKind::Rcdata => (Content::Rcdata, raw_text_end(self.bytes, end, name)),
            RawKind::Rawtext => (Content::Raw, raw_text_end(self.bytes, end, name)),
            RawKind::ScriptData | RawKind::ScriptDataEscaped(_) => (Content::Raw, script_end(self.bytes, end)),
        };
        let close = close.unwrap_or(self.end());
        self.text(end..close, content);
        close
    }

    /// The attributes of a tag from behind its name, whether it closes itself, and where it ends; nothing if the page ends
    /// first.
    fn attributes(&self, from: usize) -> Option<(Vec<Attribute>, bool, usize)> {
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut at = from;
        loop {
            match step(self.bytes, at) {
                Step::Attribute(attribute) => {
                    at = attribute.end;
                    let name = QualName::new(None, ns!(), local_name(&self.page[attribute.name]));
                    if attributes.iter().all(|known| known.name.local != name.local) {
                        attributes.push(Attribute { name, value: self.value(attribute.value) });
                    }
                }
                Step::End { end, self_closing } => return Some((attributes, self_closing, end)),
                Step::Unfinished => return None,
            }
        }
    }

    fn value(&self, range: Range<usize>) -> StrTendril {
        let value = &self.page[range.clone()];
        match memchr2(b'&', 0, value.as_bytes()) {
            Some(_) => StrTendril::from(decoded(&value.replace('\0', "\u{FFFD}"), true)),
            None => self.slice(range),
        }
    }

    fn text(&self, range: Range<usize>, content: Content) {
        let mut start = range.start;
        while start < range.end {
            let zero = memchr(0, &self.bytes[start..range.end]).map(|length| start + length);
            let end = zero.unwrap_or(range.end);
            self.characters(start..end, matches!(content, Content::Data | Content::Rcdata));
            if zero.is_some() {
                self.emit(match content {
                    Content::Data | Content::Cdata => Token::NullCharacterToken,
                    Content::Rcdata | Content::Raw => Token::CharacterTokens("\u{FFFD}".into()),
                });
            }
            start = end + 1;
        }
    }

    /// Text without zeros.
    fn characters(&self, range: Range<usize>, references: bool) {
        if range.is_empty() {
            return;
        }
        let text = match memchr(b'&', &self.bytes[range.clone()]).filter(|_| references) {
            Some(_) => StrTendril::from(decoded(&self.page[range], false)),
            None => self.slice(range),
        };
        self.emit(Token::CharacterTokens(text));
    }
}

const CDATA: &[u8] = b"<![CDATA[";

/// The name of a tag or an attribute.
fn local_name(name: &str) -> LocalName {
    if name.bytes().any(|byte| byte.is_ascii_uppercase() || byte == 0) {
        return LocalName::from(name.to_ascii_lowercase().replace('\0', "\u{FFFD}"));
    }
    LocalName::from(name)
}

/// The document type in a piece of markup, if it is one. A page has one, so this may take its time.
fn doctype(markup: &str) -> Option<Doctype> {
    let tokenizer = html5ever::tokenizer::Tokenizer::new(DoctypeSink::default(), Default::default());
    let queue = BufferQueue::default();
    queue.push_back(markup.into());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[derive(Default)]
struct DoctypeSink(RefCell<Option<Doctype>>);

impl TokenSink for DoctypeSink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        if let Token::DoctypeToken(doctype) = token {
            self.0.replace(Some(doctype));
        }
        TokenSinkResult::Continue
    }
}

/// Text with what its references stand for.
fn decoded(text: &str, is_value: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match reference(rest, is_value) {
            Some((characters, length)) => {
                out.extend(characters.into_iter().flatten());
                rest = &rest[length..];
            }
            None => out.push('&'),
        }
    }
    out + rest
}

/// One character or two, and how many bytes behind `&` stand for them.
type Reference = ([Option<char>; 2], usize);

/// The reference with which the text behind a `&` begins.
fn reference(text: &str, is_value: bool) -> Option<Reference> {
    match text.strip_prefix('#') {
        Some(number) => numeric(number).map(|(c, length)| ([Some(c), None], length + 1)),
        None => named(text, is_value),
    }
}

fn numeric(text: &str) -> Option<(char, usize)> {
    let (radix, prefix) = if text.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
    let digits = text[prefix..].bytes().take_while(|&byte| char::from(byte).is_digit(radix)).count();
    if digits == 0 {
        return None;
    }
    let end = prefix + digits;
    let number = text[prefix..end].chars().filter_map(|c| c.to_digit(radix));
    let number = number.fold(0_u32, |number, digit| number.saturating_mul(radix).saturating_add(digit));
    let c = match number {
        0 => None,
        0x80..=0x9F => C1_REPLACEMENTS[number as usize - 0x80].or(char::from_u32(number)),
        _ => char::from_u32(number),
    };
    Some((c.unwrap_or('\u{FFFD}'), end + usize::from(text[end..].starts_with(';'))))
}

/// The longest name that is known. In a value, one without a semicolon counts only where no name or value could go on.
fn named(text: &str, is_value: bool) -> Option<Reference> {
    let run = text.bytes().take(LONGEST_NAME).take_while(u8::is_ascii_alphanumeric).count();
    if run == 0 {
        return None;
    }
    let known = |length: usize| NAMED_ENTITIES.get(&text[..length]).filter(|found| found.0 != 0);
    let whole = text[run..].starts_with(';').then_some(run + 1).and_then(|length| Some((length, *known(length)?)));
    let (length, (first, second)) =
        whole.or_else(|| (1..=run).rev().find_map(|length| Some((length, *known(length)?))))?;
    let goes_on = |next: u8| next == b'=' || next.is_ascii_alphanumeric();
    if is_value && length <= run && text.as_bytes().get(length).is_some_and(|&next| goes_on(next)) {
        return None;
    }
    let second = char::from_u32(second).filter(|&second| second != '\0');
    Some(([char::from_u32(first), second], length))
}

/// Longer than any name of a character.
const LONGEST_NAME: usize = 40;
