//! What a page says of itself, beside its text.

/// Title, author, date and the like, as the page's markup gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// The article's title.
    pub title: Option<String>,
}
