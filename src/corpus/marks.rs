//! How documents are marked that came before, and the way back: in lines of JSON two last members, in tables two last
//! columns, and in any case a line in the list of duplicates, by which [`restore`](super::restore()) takes the marks out.
//!
//! What a record had before stays as it is, also where it has the names of marks: another member of that name comes behind
//! it, and columns get a number.

use super::batches::split_lines;
use super::dedup::{Dedup, Earlier};
use super::removals::{Entry, write_json, write_key};
#[cfg(feature = "formats")]
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
#[cfg(feature = "formats")]
use arrow_schema::{Field, Schema};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
#[cfg(feature = "formats")]
use std::sync::Arc;

/// The fields of a document that came before.
const DUPLICATE_OF: &str = "duplicate_of";
const SIMILARITY: &str = "duplicate_similarity";

/// A document that came before, as a line of the list of them.
#[derive(Serialize)]
struct Listed<'d> {
    id: &'d str,
    duplicate_of: &'d str,
    similarity: f64,
}

/// Adds a document to the list.
pub(crate) fn list(id: &str, earlier: &Earlier, into: &mut Vec<u8>) {
    write_json(&Listed { id, duplicate_of: &earlier.id, similarity: earlier.similarity }, into);
    into.push(b'\n');
}

/// What is wrong with a record of which the list says something else.
pub(crate) const OTHER_MARK: &str = "the list of duplicates says something else of it than it does itself";

/// A line of the list as it is read for restoring.
#[derive(Debug, Deserialize)]
pub(crate) struct Duplicate {
    id: String,
    pub duplicate_of: String,
    /// As it is spelled.
    similarity: Box<RawValue>,
    place: Option<String>,
}

impl Entry for Duplicate {
    const NAME: &str = "duplicate";
    const NAMES: &str = "duplicates";

    fn id(&self) -> &str {
        &self.id
    }

    fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }
}

/// Lines of JSON with the fields as last members; all else stays as it is.
pub(crate) fn marked_lines<'d>(
    lines: &[u8],
    documents: impl Iterator<Item = Option<&'d Earlier>>,
    dedup: Dedup,
) -> Vec<u8> {
    let mut marked = Vec::with_capacity(lines.len());
    for (line, earlier) in split_lines(lines).zip(documents) {
        let end = memchr::memrchr(b'}', line).unwrap_or(line.len());
        marked.extend_from_slice(&line[..end]);
        if let Some(Earlier { id, similarity }) = earlier {
            write_members(id, (dedup == Dedup::Near).then_some(similarity), &mut marked);
        }
        marked.extend_from_slice(&line[end..]);
    }
    marked
}

fn write_members(id: &str, similarity: Option<&(impl Serialize + ?Sized)>, into: &mut Vec<u8>) {
    write_key(DUPLICATE_OF, into);
    write_json(id, into);
    if let Some(similarity) = similarity {
        write_key(SIMILARITY, into);
        write_json(similarity, into);
    }
}

/// Takes the mark out of the last of some lines of JSON; false where it does not end in this one.
pub(crate) fn unmark_line(lines: &mut Vec<u8>, duplicate: &Duplicate) -> bool {
    let end = memchr::memrchr(b'}', lines).unwrap_or(0);
    for similarity in [Some(&*duplicate.similarity), None] {
        let mut mark = Vec::new();
        write_members(&duplicate.duplicate_of, similarity, &mut mark);
        if lines[..end].ends_with(&mark) {
            lines.drain(end - mark.len()..end);
            return true;
        }
    }
    false
}

/// The fields as columns, with nothing for documents that did not come before.
#[cfg(feature = "formats")]
pub(crate) fn columns<'d, D: Iterator<Item = Option<&'d Earlier>>>(
    documents: impl Fn() -> D,
    dedup: Dedup,
) -> RecordBatch {
    let ids: StringArray = documents().map(|earlier| earlier.map(|earlier| &*earlier.id)).collect();
    let similarities: Float64Array = documents().map(|earlier| earlier.map(|earlier| earlier.similarity)).collect();
    let similarities = (dedup == Dedup::Near).then(|| (SIMILARITY, Arc::new(similarities) as ArrayRef, true));
    let columns = [(DUPLICATE_OF, Arc::new(ids) as ArrayRef, true)].into_iter().chain(similarities);
    RecordBatch::try_from_iter_with_nullable(columns).expect("the columns are of one length")
}

/// Rows with more columns behind their own, all with the same number where a name is taken.
#[cfg(feature = "formats")]
pub(crate) fn marked_rows(rows: &RecordBatch, more: &RecordBatch) -> RecordBatch {
    let (schema, more_schema) = (rows.schema(), more.schema());
    let numbers = (1..).map(|number| if number == 1 { String::new() } else { format!("_{number}") });
    let names = |number: &str| more_schema.fields().iter().map(|field| format!("{}{number}", field.name())).collect();
    let names: Vec<String> = numbers
        .map(|number| names(&number))
        .find(|names: &Vec<_>| names.iter().all(|name| schema.index_of(name).is_err()))
        .expect("there are more numbers than columns");
    let news = names.into_iter().zip(more_schema.fields());
    let news = news.map(|(name, field)| Arc::new(Field::clone(field).with_name(name)));
    let fields: Vec<_> = schema.fields().iter().cloned().chain(news).collect();
    let columns = rows.columns().iter().chain(more.columns()).cloned().collect();
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    RecordBatch::try_new(Arc::new(schema), columns).expect("a document is a row")
}

/// How many columns of marks stand behind those of rows that were marked; `None` of rows that were not.
#[cfg(feature = "formats")]
pub(crate) fn count_columns(schema: &Schema) -> Option<usize> {
    let number = |name: &str, base: &str| {
        let rest = name.strip_prefix(base)?;
        let is_number = rest.strip_prefix('_').is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        (rest.is_empty() || is_number).then(|| rest.to_owned())
    };
    let mut names = schema.fields().iter().rev().map(|field| field.name());
    let last = names.next()?;
    if number(last, DUPLICATE_OF).is_some() {
        return Some(1);
    }
    let similarity = number(last, SIMILARITY)?;
    (number(names.next()?, DUPLICATE_OF)? == similarity).then_some(2)
}
