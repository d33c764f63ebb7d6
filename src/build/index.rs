//! The index of the catalogue, filled as publications are needed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::diagnostic::Strictness;
use crate::resolve;
use crate::workspace::{Index, Publication, PublicationIndex, Slugs, Workspace};

/// What publications must know of each other: the entry of each is computed once, when an edition first names it.
pub struct SharedIndex {
    slugs: Arc<Slugs>,
    published_at: Option<String>,
    publications: Mutex<BTreeMap<String, IndexSlot>>,
}

/// Computed by the thread that comes first; none if the publication cannot be read.
type IndexSlot = Arc<OnceLock<Option<Arc<PublicationIndex>>>>;

impl SharedIndex {
    /// Starts with the slugs of a workspace.
    pub fn new(workspace: &Workspace, published_at: Option<String>) -> Self {
        let slugs = workspace.homes().into_iter().map(|home| home.slug.clone()).collect();
        Self { slugs: Arc::new(slugs), published_at, publications: Mutex::default() }
    }

    /// Returns what the editions of a publication need: its own entry, and those of the publications that it names.
    pub fn of(&self, workspace: &Workspace, publication: &Publication) -> Index {
        let own = self.entry(&publication.slug).get_or_init(|| Some(self.compute(publication))).clone();
        let mut publications = BTreeMap::new();
        for slug in own.iter().flat_map(|own| &own.names) {
            publications.extend(self.read(workspace, slug).map(|index| (slug.clone(), index)));
        }
        publications.extend(own.map(|own| (publication.slug.clone(), own)));
        Index { slugs: Arc::clone(&self.slugs), published_at: self.published_at.clone(), publications }
    }

    fn entry(&self, slug: &str) -> IndexSlot {
        Arc::clone(self.publications.lock().unwrap_or_else(PoisonError::into_inner).entry(slug.to_owned()).or_default())
    }

    /// Returns the entry of a publication, which is read for it if needed. Its errors are its own: they are reported when it is made.
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
