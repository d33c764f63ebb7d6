//! The output folder: paths of artefacts, `clean`, and the files of a new project.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::freshness;
use super::{Artefact, Outcome, Request};
use crate::diagnostic::{Diagnostic, Diagnostics, Strictness, code};
use crate::disk;
use crate::product::Product;
use crate::resolve::is_edition_id;
use crate::workspace::{Home, Workspace};

/// The output folder.
#[derive(Clone, Debug)]
pub struct Output {
    /// The folder of all artefacts.
    pub folder: PathBuf,
    /// Whether the command line names it. It may then be outside the project.
    named: bool,
}

impl Output {
    /// Returns the folder that the request names, otherwise the output folder of the workspace.
    pub fn of(workspace: &Workspace, request: &Request) -> Self {
        let folder = request.output.clone().unwrap_or_else(|| workspace.root.path().join(&workspace.config.output));
        Self { folder, named: request.output.is_some() }
    }

    /// Returns the folder of a publication's artefacts. Each series has its own folder.
    pub fn folder_of(&self, series_folder: Option<&str>) -> PathBuf {
        series_folder.map_or_else(|| self.folder.clone(), |series| self.folder.join(series))
    }

    /// Removes temporary files of killed builds from the folders of these publications.
    pub fn sweep(&self, workspace: &Workspace, homes: &[Home]) {
        let folders = homes.iter().map(|home| self.folder_of(workspace.series_folder(home).as_deref()));
        let folders: BTreeSet<PathBuf> = folders.chain([self.folder.clone()]).collect();
        folders.iter().for_each(|folder| disk::sweep(folder));
    }

    /// Removes temporary files of this process from the folders of these publications after an interruption.
    pub fn sweep_own<'a>(&self, workspace: &Workspace, homes: impl Iterator<Item = &'a Home>) {
        let folders = homes.map(|home| self.folder_of(workspace.series_folder(home).as_deref()));
        let folders: BTreeSet<PathBuf> = folders.chain([self.folder.clone()]).collect();
        folders.iter().for_each(|folder| disk::sweep_own(folder));
    }

    /// Reports output folders that are outside the project because of symbolic links, unless the command line names the folder.
    pub fn check<'a>(&self, workspace: &Workspace, homes: impl Iterator<Item = &'a Home>) -> Diagnostics {
        if self.named {
            return Diagnostics::default();
        }
        let folders: BTreeSet<PathBuf> = homes.map(|home| self.folder_of(workspace.series_folder(home).as_deref())).collect();
        folders.iter().filter_map(|folder| workspace.check_inside(folder)).collect()
    }
}

/// Removes the artefacts of every declared edition, the build cache and the temporary files of killed processes, and nothing
/// else.
pub fn clean(request: &Request) -> Outcome {
    let (workspace, found) = Workspace::open(&request.root);
    let mut outcome = Outcome { sources: workspace.sources.clone(), diagnostics: found, ..Outcome::default() };
    let output = Output::of(&workspace, request);
    for home in workspace.homes() {
        let read = workspace.read(home, Strictness::Lenient);
        // Only the manifest is needed: errors in other files are ignored.
        if read.publication.is_none() {
            outcome.sources.extend(&read.sources);
            outcome.diagnostics.extend(read.found);
            continue;
        }
        let refused = output.check(&workspace, std::iter::once(home));
        if refused.has_errors() {
            outcome.diagnostics.extend(refused);
            continue;
        }
        let folder = output.folder_of(workspace.series_folder(home).as_deref());
        let editions = read.publication.iter().flat_map(|publication| &publication.manifest.value.editions);
        // An invalid id has no artefacts, and its file name might belong to another file.
        for edition in editions.map(|edition| edition.id.get_ref()).filter(|id| is_edition_id(id)) {
            let products = Product::ALL.into_iter().filter(|product| product.is_of_edition());
            products.for_each(|product| remove(home, edition, product, &folder, &mut outcome));
        }
    }
    if !output.check(&workspace, workspace.homes().into_iter()).has_errors() {
        super::site::remove(&output, &mut outcome);
    }
    let homes: Vec<Home> = workspace.homes().into_iter().cloned().collect();
    if !output.check(&workspace, homes.iter()).has_errors() {
        output.sweep(&workspace, &homes);
    }
    let releases = workspace.release_folder();
    if workspace.check_inside(&releases).is_none() {
        disk::sweep_folders_below(&releases);
    }
    freshness::remove_store(&output.folder);
    outcome
}

fn remove(home: &Home, edition: &str, product: Product, folder: &Path, outcome: &mut Outcome) {
    let path = folder.join(product.file_name(&format!("{}-{edition}", home.slug)));
    let (publication, edition) = (home.slug.clone(), edition.to_owned());
    remove_file(Artefact { publication, edition, product, path, bytes: 0, extent: None, listed: None }, outcome);
}

/// Removes the file of an artefact, if it exists.
pub fn remove_file(artefact: Artefact, outcome: &mut Outcome) {
    match disk::remove(&artefact.path) {
        Ok(None) => {}
        Ok(Some(bytes)) => outcome.artefacts.push(Artefact { bytes, ..artefact }),
        Err(error) => {
            let message = format!("\"{}\" cannot be removed: {error}", artefact.path.display());
            outcome.diagnostics.push(Diagnostic::new(code::FILE, message).hint(disk::system_hint(&error)));
            outcome.failed = true;
        }
    }
}

/// Writes a file atomically. Callers ensure that it does not exist yet.
///
/// # Errors
///
/// Fails if the file cannot be written. The error message contains its path.
pub fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let name = |error: std::io::Error| std::io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    disk::write_cache(path, text.as_bytes()).map_err(name)
}

/// Writes a new project; fails if the folder is not empty.
pub fn create(root: &Path, files: &[(String, String)]) -> Outcome {
    let mut outcome = Outcome::default();
    if let Err(error) = disk::create(root, files) {
        let message = format!("cannot create a project in \"{}\": {error}", root.display());
        let hint = "give the name of a folder that does not exist yet";
        outcome.diagnostics.push(Diagnostic::new(code::FILE, message).hint(hint));
        outcome.failed = error.kind() != std::io::ErrorKind::AlreadyExists;
    }
    outcome
}
