//! What went from a text, line by line: for a person to look at, and as a patch.
//!
//! The removals say which bytes went, so nothing is compared. [`lines`] cuts the original into lines of kept and removed
//! pieces, [`hunks`] picks those worth showing, and [`unified`] makes a patch of them.

use crate::document::Span;
use crate::removal::Removal;
use std::ops::Range;

/// Lines shown around a change in a patch, as everywhere.
const CONTEXT: usize = 3;

/// A line of the original, its line break included.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'t> {
    /// Its number in the original, from 1 on.
    pub number: usize,
    /// What it is made of, in order; never empty.
    pub pieces: Vec<Piece<'t>>,
}

/// A piece of a [`Line`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text that stays.
    Kept(&'t str),
    /// Text that goes, and the number of the removal that takes it.
    Removed(&'t str, usize),
    /// What stands in place of removed text, and the number of the removal that put it there.
    Added(&'t str, usize),
}

impl Line<'_> {
    /// True where something of the line goes.
    pub fn is_changed(&self) -> bool {
        self.pieces.iter().any(|piece| !matches!(piece, Piece::Kept(_)))
    }

    /// True where nothing of the line stays.
    pub fn is_gone(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Removed(..)))
    }
}

/// A text's lines (each ends with LF, CR LF included), with what goes from them.
///
/// A removal may take the line break before a line or the one behind it, as the white space around it asks; the text that
/// stays is the same. Here it is always the one behind it wherever there is one, so that whole lines go.
///
/// `removals` are those of this text: sorted, disjoint, on character boundaries, none empty.
///
/// ```
/// use dehusk::diff::{Piece, lines};
/// let text = "A title\n\nIts text.\n\nAdvertisement\n";
/// let cleaned = dehusk::clean(text);
/// let lines = lines(text, &cleaned.removals);
/// assert_eq!(lines[4].pieces, [Piece::Removed("Advertisement\n", 0)]);
/// ```
pub fn lines<'t>(text: &'t str, removals: &'t [Removal]) -> Vec<Line<'t>> {
    let spans = on_lines(text, removals);
    let mut next = 0;
    let mut start = 0;
    let line = |(number, line): (usize, &'t str)| {
        let end = start + line.len();
        let mut pieces = Vec::new();
        while let Some(span) = spans.get(next).filter(|span| span.start < end) {
            if start < span.start {
                pieces.push(Piece::Kept(&text[start..span.start]));
            }
            let to = end.min(span.end);
            pieces.push(Piece::Removed(&text[start.max(span.start)..to], next));
            start = to;
            if to < span.end {
                break;
            }
            pieces.extend(added(&removals[next], next));
            next += 1;
        }
        if start < end {
            pieces.push(Piece::Kept(&text[start..end]));
        }
        start = end;
        Line { number, pieces }
    };
    (1..).zip(text.split_inclusive('\n')).map(line).collect()
}

fn added(removal: &Removal, number: usize) -> Option<Piece<'_>> {
    (!removal.replacement.is_empty()).then_some(Piece::Added(&removal.replacement, number))
}

/// The removals' spans. Where each of a run of them begins with a line break and the run ends before one, they are moved
/// behind that one.
fn on_lines(text: &str, removals: &[Removal]) -> Vec<Span> {
    let mut spans: Vec<Span> = removals.iter().map(|removal| removal.span.clone()).collect();
    let mut from = 0;
    while from < spans.len() {
        let is_last = |&i: &usize| spans.get(i + 1).is_none_or(|next| next.start > spans[i].end);
        let to = (from..spans.len()).find(is_last).expect("the last one is the last of a run");
        let (start, end) = (spans[from].start, spans[to].end);
        let line_break = if text[start..].starts_with("\r\n") { "\r\n" } else { "\n" };
        let begins_a_line = |removal: &Removal| removal.replacement.is_empty() && removal.text.starts_with(line_break);
        let is_free = spans.get(to + 1).is_none_or(|next| end + line_break.len() <= next.start);
        if is_free && text[end..].starts_with(line_break) && removals[from..=to].iter().all(begins_a_line) {
            spans[from..=to].iter_mut().for_each(|s| *s = s.start + line_break.len()..s.end + line_break.len());
        }
        from = to + 1;
    }
    spans
}

/// Changed lines with so many lines of context around them, as ranges into `lines`; what touches is one hunk.
pub fn hunks(lines: &[Line], context: usize) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for change in changes(lines) {
        let (start, end) = (change.start.saturating_sub(context), (change.end + context).min(lines.len()));
        match hunks.last_mut() {
            Some(last) if start <= last.end => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

/// Runs of changed lines, as ranges into `lines`. What is left of a run is whole lines again: where the line break goes
/// that parts a changed line from one that is not, the two are in one run.
fn changes(lines: &[Line]) -> Vec<Range<usize>> {
    let mut changes: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let start = at;
        let mut is_whole = true;
        while let Some(line) = lines.get(at).filter(|line| !is_whole || line.is_changed()) {
            is_whole = left(line).last().map_or(is_whole, |piece| piece.ends_with('\n'));
            at += 1;
        }
        if start < at {
            changes.push(start..at);
        } else {
            at += 1;
        }
    }
    changes
}

/// What is left of a line.
fn left<'l>(line: &'l Line) -> impl Iterator<Item = &'l str> {
    line.pieces.iter().filter_map(|piece| match *piece {
        Piece::Kept(text) | Piece::Added(text, _) => Some(text),
        Piece::Removed(..) => None,
    })
}

