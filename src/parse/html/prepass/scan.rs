//! Where markup begins and ends, as HTML's tokenizer sees it: no tree, no text, only positions.

use super::fold;
use memchr::{memchr, memchr_iter, memchr2, memmem};
use std::ops::Range;

/// What stands at a `<` where text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse::html) enum Markup {
    /// Nothing but a character.
    Text,
    /// A tag, whose name begins there.
    StartTag(usize),
    EndTag(usize),
    /// A comment, or what errors make one; it ends there.
    Comment(usize),
    /// A document type, or `</>`; it ends there, and text before it may be one with text behind it.
    Nothing(usize),
}

/// What the `<` at `start` begins. Only in foreign content is `<![CDATA[` more than a comment.
pub(in crate::parse::html) fn markup(bytes: &[u8], start: usize) -> Markup {
    let at = start + 1;
    match bytes.get(at) {
        Some(b'a'..=b'z' | b'A'..=b'Z') => Markup::StartTag(at),
        Some(b'/') => match bytes.get(at + 1) {
            Some(b'a'..=b'z' | b'A'..=b'Z') => Markup::EndTag(at + 1),
            Some(b'>') => Markup::Nothing(at + 2),
            Some(_) => Markup::Comment(behind(bytes, at + 1, b'>')),
            None => Markup::Text,
        },
        Some(b'!') if bytes[at + 1..].starts_with(b"--") => Markup::Comment(comment_end(bytes, at + 3)),
        Some(b'!') if begins(&bytes[at + 1..], b"doctype") => Markup::Nothing(behind(bytes, at + 1, b'>')),
        Some(b'!' | b'?') => Markup::Comment(behind(bytes, at, b'>')),
        _ => Markup::Text,
    }
}

/// Behind the next such byte, or the end.
fn behind(bytes: &[u8], from: usize, byte: u8) -> usize {
    memchr(byte, &bytes[from..]).map_or(bytes.len(), |found| from + found + 1)
}

/// The end of the comment whose text begins at `from`: behind `-->` or `--!>`; `<!-->` and `<!--->` are whole.
fn comment_end(bytes: &[u8], from: usize) -> usize {
    let text = &bytes[from..];
    for close in memchr_iter(b'>', text) {
        let before = &text[..close];
        if before.ends_with(b"--") || before.ends_with(b"--!") || before.is_empty() || before == b"-" {
            return from + close + 1;
        }
    }
    bytes.len()
}

fn begins(bytes: &[u8], with: &[u8]) -> bool {
    bytes.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with))
}

/// What each byte may be inside of a tag.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    classes[b'\t' as usize] = SPACE;
    classes[b'\n' as usize] = SPACE;
    classes[b'\x0C' as usize] = SPACE;
    classes[b'\r' as usize] = SPACE;
    classes[b' ' as usize] = SPACE;
    classes[b'/' as usize] = SLASH;
    classes[b'>' as usize] = CLOSE;
    classes[b'=' as usize] = EQUALS;
    classes
};
const SPACE: u8 = 1;
const SLASH: u8 = 2;
const CLOSE: u8 = 4;
const EQUALS: u8 = 8;

