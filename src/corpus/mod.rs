//! Corpora: many documents in files, folders and streams.

mod inputs;

pub use inputs::{Fields, Format, Inputs, Problem, Reading, Record};
