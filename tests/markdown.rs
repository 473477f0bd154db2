//! Articles as Markdown: cases in `tests/markdown/*.toml`, and that a reader of Markdown finds the same words in it.

#![cfg(feature = "html")]

use dehusk::html::Page;
use dehusk::{Article, Cleaner, Removal, markdown};
use proptest::prelude::*;
use proptest::sample::select;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::Deserialize;
use std::fs;
use std::ops::Range;
use std::path::Path;

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    html: String,
    title: Option<String>,
    /// What is removed: where it stands first.
    #[serde(default)]
    cut: Vec<String>,
    #[serde(default)]
    links: bool,
    expected: String,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/markdown");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .flat_map(|path| {
            let source = fs::read_to_string(&path).unwrap();
            toml::from_str::<File>(&source).unwrap_or_else(|e| panic!("{}: {e}", path.display())).case
        })
        .collect()
}

/// The article that a page is without `gone`: sorted, disjoint ranges of its text.
fn article(page: &Page, title: Option<String>, gone: &[Range<usize>]) -> Article {
    let mut article = Cleaner::builder().only(["none"]).unwrap().build().extract(page);
    let text = page.document().text();
    article.title = title;
    article.removals = gone.iter().map(|span| removal(span.clone(), text)).collect();
    let starts = [0].into_iter().chain(gone.iter().map(|span| span.end));
    let ends = gone.iter().map(|span| span.start).chain([text.len()]);
    article.text = starts.zip(ends).map(|(start, end)| &text[start..end]).collect();
    article
}

fn removal(span: Range<usize>, text: &str) -> Removal {
    let mut removal = dehusk::clean("A title\n\nIts text.\n\nFacebook Twitter WhatsApp Email\n").removals.remove(0);
    removal.text = text[span.clone()].to_owned();
    removal.span = span;
    removal
}

#[test]
fn every_case_comes_out_as_it_says() {
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let page = Page::parse(&case.html);
        let text = page.document().text();
        let find = |cut: &String| text.find(cut).map(|at| at..at + cut.len()).unwrap_or_else(|| panic!("no {cut:?}"));
        let mut gone: Vec<_> = case.cut.iter().map(find).collect();
        gone.sort_by_key(|span| span.start);
        let found = markdown(&page, &article(&page, case.title, &gone), case.links);
        if found.trim_matches('\n') != case.expected.trim_matches('\n') {
            wrong.push(format!("{}:\n{}\nnot:\n{}", case.name, found, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The words a reader of Markdown sees.
fn words(markdown: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(piece) | Event::Code(piece) => text += &piece,
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. }) => {}
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link) => {}
            Event::Html(html) | Event::InlineHtml(html) => text += &format!("HTML! {html}"),
            Event::Rule => text += " RULE! ",
            Event::TaskListMarker(_) => text += " TASK! ",
            Event::Start(Tag::Image { .. }) => text += " IMAGE! ",
            Event::Start(Tag::Strikethrough) => text += " STRUCK! ",
            _ => text.push(' '),
        }
    }
    text.split_whitespace().map(str::to_owned).collect()
}

/// Pieces of text that Markdown could take for something else.
const ODD: &[&str] = &[
    "*",
    "**",
    "_",
    "__",
    "`",
    "``",
    "~~",
    "~",
    "#",
    "##",
    "-",
    "---",
    "+",
    "=",
    "===",
    "1.",
    "1)",
    "12.",
    "[a](b)",
    "![a](b)",
    "[a]:",
    "[a]: b",
    "[ ]",
    "[x]",
    "[^1]:",
    "<b>",
    "</b>",
    "<!--",
    "<3",
    "&amp;",
    "&",
    "\\",
    "\\*",
    "|",
    "|-|",
    "a|b",
    "a | b",
    ":-",
    ">",
    "$x$",
    "a*b",
    "a_b",
    "_a_",
    "*a*",
    "**a**",
    "`a`",
    "(a)",
    "\"a\"",
    "「語」",
    "日本",
    "é",
    "!",
    "http://a.example/b_c_d",
    "```",
    "~~~",
    "\u{00A0}",
    "…",
];

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![4 => select(ODD).prop_map(str::to_owned), 4 => "[a-z]{1,6}", 1 => "\\PC{1,4}"];
    let escape = |text: String| text.replace('&', "&amp;").replace('<', "&lt;");
    (prop::collection::vec((word, select(vec!["", " ", " "])), 1..6))
        .prop_map(move |words| escape(words.into_iter().map(|(word, space)| word + space).collect()))
}

