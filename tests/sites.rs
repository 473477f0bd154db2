//! Site rules by cases: what they say of pages, `tests/sites/verdicts.toml`, and what is said of rules that cannot be read,
//! `tests/sites/errors.toml`.

#![cfg(feature = "html")]

use dehusk::html::{Page, SiteRules};
use dehusk::{Article, Cleaner};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[derive(Deserialize)]
struct File<T> {
    case: Vec<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    name: String,
    /// The keys of a site.
    rules: String,
    html: String,
    /// The page's address; empty for none.
    #[serde(default = "example")]
    address: String,
    keep: Vec<String>,
    drop: Vec<String>,
    #[serde(default)]
    reasons: Vec<String>,
    title: Option<String>,
}

fn example() -> String {
    "https://www.example.org/story".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    rules: String,
    error: String,
}

fn cases<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites").join(name);
    toml::from_str::<File<T>>(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}")).case
}

#[test]
fn every_page_is_judged_as_its_case_says() {
    let cases: Vec<Verdict> = cases("verdicts.toml");
    let mut wrong = Vec::new();
    for case in &cases {
        let rules = SiteRules::parse(&format!("[[site]]\ndomain = 'example.org'\n{}", case.rules)).unwrap();
        let address = Some(case.address.as_str()).filter(|address| !address.is_empty());
        let page = Page::parse_with(&case.html, address, &rules);
        let text = page.document().text();
        let verdict = page.verdict().expect("the site is known");
        let keep: Vec<&str> = verdict.keep.iter().map(|span| &text[span.clone()]).collect();
        let (drop, reasons): (Vec<_>, Vec<_>) =
            verdict.drop.iter().map(|(span, why)| (&text[span.clone()], why.clone())).unzip();
        if keep != case.keep || drop != case.drop || reasons != case.reasons || verdict.title != case.title {
            wrong.push(format!("{}: {keep:?}, {drop:?}, {reasons:?}, {:?}", case.name, verdict.title));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_fault_is_named() {
    let mut wrong = Vec::new();
    for Fault { rules, error } in cases("errors.toml") {
        let found = SiteRules::parse(&rules).map(|_| "none".to_owned()).unwrap_or_else(|e| e.to_string());
        if found != error {
            wrong.push(format!("{found}\n    not {error}"));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_file_is_named_in_its_faults() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sites.toml");
    assert!(SiteRules::read(&path).unwrap_err().to_string().starts_with(&format!("{}: ", path.display())));
    fs::write(&path, "[[site]]\n").unwrap();
    let expected = format!("{}: site 1: there is no `domain`", path.display());
    assert_eq!(SiteRules::read(&path).unwrap_err().to_string(), expected);
}

/// The article that is left when a page's verdict is all that is done.
fn by_verdict_alone(page: &Page) -> Article {
    let mut article = Cleaner::builder().only(["none"]).unwrap().build().extract(page);
    let verdict = page.verdict().expect("the site is known");
    for (span, _) in verdict.drop.iter().rev() {
        article.text.replace_range(span.clone(), "");
    }
    article.title = verdict.title.clone();
    article
}

const TESTED: &str = "
[[site]]
domain = 'example.org'
drop = ['.ad']
title = 'h1'

[[site.test]]
url = 'https://example.org/right'
html = '<h1>Title</h1><p>One <p>two.<p class=ad>Ad.'
expect = ['One two.']
not-expect = ['Ad.']
title = 'Title'

[[site.test]]
url = 'https://example.org/wrong'
file = 'wrong.html'
expect = ['Ad.', 'One.']
not-expect = ['One.']
title = 'Another'

[[site.test]]
url = 'https://example.org/untitled'
html = '<p>One.'
title = 'Title'

[[site.test]]
url = 'https://example.org/missing'
file = 'missing.html'
expect = ['One.']

[[site.test]]
url = 'https://example.com/'
html = '<p>One.'
expect = ['One.']
";

#[test]
fn tests_of_sites_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sites.toml");
    fs::write(&path, TESTED).unwrap();
    fs::write(folder.path().join("wrong.html"), "<h1>Title</h1><p class=ad>Ad.<p>One.").unwrap();
    let rules = SiteRules::read(&path).unwrap();
    assert_eq!(rules.tests(), 5);
    let failures: Vec<String> = rules.check(by_verdict_alone).iter().map(ToString::to_string).collect();
    let [missing, left, title, untitled, unread, stranger] = failures.as_slice() else { panic!("{failures:#?}") };
    assert_eq!(missing, "example.org: https://example.org/wrong: `Ad.` is missing");
    assert_eq!(left, "example.org: https://example.org/wrong: `One.` is still there");
    assert_eq!(title, "example.org: https://example.org/wrong: the title is `Title`, not `Another`");
    assert_eq!(untitled, "example.org: https://example.org/untitled: there is no title, not `Title`");
    assert!(unread.starts_with("example.org: https://example.org/missing: ") && unread.contains("missing.html: "));
    assert_eq!(stranger, "example.org: https://example.com/: the address is not this site's");
}

/// Selectors ask what is around an element: on a page that only nests they must not take its depth squared.
#[test]
fn deep_pages_come_out_in_time() {
    let rules = "[[site]]\ndomain = 'example.org'\nkeep = ['.a .b .c p']\ndrop = ['div div > .x', 'p']";
    let rules = SiteRules::parse(rules).unwrap();
    let html = "<div class=a>x".repeat(20_000);
    let start = Instant::now();
    let page = Page::parse_with(&html, Some("https://example.org/"), &rules);
    assert_eq!(page.document().text().matches('x').count(), 20_000);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
