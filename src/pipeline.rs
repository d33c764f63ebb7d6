//! The one place where stages are chained, and run in parallel.

mod asked;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::check::{self, Allowances, Levels, Policy, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources, code};
use crate::manifest::EditionManifest;
use crate::output::{embedded_fonts, epub, pdf};
use crate::paginate::paginate;
use crate::project::{self, Layout, Project};
use crate::resolve::{Edition, Entry, Item, Outside, Resolved, Rigour, Source, Standing, Terms, outside, resolve};
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
    /// Warnings stop the build as errors do.
    pub strict: bool,
    /// The texts may be unfinished: what conformance needs may be missing, and none is claimed.
    pub lenient: bool,
    /// Ask the network about external links; [`check`] alone does.
    pub links: bool,
}

impl Request {
    fn formats(&self) -> Vec<Format> {
        if self.formats.is_empty() { Format::ALL.to_vec() } else { self.formats.clone() }
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
    entry: &'a Entry,
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
}

/// Makes and writes artefacts. An edition is written when all its formats were made; the others keep their last good ones.
pub fn build(request: &Request, progress: &dyn Progress) -> Outcome {
    run(&Request { links: false, ..request.clone() }, progress, Some(&write_all))
}

/// Runs every stage and writes nothing; asks the network about links when told to.
pub fn check(request: &Request, progress: &dyn Progress) -> Outcome {
    run(request, progress, None)
}

type Keep<'a> = dyn Fn(&Project, &Request, &Job<'_>, &Made, &mut Outcome) + 'a;

fn run(request: &Request, progress: &dyn Progress, keep: Option<&Keep<'_>>) -> Outcome {
    let (project, mut found) = project::open(&request.root, &request.publications);
    let rules: Vec<Rules> = project.catalogue.entries.iter().map(|entry| rules(&project, entry, &mut found)).collect();
    let mut allowed: Vec<Vec<usize>> = vec![Vec::new(); rules.len()];
    for (rules, used) in rules.iter().zip(&mut allowed) {
        found = Policy { levels: &project.levels, ..rules.policy(request) }.apply(found, used);
    }
    let mut outcome = Outcome { sources: project.sources.clone(), diagnostics: found, ..Outcome::default() };
    let jobs = jobs(&project, request, &mut outcome.diagnostics);
    if outcome.diagnostics.has_errors() {
        return outcome;
    }
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
    outcome.diagnostics.extend(idle_allowances(&rules, &allowed, &jobs, &made, request));
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

/// Reads what a publication decides about findings: its own word wins over its series', and that over the workspace's.
fn rules(project: &Project, entry: &Entry, found: &mut Diagnostics) -> Rules {
    let mut levels = project.levels.clone();
    if let Some((series, _)) = &entry.series {
        levels = levels.under(&Levels::read(series, &series.value.checks, found));
    }
    levels = levels.under(&Levels::read(&entry.manifest, &entry.manifest.value.checks, found));
    Rules { levels, allowances: Allowances::read(entry, &project.sources, found) }
}

/// Warns of allowances that no edition had a use for, where all editions of a publication were looked over.
fn idle_allowances(rules: &[Rules], used: &[Vec<usize>], jobs: &[Job<'_>], made: &[Made], request: &Request) -> Diagnostics {
    let mut found = Diagnostics::default();
    let whole = |number: usize| {
        let mut own = jobs.iter().zip(made).filter(|(job, _)| job.number == number).peekable();
        own.peek().is_some() && own.all(|(_, made)| !made.diagnostics.has_errors())
    };
    for (number, (rules, used)) in rules.iter().zip(used).enumerate() {
        if request.edition.is_none() && whole(number) {
            found.extend(rules.policy(request).apply(rules.allowances.unused(used, request.links), &mut Vec::new()));
        }
    }
    found
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
        jobs.extend(editions.map(|edition| Job { entry, number, edition, layout: layout.clone() }));
    }
    if let (Some(id), true, false) = (&request.edition, jobs.is_empty(), found.has_errors()) {
        let known = entries.iter().filter(wanted).flat_map(|entry| entry.manifest.value.editions.iter());
        let known: Vec<&str> = known.map(|edition| edition.id.get_ref().as_str()).collect();
        found.push(Diagnostic::error(code::UNKNOWN_NAME, format!("no edition has the id \"{id}\"")).suggest(id, known));
    }
    jobs
}

/// Makes an edition; a fault of the tool is told as one and stops nothing else.
fn guarded(project: &Project, job: &Job<'_>, rules: &Rules, request: &Request, progress: &dyn Progress) -> Made {
    let name = job.entry.stem(job.edition);
    let made = catch_unwind(AssertUnwindSafe(|| make(project, job, rules, request, progress)));
    progress.finish_job(&name);
    match made {
        Ok(made) => made,
        Err(_) => {
            let broken = Diagnostic::error(code::INTERNAL, format!("reliure itself failed on \"{name}\""));
            Made {
                diagnostics: broken.hint("this is a fault of the tool: please report it with these sources").into(),
                ..Made::default()
            }
        }
    }
}

/// Makes an edition, as far as its errors let it come.
fn make(project: &Project, job: &Job<'_>, rules: &Rules, request: &Request, progress: &dyn Progress) -> Made {
    progress.step(&job.entry.stem(job.edition));
    let mut made = Made::default();
    let mut found = Diagnostics::default();
    if let Err(errors) = stages(project, job, request, &mut made, &mut found) {
        found.extend(errors);
    }
    made.diagnostics = rules.policy(request).apply(found, &mut made.allowed);
    made
}

/// Runs the stages in order, up to the first that cannot go on; what each found besides is added to `found`.
fn stages(
    project: &Project,
    job: &Job<'_>,
    request: &Request,
    made: &mut Made,
    found: &mut Diagnostics,
) -> Result<(), Diagnostics> {
    let (mut edition, warnings) = resolved(project, job, request)?;
    found.extend(warnings);
    found.extend(check::content(&subject(project, job, &edition)));
    made.links = outside(job.entry, &edition);
    made.typography = typography::set(&mut edition);
    let (pages, warnings) = paginate(project, &job.layout, &edition)?;
    found.extend(warnings);
    found.extend(check::pages(&subject(project, job, &edition), &pages));
    for format in request.formats() {
        let bytes = match format {
            Format::Pdf => pdf::write(project, &edition, &pages)?,
            Format::Epub => {
                let cover = pages.cover()?;
                let fonts = embedded_fonts(&edition.brand.fonts, &project.fonts);
                let parts =
                    epub::Parts { cover: &cover, common_css: &job.layout.common_css, layout_css: &job.layout.css, fonts: &fonts };
                epub::write(&edition, &parts)?
            }
        };
        made.files.push((format, bytes));
    }
    made.value = summary(&edition, pages.document.pages().len());
    Ok(())
}

fn subject<'a>(project: &'a Project, job: &Job<'a>, edition: &'a Resolved) -> Subject<'a> {
    Subject { entry: job.entry, edition, sources: &project.sources }
}

