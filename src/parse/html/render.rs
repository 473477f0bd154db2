//! A page's visible text: a line for each paragraph, a blank line between blocks.
//!
//! The walk is iterative, and what it knows of where it is lies on a stack that grows with the page's depth alone.

use super::markup::{self, Inline, Line, Markup, Outline, Style};
use super::spans::Spans;
use super::tag::{Display, Tag};
use super::tree::{Data, Element, Id, NONE, ROOT, Step, Tree};
use crate::parse::text::is_blank;
use html5ever::local_name;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A page's text, what its markup says of it, and where the elements lie that were asked for.
pub(crate) struct Rendered {
    pub text: String,
    pub markup: Markup,
    pub marks: Vec<Inline<Id>>,
}

/// Text and markup of the page that a tree holds.
///
/// What a page hides (`hidden`, `aria-hidden`, `display: none`) is left out where it is a few words or a menu: labels for
/// scripts, copies of buttons. Hidden running text is what a click unfolds, an answer or the text behind a tab, or what
/// comes into view as one scrolls: it is rendered, and the lines say so. Measured: of hidden text of 200 bytes or more
/// every fifth is the article's.
///
/// What `<noscript>` holds is rendered only where scripts are thought not to run. Of the elements that `marked` says true
/// of, the rendered text's ranges come with it; an empty list stands for none.
pub(crate) fn render(tree: &Tree, scripts_run: bool, marked: &[bool]) -> Rendered {
    let mut renderer = Renderer::new(tree, marked);
    renderer.scripts_run = scripts_run;
    renderer.walk();
    renderer.finish()
}

/// So many bytes of hidden text that are not links are running text.
const HIDDEN_TEXT: usize = 200;

/// What separates a line from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Break {
    None,
    /// A line break in a paragraph.
    Inner,
    Line,
    Paragraph,
}

struct Renderer<'t> {
    tree: &'t Tree,
    marked: &'t [bool],
    marks: Spans<Id>,
    inlines: Spans<Style>,
    /// Where in the names long addresses are, by their place in the tree: clones of an element share it.
    addresses: FxHashMap<*const u8, Range<u32>>,
    /// Cells met of a row.
    cells: u32,
    scripts_run: bool,
    /// The outermost open element that the page hides and that is rendered nevertheless.
    hidden: Option<Id>,
    text: String,
    markup: Markup,
    /// Elements that are open, as indices into the outline, innermost last.
    open: Vec<u32>,
    pending: Break,
    /// White space was met that shows only if text follows.
    space: bool,
    /// Where the line that is being written began; `None` between lines.
    start: Option<usize>,
    line: Line,
    links: u32,
    /// The outermost open link began outside of any line.
    bold: u32,
    preformatted: u32,
    row: Option<Id>,
    media: u32,
    controls: u32,
    /// Class words of inline elements since the last line.
    hints: Vec<u32>,
}

impl<'t> Renderer<'t> {
    fn new(tree: &'t Tree, marked: &'t [bool]) -> Self {
        let mut renderer = Renderer {
            tree,
            marked,
            marks: Spans::new(),
            inlines: Spans::new(),
            addresses: FxHashMap::default(),
            cells: 0,
            scripts_run: true,
            hidden: None,
            text: String::new(),
            markup: Markup::default(),
            open: vec![0],
            pending: Break::None,
            space: false,
            start: None,
            line: Line::default(),
            links: 0,
            bold: 0,
            preformatted: 0,
            row: None,
            media: 0,
            controls: 0,
            hints: Vec::new(),
        };
        renderer.markup.elements.push(Outline {
            node: ROOT,
            tag: Tag::Html,
            parent: 0,
            depth: 0,
            lines: (0, 0),
            hints: (0, 0),
        });
        renderer
    }

