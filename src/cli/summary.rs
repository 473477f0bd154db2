//! What a person sees of a run: how far it is, and what it came to. Only on a terminal.

use dehusk::corpus::{Inputs, Problem, Tally};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::thread;
use std::time::{Duration, Instant};

/// How far a run has come. A bar shows it from when the size of all inputs is known, which takes a walk through folders.
pub struct Progress {
    bar: ProgressBar,
    start: Instant,
}

impl Progress {
    /// Work shorter than this is not worth a bar.
    const PATIENCE: Duration = Duration::from_millis(500);

    /// Progress through `inputs`, which nobody sees where it is `quiet` or standard error is no terminal.
    pub fn new(inputs: &Inputs, quiet: bool) -> Self {
        let bar = ProgressBar::no_length().with_style(style("{spinner} {msg}"));
        if quiet || bar.is_hidden() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        } else {
            let (bar, inputs) = (bar.clone(), inputs.clone());
            // It ends with the program where that is sooner.
            thread::spawn(move || {
                if let Some(size) = inputs.size() {
                    bar.set_length(size);
                    bar.set_style(style("{wide_bar} {percent:>3}%, {eta} left, {msg}"));
                }
            });
        }
        Progress { bar, start: Instant::now() }
    }

    /// Shows how far the run has come, below what could not be read, which `report` names.
    pub fn show(&self, tally: &Tally, problems: &[Problem], report: impl Fn(&Problem)) {
        let seconds = self.start.elapsed();
        let is_shown = seconds > Self::PATIENCE && !self.bar.is_hidden();
        match is_shown {
            true if !problems.is_empty() => self.bar.suspend(|| problems.iter().for_each(report)),
            _ => problems.iter().for_each(report),
        }
        if is_shown {
            let speed = Speed(tally.bytes_in, seconds.as_secs_f64());
            self.bar.set_message(format!("{} documents, {speed}", tally.documents));
            self.bar.set_position(tally.bytes_in);
        }
    }

    /// Takes the bar away, and tells the seconds since the start.
    pub fn finish(self) -> f64 {
        self.bar.finish_and_clear();
        self.start.elapsed().as_secs_f64()
    }
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
        let Tally { documents, problems, bytes_in, bytes_out, rules, .. } = self.tally;
        writeln!(f, "{documents} documents, {bytes_in} bytes in, {bytes_out} bytes out")?;
        writeln!(f, "{} in {:.2} s", Speed(*bytes_in, self.seconds), self.seconds)?;
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
