//! HTML to a document: the page's visible text, rendered once, with blocks and what their markup says of them.
//!
//! ```text
//! bytes -> encoding -> prepass -> html5ever -> tree -> render -> text, blocks, markup
//!                                                   -> metadata
//! ```

mod flat;
pub(crate) mod markup;
mod metadata;
mod render;
mod sink;
pub(crate) mod tag;
pub(crate) mod tree;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use sink::Sink;
use tree::Tree;

pub use metadata::Metadata;

use crate::document::Document;

/// A page of HTML: its visible text as a document, and what it says of itself.
///
/// ```
/// let page = dehusk::html::Page::parse("<h1>A title</h1><p>Its <b>text</b>.<script>var x;</script>");
/// assert_eq!(page.document().text(), "A title\n\nIts text.");
/// ```
#[derive(Debug, Clone)]
pub struct Page {
    document: Document<'static>,
    metadata: Metadata,
}

impl Page {
    /// Parses a page and renders its text. Any text is a page; this never fails.
    pub fn parse(html: &str) -> Page {
        Page::of(&tree(html))
    }

    /// As [`Page::parse`], in the way that pages go which are too much work; for tests.
    #[doc(hidden)]
    pub fn parse_flat(html: &str) -> Page {
        Page::of(&flat::parse(html))
    }

    fn of(tree: &Tree) -> Page {
        let (text, markup) = render::render(tree);
        Page { document: Document::with_markup(text, markup), metadata: Metadata::default() }
    }

    /// The visible text, with its blocks.
    pub fn document(&self) -> &Document<'static> {
        &self.document
    }

    /// What the page says of itself.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

/// Work that any page may make, and so much more for each of its bytes. Real pages need 1 to 3 for each byte.
const WORK: usize = 1 << 20;
const WORK_PER_BYTE: usize = 24;

/// The parser gets so many bytes at once; in between it is asked how much it worked.
const CHUNK: usize = 4 << 10;

/// The tree of a page.
pub(crate) fn tree(html: &str) -> Tree {
    repaired(html).unwrap_or_else(|| flat::parse(html))
}

/// The tree as browsers build it, unless that takes too much work.
fn repaired(html: &str) -> Option<Tree> {
    let builder = TreeBuilder::new(Sink::new(), TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(builder, Default::default());
    let limit = WORK + html.len().saturating_mul(WORK_PER_BYTE);
    let queue = BufferQueue::default();
    for chunk in chunks(html) {
        queue.push_back(chunk);
        while !matches!(tokenizer.feed(&queue), html5ever::TokenizerResult::Done) {}
        if tokenizer.sink.sink.work() > limit {
            return None;
        }
        Sink::watch(&tokenizer.sink);
    }
    tokenizer.end();
    Some(tokenizer.sink.sink.finish())
}

/// A page piece by piece, for a parser.
fn chunks(mut html: &str) -> impl Iterator<Item = StrTendril> {
    std::iter::from_fn(move || {
        let (chunk, behind) = html.split_at(html.ceil_char_boundary(CHUNK));
        html = behind;
        (!chunk.is_empty()).then(|| StrTendril::from_slice(chunk))
    })
}
