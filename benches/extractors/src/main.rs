//! Runs one HTML extractor over a list of pages and times each page. Called by `scripts/bench-html`.
//!
//! Without arguments it prints the names of the extractors it holds. With `TOOL LIST OUT` it reads the pages that LIST
//! names, a path a line, and writes a line of JSON for each: `{"id", "seconds", "text"}`, where `text` is null where the
//! extractor panicked. Only the extractor's own work is timed, what it allocated and gives back included, and in
//! processor time, which counts nothing while another program has the core.

mod dehusk;
mod tools;

use cpu_time::ProcessTime;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::panic;
use std::path::Path;
use tools::{Extract, TOOLS};

/// So many pages go through before the clock counts: what a tool builds on its first page is no page's cost.
const WARM_UP: usize = 10;

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.as_slice() {
        [] => {
            TOOLS.iter().for_each(|(name, _)| println!("{name}"));
            Ok(())
        }
        [tool, list, out] => {
            let (_, extract) = TOOLS.iter().find(|(name, _)| name == tool).ok_or(io::ErrorKind::NotFound)?;
            measure(*extract, &fs::read_to_string(list)?, BufWriter::new(File::create(out)?))
        }
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "usage: extractors [TOOL LIST OUT]")),
    }
}

/// Times every page of the list, and writes what came out of it.
fn measure(extract: Extract, list: &str, mut out: impl Write) -> io::Result<()> {
    for page in list.lines().take(WARM_UP) {
        timed(extract, &fs::read_to_string(page)?);
    }
    for page in list.lines() {
        let (seconds, text) = timed(extract, &fs::read_to_string(page)?);
        let id = Path::new(page).file_stem().unwrap_or_default().to_string_lossy();
        writeln!(out, "{}", serde_json::json!({ "id": id, "seconds": seconds, "text": text }))?;
    }
    out.flush()
}

/// Seconds of processor time and text of one page; no text where the extractor panicked.
fn timed(extract: Extract, html: &str) -> (f64, Option<String>) {
    let start = ProcessTime::now();
    let text = panic::catch_unwind(|| extract(html)).ok();
    (start.elapsed().as_secs_f64(), text)
}
