//! A JSONL record, read and changed without being rebuilt.
//!
//! Only the value of the text field changes. It is cut as it stands in the line, escapes and all: what stays is copied
//! and never encoded anew, so that `\u00e9` stays `\u00e9`, and a record whose text does not change comes out as it
//! went in. A removed piece whose escapes are not those this program would write goes into the record of removals
//! `raw` as well, so that `restore` is exact.
//!
//! A record that holds a page is made anew: the HTML goes, and what the page comes to takes its place. Its other fields
//! keep their order and the spelling of their values.

use super::inputs::{Origin, Source};
use super::problem::{Code, Fault, Place, Problem};
use super::removals::Removed;
use super::{Fields, Reading, Record, escaped};
use crate::Removal;
use memchr::memchr;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// A record as it stands in its line.
#[derive(Debug)]
pub(crate) struct Line<'l> {
    /// The whole line, its line break included.
    pub line: &'l str,
    /// The text; empty of a record that holds a page.
    pub text: Cow<'l, str>,
    /// The page's HTML, of a record that holds one.
    pub html: Option<Cow<'l, str>>,
    /// Where the inside of the text's quotes stands in the line.
    pub inside: Range<usize>,
    /// The id field's value.
    id: Option<String>,
    url: Option<&'l RawValue>,
    site: Option<&'l RawValue>,
    file: &'l str,
    /// The line's number in its file, and the bytes before it.
    pub number: u64,
    offset: u64,
}

