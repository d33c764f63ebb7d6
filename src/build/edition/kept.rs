//! Takes products of earlier builds from the store, and stages new ones for the output folder.

use std::collections::BTreeMap;

use super::super::store::{ArtefactStore, StoreEntry, StoredDiagnostic};
use super::super::{Rebuild, Reporting};
use super::{BuiltProduct, StagedProduct, Stages, unwritable};
use crate::diagnostic::{Diagnostics, SourceId};
use crate::disk::{Digest, Staged, digest_file};
use crate::product::Product;

impl Stages<'_> {
    /// Takes the available products from the store, and returns those that must be built.
    pub(super) fn take_known(&mut self, keys: &BTreeMap<Product, Digest>) -> Vec<Product> {
        let known = keys.iter().map(|(product, key)| (*product, self.take(*product, *key)));
        known.collect::<Vec<_>>().into_iter().filter(|(_, taken)| !taken).map(|(product, _)| product).collect()
    }

    /// Takes a product from its final path or from the store, with its diagnostics. Returns whether it was available.
    pub(super) fn take(&mut self, product: Product, key: Digest) -> bool {
        let Some(freshness) = self.context.freshness.as_ref().filter(|_| self.context.request.rebuild == Rebuild::Stale) else {
            return false;
        };
        // The store does not contain the data of the report.
        if self.context.request.reporting != Reporting::None && product.needs().press {
            return false;
        }
        let store = freshness.store();
        let Some(entry) = store.entry(&key) else { return false };
        // Spans are byte offsets, so they are valid only for the same texts.
        if !entry.diagnostics.is_empty() && entry.texts != self.job.texts {
            return false;
        }
        let Some(found) = StoredDiagnostic::restore(&entry.diagnostics, &mut |path| self.find(path)) else { return false };
        let path = self.path(product);
        if digest_file(&path) == Some(entry.bytes) {
            self.made.current.insert(product, entry.bytes);
        } else {
            let Some(bytes) = store.bytes(&entry.bytes) else { return false };
            let Ok(file) = Staged::write(&path, &bytes) else { return false };
            self.made.staged.push(StagedProduct { product, path, size: bytes.len() as u64, file, key, entry: entry.clone() });
        }
        self.made.known.push((product, key, entry.bytes));
        self.made.pages_checked |= entry.pages_checked;
        self.made.print_checked |= product == Product::PrintPdf;
        self.found.extend(found);
        true
    }

    pub(super) fn find(&self, path: &str) -> Option<SourceId> {
        self.job.sources.find(path).or_else(|| self.context.workspace.layouts().ids.get(path).copied())
    }

    /// Writes a product to a temporary file beside its final path.
    pub(super) fn stage(&mut self, made: BuiltProduct, keys: &BTreeMap<Product, Digest>) -> Result<(), Diagnostics> {
        let BuiltProduct { product, bytes, pages, extent, listed } = made;
        let path = self.path(product);
        self.context.progress.step(&format!("writing {}", product.file_name(&self.stem)));
        let file = Staged::write(&path, &bytes).map_err(|error| {
            self.made.failed = true;
            Diagnostics::from(unwritable(&path, &error))
        })?;
        let mut sources = self.job.sources.clone();
        sources.extend(&self.context.workspace.layouts().sources);
        let entry = StoreEntry {
            bytes: Digest::of(&bytes),
            texts: self.job.texts,
            // Every span of a page finding is in these texts.
            diagnostics: StoredDiagnostic::all(&pages.diagnostics, &sources).unwrap_or_default(),
            pages_checked: pages.checked,
            page_starts: pages.starts,
            extent,
            listed,
        };
        let key = keys.get(&product).copied().unwrap_or(entry.bytes);
        self.made.staged.push(StagedProduct { product, path, size: bytes.len() as u64, file, key, entry });
        Ok(())
    }
}
