//! `dehusk sites test`: whether site rules do what their tests say.

use super::{Common, Exit, Failure, complain};
use clap::{Args, Subcommand, ValueHint};
use dehusk::html::SiteRules;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct SitesArgs {
    #[command(subcommand)]
    command: SitesCommand,
}

#[derive(Debug, Subcommand)]
enum SitesCommand {
    /// Run the tests that stand in files of site rules
    #[command(after_help = super::examples::SITES)]
    Test(TestArgs),
}

#[derive(Debug, Args)]
struct TestArgs {
    /// TOML files of site rules
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

pub fn run(args: &SitesArgs) -> Result<Exit, Failure> {
    let SitesCommand::Test(TestArgs { files, common }) = &args.command;
    let cleaner = common.setup()?.cleaner;
    let rules: Vec<SiteRules> = files.iter().map(|file| SiteRules::read(file)).collect::<Result<_, _>>()?;
    let mut exit = Exit::Done;
    for (file, rules) in files.iter().zip(rules) {
        let failures = rules.check(|page| cleaner.extract(page));
        for failure in &failures {
            complain(&format!("{}: {failure}", file.display()));
            exit = Exit::SomeSetAside;
        }
        if failures.is_empty() && !common.quiet {
            let count = rules.tests();
            let tests = if count == 1 { "test passes" } else { "tests pass" };
            writeln!(anstream::stdout(), "{}: {count} {tests}", super::terminal::escape(&file.display().to_string()))?;
        }
    }
    Ok(exit)
}
