//! Two pages compared as trees: what the pre-pass may leave out, and what it may not. The fuzz target looks here too.

use scraper::{Html, Node};
use std::iter::Peekable;

/// Attributes that stay.
const NEEDED: &[&str] = &[
    "class",
    "id",
    "href",
    "hidden",
    "role",
    "aria-hidden",
    "itemprop",
    "itemtype",
    "rel",
    "name",
    "property",
    "content",
    "http-equiv",
    "datetime",
    "pubdate",
    "lang",
    "type",
    "start",
];

/// Elements whose content is raw text that nobody sees.
const UNSEEN: &[&str] = &["script", "style", "noscript", "iframe", "noembed", "noframes"];

/// A piece of a page, in the order of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Open { name: String, foreign: bool, attributes: Vec<(String, String)> },
    Text(String),
    Close(String),
}

/// Asserts that `lean` parses to the tree of `page`, but for what may be left out.
pub fn assert_same(page: &str, lean: &str, all_attributes: bool) {
    let (whole, left) = (Html::parse_document(page), Html::parse_document(lean));
    assert_eq!(whole.quirks_mode, left.quirks_mode, "quirks of {page:?} and {lean:?}");
    let (whole, left) = (pieces(&whole), pieces(&left));
    let mut whole = whole.iter().peekable();
    let mut left = left.iter().peekable();
    while let Some(piece) = left.next() {
        let other = whole.next();
        let same = match (other, piece) {
            (
                Some(Piece::Open { name, foreign, attributes }),
                Piece::Open { name: left_name, foreign: left_foreign, attributes: left_attributes },
            ) => {
                if name == "svg" && *foreign && matches!(left.peek(), Some(Piece::Close(_))) {
                    skip_drawing(&mut whole, page);
                }
                (name, foreign) == (left_name, left_foreign)
                    && (UNSEEN.contains(&name.as_str()) || fits(attributes, left_attributes, name, all_attributes))
            }
            (other, piece) => other == Some(piece),
        };
        assert!(same, "{other:?} became {piece:?}\n page: {page:?}\n lean: {lean:?}");
    }
    assert_eq!(whole.next(), None, "lost of {page:?} in {lean:?}");
}

/// Skips the content of a drawing, which has to be nothing but drawing.
fn skip_drawing<'p>(pieces: &mut Peekable<impl Iterator<Item = &'p Piece>>, page: &str) {
    let mut depth = 0;
    while let Some(piece) = pieces.next_if(|piece| depth > 0 || !matches!(piece, Piece::Close(_))) {
        match piece {
            Piece::Open { name, foreign, .. } => {
                assert!(foreign, "<{name}> was lost in a drawing of {page:?}");
                depth += 1;
            }
            Piece::Close(_) => depth -= 1,
            Piece::Text(_) => {}
        }
    }
}

/// Whether every attribute left is one of the page, and every one that is needed was left.
fn fits(whole: &[(String, String)], left: &[(String, String)], element: &str, all: bool) -> bool {
    let is_needed = |(name, value): &(String, String)| match name.as_str() {
        _ if all => !name.starts_with('='),
        "style" => value.to_ascii_lowercase().contains("display"),
        "src" => element == "img" && !value.trim_ascii_start().to_ascii_lowercase().starts_with("data:"),
        name => NEEDED.contains(&name),
    };
    let same = |a: &(String, String), b: &(String, String)| a.0 == b.0 && (a.1 == b.1 || is_start(&a.1, &b.1));
    left.iter().all(|left| whole.iter().any(|whole| same(whole, left)))
        && whole.iter().filter(|&whole| is_needed(whole)).all(|whole| left.iter().any(|left| same(whole, left)))
}

/// Whether a long value was cut; a reference in it may have been cut through.
fn is_start(whole: &str, left: &str) -> bool {
    const REFERENCE: usize = 32;
    left.len() > 256 && whole.starts_with(&left[..left.floor_char_boundary(left.len() - REFERENCE)])
}

/// The pieces of a tree, without comments and the content that may be left out; text in one piece.
fn pieces(page: &Html) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut unseen = 0;
    for edge in page.tree.root().traverse() {
        let (node, opens) = match edge {
            ego_tree::iter::Edge::Open(node) => (node, true),
            ego_tree::iter::Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Element(element) => {
                let name = element.name().to_string();
                let foreign = &*element.name.ns != "http://www.w3.org/1999/xhtml";
                if opens {
                    let mut attributes: Vec<_> = element.attrs().map(|(n, v)| (n.to_string(), v.to_string())).collect();
                    attributes.sort();
                    pieces.push(Piece::Open { name: name.clone(), foreign, attributes });
                } else {
                    pieces.push(Piece::Close(name.clone()));
                }
                if !foreign && UNSEEN.contains(&name.as_str()) {
                    unseen += if opens { 1 } else { -1 };
                }
            }
            Node::Text(text) if opens && unseen == 0 => match pieces.last_mut() {
                Some(Piece::Text(before)) => before.push_str(text),
                _ => pieces.push(Piece::Text(text.to_string())),
            },
            _ => {}
        }
    }
    pieces
}
