//! What is known of single sites: selectors and phrases that say what stays of their pages and what goes.

mod format;
mod test;

pub use test::Failure;

use crate::Error;
use crate::words::{self, Word};
use rustc_hash::FxHashMap;
use scraper::Selector;
use std::path::{Path, PathBuf};

/// Rules for the pages of single sites, read from TOML files.
///
/// ```toml
/// [[site]]
/// domain = "example.org"               # its subdomains too; a list names several
/// keep = ["article .body"]             # only what they match can stay, and it stays
/// drop = [".newsletter", "aside"]      # what they match goes
/// drop-text = ["Read our privacy"]     # a line that holds one of them goes
/// keep-text = ["Correction:"]          # a line that holds one of them stays
/// title = "h1.headline"                # the title is what this matches first
///
/// [[site.test]]
/// url = "https://example.org/a"
/// file = "pages/a.html"                # relative to the TOML file; or the page itself: html = "<p>..."
/// expect = ["has to be in the text"]
/// not-expect = ["must not be in it"]
/// title = "The title of it"
/// ```
///
/// `keep`, `drop` and `title` are CSS selectors. They match elements, the text of which stays or goes, be it paragraphs or a
/// piece of one. Phrases are compared word by word, without case and accents. Where they disagree, `keep-text` goes before
/// `drop-text`, this before `drop`, and this before `keep`: what is to go goes, though it lies in what is to stay. A `keep`
/// that matches nothing on a page says nothing of it. Of domains the longest that fits decides.
///
/// ```
/// use dehusk::html::{Page, SiteRules};
/// let rules = SiteRules::parse("[[site]]\ndomain = 'example.org'\ndrop = ['.teaser']")?;
/// let html = "<p>Text.<p class=teaser>More stories";
/// let page = Page::parse_with(html, Some("https://news.example.org/a"), &rules);
/// assert_eq!(page.verdict().unwrap().drop, [(7..19, "matches `.teaser`".to_owned())]);
/// assert!(Page::parse_with(html, Some("https://example.com/a"), &rules).verdict().is_none());
/// let wrong = SiteRules::parse("[[site]]\ndomain = 'example.org'\ndorp = ['.teaser']").unwrap_err();
/// assert_eq!(wrong.to_string(), "site 1 (example.org): there is no key `dorp` (did you mean `drop`?)");
/// # Ok::<(), dehusk::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct SiteRules {
    sites: Vec<Site>,
    /// The site that a domain belongs to.
    domains: FxHashMap<String, usize>,
}

/// The rules for one site.
#[derive(Debug, Clone, Default)]
pub(crate) struct Site {
    pub domains: Vec<String>,
    pub keep: Vec<Pick>,
    pub drop: Vec<Pick>,
    pub keep_text: Vec<Phrase>,
    pub drop_text: Vec<Phrase>,
    pub title: Option<Pick>,
    tests: Vec<Test>,
}

/// A selector, as it was written and as it is matched.
#[derive(Debug, Clone)]
pub(crate) struct Pick {
    pub source: String,
    pub selector: Selector,
}

/// A phrase, as it was written and as its words' hashes.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    pub source: String,
    words: Vec<u64>,
}

/// A page with what has to come of it.
#[derive(Debug, Clone)]
struct Test {
    url: String,
    page: Source,
    expect: Vec<String>,
    not_expect: Vec<String>,
    title: Option<String>,
}

#[derive(Debug, Clone)]
enum Source {
    Html(String),
    File(PathBuf),
}

