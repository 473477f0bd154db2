//! One pass over the page's elements.

use super::super::tag::{Display, Tag};
use super::super::tree::{Data, Element, Id, NONE, ROOT, Tree};
use super::claims::{Claims, Field, Source};
use html5ever::local_name;

/// What the pass finds beside claims.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The first `<h1>`s.
    pub headings: Vec<String>,
    /// The scripts of JSON-LD.
    pub scripts: Vec<String>,
}

/// So many headings are of interest, and so many elements that look like an author's or a date's place.
const HEADINGS: usize = 8;
const GUESSES: usize = 16;

/// So many texts behind a heading are looked at.
const NEAR: usize = 30;

/// So many elements around one are looked at for where it stands; so many nodes in one for its text.
const AROUND: usize = 32;
const INSIDE: usize = 64;

/// So long is the text of a heading, of a name or a date at most.
const HEADING: usize = 1000;
const NAME: usize = 160;
const DATE: usize = 40;

/// Adds what the elements say.
pub(super) fn collect<'t>(tree: &'t Tree, claims: &mut Claims<'t>) -> Found {
    let mut pass =
        Pass { tree, claims, found: Found::default(), authors: 0, dates: 0, near: 0, by: false, labelled: false };
    for id in tree.descendants(ROOT) {
        match &tree.node(id).data {
            Data::Element(element) => pass.element(id, element),
            Data::Text(text) => pass.text(id, text),
            Data::Other => {}
        }
    }
    pass.found
}

struct Pass<'t, 'c> {
    tree: &'t Tree,
    claims: &'c mut Claims<'t>,
    found: Found,
    authors: usize,
    dates: usize,
    /// Texts that may still tell of the heading before them.
    near: usize,
    /// The text before ends in `By`.
    by: bool,
    /// Twitter's first label says that an author follows.
    labelled: bool,
}

