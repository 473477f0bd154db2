//! A document as rules see it: its text, cut into blocks.

use crate::lexicon::{Cue, Cues, Table};
#[cfg(feature = "html")]
use crate::parse::html::markup::Markup;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// A half-open byte range into a document's text, always on character boundaries.
pub type Span = Range<usize>;

/// One article as text, with its ordered blocks and what is known of it.
///
/// ```
/// let document = dehusk::Document::new("A title\n\nA paragraph.");
/// assert_eq!(document.blocks().len(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Document<'t> {
    text: Cow<'t, str>,
    blocks: Vec<Block>,
    /// The site it is from, if that was told.
    site: Option<Arc<str>>,
    #[cfg(feature = "html")]
    markup: Option<Box<Markup>>,
    /// It was HTML, and what the markup told has been heard.
    is_settled: bool,
}

/// A piece of a document's text with its span: in plain text, a line that holds something.
///
/// What rules need to know of a block's own text is found once, when the document is parsed. It depends on nothing else,
/// so a block keeps it when text around it goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// The line without its line break.
    pub(crate) line: (usize, usize),
    /// The content: without white space at the ends and without a list marker.
    pub(crate) body: (usize, usize),
    pub(crate) cues: Cues,
    /// Bytes from the start of the body to behind a label and its separator; 0 where there is no label.
    pub(crate) label: u32,
    /// Words of the body; an estimate where it is long or its script has no spaces.
    pub(crate) words: u32,
    /// Hash of the first words, for finding copies; 0 where there are too few.
    pub(crate) lead: u64,
    pub(crate) shape: Shape,
    pub(crate) marker: Marker,
}

/// The list marker that opens a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Marker {
    #[default]
    None,
    Bullet,
    Number,
}

/// What a block's text looks like, whatever its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Shape {
    /// Ends as a sentence does: full stop, question mark, and the like, quotes and brackets behind it allowed.
    pub sentence_end: bool,
    /// Ends with a full stop (not a question or exclamation mark).
    pub full_stop: bool,
    /// A sentence ends inside.
    pub inner_sentence: bool,
    /// Ends with a colon.
    pub colon_end: bool,
    /// Holds a digit.
    pub digit: bool,
    /// The first letter is upper case, or of a script without case.
    pub capital: bool,
    /// Words that begin with an upper-case letter or a digit; together with `small` at most the words read.
    pub capitals: u8,
    /// Words of four or more letters that begin with a lower-case letter.
    pub small: u8,
    /// Commas and their like.
    pub commas: u8,
    /// Only numbers and signs, or nothing but signs.
    pub wordless: bool,
}

impl<'t> Document<'t> {
    /// Parses plain text: every line that holds more than white space is a block.
    pub fn new(text: impl Into<Cow<'t, str>>) -> Self {
        let text = text.into();
        let blocks = crate::parse::text::blocks(&text);
        Document {
            text,
            blocks,
            site: None,
            #[cfg(feature = "html")]
            markup: None,
            is_settled: false,
        }
    }

    /// The same document, from a site: what a [`Profile`](crate::Profile) knows of that site counts for it.
    #[must_use]
    pub fn of_site(mut self, site: &str) -> Self {
        self.site = Some(site.into());
        self
    }

    /// The site it is from, if that was told.
    pub fn site(&self) -> Option<&str> {
        self.site.as_deref()
    }

    /// A document of rendered HTML, whose lines the markup describes.
    #[cfg(feature = "html")]
    pub(crate) fn with_markup(text: String, markup: Markup) -> Self {
        let blocks = crate::parse::text::blocks(&text);
        debug_assert_eq!(blocks.len(), markup.lines.len());
        Document { text: text.into(), blocks, site: None, markup: Some(Box::new(markup)), is_settled: false }
    }

    /// What the markup says of the blocks, where the document was HTML.
    #[cfg(feature = "html")]
    pub(crate) fn markup(&self) -> Option<&Markup> {
        self.markup.as_deref()
    }

    /// Adds what the rules for the page's site say.
    #[cfg(feature = "html")]
    pub(crate) fn judge(&mut self, verdict: crate::html::SiteVerdict) {
        if let Some(markup) = &mut self.markup {
            markup.metadata.title = verdict.title.clone().or(markup.metadata.title.take());
            markup.verdict = Some(verdict);
        }
    }

