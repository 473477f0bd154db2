//! `dehusk clean`

use super::summary::{Progress, Summary};
use super::{CleanArgs, Exit, Failure, Setup, report, signals};
use dehusk::corpus::{self, Inputs, Output, Pending, Writing};
use same_file::Handle;
use std::io;
use std::path::{Path, PathBuf};

pub fn run(args: &CleanArgs) -> Result<Exit, Failure> {
    let Setup { cleaner, reading, writing, threads } = args.common.setup()?;
    signals::clear_away_on_end();
    let mut inputs = Inputs::new(&args.inputs.paths, reading);
    let output = file(args.output.as_deref());
    let removals = removals_file(args.removals.as_deref(), output)?.filter(|_| !args.dry_run);
    let output = match output {
        _ if args.dry_run => Output::nowhere(writing),
        Some(path) => Output::path(path, &mut inputs, writing, args.force)?,
        None => stdout(&args.inputs.paths, writing)?,
    };
    let removals = removals.map(|path| Pending::beside(&path, &mut inputs, args.force)).transpose()?;

    let progress = Progress::new(&inputs, args.common.quiet);
    let tally = corpus::clean(&inputs, &cleaner, output, removals, threads, |problems, tally| {
        progress.show(tally, problems, report);
    })?;
    let summary = Summary { tally: &tally, seconds: progress.finish() };
    if !args.common.quiet {
        summary.print();
    }
    Ok(if tally.problems == 0 { Exit::Done } else { Exit::SomeSetAside })
}

/// Standard output, unless it is a file that is read.
fn stdout(inputs: &[PathBuf], writing: Writing) -> Result<Output, Failure> {
    let stdout = Handle::stdout()?;
    let is_stdout = |path: &PathBuf| path.is_file() && Handle::from_path(path).is_ok_and(|input| input == stdout);
    match inputs.iter().find(|path| is_stdout(path)) {
        Some(input) => Err(Failure::Usage(format!("{}: is standard output too", input.display()))),
        None => Ok(Output::stream(io::stdout(), writing)),
    }
}

/// The path of a file, where `-` is none.
pub fn file(path: Option<&Path>) -> Option<&Path> {
    path.filter(|&path| path != Path::new("-"))
}

/// Where the record of removals goes: as asked, else beside the output.
fn removals_file(asked: Option<&Path>, output: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    Ok(match asked {
        Some(path) if path == Path::new("-") => {
            return Err(Failure::usage("--removals takes a file, or `none`; standard output is for clean text"));
        }
        Some(path) if path == Path::new("none") => None,
        Some(path) => Some(path.to_owned()),
        // Beside a pipe or a device is no place for files.
        None => output.filter(|output| output.is_file() || output.is_dir() || !output.exists()).map(|output| {
            // Without a slash at the end.
            let mut name = output.components().as_path().as_os_str().to_owned();
            name.push(".removals.jsonl");
            name.into()
        }),
    })
}