fn original<'l>(line: &'l Line) -> impl Iterator<Item = &'l str> {
    line.pieces.iter().filter_map(|piece| match *piece {
        Piece::Kept(text) | Piece::Removed(text, _) => Some(text),
        Piece::Added(..) => None,
    })
}

/// A patch from the original to what is left of it, for `patch -p1` and `git apply`; with `-R` they bring the original
/// back, byte for byte. Empty where nothing goes.
///
/// The id becomes the file's name: path separators stay, what would leave the folder does not.
///
/// ```
/// let text = "A title\n\nIts text.\n\nAdvertisement\n";
/// let cleaned = dehusk::clean(text);
/// let patch = dehusk::diff::unified("news/1.txt", text, &cleaned.removals);
/// assert_eq!(patch, "--- a/news/1.txt
/// +++ b/news/1.txt
/// @@ -1,5 +1,3 @@
///  A title
///  \n Its text.
/// -
/// -Advertisement
/// ");
/// ```
pub fn unified(id: &str, text: &str, removals: &[Removal]) -> String {
    let lines = lines(text, removals);
    let changes = changes(&lines);
    if changes.is_empty() {
        return String::new();
    }
    let name = file_name(id);
    let mut patch = format!("--- {}\n+++ {}\n", quoted("a/", &name), quoted("b/", &name));
    let mut rest = changes.as_slice();
    // Lines of the original, and of what is left, before the hunk.
    let (mut old_at, mut new_at) = (0, 0);
    for hunk in hunks(&lines, CONTEXT) {
        let (inside, behind) = rest.split_at(rest.partition_point(|change| change.start < hunk.end));
        rest = behind;
        new_at += hunk.start - old_at;
        old_at = hunk.end;
        let (body, new_count) = hunk_body(&lines, &hunk, inside);
        patch += &format!("@@ -{} +{} @@\n{body}", range(hunk.start, hunk.len()), range(new_at, new_count));
        new_at += new_count;
    }
    patch
}

/// A hunk's lines with their signs, and how many of them are left.
fn hunk_body(lines: &[Line], hunk: &Range<usize>, changes: &[Range<usize>]) -> (String, usize) {
    let mut body = String::new();
    let (mut at, mut count) = (hunk.start, 0);
    let end = hunk.end..hunk.end;
    for change in changes.iter().chain([&end]) {
        let changed = &lines[change.clone()];
        for line in &lines[at..change.start] {
            push_line(&mut body, ' ', &original(line).collect::<String>());
        }
        for line in changed {
            push_line(&mut body, '-', &original(line).collect::<String>());
        }
        let new: String = changed.iter().flat_map(left).collect();
        for line in new.split_inclusive('\n') {
            push_line(&mut body, '+', line);
        }
        count += change.start - at + new.split_inclusive('\n').count();
        at = change.end;
    }
    (body, count)
}

fn push_line(patch: &mut String, sign: char, line: &str) {
    patch.push(sign);
    patch.push_str(line);
    if !line.ends_with('\n') {
        patch.push_str("\n\\ No newline at end of file\n");
    }
}

/// A hunk's place: the number of its first line (that of the line before it where it has none) and how many it has.
fn range(before: usize, count: usize) -> String {
    match count {
        0 => format!("{before},0"),
        1 => format!("{}", before + 1),
        _ => format!("{},{count}", before + 1),
    }
}

/// An id as a relative path that stays in its folder. Both tools refuse to touch names that do not.
fn file_name(id: &str) -> String {
    let is_plain = |part: &&str| !matches!(*part, "" | "." | "..") && !part.eq_ignore_ascii_case(".git");
    let name = id.split('/').filter(is_plain).collect::<Vec<_>>().join("/").replace(['\0', '\n', '\r'], "_");
    if name.is_empty() { "document".to_owned() } else { name }
}

/// A file's name as git writes it: with a tab behind it where it holds a space, in quotes where it holds what could be
/// misread.
fn quoted(side: &str, name: &str) -> String {
    let is_odd = |byte: u8| !matches!(byte, b' '..=b'~') || matches!(byte, b'"' | b'\\');
    if !name.bytes().any(is_odd) {
        return format!("{side}{name}{}", if name.contains(' ') { "\t" } else { "" });
    }
    let escaped: String = name.bytes().map(escape).collect();
    format!("\"{side}{escaped}\"")
}

fn escape(byte: u8) -> String {
    match byte {
        b'"' | b'\\' => format!("\\{}", byte as char),
        b'\t' => "\\t".to_owned(),
        b' '..=b'~' => (byte as char).to_string(),
        _ => format!("\\{byte:03o}"),
    }
}
