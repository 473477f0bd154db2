//! What a run counts.

use super::Problem;
use crate::Removal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Removed texts that are kept of each rule.
const EXAMPLES: usize = 5;

/// Characters of a removed text that are kept.
const EXAMPLE: usize = 160;

/// Documents that are kept of those that lost most.
const LOSSES: usize = 20;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tally {
    /// Documents met: those written, those of which nothing is left, and those set aside.
    pub documents: u64,
    /// Documents written with something in them.
    pub written: u64,
    /// Documents written of whose text nothing is left.
    pub empty: u64,
    /// Documents written whose text an earlier one has too, where that is looked for.
    pub duplicates: u64,
    /// Documents that are not written: each has a [`Problem`], or its file has one.
    pub set_aside: u64,
    /// What could not be read, or was set aside or left as it is.
    pub problems: u64,
    /// The same by the name of their [`Code`](super::Code).
    pub codes: BTreeMap<Cow<'static, str>, u64>,
    /// Bytes of the documents written, as they came, with the lines they stood in.
    pub bytes_in: u64,
    /// Bytes written.
    pub bytes_out: u64,
    /// Bytes of the texts of the documents written, before anything was removed from them.
    pub text: u64,
    /// What the rules removed, by their names.
    pub rules: BTreeMap<Cow<'static, str>, Removed>,
    /// Documents by the share of their text that went: none, up to a twentieth, up to two, and so on; the last lost more
    /// than nineteen.
    pub shares: Shares,
    /// The documents that lost most, the greatest share first.
    pub losses: Vec<Loss>,
}

/// What a rule removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Removed {
    /// Removals.
    pub count: u64,
    /// Bytes of text.
    pub bytes: u64,
    /// The first removed texts, each once, cut to some length.
    pub examples: Vec<String>,
}

/// How many documents lost how much.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares([u64; Shares::CLASSES]);

/// A document that lost much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Loss {
    /// Its id.
    pub id: String,
    /// The share of its text that went, 0 to 1.
    pub share: f64,
    /// Bytes that went.
    pub bytes: u64,
}

impl Shares {
    /// Nothing, and twenty shares of a twentieth each.
    pub const CLASSES: usize = 21;

    /// The documents of each class.
    pub fn counts(&self) -> &[u64; Self::CLASSES] {
        &self.0
    }

    fn add(&mut self, share: f64) {
        let steps = (Self::CLASSES - 1) as f64;
        self.0[((share * steps).ceil() as usize).min(Self::CLASSES - 1)] += 1;
    }
}

impl Removed {
    fn add(&mut self, removal: &Removal) {
        self.count += 1;
        self.bytes += removal.span.len() as u64;
        if self.examples.len() < EXAMPLES {
            self.keep(removal.text.trim().chars().take(EXAMPLE).collect());
        }
    }

    fn keep(&mut self, example: String) {
        if self.examples.len() < EXAMPLES && !example.is_empty() && !self.examples.contains(&example) {
            self.examples.push(example);
        }
    }
}

impl Tally {
    /// True where every document met is accounted for, once.
    pub fn adds_up(&self) -> bool {
        self.documents == self.written + self.empty + self.set_aside
    }

    /// Bytes of text that went.
    pub fn removed(&self) -> u64 {
        self.rules.values().map(|rule| rule.bytes).sum()
    }

    /// That as a share of all text (0 to 1).
    pub fn removed_share(&self) -> f64 {
        self.removed() as f64 / self.text.max(1) as f64
    }

    /// Counts what was removed from a document, of whose text so many bytes are left.
    pub(crate) fn count_text<'i>(&mut self, removals: &[Removal], left: usize, id: impl FnOnce() -> Cow<'i, str>) {
        let gone: usize = removals.iter().map(|removal| removal.span.len()).sum();
        let put: usize = removals.iter().map(|removal| removal.replacement.len()).sum();
        let text = left.saturating_sub(put) + gone;
        for removal in removals {
            self.rules.entry(removal.rule.into()).or_default().add(removal);
        }
        let share = gone as f64 / text.max(1) as f64;
        self.text += text as u64;
        self.shares.add(share);
        let is_among = self.losses.len() < LOSSES || self.losses.last().is_some_and(|last| share > last.share);
        if gone > 0 && is_among {
            self.losses.push(Loss { id: id().into_owned(), share, bytes: gone as u64 });
            self.sort_losses();
        }
    }

    /// The greatest share first, of equal ones that which came first.
    fn sort_losses(&mut self) {
        self.losses.sort_by(|a, b| b.share.total_cmp(&a.share));
        self.losses.truncate(LOSSES);
    }

    pub(crate) fn count_problem(&mut self, problem: &Problem) {
        self.problems += 1;
        *self.codes.entry(problem.code.name().into()).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: &Tally) {
        self.documents += other.documents;
        self.written += other.written;
        self.empty += other.empty;
        self.duplicates += other.duplicates;
        self.set_aside += other.set_aside;
        self.problems += other.problems;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        self.text += other.text;
        for (code, count) in &other.codes {
            *self.codes.entry(code.clone()).or_default() += count;
        }
        for (rule, removed) in &other.rules {
            let all = self.rules.entry(rule.clone()).or_default();
            all.count += removed.count;
            all.bytes += removed.bytes;
            removed.examples.iter().for_each(|example| all.keep(example.clone()));
        }
        self.shares.0.iter_mut().zip(other.shares.0).for_each(|(all, count)| *all += count);
        self.losses.extend_from_slice(&other.losses);
        self.sort_losses();
    }
}
