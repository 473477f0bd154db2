//! What corpora are stored in besides text, pages and JSONL. Rows of Parquet and CSV and the records of archives all become
//! a [`table`] of Arrow, so that one piece of code cleans them, and every kind of records can be written of it.

pub(crate) mod csv;
mod http;
pub(crate) mod known;
pub(crate) mod parquet;
pub(crate) mod restored;
pub(crate) mod row_groups;
pub(crate) mod rows;
pub(crate) mod table;
pub(crate) mod tar;
mod warc;

use super::Reading;
use super::batches::Batch;
use super::inputs::{Format, Source};
use super::problem::{Fault, Problem};
use super::stream::{Peeked, Stream};
use crate::decode;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use table::Plan;

/// Cuts a source of rows into batches.
pub(crate) enum Reader {
    Csv(csv::Reader),
    Parquet(parquet::Reader),
    Warc(warc::Reader),
}

impl Reader {
    /// A reader of what `bytes` hold in this format.
    ///
    /// # Errors
    /// Where it is not in this format, or has no column to look at.
    pub fn open(format: Format, source: Arc<Source>, bytes: Peeked, reading: &Reading) -> Result<Self, Fault> {
        let Reading { fields, max_record, encoding, .. } = reading;
        let is_file = source.len.is_some();
        Ok(match format {
            Format::Parquet => {
                let file = file(&source, bytes)?;
                let metadata = parquet::metadata(&file)?;
                let plan = Plan::of_table(Arc::clone(metadata.schema()), fields)?;
                Reader::Parquet(parquet::Reader::new(source, Arc::new(plan), file, metadata, *max_record))
            }
            Format::Warc | Format::Wet => {
                let plan = Arc::new(Plan::of_archive(format == Format::Warc, fields));
                let stream = Stream::new(Box::new(bytes), is_file);
                Reader::Warc(warc::Reader::new(source, plan, stream, *max_record))
            }
            _ => {
                let (bytes, encoding) = decode::stream(bytes, *encoding);
                let delimiter = csv::delimiter(format);
                let stream = Stream::new(bytes, is_file);
                let (mut reader, schema) = csv::Reader::open(source, stream, encoding, delimiter, *max_record)?;
                reader.set_plan(Arc::new(Plan::of_table(schema, fields)?));
                Reader::Csv(reader)
            }
        })
    }

    /// The next rows, and what is wrong behind them.
    pub fn next_batch(&mut self) -> (Batch, Option<Problem>) {
        match self {
            Reader::Csv(reader) => reader.next_batch(),
            Reader::Parquet(reader) => reader.next_batch(),
            Reader::Warc(reader) => reader.next_batch(),
        }
    }
}

/// What begins as one of these formats does.
pub(crate) fn format_of_head(head: &[u8]) -> Option<Format> {
    [(&b"PAR1"[..], Format::Parquet), (b"WARC/1.", Format::Warc)]
        .into_iter()
        .find_map(|(magic, format)| head.starts_with(magic).then_some(format))
}

/// A file that can be read at any place: the source's own, or where it is packed or a stream, a copy without a name.
fn file(source: &Source, mut bytes: Peeked) -> Result<File, Fault> {
    if let Some(mut file) = source.plain_file()? {
        let mut head = [0; 4];
        let is_packed = file.read_exact(&mut head).is_err() || format_of_head(&head) != Some(Format::Parquet);
        if !is_packed {
            file.seek(SeekFrom::Start(0))?;
            source.leave_digest()?;
            return Ok(file);
        }
    }
    let mut copy = tempfile::tempfile()?;
    io::copy(&mut bytes, &mut copy)?;
    copy.seek(SeekFrom::Start(0))?;
    Ok(copy)
}
