//! The words rules look for: data by language in TOML files, one loader, one matcher.
//!
//! All phrases of all languages live in one trie over folded words, so a line is looked up once, whatever its language,
//! in time linear in its words. What a line matches is kept as [`Cues`]: a few bits for each table. Rules read those
//! bits, never the words. `README.md` beside this file says what the keys mean.

use crate::words::Word;
use format::{ANCHORED, Compiled, FLOATING, Key, TABLES};
use std::sync::LazyLock;

#[path = "format.rs"]
mod format;

pub(crate) use format::Table;

/// How a line met a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Cue {
    /// The line is a row of phrases, at least one of them a `line` phrase.
    Line = 1,
    /// One or two `part` phrases fill the line.
    FewParts = 2,
    /// Three or more `part` phrases fill the line.
    ManyParts = 4,
    /// A `label` phrase opens the line and a separator follows.
    Label = 8,
    /// A `start` phrase opens the line, or a `head` with more behind it.
    Start = 16,
    /// A `within` phrase stands in it.
    Within = 32,
    /// The line is a `head`.
    Head = 64,
    /// The line is a `maybe-head`.
    MaybeHead = 128,
}

/// What a line met in the lexicon: a set of [`Cue`]s for each [`Table`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cues([u8; TABLES.len()]);

impl Cues {
    pub fn has(&self, table: Table, cue: Cue) -> bool {
        self.0[table as usize] & cue as u8 != 0
    }

    pub fn any(&self, table: Table, cues: &[Cue]) -> bool {
        cues.iter().any(|&cue| self.has(table, cue))
    }

    /// True where anything was met.
    pub fn any_table(&self) -> bool {
        self.0 != [0; TABLES.len()]
    }

    /// True where nothing of the table was met.
    pub fn is_empty(&self, table: Table) -> bool {
        self.0[table as usize] == 0
    }

    fn add(&mut self, table: u8, cue: Cue) {
        self.0[table as usize] |= cue as u8;
    }
}

/// The most words of a line that are looked up. Menus are shorter, and prompts say what they are in their first words.
pub(crate) const WORDS_READ: usize = 64;
/// A `*` takes at most six words, or twelve characters where a script has no spaces.
const GAP: usize = 12;

/// All phrases, compiled when the program is built.
pub(crate) struct Lexicon(Compiled);

/// Tables whose prompts go on behind a colon: `Newsletter: all that matters, every morning`.
const LABELLED: &[u8] = &[Table::NewsletterPrompt as u8, Table::PaywallPrompt as u8, Table::AppPrompt as u8];

/// What a line met, and where what follows a label begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub cues: Cues,
    /// Byte offset behind the longest label and its separator; 0 where there is none.
    pub label_end: u32,
}

/// What a piece of a line meets when it is looked up as a line of its own; at most `limit` words of it are read.
pub(crate) fn cues_of(text: &str, limit: usize) -> Cues {
    let mut words = Vec::new();
    let whole = crate::words::cut(text, limit, &mut words);
    LEXICON.look_up(text, &words, whole).cues
}

