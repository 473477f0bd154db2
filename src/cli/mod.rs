//! The command line: arguments in, library calls, exit codes out.

mod clean;
mod completions;
mod diff;
mod eval;
mod examples;
mod explain;
mod learn;
mod profile;
mod restore;
mod rules;
mod signals;
mod sites;
mod summary;
mod terminal;

use bytesize::ByteSize;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueHint};
use dehusk::config::{self, Settings};
use dehusk::corpus::{Dedup, Format, Inputs, OutputFormat, Problem, Reading, Run, Stop, Writing};
use dehusk::{Cleaner, Level};
use std::fmt::Display;
use std::fs;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use summary::ProgressArgs;

/// Strips the husk from scraped articles and keeps the kernel.
///
/// Removes boilerplate span by span, writes the clean text, and records every removed byte with its reason.
#[derive(Debug, Parser)]
#[command(name = "dehusk", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to colour what is printed
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

const EXIT_CODES: &str = "\
Exit codes: 0 all done; 1 done, but some input was unreadable or set aside, or a site's test failed (each named on standard error); \
2 wrong usage or configuration; 3 could not go on; 130 stopped by a signal, to be gone on with by --resume";

const CLEAN_NOTES: &str = "\
Write clean text, and a record of what was removed.

Text comes out in the encoding it came in: UTF-8, or UTF-16 with a byte order mark. JSONL, and what was read with \
--encoding, comes out in UTF-8. What is in no known encoding is set aside.

A JSONL record keeps its other fields, their order and its spelling; blank lines are left out. Of a field that comes \
twice, the last counts. A record that is not JSON or has no text is set aside.

Of HTML the text that a page shows is cleaned down to its article. NAME.html becomes NAME.txt with the title first, \
NAME.md, or with --format jsonl a record: id, url, title, author, date, lang, description, site, kind (of page), text \
(without title, byline, date and captions) and captions. A JSONL record with HTML and no text loses the HTML, and gets \
these fields where it lacks them; with both, the HTML counts where --html-field is given. With --format jsonl and an \
OUTPUT that ends in .jsonl all records go into that one file. Of two files in a folder whose outputs would have one \
name (a.txt and a.html), the second is set aside.

Compressed inputs come out compressed, an OUTPUT as its ending says. Of damaged gzip and zstd the damaged member alone is \
lost, of what ends early only what is missing; more than 1,000 times its size, past the first 16 MiB, is taken for a bomb, \
and a window of zstd may have 128 MiB.

Rows of Parquet, CSV and TSV keep their other columns, with their types. They, WARC (responses and resources with HTML, \
whose address and date become `url` and `warc_date`) and WET come out as OUTPUT's ending says, .jsonl, .csv, .tsv or .parquet, \
else as they came, archives as JSONL. JSONL, text and HTML that become rows get the columns id, url, title, author, date, \
lang, description, site, kind, text, captions and fields: the other members, as JSON. A row without text stays as it is. \
CSV cannot be gone on with behind a damaged place. Of a .tar come files below a folder of its name.

The record of removals counts the bytes of a page in the text that it shows, and `restore` gives that text back. From \
Markdown no way leads back.

The record of removals has a JSON object per line: id, start and end (bytes of the input text), rule, confidence, \
evidence, text, and where needed replacement. Two more keys stand where `restore` needs them: raw, the removed piece as \
its JSONL line spelled it, and place, FILE:LINE in the output, of a document that its id alone does not tell.

With --dedup a document whose cleaned text an earlier one has too gets the field duplicate_of with that one's id, with \
--dedup near also duplicate_similarity (0 to 1), as last members of its line or as last columns, which get a number where \
the input has such columns; texts have no fields. OUTPUT.duplicates.jsonl lists them all: id, duplicate_of, similarity, and \
place as in the record of removals. Near are texts of which about four of five shingles \
of five words are the same. Nothing is dropped, and `restore --duplicates` takes these fields out. Memory is needed for \
each text that differs from those before: see the README.

