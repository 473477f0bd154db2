//! The words rules look for: data by language in TOML files, one loader, one matcher.
//!
//! All phrases of all languages live in one trie over folded words, so a line is looked up once, whatever its language,
//! in time linear in its words. What a line matches is kept as [`Cues`]: a few bits for each table. Rules read those
//! bits, never the words. `README.md` beside this file says what the keys mean.

use crate::words::{self, NUMBER, Word};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The language files, read when the program is built.
const FILES: &[(&str, &str)] = &[
    ("en", include_str!("en.toml")),
];

macro_rules! tables {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// A table of the lexicon, named as the rule that reads it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Table { $($variant),+ }

        const TABLES: &[&str] = &[$($name),+];
    };
}

tables! {
    Navigation "navigation",
    LinkList "link-list",
    InlineLink "inline-link",
    TagList "tag-list",
    ShareWidget "share-widget",
    NewsletterPrompt "newsletter-prompt",
    CommentSection "comment-section",
    CopyrightNotice "copyright-notice",
    ConsentNotice "consent-notice",
    Advertisement "advertisement",
    PageInstrumentation "page-instrumentation",
    MediaPlayer "media-player",
    PaywallPrompt "paywall-prompt",
    AppPrompt "app-prompt",
    SocialEmbed "social-embed",
    AuthorBio "author-bio",
    Byline "byline",
    Dateline "dateline",
    Credit "credit",
    Masthead "masthead",
}

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
    /// A `start` phrase opens the line.
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

    fn add(&mut self, table: u8, cue: Cue) {
        self.0[table as usize] |= cue as u8;
    }
}

/// How a phrase has to stand in its line; the keys of the TOML files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
enum Key {
    Line,
    Part,
    Label,
    Start,
    Within,
    Head,
    MaybeHead,
}

type File = BTreeMap<String, BTreeMap<Key, Vec<String>>>;

/// The most words of a line that are looked up. Menus are shorter, and prompts say what they are in their first words.
pub(crate) const WORDS_READ: usize = 64;
/// A `*` takes at most six words, or twelve characters where a script has no spaces.
const GAP: u32 = 12;

#[derive(Default)]
struct Node {
    /// Phrases that end here.
    ends: Vec<(u8, Key)>,
    /// The node behind a `*`.
    gap: Option<u32>,
}

/// All phrases, compiled.
pub(crate) struct Lexicon {
    nodes: Vec<Node>,
    edges: FxHashMap<(u32, u64), u32>,
    /// Which hashes begin a `within` phrase, as a small Bloom filter of one hash: most words of a text stop here.
    inner_starts: Box<[u64; 1024]>,
}

/// Phrases that have to open a line start at this node, phrases that stand anywhere at the other.
const ANCHORED: u32 = 0;
const FLOATING: u32 = 1;

/// What a line met, and where what follows a label begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub cues: Cues,
    /// Byte offset behind the longest label and its separator; 0 where there is none.
    pub label_end: u32,
}

pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon {
        nodes: vec![Node::default(), Node::default()],
        edges: FxHashMap::default(),
        inner_starts: Box::new([0; 1024]),
    };
    for (language, source) in FILES {
        // The files are part of the program, and a test loads each: a mistake in one is a mistake in the program.
        let file: File = toml::from_str(source).unwrap_or_else(|e| panic!("lexicon {language}: {e}"));
        for (table, keys) in &file {
            let table = TABLES.iter().position(|t| t == table).unwrap_or_else(|| panic!("lexicon {language}: {table}"));
            for (key, phrases) in keys {
                phrases.iter().for_each(|phrase| lexicon.insert(table as u8, *key, phrase));
            }
        }
    }
    lexicon
});

impl Lexicon {
    fn insert(&mut self, table: u8, key: Key, phrase: &str) {
        let open = phrase.trim_start().starts_with('*');
        let phrase = phrase.trim_start().trim_start_matches(['*', ' ']);
        let mut node = if open || key == Key::Within { FLOATING } else { ANCHORED };
        let mut cut = Vec::new();
        for piece in phrase.split_inclusive('*') {
            let words = piece.trim_end_matches('*');
            cut.clear();
            // `#` is a number; a digit in its place folds to the same word.
            words::cut(&words.replace('#', " 0 "), usize::MAX >> 1, &mut cut);
            for word in &cut {
                if node == FLOATING {
                    // A phrase that opens with `*` floats too: what stands before it is checked when it is met.
                    let (slot, bit) = filter_place(word.hash);
                    self.inner_starts[slot] |= bit;
                }
                node = self.child(node, word.hash);
            }
            if piece.ends_with('*') {
                node = self.gap(node);
            }
        }
        let end = (table, key);
        if node > FLOATING && !self.nodes[node as usize].ends.contains(&end) {
            self.nodes[node as usize].ends.push(end);
        }
    }

    fn child(&mut self, node: u32, hash: u64) -> u32 {
        let next = self.nodes.len() as u32;
        let child = *self.edges.entry((node, hash)).or_insert(next);
        if child == next {
            self.nodes.push(Node::default());
        }
        child
    }

