//! Do snippets that have to stay stay, and others not?

use super::{Figures, Texts, f1, find, id, share};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Snippets of a page, for [`with`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Snippets {
    /// What predictions are found by.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// Have to stay.
    pub with: Vec<String>,
    /// Have to go.
    pub without: Vec<String>,
}

/// What [`with`] finds. Shares, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct WithFigures {
    /// Pages compared.
    pub pages: usize,
    /// Of the snippets found, those that have to stay.
    pub precision: f64,
    /// Of the snippets that have to stay, those found.
    pub recall: f64,
    /// F1 of the two.
    pub f1: f64,
    /// Of all snippets, those that are right.
    pub accuracy: f64,
}

/// Looks for snippets; white space of any kind and length is alike.
///
/// ```
/// use dehusk::eval::{self, Prediction, Snippets};
/// let gold = Snippets { id: "1".into(), with: vec!["two words".into()], without: vec!["menu".into()] };
/// let prediction = Prediction { id: "1".into(), text: Some("two\nwords".into()) };
/// assert_eq!(eval::with(&[gold], &eval::texts([prediction])).all.accuracy, 1.0);
/// ```
pub fn with(gold: &[Snippets], predicted: &Texts) -> Figures<WithFigures> {
    let found_in = |snippets: &[String], text: &str| {
        snippets.iter().filter(|s| memchr::memmem::find(text.as_bytes(), normalized(s).as_bytes()).is_some()).count()
    };
    let page = |page: &Snippets| {
        let text = normalized(find(predicted, &page.id));
        let (kept, left) = (found_in(&page.with, &text), found_in(&page.without, &text));
        [kept, page.with.len() - kept, left, page.without.len() - left]
    };
    let add = |a: [usize; 4], b: [usize; 4]| std::array::from_fn(|i| a[i] + b[i]);
    let counts = gold.par_iter().map(page).reduce(|| [0; 4], add);
    let [kept, lost, left, gone] = counts.map(|count| count as f64);
    let precision = share(kept, left).unwrap_or(0.0);
    let recall = share(kept, lost).unwrap_or(0.0);
    let accuracy = (kept + gone) / (kept + lost + left + gone).max(1.0);
    let all = WithFigures { pages: gold.len(), precision, recall, f1: f1(precision, recall), accuracy };
    Figures { all, kinds: BTreeMap::new() }
}

/// Runs of white space as one space. The four separators U+001C to U+001F count, as they do in the reference.
fn normalized(text: &str) -> String {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}');
    text.split(is_space).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
