//! Writing Parquet row group by row group, so that another run can go on behind any of them.
//!
//! The end of a Parquet file tells where everything in it is, so its beginning alone is worth nothing. What the end has to
//! tell of a row group is therefore kept beside the file, as a [`Tail`]. Every row group is first made as a file of its own,
//! whose column chunks are then copied: of a tail and the bytes in the draft that file can be had again, so who goes on
//! takes the same way, and the end comes out the same.

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::bloom_filter::Sbbf;
use ::parquet::column::writer::ColumnCloseResult;
use ::parquet::errors::Result;
use ::parquet::file::metadata::{KeyValue, PageIndexPolicy, ParquetMetaDataOptions, ParquetMetaDataReader};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use std::io::{Read, Write};

/// Rows from which on a row group is closed.
const ROWS: usize = 1 << 16;

/// What a file begins with.
const MAGIC: &[u8] = b"PAR1";

/// What a file's end has to tell of a row group.
pub(crate) struct Tail {
    /// Bytes of the row group.
    pub len: u64,
    /// What follows them in a file that holds nothing else.
    pub end: Vec<u8>,
}

/// A Parquet file under way.
pub(crate) struct ParquetFile {
    schema: SchemaRef,
    /// The row groups that are whole.
    whole: SerializedFileWriter<Vec<u8>>,
    /// The one that is being filled, as a file of its own.
    group: Option<ArrowWriter<Vec<u8>>>,
}

impl ParquetFile {
    /// # Errors
    /// Where a column is of a type that Parquet has not.
    pub fn new(schema: SchemaRef) -> Result<Self> {
        let (whole, _) = writer(&schema)?.into_serialized_writer()?;
        Ok(ParquetFile { schema, whole, group: None })
    }

    /// Goes on with a file that holds these row groups; `None` where there are none.
    ///
    /// # Errors
    /// Where the file does not hold them.
    pub fn resume(mut draft: impl Read, tails: &[Tail]) -> Result<Option<Self>> {
        draft.read_exact(&mut [0; MAGIC.len()])?;
        let mut resumed: Option<Self> = None;
        for Tail { len, end } in tails {
            let mut group = MAGIC.to_vec();
            draft.by_ref().take(*len).read_to_end(&mut group)?;
            group.extend_from_slice(end);
            let group = Bytes::from(group);
            let file = match &mut resumed {
                Some(file) => file,
                None => resumed.insert(Self::new(columns(&group)?)?),
            };
            append(&mut file.whole, &group)?;
            // That stands in the draft.
            file.take_bytes()?;
        }
        Ok(resumed)
    }

    /// The columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// True where all rows are in row groups that are whole, and there is one.
    pub fn is_whole(&self) -> bool {
        self.group.is_none() && !self.whole.flushed_row_groups().is_empty()
    }

    /// # Errors
    /// Where the rows cannot be written.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        if rows.num_rows() == 0 {
            return Ok(());
        }
        let group = match &mut self.group {
            Some(group) => group,
            None => self.group.insert(writer(&self.schema)?),
        };
        group.write(rows)
    }

    /// True where the row group that is being filled has so many bytes, encoded, or very many rows.
    pub fn is_full(&self, bytes: u64) -> bool {
        let is_full = |it: &ArrowWriter<_>| it.in_progress_rows() >= ROWS || it.in_progress_size() as u64 >= bytes;
        self.group.as_ref().is_some_and(is_full)
    }

    /// Closes the row group that is being filled, and hands out the bytes that come next in the file.
    ///
    /// # Errors
    /// Where it cannot be encoded, or the file has as many as there may be.
    pub fn end_group(&mut self) -> Result<(Vec<u8>, Option<Tail>)> {
        let Some(group) = self.group.take() else { return Ok((Vec::new(), None)) };
        let group = Bytes::from(group.into_inner()?);
        let len = append(&mut self.whole, &group)?;
        let tail = Tail { len, end: group[MAGIC.len() + len as usize..].to_vec() };
        Ok((self.take_bytes()?, Some(tail)))
    }

    /// Ends the file, and hands out the bytes that come last.
    ///
    /// # Errors
    /// As [`end_group`](Self::end_group)
    pub fn finish(mut self) -> Result<Vec<u8>> {
        if let Some(group) = self.group.take() {
            append(&mut self.whole, &group.into_inner()?.into())?;
        }
        self.whole.into_inner()
    }

    fn take_bytes(&mut self) -> Result<Vec<u8>> {
        self.whole.flush()?;
        Ok(std::mem::take(self.whole.inner_mut()))
    }
}

