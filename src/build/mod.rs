//! The one place that knows the order of stages: what is asked for, what is up to date, and what is made, in parallel.

mod artefacts;
mod edition;
mod freshness;
mod images;
mod index;
mod inspect;
mod links;
mod memo;
mod outcome;
mod plan;
mod press;
mod publication;
mod request;
mod rules;
mod scheduler;
mod store;

pub use artefacts::{clean, create};
#[doc(hidden)]
pub use images::ImageStore;
#[doc(hidden)]
pub use index::SharedIndex;
pub use inspect::inspect;
pub use outcome::{Artefact, Outcome};
pub use plan::Plan;
pub use press::Extent;
pub use request::{CheckOptions, Interrupt, Progress, Rebuild, Request};
pub use store::{ArtefactStore, LocalStore, StoreEntry};

use std::sync::Arc;

use crate::check::Levels;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::inspection::EditionInspection;
use crate::manifest::{Manifest, WorkspaceManifest, page_address};
use crate::workspace::{Home, Workspace};
use artefacts::Output;
use freshness::{Freshness, Recorder};
use memo::Memo;
use outcome::Collector;
use rules::Rules;

/// What is done with what is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// It is written.
    Write,
    /// It is dropped.
    Check,
    /// It is described.
    Inspect,
}

/// What all jobs share.
struct Context {
    workspace: Arc<Workspace>,
    request: Request,
    options: CheckOptions,
    purpose: Purpose,
    output: Output,
    /// What `reliure.toml` sets for codes.
    levels: Levels,
    /// What earlier builds left; none if nothing is written.
    freshness: Option<Arc<Freshness>>,
    index: SharedIndex,
    memo: Memo,
    profiles: press::PressProfiles,
    progress: Arc<dyn Progress>,
    interrupt: Interrupt,
}

/// Makes and writes artefacts. The products of an edition are written together once all of them are made; if one fails, the edition
/// keeps its last good files, and other editions go on. What is up to date is not made again.
pub fn build(request: &Request, progress: Arc<dyn Progress>) -> Outcome {
    run(request, CheckOptions::default(), progress, Purpose::Write).0
}

/// Runs every stage and writes nothing.
pub fn check(request: &Request, options: CheckOptions, progress: Arc<dyn Progress>) -> Outcome {
    run(request, options, progress, Purpose::Check).0
}

fn run(
    request: &Request,
    options: CheckOptions,
    progress: Arc<dyn Progress>,
    purpose: Purpose,
) -> (Outcome, Vec<EditionInspection>) {
    let (workspace, mut found) = Workspace::open(&request.root);
    let levels = workspace.manifest.as_ref().map(|manifest| Levels::read(manifest, &manifest.value.checks, &mut found));
    let published_at = workspace.manifest.as_ref().and_then(|manifest| published_at(manifest, &mut found));
    let output = Output::of(&workspace, request);
    let rules = Rules { levels: levels.unwrap_or_default(), ..Rules::default() };
    found = rules.policy(request).apply(found, &mut Vec::new());
    let homes: Vec<Home> = asked(&workspace, request, &mut found);
    if purpose == Purpose::Write && !found.has_errors() {
        found.extend(output.check(&workspace, homes.iter()));
    }
    if found.has_errors() {
        let outcome = Outcome { sources: workspace.sources.clone(), diagnostics: found, ..Outcome::default() };
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
        index: SharedIndex::new(&workspace, published_at),
        memo: Memo::default(),
        profiles: press::PressProfiles::default(),
        progress,
        interrupt: request.interrupt.clone(),
        workspace: Arc::new(workspace),
    });
    jobs(&context, homes, found)
}

/// Runs a job for each publication, and collects what comes of them.
fn jobs(context: &Arc<Context>, homes: Vec<Home>, found: Diagnostics) -> (Outcome, Vec<EditionInspection>) {
    let recorder = context.freshness.clone().map(Recorder::new);
    let mut collector = Collector::new(Arc::clone(context), &homes, recorder);
    context.progress.begin(homes.len());
    let width = scheduler::Width::for_jobs(homes.len(), context.request.threads);
    let shared = Arc::clone(context);
    let work = move |home: Home, send: &dyn Fn(publication::Message)| publication::run(&shared, &home, send);
    let finished =
        scheduler::run(homes, width, &context.interrupt, work, &mut |number, message| collector.receive(number, message));
    context.progress.end();
    collector.finish(found, finished)
}

/// Returns the publications that are asked for, in order of folder.
fn asked(workspace: &Workspace, request: &Request, found: &mut Diagnostics) -> Vec<Home> {
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

/// Reads the address of the output folder online, with a slash at its end.
fn published_at(workspace: &Manifest<WorkspaceManifest>, found: &mut Diagnostics) -> Option<String> {
    let written = workspace.value.published_at.as_ref()?;
    let span = workspace.span(written);
    let address = page_address(written.get_ref(), "a folder", span, found)?;
    if address.contains(['?', '#']) {
        let message = format!("\"{address}\" is not the address of a folder");
        let hint = "write it up to its last slash: https://example.org/docs/";
        found.push(Diagnostic::new(code::ADDRESS, message).at(span).hint(hint));
        return None;
    }
    Some(if address.ends_with('/') { address } else { format!("{address}/") })
}
