//! What a rule is, and what it sees.

use crate::document::{Block, Document, Span};
use crate::error::Error;
use crate::lexicon::{Cue, Table};
use crate::profile::Known;
use crate::rules::RULES;
use crate::rules::copies::{self, Pair};
use crate::rules::spam_masthead::Masthead;
use crate::words::{self, Word, Words};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::cell::OnceCell;

/// Finds one kind of junk. A rule never changes anything: it reads a page and proposes.
///
/// All rules stand in [`RULES`](crate::RULES), in the order they run: a rule sees what those before it found.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// A noun for what disappears: `link-list`.
    pub name: &'static str,
    /// One line for the table of rules.
    pub summary: &'static str,
    /// The lowest level at which it removes anything.
    pub level: Level,
    /// The rule's page in Markdown: what it removes, why, known false positives, an example.
    pub page: &'static str,
    pub(crate) find: fn(&Page, &mut Findings),
}

impl Rule {
    /// The rule of this name.
    ///
    /// # Errors
    /// [`Error::UnknownRule`] with the nearest name.
    ///
    /// ```
    /// assert_eq!(dehusk::Rule::named("byline")?.name, "byline");
    /// # Ok::<(), dehusk::Error>(())
    /// ```
    pub fn named(name: &str) -> Result<&'static Rule, Error> {
        crate::cleaner::index(name).map(|index| &RULES[index])
    }
}

/// How much a cleaner dares: a proposal goes through where its confidence reaches the level's threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// Only what is all but certain.
    Gentle,
    /// What a careful editor would take out; bylines, datelines and captions stay.
    #[default]
    Standard,
    /// The running text stays: bylines, datelines, captions, credits and bios go too.
    Thorough,
}

impl Level {
    /// The least confidence (0 to 1) that goes through at this level.
    pub fn threshold(self) -> f32 {
        match self {
            Level::Gentle => 0.95,
            Level::Standard => 0.80,
            Level::Thorough => 0.50,
        }
    }
}

/// What a proposal is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// The block with this number, whole.
    Block(usize),
    /// A piece of the text inside a block.
    Piece(Span),
}

/// What a rule would remove, and how sure it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Proposal {
    pub target: Target,
    pub rule: &'static str,
    pub confidence: f32,
    pub evidence: Cow<'static, str>,
}

/// The proposals so far.
pub(crate) struct Findings {
    pub proposals: Vec<Proposal>,
    rule: &'static str,
    number: u8,
    /// For each block what the surest rule says.
    pub said: Vec<Said>,
    /// What kind of page it is, as a place in the order of kinds.
    pub kind: Option<usize>,
}

/// The name of the learned rule.
pub(crate) const SCORER: &str = "boilerplate";

/// The name under which site rules remove: their user's, not one of [`RULES`].
pub(crate) const SITE_RULE: &str = "site-rule";

/// The highest confidence with which a rule wants a block gone, and its place in [`RULES`], from 1 on; 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Said {
    pub confidence: f32,
    pub rule: u8,
}

impl Findings {
    pub fn new(blocks: usize) -> Self {
        Findings { proposals: Vec::new(), rule: "", number: 0, said: vec![Said::default(); blocks], kind: None }
    }

