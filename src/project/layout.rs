//! Layouts and fonts that come with the tool, and the project's own over them.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use include_dir::{Dir, include_dir};

use super::door::{Door, MOST_BYTES};
use super::{Files, Project};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources, Span, code};
use crate::manifest::{LayoutManifest, parse};

static LAYOUTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/layouts");
static FONTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fonts");

/// A layout: what it declares, and its style sheets.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// `layout.toml`.
    pub manifest: LayoutManifest,
    /// Style sheet that layouts share.
    pub common_css: String,
    /// Its own style sheet.
    pub css: String,
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

/// Reads the layouts: paths start with `layouts/`, whatever the project calls its folder.
pub fn read(door: &Door, folder: &str) -> Files {
    overlay(&LAYOUTS, door, folder, "layouts")
}

/// Reads the fonts: paths start with `fonts/`.
pub fn read_fonts(door: &Door, folder: &str) -> Files {
    overlay(&FONTS, door, folder, "fonts")
}

fn overlay(embedded: &Dir<'static>, door: &Door, folder: &str, prefix: &str) -> Files {
    let mut files = Files::new();
    embed(embedded, prefix, &mut files);
    let own = door.root().join(folder);
    if own.is_dir() && door.holds(&own) {
        own_files(&own, prefix, 0, &mut files);
    }
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

/// Reads a folder, not following links, four levels deep at most.
fn own_files(folder: &Path, prefix: &str, depth: usize, files: &mut Files) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
        let path = format!("{prefix}/{name}");
        if kind.is_dir() && depth < 4 && !name.starts_with('.') {
            own_files(&entry.path(), &path, depth + 1, files);
        } else if kind.is_file()
            && entry.metadata().is_ok_and(|meta| meta.len() <= MOST_BYTES)
            && let Ok(bytes) = fs::read(entry.path())
        {
            files.insert(path, bytes.into());
        }
    }
}

impl Project {
    /// Names of the layouts that can be used.
    pub fn layout_names(&self) -> Vec<&str> {
        let manifests = self.layouts.keys().filter_map(|path| path.strip_prefix("layouts/")?.strip_suffix("/layout.toml"));
        manifests.filter(|name| !name.contains('/')).collect()
    }

    /// Finds a layout, or says at `span` that there is none.
    pub fn layout(&self, name: &str, span: Option<Span>) -> Result<Layout, Diagnostics> {
        let path = format!("layouts/{name}/layout.toml");
        let Some((source, text)) = self.layout_sources.get(&path).and_then(|id| Some((*id, self.sources.get(*id)?.text.clone())))
        else {
            let message = format!("no layout is named \"{name}\"");
            return Err(Diagnostic::new(code::UNKNOWN_NAME, message).at(span).suggest(name, self.layout_names()).into());
        };
        let manifest = parse::<LayoutManifest>(source, &text)?.value;
        let css =
            |path: String| self.layouts.get(&path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        Ok(Layout {
            name: name.to_owned(),
            manifest,
            common_css: css("layouts/common/epub.css".into()),
            css: css(format!("layouts/{name}/epub.css")),
        })
    }
}
