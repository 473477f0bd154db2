//! Rows that hold documents: which columns are looked at, and the rows that come out.

use super::super::Fields;
use super::super::inputs::{Origin, Source};
use super::super::problem::{Code, Fault};
use super::csv;
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a page's row gets, where it lacks it, beside url, text and captions.
pub(crate) const SAID: [&str; 7] = ["title", "author", "date", "lang", "description", "site", "kind"];

/// The column of lists.
pub(crate) const CAPTIONS: &str = "captions";

/// The columns of rows, and which of them are looked at.
#[derive(Debug)]
pub(crate) struct Plan {
    pub input: SchemaRef,
    pub output: SchemaRef,
    id: Option<usize>,
    text: Option<usize>,
    html: Option<usize>,
    url: Option<usize>,
    site: Option<usize>,
    /// Where each column of the output comes from.
    sources: Vec<From>,
    text_name: String,
}

#[derive(Debug)]
enum From {
    /// A column as it came.
    Kept(usize),
    /// The text.
    Text(usize),
    /// A column that is filled where it holds nothing.
    Filled(usize),
    /// What a page says.
    New,
}

/// What becomes of a row.
pub(crate) enum Outcome {
    /// It goes out as it came.
    Same,
    Text(String),
    Page(Map<String, Value>),
}

/// A row as far as it is looked at.
pub(crate) struct Row<'t> {
    pub id: Option<&'t str>,
    pub text: Option<&'t str>,
    pub html: Option<&'t str>,
    pub url: Option<&'t str>,
    /// The site that the row names.
    pub site: Option<&'t str>,
}

impl<'t> Row<'t> {
    /// Where the row's document is from.
    pub fn origin(&self, source: &'t Source) -> Origin<'t> {
        Origin { url: self.url, site: self.site, file: &source.name }
    }
}

/// The columns that are looked at, as text.
pub(crate) struct Columns {
    id: Option<StringArray>,
    text: Option<StringArray>,
    html: Option<StringArray>,
    url: Option<StringArray>,
    site: Option<StringArray>,
}

impl Plan {
    /// A plan for a table that has a column with text, or one with HTML. Where it has both, the text counts unless the
    /// fields say otherwise.
    ///
    /// # Errors
    /// Where it has neither, or not as text.
    pub fn of_table(input: SchemaRef, fields: &Fields) -> Result<Self, Fault> {
        let column = |name: &str| input.index_of(name).ok();
        let (text, html) = (column(&fields.text), fields.html.as_deref().and_then(column));
        let html = html.filter(|_| text.is_none() || fields.prefers_html);
        let looked_at = html.or(text).ok_or_else(|| {
            let html = fields.html.as_ref().map_or(String::new(), |html| format!(" and none called `{html}`"));
            Fault::new(Code::Field, format!("no column called `{}`{html}", fields.text))
        })?;
        let field = input.field(looked_at);
        if !is_text_type(field.data_type()) {
            let reason = format!("the column `{}` holds {}, not text", field.name(), field.data_type());
            return Err(Fault::new(Code::Field, reason));
        }
        Ok(Plan::new(input, text.filter(|_| html.is_none()), html, fields))
    }

    /// A plan for rows of which each has a text or a page.
    pub fn of_archive(has_pages: bool, fields: &Fields) -> Self {
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let html = fields.html.as_deref().unwrap_or("html");
        let mut columns = vec![text(&fields.id), text(&fields.url), text("warc_date")];
        columns.extend(has_pages.then(|| text(html)));
        columns.push(text(&fields.text));
        let at = |name: &str| columns.iter().position(|column| column.name() == name);
        let (text, html) = (at(&fields.text), if has_pages { at(html) } else { None });
        Plan::new(Arc::new(Schema::new(columns)), text, html, fields)
    }

