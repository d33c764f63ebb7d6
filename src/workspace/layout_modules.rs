//! The Typst files of layouts, parsed. All editions share them, because parsing them takes longer than laying out a short page.

use std::collections::BTreeMap;
use std::num::NonZeroU16;
use std::sync::{Arc, OnceLock};

use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};

use crate::diagnostic::{SourceId, Sources};

/// The Typst files of all layouts. Each is parsed when it is first requested.
pub struct LayoutModules {
    modules: BTreeMap<NonZeroU16, LayoutModule>,
}

struct LayoutModule {
    text: Arc<str>,
    parsed: OnceLock<Source>,
}

impl LayoutModules {
    /// Collects the files with the extension `.typ`. `ids` are their ids in `sources`, by path.
    pub(super) fn new(sources: &Sources, ids: &BTreeMap<String, SourceId>) -> Self {
        let module = |(path, id): (&String, &SourceId)| {
            let text = sources.get(*id).filter(|_| path.ends_with(".typ"))?.text.clone();
            Some((file_id(path)?.into_raw(), LayoutModule { text, parsed: OnceLock::new() }))
        };
        Self { modules: ids.iter().filter_map(module).collect() }
    }

    /// Returns a file by its id, or `None` if it is not part of a layout.
    pub fn source(&self, id: FileId) -> Option<Source> {
        let module = self.modules.get(&id.into_raw())?;
        Some(module.parsed.get_or_init(|| Source::new(id, module.text.to_string())).clone())
    }

    /// Returns a file by its path, such as `layouts/simple/main.typ`.
    pub fn at(&self, path: &str) -> Option<Source> {
        self.source(file_id(path)?)
    }
}

/// Returns the id of a file in the worlds of Typst; `None` if the path is invalid.
pub fn file_id(path: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).ok()?).intern())
}
