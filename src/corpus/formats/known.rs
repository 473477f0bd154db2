//! JSON objects as rows: columns for what is known of documents, and one for the rest.
//!
//! The columns are the same for every file, so that the first line does not decide what the millionth may hold.

use super::super::Fields;
use super::super::batches::split_lines;
use super::super::jsonl::{Members, members};
use super::table::{CAPTIONS, SAID, said_type};
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::Arc;

/// The column of what has no column of its own, as a JSON object.
const OTHERS: &str = "fields";

/// The columns, in their order.
pub(crate) fn schema(fields: &Fields) -> SchemaRef {
    let said = SAID.into_iter().chain([fields.text.as_str(), CAPTIONS, OTHERS]);
    let mut columns: Vec<Field> = Vec::new();
    for name in [fields.id.as_str(), fields.url.as_str()].into_iter().chain(said) {
        if columns.iter().all(|column| column.name() != name) {
            columns.push(Field::new(name, said_type(name), true));
        }
    }
    Arc::new(Schema::new(columns))
}

/// The rows that lines of JSON objects come to. Strings go in by what they say, other values as they are spelled. Of a
/// member that comes twice, the last counts.
pub(crate) fn rows(lines: &[u8], schema: &SchemaRef) -> RecordBatch {
    let object = |line| members(std::str::from_utf8(line).expect("the line was parsed before"));
    let objects: Vec<Members> = split_lines(lines).map(object).collect();
    let columns = schema.fields().iter().map(|field| match field.name().as_str() {
        OTHERS => others(&objects, schema),
        name if *field.data_type() == DataType::Utf8 => strings(&objects, name),
        _ => captions(&objects),
    });
    RecordBatch::try_new(Arc::clone(schema), columns.collect()).expect("the columns are made for this schema")
}

fn value<'l>(object: &Members<'l>, name: &str) -> Option<&'l RawValue> {
    object.0.iter().rfind(|(key, _)| key == name).map(|(_, value)| *value)
}

fn strings(objects: &[Members], name: &str) -> ArrayRef {
    let text = |value: &RawValue| match value.get() {
        "null" => None,
        raw => Some(serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned())),
    };
    Arc::new(objects.iter().map(|object| value(object, name).and_then(text)).collect::<StringArray>())
}

fn captions(objects: &[Members]) -> ArrayRef {
    let mut column = ListBuilder::new(StringBuilder::new());
    for object in objects {
        column.append_option(value(object, CAPTIONS).and_then(list).map(|list| list.into_iter().map(Some)));
    }
    Arc::new(column.finish())
}

/// The strings of a list of nothing else.
fn list(value: &RawValue) -> Option<Vec<String>> {
    serde_json::from_str(value.get()).ok()
}

fn others(objects: &[Members], schema: &Schema) -> ArrayRef {
    let has_column = |name: &str, value: &RawValue| match name {
        OTHERS => false,
        CAPTIONS => value.get() == "null" || list(value).is_some(),
        name => schema.index_of(name).is_ok(),
    };
    let object = |object: &Members| {
        let rest = object.0.iter().filter(|(name, value)| !has_column(name, value));
        let members: Vec<_> = rest.map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), value)).collect();
        (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
    };
    Arc::new(objects.iter().map(object).collect::<StringArray>())
}
