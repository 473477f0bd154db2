//! What pages say of themselves, `tests/metadata/*.toml`: a piece of HTML, and the fields that are read from it.
//!
//! A field that a case does not name is not looked at; one that has to be absent is named with an empty value.

#![cfg(feature = "html")]

use dehusk::html::{Metadata, Page};
use proptest::prelude::*;
use serde::Deserialize;
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    html: String,
    title: Option<String>,
    authors: Option<Vec<String>>,
    published: Option<String>,
    modified: Option<String>,
    site_name: Option<String>,
    url: Option<String>,
    language: Option<String>,
    description: Option<String>,
    image: Option<String>,
    keywords: Option<Vec<String>>,
    kind: Option<String>,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/metadata");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .flat_map(|path| {
            let source = fs::read_to_string(&path).unwrap();
            toml::from_str::<File>(&source).unwrap_or_else(|e| panic!("{}: {e}", path.display())).case
        })
        .collect()
}

/// The fields that are not what the case says.
fn wrong(case: &Case, found: &Metadata) -> Vec<String> {
    let texts = [
        ("title", &case.title, &found.title),
        ("published", &case.published, &found.published),
        ("modified", &case.modified, &found.modified),
        ("site_name", &case.site_name, &found.site_name),
        ("url", &case.url, &found.url),
        ("language", &case.language, &found.language),
        ("description", &case.description, &found.description),
        ("image", &case.image, &found.image),
        ("kind", &case.kind, &found.kind),
    ];
    let lists = [("authors", &case.authors, &found.authors), ("keywords", &case.keywords, &found.keywords)];
    let texts = texts.into_iter().filter_map(|(field, expected, found)| {
        let (expected, found) = (expected.as_deref()?, found.as_deref().unwrap_or(""));
        (expected != found).then(|| format!("{}: {field} is {found:?}, not {expected:?}", case.name))
    });
    let lists = lists.into_iter().filter_map(|(field, expected, found)| {
        let expected = expected.as_ref()?;
        (expected != found).then(|| format!("{}: {field} are {found:?}, not {expected:?}", case.name))
    });
    texts.chain(lists).collect()
}

#[test]
fn every_case_reads_as_it_says() {
    let cases = cases();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(|case| wrong(case, Page::parse(&case.html).metadata())).collect();
    assert!(wrong.is_empty(), "{} fields are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn more_json_than_anyone_needs_is_left_unread() {
    let script = |filler: usize| {
        let json = format!(r#"{{"@type": "Article", "x": "{}", "headline": "A title"}}"#, "x".repeat(filler));
        format!(r#"<script type="application/ld+json">{json}</script>"#)
    };
    assert_eq!(Page::parse(&script(1000)).metadata().title.as_deref(), Some("A title"));
    assert_eq!(Page::parse(&script(1 << 20)).metadata().title, None);
}

#[test]
fn deep_json_is_left_unread() {
    let json = format!(r#"{}{}"#, r#"{"@graph":["#.repeat(100_000), "]}".repeat(100_000));
    let html = format!(r#"<h1>A title</h1><script type="application/ld+json">{json}</script>"#);
    assert_eq!(Page::parse(&html).metadata().title.as_deref(), Some("A title"));
}

proptest! {
    #[test]
    fn no_markup_makes_it_panic(html in r#"(<(h1|meta|time|span|a|title|aside|p)( (class|name|property|content|datetime|rel|itemprop)="(author|date|og:title|article:author|headline|By |[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}|\PC{0,8})"){0,3}>|</(h1|time|span|a|p)>|\PC{0,12}|By |[0-9]{1,2} M(ay|ärz) [0-9]{4}){0,30}"#) {
        let metadata = Page::parse(&html).metadata().clone();
        for date in metadata.published.iter().chain(&metadata.modified) {
            prop_assert!(date.is_char_boundary(10) && date[..10].split('-').count() == 3, "{date}");
        }
        prop_assert!(metadata.authors.iter().all(|name| !name.trim().is_empty()));
    }

    #[test]
    fn no_json_makes_it_panic(json in r#"([\[\]{},:"\\]|"@(type|graph|id)":|"(Article|WebPage|name|author|headline|datePublished|[0-9]{10,20})"|\PC{0,4}|[\x00-\x1F]){0,60}"#) {
        let html = format!(r#"<h1>A title</h1><script type="application/ld+json">{json}</script>"#);
        // Whatever it says, the page has a title.
        prop_assert!(Page::parse(&html).metadata().title.is_some());
    }
}
