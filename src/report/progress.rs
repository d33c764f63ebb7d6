//! Progress of a build: a bar on a terminal, one line per step, or nothing.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::visible;
use crate::build::Progress;

/// Ignores all progress.
#[derive(Debug)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _jobs: usize) {}
    fn step(&self, _what: &str) {}
    fn finish_job(&self, _what: &str) {}
    fn end(&self) {}
}

/// A progress bar, removed at the end.
#[derive(Debug)]
pub struct ProgressDisplay(ProgressBar);

impl ProgressDisplay {
    /// Creates a bar on standard error, hidden unless that is a terminal.
    pub fn on_terminal() -> Self {
        Self::new(ProgressDrawTarget::stderr())
    }

    fn new(target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let style = ProgressStyle::with_template("{bar:20} {pos}/{len}  {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━━─"));
        Self(bar)
    }
}

impl Progress for ProgressDisplay {
    fn begin(&self, jobs: usize) {
        self.0.reset();
        self.0.set_length(jobs as u64);
        self.0.enable_steady_tick(Duration::from_millis(120));
    }

    fn step(&self, what: &str) {
        self.0.set_message(visible(what));
    }

    fn finish_job(&self, what: &str) {
        self.0.set_message(visible(what));
        self.0.inc(1);
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for ProgressDisplay {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// One line per step, on any stream.
pub struct ProgressLines {
    out: Mutex<Box<dyn Write + Send>>,
}

impl ProgressLines {
    /// Creates a display that writes to `out` and ignores write errors.
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out: Mutex::new(out) }
    }

    fn line(&self, text: &str) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = out.write_all(format!("{}\n", visible(text)).as_bytes()).and_then(|()| out.flush());
    }
}

impl Progress for ProgressLines {
    fn begin(&self, _jobs: usize) {}

    fn step(&self, what: &str) {
        self.line(what);
    }

    fn finish_job(&self, what: &str) {
        self.line(&format!("done: {what}"));
    }

    fn end(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn writes_each_step_on_a_line() {
        let shared = Shared::default();
        let lines = ProgressLines::new(Box::new(shared.clone()));
        lines.begin(1);
        lines.step("laying out brochure\n2023-05");
        lines.finish_job("brochure 2023-05 pdf");
        lines.end();
        let written = String::from_utf8(shared.0.lock().unwrap().clone()).unwrap();
        assert_eq!(written, "laying out brochure<U+000A>2023-05\ndone: brochure 2023-05 pdf\n");
    }

    #[test]
    fn ending_a_bar_twice_or_never_is_allowed() {
        let bar = ProgressDisplay::new(ProgressDrawTarget::hidden());
        bar.begin(2);
        bar.step("a");
        bar.finish_job("a");
        bar.end();
        bar.begin(3);
        assert_eq!((bar.0.position(), bar.0.length()), (0, Some(3)), "the second phase resets the bar");
        bar.end();
        bar.end();
        drop(ProgressDisplay::new(ProgressDrawTarget::hidden()));
    }
}
