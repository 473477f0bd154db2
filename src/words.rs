//! Words as rules see them: folded, hashed, with their place in the text.
//!
//! Rules compare words, never bytes: `Größe`, `GRÖSSE` and `grosse` are one word, and so are `Ｍｅｎｕ` and `menu`.
//! Folding happens while the text is cut, and each word keeps only a 64-bit hash of its folded form, so that a lookup in
//! the lexicon costs one table access and no allocation.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// One word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    /// Hash of the folded word; of a number, of its digits as they stand.
    pub hash: u64,
    /// Byte range in the text that was cut.
    pub start: u32,
    pub end: u32,
    pub kind: Kind,
}

/// What kind of word a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Number,
    /// A character of a script that puts no spaces between words: a word by itself.
    Spaceless,
}

impl Word {
    /// What the lexicon knows the word by: every number is one to it.
    pub fn key(&self) -> u64 {
        if self.kind == Kind::Number { NUMBER } else { self.hash }
    }

    pub fn is_number(&self) -> bool {
        self.kind == Kind::Number
    }

    pub fn is_spaceless(&self) -> bool {
        self.kind == Kind::Spaceless
    }

    /// How much of a word it is, in halves: two characters without spaces make about one word of other scripts.
    pub fn halves(&self) -> usize {
        if self.is_spaceless() { 1 } else { 2 }
    }
}

/// The key that every number has: the lexicon cares that there is one, not which.
const NUMBER: u64 = 1;
/// The hash of `©`, the one sign that counts as a word.
const COPYRIGHT_SIGN: u64 = 2;

/// Mixes eight bytes into a hash: multiplication and fold, as wyhash does (Wang Yi, 2019).
pub(crate) fn mix(hash: u64, bytes: u64) -> u64 {
    let product = u128::from(hash ^ bytes) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
    (product as u64) ^ (product >> 64) as u64
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The bit that makes an ASCII letter small, in each of eight bytes.
const SMALL: u64 = 0x2020_2020_2020_2020;

/// How many of eight bytes, from the lowest on, are ASCII letters or digits.
fn plain_length(eight: u64) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let each = |byte: u8| u64::from(byte) * 0x0101_0101_0101_0101;
    // Adding to seven-bit bytes never carries into the next: a high bit then says that a bound is reached.
    let low = eight & !HIGH;
    let within = |bytes: u64, from: u8, to: u8| (bytes + each(0x80 - from)) & !(bytes + each(0x7F - to));
    let plain = (within(low | SMALL, b'a', b'z') | within(low, b'0', b'9')) & !eight & HIGH;
    ((plain ^ HIGH).trailing_zeros() / 8) as usize
}

/// Hashes a folded word, eight bytes at a time. ASCII letters may come in either case: a set sixth bit makes them
/// small, and changes neither digits nor the bytes of other characters in a way that makes two words one.
fn hash(word: &[u8]) -> u64 {
    let mut hasher = Hasher::default();
    word.iter().for_each(|&byte| hasher.push(byte));
    hasher.finish()
}

/// The hash of a text as it stands, but for the case of ASCII letters.
pub(crate) fn text_hash(text: &str) -> u64 {
    hash(text.as_bytes())
}

/// [`hash`], byte by byte.
struct Hasher {
    hash: u64,
    eight: u64,
    bytes: u32,
}

impl Default for Hasher {
    fn default() -> Self {
        Hasher { hash: SEED, eight: 0, bytes: 0 }
    }
}

impl Hasher {
    fn push(&mut self, byte: u8) {
        self.eight |= u64::from(byte) << (8 * self.bytes);
        self.bytes += 1;
        if self.bytes == 8 {
            *self = Hasher { hash: mix(self.hash, self.eight | SMALL), eight: 0, bytes: 0 };
        }
    }

    /// Adds the folded form of a character.
    fn push_char(&mut self, c: char) {
        if c.is_ascii() {
            return self.push(c as u8);
        }
        if let Some(known) = FOLDED.get(c as usize) {
            return known.bytes[..known.len as usize].iter().for_each(|&byte| self.push(byte));
        }
        let mut buffer = [0; 4];
        if is_decomposed(c) {
            return fold(c, |c| c.encode_utf8(&mut buffer).bytes().for_each(|byte| self.push(byte)));
        }
        // Beyond the table scripts have neither case nor marks that are folded.
        c.encode_utf8(&mut buffer).bytes().for_each(|byte| self.push(byte));
    }

    fn finish(self) -> u64 {
        mix(self.hash, self.eight | SMALL)
    }
}

/// What a character does while text is cut into words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Separator,
    /// Vanishes between letters (`don't`), separates elsewhere.
    Apostrophe,
    /// Vanishes everywhere: zero-width characters, soft hyphens, direction marks.
    Nothing,
    /// A word by itself.
    Spaceless,
    CopyrightSign,
}