    fn walk(&mut self) {
        let mut at = Some(Step::Enter(ROOT));
        while let Some(step) = at {
            let goes_in = match step {
                Step::Enter(id) => match &self.tree.node(id).data {
                    Data::Text(text) => {
                        self.add(text);
                        true
                    }
                    Data::Element(element) => self.enter(id, element),
                    Data::Other => true,
                },
                Step::Leave(id) => {
                    if let Data::Element(element) = &self.tree.node(id).data {
                        self.leave(id, element);
                    }
                    true
                }
            };
            at = match (goes_in, step) {
                (false, Step::Enter(id)) => self.tree.step(ROOT, Step::Leave(id)),
                _ => self.tree.step(ROOT, step),
            };
        }
        self.end_line();
    }

    /// Enters an element; false where nothing in it is shown.
    fn enter(&mut self, id: Id, element: &Element) -> bool {
        match element.tag {
            Tag::Img | Tag::Video | Tag::Audio | Tag::Iframe | Tag::Svg | Tag::Canvas | Tag::Object => self.media += 1,
            Tag::Input | Tag::Button | Tag::Select | Tag::Textarea => self.controls += 1,
            _ => {}
        }
        let is_off = element.tag == Tag::Noscript && self.scripts_run;
        if is_off || element.tag.display() == Display::None || self.hides(id, element) {
            return false;
        }
        self.enter_spans(id, element);
        match element.tag {
            Tag::Br => self.line_break(),
            Tag::A => self.links += 1,
            Tag::B | Tag::Strong => self.bold += 1,
            _ => {}
        }
        if element.tag == Tag::A && self.links == 1 && self.start.is_some() {
            self.line.links += 1;
        }
        if element.tag.is_preformatted() {
            self.preformatted += 1;
        }
        match self.display(element.tag) {
            Display::Inline | Display::None => self.hint(element),
            Display::Block => self.open(id, element, Break::Paragraph),
            Display::Line => {
                self.open(id, element, Break::Line);
                if element.tag == Tag::Tr && self.row.is_none() && self.is_row(id) {
                    self.row = Some(id);
                    self.cells = 0;
                }
            }
            Display::Cell => self.cell(),
        }
        true
    }

    /// Takes note of where the text of an element begins that is inline, or was asked for.
    fn enter_spans(&mut self, id: Id, element: &Element) {
        if self.is_marked(id) {
            self.marks.enter(id);
        }
        let style = match element.tag {
            Tag::B | Tag::Strong => Style::Bold,
            Tag::I | Tag::Em => Style::Italic,
            Tag::Code | Tag::Tt => Style::Code,
            Tag::A => Style::Link(self.address(element)),
            _ => return,
        };
        self.inlines.enter(style);
    }

    fn leave_spans(&mut self, id: Id, element: &Element) {
        if self.is_marked(id) {
            self.marks.leave();
        }
        if matches!(element.tag, Tag::B | Tag::Strong | Tag::I | Tag::Em | Tag::Code | Tag::Tt | Tag::A) {
            self.inlines.leave();
        }
    }

    fn is_marked(&self, id: Id) -> bool {
        self.marked.get(id as usize).is_some_and(|&marked| marked)
    }

    /// A link's address, kept; nothing for one that has none or a very long one.
    ///
    /// A link that is left open is opened anew in every paragraph: a long address is kept once, or some pages would grow
    /// with their square.
    fn address(&mut self, element: &Element) -> Range<u32> {
        let Some(address) = element.attribute("href").filter(|a| a.len() <= LONGEST_ADDRESS) else { return 0..0 };
        if address.len() <= SHORT_ADDRESS {
            return self.name(address);
        }
        match self.addresses.get(&address.as_ptr()) {
            Some(range) => range.clone(),
            None => {
                let range = self.name(address);
                self.addresses.insert(address.as_ptr(), range.clone());
                range
            }
        }
    }

    fn name(&mut self, name: &str) -> Range<u32> {
        let names = &mut self.markup.details.names;
        let start = names.len() as u32;
        names.push_str(name);
        start..names.len() as u32
    }

