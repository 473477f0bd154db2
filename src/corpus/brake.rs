//! Stops a run in which too much goes, or too little: a rule that goes wrong on a new kind of document is met after a
//! thousand of them, not after a million.

use super::tally::Tally;
use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;

/// Documents that are looked at together, the last ones.
const WINDOW: u64 = 1000;

/// What went of the last documents, batch by batch.
pub(crate) struct Brake {
    /// Shares of the text that may go, 0 to 1.
    expected: RangeInclusive<f64>,
    batches: VecDeque<Counted>,
    documents: u64,
}

struct Counted {
    documents: u64,
    text: u64,
    removed: BTreeMap<Cow<'static, str>, u64>,
}

impl Brake {
    pub fn new(expected: RangeInclusive<f64>) -> Self {
        Brake { expected, batches: VecDeque::new(), documents: 0 }
    }

    /// Counts a batch; why the run has to stop, where it has to.
    pub fn count(&mut self, batch: &Tally) -> Option<String> {
        let documents = batch.documents - batch.set_aside;
        let removed = batch.rules.iter().map(|(rule, removed)| (rule.clone(), removed.bytes)).collect();
        self.batches.push_back(Counted { documents, text: batch.text, removed });
        self.documents += documents;
        while let Some(first) = self.batches.front()
            && self.documents - first.documents >= WINDOW
        {
            self.documents -= first.documents;
            self.batches.pop_front();
        }
        if self.documents >= WINDOW { self.judge() } else { None }
    }

    fn judge(&self) -> Option<String> {
        let mut rules: BTreeMap<&str, u64> = BTreeMap::new();
        for (rule, bytes) in self.batches.iter().flat_map(|batch| &batch.removed) {
            *rules.entry(rule).or_default() += bytes;
        }
        let text = self.batches.iter().map(|batch| batch.text).sum::<u64>().max(1);
        let removed: u64 = rules.values().sum();
        let share = removed as f64 / text as f64;
        if self.expected.contains(&share) {
            return None;
        }
        let percent = |bytes: u64| bytes as f64 / text as f64 * 100.0;
        let most = rules.iter().max_by_key(|&(_, bytes)| bytes);
        let most = most.map(|(rule, bytes)| format!("; `{rule}` took most, {:.1}%", percent(*bytes)));
        Some(format!(
            "the last {} documents lost {:.1}% of their text, outside the {} to {} of --halt-removed{}",
            self.documents,
            percent(removed),
            self.expected.start(),
            self.expected.end(),
            most.unwrap_or_default()
        ))
    }
}
