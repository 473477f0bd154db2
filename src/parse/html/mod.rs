//! HTML to a document: the page's visible text, rendered once, with blocks and what their markup says of them.
//!
//! ```text
//! bytes -> encoding -> prepass -> html5ever -> tree -> render -> text, blocks, markup
//!                                                   -> metadata
//! ```

#[cfg(any(feature = "corpus", feature = "eval"))]
pub(crate) mod encoding;
mod flat;
pub(crate) mod markup;
mod metadata;
pub(crate) mod prepass;
mod render;
mod sink;
pub(crate) mod tag;
pub(crate) mod tree;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use prepass::{Attributes, Cut};
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
}

impl Page {
    /// Parses a page and renders its text. Any text is a page; this never fails.
    pub fn parse(html: &str) -> Page {
        Page::shown(html, Page::read)
    }

    /// As [`Page::parse`], in the way that pages go which are too much work; for tests.
    #[doc(hidden)]
    pub fn parse_flat(html: &str) -> Page {
        Page::shown(html, |html, scripts_run| Page::of(&flat::parse(html, scripts_run), &[], scripts_run))
    }

    /// The page as where scripts run, unless that shows hardly anything, and much where they do not.
    fn shown(html: &str, read: fn(&str, bool) -> Page) -> Page {
        let page = read(html, true);
        if page.document.text().len() >= SHOWN_BY_SCRIPT || memchr::memmem::find(html.as_bytes(), b"noscript").is_none()
        {
            return page;
        }
        let without_scripts = read(html, false);
        let is_longer = without_scripts.document.text().len() > 2 * page.document.text().len();
        if is_longer { without_scripts } else { page }
    }

    /// Parses a page as where scripts run, or as where they do not: there `<noscript>` holds elements as any other.
    fn read(html: &str, scripts_run: bool) -> Page {
        let lean = prepass::lean(html, Cut { attributes: Attributes::Needed, scripts_run });
        let json_ld: Vec<&str> = lean.json_ld.iter().map(|range| &html[range.clone()]).collect();
        Page::of(&tree(&lean.html, scripts_run), &json_ld, scripts_run)
    }

    fn of(tree: &Tree, json_ld: &[&str], scripts_run: bool) -> Page {
        let (text, mut markup) = render::render(tree, scripts_run);
        markup.metadata = metadata::read(tree, json_ld);
        Page { document: Document::with_markup(text, markup) }
    }

    /// The visible text, with its blocks.
    pub fn document(&self) -> &Document<'static> {
        &self.document
    }

    /// What the page says of itself.
    pub fn metadata(&self) -> &Metadata {
        &self.document.markup().expect("a page has markup").metadata
    }
}

/// A page that shows fewer bytes of text may be one that a script has yet to fill, with the text of it in `<noscript>`.
const SHOWN_BY_SCRIPT: usize = 600;

/// Work that any page may make, and so much more for each of its bytes. Real pages need 1 to 3 for each byte.
const WORK: usize = 1 << 20;
const WORK_PER_BYTE: usize = 24;

/// The parser gets so many bytes at once; in between it is asked how much it worked.
const CHUNK: usize = 4 << 10;

/// The tree of a page.
fn tree(html: &str, scripts_run: bool) -> Tree {
    repaired(html, scripts_run).unwrap_or_else(|| flat::parse(html, scripts_run))
}

/// The tree as browsers build it, unless that takes too much work.
fn repaired(html: &str, scripts_run: bool) -> Option<Tree> {
    let options = TreeBuilderOpts { scripting_enabled: scripts_run, ..TreeBuilderOpts::default() };
    let builder = TreeBuilder::new(Sink::new(), options);
    // The page comes in chunks, and a mark at the start of one is text.
    let tokenizer = Tokenizer::new(builder, TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() });
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
