//! What is read: files, folders and streams, and the records in them.

use super::batches::{Batch, Batches, Position};
use super::digest::Digests;
use super::draft::folder_of;
#[cfg(feature = "formats")]
use super::formats::tar;
use super::packing::{unpacked, without_ending};
use super::problem::{Code, Fault, Problem};
use super::walk::{Found, Skipped, Walk, folded};
use super::{OutputFormat, ledger, output};
use crate::Document;
use crate::html::{Page, SiteRules};
use crate::parse::html::encoding;
use encoding_rs::Encoding;
use same_file::Handle;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// What an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// To be told by its name, else by how it begins: `{` opens JSONL, `<!doctype html` or `<html` a page, `PAR1` Parquet,
    /// `WARC/1.` an archive.
    #[default]
    Auto,
    /// One document.
    Text,
    /// One JSON object per line, each with a document.
    Jsonl,
    /// One page.
    Html,
    /// Rows of cells with commas between them, below a header.
    Csv,
    /// The same with tabs.
    Tsv,
    /// Parquet.
    Parquet,
    /// An archive of HTTP responses.
    Warc,
    /// An archive of plain texts.
    Wet,
}

/// The fields of a JSONL record that are looked at. Of a field that comes twice, the last counts.
///
/// A record with HTML and no text is a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// Names the record.
    pub id: String,
    /// Holds its text.
    pub text: String,
    /// Holds its address.
    pub url: String,
    /// Holds its HTML; `None` where no field is taken for that.
    pub html: Option<String>,
    /// True where HTML counts of a record that has text too.
    pub prefers_html: bool,
    /// Names the site of a record whose address does not tell it, where there is such a field.
    pub site: Option<String>,
}

/// How inputs are read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What they hold.
    pub format: Format,
    /// The fields of records in JSONL.
    pub fields: Fields,
    /// The encoding of inputs without a byte order mark, where it is not UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// Rules for the pages of single sites.
    pub sites: SiteRules,
    /// Bytes that a record may have: a line, a row, a file that is one document.
    pub max_record: u64,
    /// The folder that a file lies in is its site, where nothing else tells it.
    pub sites_are_folders: bool,
}

impl Reading {
    /// [`max_record`](Reading::max_record) where nothing is asked for.
    pub const MAX_RECORD: u64 = 32 << 20;

    /// A page, by the rules for its site.
    pub(crate) fn page(&self, html: &str, origin: Origin) -> Page {
        let page = Page::parse_with(html, origin.url, &self.sites);
        let site = self.site(Origin { url: origin.url.or(page.metadata().url.as_deref()), ..origin });
        match site.map(Cow::into_owned) {
            Some(site) => page.of_site(&site),
            None => page,
        }
    }

    /// The site of a document: the host of its address without `www.`, else what its record says, else the folder that its
    /// file lies in, where that is wanted.
    pub(crate) fn site<'o>(&self, origin: Origin<'o>) -> Option<Cow<'o, str>> {
        let host = origin.url.map(crate::site::name).filter(|host| !host.is_empty());
        let folder = || origin.file.rsplit_once('/').map(|(folder, _)| folder).filter(|_| self.sites_are_folders);
        host.map(Cow::Owned).or_else(|| origin.site.or_else(folder).map(Cow::Borrowed))
    }
}

impl Default for Reading {
    fn default() -> Self {
        Reading {
            format: Format::default(),
            fields: Fields::default(),
            encoding: None,
            sites: SiteRules::default(),
            max_record: Self::MAX_RECORD,
            sites_are_folders: false,
        }
    }
}

impl Default for Fields {
    fn default() -> Self {
        let [id, text, url] = ["id", "text", "url"].map(str::to_owned);
        Fields { id, text, url, html: Some("html".to_owned()), prefers_html: false, site: None }
    }
}

/// Where a document is from, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'o> {
    pub url: Option<&'o str>,
    /// The site that its record names.
    pub site: Option<&'o str>,
    /// The file, by its path below the input folder.
    pub file: &'o str,
}

