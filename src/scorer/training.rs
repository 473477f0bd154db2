//! What the scorer is trained on: the same features of the same blocks that it sees later.

use super::context::{Context, Looks};
use super::features::{Matrix, Scene, Text};
use super::markup::{Facts, Html, Names, layout};
use crate::document::Document;
use crate::html;
use crate::rule::{Findings, Page, SCORER, Wants};
use crate::rules::RULES;

/// The features of a document's blocks.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Rows {
    /// Features of a block.
    pub width: usize,
    /// A row of them for each block, one after the other.
    pub values: Vec<f32>,
    /// The text of each block.
    pub texts: Vec<String>,
    /// Hashes of the words in the names of the elements in and around each block, the innermost first.
    pub hints: Vec<Vec<u32>>,
    /// The words of each block.
    pub words: Vec<f32>,
    /// Of the innermost element around each block its place in `elements`.
    pub element: Vec<u32>,
    /// Elements: their parent's place, and their first block and the one behind their last.
    pub elements: Vec<[u32; 3]>,
}

/// The names of the features of text, of those of HTML, and of those of the second look, which come behind them.
pub fn names() -> [&'static [&'static str]; 3] {
    [Text::NAMES, Html::NAMES, Context::NAMES]
}

impl Rows {
    /// Adds the features of the second look to each row: `p` says for each block how likely it is content.
    pub fn add_second_look(&mut self, p: &[f32]) {
        let looks =
            Looks { p, words: self.words.clone(), element: self.element.clone(), elements: self.elements.clone() };
        let mut rows = Matrix::new(self.width + Context::NAMES.len(), p.len());
        for (block, row) in self.values.chunks_exact(self.width).enumerate() {
            rows.row_mut(block)[..self.width].copy_from_slice(row);
        }
        looks.fill(&mut rows, self.width);
        (self.width, self.values) = (rows.width, rows.values);
    }
}

/// Scores with these weights in place of the crate's own. Of no effect once something was scored.
pub fn use_weights(bytes: &[u8]) {
    let _ = super::WEIGHTS.set(super::Weights::read(bytes));
}

/// The features of a text.
pub fn text(text: &str) -> Rows {
    rows(&Document::new(text), &Names::default())
}

/// The features of a page, with what is known of the words of class names, by their hash.
pub fn html(page: &html::Page, names: &[(u32, f32)]) -> Rows {
    rows(page.document(), &Names::of_hashes(names.iter().copied()))
}

fn rows(document: &Document, names: &Names) -> Rows {
    let page = Page::new(document, Wants::default());
    let findings = Findings::of(&page, RULES.iter().filter(|rule| rule.name != SCORER));
    let scene = Scene::new(&page, &findings);
    let blocks = document.blocks().len();
    let first = Text::NAMES.len();
    let markup = document.markup();
    let mut matrix = Matrix::new(first + markup.map_or(0, |_| Html::NAMES.len()), blocks);
    scene.fill(&mut matrix);
    let (mut hints, mut element, mut elements) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(markup) = markup {
        Facts::new(&scene, markup, names).fill(&mut matrix, first);
        let around = |line: usize| {
            let own = markup.hints(markup.lines[line].hints);
            own.iter().chain(markup.around(line).flat_map(|element| markup.hints(element.hints))).copied().collect()
        };
        hints = (0..blocks).map(around).collect();
        (element, elements) = layout(markup);
    }
    let words = document.blocks().iter().map(|block| block.words as f32).collect();
    let texts = (0..blocks).map(|block| page.body(block).to_owned()).collect();
    Rows { width: matrix.width, values: matrix.values, texts, hints, words, element, elements }
}
