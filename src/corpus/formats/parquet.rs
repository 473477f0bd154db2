//! Reading Parquet, row group by row group.

use super::super::batches::Batch;
use super::super::inputs::Source;
use super::super::problem::{Code, Fault, Problem};
use super::super::stream::PIECE;
use super::rows::{self, Load};
use super::table::Plan;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::basic::{Encoding, Type};
use ::parquet::column::page::{Page, PageReader};
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use ::parquet::file::serialized_reader::SerializedPageReader;
use arrow_array::RecordBatch;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Rows of a batch at most.
const ROWS: u64 = 1024;

/// Bytes of a batch at most, where every row is as long as a row of its row group may be.
const LONGEST: u64 = 8 << 20;

/// Reads a file row group by row group.
pub(crate) struct Reader {
    source: Arc<Source>,
    plan: Arc<Plan>,
    file: File,
    metadata: ArrowReaderMetadata,
    /// Bytes that a row may have.
    most: u64,
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
    pub fn new(source: Arc<Source>, plan: Arc<Plan>, file: File, metadata: ArrowReaderMetadata, most: u64) -> Self {
        Reader {
            source,
            plan,
            file,
            metadata,
            most,
            next_group: 0,
            group: None,
            row: 1,
            group_end: 1,
            has_begun: false,
        }
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
        self.next_group += 1;
        self.group_end = self.row + rows;
        let size = self.batch_size(group)?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.try_clone()?, self.metadata.clone());
        let builder = builder.with_row_groups(vec![self.next_group - 1]).with_batch_size(size);
        self.group = Some(builder.build()?);
        Ok(())
    }

    /// How many rows to read at a time: of rows as long as those of the row group are on average as many as are worth
    /// sharing out, and of rows as long as they may be no more than there is room for. It depends on the file alone.
    fn batch_size(&self, group: &RowGroupMetaData) -> Result<usize> {
        let rows = u64::try_from(group.num_rows()).unwrap_or(0).max(1);
        let (mut all, mut longest) = (0_u64, 0_u64);
        for chunk in group.columns() {
            let bytes = u64::try_from(chunk.uncompressed_size()).unwrap_or(0);
            let values = u64::try_from(chunk.num_values()).unwrap_or(0);
            all = all.saturating_add(bytes.max(values.saturating_mul(8)));
            // A row of lists has several.
            longest = longest.saturating_add(self.longest_value(chunk, rows)?.saturating_mul(values.div_ceil(rows)));
        }
        let size = (PIECE as u64).saturating_mul(rows) / all.max(1);
        Ok(size.min(LONGEST / longest.max(1)).clamp(1, ROWS) as usize)
    }

    /// How long a value can be that takes less in its page; nothing where every value stands there in full.
    fn longest_value(&self, chunk: &ColumnChunkMetaData, rows: u64) -> Result<u64> {
        match chunk.column_type() {
            Type::BYTE_ARRAY => {}
            Type::FIXED_LEN_BYTE_ARRAY => return Ok(chunk.column_descr().type_length().try_into().unwrap_or(0)),
            _ => return Ok(0),
        }
        if chunk.encodings().any(|encoding| encoding == Encoding::DELTA_BYTE_ARRAY) {
            // It begins as the one before, however long that is.
            return Ok(self.most.min(u64::try_from(chunk.uncompressed_size()).unwrap_or(0)));
        }
        let mut pages = SerializedPageReader::new(Arc::new(self.file.try_clone()?), chunk, rows as usize, None)?;
        if !pages.peek_next_page()?.is_some_and(|page| page.is_dict) {
            return Ok(0);
        }
        Ok(match pages.get_next_page()? {
            Some(Page::DictionaryPage { buf, .. }) => lengths(&buf).max().unwrap_or(0),
            _ => 0,
        })
    }
}

/// The lengths of the values in a dictionary, each of which stands before its value.
fn lengths(mut dictionary: &[u8]) -> impl Iterator<Item = u64> {
    std::iter::from_fn(move || {
        let (len, rest) = dictionary.split_first_chunk()?;
        let len = u32::from_le_bytes(*len);
        dictionary = rest.get(len as usize..)?;
        Some(len.into())
    })
}
