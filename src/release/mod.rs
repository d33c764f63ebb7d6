//! Releases: editions archived with checksums, a manifest and a report, in folders that later runs never change.
//!
//! [`release`] builds editions, with warnings as errors, and archives them. [`verify`] verifies the checksums of a release and
//! rebuilds it from the sources. [`compare`] returns the changes between two releases.

mod archive;
mod assemble;
mod changes;
mod claims;
mod crate_metadata;
mod differ;
mod make;
mod manifest;
mod recover;
mod report;
mod signature;
mod stale;
mod sums;
mod terms;
mod verify;

pub use changes::{Changes, changes_schema, markdown as changes_markdown};
pub use make::{ReleaseOutcome, ReleaseRequest, Released, release};
pub use manifest::release_schema;
pub use signature::SigningKey;
pub use verify::{Verification, VerifyRequest, verify};

use std::path::Path;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use archive::Archive;

/// Returns the changes between two releases, given their folders.
///
/// # Errors
///
/// Returns a diagnostic for each folder that is not a release, and one for releases of two publications.
pub fn compare(old: &Path, new: &Path) -> Result<Changes, Diagnostics> {
    match (Archive::read(old), Archive::read(new)) {
        (Ok(old), Ok(new)) => {
            let [one, other] = [&old, &new].map(|archive| &archive.manifest.edition.inspection);
            if one.publication == other.publication || one.title == other.title {
                return Ok(Changes::between(&old.manifest, &new.manifest));
            }
            let message = format!("the releases are of two publications: \"{}\" and \"{}\"", one.title, other.title);
            let hint = "give the folders of two editions of one publication";
            Err(Diagnostic::new(code::RELEASE_FOLDER, message).hint(hint).into())
        }
        (old, new) => {
            let mut found = Diagnostics::default();
            [old.err(), new.err()].into_iter().flatten().for_each(|fault| found.extend(fault));
            Err(found)
        }
    }
}
