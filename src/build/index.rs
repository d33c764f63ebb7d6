//! The index of the catalogue, computed on demand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::diagnostic::Strictness;
use crate::resolve;
use crate::workspace::{Index, Publication, PublicationIndex, Slugs, Workspace};

/// The index entries of publications. Each is computed once, on first use.
pub struct SharedIndex {
    slugs: Arc<Slugs>,
    published_url: Option<String>,
    publications: Mutex<BTreeMap<String, IndexSlot>>,
}

/// An entry, computed by the first thread that needs it; `None` if the publication cannot be read.
type IndexSlot = Arc<OnceLock<Option<Arc<PublicationIndex>>>>;

impl SharedIndex {
    /// Creates an index with the slugs of a workspace and no entries.
    pub fn new(workspace: &Workspace, published_url: Option<String>) -> Self {
        let slugs = workspace.homes().into_iter().map(|home| home.slug.clone()).collect();
        Self { slugs: Arc::new(slugs), published_url, publications: Mutex::default() }
    }

    /// Returns the URL of the published output folder, with a trailing slash.
    pub fn published_url(&self) -> Option<&str> {
        self.published_url.as_deref()
    }

    /// Returns the entries of a publication and of the publications that it refers to.
    pub fn of(&self, workspace: &Workspace, publication: &Publication) -> Index {
        let own = self.entry(&publication.slug).get_or_init(|| Some(self.compute(publication))).clone();
        let mut publications = BTreeMap::new();
        for slug in own.iter().flat_map(|own| &own.names) {
            publications.extend(self.read(workspace, slug).map(|index| (slug.clone(), index)));
        }
        publications.extend(own.map(|own| (publication.slug.clone(), own)));
        Index { slugs: Arc::clone(&self.slugs), published_url: self.published_url.clone(), publications }
    }

    fn entry(&self, slug: &str) -> IndexSlot {
        Arc::clone(self.publications.lock().unwrap_or_else(PoisonError::into_inner).entry(slug.to_owned()).or_default())
    }

    /// Returns the entry of a publication, reading it if needed. Ignores its errors, which are reported when it is built.
    fn read(&self, workspace: &Workspace, slug: &str) -> Option<Arc<PublicationIndex>> {
        let read = || {
            let home = workspace.home(slug)?;
            Some(self.compute(&workspace.read(home, Strictness::Lenient).publication?))
        };
        self.entry(slug).get_or_init(read).clone()
    }

    fn compute(&self, publication: &Publication) -> Arc<PublicationIndex> {
        Arc::new(resolve::index(publication, &self.slugs))
    }
}
