//! What the markup of a page says of its blocks.

use super::metadata::Metadata;
use super::tag::Tag;
use super::verdict::SiteVerdict;
use std::ops::Range;

/// The markup of a rendered page: the elements that hold its lines, what each line is made of, what the page says of itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Markup {
    /// Elements that are not inline, in the order of the text; the first is the page itself.
    pub elements: Vec<Outline>,
    /// One for each block.
    pub lines: Vec<Line>,
    /// Hashes of class words and the like; elements and lines hold ranges of it.
    pub hints: Vec<u32>,
    /// What the page says of itself.
    pub metadata: Metadata,
    /// What the rules for its site say, if there are any.
    pub verdict: Option<SiteVerdict>,
    /// What Markdown needs to know beside.
    pub details: Details,
}

/// What the text does not show of how it is set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Details {
    /// Bold, italic and the like, in the order of their starts, the outer before the inner.
    pub inlines: Vec<Inline<Style>>,
    /// Addresses and the names of languages; others hold ranges of it.
    pub names: String,
    /// Elements with preformatted text and the programming language of it, as a range of `names`.
    pub languages: Vec<(u32, Range<u32>)>,
    /// Ordered lists that do not begin with 1, and what they begin with.
    pub starts: Vec<(u32, i32)>,
    /// Table rows that begin with empty cells, and how many these are: their text begins with the first that is not.
    pub empty_cells: Vec<(u32, u32)>,
    /// The address that others are relative to, as the page gives it.
    pub base: Option<String>,
}

/// A piece of the text that lies in one element: byte range, no white space at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inline<K> {
    pub start: u32,
    pub end: u32,
    pub kind: K,
}

/// How a piece of text is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Style {
    Bold,
    Italic,
    Code,
    /// A link to the address in this range of [`Details::names`].
    Link(Range<u32>),
}

/// An element that holds lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outline {
    /// Its place in the tree.
    #[allow(dead_code, reason = "site rules find elements by it")]
    pub node: u32,
    pub tag: Tag,
    /// The element around it; of the page itself, 0.
    pub parent: u32,
    /// How many are around it.
    pub depth: u32,
    /// The lines in it: from the first to behind the last.
    pub lines: (u32, u32),
    pub hints: (u32, u32),
}

/// What a line is made of.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Line {
    /// The innermost element that holds its first character.
    pub element: u32,
    /// Bytes that are linked, of `bytes` in all, white space aside.
    pub linked: u32,
    pub bytes: u32,
    /// Bytes in bold face.
    pub bold: u32,
    /// Links that begin in it.
    pub links: u32,
    /// Images and the like met before the line's end, from the page's start on.
    pub media: u32,
    /// Buttons, fields and the like met before the line's end, from the page's start on.
    pub controls: u32,
    /// Class words of the inline elements in it.
    pub hints: (u32, u32),
    /// Begins behind a line break inside a paragraph.
    pub is_continued: bool,
    /// All of it lies in one link that began before it: a linked card.
    pub is_in_link: bool,
    /// The page hides it until a script shows it.
    pub is_hidden: bool,
}

/// A caption lies at most so many elements deep in its figure.
const CAPTION_DEPTH: usize = 6;

impl Markup {
    /// The elements around a line, the innermost first, the page itself last.
    pub fn around(&self, line: usize) -> impl Iterator<Item = &Outline> {
        let mut at = Some(self.lines[line].element);
        std::iter::from_fn(move || {
            let index = at?;
            let element = &self.elements[index as usize];
            at = (index != 0).then_some(element.parent);
            Some(element)
        })
    }

    /// True for a line in a `<figcaption>`, or in an element of a figure that is named a caption or a credit.
    pub fn is_caption(&self, line: usize) -> bool {
        let names = [hash(b"caption"), hash(b"figcaption"), hash(b"credit"), hash(b"credits")];
        let mut is_named = false;
        for element in self.around(line).take(CAPTION_DEPTH) {
            is_named |= self.hints(element.hints).iter().any(|hint| names.contains(hint));
            if element.tag == Tag::Figcaption || is_named && element.tag == Tag::Figure {
                return true;
            }
        }
        false
    }

    /// The address or name in a range.
    pub fn name(&self, range: &Range<u32>) -> &str {
        &self.details.names[range.start as usize..range.end as usize]
    }

    pub fn hints(&self, (start, end): (u32, u32)) -> &[u32] {
        &self.hints[start as usize..end as usize]
    }
}

/// Hash of a word of a class name, in lower case.
pub(crate) fn hash(word: &[u8]) -> u32 {
    // FNV-1a, 32 bits.
    word.iter().fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
}

/// The words that names such as `entry-content`, `postTitle` and `c-article__body2` are made of.
pub(crate) fn words(names: &str) -> impl Iterator<Item = &[u8]> {
    let bytes = names.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !bytes[at].is_ascii_alphabetic() {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_alphabetic() {
            let is_hump = at > start && bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase();
            if is_hump {
                break;
            }
            at += 1;
        }
        (at > start).then(|| &bytes[start..at])
    })
}
