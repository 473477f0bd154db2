//! The learned scorer: for each block the probability of being junk.
//!
//! Two looks, each a forest of small trees: the first sees a block, its neighbours, its place, what the named rules said
//! and, from HTML, its markup ([`features`], [`markup`]); the second sees what the first said around it ([`context`]).
//! Text and HTML have forests of their own. How they were trained, on what, and how good they are, stands in
//! `MODEL_CARD.md` beside the weights.

mod context;
mod features;
#[cfg(feature = "html")]
mod markup;
mod model;
#[cfg(all(feature = "eval", feature = "html"))]
pub mod training;

use crate::document::Document;
use crate::rule::{Findings, Level, Page};
use context::{Context, Looks};
use features::{Matrix, Scene, Text};
use model::{Forest, Reader};
#[cfg(feature = "html")]
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::OnceLock;

static WEIGHTS: OnceLock<Weights> = OnceLock::new();

fn weights() -> &'static Weights {
    WEIGHTS.get_or_init(|| Weights::read(include_bytes!("weights.bin")))
}

/// What was learned.
struct Weights {
    text: Looking,
    #[cfg(feature = "html")]
    html: Looking,
    #[cfg(feature = "html")]
    names: markup::Names,
    /// For each kind of page, in their order.
    #[cfg(feature = "html")]
    kinds: Vec<Forest>,
}

/// The two looks at a kind of document.
struct Looking {
    first: Forest,
    second: Forest,
}

impl Looking {
    /// How likely each block is content after the second look. Blocks that the first was sure of are not looked at again:
    /// most of a page is that, and of those the second look changes its mind about next to none.
    fn second_answer(&self, rows: &Matrix, first: &[f32]) -> Vec<f32> {
        let chosen: Vec<usize> = (0..first.len()).filter(|&block| first[block] > SURELY_JUNK).collect();
        let mut content = first.to_vec();
        for (block, logit) in chosen.iter().zip(self.second.answer_for(rows, &chosen)) {
            content[*block] = probability(logit);
        }
        content
    }
}

/// So unlikely content at first is not at second sight.
const SURELY_JUNK: f32 = 0.004;

impl Weights {
    /// Reads the weights: words of names with what they tell, the forests for kinds of pages, two forests for HTML, two for
    /// text.
    fn read(bytes: &[u8]) -> Self {
        let mut from = Reader(bytes);
        let names: Vec<(&str, f32)> = (0..from.u32())
            .map(|_| {
                let size = from.u32() as usize;
                let name = std::str::from_utf8(from.bytes(size)).expect("names are text");
                (name, from.f32())
            })
            .collect();
        let kinds: Vec<Forest> = (0..from.u32()).map(|_| Forest::read(&mut from)).collect();
        let mut looking = || Looking { first: Forest::read(&mut from), second: Forest::read(&mut from) };
        let html = looking();
        let text = looking();
        #[cfg(not(feature = "html"))]
        let _ = (names, kinds, html);
        Weights {
            text,
            #[cfg(feature = "html")]
            html,
            #[cfg(feature = "html")]
            names: markup::Names::new(names),
            #[cfg(feature = "html")]
            kinds,
        }
    }
}

