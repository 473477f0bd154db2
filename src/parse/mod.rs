//! The ways into a document.

pub(crate) mod text;