A document that --max-removed keeps as it is is written, named on standard error, and counts as set aside: exit code 1.

A file appears under its name when it is whole; a run that is broken off leaves no part of one behind. With --force a \
symbolic link in the way is replaced, and what it leads to stays.";

const LEARN_NOTES: &str = "\
Learn from a corpus what its sites repeat, for `clean --profile`.

A page's site is the host of its address, else the field or folder that --site-field or --site-folder names. Pages of \
which nothing tells the site are taken as one site together, of which far less is believed.

A profile holds counts: of each line on how many of a site's pages it stands, where, and beside what; the brands of \
spam sites; what a site puts before or behind its titles. Lines that differ in a number, a date or a name count as one. \
The same pages give the same file. Profiles add up: --merge.

Each document is read once. Counts that find no room in --memory are sorted on disk, beside the profile, in files without \
names: some 30 bytes and the line's first 100 for each distinct line. Nothing is approximated, so that the profile does \
not depend on the memory. The names of sites and some 16 bytes a page stay in memory, and counts make room for them, down \
to half of it.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Write clean text, and a record of what was removed
    #[command(long_about = CLEAN_NOTES, after_help = examples::CLEAN)]
    Clean(CleanArgs),
    /// Show what would be removed
    #[command(after_help = examples::DIFF)]
    Diff(DiffArgs),
    /// Say why a line was kept or removed
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// List the rules, or show one rule's page
    #[command(after_help = examples::RULES)]
    Rules(RulesArgs),
    /// Put removed text back: the original, byte for byte; of a page the text that it shows
    #[command(after_help = examples::RESTORE)]
    Restore(RestoreArgs),
    /// Measure what came out against what is right
    #[command(after_help = examples::EVAL)]
    Eval(EvalArgs),
    /// Learn from a corpus what its sites repeat, for `clean --profile`
    #[command(long_about = LEARN_NOTES, after_help = examples::LEARN)]
    Learn(learn::LearnArgs),
    /// Look into what was learned
    #[command(after_help = examples::PROFILE)]
    Profile(profile::ProfileArgs),
    /// Work with rules for single sites
    #[command(after_help = examples::SITES)]
    Sites(sites::SitesArgs),
    /// Print a completion script for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