/// The columns of a file.
///
/// # Errors
/// Where it is none.
pub(crate) fn columns(file: &Bytes) -> Result<SchemaRef> {
    let metadata = ArrowReaderMetadata::load(file, ArrowReaderOptions::new())?;
    Ok(SchemaRef::clone(metadata.schema()))
}

/// What writes a file of rows of this schema.
fn writer(schema: &SchemaRef) -> Result<ArrowWriter<Vec<u8>>> {
    // Beside the schema that Arrow keeps for itself, for those who look for it there.
    let said = schema.metadata().iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    let mut said: Vec<_> = said.collect();
    said.sort_by(|a, b| a.key.cmp(&b.key));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata((!said.is_empty()).then_some(said))
        .set_max_row_group_row_count(None)
        .build();
    ArrowWriter::try_new(Vec::new(), SchemaRef::clone(schema), Some(properties))
}

/// Copies the row groups of a file behind those of another, without decoding them, and tells how many bytes they have.
fn append<W: Write + Send>(whole: &mut SerializedFileWriter<W>, part: &Bytes) -> Result<u64> {
    // Read in full, or they would not be written again as they were.
    let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
    let metadata = ParquetMetaDataReader::new()
        .with_page_index_policy(PageIndexPolicy::Optional)
        .with_metadata_options(Some(options))
        .parse_and_finish(part)?;
    let before = whole.bytes_written();
    for (at, group) in metadata.row_groups().iter().enumerate() {
        let mut copy = whole.next_row_group()?;
        for (column, chunk) in group.columns().iter().enumerate() {
            let column_index = metadata.column_index().and_then(|index| index.get(at)?.get(column)).cloned();
            let offset_index = metadata.offset_index().and_then(|index| index.get(at)?.get(column)).cloned();
            let close = ColumnCloseResult {
                bytes_written: u64::try_from(chunk.compressed_size()).unwrap_or(0),
                rows_written: u64::try_from(group.num_rows()).unwrap_or(0),
                metadata: chunk.clone(),
                bloom_filter: Sbbf::read_from_column_chunk(chunk, part)?,
                column_index,
                offset_index,
            };
            copy.append_column(part, close)?;
        }
        copy.close()?;
    }
    Ok((whole.bytes_written() - before) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use arrow_array::{ArrayRef, Int64Array, StringArray};
    use std::sync::Arc;

    fn rows(from: i64) -> RecordBatch {
        let texts: StringArray = (from..from + 10).map(|n| (n % 3 > 0).then(|| format!("text {n}"))).collect();
        let numbers = Int64Array::from_iter_values(from..from + 10);
        RecordBatch::try_from_iter([("n", Arc::new(numbers) as ArrayRef), ("text", Arc::new(texts))]).expect("rows")
    }

    /// Writes groups of two batches, from one on as who goes on behind it.
    fn written(resumed_behind: Option<usize>) -> Vec<u8> {
        let mut file = ParquetFile::new(rows(0).schema()).expect("a file");
        let (mut bytes, mut tails) = (Vec::new(), Vec::new());
        for group in 0..4 {
            for batch in 0..2 {
                file.write(&rows(group * 20 + batch * 10)).expect("written");
            }
            let (more, tail) = file.end_group().expect("a row group");
            bytes.extend(more);
            tails.extend(tail);
            if resumed_behind == Some(tails.len()) {
                file.write(&rows(7)).expect("written");
                file = ParquetFile::resume(&*bytes, &tails).expect("as it was").expect("a file");
            }
        }
        bytes.extend(file.finish().expect("finished"));
        bytes
    }

    #[test]
    fn a_file_that_is_gone_on_with_ends_as_one_that_was_not() {
        let wanted = written(None);
        for behind in 1..=4 {
            assert!(written(Some(behind)) == wanted, "{behind}");
        }
        let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(wanted)).expect("Parquet");
        assert_eq!(reader.metadata().num_row_groups(), 4);
        let read: Vec<RecordBatch> = reader.build().expect("rows").map(|batch| batch.expect("rows")).collect();
        let all: Vec<RecordBatch> = (0..8).map(|batch| rows(batch * 10)).collect();
        let together = |batches: &[RecordBatch]| {
            arrow_select::concat::concat_batches(&rows(0).schema(), batches).expect("one schema")
        };
        assert_eq!(together(&read), together(&all));
    }
}
