//! The article of a page of HTML.

use crate::cleaner::{Cleaned, Cleaner};
use crate::document::Span;
use crate::html::Page;
use crate::removal::Removal;

/// What a page of HTML comes to: the article's text, and what stands beside it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Article {
    /// The article's title.
    pub title: Option<String>,
    /// Its body: without title, byline, date and captions.
    pub text: String,
    /// Captions and credits, in the order of the page.
    pub captions: Vec<String>,
    /// What kind of page it is taken for.
    pub kind: Kind,
    /// What went of the page's text: sorted, disjoint spans of [`Document::text`](crate::Document::text).
    pub removals: Vec<Removal>,
}

/// What kind of page a page is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Kind {
    /// An article, a post, a story.
    #[default]
    Article,
    /// Documentation, a manual, a reference.
    Documentation,
    /// What a firm or an office offers.
    Service,
    /// A thread of posts.
    Forum,
    /// One product.
    Product,
    /// Many products.
    Collection,
    /// A list of links, search results, a front page.
    Listing,
}

impl Kind {
    /// Its name, in small letters.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Article => "article",
            Kind::Documentation => "documentation",
            Kind::Service => "service",
            Kind::Forum => "forum",
            Kind::Product => "product",
            Kind::Collection => "collection",
            Kind::Listing => "listing",
        }
    }
}

impl Cleaner {
    /// The article of a page: what is left of its text when all that is not the article's body is cut out.
    ///
    /// ```
    /// let page = dehusk::html::Page::parse(
    ///     "<title>Night buses return</title><h1>Night buses return</h1>
    ///      <p>The county will run buses through the night again from March, after a trial that carried four thousand
    ///      passengers. Shift workers at the hospital had asked for the service since the autumn.</p>",
    /// );
    /// let article = dehusk::Cleaner::default().extract(&page);
    /// assert_eq!(article.title.as_deref(), Some("Night buses return"));
    /// assert!(article.text.starts_with("The county will run buses"));
    /// ```
    pub fn extract(&self, page: &Page) -> Article {
        let document = page.document();
        let Cleaned { text, removals, .. } = self.clean(document);
        Article { title: page.metadata().title.clone(), text, captions: Vec::new(), kind: Kind::default(), removals }
    }
}

impl Article {
    /// Title and body, as a text that can be read by itself, and the removals that lead back from it to the page's text:
    /// the title is put in their first replacement.
    pub fn with_title(&self) -> (String, Vec<Removal>) {
        let mut removals = self.removals.clone();
        let Some(title) = self.title.as_deref().filter(|title| !self.text.starts_with(title)) else {
            return (self.text.clone(), removals);
        };
        let head = if self.text.is_empty() { format!("{title}\n") } else { format!("{title}\n\n") };
        match removals.first_mut() {
            Some(first) if first.span.start == 0 => first.replacement.insert_str(0, &head),
            _ => removals.insert(0, Removal::insertion(Span { start: 0, end: 0 }, head.clone())),
        }
        (head + &self.text, removals)
    }
}
