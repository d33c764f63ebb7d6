//! The one place where stages are chained, and run in parallel.

mod artefacts;
mod asked;
mod edition;
mod fresh;
mod inspect;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{Allowances, Levels, Policy};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources, code};
use crate::manifest::EditionManifest;
use crate::project::{self, Layout, Project};
use crate::resolve::{self, Outside, Rigour};
use crate::typography::Change;
use crate::workspace::{Catalogue, Index, Publication};
pub use artefacts::{clean, create};
use artefacts::{folder, outside_folders};
use edition::guarded;
use fresh::Desk;
pub use inspect::inspect;

/// A form that an edition takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// The screen PDF.
    Pdf,
    /// The EPUB.
    Epub,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Pdf, Self::Epub];

    /// Its name on the command line, and its file extension.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Epub => "epub",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Root folder of the workspace.
    pub root: PathBuf,
    /// Folder names of publications; empty for all.
    pub publications: Vec<String>,
    /// Id of an edition; none for all.
    pub edition: Option<String>,
    /// Formats; empty for all.
    pub formats: Vec<Format>,
    /// Output folder in place of the workspace's.
    pub output: Option<PathBuf>,
    /// Warnings stop the build as errors do.
    pub strict: bool,
    /// The texts may be unfinished: what conformance needs may be missing, and none is claimed.
    pub lenient: bool,
    /// Make also what is up to date.
    pub force: bool,
    /// Ask the network about external links; [`check()`] alone does.
    pub links: bool,
    /// Tell what micro-typography changes.
    pub typography: bool,
}

impl Request {
    fn formats(&self) -> Vec<Format> {
        if self.formats.is_empty() { Format::ALL.to_vec() } else { self.formats.clone() }
    }

    /// Tells whether a publication is asked for.
    fn wants(&self, slug: &str) -> bool {
        self.publications.is_empty() || self.publications.iter().any(|name| name == slug)
    }

    fn rigour(&self) -> Rigour {
        if self.lenient { Rigour::Lenient } else { Rigour::Full }
    }
}

/// A file that was written, or removed.
#[derive(Clone, Debug)]
pub struct Artefact {
    /// Folder name of the publication.
    pub publication: String,
    /// Id of the edition.
    pub edition: String,
    /// Its form.
    pub format: Format,
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// What came of a request.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// What was found.
    pub diagnostics: Diagnostics,
    /// What was written.
    pub artefacts: Vec<Artefact>,
    /// What micro-typography changed.
    pub typography: Vec<Change>,
    /// How many artefacts were up to date, and not made again.
    pub current: usize,
    /// The tool failed: the sources are not to blame.
    pub failed: bool,
}

/// Hears how far the work is.
pub trait Progress: Sync {
    /// So many editions will be made.
    fn begin(&self, jobs: usize);
    /// A stage of an edition starts.
    fn step(&self, what: &str);
    /// An edition is done.
    fn finish_job(&self, what: &str);
    /// All is done.
    fn end(&self);
}

/// What one publication decides about findings.
struct Rules {
    levels: Levels,
    allowances: Allowances,
}

impl Rules {
    fn policy(&self, request: &Request) -> Policy<'_> {
        Policy { levels: &self.levels, allowances: &self.allowances, strict: request.strict }
    }
}

/// One edition to make.
struct Job<'a> {
    entry: &'a Publication,
    /// What links need of the other publications.
    index: &'a Index,
    /// Index of the publication, and of its rules.
    number: usize,
    edition: &'a EditionManifest,
    layout: Layout,
}

/// One edition, made.
#[derive(Default)]
struct Made {
    diagnostics: Diagnostics,
    /// Numbers of the allowances that were of use.
    allowed: Vec<usize>,
    files: Vec<(Format, Vec<u8>)>,
    typography: Vec<Change>,
    links: Vec<Outside>,
    value: serde_json::Value,
    /// The pages were laid out and looked over.
    looked: bool,
}

