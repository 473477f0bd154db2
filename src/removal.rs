//! What goes: proposals, the removals they become, and the two operations on text, apply and restore.

use crate::Error;
use crate::document::Span;
use std::borrow::Cow;

/// One piece of text that goes, and why.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Removal {
    /// Byte range in the document's text.
    pub span: Span,
    /// Name of the rule that took it.
    pub rule: &'static str,
    /// How sure the rule is, from 0 to 1: an estimate, not a calibrated probability.
    pub confidence: f32,
    /// What gave it away, in a few words.
    pub evidence: Cow<'static, str>,
    /// The removed text.
    pub text: String,
    /// What stands in its place, nearly always nothing.
    pub replacement: String,
}

impl Removal {
    /// Nothing goes, and something comes: a title that the text does not hold.
    #[cfg(feature = "html")]
    pub(crate) fn insertion(span: Span, replacement: String) -> Self {
        Removal {
            span,
            rule: crate::rule::SCORER,
            confidence: 1.0,
            evidence: "the title comes first".into(),
            text: String::new(),
            replacement,
        }
    }
}

/// The text that is left when spans (sorted, disjoint) are cut out and replaced. The gaps are copied once.
pub(crate) fn apply(text: &str, gone: &[(Span, &str)]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for (span, replacement) in gone {
        kept.push_str(&text[at..span.start]);
        kept.push_str(replacement);
        at = span.end;
    }
    kept.push_str(&text[at..]);
    kept
}

/// Puts removed text back: the original, byte for byte.
///
/// `removals` are those of the one document that `kept` came from: sorted and disjoint, with spans in the original.
///
/// # Errors
/// [`Error::Restore`] where the removals do not fit the text.
///
/// ```
/// let original = "Title\n\nText.\n\nShare this article\n";
/// let cleaned = dehusk::clean(original);
/// assert_eq!(dehusk::restore(&cleaned.text, &cleaned.removals)?, original);
/// # Ok::<(), dehusk::Error>(())
/// ```
pub fn restore(kept: &str, removals: &[Removal]) -> Result<String, Error> {
    let parts = removals.iter().map(|r| (r.span.clone(), r.text.as_str(), r.replacement.as_str()));
    restore_parts(kept, parts)
}

/// [`restore`] from the parts of removal records: span in the original, removed text, replacement.
///
/// # Errors
/// [`Error::Restore`] where the parts do not fit the text.
pub fn restore_parts<'a>(
    kept: &str,
    parts: impl IntoIterator<Item = (Span, &'a str, &'a str)>,
) -> Result<String, Error> {
    let mut original = String::with_capacity(kept.len());
    let mut rest = kept;
    for (span, text, replacement) in parts {
        let misfit = || Error::Restore { at: span.start };
        let gap = span.start.checked_sub(original.len()).ok_or_else(misfit)?;
        let (before, after) = rest.split_at_checked(gap).ok_or_else(misfit)?;
        if text.len() != span.len() {
            return Err(misfit());
        }
        original.push_str(before);
        original.push_str(text);
        rest = after.strip_prefix(replacement).ok_or_else(misfit)?;
    }
    original.push_str(rest);
    Ok(original)
}