/// One document and where it stood.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Record {
    /// Its id: the id field's value, else FILE:LINE; of a file of its own the path below the input folder.
    pub id: String,
    /// Its text; of a page the text that it shows.
    pub text: String,
    /// The page, where it is one.
    pub page: Option<Page>,
    /// Its address, where the record has one.
    pub url: Option<String>,
    /// The site it is from: the host of its address, or what else tells it.
    pub site: Option<String>,
    /// The file, by its path below the input folder.
    pub file: String,
    /// The line in a JSONL file, from 1 on.
    pub line: Option<u64>,
}

impl Record {
    /// The document that rules look at.
    pub fn document(&self) -> Cow<'_, Document<'_>> {
        match &self.page {
            Some(page) => Cow::Borrowed(page.document()),
            None => {
                let document = Document::new(self.text.as_str());
                Cow::Owned(match &self.site {
                    Some(site) => document.of_site(site),
                    None => document,
                })
            }
        }
    }
}

/// One file or stream.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Where it is; `-` is standard input.
    pub path: PathBuf,
    /// Where it goes in a tree of outputs.
    pub below: PathBuf,
    /// What ids are made of: its path below the input folder, with `/` between its parts.
    pub name: String,
    /// Size in bytes of a regular file.
    pub len: Option<u64>,
    /// Where it leaves what it hashes to, where that is wanted.
    digests: Option<Digests>,
    /// What it holds, where it is no file of its own but a member of an archive.
    #[cfg(feature = "formats")]
    pub member: Option<tar::Content>,
}

impl Source {
    /// A source by where it is, its path below the input folder, and where it goes below the output folder.
    fn new(path: PathBuf, below: &Path, to: PathBuf, len: Option<u64>, digests: Option<Digests>) -> Self {
        Source {
            name: with_slashes(below),
            path,
            below: to,
            len,
            digests,
            #[cfg(feature = "formats")]
            member: None,
        }
    }

    /// Where a record stands in the output: FILE:LINE, or FILE alone.
    pub fn place(&self, line: Option<u64>) -> String {
        let file = with_slashes(&self.below);
        line.map_or_else(|| file.clone(), |line| format!("{file}:{line}"))
    }

    /// What it holds, unpacked.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        #[cfg(feature = "formats")]
        if let Some(member) = &self.member {
            return Ok(unpacked(member.open()?, &self.path));
        }
        Ok(unpacked(self.open_packed()?, &self.path))
    }

    /// What it holds, as it is.
    fn open_packed(&self) -> io::Result<Box<dyn Read + Send>> {
        let bytes: Box<dyn Read + Send> = match is_stdin(&self.path) {
            true => Box::new(io::stdin()),
            false => Box::new(File::open(&self.path)?),
        };
        Ok(match &self.digests {
            Some(digests) => digests.watch(bytes, &self.path),
            None => bytes,
        })
    }

    /// Leaves what the file hashes to, which is not read from its beginning to its end.
    #[cfg(feature = "formats")]
    pub fn leave_digest(&self) -> io::Result<()> {
        self.digests.as_ref().map_or(Ok(()), |digests| digests.hash(&self.path))
    }

    /// The file, where it is one of its own.
    #[cfg(feature = "formats")]
    pub fn plain_file(&self) -> io::Result<Option<File>> {
        let is_file = self.len.is_some() && self.member.is_none();
        is_file.then(|| File::open(&self.path)).transpose()
    }

    pub fn problem(&self, fault: impl Into<Fault>) -> Problem {
        Problem::of_path(&self.path, fault)
    }
}

/// Files, folders and streams to read.
#[derive(Debug, Clone)]
pub struct Inputs {
    roots: Vec<Root>,
    reading: Reading,
    /// True of what [`clean`](super::clean) wrote.
    is_cleaned: bool,
    /// They are the shards of one file.
    are_shards: bool,
    /// What outputs are called that go into a tree.
    renaming: Renaming,
    skip: Skipped,
    /// Where sources leave what they hash to, where that is wanted.
    digests: Option<Digests>,
}

/// What becomes of a file's name: the same, or where it goes into a tree, what the format of the output asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Renaming(Option<OutputFormat>);

