//! The tests that site rules bring with them.

use super::{Site, SiteRules, Source, Test};
use crate::article::Article;
use crate::html::Page;
use std::borrow::Cow;
use std::fmt::{self, Display};

/// What is not as a test of site rules says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The site's domains.
    pub site: String,
    /// The test's address.
    pub url: String,
    /// What is wrong.
    pub reason: String,
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}: {}", self.site, self.url, self.reason)
    }
}

impl SiteRules {
    /// Runs the tests of all sites: reads their pages with these rules, and looks at what `extract` makes of them.
    ///
    /// Strings are looked for in the article's text without regard to how its white space is set.
    pub fn check(&self, extract: impl Fn(&Page) -> Article) -> Vec<Failure> {
        let tests = self.sites.iter().flat_map(|site| site.tests.iter().map(move |test| (site, test)));
        tests.flat_map(|(site, test)| self.check_one(site, test, &extract)).collect()
    }

    fn check_one(&self, site: &Site, test: &Test, extract: impl Fn(&Page) -> Article) -> Vec<Failure> {
        let name = site.domains.join(", ");
        let failure = |reason| Failure { site: name.clone(), url: test.url.clone(), reason };
        if !self.of(&test.url).is_some_and(|decides| std::ptr::eq(decides, site)) {
            return vec![failure("the address is not this site's".to_owned())];
        }
        let html = match &test.page {
            Source::Html(html) => Cow::Borrowed(html.as_str()),
            Source::File(path) => match std::fs::read_to_string(path) {
                Ok(html) => Cow::Owned(html),
                Err(error) => return vec![failure(format!("{}: {error}", path.display()))],
            },
        };
        let article = extract(&Page::parse_with(&html, Some(&test.url), self));
        complaints(test, &article).into_iter().map(failure).collect()
    }
}

fn complaints(test: &Test, article: &Article) -> Vec<String> {
    let text = with_single_spaces(&article.text);
    let is_there = |wanted: &&String| text.contains(&with_single_spaces(wanted));
    let missing = test.expect.iter().filter(|wanted| !is_there(wanted)).map(|wanted| format!("`{wanted}` is missing"));
    let left = test.not_expect.iter().filter(is_there).map(|unwanted| format!("`{unwanted}` is still there"));
    let title = test.title.as_deref().and_then(|wanted| match article.title.as_deref() {
        Some(title) if title == wanted => None,
        Some(title) => Some(format!("the title is `{title}`, not `{wanted}`")),
        None => Some(format!("there is no title, not `{wanted}`")),
    });
    missing.chain(left).chain(title).collect()
}

fn with_single_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
