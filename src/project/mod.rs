//! The only door to the disk: finds a workspace, reads it, and writes artefacts.

mod fonts;
mod layout;
mod output;
mod stamps;

pub use fonts::FontFace;
pub use layout::Layout;
pub use output::{create, remove, write};
pub use stamps::{Inputs, Stamps};

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::check::Levels;
use crate::content;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Sources, Span, code};
use crate::manifest::{AssetManifest, Manifest, PublicationManifest, SeriesManifest, WorkspaceManifest, parse};
use crate::model::AuthoredSection;
use crate::resolve::{self, Catalogue, Entry, ImageFile, Images, Rigour, Typeface, join, page};

/// Files by path with forward slashes.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// A workspace, read.
pub struct Project {
    /// Its root folder.
    pub root: PathBuf,
    /// `reliure.toml`, or its defaults.
    pub config: WorkspaceManifest,
    /// What `reliure.toml` says of checks.
    pub levels: Levels,
    /// Every text that was read.
    pub sources: Sources,
    /// Every publication.
    pub catalogue: Catalogue,
    /// Layouts: the tool's, with the project's own over them; paths start with `layouts/`.
    pub layouts: Files,
    /// Where each text of a layout stands among the sources.
    pub layout_sources: BTreeMap<String, SourceId>,
    /// Fonts: the tool's and the project's.
    pub fonts: Vec<FontFace>,
    sidecars: BTreeMap<String, Manifest<AssetManifest>>,
    images: Mutex<BTreeMap<String, Option<ImageFile>>>,
}

/// Reads a workspace. With `only`, publications that are not asked for may be broken: they are left out.
pub fn open(root: &Path, only: &[String], rigour: Rigour) -> (Project, Diagnostics) {
    let mut reader = Reader {
        root: root.to_owned(),
        sources: Sources::default(),
        sidecars: BTreeMap::new(),
        rigour,
        found: Diagnostics::default(),
    };
    let workspace = reader.toml::<WorkspaceManifest>("reliure.toml", false);
    let levels = workspace.as_ref().map(|manifest| Levels::read(manifest, &manifest.value.checks, &mut reader.found));
    let published_at = workspace.as_ref().and_then(|manifest| published_at(manifest, &mut reader.found));
    let config = workspace.map(|manifest| manifest.value).unwrap_or_default();
    let catalogue = Catalogue { published_at, ..reader.catalogue(&config.sources, only) };
    let layouts = layout::read(root, &config.layouts);
    let mut layout_sources = BTreeMap::new();
    for (path, bytes) in &layouts {
        if let Ok(text) = std::str::from_utf8(bytes) {
            layout_sources.insert(path.clone(), reader.sources.add(path.clone(), text));
        }
    }
    let fonts = fonts::read(&layout::read_fonts(root, &config.fonts));
    let project = Project {
        root: root.to_owned(),
        config,
        levels: levels.unwrap_or_default(),
        sources: reader.sources,
        catalogue,
        layouts,
        layout_sources,
        fonts,
        sidecars: reader.sidecars,
        images: Mutex::default(),
    };
    (project, reader.found)
}

/// The address of the output folder online, as one that names can follow.
fn published_at(workspace: &Manifest<WorkspaceManifest>, found: &mut Diagnostics) -> Option<String> {
    let written = workspace.value.published_at.as_ref()?;
    let span = workspace.span(written);
    let address = page(written.get_ref(), "a folder", span, found)?;
    if address.contains(['?', '#']) {
        let message = format!("\"{address}\" is not the address of a folder");
        found.push(
            Diagnostic::error(code::ADDRESS, message).at(span).hint("write it up to its last slash: https://example.org/docs/"),
        );
        return None;
    }
    Some(if address.ends_with('/') { address } else { format!("{address}/") })
}

struct Reader {
    root: PathBuf,
    sources: Sources,
    sidecars: BTreeMap<String, Manifest<AssetManifest>>,
    rigour: Rigour,
    found: Diagnostics,
}