pub struct CleanArgs {
    #[command(flatten)]
    pub inputs: InputArgs,
    /// Where clean text goes: a folder that mirrors the input, or a file for a single file [default: standard output]
    #[arg(short, long, value_hint = ValueHint::AnyPath)]
    pub output: Option<PathBuf>,
    /// Where the record of removals goes, `none` for nowhere [default: OUTPUT.removals.jsonl; without OUTPUT none]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub removals: Option<PathBuf>,
    /// Where records go that cannot be cleaned, `none` for nowhere [default: OUTPUT.quarantine.jsonl, where there are any;
    /// without OUTPUT none]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub quarantine: Option<PathBuf>,
    /// Where it is written what went in and came out, with sizes and hashes, `none` for nowhere [default:
    /// OUTPUT.manifest.json; without OUTPUT none]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub manifest: Option<PathBuf>,
    /// Where documents are listed that --dedup marks, `none` for nowhere [default: OUTPUT.duplicates.jsonl; without OUTPUT
    /// none]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub duplicates: Option<PathBuf>,
    /// Write what the run came to into this file: as HTML where it ends in .html, else as JSON
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub report: Vec<PathBuf>,
    #[command(flatten)]
    pub progress: ProgressArgs,
    /// Go on where the same command was broken off
    #[arg(long)]
    pub resume: bool,
    /// Cut one file of records into shards of about this size: OUTPUT out.jsonl becomes out-00000.jsonl and so on; Parquet is
    /// cut where a row group ends
    #[arg(long, value_name = "SIZE")]
    pub shard_size: Option<ByteSize>,
    /// Stop where the last thousand documents together lost another share of their text: LOW..HIGH, or HIGH alone (0 to 1)
    #[arg(long, value_name = "SHARE", value_parser = shares)]
    pub halt_removed: Option<RangeInclusive<f64>>,
    /// How often to write down how far the run has come, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = Run::CHECKPOINT.as_secs())]
    pub checkpoint: u64,
    /// How large a row group of Parquet is made, compressed; --resume goes on behind each
    #[arg(long, value_name = "SIZE", default_value_t = ByteSize::b(Run::ROW_GROUP))]
    pub row_group: ByteSize,
    /// How much memory to make do with
    #[arg(long, value_name = "SIZE", default_value_t = ByteSize::b(Run::MEMORY))]
    pub memory: ByteSize,
    /// Write over existing output
    #[arg(long)]
    pub force: bool,
    /// Read, clean and sum up, but write nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct DiffArgs {
    #[command(flatten)]
    pub inputs: InputArgs,
    /// Print a patch that `patch -R` and `git apply -R` accept
    #[arg(long, conflicts_with = "word")]
    pub unified: bool,
    /// Mark removed spans inside their line
    #[arg(long)]
    pub word: bool,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A file, a folder or `-`, with the line that is in question: of the text (that a page shows), or of the JSONL file
    #[arg(value_name = "INPUT[:LINE]")]
    pub input: String,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct RulesArgs {
    /// The rule whose page to show
    pub name: Option<String>,
}

#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// What `clean` wrote: a file, a folder, or of shards the name that was given with -o
    #[arg(value_hint = ValueHint::AnyPath)]
    pub clean: PathBuf,
    /// The record of removals that `clean` wrote with it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub removals: PathBuf,
    /// The list that `clean --dedup` wrote with it: what marks duplicates is taken out again [default: it stays]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub duplicates: Option<PathBuf>,
    /// Where the originals go: a folder for a folder, a file for a file [default: standard output]
    #[arg(short, long, value_hint = ValueHint::AnyPath)]
    pub output: Option<PathBuf>,
    /// Write over existing output
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// What to compare
    #[arg(value_parser = ["text", "junk", "noop", "with"])]
    pub measure: String,
    /// What is right: a file, or a folder with gold.jsonl in it
    #[arg(value_name = "GOLD.jsonl|DIR", value_hint = ValueHint::AnyPath)]
    pub gold: PathBuf,
    /// What came out [default: what comes of DIR/html/ID.html.gz or DIR/html/ID.html]
    #[arg(value_name = "PRED.jsonl", value_hint = ValueHint::FilePath)]
    pub pred: Option<PathBuf>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub struct InputArgs {
    /// A file, a folder, a pattern with * ? [ ], or `-` [default: standard input]
    ///
    /// Read are .txt, .html, .htm, .xhtml, .jsonl, .csv, .tsv, .parquet, .warc and .wet, each also as .gz or .zst, and
    /// what of these is in a .tar. Other files are told by how they begin.
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Read the files that stand in this one too, one a line, or with NUL between them; `-` for standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files_from: Option<PathBuf>,
}

impl InputArgs {
    /// The inputs that were asked for.
    pub fn inputs(&self, reading: Reading) -> Result<Inputs, Failure> {
        let Some(list) = &self.files_from else { return Ok(Inputs::new(&self.paths, reading)) };
        let mut bytes = Vec::new();
        let read = match list.as_os_str() == "-" {
            true => io::stdin().read_to_end(&mut bytes).map(drop),
            false => fs::read(list).map(|list| bytes = list),
        };
        read.map_err(|error| Failure::usage(format!("{}: {error}", list.display())))?;
        let listed = Inputs::listed(&bytes);
        if listed.is_empty() && self.paths.is_empty() {
            return Err(Failure::usage(format!("{}: lists no file", list.display())));
        }
        Ok(Inputs::with_listed(&self.paths, &listed, reading))
    }
}

const CLEANING: &str = "What goes";
const READING: &str = "What is read";
const WRITING: &str = "What is written";

/// Options that several commands share. Each can stand in the configuration file too, `quiet` aside.
#[derive(Debug, Args)]
pub struct Common {
    /// How much to dare: gentle, standard (the default) or thorough
    #[arg(help_heading = CLEANING, long, value_parser = level_parser())]
    level: Option<Level>,
    /// Let only these rules remove; `none` for no rule
    #[arg(help_heading = CLEANING, long, value_name = "RULE", value_delimiter = ',')]
    only: Option<Vec<String>>,
    /// Keep these rules from removing
    #[arg(help_heading = CLEANING, long, value_name = "RULE", value_delimiter = ',')]
    without: Option<Vec<String>>,
    /// Keep parts of a page in its text that stand beside it otherwise: captions
    #[arg(help_heading = CLEANING, long, value_name = "PART", value_delimiter = ',', value_parser = config::PARTS)]
    with: Option<Vec<String>>,
    /// Remove what this profile, written by `dehusk learn`, knows that a document's site repeats
    #[arg(help_heading = CLEANING, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    profile: Option<String>,
    /// Leave a document as it is that would lose more than this share of its bytes (0 to 1)
    #[arg(help_heading = CLEANING, long, value_name = "SHARE", value_parser = share)]
    max_removed: Option<f64>,
    /// Read options from this TOML file [default: dehusk.toml in the working folder, where there is one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,
    /// How many threads clean [default: one for each core]
    #[arg(long, value_name = "N", value_parser = count)]
    threads: Option<NonZeroUsize>,
    /// What inputs hold: auto (the default: by name, else by how they begin), text, html, jsonl, csv, tsv, parquet, warc
    /// or wet; whether they are compressed is told by how they begin
    #[arg(help_heading = READING, long, value_name = "FORMAT", value_parser = format_parser())]
    from: Option<Format>,
    /// The field of a record that names it [default: id]
    #[arg(help_heading = READING, long, value_name = "FIELD")]
    id_field: Option<String>,
    /// The field of a record that holds its text [default: text]
    #[arg(help_heading = READING, long, value_name = "FIELD")]
    text_field: Option<String>,
    /// The field of a record that holds its HTML [default: html, in records without text]
    #[arg(help_heading = READING, long, value_name = "FIELD")]
    html_field: Option<String>,
    /// The field of a record that holds its address [default: url]
    #[arg(help_heading = READING, long, value_name = "FIELD")]
    url_field: Option<String>,
    /// The field of a JSONL record that holds its site, where its address does not tell it
    #[arg(help_heading = READING, long, value_name = "FIELD")]
    site_field: Option<String>,
    /// Take the folder that a file lies in for its site, where nothing else tells it
    #[arg(help_heading = READING, long)]
    site_folder: bool,
    /// A TOML file of rules for the pages of single sites: what stays, what goes, which is the title
    #[arg(help_heading = READING, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    sites: Vec<String>,
    /// The encoding of inputs without a byte order mark, by its WHATWG label [default: utf-8; of HTML what it declares]
    #[arg(help_heading = READING, long, value_name = "LABEL")]
    encoding: Option<String>,
    /// How long a record may be: a line, a row, a page, a text; longer ones are set aside [default: 32 MiB]
    #[arg(help_heading = READING, long, value_name = "SIZE")]
    max_record: Option<ByteSize>,
    /// What files become: text (the default), markdown (pages alone), jsonl, csv, tsv or parquet; records become one of the last four
    #[arg(help_heading = WRITING, long, value_name = "FORMAT", value_parser = output_format_parser())]
    format: Option<OutputFormat>,
    /// Keep links in Markdown
    #[arg(help_heading = WRITING, long)]
    links: bool,
    /// Mark documents whose cleaned text an earlier one has too: exact, or near for those that are nearly equal as well
    #[arg(help_heading = WRITING, long, value_name = "HOW", value_parser = dedup_parser())]
    dedup: Option<Dedup>,
    /// Show no progress and no summary; what could not be read is still named
    #[arg(long, short)]
    pub quiet: bool,
}

fn level_parser() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(config::LEVELS).try_map(|name| config::level(&name))
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(config::FORMATS).try_map(|name| config::format(&name))
}

