//! The invariants of the property tests, over whatever the fuzzer thinks of: five bytes choose the cleaner, the rest is
//! the text, and a page of HTML.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/properties/invariants.rs"]
mod invariants;

fuzz_target!(|input: (u8, u32, &str)| {
    let (level, rules, text) = input;
    let cleaner = invariants::cleaner(level, rules);
    invariants::hold(&cleaner, text);
    invariants::page_holds(&cleaner, text);
});
