//! How what is left of documents is written.

use super::Fields;
use crate::html::Page;
use crate::{Article, Removal, markdown};
use serde_json::{Map, Value};
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
        match (self, super::inputs::format_of(file)) {
            (OutputFormat::Text, Some(Html)) => file.with_extension("txt"),
            (OutputFormat::Markdown, Some(Html)) => file.with_extension(MARKDOWN),
            (OutputFormat::Jsonl, Some(Html | Text)) => file.with_extension("jsonl"),
            _ => file.to_owned(),
        }
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
