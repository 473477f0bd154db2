//! JSON-LD: what search engines are told of the page.
//!
//! Real scripts are written by templates, so that strings hold raw line breaks, lists end in commas, and comments stand
//! around it all. What serde_json does not take as it stands gets one clean-up, and is left alone if that does not help.

use super::claims::{Claims, Field, Source};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

/// So many bytes are read of a page's scripts in all.
const LIMIT: usize = 1 << 20;

/// Where a thing holds what stands for the page as much as it does.
const INSIDE: &[&str] = &["mainEntityOfPage", "mainEntity", "@graph"];

/// So many things are looked at; a page has a dozen.
const NODES: usize = 256;

/// Adds what the scripts say.
pub(super) fn collect(scripts: &[&str], claims: &mut Claims) {
    let mut left = LIMIT;
    let mut values = Vec::new();
    for script in scripts {
        if script.len() <= left {
            left -= script.len();
            values.extend(values_of(script));
        }
    }
    let mut reader = Reader { claims, names: FxHashMap::default(), nodes: Vec::new() };
    values.iter().for_each(|value| reader.find(value));
    reader.read();
}

/// The values of a script, none where it is beyond repair.
fn values_of(script: &str) -> Vec<Value> {
    let json = unwrapped(script);
    let parse = |json: &str| serde_json::Deserializer::from_str(json).into_iter().collect::<Result<Vec<Value>, _>>();
    parse(json).or_else(|_| parse(&repaired(json))).unwrap_or_default()
}

/// The script without comments, CDATA marks and semicolons around it.
fn unwrapped(script: &str) -> &str {
    let script =
        script.split_once("<![CDATA[").map_or(script, |(_, rest)| rest.rsplit_once("]]>").unwrap_or((rest, "")).0);
    let start = script.find(['{', '[']).unwrap_or(script.len());
    let end = script.rfind(['}', ']']).map_or(script.len(), |end| end + 1);
    script.get(start..end).unwrap_or("")
}

/// The script with what templates do wrong put right: control characters and needless escapes in strings, commas before
/// a closing bracket.
fn repaired(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut chars = json.chars();
    let mut in_string = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                in_string = !in_string;
                out.push(c);
            }
            '\\' if in_string => match chars.next() {
                Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => out.extend(['\\', c]),
                Some(c) if !c.is_control() => out.push(c),
                _ => out.push(' '),
            },
            c if c.is_control() => out.push(' '),
            ']' | '}' if !in_string => {
                out.truncate(out.trim_end_matches(|c: char| c.is_whitespace() || c == ',').len());
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

struct Reader<'v, 'c, 't> {
    claims: &'c mut Claims<'t>,
    /// Names by `@id`, for authors that are named elsewhere.
    names: FxHashMap<&'v str, &'v str>,
    nodes: Vec<&'v Map<String, Value>>,
}

/// What a thing is to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Article,
    /// The page as such, or what it offers.
    Page,
    Site,
    Other,
}

impl<'v> Reader<'v, '_, '_> {
    /// Finds the things that a script speaks of: only those that stand for the page, not those that it mentions.
    fn find(&mut self, value: &'v Value) {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(values) => open.extend(values.iter().rev()),
                Value::Object(node) if self.nodes.len() < NODES => {
                    if let (Some(id), Some(name)) = (text(node, "@id"), text(node, "name")) {
                        self.names.entry(id).or_insert(name);
                    }
                    self.nodes.push(node);
                    // Frequent questions are no articles.
                    let keys: &[&str] = if kind(node) == "FAQPage" { &[] } else { INSIDE };
                    open.extend(keys.iter().filter_map(|key| node.get(*key)));
                }
                _ => {}
            }
        }
    }

    fn read(&mut self) {
        let (mut articles, mut pages) = (0, 0);
        for node in std::mem::take(&mut self.nodes) {
            let kind = kind(node);
            match role(kind) {
                Role::Article => {
                    self.thing(node, kind, Source::Article(articles));
                    articles = articles.saturating_add(1);
                }
                Role::Page => {
                    self.thing(node, kind, Source::Page(pages));
                    pages = pages.saturating_add(1);
                }
                Role::Site => self.add(node, "name", Field::Site, Source::Meta),
                Role::Other => {}
            }
        }
    }

    fn add(&mut self, node: &Map<String, Value>, key: &str, field: Field, source: Source) {
        for value in each(node.get(key)) {
            if let Some(value) = named(value) {
                self.claims.add(field, source, value.to_owned());
            }
        }
    }

    fn thing(&mut self, node: &'v Map<String, Value>, kind: &str, source: Source) {
        self.claims.add(Field::Kind, source, kind.to_owned());
        self.add(node, "headline", Field::Title, source);
        self.add(node, "name", Field::Title, source);
        self.add(node, "datePublished", Field::Published, source);
        self.add(node, "dateCreated", Field::Published, source);
        self.add(node, "uploadDate", Field::Published, source);
        self.add(node, "dateModified", Field::Modified, source);
        self.add(node, "inLanguage", Field::Language, source);
        self.add(node, "description", Field::Description, source);
        self.add(node, "keywords", Field::Keywords, source);
        self.add(node, "articleBody", Field::Body, source);
        self.add(node, "url", Field::Url, source);
        self.add(node, "publisher", Field::Site, source);
        for image in each(node.get("image")) {
            let url = image.as_str().or_else(|| text(image.as_object()?, "url"));
            self.claims.add(Field::Image, source, url.unwrap_or("").to_owned());
        }
        for author in each(node.get("author").or_else(|| node.get("creator"))) {
            let id = author.as_object().and_then(|author| text(author, "@id"));
            let name = named(author).or_else(|| self.names.get(id?).copied());
            self.claims.add(Field::Author, source, name.unwrap_or("").to_owned());
        }
    }
}

/// The members of a list, or a value that stands alone; at most so many as anyone needs.
fn each(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let values = match value {
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    values.iter().take(64)
}

fn text<'v>(node: &'v Map<String, Value>, key: &str) -> Option<&'v str> {
    each(node.get(key)).find_map(Value::as_str)
}

/// A string, or the name of a thing.
fn named(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(node) => text(node, "name").or_else(|| text(node, "@value")),
        _ => None,
    }
}

/// The first of its types that says something.
fn kind(node: &Map<String, Value>) -> &str {
    let types = || each(node.get("@type")).filter_map(Value::as_str);
    let kind = types().find(|kind| role(kind) == Role::Article).or_else(|| types().next()).unwrap_or("");
    kind.rsplit(['/', '#', ':']).next().unwrap_or(kind)
}

fn role(kind: &str) -> Role {
    let kind = kind.rsplit(['/', '#', ':']).next().unwrap_or(kind);
    match kind {
        _ if kind.ends_with("Article") || kind.ends_with("Posting") && kind != "JobPosting" => Role::Article,
        "Report" | "Review" | "Recipe" | "HowTo" | "Question" | "Essay" | "AnalysisNewsArticle" => Role::Article,
        "WebSite" | "Organization" | "NewsMediaOrganization" | "Corporation" => Role::Site,
        "BreadcrumbList" | "ItemList" | "Person" | "ImageObject" | "SearchAction" | "SiteNavigationElement" | "" => {
            Role::Other
        }
        "WPHeader" | "WPFooter" | "WPSideBar" | "AggregateRating" | "Brand" | "Offer" | "ListItem" => Role::Other,
        _ => Role::Page,
    }
}
