//! The example on each rule's page is true.
//!
//! Under `## Example` a page has two fenced blocks, opened by "```text before" (or "```html before") and "```text after":
//! what the rule alone makes of the first, at the level it needs, is the second.

mod learned;

use dehusk::html::Page;
use dehusk::{Cleaner, CleanerBuilder, Document, Level, RULES, Rule};

/// The text in a page's fenced block of this name.
fn example(rule: &Rule, name: &str) -> Option<String> {
    let example = rule.page.split_once("## Example\n").unwrap_or_else(|| panic!("{}: no example", rule.name)).1;
    let block = example.split_once(&format!("```{name}\n"))?.1;
    Some(block.split_once("```").unwrap_or_else(|| panic!("{}: `{name}` is not closed", rule.name)).0.to_owned())
}

const SITE: &str = "example.org";

/// A cleaner that has learned from pages as the page's block "```text learned" frames them, where there is one.
fn knowing(rule: &Rule) -> CleanerBuilder {
    match example(rule, "text learned") {
        Some(frame) => Cleaner::builder().profile(learned::profile(&learned::pages(SITE, &frame, 20))),
        None => Cleaner::builder(),
    }
}

#[test]
fn every_example_is_true() {
    for rule in RULES {
        let level = rule.level.max(Level::Standard);
        let cleaner = knowing(rule).level(level).only([rule.name]).unwrap().build();
        let cleaned = |text: String| (cleaner.clean(&Document::new(text.as_str()).of_site(SITE)).text, text);
        let page = |html: String| (cleaner.extract(&Page::parse(&html)).text + "\n", html);
        let before = example(rule, "text before").map(cleaned).or_else(|| example(rule, "html before").map(page));
        let (cleaned, before) = before.unwrap_or_else(|| panic!("{}: nothing before", rule.name));
        let after = example(rule, "text after").unwrap_or_else(|| panic!("{}: nothing after", rule.name));
        assert_ne!(before, after, "{}: the example shows nothing", rule.name);
        assert_eq!(cleaned, after, "{}", rule.name);
    }
}
