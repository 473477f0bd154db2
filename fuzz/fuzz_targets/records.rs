//! Whatever a file holds, its records are read without a panic: the first byte chooses the format, the rest is the file.

#![no_main]

use dehusk::corpus::{Inputs, Reading};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 7] = ["a.warc", "a.warc.gz", "a.wet", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.tar"];

fuzz_target!(|input: (u8, &[u8])| {
    let (format, bytes) = input;
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join(NAMES[usize::from(format) % NAMES.len()]);
    std::fs::write(&file, bytes).expect("a file");
    Inputs::new(&[file], Reading::default()).records().for_each(drop);
});
