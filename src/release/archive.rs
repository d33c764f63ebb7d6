//! Reading of archived releases: folders that an earlier run of `reliure release` wrote.

use std::path::{Path, PathBuf};

use super::manifest::{FORMAT, PreviousRelease, ReleaseManifest};
use super::recover::interrupted;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::disk::{self, MAX_BYTES, Sha256};
use crate::resolve::REPLACED;

/// Name of the manifest in the folder of a release.
pub const MANIFEST: &str = "manifest.json";

/// A release that was read from its folder.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Its folder.
    pub folder: PathBuf,
    /// Its manifest.
    pub manifest: ReleaseManifest,
    /// SHA-256 checksum of its manifest file.
    pub sum: Sha256,
}

impl Archive {
    /// Reads the manifest of a release.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if the folder contains no manifest, or one that this version cannot read.
    pub fn read(folder: &Path) -> Result<Self, Diagnostics> {
        if let Some(interrupted) = interrupted(folder) {
            return Err(interrupted.into());
        }
        let shown = folder.display();
        let refuse =
            |message: String, hint: &str| Err(Diagnostics::from(Diagnostic::new(code::RELEASE_FOLDER, message).hint(hint)));
        let Some(bytes) = disk::read_regular(&folder.join(MANIFEST), MAX_BYTES) else {
            return refuse(
                format!("\"{shown}\" is not the folder of a release: it has no {MANIFEST}"),
                "give the folder of one edition, such as build/releases/PUBLICATION/EDITION",
            );
        };
        match serde_json::from_slice::<ReleaseManifest>(&bytes) {
            Ok(manifest) if manifest.format > FORMAT => refuse(
                format!(
                    "the {MANIFEST} of \"{shown}\" has format {}, and this version reads formats up to {FORMAT}",
                    manifest.format
                ),
                "use the version of reliure that made the release, or a later one",
            ),
            Ok(manifest) => Ok(Self { folder: folder.to_owned(), manifest, sum: Sha256::of(&bytes) }),
            Err(error) => refuse(
                format!("the {MANIFEST} of \"{shown}\" cannot be read: {error}"),
                "restore the folder from a copy: `sha256sum -c SHA256SUMS` names the files that changed",
            ),
        }
    }

    /// Returns the reference to this release in the manifest of the next.
    pub fn reference(&self) -> PreviousRelease {
        PreviousRelease { edition: self.manifest.edition.inspection.edition.id.clone(), manifest: self.sum }
    }

    /// Returns the bytes of a file of the release.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        disk::read_regular(&self.folder.join(name), MAX_BYTES)
    }
}

/// Returns the latest release in a folder whose edition precedes this one by date, then by id. Folders whose name differs from
/// the id of their edition are ignored; they are replaced releases and copies.
///
/// # Errors
///
/// Returns a diagnostic if a release cannot be read, because a comparison with an older one would report too many changes.
pub fn previous(releases: &Path, date: &str, id: &str) -> Result<Option<Archive>, Diagnostics> {
    let mut latest: Option<Archive> = None;
    for name in disk::names(releases) {
        if name.starts_with('.') || name == id || name.contains(REPLACED) {
            continue;
        }
        let archive = Archive::read(&releases.join(&name))?;
        let key = |archive: &Archive| {
            let edition = &archive.manifest.edition.inspection.edition;
            (edition.date.clone(), edition.id.clone())
        };
        let own = key(&archive);
        let is_before = (own.0.as_str(), own.1.as_str()) < (date, id);
        if own.1 == name && is_before && latest.as_ref().is_none_or(|latest| key(latest) < own) {
            latest = Some(archive);
        }
    }
    Ok(latest)
}

/// Finds the release that a reference names in a folder of releases: the release of the edition, or a replaced one, whose
/// manifest has the same checksum.
pub fn referred(releases: &Path, reference: &PreviousRelease) -> Option<Archive> {
    let replaced = format!("{}{REPLACED}", reference.edition);
    let names = disk::names(releases).into_iter().filter(|name| *name == reference.edition || name.starts_with(&replaced));
    let mut archives = names.filter_map(|name| Archive::read(&releases.join(name)).ok());
    archives.find(|archive| archive.sum == reference.manifest)
}

/// Returns the path to which a replaced release is moved: the one with the first free number.
pub fn replaced_path(release: &Path) -> PathBuf {
    let name = release.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let free = (1..).map(|number: u32| release.with_file_name(format!("{name}{REPLACED}{number}")));
    free.into_iter().find(|path| !disk::exists(path)).unwrap_or_else(|| release.to_owned())
}
