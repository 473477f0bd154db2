//! The extractors, each set to give a page's main content as plain text.

use dom_smoothie::{Config, Readability, TextMode};
use scraper::Html;
use std::hint::black_box;

/// A page's main content; empty where the extractor finds none.
pub type Extract = fn(html: &str) -> String;

/// Every extractor by name. `scripts/bench-html` asks for the names, so a new one is entered here alone.
pub const TOOLS: &[(&str, Extract)] = &[
    ("scraper", bare_parse),
    ("dehusk", crate::dehusk::extract),
    ("dom_smoothie", dom_smoothie),
    ("rs-trafilatura", rs_trafilatura),
];

/// No extractor: the parse that most begin with, as the measure of their speed.
fn bare_parse(html: &str) -> String {
    black_box(Html::parse_document(html));
    String::new()
}

/// As readability.js, but with the text formatted: raw text glues the words on both sides of a block's edge.
fn dom_smoothie(html: &str) -> String {
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let article = Readability::new(html, None, Some(config)).and_then(|mut page| page.parse());
    article.map(|article| article.text_content.to_string()).unwrap_or_default()
}

fn rs_trafilatura(html: &str) -> String {
    rs_trafilatura::extract(html).map(|page| page.content_text).unwrap_or_default()
}
