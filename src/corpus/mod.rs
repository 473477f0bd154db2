//! Corpora: many documents in files, folders and streams, cleaned and restored. A document is plain text or a page of
//! HTML, in a file of its own or in a record of JSONL.
//!
//! [`Inputs`] finds files and cuts them into batches, [`clean`] works on batches in parallel and writes what comes of
//! them in order, [`restore`] goes the way back. Memory does not depend on how long a stream or how large a folder is:
//! only on the longest document.

mod batches;
mod brake;
mod clean;
mod dedup;
mod digest;
mod draft;
mod escaped;
#[cfg(feature = "formats")]
mod formats;
mod inputs;
mod jsonl;
mod learn;
mod ledger;
mod marks;
mod output;
#[cfg_attr(not(feature = "formats"), path = "unpacked.rs")]
mod packing;
mod pieces;
mod problem;
mod quarantine;
mod removals;
mod report;
mod restore;
mod run;
pub(crate) mod stream;
mod tally;
mod walk;
mod worker;
mod writer;
mod writing;

pub use clean::{Destination, Run, is_replaceable, wind_down};
pub use dedup::Dedup;
pub use draft::abandon;
pub use inputs::{Fields, Format, Inputs, Reading, Record};
pub use learn::{Learning, learn, merge_profiles};
pub use ledger::{MANIFEST, beside};
pub use problem::{Code, Place, Problem};
pub use report::{report_html, report_json};
pub use restore::restore;
pub use tally::{Loss, Removed, Shares, Tally};
pub use writing::{OutputFormat, Writing};

use std::io;
use std::path::Path;

/// Why a run could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Stop {
    /// It would have written over something.
    #[error("{0}")]
    Refused(String),
    /// A file could not be written, or the record of removals not be read.
    #[error("{file}: {error}")]
    File {
        /// The file.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// The stream of output could not be written.
    #[error("standard output: {0}")]
    Stream(io::Error),
    /// It was asked to end, and what it did is on the disk.
    #[error("stopped; the same command with --resume goes on from here")]
    Interrupted,
    /// More was removed than is expected, or less.
    #[error("{0}")]
    Halted(String),
    /// A defect of this program.
    #[error("a defect of dehusk: {0}")]
    Defect(String),
    /// Threads could not be started.
    #[error("{0}")]
    Threads(String),
    /// The record of removals does not belong to the text.
    #[error("{0}")]
    Restore(String),
}

impl Stop {
    pub(crate) fn file(path: &Path, error: io::Error) -> Self {
        Stop::File { file: path.display().to_string(), error }
    }
}
