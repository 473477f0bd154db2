//! How what is left of documents is written.

use super::Fields;
use super::inputs::Source;
use super::packing::{Packing, without_ending};
use crate::html::Page;
use crate::{Article, Removal, markdown};
use serde_json::{Map, Value};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What documents become that come as files of their own. Those of JSONL stay records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputFormat {
    /// Text; of a page the title comes first.
    #[default]
    Text,
    /// Markdown, of pages alone: plain text has no markup to tell of.
    Markdown,
    /// A JSON object on a line, with what the page says of itself.
    Jsonl,
}

impl OutputFormat {
    /// The name of what becomes of a file.
    pub(crate) fn rename(self, file: &Path) -> PathBuf {
        use super::Format::{Html, Text};
        let ending = match (self, super::inputs::format_of(file)) {
            (OutputFormat::Text, Some(Html)) => "txt",
            (OutputFormat::Markdown, Some(Html)) => MARKDOWN,
            (OutputFormat::Jsonl, Some(Html | Text)) => "jsonl",
            _ => return file.to_owned(),
        };
        let mut name = without_ending(file).with_extension(ending).into_os_string();
        if Packing::of_name(file) != Packing::Plain {
            name.extend([OsStr::new("."), file.extension().unwrap_or_default()]);
        }
        name.into()
    }
}

/// Where outputs go, as far as it tells how they are laid down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Nowhere, or into a stream.
    Stream,
    /// Into one file of this name.
    File(PathBuf),
    /// Each into a file of its own.
    Tree,
}

impl Target {
    /// The name of the file that a source's output goes to.
    pub fn name<'t>(&'t self, source: &'t Source) -> Option<&'t Path> {
        match self {
            Target::Stream => None,
            Target::File(name) => Some(name),
            Target::Tree => Some(&source.below),
        }
    }

    /// What that file is packed in.
    pub fn packing(&self, source: &Source) -> Packing {
        self.name(source).map_or(Packing::Plain, Packing::of_name)
    }
}

/// The ending of Markdown files.
pub(crate) const MARKDOWN: &str = "md";

/// How documents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Writing {
    /// What they become.
    pub format: OutputFormat,
    /// True where Markdown keeps links.
    pub links: bool,
}

impl Writing {
    /// What a page becomes that came as a file: a text, and the removals that lead back to the page's.
    pub(crate) fn page(self, id: &str, page: &Page, article: &Article, fields: &Fields) -> (String, Vec<Removal>) {
        let (text, removals) = article.with_title();
        match self.format {
            OutputFormat::Text => (text, removals),
            OutputFormat::Markdown => (markdown(page, article, self.links), removals),
            OutputFormat::Jsonl => {
                let members = self.members(page, article, fields);
                (record(&fields.id, id, members), article.removals.clone())
            }
        }
    }

    /// What a record gets that holds a page: what the page says of itself, its text and its captions.
    pub(crate) fn members(self, page: &Page, article: &Article, fields: &Fields) -> Map<String, Value> {
        let said = page.metadata();
        let text = match self.format {
            OutputFormat::Markdown => markdown(page, article, self.links),
            _ => article.text.clone(),
        };
        let author = Some(said.authors.join(", ")).filter(|names| !names.is_empty());
        let known = |value: &Option<String>| value.clone().map(Value::from);
        let members: [(&str, Option<Value>); 10] = [
            (&fields.url, Some(said.url.clone().into())),
            ("title", Some(article.title.clone().into())),
            ("author", Some(author.into())),
            ("date", Some(said.published.clone().or_else(|| said.modified.clone()).into())),
            ("lang", Some(said.language.clone().into())),
            ("description", known(&said.description)),
            ("site", known(&said.site_name)),
            ("kind", Some(article.kind.name().into())),
            (&fields.text, Some(text.into())),
            ("captions", Some(article.captions.clone().into())),
        ];
        members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }
}

/// Why plain text does not become Markdown.
pub(crate) const NO_MARKUP: &str = "plain text has no markup that Markdown could tell of; only HTML becomes Markdown";

/// A plain text as a line of JSONL.
pub(crate) fn text_record(id: &str, text: String, fields: &Fields) -> String {
    record(&fields.id, id, Map::from_iter([(fields.text.clone(), text.into())]))
}

/// A new record as a line.
fn record(id_field: &str, id: &str, mut members: Map<String, Value>) -> String {
    members.shift_insert(0, id_field.to_owned(), id.into());
    Value::Object(members).to_string() + "\n"
}
