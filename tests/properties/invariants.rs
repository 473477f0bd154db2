//! What has to hold for every text under every cleaner: one function, which property tests and the fuzz target call; and one
//! for every page.

use dehusk::html::Page;
use dehusk::{Cleaned, Cleaner, Document, Level, RULES, Removal, restore};

/// A cleaner for each pair of numbers: the level, and a bit for each rule that may remove.
pub fn cleaner(level: u8, rules: u32) -> Cleaner {
    let level = [Level::Gentle, Level::Standard, Level::Thorough][usize::from(level % 3)];
    let chosen = RULES.iter().enumerate().filter(|(bit, _)| rules >> bit & 1 == 1);
    let only = Cleaner::builder().level(level).only(chosen.map(|(_, rule)| rule.name));
    only.expect("rules are known by their own names").build()
}

/// Panics where anything that should hold for `text` does not.
pub fn hold(cleaner: &Cleaner, text: &str) {
    let cleaned = clean_holds(cleaner, text);
    explanations_hold(cleaner, text, &cleaned);
    assert_eq!(cleaner.clean_text(text), cleaned, "what was cleaned in between made a difference");
}

/// The part of [`hold`] that texts of any size can afford.
pub fn clean_holds(cleaner: &Cleaner, text: &str) -> Cleaned {
    let cleaned = cleaner.clean_text(text);
    removals_hold(cleaner, text, &cleaned.removals);
    assert_eq!(cut(text, &cleaned.removals), cleaned.text, "something changed without a removal");
    assert_eq!(restore(&cleaned.text, &cleaned.removals).as_deref().ok(), Some(text), "not restored");
    assert!(cleaned.left.is_none() || cleaned.removals.is_empty(), "left as it is, with removals");
    let again = cleaner.clean_text(&cleaned.text);
    assert_eq!(again.removals, [], "a second run finds more");
    cleaned
}

/// Panics where anything that should hold for a page does not.
pub fn page_holds(cleaner: &Cleaner, html: &str) {
    let page = Page::parse(html);
    let shown = page.document().text();
    let article = cleaner.extract(&page);
    removals_hold(cleaner, shown, &article.removals);
    assert_eq!(cut(shown, &article.removals), article.text, "something changed without a removal");
    assert_eq!(restore(&article.text, &article.removals).as_deref().ok(), Some(shown), "not restored");
    let (text, removals) = article.with_title();
    assert_eq!(restore(&text, &removals).as_deref().ok(), Some(shown), "not restored from below its title");
    assert!(article.left.is_none() || article.removals.is_empty(), "left as it is, with removals");
    assert_eq!(cleaner.extract(&Page::parse(html)), article, "a second run finds something else");
}

/// Removals are sorted, disjoint, on character boundaries, inside the text, say what they took, and were allowed to.
fn removals_hold(cleaner: &Cleaner, text: &str, removals: &[Removal]) {
    let mut at = 0;
    for removal in removals {
        assert!(at <= removal.span.start, "out of order, or over another: {removal:?}");
        assert!(removal.span.start < removal.span.end, "of nothing: {removal:?}");
        assert_eq!(text.get(removal.span.clone()), Some(&*removal.text), "{removal:?}");
        assert!((cleaner.level().threshold()..=1.0).contains(&removal.confidence), "{removal:?}");
        assert!(cleaner.rules().any(|rule| rule.name == removal.rule), "{removal:?}");
        at = removal.span.end;
    }
}

/// What `explain` says went is what went, and all it speaks of stands in the text.
fn explanations_hold(cleaner: &Cleaner, text: &str, cleaned: &Cleaned) {
    let explained = cleaner.explain(&Document::new(text));
    for proposal in &explained {
        let Removal { span, text: piece, .. } = &proposal.removal;
        assert_eq!(text.get(span.clone()), Some(&**piece), "{proposal:?}");
    }
    let gone = explained.iter().filter(|proposal| proposal.fate == dehusk::Fate::Removed);
    if cleaned.left.is_none() {
        assert!(gone.map(|proposal| &proposal.removal).eq(&cleaned.removals), "explain and clean differ");
    }
}

/// The text without what was removed, put together here on purpose and not by the library.
fn cut(text: &str, removals: &[Removal]) -> String {
    let mut kept = String::new();
    let mut at = 0;
    for removal in removals {
        kept += &text[at..removal.span.start];
        kept += &removal.replacement;
        at = removal.span.end;
    }
    kept + &text[at..]
}
