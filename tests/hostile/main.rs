//! Pages made to break a parser: they come out in time, with all their text.
#![cfg(feature = "html")]

mod shapes;

use dehusk::Cleaner;
use dehusk::html::Page;
use shapes::{SHAPES, Shape};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A megabyte, where the build can afford it: without optimization a parser takes some thirty times as long.
const SIZE: usize = if cfg!(debug_assertions) { 50_000 } else { 1_000_000 };

/// Far more than any page takes, in any build on any machine; one whose work grows with the square takes longer.
const LIMIT: Duration = Duration::from_secs(10);

/// What is wrong with what comes of a page, if anything.
fn complaint(shape: &Shape) -> Option<String> {
    let html = shape.page(SIZE);
    let start = Instant::now();
    let page = Page::parse(&html);
    let _ = Cleaner::default().extract(&page);
    let took = start.elapsed();
    let [shown, there] = [page.document().text(), &html].map(|text| text.matches("kept").count());
    let is_lost = shape.is_shown && shown != there;
    (took > LIMIT || is_lost).then(|| format!("{}: {shown} of {there} shown, {took:?}", shape.name))
}

#[test]
fn hostile_pages_come_out_in_time_with_their_text() {
    let complaints: Vec<_> = SHAPES.iter().filter_map(complaint).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// Markdown's signs are written for each line again, and its marks nest: neither may make much of a page that is little.
#[test]
fn hostile_pages_become_markdown_in_time_with_their_text() {
    let cleaner = dehusk::Cleaner::builder().only(["none"]).expect("a name").build();
    let complaint = |shape: &Shape| {
        let page = Page::parse(&shape.page(SIZE));
        let article = cleaner.extract(&page);
        let start = Instant::now();
        let markdown = dehusk::markdown(&page, &article, true);
        let took = start.elapsed();
        let [written, there] = [&markdown, page.document().text()].map(|text| text.matches("kept").count());
        let is_wrong = took > LIMIT || written < there || markdown.len() > 100 * SIZE;
        is_wrong.then(|| format!("{}: {written} of {there} written, {took:?}, {} bytes", shape.name, markdown.len()))
    };
    let complaints: Vec<_> = SHAPES.iter().filter_map(complaint).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// What opens an element, or several, and what closes it.
const NESTS: [(&str, &str); 8] = [
    ("<div>", "</div>"),
    ("<span>", "</span>"),
    ("<b>", "</b>"),
    ("<font a=b c=d>", "</font>"),
    ("<blockquote>", "</blockquote>"),
    ("<ul><li>", "</li></ul>"),
    ("<ul><li>", "</ul>"),
    ("<table><tr><td>", "</td></tr></table>"),
];

const DEEPEST: usize = if cfg!(debug_assertions) { 10_000 } else { 1_000_000 };

/// Text before, in, between and behind elements, a quarter of which are left open.
#[test]
fn text_is_the_same_at_any_depth() {
    let depths = std::iter::successors(Some(1), |depth| Some(10 * depth)).take_while(|&depth| depth <= DEEPEST);
    for depth in depths {
        for (open, close) in NESTS {
            let (opens, half, quarter) = (open.repeat(depth), close.repeat(depth / 2), close.repeat(depth / 4));
            let html = format!("before {opens}text inside{half} and between{quarter} and behind");
            let expected = ["before", "text", "inside", "and", "between", "and", "behind"];
            let words: Vec<_> = Page::parse(&html).document().text().split_whitespace().map(str::to_owned).collect();
            assert_eq!(words, expected, "{open} {depth} deep");
        }
    }
}

/// A page must not vanish in an element that is not shown and was left open: it ends where others begin.
#[test]
fn nothing_vanishes_in_an_element_left_open() {
    let opens = [
        "<head><title>A title</title>",
        "<head><link>",
        "<table><colgroup>",
        "<svg><g>",
        "<select>",
        "<select><option>",
    ];
    for open in opens {
        let html = format!("{open}<p>some text");
        assert_eq!(Page::parse_flat(&html).document().text(), "some text", "{html}");
    }
    assert_eq!(Page::parse_flat("<head>some text").document().text(), "some text");
}

fn inputs() -> Vec<String> {
    serde_json::from_str(include_str!("../html5lib/inputs.json")).expect("an array of strings")
}

/// How often each letter stands in a text: what stays of it when tables and the like move pieces of it about.
fn letters(page: &Page) -> BTreeMap<char, usize> {
    let mut letters = BTreeMap::new();
    for letter in page.document().text().chars().filter(|c| !c.is_whitespace()) {
        *letters.entry(letter).or_default() += 1;
    }
    letters
}

/// An option behind a select that ended early: one way takes the text behind it for the option's, the other does not.
const LOST: &str = "<select><b><option><select><option></b></select>X";

#[test]
fn the_way_of_costly_pages_shows_what_the_usual_one_shows() {
    let mut losses = Vec::new();
    for html in inputs() {
        let (usual, flat) = (letters(&Page::parse(&html)), letters(&Page::parse_flat(&html)));
        if usual.iter().any(|(letter, count)| flat.get(letter) < Some(count)) {
            losses.push(html);
        }
    }
    assert_eq!(losses, [LOST]);
}
