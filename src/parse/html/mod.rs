//! HTML to a document.

// Until pages are read.
#![allow(dead_code)]

pub(crate) mod encoding;
pub(crate) mod prepass;