impl SiteRules {
    /// Reads a file of site rules.
    ///
    /// # Errors
    /// [`Error::Config`] with the file's name, the site, the key and what is wrong.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let in_file = |reason: String| Error::Config(format!("{}: {reason}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| in_file(error.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        format::read(&text, folder).map_err(|error| in_file(error.to_string()))
    }

    /// Reads site rules from TOML. The files of tests are looked for in the working folder.
    ///
    /// # Errors
    /// [`Error::Config`] with the site, the key and what is wrong.
    pub fn parse(toml: &str) -> Result<Self, Error> {
        format::read(toml, Path::new(""))
    }

    /// These rules and those of `other`, which decide for domains that both name.
    #[must_use]
    pub fn join(mut self, other: SiteRules) -> SiteRules {
        let count = self.sites.len();
        self.sites.extend(other.sites);
        self.domains.extend(other.domains.into_iter().map(|(domain, site)| (domain, count + site)));
        self
    }

    /// How many tests there are.
    pub fn tests(&self) -> usize {
        self.sites.iter().map(|site| site.tests.len()).sum()
    }

    /// The rules for the page at an address.
    pub(crate) fn of(&self, url: &str) -> Option<&Site> {
        let host = host(url).to_ascii_lowercase();
        let mut domain = host.as_str();
        loop {
            if let Some(&site) = self.domains.get(domain) {
                return Some(&self.sites[site]);
            }
            domain = domain.split_once('.')?.1;
        }
    }
}

/// The host of an address, with or without a scheme before it.
fn host(url: &str) -> &str {
    let url = url.trim();
    let slashes = url.find("//").filter(|&at| at == 0 || url[..at].ends_with(':') && !url[..at].contains('/'));
    let behind_scheme = slashes.map_or(url, |at| &url[at + 2..]);
    let authority = behind_scheme.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    host.split(':').next().unwrap_or("").trim_end_matches('.')
}

/// What the site of an address is called: its host in small letters, without `www.`.
#[cfg(feature = "corpus")]
pub(crate) fn name(url: &str) -> String {
    let host = host(url).to_ascii_lowercase();
    host.strip_prefix("www.").map(str::to_owned).unwrap_or(host)
}

impl Phrase {
    /// A phrase; nothing for one without a word.
    fn of(source: &str) -> Option<Phrase> {
        let words: Vec<u64> = hashes(source);
        (!words.is_empty()).then(|| Phrase { source: source.to_owned(), words })
    }

    /// True where the words of the phrase stand among a line's.
    pub fn is_in(&self, line: &[u64]) -> bool {
        line.windows(self.words.len()).any(|words| words == self.words)
    }
}

/// The words of a line, as phrases are compared with.
pub(crate) fn hashes(line: &str) -> Vec<u64> {
    words::Words::new(line).map(|Word { hash, .. }| hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_addresses() {
        for (url, expected) in [
            ("https://example.org/a?b#c", "example.org"),
            ("//example.org", "example.org"),
            ("example.org/a//b", "example.org"),
            ("http://me:secret@www.example.org:8080?x", "www.example.org"),
            ("https://example.org./", "example.org"),
            ("", ""),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }

    #[test]
    fn the_longest_domain_decides() {
        let parse = |toml| SiteRules::parse(toml).unwrap();
        let rules = parse("[[site]]\ndomain = 'example.org'\n[[site]]\ndomain = ['Blog.Example.org', 'example.net']");
        let site = |url| rules.of(url).map(|site| site.domains[0].as_str());
        assert_eq!(site("https://example.org/"), Some("example.org"));
        assert_eq!(site("https://WWW.example.org/"), Some("example.org"));
        assert_eq!(site("https://a.blog.example.org/"), Some("blog.example.org"));
        assert_eq!(site("https://www.example.net/"), Some("blog.example.org"));
        assert_eq!(site("https://notexample.org/"), None);
        assert_eq!(site("https://org/"), None);
        let joined = rules.join(parse("[[site]]\ndomain = 'example.org'\ntitle = 'h1'"));
        assert!(joined.of("example.org").unwrap().title.is_some());
    }

    #[test]
    fn phrases_are_compared_word_by_word() {
        let is_in = |phrase, line| Phrase::of(phrase).unwrap().is_in(&hashes(line));
        assert!(is_in("read our Privacy", "Please READ OUR PRÍVACY policy."));
        assert!(!is_in("read our", "read ours"));
        assert!(!is_in("page 2", "page 3"));
        assert!(Phrase::of("--").is_none());
    }

    #[test]
    fn rules_are_shared_between_threads() {
        fn is_shared<T: Send + Sync>() {}
        is_shared::<SiteRules>();
    }
}