fn output_format_parser() -> impl TypedValueParser<Value = OutputFormat> {
    PossibleValuesParser::new(config::OUTPUT_FORMATS).try_map(|name| config::output_format(&name))
}

fn dedup_parser() -> impl TypedValueParser<Value = Dedup> {
    PossibleValuesParser::new(config::DEDUPS).try_map(|name| config::dedup(&name))
}

fn shares(range: &str) -> Result<RangeInclusive<f64>, &'static str> {
    let (low, high) = range.split_once("..").unwrap_or(("0", range));
    let (low, high) = (share(low)?, share(high)?);
    if 0.0 <= low && low <= high && high <= 1.0 {
        Ok(low..=high)
    } else {
        Err("not a share from 0 to 1, or two as 0.05..0.4")
    }
}

fn share(share: &str) -> Result<f64, &'static str> {
    share.parse().map_err(|_| "not a share from 0 to 1")
}

fn count(number: &str) -> Result<NonZeroUsize, &'static str> {
    number.parse().map_err(|_| "not a whole number from 1 on")
}

/// What the shared options and the configuration file come to. The command line goes before the file.
pub struct Setup {
    pub cleaner: Cleaner,
    pub reading: Reading,
    pub writing: Writing,
    pub threads: NonZeroUsize,
    pub settings: Settings,
}

