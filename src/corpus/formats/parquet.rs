//! Parquet: row groups in, one after another, and row groups out, cut by a fixed rule.

use super::super::batches::Batch;
use super::super::inputs::Source;
use super::super::problem::{Code, Fault, Problem};
use super::super::stream::PIECE;
use super::rows::{self, Load};
use super::table::Plan;
use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::bloom_filter::Sbbf;
use ::parquet::column::writer::ColumnCloseResult;
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::metadata::{KeyValue, PageIndexPolicy, ParquetMetaDataReader};
use ::parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use ::parquet::file::writer::SerializedFileWriter;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::fs::File;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Rows of a batch at most.
const ROWS: u64 = 1024;

/// Reads a file row group by row group.
pub(crate) struct Reader {
    source: Arc<Source>,
    plan: Arc<Plan>,
    file: File,
    metadata: ArrowReaderMetadata,
    /// The row group that comes next.
    next_group: usize,
    group: Option<ParquetRecordBatchReader>,
    /// The number of the next row, and of the first behind the row group.
    row: u64,
    group_end: u64,
    has_begun: bool,
}

/// What a file says of itself.
///
/// # Errors
/// Where it is no Parquet file.
pub(crate) fn metadata(file: &File) -> std::result::Result<ArrowReaderMetadata, Fault> {
    guarded(|| ArrowReaderMetadata::load(file, ArrowReaderOptions::new()))
        .map_err(|reason| Fault::new(Code::Corrupt, format!("no Parquet that can be read: {reason}")))
}

/// Damaged files make the decoder panic here and there.
fn guarded<T, E: ToString>(read: impl FnOnce() -> std::result::Result<T, E>) -> std::result::Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("it makes the decoder fail".to_owned()),
    }
}

impl Reader {
    pub fn new(source: Arc<Source>, plan: Arc<Plan>, file: File, metadata: ArrowReaderMetadata) -> Self {
        Reader { source, plan, file, metadata, next_group: 0, group: None, row: 1, group_end: 1, has_begun: false }
    }

    /// The next rows, and what is wrong in place of those that follow.
    pub fn next_batch(&mut self) -> (Batch, Option<Problem>) {
        let result = guarded(|| self.read());
        let (batch, problem) = match result {
            Ok(batch) => (batch, None),
            Err(reason) => {
                let reason = format!("row group {} cannot be read: {reason}", self.next_group);
                self.group = None;
                self.row = self.group_end;
                (None, Some(self.source.problem(Fault::new(Code::Corrupt, reason))))
            }
        };
        let is_last = self.group.is_none() && self.next_group == self.metadata.metadata().num_row_groups();
        let batch = batch.unwrap_or_else(|| RecordBatch::new_empty(Arc::clone(&self.plan.input)));
        let first = self.row;
        self.row += batch.num_rows() as u64;
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        (rows::batch(&self.source, &self.plan, Load::Table(batch, first), is_first, is_last), problem)
    }

    /// The next rows, or `None` at the end of a row group.
    fn read(&mut self) -> std::result::Result<Option<RecordBatch>, ParquetError> {
        if self.group.is_none() {
            self.open_group()?;
        }
        let Some(group) = &mut self.group else { return Ok(None) };
        let batch = group.next().transpose()?;
        if batch.is_none() {
            self.group = None;
            self.row = self.group_end;
        }
        Ok(batch)
    }

    fn open_group(&mut self) -> std::result::Result<(), ParquetError> {
        let metadata = self.metadata.metadata();
        if self.next_group == metadata.num_row_groups() {
            return Ok(());
        }
        let group = metadata.row_group(self.next_group);
        let rows = u64::try_from(group.num_rows()).unwrap_or(0);
        let bytes = u64::try_from(group.total_byte_size()).unwrap_or(0);
        // By the file's own word, so that it always comes out the same.
        let size = (PIECE as u64 * rows / bytes.max(1)).clamp(1, ROWS);
        self.next_group += 1;
        self.group_end = self.row + rows;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.try_clone()?, self.metadata.clone());
        let builder = builder.with_row_groups(vec![self.next_group - 1]).with_batch_size(size as usize);
        self.group = Some(builder.build()?);
        Ok(())
    }
}

/// Rows of a row group at most.
const GROUP_ROWS: usize = 1 << 16;

/// Bytes, encoded, from which on a row group is closed.
const GROUP_BYTES: usize = 64 << 20;

