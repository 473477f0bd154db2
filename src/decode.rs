//! Bytes into text.

use crate::Error;
use encoding_rs::Encoding;

/// The encoding with this WHATWG label.
pub(crate) fn encoding(label: &str) -> Result<&'static Encoding, Error> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| Error::Config(format!("there is no encoding `{label}`")))
}
