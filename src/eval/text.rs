//! Is this text the article's?

use super::words::{Overlap, WORD, shingle_overlap, word_overlap, words};
use super::{Article, Figures, Texts, f1, find, share};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// What [`text`] finds. Shares, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct TextFigures {
    /// Pages compared.
    pub pages: usize,
    /// Mean of the pages' word F1.
    pub word_f1: f64,
    /// Mean of the pages' word precision.
    pub word_p: f64,
    /// Mean of the pages' word recall.
    pub word_r: f64,
    /// F1 of the two means below.
    pub shingle_f1: f64,
    /// Mean shingle precision of the pages that predict something.
    pub shingle_p: f64,
    /// Mean shingle recall of the pages that have something.
    pub shingle_r: f64,
}

/// Compares texts with the articles' own, by words and by shingles.
///
/// A prediction that starts with the title is scored with and without it, and the better one counts: the title is the
/// article's, though gold texts may leave it out.
///
/// ```
/// use dehusk::eval::{self, Article, Prediction};
/// let gold = Article { id: "1".into(), text: "one two".into(), title: None, kind: None };
/// let prediction = Prediction { id: "1".into(), text: Some("two three".into()) };
/// assert_eq!(eval::text(&[gold], &eval::texts([prediction])).all.word_f1, 0.5);
/// ```
pub fn text(gold: &[Article], predicted: &Texts) -> Figures<TextFigures> {
    let pages: Vec<TextPage> =
        gold.par_iter().map(|article| text_page(article, find(predicted, &article.id))).collect();
    let mut kinds: BTreeMap<String, Vec<TextPage>> = BTreeMap::new();
    for (article, page) in gold.iter().zip(&pages) {
        if let Some(kind) = article.kind.as_ref().filter(|kind| !kind.is_empty() && *kind != "all") {
            kinds.entry(kind.clone()).or_default().push(*page);
        }
    }
    Figures { all: text_figures(&pages), kinds: kinds.into_iter().map(|(k, v)| (k, text_figures(&v))).collect() }
}

/// A page's figures for [`text`].
#[derive(Debug, Clone, Copy)]
struct TextPage {
    word_p: f64,
    word_r: f64,
    word_f1: f64,
    shingles: Overlap,
}

fn text_page(article: &Article, predicted: &str) -> TextPage {
    let with = text_option(article, predicted);
    let Some(rest) = without_title(predicted, article.title.as_deref().unwrap_or_default()) else { return with };
    let without = text_option(article, rest);
    let right = |page: &TextPage| share(page.shingles.both as f64, wrong(&page.shingles)).unwrap_or(0.0);
    let words = if without.word_f1 > with.word_f1 { without } else { with };
    let shingles = if right(&without) > right(&with) { without.shingles } else { with.shingles };
    TextPage { shingles, ..words }
}

fn wrong(overlap: &Overlap) -> f64 {
    (overlap.only_predicted + overlap.only_gold) as f64
}

fn text_option(article: &Article, predicted: &str) -> TextPage {
    let words = word_overlap(predicted, &article.text);
    let (word_p, word_r) = match (words.predicted(), words.gold()) {
        (0, 0) => (1.0, 1.0),
        (0, _) | (_, 0) => (0.0, 0.0),
        (predicted, gold) => (words.both as f64 / predicted as f64, words.both as f64 / gold as f64),
    };
    TextPage { word_p, word_r, word_f1: f1(word_p, word_r), shingles: shingle_overlap(predicted, &article.text) }
}

/// A text less the title, where it starts with it.
fn without_title<'t>(text: &'t str, title: &str) -> Option<&'t str> {
    let title_in_lower_case = title.to_lowercase();
    let mut title_words = words(&title_in_lower_case).peekable();
    title_words.peek()?;
    let reach = 3 * title.chars().count() + 200;
    let start = text.char_indices().nth(reach).map_or(text, |(end, _)| &text[..end]).to_lowercase();
    let mut text_words = words(&start);
    let mut count = 0;
    for word in title_words {
        if text_words.next() != Some(word) {
            return None;
        }
        count += 1;
    }
    WORD.find_iter(text).nth(count - 1).map(|last| &text[last.end()..])
}

fn text_figures(pages: &[TextPage]) -> TextFigures {
    let mean = |figure: fn(&TextPage) -> Option<f64>| {
        let values: Vec<f64> = pages.iter().filter_map(figure).collect();
        values.iter().sum::<f64>() / values.len().max(1) as f64
    };
    let shingle_p = mean(|page| share(page.shingles.both as f64, page.shingles.only_predicted as f64));
    let shingle_r = mean(|page| share(page.shingles.both as f64, page.shingles.only_gold as f64));
    TextFigures {
        pages: pages.len(),
        word_f1: mean(|page| Some(page.word_f1)),
        word_p: mean(|page| Some(page.word_p)),
        word_r: mean(|page| Some(page.word_r)),
        shingle_f1: f1(shingle_p, shingle_r),
        shingle_p,
        shingle_r,
    }
}
