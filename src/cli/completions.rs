//! `dehusk completions`: a script for a shell.

use super::{Cli, CompletionsArgs, Exit, Failure};
use clap::CommandFactory;
use std::io::Write;

pub fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "dehusk", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Exit::Done)
}
