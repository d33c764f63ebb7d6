//! Detection of releases whose sources have changed.

use super::archive::Archive;
use super::manifest::ReleaseManifest;
use crate::build::input_files;
use crate::diagnostic::{Diagnostic, code};
use crate::disk::{composed, locate, sha256_file};
use crate::workspace::{Home, Workspace};

/// Maximum number of files that a diagnostic names.
const MAX_NAMES: usize = 3;

/// Returns a warning if the sources of a release have changed. Pass the release of the latest edition: the editions of a
/// publication share their sources, so the sources of an earlier edition always change when a later one is declared.
pub fn stale(workspace: &Workspace, home: &Home, release: &Archive) -> Option<Diagnostic> {
    let changed = changed_inputs(workspace, home, &release.manifest);
    let id = &release.manifest.edition.inspection.edition.id;
    let (first, more) = (changed.get(..MAX_NAMES.min(changed.len()))?, changed.len().saturating_sub(MAX_NAMES));
    let mut names: Vec<String> = first.iter().map(|path| format!("\"{path}\"")).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let message = format!("the sources of {}-{id} changed since its release: {}", home.slug, names.join(", "));
    let hint = format!(
        "give the changes an edition of their own, or make this release again: reliure release {} --edition {id} --replace",
        home.slug
    );
    (!changed.is_empty()).then(|| Diagnostic::new(code::STALE_RELEASE, message).hint(hint))
}

/// Returns the source files that changed, are missing, or are new.
fn changed_inputs(workspace: &Workspace, home: &Home, manifest: &ReleaseManifest) -> Vec<String> {
    let root = workspace.root.path();
    let is_same = |path: &str, sum| sha256_file(&locate(root, path)).is_ok_and(|actual| actual == sum);
    let known = manifest.inputs.iter().filter(|input| !is_same(&input.path, input.sha256)).map(|input| input.path.clone());
    known.chain(new_inputs(workspace, home, manifest)).collect()
}

/// Returns the source files that the build of a publication would read and that are not in the manifest of the release.
pub fn new_inputs(workspace: &Workspace, home: &Home, manifest: &ReleaseManifest) -> Vec<String> {
    let files = input_files(workspace, home, std::iter::empty(), std::iter::empty()).into_iter();
    files.map(|path| composed(&path)).filter(|path| !manifest.inputs.iter().any(|input| input.path == *path)).collect()
}