/// Makes and writes artefacts. An edition is written when all its formats were made; the others keep their last good ones.
/// What is up to date is not made again.
pub fn build(request: &Request, progress: &dyn Progress) -> Outcome {
    run(&Request { links: false, ..request.clone() }, progress, &mut Purpose::Write)
}

/// Runs every stage and writes nothing; asks the network about links when told to.
pub fn check(request: &Request, progress: &dyn Progress) -> Outcome {
    run(request, progress, &mut Purpose::Look)
}

/// What is done with what was made.
enum Purpose<'a> {
    /// It is written.
    Write,
    /// Nothing.
    Look,
    /// It is described.
    Tell(&'a mut Vec<serde_json::Value>),
}

fn run(request: &Request, progress: &dyn Progress, purpose: &mut Purpose<'_>) -> Outcome {
    let (project, mut found) = project::open(&request.root, &request.publications, request.rigour());
    let rules: Vec<Rules> = project.catalogue.entries.iter().map(|entry| rules(&project, entry, &mut found)).collect();
    let mut allowed: Vec<Vec<usize>> = vec![Vec::new(); rules.len()];
    for (rules, used) in rules.iter().zip(&mut allowed) {
        found = Policy { levels: &project.levels, ..rules.policy(request) }.apply(found, used);
    }
    let mut outcome = Outcome { sources: project.sources.clone(), diagnostics: found, ..Outcome::default() };
    let index = index(&project.catalogue);
    let jobs = jobs(&project, &index, request, &mut outcome.diagnostics);
    if outcome.diagnostics.has_errors() {
        return outcome;
    }
    if matches!(purpose, Purpose::Write) {
        outcome.diagnostics.extend(outside_folders(&project, request, &jobs));
        if outcome.diagnostics.has_errors() {
            return outcome;
        }
    }
    let mut desk = matches!(purpose, Purpose::Write).then(|| Desk::open(&project, &index, request));
    let folders: BTreeSet<PathBuf> = jobs.iter().map(|job| folder(&project, request, job.entry)).collect();
    desk.iter().flat_map(|_| folders.iter()).for_each(|folder| project::sweep(folder));
    let (current, jobs): (Vec<_>, Vec<_>) =
        jobs.into_iter().partition(|job| desk.as_ref().is_some_and(|desk| desk.is_current(&project, request, job)));
    progress.begin(jobs.len());
    let made = jobs.par_iter().map(|job| guarded(&project, job, &rules[job.number], request, progress));
    let made: Vec<Made> = made.collect();
    progress.end();
    for (job, made) in jobs.iter().zip(&made) {
        allowed[job.number].extend(&made.allowed);
    }
    if request.links {
        outcome.diagnostics.extend(asked::ask(&jobs, &made, &rules, request, &mut allowed, progress));
    }
    let idle: Vec<Diagnostics> =
        (0..rules.len()).map(|number| idle_allowances(number, &rules, &allowed, &jobs, &current, &made, request)).collect();
    for (job, made) in jobs.iter().zip(made) {
        match purpose {
            _ if made.diagnostics.has_errors() => {}
            Purpose::Write => {
                // What is warned of is made again, so that it is told again.
                let quiet = made.diagnostics.is_empty() && idle[job.number].is_empty();
                for file in &made.files {
                    progress.step(&format!("writing {}.{}", job.entry.stem(job.edition), file.0.name()));
                    artefacts::write(&project, request, job, file, quiet, desk.as_mut(), &mut outcome);
                }
            }
            Purpose::Look => {}
            Purpose::Tell(values) => values.push(made.value.clone()),
        }
        outcome.diagnostics.extend(made.diagnostics);
        outcome.typography.extend(made.typography);
    }
    idle.into_iter().for_each(|found| outcome.diagnostics.extend(found));
    outcome.current = current.len() * request.formats().len();
    desk.iter().for_each(Desk::close);
    outcome.failed |= outcome.diagnostics.sorted().iter().any(|diagnostic| diagnostic.code == code::INTERNAL);
    outcome
}