/// What the scorer says of a document.
pub(crate) struct Scores {
    /// For each block how likely it is content.
    pub content: Vec<f32>,
    /// For each block how sure the scorer is that it has to go: reaches a level's threshold where it goes.
    pub confidence: Vec<f32>,
    /// The block that is the title of a page.
    pub title: Option<usize>,
    /// The kind of a page, as a place in the order of kinds.
    pub kind: Option<usize>,
    rows: Matrix,
    looking: &'static Looking,
    /// The columns' names, table by table.
    names: &'static [&'static [&'static str]],
}

/// Of longer documents the scorer says nothing: its rows would take more memory than the document. Of 1,989 pages of the
/// evaluation data the longest has 2,641 blocks.
const MOST_BLOCKS: usize = 20_000;

/// True where the scorer can be sure enough of a document's blocks for a level.
pub(crate) fn may_remove(document: &Document, level: Level) -> bool {
    if document.blocks().len() > MOST_BLOCKS {
        return false;
    }
    #[cfg(feature = "html")]
    if document.markup().is_some() {
        return true;
    }
    Level::Thorough.threshold() + TEXT_SPAN >= level.threshold()
}

/// Scores the blocks of a page.
pub(crate) fn score(page: &Page, findings: &Findings) -> Scores {
    let scene = Scene::new(page, findings);
    #[cfg(feature = "html")]
    if let Some(markup) = page.document.markup() {
        return of_html(&scene, markup);
    }
    of_text(&scene)
}

fn of_text(scene: &Scene) -> Scores {
    let mut rows = Matrix::new(Text::NAMES.len() + Context::NAMES.len(), scene.blocks.len());
    scene.fill(&mut rows);
    let looking = &weights().text;
    let first = probabilities(looking.first.answer(&rows));
    let looks = Looks { p: &first, words: words(scene), element: Vec::new(), elements: Vec::new() };
    looks.fill(&mut rows, Text::NAMES.len());
    let mut content = looking.second_answer(&rows, &first);
    let junk = content.iter().filter(|&&p| p < TEXT_THRESHOLD).count();
    let is_dump = junk as f32 >= DUMP * content.len() as f32;
    if is_dump {
        agree_with_neighbours(&mut content, &looks.words);
    }
    let sure = |p: f32| match () {
        () if !is_dump => 0.0,
        () if p >= TEXT_THRESHOLD => 0.0,
        () => Level::Thorough.threshold() + TEXT_SPAN * (1.0 - p / TEXT_THRESHOLD),
    };
    let confidence = content.iter().map(|&p| sure(p)).collect();
    let names = &[Text::NAMES, Context::NAMES];
    Scores { content, confidence, title: None, kind: None, rows, looking, names }
}

/// Brings each block nearer to the blocks around it, the nearer ones and the longer ones first: an article is a run of
/// blocks. Down goes a block as their mean asks, up only as far as both sides ask: what borders on a long paragraph on one
/// side alone, as the end of a menu does, is not drawn into the article.
fn agree_with_neighbours(content: &mut [f32], words: &[f32]) {
    let logits: Vec<f32> = content.iter().map(|&p| logit(p)).collect();
    let mean = |block: usize, others: Range<usize>| {
        let weight = |other: usize| (words[other] + 1.0).sqrt() / (1 + block.abs_diff(other)) as f32;
        let (sum, weights) = others
            .map(|other| (weight(other), logits[other]))
            .fold((0.0, 0.0), |(sum, weights), (weight, logit)| (sum + weight * logit, weights + weight));
        sum / weights
    };
    for (block, p) in content.iter_mut().enumerate() {
        let (first, behind) = (block.saturating_sub(REACH), (block + REACH + 1).min(logits.len()));
        let (own, both) = (logits[block], mean(block, first..behind));
        let lesser = mean(block, first..block + 1).min(mean(block, block..behind));
        *p = drawn(own, if both < own { both } else { lesser.max(own) }, AGREED);
    }
}

/// Blocks up and down that count, and how much of a block's logit is their mean, measured by cross-validation.
const REACH: usize = 5;
const AGREED: f32 = 0.5;

/// A text is a dump of a whole page where the scorer takes so many of its blocks for junk. Text that is nearly clean is
/// none, and the named rules alone decide on it; so is what is left of a dump, which a second run leaves as it is.
const DUMP: f32 = 0.3;
/// Less likely content goes, at the level thorough. Without markup the scorer is never as sure as the level standard asks:
/// between planted junk and what an article really holds it errs too often there.
const TEXT_THRESHOLD: f32 = 0.45;
const TEXT_SPAN: f32 = 0.29;

#[cfg(feature = "html")]
fn of_html(scene: &Scene, markup: &crate::parse::html::markup::Markup) -> Scores {
    use markup::{Facts, Html};
    let behind = Text::NAMES.len() + Html::NAMES.len();
    let mut rows = Matrix::new(behind + Context::NAMES.len(), scene.blocks.len());
    scene.fill(&mut rows);
    let facts = Facts::new(scene, markup, &weights().names);
    facts.fill(&mut rows, Text::NAMES.len());
    let looking = &weights().html;
    let first = probabilities(looking.first.answer(&rows));
    let (element, elements) = markup::layout(markup);
    let looks = Looks { p: &first, words: words(scene), element, elements };
    looks.fill(&mut rows, behind);
    let mut content = looking.second_answer(&rows, &first);
    share_fate(&mut content, &looks.words, &facts.places());
    let kind = kind(&rows);
    let shift =
        logit(Level::Standard.threshold()) - logit(1.0 - threshold(&content, &looks.words, kind == ARTICLE_KIND));
    let confidence = content.iter().map(|&p| probability(logit(1.0 - p) + shift)).collect();
    let names = &[Text::NAMES, Html::NAMES, Context::NAMES];
    Scores { content, confidence, title: scene.title, kind: Some(kind), rows, looking, names }
}

/// Brings blocks of the same place in the markup nearer to each other: the posts of a thread and the cards of a grid mostly
/// stay or go together.
#[cfg(feature = "html")]
fn share_fate(content: &mut [f32], words: &[f32], places: &[(u64, u64)]) {
    let mut sums: FxHashMap<(u64, u64), (f32, f32)> = FxHashMap::default();
    for ((&p, words), &place) in content.iter().zip(words).zip(places) {
        let weight = (words + 1.0).sqrt();
        let (logits, weights) = sums.entry(place).or_default();
        *logits += weight * logit(p);
        *weights += weight;
    }
    for (p, place) in content.iter_mut().zip(places) {
        let (logits, weights) = sums[place];
        *p = drawn(logit(*p), logits / weights, SHARED);
    }
}

/// So much of a block's logit is the mean of its place, measured by cross-validation.
#[cfg(feature = "html")]
const SHARED: f32 = 0.25;

/// The kind of a page, from the row of its first block.
#[cfg(feature = "html")]
fn kind(rows: &Matrix) -> usize {
    let answers = weights().kinds.iter().map(|forest| forest.answer_for(rows, &[0])[0]).enumerate();
    answers.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(place, _)| place)
}

