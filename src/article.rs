//! The article of a page of HTML.

use crate::cleaner::{Cleaned, Cleaner, Left};
use crate::document::{Block, Document, Span};
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
    /// Why the page's text was left as it is although much would have gone, where that is so.
    pub left: Option<Left>,
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
    /// In the order in which the scorer's weights have them.
    const ALL: [Kind; 7] = [
        Kind::Article,
        Kind::Documentation,
        Kind::Service,
        Kind::Forum,
        Kind::Product,
        Kind::Collection,
        Kind::Listing,
    ];

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
        let (Cleaned { text, removals, left }, kind) = self.clean_telling_kind(document);
        Article {
            title: page.metadata().title.clone(),
            text,
            captions: if self.keeps_captions() { Vec::new() } else { captions(document, &removals) },
            kind: stated(page).or_else(|| Kind::ALL.get(kind?).copied()).unwrap_or_default(),
            removals,
            left,
        }
    }
}

/// The kind that a page states, where what it states is telling: most that call themselves articles are none.
fn stated(page: &Page) -> Option<Kind> {
    match page.metadata().kind.as_deref()? {
        "Product" | "product" | "og:product" => Some(Kind::Product),
        "DiscussionForumPosting" | "QAPage" => Some(Kind::Forum),
        _ => None,
    }
}

/// The captions that went, as far as they stand in the article: not above all that stays, nor far below.
fn captions(document: &Document, removals: &[Removal]) -> Vec<String> {
    let blocks = document.blocks();
    let is_gone = |block: &Block| {
        let at = removals.partition_point(|removal| removal.span.end <= block.body().start);
        removals.get(at).is_some_and(|removal| removal.span.start <= block.body().start)
    };
    let gone: Vec<bool> = blocks.iter().map(is_gone).collect();
    let Some(first) = gone.iter().position(|&gone| !gone) else { return Vec::new() };
    let last = gone.iter().rposition(|&gone| !gone).unwrap_or(first);
    let near = first.saturating_sub(LEAD_IMAGE)..(last + 2).min(blocks.len());
    let is_caption = |&block: &usize| gone[block] && document.is_caption(block);
    near.filter(is_caption).map(|block| document.text()[blocks[block].body()].to_owned()).collect()
}

/// The caption of the picture above an article stands at most so many blocks above its first one.
const LEAD_IMAGE: usize = 6;

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
