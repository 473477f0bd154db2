//! The cleaner: rules propose, resolve decides, apply cuts.

use crate::document::Document;
use crate::error::Error;
use crate::profile::Profile;
use crate::removal::Removal;
use crate::resolve::{Decided, Fate, resolve};
use crate::rule::{Findings, Level, Page, Rule, SITE_RULE, Wants};
use crate::rules::RULES;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// A document that still changes after so many passes is left as it is. Real documents settle in two or three.
const PASSES: usize = 16;

/// Rules and thresholds, set once and shared: `clean` takes `&self` and depends on the document alone.
///
/// ```
/// use dehusk::{Cleaner, Document, Level};
/// let cleaner = Cleaner::builder().level(Level::Gentle).without(["tag-list"])?.build();
/// let cleaned = cleaner.clean(&Document::new("A title\n\nIts text.\n\nAdvertisement\n"));
/// assert_eq!(cleaned.text, "A title\n\nIts text.\n");
/// assert_eq!(cleaned.removals[0].rule, "advertisement");
/// # Ok::<(), dehusk::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Cleaner {
    level: Level,
    enabled: Vec<bool>,
    max_removed: f64,
    explains: bool,
    captions: bool,
    profile: Option<Arc<Profile>>,
}

/// Sets a [`Cleaner`] up.
#[derive(Debug, Clone)]
pub struct CleanerBuilder {
    cleaner: Cleaner,
}

/// The kept text, and the removals that made it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cleaned {
    /// The text that stays.
    pub text: String,
    /// What went, in the order of the text: sorted, disjoint, on character boundaries.
    pub removals: Vec<Removal>,
    /// Why the document was left as it is although rules found something, where that is so.
    pub left: Option<Left>,
}

/// Why a document was left as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Left {
    /// It would have lost this share of its bytes, more than allowed.
    MaxRemoved(f64),
    /// It did not come to rest: each pass found something new.
    Unsettled,
}

impl std::fmt::Display for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Left::MaxRemoved(share) => write!(f, "would lose {:.1}% of its bytes", share * 100.0),
            Left::Unsettled => write!(f, "does not settle in {PASSES} passes"),
        }
    }
}

/// A proposal and what became of it, for [`Cleaner::explain`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explained {
    /// What would go.
    pub removal: Removal,
    /// What became of it.
    pub fate: Fate,
    /// The pass that removed it, or the first one that saw it lose, from 1 on.
    pub pass: usize,
}

impl Default for Cleaner {
    fn default() -> Self {
        Cleaner {
            level: Level::default(),
            enabled: vec![true; RULES.len()],
            max_removed: 1.0,
            explains: true,
            captions: false,
            profile: None,
        }
    }
}

impl Cleaner {
    /// All rules, level standard.
    pub fn builder() -> CleanerBuilder {
        CleanerBuilder { cleaner: Cleaner::default() }
    }