impl<'l> Line<'l> {
    /// Parses a line that holds one JSON object.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn parse(line: &'l str, fields: &Fields) -> Result<Self, Fault> {
        let mut deserializer = serde_json::Deserializer::from_str(without_marks(line));
        let found = Object(fields).deserialize(&mut deserializer).and_then(|found| deserializer.end().map(|()| found));
        let found = found.map_err(|error| malformed(&error))?;
        let head = Line {
            line,
            text: Cow::Borrowed(""),
            html: None,
            inside: 0..0,
            id: found.id.and_then(id),
            url: found.url,
            site: found.site,
            file: "",
            number: 0,
            offset: 0,
        };
        if let (Some(field), Some(html)) = (&fields.html, found.page(fields)) {
            return Ok(Line { html: Some(content(field, html)?), ..head });
        }
        let field = &fields.text;
        let raw = found.text.ok_or_else(|| Fault::new(Code::Field, format!("no field `{field}`")))?;
        let text = content(field, raw)?;
        let start = raw.get().as_ptr() as usize - line.as_ptr() as usize;
        let inside = start + 1..start + raw.get().len() - 1;
        Ok(Line { text, inside, ..head })
    }

    /// Tells the line where it stands.
    #[must_use]
    pub fn at(mut self, file: &'l str, number: u64, offset: u64) -> Self {
        (self.file, self.number, self.offset) = (file, number, offset);
        self
    }

    /// What is wrong with the record.
    pub fn problem(&self, source: &Source, fault: Fault) -> Problem {
        let place = Place::Line { number: self.number, offset: self.offset };
        Problem {
            id: self.own_id().map(Into::into),
            raw: self.line.as_bytes().into(),
            ..source.problem(fault).at(place)
        }
    }

    /// The record's address.
    pub fn address(&self) -> Option<Cow<'l, str>> {
        self.url.and_then(|raw| string(raw.get()))
    }

    /// The site that the record names.
    pub fn site(&self) -> Option<String> {
        self.site.and_then(id)
    }

    /// The file that it stands in.
    pub fn file(&self) -> &'l str {
        self.file
    }

    /// The id, or `None` where the record has none of its own.
    pub fn own_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The id: the id field's value, else FILE:LINE.
    pub fn id(&self) -> Cow<'_, str> {
        self.own_id().map_or_else(|| Cow::Owned(format!("{}:{}", self.file, self.number)), Cow::Borrowed)
    }

    /// The text as it stands in the line, without its quotes.
    pub fn raw(&self) -> &'l str {
        &self.line[self.inside.clone()]
    }

    /// Writes the line with removals cut out of its text, and shows each removal with the removed piece of the line.
    pub fn write_without(&self, removals: &[Removal], into: &mut Vec<u8>, mut cut: impl FnMut(&Removal, &str)) {
        let inside = self.raw();
        // How far the text and the line have come.
        let (mut at, mut raw_at) = (0, 0);
        let advance = |raw_at: usize, len: usize| {
            raw_at + escaped::raw_len(&inside.as_bytes()[raw_at..], len).expect("removals lie on character boundaries")
        };
        into.extend_from_slice(&self.line.as_bytes()[..self.inside.start]);
        for removal in removals {
            let start = advance(raw_at, removal.span.start - at);
            let end = advance(start, removal.span.len());
            into.extend_from_slice(&inside.as_bytes()[raw_at..start]);
            escaped::write(&removal.replacement, into);
            cut(removal, &inside[start..end]);
            (at, raw_at) = (removal.span.end, end);
        }
        into.extend_from_slice(&inside.as_bytes()[raw_at..]);
        into.extend_from_slice(&self.line.as_bytes()[self.inside.end..]);
    }

    /// Writes the line with removals put back into its text.
    ///
    /// # Errors
    /// The byte of the original at which they do not fit.
    pub fn write_with(&self, entries: &[Removed], into: &mut Vec<u8>) -> Result<(), usize> {
        let mut rest = self.raw();
        let mut at = 0;
        into.extend_from_slice(&self.line.as_bytes()[..self.inside.start]);
        for entry in entries {
            let misfit = entry.start;
            let gap =
                entry.start.checked_sub(at).and_then(|gap| escaped::raw_len(rest.as_bytes(), gap)).ok_or(misfit)?;
            let (before, after) = rest.split_at_checked(gap).ok_or(misfit)?;
            into.extend_from_slice(before.as_bytes());
            match &entry.raw {
                Some(raw) => into.extend_from_slice(raw.as_bytes()),
                None => escaped::write(&entry.text, into),
            }
            let mut replacement = Vec::new();
            escaped::write(&entry.replacement, &mut replacement);
            let is_there =
                after.as_bytes().starts_with(&replacement) && entry.text.len() == entry.end.wrapping_sub(entry.start);
            rest = is_there.then(|| &after[replacement.len()..]).ok_or(misfit)?;
            at = entry.end;
        }
        into.extend_from_slice(rest.as_bytes());
        into.extend_from_slice(&self.line.as_bytes()[self.inside.end..]);
        Ok(())
    }

    /// Writes the line without its HTML and with what the page comes to: its text in any case, the rest where the record
    /// does not say it itself.
    pub fn write_page(&self, fields: &Fields, mut news: Map<String, Value>, into: &mut Vec<u8>) {
        let Members(mut members) = members(self.line);
        let mut object = serde_json::Serializer::new(&mut *into);
        let mut object = object.serialize_map(None).expect(WRITABLE);
        members.retain(|(key, _)| Some(key) != fields.html.as_ref());
        for (key, value) in &members {
            let is_open = *key == fields.text || value.get() == "null";
            match news.get(key).filter(|_| is_open) {
                Some(new) => object.serialize_entry(key, new).expect(WRITABLE),
                None => object.serialize_entry(key, value).expect(WRITABLE),
            }
        }
        news.retain(|key, _| members.iter().all(|(known, _)| known != key));
        news.iter().for_each(|(key, new)| object.serialize_entry(key, new).expect(WRITABLE));
        object.end().expect(WRITABLE);
        into.push(b'\n');
    }

    /// The record for who only wants to look at it.
    pub fn into_record(self, reading: &Reading) -> Record {
        let url = self.address().map(Cow::into_owned);
        let (id, told) = (self.id().into_owned(), self.site());
        let origin = Origin { url: url.as_deref(), site: told.as_deref(), file: self.file };
        let page = self.html.as_ref().map(|html| reading.page(html, origin));
        let (text, site) = match &page {
            Some(page) => (page.document().text().to_owned(), page.document().site().map(str::to_owned)),
            None => (self.text.into_owned(), reading.site(origin).map(Cow::into_owned)),
        };
        Record { id, text, page, url, site, file: self.file.to_owned(), line: Some(self.number) }
    }
}

const WRITABLE: &str = "JSON can always be written to memory";

/// The text in a field's value.
fn content<'l>(field: &str, raw: &'l RawValue) -> Result<Cow<'l, str>, Fault> {
    let wrong = |what: &str| Fault::new(Code::Field, format!("the field `{field}` holds {what}"));
    let raw = raw.get();
    if !raw.starts_with('"') {
        return Err(wrong(&format!("{}, not a string", kind(raw))));
    }
    // Only lone surrogates are left to go wrong.
    string(raw).ok_or_else(|| wrong("half a surrogate pair, which is no text"))
}

