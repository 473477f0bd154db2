//! Each rule against its cases, `tests/rules/RULE.toml`, and the registry against itself.
//!
//! In a case's text ⟦ and ⟧ stand around what the rule, running alone, has to remove. A case without marks has to stay as
//! it is. A case with a `site` is a page of a site that the file describes: a frame from which pages are made to learn from
//! (`tests/learned`). A case with `html` in place of `text` is a page: ⟦ and ⟧ stand inside what it shows. White space around what goes is the cleaner's business and is not compared.

mod learned;

use dehusk::html::Page;
use dehusk::{Cleaner, CleanerBuilder, Document, Level, RULES};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
    #[serde(default)]
    site: Vec<Site>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Site {
    name: String,
    pages: usize,
    frame: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    lang: String,
    level: Option<String>,
    site: Option<String>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    html: String,
}

impl Case {
    /// The case with its marks, as the cleaner would see it.
    fn marked(&self) -> String {
        if self.html.is_empty() { self.text.clone() } else { Page::parse(&self.html).document().text().to_owned() }
    }

    /// What a cleaner takes out of the case.
    fn gone(&self, cleaner: &Cleaner) -> Vec<String> {
        let page = (!self.html.is_empty()).then(|| Page::parse(&unmark(&self.html)));
        let cleaned = match &page {
            Some(page) => cleaner.clean(page.document()),
            None => {
                let document = Document::new(unmark(&self.text));
                cleaner.clean(&self.site.iter().fold(document, |document, site| document.of_site(site)))
            }
        };
        cleaned.removals.into_iter().map(|removal| removal.text).collect()
    }
}

fn cases(rule: &str) -> Vec<Case> {
    file(rule).case
}

fn file(rule: &str) -> File {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/rules/{rule}.toml"));
    let source = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    toml::from_str::<File>(&source).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A cleaner that knows the sites of a rule's file, where there are any.
fn knowing(sites: &[Site]) -> CleanerBuilder {
    let pages: Vec<_> = sites.iter().flat_map(|site| learned::pages(&site.name, &site.frame, site.pages)).collect();
    if pages.is_empty() { Cleaner::builder() } else { Cleaner::builder().profile(learned::profile(&pages)) }
}

fn unmark(marked: &str) -> String {
    marked.replace(['⟦', '⟧'], "")
}

/// The marked pieces.
fn pieces(marked: &str) -> Vec<String> {
    marked.split('⟦').skip(1).map(|rest| rest.split('⟧').next().unwrap_or("").to_owned()).collect()
}

/// Words without the white space between, so that a run of marked lines may be one removal or several.
fn squeeze(pieces: impl IntoIterator<Item = String>) -> String {
    pieces.into_iter().flat_map(|piece| piece.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>()).collect()
}

fn level(name: Option<&str>) -> Level {
    match name {
        None | Some("standard") => Level::Standard,
        Some("gentle") => Level::Gentle,
        Some("thorough") => Level::Thorough,
        Some(other) => panic!("no level is called {other}"),
    }
}

#[test]
fn every_rule_does_what_its_cases_say() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let File { case, site } = file(rule.name);
        let builder = knowing(&site);
        for case in case {
            let cleaner = builder.clone().level(level(case.level.as_deref())).only([rule.name]).unwrap().build();
            let (gone, marked) = (squeeze(case.gone(&cleaner)), squeeze(pieces(&case.marked())));
            if gone != marked {
                wrong.push(format!(
                    "{} [{}] {}\n    went: {gone}\n    should: {marked}",
                    rule.name, case.lang, case.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_cases_of_both_kinds_in_several_languages() {
    for rule in RULES {
        let cases = cases(rule.name);
        let go = cases.iter().filter(|case| case.marked().contains('⟦')).count();
        let languages: BTreeSet<&str> = cases.iter().map(|case| case.lang.as_str()).collect();
        let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert!(go >= 8 && cases.len() - go >= 8, "{}: {go} must go, {} must stay", rule.name, cases.len() - go);
        assert!(languages.len() >= 5, "{}: {languages:?}", rule.name);
        assert_eq!(names.len(), cases.len(), "{}: two cases share a name", rule.name);
    }
}

#[test]
fn every_language_of_the_lexicon_has_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lexicon");
    let seen: BTreeSet<String> = RULES.iter().flat_map(|rule| cases(rule.name)).map(|case| case.lang).collect();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let language = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(seen.contains(&language), "no rule has a case in {language}");
        }
    }
}

#[test]
fn every_rule_is_documented_and_named_as_its_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = BTreeSet::new();
    for rule in RULES {
        assert!(names.insert(rule.name), "two rules are called {}", rule.name);
        assert!(root.join(format!("src/rules/{}.rs", rule.name.replace('-', "_"))).exists(), "{}", rule.name);
        assert!(rule.page.starts_with(&format!("# {}\n", rule.name)), "{}: the page's title", rule.name);
        for section in ["## What it removes", "## Why", "## Known false positives", "## Example"] {
            assert!(rule.page.contains(section), "{}: no `{section}`", rule.name);
        }
        assert!(!rule.summary.is_empty() && !rule.summary.ends_with('.'), "{}: {}", rule.name, rule.summary);
    }
}
