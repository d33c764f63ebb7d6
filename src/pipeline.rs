//! The one place where stages are chained, and run in parallel.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Diagnostics, Sources, code};
use crate::manifest::EditionManifest;
use crate::output::{embedded_fonts, epub, pdf};
use crate::paginate::paginate;
use crate::project::{self, Layout, Project};
use crate::resolve::{Entry, Resolved, Source, resolve};
use crate::typography::{self, Change};

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

/// One edition to make.
struct Job<'a> {
    entry: &'a Entry,
    edition: &'a EditionManifest,
    layout: Layout,
}

/// One edition, made.
#[derive(Default)]
struct Made {
    diagnostics: Diagnostics,
    files: Vec<(Format, Vec<u8>)>,
    typography: Vec<Change>,
    value: serde_json::Value,
}

/// Makes and writes artefacts. An edition is written when all its formats were made; the others keep their last good ones.
pub fn build(request: &Request, progress: &dyn Progress) -> Outcome {
    run(request, progress, Some(&write_all))
}

/// Runs every stage and writes nothing.
pub fn check(request: &Request, progress: &dyn Progress) -> Outcome {
    run(request, progress, None)
}

type Keep<'a> = dyn Fn(&Project, &Request, &Job<'_>, &Made, &mut Outcome) + 'a;

fn run(request: &Request, progress: &dyn Progress, keep: Option<&Keep<'_>>) -> Outcome {
    let (project, found) = project::open(&request.root, &request.publications);
    let mut outcome = Outcome { sources: project.sources.clone(), diagnostics: found, ..Outcome::default() };
    let jobs = jobs(&project, request, &mut outcome.diagnostics);
    if outcome.diagnostics.has_errors() {
        return outcome;
    }
    progress.begin(jobs.len());
    let formats = if request.formats.is_empty() { Format::ALL.to_vec() } else { request.formats.clone() };
    let made: Vec<Made> = jobs.par_iter().map(|job| guarded(&project, job, &formats, progress)).collect();
    progress.end();
    for (job, made) in jobs.iter().zip(made) {
        if let Some(keep) = keep
            && !made.diagnostics.has_errors()
        {
            keep(&project, request, job, &made, &mut outcome);
        }
        outcome.diagnostics.extend(made.diagnostics);
        outcome.typography.extend(made.typography);
    }
    outcome.failed |= outcome.diagnostics.sorted().iter().any(|diagnostic| diagnostic.code == code::INTERNAL);
    outcome
}

/// Chooses the editions to make.
fn jobs<'a>(project: &'a Project, request: &Request, found: &mut Diagnostics) -> Vec<Job<'a>> {
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
    let wanted = |entry: &&Entry| request.publications.is_empty() || request.publications.contains(&entry.slug);
    let mut jobs = Vec::new();
    for entry in entries.iter().filter(wanted) {
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
        jobs.extend(editions.map(|edition| Job { entry, edition, layout: layout.clone() }));
    }
    if let (Some(id), true, false) = (&request.edition, jobs.is_empty(), found.has_errors()) {
        let known = entries.iter().filter(wanted).flat_map(|entry| entry.manifest.value.editions.iter());
        let known: Vec<&str> = known.map(|edition| edition.id.get_ref().as_str()).collect();
        found.push(Diagnostic::error(code::UNKNOWN_NAME, format!("no edition has the id \"{id}\"")).suggest(id, known));
    }
    jobs
}

/// Makes an edition; a fault of the tool is told as one and stops nothing else.
fn guarded(project: &Project, job: &Job<'_>, formats: &[Format], progress: &dyn Progress) -> Made {
    let name = job.entry.stem(job.edition);
    let made = catch_unwind(AssertUnwindSafe(|| make(project, job, formats, progress)));
    progress.finish_job(&name);
    match made {
        Ok(Ok(made)) => made,
        Ok(Err(diagnostics)) => Made { diagnostics, ..Made::default() },
        Err(_) => {
            let broken = Diagnostic::error(code::INTERNAL, format!("reliure itself failed on \"{name}\""));
            Made {
                diagnostics: broken.hint("this is a fault of the tool: please report it with these sources").into(),
                ..Made::default()
            }
        }
    }
}

fn make(project: &Project, job: &Job<'_>, formats: &[Format], progress: &dyn Progress) -> Result<Made, Diagnostics> {
    let name = job.entry.stem(job.edition);
    progress.step(&name);
    let (mut edition, mut diagnostics) = resolved(project, job)?;
    let typography = typography::set(&mut edition);
    let after = |mut before: Diagnostics, errors: Diagnostics| {
        before.extend(errors);
        before
    };
    let (pages, warnings) = match paginate(project, &job.layout, &edition) {
        Ok(paginated) => paginated,
        Err(errors) => return Err(after(diagnostics, errors)),
    };
    diagnostics.extend(warnings);
    let mut files = Vec::new();
    for format in formats {
        let bytes = match format {
            Format::Pdf => pdf::write(project, &edition, &pages),
            Format::Epub => pages.cover().and_then(|cover| {
                let fonts = embedded_fonts(&edition.brand.fonts, &project.fonts);
                let parts =
                    epub::Parts { cover: &cover, common_css: &job.layout.common_css, layout_css: &job.layout.css, fonts: &fonts };
                epub::write(&edition, &parts)
            }),
        };
        match bytes {
            Ok(bytes) => files.push((*format, bytes)),
            Err(errors) => return Err(after(diagnostics, errors)),
        }
    }
    Ok(Made { diagnostics, files, typography, value: summary(&edition, pages.document.pages().len()) })
}

