//! Layouts of the tool and of the project. A layout of the project replaces one of the tool with the same name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use include_dir::{Dir, include_dir};

use super::{contract, layout_modules::LayoutModules, style_sheet};
use crate::css::StyleSheet;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Sources, Span, code};
use crate::disk::{Digest, Files, ProjectRoot};
use crate::manifest::{LayoutManifest, Manifest, OptionKind, OptionManifest, parse};

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
    /// Identifies all files that Typst can read, together with the build id of the tool. Layouts may import files of each other.
    pub digest: Digest,
    /// Their Typst files, which the worlds of all editions share.
    pub modules: Arc<LayoutModules>,
    /// The layouts that were read, or their errors, by name.
    read: Mutex<BTreeMap<String, Result<Arc<Layout>, Diagnostics>>>,
}

/// A layout: its manifest and its style sheets.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// `layout.toml`.
    pub manifest: LayoutManifest,
    /// Style sheet that all layouts share.
    pub common_css: StyleSheet,
    /// Its own style sheet.
    pub css: StyleSheet,
}

impl LayoutSet {
    /// Reads the layouts of the tool and those in a folder of the project.
    pub fn read(root: &ProjectRoot, folder: &str) -> Self {
        let built_in = embedded(&LAYOUTS, "layouts");
        let mut files = built_in.clone();
        root.read_folder(folder, "layouts", &mut files);
        let mut sources = Sources::of_group(GROUP);
        let mut ids = BTreeMap::new();
        for (path, bytes) in &files {
            if let Ok(text) = std::str::from_utf8(bytes) {
                ids.insert(path.clone(), sources.add(path.clone(), text));
            }
        }
        let read_by_typst = files.iter().filter(|(path, _)| !path.ends_with(".css"));
        let digest = digest(read_by_typst, &built_in);
        let modules = Arc::new(LayoutModules::new(&sources, &ids));
        Self { files, sources, ids, digest, modules, read: Mutex::default() }
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

    /// Validates the exports and the options of a layout.
    fn validate(&self, name: &str, manifest: &Manifest<LayoutManifest>) -> Diagnostics {
        let toml = Span::new(manifest.source, 0..0);
        let mut found = contract::validate(self, name, toml);
        for (key, option) in &manifest.value.options {
            if let Some((fault, hint)) = fault_of(option) {
                let at = self.sources.get(manifest.source).and_then(|source| source.text.find(&format!("options.{key}")));
                let at = at.map_or(toml, |at| Span::new(manifest.source, at..at + "options.".len() + key.len()));
                let message = format!("the option \"{key}\" of the layout \"{name}\" cannot be used: {fault}");
                found.push(Diagnostic::new(code::OPTION, message).at(at).hint(hint));
            }
        }
        found
    }

    /// Returns the first occurrence of a text in the Typst files of a layout, otherwise in those that all layouts share.
    pub fn find_text(&self, layout: &str, text: &str) -> Option<Span> {
        [layout, "common"]
            .into_iter()
            .find_map(|name| {
                let folder = format!("layouts/{name}/");
                let files = self.ids.iter().filter(|(path, _)| path.starts_with(&folder) && path.ends_with(".typ"));
                files.filter_map(|(_, id)| Some((*id, self.sources.get(*id)?.text.find(text)?))).next()
            })
            .map(|(id, at)| Span::new(id, at..at + text.len()))
    }

    /// Returns a style sheet with embedded files of the layout. Adds faults to `found`.
    fn style_sheet(&self, path: &str, found: &mut Diagnostics) -> StyleSheet {
        let Some((id, source)) = self.ids.get(path).and_then(|id| Some((*id, self.sources.get(*id)?))) else {
            return StyleSheet::new(String::new());
        };
        let text = style_sheet::read(id, &source.text, path, &self.files).unwrap_or_else(|faults| {
            found.extend(faults);
            String::new()
        });
        StyleSheet::new(text)
    }

    /// Returns the rules of the style sheets that a layout declares and of its own, in this order.
    fn own_style_sheet(&self, name: &str, manifest: &Manifest<LayoutManifest>, found: &mut Diagnostics) -> StyleSheet {
        let mut text = String::new();
        for declared in &manifest.value.style_sheets {
            let path = declared.get_ref().strip_prefix('/').unwrap_or_default();
            if self.ids.contains_key(path) {
                text.push_str(self.style_sheet(path, found).text());
                text.push('\n');
            } else {
                let known: Vec<String> =
                    self.ids.keys().filter(|path| path.ends_with(".css")).map(|path| format!("/{path}")).collect();
                let message = format!("there is no style sheet \"{}\"", declared.get_ref());
                let missing = Diagnostic::new(code::STYLE_SHEET, message).at(manifest.span(declared));
                found.push(missing.suggest(declared.get_ref(), known.iter().map(String::as_str)));
            }
        }
        text.push_str(self.style_sheet(&format!("layouts/{name}/epub.css"), found).text());
        StyleSheet::new(text)
    }

    /// Returns a layout. Each layout is read and validated once.
    ///
    /// # Errors
    ///
    /// Returns an error, reported at `span`, if no layout has this name, or the errors of its manifest.
    pub fn layout(&self, name: &str, span: Option<Span>) -> Result<Arc<Layout>, Diagnostics> {
        let Some(id) = self.ids.get(&format!("layouts/{name}/layout.toml")) else {
            let message = format!("no layout is named \"{name}\"");
            return Err(Diagnostic::new(code::UNKNOWN_NAME, message).at(span).suggest(name, self.names()).into());
        };
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.entry(name.to_owned()).or_insert_with(|| self.read_layout(name, *id).map(Arc::new)).clone()
    }

    /// Reads and validates the layout with this manifest.
    fn read_layout(&self, name: &str, source: SourceId) -> Result<Layout, Diagnostics> {
        let parsed = parse::<LayoutManifest>(source, self.sources.get(source).map_or("", |source| &source.text))?;
        let mut broken = self.validate(name, &parsed);
        let common_css = self.style_sheet("layouts/common/epub.css", &mut broken);
        let css = self.own_style_sheet(name, &parsed, &mut broken);
        if broken.has_errors() {
            return Err(broken);
        }
        let manifest = parsed.value;
        Ok(Layout { name: name.to_owned(), manifest, common_css, css })
    }
}

/// Returns the fault in the declaration of an option, with a hint.
fn fault_of(option: &OptionManifest) -> Option<(String, &'static str)> {
    const CHOICES: &str = "write choices = [\"…\", \"…\"], and one of them as default";
    if option.kind != OptionKind::Choice {
        let hint = "declare them in an option with type = \"choice\"";
        return (!option.pages.is_empty()).then(|| ("only a choice selects pages".to_owned(), hint));
    }
    if option.choices.is_empty() {
        return Some(("it has no choices".to_owned(), CHOICES));
    }
    match option.default.as_str() {
        None => return Some(("its default is not one of its choices".to_owned(), CHOICES)),
        Some(default) if !option.choices.iter().any(|choice| choice == default) => {
            return Some((format!("its default \"{default}\" is not one of its choices"), CHOICES));
        }
        Some(_) => {}
    }
    let unknown = option.pages.keys().find(|value| !option.choices.contains(value))?;
    Some((
        format!("it declares pages for \"{unknown}\", which is not one of its choices"),
        "add it to choices, or remove its pages",
    ))
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

/// Returns a digest of files. Only the paths of files that are the same as those of the tool are hashed: the build id of the tool
/// covers their contents, and reading all of them would load megabytes of the executable that a build may not need.
pub fn digest<'a>(files: impl IntoIterator<Item = (&'a String, &'a Bytes)>, built_in: &Files) -> Digest {
    let line = |(path, bytes): (&String, &Bytes)| match built_in.get(path) {
        Some(own) if own.as_ptr() == bytes.as_ptr() || own == bytes => format!("{path} of the tool"),
        _ => format!("{path} {}", Digest::of(bytes)),
    };
    let lines: Vec<String> = files.into_iter().map(line).collect();
    Digest::of_list(lines.iter().map(String::as_str))
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