    /// What rules find on a page, each seeing what those before it found.
    pub fn of<'r>(page: &Page, rules: impl IntoIterator<Item = &'r Rule>) -> Self {
        let mut findings = Findings::new(page.blocks.len());
        for rule in rules {
            findings.begin(rule.name);
            (rule.find)(page, &mut findings);
        }
        findings
    }

    pub fn begin(&mut self, rule: &'static str) {
        self.rule = rule;
        self.number += 1;
    }

    /// Proposes a block, whole.
    pub fn block(&mut self, block: usize, confidence: f32, evidence: impl Into<Cow<'static, str>>) {
        if confidence > self.said[block].confidence {
            self.said[block] = Said { confidence, rule: self.number };
        }
        self.propose(Target::Block(block), confidence, evidence);
    }

    /// Proposes a piece of a block.
    pub fn piece(&mut self, span: Span, confidence: f32, evidence: impl Into<Cow<'static, str>>) {
        self.propose(Target::Piece(span), confidence, evidence);
    }

    /// Gives way to what the rules for a page's site say: what they keep nobody removes, what they drop goes.
    pub fn yield_to_site(&mut self, document: &Document) {
        let (kept, dropped) = document.judged();
        if kept.is_empty() && dropped.is_empty() {
            return;
        }
        let is_kept = |target: &Target| {
            let span = match target {
                Target::Piece(span) => span.clone(),
                &Target::Block(block) => document.blocks()[block].span(),
            };
            let at = kept.partition_point(|kept| kept.end <= span.start);
            kept.get(at).is_some_and(|kept| kept.start < span.end)
        };
        self.proposals.retain(|proposal| !is_kept(&proposal.target));
        self.begin(SITE_RULE);
        for (span, reason) in dropped {
            let block = document.blocks().partition_point(|block| block.span().end <= span.start);
            let is_whole = document.blocks().get(block).is_some_and(|block| block.span() == *span);
            let target = if is_whole { Target::Block(block) } else { Target::Piece(span.clone()) };
            self.propose(target, 1.0, reason.clone());
        }
    }

    /// Proposes a block, whole, with evidence that was made for it.
    pub fn scored(&mut self, block: usize, confidence: f32, evidence: String) {
        self.propose(Target::Block(block), confidence, evidence);
    }

    fn propose(&mut self, target: Target, confidence: f32, evidence: impl Into<Cow<'static, str>>) {
        self.proposals.push(Proposal { target, rule: self.rule, confidence, evidence: evidence.into() });
    }

    /// True where the surest rule that wants a block gone is one that acts at the level thorough alone: bylines, captions,
    /// what else belongs to an article though not to its text.
    pub fn is_thorough(&self, block: usize) -> bool {
        let rule = usize::from(self.said[block].rule).checked_sub(1).and_then(|rule| RULES.get(rule));
        rule.is_some_and(|rule| rule.level == Level::Thorough)
    }

    /// True where a rule is sure enough of a block for the standard level, whatever the level is: what rules conclude
    /// from each other's findings does not depend on how much is taken in the end.
    pub fn is_junk(&self, block: usize) -> bool {
        self.said[block].confidence >= Level::Standard.threshold()
    }
}

/// What somebody wants of the rules beside their findings.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wants {
    /// What this level takes.
    pub level: Level,
    /// To know why, also where that takes time.
    pub reasons: bool,
    /// Captions kept in a page's text.
    pub captions: bool,
}

/// A document while rules read it, with what several rules want to know of it.
pub(crate) struct Page<'d> {
    pub document: &'d Document<'d>,
    pub blocks: &'d [Block],
    pub wants: Wants,
    /// What a profile knows of the document's site.
    pub known: Known<'d>,
    /// The blocks whose words met the lexicon at all: in running text, few.
    pub cued: Vec<usize>,
    /// The first and last block of running text.
    prose: Option<(usize, usize)>,
    /// The first line that could be a headline.
    headline: OnceCell<Option<usize>>,
    masthead: OnceCell<Option<Masthead>>,
    copies: OnceCell<Vec<Pair>>,
    /// Stems of the running text's words.
    vocabulary: OnceCell<FxHashSet<u64>>,
}

impl<'d> Page<'d> {
    pub fn new(document: &'d Document<'d>, wants: Wants) -> Self {
        let blocks = document.blocks();
        let is_prose = |block: &Block| block.is_prose() && !is_prompt(block);
        let first = blocks.iter().position(is_prose);
        let last = blocks.iter().rposition(is_prose);
        let cued = (0..blocks.len()).filter(|&i| blocks[i].cues.any_table()).collect();
        let prose = first.zip(last);
        let (headline, masthead, copies, vocabulary) = Default::default();
        Page { document, blocks, wants, known: Known::default(), cued, prose, headline, masthead, copies, vocabulary }
    }

    /// The page with what is known of its site.
    pub fn knowing(self, known: Known<'d>) -> Self {
        Page { known, ..self }
    }

