//! Counting on several threads: each has a part of the keys, and a sorter for them. Which part a key is in, and how many there
//! are, changes nothing in what comes out.

use super::Counts;
use super::sorter::{Key, Sorter};
use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Counts that are handed to a thread together, and how many such lots may wait for it.
const LOT: usize = 1 << 10;
const WAITING: usize = 2;

/// Takes counts in.
#[derive(Debug)]
pub(crate) struct Parts {
    parts: Vec<Part>,
    /// Bytes of memory for all of them.
    memory: usize,
}

/// The keys of one part.
#[derive(Debug)]
enum Part {
    /// There is no other, and its counts are added up where they come in.
    Here(Sorter),
    There(Counting),
}

/// A thread that counts.
#[derive(Debug)]
struct Counting {
    lot: Vec<(Key, Counts)>,
    lots: SyncSender<Lot>,
    thread: JoinHandle<io::Result<Sorter>>,
    spilled: Arc<AtomicU64>,
}

/// Counts, and the memory that their part may take from now on, in bytes.
type Lot = (usize, Vec<(Key, Counts)>);

impl Parts {
    /// With room for so many bytes in memory; beyond, files go to a folder.
    pub fn new(folder: &Path, memory: usize, threads: NonZeroUsize) -> Self {
        let threads = threads.get();
        let part = || Sorter::new(folder, memory / threads);
        let parts = match threads {
            1 => vec![Part::Here(part())],
            _ => (0..threads).map(|_| Part::There(Counting::new(part()))).collect(),
        };
        Parts { parts, memory }
    }

    /// Gives them so many bytes from now on.
    pub fn make_do_with(&mut self, memory: usize) {
        self.memory = memory;
    }

    /// Bytes that went to files so far.
    pub fn spilled(&self) -> u64 {
        self.parts.iter().map(Part::spilled).sum()
    }

    /// # Errors
    /// Where a file could not be written; after that nothing is counted any more.
    pub fn add(&mut self, key: Key, counts: Counts) -> io::Result<()> {
        let memory = self.memory / self.parts.len();
        let part = key.0 as usize % self.parts.len();
        match &mut self.parts[part] {
            Part::Here(sorter) => {
                sorter.make_do_with(memory);
                sorter.add(key, counts)
            }
            Part::There(counting) => {
                counting.lot.push((key, counts));
                if counting.lot.len() < LOT || counting.hand_over(memory) {
                    return Ok(());
                }
                let Part::There(failed) = self.parts.swap_remove(part) else { unreachable!("it was matched above") };
                Err(failed.finish().expect_err("it counts until something fails"))
            }
        }
    }

    /// A sorter for each part.
    ///
    /// # Errors
    /// Where a file could not be written.
    pub fn finish(self) -> io::Result<Vec<Sorter>> {
        let memory = self.memory / self.parts.len();
        let finish = |part| match part {
            Part::Here(sorter) => Ok(sorter),
            Part::There(mut counting) => {
                // Where that fails, finishing tells why.
                counting.hand_over(memory);
                counting.finish()
            }
        };
        self.parts.into_iter().map(finish).collect()
    }
}

impl Part {
    fn spilled(&self) -> u64 {
        match self {
            Part::Here(sorter) => sorter.spilled(),
            Part::There(counting) => counting.spilled.load(Ordering::Relaxed),
        }
    }
}

impl Counting {
    fn new(sorter: Sorter) -> Self {
        let (lots, waiting) = sync_channel(WAITING);
        let spilled = Arc::new(AtomicU64::new(0));
        let told = Arc::clone(&spilled);
        let thread = thread::spawn(move || count(sorter, &waiting, &told));
        Counting { lot: Vec::new(), lots, thread, spilled }
    }

    /// False where it counts no more, since something failed.
    fn hand_over(&mut self, memory: usize) -> bool {
        self.lots.send((memory, std::mem::take(&mut self.lot))).is_ok()
    }

    fn finish(self) -> io::Result<Sorter> {
        drop(self.lots);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

fn count(mut sorter: Sorter, lots: &Receiver<Lot>, spilled: &AtomicU64) -> io::Result<Sorter> {
    for (memory, lot) in lots {
        sorter.make_do_with(memory);
        lot.into_iter().try_for_each(|(key, counts)| sorter.add(key, counts))?;
        spilled.store(sorter.spilled(), Ordering::Relaxed);
    }
    Ok(sorter)
}