    /// The rules that may remove, in the order they run.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        RULES.iter().zip(&self.enabled).filter_map(|(rule, &on)| on.then_some(rule))
    }

    /// How much the cleaner dares.
    pub fn level(&self) -> Level {
        self.level
    }

    /// True where captions stay in the text of a page.
    pub fn keeps_captions(&self) -> bool {
        self.captions
    }

    /// This cleaner, and whether it names what spoke for a removal by the scorer.
    #[cfg(feature = "corpus")]
    pub(crate) fn explaining(&self, explains: bool) -> Cleaner {
        Cleaner { explains: self.explains && explains, ..self.clone() }
    }

    /// True where no rule may remove anything, so that documents need not be parsed.
    pub fn is_idle(&self) -> bool {
        self.enabled.iter().all(|on| !on)
    }

    /// Cleans plain text.
    pub fn clean_text(&self, text: &str) -> Cleaned {
        self.clean_unless_idle(text, || Document::new(text))
    }

    /// Cleans plain text from a site.
    pub fn clean_text_of(&self, text: &str, site: &str) -> Cleaned {
        self.clean_unless_idle(text, || Document::new(text).of_site(site))
    }

    fn clean_unless_idle<'t>(&self, text: &str, document: impl FnOnce() -> Document<'t>) -> Cleaned {
        if self.is_idle() {
            return Cleaned { text: text.to_owned(), removals: Vec::new(), left: None };
        }
        self.clean(&document())
    }

    /// Removes junk until none is found. The result depends on the document and this cleaner alone.
    pub fn clean(&self, document: &Document) -> Cleaned {
        self.clean_telling_kind(document).0
    }

    /// [`Cleaner::clean`], and the kind of page that the document is taken for, as a place in the order of kinds.
    pub(crate) fn clean_telling_kind(&self, document: &Document) -> (Cleaned, Option<usize>) {
        let mut passes = Passes::new(document);
        let mut kind = None;
        while passes.count < PASSES {
            let decided = self.pass(passes.document(), false);
            kind = kind.or(decided.kind);
            if decided.removals.is_empty() {
                return (self.within_budget(document, passes.removals), kind);
            }
            passes.take(decided.removals);
            if !document.judged().0.is_empty() {
                // What a site's rules keep is known in the page's own text only.
                return (self.within_budget(document, passes.removals), kind);
            }
        }
        // Leaving it is the only answer that a second run agrees with.
        (Cleaned { text: document.text().to_owned(), removals: Vec::new(), left: Some(Left::Unsettled) }, kind)
    }

    /// Everything rules proposed for a document, and what became of it, in the order of the text.
    ///
    /// Each pass proposes again what lost in the one before: a proposal that loses is told once, as it was first seen.
    pub fn explain(&self, document: &Document) -> Vec<Explained> {
        let mut passes = Passes::new(document);
        let (mut all, mut seen) = (Vec::new(), FxHashSet::default());
        while passes.count < PASSES {
            let Decided { removals, lost, .. } = self.pass(passes.document(), true);
            let pass = passes.count + 1;
            let won = removals.iter().map(|removal| (removal.clone(), Fate::Removed));
            for (removal, fate) in won.chain(lost) {
                for removal in passes.to_original(removal) {
                    if seen.insert((removal.span.clone(), removal.rule, removal.confidence.to_bits())) {
                        all.push(Explained { removal, fate: fate.clone(), pass });
                    }
                }
            }
            if removals.is_empty() {
                break;
            }
            passes.take(removals);
        }
        all.sort_by_key(|e| (e.removal.span.start, e.fate != Fate::Removed, e.pass));
        all
    }

    fn pass(&self, document: &Document, explain: bool) -> Decided {
        if self.is_idle() {
            return Decided::default();
        }
        let wants = Wants { level: self.level, reasons: explain || self.explains, captions: self.captions };
        let known = self.profile.as_ref().map(|profile| profile.of(document.site())).unwrap_or_default();
        let page = Page::new(document, wants).knowing(known);
        // Rules build on what those before them find, and the scorer on all: so each is asked at every level.
        let mut findings = Findings::of(&page, RULES);
        findings.yield_to_site(document);
        let all = self.enabled.iter().all(|&on| on);
        let is_enabled = |name: &str| all || name == SITE_RULE || self.rules().any(|rule| rule.name == name);
        let decided = resolve(document, findings.proposals, self.level.threshold(), explain, is_enabled);
        Decided { kind: findings.kind, ..decided }
    }

    fn within_budget(&self, document: &Document, removals: Vec<Removal>) -> Cleaned {
        let text = document.text();
        let gone: usize = removals.iter().map(|r| r.span.len() - r.replacement.len().min(r.span.len())).sum();
        let share = gone as f64 / text.len().max(1) as f64;
        if share > self.max_removed {
            return Cleaned { text: text.to_owned(), removals: Vec::new(), left: Some(Left::MaxRemoved(share)) };
        }
        let spans: Vec<_> = removals.iter().map(|r| (r.span.clone(), r.replacement.as_str())).collect();
        Cleaned { text: crate::removal::apply(text, &spans), removals, left: None }
    }
}

/// A document on its way to rest: what went so far, in spans of the original, and what is left.
struct Passes<'d> {
    original: &'d Document<'d>,
    left: Option<Document<'static>>,
    removals: Vec<Removal>,
    /// What lies between the removals.
    stretches: Vec<Stretch>,
    count: usize,
}

/// A stretch of the original that is still there.
struct Stretch {
    /// Where it begins in what is left, and in the original.
    at: usize,
    from: usize,
    length: usize,
}

impl Stretch {
    /// Where it ends in what is left.
    fn end(&self) -> usize {
        self.at + self.length
    }
}

/// The stretches of a text of `length` bytes that removals (sorted, disjoint) leave.
fn stretches(removals: &[Removal], length: usize) -> Vec<Stretch> {
    let mut stretches = Vec::with_capacity(removals.len() + 1);
    let (mut at, mut from) = (0, 0);
    for (start, end, replacement) in
        removals.iter().map(|r| (r.span.start, r.span.end, r.replacement.len())).chain([(length, length, 0)])
    {
        if from < start {
            stretches.push(Stretch { at, from, length: start - from });
        }
        at += start - from + replacement;
        from = end;
    }
    stretches
}