impl<'t> Pass<'t, '_> {
    fn element(&mut self, id: Id, element: &'t Element) {
        match element.tag {
            Tag::Meta => self.meta(id, element),
            Tag::Link => self.link(element),
            Tag::Html => self.claim(Field::Language, Source::Meta, element.attribute("lang")),
            Tag::Title if around(self.tree, id).all(|id| self.tree.tag(id) != Tag::Svg) => {
                self.claims.add(Field::Title, Source::Last, short_text(self.tree, id, HEADING, ""));
            }
            Tag::Script => self.script(id, element),
            Tag::H1 if self.found.headings.len() < HEADINGS => self.heading(id),
            _ => {}
        }
        self.body(id, element);
    }

    fn claim(&mut self, field: Field, source: Source, value: Option<&'t str>) {
        if let Some(value) = value {
            self.claims.add(field, source, value);
        }
    }

    fn meta(&mut self, id: Id, element: &'t Element) {
        let Some(content) = element.attribute("content") else { return };
        for attribute in ["property", "name", "itemprop", "http-equiv"] {
            let Some(name) = element.attribute(attribute) else { continue };
            let name = name.trim().to_ascii_lowercase();
            if attribute == "itemprop" {
                self.property(id, &name, content);
            } else if name == "twitter:label1" {
                self.labelled = super::authors::is_label(content);
            } else if name == "twitter:data1" && self.labelled {
                self.claims.add(Field::Author, Source::Twitter, content);
            } else if let Some(&(_, field, source)) = METAS.iter().find(|(known, ..)| *known == name) {
                self.claims.add(field, source, content);
            }
        }
    }

    fn link(&mut self, element: &'t Element) {
        let field = match element.attribute("rel") {
            Some(rel) if rel.eq_ignore_ascii_case("canonical") => Field::Url,
            Some(rel) if rel.eq_ignore_ascii_case("image_src") => Field::Image,
            _ => return,
        };
        self.claim(field, Source::Meta, element.attribute("href"));
    }

    fn script(&mut self, id: Id, element: &Element) {
        let is_json_ld = |kind: &str| kind.trim().to_ascii_lowercase().starts_with("application/ld+json");
        if element.attribute("type").is_some_and(is_json_ld) {
            self.found.scripts.push(self.tree.text(id));
        }
    }

    fn heading(&mut self, id: Id) {
        let text = super::plain::plain(short_text(self.tree, id, HEADING, "").into()).into_owned();
        if !text.is_empty() {
            self.found.headings.push(text);
            self.near = NEAR;
        }
    }

    /// What elements of the page's body say by their attributes.
    fn body(&mut self, id: Id, element: &'t Element) {
        for attribute in &element.attributes {
            match attribute.name.local {
                local_name!("itemprop") if element.tag != Tag::Meta => {
                    let property = attribute.value.to_ascii_lowercase();
                    let value = property_value(self.tree, id, element);
                    self.property(id, &property, value);
                }
                local_name!("itemtype") => {
                    let kind = attribute.value.rsplit('/').next().unwrap_or("");
                    self.claims.add(Field::Kind, Source::Microdata, kind.to_owned());
                }
                local_name!("rel") if has_word(&attribute.value, "author") => {
                    self.author(id, Source::Marked, short_text(self.tree, id, NAME, "|"))
                }
                local_name!("class") => self.class(id, &attribute.value),
                _ => {}
            }
        }
        if element.tag == Tag::Time {
            self.time(id, element);
        }
    }

    /// A property of microdata.
    fn property(&mut self, id: Id, property: &str, value: impl Into<std::borrow::Cow<'t, str>>) {
        let field = match property {
            "headline" => Field::Title,
            "author" | "creator" => Field::Author,
            "datepublished" => Field::Published,
            "datemodified" => Field::Modified,
            "description" => Field::Description,
            "inlanguage" => Field::Language,
            "keywords" => Field::Keywords,
            "image" => Field::Image,
            _ => return,
        };
        if !self.is_aside(id) {
            self.claims.add(field, Source::Microdata, value);
        }
    }

    fn time(&mut self, id: Id, element: &'t Element) {
        let source = match element.attribute("pubdate") {
            Some(_) => Source::Microdata,
            None if self.found.headings.is_empty() => Source::Guess,
            None => Source::Marked,
        };
        match element.attribute("datetime") {
            Some(value) if self.dates < GUESSES && !self.is_aside(id) => {
                self.dates += 1;
                self.claims.add(Field::Published, source, value);
            }
            Some(_) => {}
            None => self.date(id, source, short_text(self.tree, id, NAME, "")),
        }
    }

    /// A date as it is shown.
    fn date(&mut self, id: Id, source: Source, text: String) {
        if self.dates < GUESSES && text.bytes().any(|b| b.is_ascii_digit()) && !self.is_aside(id) {
            self.dates += 1;
            let is_change = starts_with(&text, &["updated", "last", "modified", "edited"]);
            self.claims.add(if is_change { Field::Modified } else { Field::Published }, source, text);
        }
    }

    fn author(&mut self, id: Id, source: Source, text: String) {
        if self.authors < GUESSES && !self.is_aside(id) {
            self.authors += 1;
            self.claims.add(Field::Author, source, text);
        }
    }

    fn class(&mut self, id: Id, classes: &str) {
        let named = Named::of(classes);
        if named.author || self.near > 0 && named.user {
            self.author(id, Source::Guess, short_text(self.tree, id, NAME, "|"));
        }
        if named.date {
            self.date(id, Source::Guess, short_text(self.tree, id, NAME, ""));
        }
    }

    /// A short text: by itself a date or a name where it stands beside the heading, elsewhere if it says so.
    fn text(&mut self, id: Id, text: &str) {
        // Most white space is plain, and most texts are nothing else.
        let text = text.trim_ascii().trim();
        if text.is_empty() || self.tree.tag(self.tree.node(id).parent).display() == Display::None {
            return;
        }
        let is_near = self.near > 0;
        self.near = self.near.saturating_sub(1);
        if text.len() > NAME {
            return;
        }
        if is_near {
            let follows = std::mem::replace(&mut self.by, super::authors::is_label(text));
            if follows || super::authors::unlabelled(text).len() < text.len() {
                self.author(id, Source::Shown, text.to_owned());
            }
            self.date(id, Source::Shown, text.to_owned());
        } else if starts_labelled(text) || self.found.headings.is_empty() && text.len() <= DATE {
            self.date(id, Source::Last, text.to_owned());
        }
    }

    /// What stands in there is not the page's own: comments, other articles, the site's frame.
    fn is_aside(&self, id: Id) -> bool {
        let mut aside = false;
        let own = self.tree.element(id);
        for element in own.into_iter().chain(around(self.tree, id).filter_map(|id| self.tree.element(id))) {
            match element.tag {
                Tag::Nav => return true,
                Tag::Aside | Tag::Footer => aside = true,
                // An article's own.
                Tag::Article => aside = false,
                // Their classes say what the page has.
                Tag::Html | Tag::Body | Tag::Main => continue,
                _ => {}
            }
            if is_foreign(element) {
                return true;
            }
        }
        aside
    }
}

