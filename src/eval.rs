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

use crate::document::Span;
use rayon::prelude::*;
use regex::Regex;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::LazyLock;

/// Words in a shingle.
const SHINGLE: usize = 4;

static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("a valid pattern"));

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

/// Figures over all pages, and for each kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures<All, Kind = All> {
    /// Over all pages.
    pub all: All,
    /// By kind of page or junk.
    #[serde(flatten)]
    pub kinds: BTreeMap<String, Kind>,
}

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

/// Predicted texts by id; of two with one id the later counts.
pub type Texts = FxHashMap<String, String>;

/// Spans that went, by id.
pub type Spans = FxHashMap<String, Vec<Span>>;

/// Gathers predictions by id.
pub fn texts(predictions: impl IntoIterator<Item = Prediction>) -> Texts {
    predictions.into_iter().map(|p| (p.id, p.text.unwrap_or_default())).collect()
}

/// Gathers spans by id.
pub fn spans(gone: impl IntoIterator<Item = Gone>) -> Spans {
    let mut spans = Spans::default();
    for Gone { id, start, end } in gone {
        spans.entry(id).or_default().push(start..end);
    }
    spans
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

fn words(text: &str) -> impl Iterator<Item = &str> {
    WORD.find_iter(text).map(|word| word.as_str())
}

/// Runs of white space as one space. The four separators U+001C to U+001F count, as they do in the reference.
fn normalized(text: &str) -> String {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}');
    text.split(is_space).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// How many items two bags share, and how many only one of them holds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Overlap {
    both: usize,
    only_predicted: usize,
    only_gold: usize,
}

impl Overlap {
    fn of<T: Hash + Eq>(predicted: impl Iterator<Item = T>, gold: impl Iterator<Item = T>) -> Self {
        let mut counts: FxHashMap<T, (usize, usize)> = FxHashMap::default();
        predicted.for_each(|item| counts.entry(item).or_default().0 += 1);
        gold.for_each(|item| counts.entry(item).or_default().1 += 1);
        counts.values().fold(Overlap::default(), |sum, &(p, g)| Overlap {
            both: sum.both + p.min(g),
            only_predicted: sum.only_predicted + p.saturating_sub(g),
            only_gold: sum.only_gold + g.saturating_sub(p),
        })
    }

    fn predicted(&self) -> usize {
        self.both + self.only_predicted
    }

    fn gold(&self) -> usize {
        self.both + self.only_gold
    }
}

fn word_overlap(predicted: &str, gold: &str) -> Overlap {
    let (predicted, gold) = (predicted.to_lowercase(), gold.to_lowercase());
    Overlap::of(words(&predicted), words(&gold))
}

fn shingle_overlap(predicted: &str, gold: &str) -> Overlap {
    let (predicted, gold): (Vec<_>, Vec<_>) = (words(predicted).collect(), words(gold).collect());
    Overlap::of(shingles(&predicted), shingles(&gold))
}

/// Four words in a row each, or all of them where there are fewer; padded, as no word is empty.
fn shingles<'t>(words: &[&'t str]) -> impl Iterator<Item = [&'t str; SHINGLE]> {
    let short =
        (1..SHINGLE).contains(&words.len()).then(|| std::array::from_fn(|i| words.get(i).copied().unwrap_or("")));
    let windows = words.windows(SHINGLE).map(|window| window.try_into().expect("as long as a shingle"));
    windows.chain(short)
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