fn resolved(project: &Project, job: &Job<'_>) -> Result<(Resolved, Diagnostics), Diagnostics> {
    resolve(&Source {
        entry: job.entry,
        edition: job.edition,
        layout: &job.layout.manifest,
        catalogue: &project.catalogue,
        images: project,
        families: &project.families(),
    })
}

fn output_folder(project: &Project, request: &Request) -> PathBuf {
    request.output.clone().unwrap_or_else(|| project.root.join(&project.config.output))
}

/// A series has a folder of its own; a publication alone stands in the output folder.
fn artefact_folder(project: &Project, request: &Request, entry: &Entry) -> PathBuf {
    let folder = output_folder(project, request);
    let parent =
        entry.folder.strip_prefix(&project.config.sources).and_then(|rest| rest.trim_start_matches('/').rsplit_once('/'));
    parent.map_or(folder.clone(), |(series, _)| folder.join(series))
}

fn write_all(project: &Project, request: &Request, job: &Job<'_>, made: &Made, outcome: &mut Outcome) {
    let folder = artefact_folder(project, request, job.entry);
    for (format, bytes) in &made.files {
        let path = folder.join(format!("{}.{}", job.entry.stem(job.edition), format.name()));
        if let Err(error) = project::write(&path, bytes) {
            let message = format!("\"{}\" cannot be written: {error}", path.display());
            let hint = "check that the folder exists, may be written to, and has room";
            outcome.diagnostics.push(Diagnostic::error(code::FILE, message).hint(hint));
            outcome.failed = true;
            continue;
        }
        outcome.artefacts.push(Artefact {
            publication: job.entry.slug.clone(),
            edition: job.edition.id.get_ref().clone(),
            format: *format,
            path,
            bytes: bytes.len() as u64,
        });
    }
}

/// Removes the artefacts of every declared edition, and nothing else.
pub fn clean(request: &Request) -> Outcome {
    let (project, found) = project::open(&request.root, &request.publications);
    let mut outcome = Outcome { sources: project.sources.clone(), diagnostics: found, ..Outcome::default() };
    for entry in &project.catalogue.entries {
        let folder = artefact_folder(&project, request, entry);
        for edition in &entry.manifest.value.editions {
            for format in Format::ALL {
                remove(entry, edition, format, &folder, &mut outcome);
            }
        }
    }
    outcome
}

fn remove(entry: &Entry, edition: &EditionManifest, format: Format, folder: &Path, outcome: &mut Outcome) {
    let path = folder.join(format!("{}.{}", entry.stem(edition), format.name()));
    match project::remove(&path) {
        Ok(None) => {}
        Ok(Some(bytes)) => {
            let (publication, edition) = (entry.slug.clone(), edition.id.get_ref().clone());
            outcome.artefacts.push(Artefact { publication, edition, format, path, bytes });
        }
        Err(error) => {
            let message = format!("\"{}\" cannot be removed: {error}", path.display());
            outcome.diagnostics.push(Diagnostic::error(code::FILE, message).hint("check its permissions"));
            outcome.failed = true;
        }
    }
}

/// Tells what the workspace holds, as it would be built.
pub fn inspect(request: &Request, progress: &dyn Progress) -> (Outcome, serde_json::Value) {
    let values = std::sync::Mutex::new(Vec::new());
    let keep = |_: &Project, _: &Request, _: &Job<'_>, made: &Made, _: &mut Outcome| {
        values.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(made.value.clone());
    };
    let quiet = Request { formats: vec![Format::Pdf], ..request.clone() };
    let outcome = run(&quiet, progress, Some(&keep));
    let values = values.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    (outcome, serde_json::json!({ "publications": values }))
}

fn summary(edition: &Resolved, pages: usize) -> serde_json::Value {
    let sections = edition
        .sections
        .iter()
        .map(|section| serde_json::json!({ "id": section.id, "title": section.title, "nav": section.nav }));
    let credits = edition.credits.iter().map(|credit| {
        let names: Vec<&str> = credit.parties.iter().map(|party| party.name.as_str()).collect();
        serde_json::json!({ "label": credit.label, "marc": credit.marc, "names": names })
    });
    let images = edition.assets.iter().map(|asset| {
        serde_json::json!({ "path": asset.path, "media-type": asset.media_type, "width": asset.width, "height": asset.height })
    });
    serde_json::json!({
        "publication": edition.slug,
        "artefact": edition.stem,
        "title": edition.title,
        "subtitle": edition.subtitle,
        "series": edition.series,
        "language": edition.language.tag,
        "edition": { "id": edition.edition.id, "date": edition.edition.date.iso(), "label": edition.edition.label },
        "identifiers": { "pdf": edition.identifier("pdf").to_string(), "epub": edition.identifier("epub").to_string() },
        "isbn": { "pdf": edition.isbn_pdf, "epub": edition.isbn_epub },
        "doi": edition.doi,
        "licence": { "id": edition.notice.id, "url": edition.notice.url, "exceptions": edition.notice.exceptions },
        "pages": pages,
        "sections": sections.collect::<Vec<_>>(),
        "credits": credits.collect::<Vec<_>>(),
        "images": images.collect::<Vec<_>>(),
    })
}

/// Writes a new project; refuses a folder that holds anything.
pub fn create(root: &Path, files: &[(String, String)]) -> Outcome {
    let mut outcome = Outcome::default();
    if let Err(error) = project::create(root, files) {
        let message = format!("\"{}\" cannot hold a new project: {error}", root.display());
        outcome
            .diagnostics
            .push(Diagnostic::error(code::FILE, message).hint("give the name of a folder that does not exist yet"));
        outcome.failed = error.kind() != std::io::ErrorKind::AlreadyExists;
    }
    outcome
}
