//! dehusk strips the husk from scraped articles and keeps the kernel.
//!
//! It removes boilerplate span by span and says of every removed byte why it went:
//!
//! ```
//! let cleaned = dehusk::clean("A title\n\nIts text.\n\nFacebook Twitter WhatsApp Email\n");
//! assert_eq!(cleaned.text, "A title\n\nIts text.\n");
//! assert_eq!(cleaned.removals[0].rule, "share-widget");
//! ```

#![warn(missing_docs)]

#[cfg(feature = "html")]
mod article;
mod cleaner;
#[cfg(feature = "corpus")]
pub mod config;
#[cfg(feature = "corpus")]
pub mod corpus;
#[cfg(feature = "corpus")]
mod decode;
pub mod diff;
mod document;
mod error;
#[cfg(feature = "eval")]
pub mod eval;
mod lexicon;
#[cfg(feature = "html")]
mod markdown;
mod parse;
// Profiles are learned and read with corpora: without, there is none to ask.
#[cfg_attr(not(feature = "corpus"), allow(dead_code))]
mod profile;
mod removal;
mod resolve;
mod rule;
mod rules;
mod scorer;
#[cfg(feature = "html")]
mod site;
mod words;

/// What the fuzz targets look at. No part of the interface.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod internals {
    use crate::parse::html::prepass::{Attributes, Cut, lean};

    /// The page that is parsed in place of this one.
    pub fn lean_page(html: &str, all_attributes: bool) -> String {
        let attributes = if all_attributes { Attributes::All } else { Attributes::Needed };
        lean(html, Cut { attributes, scripts_run: true }).html.into_owned()
    }
}

#[cfg(feature = "html")]
pub use article::{Article, Kind};
pub use cleaner::{Cleaned, Cleaner, CleanerBuilder, Explained, Left};
pub use document::{Block, Document, Span};
pub use error::Error;
#[cfg(feature = "html")]
pub use markdown::markdown;
#[cfg(feature = "corpus")]
pub use profile::{Learned, ProfileFile, Shown};
pub use profile::{Profile, Verdict};
pub use removal::{Removal, restore, restore_parts};
pub use resolve::Fate;
pub use rule::{Level, Rule};
pub use rules::RULES;

#[cfg(feature = "html")]
pub use parse::html;

/// This version, and behind the sign a hash of all that decides on removals: rules, lexicon, scorer.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("DEHUSK_RULES"));

/// The README's examples are tests too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Cleans plain text with every rule at the standard level.
///
/// ```
/// assert_eq!(dehusk::clean("Only an article.").text, "Only an article.");
/// ```
pub fn clean(text: &str) -> Cleaned {
    Cleaner::default().clean_text(text)
}