/// The class of each ASCII byte; bytes of other characters have to be looked at as characters.
const ASCII: [Class; 256] = {
    let mut table = [Class::Separator; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => Class::Digit,
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'\'' => Class::Apostrophe,
            0..=0x7F => Class::Separator,
            _ => Class::Spaceless,
        };
        byte += 1;
    }
    table
};

fn class(c: char) -> Class {
    match FOLDED.get(c as usize) {
        Some(known) => known.class,
        None => find_class(c),
    }
}

/// What is known of the characters of the alphabets in use, found once: their class and their folded form.
struct Known {
    class: Class,
    len: u8,
    bytes: [u8; 14],
}

/// The Unicode blocks up to General Punctuation: Latin, Greek, Cyrillic, Hebrew, Arabic and the scripts of South and
/// South-East Asia.
const FOLDED_CHARS: u32 = 0x2070;

static FOLDED: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let known = |code: u32| {
        let c = char::from_u32(code).unwrap_or(' ');
        let mut known = Known { class: find_class(c), len: 0, bytes: [0; 14] };
        let mut buffer = [0; 4];
        fold(c, |c| {
            for &byte in c.encode_utf8(&mut buffer).as_bytes() {
                // A few ligatures unfold into more; so much of them tells them apart.
                if let Some(place) = known.bytes.get_mut(known.len as usize) {
                    *place = byte;
                    known.len += 1;
                }
            }
        });
        known
    };
    (0..FOLDED_CHARS).map(known).collect()
});

fn find_class(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '\'' | '\u{2019}' | '\u{02BC}' | '\u{05F3}' | '\u{05F4}' | '\u{FF07}' => Class::Apostrophe,
        '\0'..='\u{7F}' => Class::Separator,
        '©' | 'ⓒ' | 'Ⓒ' => Class::CopyrightSign,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {
            Class::Nothing
        }
        '\u{FF10}'..='\u{FF19}' => Class::Digit,
        '\u{AC00}'..='\u{D7A3}' => Class::Letter,
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
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}'
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

/// Devanagari letters with a nukta in one character.
fn is_nukta_letter(c: char) -> bool {
    matches!(c, '\u{929}' | '\u{931}' | '\u{934}' | '\u{958}'..='\u{95F}')
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
                'ـ' => {}       // tatweel stretches a word and says nothing
                '\u{93C}' => {} // nukta: written or not, the word is the same
                'ँ' => out('ं'),
                c if is_mark(c) && is_decomposed(c) => {}
                c => out(c),
            }
        }
    };
    if is_decomposed(c) || is_nukta_letter(c) { c.nfkd().for_each(lower) } else { lower(c) }
}

/// Cuts `text` into at most `limit` words, appended to `words`. Returns true where the whole text was read.
pub(crate) fn cut(text: &str, limit: usize, words: &mut Vec<Word>) -> bool {
    let mut rest = Words::new(text);
    words.extend(rest.by_ref().take(limit));
    rest.next().is_none()
}

/// Hash of a word's first five letters: what is left of it when it is inflected, near enough to tell whether two lines
/// speak of the same things.
pub(crate) fn stem(text: &str, word: &Word) -> u64 {
    let bytes = &text.as_bytes()[word.start as usize..word.end as usize];
    if bytes.is_ascii() && !bytes.contains(&b'\'') {
        return hash(&bytes[..bytes.len().min(5)]);
    }
    let letters = text[word.start as usize..word.end as usize].chars().filter(|&c| class(c) != Class::Nothing);
    hash_chars(letters.take(5))
}

/// The words of a text, one after the other.
pub(crate) struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        while let Some(&byte) = self.bytes().get(self.at) {
            let kind = ASCII[byte as usize];
            if matches!(kind, Class::Separator | Class::Apostrophe) {
                self.at += 1;
                continue;
            }
            let kind = if byte < 0x80 { kind } else { class(char_at(self.text, self.at).0) };
            match kind {
                Class::Letter => return Some(self.word()),
                Class::Digit => return Some(self.number()),
                Class::Spaceless | Class::CopyrightSign => return Some(self.sign(kind)),
                Class::Separator | Class::Nothing | Class::Apostrophe => self.at += char_at(self.text, self.at).1,
            }
        }
        None
    }
}

