//! Rows on their way from a reader to who works on them.

use super::super::Reading;
use super::super::batches::Batch;
use super::super::inputs::{Format, Record, Source};
use super::super::problem::{Code, Fault, Place, Problem};
use super::table::Plan;
use super::warc::{self, Holds};
use super::{csv, http};
use crate::decode;
use crate::parse::html::encoding;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_json::writer::{LineDelimited, WriterBuilder};
use std::borrow::Cow;
use std::sync::Arc;

/// Rows of one source.
#[derive(Debug)]
pub(crate) struct Rows {
    pub source: Arc<Source>,
    pub plan: Arc<Plan>,
    pub load: Load,
    /// True of the first batch of a source, and of the last, which may be empty.
    pub is_first: bool,
    pub is_last: bool,
}

/// Rows as they were read.
#[derive(Debug)]
pub(crate) enum Load {
    /// A table, and the number of its first row.
    Table(RecordBatch, u64),
    /// Records of an archive.
    Entries(Vec<warc::Entry>),
    /// Lines of a CSV file.
    Lines(csv::Lines),
}

/// Rows to work on.
pub(crate) struct Table {
    pub batch: RecordBatch,
    /// What each row's number is, and where it stands.
    pub places: Vec<(u64, Place)>,
}

impl Load {
    /// How much there is to do, in bytes.
    pub fn weight(&self) -> usize {
        match self {
            Load::Table(batch, _) => batch.get_array_memory_size(),
            Load::Entries(entries) => entries.iter().map(|entry| entry.block.len()).sum(),
            Load::Lines(lines) => lines.bytes.len(),
        }
    }
}

impl Rows {
    /// The rows as a table, and those that cannot be in it.
    pub fn table(&self, reading: &Reading) -> (Table, Vec<Problem>) {
        let mut problems = Vec::new();
        let table = match &self.load {
            Load::Table(batch, first) => Table {
                batch: batch.clone(),
                places: (*first..).take(batch.num_rows()).map(|number| (number, Place::Record(number - 1))).collect(),
            },
            Load::Entries(entries) => self.of_entries(entries, reading, &mut problems),
            Load::Lines(lines) => lines.table(&self.source, &self.plan, reading.max_record, &mut problems),
        };
        (table, problems)
    }

    /// Every record, for who only wants to look at it.
    pub fn records(&self, reading: &Reading) -> Vec<Result<Record, Problem>> {
        let (table, problems) = self.table(reading);
        let columns = match self.plan.columns(&table.batch) {
            Ok(columns) => columns,
            Err(fault) => return vec![Err(self.source.problem(fault))],
        };
        let record = |(at, (number, _)): (usize, &(u64, Place))| {
            let row = columns.row(at);
            let origin = row.origin(&self.source);
            let page = row.html.map(|html| reading.page(html, origin));
            let (text, site) = match &page {
                Some(page) => (page.document().text(), page.document().site().map(str::to_owned)),
                None => (row.text.unwrap_or_default(), reading.site(origin).map(Cow::into_owned)),
            };
            let text = text.to_owned();
            let id = row.id.map_or_else(|| self.made_id(*number), str::to_owned);
            let (url, file) = (row.url.map(str::to_owned), self.source.name.clone());
            Ok(Record { id, text, page, url, site, file, line: Some(*number) })
        };
        table.places.iter().enumerate().map(record).chain(problems.into_iter().map(Err)).collect()
    }

    /// What the rows came as.
    pub fn format(&self) -> Format {
        match &self.load {
            Load::Table(..) => Format::Parquet,
            Load::Entries(_) => Format::Warc,
            Load::Lines(lines) => lines.format(),
        }
    }

    /// The id of a row that has none of its own.
    pub fn made_id(&self, number: u64) -> String {
        format!("{}:{number}", self.source.name)
    }

    fn of_entries(&self, entries: &[warc::Entry], reading: &Reading, problems: &mut Vec<Problem>) -> Table {
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        for entry in entries {
            let place = Place::Record(entry.number - 1);
            match document(entry, reading) {
                Ok(Some(document)) => {
                    rows.push((entry, document));
                    places.push((entry.number, place));
                }
                Ok(None) => {}
                Err(fault) => problems.push(Problem {
                    id: entry.id.as_deref().map(Into::into),
                    raw: entry.block.as_slice().into(),
                    ..self.source.problem(fault).at(place)
                }),
            }
        }
        let text = |value: for<'r> fn(&'r (&warc::Entry, Document)) -> Option<&'r str>| {
            Arc::new(rows.iter().map(|row| value(row).map(str::to_owned)).collect::<StringArray>()) as ArrayRef
        };
        let mut columns = vec![
            text(|(entry, _)| entry.id.as_deref()),
            text(|(entry, _)| entry.url.as_deref()),
            text(|(entry, _)| entry.date.as_deref()),
        ];
        if self.plan.has_pages() {
            columns.push(text(|(_, document)| document.html.as_deref()));
        }
        columns.push(text(|(_, document)| document.text.as_deref()));
        let batch = RecordBatch::try_new(Arc::clone(&self.plan.input), columns).expect("the plan is made for these");
        Table { batch, places }
    }
}

struct Document {
    html: Option<String>,
    text: Option<String>,
}

/// The document in a record; `None` where it holds none.
fn document(entry: &warc::Entry, reading: &Reading) -> Result<Option<Document>, Fault> {
    let page = |body: &[u8], charset| {
        let html = encoding::decode(body, charset).0.into_owned();
        Document { html: Some(html), text: None }
    };
    match &entry.holds {
        Holds::Response => {
            let found = http::page(&entry.block, reading.max_record)?;
            Ok(found.map(|found| page(&found.body, found.charset.or(reading.encoding))))
        }
        Holds::Page(media) => Ok(Some(page(&entry.block, http::charset(media).or(reading.encoding)))),
        Holds::Text => {
            let text = decode::text(&entry.block, reading.encoding).map_err(|it| Fault::new(Code::Encoding, it))?;
            Ok(Some(Document { html: None, text: Some(text.0.into_owned()) }))
        }
    }
}

/// Rows of a source as a batch.
pub(crate) fn batch(source: &Arc<Source>, plan: &Arc<Plan>, load: Load, is_first: bool, is_last: bool) -> Batch {
    Batch::Rows(Rows { source: Arc::clone(source), plan: Arc::clone(plan), load, is_first, is_last })
}

/// Rows as lines of JSON.
///
/// # Errors
/// Where a column is of a type that JSON cannot tell of.
pub(crate) fn lines_of(rows: &RecordBatch) -> Result<Vec<u8>, Fault> {
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(Vec::new());
    let written = writer.write(rows).and_then(|()| writer.finish());
    written.map_err(|error| Fault::new(Code::Unsuited, error))?;
    Ok(writer.into_inner())
}