pub(crate) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon(Compiled::read(include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin")))));

impl Lexicon {
    /// Looks up a line. `whole` says that `words` are all its words, so that phrases may claim the whole line.
    pub fn look_up(&self, line: &str, words: &[Word], whole: bool) -> Found {
        let words = &words[..words.len().min(WORDS_READ)];
        let mut found = Found::default();
        let mut tiles = None;
        for (at, word) in words.iter().enumerate() {
            if !self.0.may_float(word.key()) {
                continue;
            }
            let next = words.get(at + 1).map_or(0, |next| next.key());
            if self.0.may_begin(FLOATING, word.key(), next) {
                let behind_gap = at > 0 && gap_holds(&words[..at]);
                self.walk(FLOATING, words, at, &mut |end, table, key| match key {
                    Key::Within => found.cues.add(table, Cue::Within),
                    Key::Line if behind_gap => {
                        tiles.get_or_insert_with(Tiles::default).lay(0, end, table, Tile::Line);
                    }
                    Key::Head if behind_gap && whole && end == words.len() => found.cues.add(table, Cue::Head),
                    Key::MaybeHead if behind_gap && whole && end == words.len() => {
                        found.cues.add(table, Cue::MaybeHead)
                    }
                    _ => {}
                });
            }
        }
        let next = words.get(1).map_or(0, |next| next.key());
        if words.first().is_some_and(|first| tiles.is_some() || self.0.may_begin(ANCHORED, first.key(), next)) {
            self.tile(line, words, whole, tiles.unwrap_or_default(), &mut found);
        }
        found
    }

    /// Fills the line with phrases from its first word on, and notes what opens it.
    fn tile(&self, line: &str, words: &[Word], whole: bool, mut tiles: Tiles, found: &mut Found) {
        for at in 0..words.len() {
            if at > 0 && tiles.reached[at] == 0 {
                continue;
            }
            self.walk(ANCHORED, words, at, &mut |end, table, key| match key {
                Key::Line | Key::Part => {
                    tiles.lay(at, end, table, kind_of_tile(key, &words[at..end]));
                    if at == 0 && key == Key::Line && end > 1 && LABELLED.contains(&table) {
                        found.prompt_label(line, words[end - 1].end, table);
                    }
                }
                _ if at > 0 => {}
                Key::Start => found.cues.add(table, Cue::Start),
                Key::Head | Key::MaybeHead if !whole || end < words.len() => {
                    found.opening(line, words[end - 1].end, table, key);
                }
                Key::Label => found.label(line, words[end - 1].end, table),
                Key::Head => found.cues.add(table, Cue::Head),
                Key::MaybeHead if whole && end == words.len() => found.cues.add(table, Cue::MaybeHead),
                _ => {}
            });
        }
        if whole {
            tiles.cues(words.len(), &mut found.cues);
        }
    }

    /// Calls `hit(end, table, key)` for every phrase below `node` that goes on at word `at`. As deep as a phrase is long.
    fn walk(&self, node: u32, words: &[Word], at: usize, hit: &mut impl FnMut(usize, u8, Key)) {
        self.0.ends(node).for_each(|(table, key)| hit(at, table, key));
        if let Some(word) = words.get(at)
            && let Some(child) = self.0.child(node, word.key())
        {
            self.walk(child, words, at + 1, hit);
        }
        if let Some(gap) = self.0.gap(node) {
            let ends = at + 1..=words.len();
            ends.take_while(|&end| gap_holds(&words[at..end])).for_each(|end| self.walk(gap, words, end, hit));
        }
    }
}

/// True where a `*` may stand for these words.
fn gap_holds(words: &[Word]) -> bool {
    words.iter().map(|word| word.halves()).sum::<usize>() <= GAP
}

impl Found {
    /// Notes a prompt with a colon and more behind it.
    fn prompt_label(&mut self, line: &str, end: u32, table: u8) {
        let rest = line[end as usize..].trim_start().strip_prefix([':', '：']);
        if rest.is_some_and(|rest| !rest.trim().is_empty()) {
            self.cues.add(table, Cue::Label);
        }
    }

    /// Notes a head with something behind it: a label where a separator follows, else the mere opening of the line.
    fn opening(&mut self, line: &str, end: u32, table: u8, key: Key) {
        let colon = line[end as usize..].trim_start().starts_with([':', '：']);
        if colon {
            self.label(line, end, table);
        } else if key == Key::Head {
            self.cues.add(table, Cue::Start);
            self.label_end = self.label_end.max(end);
        }
    }

    /// Notes a label where a separator follows it.
    fn label(&mut self, line: &str, end: u32, table: u8) {
        let rest = &line[end as usize..];
        let separator = rest.trim_start_matches([' ', '\u{A0}', '*', '_', '"', '”', '“', '«', ')', ']', '】']);
        let Some(c) = separator.chars().next() else { return };
        let spaced = separator.len() < rest.len() || separator[c.len_utf8()..].starts_with(char::is_whitespace);
        if matches!(c, '-' | '–' | '—' | '/') && !spaced {
            return; // a compound
        }
        if matches!(
            c,
            ':' | '：'
                | '='
                | '＝'
                | '|'
                | '｜'
                | '»'
                | '>'
                | '›'
                | '→'
                | '–'
                | '—'
                | '-'
                | '/'
                | '⟩'
                | '▶'
                | '►'
                | '・'
        ) {
            self.cues.add(table, Cue::Label);
            self.label_end = self.label_end.max((line.len() - separator.len() + c.len_utf8()) as u32);
        }
    }
}

/// For each place between words: which tables can fill the line up to it, with how many phrases.
struct Tiles {
    /// A bit for each table that reaches a place.
    reached: [u32; WORDS_READ + 1],
    /// The same, where a `line` phrase was among them.
    by_line: [u32; WORDS_READ + 1],
    /// The same, where one, two, or more phrases that are not just a number were laid.
    one: [u32; WORDS_READ + 1],
    two: [u32; WORDS_READ + 1],
    many: [u32; WORDS_READ + 1],
}

/// What a phrase adds to the line it helps to fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tile {
    Line,
    Part,
    /// Only numbers: fills, and says nothing.
    Number,
}

fn kind_of_tile(key: Key, words: &[Word]) -> Tile {
    match key {
        Key::Line => Tile::Line,
        _ if words.iter().all(Word::is_number) => Tile::Number,
        _ => Tile::Part,
    }
}

impl Default for Tiles {
    fn default() -> Self {
        let none = [0; WORDS_READ + 1];
        Tiles { reached: none, by_line: none, one: none, two: none, many: none }
    }
}

impl Tiles {
    fn lay(&mut self, at: usize, end: usize, table: u8, tile: Tile) {
        let bit = 1 << table;
        if at > 0 && self.reached[at] & bit == 0 {
            return;
        }
        self.reached[end] |= bit;
        if tile == Tile::Line {
            self.by_line[end] |= bit;
        }
        self.by_line[end] |= self.by_line[at] & bit;
        let counts = [self.one[at] & bit, self.two[at] & bit, self.many[at] & bit];
        let [one, two, many] = match (tile, counts) {
            (Tile::Number, counts) => counts,
            (_, [_, _, many]) if many != 0 => [0, 0, bit],
            (_, [_, two, _]) if two != 0 => [0, 0, bit],
            (_, [one, ..]) if one != 0 => [0, bit, 0],
            _ => [bit, 0, 0],
        };
        self.one[end] |= one;
        self.two[end] |= two;
        self.many[end] |= many;
    }

    fn cues(&self, end: usize, cues: &mut Cues) {
        for table in 0..TABLES.len() as u8 {
            let bit = 1 << table;
            if self.by_line[end] & bit != 0 {
                cues.add(table, Cue::Line);
            } else if self.many[end] & bit != 0 {
                cues.add(table, Cue::ManyParts);
            } else if (self.one[end] | self.two[end]) & bit != 0 {
                cues.add(table, Cue::FewParts);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Found {
        let mut words = Vec::new();
        let whole = crate::words::cut(line, WORDS_READ, &mut words);
        LEXICON.look_up(line, &words, whole)
    }

    #[test]
    fn keys_mean_what_the_readme_says() {
        let share = |line| found(line).cues;
        assert!(share("Share on Facebook Share on Twitter").has(Table::ShareWidget, Cue::Line));
        assert!(share("Facebook Twitter WhatsApp Email").has(Table::ShareWidget, Cue::ManyParts));
        assert!(share("Facebook").has(Table::ShareWidget, Cue::FewParts));
        assert!(!share("Facebook shares fell").any(Table::ShareWidget, &[Cue::Line, Cue::FewParts, Cue::ManyParts]));
        assert!(share("TwitterveryGood! (51)").has(Table::ShareWidget, Cue::Line));
        assert!(share("Subscribe to The Daily Ledger's daily newsletter").has(Table::NewsletterPrompt, Cue::Line));
        assert!(share("Related articles").has(Table::LinkList, Cue::Head));
        assert!(share("Related:").has(Table::LinkList, Cue::MaybeHead));
        assert!(share("This website uses cookies to ensure it works").has(Table::ConsentNotice, Cue::Start));
        assert!(share("As you know, this shop uses cookies to ensure it works").has(Table::ConsentNotice, Cue::Within));
    }

    #[test]
    fn a_label_needs_a_separator() {
        assert_eq!(found("Read more: The story").label_end, 10);
        assert_eq!(found("Read more books").label_end, 0);
    }
}
