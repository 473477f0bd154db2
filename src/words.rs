//! Words as rules see them: folded, hashed, with their place in the text.
//!
//! Rules compare words, never bytes: `Größe`, `GRÖSSE` and `grosse` are one word, and so are `Ｍｅｎｕ` and `menu`.
//! Folding happens while the text is cut, and each word keeps only a 64-bit hash of its folded form, so that a lookup in
//! the lexicon costs one table access and no allocation.

use unicode_normalization::UnicodeNormalization;

/// One word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    /// Hash of the folded word; [`NUMBER`] for a number.
    pub hash: u64,
    /// Byte range in the text that was cut.
    pub start: u32,
    pub end: u32,
    /// A character of a script that puts no spaces between words: a word by itself.
    pub spaceless: bool,
}

/// The hash that every number has: rules care that there is one, not which.
pub(crate) const NUMBER: u64 = 1;
/// The hash of `©`, the one sign that counts as a word.
const COPYRIGHT_SIGN: u64 = 2;

// FNV-1a, 64 bits (Fowler, Noll, Vo): one multiplication a byte, good enough for words.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

fn mix(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(PRIME)
}

/// What a character does while text is cut into words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Separator,
    Letter,
    Digit,
    /// Vanishes between letters (`don't`), separates elsewhere.
    Apostrophe,
    /// Vanishes everywhere: zero-width characters, soft hyphens, direction marks.
    Nothing,
    /// A word by itself.
    Spaceless,
    CopyrightSign,
}

fn class(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '\'' | '\u{2019}' | '\u{02BC}' | '\u{FF07}' => Class::Apostrophe,
        '\0'..='\u{7F}' => Class::Separator,
        '©' => Class::CopyrightSign,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => Class::Nothing,
        '\u{FF10}'..='\u{FF19}' => Class::Digit,
        c if is_spaceless(c) => Class::Spaceless,
        c if c.is_alphabetic() || is_mark(c) => Class::Letter,
        c if c.is_numeric() => Class::Digit,
        _ => Class::Separator,
    }
}

/// Scripts written without spaces between words: Han, Kana, Thai, Lao, Khmer, Myanmar (Unicode blocks).
pub(crate) fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{0E01}'..='\u{0E4E}' | '\u{0E81}'..='\u{0EDF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17D3}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{323AF}')
}

/// Marks that belong to the letter before them in scripts that write vowels as marks (Brahmic scripts and others).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05C7}' | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}' | '\u{0900}'..='\u{0903}'
        | '\u{093A}'..='\u{094F}' | '\u{0951}'..='\u{0957}' | '\u{0962}'..='\u{0963}' | '\u{0981}'..='\u{0983}'
        | '\u{09BC}'..='\u{09CD}' | '\u{0A01}'..='\u{0A03}' | '\u{0A3C}'..='\u{0A4D}' | '\u{0B82}'..='\u{0B83}'
        | '\u{0BBE}'..='\u{0BCD}' | '\u{0C00}'..='\u{0C04}' | '\u{0C3E}'..='\u{0C4D}')
}

/// Scripts whose marks and accents do not tell words apart well enough to insist on them: Latin, Greek, Cyrillic,
/// Hebrew, Arabic, and the full-width and half-width forms.
fn is_decomposed(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{6FF}' | '\u{1E00}'..='\u{1FFF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}'
        | '\u{FB00}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{FF00}'..='\u{FFEF}')
}

/// Calls `out` with the folded form of `c`: lower case, without accents, in its plain width.
fn fold(c: char, mut out: impl FnMut(char)) {
    let mut lower = |c: char| {
        for c in c.to_lowercase() {
            match c {
                'ß' => ['s', 's'].into_iter().for_each(&mut out),
                'æ' => ['a', 'e'].into_iter().for_each(&mut out),
                'œ' => ['o', 'e'].into_iter().for_each(&mut out),
                'ø' => out('o'),
                'ł' => out('l'),
                'đ' | 'ð' => out('d'),
                'ı' => out('i'),
                'ς' => out('σ'),
                'ي' | 'ى' | 'ی' => out('ي'),
                'ك' | 'ک' => out('ك'),
                'ة' => out('ه'),
                'ـ' => {} // tatweel stretches a word and says nothing
                c if is_mark(c) && is_decomposed(c) => {}
                c => out(c),
            }
        }
    };
    if is_decomposed(c) { c.nfkd().for_each(lower) } else { lower(c) }
}

/// Cuts `text` into at most `limit` words, appended to `words`. Returns true where the whole text was read.
pub(crate) fn cut(text: &str, limit: usize, words: &mut Vec<Word>) -> bool {
    let mut cutter = Cutter { words, limit, text: text.as_bytes(), at: 0 };
    cutter.run(text)
}

struct Cutter<'a> {
    words: &'a mut Vec<Word>,
    limit: usize,
    text: &'a [u8],
    at: usize,
}

