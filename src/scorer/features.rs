//! What the scorer looks at: numbers that describe a block, its neighbours, its place and its markup.
//!
//! A row for each block, a column for each feature. In plain text the columns of the markup are not there at all: text
//! and HTML have models of their own.

use crate::document::{Block, Document, Marker};
use crate::lexicon::{Cue, Table};
use crate::rule::{Findings, Page};
use crate::words::Words;
use rustc_hash::{FxHashMap, FxHashSet};

/// Rows of numbers, one for each block, one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Matrix {
    pub width: usize,
    pub values: Vec<f32>,
}

impl Matrix {
    pub fn new(width: usize, rows: usize) -> Self {
        Matrix { width, values: vec![0.0; width * rows] }
    }

    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..][..self.width]
    }

    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.width..][..self.width]
    }
}

macro_rules! features {
    ($(#[$doc:meta])* $kind:ident: $($feature:ident $name:literal)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(usize)]
        pub(crate) enum $kind { $(#[doc = $name] $feature),* }

        impl $kind {
            /// In words, in the order of the columns.
            pub const NAMES: &[&str] = &[$($name),*];
        }
    };
}
pub(crate) use features;

features! {
    /// Features of any text.
    Text:
    Words "words"
    Bytes "length"
    WordLength "length of its words"
    SentenceEnd "ends as a sentence"
    FullStop "ends with a full stop"
    Question "ends with a question mark"
    InnerSentence "holds a sentence's end"
    ColonEnd "ends with a colon"
    Digit "holds digits"
    Digits "share of digits"
    Capital "begins with a capital"
    Capitals "share of capitalised words"
    Small "share of small words"
    Upper "share of capital letters"
    Commas "commas"
    Signs "share of signs"
    Bars "bars, arrows and the like"
    Wordless "no words"
    Bullet "list marker"
    Label "opens with a label"
    Prose "running text"
    Headline "headline"
    Year "a year"
    Copyright "copyright sign"
    Address "an address of mail or web"
    CueNavigation "words of navigation"
    CueLinkList "words of link lists"
    CueTagList "words of tag lists"
    CueShare "words of share buttons"
    CueNewsletter "words of newsletter prompts"
    CueComments "words of comments"
    CueCopyright "words of copyright notices"
    CueConsent "words of consent notices"
    CueAdvertisement "words of advertisements"
    CuePaywall "words of paywalls"
    CueBio "words of author bios"
    CueByline "words of bylines"
    CueDateline "words of datelines"
    CueCredit "words of credits"
    CuePlayer "words of players and apps"
    CueAny "words of any junk"
    Rule "a rule's confidence"
    RuleKind "which rule"
    RuleAbove "rules on the block above"
    RuleBelow "rules on the block below"
    RuleNear "rules on the blocks around"
    RepeatedAbove "occurs above on the page"
    RepeatedBelow "occurs again below on the page"
    RepeatedRun "repeats a run of blocks above"
    Copy "copy of another block"
    Familiar "shares words with the running text"
    TitleWords "shares words with the title"
    TitleCovered "holds the title's words"
    DescriptionWords "shares words with the description"
    StatedBody "in the text that the page states"
    StatedBodySize "length of the text that the page states"
    Kind "kind that the page states"
    AddressDepth "depth of its address"
    AddressHint "words of its address"
    Index "place in the page"
    BytesAbove "share of the text above it"
    FromStart "blocks above it"
    FromEnd "blocks below it"
    AboveProse "above all running text"
    BelowProse "below all running text"
    ProseAbove "running text above it"
    ProseBelow "running text below it"
    SinceProse "blocks since running text"
    UntilProse "blocks until running text"
    SinceTitle "blocks since the title"
    SinceHeadline "blocks since a headline"
    UntilHeadline "blocks until a headline"
    GapAbove "blank lines above"
    GapBelow "blank lines below"
    WordsAbove "words of the block above"
    WordsBelow "words of the block below"
    WordsAbove2 "words of the block two above"
    WordsBelow2 "words of the block two below"
    ProseOne "running text around it"
    ProseThree "running text within three blocks"
    ProseEight "running text within eight blocks"
    WordsThree "words within three blocks"
    WordsEight "words within eight blocks"
    SentencesFive "sentences within five blocks"
    ShortRun "length of the run of short lines"
    CuesFive "words of junk within five blocks"
    PageBlocks "blocks of the page"
    PageWords "words of the page"
    PageProse "running text of the page"
    PageProseShare "share of running text"
    PageShort "share of short lines"
    PageRules "share of blocks that rules want gone"
}

/// What is known of a page beside its blocks.
#[derive(Debug, Clone, Default)]
pub(crate) struct About<'a> {
    pub title: Option<&'a str>,
    pub description: Option<&'a str>,
    /// The page's kind, as it says itself: an Open Graph or schema.org type.
    pub kind: Option<&'a str>,
    /// The article's text, as it says itself.
    pub body: Option<&'a str>,
    pub url: Option<&'a str>,
}

/// A page with what features of several blocks need.
pub(crate) struct Scene<'p> {
    pub page: &'p Page<'p>,
    pub findings: &'p Findings,
    pub blocks: &'p [Block],
    pub prose: Vec<bool>,
    /// The block that is the title.
    pub title: Option<usize>,
    /// Sums over the blocks before each, and one behind the last.
    pub words: Vec<f32>,
    pub bytes: Vec<f32>,
    pub prose_bytes: Vec<f32>,
    title_words: FxHashSet<u64>,
    description_words: FxHashSet<u64>,
    stated: Stated,
}

/// Sums before each place, and behind the last.
pub(crate) fn sums(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut sum = 0.0;
    let mut sums = vec![0.0];
    sums.extend(values.map(|value| {
        sum += value;
        sum
    }));
    sums
}

/// Hashes of a text's words, but for the shortest.
fn telling_words(text: &str) -> impl Iterator<Item = u64> {
    let words = Words::new(text).take(400);
    words.filter(|word| word.end - word.start >= 3 || word.is_spaceless()).map(|word| word.hash)
}

/// Each of them once.
fn distinct_words(text: &str) -> Vec<u64> {
    let mut words: Vec<u64> = telling_words(text).collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn word_set(text: &str) -> FxHashSet<u64> {
    telling_words(text).collect()
}

/// How many of the words a set holds.
fn shared(words: &[u64], with: &FxHashSet<u64>) -> f32 {
    words.iter().filter(|word| with.contains(word)).count() as f32
}

impl<'d> About<'d> {
    /// What a document's markup says, if it has any.
    #[cfg(feature = "html")]
    pub fn of(document: &'d Document) -> Self {
        let Some(markup) = document.markup() else { return About::default() };
        let metadata = &markup.metadata;
        About {
            title: metadata.title.as_deref(),
            description: metadata.description.as_deref(),
            kind: metadata.kind.as_deref(),
            body: metadata.body.as_deref(),
            url: metadata.url.as_deref(),
        }
    }

    #[cfg(not(feature = "html"))]
    pub fn of(_: &'d Document) -> Self {
        About::default()
    }
}

impl<'p> Scene<'p> {
    pub fn new(page: &'p Page<'p>, findings: &'p Findings) -> Self {
        let about = &About::of(page.document);
        let blocks = page.blocks;
        let prose: Vec<bool> = blocks.iter().map(Block::is_prose).collect();
        let bytes = |block: &Block| (block.body.1 - block.body.0) as f32;
        let mut scene = Scene {
            page,
            findings,
            blocks,
            title: None,
            words: sums(blocks.iter().map(|block| block.words as f32)),
            bytes: sums(blocks.iter().map(bytes)),
            prose_bytes: sums(blocks.iter().zip(&prose).map(|(block, &is)| if is { bytes(block) } else { 0.0 })),
            prose,
            title_words: about.title.map(word_set).unwrap_or_default(),
            description_words: about.description.map(word_set).unwrap_or_default(),
            stated: Stated::of(about),
        };
        scene.title = match about.title {
            Some(title) => scene.block_like(title),
            None => page.title(findings),
        };
        if about.title.is_none() {
            scene.title_words = scene.title.map(|title| word_set(page.body(title))).unwrap_or_default();
        }
        scene
    }

    /// The block that says the title, or the most of it.
    fn block_like(&self, title: &str) -> Option<usize> {
        let wanted = word_set(title);
        let count = Words::new(title).take(400).count().max(1);
        let score = |block: usize| {
            let known = &self.blocks[block];
            if wanted.is_empty() || known.words as usize > 2 * count + 8 {
                return 0.0;
            }
            let words = distinct_words(self.page.body(block));
            2.0 * shared(&words, &wanted) / (words.len() + wanted.len()).max(1) as f32
        };
        let mut best = (0.0, None);
        for block in 0..self.blocks.len() {
            let heading = if self.is_heading(block) { 1.1 } else { 1.0 };
            let score = heading * score(block);
            if score > best.0 {
                best = (score, Some(block));
            }
        }
        best.1.filter(|_| best.0 >= 0.6)
    }

    #[cfg(feature = "html")]
    fn is_heading(&self, block: usize) -> bool {
        let markup = self.page.document.markup();
        markup.is_some_and(|markup| markup.around(block).take(2).any(|e| matches!(e.tag.heading(), Some(1 | 2))))
    }

    #[cfg(not(feature = "html"))]
    fn is_heading(&self, _: usize) -> bool {
        false
    }

    /// Fills the columns of [`Text`], the first ones of each row.
    pub fn fill(&self, rows: &mut Matrix) {
        let repeated = self.repeated();
        let mut copied = vec![false; self.blocks.len()];
        for pair in self.page.copies() {
            copied[pair.shorter()] = true;
        }
        for i in 0..self.blocks.len() {
            let row = rows.row_mut(i);
            let mut set = |feature: Text, value: f32| row[feature as usize] = value;
            self.own(i, &mut set);
            self.cues(i, &mut set);
            let (above, below, run) = repeated[i];
            set(Text::RepeatedAbove, above);
            set(Text::RepeatedBelow, below);
            set(Text::RepeatedRun, run);
            set(Text::Copy, f32::from(copied[i]));
            self.said(i, &mut set);
            self.place(i, &mut set);
            self.around(i, &mut set);
        }
        self.runs(rows);
        self.whole(rows);
    }

    /// For each block how often it occurs above and below, and how long a run of blocks it belongs to that all occur above.
    fn repeated(&self) -> Vec<(f32, f32, f32)> {
        let mut seen: FxHashMap<u64, f32> = FxHashMap::default();
        let hashes: Vec<u64> = (0..self.blocks.len()).map(|i| hash(self.page.body(i))).collect();
        let above: Vec<f32> = hashes
            .iter()
            .map(|&hash| {
                let count = seen.entry(hash).or_default();
                *count += 1.0;
                *count - 1.0
            })
            .collect();
        let mut all: Vec<_> =
            above.iter().zip(&hashes).map(|(&above, hash)| (above, seen[hash] - above - 1.0, 0.0)).collect();
        let mut start = 0;
        while start < all.len() {
            let run = all[start..].iter().take_while(|(above, ..)| *above > 0.0).count();
            all[start..start + run].iter_mut().for_each(|repeated| repeated.2 = run as f32);
            start += run.max(1);
        }
        all
    }

    fn own(&self, i: usize, set: &mut impl FnMut(Text, f32)) {
        let block = &self.blocks[i];
        let body = self.page.body(i);
        let shape = block.shape;
        let read = &body[..body.floor_char_boundary(300)];
        let size = body.len() as f32;
        set(Text::Words, block.words as f32);
        set(Text::Bytes, size);
        set(Text::WordLength, size / block.words.max(1) as f32);
        set(Text::SentenceEnd, f32::from(shape.sentence_end));
        set(Text::FullStop, f32::from(shape.full_stop));
        set(Text::Question, f32::from(body.ends_with(['?', '？', '؟'])));
        set(Text::InnerSentence, f32::from(shape.inner_sentence));
        set(Text::ColonEnd, f32::from(shape.colon_end));
        set(Text::Digit, f32::from(shape.digit));
        let words = f32::from(shape.capitals) + f32::from(shape.small);
        set(Text::Capital, f32::from(shape.capital));
        set(Text::Capitals, f32::from(shape.capitals) / words.max(1.0));
        set(Text::Small, f32::from(shape.small) / block.words.clamp(1, 12) as f32);
        let counts = Counts::of(read);
        let all = read.len().max(1) as f32;
        set(Text::Digits, counts.digits / all);
        set(Text::Upper, counts.upper / counts.letters.max(1.0));
        set(Text::Signs, counts.signs / all);
        set(Text::Bars, counts.bars);
        set(Text::Year, f32::from(counts.year));
        set(Text::Copyright, f32::from(counts.copyright));
        set(Text::Address, f32::from(counts.address));
        set(Text::Commas, f32::from(shape.commas));
        set(Text::Wordless, f32::from(shape.wordless));
        set(Text::Bullet, f32::from(block.marker != Marker::None));
        set(Text::Label, block.label as f32);
        set(Text::Prose, f32::from(self.prose[i]));
        set(Text::Headline, f32::from(block.is_headline()));
    }

    fn cues(&self, i: usize, set: &mut impl FnMut(Text, f32)) {
        let block = &self.blocks[i];
        if !block.cues.any_table() {
            return;
        }
        let of = |tables: &[Table]| tables.iter().map(|&table| strength(block, table)).fold(0.0, f32::max);
        set(Text::CueNavigation, of(&[Table::Navigation]));
        set(Text::CueLinkList, of(&[Table::LinkList, Table::InlineLink]));
        set(Text::CueTagList, of(&[Table::TagList]));
        set(Text::CueShare, of(&[Table::ShareWidget, Table::SocialEmbed]));
        set(Text::CueNewsletter, of(&[Table::NewsletterPrompt]));
        set(Text::CueComments, of(&[Table::CommentSection]));
        set(Text::CueCopyright, of(&[Table::CopyrightNotice]));
        set(Text::CueConsent, of(&[Table::ConsentNotice]));
        set(Text::CueAdvertisement, of(&[Table::Advertisement]));
        set(Text::CuePaywall, of(&[Table::PaywallPrompt]));
        set(Text::CueBio, of(&[Table::AuthorBio]));
        set(Text::CueByline, of(&[Table::Byline]));
        set(Text::CueDateline, of(&[Table::Dateline]));
        set(Text::CueCredit, of(&[Table::Credit]));
        set(Text::CuePlayer, of(&[Table::MediaPlayer, Table::AppPrompt, Table::PageInstrumentation]));
        set(Text::CueAny, f32::from(self.page.is_prompt(i)));
    }

    /// What named rules said.
    fn said(&self, i: usize, set: &mut impl FnMut(Text, f32)) {
        let said = |i: Option<usize>| i.and_then(|i| self.findings.said.get(i)).map_or(0.0, |said| said.confidence);
        let own = self.findings.said[i];
        set(Text::Rule, own.confidence);
        set(Text::RuleKind, f32::from(own.rule));
        set(Text::RuleAbove, said(i.checked_sub(1)));
        set(Text::RuleBelow, said(Some(i + 1)));
        let near = |i: usize| self.findings.said[i].confidence;
        let window = i.saturating_sub(4)..(i + 5).min(self.blocks.len());
        set(Text::RuleNear, window.clone().map(near).sum::<f32>() / window.len() as f32);
    }

    fn place(&self, i: usize, set: &mut impl FnMut(Text, f32)) {
        let (count, block) = (self.blocks.len(), &self.blocks[i]);
        set(Text::Index, i as f32 / count as f32);
        set(Text::BytesAbove, self.bytes[i] / self.bytes[count].max(1.0));
        set(Text::FromStart, i as f32);
        set(Text::FromEnd, (count - i) as f32);
        set(Text::AboveProse, f32::from(self.page.is_top(i)));
        set(Text::BelowProse, f32::from(self.page.is_tail(i)));
        set(Text::ProseAbove, self.prose_bytes[i]);
        set(Text::ProseBelow, self.prose_bytes[count] - self.prose_bytes[i + 1]);
        set(Text::SinceTitle, self.title.map_or(-1000.0, |title| (i as f32 - title as f32).clamp(-200.0, 400.0)));
        set(Text::GapAbove, i.checked_sub(1).map_or(9, |above| self.page.gap(above, i)).min(9) as f32);
        set(Text::GapBelow, if i + 1 < count { self.page.gap(i, i + 1).min(9) as f32 } else { 9.0 });
        set(Text::StatedBody, self.stated.holds(self.page.body(i)));
        if block.words < 60 {
            let body = self.page.body(i);
            let words = distinct_words(body);
            let shared = |with| shared(&words, with);
            let all = words.len().max(1) as f32;
            set(Text::TitleWords, shared(&self.title_words) / all);
            set(Text::TitleCovered, shared(&self.title_words) / self.title_words.len().max(1) as f32);
            set(Text::DescriptionWords, shared(&self.description_words) / all);
            set(Text::Familiar, if words.is_empty() { 0.0 } else { self.page.familiarity(i) });
        } else {
            set(Text::Familiar, 1.0);
        }
    }

    fn around(&self, i: usize, set: &mut impl FnMut(Text, f32)) {
        let count = self.blocks.len();
        let words = |offset: isize| {
            i.checked_add_signed(offset).and_then(|i| self.blocks.get(i)).map_or(-1.0, |block| block.words as f32)
        };
        set(Text::WordsAbove, words(-1));
        set(Text::WordsBelow, words(1));
        set(Text::WordsAbove2, words(-2));
        set(Text::WordsBelow2, words(2));
        let window = |reach: usize| i.saturating_sub(reach)..(i + reach + 1).min(count);
        let share = |sums: &[f32], reach: usize| {
            let range = window(reach);
            let of = |sums: &[f32]| sums[range.end] - sums[range.start];
            of(sums) / of(&self.bytes).max(1.0)
        };
        set(Text::ProseOne, share(&self.prose_bytes, 1));
        set(Text::ProseThree, share(&self.prose_bytes, 3));
        set(Text::ProseEight, share(&self.prose_bytes, 8));
        let mean = |reach: usize| {
            let range = window(reach);
            (self.words[range.end] - self.words[range.start]) / range.len() as f32
        };
        set(Text::WordsThree, mean(3));
        set(Text::WordsEight, mean(8));
        let near = &self.blocks[window(5)];
        set(Text::SentencesFive, near.iter().filter(|b| b.shape.sentence_end && b.words > 6).count() as f32);
        set(Text::CuesFive, window(5).filter(|&i| self.page.is_prompt(i)).count() as f32);
    }

    /// Distances to the nearest block of a kind, and runs of short lines.
    fn runs(&self, rows: &mut Matrix) {
        let count = self.blocks.len();
        let mut distances = |feature: Text, backwards: bool, is: &dyn Fn(usize) -> bool| {
            let mut distance = FAR;
            for step in 0..count {
                let i = if backwards { count - 1 - step } else { step };
                rows.row_mut(i)[feature as usize] = distance;
                distance = if is(i) { 1.0 } else { (distance + 1.0).min(FAR) };
            }
        };
        distances(Text::SinceProse, false, &|i| self.prose[i]);
        distances(Text::UntilProse, true, &|i| self.prose[i]);
        distances(Text::SinceHeadline, false, &|i| self.blocks[i].is_headline());
        distances(Text::UntilHeadline, true, &|i| self.blocks[i].is_headline());
        let is_short = |i: &usize| self.blocks[*i].words <= 8;
        let mut start = 0;
        while start < count {
            let run = (start..count).take_while(is_short).count();
            for i in start..start + run {
                rows.row_mut(i)[Text::ShortRun as usize] = run as f32;
            }
            start += run.max(1);
        }
    }

    /// What is the same in every row.
    fn whole(&self, rows: &mut Matrix) {
        let count = self.blocks.len();
        let share = |of: usize| of as f32 / count.max(1) as f32;
        let short = self.blocks.iter().filter(|block| block.words <= 8).count();
        let wanted = (0..count).filter(|&i| self.findings.is_junk(i)).count();
        for i in 0..count {
            let row = rows.row_mut(i);
            let mut set = |feature: Text, value: f32| row[feature as usize] = value;
            set(Text::StatedBodySize, self.stated.size);
            set(Text::Kind, self.stated.kind);
            set(Text::AddressDepth, self.stated.depth);
            set(Text::AddressHint, self.stated.hint);
            set(Text::PageBlocks, count as f32);
            set(Text::PageWords, self.words[count]);
            set(Text::PageProse, self.prose_bytes[count]);
            set(Text::PageProseShare, self.prose_bytes[count] / self.bytes[count].max(1.0));
            set(Text::PageShort, share(short));
            set(Text::PageRules, share(wanted));
        }
    }
}

/// What a page states of itself, as numbers.
#[derive(Default)]
struct Stated {
    /// Hashes of four words in a row of the text it states.
    shingles: FxHashSet<u64>,
    size: f32,
    kind: f32,
    depth: f32,
    hint: f32,
}

/// So much of a stated text is compared.
const STATED: usize = 100_000;

/// Kinds of pages by what their own types hold, the most telling first.
const KINDS: &[(&str, f32)] = &[
    ("Article", 1.0),
    ("article", 1.0),
    ("BlogPosting", 1.0),
    ("Report", 1.0),
    ("Forum", 3.0),
    ("QAPage", 3.0),
    ("Discussion", 3.0),
    ("Question", 3.0),
    ("roduct", 4.0),
    ("Collection", 5.0),
    ("ItemList", 5.0),
    ("SearchResults", 5.0),
    ("Service", 6.0),
    ("Organization", 6.0),
    ("Business", 6.0),
    ("FAQPage", 6.0),
    ("website", 7.0),
    ("Web", 7.0),
    ("profile", 8.0),
    ("video", 9.0),
    ("Recipe", 2.0),
    ("Course", 10.0),
    ("Event", 11.0),
];

/// What parts of an address say of a page.
const ADDRESSES: &[(&[&str], f32)] = &[
    (&["/docs", "//docs.", "/documentation", "/reference", "/manual", "/guide", "/api", "//developer"], 2.0),
    (&["/forum", "//forum", "/thread", "/t/", "//community", "/topic", "/questions/", "/discuss", "//discuss"], 3.0),
    (&["/product/", "/products/", "/p/", "/dp/", "/itm/", "/item"], 4.0),
    (&["/collections", "/category", "/c/", "/shop", "/categories"], 5.0),
    (&["/search", "/tag/", "/topics/", "/tags/"], 8.0),
    (&["/services", "/service", "/solutions", "/features"], 6.0),
    (&["/blog", "/news", "/article", "/20", "/story", "/post"], 1.0),
];

impl Stated {
    fn of(about: &About) -> Self {
        let body = about.body.unwrap_or_default();
        let body = &body[..body.floor_char_boundary(STATED)];
        let kind = about.kind.unwrap_or_default();
        let address = about.url.unwrap_or_default();
        let path = address.split("://").nth(1).and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path);
        let holds = |parts: &[&str]| parts.iter().any(|part| address.contains(part));
        Stated {
            shingles: shingles(body).collect(),
            size: body.len() as f32,
            kind: KINDS.iter().find(|(name, _)| kind.contains(name)).map_or(0.0, |&(_, number)| number),
            depth: match address {
                "" => -1.0,
                _ => path.split('/').filter(|part| !part.is_empty()).count() as f32,
            },
            hint: ADDRESSES.iter().find(|(parts, _)| holds(parts)).map_or(0.0, |&(_, number)| number),
        }
    }

    /// The share of a block's rows of four words that the stated text holds; -1 where none is stated.
    fn holds(&self, block: &str) -> f32 {
        if self.shingles.is_empty() {
            return -1.0;
        }
        let (mut all, mut known) = (0, 0);
        for shingle in shingles(block).take(64) {
            all += 1;
            known += usize::from(self.shingles.contains(&shingle));
        }
        known as f32 / all.max(1) as f32
    }
}

/// Hashes of four words in a row; of a shorter text, of all of it.
fn shingles(text: &str) -> impl Iterator<Item = u64> {
    let mut row = [0_u64; 4];
    let mut met = 0;
    let count = Words::new(text).take(4).count();
    Words::new(text).filter_map(move |word| {
        row.rotate_left(1);
        row[3] = word.hash;
        met += 1;
        (met >= count.clamp(1, 4)).then(|| row.iter().fold(0, |sum: u64, &hash| sum.rotate_left(13) ^ hash))
    })
}

/// Farther than so many blocks is all the same.
pub(crate) const FAR: f32 = 100.0;

/// How clearly a table's words stand in a block: 3 where they are all of it, 1 where they are somewhere.
fn strength(block: &Block, table: Table) -> f32 {
    match () {
        () if block.has_any(table, &[Cue::Line, Cue::ManyParts]) => 3.0,
        () if block.has_any(table, &[Cue::Start, Cue::Label, Cue::Head]) => 2.0,
        () if block.has_any(table, &[Cue::Within, Cue::FewParts, Cue::MaybeHead]) => 1.0,
        () => 0.0,
    }
}

fn hash(text: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Characters of a kind in the first bytes of a block.
#[derive(Default)]
struct Counts {
    digits: f32,
    letters: f32,
    upper: f32,
    signs: f32,
    bars: f32,
    year: bool,
    copyright: bool,
    address: bool,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Counts::default();
        let mut digits = 0;
        for c in text.chars() {
            if c.is_ascii_digit() {
                counts.digits += 1.0;
                digits += 1;
                continue;
            }
            counts.year |= digits == 4;
            digits = 0;
            match c {
                ' ' | '\t' | '\u{A0}' => {}
                '|' | '»' | '›' | '>' | '•' | '·' | '→' | '▼' | '▾' | '/' => counts.bars += 1.0,
                '©' => counts.copyright = true,
                '@' => counts.address = true,
                c if c.is_uppercase() => (counts.letters, counts.upper) = (counts.letters + 1.0, counts.upper + 1.0),
                c if c.is_alphabetic() => counts.letters += 1.0,
                _ => counts.signs += 1.0,
            }
        }
        counts.year |= digits == 4;
        counts.address |= text.contains("://") || text.contains("www.");
        counts.signs += counts.bars;
        counts
    }
}