fn is(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

pub(in crate::parse::html) fn is_space(byte: u8) -> bool {
    is(byte, SPACE)
}

/// The first byte of a class from there on.
fn find(bytes: &[u8], from: usize, class: u8) -> Option<usize> {
    bytes[from..].iter().position(|&byte| is(byte, class)).map(|length| from + length)
}

/// The first byte from there on that is not of a class.
fn skip(bytes: &[u8], from: usize, class: u8) -> Option<usize> {
    bytes[from..].iter().position(|&byte| !is(byte, class)).map(|length| from + length)
}

/// The end of the name of a tag.
pub(in crate::parse::html) fn name_end(bytes: &[u8], from: usize) -> usize {
    find(bytes, from, SPACE | SLASH | CLOSE).unwrap_or(bytes.len())
}

/// Where in `from..` the end tag `</name` begins that ends an element of raw text.
pub(in crate::parse::html) fn raw_text_end(bytes: &[u8], from: usize, name: &[u8]) -> Option<usize> {
    memchr_iter(b'<', &bytes[from..]).map(|found| from + found).find(|&at| is_end_tag(bytes, at, name))
}

fn is_end_tag(bytes: &[u8], at: usize, name: &[u8]) -> bool {
    bytes.get(at + 1) == Some(&b'/') && is_named(bytes, at + 2, name)
}

fn is_named(bytes: &[u8], at: usize, name: &[u8]) -> bool {
    begins(&bytes[at..], name) && bytes.get(at + name.len()).is_some_and(|&byte| is(byte, SPACE | SLASH | CLOSE))
}

/// The same for a script. A `<!--` in it hides scripts inside until `-->`.
pub(in crate::parse::html) fn script_end(bytes: &[u8], from: usize) -> Option<usize> {
    const SCRIPT: &[u8] = b"script";
    let mut at = from;
    loop {
        at += memchr(b'<', &bytes[at..])?;
        if is_end_tag(bytes, at, SCRIPT) {
            return Some(at);
        }
        at += 1;
        if !bytes[at..].starts_with(b"!--") {
            continue;
        }
        // The dashes of `<!--` may be those of `-->`.
        at += 1;
        let mut hidden = false;
        loop {
            at += memchr2(b'<', b'-', &bytes[at..])?;
            if bytes[at..].starts_with(b"-->") {
                break;
            } else if !hidden && is_end_tag(bytes, at, SCRIPT) {
                return Some(at);
            } else if hidden && is_end_tag(bytes, at, SCRIPT) {
                hidden = false;
            } else if !hidden && bytes[at] == b'<' && is_named(bytes, at + 1, SCRIPT) {
                hidden = true;
            }
            at += 1;
        }
    }
}

/// An attribute as it stands in a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::parse::html) struct Attribute {
    pub name: Range<usize>,
    /// Without quotes, references as they are; empty without a value.
    pub value: Range<usize>,
    /// Behind it, quotes and all.
    pub end: usize,
}

/// What comes next in a tag.
pub(in crate::parse::html) enum Step {
    Attribute(Attribute),
    /// The tag ends there.
    End {
        end: usize,
        self_closing: bool,
    },
    /// The page ends first, and the tag is none.
    Unfinished,
}

/// Reads a tag from behind its name, or from behind an attribute.
pub(in crate::parse::html) fn step(bytes: &[u8], from: usize) -> Step {
    match skip(bytes, from, SPACE | SLASH) {
        None => Step::Unfinished,
        Some(at) if bytes[at] == b'>' => Step::End { end: at + 1, self_closing: at > from && bytes[at - 1] == b'/' },
        Some(at) => attribute(bytes, at).map_or(Step::Unfinished, Step::Attribute),
    }
}

/// The attribute whose name begins at `start`; nothing if the page ends in it.
fn attribute(bytes: &[u8], start: usize) -> Option<Attribute> {
    // Even `=` may be the first character of a name.
    let name = start..find(bytes, start + 1, SPACE | SLASH | CLOSE | EQUALS)?;
    let bare = |name: Range<usize>| Attribute { value: name.end..name.end, end: name.end, name };
    let equals = skip(bytes, name.end, SPACE)?;
    if bytes[equals] != b'=' {
        return Some(bare(name));
    }
    let at = skip(bytes, equals + 1, SPACE)?;
    match bytes[at] {
        quote @ (b'"' | b'\'') => {
            let value = at + 1..at + 1 + memchr(quote, &bytes[at + 1..])?;
            Some(Attribute { end: value.end + 1, value, name })
        }
        // A value that is missing; what stands there ends the tag.
        b'>' => Some(Attribute { value: at..at, end: at, name }),
        _ => {
            let value = at..find(bytes, at, SPACE | CLOSE)?;
            Some(Attribute { end: value.end, value, name })
        }
    }
}

/// Reads a tag from behind its name to its end. Returns that, and whether the tag closes itself.
fn tag_end(bytes: &[u8], name_end: usize) -> Option<(usize, bool)> {
    let mut at = name_end;
    loop {
        match step(bytes, at) {
            Step::Attribute(attribute) => at = attribute.end,
            Step::End { end, self_closing } => return Some((end, self_closing)),
            Step::Unfinished => return None,
        }
    }
}

