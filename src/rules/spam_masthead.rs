//! The head that spam sites put above an article they copied.
//!
//! Brands, sections and separators change from site to site and the structure does not: a false breadcrumb that repeats
//! the title line with the brand before it, or the brand with a view line and a time stamp. So the rule compares lines
//! with each other and knows no names. What it finds is kept for the page: several rules dare more below a masthead.

use crate::document::Span;
use crate::lexicon::{Cue, Table, cues_of};
use crate::rule::{Findings, Level, Page, Rule};
use crate::words::is_spaceless;
use memchr::memmem;

pub(crate) const RULE: Rule = Rule {
    name: "spam-masthead",
    summary: "The head that spam sites put above a copied article: false breadcrumb, brand, view line, date",
    level: Level::Gentle,
    page: include_str!("pages/spam-masthead.md"),
    find,
};

/// How sure a brand is that a profile knows.
const KNOWN: f32 = 0.9;
/// A masthead stands among so many first blocks, and its lines follow each other so closely.
const HEAD_BLOCKS: usize = 14;
const REACH: usize = 4;
/// What stands between the steps of a breadcrumb, and how long one is with the title and before it.
const CRUMB_SIGNS: [char; 12] = ['»', '›', '→', '＞', '：', '＼', '〉', '▸', '⟩', '≫', '·', '•'];
const CRUMB_WORDS: u32 = 70;
const CRUMB_BYTES: usize = 120;
/// Longer than this no brand is, in bytes and words.
const BRAND_BYTES: usize = 72;
const BRAND_WORDS: usize = 7;
/// A time stamp with its label takes at most so many bytes.
const STAMP_BYTES: usize = 80;
/// A title with its brand has at most so many words.
const TITLE_WORDS: u32 = 50;
/// The least bytes of a title that a breadcrumb repeats.
const TITLE_BYTES: usize = 6;

/// A spam masthead, recognised by its structure: a breadcrumb line that ends in the title line, with a brand pushed
/// between; or the brand, a view line and a time stamp around the title.
#[derive(Debug)]
pub(crate) struct Masthead {
    crumb: Option<usize>,
    title: usize,
    /// The brand and its separator before the title.
    prefix: Option<Span>,
    view: Option<usize>,
    date: Option<usize>,
    /// Brands as the masthead writes them.
    pub brands: Vec<String>,
    /// Where the text below the masthead begins.
    pub end: usize,
}

fn find(page: &Page, out: &mut Findings) {
    let Some(masthead) = page.masthead() else { return find_known(page, out) };
    let sure = if masthead.crumb.is_some() { 0.98 } else { 0.9 };
    if let Some(crumb) = masthead.crumb {
        out.block(crumb, sure, "a breadcrumb that ends in the brand and the title");
    }
    if let Some(prefix) = &masthead.prefix {
        out.piece(prefix.clone(), sure - 0.01, "the brand before the title");
    }
    if let Some(view) = masthead.view {
        out.block(view, sure - 0.02, "a brand's line below the title");
    }
    if let Some(date) = masthead.date {
        out.block(date, sure - 0.02, "a time stamp below the title");
    }
}

/// Without a masthead that its structure gives away: brands that a profile knows, before the title or on a view line.
fn find_known(page: &Page, out: &mut Findings) {
    for (block, brand) in known_openings(page) {
        let start = page.blocks[block].body().start;
        out.piece(start..start + brand.end, KNOWN, "a spam brand that the profile knows, before the title");
    }
    let head = if page.known.has_brands() { page.blocks.len().min(HEAD_BLOCKS) } else { 0 };
    for block in (0..head).filter(|&i| page.blocks[i].words <= BRAND_WORDS as u32 + 1 && ends_in_view(page, i)) {
        if page.known.is_brand(&view_brand(page, block)) {
            out.block(block, KNOWN, "the line of a spam brand that the profile knows");
        }
    }
}