impl Renaming {
    /// True where outputs go into a tree.
    pub fn is_into_tree(self) -> bool {
        self.0.is_some()
    }

    /// The path that a file's output has below the output folder.
    pub fn of(self, below: &Path) -> PathBuf {
        self.0.map_or_else(|| below.to_owned(), |format| format.rename(below))
    }
}

/// One path that was asked for, and what stands before the names of the files below it.
#[derive(Debug, Clone)]
struct Root {
    path: PathBuf,
    prefix: PathBuf,
}

impl Root {
    /// A path that is called as it stands below that folder.
    fn below(path: &Path, folder: &Path) -> Self {
        let below = path.strip_prefix(folder).unwrap_or(path);
        let prefix = below.components().filter(|part| *part != Component::CurDir).collect();
        Root { path: path.to_owned(), prefix }
    }

    /// True of what has several files in it. What was cleaned is a tree of files where it came out of an archive.
    fn is_folder(&self, _is_cleaned: bool) -> bool {
        #[cfg(feature = "formats")]
        if !_is_cleaned && is_tar(&self.path) && self.path.is_file() {
            return true;
        }
        self.path.is_dir()
    }

    /// Where its output goes in a tree. Folders keep their names.
    fn goes_to(&self, renaming: Renaming) -> PathBuf {
        if self.path.is_dir() { self.prefix.clone() } else { renaming.of(&self.prefix) }
    }
}

impl Inputs {
    /// Inputs by their paths; `-` or none at all for standard input. Below a folder every `.txt`, `.jsonl`, `.html`,
    /// `.htm` and `.xhtml` is read, and with the feature `formats` every `.csv`, `.tsv`, `.parquet`, `.warc` and `.wet`, all
    /// of them also as `.gz` or `.zst`, and what is in a `.tar`; a path that is none and holds `*`, `?` or `[` is a pattern.
    ///
    /// A file's name is its path below the input folder; where there are several inputs, the folder's own name stands
    /// before it.
    pub fn new(paths: &[PathBuf], reading: Reading) -> Self {
        Self::with_listed(paths, &[], reading)
    }

    /// The same with files out of a list, which are called as they stand there.
    pub fn with_listed(paths: &[PathBuf], listed: &[PathBuf], reading: Reading) -> Self {
        let only_one = paths.len() + listed.len() <= 1;
        let stdin = [PathBuf::from("-")];
        let paths = if paths.is_empty() && listed.is_empty() { &stdin } else { paths };
        let root = |path: &PathBuf| {
            let in_folder = only_one && path.is_dir();
            Root { path: path.clone(), prefix: if in_folder { PathBuf::new() } else { own_name(path) } }
        };
        let asked = paths.iter().flat_map(|path| matches(path).unwrap_or_else(|| vec![root(path)]));
        let listed =
            listed.iter().map(|path| if is_below(path) { Root::below(path, Path::new("")) } else { root(path) });
        let roots = asked.chain(listed).collect();
        Inputs {
            roots,
            reading,
            is_cleaned: false,
            are_shards: false,
            renaming: Renaming::default(),
            skip: Skipped::default(),
            digests: None,
        }
    }

    /// The paths in a list: one a line, or where it holds NUL, with NUL between them.
    pub fn listed(list: &[u8]) -> Vec<PathBuf> {
        let end = if list.contains(&0) { 0 } else { b'\n' };
        let paths = list.split(|&byte| byte == end).map(|path| match end {
            0 => path,
            _ => path.strip_suffix(b"\r").unwrap_or(path),
        });
        paths.filter(|path| !path.is_empty()).map(path_of).collect()
    }

    /// What [`clean`](super::clean) wrote: a file, a file in shards by the name that it has before it is cut, or a folder of
    /// which every file is read, whatever its name. HTML is never among it.
    pub fn of_cleaned(path: &Path, mut reading: Reading) -> Self {
        reading.fields.html = None;
        let shards = if path.exists() || is_stdin(path) { Vec::new() } else { shards(path) };
        let are_shards = !shards.is_empty();
        let paths = if are_shards { shards } else { vec![path.to_owned()] };
        Inputs { is_cleaned: true, are_shards, ..Self::new(&paths, reading) }
    }

