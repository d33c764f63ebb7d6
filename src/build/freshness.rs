//! Which publications are up to date: those whose inputs and artefacts have the digests of the last build.
//!
//! This first step reads and digests files, and parses none. What it cannot decide is left to the second one, the keys of the
//! [store](super::store).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::artefacts::Output;
use super::store::{LocalStore, StoredDiagnostic};
use super::{Rebuild, Request};
use crate::diagnostic::{Diagnostics, Sources, Strictness};
use crate::disk::{Digest, FileDigests, decode, digest_file};
use crate::product::Product;
use crate::workspace::{Home, Workspace};

/// Name of the file of records in the store.
pub const RECORDS: &str = "last";

/// The tool itself: other code, layouts or fonts may make other artefacts.
pub const TOOL: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("RELIURE_BUILD"));

/// How many states of a product the store keeps: the last one, and the one before it.
const KEPT: usize = 2;

/// What the last builds made of each publication, by slug.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
struct BuildRecords {
    publications: BTreeMap<String, BuildRecord>,
    /// Keys and digests that the store keeps, the last first, by publication, edition and product.
    kept: BTreeMap<String, Vec<(Digest, Digest)>>,
}

/// What was made of a publication, and from what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct BuildRecord {
    /// Digest of everything that it was made from.
    inputs: Digest,
    /// Slugs of the publications that it names.
    names: BTreeSet<String>,
    /// Files outside its folder that were asked for, and their digests; none for one that was missing.
    outside: BTreeMap<String, Option<Digest>>,
    /// Ids of its editions, in order.
    declared: Vec<String>,
    /// What was found in its texts.
    reading: Vec<StoredDiagnostic>,
    /// Allowances that are of no use; none if not all editions were made, so that it is not known.
    idle: Option<Vec<StoredDiagnostic>>,
    /// What was made of each edition.
    editions: BTreeMap<String, EditionState>,
    /// Keys of its converted images.
    #[serde(default)]
    images: BTreeSet<Digest>,
}

/// What was made of an edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct EditionState {
    /// What was reported.
    pub diagnostics: Vec<StoredDiagnostic>,
    /// Digests of the artefacts, by product.
    pub artefacts: BTreeMap<Product, Digest>,
}

/// What a build found out of a publication, for its record.
pub struct Findings {
    /// Slugs of the publications that it names.
    pub names: BTreeSet<String>,
    /// Files outside its folder that were asked for.
    pub outside: BTreeMap<String, Option<Digest>>,
    /// Ids of its editions.
    pub declared: Vec<String>,
    /// What was found in its texts.
    pub reading: Vec<StoredDiagnostic>,
    /// Allowances that are of no use; none if not all editions were made, so that it is not known.
    pub idle: Option<Vec<StoredDiagnostic>>,
    /// What was made.
    pub editions: BTreeMap<String, EditionState>,
    /// Keys of the converted images.
    pub images: BTreeSet<Digest>,
}

/// A publication that is up to date.
pub struct Fresh {
    /// How many artefacts were asked for and are up to date.
    pub artefacts: usize,
    /// What the last build reported.
    pub diagnostics: Diagnostics,
    /// The texts that it points into.
    pub sources: Sources,
}

/// The records of last builds, and the digests of this one.
pub struct Freshness {
    store: LocalStore,
    last: BuildRecords,
    /// Digest of what every publication reads: `reliure.toml`, layouts and fonts, and of the options.
    common: Digest,
    /// Digests of the folders of publications.
    folders: Mutex<BTreeMap<String, Digest>>,
}

