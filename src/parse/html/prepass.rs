//! A page with what nobody reads of it left out, so that the parser has less to do.
//!
//! Half of a page's bytes are scripts, style sheets, drawings, comments and attributes that say nothing of its text. The
//! parser takes time and memory for all of them. Here they are cut out of the source before it is parsed, in such a way
//! that what is left parses to the same tree: the same elements with the same text, only empty where nothing is wanted.
//!
//! Which bytes are a script and which only look like one depends on the state of HTML's tokenizer, and that depends in
//! a few places on the tree so far. Those places are known: framesets, a column inside a template, HTML inside drawings
//! and formulas. From there on the page is copied as it is.

#[cfg(test)]
mod sameness;
pub(super) mod scan;
#[cfg(test)]
pub(super) mod tests;

use memchr::memchr;
use scan::{Attribute, ForeignEnd, Markup, Step, foreign_end, is_space, markup, name_end, raw_text_end, script_end};
use std::borrow::Cow;
use std::ops::Range;

/// A page without what nobody reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lean<'a> {
    /// The page; the one it was made of if nothing was cut.
    pub html: Cow<'a, str>,
    /// The content of its JSON-LD scripts: byte ranges of the page it was made of.
    pub json_ld: Vec<Range<usize>>,
}

/// The attributes that stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attributes {
    /// Those that rendering, metadata and scoring ask for.
    Needed,
    /// All, for CSS selectors.
    All,
}

/// What to cut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    pub attributes: Attributes,
    /// `<noscript>` holds text that nobody sees, else elements as any other.
    pub scripts_run: bool,
}

/// So many attributes of a tag stay: the tokenizer compares each with all before it.
const MOST_ATTRIBUTES: usize = 256;
/// So many bytes of an attribute's value stay, and so many of one that may well be long.
const LONGEST_VALUE: usize = 4 << 10;
const LONGEST_TEXT: usize = 64 << 10;

/// The page without scripts, style sheets and other raw text nobody sees, drawings, comments and needless attributes.
///
/// It parses to the same tree but for the content of those elements, for the comments and for the attributes.
pub(crate) fn lean(html: &str, cut: Cut) -> Lean<'_> {
    let pass = |drawings| Pass::new(html, cut, drawings).run();
    pass(Drawings::Cut)
        .or_else(|| pass(Drawings::Kept))
        .unwrap_or_else(|| Lean { html: Cow::Borrowed(html), json_ld: Vec::new() })
}

/// What becomes of drawings. Their text has one effect outside: a frameset behind it counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drawings {
    Cut,
    Kept,
}

/// One walk over a page.
struct Pass<'a> {
    html: &'a str,
    cut: Cut,
    drawings: Drawings,
    /// What is left of `html[..copied]`.
    out: String,
    copied: usize,
    json_ld: Vec<Range<usize>>,
    before: Before,
    /// Text was cut with a drawing.
    text_cut: bool,
    in_template: bool,
    /// The walk was for nothing.
    failed: bool,
}

/// What stands before a place, back to the last tag.
#[derive(Debug, Clone, Copy)]
struct Before {
    /// Text from here on is still to be looked at.
    from: usize,
    /// The text before that was blank.
    blank: bool,
    /// The last tag swallows a line break right behind it.
    swallows: bool,
}

/// What an element means for the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Script,
    /// Raw text that nobody sees.
    Unseen,
    /// Text without tags in it.
    Untagged,
    Plaintext,
    Foreign(&'static [u8]),
    Frameset,
    Template,
    Column,
    Image,
    /// The parser repeats these and counts how many have the same attributes.
    Formatting,
    /// Swallows a line break.
    Preformatted,
    Other,
}

