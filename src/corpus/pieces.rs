//! What comes of a source, or of a stretch of it: first it is made, with all that can go wrong in that, then the documents
//! that came before are marked in it where that is asked for, and then it is laid down as it stands in the output.

use super::batches::split_lines;
use super::dedup::{self, Dedup, Earlier, Firsts, Print};
#[cfg(feature = "formats")]
use super::formats::{csv, known, rows::lines_of};
use super::inputs::{Fields, Source};
use super::packing::Packing;
#[cfg(feature = "formats")]
use super::problem::Fault;
use super::removals::{write_json, write_key};
use super::worker::{Done, Mark};
use super::writing::Layout;
#[cfg(feature = "formats")]
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
#[cfg(feature = "formats")]
use arrow_schema::Schema;
use serde::Serialize;
#[cfg(feature = "formats")]
use std::iter::zip;
use std::sync::Arc;

/// The fields of a document that came before.
const DUPLICATE_OF: &str = "duplicate_of";
const SIMILARITY: &str = "duplicate_similarity";

/// What is made of a source.
pub(crate) struct Made {
    pub source: Arc<Source>,
    pub records: Records,
    /// Nothing came of the source before.
    pub is_first: bool,
    pub is_last: bool,
    /// The documents in it, where removals are recorded.
    pub marks: Vec<Mark>,
    /// The documents in it, in their order, where it is asked which came before.
    pub documents: Vec<Document>,
}

/// Documents in the form in which they stand in a file, but not in bytes yet.
pub(crate) enum Records {
    /// A text.
    Text(Vec<u8>),
    /// Lines of JSON, each a document.
    Lines(Vec<u8>),
    /// Rows with text in every column, which stands in their file with this in between.
    #[cfg(feature = "formats")]
    Cells(RecordBatch, u8),
    /// Rows of Parquet.
    #[cfg(feature = "formats")]
    Rows(RecordBatch),
}

/// A document, and what is known of earlier ones.
pub(crate) struct Document {
    id: String,
    print: Option<Print>,
    earlier: Option<Earlier>,
}

/// What is written of a source.
pub(crate) struct Piece {
    pub source: Arc<Source>,
    /// What the file that it goes into begins with, packed already.
    pub head: Vec<u8>,
    pub content: Content,
    pub is_first: bool,
    pub is_last: bool,
    pub marks: Vec<Mark>,
}

/// What is written of a piece.
pub(crate) enum Content {
    /// These bytes, which are packed already.
    Bytes(Vec<u8>),
    /// These rows of a Parquet file.
    #[cfg(feature = "formats")]
    Rows(RecordBatch),
}

/// A document that came before, as a line of the list of them.
#[derive(Serialize)]
struct Listed<'d> {
    id: &'d str,
    duplicate_of: &'d str,
    similarity: f64,
}

impl Records {
    /// Lines of JSON as records stand in a file of this layout.
    pub fn of_lines(lines: Vec<u8>, layout: Layout, fields: &Fields) -> Self {
        #[cfg(feature = "formats")]
        if layout != Layout::Lines {
            let rows = known::rows(&lines, &known::schema(fields));
            return Self::of_rows(rows, layout).expect("text can always be written");
        }
        let _ = (layout, fields);
        Records::Lines(lines)
    }

    /// Rows as records stand in a file of this layout.
    ///
    /// # Errors
    /// Where a value cannot be written.
    #[cfg(feature = "formats")]
    pub fn of_rows(rows: RecordBatch, layout: Layout) -> Result<Self, Fault> {
        Ok(match layout {
            Layout::Lines => Records::Lines(lines_of(&rows)?),
            Layout::Cells(delimiter) => Records::Cells(csv::spelled(&rows)?, delimiter),
            Layout::Parquet => Records::Rows(rows),
        })
    }
}

impl Document {
    pub fn new(id: String, print: Option<Print>) -> Self {
        Document { id, print, earlier: None }
    }
}

impl Made {
    /// Looks which of the documents came before, and adds those to the list and the others to what comes first.
    pub fn meet(&mut self, firsts: &mut Firsts, done: &mut Done) {
        for Document { id, print, earlier } in &mut self.documents {
            let Some(print) = print else { continue };
            *earlier = firsts.meet(id, print);
            match earlier {
                None => dedup::write(id, print, &mut done.firsts),
                Some(Earlier { id: first, similarity }) => {
                    done.tally.duplicates += 1;
                    let listed = Listed { id, duplicate_of: first, similarity: *similarity };
                    write_json(&listed, &mut done.duplicates);
                    done.duplicates.push(b'\n');
                }
            }
        }
    }

