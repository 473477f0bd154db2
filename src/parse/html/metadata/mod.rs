//! What a page says of itself, beside its text.
//!
//! Pages say it many times and not always alike: in JSON-LD, Open Graph, meta tags, microdata and in what they show. All
//! of it is collected first as claims, each with its source, in one pass over the tree; then every field is chosen among
//! its claims. Which source is trusted first was decided by looking at some 1,500 pages.

mod authors;
mod claims;
mod date;
mod elements;
mod json_ld;
mod plain;
mod title;

use super::tree::Tree;
use claims::{Claims, Field, Source};

/// Title, author, date and the like, as the page's markup gives them.
///
/// ```
/// let page = dehusk::html::Page::parse(
///     r#"<html lang="en"><title>Night buses return | The Valley Post</title>
///        <meta property="og:site_name" content="The Valley Post">
///        <meta name="author" content="By Dana Merrow and Philip Strand">
///        <meta name="date" content="March 5, 2024">"#,
/// );
/// let metadata = page.metadata();
/// assert_eq!(metadata.title.as_deref(), Some("Night buses return"));
/// assert_eq!(metadata.authors, ["Dana Merrow", "Philip Strand"]);
/// assert_eq!(metadata.published.as_deref(), Some("2024-03-05"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// The article's headline, without the site's name.
    pub title: Option<String>,
    /// The names of those who wrote it, each once.
    pub authors: Vec<String>,
    /// When it was published: ISO 8601, a day, with time and zone if the page gives them (`2024-03-05T07:30:00+01:00`).
    pub published: Option<String>,
    /// When it was last changed, in the same form.
    pub modified: Option<String>,
    /// The site's name.
    pub site_name: Option<String>,
    /// The page's canonical address.
    pub url: Option<String>,
    /// The page's language as a tag (`de`, `en-GB`).
    pub language: Option<String>,
    /// What the page is about, in a sentence or two.
    pub description: Option<String>,
    /// The address of the picture that stands for the page.
    pub image: Option<String>,
    /// Key words, each once.
    pub keywords: Vec<String>,
    /// What kind of page it says it is: schema.org's or Open Graph's name of it (`NewsArticle`, `article`, `Product`).
    pub kind: Option<String>,
    /// The article's text as JSON-LD gives it: evidence, not truth. It is often cut short, or another article's.
    pub(crate) body: Option<String>,
}

/// Reads a page's metadata. `json_ld` holds the scripts of that kind, if they were set aside before the page was parsed;
/// else they are looked for in the tree.
pub(crate) fn read(tree: &Tree, json_ld: &[&str]) -> Metadata {
    let mut claims = Claims::default();
    let found = elements::collect(tree, &mut claims);
    let scripts: Vec<&str> = match json_ld {
        [] => found.scripts.iter().map(String::as_str).collect(),
        _ => json_ld.to_vec(),
    };
    json_ld::collect(&scripts, &mut claims);
    claims.sort();
    choose(&claims, &found.headings)
}

fn choose(claims: &Claims, headings: &[String]) -> Metadata {
    let first = |field| claims.of(field).next().map(|claim| claim.value.to_string());
    let address = |field| claims.of(field).map(|claim| &*claim.value).find_map(address);
    let language = claims.of(Field::Language).find_map(|claim| language(&claim.value));
    let month_first = language.as_deref().is_none_or(writes_month_first);
    let date = |field| claims.of(field).find_map(|claim| date::parse(&claim.value, month_first));
    let url = address(Field::Url);
    let sites = title::Sites::new(claims.of(Field::Site).map(|claim| &*claim.value), url.as_deref());
    Metadata {
        title: title::choose(claims, headings, &sites),
        authors: authors::choose(claims, &sites),
        published: published(claims, url.as_deref(), month_first),
        modified: date(Field::Modified),
        site_name: first(Field::Site),
        language,
        description: first(Field::Description),
        image: address(Field::Image),
        keywords: keywords(claims),
        kind: first(Field::Kind),
        body: first(Field::Body),
        url,
    }
}

/// An address that stands by itself. Addresses relative to the page's own lead nowhere.
fn address(value: &str) -> Option<String> {
    let rest = value.strip_prefix("https:").or_else(|| value.strip_prefix("http:")).unwrap_or(value);
    let is_absolute =
        rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !value.contains(char::is_whitespace));
    is_absolute.then(|| if rest.len() == value.len() { format!("https:{value}") } else { value.to_owned() })
}

/// The day of publication: what is said of it, then what the address holds (`https://example.org/2024/03/05/night-buses`),
/// then what looks like it.
fn published(claims: &Claims, url: Option<&str>, month_first: bool) -> Option<String> {
    let of = |is: fn(Source) -> bool| {
        let claims = claims.of(Field::Published).filter(move |claim| is(claim.source));
        claims.map(|claim| &*claim.value).find_map(|value| date::parse(value, month_first))
    };
    let path = || url?.splitn(4, '/').nth(3);
    of(|source| source <= Source::Marked)
        .or_else(|| date::year_first(path()?))
        .or_else(|| of(|source| source > Source::Marked))
}

/// `en_US` and `en-US; charset=utf-8` are `en-US`.
fn language(value: &str) -> Option<String> {
    let tag = value.split([',', ';', ' ']).next().unwrap_or("").replace('_', "-");
    let primary = tag.split('-').next().unwrap_or("");
    let is_tag = tag.len() <= 35 && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (is_tag && matches!(primary.len(), 2 | 3) && primary.bytes().all(|b| b.is_ascii_alphabetic())).then_some(tag)
}

/// `3/5/2024` is in March where people write so.
fn writes_month_first(language: &str) -> bool {
    matches!(&*language.to_ascii_lowercase(), "en" | "en-us" | "en-ca" | "en-ph")
}

/// So many key words are kept.
const KEYWORDS: usize = 64;

fn keywords(claims: &Claims) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut all = claims.of(Field::Keywords).peekable();
    let Some(source) = all.peek().map(|claim| claim.source) else { return words };
    for claim in all.take_while(|claim| claim.source == source) {
        for word in claim.value.split([',', ';']).map(str::trim).filter(|word| !word.is_empty()) {
            if words.len() < KEYWORDS && !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
    }
    words
}
