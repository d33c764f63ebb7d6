//! Runs jobs on a bounded number of threads, each with its own thread pool.
//!
//! Parallel work inside a job runs only on the pool of that job. A thread that waits there never starts another job, so the stack
//! depth and the memory use do not depend on the number of jobs.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rayon::ThreadPoolBuilder;

use super::Interrupt;

/// Stack size of each thread in bytes. Large because deeply nested content is traversed recursively.
const STACK_SIZE: usize = 64 << 20;

/// Maximum number of concurrent jobs. Limits the memory, because each job may build a book.
const MAX_JOBS: usize = 8;

/// Interval at which the interrupt is checked while jobs run.
const POLL_INTERVAL: Duration = Duration::from_millis(40);

/// Number of concurrent jobs, and number of threads of each job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parallelism {
    /// Number of concurrent jobs.
    pub jobs: usize,
    /// Number of threads of each job.
    pub threads: usize,
}

impl Parallelism {
    /// Divides threads among `jobs` jobs. The number of threads is `threads`; if that is `None`, `RAYON_NUM_THREADS`; if that is
    /// not set either, the number of processors.
    pub fn for_jobs(jobs: usize, threads: Option<usize>) -> Self {
        let variable = || std::env::var("RAYON_NUM_THREADS").ok()?.parse().ok();
        let requested = threads.or_else(variable).filter(|number| *number > 0);
        Self::divide(jobs, requested.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get)))
    }

    fn divide(jobs: usize, threads: usize) -> Self {
        let open = jobs.clamp(1, MAX_JOBS).min(threads.max(1));
        Self { jobs: open, threads: threads.max(1).div_ceil(open) }
    }
}

/// Runs `work` for each job, in order, as threads become free. Calls `receive` on the current thread for each message that `work`
/// sends, with the index of the job. Returns false if interrupted; running jobs are then abandoned and others do not start.
pub fn run<J, M>(
    jobs: Vec<J>,
    parallelism: Parallelism,
    interrupt: &Interrupt,
    work: impl Fn(J, &dyn Fn(M)) + Send + Sync + 'static,
    receive: &mut dyn FnMut(usize, M),
) -> bool
where
    J: Send + 'static,
    M: Send + 'static,
{
    let queue: Arc<Queue<J>> = Arc::new(Mutex::new(jobs.into_iter().enumerate().collect()));
    let work = Arc::new(work);
    // The channel is bounded to limit the number of results that wait to be written.
    let (sender, receiver) = mpsc::sync_channel(parallelism.jobs * 2);
    let mut started = 0;
    for _ in 0..parallelism.jobs {
        let (queue, work, sender, interrupt) = (Arc::clone(&queue), Arc::clone(&work), sender.clone(), interrupt.clone());
        let worker = move || worker(&queue, &*work, &sender, &interrupt, parallelism.threads);
        // If a thread cannot be created, the other threads run its jobs.
        started += usize::from(thread::Builder::new().stack_size(STACK_SIZE).spawn(worker).is_ok());
    }
    drop(sender);
    if started == 0 {
        return run_here(&queue, &*work, interrupt, receive);
    }
    loop {
        match receiver.recv_timeout(POLL_INTERVAL) {
            Ok((number, message)) => receive(number, message),
            Err(RecvTimeoutError::Disconnected) => return !interrupt.is_raised(),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if interrupt.is_raised() {
            return false;
        }
    }
}

/// Applies a short function to each item, in order, on at most `threads` threads. For work of less than a millisecond per item,
/// [`run`] would mostly switch between threads.
pub fn map<T: Sync, R: Send>(items: &[T], threads: usize, function: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let apply = |items: &[T]| items.iter().map(&function).collect::<Vec<R>>();
    let share = items.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        let spawned =
            items.chunks(share).skip(1).map(|items| (items, thread::Builder::new().spawn_scoped(scope, move || apply(items))));
        let spawned: Vec<_> = spawned.collect();
        let mut results = apply(items.get(..share).unwrap_or(items));
        for (items, handle) in spawned {
            // If a thread cannot be created, the current one does its work.
            results.extend(handle.ok().and_then(|handle| handle.join().ok()).unwrap_or_else(|| apply(items)));
        }
        results
    })
}

