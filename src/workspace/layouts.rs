//! Layouts of the tool and of the project. A layout of the project replaces one of the tool with the same name.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use include_dir::{Dir, include_dir};

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Sources, Span, code};
use crate::disk::{Digest, Files, ProjectRoot};
use crate::manifest::{LayoutManifest, parse};

static LAYOUTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/layouts");

/// Group of the sources of layouts. It is the last, so that their diagnostics come last.
const GROUP: u32 = u32::MAX;

/// The available layouts.
pub struct LayoutSet {
    /// Their files. Paths start with `layouts/`, even if the folder of the project has another name.
    pub files: Files,
    /// Their texts.
    pub sources: Sources,
    /// The id of each source, by path.
    pub ids: BTreeMap<String, SourceId>,
    /// Digest of all files that Typst can read, because layouts may import files of each other.
    pub digest: Digest,
}

/// A layout: its manifest and its style sheets.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// `layout.toml`.
    pub manifest: LayoutManifest,
    /// Style sheet that all layouts share.
    pub common_css: String,
    /// Its own style sheet.
    pub css: String,
}

impl LayoutSet {
    /// Reads the layouts of the tool and those in a folder of the project.
    pub fn read(root: &ProjectRoot, folder: &str) -> Self {
        let mut files = embedded(&LAYOUTS, "layouts");
        root.read_folder(folder, "layouts", &mut files);
        let mut sources = Sources::of_group(GROUP);
        let mut ids = BTreeMap::new();
        let mut digests = Vec::new();
        for (path, bytes) in &files {
            if let Ok(text) = std::str::from_utf8(bytes) {
                ids.insert(path.clone(), sources.add(path.clone(), text));
            }
            if !path.ends_with(".css") {
                digests.push(format!("{path} {}", Digest::of(bytes)));
            }
        }
        let digest = Digest::of_list(digests.iter().map(String::as_str));
        Self { files, sources, ids, digest }
    }

    /// Reports the files in a folder of layouts of the project that cannot be read.
    pub fn faults(root: &ProjectRoot, folder: &str) -> Diagnostics {
        let unread = root.read_folder(folder, folder, &mut Files::new());
        unread.into_iter().map(|(path, error)| error.diagnostic(&path)).collect()
    }

    /// Returns the names of the layouts.
    pub fn names(&self) -> Vec<&str> {
        let manifests = self.files.keys().filter_map(|path| path.strip_prefix("layouts/")?.strip_suffix("/layout.toml"));
        manifests.filter(|name| !name.contains('/')).collect()
    }

    /// Returns a layout.
    ///
    /// # Errors
    ///
    /// Returns an error, reported at `span`, if no layout has this name, or the errors of its manifest.
    pub fn layout(&self, name: &str, span: Option<Span>) -> Result<Layout, Diagnostics> {
        let path = format!("layouts/{name}/layout.toml");
        let Some((source, text)) = self.ids.get(&path).and_then(|id| Some((*id, self.sources.get(*id)?.text.clone()))) else {
            let message = format!("no layout is named \"{name}\"");
            return Err(Diagnostic::new(code::UNKNOWN_NAME, message).at(span).suggest(name, self.names()).into());
        };
        let manifest = parse::<LayoutManifest>(source, &text)?.value;
        let css =
            |path: String| self.files.get(&path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        Ok(Layout {
            name: name.to_owned(),
            manifest,
            common_css: css("layouts/common/epub.css".into()),
            css: css(format!("layouts/{name}/epub.css")),
        })
    }
}

/// Returns the name and the description of each layout that comes with the tool.
pub fn built_in_layouts() -> Vec<(&'static str, String)> {
    let described = |folder: &Dir<'static>| {
        let text = folder.get_file(folder.path().join("layout.toml"))?.contents_utf8()?;
        let manifest = parse::<LayoutManifest>(Sources::default().add("layout.toml", text), text).ok()?;
        Some((folder.path().to_str()?, manifest.value.description))
    };
    LAYOUTS.dirs().filter_map(described).collect()
}

/// Returns the files of an embedded folder; their paths start with `prefix`.
pub fn embedded(folder: &Dir<'static>, prefix: &str) -> Files {
    let mut files = Files::new();
    embed(folder, prefix, &mut files);
    files
}

fn embed(folder: &Dir<'static>, prefix: &str, files: &mut Files) {
    for file in folder.files() {
        files.insert(format!("{prefix}/{}", slashes(file.path())), Bytes::from_static(file.contents()));
    }
    for inner in folder.dirs() {
        embed(inner, prefix, files);
    }
}

fn slashes(path: &Path) -> String {
    path.iter().filter_map(|part| part.to_str()).collect::<Vec<_>>().join("/")
}
