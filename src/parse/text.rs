//! Plain text to blocks: a line is a block.
//!
//! Most of an article's bytes stand in long lines, and what a long line is shows in its first words and its end; so
//! those are all that is read of it. Short lines, which may be anything, are read whole.

use crate::document::{Block, Marker, Shape};
use crate::lexicon::{LEXICON, WORDS_READ};
use crate::words::{self, Word};

/// Up to this many bytes a line is read whole.
const SHORT: usize = 140;
/// Words read of a longer one.
const WORDS_OF_LONG: usize = 12;
/// And at most so many bytes, should the words not come to an end.
const BYTES_OF_LONG: usize = 2048;
/// Copies are looked for among lines that share this many first words (twice as many characters without spaces).
pub(crate) const LEAD_WORDS: usize = 6;

/// The blocks of a text, in order. Lines end with LF, CR LF or a lone CR.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(text.len() / 80 + 4);
    let mut words = Vec::with_capacity(WORDS_READ);
    let mut start = 0;
    for end in memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()).chain([text.len()]) {
        blocks.extend(block(text, start, end, &mut words));
        start = end + 1;
    }
    blocks
}

/// The block of one line of a text.
pub(crate) fn block_of_line(text: &str, start: usize, end: usize) -> Option<Block> {
    block(text, start, end, &mut Vec::new())
}

pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}' | '\u{2060}')
}

fn block(text: &str, start: usize, end: usize, words: &mut Vec<Word>) -> Option<Block> {
    let line = &text[start..end];
    let content = line.trim_end_matches(is_blank);
    let content = content.trim_start_matches(is_blank);
    if content.is_empty() {
        return None;
    }
    let at = start + (content.as_ptr() as usize - line.as_ptr() as usize);
    let (marker, size) = marker(content);
    let body = &content[size..];
    words.clear();
    // A character of a script without spaces takes three bytes and says a third of a word.
    let scale = if body.starts_with(words::is_spaceless) { 3 } else { 1 };
    let long = body.len() > if scale > 1 { 2 * SHORT } else { SHORT };
    let whole = if long {
        words::cut(&body[..body.floor_char_boundary(BYTES_OF_LONG)], scale * WORDS_OF_LONG, words);
        false
    } else {
        words::cut(body, WORDS_READ, words)
    };
    let found = LEXICON.look_up(body, words, whole);
    Some(Block {
        line: (start, end),
        body: (at + size, at + content.len()),
        cues: found.cues,
        label: found.label_end,
        words: count(words, body, whole),
        lead: lead(words),
        shape: shape(body, words, whole),
        marker,
    })
}

/// Words of a body. Two characters of a script without spaces make about one word of other scripts.
fn count(words: &[Word], body: &str, whole: bool) -> u32 {
    let halves: usize = words.iter().map(Word::halves).sum();
    let read = words.last().map_or(0, |w| w.end as usize);
    let count = if whole || read == 0 { halves.div_ceil(2) } else { halves * body.len() / (2 * read) };
    count.min(u32::MAX as usize) as u32
}

fn lead(words: &[Word]) -> u64 {
    let need = if words.first().is_some_and(Word::is_spaceless) { 2 * LEAD_WORDS } else { LEAD_WORDS };
    if words.len() < need {
        return 0;
    }
    words[..need]
        .iter()
        .fold(0, |hash: u64, word| (hash.rotate_left(5) ^ word.hash).wrapping_mul(0x517c_c1b7_2722_0a95))
}

fn marker(content: &str) -> (Marker, usize) {
    let mut chars = content.chars();
    let first = chars.next().unwrap_or(' ');
    let rest = chars.as_str();
    let gap = rest.len() - rest.trim_start_matches(is_blank).len();
    match first {
        '•' | '●' | '▪' | '‣' | '◦' | '○' | '■' | '□' | '◆' | '►' | '▶' | '∙' | '⁃' | '・' => {
            (Marker::Bullet, first.len_utf8() + gap)
        }
        '-' | '*' | '+' | '–' | '—' | '·' | '»' | '›' | '>' | '→' | '✓' | '✔' | '★' if gap > 0 || rest.is_empty() => {
            (Marker::Bullet, first.len_utf8() + gap)
        }
        '0'..='9' => numbered(content),
        _ => (Marker::None, 0),
    }
}

/// `1. item`, `12) item`.
fn numbered(content: &str) -> (Marker, usize) {
    let digits = content.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &content[digits..];
    let Some(after) = rest.strip_prefix(['.', ')']) else { return (Marker::None, 0) };
    let gap = after.len() - after.trim_start_matches(is_blank).len();
    if digits > 3 || gap == 0 || gap == after.len() {
        return (Marker::None, 0);
    }
    (Marker::Number, digits + 1 + gap)
}

fn shape(body: &str, words: &[Word], whole: bool) -> Shape {
    let mut end =
        body.trim_end_matches(['"', '”', '’', '\'', '»', '“', ')', ']', '」', '』', '）', '*', '_', ' ', '\u{A0}']);
    if end.is_empty() {
        end = body;
    }
    let last = end.chars().next_back().unwrap_or(' ');
    let full_stop = matches!(last, '.' | '。' | '．' | '।' | '۔' | '։') && !end.ends_with("..");
    let mut shape = Shape {
        full_stop,
        sentence_end: full_stop || matches!(last, '!' | '?' | '…' | '！' | '？' | '؟' | ';' | '.'),
        colon_end: matches!(last, ':' | '：'),
        wordless: words.iter().all(Word::is_number),
        inner_sentence: !whole && body.len() > SHORT || inner_sentence(body, words),
        ..Shape::default()
    };
    if let Some(c) = words.first().and_then(|w| body[w.start as usize..].chars().next()) {
        shape.capital = !c.is_lowercase();
    }
    for word in words {
        let text = &body.as_bytes()[word.start as usize..word.end as usize];
        if text[0].is_ascii_lowercase() {
            shape.small += u8::from(text.len() >= 4);
        } else if text[0].is_ascii() || body[word.start as usize..].starts_with(char::is_uppercase) {
            shape.capitals += 1;
            shape.digit |= text[0].is_ascii_digit();
        } else if body[word.start as usize..].starts_with(char::is_lowercase) {
            shape.small += u8::from(text.len() >= 6);
        }
        shape.digit |= word.is_number();
    }
    if whole {
        let wide = || body.chars().filter(|c| matches!(c, '،' | '、' | '，')).count();
        let commas =
            memchr::memchr2_iter(b',', b';', body.as_bytes()).count() + if body.is_ascii() { 0 } else { wide() };
        shape.commas = commas.min(255) as u8;
    }
    shape
}

/// A word of three or more letters, a full stop or the like, and then another word that could begin a sentence.
fn inner_sentence(body: &str, words: &[Word]) -> bool {
    words.windows(2).any(|pair| {
        let (word, next) = (&pair[0], &pair[1]);
        let between = &body[word.end as usize..next.start as usize];
        let mut after = between.chars();
        let stop = after.next();
        let space = after.as_str().trim_start_matches(['"', '”', '’', ')', '»']).starts_with(char::is_whitespace);
        match stop {
            Some('。' | '！' | '？' | '।' | '۔' | '؟') => true,
            Some('.' | '!' | '?' | '…') => {
                word.end - word.start >= 3
                    && space
                    && body[word.start as usize..].chars().nth(1).is_some_and(char::is_lowercase)
                    && !body[next.start as usize..].starts_with(char::is_lowercase)
            }
            _ => false,
        }
    })
}
