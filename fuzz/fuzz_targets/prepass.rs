//! What is left of a page parses to the same tree as the page: one bit chooses the attributes that stay, the rest is the
//! page.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/parse/html/prepass/sameness.rs"]
mod sameness;

fuzz_target!(|input: (bool, &str)| {
    let (all_attributes, page) = input;
    sameness::assert_same(page, &dehusk::internals::lean_page(page, all_attributes), all_attributes);
});
