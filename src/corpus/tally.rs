//! What a run counts.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tally {
    /// Documents met: those written, those of which nothing is left, and those set aside.
    pub documents: u64,
    /// Documents written with something in them.
    pub written: u64,
    /// Documents written of whose text nothing is left.
    pub empty: u64,
    /// Documents that are not written: each has a [`Problem`](super::Problem).
    pub set_aside: u64,
    /// What could not be read, or was set aside or left as it is.
    pub problems: u64,
    /// Bytes of the documents written, as they came, with the lines they stood in.
    pub bytes_in: u64,
    /// Bytes written.
    pub bytes_out: u64,
    /// Removals by rule.
    pub removals: BTreeMap<Cow<'static, str>, u64>,
}

impl Tally {
    /// True where every document met is accounted for, once.
    pub fn adds_up(&self) -> bool {
        self.documents == self.written + self.empty + self.set_aside
    }

    pub(crate) fn add(&mut self, other: &Tally) {
        self.documents += other.documents;
        self.written += other.written;
        self.empty += other.empty;
        self.set_aside += other.set_aside;
        self.problems += other.problems;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        for (rule, count) in &other.removals {
            *self.removals.entry(rule.clone()).or_default() += count;
        }
    }
}
