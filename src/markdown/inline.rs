//! A line with what is bold, italic, code and linked in it.
//!
//! HTML's elements may begin and end anywhere; Markdown's marks show only where they nest, and where the characters beside
//! them are of the right kind. Marks that would stand as stars in the text are left out: the text is what counts.

use super::escape::{self, Context};
use crate::parse::html::markup::{Details, Style};
use std::ops::Range;

/// What is set in one way: a byte range of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub start: usize,
    pub end: usize,
    pub kind: Kind<'a>,
}

/// In which way, the outer before the inner where both have the same range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind<'a> {
    /// A link with its address.
    Link(&'a str),
    Bold,
    Italic,
    Code,
}

/// A line as it is kept.
#[derive(Debug, Default)]
pub(super) struct Line<'a> {
    pub text: String,
    pub pieces: Vec<Piece<'a>>,
}

/// A walk over the text that knows what is open at the place it has come to.
pub(super) struct Styles<'a> {
    details: &'a Details,
    with_links: bool,
    /// Where something begins (true) or ends, with its place among the inlines.
    events: Vec<(u32, bool, u32)>,
    next: usize,
    /// How many bold, italic and code elements are open.
    depths: [u32; 3],
    /// The links that are open, the innermost last.
    links: Vec<&'a str>,
}

impl<'a> Styles<'a> {
    pub fn new(details: &'a Details, with_links: bool) -> Self {
        let inlines = (0..).zip(&details.inlines);
        let wanted = inlines.filter(|(_, inline)| with_links || !matches!(inline.kind, Style::Link(_)));
        let ends = wanted.flat_map(|(index, inline)| [(inline.start, true, index), (inline.end, false, index)]);
        let mut events: Vec<_> = ends.collect();
        events.sort_unstable();
        Styles { details, with_links, events, next: 0, depths: [0; 3], links: Vec::new() }
    }

    /// Appends a range of the page's text to a line. The ranges have to come in order.
    pub fn append(&mut self, line: &mut Line<'a>, text: &str, range: Range<usize>) {
        let shift = |at: usize, line: &Line| at - range.start + line.text.len();
        let mut since = [line.text.len(); 4];
        self.skip_to(range.start);
        while let Some(&(at, begins, index)) = self.events.get(self.next).filter(|event| (event.0 as usize) < range.end)
        {
            let at = shift(at as usize, line);
            let before = self.open();
            self.take(begins, index);
            for ((slot, kind), since) in before.into_iter().enumerate().zip(&mut since) {
                if kind != self.open()[slot] {
                    line.add(kind, *since, at);
                    *since = at;
                }
            }
            self.next += 1;
        }
        let end = shift(range.end, line);
        for (kind, since) in self.open().into_iter().zip(since) {
            line.add(kind, since, end);
        }
        line.text.push_str(&text[range]);
    }

    fn skip_to(&mut self, place: usize) {
        while let Some(&(_, begins, index)) = self.events.get(self.next).filter(|event| event.0 as usize <= place) {
            self.take(begins, index);
            self.next += 1;
        }
    }

    fn take(&mut self, begins: bool, index: u32) {
        let slot = match &self.details.inlines[index as usize].kind {
            Style::Bold => 0,
            Style::Italic => 1,
            Style::Code => 2,
            Style::Link(range) => {
                let address = &self.details.names[range.start as usize..range.end as usize];
                if begins {
                    self.links.push(address);
                } else if let Some(at) = self.links.iter().rposition(|&link| link == address) {
                    self.links.remove(at);
                }
                return;
            }
        };
        self.depths[slot] = if begins { self.depths[slot] + 1 } else { self.depths[slot] - 1 };
    }

    /// What is open, of each kind.
    fn open(&self) -> [Option<Kind<'a>>; 4] {
        let [bold, italic, code] = self.depths.map(|depth| depth > 0);
        let link = self.links.last().filter(|address| self.with_links && !address.is_empty());
        [
            link.map(|address| Kind::Link(address)),
            bold.then_some(Kind::Bold),
            italic.then_some(Kind::Italic),
            code.then_some(Kind::Code),
        ]
    }
}

impl<'a> Line<'a> {
    /// Sets a range in some way, together with one of the same way that ends where it begins.
    fn add(&mut self, kind: Option<Kind<'a>>, start: usize, end: usize) {
        let Some(kind) = kind.filter(|_| start < end) else { return };
        let near = self.pieces.iter_mut().rev().take(8);
        match near.into_iter().find(|piece| piece.kind == kind && piece.end == start) {
            Some(piece) => piece.end = end,
            None => self.pieces.push(Piece { start, end, kind }),
        }
    }

