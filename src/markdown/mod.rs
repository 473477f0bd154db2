//! An article as Markdown: CommonMark, with the tables of GitHub's.
//!
//! ```text
//! lines that are kept -> what is set in which way (inline) -> quotes, items, headings, code, rows (blocks) -> text
//! ```

mod address;
mod blocks;
mod escape;
mod inline;
mod write;

use crate::article::Article;
use crate::document::Span;
use crate::html::Page;
use crate::parse::html::markup::Markup;
use crate::removal::Removal;
use blocks::{Leaf, Outlines};
use escape::Context;
use inline::{Line, Styles};
use write::Writer;

pub(crate) use address::resolve;

/// The article of a page as Markdown: its title, and what is kept with headings, lists, quotes, code, tables, and what is
/// bold, italic or code in a line.
///
/// With `links`, links keep their addresses, resolved against the page's. The title is the only heading of the first rank;
/// a line that only repeats it at the start is left out.
///
/// ```
/// let page = dehusk::html::Page::parse("<title>Soup</title><h2>What it needs</h2><ul><li>2 <b>leeks</b><li>1_000 ml water");
/// let mut article = dehusk::Cleaner::default().extract(&page);
/// article.removals.clear();
/// let markdown = dehusk::markdown(&page, &article, false);
/// assert_eq!(markdown, "# Soup\n\n## What it needs\n\n- 2 **leeks**\n- 1_000 ml water\n");
/// ```
pub fn markdown(page: &Page, article: &Article, links: bool) -> String {
    let document = page.document();
    let markup = document.markup().expect("a page has markup");
    let base = page.base();
    let link = |address: &str| address::resolve(base.as_deref(), address);
    let mut writer = Writer::new(markup, article.title.is_some());
    if let Some(title) = &article.title {
        writer.title(Line { text: title.split_whitespace().collect::<Vec<_>>().join(" "), pieces: Vec::new() });
    }
    let mut title = article.title.as_deref();
    let mut styles = Styles::new(&markup.details, links);
    let mut cuts = Cuts { removals: &article.removals, next: 0 };
    for (index, block) in document.blocks().iter().enumerate() {
        let Some(line) = cuts.kept(document.text(), block.span(), &mut styles) else { continue };
        if title.take().is_some_and(|title| title.trim() == line.text.trim()) {
            continue;
        }
        let is_behind_blank = document.text()[..block.span().start].ends_with("\n\n");
        writer.line(index, &line, is_behind_blank, &link);
    }
    writer.finish()
}

/// What is cut out of the text, and how far that has come.
struct Cuts<'a> {
    removals: &'a [Removal],
    next: usize,
}

impl Cuts<'_> {
    /// What is kept of a line; nothing where that is blank. Lines have to come in order.
    fn kept<'m>(&mut self, text: &str, span: Span, styles: &mut Styles<'m>) -> Option<Line<'m>> {
        let mut line = Line::default();
        let mut at = span.start;
        while let Some(removal) = self.removals.get(self.next).filter(|removal| removal.span.start < span.end) {
            if at < removal.span.start {
                styles.append(&mut line, text, at..removal.span.start);
            }
            if removal.span.start >= span.start {
                line.text.push_str(&removal.replacement.replace(['\n', '\r'], " "));
            }
            at = at.max(removal.span.end);
            if removal.span.end > span.end {
                break;
            }
            self.next += 1;
        }
        if at < span.end {
            styles.append(&mut line, text, at..span.end);
        }
        (!line.text.trim().is_empty()).then_some(line)
    }
}
