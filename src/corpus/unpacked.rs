//! What stands in for compression where it is left out: bytes are what they are.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Packing {
    #[default]
    Plain,
}

impl Packing {
    pub fn of_name(_: &Path) -> Self {
        Packing::Plain
    }

    pub fn pack(self, bytes: Vec<u8>, _: bool) -> Vec<u8> {
        bytes
    }
}

pub(crate) fn without_ending(name: &Path) -> Cow<'_, Path> {
    Cow::Borrowed(name)
}

pub(crate) fn unpacked(bytes: Box<dyn Read + Send>, _: &Path) -> Box<dyn Read + Send> {
    bytes
}
