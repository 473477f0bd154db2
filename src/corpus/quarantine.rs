//! What was set aside: one JSON object a problem, with the record as it came.

use super::Problem;
use super::problem::Place;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

/// Bytes of a record that are kept.
const RAW: usize = 1 << 18;

#[derive(Serialize)]
struct Entry<'p> {
    file: &'p str,
    /// The record's number in its file, from 1 on; of a line format the line's.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    /// Bytes of the unpacked file before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'p str>,
    code: &'static str,
    message: &'p str,
    /// The record's bytes in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
    /// How many bytes of it are not in `raw`.
    #[serde(skip_serializing_if = "is_zero")]
    cut: usize,
}

fn is_zero(cut: &usize) -> bool {
    *cut == 0
}

/// Writes a problem as a line.
pub(crate) fn write(problem: &Problem, into: &mut Vec<u8>) {
    let (record, offset) = match problem.place {
        Some(Place::Line { number, offset }) => (Some(number), Some(offset)),
        Some(Place::Record(before)) => (Some(before + 1), None),
        None => (None, None),
    };
    let kept = &problem.raw[..problem.raw.len().min(RAW)];
    let entry = Entry {
        file: &problem.file,
        record,
        offset,
        id: problem.id.as_deref(),
        code: problem.code.name(),
        message: &problem.reason,
        raw: (!kept.is_empty()).then(|| BASE64_STANDARD.encode(kept)),
        cut: problem.raw.len() - kept.len(),
    };
    serde_json::to_writer(&mut *into, &entry).expect("numbers and strings can always be written");
    into.push(b'\n');
}
