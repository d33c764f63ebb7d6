//! Runs the stages for each requested publication that is not up to date, with several publications in parallel.

mod artefacts;
mod clock;
mod edition;
mod freshness;
mod identifiers;
mod images;
mod index;
mod inspect;
mod leftover;
mod links;
mod memo;
mod outcome;
mod plan;
mod preflight;
mod press;
mod publication;
mod records;
mod release;
mod request;
mod rules;
mod scheduler;
mod site;
mod store;

pub use artefacts::{clean, create, write_new};
pub use clock::today;
pub(crate) use edition::unwritable;
#[doc(hidden)]
pub use images::ImageStore;
#[doc(hidden)]
pub use index::SharedIndex;
pub use inspect::inspect;
pub use outcome::{Artefact, Outcome};
pub use plan::Plan;
pub use preflight::PrintSheet;
pub use press::{Extent, PrintedInks};
pub use records::LeftOut;
pub use release::{EditionParts, input_files};
pub use request::{CheckOptions, Interrupt, Progress, Rebuild, Reporting, Request};
pub use store::{ArtefactStore, LocalStore, StoreEntry};

use std::path::Path;
use std::sync::Arc;

use crate::check::{Levels, OptionalChecks};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::inspection::EditionInspection;
use crate::manifest::{Manifest, WorkspaceManifest, page_address};
use crate::workspace::{Home, Workspace};
use artefacts::Output;
use freshness::{Freshness, Recorder};
use memo::Memo;
use outcome::Collector;
use rules::Rules;

/// The purpose for which a command runs the stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Writes the artefacts.
    Write,
    /// Reports diagnostics only.
    Check,
    /// Describes the editions.
    Inspect,
}

/// State shared by all jobs.
struct Context {
    workspace: Arc<Workspace>,
    request: Request,
    options: CheckOptions,
    purpose: Purpose,
    output: Output,
    /// Severity levels from `reliure.toml`.
    levels: Levels,
    /// Records and artefacts of earlier builds; `None` if the command writes no files.
    freshness: Option<Arc<Freshness>>,
    index: SharedIndex,
    memo: Memo,
    profiles: press::PressProfiles,
    progress: Arc<dyn Progress>,
    interrupt: Interrupt,
}

/// Builds and writes the artefacts that are not up to date. Writes the products of an edition only when all of them are built; if
/// one fails, the edition keeps the files of its last successful build, and other editions are still built.
pub fn build(request: &Request, progress: Arc<dyn Progress>) -> Outcome {
    run(request, CheckOptions::default(), progress, Purpose::Write).0
}

/// Runs every stage without writing files.
pub fn check(request: &Request, options: CheckOptions, progress: Arc<dyn Progress>) -> Outcome {
    run(request, options, progress, Purpose::Check).0
}

fn run(
    request: &Request,
    options: CheckOptions,
    progress: Arc<dyn Progress>,
    purpose: Purpose,
) -> (Outcome, Vec<EditionInspection>) {
    let (mut workspace, mut found) = Workspace::open(&request.root);
    found.extend(workspace.unbuilt());
    let levels = workspace.manifest.as_ref().map(|manifest| Levels::read(manifest, &manifest.value.checks, &mut found));
    let published_url = workspace.manifest.as_ref().and_then(|manifest| published_url(manifest, &mut found));
    let output = Output::of(&workspace, request);
    let rules = Rules { levels: levels.unwrap_or_default(), ..Rules::default() };
    found.extend(workspace.faults());
    found = rules.policy(request).apply(found, &mut Vec::new());
    let sound = !found.has_errors();
    let homes: Vec<Home> = requested(&workspace, request, &mut found);
    let misused = sound && found.has_errors() && !workspace.homes().is_empty();
    found.extend(workspace.check_identities(&homes));
    if purpose == Purpose::Write && !found.has_errors() {
        found.extend(output.check(&workspace, homes.iter()));
    }
    if found.has_errors() {
        let outcome = Outcome { sources: workspace.sources.clone(), diagnostics: found, misused, ..Outcome::default() };
        return (outcome, Vec::new());
    }
    let freshness = (purpose == Purpose::Write).then(|| {
        output.sweep(&workspace, &homes);
        Arc::new(Freshness::open(&workspace, &output, request))
    });
    let context = Arc::new(Context {
        request: request.clone(),
        options,
        purpose,
        output,
        levels: rules.levels,
        freshness,
        index: SharedIndex::new(&workspace, published_url),
        memo: Memo::default(),
        profiles: press::PressProfiles::default(),
        progress,
        interrupt: request.interrupt.clone(),
        workspace: Arc::new(workspace),
    });
    jobs(&context, homes, found)
}