    /// The spans that the rules for the page's site keep, and those they drop, with their reasons.
    pub(crate) fn judged(&self) -> (&[Span], &[(Span, String)]) {
        #[cfg(feature = "html")]
        if let Some(verdict) = self.markup().and_then(|markup| markup.verdict.as_ref()) {
            return (&verdict.keep, &verdict.drop);
        }
        (&[], &[])
    }

    /// True for what is left of HTML: its blocks were scored with all that the markup tells, and are not again without.
    pub(crate) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// True for text that comes without markup.
    pub(crate) fn markup_is_absent(&self) -> bool {
        #[cfg(feature = "html")]
        return self.markup.is_none();
        #[cfg(not(feature = "html"))]
        return true;
    }

    /// True for the caption or credit of a picture, as far as the markup tells.
    pub(crate) fn is_caption(&self, block: usize) -> bool {
        #[cfg(feature = "html")]
        return self.markup().is_some_and(|markup| markup.is_caption(block));
        #[cfg(not(feature = "html"))]
        return {
            let _ = block;
            false
        };
    }

    /// The text that spans index, in UTF-8.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The blocks in the order of the text.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The document that is left when `gone` is cut out: sorted, disjoint spans with what replaces them.
    ///
    /// Spans cover lines whole or lie inside one line. Blocks that nothing touched keep what was found of them; those cut
    /// inside are parsed anew.
    pub(crate) fn without(&self, gone: &[(Span, &str)]) -> Document<'static> {
        let text = crate::removal::apply(&self.text, gone);
        let mut blocks = Vec::with_capacity(self.blocks.len());
        let (mut next, mut shift) = (0, 0_isize);
        for block in &self.blocks {
            let (start, end) = block.line;
            while gone.get(next).is_some_and(|(span, _)| span.end <= start) {
                shift += growth(&gone[next]);
                next += 1;
            }
            let inside = gone[next..].iter().take_while(|(span, _)| span.start < end);
            match gone.get(next) {
                Some((span, "")) if span.start <= start && span.end >= end => {}
                Some((span, _)) if span.start < end => {
                    let left = end.wrapping_add_signed(shift + inside.map(growth).sum::<isize>());
                    blocks.extend(crate::parse::text::block_of_line(&text, start.wrapping_add_signed(shift), left));
                }
                _ => blocks.push(block.shifted(shift)),
            }
        }
        Document {
            text: Cow::Owned(text),
            blocks,
            site: self.site.clone(),
            #[cfg(feature = "html")]
            markup: None,
            #[cfg(feature = "html")]
            is_settled: self.is_settled || self.markup.is_some(),
            #[cfg(not(feature = "html"))]
            is_settled: false,
        }
    }
}

/// By how many bytes a replaced span makes the text longer.
fn growth((span, replacement): &(Span, &str)) -> isize {
    replacement.len() as isize - span.len() as isize
}

impl Block {
    /// Where the block's line lies in the document's text, without its line break.
    pub fn span(&self) -> Span {
        self.line.0..self.line.1
    }

    /// Where its content lies: without white space at the ends and without a list marker.
    pub fn body(&self) -> Span {
        self.body.0..self.body.1
    }

    fn shifted(&self, by: isize) -> Block {
        let shift = |(start, end): (usize, usize)| (start.wrapping_add_signed(by), end.wrapping_add_signed(by));
        Block { line: shift(self.line), body: shift(self.body), ..*self }
    }

    pub(crate) fn has(&self, table: Table, cue: Cue) -> bool {
        self.cues.has(table, cue)
    }

    pub(crate) fn has_any(&self, table: Table, cues: &[Cue]) -> bool {
        self.cues.any(table, cues)
    }

    pub(crate) fn is_item(&self) -> bool {
        self.marker != Marker::None
    }

    /// Running text: so long that it can hardly be anything else, or a sentence of some length.
    pub(crate) fn is_prose(&self) -> bool {
        let Shape { sentence_end, inner_sentence, .. } = self.shape;
        self.words >= 45 || (sentence_end && (self.words >= 20 || (inner_sentence && self.words >= 16)))
    }

    /// Could be a headline: a few words to a line's length, not ending as a statement does.
    pub(crate) fn is_headline(&self) -> bool {
        let Shape { full_stop, colon_end, wordless, .. } = self.shape;
        !wordless && !full_stop && !colon_end && (2..=32).contains(&self.words) && !self.is_prose()
    }
}
