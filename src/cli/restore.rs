//! `dehusk restore`

use super::clean::file;
use super::{Exit, Failure, RestoreArgs, signals};
use dehusk::corpus::{self, Inputs, Output, Writing};
use std::io;

pub fn run(args: &RestoreArgs) -> Result<Exit, Failure> {
    let mut reading = args.common.setup()?.reading;
    // Whatever the original was in, clean text is in UTF-8 or has its byte order mark.
    reading.encoding = None;
    signals::clear_away_on_end();
    let mut inputs = Inputs::of_cleaned(&args.clean, reading);
    let output = match file(args.output.as_deref()) {
        Some(path) => Output::path(path, &mut inputs, Writing::default(), args.force)?,
        None => Output::stream(io::stdout(), Writing::default()),
    };
    corpus::restore(&inputs, &args.removals, output)?;
    Ok(Exit::Done)
}
