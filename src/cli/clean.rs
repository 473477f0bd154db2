//! `dehusk clean`

use super::summary::{Progress, Summary};
use super::{CleanArgs, Exit, Failure, Setup, report};
use dehusk::corpus::{self, Inputs, Output, Pending};
use std::io;
use std::path::{Path, PathBuf};

pub fn run(args: &CleanArgs) -> Result<Exit, Failure> {
    let Setup { cleaner, reading, threads } = args.common.setup()?;
    let mut inputs = Inputs::new(&args.inputs.paths, reading);
    let output = file(args.output.as_deref());
    let removals = if args.dry_run { None } else { removals_file(args.removals.as_deref(), output) };
    let output = match output {
        _ if args.dry_run => Output::nowhere(),
        Some(path) => Output::path(path, &mut inputs, args.force)?,
        None => Output::stream(io::stdout()),
    };
    let removals = removals.map(|path| Pending::beside(&path, &mut inputs, args.force)).transpose()?;

    let progress = Progress::new(args.common.quiet);
    let tally = corpus::clean(&inputs, &cleaner, output, removals, threads, |problems, tally| {
        progress.suspend(|| problems.iter().for_each(report));
        progress.show(tally);
    })?;
    let summary = Summary { tally: &tally, seconds: progress.finish() };
    if !args.common.quiet {
        summary.print();
    }
    Ok(if tally.problems == 0 { Exit::Done } else { Exit::SomeSetAside })
}

/// The path of a file, where `-` is none.
pub fn file(path: Option<&Path>) -> Option<&Path> {
    path.filter(|&path| path != Path::new("-"))
}

/// Where the record of removals goes: as asked, else beside the output.
fn removals_file(asked: Option<&Path>, output: Option<&Path>) -> Option<PathBuf> {
    match asked {
        Some(path) if path == Path::new("none") => None,
        Some(path) => Some(path.to_owned()),
        None => output.map(|output| {
            let mut name = output.components().as_path().as_os_str().to_owned();
            name.push(".removals.jsonl");
            name.into()
        }),
    }
}
