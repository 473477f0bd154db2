//! `dehusk completions`: a script for a shell.

use super::{CompletionsArgs, Exit, Failure, command};
use std::io::Write;

pub fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "dehusk", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Exit::Done)
}
