//! HTML to a document: the page's visible text, rendered once, with blocks and what their markup says of them.
//!
//! ```text
//! bytes -> encoding -> prepass -> tokenizer -> html5ever's tree builder -> tree -> render -> text, blocks, markup
//!                                                                              -> metadata
//! ```

#[cfg(any(feature = "corpus", feature = "eval"))]
pub(crate) mod encoding;
mod flat;
pub(crate) mod markup;
mod metadata;
pub(crate) mod prepass;
mod render;
mod select;
mod sink;
mod spans;
pub(crate) mod tag;
mod tokenizer;
pub(crate) mod tree;
mod verdict;

use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use prepass::{Attributes, Cut};
use render::Rendered;
use sink::Sink;
use tree::{Id, Tree};

pub use crate::site::{Failure, SiteRules};
pub use metadata::Metadata;
pub use verdict::SiteVerdict;

use crate::document::Document;
use crate::site::Site;

/// A page of HTML: its visible text as a document, and what it says of itself.
///
/// ```
/// let page = dehusk::html::Page::parse("<h1>A title</h1><p>Its <b>text</b>.<script>var x;</script>");
/// assert_eq!(page.document().text(), "A title\n\nIts text.");
/// ```
#[derive(Debug, Clone)]
pub struct Page {
    document: Document<'static>,
    /// Where it comes from, if that was told.
    address: Option<String>,
}

impl Page {
    /// Parses a page and renders its text. Any text is a page; this never fails.
    pub fn parse(html: &str) -> Page {
        Page::parse_as(html, None)
    }

    /// Parses a page that comes from an address, by the rules for its site, if there are any.
    ///
    /// A page without an address is of the site that it names as its canonical address.
    pub fn parse_with(html: &str, url: Option<&str>, sites: &SiteRules) -> Page {
        if let Some(site) = url.and_then(|url| sites.of(url)) {
            return Page { address: url.map(str::to_owned), ..Page::parse_as(html, Some(site)) };
        }
        let page = Page { address: url.map(str::to_owned), ..Page::parse_as(html, None) };
        let canonical = page.metadata().url.as_deref().filter(|_| url.is_none());
        match canonical.and_then(|url| sites.of(url)) {
            Some(site) => Page::parse_as(html, Some(site)),
            None => page,
        }
    }

    fn parse_as(html: &str, site: Option<&Site>) -> Page {
        Page::shown(html, |html, scripts_run| Page::read(html, scripts_run, site))
    }

    /// As [`Page::parse`], in the way that pages go which are too much work; for tests.
    #[doc(hidden)]
    pub fn parse_flat(html: &str) -> Page {
        Page::shown(html, |html, scripts_run| Page::of(&flat::parse(html, scripts_run), &[], scripts_run, None))
    }

    /// The page as where scripts run, unless that shows hardly anything, and much where they do not.
    fn shown(html: &str, read: impl Fn(&str, bool) -> Page) -> Page {
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
    fn read(html: &str, scripts_run: bool, site: Option<&Site>) -> Page {
        let attributes = if site.is_some() { Attributes::All } else { Attributes::Needed };
        let lean = prepass::lean(html, Cut { attributes, scripts_run });
        let json_ld: Vec<&str> = lean.json_ld.iter().map(|range| &html[range.clone()]).collect();
        let mut tree = tree(&lean.html, scripts_run);
        if site.is_some() && select::is_too_deep(&tree) {
            tree = flat::parse(&lean.html, scripts_run);
        }
        Page::of(&tree, &json_ld, scripts_run, site)
    }

    fn of(tree: &Tree, json_ld: &[&str], scripts_run: bool, site: Option<&Site>) -> Page {
        let selected = site.map(|site| select::select(tree, site)).unwrap_or_default();
        let Rendered { text, mut markup, marks } = render::render(tree, scripts_run, &selected.marked);
        markup.metadata = metadata::read(tree, json_ld);
        let mut document = Document::with_markup(text, markup);
        let marks = selected.placed(&marks);
        if let Some(site) = site {
            let verdict = verdict::verdict(site, &document, &marks, selected.title);
            document.judge(verdict);
        }
        Page { document, address: None }
    }

    /// The same page, from a site: what a [`Profile`](crate::Profile) knows of that site counts for it.
    #[must_use]
    pub fn of_site(self, site: &str) -> Page {
        Page { document: self.document.of_site(site), ..self }
    }

    /// The visible text, with its blocks.
    pub fn document(&self) -> &Document<'static> {
        &self.document
    }

    /// What the rules for the page's site say of its text, if there were any.
    pub fn verdict(&self) -> Option<&SiteVerdict> {
        self.document.markup().and_then(|markup| markup.verdict.as_ref())
    }

    /// The address that others on the page are relative to: its own, or the one that it gives in its place.
    pub(crate) fn base(&self) -> Option<String> {
        let base = self.document.markup().and_then(|markup| markup.details.base.as_deref());
        let own = self.address.as_deref().or(self.metadata().url.as_deref());
        base.and_then(|base| crate::markdown::resolve(own, base)).or_else(|| own.map(str::to_owned))
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

/// The tree of a page.
fn tree(html: &str, scripts_run: bool) -> Tree {
    repaired(html, scripts_run).unwrap_or_else(|| flat::parse(html, scripts_run))
}

/// The tree as browsers build it, unless that takes too much work.
fn repaired(html: &str, scripts_run: bool) -> Option<Tree> {
    let options = TreeBuilderOpts { scripting_enabled: scripts_run, ..TreeBuilderOpts::default() };
    let builder = TreeBuilder::new(Sink::new(), options);
    let limit = WORK + html.len().saturating_mul(WORK_PER_BYTE);
    let is_within = |builder: &TreeBuilder<Id, Sink>| {
        Sink::watch(builder);
        builder.sink.work() <= limit
    };
    tokenizer::feed(html, &builder, is_within).then(|| builder.sink.finish())
}
