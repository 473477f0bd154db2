//! What comes of a source, or of a stretch of it: first it is made, with all that can go wrong in that, then the documents
//! that came before are marked in it where that is asked for, and then it is laid down as it stands in the output.

use super::dedup::{self, Dedup, Earlier, Firsts, Print};
#[cfg(feature = "formats")]
use super::formats::{csv, known, rows::lines_of, table};
use super::inputs::{Fields, Source};
use super::marks;
use super::packing::Packing;
#[cfg(feature = "formats")]
use super::problem::Fault;
use super::worker::{Done, Mark};
use super::writing::Layout;
#[cfg(feature = "formats")]
use arrow_array::RecordBatch;
use std::sync::Arc;

/// What is made of a source.
pub(crate) struct Made {
    pub source: Arc<Source>,
    pub records: Records,
    /// Nothing came of the source before.
    pub is_first: bool,
    pub is_last: bool,
    /// The documents in it, where something is written down of them beside the output.
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

impl Content {
    /// True where there is nothing in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Content::Bytes(bytes) => bytes.is_empty(),
            #[cfg(feature = "formats")]
            Content::Rows(rows) => rows.num_rows() == 0,
        }
    }
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
        if layout != Layout::Parquet {
            table::check_times(&rows)?;
        }
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
        for (document, mark) in self.documents.iter_mut().zip(&mut self.marks) {
            let earlier = document.print.as_ref().map(|print| (print, firsts.meet(&document.id, print)));
            match earlier {
                None => {}
                Some((print, None)) => dedup::write(&document.id, print, &mut done.firsts),
                Some((_, Some(earlier))) => {
                    done.tally.duplicates += 1;
                    marks::list(&document.id, &earlier, &mut done.duplicates);
                    document.earlier = Some(earlier);
                }
            }
            mark.duplicates_end = done.duplicates.len();
        }
    }

    /// Puts into the records which documents came before; texts have no place for it. Tells the bytes that lines have
    /// become longer.
    pub fn mark(&mut self, dedup: Dedup) -> usize {
        let earlier = || self.documents.iter().map(|document| document.earlier.as_ref());
        match &mut self.records {
            Records::Text(_) => {}
            Records::Lines(lines) => {
                let marked = marks::marked_lines(lines, earlier(), dedup);
                let added = marked.len() - lines.len();
                *lines = marked;
                return added;
            }
            #[cfg(feature = "formats")]
            Records::Cells(rows, _) => {
                let columns = csv::spelled(&marks::columns(earlier, dedup)).expect("these can always be spelled");
                *rows = marks::marked_rows(rows, &columns);
            }
            #[cfg(feature = "formats")]
            Records::Rows(rows) => *rows = marks::marked_rows(rows, &marks::columns(earlier, dedup)),
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