/// Runs all jobs on the current thread, for systems that do not allow another thread.
fn run_here<J: Send, M: Send>(
    queue: &Queue<J>,
    work: &JobFunction<J, M>,
    interrupt: &Interrupt,
    receive: &mut dyn FnMut(usize, M),
) -> bool {
    let pool = ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    let receive = RefCell::new(receive);
    while let Some((number, job)) = next(queue, interrupt) {
        let send = |message| (receive.borrow_mut())(number, message);
        work(job, &send);
    }
    drop(pool);
    !interrupt.is_raised()
}

/// Returns the next job and its index, unless interrupted.
fn next<J>(queue: &Queue<J>, interrupt: &Interrupt) -> Option<(usize, J)> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front().filter(|_| !interrupt.is_raised())
}

/// The jobs that have not started, with their indices.
type Queue<J> = Mutex<VecDeque<(usize, J)>>;

/// The function that runs a job; it sends messages through its second argument.
type JobFunction<J, M> = dyn Fn(J, &dyn Fn(M)) + Send + Sync;

fn worker<J: Send, M: Send>(
    queue: &Queue<J>,
    work: &JobFunction<J, M>,
    sender: &SyncSender<(usize, M)>,
    interrupt: &Interrupt,
    threads: usize,
) {
    let pool = |threads: usize| ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK_SIZE);
    // If the system does not allow all threads of the pool, the pool consists of the current thread.
    let Ok(pool) = pool(threads).build().or_else(|_| pool(1).use_current_thread().build()) else { return };
    let sender = Mutex::new(sender.clone());
    // The loop runs inside the pool: entering it for each job would cost two switches of threads per job.
    pool.install(|| {
        while let Some((number, job)) = next(queue, interrupt) {
            let send = |message| {
                // The receiver is dropped after an interruption.
                let _ = sender.lock().unwrap_or_else(PoisonError::into_inner).send((number, message));
            };
            work(job, &send);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divides_threads_among_jobs() {
        let divided = |jobs, threads| {
            let Parallelism { jobs, threads } = Parallelism::divide(jobs, threads);
            (jobs, threads)
        };
        assert_eq!(divided(1, 2), (1, 2));
        assert_eq!(divided(1000, 2), (2, 1));
        assert_eq!(divided(1000, 64), (8, 8));
        assert_eq!(divided(3, 8), (3, 3));
        assert_eq!(divided(0, 1), (1, 1));
    }

    #[test]
    fn runs_every_job_once() {
        let mut received = vec![0; 100];
        let done = run(
            (0..100_u32).collect(),
            Parallelism { jobs: 3, threads: 2 },
            &Interrupt::default(),
            |job, send| send(rayon::join(|| job, || 0).0),
            &mut |number, job| received[number] += job + 1,
        );
        assert!(done);
        assert!(received.iter().zip(1..).all(|(received, number)| *received == number));
    }

    #[test]
    fn maps_in_order_on_any_number_of_threads() {
        let items: Vec<usize> = (0..10).collect();
        for threads in [0, 1, 2, 3, 7, 10, 64] {
            assert_eq!(map(&items, threads, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>(), "{threads}");
        }
        assert!(map(&[0; 0], 4, |item: &i32| *item).is_empty());
    }

    #[test]
    fn runs_every_job_without_another_thread() {
        let queue = Mutex::new((0..10_u32).enumerate().collect());
        let mut received = Vec::new();
        let work = |job: u32, send: &dyn Fn(u32)| send(rayon::join(|| job, || 0).0);
        // A test runs on a separate thread, which the pool of the current thread requires.
        assert!(run_here(&queue, &work, &Interrupt::default(), &mut |number, job| received.push((number, job))));
        assert_eq!(received, (0..10_u32).enumerate().collect::<Vec<_>>());
    }

    #[test]
    fn interruption_abandons_running_jobs() {
        let interrupt = Interrupt::default();
        let raised = interrupt.clone();
        let mut received = 0;
        let work = |job: u32, send: &dyn Fn(())| {
            send(());
            if job == 1 {
                thread::sleep(Duration::from_secs(3600));
            }
        };
        let done = run((0..100).collect(), Parallelism { jobs: 1, threads: 1 }, &interrupt, work, &mut |_, ()| {
            received += 1;
            if received == 2 {
                raised.raise();
            }
        });
        assert!(!done);
        assert_eq!(received, 2);
    }
}
