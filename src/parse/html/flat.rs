//! The way out for pages that would cost the tree builder too much: tokens alone, and a tree that is as deep as it may be.
//!
//! Hardly any of HTML's repairs happen here. An end tag closes the nearest open element of its name, or nothing; an element
//! that would lie too deep becomes its parent's sibling. All text stays, in order. Elements that are not shown are closed by
//! what cannot lie in them: a page must not vanish in a `<head>` or a `<select>` that was left open.

use super::tag::{Display, Tag};
use super::tree::{Data, Element, Id, ROOT, Tree};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::{LocalName, QualName, ns};
use std::cell::RefCell;

/// So deep a tree is built. Real pages stay below 100.
const DEPTH: usize = 256;

/// The tree of a page that is not to be repaired.
pub(crate) fn parse(html: &str, scripts_run: bool) -> Tree {
    let state = State { tree: Tree::new(), open: vec![(Tag::Other, ROOT)], scripts_run };
    let builder = Builder { state: RefCell::new(state) };
    super::tokenizer::feed(html, &builder, |_| true);
    builder.state.into_inner().tree
}

struct Builder {
    state: RefCell<State>,
}

struct State {
    tree: Tree,
    open: Vec<(Tag, Id)>,
    /// Where scripts run, tags in `<noscript>` are none.
    scripts_run: bool,
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.text(text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.start(tag),
            Token::TagToken(tag) => state.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.state.borrow().is_foreign()
    }
}

impl State {
    fn parent(&self) -> Id {
        self.open.last().expect("the root stays open").1
    }

    fn text(&mut self, text: StrTendril) {
        if matches!(self.open.last(), Some((Tag::Head | Tag::Colgroup, _))) && !text.trim_ascii().is_empty() {
            self.open.pop();
        }
        let parent = self.parent();
        self.tree.append_text(parent, text);
    }

    fn start(&mut self, token: html5ever::tokenizer::Tag) -> TokenSinkResult<()> {
        let tag = Tag::named(&token.name);
        if let Some(at) = self.open.iter().position(|&(open, _)| !holds(open, tag)) {
            let closed = self.open[at].0;
            self.open.truncate(at);
            // The second `<select>` of two is taken for the first one's end.
            if (closed, tag) == (Tag::Select, Tag::Select) {
                return TokenSinkResult::Continue;
            }
        }
        let element = Element { tag, name: QualName::new(None, ns!(html), token.name), attributes: token.attrs };
        let parent = self.parent();
        let node = self.tree.add(Data::Element(element));
        self.tree.append(parent, node);
        let is_raw = !self.is_foreign() && (tag != Tag::Noscript || self.scripts_run);
        let raw = raw_text(tag).filter(|_| is_raw);
        // Raw text has to have its element, or it would be shown.
        if !tag.is_void() && (self.open.len() < DEPTH || raw.is_some()) {
            self.open.push((tag, node));
        }
        match raw {
            _ if tag == Tag::Plaintext => TokenSinkResult::Plaintext,
            Some(kind) => TokenSinkResult::RawData(kind),
            None => TokenSinkResult::Continue,
        }
    }

    /// In SVG or MathML, where nothing is raw text, unless it is marked as such.
    fn is_foreign(&self) -> bool {
        self.open.iter().any(|(open, _)| matches!(open, Tag::Svg | Tag::Math))
    }

    fn end(&mut self, name: &LocalName) {
        let tag = Tag::named(name);
        if let Some(at) = self.open.iter().rposition(|&(open, _)| open == tag).filter(|&at| at > 0) {
            self.open.truncate(at);
        }
    }
}

/// False where an element that is not shown ends at the start of another one.
fn holds(outer: Tag, inner: Tag) -> bool {
    use Tag::*;
    let is_inline = matches!(inner.display(), Display::None | Display::Inline);
    match outer {
        Head => inner.display() == Display::None,
        Colgroup => matches!(inner, Col | Template),
        Option => !matches!(inner, Option | Optgroup) && is_inline,
        Optgroup => inner != Optgroup && is_inline,
        Select => !matches!(inner, Select | Input | Textarea) && is_inline,
        Datalist | Svg => is_inline,
        Rp => false,
        _ => true,
    }
}

/// How the text in an element is read, where tags in it are none.
fn raw_text(tag: Tag) -> Option<RawKind> {
    match tag {
        Tag::Script => Some(RawKind::ScriptData),
        Tag::Style | Tag::Noscript | Tag::Iframe | Tag::Noembed | Tag::Noframes | Tag::Xmp => Some(RawKind::Rawtext),
        Tag::Title | Tag::Textarea => Some(RawKind::Rcdata),
        _ => None,
    }
}