impl<'a> Words<'a> {
    pub fn new(text: &'a str) -> Self {
        Words { text, at: 0 }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    #[cold]
    fn sign(&mut self, kind: Class) -> Word {
        let start = self.at;
        let (c, size) = char_at(self.text, start);
        self.at += size;
        let (hash, kind) = match kind {
            Class::CopyrightSign => (COPYRIGHT_SIGN, Kind::Plain),
            _ => (hash_chars([c]), Kind::Spaceless),
        };
        Word { hash, start: start as u32, end: self.at as u32, kind }
    }

    /// Letters, digits and marks up to the next character that separates.
    fn word(&mut self) -> Word {
        let start = self.at;
        let mut hash = SEED;
        while let Some(eight) = self.bytes().get(self.at..self.at + 8) {
            let eight = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
            let length = plain_length(eight);
            self.at += length;
            if length < 8 {
                let last = eight & !(u64::MAX << (8 * length));
                return self.plain_word(start, mix(hash, last | SMALL));
            }
            hash = mix(hash, eight | SMALL);
        }
        while self.at < self.bytes().len()
            && matches!(ASCII[self.bytes()[self.at] as usize], Class::Letter | Class::Digit)
        {
            self.at += 1;
        }
        self.plain_word(start, self::hash(&self.bytes()[start..self.at]))
    }

    /// The word from `start` to here, where nothing but ASCII letters and digits belongs to it.
    fn plain_word(&mut self, start: usize, hash: u64) -> Word {
        let ends = self.bytes().get(self.at).is_none_or(|&byte| ASCII[byte as usize] == Class::Separator);
        if ends {
            return Word { hash, start: start as u32, end: self.at as u32, kind: Kind::Plain };
        }
        self.folded_word(start)
    }

    /// The same for a word that holds more than ASCII letters and digits: `start..self.at` is what was read of it.
    #[cold]
    fn folded_word(&mut self, start: usize) -> Word {
        let mut hasher = Hasher::default();
        self.bytes()[start..self.at].iter().for_each(|&byte| hasher.push(byte));
        let mut end = self.at;
        while self.at < self.bytes().len() {
            let (c, size) = char_at(self.text, self.at);
            match class(c) {
                Class::Letter | Class::Digit => {
                    hasher.push_char(c);
                    self.at += size;
                    end = self.at;
                }
                Class::Apostrophe if self.letter_follows(size) => self.at += size,
                Class::Nothing => self.at += size,
                _ => break,
            }
        }
        Word { hash: hasher.finish(), start: start as u32, end: end as u32, kind: Kind::Plain }
    }

    fn letter_follows(&self, size: usize) -> bool {
        let next = self.at + size;
        next < self.bytes().len() && class(char_at(self.text, next).0) == Class::Letter
    }

    /// A number with its inner separators and a short unit: `1,024`, `12:30`, `3.5k`, `21st`. Digits that letters follow
    /// otherwise (`4chan`) begin a word.
    fn number(&mut self) -> Word {
        let start = self.at;
        while self.at < self.bytes().len() {
            let (c, size) = char_at(self.text, self.at);
            let inner = matches!(c, '.' | ',' | ':' | '/' | '\u{2019}' | '\u{202F}') && self.digit_follows(size);
            if class(c) != Class::Digit && !inner {
                break;
            }
            self.at += size;
        }
        let digits = self.at;
        // A counter of a script that writes it without a space (`3개`) is a word of its own.
        if self.at < self.bytes().len() && is_joined_to_digits(char_at(self.text, self.at).0) {
            let unit = self.word();
            if unit.end as usize - digits > 2 {
                let word = self.text[start..unit.end as usize].chars().filter(|&c| class(c) != Class::Nothing);
                return Word { hash: hash_chars(word), start: start as u32, ..unit };
            }
        }
        let hash = hash(&self.bytes()[start..self.at]);
        Word { hash, start: start as u32, end: self.at as u32, kind: Kind::Number }
    }

    fn digit_follows(&self, size: usize) -> bool {
        let next = self.at + size;
        next < self.bytes().len() && class(char_at(self.text, next).0) == Class::Digit
    }
}

fn is_joined_to_digits(c: char) -> bool {
    class(c) == Class::Letter && !matches!(c, '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7AF}')
}

fn char_at(text: &str, at: usize) -> (char, usize) {
    let byte = text.as_bytes()[at];
    if byte < 0x80 {
        return (byte as char, 1);
    }
    let c = text[at..].chars().next().unwrap_or('\u{FFFD}');
    (c, c.len_utf8())
}

fn hash_chars(chars: impl IntoIterator<Item = char>) -> u64 {
    let mut hasher = Hasher::default();
    chars.into_iter().for_each(|c| hasher.push_char(c));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<u64> {
        let mut words = Vec::new();
        cut(text, usize::MAX >> 1, &mut words);
        words.iter().map(Word::key).collect()
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
            ("पढ़ें", "पढ\u{93C}ें"),
            ("無断転載・複製", "無断転載複製"),
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
        assert_eq!(hashes("댓글 3개"), hashes("댓글 12 개"));
        assert_ne!(hashes("4chan"), [NUMBER]);
    }

    #[test]
    fn spaceless_characters_are_words() {
        assert_eq!(hashes("関連記事 Menu").len(), 5);
        assert_eq!(hashes("ข่าวล่าสุด").len(), 10);
    }
}