    /// A block's content.
    pub fn body(&self, block: usize) -> &'d str {
        &self.document.text()[self.blocks[block].body()]
    }

    /// Line breaks between two blocks.
    pub fn gap(&self, above: usize, below: usize) -> usize {
        crate::resolve::line_breaks(self.document, above, below)
    }

    /// True above the first and below the last block of running text, where a page keeps its chrome.
    pub fn is_edge(&self, block: usize) -> bool {
        self.prose.is_none_or(|(first, last)| block < first || block > last)
    }

    /// True where there is running text at all.
    pub fn has_prose(&self) -> bool {
        self.prose.is_some()
    }

    /// True above the first block of running text.
    pub fn is_top(&self, block: usize) -> bool {
        self.prose.is_none_or(|(first, _)| block < first)
    }

    /// True below the last block of running text.
    pub fn is_tail(&self, block: usize) -> bool {
        self.prose.is_none_or(|(_, last)| block > last)
    }

    /// True where the block before or after is, by its words alone, hardly the article's.
    pub fn is_beside_prompt(&self, block: usize) -> bool {
        block.checked_sub(1).is_some_and(|above| self.is_prompt(above))
            || (block + 1 < self.blocks.len() && self.is_prompt(block + 1))
    }

    /// True where a whole sentence stands above or below; verses and rows have none beside them.
    pub fn is_beside_sentence(&self, block: usize) -> bool {
        let is_sentence = |block: &Block| block.words >= 10 && block.shape.full_stop;
        let near = |i: Option<usize>| i.and_then(|i| self.blocks.get(i)).is_some_and(is_sentence);
        near(block.checked_sub(1)) || near(Some(block + 1))
    }

    /// True above the first running text, with another line above that may be the title.
    pub fn is_under_title(&self, block: usize) -> bool {
        let headline = |i: &usize| self.blocks[*i].is_headline() && !self.is_prompt(*i);
        let first = *self.headline.get_or_init(|| (0..self.blocks.len()).find(headline));
        self.prose.is_some() && self.is_top(block) && first.is_some_and(|first| first < block)
    }

    /// The title, as far as rules that look at words alone can tell: the first block that is not junk.
    pub fn title(&self, out: &Findings) -> Option<usize> {
        let of_masthead = |i: usize| self.masthead().is_some_and(|masthead| masthead.is_chrome(i));
        (0..self.blocks.len()).find(|&i| !out.is_junk(i) && !of_masthead(i))
    }

    /// True for a block that is, by its words alone, hardly the article's.
    pub fn is_prompt(&self, block: usize) -> bool {
        is_prompt(&self.blocks[block])
    }

    /// Pairs of blocks of which one is a copy of the other.
    pub fn copies(&self) -> &[Pair] {
        self.copies.get_or_init(|| copies::find(self))
    }

    /// The share of a block's longer words that the running text holds too.
    pub fn familiarity(&self, block: usize) -> f32 {
        let vocabulary = self.vocabulary.get_or_init(|| self.read_vocabulary());
        let line = self.body(block);
        let (mut long, mut known) = (0, 0);
        for word in Words::new(line).filter(tells) {
            long += 1;
            known += usize::from(vocabulary.contains(&words::stem(line, &word)));
        }
        known as f32 / long.max(1) as f32
    }

    fn read_vocabulary(&self) -> FxHashSet<u64> {
        let mut stems = FxHashSet::default();
        let mut read = 0;
        for i in (0..self.blocks.len()).filter(|&i| self.blocks[i].is_prose() && !self.is_prompt(i)) {
            let body = self.body(i);
            stems.extend(Words::new(body).filter(tells).map(|word| words::stem(body, &word)));
            read += body.len();
            if read > VOCABULARY_BYTES {
                break;
            }
        }
        stems
    }

    pub fn masthead(&self) -> Option<&Masthead> {
        self.masthead.get_or_init(|| Masthead::find(self)).as_ref()
    }
}

/// So much running text tells what an article speaks of.
const VOCABULARY_BYTES: usize = 2500;

/// Long enough to tell what a line speaks of.
fn tells(word: &Word) -> bool {
    word.end - word.start >= 5 || word.is_spaceless()
}

/// Tables whose prompts and buttons are no part of an article wherever they stand.
pub(crate) const PROMPTS: &[Table] = &[
    Table::Navigation,
    Table::ShareWidget,
    Table::NewsletterPrompt,
    Table::CommentSection,
    Table::CopyrightNotice,
    Table::ConsentNotice,
    Table::Advertisement,
    Table::PageInstrumentation,
    Table::MediaPlayer,
    Table::PaywallPrompt,
    Table::AppPrompt,
    Table::SocialEmbed,
];

fn is_prompt(block: &Block) -> bool {
    PROMPTS.iter().any(|&table| block.has_any(table, &[Cue::Line, Cue::ManyParts, Cue::Start, Cue::Within]))
        || block.has(Table::LinkList, Cue::Head)
}
