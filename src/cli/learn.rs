//! `dehusk learn`: what the sites of a corpus repeat.

use super::{Common, Exit, Failure, InputArgs, report, signals};
use clap::{Args, ValueHint};
use dehusk::Learned;
use dehusk::corpus::{self, Learning};
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
    let learning = Learning::beside(&args.output, settings.threads());
    let learned = corpus::learn(inputs, &learning, &args.output, args.force, |problems, _| {
        problems.iter().for_each(report);
    })?;
    if !args.common.quiet && io::stderr().is_terminal() {
        sum_up(&learned);
    }
    Ok(if learned.problems == 0 { Exit::Done } else { Exit::SomeSetAside })
}

fn sum_up(learned: &Learned) {
    let Learned { documents, copies, without_site, problems, sites, lines, .. } = learned;
    let mut sum = format!("{documents} documents of {sites} sites, {copies} of them copies; {lines} lines recur\n");
    if *without_site > 0 {
        sum += &format!("of {without_site} documents nothing tells the site: they are taken as one\n");
    }
    if *problems > 0 {
        sum += &format!("{problems} unreadable or set aside: each is named above\n");
    }
    // That nobody reads it is no reason to fail.
    let _ = anstream::stderr().write_all(sum.as_bytes());
}
