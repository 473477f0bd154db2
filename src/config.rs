//! Settings as a configuration file and a command line give them, and what they come to.
//!
//! The file is TOML. Its keys are named as the options are:
//!
//! ```
//! use dehusk::config::Settings;
//! let settings = Settings::parse("level = 'thorough'\nwithout = ['caption']")?;
//! assert_eq!(settings.cleaner()?.level(), dehusk::Level::Thorough);
//! let wrong = Settings::parse("levle = 'thorough'").unwrap_err();
//! assert_eq!(wrong.to_string(), "there is no key `levle` (did you mean `level`?)");
//! # Ok::<(), dehusk::Error>(())
//! ```

use crate::corpus::{Dedup, Fields, Format, OutputFormat, Reading, Writing};
use crate::error::nearest;
use crate::html::SiteRules;
use crate::{Cleaner, Error, Level, Profile};
use bytesize::ByteSize;
use std::num::NonZeroUsize;
use std::path::Path;
use toml::{Table, Value};

/// The file that is found by itself in the working folder.
pub const FILE: &str = "dehusk.toml";

/// The names of the levels, in their order.
pub const LEVELS: [&str; 3] = ["gentle", "standard", "thorough"];

/// The names of the formats of inputs.
pub const FORMATS: [&str; 9] = ["auto", "text", "jsonl", "html", "csv", "tsv", "parquet", "warc", "wet"];

/// The names of the formats of outputs.
pub const OUTPUT_FORMATS: [&str; 6] = ["text", "markdown", "jsonl", "csv", "tsv", "parquet"];

/// The names of what documents can be alike in.
pub const DEDUPS: [&str; 2] = ["exact", "near"];

/// What can be kept that goes otherwise.
pub const PARTS: [&str; 1] = ["captions"];

const KEYS: [&str; 20] = [
    "sites",
    "profile",
    "site-field",
    "site-folder",
    "level",
    "only",
    "without",
    "with",
    "max-removed",
    "threads",
    "from",
    "id-field",
    "text-field",
    "html-field",
    "url-field",
    "encoding",
    "max-record",
    "format",
    "links",
    "dedup",
];

/// What was set; what was not has its default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// How much the cleaner dares.
    pub level: Option<Level>,
    /// The rules that may remove; `none` for no rule.
    pub only: Option<Vec<String>>,
    /// Rules that may not.
    pub without: Option<Vec<String>>,
    /// Parts of a page that stay in its text, among [`PARTS`].
    pub with: Option<Vec<String>>,
    /// Files of rules for the pages of single sites.
    pub sites: Option<Vec<String>>,
    /// The file with what was learned of sites.
    pub profile: Option<String>,
    /// The field with the site of a record whose address does not tell it.
    pub site_field: Option<String>,
    /// True where the folder that a file lies in is its site.
    pub site_folder: Option<bool>,
    /// The share of its bytes (0 to 1) beyond which a document is left as it is.
    pub max_removed: Option<f64>,
    /// How many threads clean.
    pub threads: Option<NonZeroUsize>,
    /// What inputs hold.
    pub from: Option<Format>,
    /// The field that names a record.
    pub id_field: Option<String>,
    /// The field with a record's text.
    pub text_field: Option<String>,
    /// The field with a record's HTML, which then counts even where there is text.
    pub html_field: Option<String>,
    /// The field with a record's address.
    pub url_field: Option<String>,
    /// The encoding of inputs without a byte order mark, by its WHATWG label.
    pub encoding: Option<String>,
    /// Bytes that a record may have.
    pub max_record: Option<u64>,
    /// What documents become.
    pub format: Option<OutputFormat>,
    /// True where Markdown keeps links.
    pub links: Option<bool>,
    /// Which documents are marked as ones that came before.
    pub dedup: Option<Dedup>,
}