/// How files are written that hold rows of this schema.
pub(crate) fn properties(schema: &SchemaRef) -> WriterProperties {
    // Beside the schema that Arrow keeps for itself, for those who look for it there.
    let said = schema.metadata().iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    let mut said: Vec<_> = said.collect();
    said.sort_by(|a, b| a.key.cmp(&b.key));
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata((!said.is_empty()).then_some(said))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .build()
}

/// A Parquet file under way. Where row groups end depends on the batches alone.
pub(crate) struct ParquetFile<W: Write + Send>(ArrowWriter<W>);

impl<W: Write + Send> ParquetFile<W> {
    /// # Errors
    /// Where a column is of a type that Parquet has not, or the file cannot be written.
    pub fn new(out: W, schema: &SchemaRef) -> Result<Self> {
        Ok(ParquetFile(ArrowWriter::try_new(out, Arc::clone(schema), Some(properties(schema)))?))
    }

    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.0.write(batch)?;
        if self.0.in_progress_size() >= GROUP_BYTES {
            self.0.flush()?;
        }
        Ok(())
    }

    /// What is written to.
    pub fn inner_mut(&mut self) -> &mut W {
        self.0.inner_mut()
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish(self) -> Result<W> {
        self.0.into_inner()
    }
}

/// Writes the row groups of several files of one schema into one, without decoding them.
///
/// # Errors
/// Where a part cannot be read or is of another schema, or the file cannot be written.
#[cfg_attr(not(test), expect(dead_code, reason = "runs that go on inside a file will need it"))]
pub(crate) fn join<W: Write + Send>(parts: &[File], out: W) -> Result<()> {
    let read = |part: &File| {
        ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional).parse_and_finish(part)
    };
    let metadata = parts.iter().map(read).collect::<Result<Vec<_>>>()?;
    let first = metadata.first().ok_or_else(|| ParquetError::General("nothing to join".to_owned()))?.file_metadata();
    let schema = first.schema_descr().root_schema_ptr();
    let properties = WriterProperties::builder().set_key_value_metadata(first.key_value_metadata().cloned()).build();
    let mut writer = SerializedFileWriter::new(out, schema, WriterPropertiesPtr::new(properties))?;
    for (part, metadata) in parts.iter().zip(&metadata) {
        if metadata.file_metadata().schema() != first.schema() {
            return Err(ParquetError::General("the parts are of different schemas".to_owned()));
        }
        for (at, group) in metadata.row_groups().iter().enumerate() {
            let mut copy = writer.next_row_group()?;
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
    }
    writer.close().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use arrow_array::{ArrayRef, Int64Array, StringArray};
    use std::io::Read;

    fn rows(from: i64) -> RecordBatch {
        let texts: StringArray = (from..from + 10).map(|n| (n % 3 > 0).then(|| format!("text {n}"))).collect();
        let numbers = Int64Array::from_iter_values(from..from + 10);
        RecordBatch::try_from_iter([("n", Arc::new(numbers) as ArrayRef), ("text", Arc::new(texts))]).expect("rows")
    }

    fn part(batches: &[RecordBatch]) -> File {
        let mut file = ParquetFile::new(tempfile::tempfile().expect("a file"), &batches[0].schema()).expect("a file");
        batches.iter().for_each(|batch| file.write(batch).expect("written"));
        file.finish().expect("finished")
    }

    #[test]
    fn joined_parts_hold_what_the_parts_hold() {
        let parts = [part(&[rows(0), rows(10)]), part(&[rows(20)])];
        let mut whole = tempfile::NamedTempFile::new().expect("a file");
        join(&parts, whole.as_file_mut()).expect("joined");
        let reader = ParquetRecordBatchReaderBuilder::try_new(whole.reopen().expect("a file")).expect("Parquet");
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let read: Vec<RecordBatch> = reader.build().expect("rows").map(|batch| batch.expect("rows")).collect();
        let read = arrow_select::concat::concat_batches(&read[0].schema(), &read).expect("one schema");
        let wanted =
            arrow_select::concat::concat_batches(&rows(0).schema(), &[rows(0), rows(10), rows(20)]).expect("one");
        assert_eq!(read, wanted);
        let mut bytes = Vec::new();
        whole.reopen().expect("a file").read_to_end(&mut bytes).expect("read");
        assert_eq!((&bytes[..4], &bytes[bytes.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
    }
}