/// Indexes the publications of a workspace, side by side.
fn index(catalogue: &Catalogue) -> Index {
    let entries = catalogue.entries.par_iter();
    let publications = entries.map(|entry| (entry.slug.clone(), Arc::new(resolve::index(entry, &catalogue.slugs)))).collect();
    Index { slugs: catalogue.slugs.clone(), published_at: catalogue.published_at.clone(), publications }
}

/// Reads what a publication decides about findings: its own word wins over its series', and that over the workspace's.
fn rules(project: &Project, entry: &Publication, found: &mut Diagnostics) -> Rules {
    let mut levels = project.levels.clone();
    if let Some((series, _)) = &entry.series {
        levels = levels.under(&Levels::read(series, &series.value.checks, found));
    }
    levels = levels.under(&Levels::read(&entry.manifest, &entry.manifest.value.checks, found));
    Rules { levels, allowances: Allowances::read(entry, &project.sources, found) }
}

/// Warns of allowances that no edition had a use for, where all editions of a publication were looked over.
fn idle_allowances(
    number: usize,
    rules: &[Rules],
    used: &[Vec<usize>],
    jobs: &[Job<'_>],
    current: &[Job<'_>],
    made: &[Made],
    request: &Request,
) -> Diagnostics {
    let mut own = jobs.iter().zip(made).filter(|(job, _)| job.number == number).peekable();
    let skipped = current.iter().any(|job| job.number == number) || request.edition.is_some();
    let whole = own.peek().is_some() && own.all(|(_, made)| made.looked && !made.diagnostics.has_errors());
    if skipped || !whole {
        return Diagnostics::default();
    }
    rules[number].policy(request).apply(rules[number].allowances.unused(&used[number], request.links), &mut Vec::new())
}

/// Chooses the editions to make.
fn jobs<'a>(project: &'a Project, index: &'a Index, request: &Request, found: &mut Diagnostics) -> Vec<Job<'a>> {
    let entries = &project.catalogue.entries;
    if !found.has_errors() {
        for name in &request.publications {
            if !entries.iter().any(|entry| entry.slug == *name) {
                let known = entries.iter().map(|entry| entry.slug.as_str());
                found.push(
                    Diagnostic::error(code::UNKNOWN_NAME, format!("no publication is named \"{name}\"")).suggest(name, known),
                );
            }
        }
        if entries.is_empty() {
            let folder = &project.config.sources;
            let message = format!("there is no publication in \"{folder}\"");
            found.push(
                Diagnostic::error(code::FILE, message).hint(format!("add {folder}/NAME/publication.toml, or run `reliure new`")),
            );
        }
    }
    let wanted = |entry: &&Publication| request.wants(&entry.slug);
    let mut jobs = Vec::new();
    for (number, entry) in entries.iter().enumerate().filter(|(_, entry)| wanted(entry)) {
        let (name, span) = entry.layout();
        let layout = match project.layout(&name, span) {
            Ok(layout) => layout,
            Err(errors) => {
                found.extend(errors);
                continue;
            }
        };
        let editions = entry.manifest.value.editions.iter();
        let editions = editions.filter(|edition| request.edition.as_ref().is_none_or(|id| id == edition.id.get_ref()));
        jobs.extend(editions.map(|edition| Job { entry, index, number, edition, layout: layout.clone() }));
    }
    if let (Some(id), true, false) = (&request.edition, jobs.is_empty(), found.has_errors()) {
        let known = entries.iter().filter(wanted).flat_map(|entry| entry.manifest.value.editions.iter());
        let known: Vec<&str> = known.map(|edition| edition.id.get_ref().as_str()).collect();
        found.push(Diagnostic::error(code::UNKNOWN_NAME, format!("no edition has the id \"{id}\"")).suggest(id, known));
    }
    jobs
}