impl Reader {
    /// Reads a text; a missing one is an error when it is `needed`.
    fn text(&mut self, path: &str, needed: Option<Diagnostic>) -> Option<(SourceId, Arc<str>)> {
        let bytes = match fs::read(self.root.join(path)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if let Some(missing) = needed {
                    self.found.push(missing);
                }
                return None;
            }
            Err(error) => {
                self.found.push(
                    Diagnostic::error(code::FILE, format!("\"{path}\" cannot be read: {error}")).hint("check its permissions"),
                );
                return None;
            }
        };
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec).unwrap_or(bytes);
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text: Arc<str> = text.into();
                Some((self.sources.add(path, text.clone()), text))
            }
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                let line = bytes.get(..good).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1;
                let id = self.sources.add(path, String::from_utf8_lossy(&bytes));
                self.found.push(
                    Diagnostic::error(code::ENCODING, format!("this file is not UTF-8 (line {line})"))
                        .at(Span::new(id, good..good + 3))
                        .hint("save it again with the encoding UTF-8"),
                );
                None
            }
        }
    }

    fn toml<T: serde::de::DeserializeOwned + schemars::JsonSchema>(&mut self, path: &str, needed: bool) -> Option<Manifest<T>> {
        let missing = needed.then(|| {
            Diagnostic::error(code::FILE, format!("there is no file \"{path}\"")).hint("write it, or run `reliure new`")
        });
        let (source, text) = self.text(path, missing)?;
        match parse(source, &text) {
            Ok(manifest) => Some(manifest),
            Err(errors) => {
                self.found.extend(errors);
                None
            }
        }
    }

    fn catalogue(&mut self, sources: &str, only: &[String]) -> Catalogue {
        let mut catalogue = Catalogue::default();
        let mut folders = Vec::new();
        if !self.root.join(sources).is_dir() {
            let message = format!("there is no folder \"{sources}\" in \"{}\"", self.root.display());
            self.found
                .push(Diagnostic::error(code::FILE, message).hint("run `reliure new FOLDER` to start a project, or give --root"));
        }
        for folder in self.folders(sources) {
            if self.root.join(&folder).join("publication.toml").is_file() {
                folders.push((folder, None, None));
                continue;
            }
            let series = self.toml::<SeriesManifest>(&format!("{folder}/series.toml"), false);
            let shelf = folder.rsplit('/').next().map(str::to_owned);
            for inner in self.folders(&folder) {
                if self.root.join(&inner).join("publication.toml").is_file() {
                    folders.push((inner, shelf.clone(), series.clone().map(|series| (series, folder.clone()))));
                }
            }
        }
        for (folder, shelf, series) in folders {
            let slug = folder.rsplit('/').next().unwrap_or(&folder).to_owned();
            let outer = std::mem::take(&mut self.found);
            let entry = self.entry(&slug, &folder, series);
            let inner = std::mem::replace(&mut self.found, outer);
            if only.is_empty() || only.contains(&slug) || entry.is_some() {
                self.found.extend(inner);
            }
            if let Some(entry) = entry {
                self.add(&mut catalogue, Entry { shelf, ..entry });
            }
        }
        catalogue
    }

    fn add(&mut self, catalogue: &mut Catalogue, entry: Entry) {
        if let Some(first) = catalogue.entries.iter().find(|other| other.slug == entry.slug) {
            let message = format!("two publications are named \"{}\"", entry.slug);
            let span = entry.manifest.span(&entry.manifest.value.title);
            let other = first.manifest.span(&first.manifest.value.title);
            self.found.push(
                Diagnostic::error(code::DUPLICATE, message).at(span).related(other, "the other one").hint("rename one folder"),
            );
            return;
        }
        catalogue.entries.push(entry);
    }

    fn entry(&mut self, slug: &str, folder: &str, series: Option<(Manifest<SeriesManifest>, String)>) -> Option<Entry> {
        let Some(manifest) = self.toml::<PublicationManifest>(&format!("{folder}/publication.toml"), true) else {
            // Its sections cannot be known; what is wrong in any text of the folder is told all the same.
            for name in self.names(folder, ".md") {
                self.read_section(folder, &name, None);
            }
            return None;
        };
        self.sidecars(folder, 0);
        let (sections, whole) = self.sections(folder, &manifest);
        for name in self.names(folder, ".md") {
            let mut editions = manifest.value.editions.iter();
            let listed = editions
                .any(|edition| resolve::sections(&manifest.value, edition).iter().any(|listed| *listed.get_ref() == name));
            // A page about the folder is no section.
            if !name.eq_ignore_ascii_case("readme") && !listed {
                let message = format!("the file \"{name}.md\" is in no edition");
                let place = manifest.span(&manifest.value.title);
                let hint = format!("list \"{name}\" in sections, or move the file elsewhere");
                self.found.push(Diagnostic::warning(code::FILE, message).at(place).hint(hint));
            }
        }
        whole.then(|| Entry { slug: slug.into(), folder: folder.into(), shelf: None, series, manifest, sections })
    }

    /// Reads every section that the publication or one of its editions names, once; and tells whether all could be read.
    fn sections(&mut self, folder: &str, manifest: &Manifest<PublicationManifest>) -> (Vec<AuthoredSection>, bool) {
        let own = (&manifest.value.title, manifest.value.sections.as_slice());
        let editions = manifest.value.editions.iter();
        let editions = editions.filter_map(|edition| Some((&edition.id, edition.sections.as_deref()?)));
        let mut sections: Vec<AuthoredSection> = Vec::new();
        let mut tried: Vec<&str> = Vec::new();
        let mut whole = true;
        for (at, (owner, listed)) in std::iter::once(own).chain(editions).enumerate() {
            if listed.is_empty() {
                let who = if at == 0 { "this publication".into() } else { format!("the edition \"{}\"", owner.get_ref()) };
                let missing = Diagnostic::error(code::TOML_VALUE, format!("{who} has no section")).at(manifest.span(owner));
                self.found.push(missing.hint("list its Markdown files without \".md\": sections = [\"introduction\"]"));
                whole = false;
            }
            for (at, written) in listed.iter().enumerate() {
                let (name, span) = (written.get_ref().as_str(), manifest.span(written));
                if listed[..at].iter().any(|other| other.get_ref() == name) {
                    let twice = Diagnostic::error(code::DUPLICATE, format!("the section \"{name}\" is listed twice"));
                    self.found.push(twice.at(span).hint("list it once"));
                } else if !tried.contains(&name) {
                    tried.push(name);
                    let section = self.section(folder, name, span);
                    whole &= section.is_some();
                    sections.extend(section);
                }
            }
        }
        (sections, whole)
    }

    /// Reads what stands beside images: `image.png.toml`.
    fn sidecars(&mut self, folder: &str, depth: usize) {
        for name in self.names(folder, ".toml").into_iter().filter(|name| name.contains('.')) {
            let image = format!("{folder}/{name}");
            if let Some(sidecar) = self.toml::<AssetManifest>(&format!("{image}.toml"), false) {
                self.sidecars.insert(image, sidecar);
            }
        }
        if depth < 4 {
            self.folders(folder).iter().for_each(|inner| self.sidecars(inner, depth + 1));
        }
    }

    fn section(&mut self, folder: &str, name: &str, span: Span) -> Option<AuthoredSection> {
        if name.is_empty() || name.contains(['/', '\\', ':']) || name.starts_with('.') {
            let message = format!("\"{name}\" cannot be the name of a section");
            self.found.push(
                Diagnostic::error(code::FILE, message)
                    .at(span)
                    .hint("give the name of a Markdown file of this folder, without \".md\""),
            );
            return None;
        }
        let known = self.names(folder, ".md");
        let missing = Diagnostic::error(code::FILE, format!("there is no file \"{folder}/{name}.md\"")).at(span);
        self.read_section(folder, name, Some(missing.suggest(name, known.iter().map(String::as_str))))
    }

    fn read_section(&mut self, folder: &str, name: &str, missing: Option<Diagnostic>) -> Option<AuthoredSection> {
        let (source, text) = self.text(&format!("{folder}/{name}.md"), missing)?;
        match content::read(source, name, &text, self.rigour) {
            Ok((section, warnings)) => {
                self.found.extend(warnings);
                Some(section)
            }
            Err(errors) => {
                self.found.extend(errors);
                None
            }
        }
    }

    fn folders(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(path)).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.path().is_dir()).filter_map(|entry| entry.file_name().into_string().ok());
        let mut folders: Vec<String> =
            folders.filter(|name| !name.starts_with('.')).map(|name| format!("{path}/{name}")).collect();
        folders.sort();
        folders
    }

    fn names(&self, folder: &str, extension: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(extension).map(str::to_owned)).collect();
        names.sort();
        names
    }
}

