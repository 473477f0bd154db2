//! What a page says of itself, beside its text.

/// Title, author, date and the like, as the page's markup gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// The article's title.
    pub title: Option<String>,
}

impl Metadata {
    pub(crate) fn rough(tree: &super::tree::Tree) -> Self {
        use super::tag::Tag;
        let mut title = None;
        for id in tree.descendants(0) {
            let Some(e) = tree.element(id) else { continue };
            if e.tag == Tag::Meta && e.attribute("property") == Some("og:title") {
                title = e.attribute("content").map(str::to_owned);
                break;
            }
            if e.tag == Tag::Title && title.is_none() {
                title = Some(tree.text(id));
            }
        }
        Metadata { title }
    }
}
