//! Determines which publications are up to date: those whose inputs and artefacts have the digests of the last build.
//!
//! This step digests files without parsing them. For publications that are not up to date, the keys of the [store](super::store)
//! determine which products must be built.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::artefacts::Output;
use super::store::{LocalStore, StoredDiagnostic};
use super::{LeftOut, Rebuild, Request};
use crate::diagnostic::{Diagnostics, Sources, Strictness};
use crate::disk::{Digest, FileDigests, decode, digest_file, digest_input};
use crate::product::Product;
use crate::workspace::{Home, Workspace};

/// Name of the file of records in the store.
pub const RECORDS: &str = "last";

/// Version and build id of the tool: other code, layouts or fonts may produce other artefacts.
pub const TOOL: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("RELIURE_BUILD"));

/// Number of versions of each product that the store keeps.
const KEPT_STATES: usize = 2;

/// Records of the last builds, by slug of the publication.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
struct BuildRecords {
    publications: BTreeMap<String, BuildRecord>,
    /// Keys and digests that the store keeps, newest first, by publication, edition and product.
    kept: BTreeMap<String, Vec<(Digest, Digest)>>,
}

/// The inputs and results of the last build of a publication.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct BuildRecord {
    /// Digest of all its inputs.
    inputs: Digest,
    /// Slugs of the publications that it refers to.
    names: BTreeSet<String>,
    /// Files outside its folder that were read, and their digests; `None` for a missing file.
    outside: BTreeMap<String, Option<Digest>>,
    /// Ids of its editions, in order.
    declared: Vec<String>,
    /// The default products of the publication.
    usual: Vec<Product>,
    /// Earlier default products whose files could not be removed yet because an edition had errors.
    #[serde(default)]
    formerly_usual: Vec<Product>,
    /// Its identifiers, normalised; `None` in records of earlier versions.
    #[serde(default)]
    identifiers: Option<BTreeSet<String>>,
    /// Diagnostics of its texts.
    reading: Vec<StoredDiagnostic>,
    /// Diagnostics of unused allowances; `None` if they are unknown because not all editions were built.
    unused: Option<Vec<StoredDiagnostic>>,
    /// Results of each edition.
    editions: BTreeMap<String, EditionState>,
    /// Keys of its converted images.
    #[serde(default)]
    images: BTreeSet<Digest>,
}

/// The results of the last build of an edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct EditionState {
    /// Its diagnostics.
    pub diagnostics: Vec<StoredDiagnostic>,
    /// Digests of the artefacts, by product.
    pub artefacts: BTreeMap<Product, Digest>,
    /// Records that were left out, and why.
    #[serde(default)]
    pub left_out: BTreeMap<Product, String>,
}

/// Results of building a publication, for its record.
pub struct Findings {
    /// Slugs of the publications that it refers to.
    pub names: BTreeSet<String>,
    /// Files outside its folder that were read, and their digests; `None` for a missing file.
    pub outside: BTreeMap<String, Option<Digest>>,
    /// Ids of its editions.
    pub declared: Vec<String>,
    /// The default products of the publication.
    pub usual: Vec<Product>,
    /// Its identifiers, normalised.
    pub identifiers: BTreeSet<String>,
    /// Diagnostics of its texts.
    pub reading: Vec<StoredDiagnostic>,
    /// Diagnostics of unused allowances; `None` if they are unknown because not all editions were built.
    pub unused: Option<Vec<StoredDiagnostic>>,
    /// Results of each edition.
    pub editions: BTreeMap<String, EditionState>,
    /// Keys of the converted images.
    pub images: BTreeSet<Digest>,
}

/// A publication that is up to date.
pub struct Fresh {
    /// Number of requested artefacts, all up to date.
    pub artefacts: usize,
    /// Requested records that the last build left out.
    pub left_out: Vec<LeftOut>,
    /// Whether covers of the whole workspace are requested and this publication has none.
    pub lacks_cover: bool,
    /// Diagnostics of the last build.
    pub diagnostics: Diagnostics,
    /// The sources that the diagnostics refer to.
    pub sources: Sources,
}

