//! What a person sees of a run: how far it is, and what it came to. Only on a terminal.

use clap::Args;
use dehusk::Learned;
use dehusk::corpus::{Inputs, Problem, Tally};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How to show how far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A bar, on a terminal.
    Bar,
    /// A JSON object a line on standard error.
    Json,
    None,
}

#[derive(Debug, Args)]
pub struct ProgressArgs {
    /// How to show how far the run is: auto (on a terminal a bar), json (a line every few seconds) or none
    #[arg(long, value_name = "WAY", value_parser = ["auto", "json", "none"], default_value = "auto")]
    progress: String,
}

impl ProgressArgs {
    pub fn way(&self, is_quiet: bool) -> Way {
        match self.progress.as_str() {
            "json" => Way::Json,
            "auto" if !is_quiet => Way::Bar,
            _ => Way::None,
        }
    }
}

/// What a run has come to so far.
pub trait Standing {
    /// Bytes and documents read.
    fn bytes(&self) -> u64;
    fn documents(&self) -> u64;
    /// What else a person is told.
    fn said(&self) -> String;
    /// What else a program is told: an object.
    fn members(&self) -> Value;
}

impl Standing for Tally {
    fn bytes(&self) -> u64 {
        self.bytes_in
    }

    fn documents(&self) -> u64 {
        self.documents
    }

    fn said(&self) -> String {
        let removed = self.removed_share() * 100.0;
        let aside = if self.set_aside > 0 { format!(", {} set aside", self.set_aside) } else { String::new() };
        format!("{removed:.1}% removed{aside}")
    }

    fn members(&self) -> Value {
        json!({
            "removed_share": self.removed_share(),
            "duplicates": self.duplicates,
            "set_aside": self.set_aside,
            "problems": self.problems,
        })
    }
}

impl Standing for Learned {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn documents(&self) -> u64 {
        self.documents
    }

    fn said(&self) -> String {
        format!("{:.1} MB of counts on disk", self.spilled as f64 / 1e6)
    }

    fn members(&self) -> Value {
        json!({ "copies": self.copies, "spilled": self.spilled, "problems": self.problems })
    }
}

/// How far a run has come. How much is left is known when the size of all inputs is, which takes a walk through folders.
pub struct Progress {
    way: Way,
    bar: ProgressBar,
    size: Arc<OnceLock<u64>>,
    start: Instant,
    told: Mutex<Instant>,
}

impl Progress {
    /// Work shorter than this is not worth a bar.
    const PATIENCE: Duration = Duration::from_millis(500);

    /// Between two lines of JSON.
    const EVERY: Duration = Duration::from_secs(2);

    /// Progress through `inputs`.
    pub fn new(inputs: &Inputs, way: Way) -> Self {
        let bar = ProgressBar::no_length().with_style(style("{spinner} {msg}"));
        if way != Way::Bar {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let size = Arc::new(OnceLock::new());
        if way == Way::Json || !bar.is_hidden() {
            let (bar, inputs, known) = (bar.clone(), inputs.clone(), Arc::clone(&size));
            // It ends with the program where that is sooner.
            thread::spawn(move || {
                if let Some(size) = inputs.size() {
                    bar.set_length(known.get_or_init(|| size).to_owned());
                    bar.set_style(style("{wide_bar} {percent:>3}%, {eta} left, {msg}"));
                }
            });
        }
        let start = Instant::now();
        Progress { way, bar, size, start, told: Mutex::new(start) }
    }

    /// Shows how far the run has come, below what could not be read, which `report` names.
    pub fn show(&self, standing: &impl Standing, problems: &[Problem], report: impl Fn(&Problem)) {
        let seconds = self.start.elapsed();
        let is_shown = seconds > Self::PATIENCE && !self.bar.is_hidden();
        match is_shown {
            true if !problems.is_empty() => self.bar.suspend(|| problems.iter().for_each(report)),
            _ => problems.iter().for_each(report),
        }
        if is_shown {
            let speed = Speed(standing.bytes(), seconds.as_secs_f64());
            self.bar.set_message(format!("{} documents, {speed}, {}", standing.documents(), standing.said()));
            self.bar.set_position(standing.bytes());
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if self.way == Way::Json && told.elapsed() >= Self::EVERY {
            *told = Instant::now();
            self.tell(standing, false);
        }
    }

    /// Says it to a program. That nobody hears it is no reason to stop.
    fn tell(&self, standing: &impl Standing, is_done: bool) {
        let seconds = self.start.elapsed().as_secs_f64();
        let (size, bytes) = (self.size.get(), standing.bytes());
        let left = size.map(|size| size.saturating_sub(bytes) as f64 * seconds / bytes.max(1) as f64);
        let mut line = json!({
            "done": is_done,
            "seconds": round(seconds),
            "seconds_left": left.map(|left| if is_done { 0.0 } else { round(left) }),
            "bytes": bytes,
            "bytes_of": size,
            "documents": standing.documents(),
            "megabytes_a_second": round(bytes as f64 / 1e6 / seconds.max(1e-9)),
        });
        if let (Some(line), Value::Object(more)) = (line.as_object_mut(), standing.members()) {
            line.extend(more);
        }
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// Takes the bar away, and tells the seconds since the start.
    pub fn finish(self, standing: &impl Standing) -> f64 {
        self.bar.finish_and_clear();
        if self.way == Way::Json {
            self.tell(standing, true);
        }
        self.start.elapsed().as_secs_f64()
    }
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is right")
}

/// Bytes, and how many a second.
struct Speed(u64, f64);

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let megabytes = self.0 as f64 / 1e6;
        write!(f, "{megabytes:.1} MB, {:.1} MB/s", megabytes / self.1.max(1e-9))
    }
}

/// What a run came to.
pub struct Summary<'t> {
    pub tally: &'t Tally,
    pub seconds: f64,
}

impl Summary<'_> {
    /// Prints it on standard error where that is a terminal.
    pub fn print(&self) {
        if io::stderr().is_terminal() {
            // That nobody reads it is no reason to fail.
            let _ = write!(anstream::stderr(), "{self}");
        }
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Tally { documents, duplicates, problems, bytes_in, bytes_out, rules, .. } = self.tally;
        writeln!(f, "{documents} documents, {bytes_in} bytes in, {bytes_out} bytes out")?;
        writeln!(f, "{} in {:.2} s", Speed(*bytes_in, self.seconds), self.seconds)?;
        if *duplicates > 0 {
            writeln!(f, "{duplicates} duplicates of earlier documents")?;
        }
        let mut by_count: Vec<_> = rules.iter().map(|(rule, removed)| (rule, removed.count)).collect();
        by_count.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        for (rule, count) in by_count {
            writeln!(f, "{count:>9}  {rule}")?;
        }
        if *problems > 0 {
            writeln!(f, "{problems} unreadable, set aside or left as they are: each is named above")?;
        }
        Ok(())
    }
}
