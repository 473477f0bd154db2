//! Whatever a corpus holds: cleaned and restored it is what it was, and no number of threads changes a byte.
#![cfg(feature = "corpus")]

use dehusk::Cleaner;
use dehusk::corpus::{self, Destination, Inputs, Reading, Run};
use proptest::prelude::*;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// A character as a JSON string may spell it.
fn spelled(c: char, spelling: u8) -> String {
    let units = |hex: fn(u16) -> String| c.encode_utf16(&mut [0; 2]).iter().map(|&unit| hex(unit)).collect::<String>();
    match (spelling, c) {
        (0, _) => units(|unit| format!("\\u{unit:04x}")),
        (1, _) => units(|unit| format!("\\u{unit:04X}")),
        (_, '/') => "\\/".to_owned(),
        (_, '\n') => "\\n".to_owned(),
        (_, '"' | '\\') => format!("\\{c}"),
        (_, '\0'..='\x1f') => units(|unit| format!("\\u{unit:04X}")),
        _ => c.to_string(),
    }
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("A title\n\n".to_owned()),
        Just("The minister said on Tuesday that the bridge would open in spring, a year late.\n".to_owned()),
        Just("\nFacebook Twitter WhatsApp Email\n".to_owned()),
        Just("Advertisement\n".to_owned()),
        Just("Read more: The “other” bridge / 橋 😀\n".to_owned()),
        Just("\r\n".to_owned()),
        "\\PC{0,12}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// A text as the inside of a JSON string, some of its characters spelled in uncommon ways.
fn inside() -> impl Strategy<Value = String> {
    (text(), prop::collection::vec(0..12_u8, 1..40)).prop_map(|(text, spellings)| {
        text.chars().zip(spellings.iter().cycle()).map(|(c, &spelling)| spelled(c, spelling)).collect()
    })
}

/// A line of JSONL, and whether it can be used.
fn line() -> impl Strategy<Value = (String, bool)> {
    let id = prop_oneof![
        Just(String::new()),
        Just("\"id\": null,".to_owned()),
        (0..4).prop_map(|n| format!("\"id\":{n}, ")),
        (0..4).prop_map(|n| format!(" \"id\":\"in.jsonl:{n}\",")),
    ];
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just(" \n")];
    let good = (id, inside(), inside(), end).prop_map(|(id, text, other, end)| {
        (format!("{{{id}\"o\" : \"{other}\",\"text\":\t\"{text}\" ,\"n\":1.50}}{end}"), true)
    });
    let bad = prop_oneof![Just("not json\n"), Just("{\"id\":1}\n"), Just("\n"), Just("{\"text\":\"\\ud800\"}\n")];
    prop_oneof![6 => good, 1 => bad.prop_map(|bad| (bad.to_owned(), false))]
}

fn files() -> impl Strategy<Value = Vec<(PathBuf, Vec<(String, bool)>)>> {
    let name = |n: usize| PathBuf::from(["a.jsonl", "b/c.jsonl", "b/d.txt", "e.txt"][n]);
    let texts = text().prop_map(|text| vec![(text, true)]);
    let file = prop_oneof![(0..2_usize, prop::collection::vec(line(), 0..6)), (2..4_usize, texts),];
    prop::collection::vec(file, 1..5)
        .prop_map(move |files| files.into_iter().map(|(n, lines)| (name(n), lines)).collect())
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, content).expect("a file");
}

fn clean(place: &Path, input: &str, output: &str, threads: usize) {
    let inputs = Inputs::new(&[place.join(input)], Reading::default());
    let mut run = Run::new(inputs, Destination::Path(place.join(output)));
    run.removals = Some(place.join(format!("{output}.removals")));
    run.threads = NonZeroUsize::new(threads).expect("a thread");
    run.clean(&Cleaner::default(), |_, _| ()).expect("cleaned");
}

fn restore(place: &Path, cleaned: &str, output: &str) {
    let inputs = Inputs::of_cleaned(&place.join(cleaned), Reading::default());
    let to = Destination::Path(place.join(output));
    corpus::restore(inputs, &place.join(format!("{cleaned}.removals")), None, to, false).expect("restored");
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_comes_back_as_it_was(files in files()) {
        let place = tempfile::tempdir().expect("a folder");
        let files: std::collections::BTreeMap<_, _> = files.into_iter().collect();
        for (name, lines) in &files {
            let content: String = lines.iter().map(|(line, _)| line.as_str()).collect();
            write(&place.path().join("in").join(name), &content);
        }
        clean(place.path(), "in", "one", 1);
        clean(place.path(), "in", "three", 3);
        restore(place.path(), "one", "back");
        prop_assert_eq!(read(place.path().join("one.removals")), read(place.path().join("three.removals")));
        for (name, lines) in &files {
            let good: String = lines.iter().filter(|(_, good)| *good).map(|(line, _)| line.as_str()).collect();
            prop_assert_eq!(read(place.path().join("back").join(name)), good);
            prop_assert_eq!(read(place.path().join("one").join(name)), read(place.path().join("three").join(name)));
        }
    }

    #[test]
    fn a_file_under_another_name_comes_back_as_it_was(lines in prop::collection::vec(line(), 0..8)) {
        let place = tempfile::tempdir().expect("a folder");
        let content: String = lines.iter().map(|(line, _)| line.as_str()).collect();
        write(&place.path().join("in.jsonl"), &content);
        clean(place.path(), "in.jsonl", "clean.jsonl", 2);
        restore(place.path(), "clean.jsonl", "back.jsonl");
        let good: String = lines.iter().filter(|(_, good)| *good).map(|(line, _)| line.as_str()).collect();
        prop_assert_eq!(read(place.path().join("back.jsonl")), good);
    }
}

#[test]
fn records_tell_what_they_are_and_where_they_stand() {
    let place = tempfile::tempdir().expect("a folder");
    write(
        &place.path().join("in/a.jsonl"),
        "{\"id\":7,\"text\":\"Seven\",\"url\":\"https://a.example/7\"}\n\nnone\n{\"text\":\"x\"}",
    );
    write(&place.path().join("in/b/c.txt"), "A text");
    let inputs = Inputs::new(&[place.path().join("in")], Reading::default());
    let (records, problems): (Vec<_>, Vec<_>) = inputs.records().partition(Result::is_ok);
    let records: Vec<_> = records.into_iter().flatten().map(|r| (r.id, r.text, r.url, r.file, r.line)).collect();
    let row = |id: &str, text: &str, url: Option<&str>, file: &str, line| {
        (id.to_owned(), text.to_owned(), url.map(str::to_owned), file.to_owned(), line)
    };
    assert_eq!(
        records,
        [
            row("7", "Seven", Some("https://a.example/7"), "a.jsonl", Some(1)),
            row("a.jsonl:4", "x", None, "a.jsonl", Some(4)),
            row("b/c.txt", "A text", None, "b/c.txt", None),
        ]
    );
    let problems: Vec<_> = problems.into_iter().filter_map(Result::err).map(|problem| problem.to_string()).collect();
    assert!(matches!(problems.as_slice(), [problem] if problem.contains("a.jsonl:3: not JSON")), "{problems:?}");
}
