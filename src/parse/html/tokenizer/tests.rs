//! html5ever's own tokenizer is the measure: what it makes of a page, ours makes too.

use super::feed;
use crate::parse::html::prepass::tests::{FRAGMENTS, HOSTILE};
use crate::parse::html::sink::Sink;
use crate::parse::html::tree::Tree;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use proptest::prelude::*;

fn builder() -> TreeBuilder<u32, Sink> {
    TreeBuilder::new(Sink::new(), TreeBuilderOpts::default())
}

fn assert_same(page: &str) {
    let ours = builder();
    feed(page, &ours, |_| true);
    let tokenizer = Tokenizer::new(builder(), TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() });
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(page));
    while !matches!(tokenizer.feed(&queue), html5ever::TokenizerResult::Done) {}
    tokenizer.end();
    let (ours, theirs) = (ours.sink.finish(), tokenizer.sink.sink.finish());
    assert_eq!(told(&ours), told(&theirs), "{page:?}");
}

/// A tree in words, without where its strings are kept.
fn told(tree: &Tree) -> String {
    ["inline: ", "owned: ", "shared: "].iter().fold(format!("{tree:#?}"), |told, kept| told.replace(kept, ""))
}

/// References, line breaks and zeros. No `a`: in `<pre>&#xa` html5ever keeps the line break, since it takes the error of the
/// missing semicolon for a token.
const CHARACTERS: &[&str] = &[
    "&amp;",
    "&amp",
    "&ampx",
    "&amp=",
    "&notit;",
    "&notin;",
    "&notin",
    "&no",
    "&nosuch;",
    "&NotEqualTilde;",
    "&ngE;",
    "&;",
    "&",
    "&#",
    "&#;",
    "&#x",
    "&#x;",
    "&#38",
    "&#38;",
    "&#X26;",
    "&#x80;",
    "&#0;",
    "&#xD800;",
    "&#x110000;",
    "&#99999999999999;",
    "&#10;",
    "&#13;",
    "&copy",
    "&copy;",
    "&copyright",
    "\r",
    "\n",
    "\r\n",
    "\0",
    "\u{FEFF}",
    "é",
    "=",
    "z",
    "1",
    ";",
    " ",
    "<p title=",
    "<p title='",
    "<p title=\"",
    "'",
    "\"",
    ">",
    "<pre>",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "<svg>",
    "</svg>",
    "<![CDATA[",
    "]]>",
    "<plaintext>",
    "<P A=b a=c>",
    "<script>",
    "</script>",
    "<!DOCTYPE html>",
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2//EN\">",
    "<table>",
    "</",
];

#[test]
fn known_pages_have_the_same_tokens() {
    let inputs = include_str!("../../../../tests/html5lib/inputs.json");
    let inputs: Vec<String> = serde_json::from_str(inputs).expect("an array of strings");
    inputs.iter().for_each(|page| assert_same(page));
    HOSTILE.iter().for_each(|page| assert_same(page));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn any_page_has_the_same_tokens(
        pieces in prop::collection::vec(prop::sample::select([FRAGMENTS, CHARACTERS].concat()), 0..24)
    ) {
        assert_same(&pieces.concat());
    }
}