/// A line without the byte order marks before it, which are no part of JSON: one may stand before the first record, and more
/// where files that have it were put together.
fn without_marks(line: &str) -> &str {
    line.trim_start_matches('\u{feff}')
}

/// The members of the object in a line that was [parsed](Line::parse).
pub(crate) fn members(line: &str) -> Members<'_> {
    serde_json::from_str(without_marks(line)).expect("the line was parsed before")
}

/// True of a row that has no text as a line: cleaning writes it as it came, but of a line it wants a text.
pub(crate) fn has_no_text(line: &[u8], fields: &Fields) -> bool {
    let found = Object(fields).deserialize(&mut serde_json::Deserializer::from_slice(line));
    found.is_ok_and(|found| found.text.is_some_and(|text| text.get() == "null"))
}

/// What a parser says is wrong, with the byte of the line.
fn malformed(error: &serde_json::Error) -> Fault {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = error.to_string();
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let reason = match error.is_data() {
        true => "not a JSON object".to_owned(),
        false => format!("not JSON: {message} (byte {})", error.column()),
    };
    Fault::new(Code::Malformed, reason)
}

/// The content of a JSON string, or `None` where it is none.
fn string(raw: &str) -> Option<Cow<'_, str>> {
    let inside = raw.strip_prefix('"')?.strip_suffix('"')?;
    match memchr(b'\\', inside.as_bytes()) {
        None => Some(Cow::Borrowed(inside)),
        Some(_) => serde_json::from_str(raw).ok().map(Cow::Owned),
    }
}

/// What an id field names: strings by their content, numbers by their digits.
fn id(raw: &RawValue) -> Option<String> {
    let raw = raw.get();
    let is_number = raw.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if is_number { Some(raw.to_owned()) } else { string(raw).map(Cow::into_owned) }
}

fn kind(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// The values of the fields looked at.
#[derive(Default)]
struct Found<'l> {
    id: Option<&'l RawValue>,
    text: Option<&'l RawValue>,
    url: Option<&'l RawValue>,
    html: Option<&'l RawValue>,
    site: Option<&'l RawValue>,
}

impl<'l> Found<'l> {
    /// The HTML of a record that is a page.
    fn page(&self, fields: &Fields) -> Option<&'l RawValue> {
        let has_text = self.text.is_some_and(|text| text.get() != "null");
        self.html.filter(|html| if fields.prefers_html { html.get() != "null" } else { !has_text })
    }
}

/// Finds the fields looked at in an object, and passes over the others.
struct Object<'f>(&'f Fields);

impl<'l> DeserializeSeed<'l> for Object<'_> {
    type Value = Found<'l>;

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<Found<'l>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for Object<'_> {
    type Value = Found<'l>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<Found<'l>, A::Error> {
        let mut found = Found::default();
        while let Some(is) = map.next_key_seed(Key(self.0))? {
            if !(is.id || is.text || is.url || is.html || is.site) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value::<&RawValue>()?;
            let Found { id, text, url, html, site } = &mut found;
            for (is, slot) in [(is.id, id), (is.text, text), (is.url, url), (is.html, html), (is.site, site)] {
                if is {
                    *slot = Some(value);
                }
            }
        }
        Ok(found)
    }
}

/// Tells what a key is without keeping it.
struct Key<'f>(&'f Fields);

/// The fields that a key names; the same field can serve as two.
struct Is {
    id: bool,
    text: bool,
    url: bool,
    html: bool,
    site: bool,
}

impl<'l> DeserializeSeed<'l> for Key<'_> {
    type Value = Is;

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<Is, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Is;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Is, E> {
        let Fields { id, text, url, html, site, .. } = self.0;
        let (html, site) = (html.as_deref() == Some(key), site.as_deref() == Some(key));
        Ok(Is { id: key == id, text: key == text, url: key == url, html, site })
    }
}

/// All members of an object, in their order.
pub(crate) struct Members<'l>(pub Vec<(String, &'l RawValue)>);

impl<'l> Deserialize<'l> for Members<'l> {
    fn deserialize<D: Deserializer<'l>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'l> Visitor<'l> for All {
            type Value = Members<'l>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<Members<'l>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(All)
    }
}