impl Settings {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// [`Error::Config`] with the file's name and what is wrong in it.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let in_file = |reason: String| Error::Config(format!("{}: {reason}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| in_file(error.to_string()))?;
        Self::parse(&text).map_err(|error| in_file(error.to_string()))
    }

    /// Reads settings from TOML.
    ///
    /// # Errors
    /// [`Error::UnknownKey`], or [`Error::Config`] where a value is none for its key or the text is not TOML.
    pub fn parse(toml: &str) -> Result<Self, Error> {
        let table: Table = toml.parse().map_err(|error| not_toml(toml, &error))?;
        let mut settings = Settings::default();
        for (key, value) in &table {
            settings.set(key, value)?;
        }
        Ok(settings)
    }

    fn set(&mut self, key: &str, value: &Value) -> Result<(), Error> {
        let wrong = |wanted: &str| Error::Config(format!("`{key}` has to be {wanted}, not {value}"));
        let string = || value.as_str().map(str::to_owned).ok_or_else(|| wrong("a string"));
        let names = || {
            let names = value.as_array().and_then(|all| all.iter().map(|v| v.as_str().map(str::to_owned)).collect());
            names.ok_or_else(|| wrong("a list of names"))
        };
        match key {
            "level" => self.level = Some(level(&string()?)?),
            "only" => self.only = Some(names()?),
            "without" => self.without = Some(names()?),
            "with" => self.with = Some(parts(names()?)?),
            "sites" => self.sites = Some(names()?),
            "profile" => self.profile = Some(string()?),
            "site-field" => self.site_field = Some(string()?),
            "site-folder" => self.site_folder = Some(value.as_bool().ok_or_else(|| wrong("true or false"))?),
            "max-removed" => self.max_removed = Some(number(value).ok_or_else(|| wrong("a share from 0 to 1"))?),
            "threads" => self.threads = Some(count(value).ok_or_else(|| wrong("a whole number from 1 on"))?),
            "from" => self.from = Some(format(&string()?)?),
            "id-field" => self.id_field = Some(string()?),
            "text-field" => self.text_field = Some(string()?),
            "html-field" => self.html_field = Some(string()?),
            "url-field" => self.url_field = Some(string()?),
            "encoding" => self.encoding = Some(string()?),
            "max-record" => self.max_record = Some(size(value).ok_or_else(|| wrong("a size, as '32 MB'"))?),
            "format" => self.format = Some(output_format(&string()?)?),
            "links" => self.links = Some(value.as_bool().ok_or_else(|| wrong("true or false"))?),
            "dedup" => self.dedup = Some(dedup(&string()?)?),
            _ => return Err(Error::UnknownKey { key: key.to_owned(), nearest: nearest(key, KEYS.into_iter()) }),
        }
        Ok(())
    }

    /// These settings, and where they leave something open, those of `other`.
    #[must_use]
    pub fn or(self, other: Settings) -> Settings {
        Settings {
            level: self.level.or(other.level),
            only: self.only.or(other.only),
            without: self.without.or(other.without),
            with: self.with.or(other.with),
            sites: self.sites.or(other.sites),
            profile: self.profile.or(other.profile),
            site_field: self.site_field.or(other.site_field),
            site_folder: self.site_folder.or(other.site_folder),
            max_removed: self.max_removed.or(other.max_removed),
            threads: self.threads.or(other.threads),
            from: self.from.or(other.from),
            id_field: self.id_field.or(other.id_field),
            text_field: self.text_field.or(other.text_field),
            html_field: self.html_field.or(other.html_field),
            url_field: self.url_field.or(other.url_field),
            encoding: self.encoding.or(other.encoding),
            max_record: self.max_record.or(other.max_record),
            format: self.format.or(other.format),
            links: self.links.or(other.links),
            dedup: self.dedup.or(other.dedup),
        }
    }

    /// The cleaner these settings ask for.
    ///
    /// # Errors
    /// [`Error::UnknownRule`], [`Error::Share`], and [`Error::Config`] where the profile cannot be read.
    pub fn cleaner(&self) -> Result<Cleaner, Error> {
        let mut builder = Cleaner::builder().level(self.level.unwrap_or_default());
        if let Some(only) = &self.only {
            builder = builder.only(only)?;
        }
        builder = builder.without(self.without.iter().flatten())?;
        if let Some(profile) = &self.profile {
            builder = builder.profile(Profile::read(Path::new(profile))?);
        }
        builder = builder.captions(self.with.iter().flatten().any(|part| part == "captions"));
        Ok(builder.max_removed(self.max_removed.unwrap_or(1.0))?.build())
    }

    /// How inputs are read.
    ///
    /// # Errors
    /// [`Error::Config`] where no encoding has the label, or a file of site rules is none.
    pub fn reading(&self) -> Result<Reading, Error> {
        let default = Fields::default();
        let fields = Fields {
            id: self.id_field.clone().unwrap_or(default.id),
            text: self.text_field.clone().unwrap_or(default.text),
            url: self.url_field.clone().unwrap_or(default.url),
            html: self.html_field.clone().or(default.html),
            prefers_html: self.html_field.is_some(),
            site: self.site_field.clone(),
        };
        let encoding = self.encoding.as_deref().map(crate::decode::encoding).transpose()?;
        let mut sites = SiteRules::default();
        for file in self.sites.iter().flatten() {
            sites = sites.join(SiteRules::read(Path::new(file))?);
        }
        let (format, sites_are_folders) = (self.from.unwrap_or_default(), self.site_folder.unwrap_or_default());
        let max_record = self.max_record.unwrap_or(Reading::MAX_RECORD);
        Ok(Reading { format, fields, encoding, sites, max_record, sites_are_folders })
    }

    /// What the result depends on of these settings, as JSON: each that is set, threads aside, and the hashes of the files
    /// that are named.
    ///
    /// # Errors
    /// [`Error::Config`] where a file cannot be read.
    pub fn identity(&self) -> Result<serde_json::Value, Error> {
        let name = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
        let file = |path: &String| -> Result<serde_json::Value, Error> {
            let failed = |error| Error::Config(format!("{path}: {error}"));
            let mut hash = blake3::Hasher::new();
            hash.update_reader(std::fs::File::open(path).map_err(failed)?).map_err(failed)?;
            Ok(serde_json::json!({ "path": path, "blake3": hash.finalize().to_hex().as_str() }))
        };
        let sites = self.sites.iter().flatten().map(file).collect::<Result<Vec<_>, _>>()?;
        let profile = self.profile.as_ref().map(file).transpose()?;
        let mut identity = serde_json::json!({
            "level": self.level.map(|level| name(&level)),
            "only": self.only,
            "without": self.without,
            "with": self.with,
            "sites": (!sites.is_empty()).then_some(sites),
            "profile": profile,
            "site-field": self.site_field,
            "site-folder": self.site_folder,
            "max-removed": self.max_removed,
            "from": self.from.map(|from| name(&from)),
            "id-field": self.id_field,
            "text-field": self.text_field,
            "html-field": self.html_field,
            "url-field": self.url_field,
            "encoding": self.encoding,
            "format": self.format.map(|format| name(&format)),
            "links": self.links,
            "dedup": self.dedup.map(|dedup| name(&dedup)),
        });
        if let Some(members) = identity.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        Ok(identity)
    }

    /// How documents are written.
    pub fn writing(&self) -> Writing {
        let (format, links) = (self.format.unwrap_or_default(), self.links.unwrap_or_default());
        Writing { format, links, ..Writing::default() }
    }

    /// How many threads clean: as set, or one for each core.
    pub fn threads(&self) -> NonZeroUsize {
        self.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }
}

