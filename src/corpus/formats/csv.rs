//! CSV and TSV with a header: cells in quotes may hold delimiters and line breaks, and quotes twice.
//!
//! Every cell is text. Behind a damaged place nobody can tell whether a quote opens or closes, so reading ends there.

use super::super::batches::{Batch, check_len, too_long};
use super::super::inputs::{Format, Source};
use super::super::problem::{Code, Fault, Place, Problem};
use super::super::stream::Stream;
use super::rows::{self, Load, Table};
use super::table::Plan;
use crate::decode;
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, StringArray};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_json::writer::{EncoderOptions, make_encoder};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use encoding_rs::Encoding;
use std::sync::Arc;

/// What stands between the cells of this format.
pub(crate) fn delimiter(format: Format) -> u8 {
    if format == Format::Tsv { b'\t' } else { b',' }
}

/// Rows of a file as they stand there.
#[derive(Debug)]
pub(crate) struct Lines {
    pub bytes: Vec<u8>,
    delimiter: u8,
    encoding: &'static Encoding,
    /// Of the first row: its number, its line, and the bytes before it.
    row: u64,
    line: u64,
    offset: u64,
}

/// Cuts a file at its rows.
pub(crate) struct Reader {
    source: Arc<Source>,
    plan: Option<Arc<Plan>>,
    stream: Stream,
    encoding: &'static Encoding,
    delimiter: u8,
    /// Bytes that a row may have.
    most: u64,
    /// What has been read and not been handed out.
    rest: Vec<u8>,
    row: u64,
    line: u64,
    offset: u64,
    has_begun: bool,
}

/// Where a scan through rows is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Bare,
    Quoted,
    /// Behind a quote in a quoted cell, which ends it unless another follows.
    Quote,
}

impl At {
    fn behind(self, byte: u8, delimiter: u8) -> At {
        match (self, byte) {
            (At::CellStart, b'"') | (At::Quote, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => At::Quoted,
            (_, b'\n') => At::CellStart,
            (_, byte) if byte == delimiter => At::CellStart,
            _ => At::Bare,
        }
    }
}

/// Where rows end, in order, and where the scan is behind the bytes.
struct Scan {
    at: At,
    len: usize,
    delimiter: u8,
}

impl Scan {
    fn new(delimiter: u8) -> Self {
        Scan { at: At::CellStart, len: 0, delimiter }
    }

    /// The end of the next row; `None` where it is not among the bytes.
    fn next_end(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(&byte) = bytes.get(self.len) {
            self.len += 1;
            self.at = self.at.behind(byte, self.delimiter);
            if byte == b'\n' && self.at == At::CellStart {
                return Some(self.len);
            }
        }
        None
    }
}

impl Reader {
    /// A reader that has read the header.
    ///
    /// # Errors
    /// Where there is none.
    pub fn open(
        source: Arc<Source>,
        stream: Stream,
        encoding: &'static Encoding,
        delimiter: u8,
        most: u64,
    ) -> Result<(Self, SchemaRef), Fault> {
        let mut reader = Reader {
            source,
            plan: None,
            stream,
            encoding,
            delimiter,
            most,
            rest: Vec::new(),
            row: 1,
            line: 1,
            offset: 0,
            has_begun: false,
        };
        let mut scan = Scan::new(delimiter);
        let end = loop {
            if let Some(end) = scan.next_end(&reader.rest) {
                break end;
            }
            if reader.rest.len() as u64 > most {
                return Err(too_long(most));
            }
            if reader.stream.read_piece(&mut reader.rest)? == 0 {
                break reader.rest.len();
            }
        };
        let header = reader.take(end);
        let cells = cells(&header, encoding, delimiter)?;
        if cells.iter().all(String::is_empty) {
            return Err(Fault::new(Code::Malformed, "no header"));
        }
        let columns: Vec<_> = cells.into_iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
        Ok((reader, Arc::new(Schema::new(columns))))
    }

    pub fn set_plan(&mut self, plan: Arc<Plan>) {
        self.plan = Some(plan);
    }