    fn leave(&mut self, id: Id, element: &Element) {
        self.leave_spans(id, element);
        if self.row == Some(id) {
            self.row = None;
        }
        if self.hidden == Some(id) {
            self.end_line();
            self.hidden = None;
        }
        match element.tag {
            Tag::A => self.links -= 1,
            Tag::B | Tag::Strong => self.bold -= 1,
            _ => {}
        }
        if element.tag.is_preformatted() {
            self.preformatted -= 1;
        }
        match self.display(element.tag) {
            Display::Inline | Display::None | Display::Cell => {}
            Display::Block => self.close(Break::Paragraph),
            Display::Line => self.close(Break::Line),
        }
    }

    /// How an element is shown where it stands: in a row of cells nothing breaks the line.
    fn display(&self, tag: Tag) -> Display {
        match (tag.display(), self.row) {
            (Display::Cell, None) => Display::Block,
            (Display::Block | Display::Line, Some(_)) if tag != Tag::Tr => Display::Inline,
            (display, _) => display,
        }
    }

    /// True where an element and all it holds is left out.
    fn hides(&mut self, id: Id, element: &Element) -> bool {
        if self.hidden.is_some() || !is_hidden(element) {
            return false;
        }
        let (mut text, mut linked) = (0, 0);
        for inner in self.tree.descendants(id) {
            let Data::Text(piece) = &self.tree.node(inner).data else { continue };
            let size = piece.split_ascii_whitespace().map(|word| word.len() + 1).sum::<usize>();
            match self.tree.tag(self.tree.node(inner).parent) {
                Tag::A => linked += size,
                tag if tag.display() == Display::None => {}
                _ => text += size,
            }
        }
        if text < HIDDEN_TEXT || text < linked {
            return true;
        }
        self.hidden = Some(id);
        false
    }

    fn open(&mut self, node: Id, element: &Element, kind: Break) {
        self.end_line();
        self.pending = self.pending.max(kind);
        let hints = self.markup.hints.len() as u32;
        let words = names(element).flat_map(markup::words).map(markup::hash);
        self.markup.hints.extend(words.take(HINTS));
        let parent = *self.open.last().expect("the page is open");
        let depth = self.markup.elements[parent as usize].depth + 1;
        let line = self.markup.lines.len() as u32;
        self.detail(node, element);
        self.open.push(self.markup.elements.len() as u32);
        self.markup.elements.push(Outline {
            node,
            tag: element.tag,
            parent,
            depth,
            lines: (line, line),
            hints: (hints, self.markup.hints.len() as u32),
        });
    }

