//! Measures a part of a build: `share ROOT` rebuilds every edition of a workspace as PDF and EPUB, and prints the CPU seconds of the
//! stages of the EPUB: cover, EPUB, writing and digest of the file. `share ROOT kept` builds only outdated editions, and reuses the
//! images of the previous build. `share ROOT print` rebuilds only the print PDF, and prints the CPU seconds of the conversion of its
//! colours and images. `tests/bench/run` runs all three.
//!
//! It uses one thread, so that the CPU time of the process can be assigned to stages. Comparing a run with a product and a run
//! without it is less accurate, because the difference is smaller than the variation between equal runs.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench prints its result and reports errors by panicking")]

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cpu_time::ProcessTime;
use mimalloc::MiMalloc;
use reliure::{Product, Progress, Rebuild, Request};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The stages of the EPUB, by the ends of their names.
const EPUB: &[&str] = &[": cover", ": EPUB", ".epub"];
/// The stages of the print PDF that are measured.
const PRINT: &[&str] = &[": colours for print"];

/// The current stage, its start, and the time of the measured stages so far.
struct Clock {
    measured: &'static [&'static str],
    state: Mutex<(String, ProcessTime, Duration)>,
}

impl Clock {
    fn turn(&self, stage: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (running, since, spent) = &mut *state;
        if self.measured.iter().any(|end| running.ends_with(end)) {
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
    let mode = std::env::args().nth(2);
    let (measured, products) = match mode.as_deref() {
        Some("print") => (PRINT, vec![Product::PrintPdf]),
        _ => (EPUB, vec![Product::ScreenPdf, Product::Epub]),
    };
    let rebuild = if mode.as_deref() == Some("kept") { Rebuild::Stale } else { Rebuild::All };
    let clock = Arc::new(Clock { measured, state: Mutex::new((String::new(), ProcessTime::now(), Duration::ZERO)) });
    let request = Request { root, products, rebuild, threads: Some(1), ..Request::default() };
    let outcome = reliure::build(&request, Arc::clone(&clock) as Arc<dyn Progress>);
    clock.turn("");
    assert!(!outcome.artefacts.is_empty() && !outcome.failed && !outcome.diagnostics.has_errors(), "{:?}", outcome.diagnostics);
    println!("{:.6}", clock.state.lock().unwrap_or_else(PoisonError::into_inner).2.as_secs_f64());
}