impl Kind {
    /// The kind of the element with this name, in small letters.
    fn of(name: &[u8]) -> Self {
        match name {
            b"script" => Kind::Script,
            b"style" | b"noscript" | b"iframe" | b"noembed" | b"noframes" => Kind::Unseen,
            b"title" | b"textarea" | b"xmp" => Kind::Untagged,
            b"plaintext" => Kind::Plaintext,
            b"svg" => Kind::Foreign(b"svg"),
            b"math" => Kind::Foreign(b"math"),
            b"frameset" => Kind::Frameset,
            b"template" => Kind::Template,
            b"col" => Kind::Column,
            b"img" | b"image" => Kind::Image,
            // Not `a`: of two the first is closed.
            b"b" | b"big" | b"code" | b"em" | b"font" | b"i" | b"nobr" | b"s" | b"small" | b"strike" | b"strong"
            | b"tt" | b"u" => Kind::Formatting,
            b"pre" | b"listing" => Kind::Preformatted,
            _ => Kind::Other,
        }
    }
}

/// Which of a tag's attributes stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    None,
    Needed { image: bool },
    All,
}

/// The end of a tag.
struct TagEnd {
    at: usize,
    self_closing: bool,
    /// It says that its content is JSON-LD.
    json_ld: bool,
}

impl<'a> Pass<'a> {
    fn new(html: &'a str, cut: Cut, drawings: Drawings) -> Self {
        Pass {
            html,
            cut,
            drawings,
            out: String::new(),
            copied: 0,
            json_ld: Vec::new(),
            before: Before { from: 0, blank: true, swallows: false },
            text_cut: false,
            in_template: false,
            failed: false,
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.html.as_bytes()
    }

    /// The lean page; nothing if drawings cannot be cut out of it.
    fn run(mut self) -> Option<Lean<'a>> {
        let mut at = 0;
        while let Some(found) = memchr(b'<', &self.bytes()[at..]) {
            let start = at + found;
            at = match markup(self.bytes(), start) {
                Markup::Text => start + 1,
                Markup::StartTag(name) => self.start_tag(name),
                Markup::EndTag(name) => self.end_tag(name),
                Markup::Comment(end) => self.comment(start, end),
                Markup::Nothing(end) => {
                    self.before = Before { from: end, blank: false, swallows: false };
                    end
                }
            };
        }
        if self.failed {
            return None;
        }
        let html = if self.copied == 0 {
            Cow::Borrowed(self.html)
        } else {
            self.out.push_str(&self.html[self.copied..]);
            Cow::Owned(self.out)
        };
        Some(Lean { html, json_ld: self.json_ld })
    }

