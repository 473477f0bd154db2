//! `dehusk restore`

use super::clean::file;
use super::{Exit, Failure, RestoreArgs, signals};
use dehusk::corpus::{self, Destination, Inputs};
use std::io;

pub fn run(args: &RestoreArgs) -> Result<Exit, Failure> {
    let mut reading = args.common.setup()?.reading;
    // Whatever the original was in, clean text is in UTF-8 or has its byte order mark.
    reading.encoding = None;
    signals::end_cleanly();
    let inputs = Inputs::of_cleaned(&args.clean, reading);
    let output = match file(args.output.as_deref()) {
        Some(path) => Destination::Path(path.to_owned()),
        None => Destination::Stream(Box::new(io::stdout())),
    };
    corpus::restore(inputs, &args.removals, args.duplicates.as_deref(), output, args.force)?;
    Ok(Exit::Done)
}