    /// The part of a line in a range, without white space at its ends.
    pub fn part(&self, range: Range<usize>) -> Line<'a> {
        let text = &self.text[range.clone()];
        let start = range.end - text.trim_start().len();
        let text = text.trim();
        let end = start + text.len();
        let pieces = self.pieces.iter().map(|piece| Piece {
            start: piece.start.clamp(start, end) - start,
            end: piece.end.clamp(start, end) - start,
            ..*piece
        });
        Line { text: text.to_owned(), pieces: pieces.filter(|piece| piece.start < piece.end).collect() }
    }

    /// The line in Markdown. `link` gives a link's address as it is to be written.
    pub fn markdown(&self, context: Context, link: &dyn Fn(&str) -> Option<String>) -> String {
        let has_tildes = self.text.matches('~').nth(1).is_some();
        let writer = Writer { line: &self.text, context: Context { has_tildes, ..context }, out: String::new() };
        writer.write(&nested(&self.text, &self.pieces, link))
    }
}

/// A mark with what closes it.
#[derive(Debug)]
struct Mark<'a> {
    piece: Piece<'a>,
    /// A link's address.
    target: String,
}

/// The pieces that can be marked: each in the one before it, or behind it.
fn nested<'a>(text: &str, pieces: &[Piece<'a>], link: &dyn Fn(&str) -> Option<String>) -> Vec<Mark<'a>> {
    let mut targets = pieces.iter().filter_map(|piece| match piece.kind {
        Kind::Link(address) => Some((*piece, link(address)?)),
        _ => None,
    });
    let links: Vec<(Piece, String)> = targets.by_ref().collect();
    let edges: Vec<usize> = links.iter().flat_map(|(link, _)| [link.start, link.end]).collect();
    let others = pieces.iter().filter(|piece| !matches!(piece.kind, Kind::Link(_)));
    let cut = others.flat_map(|piece| cut(*piece, &edges)).map(|piece| Mark { piece, target: String::new() });
    let links = links.into_iter().map(|(piece, target)| Mark { piece, target });
    let mut marks: Vec<Mark> = links.chain(cut).filter_map(|mark| trimmed(text, mark)).collect();
    marks.sort_by_key(|mark| (mark.piece.start, std::cmp::Reverse(mark.piece.end), mark.piece.kind));
    let mut open: Vec<Piece> = Vec::new();
    let mut last_stars = 0;
    let mut kept = Vec::with_capacity(marks.len());
    let all = |is: fn(&Piece) -> bool| -> Vec<Piece> { marks.iter().map(|mark| mark.piece).filter(is).collect() };
    let (codes, links) = (all(|piece| piece.kind == Kind::Code), all(|piece| matches!(piece.kind, Kind::Link(_))));
    for mark in marks {
        let piece = mark.piece;
        while let Some(before) = open.pop_if(|outer| outer.end <= piece.start) {
            if matches!(before.kind, Kind::Bold | Kind::Italic) {
                last_stars = last_stars.max(before.end);
            }
        }
        let is_nested = open.last().is_none_or(|outer| piece.end <= outer.end && outer.kind != Kind::Code);
        let shows = match piece.kind {
            // Stars right behind stars would be taken for one mark.
            Kind::Bold | Kind::Italic if last_stars == piece.start && piece.start > 0 => false,
            Kind::Bold | Kind::Italic => {
                let around = open.iter().rfind(|outer| matches!(outer.kind, Kind::Bold | Kind::Italic));
                shows(text, piece, around, [&codes, &links]) && !is_cut_by_code(piece, &codes)
            }
            Kind::Link(_) | Kind::Code => true,
        };
        if is_nested && shows {
            open.push(piece);
            kept.push(mark);
        }
    }
    kept
}

/// A piece cut where links begin or end: code at each, for no link shows in it, else only where they would cross.
fn cut<'a>(piece: Piece<'a>, edges: &[usize]) -> Vec<Piece<'a>> {
    let first = edges.partition_point(|&edge| edge <= piece.start);
    let behind = edges.partition_point(|&edge| edge < piece.end);
    let inside = edges.get(first..behind).unwrap_or(&[]);
    // Links are disjoint, so starts and ends take turns: behind an odd number of them one is open.
    let begins_in_link = first % 2 == 1 && edges[first - 1] < piece.start;
    let ends_in_link = behind % 2 == 1 && piece.end < edges[behind];
    let cuts: Vec<usize> = match piece.kind {
        Kind::Code => inside.to_vec(),
        _ => {
            let first = inside.first().filter(|_| begins_in_link);
            let last = inside.last().filter(|_| ends_in_link && inside.len() > usize::from(begins_in_link));
            first.into_iter().chain(last).copied().collect()
        }
    };
    let starts = std::iter::once(piece.start).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([piece.end]);
    starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| Piece { start, end, ..piece }).collect()
}

/// A mark around its words alone.
fn trimmed<'a>(text: &str, mark: Mark<'a>) -> Option<Mark<'a>> {
    let Piece { start, end, .. } = mark.piece;
    let content = text[start..end].trim_start();
    let start = end - content.len();
    let end = start + content.trim_end().len();
    (start < end).then_some(Mark { piece: Piece { start, end, ..mark.piece }, ..mark })
}