    /// Leaves `range` out.
    fn cut(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            if self.copied == 0 {
                self.out.reserve(self.html.len() / 2);
            }
            self.out.push_str(&self.html[self.copied..range.start]);
            self.copied = range.end;
        }
    }

    /// The page is copied from here on.
    fn stop(&self) -> usize {
        self.html.len()
    }

    /// Reads the start tag with its name there, and the content that goes with it. Returns where to go on.
    fn start_tag(&mut self, name: usize) -> usize {
        let name = name..name_end(self.bytes(), name);
        let mut folded = [0; 16];
        let folded = fold(&self.bytes()[name.clone()], &mut folded);
        let kind = if folded == b"noscript" && !self.cut.scripts_run { Kind::Other } else { Kind::of(folded) };
        let Some(tag) = self.attributes(name.end, self.keep(kind)) else { return self.stop() };
        self.before = Before { from: tag.at, blank: true, swallows: kind == Kind::Preformatted };
        match kind {
            Kind::Script => self.script(&tag),
            Kind::Unseen => {
                let end = raw_text_end(self.bytes(), tag.at, folded).unwrap_or(self.stop());
                self.cut(tag.at..end);
                end
            }
            Kind::Untagged => raw_text_end(self.bytes(), tag.at, folded).unwrap_or(self.stop()),
            Kind::Plaintext => self.stop(),
            Kind::Foreign(_) if tag.self_closing => tag.at,
            Kind::Foreign(root) => self.foreign(tag.at, root),
            Kind::Frameset => {
                self.failed = self.text_cut;
                self.copy_from(tag.at)
            }
            // Only there may a column stand outside of a group, and then scripts and the like are ignored.
            Kind::Column if self.in_template => self.copy_from(tag.at),
            Kind::Template => {
                self.in_template = true;
                tag.at
            }
            Kind::Column | Kind::Image | Kind::Formatting | Kind::Preformatted | Kind::Other => tag.at,
        }
    }

    fn keep(&self, kind: Kind) -> Keep {
        match kind {
            _ if self.cut.attributes == Attributes::All => Keep::All,
            Kind::Script | Kind::Unseen => Keep::None,
            Kind::Formatting => Keep::All,
            kind => Keep::Needed { image: kind == Kind::Image },
        }
    }

    fn script(&mut self, tag: &TagEnd) -> usize {
        let end = script_end(self.bytes(), tag.at).unwrap_or(self.stop());
        if tag.json_ld {
            self.json_ld.push(tag.at..end);
        }
        self.cut(tag.at..end);
        end
    }

    fn end_tag(&mut self, name: usize) -> usize {
        let name_end = name_end(self.bytes(), name);
        let Some(tag) = self.attributes(name_end, Keep::None) else { return self.stop() };
        self.before = Before { from: tag.at, blank: true, swallows: false };
        tag.at
    }

    /// Cuts a comment out, or all but the shortest comment where text before and behind it would not stay as it is.
    fn comment(&mut self, start: usize, end: usize) -> usize {
        let before = self.before;
        let text = &self.bytes()[before.from..start];
        let blank = before.blank && text.iter().all(|&byte| is_space(byte));
        let behind = self.bytes()[end..].iter().position(|&byte| !is_space(byte)).map(|length| end + length);
        let to_markup = behind.is_none_or(|at| {
            self.bytes()[at] == b'<' && !matches!(markup(self.bytes(), at), Markup::Text | Markup::Nothing(_))
        });
        let next_to_markup = to_markup && behind.unwrap_or(self.stop()) == end;
        let swallows = before.swallows && text.is_empty();
        let line_break = text.last() == Some(&b'\r') && self.bytes().get(end) == Some(&b'\n');
        if next_to_markup || to_markup && blank && !swallows && !line_break {
            self.cut(start..end);
            self.before = Before { from: end, blank, swallows };
        } else {
            if end - start > "<!---->".len() {
                self.cut(start..end);
                self.out.push_str("<!---->");
            }
            self.before = Before { from: end, blank: true, swallows: false };
        }
        end
    }

    /// A drawing or a formula, whose content begins there.
    fn foreign(&mut self, from: usize, root: &'static [u8]) -> usize {
        let end = match foreign_end(self.bytes(), from, root) {
            ForeignEnd::Closed { at, text } if root == b"svg" && self.drawings == Drawings::Cut => {
                self.text_cut |= text;
                self.cut(from..at);
                at
            }
            ForeignEnd::Closed { at, .. } | ForeignEnd::Left(at) => {
                self.copy(from, at);
                at
            }
            ForeignEnd::Unclear => self.copy_from(from),
        };
        self.before = Before { from: end, blank: false, swallows: false };
        end
    }

    fn copy_from(&mut self, from: usize) -> usize {
        self.copy(from, self.stop());
        self.stop()
    }

    /// Copies the page between two places as it is, but for attributes without number or end.
    fn copy(&mut self, from: usize, to: usize) {
        let mut at = from;
        while let Some(found) = memchr(b'<', &self.bytes()[at..to]) {
            let start = at + found;
            at = match markup(self.bytes(), start) {
                Markup::Text => start + 1,
                Markup::Comment(end) | Markup::Nothing(end) => end,
                Markup::StartTag(name) | Markup::EndTag(name) => {
                    let name = name..name_end(self.bytes(), name);
                    let Some(tag) = self.attributes(name.end, Keep::All) else { return };
                    // What looks like a script inside of another is none, and each is searched for its end once.
                    let outside = self.json_ld.last().is_none_or(|last| last.end < tag.at);
                    if tag.json_ld && outside && self.bytes()[name].eq_ignore_ascii_case(b"script") {
                        self.json_ld.push(tag.at..script_end(self.bytes(), tag.at).unwrap_or(self.stop()));
                    }
                    tag.at
                }
            };
            at = at.min(to);
        }
    }

    /// Reads a tag from behind its name, and cuts the attributes that are not to stay. Nothing if the page ends in it.
    fn attributes(&mut self, from: usize, keep: Keep) -> Option<TagEnd> {
        if self.bytes().get(from) == Some(&b'>') {
            return Some(TagEnd { at: from + 1, self_closing: false, json_ld: false });
        }
        let mut filter = Filter { keep, kept: 0, style: false, source: false };
        let mut json_ld = false;
        // Up to `kept` all is decided; `kept..at` is to be cut.
        let (mut kept, mut at) = (from, from);
        loop {
            match scan::step(self.bytes(), at) {
                Step::Attribute(attribute) => {
                    let mut folded = [0; 16];
                    let name = fold(&self.bytes()[attribute.name.clone()], &mut folded);
                    let value = &self.bytes()[attribute.value.clone()];
                    json_ld |= name == b"type" && is_json_ld(value);
                    if filter.wants(name, value) {
                        self.cut_attributes(kept..at);
                        self.shorten(&attribute, name);
                        kept = attribute.end;
                    }
                    at = attribute.end;
                }
                Step::End { end, self_closing } => {
                    self.cut_attributes(kept..at);
                    return Some(TagEnd { at: end, self_closing, json_ld });
                }
                Step::Unfinished => {
                    // The tokenizer reads what it then forgets.
                    self.cut_attributes(kept..at);
                    if filter.kept == MOST_ATTRIBUTES {
                        self.cut(at..self.stop());
                    }
                    return None;
                }
            }
        }
    }

    /// Cuts attributes, and keeps those around them apart.
    fn cut_attributes(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let apart = self.bytes().get(range.end).is_none_or(|&byte| is_space(byte) || byte == b'>');
        self.cut(range);
        if !apart {
            self.out.push(' ');
        }
    }

    fn shorten(&mut self, attribute: &Attribute, name: &[u8]) {
        let longest = if matches!(name, b"content" | b"href" | b"src") { LONGEST_TEXT } else { LONGEST_VALUE };
        let value = &attribute.value;
        if value.len() > longest {
            self.cut(self.html.floor_char_boundary(value.start + longest)..value.end);
        }
    }
}

