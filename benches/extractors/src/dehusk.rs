//! dehusk as its users call it: the cleaner is built once, and asked for no reasons, since nobody records them; each page is parsed and its article taken.

use dehusk::Cleaner;
use dehusk::html::Page;
use std::sync::LazyLock;

static CLEANER: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::builder().explains(false).build());

pub fn extract(html: &str) -> String {
    CLEANER.extract(&Page::parse(html)).text
}