    fn gap(&mut self, node: u32) -> u32 {
        if let Some(gap) = self.nodes[node as usize].gap {
            return gap;
        }
        let next = self.nodes.len() as u32;
        self.nodes.push(Node::default());
        self.nodes[node as usize].gap = Some(next);
        next
    }

    /// Looks up a line. `whole` says that `words` are all its words, so that phrases may claim the whole line.
    pub fn look_up(&self, line: &str, words: &[Word], whole: bool) -> Found {
        let words = &words[..words.len().min(WORDS_READ)];
        let mut found = Found::default();
        let mut tiles = None;
        for (at, word) in words.iter().enumerate() {
            let (slot, bit) = filter_place(word.hash);
            if self.inner_starts[slot] & bit != 0 {
                self.walk(FLOATING, words, at, &mut |end, table, key| match key {
                    Key::Within => found.cues.add(table, Cue::Within),
                    Key::Line if at > 0 && gap_holds(&words[..at]) => {
                        tiles.get_or_insert_with(Tiles::default).lay(0, end, table, true);
                    }
                    _ => {}
                });
            }
        }
        if let Some(first) = words.first()
            && (tiles.is_some() || self.edges.contains_key(&(ANCHORED, first.hash)))
        {
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
                Key::Line | Key::Part => tiles.lay(at, end, table, key == Key::Line),
                _ if at > 0 => {}
                Key::Start => found.cues.add(table, Cue::Start),
                Key::Label => found.label(line, words[end - 1].end, table),
                Key::Head if whole && end == words.len() => found.cues.add(table, Cue::Head),
                Key::MaybeHead if whole && end == words.len() => found.cues.add(table, Cue::MaybeHead),
                _ => {}
            });
        }
        if whole {
            tiles.cues(words.len(), &mut found.cues);
        }
    }

    /// Calls `hit(end, table, key)` for every phrase below `root` that begins at word `at`.
    fn walk(&self, root: u32, words: &[Word], at: usize, hit: &mut impl FnMut(usize, u8, Key)) {
        // Few phrases share a beginning and fewer hold a `*`, so the stack stays tiny.
        let mut stack = vec![(root, at)];
        while let Some((node, at)) = stack.pop() {
            let here = &self.nodes[node as usize];
            here.ends.iter().for_each(|&(table, key)| hit(at, table, key));
            if let Some(word) = words.get(at)
                && let Some(&child) = self.edges.get(&(node, word.hash))
            {
                stack.push((child, at + 1));
            }
            if let Some(gap) = here.gap {
                (at + 1..=words.len()).take_while(|&end| gap_holds(&words[at..end])).for_each(|end| stack.push((gap, end)));
            }
        }
    }
}

/// True where a `*` may stand for these words.
fn gap_holds(words: &[Word]) -> bool {
    words.iter().map(|word| if word.spaceless { 1 } else { 2 }).sum::<u32>() <= GAP
}

fn filter_place(hash: u64) -> (usize, u64) {
    ((hash >> 16) as usize & 1023, 1 << (hash >> 26 & 63))
}

impl Found {
    /// Notes a label where a separator follows it.
    fn label(&mut self, line: &str, end: u32, table: u8) {
        let rest = &line[end as usize..];
        let separator = rest.trim_start_matches([' ', '\u{A0}', '*', '_', '"', '”', '“', '«', ')', ']', '】']);
        let Some(c) = separator.chars().next() else { return };
        if matches!(c, ':' | '：' | '|' | '｜' | '»' | '>' | '›' | '→' | '–' | '—' | '-' | '/' | '⟩' | '▶' | '►' | '・') {
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
    /// The same, where three or more were laid.
    many: [u32; WORDS_READ + 1],
    two: [u32; WORDS_READ + 1],
}

impl Default for Tiles {
    fn default() -> Self {
        let none = [0; WORDS_READ + 1];
        Tiles { reached: none, by_line: none, many: none, two: none }
    }
}

impl Tiles {
    fn lay(&mut self, at: usize, end: usize, table: u8, line: bool) {
        let bit = 1 << table;
        if at > 0 && self.reached[at] & bit == 0 {
            return;
        }
        self.reached[end] |= bit;
        if line || self.by_line[at] & bit != 0 {
            self.by_line[end] |= bit;
        }
        if (self.two[at] | self.many[at]) & bit != 0 {
            self.many[end] |= bit;
        } else if at > 0 {
            self.two[end] |= bit;
        }
    }

    fn cues(&self, end: usize, cues: &mut Cues) {
        for table in 0..TABLES.len() as u8 {
            let bit = 1 << table;
            if self.by_line[end] & bit != 0 {
                cues.add(table, Cue::Line);
            } else if self.many[end] & bit != 0 {
                cues.add(table, Cue::ManyParts);
            } else if self.reached[end] & bit != 0 {
                cues.add(table, Cue::FewParts);
            }
        }
    }
}

/// True where the word is a number.
pub(crate) fn is_number(word: &Word) -> bool {
    word.hash == NUMBER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Found {
        let mut words = Vec::new();
        let whole = words::cut(line, WORDS_READ, &mut words);
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
        assert_eq!(found("Read more about it").label_end, 0);
    }
}
