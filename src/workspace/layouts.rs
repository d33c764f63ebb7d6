//! Layouts of the tool and of the project. A layout of the project replaces one of the tool with the same name.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use include_dir::{Dir, include_dir};

use super::{contract, style_sheet};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Sources, Span, code};
use crate::disk::{Digest, Files, ProjectRoot};
use crate::manifest::{LayoutManifest, Manifest, OptionKind, parse};

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

    /// Checks the declarations, exports and style sheets of a layout.
    fn check(&self, name: &str, manifest: &Manifest<LayoutManifest>) -> Diagnostics {
        let toml = Span::new(manifest.source, 0..0);
        let mut found = contract::check(self, name, toml);
        for (key, option) in &manifest.value.options {
            let fault = match (option.kind, option.default.as_str()) {
                (OptionKind::Choice, _) if option.choices.is_empty() => Some("it has no choices".to_owned()),
                (OptionKind::Choice, Some(default)) if !option.choices.iter().any(|choice| choice == default) => {
                    Some(format!("its default \"{default}\" is not one of its choices"))
                }
                (OptionKind::Choice, None) => Some("its default is not one of its choices".to_owned()),
                _ => None,
            };
            if let Some(fault) = fault {
                let at = self.sources.get(manifest.source).and_then(|source| source.text.find(&format!("options.{key}")));
                let at = at.map_or(toml, |at| Span::new(manifest.source, at..at + "options.".len() + key.len()));
                let message = format!("the option \"{key}\" of the layout \"{name}\" cannot be used: {fault}");
                let hint = "write choices = [\"…\", \"…\"], and one of them as default";
                found.push(Diagnostic::new(code::OPTION, message).at(at).hint(hint));
            }
        }
        found
    }

    /// Returns a style sheet with embedded files of the layout. Adds faults to `found`.
    fn style_sheet(&self, path: &str, found: &mut Diagnostics) -> String {
        let Some((id, source)) = self.ids.get(path).and_then(|id| Some((*id, self.sources.get(*id)?))) else {
            return String::new();
        };
        style_sheet::read(id, &source.text, path, &self.files).unwrap_or_else(|faults| {
            found.extend(faults);
            String::new()
        })
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
        let parsed = parse::<LayoutManifest>(source, &text)?;
        let mut broken = self.check(name, &parsed);
        let common_css = self.style_sheet("layouts/common/epub.css", &mut broken);
        let css = self.style_sheet(&format!("layouts/{name}/epub.css"), &mut broken);
        if broken.has_errors() {
            return Err(broken);
        }
        let manifest = parsed.value;
        Ok(Layout { name: name.to_owned(), manifest, common_css, css })
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