    fn new(input: SchemaRef, text: Option<usize>, html: Option<usize>, fields: &Fields) -> Self {
        let (mut columns, mut sources) = (Vec::new(), Vec::new());
        for (at, field) in input.fields().iter().enumerate().filter(|&(at, _)| Some(at) != html) {
            let is_text = text == Some(at) || (html.is_some() && *field.name() == fields.text);
            let is_open = *field.name() == fields.url || SAID.contains(&field.name().as_str());
            sources.push(match is_text_type(field.data_type()) {
                true if is_text => From::Text(at),
                true if html.is_some() && is_open => From::Filled(at),
                _ => From::Kept(at),
            });
            columns.push(Arc::clone(field));
        }
        let news = [fields.url.as_str()].into_iter().chain(SAID).chain([fields.text.as_str(), CAPTIONS]);
        for name in news.filter(|_| html.is_some()) {
            if input.index_of(name).is_err() {
                columns.push(Arc::new(Field::new(name, said_type(name), true)));
                sources.push(From::New);
            }
        }
        let output = Arc::new(Schema::new_with_metadata(columns, input.metadata().clone()));
        let column = |name: &str| input.index_of(name).ok();
        let (id, url, site) = (column(&fields.id), column(&fields.url), fields.site.as_deref().and_then(column));
        Plan { id, url, site, text, html, output, sources, text_name: fields.text.clone(), input }
    }

    /// True where rows may hold pages.
    pub fn has_pages(&self) -> bool {
        self.html.is_some()
    }

    /// The columns of a batch that are looked at.
    ///
    /// # Errors
    /// Where one that is needed is no text.
    pub fn columns(&self, batch: &RecordBatch) -> Result<Columns, Fault> {
        let text = |at: Option<usize>| at.map(|at| strings(batch.column(at))).transpose();
        let other = |at: Option<usize>| at.and_then(|at| strings(batch.column(at)).ok());
        Ok(Columns {
            id: self.id.and_then(|at| ids(&self.input.fields()[at], batch.column(at)).ok()),
            text: text(self.text).map_err(unfit)?,
            html: text(self.html).map_err(unfit)?,
            url: other(self.url),
            site: other(self.site),
        })
    }

    /// What comes out: the rows of which something became.
    ///
    /// # Errors
    /// Where a text does not fit into its column.
    pub fn output(&self, batch: &RecordBatch, outcomes: &[Option<&Outcome>]) -> Result<RecordBatch, Fault> {
        let is_kept: BooleanArray = outcomes.iter().map(|outcome| Some(outcome.is_some())).collect();
        let kept = arrow_select::filter::filter_record_batch(batch, &is_kept).map_err(unfit)?;
        let outcomes: Vec<_> = outcomes.iter().copied().flatten().collect();
        let column = |(source, field): (&From, &Arc<Field>)| match *source {
            From::Kept(at) => Ok(Arc::clone(kept.column(at))),
            From::Text(at) => changed(kept.column(at), &outcomes, |own, outcome| match outcome {
                Outcome::Text(text) => Some(text.as_str()),
                Outcome::Page(said) => said.get(&self.text_name).and_then(Value::as_str),
                _ => own,
            }),
            From::Filled(at) => changed(kept.column(at), &outcomes, |own, outcome| match outcome {
                Outcome::Page(said) if own.is_none() => said.get(field.name()).and_then(Value::as_str),
                _ => own,
            }),
            From::New if field.name() == CAPTIONS => Ok(captions(&outcomes)),
            From::New => {
                Ok(Arc::new(outcomes.iter().map(|o| said(o, field.name())).collect::<StringArray>()) as ArrayRef)
            }
        };
        let columns =
            self.sources.iter().zip(self.output.fields()).map(column).collect::<Result<_, _>>().map_err(unfit)?;
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(kept.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&self.output), columns, &options).map_err(unfit)
    }
}

impl Columns {
    pub fn row(&self, at: usize) -> Row<'_> {
        Row {
            id: cell(&self.id, at),
            text: cell(&self.text, at),
            html: cell(&self.html, at),
            url: cell(&self.url, at),
            site: cell(&self.site, at),
        }
    }
}

