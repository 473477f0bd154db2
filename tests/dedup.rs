//! Documents that came before are marked, whatever they are stored in, on any number of threads, and never dropped.
#![cfg(feature = "formats")]

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use dehusk::Cleaner;
use dehusk::corpus::{self, Dedup, Destination, Inputs, OutputFormat, Reading, Tally, Writing};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::num::NonZeroUsize;
use std::path::Path;
use tempfile::TempDir;

const JUNK: &str = "\n\nFacebook Twitter WhatsApp Email\n";

/// A run over files, or over one.
struct Run {
    place: TempDir,
    tally: Tally,
}

impl Run {
    fn new(files: &[(&str, String)], output: &str, format: OutputFormat, dedup: Dedup, threads: usize) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        fs::create_dir(place.path().join("in")).expect("a folder");
        for (name, content) in files {
            fs::write(place.path().join("in").join(name), content).expect("a file");
        }
        let input = if let [(name, _)] = files { Path::new("in").join(name) } else { "in".into() };
        let inputs = Inputs::new(&[place.path().join(input)], Reading::default());
        let mut run = corpus::Run::new(inputs, Destination::Path(place.path().join(output)));
        run.writing = Writing { format, ..Writing::default() };
        run.dedup = Some(dedup);
        run.duplicates = Some(place.path().join("duplicates.jsonl"));
        run.threads = NonZeroUsize::new(threads).expect("a thread");
        let tally = run.clean(&Cleaner::default(), |_, _| ()).expect("a run");
        assert!(tally.adds_up(), "{tally:?}");
        Run { place, tally }
    }

    fn lines(lines: &str, dedup: Dedup) -> Self {
        Run::new(&[("in.jsonl", lines.to_owned())], "out.jsonl", OutputFormat::Jsonl, dedup, 2)
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.place.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("UTF-8")
    }

    /// Of each document that is listed its id, that of the first and their similarity.
    fn listed(&self) -> Vec<(String, String, f64)> {
        let string = |value: &Value| value.as_str().expect("a string").to_owned();
        let text = self.text("duplicates.jsonl");
        let listed = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let listed = listed
            .map(|it| (string(&it["id"]), string(&it["duplicate_of"]), it["similarity"].as_f64().expect("a number")));
        listed.collect()
    }
}

fn line(id: &str, text: &str) -> String {
    format!("{}\n", json!({ "id": id, "text": text }))
}

/// Words that are different for every seed.
fn words(seed: u64, count: usize) -> Vec<String> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    (0..count).map(|_| format!("w{}", next() % 5000)).collect()
}

/// A text of 404 words, and one in which words are changed so that so many of all 5-word shingles are in both.
fn pair(seed: u64, similarity: f64) -> (String, String) {
    let first = words(seed, 404);
    let changed = (400.0 * (1.0 - similarity) / (5.0 * (1.0 + similarity))).round() as usize;
    let mut second = first.clone();
    for change in 0..changed {
        second[4 + change * 395 / changed] = format!("x{seed}n{change}");
    }
    (first.join(" "), second.join(" "))
}

#[test]
fn texts_count_by_what_is_left_of_them() {
    let article = "The county opened the bridge on Tuesday, a year late. It is to carry ten thousand cars a day.";
    let (long, near) = pair(1, 0.95);
    let cases = [
        ("the same", article.to_owned(), article.to_owned(), true, true),
        ("other junk", format!("{article}{JUNK}"), format!("{article}\n\nAdvertisement\n"), true, true),
        ("white space at the ends", format!("\n {article}"), format!("{article}\n\n\n"), true, true),
        ("one word of many", long.clone(), near, false, true),
        ("white space within", long.clone(), long.replacen(' ', "\n", 9), false, true),
        ("another text", article.to_owned(), "The council met on Monday and said nothing.".to_owned(), false, false),
        ("a part", long.clone(), long[..long.len() / 2].to_owned(), false, false),
        ("nothing left", String::new(), " \n".to_owned(), false, false),
        ("a word", "Yes.".to_owned(), "No.".to_owned(), false, false),
    ];
    for (name, first, second, exact, near) in cases {
        let lines = line("a", &first) + &line("b", &second);
        for (dedup, wanted) in [(Dedup::Exact, exact), (Dedup::Near, near)] {
            let run = Run::lines(&lines, dedup);
            let listed: Vec<_> = run.listed().into_iter().map(|(id, of, _)| (id, of)).collect();
            let duplicate = ("b".to_owned(), "a".to_owned());
            assert_eq!(listed, if wanted { vec![duplicate] } else { vec![] }, "{name}, {dedup:?}");
            assert_eq!((run.tally.duplicates, run.tally.documents), (u64::from(wanted), 2), "{name}, {dedup:?}");
            assert_eq!(run.text("out.jsonl").lines().count(), 2, "{name}, {dedup:?}");
        }
    }
}

#[test]
fn nearly_equal_is_a_question_of_how_nearly() {
    for (similarity, fewest, most) in [(0.95, 50, 50), (0.9, 48, 50), (0.7, 0, 10), (0.6, 0, 1), (0.4, 0, 0)] {
        let pairs = (0..50).map(|seed| pair(seed, similarity));
        let lines: String = pairs.enumerate().map(|(n, (a, b))| line(&format!("{n}"), &a) + &line("-", &b)).collect();
        let run = Run::lines(&lines, Dedup::Near);
        let listed = run.listed();
        assert!((fewest..=most).contains(&listed.len()), "{similarity}: {}", listed.len());
        assert!(listed.iter().all(|(id, _, found)| id == "-" && (found - similarity).abs() < 0.2), "{listed:?}");
    }
}

