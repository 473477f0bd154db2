//! A JSONL record, read and changed without being rebuilt.
//!
//! Only the value of the text field changes. It is cut as it stands in the line, escapes and all: what stays is copied
//! and never encoded anew, so that `\u00e9` stays `\u00e9`, and a record whose text does not change comes out as it
//! went in. A removed piece whose escapes are not those this program would write goes into the record of removals
//! `raw` as well, so that `restore` is exact.

use super::removals::Entry;
use super::{Fields, Record, escaped};
use crate::Removal;
use memchr::memchr;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// A record as it stands in its line.
#[derive(Debug)]
pub(crate) struct Line<'l> {
    /// The whole line, its line break included.
    pub line: &'l str,
    /// The text.
    pub text: Cow<'l, str>,
    /// Where the inside of the text's quotes stands in the line.
    pub inside: Range<usize>,
    /// The id field's value.
    id: Option<String>,
    url: Option<&'l RawValue>,
    file: &'l str,
    /// The line's number in its file.
    pub number: u64,
}

impl<'l> Line<'l> {
    /// Parses a line that holds one JSON object.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn parse(line: &'l str, fields: &Fields) -> Result<Self, String> {
        // A byte order mark may stand before the first record; it is no part of JSON.
        let json = line.trim_start_matches('\u{feff}');
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let found = Object(fields).deserialize(&mut deserializer).and_then(|found| deserializer.end().map(|()| found));
        let found = found.map_err(|error| reason(&error))?;
        let field = &fields.text;
        let raw = found.text.ok_or_else(|| format!("no field `{field}`"))?.get();
        if !raw.starts_with('"') {
            return Err(format!("the field `{field}` holds {}, not a string", kind(raw)));
        }
        // Only lone surrogates are left to go wrong.
        let text =
            string(raw).ok_or_else(|| format!("the field `{field}` holds half a surrogate pair, which is no text"))?;
        let start = raw.as_ptr() as usize - line.as_ptr() as usize;
        let inside = start + 1..start + raw.len() - 1;
        Ok(Line { line, text, inside, id: found.id.and_then(id), url: found.url, file: "", number: 0 })
    }

    /// Tells the line where it stands.
    #[must_use]
    pub fn at(mut self, file: &'l str, number: u64) -> Self {
        (self.file, self.number) = (file, number);
        self
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
    pub fn write_with(&self, entries: &[Entry], into: &mut Vec<u8>) -> Result<(), usize> {
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

    /// The record for who only wants to look at it.
    pub fn into_record(self) -> Record {
        let url = self.url.and_then(|raw| string(raw.get())).map(Cow::into_owned);
        let id = self.id().into_owned();
        Record { id, text: self.text.into_owned(), url, file: self.file.to_owned(), line: Some(self.number) }
    }
}

/// What a parser says is wrong, with the byte of the line.
fn reason(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = error.to_string();
    let message = message.strip_suffix(&place).unwrap_or(&message);
    match error.is_data() {
        true => "not a JSON object".to_owned(),
        false => format!("not JSON: {message} (byte {})", error.column()),
    }
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
}

/// Finds the fields looked at in an object, and passes over the others.
struct Object<'f>(&'f Fields);

impl<'l> DeserializeSeed<'l> for Object<'_> {
    type Value = Found<'l>;

    fn deserialize<D: serde::Deserializer<'l>>(self, deserializer: D) -> Result<Found<'l>, D::Error> {
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
            if !(is.id || is.text || is.url) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value::<&RawValue>()?;
            for (is, slot) in [(is.id, &mut found.id), (is.text, &mut found.text), (is.url, &mut found.url)] {
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
}

impl<'l> DeserializeSeed<'l> for Key<'_> {
    type Value = Is;

    fn deserialize<D: serde::Deserializer<'l>>(self, deserializer: D) -> Result<Is, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Is;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Is, E> {
        Ok(Is { id: key == self.0.id, text: key == self.0.text, url: key == self.0.url })
    }
}
