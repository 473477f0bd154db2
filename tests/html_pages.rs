//! Whole pages, `corpus/pages/*.html`, against what a careful reader would keep of them, `NAME.txt` with the title first,
//! and what should be known of them, `NAME.json`.
//!
//! A page's `known` are paragraphs that should go and may stay: the scorer is known to miss them.
#![cfg(feature = "corpus")]

use dehusk::Cleaner;
use dehusk::corpus::{Destination, Inputs, OutputFormat, Reading, Run, Writing};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/pages")
}

/// The names of the pages.
fn names() -> BTreeSet<String> {
    let files = fs::read_dir(folder()).expect("pages").map(|entry| entry.expect("a file").path());
    let pages = files.filter(|file| file.extension().is_some_and(|extension| extension == "html"));
    pages.map(|page| page.file_stem().expect("a name").to_string_lossy().into_owned()).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn wanted(name: &str) -> Map<String, Value> {
    serde_json::from_str(&read(&folder().join(format!("{name}.json"))))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Cleans the pages, in a folder of their own at `place`, to `output`.
fn clean(place: &Path, output: &Path, format: OutputFormat) {
    let pages = place.join("pages");
    fs::create_dir(&pages).expect("a folder");
    for name in names().iter().map(|name| format!("{name}.html")) {
        fs::copy(folder().join(&name), pages.join(&name)).expect("a copy");
    }
    let inputs = Inputs::new(&[pages], Reading::default());
    let mut run = Run::new(inputs, Destination::Path(output.to_owned()));
    run.writing = Writing { format, ..Writing::default() };
    run.clean(&Cleaner::default(), |problems, _| assert_eq!(problems, [])).expect("cleaned");
}

/// Paragraph by paragraph, what is missing and what is too much; nothing where the texts are the same.
fn differences(got: &str, wanted: &str) -> String {
    if got == wanted {
        return String::new();
    }
    let (got, wanted): (Vec<_>, Vec<_>) = (got.split("\n\n").collect(), wanted.split("\n\n").collect());
    let missing = wanted.iter().filter(|piece| !got.contains(piece)).map(|piece| format!("  - {piece}\n"));
    let more = got.iter().filter(|piece| !wanted.contains(piece)).map(|piece| format!("  + {piece}\n"));
    let lines: String = missing.chain(more).collect();
    if lines.is_empty() { "  the order of the paragraphs\n".to_owned() } else { lines }
}

#[test]
fn the_article_is_what_a_careful_reader_would_keep() {
    let place = tempfile::tempdir().expect("a folder");
    clean(place.path(), &place.path().join("texts"), OutputFormat::Text);
    let mut wrong = String::new();
    for name in names() {
        let known: BTreeSet<String> = wanted(&name)
            .remove("known")
            .map_or_else(BTreeSet::new, |known| serde_json::from_value(known).expect("texts"));
        let got = read(&place.path().join(format!("texts/{name}.txt")));
        let got: Vec<&str> = got.trim_end().split("\n\n").filter(|&piece| !known.contains(piece)).collect();
        let wanted = read(&folder().join(format!("{name}.txt")));
        let differences = differences(&got.join("\n\n"), wanted.trim_end());
        if !differences.is_empty() {
            wrong += &format!("{name}\n{differences}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn pages_say_of_themselves_what_they_should() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("all.jsonl");
    clean(place.path(), &file, OutputFormat::Jsonl);
    let record = |line: &str| serde_json::from_str::<Map<String, Value>>(line).expect("a record");
    let text = read(&file);
    let records: BTreeMap<String, Map<String, Value>> =
        text.lines().map(record).map(|record| (record["id"].as_str().expect("an id").to_owned(), record)).collect();
    let mut wrong = String::new();
    for name in names() {
        let record = &records[&format!("{name}.html")];
        for (key, wanted) in wanted(&name).iter().filter(|(key, _)| *key != "known") {
            if record[key] != *wanted {
                wrong += &format!("{name}: {key} is {}, should be {wanted}\n", record[key]);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_pages_are_broad() {
    let names = names();
    let languages: BTreeSet<&str> = names.iter().map(|name| &name[..2]).collect();
    assert!(names.len() >= 20 && languages.len() >= 10, "{} pages, {languages:?}", names.len());
}