/// The records of the last builds, and the digests of the current inputs.
pub struct Freshness {
    store: LocalStore,
    last: BuildRecords,
    /// Digest of the inputs that all publications share: `reliure.toml`, layouts, fonts and options.
    common: Digest,
    /// Digests of the folders of publications, by slug.
    folders: Mutex<BTreeMap<String, Digest>>,
}

impl Freshness {
    /// Reads the records of an output folder, and digests the inputs that all publications share.
    pub fn open(workspace: &Workspace, output: &Output, request: &Request) -> Self {
        let store = LocalStore::new(&output.folder);
        let last = store.read(RECORDS).unwrap_or_default();
        let config = &workspace.config;
        let digest = |path: &str| FileDigests::read(&workspace.root, path, &|_| None).combined().to_string();
        let files = ["reliure.toml", config.layouts.as_str(), config.fonts.as_str()].map(digest);
        let strictness = match request.strictness {
            Strictness::Full => "full",
            Strictness::Lenient => "lenient",
        };
        let mut words: Vec<&str> = vec![TOOL, strictness];
        words.extend(files.iter().map(String::as_str));
        // Slugs that contain `#` decide where links are split into slug and id. In lenient mode, a new slug may also make a dead
        // link valid.
        let homes = workspace.homes();
        let slugs = homes.iter().map(|home| home.slug.as_str());
        words.extend(slugs.filter(|slug| request.strictness == Strictness::Lenient || slug.contains('#')));
        Self { store, last, common: Digest::of_list(words), folders: Mutex::default() }
    }

    /// Returns the store of artefacts.
    pub fn store(&self) -> &LocalStore {
        &self.store
    }

    /// Returns whether there is no record of a publication, so that it will be built completely.
    pub fn is_unknown(&self, slug: &str) -> bool {
        !self.last.publications.contains_key(slug)
    }

    /// Returns the normalised identifiers of a publication that is up to date.
    pub fn identifiers(&self, slug: &str) -> Option<BTreeSet<String>> {
        self.last.publications.get(slug)?.identifiers.clone()
    }

    /// Returns the last results of a publication if it is up to date.
    pub fn check(&self, workspace: &Workspace, output: &Output, home: &Home, request: &Request) -> Option<Fresh> {
        let record = self.last.publications.get(&home.slug).filter(|_| request.rebuild == Rebuild::Stale)?;
        let outside = record.outside.keys().map(|path| (path.clone(), digest_input(&workspace.root.path().join(path))));
        let inputs = self.inputs(workspace, home, &record.names, &outside.collect());
        if inputs != record.inputs {
            return None;
        }
        let requested: Vec<&String> =
            record.declared.iter().filter(|id| request.edition.as_ref().is_none_or(|edition| edition == *id)).collect();
        let products = request.products(&record.usual);
        let folder = output.folder_of(workspace.series_folder(home).as_deref());
        let mut stored: Vec<&StoredDiagnostic> = record.reading.iter().chain(record.unused.iter().flatten()).collect();
        if request.edition.is_none() && record.unused.is_none() {
            return None;
        }
        let mut left_out = Vec::new();
        for id in &requested {
            let edition = record.editions.get(*id)?;
            stored.extend(&edition.diagnostics);
            let stem = format!("{}-{id}", home.slug);
            for product in &products {
                let actual = digest_file(&folder.join(product.file_name(&stem)));
                match edition.left_out.get(product) {
                    Some(reason) if actual.is_none() => left_out.push(LeftOut {
                        stem: stem.clone(),
                        publication: home.slug.clone(),
                        edition: (*id).clone(),
                        record: *product,
                        reason: reason.clone(),
                    }),
                    Some(_) => return None,
                    None => drop(actual.filter(|actual| edition.artefacts.get(product) == Some(actual))?),
                }
            }
        }
        // With --strict, warnings are errors.
        if requested.is_empty() || !stored.is_empty() && request.deny_warnings {
            return None;
        }
        let stored: Vec<StoredDiagnostic> = stored.into_iter().cloned().collect();
        let (diagnostics, sources) = restore(workspace, home, &stored)?;
        let artefacts = requested.len() * products.len() - left_out.len();
        let lacks_cover = request.lacks_cover(&record.usual);
        Some(Fresh { artefacts, left_out, lacks_cover, diagnostics, sources })
    }