fn inline() -> impl Strategy<Value = String> {
    text().prop_recursive(3, 12, 4, |inner| {
        let tag = select(vec!["b", "i", "code", "strong", "em", "a href=x", "a href='y(z)'", "span"]);
        (prop::collection::vec(inner, 1..4), tag, any::<bool>(), any::<bool>()).prop_map(|(inner, tag, left, right)| {
            let name = tag.split(' ').next().unwrap();
            let space = |is: bool| if is { " " } else { "" };
            format!("{}<{tag}>{}</{name}>{}", space(left), inner.concat(), space(right))
        })
    })
}

fn block() -> impl Strategy<Value = String> {
    let line = || prop::collection::vec(inline(), 1..3).prop_map(|pieces| pieces.concat());
    let paragraph = prop_oneof![
        4 => line().prop_map(|line| format!("<p>{line}</p>")),
        2 => (line(), line()).prop_map(|(a, b)| format!("<p>{a}<br>{b}</p>")),
        1 => line().prop_map(|line| format!("<h2>{line}</h2>")),
        1 => line(),
        1 => (line(), text()).prop_map(|(a, b)| format!("<pre>{a}\n  {b}</pre>")),
        1 => prop::collection::vec(prop::collection::vec(line(), 1..4), 1..4).prop_map(table),
    ];
    paragraph.prop_recursive(4, 16, 4, |inner| {
        let open = select(vec!["<blockquote>", "<ul><li>", "<ol><li>", "<ol start=7><li>", "<ul>", "<li>", "<div>"]);
        (prop::collection::vec((inner, any::<bool>()), 1..4), open).prop_map(|(inner, open)| {
            let close = match &open[..3] {
                "<bl" => "</blockquote>",
                "<ul" => "</ul>",
                "<ol" => "</ol>",
                "<li" => "</li>",
                _ => "</div>",
            };
            let item = |is: bool| if is && open.contains('l') && !open.contains('b') { "<li>" } else { "" };
            let inner: String = inner.into_iter().map(|(block, is_item)| block + item(is_item)).collect();
            format!("{open}{inner}{close}")
        })
    })
}

fn table(rows: Vec<Vec<String>>) -> String {
    let row = |cells: Vec<String>| format!("<tr><td>{}", cells.join("<td>"));
    format!("<table>{}</table>", rows.into_iter().map(row).collect::<String>())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reader_finds_the_same_words(
        blocks in prop::collection::vec(block(), 1..4),
        links in any::<bool>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..3),
    ) {
        let page = Page::parse(&blocks.concat());
        let text = page.document().text();
        let mut gone: Vec<Range<usize>> = Vec::new();
        let lines: Vec<_> = page.document().blocks().iter().map(|block| block.span()).collect();
        let mut cut: Vec<_> = cuts.iter().filter(|_| !lines.is_empty()).map(|(line, at)| {
            let line = lines[line.index(lines.len())].clone();
            (line.clone(), text.floor_char_boundary(line.start + at.index(line.len())))
        }).collect();
        cut.sort_by_key(|(line, at)| (line.start, *at));
        for (line, at) in cut {
            if gone.last().is_none_or(|before| before.end < line.start) {
                gone.push(at..line.end);
            }
        }
        let article = article(&page, None, &gone);
        let expected: Vec<_> = article.text.split_whitespace().map(str::to_owned).collect();
        let markdown = markdown(&page, &article, links);
        prop_assert_eq!(words(&markdown), expected, "{}", markdown);
    }
}