impl Project {
    /// The font families, sorted by name, with what the first face of each says of its rights.
    pub fn typefaces(&self) -> Vec<Typeface> {
        let mut families: BTreeMap<&str, Typeface> = BTreeMap::new();
        for face in &self.fonts {
            families.entry(&face.family).or_insert_with(|| face.rights());
        }
        families.into_values().collect()
    }

    /// Finds the file, unless a link leads it out of the project.
    fn inside(&self, path: &str) -> Option<PathBuf> {
        let root = self.root.canonicalize().ok()?;
        let file = self.root.join(path).canonicalize().ok()?;
        (file.starts_with(root) && file.is_file()).then_some(file)
    }
}

impl Images for Project {
    fn image(&self, path: &str) -> Option<ImageFile> {
        let mut known = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(image) = known.get(path) {
            return image.clone();
        }
        let bytes = self.inside(path).and_then(|file| fs::read(file).ok());
        let image = bytes.map(|bytes| ImageFile { path: path.to_owned(), bytes: bytes.into() });
        known.insert(path.to_owned(), image.clone());
        image
    }

    fn sidecar(&self, path: &str) -> Option<Manifest<AssetManifest>> {
        self.sidecars.get(path).cloned()
    }

    fn images_in(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> =
            names.filter(|name| !name.ends_with(".toml")).filter_map(|name| join(folder, &name)).collect();
        names.sort();
        names
    }
}
