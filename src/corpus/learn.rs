//! Learning from a corpus what its sites repeat.

use super::draft::{Out, Pending, folder_of};
use super::inputs::{Inputs, Record};
use super::output::refuse_input;
use super::{Problem, Stop};
use crate::profile::{self, Fingerprints, Learned, Learner, NO_SITE, Sketch};
use rayon::prelude::*;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// So much text is looked at at a time, in bytes and documents.
const CHUNK: usize = 1 << 23;
const DOCUMENTS: usize = 4096;

/// How to learn.
#[derive(Debug, Clone)]
pub struct Learning {
    /// Bytes of memory for counts. What is beyond goes to files in `folder`.
    pub memory: usize,
    /// Where these files stand while they are needed.
    pub folder: PathBuf,
    /// How many threads look at pages.
    pub threads: NonZeroUsize,
}

impl Learning {
    /// Half a gigabyte of memory, and files beside the profile.
    pub fn beside(profile: &Path, threads: NonZeroUsize) -> Self {
        Learning { memory: 1 << 29, folder: folder_of(profile).to_owned(), threads }
    }
}

/// Reads every document of `inputs` once, and writes to `output` what the pages of each site have in common. What exists is
/// written over by `force` alone, and an input never.
///
/// `watch` is told, in order, of what could not be read, and how far it has come. What is written depends neither on the
/// number of threads nor on the memory.
///
/// # Errors
/// Why it could not go on; what could not be read is no reason.
pub fn learn(
    mut inputs: Inputs,
    learning: &Learning,
    output: &Path,
    force: bool,
    mut watch: impl FnMut(&[Problem], &Learned),
) -> Result<Learned, Stop> {
    refuse_input(output, &inputs)?;
    inputs.skip(output);
    let mut output = Pending::create(output, None, force)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(learning.threads.get()).build();
    let pool = pool.map_err(|error| Stop::Threads(error.to_string()))?;
    let failed = |error| Stop::file(&learning.folder, error);
    let mut learner = Learner::new(&learning.folder, learning.memory);
    let mut records = inputs.records();
    loop {
        let Chunk { records, problems } = Chunk::read(&mut records);
        if records.is_empty() && problems.is_empty() {
            break;
        }
        let sketches: Vec<Sketch> =
            pool.install(|| records.par_iter().map_init(Fingerprints::default, sketch).collect());
        for (record, sketch) in records.iter().zip(sketches) {
            learner.add(site(record), sketch).map_err(failed)?;
        }
        learner.learned().problems += problems.len() as u64;
        watch(&problems, learner.learned());
    }
    let learned = learner.finish(Out(&mut output)).map_err(failed)?;
    output.finish()?;
    Ok(learned)
}

/// Adds profiles up.
///
/// # Errors
/// [`Stop::Refused`] where one is no profile, [`Stop::File`] where the sum cannot be written.
pub fn merge_profiles(profiles: &[PathBuf], output: &Path, force: bool) -> Result<(), Stop> {
    let mut output = Pending::create(output, None, force)?;
    profile::merge(profiles, Out(&mut output)).map_err(|error| Stop::Refused(error.to_string()))?;
    output.finish().map(drop)
}

fn site(record: &Record) -> &str {
    record.site.as_deref().unwrap_or(NO_SITE)
}

fn sketch(prints: &mut Fingerprints, record: &Record) -> Sketch {
    Sketch::of(&record.document(), site(record), prints)
}

/// Some records to look at together.
#[derive(Default)]
struct Chunk {
    records: Vec<Record>,
    problems: Vec<Problem>,
}

impl Chunk {
    fn read(from: &mut impl Iterator<Item = Result<Record, Problem>>) -> Self {
        let mut chunk = Chunk::default();
        let mut bytes = 0;
        while bytes < CHUNK && chunk.records.len() + chunk.problems.len() < DOCUMENTS {
            match from.next() {
                None => break,
                Some(Err(problem)) => chunk.problems.push(problem),
                Some(Ok(record)) => {
                    bytes += record.text.len();
                    chunk.records.push(record);
                }
            }
        }
        chunk
    }
}