    /// Puts into the records which documents came before; texts have no place for it. Tells the bytes that lines have
    /// become longer.
    pub fn mark(&mut self, dedup: Dedup) -> usize {
        match &mut self.records {
            Records::Text(_) => {}
            Records::Lines(lines) => {
                let marked = marked_lines(lines, &self.documents, dedup);
                let added = marked.len() - lines.len();
                *lines = marked;
                return added;
            }
            #[cfg(feature = "formats")]
            Records::Cells(rows, _) => {
                let columns = csv::spelled(&columns(&self.documents, dedup)).expect("these can always be spelled");
                *rows = with_columns(rows, &columns);
            }
            #[cfg(feature = "formats")]
            Records::Rows(rows) => *rows = with_columns(rows, &columns(&self.documents, dedup)),
        }
        0
    }

    /// What is written of it into a file that is packed so.
    pub fn lay_down(self, packing: Packing) -> Piece {
        let Made { source, records, is_first, is_last, marks, .. } = self;
        let (head, content) = match records {
            // What comes first is packed even where it is nothing: an empty file has to be one of its kind.
            Records::Text(bytes) | Records::Lines(bytes) => (Vec::new(), Content::Bytes(packing.pack(bytes, is_first))),
            #[cfg(feature = "formats")]
            Records::Cells(rows, delimiter) => {
                let head = packing.pack(csv::head(&rows.schema(), delimiter), true);
                (head, Content::Bytes(packing.pack(csv::bytes(&rows, delimiter), false)))
            }
            #[cfg(feature = "formats")]
            Records::Rows(rows) => (Vec::new(), Content::Rows(rows)),
        };
        Piece { source, head, content, is_first, is_last, marks }
    }
}

/// Lines of JSON with the fields as last members; all else stays as it is.
fn marked_lines(lines: &[u8], documents: &[Document], dedup: Dedup) -> Vec<u8> {
    let mut marked = Vec::with_capacity(lines.len());
    for (line, document) in split_lines(lines).zip(documents) {
        let end = memchr::memrchr(b'}', line).unwrap_or(line.len());
        marked.extend_from_slice(&line[..end]);
        if let Some(Earlier { id, similarity }) = &document.earlier {
            write_key(DUPLICATE_OF, &mut marked);
            write_json(id, &mut marked);
            if dedup == Dedup::Near {
                write_key(SIMILARITY, &mut marked);
                write_json(similarity, &mut marked);
            }
        }
        marked.extend_from_slice(&line[end..]);
    }
    marked
}

/// The fields as columns, with nothing for documents that did not come before.
#[cfg(feature = "formats")]
fn columns(documents: &[Document], dedup: Dedup) -> RecordBatch {
    let earlier = || documents.iter().map(|document| document.earlier.as_ref());
    let ids: StringArray = earlier().map(|earlier| earlier.map(|earlier| &*earlier.id)).collect();
    let similarities: Float64Array = earlier().map(|earlier| earlier.map(|earlier| earlier.similarity)).collect();
    let similarities = (dedup == Dedup::Near).then(|| (SIMILARITY, Arc::new(similarities) as ArrayRef, true));
    let columns = [(DUPLICATE_OF, Arc::new(ids) as ArrayRef, true)].into_iter().chain(similarities);
    RecordBatch::try_from_iter_with_nullable(columns).expect("the columns are of one length")
}

/// Rows with more columns, in place of those of the same names.
#[cfg(feature = "formats")]
fn with_columns(rows: &RecordBatch, more: &RecordBatch) -> RecordBatch {
    let (schema, more_schema) = (rows.schema(), more.schema());
    let own = zip(schema.fields(), rows.columns()).filter(|(field, _)| more_schema.index_of(field.name()).is_err());
    let all = own.chain(zip(more_schema.fields(), more.columns()));
    let (fields, columns): (Vec<_>, Vec<_>) =
        all.map(|(field, column)| (Arc::clone(field), Arc::clone(column))).unzip();
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    RecordBatch::try_new(Arc::new(schema), columns).expect("a document is a row")
}