/// What classes say that an element holds.
#[derive(Debug, Clone, Copy, Default)]
struct Named {
    author: bool,
    /// One who writes where others do too.
    user: bool,
    date: bool,
}

impl Named {
    /// Each place is looked at once for all words: every element of a page comes here.
    fn of(classes: &str) -> Self {
        let mut named = Named::default();
        let mut rest = classes.as_bytes();
        while let [first, behind @ ..] = rest {
            match first {
                b'a' | b'A' => named.author |= behind.starts_with(b"uthor"),
                b'b' | b'B' => named.author |= behind.starts_with(b"yline"),
                b'u' | b'U' => named.user |= behind.starts_with(b"sername"),
                b'c' => named.user |= behind.starts_with(b"reator"),
                b'd' | b'D' => named.date |= behind.starts_with(b"ate"),
                b'p' => named.date |= behind.starts_with(b"ublished") || behind.starts_with(b"osted"),
                _ => {}
            }
            rest = behind;
        }
        named
    }
}

/// True for comments, lists of other articles and the like.
fn is_foreign(element: &Element) -> bool {
    element.attributes.iter().any(|attribute| match &*attribute.name.local {
        "itemprop" => starts_word(&attribute.value, &["comment", "review", "suggestedAnswer", "acceptedAnswer"]),
        "class" => starts_word(&attribute.value, &["comment", "related", "sidebar", "footer"]),
        _ => false,
    })
}

/// The value of a property: what an attribute says, the name of the thing, or its text.
fn property_value<'t>(tree: &'t Tree, id: Id, element: &'t Element) -> std::borrow::Cow<'t, str> {
    let attribute = match element.tag {
        Tag::Time => "datetime",
        Tag::Img => "src",
        Tag::Link => "href",
        _ => "content",
    };
    if let Some(value) = element.attribute(attribute) {
        return value.into();
    }
    let name = inside(tree, id).find(|&id| tree.element(id).is_some_and(|e| e.attribute("itemprop") == Some("name")));
    match name.and_then(|id| tree.element(id)?.attribute("content")) {
        Some(content) => content.into(),
        None => short_text(tree, name.unwrap_or(id), HEADING, "").into(),
    }
}

/// The nodes around one, the nearest first.
fn around(tree: &Tree, id: Id) -> impl Iterator<Item = Id> {
    let parent = |id: Id| Some(tree.node(id).parent).filter(|&id| id != NONE);
    std::iter::successors(parent(id), move |&id| parent(id)).take(AROUND)
}

fn inside(tree: &Tree, id: Id) -> impl Iterator<Item = Id> {
    tree.descendants(id).take(INSIDE)
}

/// The text that an element holds, its pieces joined by `between`; nothing where it is too long for what is looked for.
fn short_text(tree: &Tree, id: Id, limit: usize, between: &str) -> String {
    let mut out = String::new();
    for id in inside(tree, id) {
        match &tree.node(id).data {
            // White space may make it longer than it will be.
            Data::Text(text) if out.len() + text.len() > 4 * limit => return String::new(),
            Data::Text(text) => out.extend([text, between]),
            Data::Element(element) if element.tag.display() != Display::Inline || element.tag == Tag::Br => {
                out.push(' ')
            }
            _ => {}
        }
    }
    let length: usize = out.split_whitespace().map(|word| word.len() + 1).sum();
    if length > limit { String::new() } else { out }
}

fn starts_labelled(text: &str) -> bool {
    starts_with(text, &["published", "posted", "updated", "last updated", "last modified", "last reviewed"])
}

/// True for a text that begins with one of these, in any case.
fn starts_with(text: &str, starts: &[&str]) -> bool {
    let text = text.trim_start().as_bytes();
    starts.iter().any(|start| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes())))
}

fn starts_word(value: &str, starts: &[&str]) -> bool {
    value.split_ascii_whitespace().any(|word| starts.iter().any(|start| word.starts_with(start)))
}

fn has_word(value: &str, word: &str) -> bool {
    value.split_ascii_whitespace().any(|part| part.eq_ignore_ascii_case(word))
}

