//! `dehusk learn`: what the sites of a corpus repeat.

use super::summary::{Progress, ProgressArgs};
use super::{Common, Exit, Failure, InputArgs, report, signals};
use bytesize::ByteSize;
use clap::{Args, ValueHint};
use dehusk::Learned;
use dehusk::corpus::{self, Learning, Run};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct LearnArgs {
    #[command(flatten)]
    inputs: InputArgs,
    /// Where the profile goes
    #[arg(short, long, value_name = "PROFILE", value_hint = ValueHint::FilePath)]
    output: PathBuf,
    /// Add these profiles up instead of reading a corpus
    #[arg(long, value_name = "PROFILE", num_args = 1.., conflicts_with = "paths", value_hint = ValueHint::FilePath)]
    merge: Vec<PathBuf>,
    #[command(flatten)]
    progress: ProgressArgs,
    /// How much memory to make do with; counts beyond it go to disk, beside the profile
    #[arg(long, value_name = "SIZE", default_value_t = ByteSize::b(Run::MEMORY))]
    memory: ByteSize,
    /// Write over an existing profile
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    common: Common,
}

pub fn run(args: &LearnArgs) -> Result<Exit, Failure> {
    signals::end_cleanly();
    if !args.merge.is_empty() {
        corpus::merge_profiles(&args.merge, &args.output, args.force)?;
        return Ok(Exit::Done);
    }
    let settings = args.common.merged()?;
    let inputs = args.inputs.inputs(settings.reading()?)?;
    let mut learning = Learning::beside(&args.output, settings.threads());
    learning.memory = args.memory.as_u64().try_into().unwrap_or(usize::MAX);
    let progress = Progress::new(&inputs, args.progress.way(args.common.quiet));
    let learned = corpus::learn(inputs, &learning, &args.output, args.force, |problems, learned| {
        progress.show(learned, problems, report);
    })?;
    progress.finish(&learned);
    if !args.common.quiet && io::stderr().is_terminal() {
        sum_up(&learned);
    }
    Ok(if learned.problems == 0 { Exit::Done } else { Exit::SomeSetAside })
}

fn sum_up(learned: &Learned) {
    let Learned { documents, copies, without_site, problems, sites, lines, spilled, .. } = learned;
    let mut sum = format!("{documents} documents of {sites} sites, {copies} of them copies; {lines} lines recur\n");
    if *without_site > 0 {
        sum += &format!("of {without_site} documents nothing tells the site: they are taken as one\n");
    }
    if *spilled > 0 {
        sum += &format!("{:.1} MB of counts went to disk\n", *spilled as f64 / 1e6);
    }
    if *problems > 0 {
        sum += &format!("{problems} unreadable or set aside: each is named above\n");
    }
    // That nobody reads it is no reason to fail.
    let _ = anstream::stderr().write_all(sum.as_bytes());
}
