//! Texts to try: any string at all, and strings put together from what scraped pages are made of.

use proptest::prelude::*;
use proptest::sample::select;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Any string, or a page.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![1 => any::<String>(), 1 => page(), 1 => spam_page(), 1 => (page(), page()).prop_map(|(a, b)| a + &b)]
}

/// Lines of all kinds, in elements of all kinds: opened, closed, and left as they are.
pub fn html() -> impl Strategy<Value = String> {
    let tag = (select(TAGS), select(ATTRIBUTES)).prop_map(|(tag, attributes)| format!("<{tag}{attributes}>"));
    let piece = prop_oneof![
        4 => tag,
        2 => select(TAGS).prop_map(|tag| format!("</{tag}>")),
        4 => (select(TAGS), select(ATTRIBUTES), line()).prop_map(|(tag, has, line)| format!("<{tag}{has}>{line}</{tag}>")),
        3 => line(),
        1 => select(SCRAPS).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop_oneof![1 => any::<String>(), 8 => prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())]
}

/// Lines of all kinds below each other.
fn page() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..24).prop_map(|lines| lines.concat())
}

/// A page as spam sites make them: the masthead, and its brand again in what follows.
fn spam_page() -> impl Strategy<Value = String> {
    let separator = select(vec![":", " - ", "：", " | ", "·"]);
    let sign = select(vec![" > ", " » ", "/", ""]);
    let date = select(vec!["Date:2024-05-01 10:20:30\n", "2024-05-01 10:20\r\n", ""]);
    (
        brand(),
        headline(),
        separator,
        sign,
        date,
        page(),
        prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3), 0..6),
    )
        .prop_map(|(brand, title, separator, sign, date, mut page, places)| {
            for (place, glue) in places {
                let at = page.floor_char_boundary(place.index(page.len() + 1));
                page.insert_str(at, &[brand.clone(), format!(" {brand}"), format!(" {brand} ")][glue]);
            }
            let crumb =
                if sign.is_empty() { String::new() } else { format!("Home{sign}News{brand}{separator}{title}\n") };
            format!("{crumb}{brand}{separator}{title}\n{brand} View\n{date}{page}")
        })
}

fn line() -> impl Strategy<Value = String> {
    let body = prop_oneof![
        6 => select(PHRASES.as_slice()).prop_map(str::to_owned),
        3 => headline(),
        3 => paragraph(),
        1 => (headline(), select(vec![" (Photo: Jane Doe/AP)", " Foto: dpa", "（共同）", " / Reuters"])).prop_map(|(a, b)| a + b),
        1 => select(ODDITIES).prop_map(str::to_owned),
        1 => (select(ODDITIES), 1_usize..2000).prop_map(|(odd, times)| odd.repeat(times)),
        1 => "\\PC{0,20}",
        1 => Just(String::new()),
    ];
    let marker =
        prop_oneof![4 => Just(""), 2 => select(vec!["- ", "• ", "* ", "1. ", "12) ", "-", "\u{200B}- ", "  "])];
    let label = prop_oneof![5 => Just(""), 1 => select(PHRASES.as_slice())];
    let behind_label = select(vec![": ", "：", " | ", ", ", " "]);
    let end = select(vec!["\n", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\u{2028}", " \n \n", "\n\0", ""]);
    let times = prop_oneof![6 => Just(1), 1 => 2_usize..5];
    (marker, label, behind_label, body, end, times).prop_map(|(marker, label, behind_label, body, end, times)| {
        let label = if label.is_empty() { String::new() } else { label.to_owned() + behind_label };
        format!("{marker}{label}{body}{end}").repeat(times)
    })
}

fn brand() -> impl Strategy<Value = String> {
    select(vec!["Rekubit Exchange", "Aaaa", "Acme: World", "ÉTOILE", "橋本財務", "Новости", "Brand Brand"])
        .prop_map(str::to_owned)
}

fn headline() -> impl Strategy<Value = String> {
    prop::collection::vec(select(WORDS), 1..12).prop_map(|words| {
        let line = words.join(" ");
        line[..1].to_uppercase() + &line[1..]
    })
}

/// One to five sentences.
fn paragraph() -> impl Strategy<Value = String> {
    let sentence = (headline(), headline(), select(vec![".", ".", "?", "!”", "…", "."]));
    let sentence = sentence.prop_map(|(a, b, end)| format!("{a}, {b}{end}"));
    prop::collection::vec(sentence, 1..5).prop_map(|sentences| sentences.join(" "))
}

const TAGS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "a",
    "b",
    "span",
    "ul",
    "li",
    "nav",
    "main",
    "article",
    "aside",
    "footer",
    "table",
    "tr",
    "td",
    "pre",
    "title",
    "figure",
    "figcaption",
    "form",
    "button",
    "select",
    "option",
    "details",
    "summary",
    "noscript",
    "template",
    "script",
    "svg",
    "br",
    "blockquote",
    "time",
    "body",
];

const ATTRIBUTES: &[&str] = &[
    "",
    "",
    " class=share",
    " class=\"post-content entry\"",
    " class=comments id=related",
    " href=/a",
    " hidden",
    " style=display:none",
    " itemprop=headline",
    " datetime=2024-05-01",
];

const SCRAPS: &[&str] = &[
    "<!doctype html>",
    "<!--",
    "-->",
    "<![CDATA[",
    "&nbsp;",
    "&#0;",
    "&copy",
    "<meta property=og:title content=\"The bridge opens in spring\">",
    "<script type=application/ld+json>{\"@type\":\"Article\",\"headline\":\"The bridge\"}</script>",
    "<p class='",
    "<",
];

/// So few that lines often open alike.
const WORDS: &[&str] =
    &["the", "bridge", "over", "river", "minister", "opens", "in", "Spring", "Home", "2024", "photo", "by"];

const ODDITIES: &[&str] = &[
    "\u{200B}",
    "\u{FEFF}",
    "\u{202E}",
    "\u{2066}",
    "\0",
    "\u{AD}",
    "e\u{301}",
    "\u{1F469}\u{200D}\u{1F680}",
    "橋は春に開く。",
    "ข่าวล่าสุด",
    "पढ़ें",
    "1,",
    "a'",
    "(",
    "[",
    "\".",
    "©",
    "＝撮影",
    "#tag ",
    "a:",
    "A>",
    "x",
    "İ",
    "ß",
    "\u{A0}",
    "...",
    "/",
];

/// Phrases of every language in the lexicon, with something for `*` and `#`.
static PHRASES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lexicon");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut phrases: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .flat_map(|path| phrases_of(&fs::read_to_string(path).unwrap()))
        .map(|phrase| phrase.replace('*', "Daily Ledger").replace('#', "12"))
        .collect();
    phrases.sort();
    phrases.into_iter().map(|phrase| &*phrase.leak()).collect()
});

fn phrases_of(language: &str) -> Vec<String> {
    let tables: toml::Table = language.parse().unwrap();
    let keys = tables.values().filter_map(|table| table.as_table()).flat_map(|table| table.values());
    keys.filter_map(|key| key.as_array()).flatten().filter_map(|phrase| phrase.as_str().map(str::to_owned)).collect()
}
