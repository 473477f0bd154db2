//! The way out for pages that would cost the tree builder too much: tokens alone, and a tree that is as deep as it may be.
//!
//! None of HTML's repairs happen here. An end tag closes the nearest open element of its name, or nothing; an element that
//! would lie too deep becomes its parent's sibling. All text stays, in order.

use super::tag::Tag;
use super::tree::{Data, Element, Id, ROOT, Tree};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::{QualName, ns};
use std::cell::RefCell;

/// So deep a tree is built. Real pages stay below 100.
const DEPTH: usize = 256;

/// The tree of a page that is not to be repaired.
pub(crate) fn parse(html: &str) -> Tree {
    let builder = Builder { state: RefCell::new(State { tree: Tree::new(), open: vec![(Tag::Other, ROOT)] }) };
    let tokenizer = Tokenizer::new(builder, Default::default());
    let queue = BufferQueue::default();
    queue.push_back(html.into());
    while !matches!(tokenizer.feed(&queue), html5ever::TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.state.into_inner().tree
}

struct Builder {
    state: RefCell<State>,
}

struct State {
    tree: Tree,
    open: Vec<(Tag, Id)>,
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) => {
                let parent = state.parent();
                state.tree.append_text(parent, text);
            }
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.start(tag),
            Token::TagToken(tag) => state.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn parent(&self) -> Id {
        self.open.last().expect("the root stays open").1
    }

    fn start(&mut self, token: html5ever::tokenizer::Tag) -> TokenSinkResult<()> {
        let tag = Tag::named(&token.name);
        let element = Element { tag, name: QualName::new(None, ns!(html), token.name), attributes: token.attrs };
        let parent = self.parent();
        let node = self.tree.add(Data::Element(element));
        self.tree.append(parent, node);
        let raw = raw_text(tag);
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

    fn end(&mut self, name: &str) {
        let tag = Tag::named(name);
        if let Some(at) = self.open.iter().rposition(|&(open, _)| open == tag).filter(|&at| at > 0) {
            self.open.truncate(at);
        }
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