/// What is the same in all formats: three documents, of which the last comes again.
fn lines() -> String {
    let (first, near) = pair(7, 0.95);
    [line("a", &first), line("b", "Another text, which is short."), line("c", &near), line("d", &first)].concat()
}

#[test]
fn every_format_has_a_field_for_it() {
    let lines = lines();
    let run = Run::lines(&lines, Dedup::Near);
    let listed = run.listed();
    let [(_, _, near), (_, _, equal)] = listed[..] else { panic!("{listed:?}") };
    assert_eq!(equal, 1.0);
    let marks = ["", "", &format!(r#","duplicate_of":"a","duplicate_similarity":{near}"#)];
    let marks = marks.into_iter().chain([r#","duplicate_of":"a","duplicate_similarity":1.0"#]);
    let wanted: String = lines.lines().zip(marks).map(|(line, mark)| line.replace('}', mark) + "}\n").collect();
    assert_eq!(run.text("out.jsonl"), wanted);

    let header = "id,text,n\n";
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let cells =
        |row: &Value| format!("{},\"{}\",1", row["id"].as_str().expect("id"), row["text"].as_str().expect("text"));
    let table: String = rows.iter().map(|row| cells(row) + "\n").collect();
    let run = Run::new(&[("in.csv", header.to_owned() + &table)], "out.csv", OutputFormat::Csv, Dedup::Near, 2);
    let ends = [",,".to_owned(), ",,".to_owned(), format!(",a,{near}"), ",a,1.0".to_owned()];
    let wanted: String = rows.iter().zip(&ends).map(|(row, end)| cells(row) + end + "\n").collect();
    let wanted = format!("id,text,n,duplicate_of,duplicate_similarity\n{wanted}");
    assert_eq!(run.text("out.csv").replace('"', ""), wanted.replace('"', ""));
    assert_eq!(run.listed(), listed);
    // Once more: the columns that are there already stay.
    let again = Run::new(&[("in.csv", run.text("out.csv"))], "out.csv", OutputFormat::Csv, Dedup::Near, 2);
    let ends = [",duplicate_of_2,duplicate_similarity_2"].into_iter().chain(ends.iter().map(String::as_str));
    let wanted: String = run.text("out.csv").lines().zip(ends).map(|(row, end)| format!("{row}{end}\n")).collect();
    assert!(again.text("out.csv") == wanted, "{}", again.text("out.csv"));
    let exact = Run::new(&[("in.csv", header.to_owned() + &table)], "out.tsv", OutputFormat::Tsv, Dedup::Exact, 2);
    assert!(exact.text("out.tsv").starts_with("id\ttext\tn\tduplicate_of\n"), "{}", exact.text("out.tsv"));

    let run = Run::new(&[("in.jsonl", lines)], "out.parquet", OutputFormat::Parquet, Dedup::Near, 2);
    let file = File::open(run.place.path().join("out.parquet")).expect("a file");
    let mut batches = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").build().expect("rows");
    let rows = batches.next().expect("rows").expect("rows");
    let column = |name: &str| rows.column_by_name(name).expect("a column").clone();
    let ids: Vec<_> = column("duplicate_of").as_string::<i32>().iter().map(|id| id.map(str::to_owned)).collect();
    assert_eq!(ids, [None, None, Some("a".to_owned()), Some("a".to_owned())]);
    let similarities: Vec<_> = column("duplicate_similarity").as_primitive::<Float64Type>().iter().collect();
    assert_eq!(similarities, [None, None, Some(near), Some(1.0)]);
}

#[test]
fn texts_and_pages_stay_and_are_listed() {
    let article = "The county opened the bridge on Tuesday, a year late. It carries ten thousand cars a day.\n";
    let files =
        [("a.txt", article.to_owned()), ("b.txt", format!("{article}{JUNK}")), ("c.txt", "Other.\n".to_owned())];
    let run = Run::new(&files, "out", OutputFormat::Text, Dedup::Exact, 2);
    assert_eq!(run.listed(), [("b.txt".to_owned(), "a.txt".to_owned(), 1.0)]);
    assert_eq!(run.text("out/b.txt").trim_end(), article.trim_end());
    // Pages and records in one file.
    let files = [("a.html", format!("<title>Bridge</title><p>{article}")), ("b.jsonl", line("7", article))];
    let run = Run::new(&files, "out.jsonl", OutputFormat::Jsonl, Dedup::Exact, 2);
    assert_eq!(run.listed(), [("7".to_owned(), "a.html".to_owned(), 1.0)]);
    let wanted = line("7", article).replace('}', r#","duplicate_of":"a.html"}"#);
    assert!(run.text("out.jsonl").ends_with(&wanted), "{}", run.text("out.jsonl"));
}

#[test]
fn threads_change_no_byte() {
    // Batches of several sizes, in which every third document is a near one of an earlier.
    let documents = (0..1200_u64).map(|n| {
        let (first, near) = pair(n % 400, 0.93);
        line(&n.to_string(), &if n < 400 { first } else { near })
    });
    let lines: String = documents.collect();
    let run =
        |threads| Run::new(&[("in.jsonl", lines.clone())], "out.jsonl.gz", OutputFormat::Jsonl, Dedup::Near, threads);
    let one = run(1);
    assert!(one.tally.duplicates > 750, "{}", one.tally.duplicates);
    for threads in [2, 3] {
        let more = run(threads);
        for name in ["out.jsonl.gz", "duplicates.jsonl"] {
            assert!(one.bytes(name) == more.bytes(name), "{name}, {threads} threads");
        }
        assert_eq!(one.tally, more.tally);
    }
}
