//! Authors: the names alone.

use super::claims::{Claim, Claims, Field, Source};
use super::title::Sites;

/// The names of the page's authors, from the most trusted source that has any.
///
/// Persons are preferred to the like of `Post Staff`, and both to the site's own name, which systems put where they know
/// no author, and to `admin`.
pub(super) fn choose(claims: &Claims, sites: &Sites) -> Vec<String> {
    let all: Vec<&Claim> = claims.of(Field::Author).collect();
    let sources: Vec<(Source, Vec<String>)> =
        all.chunk_by(|a, b| a.source == b.source).map(|claims| (claims[0].source, names(claims))).collect();
    let of = |last: Source, least: Weight| {
        let known = sources.iter().filter(|(source, _)| *source <= last);
        let names = known.map(|(_, names)| names.iter().filter(|name| weight(name, sites) >= least).cloned());
        names.map(Vec::from_iter).find(|names| !names.is_empty())
    };
    of(Source::Marked, Weight::Person)
        .or_else(|| of(Source::Marked, Weight::Office))
        .or_else(|| of(Source::Last, Weight::Person))
        .or_else(|| of(Source::Last, Weight::Nobody))
        .unwrap_or_default()
}

/// How much of an author a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Nobody,
    Office,
    Person,
}

fn weight(name: &str, sites: &Sites) -> Weight {
    let lower = name.to_lowercase();
    let is_office = |word| matches!(word, "staff" | "team" | "editors" | "redaktion" | "newsroom" | "desk");
    match &*lower {
        "admin" | "administrator" | "staff" | "editor" | "guest" | "anonymous" | "user" | "webmaster" | "root" => {
            Weight::Nobody
        }
        _ if lower.split(' ').any(is_office) => Weight::Office,
        _ if sites.are_like(name) => Weight::Nobody,
        _ => Weight::Person,
    }
}

/// So many names are kept.
const NAMES: usize = 64;

/// So many authors are linked from an article; where more are, they are those of other articles.
const MARKED: usize = 4;

/// The names in the claims of one source.
fn names(claims: &[&Claim]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: String| {
        if names.len() < NAMES && names.iter().all(|known| known.to_lowercase() != name.to_lowercase()) {
            names.push(name);
        }
    };
    match claims[0].source {
        source @ (Source::Shown | Source::Guess | Source::Last) => {
            // Users are called as they like, but only where a class says that it is a user.
            let user = |name: &str| (source == Source::Guess && !name.contains(' ')).then(|| name.to_owned());
            // The first piece that holds names: roles, dates and the like stand in the pieces behind it.
            let pieces = claims.iter().flat_map(|claim| claim.value.split('|'));
            let names = pieces.map(|piece| {
                split(piece).iter().filter_map(|name| user(name).or_else(|| proper(name))).collect::<Vec<_>>()
            });
            names.into_iter().find(|names| !names.is_empty()).unwrap_or_default().into_iter().for_each(&mut add);
        }
        Source::Marked => {
            claims.iter().filter_map(|claim| claim.value.split('|').find_map(name)).for_each(&mut add);
            if names.len() > MARKED {
                names.truncate(1);
            }
        }
        _ => claims.iter().flat_map(|claim| split(&claim.value)).for_each(&mut add),
    }
    names
}

/// What stands between names.
const BETWEEN: &[&str] = &[";", "|", ",", " and ", " & ", " und ", " et ", " / ", " • ", " · ", " with ", " - ", " – "];

/// The names in a value.
fn split(value: &str) -> Vec<String> {
    let value = unlabelled(value);
    if let Some((last, first)) = value.split_once(", ").filter(|(last, first)| is_word(last) && is_word(first)) {
        // `Merrow, Dana`, but not `Merrow, MD`.
        return if is_degree(first) { vec![last.to_owned()] } else { vec![format!("{first} {last}")] };
    }
    let mut pieces = vec![value];
    for between in BETWEEN {
        pieces = pieces.into_iter().flat_map(|piece| piece.split(between)).collect();
    }
    pieces.into_iter().filter_map(name).collect()
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
}

/// So long is a name at most, in bytes and words.
const LENGTH: usize = 80;
const WORDS: usize = 6;

