//! `dehusk diff`: what goes, shown to a person or as a patch.

use super::terminal::{Page, Paint, escape};
use super::{DiffArgs, Exit, Failure, report};
use anstyle::{AnsiColor, Effects, Style};
use dehusk::corpus::Record;
use dehusk::diff::{self, Line, Piece};
use dehusk::{Cleaner, Left, Removal};
use std::borrow::Cow;
use std::io::Write;

pub const HEADER: Style = Style::new().effects(Effects::BOLD);
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const MARGIN: Style = Style::new().effects(Effects::DIMMED);
const PLACE: Style = AnsiColor::Cyan.on_default();

/// Lines shown around what goes.
const CONTEXT: usize = 2;
/// Characters of kept text shown on either side of what goes from a long line, and of a long line in which nothing goes.
const REACH: usize = 60;
/// Stands between places that are not next to each other.
const HUNK_END: &str = "⋮";
/// Stands for a line break that goes from a line of which something stays.
const LINE_BREAK: &str = "↵";

pub fn run(args: &DiffArgs) -> Result<Exit, Failure> {
    let setup = args.common.setup()?;
    let mut page = Page::open();
    let mut exit = Exit::Done;
    for record in args.inputs.inputs(setup.reading)?.records() {
        match record {
            Ok(record) => show(&mut page, args, &setup.cleaner, &record)?,
            Err(problem) => {
                report(&problem);
                exit = Exit::SomeSetAside;
            }
        }
    }
    page.close()?;
    Ok(exit)
}

fn show(page: &mut Page, args: &DiffArgs, cleaner: &Cleaner, record: &Record) -> Result<(), Failure> {
    let cleaned = Gone::of(record, cleaner);
    let (paint, is_terminal) = (page.paint, page.is_terminal);
    let output = if args.unified {
        patch(record, &cleaned, paint, is_terminal)
    } else if cleaned.removals.is_empty() && cleaned.left.is_none() {
        return Ok(());
    } else {
        let lines = diff::lines(&record.text, &cleaned.removals);
        let last_left = lines.iter().rfind(|line| !line.is_gone()).map(|line| line.number);
        let shown = Shown { removals: &cleaned.removals, last_left, paint, is_whole: args.word };
        let body = if args.word { shown.in_lines(&lines) } else { shown.in_context(&lines) };
        format!("{}\n{body}\n", paint.with(HEADER, &header(record, &cleaned)))
    };
    Ok(page.write_all(output.as_bytes())?)
}

/// What goes from a document, or why nothing does.
pub struct Gone {
    removals: Vec<Removal>,
    left: Option<Left>,
}

impl Gone {
    /// What goes from a text, or from the text that a page shows.
    pub fn of(record: &Record, cleaner: &Cleaner) -> Self {
        if let Some(page) = &record.page {
            return Gone { removals: cleaner.extract(page).removals, left: None };
        }
        let cleaned = cleaner.clean(&record.document());
        Gone { removals: cleaned.removals, left: cleaned.left }
    }
}

/// A document's name, and how much of it goes.
pub fn header(record: &Record, cleaned: &Gone) -> String {
    let id = escape(&record.id).replace('\n', "\\n");
    if let Some(left) = cleaned.left {
        return format!("{id}: left as it is, {left}");
    }
    let gone: usize = cleaned.removals.iter().map(|removal| removal.span.len()).sum();
    let share = 100.0 * gone as f64 / record.text.len().max(1) as f64;
    let count = cleaned.removals.len();
    format!("{id}: {share:.1}% removed, {count} {}", if count == 1 { "removal" } else { "removals" })
}

/// A patch has to hold the text as it is, unless it is a person who looks at it.
fn patch(record: &Record, cleaned: &Gone, paint: Paint, is_for_person: bool) -> String {
    let patch = diff::unified(&record.id, &record.text, &cleaned.removals);
    let styled = |line: &str| {
        let (content, end) = line.strip_suffix('\n').map_or((line, ""), |content| (content, "\n"));
        let shown = if is_for_person { escape(content.trim_end_matches('\r')) } else { Cow::Borrowed(content) };
        paint.with(patch_style(content), &shown) + end
    };
    patch.split_inclusive('\n').map(styled).collect()
}

fn patch_style(line: &str) -> Style {
    match line.as_bytes() {
        [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => HEADER,
        [b'-', ..] => REMOVED,
        [b'+', ..] => ADDED,
        [b'@', ..] => PLACE,
        _ => Style::new(),
    }
}

/// How a document's lines are shown.
struct Shown<'r> {
    removals: &'r [Removal],
    /// The number of the last line of which something stays. That its line break goes with all that follows is no news.
    last_left: Option<usize>,
    paint: Paint,
    /// True where lines are shown in their whole length.
    is_whole: bool,
}