    /// Names outputs as a tree of this format will hold them, and reads the inputs in the order of these names, as a
    /// folder that holds them will be walked.
    pub(crate) fn go_into_tree(&mut self, format: OutputFormat) {
        self.renaming = Renaming(Some(format));
        let renaming = self.renaming;
        self.roots.sort_by_cached_key(|root| root.goes_to(renaming));
    }

    /// Lets sources leave what they hash to, when they are read to their ends.
    pub(crate) fn leave_digests(&mut self) -> Digests {
        self.digests.get_or_insert_default().clone()
    }

    /// Stays clear of a file or folder that lies below an input folder, or will.
    pub(crate) fn skip(&mut self, path: &Path) {
        self.skip.paths.extend(real_path(path));
    }

    /// Stays clear of the shards of a file.
    pub(crate) fn skip_shards(&mut self, path: &Path) {
        self.skip.sharded.extend(real_path(path));
    }

    /// The paths that were asked for.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.roots.iter().map(|root| root.path.as_path())
    }

    /// The name that the outputs of two inputs share, if any do: a tree could not hold both.
    pub(crate) fn shared_name(&self, format: OutputFormat) -> Option<PathBuf> {
        let name = |root: &Root| {
            let name = root.goes_to(Renaming(Some(format)));
            (folded(name.as_os_str()), name)
        };
        let mut names: Vec<_> = self.roots.iter().map(name).collect();
        names.sort();
        names.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1.clone())
    }

    /// True where there is one input, if in shards, and it is no folder.
    pub fn is_single(&self) -> bool {
        self.are_shards || matches!(self.roots.as_slice(), [root] if !root.is_folder(self.is_cleaned))
    }

    /// True where standard input is read, and is the regular file of this path.
    pub(crate) fn is_stdin(&self, path: &Path) -> bool {
        let is_read = self.paths().any(is_stdin);
        is_read
            && path.is_file()
            && Handle::stdin().is_ok_and(|stdin| Handle::from_path(path).is_ok_and(|h| h == stdin))
    }

    /// The size of all that is read, in bytes, as far as it can be read; `None` where there is a stream among it. Walks
    /// through every folder.
    pub fn size(&self) -> Option<u64> {
        self.files().filter_map(Result::ok).map(|source| source.len).sum()
    }

    /// True where all that is read are files: they can be read again.
    pub(crate) fn are_files(&self) -> bool {
        let is_file = |path: &Path| fs::metadata(path).is_ok_and(|metadata| metadata.is_file() || metadata.is_dir());
        self.paths().all(|path| !is_stdin(path) && is_file(path))
    }

    /// A hash of the names, sizes and times of change of all that is read.
    pub(crate) fn listing(&self) -> blake3::Hash {
        let mut hash = blake3::Hasher::new();
        for source in self.files() {
            let line = match source {
                Ok(source) => {
                    let changed = fs::metadata(&source.path).and_then(|metadata| metadata.modified());
                    format!("{}\0{:?}\0{:?}\n", source.path.display(), source.len, changed.ok())
                }
                Err(problem) => format!("{problem}\n"),
            };
            hash.update(line.as_bytes());
        }
        hash.finalize()
    }

    pub(crate) fn reading(&self) -> &Reading {
        &self.reading
    }

    /// What a source holds, as far as its name tells it.
    pub(crate) fn format_of(&self, source: &Source) -> Format {
        match self.reading.format {
            Format::Auto => format_of(&source.path).map_or(Format::Auto, |format| self.possible(format)),
            format => self.possible(format),
        }
    }

    /// What may hold HTML holds text where this is the output of [`clean`](super::clean).
    pub(crate) fn possible(&self, format: Format) -> Format {
        if format == Format::Html && self.is_cleaned { Format::Text } else { format }
    }

    /// Every file and stream, in order, and what is in archives.
    pub(crate) fn sources(&self) -> impl Iterator<Item = Result<Source, Problem>> + '_ {
        self.files().flat_map(|source| match source {
            #[cfg(feature = "formats")]
            Ok(source) if source.len.is_some() && !self.is_cleaned && is_tar(&source.path) => self.members(source),
            source => Box::new(std::iter::once(source)),
        })
    }

    /// What is in an archive. It goes into a folder that is called as the archive is.
    #[cfg(feature = "formats")]
    fn members(&self, archive: Source) -> Box<dyn Iterator<Item = Result<Source, Problem>>> {
        let members = match archive.open() {
            Ok(bytes) => tar::Members::new(bytes, |name| format_of(name).is_some()),
            Err(error) => return Box::new(std::iter::once(Err(archive.problem(error)))),
        };
        let renaming = self.renaming;
        Box::new(members.map(move |member| match member {
            Err(fault) => Err(archive.problem(fault)),
            Ok(tar::Member { name, len, content }) => Ok(Source {
                path: archive.path.join(&name),
                below: archive.below.join(renaming.of(&name)),
                name: format!("{}/{}", archive.name, with_slashes(&name)),
                len: Some(len),
                digests: None,
                member: Some(content),
            }),
        }))
    }

    /// Every file and stream, in order.
    fn files(&self) -> impl Iterator<Item = Result<Source, Problem>> + '_ {
        self.roots.iter().flat_map(|root| self.sources_below(root))
    }

    fn sources_below(&self, root: &Root) -> Box<dyn Iterator<Item = Result<Source, Problem>>> {
        let renaming = self.renaming;
        let digests = self.digests.clone();
        let source =
            |len| Source::new(root.path.clone(), &root.prefix, renaming.of(&root.prefix), len, self.digests.clone());
        if is_stdin(&root.path) {
            return Box::new(std::iter::once(Ok(source(None))));
        }
        match fs::metadata(&root.path) {
            Err(error) => Box::new(std::iter::once(Err(Problem::of_path(&root.path, error)))),
            Ok(metadata) if metadata.is_dir() => match self.walk(root) {
                Err(problem) => Box::new(std::iter::once(Err(problem))),
                Ok(walk) => {
                    let prefix = root.prefix.clone();
                    let source = move |f: Found| {
                        let below = prefix.join(f.below);
                        Source::new(f.path, &below, renaming.of(&below), Some(f.len), digests.clone())
                    };
                    Box::new(walk.map(move |found| found.map(&source)))
                }
            },
            Ok(metadata) => Box::new(std::iter::once(Ok(source(metadata.is_file().then_some(metadata.len()))))),
        }
    }

    fn walk(&self, root: &Root) -> Result<Walk, Problem> {
        let wants = if self.is_cleaned { |_: &OsStr| true } else { is_corpus_file };
        Walk::new(&root.path, wants, self.renaming, self.skip.clone())
    }

    pub(crate) fn batches(&self) -> Batches<'_> {
        self.batches_from(Position::default())
    }

    /// The batches behind a position.
    pub(crate) fn batches_from(&self, start: Position) -> Batches<'_> {
        Batches::new(self, start)
    }

    /// Every record, in order: folders are walked in the order of names.
    pub fn records(&self) -> impl Iterator<Item = Result<Record, Problem>> + '_ {
        self.batches().flat_map(|step| match step.found {
            Ok(batch) => self.records_of(batch),
            Err(problem) => vec![Err(problem)],
        })
    }

    /// Every record of a batch.
    pub(crate) fn records_of(&self, batch: Batch) -> Vec<Result<Record, Problem>> {
        match batch {
            Batch::Texts(texts) => texts.into_iter().map(|text| self.text_record(text)).collect(),
            #[cfg(feature = "formats")]
            Batch::Rows(rows) => rows.records(&self.reading),
            Batch::Lines(lines) => {
                lines.records(&self.reading).map(|line| line.map(|line| line.into_record(&self.reading))).collect()
            }
        }
    }

    fn text_record(&self, text: super::batches::Text) -> Result<Record, Problem> {
        let (source, is_html) = (text.source.clone(), text.is_html);
        // What lies behind the data is for those who clean it.
        let bytes = text.bytes(self.reading.max_record)?.0;
        let origin = Origin { url: None, site: None, file: &source.name };
        if is_html {
            let page = self.reading.page(&encoding::decode(&bytes, self.reading.encoding).0, origin);
            let (text, site) = (page.document().text().to_owned(), page.document().site().map(str::to_owned));
            let id = source.name.clone();
            return Ok(Record { id, text, page: Some(page), url: None, site, file: source.name, line: None });
        }
        let text = crate::decode::text(&bytes, self.reading.encoding)
            .map_err(|e| source.problem(Fault::new(Code::Encoding, e)))?
            .0;
        let site = self.reading.site(origin).map(Cow::into_owned);
        let text = text.into_owned();
        Ok(Record { id: source.name.clone(), text, page: None, url: None, site, file: source.name, line: None })
    }
}

