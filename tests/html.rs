//! A corpus of pages: whatever they hold and whatever they become, they come back as the text that they showed.
#![cfg(feature = "corpus")]

use dehusk::Cleaner;
use dehusk::corpus::{self, Destination, Inputs, OutputFormat, Reading, Run, Writing};
use dehusk::html::Page;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<!doctype html><title>Night buses return | The Valley Post</title>".to_owned()),
        Just("<nav><a href=/>Home</a> <a href=/news>News</a> <a href=/sport>Sport</a></nav>".to_owned()),
        Just("<h1>Night buses return</h1>".to_owned()),
        Just("<p>The minister said on Tuesday that the bridge would open in spring, a year late.".to_owned()),
        Just("<figure><img src=a><figcaption>A bus. Photo: Ada Lind</figcaption></figure>".to_owned()),
        Just("<div class=share>Facebook Twitter WhatsApp Email</div>".to_owned()),
        Just("<pre>a\n\n  \"b\" \\ / \u{e9}\u{1f68c}</pre><td>x<td>y".to_owned()),
        Just("<!-- no text --><script>var x;</script>&nbsp;".to_owned()),
        "\\PC{0,12}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Pages by names whose order is another than that of their outputs.
fn pages() -> impl Strategy<Value = BTreeMap<&'static str, String>> {
    let name = prop::sample::select(&["a.html", "a-b.htm", "a.b.HTML", "a.html.htm", "b.htm/c.xhtml", "b.html"][..]);
    prop::collection::btree_map(name, page(), 1..5)
}

fn shown(html: &str) -> String {
    Page::parse(html).document().text().to_owned()
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, content).expect("a file");
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Cleans `in` to `output`, and restores that as `back`.
fn there_and_back(place: &Path, input: &str, output: &str, format: OutputFormat, threads: usize) {
    let removals = place.join(format!("{output}.removals"));
    let inputs = Inputs::new(&[place.join(input)], Reading::default());
    let mut run = Run::new(inputs, Destination::Path(place.join(output)));
    run.writing = Writing { format, ..Writing::default() };
    run.removals = Some(removals.clone());
    run.threads = NonZeroUsize::new(threads).expect("a thread");
    run.clean(&Cleaner::default(), |problems, _| assert_eq!(problems, [])).expect("cleaned");

    let inputs = Inputs::of_cleaned(&place.join(output), Reading::default());
    let to = Destination::Path(place.join(format!("back-{output}")));
    corpus::restore(inputs, &removals, None, to, false).expect("restored");
}

/// The records of JSONL files by their ids.
fn records(lines: impl IntoIterator<Item = String>) -> BTreeMap<String, Value> {
    let lines: Vec<String> = lines.into_iter().collect();
    let records = lines.iter().flat_map(|lines| lines.lines()).map(|line| serde_json::from_str(line).expect("JSON"));
    records.map(|record: Value| (record["id"].as_str().expect("an id").to_owned(), record)).collect()
}

fn output_name(name: &str, extension: &str) -> String {
    Path::new(name).with_extension(extension).to_str().expect("UTF-8").to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_of_pages_comes_back_as_the_text_they_show(pages in pages()) {
        let place = tempfile::tempdir().expect("a folder");
        for (name, html) in &pages {
            write(&place.path().join("in").join(name), html);
        }
        there_and_back(place.path(), "in", "texts", OutputFormat::Text, 2);
        there_and_back(place.path(), "in", "records", OutputFormat::Jsonl, 2);
        there_and_back(place.path(), "in", "all.jsonl", OutputFormat::Jsonl, 1);
        let all = records([read(&place.path().join("back-all.jsonl"))]);
        prop_assert_eq!(all.len(), pages.len());
        for (&name, html) in &pages {
            let text = shown(html);
            prop_assert_eq!(&read(&place.path().join("back-texts").join(output_name(name, "txt"))), &text);
            let one = records([read(&place.path().join("back-records").join(output_name(name, "jsonl")))]);
            prop_assert_eq!(one[name]["text"].as_str(), Some(&*text));
            prop_assert_eq!(all[name]["text"].as_str(), Some(&*text));
        }
    }

    #[test]
    fn records_with_pages_come_back_as_the_text_they_show(pages in prop::collection::vec(page(), 1..5)) {
        let place = tempfile::tempdir().expect("a folder");
        // Every other record has no id.
        let record = |(i, html): (usize, &String)| match i % 2 {
            0 => json!({"id": format!("in.jsonl:{i}"), "html": html, "text": null}),
            _ => json!({"n": i, "html": html}),
        };
        let lines: String = pages.iter().enumerate().map(|page| record(page).to_string() + "\n").collect();
        write(&place.path().join("in.jsonl"), &lines);
        there_and_back(place.path(), "in.jsonl", "out.jsonl", OutputFormat::Text, 2);
        let back = read(&place.path().join("back-out.jsonl"));
        let texts = back.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["text"].clone());
        prop_assert_eq!(texts.collect::<Vec<_>>(), pages.iter().map(|html| shown(html)).collect::<Vec<_>>());
    }
}

/// A page is read in the encoding that it declares, or that is named for it, and never set aside.
#[test]
fn pages_are_read_in_their_encoding() {
    let place = tempfile::tempdir().expect("a folder");
    let declared = b"<meta charset=windows-1252><p>Caf\xe9".as_slice();
    let utf16: Vec<u8> = "\u{feff}<p>Caf\u{e9}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&[u8], &str); 4] =
        [(declared, "Café"), (&utf16, "Café"), ("<p>Café".as_bytes(), "Café"), (b"<p>Caf\xe9\xff\xfe.", "Caf")];
    for (bytes, text) in cases {
        fs::write(place.path().join("a.html"), bytes).expect("written");
        let inputs = Inputs::new(&[place.path().join("a.html")], Reading::default());
        let record = inputs.records().next().expect("a record").expect("a page");
        assert!(record.text.starts_with(text), "{:?}", record.text);
        assert!(record.page.is_some());
    }
}
