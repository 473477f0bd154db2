//! What the scorer is trained on: the same features of the same blocks that it sees later.

use super::features::{Matrix, Scene, Text};
use super::markup::{Facts, Html, Names};
use crate::document::Document;
use crate::html;
use crate::rule::{Findings, Page};
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
    /// Hashes of the words in the names of the elements around each block, the innermost element first.
    pub hints: Vec<Vec<u32>>,
    /// Of the innermost element around each block its place in `elements`.
    pub element: Vec<u32>,
    /// Elements: their parent's place, and their first block and the one behind their last.
    pub elements: Vec<[u32; 3]>,
}

/// The names of the features of text, and of those of HTML, which come behind them.
pub fn names() -> (&'static [&'static str], &'static [&'static str]) {
    (Text::NAMES, Html::NAMES)
}

fn findings(page: &Page) -> Findings {
    let mut findings = Findings::new(page.blocks.len());
    for rule in RULES {
        findings.begin(rule.name);
        (rule.find)(page, &mut findings);
    }
    findings
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
    let page = Page::new(document);
    let findings = findings(&page);
    let scene = Scene::new(&page, &findings);
    let blocks = document.blocks().len();
    let first = Text::NAMES.len();
    let markup = document.markup();
    let mut matrix = Matrix::new(first + markup.map_or(0, |_| Html::NAMES.len()), blocks);
    scene.fill(&mut matrix);
    let (mut hints, mut element, mut elements) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(markup) = markup {
        Facts::new(&scene, markup, names).fill(&mut matrix, first);
        let around = |line| markup.around(line).flat_map(|element| markup.hints(element.hints)).copied().collect();
        hints = (0..blocks).map(around).collect();
        element = markup.lines.iter().map(|line| line.element).collect();
        elements = markup.elements.iter().map(|e| [e.parent, e.lines.0, e.lines.1]).collect();
    }
    let texts = (0..blocks).map(|block| page.body(block).to_owned()).collect();
    Rows { width: matrix.width, values: matrix.values, texts, hints, element, elements }
}