fn resolved(project: &Project, job: &Job<'_>, request: &Request) -> Result<(Resolved, Diagnostics), Diagnostics> {
    resolve(&Source {
        entry: job.entry,
        edition: job.edition,
        layout: &job.layout.manifest,
        catalogue: &project.catalogue,
        images: project,
        typefaces: &project.typefaces(),
        rigour: if request.lenient { Rigour::Lenient } else { Rigour::Full },
    })
}

fn output_folder(project: &Project, request: &Request) -> PathBuf {
    request.output.clone().unwrap_or_else(|| project.root.join(&project.config.output))
}

/// A series has a folder of its own; a publication alone stands in the output folder.
fn artefact_folder(project: &Project, request: &Request, entry: &Entry) -> PathBuf {
    let folder = output_folder(project, request);
    entry.shelf.as_ref().map_or(folder.clone(), |series| folder.join(series))
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
    let values = Mutex::new(Vec::new());
    let keep = |_: &Project, _: &Request, _: &Job<'_>, made: &Made, _: &mut Outcome| {
        values.lock().unwrap_or_else(PoisonError::into_inner).push(made.value.clone());
    };
    let quiet = Request { formats: vec![Format::Pdf], links: false, ..request.clone() };
    let outcome = run(&quiet, progress, Some(&keep));
    let values = values.into_inner().unwrap_or_else(PoisonError::into_inner);
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
    let exceptions: Vec<String> = edition.exceptions().iter().map(|line| line.line(edition.language)).collect();
    let entry = |item: &Item| {
        serde_json::json!({
            "kind": item.kind.name(),
            "what": item.what,
            "credit": item.credit,
            "licence": item.terms.as_ref().map(Terms::code),
            "licence-url": item.terms.as_ref().and_then(Terms::url),
            "source": item.source,
            "date": item.date,
            "note": item.note,
            "path": item.asset.and_then(|index| edition.assets.get(index)).map(|asset| &asset.path),
            "standing": item.standing.map(Standing::name),
            "exception": item.exception,
        })
    };
    serde_json::json!({
        "publication": edition.slug,
        "artefact": edition.stem,
        "title": edition.title,
        "subtitle": edition.subtitle,
        "series": edition.series,
        "language": edition.language.tag,
        "edition": edition_summary(&edition.edition),
        "identifiers": { "pdf": edition.identifier("pdf").to_string(), "epub": edition.identifier("epub").to_string() },
        "isbn": { "pdf": edition.isbn_pdf, "epub": edition.isbn_epub },
        "doi": edition.doi,
        "licence": { "id": edition.notice.licence.id, "url": edition.notice.licence.url, "exceptions": exceptions },
        "ledger": edition.ledger.items.iter().map(entry).collect::<Vec<_>>(),
        "pages": pages,
        "sections": sections.collect::<Vec<_>>(),
        "credits": credits.collect::<Vec<_>>(),
        "images": images.collect::<Vec<_>>(),
    })
}

fn edition_summary(edition: &Edition) -> serde_json::Value {
    let Edition { id, date, label, based_on, changes, erratum, .. } = edition;
    serde_json::json!({
        "id": id,
        "date": date.iso(),
        "label": label,
        "based-on": based_on,
        "changes": changes.as_ref().map_or(&[][..], |changes| &changes.items),
        "modified": erratum.as_ref().map(|erratum| erratum.date.iso()),
        "errata": erratum.as_ref().map_or(&[][..], |erratum| &erratum.items),
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
