//! The request of a command to the library.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::{Code, Strictness};
use crate::product::Product;

/// The publications, editions and products to build or check, with the options of the command.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Root folder of the workspace.
    pub root: PathBuf,
    /// Folder names of the publications; empty for all.
    pub publications: Vec<String>,
    /// Id of the edition; `None` for all.
    pub edition: Option<String>,
    /// Products; empty for the default products of each publication.
    pub products: Vec<Product>,
    /// Output folder; `None` for the output folder of the workspace.
    pub output: Option<PathBuf>,
    /// Whether unfinished texts are accepted.
    pub strictness: Strictness,
    /// Whether warnings are treated as errors.
    pub deny_warnings: bool,
    /// Codes whose findings never stop the build, not even with `deny_warnings`. Errors that projects cannot downgrade are not
    /// affected.
    pub allowed: Vec<Code>,
    /// Which artefacts are built.
    pub rebuild: Rebuild,
    /// Contents of the report of the print products. With a report, they are built even if they are up to date, because the store
    /// does not contain its data.
    pub reporting: Reporting,
    /// Whether the parts of a release are collected: texts, pictures of pages, fonts and inputs.
    pub release: bool,
    /// Number of threads; `None` for `RAYON_NUM_THREADS`, or one thread per processor if that is not set.
    pub threads: Option<usize>,
    /// Stops the work when raised.
    pub interrupt: Interrupt,
}

/// Contents of the report of the print products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reporting {
    /// No report is written.
    #[default]
    None,
    /// Figures and findings.
    Figures,
    /// Figures, findings and pictures of the pages.
    Pictures,
}

/// The artefacts that a build makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rebuild {
    /// Those that are not up to date.
    #[default]
    Stale,
    /// All requested ones.
    All,
}

/// Options of `reliure check`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// Requests external links to find dead ones.
    pub links: bool,
    /// Lists the changes of micro-typography.
    pub typography: bool,
}

/// A flag that stops work, from another thread or a signal handler.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Stops the work. Finished results are reported, unfinished ones are dropped.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns whether the interrupt was raised.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns the flag, for a signal handler to set.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

/// Receives the progress of the work, from several threads.
pub trait Progress: Send + Sync {
    /// Called when a phase with this number of jobs starts.
    fn begin(&self, jobs: usize);
    /// Called when a stage of a job starts.
    fn step(&self, what: &str);
    /// Called when a job is done.
    fn finish_job(&self, what: &str);
    /// Called when the phase is done.
    fn end(&self);
}

impl Request {
    /// Returns the requested products of an edition, each once, in order of [`Product::ALL`]. `usual` contains the default
    /// products of the publication. A cover that is requested for the whole workspace is omitted if the binding needs none. A
    /// site needs the default products and the records, because its pages link to them.
    pub fn products(&self, usual: &[Product]) -> Vec<Product> {
        let asked = if self.products.is_empty() { usual } else { self.products.as_slice() };
        let site = self.products.contains(&Product::Site);
        let of_site = |product: Product| site && (usual.contains(&product) || product.is_record());
        let without_cover = self.lacks_cover(usual);
        let left_out = |product: Product| !product.is_of_edition() || without_cover && product == Product::Cover;
        let wanted = |product: &Product| (asked.contains(product) || of_site(*product)) && !left_out(*product);
        Product::ALL.into_iter().filter(wanted).collect()
    }

    /// Returns whether the site is built. It describes all publications, so a request for some publications does not build it.
    pub fn makes_site(&self) -> bool {
        self.products.contains(&Product::Site) && self.publications.is_empty() && self.edition.is_none()
    }

    /// Returns whether a cover is requested for the whole workspace and the binding of this publication needs none.
    pub fn lacks_cover(&self, usual: &[Product]) -> bool {
        self.publications.is_empty() && self.products.contains(&Product::Cover) && !usual.contains(&Product::Cover)
    }

    /// Returns whether a publication is requested.
    pub fn wants(&self, slug: &str) -> bool {
        self.publications.is_empty() || self.publications.iter().any(|name| name == slug)
    }
}
