//! What makes two lines the same line of a site although a number, a date or a name in them differs.
//!
//! The fingerprint is a hash over a line's folded words in their order ([`words`](crate::words): fixed constants, the
//! same on every machine). A number, and a date with its month, weekday and units, is one mark, whatever it says. So is a
//! run of capitalised words inside the line where two words stay that are neither; else names are words as any other. A
//! line of which no word stays has no fingerprint: dates by themselves are another rule's business.
//!
//! A change of what words are folded to, or of the lexicon's words for dates, changes fingerprints. [`VERSION`] stands in
//! every profile's head and goes up with the first; the second only makes lines with such dates unknown, which stay then.

use crate::lexicon::{Cue, LEXICON, Table};
use crate::words::{self, Word};

/// The algorithm: which words are folded to what, and what is masked.
pub(crate) const VERSION: u64 = 1;

/// Longer than this no line of a site's chrome is, in bytes.
const LONGEST: usize = 3000;

/// What stands in the hash for numbers and dates, and for names.
const NUMBER: u64 = 1;
const NAME: u64 = 3;

/// So many words have to stay for names to be masked, counted in halves as scripts without spaces have them.
const NAMED: u32 = 4;

/// What is known of a line's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    /// The hash with numbers, dates and names masked.
    pub hash: u64,
    /// The hash of all words as they stand, folded.
    pub exact: u64,
    /// Words that are not masked.
    pub words: u32,
}

/// What a word counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Word,
    Number,
    /// A word that belongs to a date where a number stands beside it.
    DateWord,
    Name,
}

/// Makes fingerprints, with the memory for it.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints {
    words: Vec<Word>,
    parts: Vec<Part>,
}

impl Fingerprints {
    /// The fingerprint of a line's content; none where it is very long, or no word stays.
    pub fn of(&mut self, body: &str) -> Option<Fingerprint> {
        if body.len() > LONGEST {
            return None;
        }
        self.words.clear();
        words::cut(body, usize::MAX, &mut self.words);
        self.mask_dates(body);
        self.mask_names(body);
        let staying = self.staying();
        let exact = self.words.iter().fold(0, |hash, word| words::mix(hash, word.hash));
        (staying > 0).then(|| Fingerprint { hash: self.masked(), exact, words: staying.div_ceil(2) })
    }

    /// Marks numbers, and what belongs to their dates.
    fn mask_dates(&mut self, body: &str) {
        let words = &self.words;
        self.parts.clear();
        self.parts.extend(words.iter().map(|word| if word.is_number() { Part::Number } else { Part::Word }));
        let is_date_word = |word: &Word| {
            let text = &body[word.start as usize..word.end as usize];
            let cues = LEXICON.look_up(text, &[Word { start: 0, end: text.len() as u32, ..*word }], true).cues;
            cues.any(Table::Dateline, &[Cue::FewParts, Cue::Line])
        };
        // From each number outwards, as far as words of dates go.
        for at in 0..words.len() {
            if self.parts[at] != Part::Number {
                continue;
            }
            let after = (at + 1..words.len()).take_while(|&i| self.parts[i] == Part::Word && is_date_word(&words[i]));
            let end = at + 1 + after.count();
            let before = (0..at).rev().take_while(|&i| self.parts[i] == Part::Word && is_date_word(&words[i]));
            let start = at - before.count();
            self.parts[start..at].fill(Part::DateWord);
            self.parts[at + 1..end].fill(Part::DateWord);
        }
    }

    /// Marks capitalised words as names. The word that opens the line is one only with another behind it.
    fn mask_names(&mut self, body: &str) {
        let is_capital = |word: &Word| body[word.start as usize..].starts_with(char::is_uppercase);
        for (part, word) in self.parts.iter_mut().zip(&self.words).skip(1) {
            if *part == Part::Word && is_capital(word) {
                *part = Part::Name;
            }
        }
        let is_lower = |(part, word): (&Part, &Word)| {
            *part == Part::Word && body[word.start as usize..].starts_with(char::is_lowercase)
        };
        let has_lower = self.parts.iter().zip(&self.words).any(is_lower);
        if self.staying() < NAMED || !has_lower {
            let names = self.parts.iter_mut().filter(|part| **part == Part::Name);
            names.for_each(|part| *part = Part::Word);
        } else if self.parts.get(1) == Some(&Part::Name) && self.staying() >= NAMED + 2 && is_capital(&self.words[0]) {
            self.parts[0] = Part::Name;
        }
    }

    /// Halves of words that are not masked.
    fn staying(&self) -> u32 {
        let staying = self.parts.iter().zip(&self.words).filter(|(part, _)| **part == Part::Word);
        staying.map(|(_, word)| word.halves() as u32).sum()
    }

    /// The hash with a run of masked words of a kind as one.
    fn masked(&self) -> u64 {
        let mut hash = 0;
        let mut last = 0;
        for (part, word) in self.parts.iter().zip(&self.words) {
            let key = match part {
                Part::Word => word.hash,
                Part::Number | Part::DateWord => NUMBER,
                Part::Name => NAME,
            };
            if *part == Part::Word || key != last {
                hash = words::mix(hash, key);
            }
            last = key;
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(line: &str) -> Option<u64> {
        Fingerprints::default().of(line).map(|print| print.hash)
    }

    #[test]
    fn numbers_dates_and_names_do_not_tell_lines_apart() {
        for (a, b) in [
            ("12 Comments", "1,024 comments"),
            ("Edition of 3 May 2024, all rights with us", "Edition of Tuesday, 12/11/2025, all rights with us"),
            ("Lesen Sie unsere Ausgabe vom 3. Mai 2024", "Lesen Sie unsere Ausgabe vom 12. November 2025"),
            ("Follow Ada Lind on Mastodon", "Follow Bo on Twitter"),
            ("Ada Lind is a reporter for the valley", "Bo Marchetti Sand is a reporter for the valley"),
            ("今日は3件の記事", "今日は12件の記事"),
        ] {
            assert_eq!(hash(a), hash(b), "{a} and {b}");
            assert!(hash(a).is_some());
        }
    }

    #[test]
    fn words_tell_lines_apart() {
        for (a, b) in [
            ("About us", "About you"),
            ("By Ada Lind", "By Bo Marchetti"),
            ("Ada Lind", "Bo Sand"),
            ("Three lines to the valley", "Four lines to the valley"),
            ("News Sport Weather", "News Sport Culture"),
        ] {
            assert_ne!(hash(a), hash(b), "{a} and {b}");
        }
        assert_eq!(hash("3 May 2024, 12:30"), None);
        assert_eq!(hash("--"), None);
    }

    /// Profiles outlive the program that learned them.
    #[test]
    fn fingerprints_are_the_same_for_good() {
        let print = Fingerprints::default().of("Follow Ada Lind on Mastodon: 3 posts").expect("words");
        assert_eq!((print.hash, print.words), (11_866_671_160_930_401_241, 2));
    }
}
