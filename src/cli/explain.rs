//! `dehusk explain`: why a line was kept or removed.

use super::diff::{Gone, HEADER, header};
use super::terminal::{Page, Paint, escape};
use super::{Exit, ExplainArgs, Failure, report};
use anstyle::{AnsiColor, Style};
use dehusk::corpus::{Inputs, Problem, Record};
use dehusk::{Cleaner, Explained, Fate, Span};
use std::io::Write;
use std::path::{Path, PathBuf};

const REMOVED: Style = AnsiColor::Red.on_default();
const RULE: Style = AnsiColor::Cyan.on_default();

/// Characters shown of a line, and of a piece of one.
const SHOWN: usize = 100;

pub fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let setup = args.common.setup()?;
    let (path, line) = place(&args.input)?;
    let mut page = Page::open();
    let (mut exit, mut is_found) = (Exit::Done, false);
    for record in Inputs::new(std::slice::from_ref(&path), setup.reading).records() {
        match record {
            Ok(record) if is_meant(record.line, line) => {
                let line = line.filter(|_| record.line.is_none());
                let Some(output) = explain(&setup.cleaner, &record, line, page.paint) else { continue };
                is_found = true;
                page.write_all(output.as_bytes())?;
            }
            Ok(_) => {}
            Err(problem) => exit = set_aside(&problem, line).unwrap_or(exit),
        }
    }
    page.close()?;
    match line {
        Some(line) if !is_found && exit == Exit::Done => {
            Err(Failure::usage(format!("{} has no text on line {line}", path.display())))
        }
        _ => Ok(exit),
    }
}

/// A path, and the line behind its last colon, unless there is a file whose name holds the colon.
fn place(input: &str) -> Result<(PathBuf, Option<u64>), Failure> {
    match input.rsplit_once(':') {
        Some((path, line)) if is_number(line) && !Path::new(input).exists() => match line.parse() {
            Ok(0) => Err(Failure::usage("lines are counted from 1 on")),
            Ok(line) => Ok((path.into(), Some(line))),
            Err(error) => Err(Failure::usage(format!("line {line}: {error}"))),
        },
        _ => Ok((input.into(), None)),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for the record on the line that is asked for; the line of a plain text is found in its text.
fn is_meant(record: Option<u64>, line: Option<u64>) -> bool {
    record.is_none() || line.is_none() || record == line
}

/// Names a problem that concerns what was asked for.
fn set_aside(problem: &Problem, line: Option<u64>) -> Option<Exit> {
    is_meant(problem.line(), line).then(|| {
        report(problem);
        Exit::SomeSetAside
    })
}

/// The lines for which something was proposed, or the one that is asked for: None where the text has no such line.
fn explain(cleaner: &Cleaner, record: &Record, line: Option<u64>, paint: Paint) -> Option<String> {
    let proposals = cleaner.explain(&record.document());
    let mut output = format!("{}\n", paint.with(HEADER, &header(record, &Gone::of(record, cleaner))));
    let mut is_found = line.is_none();
    let (mut start, mut next) = (0, 0);
    for (number, text) in (1..).zip(record.text.split_inclusive('\n')) {
        let span = visible(text, start);
        next += proposals[next..].iter().take_while(|e| e.removal.span.end <= span.start).count();
        let near = proposals[next..].iter().take_while(|e| e.removal.span.start < span.end);
        let here: Vec<&Explained> = near.filter(|e| overlap(&e.removal.span, &span).is_some()).collect();
        if line.map_or(!here.is_empty() && !text.trim().is_empty(), |line| line == number) {
            is_found = true;
            output += &explain_line(number, &record.text[span.clone()], &span, &here, paint);
        }
        start += text.len();
    }
    is_found.then(|| output + "\n")
}

/// Where a line's words are, or all of it where it has none.
fn visible(line: &str, start: usize) -> Span {
    let words = line.trim();
    let before = line.len() - line.trim_start().len();
    if words.is_empty() { start..start + line.len() } else { start + before..start + before + words.len() }
}

fn overlap(a: &Span, b: &Span) -> Option<Span> {
    let both = a.start.max(b.start)..a.end.min(b.end);
    (!both.is_empty()).then_some(both)
}

fn explain_line(number: u64, text: &str, span: &Span, proposals: &[&Explained], paint: Paint) -> String {
    let gone = proposals.iter().filter(|e| e.fate == Fate::Removed).filter_map(|e| overlap(&e.removal.span, span));
    let (state, style) = match gone.map(|both| both.len()).sum::<usize>() {
        0 => ("kept", Style::new()),
        size if size < span.len() => ("cut", REMOVED),
        _ => ("removed", REMOVED),
    };
    let line = format!("{number:>5} {} {}", paint.with(style, &format!("{state:8}")), shown(text.trim_end()));
    let mut output = line.trim_end().to_owned() + "\n";
    for Explained { removal, fate, pass, .. } in proposals {
        let name = paint.with(RULE, removal.rule);
        let pass = if *pass > 1 { format!(", pass {pass}") } else { String::new() };
        output += &format!("      {name} {:.2} {fate}{pass} ({})", removal.confidence, escape(&removal.evidence));
        if overlap(&removal.span, span).is_some_and(|both| both != *span) {
            output += &format!(": {}", shown(removal.text.trim()));
        }
        output.push('\n');
    }
    if proposals.is_empty() {
        output += "      no rule proposes anything here\n";
    }
    output
}

/// The beginning of a text, on one line and safe to show.
fn shown(text: &str) -> String {
    let start: String = text.chars().take(SHOWN).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    format!("{}{more}", escape(&start).replace('\n', "\\n"))
}
