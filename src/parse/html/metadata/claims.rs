//! What the page's parts claim of a field, and which part does.

use super::plain::plain;
use std::borrow::Cow;

/// What is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Title,
    Author,
    Published,
    Modified,
    Site,
    Url,
    Language,
    Description,
    Image,
    Keywords,
    Kind,
    Body,
}

/// Who claims it, the most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// JSON-LD of an article or the like, of the first, the second and so on.
    Article(u8),
    /// Meta tags that are there for this one purpose: Open Graph and the like.
    OpenGraph,
    /// Other meta tags, `<link>` and `<html lang>`.
    Meta,
    Microdata,
    /// JSON-LD of the page as such or of what it offers.
    Page(u8),
    /// Twitter's meta tags, which often repeat with a hint at the site.
    Twitter,
    /// `rel=author`, `<time>` beside the headline.
    Marked,
    /// A text behind the headline.
    Shown,
    /// A class or an address that looks like it.
    Guess,
    /// `<title>`.
    Last,
}

/// One value for one field.
#[derive(Debug)]
pub(super) struct Claim<'t> {
    pub field: Field,
    pub source: Source,
    /// Without markup, white space collapsed; never empty.
    pub value: Cow<'t, str>,
}

/// All that the page claims of itself.
#[derive(Debug, Default)]
pub(super) struct Claims<'t>(Vec<Claim<'t>>);

impl<'t> Claims<'t> {
    /// Adds a claim, unless it is empty.
    pub fn add(&mut self, field: Field, source: Source, value: impl Into<Cow<'t, str>>) {
        let value = plain(value.into());
        if !value.is_empty() {
            self.0.push(Claim { field, source, value });
        }
    }

    /// Puts the most trusted first; among equals the first stays first.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|claim| (claim.field, claim.source));
    }

    /// The claims for a field, the most trusted first. Needs [`sort`](Self::sort).
    pub fn of(&self, field: Field) -> impl Iterator<Item = &Claim<'t>> {
        let from = self.0.partition_point(|claim| claim.field < field);
        self.0[from..].iter().take_while(move |claim| claim.field == field)
    }
}
