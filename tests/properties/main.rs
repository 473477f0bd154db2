//! The invariants, over texts of all kinds, at all levels, with all rules and with some.

mod invariants;
mod texts;

use dehusk::Cleaner;
use invariants::{clean_holds, cleaner, hold, page_holds};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::thread;
use texts::{html, text};

/// All rules half of the time, else any of them.
fn any_cleaner() -> impl Strategy<Value = Cleaner> {
    (any::<u8>(), prop_oneof![Just(u32::MAX), any::<u32>()]).prop_map(|(level, rules)| cleaner(level, rules))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn invariants_hold(cleaner in any_cleaner(), text in text()) {
        hold(&cleaner, &text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn invariants_hold_for_pages(cleaner in any_cleaner(), html in html()) {
        page_holds(&cleaner, &html);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Neither the documents before it nor other threads change what comes of a document.
    #[test]
    fn documents_are_independent(cleaner in any_cleaner(), texts in prop::collection::vec(text(), 2..6)) {
        let alone: Vec<_> = texts.iter().map(|text| cleaner.clone().clean_text(text)).collect();
        thread::scope(|scope| {
            for first in 0..3 {
                let (cleaner, texts, alone) = (&cleaner, &texts, &alone);
                scope.spawn(move || {
                    for i in (0..texts.len()).cycle().skip(first).take(texts.len()) {
                        assert_eq!(cleaner.clean_text(&texts[i]), alone[i]);
                    }
                });
            }
        });
    }
}

const MEGABYTE: usize = 1 << 20;
const MASTHEAD: &str =
    "Home > NewsRekubit Exchange:The bridge opens in spring\nRekubit Exchange:The bridge opens in spring\n";
const PARAGRAPH: &str = "The minister said on Tuesday that the bridge over the river would open in spring, a full year \
                         later than had been planned. Nobody was surprised.\n";

/// A megabyte of one piece, numbered where it says `{}`.
fn megabyte(piece: &str) -> String {
    let mut text = String::with_capacity(MEGABYTE + piece.len() + 8);
    for number in 0.. {
        if text.len() >= MEGABYTE {
            break;
        }
        text += &piece.replace("{}", &number.to_string());
    }
    text
}

/// At the level at which most rules have a say.
const THOROUGH: u8 = 2;

fn finishes(text: &str) {
    clean_holds(&cleaner(THOROUGH, u32::MAX), text);
}

/// Work that grew with the square of a text would not come to an end here.
#[test]
fn megabytes_of_one_thing_finish() {
    for piece in [
        "w{}\n",
        "Related\n",
        "- \n",
        "a:b:c:",
        "word and ",
        "x",
        "\n",
        "\0",
        "\u{200B}",
        "1,",
        "橋は春に開く。",
        "A caption that shows the bridge over the river in the spring sunlight\n",
        "Brand:Title of this\n",
        "Menu\n",
        "A caption that shows the bridge over the river in spring {} (Photo: AP)\n",
        "Advertisement\n- \n",
        "12\r",
    ] {
        finishes(&megabyte(piece));
    }
}

/// The same between an article's head and its last paragraph, where rules look around more.
#[test]
fn megabytes_inside_a_page_finish() {
    for piece in [
        "Menu\n",
        "Related\nA headline about the bridge number{}\n\n",
        "Head{}\nThe headline of some other story{}\n",
        "word Rekubit Exchangeword{} and ",
        "- The headline of some story{}\n",
        "Tags\n- tag{}\n- other{}\n",
    ] {
        finishes(&format!("{MASTHEAD}{PARAGRAPH}{}", megabyte(piece)));
        finishes(&format!("{}\n\n{PARAGRAPH}", megabyte(piece)));
    }
}

/// One of so many of the real documents is tried: all would take minutes in a debug build.
const SAMPLE: usize = 20;

/// The texts of a JSONL file, or none where there is no such file.
fn records(path: &Path) -> Vec<String> {
    let lines = fs::read_to_string(path).unwrap_or_default();
    let record =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().map(str::to_owned);
    lines.lines().step_by(SAMPLE).filter_map(record).collect()
}

/// The texts of a folder's `.txt` files.
fn files(folder: &Path) -> Vec<String> {
    let paths = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

#[test]
fn invariants_hold_for_whole_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/pages");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "html") {
            // Their encodings are not the matter here.
            let html = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            (0..3).for_each(|level| page_holds(&cleaner(level, u32::MAX), &html));
        }
    }
}

#[test]
fn invariants_hold_for_real_documents() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.join("../shared");
    let mut texts = files(&root.join("corpus/articles"));
    if shared.exists() {
        texts.extend(files(&shared.join("seeds")));
        texts.extend(
            ["planted", "clean"].iter().flat_map(|name| records(&shared.join(format!("data/junk/{name}.jsonl")))),
        );
    } else {
        println!("skipped the shared documents: no {}", shared.display());
    }
    for text in &texts {
        (0..3).for_each(|level| hold(&cleaner(level, u32::MAX), text));
    }
}
