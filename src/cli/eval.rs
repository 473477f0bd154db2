//! `dehusk eval`: figures as a table or as JSON.

use super::{EvalArgs, Exit, Failure, terminal};
use dehusk::{Article, Cleaner, eval};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

pub fn run(args: &EvalArgs) -> Result<Exit, Failure> {
    let figures = match (&args.pred, args.gold.is_dir()) {
        (Some(pred), true) => of_files(&args.measure, &args.gold.join(GOLD), pred)?,
        (Some(pred), false) => of_files(&args.measure, &args.gold, pred)?,
        (None, true) => of_pages(&args.measure, &args.gold)?,
        (None, false) => {
            return Err(Failure::Usage(format!("{}: PRED.jsonl is missing, or a folder instead", args.gold.display())));
        }
    };
    let output = if args.json { Value::Object(figures).to_string() + "\n" } else { table(&figures) };
    anstream::stdout().write_all(output.as_bytes())?;
    Ok(Exit::Done)
}

/// What is right, in a folder of pages.
const GOLD: &str = "gold.jsonl";

fn of_files(measure: &str, gold: &Path, pred: &Path) -> Result<Map<String, Value>, Failure> {
    Ok(match measure {
        "text" => to_map(&eval::text(&rows(gold)?, &eval::texts(rows(pred)?))),
        "junk" => to_map(&eval::junk(&rows(gold)?, &eval::spans(rows(pred)?))),
        "noop" => to_map(&eval::noop(&rows(gold)?, &eval::texts(rows(pred)?))),
        _ => to_map(&eval::with(&rows(gold)?, &eval::texts(rows(pred)?))),
    })
}

/// Figures for what the cleaner, as it is by itself, makes of a folder's pages.
fn of_pages(measure: &str, folder: &Path) -> Result<Map<String, Value>, Failure> {
    let texts = |ids: Vec<&str>, text_of: fn(&Article) -> String| {
        eval::pages(folder, &ids, &Cleaner::default(), text_of).map_err(Failure::fatal)
    };
    let gold = folder.join(GOLD);
    match measure {
        "text" => {
            let gold: Vec<eval::Article> = rows(&gold)?;
            let ids = gold.iter().map(|page| page.id.as_str()).collect();
            Ok(to_map(&eval::text(&gold, &texts(ids, |article| article.text.clone())?)))
        }
        "with" => {
            let gold: Vec<eval::Snippets> = rows(&gold)?;
            let ids = gold.iter().map(|page| page.id.as_str()).collect();
            Ok(to_map(&eval::with(&gold, &texts(ids, |article| article.with_title().0)?)))
        }
        _ => Err(Failure::Usage(format!("`{measure}` takes GOLD.jsonl and PRED.jsonl; of pages it tells nothing"))),
    }
}

/// Reads one value a line, blank lines aside.
fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Failure> {
    let file = File::open(path).map_err(|error| Failure::fatal(format!("{}: {error}", path.display())))?;
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let fail = |reason: String| Failure::fatal(format!("{}:{number}: {reason}", path.display()));
        let line = line.map_err(|error| fail(error.to_string()))?;
        if !line.trim().is_empty() {
            rows.push(serde_json::from_str(&line).map_err(|error| fail(reason(&error)))?);
        }
    }
    Ok(rows)
}

/// What is wrong with a line, without the place inside it: to JSON every line is line 1.
fn reason(error: &serde_json::Error) -> String {
    let reason = error.to_string();
    reason.rsplit_once(" at line ").map_or(reason.clone(), |(reason, _)| reason.to_owned())
}

fn to_map(figures: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(figures) {
        Ok(Value::Object(map)) => map,
        other => unreachable!("figures are an object of numbers: {other:?}"),
    }
}

/// One line for each row, with the columns of the first.
fn table(figures: &Map<String, Value>) -> String {
    let columns: Vec<&String> = figures.values().filter_map(Value::as_object).flat_map(Map::keys).collect();
    let columns = &columns[..figures["all"].as_object().map_or(0, Map::len)];
    let names = figures.keys().map(|name| terminal::escape(name));
    let names: Vec<_> = names.collect();
    let wide = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut lines = format!("{:wide$}", "");
    columns.iter().for_each(|column| lines += &format!("  {column:>10}"));
    for (name, row) in names.iter().zip(figures.values()) {
        lines += &format!("\n{name:wide$}");
        for column in columns {
            lines += &format!("  {:>10}", row.get(column).map_or(String::new(), cell));
        }
    }
    lines.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn cell(value: &Value) -> String {
    match value.as_f64() {
        Some(share) if value.is_f64() => format!("{share:.4}"),
        _ => value.to_string(),
    }
}
