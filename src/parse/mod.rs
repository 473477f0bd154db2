//! The ways into a document.

#[cfg(feature = "html")]
pub mod html;
pub(crate) mod text;