/// A brand that opens a line, and where what follows its separator begins in that line.
pub(super) struct Opening<'p> {
    pub name: &'p str,
    end: usize,
}

/// The lines near the top that a known brand opens, tight against its separator.
pub(super) fn known_openings<'p>(page: &'p Page) -> impl Iterator<Item = (usize, Opening<'p>)> {
    let head = if page.known.has_brands() { page.blocks.len().min(HEAD_BLOCKS) } else { 0 };
    (0..head).filter_map(|block| {
        let line = page.body(block);
        let separators = line.char_indices().take_while(|(at, _)| *at <= BRAND_BYTES);
        let mut openings = separators.filter(|&(_, c)| is_brand_separator(c)).filter_map(|(at, separator)| {
            let (name, end) = (&line[..at], at + separator.len_utf8());
            let is_title = line.len() - end >= TITLE_BYTES && !line[end..].starts_with(char::is_whitespace);
            (is_title && page.known.is_brand(name)).then_some(Opening { name, end })
        });
        openings.next().map(|opening| (block, opening))
    })
}

impl Masthead {
    pub fn find(page: &Page) -> Option<Masthead> {
        let head = page.blocks.len().min(HEAD_BLOCKS);
        (0..head)
            .find_map(|i| Self::with_crumb(page, i))
            .or_else(|| (0..head).find_map(|i| Self::without_crumb(page, i)))
    }

    /// The line `crumb` looks like a breadcrumb and ends in the brand and the title that a following line holds.
    fn with_crumb(page: &Page, crumb: usize) -> Option<Masthead> {
        let line = page.body(crumb);
        let cued = page.blocks[crumb].has(Table::Masthead, Cue::Label)
            || page.blocks[crumb].has_any(Table::Navigation, &[Cue::Start, Cue::Label]);
        if page.blocks[crumb].words > CRUMB_WORDS
            || !(cued || has_crumb_sign(&line[..line.floor_char_boundary(CRUMB_BYTES)]))
        {
            return None;
        }
        let mut titles = crumb + 1..(crumb + REACH).min(page.blocks.len());
        titles.find_map(|title| {
            let brand = brand(page, title, Some((line, cued)))?;
            Some(Self::below(page, Some(crumb), title, Some(brand)))
        })
    }

    /// Without a breadcrumb: the brand before the title, and both a view line and a time stamp below.
    fn without_crumb(page: &Page, title: usize) -> Option<Masthead> {
        // The cheapest question first: hardly a page has a time stamp on a line of its own near its top.
        date_below(page, title)?;
        let brand = brand(page, title, None)?;
        let masthead = Self::below(page, None, title, Some(brand));
        let view = masthead.view.is_some_and(|view| ends_in_view(page, view));
        view.then_some(masthead)
    }

    fn below(page: &Page, crumb: Option<usize>, title: usize, brand: Option<(Span, String)>) -> Masthead {
        let date = date_below(page, title);
        let view = (title + 1..(title + REACH).min(page.blocks.len())).find(|&i| {
            let block = &page.blocks[i];
            let short = block.words <= BRAND_WORDS as u32 + 1 && !block.shape.sentence_end && block.shape.capital;
            let placed = date != Some(i) && (date == Some(i + 1) || ends_in_view(page, i));
            short && placed && view_brand(page, i).contains(char::is_alphabetic)
        });
        let mut brands: Vec<String> = brand.iter().map(|(_, name)| name.clone()).collect();
        brands.extend(view.map(|view| view_brand(page, view)).filter(|name| name.len() >= 5));
        let last = date.into_iter().chain(view).max().unwrap_or(title);
        let end = page.blocks[last].line.1;
        Masthead { crumb, title, prefix: brand.map(|(span, _)| span), view, date, brands, end }
    }

    /// True for the lines of the masthead, the title's included.
    pub fn holds(&self, block: usize) -> bool {
        block == self.title || self.is_chrome(block)
    }

