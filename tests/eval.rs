//! The figures: small cases worked out by hand, and agreement with the reference scorer where that is at hand.
#![cfg(feature = "eval")]

use dehusk::eval;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

const TOLERANCE: f64 = 1e-9;

fn figures(what: &str, gold: &[Value], pred: &[Value]) -> Value {
    fn all<T: serde::de::DeserializeOwned>(rows: &[Value]) -> Vec<T> {
        rows.iter().map(|row| serde_json::from_value(row.clone()).expect("a row of its kind")).collect()
    }
    match what {
        "text" => json!(eval::text(&all(gold), &eval::texts(all(pred)))),
        "junk" => json!(eval::junk(&all(gold), &eval::spans(all(pred)))),
        "noop" => json!(eval::noop(&all(gold), &eval::texts(all(pred)))),
        "with" => json!(eval::with(&all(gold), &eval::texts(all(pred)))),
        other => panic!("no such figures: {other}"),
    }
}

/// Where two sets of figures differ.
fn differences(ours: &Value, theirs: &Value) -> Vec<String> {
    let rows = |figures: &Value| -> std::collections::BTreeMap<String, f64> {
        let rows = figures.as_object().expect("figures").iter();
        rows.flat_map(|(row, columns)| columns.as_object().expect("a row").iter().map(move |cell| (row, cell)))
            .map(|(row, (column, value))| (format!("{row}.{column}"), value.as_f64().expect("a figure")))
            .collect()
    };
    let (ours, theirs) = (rows(ours), rows(theirs));
    let is_same =
        |key: &String| matches!((ours.get(key), theirs.get(key)), (Some(a), Some(b)) if (a - b).abs() < TOLERANCE);
    let mut keys: Vec<_> = ours.keys().chain(theirs.keys()).filter(|key| !is_same(key)).cloned().collect();
    keys.dedup();
    keys.iter().map(|key| format!("{key}: {:?} instead of {:?}", ours.get(key), theirs.get(key))).collect()
}

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("eval/cases.json")).expect("cases are JSON")
}

#[test]
fn cases_come_out_as_worked_out() {
    for case in cases() {
        let rows = |key: &str| case[key].as_array().expect("rows").clone();
        let ours = figures(case["what"].as_str().expect("a name"), &rows("gold"), &rows("pred"));
        let wrong = differences(&ours, &case["figures"]);
        assert!(wrong.is_empty(), "{}: {wrong:#?}", case["name"]);
    }
}

/// The reference scorer and its data, or None, which is said.
fn reference() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let has_python = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    let is_there = has_python && shared.join("eval/score.py").exists();
    if !is_there {
        println!("skipped: needs python3 and ../shared/eval/score.py");
    }
    is_there.then_some(shared)
}

fn assert_agrees(shared: &Path, what: &str, gold: &[Value], pred: &[Value]) {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, rows: &[Value]| {
        let path = folder.path().join(name);
        let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
        std::fs::write(&path, lines).expect("written");
        path
    };
    let output = Command::new("python3")
        .arg(shared.join("eval/score.py"))
        .args([what.as_ref(), write("gold.jsonl", gold).as_os_str(), write("pred.jsonl", pred).as_os_str()])
        .arg("--json")
        .output()
        .expect("python3 runs");
    let theirs = serde_json::from_slice(&output.stdout).expect("figures");
    let wrong = differences(&figures(what, gold, pred), &theirs);
    assert!(wrong.is_empty(), "{what}: {wrong:#?}");
}

fn rows(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("readable");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn the_reference_agrees_on_the_cases() {
    let Some(shared) = reference() else { return };
    for case in cases() {
        let rows = |key: &str| case[key].as_array().expect("rows").clone();
        assert_agrees(&shared, case["what"].as_str().expect("a name"), &rows("gold"), &rows("pred"));
    }
}

/// Every page with every tenth line taken out, so that all figures move.
fn thinned(gold: &[Value]) -> Vec<Value> {
    let thin = |text: &str| -> String {
        text.split_inclusive('\n').enumerate().filter(|(i, _)| i % 10 != 3).map(|(_, line)| line).collect()
    };
    let title = |page: &Value| page["title"].as_str().unwrap_or_default().to_owned();
    let row =
        |page: &Value| json!({"id": page["id"], "text": title(page) + "\n" + &thin(page["text"].as_str().unwrap())});
    gold.iter().map(row).collect()
}

#[test]
fn the_reference_agrees_on_pages() {
    let Some(shared) = reference() else { return };
    let gold = rows(&shared.join("data/wcxb-dev/gold.jsonl"));
    assert_agrees(&shared, "text", &gold[..150], &thinned(&gold[..140]));
    let clean = rows(&shared.join("data/junk/clean.jsonl"));
    assert_agrees(&shared, "noop", &clean[..150], &thinned(&clean[..150]));
}

#[test]
fn the_reference_agrees_on_planted_junk() {
    let Some(shared) = reference() else { return };
    let gold = &rows(&shared.join("data/junk/planted.jsonl"))[..300];
    let spans =
        gold.iter().flat_map(|page| page["spans"].as_array().unwrap().iter().map(move |span| (&page["id"], span)));
    let gone = spans.enumerate().filter(|(i, _)| i % 3 != 0).map(|(i, (id, span))| {
        let shift = i as u64 % 9;
        json!({"id": id, "start": span["start"].as_u64().unwrap() + shift, "end": span["end"].as_u64().unwrap() + 2 * shift})
    });
    assert_agrees(&shared, "junk", gold, &gone.collect::<Vec<_>>());
}

#[test]
fn the_reference_agrees_on_snippets() {
    let Some(shared) = reference() else { return };
    let gold = rows(&shared.join("data/multilingual/gold.jsonl"));
    let some = |snippets: &Value, n: usize| -> String {
        snippets.as_array().unwrap().iter().step_by(n).map(|s| format!("{}\n", s.as_str().unwrap())).collect()
    };
    let row = |page: &Value| json!({"id": page["id"], "text": some(&page["with"], 2) + &some(&page["without"], 3)});
    assert_agrees(&shared, "with", &gold, &gold.iter().map(row).collect::<Vec<_>>());
}

/// A benchmark's folder is read as it is published: with packed pages.
#[cfg(feature = "html")]
#[test]
fn packed_pages_are_read() {
    use std::io::Write;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("html")).expect("a folder");
    let page = "<title>Night buses return</title><h1>Night buses return</h1>\
                <p>The county will run buses through the night again from March, after a trial that carried four \
                thousand passengers. Shift workers at the hospital had asked for the service since the autumn.";
    for (id, text) in [("1", page), ("2", "")] {
        let file = std::fs::File::create(folder.path().join(format!("html/{id}.html.gz"))).expect("a file");
        let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        packed.write_all(text.as_bytes()).and_then(|()| packed.finish().map(drop)).expect("written");
    }
    let read = |ids: &[&str]| eval::pages(folder.path(), ids, &dehusk::Cleaner::default(), |a| a.with_title().0);
    let texts = read(&["1", "2"]).expect("readable");
    assert!(texts["1"].starts_with("Night buses return\n\nThe county"), "{texts:?}");
    assert_eq!(texts["2"], "");
    let error = read(&["1", "3"]).expect_err("there is no such page");
    assert!(error.to_string().contains("3.html.gz"), "{error}");
}
