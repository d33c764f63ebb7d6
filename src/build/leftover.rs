//! Files that earlier builds wrote for products that are no longer declared.

use std::path::PathBuf;

use super::Artefact;
use super::freshness::{Recorder, artefact_id};
use crate::disk;
use crate::product::Product;

/// A file that an earlier build may have written.
pub struct Leftover<'a> {
    /// Slug of the publication.
    pub slug: &'a str,
    /// Id of the edition.
    pub edition: &'a str,
    /// The product.
    pub product: Product,
    /// Path of the file.
    pub path: PathBuf,
}

impl Leftover<'_> {
    /// Removes the file if the records show that a build wrote its bytes. Any other file is kept, because a person or
    /// another program may have written it.
    pub fn remove(self, recorder: &mut Recorder) -> Option<Artefact> {
        let id = artefact_id(self.slug, self.edition, self.product);
        let digest = disk::digest_file(&self.path).filter(|digest| recorder.has_written(&id, digest));
        digest?;
        let bytes = disk::remove(&self.path).ok().flatten()?;
        recorder.forget(&id);
        let (publication, edition) = (self.slug.to_owned(), self.edition.to_owned());
        Some(Artefact { publication, edition, product: self.product, path: self.path, bytes, extent: None, listed: None })
    }
}