    /// Digests the inputs of a publication: its folder, its series, the folders of the publications that it refers to, files
    /// outside them, and the inputs that all publications share.
    pub fn inputs(
        &self,
        workspace: &Workspace,
        home: &Home,
        names: &BTreeSet<String>,
        outside: &BTreeMap<String, Option<Digest>>,
    ) -> Digest {
        let mut parts = vec![self.common.to_string(), self.digest_folder(workspace, home, &|_| None).to_string()];
        for slug in names {
            let folder = workspace.home(slug).map(|home| self.digest_folder(workspace, home, &|_| None).to_string());
            parts.push(format!("{slug} {}", folder.unwrap_or_default()));
        }
        for (path, digest) in outside {
            parts.push(format!("{path} {}", digest.map(|digest| digest.to_string()).unwrap_or_default()));
        }
        Digest::of_list(parts.iter().map(String::as_str))
    }

    /// Digests the folder of a publication and the manifest of its series, once per build. Takes the bytes of a file from
    /// `cached` if it returns them.
    pub fn digest_folder(&self, workspace: &Workspace, home: &Home, cached: &dyn Fn(&str) -> Option<Bytes>) -> Digest {
        let known = |folders: &Mutex<BTreeMap<String, Digest>>| {
            folders.lock().unwrap_or_else(PoisonError::into_inner).get(&home.slug).copied()
        };
        if let Some(digest) = known(&self.folders) {
            return digest;
        }
        let own = FileDigests::read(&workspace.root, &home.folder, cached).combined().to_string();
        let series = workspace.series_file(home).and_then(|path| digest_input(&workspace.root.path().join(path)));
        let digest = Digest::of_list([own.as_str(), &series.map(|digest| digest.to_string()).unwrap_or_default()]);
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(home.slug.clone(), digest);
        digest
    }
}

/// Restores stored diagnostics and reads the texts that they refer to. Returns `None` if a text cannot be read.
fn restore(workspace: &Workspace, home: &Home, stored: &[StoredDiagnostic]) -> Option<(Diagnostics, Sources)> {
    let mut sources = Sources::of_group(home.group);
    let mut find = |path: &str| {
        if let Some(id) = workspace.sources.find(path).or_else(|| workspace.layouts().ids.get(path).copied()) {
            return Some(id);
        }
        let bytes = workspace.root.read(path, crate::disk::MAX_TEXT).ok()?;
        Some(sources.add(path, decode(bytes).ok()?))
    };
    let diagnostics = StoredDiagnostic::restore(stored, &mut find)?;
    Some((diagnostics, sources))
}

/// Merges the records of this build into the records of the last builds.
pub struct Recorder {
    freshness: Arc<Freshness>,
    next: BuildRecords,
    changed: bool,
}

impl Recorder {
    /// Creates a recorder with the records of the last builds.
    pub fn new(freshness: Arc<Freshness>) -> Self {
        Self { next: freshness.last.clone(), freshness, changed: false }
    }

