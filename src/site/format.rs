//! Site rules as TOML.

use super::{Phrase, Pick, Site, SiteRules, Source, Test};
use crate::Error;
use crate::error::{hint, nearest};
use scraper::Selector;
use scraper::error::SelectorErrorKind;
use std::path::Path;
use toml::{Table, Value};

const SITE_KEYS: [&str; 7] = ["domain", "keep", "drop", "keep-text", "drop-text", "title", "test"];
const TEST_KEYS: [&str; 6] = ["url", "html", "file", "expect", "not-expect", "title"];

/// Reads rules; the files of tests are relative to `folder`.
pub(super) fn read(text: &str, folder: &Path) -> Result<SiteRules, Error> {
    let table: Table = text.parse().map_err(|error| Error::Config(not_toml(text, &error)))?;
    let mut rules = SiteRules::default();
    for (key, value) in &table {
        if key != "site" {
            return Err(Error::Config(unknown(key, &["site"])));
        }
        for (number, site) in (1..).zip(tables(key, value).map_err(Error::Config)?) {
            add(&mut rules, site, folder).map_err(|reason| Error::Config(format!("site {number}{reason}")))?;
        }
    }
    Ok(rules)
}

fn add(rules: &mut SiteRules, table: &Table, folder: &Path) -> Result<(), String> {
    let domains = domains(table).map_err(|reason| format!(": {reason}"))?;
    let in_site = |reason: String| format!(" ({}): {reason}", domains.join(", "));
    let site = site(table, &domains, folder).map_err(in_site)?;
    for domain in &domains {
        if rules.domains.insert(domain.clone(), rules.sites.len()).is_some() {
            return Err(in_site(format!("`{domain}` is named twice")));
        }
    }
    rules.sites.push(site);
    Ok(())
}

/// The domains of a site, in small letters.
fn domains(table: &Table) -> Result<Vec<String>, String> {
    let value = table.get("domain").ok_or("there is no `domain`")?;
    let names = strings("domain", value)?;
    let domains = names.iter().map(|name| {
        let is_domain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
        let domain = name.trim_matches('.').to_ascii_lowercase();
        (is_domain && !domain.is_empty())
            .then_some(domain)
            .ok_or(format!("`domain`: `{name}` is no domain such as `example.org`"))
    });
    let domains: Vec<String> = domains.collect::<Result<_, _>>()?;
    if domains.is_empty() { Err("`domain` names none".to_owned()) } else { Ok(domains) }
}

fn site(table: &Table, domains: &[String], folder: &Path) -> Result<Site, String> {
    let mut site = Site { domains: domains.to_vec(), ..Site::default() };
    for (key, value) in table {
        match key.as_str() {
            "domain" => {}
            "keep" => site.keep = picks(key, value)?,
            "drop" => site.drop = picks(key, value)?,
            "keep-text" => site.keep_text = phrases(key, value)?,
            "drop-text" => site.drop_text = phrases(key, value)?,
            "title" => site.title = Some(pick(key, string(key, value)?)?),
            "test" => {
                let tests = (1..).zip(tables(key, value)?);
                let read = |(number, table)| test(table, folder).map_err(|reason| format!("test {number}: {reason}"));
                site.tests = tests.map(read).collect::<Result<_, _>>()?;
            }
            _ => return Err(unknown(key, &SITE_KEYS)),
        }
    }
    Ok(site)
}

fn test(table: &Table, folder: &Path) -> Result<Test, String> {
    let (mut url, mut page, mut title) = (None, None, None);
    let (mut expect, mut not_expect) = (Vec::new(), Vec::new());
    for (key, value) in table {
        let source = match key.as_str() {
            "html" => Source::Html(string(key, value)?.to_owned()),
            "file" => Source::File(folder.join(string(key, value)?)),
            "url" => {
                url = Some(string(key, value)?.to_owned());
                continue;
            }
            "title" => {
                title = Some(string(key, value)?.to_owned());
                continue;
            }
            "expect" => {
                expect = strings(key, value)?;
                continue;
            }
            "not-expect" => {
                not_expect = strings(key, value)?;
                continue;
            }
            _ => return Err(unknown(key, &TEST_KEYS)),
        };
        if page.replace(source).is_some() {
            return Err("it has both `html` and `file`".to_owned());
        }
    }
    let url = url.ok_or("there is no `url`")?;
    let page = page.ok_or("there is neither `html` nor `file`")?;
    if expect.is_empty() && not_expect.is_empty() && title.is_none() {
        return Err("it expects nothing: no `expect`, `not-expect` or `title`".to_owned());
    }
    Ok(Test { url, page, expect, not_expect, title })
}

fn picks(key: &str, value: &Value) -> Result<Vec<Pick>, String> {
    strings(key, value)?.iter().map(|source| pick(key, source)).collect()
}

fn pick(key: &str, source: &str) -> Result<Pick, String> {
    let wrong = |error: SelectorErrorKind| format!("`{key}`: `{source}` is no selector: {}", selector_fault(&error));
    let selector = Selector::parse(source).map_err(wrong)?;
    Ok(Pick { source: source.to_owned(), selector })
}

fn selector_fault(error: &SelectorErrorKind) -> String {
    match error {
        SelectorErrorKind::EndOfLine => "it ends too early".to_owned(),
        SelectorErrorKind::UnexpectedToken => "a sign stands where it cannot".to_owned(),
        SelectorErrorKind::UnexpectedSelectorParseError(error) => format!("{error:?}"),
        error => error.to_string(),
    }
}

fn phrases(key: &str, value: &Value) -> Result<Vec<Phrase>, String> {
    let phrase = |source: &String| Phrase::of(source).ok_or_else(|| format!("`{key}`: `{source}` holds no word"));
    strings(key, value)?.iter().map(phrase).collect()
}

fn string<'v>(key: &str, value: &'v Value) -> Result<&'v str, String> {
    value.as_str().ok_or_else(|| format!("`{key}` has to be a string, not {value}"))
}

/// A list of strings, or one alone.
fn strings(key: &str, value: &Value) -> Result<Vec<String>, String> {
    let wrong = || format!("`{key}` has to be a list of strings, not {value}");
    let values = match value {
        Value::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    values.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn tables<'v>(key: &str, value: &'v Value) -> Result<Vec<&'v Table>, String> {
    let tables = value.as_array().and_then(|values| values.iter().map(Value::as_table).collect());
    tables.ok_or_else(|| format!("`{key}` has to be tables: [[{key}]]"))
}

fn unknown(key: &str, keys: &[&'static str]) -> String {
    format!("there is no key `{key}`{}", hint(&nearest(key, keys.iter().copied())))
}

fn not_toml(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: {}", before.matches('\n').count() + 1, error.message())
}
