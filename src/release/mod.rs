//! Releases: an edition with everything that proves it, in a folder that later runs never change.
//!
//! [`release`] builds editions without tolerance for findings and archives them. [`verify`] checks the archive, and makes it again from
//! the sources. [`compare`] tells what changed between two releases.

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

use crate::diagnostic::Diagnostics;
use archive::Archive;

/// Tells what changed between two folders of releases.
///
/// # Errors
///
/// Returns a diagnostic for each folder that is not a release.
pub fn compare(old: &Path, new: &Path) -> Result<Changes, Diagnostics> {
    match (Archive::read(old), Archive::read(new)) {
        (Ok(old), Ok(new)) => Ok(Changes::between(&old.manifest, &new.manifest)),
        (old, new) => {
            let mut found = Diagnostics::default();
            [old.err(), new.err()].into_iter().flatten().for_each(|fault| found.extend(fault));
            Err(found)
        }
    }
}
