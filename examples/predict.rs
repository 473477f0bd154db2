//! Extracts pages with weights that are not the crate's own, for cross-validation.
//!
//! `predict WEIGHTS DIR IDS OUT` takes DIR/html/ID.html.gz for each line of IDS and writes lines of `id`, `text` and `titled`, the text with its title;
//! `predict WEIGHTS FILE IDS OUT` cleans the texts of a JSONL file at the level thorough.

use dehusk::html::Page;
use dehusk::{Cleaner, Level};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [weights, from, ids, to] = &arguments[..] else { return Err("predict WEIGHTS DIR|FILE IDS TO".into()) };
    dehusk::eval::training::use_weights(std::fs::read(weights)?.leak());
    let ids = std::fs::read_to_string(ids)?;
    let from = Path::new(from);
    let lines: Vec<Value> = if from.is_dir() {
        ids.lines().collect::<Vec<_>>().par_iter().map(|id| of_page(from, id)).collect()
    } else {
        let wanted: HashSet<&str> = ids.lines().collect();
        let records = std::fs::read_to_string(from)?;
        records.par_lines().filter_map(|line| of_text(line, &wanted)).collect()
    };
    let mut out = BufWriter::new(File::create(to)?);
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(())
}

fn of_page(from: &Path, id: &str) -> Value {
    let mut bytes = Vec::new();
    let file = File::open(from.join(format!("html/{id}.html.gz")));
    let read = file.and_then(|file| flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes));
    if let Err(error) = read {
        eprintln!("{id}: {error}");
    }
    let article = Cleaner::default().extract(&Page::parse(&String::from_utf8_lossy(&bytes)));
    json!({"id": id, "text": article.text, "titled": article.with_title().0})
}

fn of_text(line: &str, wanted: &HashSet<&str>) -> Option<Value> {
    let record: Value = serde_json::from_str(line).ok()?;
    let id = record["id"].as_str().filter(|id| wanted.contains(id))?;
    let cleaner = Cleaner::builder().level(Level::Thorough).build();
    let text = cleaner.clean_text(record["text"].as_str()?).text;
    Some(json!({"id": id, "text": text}))
}
