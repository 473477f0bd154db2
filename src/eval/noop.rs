//! Is a clean article left as it was?

use super::words::{Overlap, word_overlap};
use super::{Article, Figures, Texts, find};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// What [`noop`] finds. Shares, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct NoopFigures {
    /// Pages compared.
    pub pages: usize,
    /// Words that are gone, of all words.
    pub words_lost: f64,
    /// Words that were not there before, as a share of all that were.
    pub words_added: f64,
    /// Pages that lost a word.
    pub pages_touched: f64,
}

/// Counts the words that clean articles lost.
///
/// ```
/// use dehusk::eval::{self, Article, Prediction};
/// let gold = Article { id: "1".into(), text: "one two".into(), title: None, kind: None };
/// let prediction = Prediction { id: "1".into(), text: Some("One".into()) };
/// assert_eq!(eval::noop(&[gold], &eval::texts([prediction])).all.words_lost, 0.5);
/// ```
pub fn noop(gold: &[Article], predicted: &Texts) -> Figures<NoopFigures> {
    let page = |article: &Article| word_overlap(find(predicted, &article.id), &article.text);
    let pages: Vec<Overlap> = gold.par_iter().map(page).collect();
    let sum = |count: fn(&Overlap) -> usize| pages.iter().map(count).sum::<usize>() as f64;
    let total = sum(Overlap::gold).max(1.0);
    let all = NoopFigures {
        pages: gold.len(),
        words_lost: sum(|page| page.only_gold) / total,
        words_added: sum(|page| page.only_predicted) / total,
        pages_touched: sum(|page| usize::from(page.only_gold > 0)) / gold.len().max(1) as f64,
    };
    Figures { all, kinds: BTreeMap::new() }
}