    /// Takes note of what Markdown asks of the element that is about to be opened.
    fn detail(&mut self, node: Id, element: &Element) {
        let index = self.markup.elements.len() as u32;
        match element.tag {
            Tag::Ol => {
                let start = element.attribute("start").and_then(|start| start.trim().parse().ok());
                self.markup.details.starts.extend(start.map(|start| (index, start)));
            }
            tag if tag.is_preformatted() => {
                if let Some(language) = language(self.tree, node) {
                    let range = self.name(language);
                    self.markup.details.languages.push((index, range));
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, kind: Break) {
        self.end_line();
        self.pending = self.pending.max(kind);
        let element = self.open.pop().expect("what closes was open");
        self.markup.elements[element as usize].lines.1 = self.markup.lines.len() as u32;
    }

    fn hint(&mut self, element: &Element) {
        let words = names(element).flat_map(markup::words).map(markup::hash);
        self.hints.extend(words.take(HINTS));
    }

    fn cell(&mut self) {
        self.cells += 1;
        if self.start.is_some() {
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.text.push('\t');
            self.space = false;
        }
    }

    fn line_break(&mut self) {
        if self.row.is_some() {
            self.space = true;
        } else if self.start.is_some() {
            self.end_line();
            self.pending = self.pending.max(Break::Inner);
        } else if self.pending == Break::Inner {
            self.pending = Break::Paragraph;
        }
    }

    /// Adds text that is shown.
    fn add(&mut self, text: &str) {
        if self.preformatted > 0 && self.row.is_none() {
            return self.add_lines(text);
        }
        let mut words = text.split(is_space).filter(|word| !word.is_empty());
        let Some(first) = words.next() else {
            self.space |= !text.is_empty();
            return;
        };
        self.space |= text.starts_with(is_space);
        self.add_word(first);
        for word in words {
            self.space = true;
            self.add_word(word);
        }
        self.space = text.ends_with(is_space);
    }

    /// Adds text whose white space counts.
    fn add_lines(&mut self, text: &str) {
        // A carriage return is left only where a page spells it out, and to blocks it ends a line too.
        for (index, line) in text.split(['\n', '\r']).enumerate() {
            if index > 0 {
                let was_blank = self.start.is_none();
                self.end_line();
                self.pending = self.pending.max(if was_blank { Break::Paragraph } else { Break::Inner });
            }
            if !line.is_empty() && (self.start.is_some() || !line.trim_matches(is_space).is_empty()) {
                self.space = false;
                self.add_word(line);
            }
        }
    }

    fn add_word(&mut self, word: &str) {
        if self.start.is_none() {
            self.begin_line();
        } else if self.space && !self.text.ends_with('\t') {
            self.text.push(' ');
        }
        self.space = false;
        let size = word.len() as u32;
        self.line.bytes += size;
        self.line.linked += if self.links > 0 { size } else { 0 };
        self.line.bold += if self.bold > 0 { size } else { 0 };
        let start = self.text.len();
        // Where a word may be broken is no part of it.
        self.text.extend(word.split('\u{AD}'));
        let is_plain = word.as_bytes().last().is_some_and(u8::is_ascii_graphic);
        let blank =
            if is_plain { 0 } else { self.text.len() - start - self.text[start..].trim_end_matches(is_blank).len() };
        let end = self.text.len() - blank;
        if start < end {
            self.inlines.word(start as u32, end as u32);
            self.marks.word(start as u32, end as u32);
        }
    }

    fn begin_line(&mut self) {
        if !self.text.is_empty() {
            self.text.push_str(if self.pending == Break::Paragraph { "\n\n" } else { "\n" });
        }
        self.start = Some(self.text.len());
        if self.row.is_some() && self.cells > 1 {
            self.markup.details.empty_cells.push((self.markup.lines.len() as u32, self.cells - 1));
        }
        self.line = Line {
            element: *self.open.last().expect("the page is open"),
            links: u32::from(self.links > 0),
            is_continued: self.pending == Break::Inner,
            is_in_link: self.links > 0,
            is_hidden: self.hidden.is_some(),
            ..Line::default()
        };
        self.pending = Break::None;
    }

    fn end_line(&mut self) {
        self.space = false;
        let Some(start) = self.start.take() else { return };
        let length = self.text[start..].trim_end_matches(is_blank).len();
        self.text.truncate(start + length);
        if self.text[start..].trim_start_matches(is_blank).is_empty() {
            let kept = self.text[..start].trim_end_matches('\n').len();
            self.text.truncate(kept);
            self.pending = self.pending.max(Break::Line);
            return;
        }
        let hints = self.markup.hints.len() as u32;
        self.hints.truncate(4 * HINTS);
        self.markup.hints.append(&mut self.hints);
        self.line.hints = (hints, self.markup.hints.len() as u32);
        (self.line.media, self.line.controls) = (self.media, self.controls);
        self.line.is_in_link &= self.line.linked == self.line.bytes;
        self.markup.lines.push(self.line);
    }

    /// True for a table row whose cells are one line: nothing in them is laid out below the other.
    fn is_row(&self, row: Id) -> bool {
        let (mut paragraphs, mut bytes) = (0, 0);
        for id in self.tree.descendants(row) {
            match &self.tree.node(id).data {
                Data::Text(text) => bytes += text.len(),
                Data::Element(element) => match element.tag {
                    Tag::Td | Tag::Th => paragraphs = 0,
                    Tag::P | Tag::Br | Tag::Div | Tag::Li => paragraphs += 1,
                    tag if tag.heading().is_some() || tag.is_preformatted() => return false,
                    Tag::Table | Tag::Article | Tag::Section | Tag::Blockquote | Tag::Form | Tag::Figure => {
                        return false;
                    }
                    _ => {}
                },
                Data::Other => {}
            }
            if paragraphs > ROW_PARAGRAPHS || bytes > ROW_BYTES {
                return false;
            }
        }
        true
    }

    fn finish(mut self) -> Rendered {
        self.markup.elements[0].lines.1 = self.markup.lines.len() as u32;
        self.markup.details.inlines = self.inlines.finish();
        self.markup.details.base = base(self.tree).map(str::to_owned);
        Rendered { text: self.text, markup: self.markup, marks: self.marks.finish() }
    }
}

/// Class words that are kept of one element.
const HINTS: usize = 12;
/// Addresses up to this size are copied each time.
const SHORT_ADDRESS: usize = 64;
/// A longer address is none that anybody follows.
const LONGEST_ADDRESS: usize = 4 << 10;
/// A cell with more paragraphs, or a row with more text, is laid out, not tabulated.
const ROW_PARAGRAPHS: usize = 2;
const ROW_BYTES: usize = 1500;

/// What HTML takes for white space in text.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0C')
}

/// The names that tell what an element is for.
fn names(element: &Element) -> impl Iterator<Item = &str> {
    element
        .attributes
        .iter()
        .filter(|a| {
            matches!(
                a.name.local,
                local_name!("class")
                    | local_name!("id")
                    | local_name!("itemprop")
                    | local_name!("role")
                    | local_name!("rel")
                    | local_name!("property")
            )
        })
        .map(|a| &*a.value)
}

fn is_hidden(element: &Element) -> bool {
    element.attributes.iter().any(|a| match a.name.local {
        local_name!("hidden") => true,
        local_name!("aria-hidden") => a.value.eq_ignore_ascii_case("true"),
        local_name!("style") => hides(&a.value),
        _ => false,
    })
}

/// True for a style that shows nothing.
fn hides(style: &str) -> bool {
    style.split(';').filter_map(|declaration| declaration.split_once(':')).any(|(property, value)| {
        let value = value.trim();
        let value = value.split(['!', ' ']).next().unwrap_or(value);
        match property.trim() {
            p if p.eq_ignore_ascii_case("display") => value.eq_ignore_ascii_case("none"),
            p if p.eq_ignore_ascii_case("visibility") => value.eq_ignore_ascii_case("hidden"),
            _ => false,
        }
    })
}

/// The address that the page's head says others are relative to.
fn base(tree: &Tree) -> Option<&str> {
    let child = |of, tag| tree.children(of).find(move |&id| tree.tag(id) == tag);
    let head = child(child(ROOT, Tag::Html)?, Tag::Head)?;
    tree.children(head).filter(|&id| tree.tag(id) == Tag::Base).find_map(|id| tree.element(id)?.attribute("href"))
}

/// The programming language that classes give preformatted text: its own, those of a `<code>` that opens it, or those of
/// the two elements around it, where `lang-` speaks of people's languages.
fn language(tree: &Tree, pre: Id) -> Option<&str> {
    let first = Some(tree.node(pre).first).filter(|&id| id != NONE && tree.tag(id) == Tag::Code);
    let mut inside = std::iter::once(pre).chain(first);
    inside.find_map(|id| named_language(tree, id, &["language-", "lang-", "highlight-source-"])).or_else(|| {
        tree.ancestors(pre).take(2).find_map(|id| named_language(tree, id, &["language-", "highlight-source-"]))
    })
}

fn named_language<'t>(tree: &'t Tree, id: Id, prefixes: &[&str]) -> Option<&'t str> {
    let mut classes = tree.element(id)?.attribute("class")?.split_ascii_whitespace();
    classes.find_map(|class| prefixes.iter().find_map(|prefix| class.strip_prefix(prefix)).filter(|name| is_name(name)))
}

fn is_name(language: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.');
    !language.is_empty() && language.len() <= 32 && language.chars().all(is_sign)
}
