//! Recovery of the folder of releases after a process was killed.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, code};
use crate::disk;
use crate::resolve::REPLACED;

/// Finishes the replacements that killed processes have begun, and removes the other folders that they left. Returns the releases whose
/// replacement was finished.
///
/// # Errors
///
/// Fails if a folder cannot be moved.
pub fn recover(releases: &Path) -> io::Result<Vec<PathBuf>> {
    let mut finished = Vec::new();
    for name in disk::names(releases) {
        finished.extend(disk::finish_replacements(&releases.join(name))?);
    }
    disk::sweep_folders_below(releases);
    Ok(finished)
}

/// Returns a diagnostic if the folder of a release is missing because its replacement was interrupted.
pub fn interrupted(release: &Path) -> Option<Diagnostic> {
    let aside = disk::interrupted_replacement(release)?;
    debug_assert!(aside.contains(REPLACED));
    let message =
        format!("\"{}\" is missing: `release --replace` was interrupted while it replaced this release", release.display());
    let hint = format!("run `reliure release`, which first finishes the replacement; \"{aside}\" is the old release");
    Some(Diagnostic::new(code::RELEASE_FOLDER, message).hint(hint))
}