impl Shown<'_> {
    /// Lines with what goes marked inside them, and nothing else.
    fn in_lines(&self, lines: &[Line]) -> String {
        let hunks = diff::hunks(lines, CONTEXT).into_iter().map(|hunk| {
            let line = |line: &Line| self.content(line, true) + "\n";
            lines[hunk].iter().map(line).collect::<String>()
        });
        hunks.collect::<Vec<_>>().join(&(self.paint.with(MARGIN, HUNK_END) + "\n"))
    }

    /// Lines behind a margin that tells their number, and the rule that takes something from them.
    fn in_context(&self, lines: &[Line]) -> String {
        let hunks = diff::hunks(lines, CONTEXT);
        let labels = self.labels(lines);
        let wide = hunks.iter().flat_map(|hunk| &labels[hunk.clone()]).map(String::len).max().unwrap_or(0);
        let digits = hunks.last().map_or(0, |hunk| hunk.end.to_string().len());
        let shown = hunks.iter().map(|hunk| {
            let line = |(line, label): (&Line, &String)| {
                let margin = format!("{:>digits$} {label:wide$} │{} ", line.number, self.sign(line));
                let content = self.content(line, !line.is_gone());
                format!("{}{content}", self.paint.with(MARGIN, &margin)).trim_end().to_owned() + "\n"
            };
            lines[hunk.clone()].iter().zip(&labels[hunk.clone()]).map(line).collect::<String>()
        });
        let end = format!("{:>digits$} {:wide$} {HUNK_END}", "", "");
        shown.collect::<Vec<_>>().join(&(self.paint.with(MARGIN, &end) + "\n"))
    }

    fn sign(&self, line: &Line) -> char {
        match line.pieces.iter().any(|piece| !matches!(piece, Piece::Kept(_)) && !self.is_last_break(line, piece)) {
            true if line.is_gone() => '-',
            true => '~',
            false => ' ',
        }
    }

    fn is_last_break(&self, line: &Line, piece: &Piece) -> bool {
        Some(line.number) == self.last_left && matches!(piece, Piece::Removed("\n" | "\r\n", _))
    }

    /// For each line the removals that begin there, by rule and confidence. A removal begins where its words do.
    fn labels(&self, lines: &[Line]) -> Vec<String> {
        let mut next = 0;
        let label = |line: &Line| {
            let mut labels: Vec<String> = Vec::new();
            for piece in &line.pieces {
                let &Piece::Removed(text, number) = piece else { continue };
                let removal = &self.removals[number];
                if number >= next && (!text.trim().is_empty() || removal.text.trim().is_empty()) {
                    next = number + 1;
                    labels.push(format!("{} {:.2}", removal.rule, removal.confidence));
                }
            }
            labels.dedup();
            labels.join(", ")
        };
        lines.iter().map(label).collect()
    }

    /// A line without its line break; what goes is marked by colour, else by brackets where asked for.
    fn content(&self, line: &Line, in_brackets: bool) -> String {
        let mark = |style: Style, text: &str, [open, close]: [&str; 2]| match text.trim_end_matches(['\r', '\n']) {
            "" if line.is_gone() && !in_brackets => String::new(),
            shown => {
                let shown = escape(if shown.is_empty() { LINE_BREAK } else { shown });
                if in_brackets && !self.paint.is_on {
                    format!("{open}{shown}{close}")
                } else {
                    self.paint.with(style, &shown)
                }
            }
        };
        let last = line.pieces.len() - 1;
        let piece = |(i, piece): (usize, &Piece)| match *piece {
            _ if self.is_last_break(line, piece) => String::new(),
            Piece::Removed(text, _) => mark(REMOVED, text, ["[-", "-]"]),
            Piece::Added(text, _) => mark(ADDED, text, ["{+", "+}"]),
            Piece::Kept(text) => {
                let text = text.trim_end_matches(['\r', '\n']);
                if self.is_whole {
                    escape(text).into_owned()
                } else {
                    escape(&abridged(text, i == 0, i == last)).into_owned()
                }
            }
        };
        line.pieces.iter().enumerate().map(piece).collect()
    }
}

/// Kept text as far as it is near to what goes, or the beginning of a line that is kept whole.
fn abridged(text: &str, is_first: bool, is_last: bool) -> Cow<'_, str> {
    let tail_from = |n: usize| text.char_indices().rev().nth(n - 1).map_or(0, |(at, _)| at);
    let head_to = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    let (head, tail) = match (is_first, is_last) {
        (true, true) => (head_to(2 * REACH), text.len()),
        (true, false) => (0, tail_from(REACH)),
        (false, true) => (head_to(REACH), text.len()),
        (false, false) => (head_to(REACH), tail_from(REACH)),
    };
    if head >= tail { Cow::Borrowed(text) } else { Cow::Owned(format!("{}…{}", &text[..head], &text[tail..])) }
}