/// True where code begins outside of a piece and ends in it, or the other way round.
fn is_cut_by_code(piece: Piece, codes: &[Piece]) -> bool {
    let is_inside = |at: usize| {
        let behind = codes.partition_point(|code| code.start < at);
        behind > 0 && at < codes[behind - 1].end
    };
    is_inside(piece.start) || is_inside(piece.end)
}

/// True where stars around a piece are marks: what is beside them must not be of the wrong kind. In other stars, those that
/// open must not be able to close, nor the other way round, or they would be taken for the end of what is around them.
fn shows(text: &str, piece: Piece, around: Option<&Piece>, [codes, links]: [&[Piece]; 2]) -> bool {
    let before = text[..piece.start].chars().next_back();
    let behind = text[piece.end..].chars().next();
    // A link in the piece begins and ends with a sign, as code does; one around it with the same ends does so outside.
    let begins = |inner: Piece| inner.start == piece.start && (inner.kind == Kind::Code || inner.end < piece.end);
    let ends = |inner: Piece| inner.end == piece.end && (inner.kind == Kind::Code || inner.start > piece.start);
    let begins_with_sign = [codes, links].iter().any(|all| {
        let at = all.partition_point(|inner| inner.start < piece.start);
        all.get(at).copied().is_some_and(begins)
    });
    let ends_with_sign = [codes, links].iter().any(|all| {
        let at = all.partition_point(|inner| inner.end < piece.end);
        all.get(at).copied().is_some_and(ends)
    });
    let inner = &text[piece.start..piece.end];
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let side = |is_word: bool, beside: Option<char>, is_at_end_of_outer: bool| {
        let is_apart = beside.is_none_or(is_apart);
        match around {
            None => is_word || is_apart,
            Some(_) => is_at_end_of_outer || beside.is_none_or(char::is_whitespace) || is_word && is_apart,
        }
    };
    let starts_as_outer = around.is_some_and(|outer| outer.start == piece.start);
    let ends_as_outer = around.is_some_and(|outer| outer.end == piece.end);
    side(!begins_with_sign && is_word(inner.chars().next()), before, starts_as_outer)
        && side(!ends_with_sign && is_word(inner.chars().next_back()), behind, ends_as_outer)
}

/// White space, and what is punctuation for sure.
fn is_apart(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{3001}'..='\u{3003}'
            | '\u{3008}'..='\u{3011}' | '«' | '»' | '¿' | '¡')
}

struct Writer<'l> {
    line: &'l str,
    context: Context,
    out: String,
}

impl Writer<'_> {
    fn write(mut self, marks: &[Mark]) -> String {
        let mut open: Vec<&Mark> = Vec::new();
        let mut at = 0;
        for mark in marks {
            while let Some(inner) = open.pop_if(|inner| inner.piece.end <= mark.piece.start) {
                at = self.close(at, inner);
            }
            self.text(at, mark.piece.start);
            at = mark.piece.start;
            if mark.piece.kind == Kind::Code {
                self.code(mark.piece.start, mark.piece.end);
                at = mark.piece.end;
            } else {
                self.open(mark);
                open.push(mark);
            }
        }
        while let Some(inner) = open.pop() {
            at = self.close(at, inner);
        }
        self.text(at, self.line.len());
        self.out
    }

    fn text(&mut self, start: usize, end: usize) {
        if start < end {
            escape::push(&mut self.out, self.line, (start, end), self.context);
        }
    }

    fn open(&mut self, mark: &Mark) {
        match mark.piece.kind {
            Kind::Link(_) => {
                // `![` would be an image.
                if self.out.ends_with('!') {
                    self.out.insert(self.out.len() - 1, '\\');
                }
                self.out.push('[');
                self.context.in_link = true;
            }
            _ => self.out.push_str(stars(mark.piece.kind)),
        }
    }

    /// Closes a mark behind the text up to it. Returns how far the text is written.
    fn close(&mut self, at: usize, mark: &Mark) -> usize {
        self.text(at, mark.piece.end);
        match mark.piece.kind {
            Kind::Link(_) => {
                self.out.push_str("](");
                super::address::push(&mut self.out, &mark.target);
                self.out.push(')');
                self.context.in_link = false;
            }
            kind => self.out.push_str(stars(kind)),
        }
        mark.piece.end
    }

    /// Code between as many backticks as it does not hold.
    fn code(&mut self, start: usize, end: usize) {
        let code = &self.line[start..end];
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        let code = if self.context.in_table { code.replace('|', "\\|") } else { code.to_owned() };
        self.out.extend([&fence, space, &code, space, &fence]);
    }
}

fn stars(kind: Kind) -> &'static str {
    if kind == Kind::Bold { "**" } else { "*" }
}
