//! How what is left of documents is written.

use super::inputs::{Source, format_of};
use super::packing::{Packing, without_ending};
use super::{Fields, Format};
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
    /// The same as a row of CSV.
    Csv,
    /// As a row with tabs.
    Tsv,
    /// As a row of Parquet.
    Parquet,
}

impl OutputFormat {
    /// The name of what becomes of a file.
    pub(crate) fn rename(self, file: &Path) -> PathBuf {
        use Format::{Html, Parquet, Warc, Wet};
        let Some(format) = format_of(file) else { return file.to_owned() };
        let ending = match (self, format) {
            (OutputFormat::Text, Html) => "txt",
            (OutputFormat::Markdown, Html) => MARKDOWN,
            (OutputFormat::Text | OutputFormat::Markdown, Warc | Wet) | (OutputFormat::Jsonl, _) => "jsonl",
            (OutputFormat::Csv, _) => "csv",
            (OutputFormat::Tsv, _) => "tsv",
            (OutputFormat::Parquet, _) | (_, Parquet) => "parquet",
            _ => return file.to_owned(),
        };
        let mut name = without_ending(file).with_extension(ending).into_os_string();
        if Packing::of_name(file) != Packing::Plain && ending != "parquet" {
            name.extend([OsStr::new("."), file.extension().unwrap_or_default()]);
        }
        name.into()
    }
}

/// How records stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// As lines; what is no record as it is.
    Lines,
    /// Rows with this between their cells.
    Cells(u8),
    Parquet,
}

impl Layout {
    fn of(format: Format) -> Option<Self> {
        match format {
            Format::Jsonl => Some(Layout::Lines),
            Format::Csv => Some(Layout::Cells(b',')),
            Format::Tsv => Some(Layout::Cells(b'\t')),
            Format::Parquet => Some(Layout::Parquet),
            _ => None,
        }
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

    /// How records stand in that file: by its name, else as asked for, else as they came; Parquet goes into a stream as
    /// lines.
    pub fn layout(&self, source: &Source, came: Format, writing: Writing) -> Layout {
        let named = self.name(source).and_then(format_of).and_then(Layout::of);
        let asked = match writing.format {
            OutputFormat::Text | OutputFormat::Markdown => None,
            OutputFormat::Jsonl => Some(Layout::Lines),
            OutputFormat::Csv => Some(Layout::Cells(b',')),
            OutputFormat::Tsv => Some(Layout::Cells(b'\t')),
            OutputFormat::Parquet => Some(Layout::Parquet),
        };
        let as_it_came = || Layout::of(came).filter(|&layout| layout != Layout::Parquet || *self != Target::Stream);
        named.or(asked).or_else(as_it_came).unwrap_or(Layout::Lines)
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
    /// Bytes after which one file of records is cut into shards, at the next end of a batch, of Parquet of a row group.
    pub shard_size: Option<u64>,
}

impl Writing {
    /// The same for what stands so in its file: rows are made of records.
    pub(crate) fn into_layout(self, layout: Layout) -> Self {
        let format = if layout == Layout::Lines { self.format } else { OutputFormat::Jsonl };
        Writing { format, ..self }
    }

    /// True where files become records.
    pub(crate) fn makes_records(self) -> bool {
        !matches!(self.format, OutputFormat::Text | OutputFormat::Markdown)
    }

    /// What a page becomes that came as a file: a text, and the removals that lead back to the page's.
    pub(crate) fn page(self, id: &str, page: &Page, article: &Article, fields: &Fields) -> (String, Vec<Removal>) {
        let (text, removals) = article.with_title();
        match self.format {
            OutputFormat::Text => (text, removals),
            OutputFormat::Markdown => (markdown(page, article, self.links), removals),
            _ => {
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