/// The inputs that a pattern means; `None` of what is none, or means nothing.
fn matches(pattern: &Path) -> Option<Vec<Root>> {
    #[cfg(feature = "formats")]
    {
        const SIGNS: [char; 3] = ['*', '?', '['];
        let text = pattern.to_str().filter(|text| text.contains(SIGNS) && !pattern.exists())?;
        let fixed: PathBuf =
            pattern.iter().take_while(|part| part.to_str().is_some_and(|part| !part.contains(SIGNS))).collect();
        // A folder that cannot be read is told of when it is to be read.
        let found = glob::glob(text).ok()?.map(|found| found.unwrap_or_else(|error| error.path().to_owned()));
        let roots: Vec<_> = found.map(|path| Root::below(&path, &fixed)).collect();
        (!roots.is_empty()).then_some(roots)
    }
    #[cfg(not(feature = "formats"))]
    {
        let _ = pattern;
        None
    }
}

/// True of a path that can stand below any folder.
fn is_below(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

#[cfg(unix)]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The shards of a file up to the last that there is or that its manifest lists, where one is beside it. One that is missing
/// is named when it is read.
fn shards(path: &Path) -> Vec<PathBuf> {
    let there = output::shards(path).into_iter().map(|(number, _)| number);
    let listed = ledger::listed_outputs(path);
    let listed = listed.iter().filter_map(|output| output::shard_number(path, output.file_name()?));
    let last = there.chain(listed).max();
    last.into_iter().flat_map(|last| (0..=last).map(|number| output::shard(path, number))).collect()
}

/// The path without links of what is there, or will be.
fn real_path(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok().or_else(|| Some(real_path(folder_of(path))?.join(path.file_name()?)))
}

/// The name of a file or folder itself, however the path leads to it.
fn own_name(path: &Path) -> PathBuf {
    let name = path.file_name().map(OsStr::to_owned);
    let name = name.or_else(|| path.canonicalize().ok()?.file_name().map(OsStr::to_owned));
    name.map_or_else(|| path.to_owned(), PathBuf::from)
}

fn with_slashes(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(OsStr::to_string_lossy).collect();
    parts.join("/")
}

fn is_corpus_file(name: &OsStr) -> bool {
    #[cfg(feature = "formats")]
    if is_tar(name.as_ref()) {
        return true;
    }
    format_of(name.as_ref()).is_some()
}

/// What a file's name says it holds, unpacked.
pub(crate) fn format_of(name: &Path) -> Option<Format> {
    match without_ending(name).extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "txt" => Some(Format::Text),
        "jsonl" => Some(Format::Jsonl),
        "html" | "htm" | "xhtml" => Some(Format::Html),
        ending if cfg!(feature = "formats") => match ending {
            "csv" => Some(Format::Csv),
            "tsv" => Some(Format::Tsv),
            "parquet" => Some(Format::Parquet),
            "warc" => Some(Format::Warc),
            "wet" => Some(Format::Wet),
            _ => None,
        },
        _ => None,
    }
}

/// True of an archive of files.
#[cfg(feature = "formats")]
fn is_tar(name: &Path) -> bool {
    without_ending(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tar"))
}