fn words(scene: &Scene) -> Vec<f32> {
    scene.blocks.iter().map(|block| block.words as f32).collect()
}

/// The probability of a block whose logit is drawn towards that of others by a share.
fn drawn(own: f32, others: f32, share: f32) -> f32 {
    probability((1.0 - share) * own + share * others)
}

fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

fn probabilities(mut logits: Vec<f32>) -> Vec<f32> {
    logits.iter_mut().for_each(|logit| *logit = probability(*logit));
    logits
}

fn logit(p: f32) -> f32 {
    let p = p.clamp(1e-5, 1.0 - 1e-5);
    (p / (1.0 - p)).ln()
}

/// How likely content a block of a page has to be to stay, so that the F1 of words that can be expected is the highest:
/// half of that F1 (Lipton et al., ECML 2014). Where a page holds little that is clear, more stays.
#[cfg(feature = "html")]
fn threshold(content: &[f32], words: &[f32], is_article: bool) -> f32 {
    let mut order: Vec<usize> = (0..content.len()).collect();
    order.sort_by(|&a, &b| content[b].total_cmp(&content[a]));
    let expected: f32 = content.iter().zip(words).map(|(p, words)| p * words).sum();
    let (mut kept, mut right, mut best) = (0.0, 0.0, (0.0, HIGHEST));
    for i in order {
        kept += words[i];
        right += content[i] * words[i];
        let f1 = 2.0 * right / (kept + expected).max(1.0);
        if f1 > best.0 {
            best = (f1, content[i]);
        }
    }
    let best = best.1.clamp(LOWEST, HIGHEST);
    if is_article { probability(logit(best) + ARTICLE) } else { best }
}

/// The threshold stays within these, measured by cross-validation.
#[cfg(feature = "html")]
const LOWEST: f32 = 0.15;
#[cfg(feature = "html")]
const HIGHEST: f32 = 0.6;
/// By so much (a logit) it is higher on a page that is taken for an article, where what is in doubt is seldom content.
#[cfg(feature = "html")]
const ARTICLE: f32 = 0.35;
#[cfg(feature = "html")]
const ARTICLE_KIND: usize = 0;

impl Scores {
    /// From the first block that is clearly content to behind the last.
    pub fn extent(&self) -> std::ops::Range<usize> {
        let is_clear = |p: &f32| *p >= 0.5;
        let first = self.content.iter().position(is_clear).unwrap_or(0);
        first..self.content.iter().rposition(is_clear).map_or(first, |last| last + 1)
    }

    /// What spoke most against a block: the three features that counted most, in the second look or in the first, whose
    /// answer is the most that the second goes by.
    pub fn evidence(&self, block: usize) -> String {
        let mut shares = vec![0.0; self.rows.width];
        self.looking.second.explain(self.rows.row(block), &mut shares);
        // How it looked at first is told by what made it look so.
        shares[self.rows.width - Context::NAMES.len() + Context::Own as usize] = 0.0;
        self.looking.first.explain(self.rows.row(block), &mut shares);
        let mut order: Vec<usize> = (0..shares.len()).collect();
        order.sort_by(|&a, &b| shares[a].total_cmp(&shares[b]));
        let strongest = order.into_iter().take(3).filter(|&feature| shares[feature] < 0.0);
        let told: Vec<String> = strongest.map(|feature| self.tell(block, feature)).collect();
        told.join("; ")
    }

    fn tell(&self, block: usize, feature: usize) -> String {
        let value = self.rows.row(block)[feature];
        let value = if value.fract() == 0.0 { format!("{value}") } else { format!("{value:.2}") };
        let name = self.names.iter().copied().flatten().nth(feature).expect("each column has a name");
        format!("{name}: {value}")
    }
}
