//! Was this junk what went?

use super::{Figures, f1, id, share};
use crate::document::Span;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text with junk at known places, for [`junk`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Planted {
    /// What removals are found by.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// The text, junk included.
    pub text: String,
    /// Where it is known what is right; everything else is the article.
    pub spans: Vec<Plant>,
}

/// A place in a [`Planted`] text.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Plant {
    /// Byte offset of its start.
    pub start: usize,
    /// Byte offset of its end.
    pub end: usize,
    /// What it is; recall is told for each kind.
    pub kind: String,
    /// What is right: `junk` has to go; of the copies that share a grade `one:…` all but one have to go, and that one has
    /// to stay; of those that share another grade with a colon (`most-one:…`) at most one may stay; any other grade may
    /// go or stay.
    pub grade: String,
}

/// A piece of a page that went.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Gone {
    /// The page.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// Byte offset of its start in the input text.
    pub start: usize,
    /// Byte offset of its end.
    pub end: usize,
}

/// What [`junk`] finds, in bytes other than white space. Shares, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct JunkFigures {
    /// Pages compared.
    pub pages: usize,
    /// How much of what went was junk.
    pub precision: f64,
    /// How much of the junk went.
    pub recall: f64,
    /// F1 of the two.
    pub f1: f64,
    /// How much of the article went.
    pub article_lost: f64,
    /// Pages on which just the junk went.
    pub pages_exact: f64,
}

/// What [`junk`] finds for one kind of junk.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct KindFigures {
    /// How much of it went, from 0 to 1.
    pub recall: f64,
}

/// Spans that went, by id.
pub type Spans = FxHashMap<String, Vec<Span>>;

/// Gathers spans by id.
pub fn spans(gone: impl IntoIterator<Item = Gone>) -> Spans {
    let mut spans = Spans::default();
    for Gone { id, start, end } in gone {
        spans.entry(id).or_default().push(start..end);
    }
    spans
}

/// Compares what went with the junk that was planted.
///
/// ```
/// use dehusk::eval::{self, Gone, Plant, Planted};
/// let plant = Plant { start: 0, end: 4, kind: "menu".into(), grade: "junk".into() };
/// let gold = Planted { id: "1".into(), text: "Menu\nText".into(), spans: vec![plant] };
/// let figures = eval::junk(&[gold], &eval::spans([Gone { id: "1".into(), start: 0, end: 2 }]));
/// assert_eq!((figures.all.precision, figures.all.recall), (1.0, 0.5));
/// ```
pub fn junk(gold: &[Planted], gone: &Spans) -> Figures<JunkFigures, KindFigures> {
    let page = |planted: &Planted| junk_page(planted, gone.get(&planted.id).map_or(&[], Vec::as_slice));
    let pages: Vec<JunkPage> = gold.par_iter().map(page).collect();
    let mut sum = JunkPage::default();
    let exact = pages.iter().filter(|page| page.is_exact()).count();
    pages.into_iter().for_each(|page| sum.add(page));
    let precision = share(sum.junk_gone, sum.wrongly_gone).unwrap_or(1.0);
    let recall = share(sum.junk_gone, sum.junk_left).unwrap_or(1.0);
    let all = JunkFigures {
        pages: gold.len(),
        precision,
        recall,
        f1: f1(precision, recall),
        article_lost: sum.article_gone as f64 / sum.article.max(1) as f64,
        pages_exact: exact as f64 / gold.len().max(1) as f64,
    };
    let kinds = sum.kinds.into_iter().filter(|(_, (_, size))| *size > 0.0);
    Figures { all, kinds: kinds.map(|(kind, (gone, size))| (kind, KindFigures { recall: gone / size })).collect() }
}

/// Bytes other than white space, for [`junk`]. Shares of copies make fractions of them.
#[derive(Debug, Clone, Default)]
struct JunkPage {
    junk_gone: f64,
    junk_left: f64,
    wrongly_gone: f64,
    article: usize,
    article_gone: usize,
    /// What went of each kind, and its size.
    kinds: FxHashMap<String, (f64, f64)>,
}

impl JunkPage {
    fn is_exact(&self) -> bool {
        self.wrongly_gone == 0.0 && self.junk_left == 0.0
    }

    /// Counts junk of which a share went.
    fn count(&mut self, kind: &str, gone: f64, left: f64, size: f64) {
        self.junk_gone += gone;
        self.junk_left += left;
        let (kind_gone, kind_size) = self.kinds.entry(kind.to_owned()).or_default();
        *kind_gone += gone;
        *kind_size += size;
    }

    fn add(&mut self, page: JunkPage) {
        self.junk_gone += page.junk_gone;
        self.junk_left += page.junk_left;
        self.wrongly_gone += page.wrongly_gone;
        self.article += page.article;
        self.article_gone += page.article_gone;
        for (kind, (gone, size)) in page.kinds {
            let (kind_gone, kind_size) = self.kinds.entry(kind).or_default();
            *kind_gone += gone;
            *kind_size += size;
        }
    }
}

/// A stretch of which one copy may stay: the share of it that went, its size, its kind.
type Copy<'p> = (f64, usize, &'p str);

fn junk_page(planted: &Planted, gone: &[Span]) -> JunkPage {
    let text = planted.text.as_bytes();
    let gone = marked(text.len(), gone.iter().cloned());
    let known = marked(text.len(), planted.spans.iter().map(|plant| plant.start..plant.end));
    let is_black = |at: &usize| !matches!(text[*at], b' ' | b'\t' | b'\r' | b'\n');
    let mut page = JunkPage::default();
    let mut copies: BTreeMap<&str, Vec<Copy>> = BTreeMap::new();
    for Plant { start, end, kind, grade } in &planted.spans {
        let black = || (*start..(*end).min(text.len())).filter(is_black);
        let (size, went) = (black().count(), black().filter(|&at| gone[at]).count());
        if grade == "junk" {
            page.count(kind, went as f64, (size - went) as f64, size as f64);
        } else if grade.contains(':') {
            copies.entry(grade).or_default().push((went as f64 / size.max(1) as f64, size, kind));
        }
    }
    for (grade, copies) in copies {
        count_copies(&mut page, copies, grade.starts_with("one:"));
    }
    for at in (0..text.len()).filter(is_black).filter(|&at| !known[at]) {
        page.article += 1;
        page.article_gone += usize::from(gone[at]);
    }
    page.wrongly_gone += page.article_gone as f64;
    page
}

/// The copy that went least is the one that may stay, or has to.
fn count_copies(page: &mut JunkPage, mut copies: Vec<Copy>, has_to_stay: bool) {
    copies.sort_by(|a, b| a.partial_cmp(b).expect("shares are numbers"));
    let (share, size, _) = copies.remove(0);
    if has_to_stay {
        page.wrongly_gone += share * size as f64;
    }
    for (share, size, kind) in copies {
        let size = size as f64;
        page.count(kind, share * size, (1.0 - share) * size, size);
    }
}

fn marked(len: usize, spans: impl Iterator<Item = Span>) -> Vec<bool> {
    let mut marks = vec![false; len];
    for Span { start, end } in spans {
        if let Some(stretch) = marks.get_mut(start..end.min(len)) {
            stretch.fill(true);
        }
    }
    marks
}