fn not_toml(text: &str, error: &toml::de::Error) -> Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    Error::Config(format!("line {line}: {}", error.message()))
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

fn size(value: &Value) -> Option<u64> {
    let named = || value.as_str().and_then(|size| size.parse::<ByteSize>().ok()).map(|size| size.as_u64());
    value.as_integer().and_then(|bytes| u64::try_from(bytes).ok()).or_else(named)
}

fn count(value: &Value) -> Option<NonZeroUsize> {
    value.as_integer().and_then(|n| usize::try_from(n).ok()).and_then(NonZeroUsize::new)
}

/// The level of this name.
///
/// # Errors
/// [`Error::UnknownName`] with the nearest name.
pub fn level(name: &str) -> Result<Level, Error> {
    match name {
        "gentle" => Ok(Level::Gentle),
        "standard" => Ok(Level::Standard),
        "thorough" => Ok(Level::Thorough),
        _ => Err(unknown("level", name, &LEVELS)),
    }
}

/// The format of this name.
///
/// # Errors
/// [`Error::UnknownName`] with the nearest name.
pub fn format(name: &str) -> Result<Format, Error> {
    match name {
        "auto" => Ok(Format::Auto),
        "text" => Ok(Format::Text),
        "jsonl" => Ok(Format::Jsonl),
        "html" => Ok(Format::Html),
        "csv" => Ok(Format::Csv),
        "tsv" => Ok(Format::Tsv),
        "parquet" => Ok(Format::Parquet),
        "warc" => Ok(Format::Warc),
        "wet" => Ok(Format::Wet),
        _ => Err(unknown("format", name, &FORMATS)),
    }
}

/// The format of outputs of this name.
///
/// # Errors
/// [`Error::UnknownName`] with the nearest name.
pub fn output_format(name: &str) -> Result<OutputFormat, Error> {
    match name {
        "text" => Ok(OutputFormat::Text),
        "markdown" => Ok(OutputFormat::Markdown),
        "jsonl" => Ok(OutputFormat::Jsonl),
        "csv" => Ok(OutputFormat::Csv),
        "tsv" => Ok(OutputFormat::Tsv),
        "parquet" => Ok(OutputFormat::Parquet),
        _ => Err(unknown("format", name, &OUTPUT_FORMATS)),
    }
}

/// What documents of this name are alike in.
///
/// # Errors
/// [`Error::UnknownName`] with the nearest name.
pub fn dedup(name: &str) -> Result<Dedup, Error> {
    match name {
        "exact" => Ok(Dedup::Exact),
        "near" => Ok(Dedup::Near),
        _ => Err(unknown("dedup", name, &DEDUPS)),
    }
}

/// The same names, where all are among [`PARTS`].
fn parts(names: Vec<String>) -> Result<Vec<String>, Error> {
    match names.iter().find(|name| !PARTS.contains(&name.as_str())) {
        Some(name) => Err(unknown("part", name, &PARTS)),
        None => Ok(names),
    }
}

fn unknown(kind: &'static str, name: &str, names: &'static [&'static str]) -> Error {
    Error::UnknownName { kind, name: name.to_owned(), nearest: nearest(name, names.iter().copied()) }
}
