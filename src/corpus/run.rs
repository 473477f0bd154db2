//! Work on many pieces at once, with the results in the order of the pieces and little of it in memory.

use super::Stop;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// Bytes under way for each thread, so that none waits while there is work.
const UNDER_WAY: usize = 4 << 20;

/// Bytes of memory that a byte under way takes at most: a page's tree and text are ten times the page, and what comes of
/// it is under way too.
const SPREAD: u64 = 16;

/// What a piece counts at least: a stream of tiny pieces is bounded too.
const LEAST: usize = 1 << 12;

/// Takes pieces from `pieces` on this thread, does `work` on them on `threads` others, and hands the results to `emit`,
/// in order, each as soon as those before it are out. With one thread everything happens on this one.
///
/// The pieces under way weigh little more together than [`UNDER_WAY`] for each thread, and than `memory` allows, or are
/// just one, however heavy.
pub(crate) fn run<P: Send, R: Send>(
    threads: NonZeroUsize,
    memory: u64,
    mut pieces: impl Iterator<Item = P>,
    weight: impl Fn(&P) -> usize,
    work: impl Fn(P) -> R + Sync,
    mut emit: impl FnMut(R) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    if threads == NonZeroUsize::MIN {
        return pieces.try_for_each(|piece| emit(work(piece)));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build();
    let pool = pool.map_err(|error| Stop::Threads(error.to_string()))?;
    let gate = Gate::new((UNDER_WAY * threads.get()).min((memory / SPREAD) as usize));
    let (tickets, queue) = mpsc::channel::<(usize, mpsc::Receiver<R>)>();
    thread::scope(|scope| {
        let (gate, work) = (&gate, &work);
        let writer = scope.spawn(move || {
            for (weight, result) in queue {
                // Without a result its work has panicked, and the panic goes on where the work was started.
                let emitted = result.recv().map_or(Ok(()), &mut emit);
                gate.leave(weight);
                if emitted.is_err() {
                    gate.close();
                    return emitted;
                }
            }
            Ok(())
        });
        pool.in_place_scope(|scope| {
            for piece in pieces {
                let weight = weight(&piece).max(LEAST);
                let (done, result) = mpsc::sync_channel(1);
                if !gate.enter(weight) || tickets.send((weight, result)).is_err() {
                    break;
                }
                scope.spawn(move |_| {
                    // Nobody waits for it where writing has failed.
                    let _ = done.send(work(piece));
                });
            }
        });
        drop(tickets);
        writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Lets in what weighs no more than a limit together, or one alone.
struct Gate {
    limit: usize,
    /// What is inside weighs so much; `None` when closed.
    inside: Mutex<Option<usize>>,
    left: Condvar,
}

impl Gate {
    fn new(limit: usize) -> Self {
        Gate { limit, inside: Mutex::new(Some(0)), left: Condvar::new() }
    }

    fn inside(&self) -> MutexGuard<'_, Option<usize>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room; false when the gate is closed.
    fn enter(&self, weight: usize) -> bool {
        let is_full =
            |inside: &mut Option<usize>| inside.is_some_and(|inside| inside > 0 && inside + weight > self.limit);
        let inside = self.left.wait_while(self.inside(), is_full);
        let mut inside = inside.unwrap_or_else(PoisonError::into_inner);
        *inside = inside.map(|inside| inside + weight);
        inside.is_some()
    }

    fn leave(&self, weight: usize) {
        let mut inside = self.inside();
        *inside = inside.map(|inside| inside - weight);
        self.left.notify_one();
    }

    fn close(&self) {
        *self.inside() = None;
        self.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threads(n: usize) -> NonZeroUsize {
        NonZeroUsize::new(n).expect("at least one")
    }

    #[test]
    fn results_come_in_order() {
        for n in [1, 2, 7] {
            let mut out = Vec::new();
            let emit = |i: usize| {
                out.push(i);
                Ok(())
            };
            run(threads(n), u64::MAX, 0..1000, |i| i * 1000, |i| i * 2, emit).expect("nothing stops it");
            assert!(out.into_iter().eq((0..1000).map(|i| i * 2)));
        }
    }

    #[test]
    fn a_failure_to_emit_ends_an_endless_run() {
        for n in [1, 2] {
            let emit = |i: usize| if i == 50 { Err(Stop::Refused("enough".into())) } else { Ok(()) };
            let stopped = run(threads(n), u64::MAX, 0.., |_| 1, |i| i, emit);
            assert!(matches!(stopped, Err(Stop::Refused(_))));
        }
    }

    #[test]
    fn what_is_under_way_is_bounded() {
        use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
        let (taken, most, out) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let pieces = (0..200).inspect(|_| {
            let under_way = taken.fetch_add(1, SeqCst) + 1 - out.load(SeqCst);
            most.fetch_max(under_way, SeqCst);
        });
        let emit = |()| {
            out.fetch_add(1, SeqCst);
            Ok(())
        };
        run(threads(2), u64::MAX, pieces, |_| UNDER_WAY / 2, |_| (), emit).expect("nothing stops it");
        // Four fit, one waits at the gate, and one may be out but not counted yet.
        assert!(most.into_inner() <= 6);
    }
}