    /// The next rows, and what is wrong behind them.
    pub fn next_batch(&mut self) -> (Batch, Option<Problem>) {
        let mut scan = Scan::new(self.delimiter);
        loop {
            let (mut end, mut rows) = (0, 0);
            while let Some(next) = scan.next_end(&self.rest) {
                rows += u64::from(!is_blank(&self.rest[end..next]));
                end = next;
            }
            if end > 0 {
                let batch = self.batch(end, false);
                self.row += rows;
                return (batch, None);
            }
            if self.rest.len() as u64 > self.most {
                return self.skip_row();
            }
            match self.stream.read_piece(&mut self.rest) {
                Ok(0) if scan.at == At::Quoted => {
                    let problem = self.problem(Fault::new(Code::Malformed, "a quote is never closed"));
                    let problem = Problem { raw: std::mem::take(&mut self.rest).into(), ..problem };
                    return (self.batch(0, true), Some(problem));
                }
                Ok(0) => return (self.batch(self.rest.len(), true), None),
                Ok(_) => {}
                Err(fault) => {
                    let end = if fault.code == Code::Trailing { self.rest.len() } else { 0 };
                    let problem = self.problem(fault);
                    return (self.batch(end, true), Some(problem));
                }
            }
        }
    }

    /// Passes over a row that is too long, up to the end of a line: its quotes have led too far to be believed.
    fn skip_row(&mut self) -> (Batch, Option<Problem>) {
        let problem = Problem { raw: self.rest.as_slice().into(), ..self.problem(too_long(self.most)) };
        self.row += 1;
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.rest) {
                self.take(end + 1);
                return (self.batch(0, false), Some(problem));
            }
            self.take(self.rest.len());
            match self.stream.read_piece(&mut self.rest) {
                Ok(read) if read > 0 => {}
                result => {
                    self.stream.put_back(result.err());
                    return (self.batch(0, false), Some(problem));
                }
            }
        }
    }

    fn problem(&self, fault: Fault) -> Problem {
        self.source.problem(fault).at(Place::Line { number: self.line, offset: self.offset })
    }

    /// Takes bytes from the beginning of the rest.
    fn take(&mut self, len: usize) -> Vec<u8> {
        let rest = self.rest.split_off(len);
        let taken = std::mem::replace(&mut self.rest, rest);
        self.line += memchr::memchr_iter(b'\n', &taken).count() as u64;
        self.offset += taken.len() as u64;
        taken
    }

    fn batch(&mut self, len: usize, is_last: bool) -> Batch {
        let (row, line, offset) = (self.row, self.line, self.offset);
        let lines =
            Lines { bytes: self.take(len), delimiter: self.delimiter, encoding: self.encoding, row, line, offset };
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let plan = self.plan.as_ref().expect("a plan is made before rows are read");
        rows::batch(&self.source, plan, Load::Lines(lines), is_first, is_last)
    }
}

impl Lines {
    pub fn format(&self) -> Format {
        if self.delimiter == b'\t' { Format::Tsv } else { Format::Csv }
    }

    /// Every row with its line and offset, blank lines left out.
    fn rows(&self) -> impl Iterator<Item = (u64, u64, &[u8])> {
        let mut scan = Scan::new(self.delimiter);
        let (mut start, mut line) = (0, self.line);
        let rows = std::iter::from_fn(move || {
            let end = scan.next_end(&self.bytes).or((start < self.bytes.len()).then_some(self.bytes.len()))?;
            let row = &self.bytes[start..end];
            let found = (line, self.offset + start as u64, row);
            line += memchr::memchr_iter(b'\n', row).count() as u64;
            start = end;
            Some(found)
        });
        rows.filter(|(.., row)| !is_blank(row))
    }

    /// The rows as a table, and those that cannot be in it.
    pub fn table(&self, source: &Source, plan: &Plan, most: u64, problems: &mut Vec<Problem>) -> Table {
        let width = plan.input.fields().len();
        let mut columns: Vec<_> = (0..width).map(|_| StringBuilder::new()).collect();
        let mut places = Vec::new();
        for (number, (line, offset, row)) in (self.row..).zip(self.rows()) {
            let place = Place::Line { number: line, offset };
            let read = || {
                check_len(row.len(), most)?;
                let cells = cells(row, self.encoding, self.delimiter)?;
                if cells.len() == width {
                    return Ok(cells);
                }
                Err(Fault::new(Code::Malformed, format!("{} cells, where the header has {width}", cells.len())))
            };
            match read() {
                Ok(cells) => {
                    columns.iter_mut().zip(cells).for_each(|(column, cell)| column.append_value(cell));
                    places.push((number, place));
                }
                Err(fault) => problems.push(Problem { raw: row.into(), ..source.problem(fault).at(place) }),
            }
        }
        let columns = columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(places.len()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&plan.input), columns, &options);
        Table { batch: batch.expect("every column is text"), places }
    }
}

