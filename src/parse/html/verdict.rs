//! What a site's rules say of a page's text.

use super::markup::Inline;
use super::select::Choice;
use crate::document::{Document, Span};
use crate::site::{Site, hashes};

/// What a site's rules say of a page: byte ranges of its text, sorted and disjoint, each in one line or a line as a whole.
/// Of the rest they say nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SiteVerdict {
    /// What stays.
    pub keep: Vec<Span>,
    /// What goes, and why.
    pub drop: Vec<(Span, String)>,
    /// The title, where a selector found it.
    pub title: Option<String>,
}

/// What becomes of a piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    Open,
    Keep,
    Drop(String),
}

impl Fate {
    fn is_drop(&self) -> bool {
        matches!(self, Fate::Drop(_))
    }
}

/// The verdict on a document, with the elements that selectors matched: sorted by their starts, nested or disjoint.
pub(super) fn verdict(
    site: &Site,
    document: &Document,
    marks: &[Inline<Choice>],
    title: Option<String>,
) -> SiteVerdict {
    let kept = outermost(marks.iter().filter(|mark| mark.kind == Choice::Keep));
    let gone = outermost(marks.iter().filter(|mark| mark.kind != Choice::Keep));
    let outside = if kept.is_empty() { Fate::Open } else { Fate::Drop(not_in(site)) };
    let judge = Judge { site, kept, gone, outside };
    let mut verdict = SiteVerdict { title, ..SiteVerdict::default() };
    for block in document.blocks() {
        for (span, fate) in judge.line(document.text(), block.span()) {
            match fate {
                Fate::Open => {}
                Fate::Keep => verdict.keep.push(span),
                Fate::Drop(reason) => verdict.drop.push((span, reason)),
            }
        }
    }
    verdict
}

/// Those that lie in no other.
fn outermost<'m>(marks: impl Iterator<Item = &'m Inline<Choice>>) -> Vec<Inline<Choice>> {
    let mut outer: Vec<Inline<Choice>> = Vec::new();
    for mark in marks {
        if outer.last().is_none_or(|last| last.end <= mark.start) {
            outer.push(mark.clone());
        }
    }
    outer
}

fn not_in(site: &Site) -> String {
    let selectors: Vec<String> = site.keep.iter().map(|pick| format!("`{}`", pick.source)).collect();
    format!("not in {}", selectors.join(" or "))
}

struct Judge<'s> {
    site: &'s Site,
    kept: Vec<Inline<Choice>>,
    gone: Vec<Inline<Choice>>,
    /// What becomes of text that no selector matches.
    outside: Fate,
}

impl Judge<'_> {
    /// The pieces of a line. Phrases decide of it as a whole, before selectors.
    fn line(&self, text: &str, line: Span) -> Vec<(Span, Fate)> {
        if let Some(fate) = self.by_phrase(&text[line.clone()]) {
            return vec![(line, fate)];
        }
        let mut pieces = self.by_selector(line.clone());
        join(text, &mut pieces);
        take_spaces(text, &mut pieces);
        if pieces.iter().all(|(_, fate)| fate.is_drop()) {
            pieces.truncate(1);
        }
        if let [(span, _)] = pieces.as_mut_slice() {
            *span = line;
        }
        pieces
    }

    fn by_phrase(&self, line: &str) -> Option<Fate> {
        let Site { keep_text, drop_text, .. } = self.site;
        if keep_text.is_empty() && drop_text.is_empty() {
            return None;
        }
        let words = hashes(line);
        if keep_text.iter().any(|phrase| phrase.is_in(&words)) {
            return Some(Fate::Keep);
        }
        let found = drop_text.iter().find(|phrase| phrase.is_in(&words));
        found.map(|phrase| Fate::Drop(format!("holds `{}`", phrase.source)))
    }

    fn by_selector(&self, line: Span) -> Vec<(Span, Fate)> {
        let ends = |marks: &[Inline<Choice>]| -> Vec<usize> {
            let first = marks.partition_point(|mark| mark.end as usize <= line.start);
            let inside = marks[first..].iter().take_while(|mark| (mark.start as usize) < line.end);
            inside.flat_map(|mark| [mark.start as usize, mark.end as usize]).collect()
        };
        let mut cuts = [ends(&self.kept), ends(&self.gone)].concat();
        cuts.retain(|cut| (line.start + 1..line.end).contains(cut));
        cuts.extend([line.start, line.end]);
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2).map(|ends| (ends[0]..ends[1], self.fate(ends[0]))).collect()
    }

    fn fate(&self, at: usize) -> Fate {
        let around = |marks: &[Inline<Choice>]| -> Option<Choice> {
            let mark = marks.get(marks.partition_point(|mark| mark.end as usize <= at))?;
            (mark.start as usize <= at).then_some(mark.kind)
        };
        match (around(&self.gone), around(&self.kept)) {
            (Some(Choice::Drop(index)), _) => Fate::Drop(format!("matches `{}`", self.site.drop[index].source)),
            (_, Some(_)) => Fate::Keep,
            _ => self.outside.clone(),
        }
    }
}

/// White space between words goes where both go, and stays where one stays. Pieces with the same fate become one.
fn join(text: &str, pieces: &mut Vec<(Span, Fate)>) {
    for index in 0..pieces.len() {
        if text[pieces[index].0.clone()].trim().is_empty() {
            let before = index.checked_sub(1).and_then(|before| pieces.get(before));
            let beside = [before, pieces.get(index + 1)];
            let fates = || beside.iter().flatten().map(|(_, fate)| fate);
            if let Some(fate) = fates().find(|fate| !fate.is_drop()).or_else(|| fates().next()) {
                pieces[index].1 = fate.clone();
            }
        }
    }
    pieces.dedup_by(|next, before| {
        let is_same = next.1 == before.1;
        if is_same {
            before.0.end = next.0.end;
        }
        is_same
    });
}

/// Lets white space go where it would stand at the line's end or beside other white space.
fn take_spaces(text: &str, pieces: &mut Vec<(Span, Fate)>) {
    let last = pieces.iter().rposition(|(_, fate)| !fate.is_drop());
    let mut is_after_space = true;
    for index in 0..pieces.len() {
        if pieces[index].1.is_drop() {
            continue;
        }
        if is_after_space && index > 0 && pieces[index - 1].1.is_drop() {
            let span = &mut pieces[index].0;
            // A tab is the border of a cell.
            let is_space = |c: char| c.is_whitespace() && c != '\t';
            span.start = span.end - text[span.clone()].trim_start_matches(is_space).len();
            pieces[index - 1].0.end = pieces[index].0.start;
        }
        if Some(index) == last && index + 1 < pieces.len() {
            let span = &mut pieces[index].0;
            span.end = span.start + text[span.clone()].trim_end().len();
            pieces[index + 1].0.start = pieces[index].0.end;
        }
        is_after_space = text[pieces[index].0.clone()].ends_with(char::is_whitespace);
    }
    pieces.retain(|(span, _)| !span.is_empty());
}
