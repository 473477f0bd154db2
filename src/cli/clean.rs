//! `dehusk clean`

use super::summary::{Progress, Summary};
use super::{CleanArgs, Exit, Failure, Setup, report, signals};
use dehusk::config::Settings;
use dehusk::corpus::{self, Destination, Run, Tally};
use same_file::Handle;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

pub fn run(args: &CleanArgs) -> Result<Exit, Failure> {
    let Setup { cleaner, reading, writing, threads, settings } = args.common.setup()?;
    signals::end_cleanly();
    let inputs = args.inputs.inputs(reading)?;
    let output = file(args.output.as_deref()).filter(|_| !args.dry_run);
    let progress = Progress::new(&inputs, args.progress.way(args.common.quiet));
    let beside = |asked: &Option<PathBuf>, option, ending| match args.dry_run {
        true => Ok(None),
        false => beside(asked.as_deref(), output, option, ending),
    };
    let mut run = Run::new(inputs, destination(args, output)?);
    run.removals = beside(&args.removals, "--removals", "removals.jsonl")?;
    run.quarantine = beside(&args.quarantine, "--quarantine", "quarantine.jsonl")?;
    run.manifest = beside(&args.manifest, "--manifest", corpus::MANIFEST)?;
    run.dedup = settings.dedup;
    if run.dedup.is_some() {
        run.duplicates = beside(&args.duplicates, "--duplicates", "duplicates.jsonl")?;
    } else if args.duplicates.is_some() {
        return Err(Failure::usage("--duplicates goes with --dedup"));
    }
    run.configuration = configuration(args, &run, &settings)?;
    (run.writing, run.threads, run.memory) = (writing, threads, args.memory.as_u64());
    run.halt_removed = args.halt_removed.clone();
    run.writing.shard_size = args.shard_size.map(|size| size.as_u64().max(1));
    (run.checkpoint, run.row_group) = (Duration::from_secs(args.checkpoint), args.row_group.as_u64());
    (run.force, run.resume) = (args.force, args.resume);

    let tally = run.clean(&cleaner, |problems, tally| progress.show(tally, problems, report))?;
    write_reports(&args.report, &tally)?;
    let summary = Summary { tally: &tally, seconds: progress.finish(&tally) };
    if !args.common.quiet {
        summary.print();
    }
    Ok(if tally.problems == 0 { Exit::Done } else { Exit::SomeSetAside })
}

fn write_reports(paths: &[PathBuf], tally: &Tally) -> Result<(), Failure> {
    for path in paths {
        let is_html = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html"));
        let report = if is_html { corpus::report_html(tally) } else { corpus::report_json(tally) };
        fs::write(path, report).map_err(|error| Failure::fatal(format!("{}: {error}", path.display())))?;
    }
    Ok(())
}

/// What the result depends on: this program, the settings with the files they name, and what is written where.
fn configuration(args: &CleanArgs, run: &Run, settings: &Settings) -> Result<Value, Failure> {
    Ok(json!({
        "dehusk": dehusk::VERSION,
        "settings": settings.identity()?,
        "output": args.output,
        "row-group": args.row_group.as_u64(),
        "removals": run.removals,
        "quarantine": run.quarantine,
        "shard-size": args.shard_size.map(|size| size.as_u64()),
        "duplicates": run.duplicates,
    }))
}

fn destination(args: &CleanArgs, output: Option<&Path>) -> Result<Destination, Failure> {
    Ok(match output {
        _ if args.dry_run => Destination::Nowhere,
        Some(path) => Destination::Path(path.to_owned()),
        None if args.resume => return Err(Failure::usage("--resume goes with -o: a stream cannot be gone on with")),
        None => stdout(&args.inputs.paths)?,
    })
}

/// Standard output, unless it is a file that is read.
fn stdout(inputs: &[PathBuf]) -> Result<Destination, Failure> {
    let stdout = Handle::stdout()?;
    let is_stdout = |path: &PathBuf| path.is_file() && Handle::from_path(path).is_ok_and(|input| input == stdout);
    match inputs.iter().find(|path| is_stdout(path)) {
        Some(input) => Err(Failure::Usage(format!("{}: is standard output too", input.display()))),
        None => Ok(Destination::Stream(Box::new(io::stdout()))),
    }
}

/// The path of a file, where `-` is none.
pub fn file(path: Option<&Path>) -> Option<&Path> {
    path.filter(|&path| path != Path::new("-"))
}

/// Where a file goes that is written beside the output: as asked, else by the output's name.
fn beside(asked: Option<&Path>, output: Option<&Path>, option: &str, ending: &str) -> Result<Option<PathBuf>, Failure> {
    Ok(match asked {
        Some(path) if path == Path::new("-") => {
            return Err(Failure::usage(format!("{option} takes a file, or `none`; standard output is for clean text")));
        }
        Some(path) if path == Path::new("none") => None,
        Some(path) => Some(path.to_owned()),
        // Beside a pipe or a device is no place for files.
        None => output.filter(|output| corpus::is_replaceable(output)).map(|output| corpus::beside(output, ending)),
    })
}