/// Meta tags by name or property, in lower case.
const METAS: &[(&str, Field, Source)] = &[
    ("og:title", Field::Title, Source::OpenGraph),
    ("twitter:title", Field::Title, Source::Twitter),
    ("parsely-title", Field::Title, Source::Meta),
    ("sailthru.title", Field::Title, Source::Meta),
    ("citation_title", Field::Title, Source::Meta),
    ("dc.title", Field::Title, Source::Meta),
    ("dcterms.title", Field::Title, Source::Meta),
    ("title", Field::Title, Source::Meta),
    ("article:author", Field::Author, Source::OpenGraph),
    ("article:author_name", Field::Author, Source::OpenGraph),
    ("og:author", Field::Author, Source::OpenGraph),
    ("author", Field::Author, Source::Meta),
    ("byl", Field::Author, Source::Meta),
    ("dc.creator", Field::Author, Source::Meta),
    ("dc.creator.personalname", Field::Author, Source::Meta),
    ("dcterms.creator", Field::Author, Source::Meta),
    ("parsely-author", Field::Author, Source::Meta),
    ("sailthru.author", Field::Author, Source::Meta),
    ("citation_author", Field::Author, Source::Meta),
    ("article:published_time", Field::Published, Source::OpenGraph),
    ("og:published_time", Field::Published, Source::OpenGraph),
    ("article:published", Field::Published, Source::OpenGraph),
    ("date", Field::Published, Source::Meta),
    ("pubdate", Field::Published, Source::Meta),
    ("publish-date", Field::Published, Source::Meta),
    ("publish_date", Field::Published, Source::Meta),
    ("publication_date", Field::Published, Source::Meta),
    ("datepublished", Field::Published, Source::Meta),
    ("dc.date", Field::Published, Source::Meta),
    ("dc.date.issued", Field::Published, Source::Meta),
    ("dc.date.created", Field::Published, Source::Meta),
    ("dcterms.date", Field::Published, Source::Meta),
    ("dcterms.issued", Field::Published, Source::Meta),
    ("dcterms.created", Field::Published, Source::Meta),
    ("parsely-pub-date", Field::Published, Source::Meta),
    ("sailthru.date", Field::Published, Source::Meta),
    ("citation_publication_date", Field::Published, Source::Meta),
    ("citation_online_date", Field::Published, Source::Meta),
    ("citation_date", Field::Published, Source::Meta),
    ("article:published_date", Field::Published, Source::OpenGraph),
    ("published", Field::Published, Source::Meta),
    ("publishdate", Field::Published, Source::Meta),
    ("publicationdate", Field::Published, Source::Meta),
    ("published_date", Field::Published, Source::Meta),
    ("published-date", Field::Published, Source::Meta),
    ("originalpublicationdate", Field::Published, Source::Meta),
    ("rnews:datepublished", Field::Published, Source::Meta),
    ("cxenseparse:recs:publishtime", Field::Published, Source::Meta),
    ("article:modified_time", Field::Modified, Source::OpenGraph),
    ("og:updated_time", Field::Modified, Source::OpenGraph),
    ("last-modified", Field::Modified, Source::Meta),
    ("lastmod", Field::Modified, Source::Meta),
    ("dcterms.modified", Field::Modified, Source::Meta),
    ("dc.date.modified", Field::Modified, Source::Meta),
    ("og:site_name", Field::Site, Source::OpenGraph),
    ("application-name", Field::Site, Source::Meta),
    ("dc.publisher", Field::Site, Source::Microdata),
    ("dcterms.publisher", Field::Site, Source::Microdata),
    ("apple-mobile-web-app-title", Field::Site, Source::Microdata),
    ("og:url", Field::Url, Source::Microdata),
    ("og:locale", Field::Language, Source::Microdata),
    ("content-language", Field::Language, Source::Microdata),
    ("dc.language", Field::Language, Source::Microdata),
    ("dcterms.language", Field::Language, Source::Microdata),
    ("og:description", Field::Description, Source::OpenGraph),
    ("description", Field::Description, Source::Meta),
    ("dc.description", Field::Description, Source::Meta),
    ("dcterms.description", Field::Description, Source::Meta),
    ("sailthru.description", Field::Description, Source::Meta),
    ("twitter:description", Field::Description, Source::Twitter),
    ("og:image", Field::Image, Source::OpenGraph),
    ("og:image:url", Field::Image, Source::OpenGraph),
    ("twitter:image", Field::Image, Source::Twitter),
    ("twitter:image:src", Field::Image, Source::Twitter),
    ("parsely-image-url", Field::Image, Source::Meta),
    ("keywords", Field::Keywords, Source::Meta),
    ("news_keywords", Field::Keywords, Source::OpenGraph),
    ("article:tag", Field::Keywords, Source::Microdata),
    ("parsely-tags", Field::Keywords, Source::Meta),
    ("sailthru.tags", Field::Keywords, Source::Meta),
    ("og:type", Field::Kind, Source::OpenGraph),
];