/// Runs a job for each publication that is not up to date, and collects the results.
fn jobs(context: &Arc<Context>, homes: Vec<Home>, mut found: Diagnostics) -> (Outcome, Vec<EditionInspection>) {
    let recorder = context.freshness.clone().map(Recorder::new);
    let mut collector = Collector::new(Arc::clone(context), &homes, recorder);
    context.progress.begin(homes.len());
    let parallelism = scheduler::Parallelism::for_jobs(homes.len(), context.request.threads);
    let fresh = scheduler::map(&homes, parallelism.jobs, |home| publication::fresh(context, home));
    if context.request.publications.is_empty() && context.purpose != Purpose::Inspect {
        let rules = Rules { levels: context.levels.clone(), ..Rules::default() };
        let shared = identifiers::shared(context, homes.iter().zip(fresh.iter().map(Option::is_some)));
        found.extend(rules.policy(&context.request).apply(shared, &mut Vec::new()));
        if found.has_errors() {
            context.progress.end();
            return (outcome::stopped(context, found), Vec::new());
        }
    }
    let mut stale = Vec::new();
    for (number, (home, fresh)) in homes.into_iter().zip(fresh).enumerate() {
        match fresh {
            Some(done) => {
                context.progress.finish_job(&home.slug);
                collector.receive(number, publication::Message::Publication(Box::new(done)));
            }
            None => stale.push((number, home)),
        }
    }
    let numbers: Vec<usize> = stale.iter().map(|(number, _)| *number).collect();
    let jobs = stale.into_iter().map(|(_, home)| home).collect();
    let shared = Arc::clone(context);
    let work = move |home: Home, send: &dyn Fn(publication::Message)| publication::run(&shared, &home, send);
    let mut receive = |job: usize, message| collector.receive(numbers.get(job).copied().unwrap_or(usize::MAX), message);
    let finished = scheduler::run(jobs, parallelism, &context.interrupt, work, &mut receive);
    context.progress.end();
    collector.finish(found, finished)
}

/// Returns the folder names of publications for the arguments of a command: folder names, or paths from the folder `current` to a
/// publication, a file in it, or a folder that contains publications. Other arguments are returned unchanged.
pub fn publication_names(root: &Path, current: &Path, written: &[String]) -> Vec<String> {
    if written.is_empty() {
        return Vec::new();
    }
    let (workspace, _) = Workspace::open(root);
    let named = |word: &String| {
        if workspace.home(word).is_some() {
            return vec![word.clone()];
        }
        let path = current.join(word).canonicalize().ok();
        let inner = path.and_then(|path| workspace.root.relative(&path));
        let here = |home: &&Home, path: &str| {
            let within = |folder: &str, path: &str| path.is_empty() || folder == path || folder.starts_with(&format!("{path}/"));
            within(&home.folder, path) || within(path, &home.folder)
        };
        let found = inner
            .map(|path| workspace.homes().into_iter().filter(|home| here(home, &path)).map(|home| home.slug.clone()).collect());
        found.filter(|found: &Vec<String>| !found.is_empty()).unwrap_or_else(|| vec![word.clone()])
    };
    written.iter().flat_map(named).collect()
}

/// Returns whether a project has a publication with this folder name.
pub fn has_publication(root: &Path, slug: &str) -> bool {
    Workspace::open(root).0.home(slug).is_some()
}

/// Returns the folder of the series and publications of a project, relative to its root.
pub fn source_folder(root: &Path) -> String {
    Workspace::open(root).0.config.sources
}

/// Returns the names of the layouts of the tool and of a project.
pub fn layout_names(root: &Path) -> Vec<String> {
    let (workspace, _) = Workspace::open(root);
    workspace.layouts().names().into_iter().map(str::to_owned).collect()
}

/// Returns the requested publications, in order of folder. Reports unknown names.
pub(crate) fn requested(workspace: &Workspace, request: &Request, found: &mut Diagnostics) -> Vec<Home> {
    let homes = workspace.homes();
    let names = if found.has_errors() { &[][..] } else { request.publications.as_slice() };
    for name in names {
        if workspace.home(name).is_none() {
            let known = homes.iter().map(|home| home.slug.as_str());
            let unknown = Diagnostic::new(code::UNKNOWN_NAME, format!("no publication is named \"{name}\""));
            found.push(unknown.suggest(name, known));
        }
    }
    if homes.is_empty() && !found.has_errors() {
        let folder = &workspace.config.sources;
        let message = format!("there is no publication in \"{folder}\"");
        let hint = format!("add {folder}/NAME/publication.toml, or run `reliure new`");
        found.push(Diagnostic::new(code::FILE, message).hint(hint));
    }
    homes.into_iter().filter(|home| request.wants(&home.slug)).cloned().collect()
}

/// Returns the URL of the published output folder, with a trailing slash.
fn published_url(workspace: &Manifest<WorkspaceManifest>, found: &mut Diagnostics) -> Option<String> {
    let written = workspace.value.published_at.as_ref()?;
    let span = workspace.span(written);
    let address = page_address(written.get_ref(), "a folder", span, found)?;
    if address.contains(['?', '#']) {
        let message = format!("\"{address}\" is not the address of a folder");
        let hint = "remove the query and the fragment: https://example.org/docs/";
        found.push(Diagnostic::new(code::ADDRESS, message).at(span).hint(hint));
        return None;
    }
    Some(if address.ends_with('/') { address } else { format!("{address}/") })
}
