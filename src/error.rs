//! What can go wrong, each with what a user can do about it.

/// Why the library refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A rule was named that does not exist.
    #[error("there is no rule `{name}`{}", hint(.nearest))]
    UnknownRule {
        /// The name as given.
        name: String,
        /// The rule whose name is nearest, if one is near.
        nearest: Option<&'static str>,
    },
    /// A setting was named that does not exist.
    #[error("there is no key `{key}`{}", hint(.nearest))]
    UnknownKey {
        /// The key as given.
        key: String,
        /// The nearest key, if one is near.
        nearest: Option<&'static str>,
    },
    /// A level or format was named that does not exist.
    #[error("there is no {kind} `{name}`{}", hint(.nearest))]
    UnknownName {
        /// What was to be named.
        kind: &'static str,
        /// The name as given.
        name: String,
        /// The nearest name, if one is near.
        nearest: Option<&'static str>,
    },
    /// A configuration that cannot be used: what is wrong with it.
    #[error("{0}")]
    Config(String),
    /// A share outside 0 to 1.
    #[error("a share lies between 0 and 1, not at {0}")]
    Share(String),
    /// Removal records that do not belong to the text.
    #[error("the removals do not fit this text: at byte {at} of the original")]
    Restore {
        /// Byte offset into the original at which they stop fitting.
        at: usize,
    },
}

pub(crate) fn hint(nearest: &Option<&'static str>) -> String {
    nearest.map_or(String::new(), |name| format!(" (did you mean `{name}`?)"))
}

/// The candidate nearest to `name`, where one is near enough to be meant (Damerau-Levenshtein, a third of the letters).
pub(crate) fn nearest(name: &str, candidates: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min()
        .map(|(_, candidate)| candidate)
}
