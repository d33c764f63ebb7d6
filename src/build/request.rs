//! What a command asks of the library.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::Strictness;
use crate::product::Product;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Root folder of the workspace.
    pub root: PathBuf,
    /// Folder names of publications; empty for all.
    pub publications: Vec<String>,
    /// Id of an edition; none for all.
    pub edition: Option<String>,
    /// Products; empty for those that each publication declares.
    pub products: Vec<Product>,
    /// Output folder in place of the workspace's.
    pub output: Option<PathBuf>,
    /// How far the texts may be unfinished.
    pub strictness: Strictness,
    /// Warnings stop the build as errors do.
    pub deny_warnings: bool,
    /// What is made again.
    pub rebuild: Rebuild,
    /// A report of print products will be written: these are made again, since nothing keeps what it shows.
    pub report: bool,
    /// Threads that work; none for one a processor, or as many as `RAYON_NUM_THREADS` says.
    pub threads: Option<usize>,
    /// Stops the work when it is raised.
    pub interrupt: Interrupt,
}

/// What a build makes again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rebuild {
    /// What is not up to date.
    #[default]
    Stale,
    /// Everything that is asked for.
    All,
}

/// What a check does beside checking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// Asks the network about external links.
    pub links: bool,
    /// Lists what micro-typography changes.
    pub typography: bool,
}

/// A flag that stops work, from another thread or a signal handler.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Stops the work: what was finished is reported, what was begun is abandoned.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns whether the work is to stop.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns the flag, for a signal handler to set.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

/// Follows the progress of work, from several threads.
pub trait Progress: Send + Sync {
    /// Starts a phase of so many jobs.
    fn begin(&self, jobs: usize);
    /// A stage of a job starts.
    fn step(&self, what: &str);
    /// A job is done.
    fn finish_job(&self, what: &str);
    /// The phase is done.
    fn end(&self);
}

impl Request {
    /// Returns the products that are asked for, each once, in order of [`Product::ALL`]: `usual` are those of the publication if
    /// none are named.
    pub fn products(&self, usual: &[Product]) -> Vec<Product> {
        let asked = if self.products.is_empty() { usual } else { self.products.as_slice() };
        Product::ALL.into_iter().filter(|product| asked.contains(product)).collect()
    }

    /// Returns whether a publication is asked for.
    pub fn wants(&self, slug: &str) -> bool {
        self.publications.is_empty() || self.publications.iter().any(|name| name == slug)
    }
}
