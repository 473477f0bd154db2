//! Profiles for tests: learned from pages that a frame makes.

use dehusk::Profile;
use dehusk::corpus::{Fields, Inputs, Learning, Reading, learn};
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

/// Learns from these records, JSON objects, on some threads and with some memory; the profile's bytes.
pub fn bytes(records: &[serde_json::Value], threads: usize, memory: usize) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let (corpus, profile) = (folder.path().join("pages.jsonl"), folder.path().join("profile"));
    let lines: Vec<String> = records.iter().map(|record| record.to_string() + "\n").collect();
    fs::write(&corpus, lines.concat()).expect("writable");
    let fields = Fields { site: Some("site".to_owned()), ..Fields::default() };
    let inputs = Inputs::new(&[corpus], Reading { fields, ..Reading::default() });
    let threads = NonZeroUsize::new(threads).expect("some");
    let learning = Learning { memory, ..Learning::beside(&profile, threads) };
    learn(inputs, &learning, &profile, false, |problems, _| assert!(problems.is_empty(), "{problems:?}"))
        .expect("learned");
    fs::read(&profile).expect("readable")
}

/// The profile that was learned from these records.
pub fn profile(records: &[serde_json::Value]) -> Profile {
    read(&bytes(records, 2, 1 << 26))
}

/// The profile in these bytes.
pub fn read(bytes: &[u8]) -> Profile {
    let folder = tempfile::tempdir().expect("a folder");
    let path: &Path = &folder.path().join("profile");
    fs::write(path, bytes).expect("writable");
    Profile::read(path).expect("a profile")
}

/// Pages of a site. In the frame `{}` stands for a story that no other page has, `{title}` for a headline, `{number}` for a
/// number. A line that begins with `N% ` is on the first of so many of a hundred pages.
pub fn pages(site: &str, frame: &str, count: usize) -> Vec<serde_json::Value> {
    let page = |i: usize| {
        let lines = frame.lines().filter_map(|line| match line.split_once("% ") {
            Some((share, line)) if share.parse::<usize>().is_ok() => {
                (i * 100 < share.parse::<usize>().expect("a number") * count).then_some(line)
            }
            _ => Some(line),
        });
        let text: Vec<String> = lines.enumerate().map(|(at, line)| fill(line, &format!("{site}{i}-{at}"), i)).collect();
        serde_json::json!({ "site": site, "text": text.join("\n") })
    };
    (0..count).map(page).collect()
}

fn fill(line: &str, key: &str, number: usize) -> String {
    let story = (0..2).map(|part| words(&format!("{key}{part}"), 24) + ".").collect::<Vec<_>>().join("\n\n");
    let line = line.replace("{number}", &(number + 3).to_string()).replace("{title}", &words(key, 6));
    line.replace("{}", &story)
}

/// Words that no other key has.
fn words(key: &str, count: usize) -> String {
    let mut state = key
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    let mut syllable = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (first, second) = ((state >> 33) as usize % 12, (state >> 45) as usize % 5);
        ["b", "d", "f", "g", "k", "l", "m", "n", "r", "s", "t", "v"][first].to_owned()
            + ["a", "e", "i", "o", "u"][second]
    };
    let mut words: Vec<String> = (0..count).map(|_| syllable() + &syllable() + &syllable()).collect();
    let capital = words[0].remove(0).to_ascii_uppercase();
    words[0].insert(0, capital);
    words.join(" ")
}