    /// Records the results of a publication. Keeps the recorded results of other editions and products if their inputs are the
    /// same.
    pub fn publication(&mut self, slug: &str, inputs: Digest, findings: Findings) {
        let Findings { names, outside, declared, usual, identifiers, reading, mut unused, mut editions, mut images } = findings;
        let before = self.next.publications.remove(slug);
        let formerly_usual = before.as_ref().map(|before| before.formerly_usual.clone()).unwrap_or_default();
        let before = before.filter(|record| record.inputs == inputs);
        if let Some(before) = before {
            unused = unused.or(before.unused);
            images.extend(before.images);
            for (id, edition) in before.editions {
                match editions.get_mut(&id) {
                    Some(now) => {
                        for (product, digest) in edition.artefacts {
                            now.artefacts.entry(product).or_insert(digest);
                        }
                        for (product, reason) in edition.left_out {
                            now.left_out.entry(product).or_insert(reason);
                        }
                        // The diagnostics of products that this build did not make are still valid.
                        let other = edition.diagnostics.into_iter().filter(|diagnostic| !now.diagnostics.contains(diagnostic));
                        let other: Vec<StoredDiagnostic> = other.collect();
                        now.diagnostics.extend(other);
                    }
                    None => drop(editions.insert(id, edition)),
                }
            }
        }
        let identifiers = Some(identifiers);
        let record = BuildRecord {
            inputs,
            names,
            outside,
            declared,
            usual,
            formerly_usual,
            identifiers,
            reading,
            unused,
            editions,
            images,
        };
        self.next.publications.insert(slug.to_owned(), record);
        self.changed = true;
    }

    /// Invalidates the record of a publication that failed. The record is kept for its list of default products.
    pub fn invalidate(&mut self, slug: &str) {
        if let Some(record) = self.next.publications.get_mut(slug) {
            record.inputs = Digest::of(b"");
            self.changed = true;
        }
    }

    /// Returns the earlier default products of a publication that are no longer default products.
    pub fn undeclared(&self, slug: &str, usual: &[Product]) -> Vec<Product> {
        let Some(before) = self.next.publications.get(slug) else { return Vec::new() };
        let mut gone: Vec<Product> = before.usual.iter().chain(&before.formerly_usual).copied().collect();
        gone.retain(|product| !usual.contains(product));
        gone.sort();
        gone.dedup();
        gone
    }

    /// Records the products whose files could not be removed yet.
    pub fn keep_undeclared(&mut self, slug: &str, products: Vec<Product>) {
        if let Some(record) = self.next.publications.get_mut(slug) {
            record.formerly_usual = products;
        }
    }

    /// Returns whether an earlier build wrote a file of a product with this digest.
    pub fn has_written(&self, artefact: &str, digest: &Digest) -> bool {
        self.next.kept.get(artefact).is_some_and(|states| states.iter().any(|(_, bytes)| bytes == digest))
    }

    /// Removes the record of the bytes of a product, so that the store removes them.
    pub fn forget(&mut self, artefact: &str) {
        self.changed |= self.next.kept.remove(artefact).is_some();
    }

    /// Records that the store contains an entry and its bytes.
    pub fn record_stored(&mut self, artefact: &str, key: Digest, bytes: Digest) {
        let states = self.next.kept.entry(artefact.to_owned()).or_default();
        if states.first() == Some(&(key, bytes)) {
            return;
        }
        states.retain(|(known, _)| *known != key);
        states.insert(0, (key, bytes));
        states.truncate(KEPT_STATES);
        self.changed = true;
    }

    /// Writes the records, and removes unrecorded files from the store. Ignores errors: the next build then builds more.
    pub fn close(mut self, workspace: &Workspace) {
        let gone = |slug: &str| workspace.home(slug).is_none();
        let before = self.next.publications.len() + self.next.kept.len();
        self.next.publications.retain(|slug, _| !gone(slug));
        self.next.kept.retain(|artefact, _| !gone(artefact.split('/').next().unwrap_or_default()));
        if !self.changed && before == self.next.publications.len() + self.next.kept.len() {
            return;
        }
        let (keys, digests) = self.next.kept.values().flatten().copied().unzip();
        let images = self.next.publications.values().flat_map(|record| &record.images).copied().collect();
        self.freshness.store.retain(&keys, &digests, &images);
        if self.next != self.freshness.last {
            let _ = self.freshness.store.write(RECORDS, &self.next);
        }
    }
}

/// Removes the store of an output folder.
pub fn remove_store(output: &std::path::Path) {
    LocalStore::remove(output, &[RECORDS, super::site::RECORD]);
}

/// Returns the key of a product in [`BuildRecords::kept`].
pub fn artefact_id(slug: &str, edition: &str, product: Product) -> String {
    format!("{slug}/{edition}/{product}")
}