/// A name in a piece of text.
fn name(piece: &str) -> Option<String> {
    let around =
        |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '–' | '—' | '|' | '"' | '“' | '”' | '•' | '·');
    let name = undated(unlabelled(piece.trim_matches(around))).trim_matches(around);
    let lower = name.to_lowercase();
    let is_name = (2..=LENGTH).contains(&name.len())
        && name.split(' ').count() <= WORDS
        && name.contains(char::is_alphabetic)
        && !name.contains(['@', '/', '{', '<', '?', '!'])
        && !lower.starts_with("www.")
        && !is_label(name)
        && !is_degree(name)
        && !is_nobody(&lower)
        && !has_role(&lower);
    is_name.then(|| name.to_owned())
}

/// The words at the beginning that can be a name's: each with a capital, but for `van` and the like. Less than all of
/// them has to be two at least, or it is only how a sentence begins.
fn proper(name: &str) -> Option<String> {
    let is_capital = |word: &&str| word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    let words: Vec<&str> = name.split(' ').take_while(|word| is_capital(word) || PARTICLES.contains(word)).collect();
    let is_name = words.first().is_some_and(is_capital) && (words.len() >= 2 || words[0].len() == name.len());
    is_name.then(|| words.join(" "))
}

/// Small words in names.
const PARTICLES: &[&str] =
    &["al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "el", "la", "le", "van", "von", "y", "zu"];

/// The text before a date or another number. In a single word numbers may stand: users have such names.
fn undated(text: &str) -> &str {
    let is_number = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let mut at = 0;
    let mut before = "";
    for word in text.split(' ') {
        let next = text[at + word.len()..].trim_start().split(' ').next().unwrap_or("");
        let begins_date = is_number(word) && at > 0 || is_number(next) && super::date::month(word).is_some();
        if begins_date {
            let end = if matches!(before, "on" | "am" | "le") { at - before.len() - 1 } else { at };
            return text[..end].trim_end();
        }
        before = word;
        at += word.len() + 1;
        if at > text.len() {
            break;
        }
    }
    text
}

/// True for what stands before a name and is none.
pub(super) fn is_label(text: &str) -> bool {
    !text.is_empty() && unlabelled(&format!("{} ", text.trim_end_matches([' ', ':']))).is_empty()
}

/// The text without `By` and the like before it.
pub(super) fn unlabelled(text: &str) -> &str {
    let mut text = text;
    for label in LABELS {
        let trimmed = text.trim_start();
        let Some((head, rest)) = trimmed.split_at_checked(label.len()) else { continue };
        if rest.starts_with([' ', ':', '\u{A0}', '\n']) && head.to_lowercase() == *label {
            text = rest.trim_start_matches([' ', ':', '\u{A0}', '\n']);
        }
    }
    text
}

/// In the order in which they stand.
const LABELS: &[&str] = &[
    "this",
    "article",
    "post",
    "was",
    "story",
    "text",
    "words",
    "written",
    "posted",
    "published",
    "authored",
    "created",
    "reviewed",
    "author",
    "authors",
    "escrito",
    "verfasst",
    "écrit",
    "scritto",
    "geschreven",
    "napisane",
    "by",
    "von",
    "por",
    "par",
    "przez",
    "od",
    "av",
    "af",
    "door",
];

/// `PhD`, `M.D.`, `Jr.`
fn is_degree(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let small = letters().filter(|c| c.is_lowercase()).count();
    let is_short = text.len() <= 7 && !text.contains(' ') && (2..=5).contains(&letters().count());
    is_short
        && (small <= 1 && letters().count() > small + 1 || matches!(text.trim_end_matches('.'), "Jr" | "Sr" | "Esq"))
}

fn is_nobody(lower: &str) -> bool {
    let first = lower.split(' ').next().unwrap_or("");
    matches!(
        lower,
        "null"
            | "undefined"
            | "none"
            | "unknown"
            | "n/a"
            | "na"
            | "false"
            | "true"
            | "and"
            | "ago"
            | "tags"
            | "reply"
            | "via"
            | "on"
            | "or"
            | "updated"
            | "published"
            | "time"
            | "under"
            | "share"
    ) || lower.contains(' ')
        && matches!(
            first,
            "view"
                | "read"
                | "more"
                | "sign"
                | "log"
                | "about"
                | "follow"
                | "share"
                | "see"
                | "last"
                | "updated"
                | "min"
                | "posts"
        )
}

/// `Senior Editor` is none.
fn has_role(lower: &str) -> bool {
    let is_role = |word: &str| {
        matches!(word, "editor" | "reporter" | "writer" | "correspondent" | "contributor" | "journalist")
            || matches!(
                word,
                "director" | "manager" | "founder" | "co-founder" | "ceo" | "professor" | "head" | "analyst"
            )
    };
    lower.contains(' ') && lower.split(' ').any(is_role)
}
