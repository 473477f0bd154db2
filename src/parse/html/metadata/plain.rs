//! Values as a reader would see them.

use html5ever::TokenizerResult;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer};
use std::borrow::Cow;
use std::cell::RefCell;

/// A value without markup and character references, white space collapsed. Values in JSON are often written as HTML, and
/// those in attributes escaped twice.
pub(super) fn plain(value: Cow<str>) -> Cow<str> {
    let is_html = value.contains('&') || value.contains("</") || value.contains("<br");
    let value = if is_html { Cow::Owned(text_of(&value)) } else { value };
    collapse(value)
}

/// White space becomes single spaces, and none at the ends; what cannot be seen goes.
fn collapse(value: Cow<str>) -> Cow<str> {
    let is_odd = |c: char| c.is_control() || matches!(c, '\u{AD}' | '\u{200B}' | '\u{FEFF}');
    let is_plain = |c: char| !(is_odd(c) || c.is_whitespace() && c != ' ');
    if value.trim().len() == value.len() && !value.contains("  ") && value.chars().all(is_plain) {
        return value;
    }
    let mut out = String::with_capacity(value.len());
    let mut space = false;
    for c in value.chars() {
        if c.is_whitespace() {
            space = !out.is_empty();
        } else if !is_odd(c) {
            if std::mem::take(&mut space) {
                out.push(' ');
            }
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// The text of a piece of HTML.
fn text_of(html: &str) -> String {
    let tokenizer = Tokenizer::new(Text::default(), Default::default());
    let queue = BufferQueue::default();
    queue.push_back(html.into());
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[derive(Default)]
struct Text(RefCell<String>);

impl TokenSink for Text {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.0.borrow_mut().push_str(&text),
            Token::TagToken(tag) if matches!(&*tag.name, "br" | "p" | "div" | "li") => self.0.borrow_mut().push(' '),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