impl Common {
    pub fn setup(&self) -> Result<Setup, Failure> {
        let settings = self.merged()?;
        let writing = settings.writing();
        if self.links && writing.format != OutputFormat::Markdown {
            return Err(Failure::usage("--links goes with --format markdown"));
        }
        let (cleaner, reading, threads) = (settings.cleaner()?, settings.reading()?, settings.threads());
        Ok(Setup { cleaner, reading, writing, threads, settings })
    }

    /// The command line's settings, and where they leave something open, the file's.
    fn merged(&self) -> Result<Settings, Failure> {
        let file = match &self.config {
            Some(path) => Settings::read(path)?,
            None if Path::new(config::FILE).exists() => Settings::read(Path::new(config::FILE))?,
            None => Settings::default(),
        };
        Ok(self.settings().or(file))
    }

    fn settings(&self) -> Settings {
        Settings {
            level: self.level,
            only: self.only.clone(),
            without: self.without.clone(),
            with: self.with.clone(),
            sites: (!self.sites.is_empty()).then(|| self.sites.clone()),
            profile: self.profile.clone(),
            site_field: self.site_field.clone(),
            site_folder: self.site_folder.then_some(true),
            max_removed: self.max_removed,
            threads: self.threads,
            from: self.from,
            id_field: self.id_field.clone(),
            text_field: self.text_field.clone(),
            html_field: self.html_field.clone(),
            url_field: self.url_field.clone(),
            encoding: self.encoding.clone(),
            max_record: self.max_record.map(|size| size.as_u64()),
            format: self.format,
            links: self.links.then_some(true),
            dedup: self.dedup,
        }
    }
}

/// How a run that went to its end came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All done.
    Done,
    /// Some input was unreadable or set aside; each was named.
    SomeSetAside,
}

/// Why a run did not go to its end.
#[derive(Debug)]
pub enum Failure {
    /// Wrong usage or configuration.
    Usage(String),
    /// It could not go on.
    Fatal(String),
    /// It was asked to end, and can be gone on with.
    Interrupted(String),
    /// Whoever read the output has stopped reading. No reason to complain.
    BrokenPipe,
}

