//! Figures for a cleaner's or an extractor's output, against what is right.
//!
//! Four questions, each with its own gold: is this [`text`] the article's, was this [`junk`] what went, is a clean
//! article left as it was ([`noop`]), do snippets that have to stay stay and others not ([`with`]). A page without a
//! prediction scores as an empty one.
//!
//! Words are runs of letters and digits of any script, and `_`; combining marks separate them, as they do in the
//! benchmarks these definitions come from. Word figures are WCXB's (bags of lower-case words, averaged over pages);
//! shingle figures are those of Scrapinghub's article-extraction-benchmark (bags of four words in a row, each page's
//! counts scaled to sum to 1, precision and recall averaged over pages).

mod junk;
mod noop;
#[cfg(feature = "html")]
mod pages;
mod text;
mod with;
mod words;

pub use junk::{Gone, JunkFigures, KindFigures, Plant, Planted, Spans, junk, spans};
pub use noop::{NoopFigures, noop};
#[cfg(feature = "html")]
pub use pages::pages;
pub use text::{TextFigures, text};
pub use with::{Snippets, WithFigures, with};

#[cfg(feature = "html")]
pub use crate::scorer::training;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// An article as it should be, for [`text`] and [`noop`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Article {
    /// What predictions are found by.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// The article's own text.
    pub text: String,
    /// Its title, where known: a prediction may start with it or not.
    #[serde(default)]
    pub title: Option<String>,
    /// The kind of page, where known: each kind has figures of its own.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

/// A page's text as predicted.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Prediction {
    /// The page.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// Its text; none counts as empty.
    #[serde(default)]
    pub text: Option<String>,
}

/// Figures over all pages, and for each kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures<All, Kind = All> {
    /// Over all pages.
    pub all: All,
    /// By kind of page or junk.
    #[serde(flatten)]
    pub kinds: BTreeMap<String, Kind>,
}

/// Predicted texts by id; of two with one id the later counts.
pub type Texts = FxHashMap<String, String>;

/// Gathers predictions by id.
pub fn texts(predictions: impl IntoIterator<Item = Prediction>) -> Texts {
    predictions.into_iter().map(|p| (p.id, p.text.unwrap_or_default())).collect()
}

/// Ids are compared as text; some corpora number theirs.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "an id is a string or an integer")]
    enum Id {
        Text(String),
        Number(i64),
    }
    Ok(match Id::deserialize(deserializer)? {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    })
}

fn find<'t>(texts: &'t Texts, id: &str) -> &'t str {
    texts.get(id).map_or("", String::as_str)
}

/// `a / (a + b)`, where there is anything.
fn share(a: f64, b: f64) -> Option<f64> {
    (a + b > 0.0).then(|| a / (a + b))
}

fn f1(precision: f64, recall: f64) -> f64 {
    let sum = precision + recall;
    if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 }
}