    /// True for the lines of the masthead other than the title's.
    pub fn is_chrome(&self, block: usize) -> bool {
        [self.crumb, self.view, self.date].contains(&Some(block))
    }
}

fn has_crumb_sign(text: &str) -> bool {
    let ascii = memchr::memchr3(b'>', b'/', b'|', text.as_bytes()).is_some() || text.contains('\\');
    ascii || (!text.is_ascii() && text.contains(CRUMB_SIGNS))
}

fn date_below(page: &Page, title: usize) -> Option<usize> {
    let mut near = title + 1..(title + REACH).min(page.blocks.len());
    near.find(|&i| page.blocks[i].shape.digit && is_time_stamp(page.body(i)))
}

/// The brand before the title: its span with the separator, and its name. A breadcrumb, where there is one, has to end in
/// the brand and the title too, with whatever separator between.
fn brand(page: &Page, title: usize, crumb: Option<(&str, bool)>) -> Option<(Span, String)> {
    if page.blocks[title].words > TITLE_WORDS {
        return None;
    }
    let line = page.body(title);
    let below = &page.document.text()[page.blocks[title].line.1..];
    let mut best: Option<(u32, usize, usize)> = None;
    for (at, separator) in line.char_indices().filter(|&(_, c)| is_brand_separator(c)) {
        let (name, rest) = (line[..at].trim_end(), line[at + separator.len_utf8()..].trim_start());
        if at > BRAND_BYTES || name.split_whitespace().count() > BRAND_WORDS {
            break;
        }
        if !is_brand(page, title, name, at) || rest.len() < TITLE_BYTES {
            continue;
        }
        let glued = match crumb {
            None => false,
            Some((crumb, cued)) => match in_crumb(crumb, cued, name, rest) {
                None => continue,
                Some(glued) => glued,
            },
        };
        // A full-width separator has its space in itself.
        let tight =
            separator.len_utf8() < 3 && name.len() == at && rest.len() + at + separator.len_utf8() == line.len();
        // Between spaces the name may be the article's own subject; only a spam brand is glued to the next word.
        let comes_again = insertions(below, name).any(|(_, glued)| glued);
        let score = 4 * u32::from(comes_again) + 2 * u32::from(tight) + 2 * u32::from(glued);
        // A brand that comes again in the text may hold a separator itself: then the longest is meant, else the first.
        if score >= 2 && best.is_none_or(|(other, ..)| score > other || (score == other && comes_again)) {
            best = Some((score, at, line.len() - rest.len()));
        }
    }
    let (_, at, end) = best?;
    let start = page.blocks[title].body.0;
    Some((start..start + end, line[..at].trim_end().to_owned()))
}

fn is_brand(page: &Page, title: usize, name: &str, at: usize) -> bool {
    let block = &page.blocks[title];
    // `Date: ...`, `You are here: ...` and the like open a line, and no brand does.
    let label = block.has(Table::Masthead, Cue::Label) && block.label as usize <= at + 4;
    name.len() >= 3 && !label && name.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase())
}

/// Whether a breadcrumb ends in the brand and the title; if so, whether the brand is glued to the step before it. A plain
/// breadcrumb that ends in a title with a colon in it is none: the brand has to be glued, or the site's name to follow.
fn in_crumb(crumb: &str, cued: bool, name: &str, title: &str) -> Option<bool> {
    let before = &crumb[..memmem::find(crumb.as_bytes(), title.as_bytes())?];
    let steps = before.trim_end_matches(|c: char| c.is_whitespace() || is_brand_separator(c)).strip_suffix(name)?;
    let is_crumb = !steps.is_empty() && steps.len() <= CRUMB_BYTES && (cued || has_crumb_sign(steps));
    let glued = steps.ends_with(char::is_alphanumeric);
    let signed = !crumb[before.len() + title.len()..].trim().is_empty();
    (is_crumb && (glued || signed)).then_some(glued)
}

