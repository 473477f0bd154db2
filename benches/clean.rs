//! How fast a document is cleaned, without reading and writing: bytes of input a second, by kind of text and by level.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dehusk::{Cleaner, Level};
use std::fs;
use std::path::Path;

/// Bytes of a text that stands for its kind.
const SIZE: usize = 200_000;

/// The documents of a folder below `corpus`.
fn documents(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The documents over and over, up to about [`SIZE`] bytes.
fn repeated(documents: &[String]) -> Vec<&str> {
    let bytes: usize = documents.iter().map(String::len).sum();
    let times = SIZE.div_ceil(bytes.max(1));
    documents.iter().map(String::as_str).cycle().take(times * documents.len()).collect()
}

/// Articles without junk, pages of spam sites, and all articles as one page: a dump with menus and lists all through.
fn kinds() -> [(&'static str, Vec<String>); 3] {
    let pages = documents("articles");
    let of_spam = |page: &String| dehusk::clean(page).removals.iter().any(|removal| removal.rule == "spam-masthead");
    let spam = pages.iter().filter(|page| of_spam(page)).cloned().collect();
    [("clean", documents("expected")), ("spam", spam), ("dump", vec![pages.concat()])]
}

fn cleaners() -> [(&'static str, Cleaner); 4] {
    let at = |level| Cleaner::builder().level(level).build();
    let none = Cleaner::builder().only(["none"]).expect("none is no rule").build();
    [
        ("gentle", at(Level::Gentle)),
        ("standard", at(Level::Standard)),
        ("thorough", at(Level::Thorough)),
        ("none", none),
    ]
}

fn clean(criterion: &mut Criterion) {
    for (kind, documents) in kinds() {
        let texts = repeated(&documents);
        let mut group = criterion.benchmark_group(kind);
        group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
        for (name, cleaner) in cleaners() {
            group.bench_with_input(BenchmarkId::from_parameter(name), &texts, |bencher, texts| {
                bencher.iter(|| texts.iter().map(|text| cleaner.clean_text(text).text.len()).sum::<usize>());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, clean);
criterion_main!(benches);
