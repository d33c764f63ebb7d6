//! Measures the cost of an EPUB relative to a PDF: `share ROOT` rebuilds every edition of a workspace in both formats, and prints
//! the CPU seconds of the stages of the EPUB: cover, EPUB, writing and digest of the file. `tests/bench/run` runs it.
//!
//! It uses one thread, so that the CPU time of the process can be assigned to stages. Comparing a run with the EPUB and a run
//! without it is less accurate, because the difference is smaller than the variation between equal runs.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench prints its result and reports errors by panicking")]

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cpu_time::ProcessTime;
use mimalloc::MiMalloc;
use reliure::{Progress, Rebuild, Request};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The current stage, its start, and the time of the EPUB stages so far.
struct Clock(Mutex<(String, ProcessTime, Duration)>);

impl Clock {
    fn turn(&self, stage: &str) {
        let mut clock = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (running, since, spent) = &mut *clock;
        if running.ends_with(": cover") || running.ends_with(": EPUB") || running.ends_with(".epub") {
            *spent += since.elapsed();
        }
        (*running, *since) = (stage.to_owned(), ProcessTime::now());
    }
}

impl Progress for Clock {
    fn begin(&self, _jobs: usize) {}

    fn step(&self, what: &str) {
        self.turn(what);
    }

    fn finish_job(&self, what: &str) {
        self.turn(what);
    }

    fn end(&self) {}
}

fn main() {
    let root = std::env::args().nth(1).expect("a workspace").into();
    let clock = Arc::new(Clock(Mutex::new((String::new(), ProcessTime::now(), Duration::ZERO))));
    let request = Request { root, rebuild: Rebuild::All, threads: Some(1), ..Request::default() };
    let outcome = reliure::build(&request, Arc::clone(&clock) as Arc<dyn Progress>);
    clock.turn("");
    assert!(!outcome.artefacts.is_empty() && !outcome.failed && !outcome.diagnostics.has_errors(), "{:?}", outcome.diagnostics);
    println!("{:.6}", clock.0.lock().unwrap_or_else(PoisonError::into_inner).2.as_secs_f64());
}