fn cell(column: &Option<StringArray>, at: usize) -> Option<&str> {
    column.as_ref().filter(|column| column.is_valid(at)).map(|column| column.value(at))
}

/// The type of what a page says.
pub(crate) fn said_type(name: &str) -> DataType {
    match name {
        CAPTIONS => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
        _ => DataType::Utf8,
    }
}

fn said<'o>(outcome: &'o Outcome, name: &str) -> Option<&'o str> {
    match outcome {
        Outcome::Page(said) => said.get(name).and_then(Value::as_str),
        _ => None,
    }
}

fn captions(outcomes: &[&Outcome]) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for outcome in outcomes {
        let list = match outcome {
            Outcome::Page(said) => said.get(CAPTIONS).and_then(Value::as_array),
            _ => None,
        };
        match list {
            Some(list) => lists.append_value(list.iter().map(Value::as_str)),
            None => lists.append_null(),
        }
    }
    Arc::new(lists.finish())
}

/// A column of text with other values, in the same type.
fn changed(
    column: &ArrayRef,
    outcomes: &[&Outcome],
    value: impl for<'v> Fn(Option<&'v str>, &'v Outcome) -> Option<&'v str>,
) -> Result<ArrayRef, ArrowError> {
    let own = strings(column)?;
    let values: StringArray = own.iter().zip(outcomes).map(|(own, outcome)| value(own, outcome)).collect();
    cast(&values, column.data_type())
}

/// A column as ids: bytes by their hexadecimal digits, which JSON and CSV hold in their place.
fn ids(field: &Arc<Field>, column: &ArrayRef) -> Result<StringArray, ArrowError> {
    use DataType::{Binary, BinaryView, FixedSizeBinary, LargeBinary};
    match column.data_type() {
        Binary | LargeBinary | BinaryView | FixedSizeBinary(_) => csv::spelled_column(field, column),
        _ => strings(column),
    }
}

/// A column as text.
pub(crate) fn strings(column: &ArrayRef) -> Result<StringArray, ArrowError> {
    let strings = cast(column, &DataType::Utf8)?;
    strings.as_any().downcast_ref::<StringArray>().cloned().ok_or_else(|| ArrowError::CastError("not text".into()))
}

/// Refuses times that no calendar has, such as those in a wrong unit: in JSON an error's text would stand in their place.
///
/// # Errors
/// Where there is one.
pub(crate) fn check_times(rows: &RecordBatch) -> Result<(), Fault> {
    // Inside of lists and structs too.
    const STRICT: FormatOptions = FormatOptions::new().with_display_error(false);
    let schema = rows.schema();
    let columns = rows.columns().iter().zip(schema.fields());
    for (column, field) in columns.filter(|(column, _)| holds_times(column.data_type())) {
        let spelled = ArrayFormatter::try_new(column.as_ref(), &STRICT).map_err(unfit)?;
        let check = |at| spelled.value(at).try_to_string().map(drop);
        (0..column.len()).try_for_each(check).map_err(|error: ArrowError| {
            let reason = format!("the column `{}` holds a time that no calendar has: {error}", field.name());
            Fault::new(Code::Unsuited, reason)
        })?;
    }
    Ok(())
}

fn holds_times(data: &DataType) -> bool {
    match data {
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            holds_times(field.data_type())
        }
        DataType::Map(field, _) => holds_times(field.data_type()),
        DataType::Struct(fields) => fields.iter().any(|field| holds_times(field.data_type())),
        DataType::Dictionary(_, values) => holds_times(values),
        data => data.is_temporal(),
    }
}

fn is_text_type(data: &DataType) -> bool {
    match data {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text_type(values),
        _ => false,
    }
}

pub(crate) fn unfit(error: ArrowError) -> Fault {
    Fault::new(Code::Unsuited, error)
}
