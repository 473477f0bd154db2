//! A profile as a file: JSON Lines, sites in the order of their names.
//!
//! ```text
//! {"dehusk-profile":1,"fingerprints":1,"documents":40,"copies":0}
//! {"site":"example.org","pages":20}
//! {"site":"example.org","pages":20,"affix":" | Example"}
//! {"site":"example.org","pages":19,"line":{"hash":"5f...","head":19,"inside":0,"tail":0,...,"text":"About us"}}
//! ```
//!
//! The same pages give the same bytes. What stands in it are sums and unions, so files are merged by adding them up, line
//! by line, in little memory. A line that stood on one page alone is in no profile: of what was learned in parts, up to one
//! page a part can be missing from a line's count.

use super::fingerprint::VERSION;
use super::sorter::Merged;
use super::{Counts, Kind, Place, Profile, Several, Site, Subject, Verdict, judge};
use crate::Error;
use crate::words::text_hash;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The version of the format.
const FORMAT: u64 = 1;

/// What a file was learned from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Head {
    pub documents: u64,
    pub copies: u64,
}

#[derive(Serialize, Deserialize)]
struct HeadRow {
    #[serde(rename = "dehusk-profile")]
    format: u64,
    #[serde(default)]
    fingerprints: u64,
    #[serde(default)]
    documents: u64,
    #[serde(default)]
    copies: u64,
}

/// A line of the file below its head.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    site: String,
    pages: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    brand: Option<Brand>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    affix: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<Line>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Brand {
    text: Box<str>,
    sites: Several,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    hash: Several,
    head: u32,
    inside: u32,
    tail: u32,
    bounds: u32,
    above: Several,
    below: Several,
    sites: Several,
    variants: Several,
    words: u32,
    kind: Kind,
    text: Box<str>,
}

/// What an entry is of: the site, and what of it. In this order they stand in the file.
pub(crate) type Key = (String, Subject, u64);

impl Row {
    fn of(site: &str, subject: Subject, hash: u64, counts: &Counts) -> Row {
        let text = || counts.sample.clone();
        Row {
            site: site.to_owned(),
            pages: counts.pages,
            brand: (subject == Subject::Brand).then(|| Brand { text: text(), sites: counts.sites }),
            affix: (subject == Subject::Affix).then(text),
            line: (subject == Subject::Line).then(|| Line::of(hash, counts)),
        }
    }

    fn entry(self) -> (Key, Counts) {
        let counts = Counts { pages: self.pages, ..Counts::default() };
        match (self.brand, self.affix, self.line) {
            (Some(Brand { text, sites }), ..) => {
                let key = (self.site, Subject::Brand, text_hash(&text));
                (key, Counts { sites, sample: text, ..counts })
            }
            (_, Some(text), _) => ((self.site, Subject::Affix, text_hash(&text)), Counts { sample: text, ..counts }),
            (.., Some(line)) => ((self.site, Subject::Line, line.hash.0), line.counts(self.pages)),
            (None, None, None) => ((self.site, Subject::Site, 0), counts),
        }
    }
}

impl Line {
    fn of(hash: u64, counts: &Counts) -> Line {
        let Counts { head, inside, tail, bounds, above, below, sites, variants, words, kind, .. } = *counts;
        let (hash, text) = (Several(hash), counts.sample.clone());
        Line { hash, head, inside, tail, bounds, above, below, sites, variants, words, kind, text }
    }

    fn counts(self, pages: u32) -> Counts {
        let Line { hash: _, head, inside, tail, bounds, above, below, sites, variants, words, kind, text } = self;
        Counts { pages, head, inside, tail, bounds, above, below, sites, variants, words, kind, sample: text }
    }
}

/// Writes a profile.
pub(crate) struct Writer<W: Write>(BufWriter<W>);

impl<W: Write> Writer<W> {
    pub fn new(out: W, Head { documents, copies }: Head) -> io::Result<Self> {
        let mut writer = Writer(BufWriter::new(out));
        writer.row(&HeadRow { format: FORMAT, fingerprints: VERSION, documents, copies })?;
        Ok(writer)
    }

    pub fn write(&mut self, site: &str, subject: Subject, hash: u64, counts: &Counts) -> io::Result<()> {
        self.row(&Row::of(site, subject, hash, counts))
    }

