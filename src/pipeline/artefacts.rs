//! Where artefacts stand; writing and removing them, and the files of a new project.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::fresh::Desk;
use super::{Artefact, Format, Job, Outcome, Request};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::manifest::EditionManifest;
use crate::project::{self, Project, Stamps};
use crate::resolve::{Entry, is_edition_id};

/// The folder of all artefacts.
pub fn output_folder(project: &Project, request: &Request) -> PathBuf {
    request.output.clone().unwrap_or_else(|| project.root.join(&project.config.output))
}

/// Refuses folders of artefacts that links lead out of the project, unless the command names the output folder.
pub fn outside_folders(project: &Project, request: &Request, jobs: &[Job<'_>]) -> Diagnostics {
    let folders: BTreeSet<PathBuf> = jobs.iter().map(|job| folder(project, request, job.entry)).collect();
    let asked = request.output.is_none().then_some(folders).into_iter().flatten();
    asked.filter_map(|folder| project.leads_out(&folder)).collect()
}

/// A series has a folder of its own; a publication alone stands in the output folder.
pub fn folder(project: &Project, request: &Request, entry: &Entry) -> PathBuf {
    let folder = output_folder(project, request);
    entry.shelf.as_ref().map_or(folder.clone(), |series| folder.join(series))
}

/// Path of an artefact.
pub fn name(project: &Project, request: &Request, entry: &Entry, edition: &EditionManifest, format: Format) -> PathBuf {
    folder(project, request, entry).join(format!("{}.{}", entry.stem(edition), format.name()))
}

/// Writes a file that was made; `quiet` says that nothing was told of its edition.
pub fn write(
    project: &Project,
    request: &Request,
    job: &Job<'_>,
    (format, bytes): &(Format, Vec<u8>),
    quiet: bool,
    desk: Option<&mut Desk>,
    outcome: &mut Outcome,
) {
    let path = name(project, request, job.entry, job.edition, *format);
    if let Err(error) = project::write(&path, bytes) {
        let message = format!("\"{}\" cannot be written: {error}", path.display());
        let hint = "check that the folder exists, may be written to, and has room";
        outcome.diagnostics.push(Diagnostic::new(code::FILE, message).hint(hint));
        outcome.failed = true;
        return;
    }
    if let Some(desk) = desk {
        desk.stamp(project, request, job, *format, bytes, quiet);
    }
    outcome.artefacts.push(Artefact {
        publication: job.entry.slug.clone(),
        edition: job.edition.id.get_ref().clone(),
        format: *format,
        path,
        bytes: bytes.len() as u64,
    });
}

/// Removes the artefacts of every declared edition, and nothing else.
pub fn clean(request: &Request) -> Outcome {
    let (project, found) = project::open(&request.root, &request.publications, request.rigour());
    let mut outcome = Outcome { sources: project.sources.clone(), diagnostics: found, ..Outcome::default() };
    for entry in &project.catalogue.entries {
        let folder = folder(&project, request, entry);
        if request.output.is_none()
            && let Some(refused) = project.leads_out(&folder)
        {
            outcome.diagnostics.push(refused);
            continue;
        }
        // What cannot be an id never named an artefact, and might name another file.
        for edition in entry.manifest.value.editions.iter().filter(|edition| is_edition_id(edition.id.get_ref())) {
            for format in Format::ALL {
                remove(entry, edition, format, &folder, &mut outcome);
            }
        }
    }
    Stamps::remove(&output_folder(&project, request));
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
            outcome.diagnostics.push(Diagnostic::new(code::FILE, message).hint("check its permissions"));
            outcome.failed = true;
        }
    }
}

/// Writes a new project; refuses a folder that holds anything.
pub fn create(root: &Path, files: &[(String, String)]) -> Outcome {
    let mut outcome = Outcome::default();
    if let Err(error) = project::create(root, files) {
        let message = format!("\"{}\" cannot hold a new project: {error}", root.display());
        outcome.diagnostics.push(Diagnostic::new(code::FILE, message).hint("give the name of a folder that does not exist yet"));
        outcome.failed = error.kind() != std::io::ErrorKind::AlreadyExists;
    }
    outcome
}