/// How drawings and formulas end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse::html) enum ForeignEnd {
    /// By their own end tag, which begins there; there was text in them or not.
    Closed { at: usize, text: bool },
    /// By a tag of HTML that cannot stand in them, which begins there.
    Left(usize),
    /// Nobody knows without building the tree.
    Unclear,
}

/// The end of `<svg>` or `<math>`, whose content begins at `from`.
///
/// In foreign content every start tag is an element of it, whatever its name, but for those that leave it; an end tag
/// closes the last element of its name. So a stack of names says all, up to where HTML may stand inside again.
pub(in crate::parse::html) fn foreign_end<'b>(bytes: &'b [u8], from: usize, root: &'static [u8]) -> ForeignEnd {
    let mut open: Vec<&'b [u8]> = Vec::new();
    let (mut at, mut text) = (from, false);
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        text |= !bytes[at..start].iter().all(|&byte| is_space(byte));
        at = match markup(bytes, start) {
            Markup::Text => {
                text = true;
                start + 1
            }
            Markup::Comment(_) if bytes[start..].starts_with(b"<![CDATA[") => {
                text = true;
                match memmem::find(&bytes[start..], b"]]>") {
                    Some(found) => start + found + 3,
                    None => return ForeignEnd::Unclear,
                }
            }
            Markup::Comment(end) | Markup::Nothing(end) => end,
            Markup::StartTag(name) => {
                let end = name_end(bytes, name);
                let name = &bytes[name..end];
                let html_inside = open.last().is_some_and(|last| may_hold_html(last, root));
                if html_inside || name.eq_ignore_ascii_case(b"font") {
                    return ForeignEnd::Unclear;
                }
                if leaves(name) {
                    return ForeignEnd::Left(start);
                }
                let Some((end, self_closing)) = tag_end(bytes, end) else { return ForeignEnd::Unclear };
                if !self_closing {
                    open.push(name);
                }
                end
            }
            Markup::EndTag(name) => {
                let end = name_end(bytes, name);
                let name = &bytes[name..end];
                let Some((end, _)) = tag_end(bytes, end) else { return ForeignEnd::Unclear };
                match open.iter().rposition(|open| open.eq_ignore_ascii_case(name)) {
                    Some(depth) => open.truncate(depth),
                    None if name.eq_ignore_ascii_case(root) => return ForeignEnd::Closed { at: start, text },
                    None if open.last().is_some_and(|last| may_hold_html(last, root)) => return ForeignEnd::Unclear,
                    None if name.eq_ignore_ascii_case(b"p") || name.eq_ignore_ascii_case(b"br") => {
                        return ForeignEnd::Left(start);
                    }
                    None => return ForeignEnd::Unclear,
                }
                end
            }
        };
    }
    ForeignEnd::Unclear
}

/// Elements of foreign content in which a start tag may be one of HTML again.
fn may_hold_html(name: &[u8], root: &[u8]) -> bool {
    let mut folded = [0; 16];
    match root {
        b"svg" => matches!(fold(name, &mut folded), b"foreignobject" | b"desc" | b"title"),
        _ => matches!(fold(name, &mut folded), b"mi" | b"mo" | b"mn" | b"ms" | b"mtext" | b"annotation-xml"),
    }
}

/// Start tags that leave foreign content.
fn leaves(name: &[u8]) -> bool {
    let mut folded = [0; 16];
    #[rustfmt::skip]
    let leaves = matches!(fold(name, &mut folded),
        b"b" | b"big" | b"blockquote" | b"body" | b"br" | b"center" | b"code" | b"dd" | b"div" | b"dl" | b"dt" | b"em"
        | b"embed" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"head" | b"hr" | b"i" | b"img" | b"li"
        | b"listing" | b"menu" | b"meta" | b"nobr" | b"ol" | b"p" | b"pre" | b"ruby" | b"s" | b"small" | b"span"
        | b"strong" | b"strike" | b"sub" | b"sup" | b"table" | b"tt" | b"u" | b"ul" | b"var");
    leaves
}