    fn row(&mut self, row: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, row)?;
        self.0.write_all(b"\n")
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A profile's file, read line by line.
struct Reader {
    lines: io::Lines<BufReader<File>>,
    path: PathBuf,
    number: usize,
    head: Head,
    last: Option<Key>,
}

impl Reader {
    fn open(path: &Path) -> Result<Self, Error> {
        let failed = |reason: String| Error::Config(format!("{}: {reason}", path.display()));
        let file = File::open(path).map_err(|error| failed(error.to_string()))?;
        let mut lines = BufReader::new(file).lines();
        let first = lines.next().transpose().map_err(|error| failed(error.to_string()))?.unwrap_or_default();
        let head: HeadRow = serde_json::from_str(&first).map_err(|_| failed("is no profile of dehusk".to_owned()))?;
        if (head.format, head.fingerprints) != (FORMAT, VERSION) {
            return Err(failed(format!(
                "is a profile of version {}.{}, and this program reads {FORMAT}.{VERSION}: learn it anew",
                head.format, head.fingerprints
            )));
        }
        let head = Head { documents: head.documents, copies: head.copies };
        Ok(Reader { lines, path: path.to_owned(), number: 1, head, last: None })
    }

    fn entry(&mut self, line: io::Result<String>) -> Result<(Key, Counts), String> {
        let line = line.map_err(|error| error.to_string())?;
        let row: Row = serde_json::from_str(&line).map_err(|error| format!("is no line of a profile: {error}"))?;
        let (key, counts) = row.entry();
        if self.last.as_ref().is_some_and(|last| *last >= key) {
            return Err("stands out of order".to_owned());
        }
        self.last = Some(key.clone());
        Ok((key, counts))
    }
}

impl Iterator for Reader {
    type Item = Result<(Key, Counts), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.lines.next()?;
        self.number += 1;
        let entry = self.entry(line);
        Some(entry.map_err(|reason| Error::Config(format!("{}:{}: {reason}", self.path.display(), self.number))))
    }
}

impl Profile {
    /// Reads a profile that `dehusk learn` wrote.
    ///
    /// # Errors
    /// [`Error::Config`] where it cannot be read, is none, or of another version.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut profile = Profile::default();
        for entry in Reader::open(path)? {
            let ((site, subject, hash), counts) = entry?;
            profile.file(&site, subject, hash, counts);
        }
        Ok(profile)
    }
}

/// Adds profiles up, and writes the sum.
///
/// # Errors
/// [`Error::Config`] where one cannot be read, or the sum not be written.
pub fn merge(paths: &[PathBuf], out: impl Write) -> Result<(), Error> {
    let failed = |error: io::Error| Error::Config(format!("the merged profile: {error}"));
    let readers = paths.iter().map(|path| Reader::open(path)).collect::<Result<Vec<_>, _>>()?;
    let sum = |count: fn(&Head) -> u64| readers.iter().map(|reader| count(&reader.head)).sum();
    let head = Head { documents: sum(|head| head.documents), copies: sum(|head| head.copies) };
    let mut writer = Writer::new(out, head).map_err(failed)?;
    for entry in Merged::new(readers) {
        let ((site, subject, hash), counts) = entry?;
        writer.write(&site, subject, hash, &counts).map_err(failed)?;
    }
    writer.finish().map_err(failed)
}

/// A profile to look into: what it holds, line by line.
pub struct ProfileFile {
    reader: Reader,
    site: Site,
}

/// What a profile holds, as a person may want to see it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Shown {
    /// A site with its pages: what follows is of it.
    Site(String, u32),
    /// A spam brand, and the pages that hold it.
    Brand(Box<str>, u32),
    /// What titles begin or end with, the pages where they do, and how sure it is the site's name.
    Affix(Box<str>, u32, f32),
    /// The beginning of a line that recurs, its pages, and how sure it is chrome where it is surest.
    Line(Box<str>, u32, Option<Verdict>),
}

impl ProfileFile {
    /// Opens a profile.
    ///
    /// # Errors
    /// As [`Profile::read`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(ProfileFile { reader: Reader::open(path)?, site: Site::default() })
    }

    fn shown(&mut self, ((site, subject, _), counts): (Key, Counts)) -> Shown {
        match subject {
            Subject::Site => {
                self.site = Site { pages: counts.pages, is_mixed: site == super::NO_SITE, ..Site::default() };
                Shown::Site(site, counts.pages)
            }
            Subject::Brand => Shown::Brand(counts.sample, counts.pages),
            Subject::Affix => {
                let confidence = super::affix_confidence(counts.pages, &self.site);
                Shown::Affix(counts.sample, counts.pages, confidence)
            }
            Subject::Line => {
                let verdict = surest(&counts, &self.site);
                Shown::Line(counts.sample, counts.pages, verdict)
            }
        }
    }
}

impl Iterator for ProfileFile {
    type Item = Result<Shown, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.reader.next()?;
        Some(entry.map(|entry| self.shown(entry)))
    }
}

/// How sure a line is chrome where it is surest.
fn surest(counts: &Counts, site: &Site) -> Option<Verdict> {
    let verdicts = Place::ALL.into_iter().filter_map(|place| judge(counts, site, place, true));
    verdicts.max_by(|a, b| a.confidence.total_cmp(&b.confidence))
}
