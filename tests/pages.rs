//! Whole articles, `corpus/articles/*.txt`, against what should remain of them, `corpus/expected/*.txt`.

use dehusk::restore;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn articles() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/articles");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The pages in UTF-8 of `corpus/pages`: the scorer's rule acts on them.
fn pages() -> Vec<dehusk::html::Page> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/pages");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pages = paths.filter(|path| path.extension().is_some_and(|extension| extension == "html"));
    pages.filter_map(|path| fs::read_to_string(path).ok()).map(|page| dehusk::html::Page::parse(&page)).collect()
}

fn expected(article: &Path) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/expected").join(article.file_name().unwrap())
}

#[test]
fn what_should_remain_remains() {
    let mut wrong = Vec::new();
    for path in articles() {
        let text = fs::read_to_string(&path).unwrap();
        let cleaned = dehusk::clean(&text);
        assert_eq!(restore(&cleaned.text, &cleaned.removals).unwrap(), text, "{}", path.display());
        if cleaned.text != fs::read_to_string(expected(&path)).unwrap() {
            wrong.push(path.file_name().unwrap().to_owned());
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn what_remained_stays_as_it_is() {
    for path in articles() {
        let text = fs::read_to_string(expected(&path)).unwrap();
        assert_eq!(dehusk::clean(&text).text, text, "{}", path.display());
    }
}

#[test]
fn the_corpus_is_broad() {
    let paths = articles();
    let languages: BTreeSet<_> =
        paths.iter().map(|path| path.file_name().unwrap().to_string_lossy()[..2].to_owned()).collect();
    assert!(paths.len() >= 40 && languages.len() >= 10, "{} articles, {} languages", paths.len(), languages.len());
    let of_articles = paths.iter().flat_map(|path| dehusk::clean(&fs::read_to_string(path).unwrap()).removals);
    let of_pages = pages().into_iter().flat_map(|page| dehusk::Cleaner::default().extract(&page).removals);
    let rules: BTreeSet<_> = of_articles.chain(of_pages).map(|removal| removal.rule).collect();
    // What a site repeats is learned from a corpus; tests/learn.rs shows it.
    let is_learned = |rule: &dehusk::Rule| rule.name == "site-boilerplate";
    let rules_shown = dehusk::RULES.iter().filter(|rule| rule.level < dehusk::Level::Thorough && !is_learned(rule));
    for rule in rules_shown {
        assert!(rules.contains(rule.name), "no article or page shows `{}`", rule.name);
    }
}
