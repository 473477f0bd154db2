//! The ways into a document.

#[cfg(feature = "html")]
pub(crate) mod html;
pub(crate) mod text;
