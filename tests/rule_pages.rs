//! The example on each rule's page is true.
//!
//! Under `## Example` a page has two fenced blocks, opened by "```text before" and "```text after": what the rule alone
//! makes of the first, at the level it needs, is the second.

use dehusk::{Cleaner, Level, RULES, Rule};

/// The text in a page's fenced block of this name.
fn example(rule: &Rule, name: &str) -> String {
    let example = rule.page.split_once("## Example\n").unwrap_or_else(|| panic!("{}: no example", rule.name)).1;
    let fence = format!("```text {name}\n");
    let block = example.split_once(&fence).unwrap_or_else(|| panic!("{}: no `{name}`", rule.name)).1;
    block.split_once("```").unwrap_or_else(|| panic!("{}: `{name}` is not closed", rule.name)).0.to_owned()
}

#[test]
fn every_example_is_true() {
    for rule in RULES {
        let level = rule.level.max(Level::Standard);
        let cleaner = Cleaner::builder().level(level).only([rule.name]).unwrap().build();
        let (before, after) = (example(rule, "before"), example(rule, "after"));
        assert_ne!(before, after, "{}: the example shows nothing", rule.name);
        assert_eq!(cleaner.clean_text(&before).text, after, "{}", rule.name);
    }
}