impl<'d> Passes<'d> {
    fn new(original: &'d Document<'d>) -> Self {
        let stretches = stretches(&[], original.text().len());
        Passes { original, left: None, removals: Vec::new(), stretches, count: 0 }
    }

    fn document(&self) -> &Document<'_> {
        self.left.as_ref().unwrap_or(self.original)
    }

    /// Cuts the removals out of what is left, and files them under their place in the original.
    fn take(&mut self, removals: Vec<Removal>) {
        let spans: Vec<_> = removals.iter().map(|r| (r.span.clone(), r.replacement.as_str())).collect();
        let left = self.document().without(&spans);
        if self.count == 0 {
            self.removals = removals;
        } else {
            let found: Vec<Removal> = removals.into_iter().flat_map(|removal| self.to_original(removal)).collect();
            self.removals.extend(found);
            self.removals.sort_by_key(|r| r.span.start);
        }
        self.stretches = stretches(&self.removals, self.original.text().len());
        self.left = Some(left);
        self.count += 1;
    }

    /// A removal from what is left, as removals from the original: one for each stretch between earlier removals.
    fn to_original(&self, removal: Removal) -> impl Iterator<Item = Removal> {
        let Removal { span, replacement, .. } = removal.clone();
        let first = self.stretches.partition_point(|stretch| stretch.end() <= span.start);
        let touched = self.stretches[first..].iter().take_while(move |stretch| stretch.at < span.end);
        let mut pieces: Vec<Removal> = touched
            .map(|stretch| {
                let at = removal.span.start.max(stretch.at)..removal.span.end.min(stretch.end());
                let span = stretch.from + (at.start - stretch.at)..stretch.from + (at.end - stretch.at);
                let text = self.original.text()[span.clone()].to_owned();
                Removal { span, text, replacement: String::new(), ..removal.clone() }
            })
            .collect();
        if let Some(first) = pieces.first_mut() {
            first.replacement = replacement;
        }
        pieces.into_iter()
    }
}

impl CleanerBuilder {
    /// Sets how much the cleaner dares.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.cleaner.level = level;
        self
    }

    /// Lets only these rules remove; the others still say what they see. `none` names no rule.
    ///
    /// # Errors
    /// [`Error::UnknownRule`] with the nearest name.
    pub fn only<S: AsRef<str>>(mut self, names: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let mut enabled = vec![false; RULES.len()];
        for name in names {
            if name.as_ref() != "none" {
                enabled[index(name.as_ref())?] = true;
            }
        }
        self.cleaner.enabled = enabled;
        Ok(self)
    }

    /// Keeps these rules from removing.
    ///
    /// # Errors
    /// [`Error::UnknownRule`] with the nearest name.
    pub fn without<S: AsRef<str>>(mut self, names: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        for name in names {
            self.cleaner.enabled[index(name.as_ref())?] = false;
        }
        Ok(self)
    }

    /// A document that would lose more than this share of its bytes (0 to 1) is left as it is.
    ///
    /// # Errors
    /// [`Error::Share`] where the share is not between 0 and 1.
    pub fn max_removed(mut self, share: f64) -> Result<Self, Error> {
        if !(0.0..=1.0).contains(&share) {
            return Err(Error::Share(share.to_string()));
        }
        self.cleaner.max_removed = share;
        Ok(self)
    }

    /// Whether removals by the scorer name the features that spoke for them, which takes some time. They do if nothing
    /// else is said.
    #[must_use]
    pub fn explains(mut self, explains: bool) -> Self {
        self.cleaner.explains = explains;
        self
    }

    /// Keeps captions and credits in the text of a page, where they stand, instead of beside it. Plain text keeps its
    /// captions as the level has it.
    #[must_use]
    pub fn captions(mut self, keep: bool) -> Self {
        self.cleaner.captions = keep;
        self
    }

    /// What was learned of sites. It counts for a document that tells its site
    /// ([`Document::of_site`](crate::Document::of_site)); for others what was learned of pages without a site does.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.cleaner.profile = Some(Arc::new(profile));
        self
    }

    /// The cleaner.
    #[must_use]
    pub fn build(self) -> Cleaner {
        self.cleaner
    }
}

/// A rule's place in [`RULES`].
pub(crate) fn index(name: &str) -> Result<usize, Error> {
    RULES.iter().position(|rule| rule.name == name).ok_or_else(|| Error::UnknownRule {
        name: name.to_owned(),
        nearest: crate::error::nearest(name, RULES.iter().map(|rule| rule.name)),
    })
}