fn is_brand_separator(c: char) -> bool {
    matches!(
        c,
        ':' | '-'
            | '|'
            | '–'
            | '—'
            | '：'
            | '｜'
            | '丨'
            | '•'
            | '·'
            | '»'
            | '~'
            | '_'
            | '►'
            | '>'
            | '・'
            | '/'
            | '―'
            | '‖'
            | '¦'
            | '→'
            | '#'
    )
}

/// Places where a brand was pushed into running text, as ranges of what has to go there: the brand stands where
/// another word would, glued to the next word or before one in lower case.
pub(super) fn insertions<'t>(text: &'t str, brand: &'t str) -> impl Iterator<Item = (Span, bool)> + 't {
    memmem::find_iter(text.as_bytes(), brand.as_bytes()).filter_map(move |at| {
        let end = at + brand.len();
        let before = text[..at].chars().next_back();
        let mut after = text[end..].chars();
        let next = after.next()?;
        // Where a script has no spaces, a brand in it is glued on both sides.
        let spaceless = is_spaceless(next) && before.is_some_and(is_spaceless) && brand.chars().count() >= 4;
        let open_before = spaceless || before.is_none_or(|c| !c.is_alphanumeric());
        // Glued to what follows; a brand in its own right ends with a space or a sign that closes.
        if !next.is_whitespace() && !".,;:!?)]}’'\"”»、。，…-–—/".contains(next) {
            return open_before.then_some((at..end, true));
        }
        if !open_before {
            return (next == ' ').then_some((at..end, true));
        }
        let mid_line = before.is_some_and(|c| c == ' ' || c == '\u{A0}');
        let goes_on = after.next().is_some_and(|c| c.is_alphanumeric() || "|-–—(\"'“‘$&".contains(c));
        (next == ' ' && mid_line && goes_on).then_some((at..end + 1, false))
    })
}

/// A label or none, then a date with a year in four digits, and perhaps a time: nothing else.
pub(super) fn is_time_stamp(line: &str) -> bool {
    if line.len() > STAMP_BYTES {
        return false;
    }
    let digits = line.find(|c: char| c.is_ascii_digit()).unwrap_or(line.len());
    let (label, stamp) = line.split_at(digits);
    let label = label.trim_end();
    let is_label = label.is_empty() || (label.ends_with([':', '：']) && label.split_whitespace().count() <= 3);
    let count = stamp.bytes().filter(u8::is_ascii_digit).count();
    let year_first = stamp.len() > 4 && stamp.as_bytes()[..4].iter().all(u8::is_ascii_digit);
    let year_last = stamp
        .split(['.', '/', '-', ' '])
        .nth(2)
        .is_some_and(|y| y.len() >= 4 && y.as_bytes()[..4].iter().all(u8::is_ascii_digit));
    let plain =
        stamp.chars().all(|c| c.is_ascii_digit() || "-/.:年月日时分秒時分秒 \u{A0}TZ+,APMapm년월일".contains(c));
    is_label && plain && (year_first || year_last) && (8..=20).contains(&count)
}

fn ends_in_view(page: &Page, block: usize) -> bool {
    let body = page.body(block);
    let last = body.rsplit(|c: char| c.is_whitespace() || c.is_ascii_digit()).find(|word| !word.is_empty());
    last.is_some_and(|word| is_view_word(word) && word.len() < body.len())
}

fn is_view_word(word: &str) -> bool {
    cues_of(word, 4).any(Table::Masthead, &[Cue::FewParts, Cue::Line])
}

/// The view line's brand: the line without its last word where that is a view word.
fn view_brand(page: &Page, view: usize) -> String {
    let body = page.body(view);
    match body.rsplit_once(char::is_whitespace) {
        Some((brand, last)) if is_view_word(last) => brand.trim_end().to_owned(),
        _ => body.to_owned(),
    }
}
