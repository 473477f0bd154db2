//! Learning from a corpus what its sites repeat.

use super::batches::{Batch, Step};
use super::draft::{Out, Pending, folder_of};
use super::inputs::{Inputs, Record};
use super::output::refuse_input;
use super::worker::{guarded, panic_where_asked};
use super::{Place, Problem, Stop, run};
use crate::profile::{self, Fingerprints, Learned, Learner, NO_SITE, Sketch};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// How to learn.
#[derive(Debug, Clone)]
pub struct Learning {
    /// Bytes of memory to make do with. Counts that find no room go to files in `folder`, and nothing is approximated. The
    /// names of sites and some 16 bytes a page stay in memory; counts leave them room, down to half of it.
    pub memory: usize,
    /// Where these files stand while they are needed.
    pub folder: PathBuf,
    /// How many threads look at pages, and how many add up what was seen.
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
    mut watch: impl FnMut(&[Problem], &Learned) + Send,
) -> Result<Learned, Stop> {
    refuse_input(output, &inputs)?;
    inputs.skip(output);
    let mut output = Pending::create(output, None, force)?;
    let failed = |error| Stop::file(&learning.folder, error);
    let mut learner = Learner::new(&learning.folder, learning.memory, learning.threads);
    let weight = |step: &Step| step.found.as_ref().map_or(0, Batch::weight);
    let emit = |seen: Seen| {
        for (site, sketch) in seen.sketches {
            learner.add(&site, sketch).map_err(failed)?;
        }
        let learned = learner.learned();
        learned.bytes += seen.bytes as u64;
        learned.problems += seen.problems.len() as u64;
        watch(&seen.problems, learned);
        Ok(())
    };
    let work = |step: Step| Seen::of(step, &inputs);
    run::run(learning.threads, learning.memory as u64, inputs.batches(), weight, work, emit)?;
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

/// What was seen in a batch.
#[derive(Default)]
struct Seen {
    bytes: usize,
    /// Each page with its site.
    sketches: Vec<(String, Sketch)>,
    problems: Vec<Problem>,
}

impl Seen {
    fn of(step: Step, inputs: &Inputs) -> Self {
        let mut seen = Seen::default();
        let records = match step.found {
            Err(problem) => vec![Err(problem)],
            Ok(batch) => {
                seen.bytes = batch.weight();
                inputs.records_of(batch)
            }
        };
        let mut prints = Fingerprints::default();
        for record in records {
            match record.and_then(|record| sketch(record, &mut prints)) {
                Ok(page) => seen.sketches.push(page),
                Err(problem) => seen.problems.push(problem),
            }
        }
        seen
    }
}

/// A page's site, and what is seen on it.
fn sketch(record: Record, prints: &mut Fingerprints) -> Result<(String, Sketch), Problem> {
    let site = record.site.as_deref().unwrap_or(NO_SITE);
    let sketch = guarded(|| {
        panic_where_asked(&record.text);
        Sketch::of(&record.document(), site, prints)
    });
    match sketch {
        Ok(sketch) => Ok((site.to_owned(), sketch)),
        Err(fault) => {
            let place = record.line.map(|line| Place::Record(line - 1));
            let problem = Problem::of_path(record.file.as_ref(), fault);
            Err(Problem { place, id: Some(record.id.into()), raw: Box::default(), ..problem })
        }
    }
}