impl Cutter<'_> {
    fn run(&mut self, text: &str) -> bool {
        let full = self.words.len() + self.limit;
        while self.at < self.text.len() {
            let (c, size) = char_at(text, self.at);
            match class(c) {
                Class::Separator | Class::Nothing | Class::Apostrophe => self.at += size,
                kind => {
                    if self.words.len() == full {
                        return false;
                    }
                    let word = match kind {
                        Class::Digit => self.number(text),
                        Class::Letter => self.word(text, SEED),
                        _ => self.sign(c, size, kind),
                    };
                    self.words.push(word);
                }
            }
        }
        true
    }

    fn sign(&mut self, c: char, size: usize, kind: Class) -> Word {
        let start = self.at;
        self.at += size;
        let hash = if kind == Class::CopyrightSign { COPYRIGHT_SIGN } else { hash_char(SEED, c) };
        Word { hash, start: start as u32, end: self.at as u32, spaceless: kind == Class::Spaceless }
    }

    /// Letters, digits and marks up to the next character that separates; `hash` is what came before.
    fn word(&mut self, text: &str, mut hash: u64) -> Word {
        let start = self.at;
        let mut end = self.at;
        while self.at < self.text.len() {
            let byte = self.text[self.at];
            if byte.is_ascii_alphanumeric() {
                hash = mix(hash, byte.to_ascii_lowercase());
                self.at += 1;
                end = self.at;
                continue;
            }
            let (c, size) = char_at(text, self.at);
            match class(c) {
                Class::Letter | Class::Digit => {
                    hash = hash_char(hash, c);
                    self.at += size;
                    end = self.at;
                }
                Class::Apostrophe if self.letter_follows(text, size) => self.at += size,
                Class::Nothing => self.at += size,
                _ => break,
            }
        }
        Word { hash, start: start as u32, end: end as u32, spaceless: false }
    }

    fn letter_follows(&self, text: &str, size: usize) -> bool {
        let next = self.at + size;
        next < self.text.len() && class(char_at(text, next).0) == Class::Letter
    }

    /// A number with its inner separators and a short unit: `1,024`, `12:30`, `3.5k`, `21st`. Digits that letters follow
    /// otherwise (`4chan`) begin a word.
    fn number(&mut self, text: &str) -> Word {
        let start = self.at;
        let mut hash = SEED;
        while self.at < self.text.len() {
            let (c, size) = char_at(text, self.at);
            let inner = matches!(c, '.' | ',' | ':' | '/' | '\u{2019}' | '\u{202F}') && self.digit_follows(text, size);
            if class(c) == Class::Digit || inner {
                hash = hash_char(hash, c);
                self.at += size;
            } else {
                break;
            }
        }
        let digits = self.at;
        if self.at < self.text.len() && class(char_at(text, self.at).0) == Class::Letter {
            let word = self.word(text, hash);
            let unit = word.end as usize - digits;
            if unit > 2 {
                return Word { start: start as u32, ..word };
            }
        }
        Word { hash: NUMBER, start: start as u32, end: self.at as u32, spaceless: false }
    }

    fn digit_follows(&self, text: &str, size: usize) -> bool {
        let next = self.at + size;
        next < self.text.len() && class(char_at(text, next).0) == Class::Digit
    }
}

fn char_at(text: &str, at: usize) -> (char, usize) {
    let byte = text.as_bytes()[at];
    if byte < 0x80 {
        return (byte as char, 1);
    }
    let c = text[at..].chars().next().unwrap_or('\u{FFFD}');
    (c, c.len_utf8())
}

fn hash_char(hash: u64, c: char) -> u64 {
    if c.is_ascii() {
        return mix(hash, c.to_ascii_lowercase() as u8);
    }
    let mut hash = hash;
    let mut buffer = [0; 4];
    fold(c, |c| {
        for &byte in c.encode_utf8(&mut buffer).as_bytes() {
            hash = mix(hash, byte);
        }
    });
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<u64> {
        let mut words = Vec::new();
        cut(text, usize::MAX >> 1, &mut words);
        words.iter().map(|w| w.hash).collect()
    }

    #[test]
    fn folding_meets() {
        for (a, b) in [
            ("GRÖSSE", "große"),
            ("Ｍｅｎｕ", "menu"),
            ("İSTANBUL", "istanbul"),
            ("Εγγραφή", "εγγραφη"),
            ("don’t", "dont"),
            ("Paylaş", "PAYLAS"),
            ("шапка", "ШАПКА"),
            ("ﾒﾆｭｰ", "メニュー"),
        ] {
            assert_eq!(hashes(a), hashes(b), "{a} and {b}");
        }
        assert_ne!(hashes("हिंदी"), hashes("हद"));
    }

    #[test]
    fn numbers_are_one_word() {
        for text in ["12", "1,024", "12:30", "3.5k", "21st", "１２"] {
            assert_eq!(hashes(text), [NUMBER], "{text}");
        }
        assert_eq!(hashes("0:00 / 2:31").len(), 2);
        assert_ne!(hashes("4chan"), [NUMBER]);
    }

    #[test]
    fn spaceless_characters_are_words() {
        assert_eq!(hashes("関連記事 Menu").len(), 5);
        assert_eq!(hashes("ข่าวล่าสุด").len(), 10);
    }
}