impl Failure {
    pub fn usage(reason: impl Display) -> Self {
        Failure::Usage(reason.to_string())
    }

    pub fn fatal(reason: impl Display) -> Self {
        Failure::Fatal(reason.to_string())
    }
}

impl From<dehusk::Error> for Failure {
    fn from(error: dehusk::Error) -> Self {
        match error {
            dehusk::Error::UnknownRule { nearest: None, .. } => {
                Failure::Usage(format!("{error}; `dehusk rules` lists them"))
            }
            _ => Failure::usage(error),
        }
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(reason) => Failure::Usage(reason),
            Stop::Interrupted => Failure::Interrupted(stop.to_string()),
            Stop::File { error, .. } | Stop::Stream(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                Failure::BrokenPipe
            }
            stop => Failure::fatal(stop),
        }
    }
}

/// Errors of writing to standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::BrokenPipe,
            _ => Failure::Fatal(format!("standard output: {error}")),
        }
    }
}

fn color(choice: ColorChoice) -> anstream::ColorChoice {
    match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
}

/// Names on standard error what could not be read.
pub fn report(problem: &Problem) {
    complain(&problem.to_string());
}

/// Says on standard error what is wrong. That nobody hears it is no reason to stop.
fn complain(reason: &str) {
    let _ = writeln!(anstream::stderr(), "dehusk: {}", terminal::escape(reason));
}

/// The command line. Shared options that change nothing for a command are taken there too, but not shown.
pub fn command() -> clap::Command {
    let hide = |command: clap::Command, names: &[&'static str]| {
        names.iter().fold(command, |command, name| command.mut_arg(name, |arg| arg.hide(true)))
    };
    const RUNNING: &[&str] = &["threads", "quiet"];
    const WRITING: &[&str] = &["format", "links", "dedup"];
    const CLEANING: &[&str] = &["level", "only", "without", "with", "profile", "max_removed"];
    const UNREAD: &[&str] = &["html_field", "site_field", "site_folder", "sites", "encoding"];
    const TESTED: &[&str] = &[
        "profile",
        "threads",
        "from",
        "id_field",
        "text_field",
        "url_field",
        "html_field",
        "site_field",
        "site_folder",
        "sites",
        "encoding",
    ];
    let hide_idle = |command| hide(hide(command, RUNNING), WRITING);
    Cli::command()
        .mut_subcommand("diff", hide_idle)
        .mut_subcommand("explain", hide_idle)
        .mut_subcommand("restore", |restore| hide(hide(hide_idle(restore), CLEANING), UNREAD))
        .mut_subcommand("learn", |learn| hide(hide(learn, CLEANING), WRITING))
        .mut_subcommand("sites", |sites| sites.mut_subcommand("test", |test| hide(hide(test, TESTED), WRITING)))
}

pub fn main() -> ExitCode {
    let cli = Cli::from_arg_matches(&command().get_matches()).unwrap_or_else(|error| error.exit());
    color(cli.color).write_global();
    let outcome = match &cli.command {
        Command::Clean(args) => clean::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Restore(args) => restore::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Learn(args) => learn::run(args),
        Command::Profile(args) => profile::run(args),
        Command::Sites(args) => sites::run(args),
        Command::Completions(args) => completions::run(args),
    };
    let (code, reason) = match outcome {
        Ok(Exit::Done) | Err(Failure::BrokenPipe) => (0, None),
        Ok(Exit::SomeSetAside) => (1, None),
        Err(Failure::Usage(reason)) => (2, Some(reason)),
        Err(Failure::Fatal(reason)) => (3, Some(reason)),
        // As a shell tells of a program that SIGINT has ended.
        Err(Failure::Interrupted(reason)) => (130, Some(reason)),
    };
    if let Some(reason) = reason {
        complain(&reason);
    }
    ExitCode::from(code)
}