/// Chooses among the attributes of one tag.
struct Filter {
    keep: Keep,
    kept: usize,
    /// Only the first of a name counts, even if it did not stay.
    style: bool,
    source: bool,
}

impl Filter {
    fn wants(&mut self, name: &[u8], value: &[u8]) -> bool {
        let wanted = self.kept < MOST_ATTRIBUTES
            && match self.keep {
                Keep::None => false,
                Keep::All => true,
                Keep::Needed { image } => self.needs(name, value, image),
            };
        self.kept += usize::from(wanted);
        wanted
    }

    fn needs(&mut self, name: &[u8], value: &[u8], image: bool) -> bool {
        match name {
            b"style" => !std::mem::replace(&mut self.style, true) && hides(value),
            b"src" => image && !std::mem::replace(&mut self.source, true) && !is_inline(value),
            b"class" | b"id" | b"href" | b"hidden" | b"role" | b"aria-hidden" | b"itemprop" | b"itemtype" | b"rel"
            | b"name" | b"property" | b"content" | b"http-equiv" | b"datetime" | b"pubdate" | b"lang" | b"type"
            | b"start" => true,
            _ => false,
        }
    }
}

/// Whether a style may hide its element.
fn hides(style: &[u8]) -> bool {
    let holds = |word: &[u8]| style.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    holds(b"display") || holds(b"visibility")
}

/// Whether an address holds the image itself.
fn is_inline(address: &[u8]) -> bool {
    address.trim_ascii_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"data:"))
}

/// `application/ld+json`, with `+` as it is or as a reference.
fn is_json_ld(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let is_json = |rest: &[u8]| rest.windows(4).any(|window| window.eq_ignore_ascii_case(b"json"));
    value
        .split_at_checked("application/ld".len())
        .is_some_and(|(start, rest)| start.eq_ignore_ascii_case(b"application/ld") && is_json(rest))
}

/// A name in small letters; nothing for one that is longer than any name known here.
fn fold<'b>(name: &[u8], buffer: &'b mut [u8; 16]) -> &'b [u8] {
    let Some(folded) = buffer.get_mut(..name.len()) else { return &[] };
    folded.copy_from_slice(name);
    folded.make_ascii_lowercase();
    folded
}