/// A line that is no row.
fn is_blank(row: &[u8]) -> bool {
    matches!(row, [b'\n'] | [b'\r', b'\n'] | [b'\r'])
}

/// The cells of a row.
fn cells(row: &[u8], encoding: &'static Encoding, delimiter: u8) -> Result<Vec<String>, Fault> {
    let row = decode::line(row, encoding).map_err(|reason| Fault::new(Code::Encoding, reason))?;
    let mut reader = ::csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(row.len().max(1));
    let record = reader.from_reader(row.as_bytes()).into_records().next();
    let record = record.transpose().map_err(|error| Fault::new(Code::Malformed, error))?;
    Ok(record.map_or_else(Vec::new, |record| record.iter().map(str::to_owned).collect()))
}

/// A header as a row.
pub(crate) fn head(schema: &Schema, delimiter: u8) -> Vec<u8> {
    written(delimiter, |writer| writer.write_record(schema.fields().iter().map(|field| field.name())))
}

/// A batch with every value as the text that stands for it in a cell. Lists and whatever else is nested become JSON.
///
/// # Errors
/// Where values cannot be written.
pub(crate) fn spelled(batch: &RecordBatch) -> Result<RecordBatch, Fault> {
    let spelled = || {
        let schema = batch.schema();
        let fields = schema.fields().iter().map(|field| Field::new(field.name(), DataType::Utf8, true));
        let columns = schema.fields().iter().zip(batch.columns());
        let shared = |spelled| Arc::new(spelled) as ArrayRef;
        let columns = columns.map(|(field, column)| spelled_column(field, column).map(shared));
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let fields: Vec<_> = fields.collect();
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns.collect::<Result<_, _>>()?, &options)
    };
    spelled().map_err(|error: ArrowError| Fault::new(Code::Unsuited, error))
}

/// A column with every value as the text that stands for it in a cell.
///
/// # Errors
/// Where values cannot be written.
pub(crate) fn spelled_column(field: &Arc<Field>, column: &ArrayRef) -> Result<StringArray, ArrowError> {
    if let Some(strings) = column.as_string_opt() {
        return Ok(strings.clone());
    }
    let mut cells = Cells::new(field, column)?;
    (0..column.len()).map(|row| column.is_valid(row).then(|| cells.cell(row)).transpose()).collect()
}

/// Rows of [spelled] values.
pub(crate) fn bytes(spelled: &RecordBatch, delimiter: u8) -> Vec<u8> {
    let columns: Vec<&StringArray> = spelled.columns().iter().map(|column| column.as_string()).collect();
    written(delimiter, |writer| {
        for row in 0..spelled.num_rows() {
            writer
                .write_record(columns.iter().map(|column| if column.is_null(row) { "" } else { column.value(row) }))?;
        }
        Ok(())
    })
}

fn written(delimiter: u8, write: impl FnOnce(&mut ::csv::Writer<Vec<u8>>) -> ::csv::Result<()>) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    write(&mut writer).expect("memory can always be written to");
    writer.into_inner().expect("memory can always be written to")
}

/// How the values of a column are spelled.
enum Cells<'c> {
    Plain(ArrayFormatter<'c>),
    Json(arrow_json::writer::NullableEncoder<'c>),
}

impl<'c> Cells<'c> {
    fn new(field: &'c Arc<Field>, column: &'c ArrayRef) -> Result<Self, ArrowError> {
        static OPTIONS: std::sync::LazyLock<EncoderOptions> = std::sync::LazyLock::new(EncoderOptions::default);
        const PLAIN: FormatOptions = FormatOptions::new();
        Ok(match column.data_type().is_nested() {
            true => Cells::Json(make_encoder(field, column.as_ref(), &OPTIONS)?),
            false => Cells::Plain(ArrayFormatter::try_new(column.as_ref(), &PLAIN)?),
        })
    }

    fn cell(&mut self, row: usize) -> Result<String, ArrowError> {
        match self {
            Cells::Plain(formatter) => formatter.value(row).try_to_string(),
            Cells::Json(encoder) if encoder.is_null(row) => Ok(String::new()),
            Cells::Json(encoder) => {
                let mut json = Vec::new();
                encoder.encode(row, &mut json);
                String::from_utf8(json).map_err(|error| ArrowError::JsonError(error.to_string()))
            }
        }
    }
}
