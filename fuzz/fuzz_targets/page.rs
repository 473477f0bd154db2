//! A page of HTML, parsed in both ways: its blocks lie on its text's character boundaries, in order, and are those that
//! the text alone has.

#![no_main]

use dehusk::{Document, html::Page};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    for page in [Page::parse(html), Page::parse_flat(html)] {
        let (document, mut at) = (page.document(), 0);
        for block in document.blocks() {
            let span = block.span();
            assert!(at <= span.start && span.start < span.end, "{span:?} behind {at}");
            assert!(document.text().get(span.clone()).is_some(), "{span:?} is cut wrongly");
            at = span.end;
        }
        assert_eq!(document.blocks(), Document::new(document.text()).blocks());
    }
});
