//! Writes the features of the blocks of many documents, for training the scorer.
//!
//! `features html DIR NAMES OUT` takes DIR/html/ID.html.gz for each record of DIR/gold.jsonl, `features text FILE - OUT`
//! the texts of a JSONL file, gzipped or not. NAMES is JSON with `folds` and `weights`, or `-`.
//! OUT.f32 gets the rows, OUT.jsonl a line for each document with its blocks' texts. LOOKS holds a probability for each block
//! of all documents, of the first look: then the rows have the features of the second look too.

use dehusk::eval::training::{self, Rows};
use dehusk::html::Page;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, from, names, to, looks @ ..] = &arguments[..] else {
        return Err("features html|text FROM NAMES TO [LOOKS]".into());
    };
    let names =
        if names == "-" { Names::default() } else { serde_json::from_reader(BufReader::new(File::open(names)?))? };
    let from = Path::new(from);
    let documents = match kind.as_str() {
        "html" => records(&from.join("gold.jsonl"))?,
        _ => records(from)?,
    };
    let mut rows: Vec<Rows> = documents
        .par_iter()
        .map(|document| match kind.as_str() {
            "html" => of_page(from, document, &names),
            _ => training::text(document["text"].as_str().unwrap_or_default()),
        })
        .collect();
    if let Some(looks) = looks.first() {
        let bytes = std::fs::read(looks)?;
        let mut p = bytes.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four));
        for rows in &mut rows {
            let of_document: Vec<f32> = p.by_ref().take(rows.texts.len()).collect();
            rows.add_second_look(&of_document);
        }
    }
    let mut values = BufWriter::new(File::create(format!("{to}.f32"))?);
    let mut lines = BufWriter::new(File::create(format!("{to}.jsonl"))?);
    let [text, html, context] = training::names();
    let html = if kind == "html" { html } else { &[] };
    let context = if looks.is_empty() { &[] } else { context };
    let all = [text, html, context].concat();
    writeln!(lines, "{}", json!({"features": all}))?;
    for (document, rows) in documents.iter().zip(&rows) {
        for value in &rows.values {
            values.write_all(&value.to_le_bytes())?;
        }
        writeln!(
            lines,
            "{}",
            json!({"id": document["id"], "texts": rows.texts, "hints": rows.hints, "element": rows.element, "elements": rows.elements})
        )?;
    }
    Ok(())
}

fn records(path: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let lines = BufReader::new(open(path)?).lines();
    lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    let is_packed = path.extension().is_some_and(|ending| ending == "gz");
    Ok(if is_packed { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) })
}

fn of_page(from: &Path, document: &Value, names: &Names) -> Rows {
    let id = document["id"].as_str().unwrap_or_default();
    let mut bytes = Vec::new();
    let read = open(&from.join(format!("html/{id}.html.gz"))).and_then(|mut file| file.read_to_end(&mut bytes));
    if let Err(error) = read {
        eprintln!("{id}: {error}");
    }
    let page = Page::parse(&String::from_utf8_lossy(&bytes));
    let fold = names.folds.get(id).and_then(|&fold| names.weights.get(fold));
    training::html(&page, fold.map(Vec::as_slice).unwrap_or_default())
}

/// Weights of words in the names of elements, by fold, and the fold of each document.
#[derive(Default, serde::Deserialize)]
struct Names {
    folds: HashMap<String, usize>,
    weights: Vec<Vec<(u32, f32)>>,
}
