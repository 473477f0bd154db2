//! What a person sees of a run: how far it is, and what it came to. Only on a terminal.

use dehusk::corpus::Tally;
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How far a run has come.
pub struct Progress {
    bar: ProgressBar,
    start: Instant,
}

impl Progress {
    /// Work shorter than this is not worth a bar.
    const PATIENCE: Duration = Duration::from_millis(500);

    pub fn new(quiet: bool) -> Self {
        let style = ProgressStyle::with_template("{spinner} {msg}").expect("the template is right");
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner().with_style(style) };
        Progress { bar, start: Instant::now() }
    }

    pub fn show(&self, tally: &Tally) {
        if self.start.elapsed() > Self::PATIENCE && !self.bar.is_hidden() {
            let seconds = self.start.elapsed().as_secs_f64();
            self.bar.set_message(format!("{} documents, {}", tally.documents, Speed(tally.bytes_in, seconds)));
            self.bar.tick();
        }
    }

    /// Prints what `print` prints above the bar.
    pub fn suspend(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the bar away, and tells the seconds since the start.
    pub fn finish(self) -> f64 {
        self.bar.finish_and_clear();
        self.start.elapsed().as_secs_f64()
    }
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
        let Tally { documents, problems, bytes_in, bytes_out, removals, .. } = self.tally;
        writeln!(f, "{documents} documents, {bytes_in} bytes in, {bytes_out} bytes out")?;
        writeln!(f, "{} in {:.2} s", Speed(*bytes_in, self.seconds), self.seconds)?;
        let mut by_count: Vec<_> = removals.iter().collect();
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
