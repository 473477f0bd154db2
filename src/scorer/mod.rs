//! The learned scorer: for each block the probability of being junk.

pub(crate) mod features;
#[cfg(feature = "html")]
pub(crate) mod markup;
#[cfg(all(feature = "eval", feature = "html"))]
pub mod training;
