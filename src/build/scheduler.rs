//! Runs jobs on a bounded number of threads, each with a thread pool of its own.
//!
//! What is parallel inside a job runs on the pool of that job alone: a thread that waits there never starts another job, so the depth of
//! a stack and the memory in use do not depend on the number of jobs.

use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rayon::ThreadPoolBuilder;

use super::Interrupt;

/// Stack of each thread, in bytes: deeply nested text is walked recursively.
const STACK: usize = 64 << 20;

/// Maximum number of jobs that run at a time: each may need the memory of a book.
const MOST_OPEN: usize = 8;

/// How often an interruption is looked for while jobs run.
const PATIENCE: Duration = Duration::from_millis(40);

/// How many jobs run at a time, and how many threads each of them has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width {
    /// Jobs at a time.
    pub jobs: usize,
    /// Threads of one job.
    pub threads: usize,
}

impl Width {
    /// Divides `threads`, else as many as `RAYON_NUM_THREADS` says, else the processors, among `jobs` jobs.
    pub fn for_jobs(jobs: usize, threads: Option<usize>) -> Self {
        let variable = || std::env::var("RAYON_NUM_THREADS").ok()?.parse().ok();
        let asked = threads.or_else(variable).filter(|number| *number > 0);
        Self::divide(jobs, asked.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get)))
    }

    fn divide(jobs: usize, threads: usize) -> Self {
        let open = jobs.clamp(1, MOST_OPEN).min(threads.max(1));
        Self { jobs: open, threads: threads.max(1).div_ceil(open) }
    }
}

/// Runs `work` for each job, in order, as threads become free. `work` sends messages, which `receive` gets on this thread, with the
/// number of the job, as they come. Returns false if it was interrupted: jobs that run then are abandoned, the others not started.
pub fn run<J, M>(
    jobs: Vec<J>,
    width: Width,
    interrupt: &Interrupt,
    work: impl Fn(J, &dyn Fn(M)) + Send + Sync + 'static,
    receive: &mut dyn FnMut(usize, M),
) -> bool
where
    J: Send + 'static,
    M: Send + 'static,
{
    let queue: Arc<Mutex<VecDeque<(usize, J)>>> = Arc::new(Mutex::new(jobs.into_iter().enumerate().collect()));
    let work = Arc::new(work);
    // A bounded channel: results do not pile up while earlier ones are written.
    let (sender, receiver) = mpsc::sync_channel(width.jobs * 2);
    for _ in 0..width.jobs {
        let (queue, work, sender, interrupt) = (Arc::clone(&queue), Arc::clone(&work), sender.clone(), interrupt.clone());
        let worker = move || worker(&queue, &*work, &sender, &interrupt, width.threads);
        // Without a thread, what is queued is left to the others; without any, nothing is received below.
        let _ = thread::Builder::new().stack_size(STACK).spawn(worker);
    }
    drop(sender);
    loop {
        match receiver.recv_timeout(PATIENCE) {
            Ok((number, message)) => receive(number, message),
            Err(RecvTimeoutError::Disconnected) => return !interrupt.is_raised(),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if interrupt.is_raised() {
            return false;
        }
    }
}

/// What a job runs: it sends messages through the function that it is given.
type Work<J, M> = dyn Fn(J, &dyn Fn(M)) + Send + Sync;

fn worker<J: Send, M: Send>(
    queue: &Mutex<VecDeque<(usize, J)>>,
    work: &Work<J, M>,
    sender: &SyncSender<(usize, M)>,
    interrupt: &Interrupt,
    threads: usize,
) {
    let Ok(pool) = ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build() else { return };
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front().filter(|_| !interrupt.is_raised());
    while let Some((number, job)) = next() {
        let sender = Mutex::new(sender.clone());
        let send = |message| {
            // The receiver is gone after an interruption.
            let _ = sender.lock().unwrap_or_else(PoisonError::into_inner).send((number, message));
        };
        pool.install(|| work(job, &send));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_are_divided_among_jobs() {
        let width = |jobs, threads| {
            let Width { jobs, threads } = Width::divide(jobs, threads);
            (jobs, threads)
        };
        assert_eq!(width(1, 2), (1, 2));
        assert_eq!(width(1000, 2), (2, 1));
        assert_eq!(width(1000, 64), (8, 8));
        assert_eq!(width(3, 8), (3, 3));
        assert_eq!(width(0, 1), (1, 1));
    }

    #[test]
    fn every_job_runs_once_and_sends_to_this_thread() {
        let mut received = vec![0; 100];
        let done = run(
            (0..100_u32).collect(),
            Width { jobs: 3, threads: 2 },
            &Interrupt::default(),
            |job, send| send(rayon::join(|| job, || 0).0),
            &mut |number, job| received[number] += job + 1,
        );
        assert!(done);
        assert!(received.iter().zip(1..).all(|(received, number)| *received == number));
    }

    #[test]
    fn an_interruption_abandons_what_runs() {
        let interrupt = Interrupt::default();
        let raised = interrupt.clone();
        let mut received = 0;
        let work = |job: u32, send: &dyn Fn(())| {
            send(());
            if job == 1 {
                thread::sleep(Duration::from_secs(3600));
            }
        };
        let done = run((0..100).collect(), Width { jobs: 1, threads: 1 }, &interrupt, work, &mut |_, ()| {
            received += 1;
            if received == 2 {
                raised.raise();
            }
        });
        assert!(!done);
        assert_eq!(received, 2);
    }
}