impl Freshness {
    /// Reads the records of an output folder, and digests what every publication reads.
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
        // A slug with a # decides how links are read; in an unfinished text a slug may be what a dead link waits for.
        let homes = workspace.homes();
        let slugs = homes.iter().map(|home| home.slug.as_str());
        words.extend(slugs.filter(|slug| request.strictness == Strictness::Lenient || slug.contains('#')));
        Self { store, last, common: Digest::of_list(words), folders: Mutex::default() }
    }

    /// Returns the store of artefacts.
    pub fn store(&self) -> &LocalStore {
        &self.store
    }

    /// Returns whether the last build left no record of a publication: all of it will be made.
    pub fn is_unknown(&self, slug: &str) -> bool {
        !self.last.publications.contains_key(slug)
    }

    /// Decides whether a publication is up to date.
    pub fn check(&self, workspace: &Workspace, output: &Output, home: &Home, request: &Request) -> Option<Fresh> {
        let record = self.last.publications.get(&home.slug).filter(|_| request.rebuild == Rebuild::Stale)?;
        let outside = record.outside.keys().map(|path| (path.clone(), digest_file(&workspace.root.path().join(path))));
        let inputs = self.inputs(workspace, home, &record.names, &outside.collect());
        if inputs != record.inputs {
            return None;
        }
        let asked: Vec<&String> =
            record.declared.iter().filter(|id| request.edition.as_ref().is_none_or(|edition| edition == *id)).collect();
        let products = request.products();
        let folder = output.folder_of(workspace.series_folder(home).as_deref());
        let mut stored: Vec<&StoredDiagnostic> = record.reading.iter().chain(record.idle.iter().flatten()).collect();
        if request.edition.is_none() && record.idle.is_none() {
            return None;
        }
        for id in &asked {
            let edition = record.editions.get(*id)?;
            stored.extend(&edition.diagnostics);
            for product in &products {
                let digest = edition.artefacts.get(product)?;
                let path = folder.join(product.file_name(&format!("{}-{id}", home.slug)));
                digest_file(&path).filter(|actual| actual == digest)?;
            }
        }
        // Under --strict a warning is an error of this build.
        if asked.is_empty() || !stored.is_empty() && request.deny_warnings {
            return None;
        }
        let stored: Vec<StoredDiagnostic> = stored.into_iter().cloned().collect();
        let (diagnostics, sources) = restore(workspace, home, &stored)?;
        Some(Fresh { artefacts: asked.len() * products.len(), diagnostics, sources })
    }

    /// Digests everything that a publication is made from: its folder and its series, the folders of the publications that it names,
    /// files outside them, and what all publications read.
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

    /// Digests the folder of a publication and the manifest of its series, once in a build. A file that `held` returns the bytes of is
    /// not read again.
    pub fn digest_folder(&self, workspace: &Workspace, home: &Home, held: &dyn Fn(&str) -> Option<Bytes>) -> Digest {
        let known = |folders: &Mutex<BTreeMap<String, Digest>>| {
            folders.lock().unwrap_or_else(PoisonError::into_inner).get(&home.slug).copied()
        };
        if let Some(digest) = known(&self.folders) {
            return digest;
        }
        let own = FileDigests::read(&workspace.root, &home.folder, held).combined().to_string();
        let series = workspace.series_file(home).and_then(|path| digest_file(&workspace.root.path().join(path)));
        let digest = Digest::of_list([own.as_str(), &series.map(|digest| digest.to_string()).unwrap_or_default()]);
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(home.slug.clone(), digest);
        digest
    }
}

/// Reads the texts that stored diagnostics point into, and restores these; none if one cannot be read or is no longer the same.
fn restore(workspace: &Workspace, home: &Home, stored: &[StoredDiagnostic]) -> Option<(Diagnostics, Sources)> {
    let mut sources = Sources::of_group(home.group);
    let mut find = |path: &str| {
        if let Some(id) = workspace.sources.find(path).or_else(|| workspace.layouts().ids.get(path).copied()) {
            return Some(id);
        }
        let bytes = workspace.root.read(path, crate::disk::MOST_TEXT).ok()?;
        Some(sources.add(path, decode(bytes).ok()?))
    };
    let diagnostics = StoredDiagnostic::restore(stored, &mut find)?;
    Some((diagnostics, sources))
}

/// Collects the records of this build beside those of the last ones.
pub struct Recorder {
    freshness: Arc<Freshness>,
    next: BuildRecords,
    changed: bool,
}

impl Recorder {
    /// Starts with the records of the last builds.
    pub fn new(freshness: Arc<Freshness>) -> Self {
        Self { next: freshness.last.clone(), freshness, changed: false }
    }

    /// Records what a build made of a publication. What an earlier build made of other editions or products from the same inputs
    /// stays recorded.
    pub fn publication(&mut self, slug: &str, inputs: Digest, findings: Findings) {
        let Findings { names, outside, declared, reading, mut idle, mut editions, mut images } = findings;
        let before = self.next.publications.remove(slug).filter(|record| record.inputs == inputs);
        if let Some(before) = before {
            idle = idle.or(before.idle);
            images.extend(before.images);
            for (id, edition) in before.editions {
                match editions.get_mut(&id) {
                    Some(now) => edition.artefacts.into_iter().for_each(|(product, digest)| {
                        now.artefacts.entry(product).or_insert(digest);
                    }),
                    None => drop(editions.insert(id, edition)),
                }
            }
        }
        let record = BuildRecord { inputs, names, outside, declared, reading, idle, editions, images };
        self.next.publications.insert(slug.to_owned(), record);
        self.changed = true;
    }

    /// Forgets a publication of which something failed.
    pub fn forget(&mut self, slug: &str) {
        self.changed |= self.next.publications.remove(slug).is_some();
    }

    /// Records that the store has an entry and its bytes.
    pub fn kept(&mut self, artefact: &str, key: Digest, bytes: Digest) {
        let states = self.next.kept.entry(artefact.to_owned()).or_default();
        if states.first() == Some(&(key, bytes)) {
            return;
        }
        states.retain(|(known, _)| *known != key);
        states.insert(0, (key, bytes));
        states.truncate(KEPT);
        self.changed = true;
    }

    /// Writes the records, and removes from the store what they no longer name. A failure costs a build, no more.
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

/// Removes what builds remember of an output folder.
pub fn forget_all(output: &std::path::Path) {
    LocalStore::remove(output, &[RECORDS]);
}

/// Names the states of a product in the records.
pub fn artefact_id(slug: &str, edition: &str, product: Product) -> String {
    format!("{slug}/{edition}/{product}")
}
