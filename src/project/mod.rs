//! The only door to the disk: finds a workspace, reads it, and writes artefacts.

mod door;
mod fonts;
mod layout;
mod output;
mod reader;
mod stamps;
mod text;

pub use fonts::FontFace;
pub use layout::{Layout, built_in_layouts};
pub use output::{create, remove, sweep, write};
pub use stamps::{Inputs, Stamps};

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use unicode_normalization::UnicodeNormalization;

use crate::check::Levels;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Sources, Span, code};
use crate::manifest::{AssetManifest, Manifest, WorkspaceManifest, path_fault, strings};
use crate::resolve::{Catalogue, ImageFile, Images, ReadImage, Rigour, Typeface, join, page};
use door::{Door, MOST_BYTES, Refusal};
use reader::Reader;

/// Files by path with forward slashes.
pub type Files = BTreeMap<String, Bytes>;

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
    door: Door,
    sidecars: BTreeMap<String, Manifest<AssetManifest>>,
    images: Mutex<BTreeMap<String, ReadImage>>,
}

/// Reads a workspace. With `only`, publications that are not asked for may be broken: they are left out.
pub fn open(root: &Path, only: &[String], rigour: Rigour) -> (Project, Diagnostics) {
    let mut reader = Reader::new(root, rigour);
    let workspace = reader.toml::<WorkspaceManifest>("reliure.toml", false);
    let levels = workspace.as_ref().map(|manifest| Levels::read(manifest, &manifest.value.checks, &mut reader.found));
    let published_at = workspace.as_ref().and_then(|manifest| published_at(manifest, &mut reader.found));
    let source = workspace.as_ref().map(|manifest| manifest.source);
    let mut config = workspace.map(|manifest| manifest.value).unwrap_or_default();
    let words = source.and_then(|id| Some(strings(id, &reader.sources.get(id)?.text))).unwrap_or_default();
    folders_inside(&mut config, &words, &mut reader.found);
    let catalogue = Catalogue { published_at, ..reader.catalogue(&config.sources, only) };
    let layouts = layout::read(&reader.door, &config.layouts);
    let mut layout_sources = BTreeMap::new();
    for (path, bytes) in &layouts {
        if let Ok(text) = std::str::from_utf8(bytes) {
            layout_sources.insert(path.clone(), reader.sources.add(path.clone(), text));
        }
    }
    let fonts = fonts::read(&layout::read_fonts(&reader.door, &config.fonts));
    let project = Project {
        root: root.to_owned(),
        door: reader.door,
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

/// Refuses folders outside the project: sources that come from elsewhere must not read or write there. Whoever runs the
/// command may name any folder with `--output`.
fn folders_inside(config: &mut WorkspaceManifest, words: &[(String, Span)], found: &mut Diagnostics) {
    let usual = WorkspaceManifest::default();
    let folders = [
        ("sources", &mut config.sources, usual.sources),
        ("layouts", &mut config.layouts, usual.layouts),
        ("fonts", &mut config.fonts, usual.fonts),
        ("output", &mut config.output, usual.output),
    ];
    for (key, folder, usual) in folders {
        if let Some(fault) = path_fault(folder, 0) {
            let place = words.iter().find(|(word, _)| word == folder).map(|(_, span)| *span);
            let message = format!("\"{folder}\" does not name a folder of the project: {fault}");
            let hint = format!("write a path from the project's root: {key} = \"{usual}\"");
            found.push(Diagnostic::new(code::FILE, message).at(place).hint(hint));
            *folder = usual;
        }
    }
}

/// The address of the output folder online, as one that names can follow.
fn published_at(workspace: &Manifest<WorkspaceManifest>, found: &mut Diagnostics) -> Option<String> {
    let written = workspace.value.published_at.as_ref()?;
    let span = workspace.span(written);
    let address = page(written.get_ref(), "a folder", span, found)?;
    if address.contains(['?', '#']) {
        let message = format!("\"{address}\" is not the address of a folder");
        found.push(
            Diagnostic::new(code::ADDRESS, message).at(span).hint("write it up to its last slash: https://example.org/docs/"),
        );
        return None;
    }
    Some(if address.ends_with('/') { address } else { format!("{address}/") })
}

impl Project {
    /// Refuses an output folder that a link leads out of the project: what was asked for is a folder of this project.
    pub fn leads_out(&self, folder: &Path) -> Option<Diagnostic> {
        if self.door.holds(folder) {
            return None;
        }
        let message = format!("\"{}\" leads out of the project", folder.display());
        Some(
            Diagnostic::new(code::FILE, message).hint("remove the link, or name the folder on the command line: --output FOLDER"),
        )
    }

    /// Digests what the workspace is made of. Images in folders of which all will be made stay in memory: none is read twice.
    pub fn inputs(&self, made: &[&str]) -> Inputs {
        let held = |path: &str| {
            let image = is_named_image(path) && made.iter().any(|folder| is_in(path, folder));
            image.then(|| self.image(path).ok().flatten()).flatten().map(|image| image.bytes)
        };
        Inputs::read(&self.door, &["reliure.toml", &self.config.sources, &self.config.layouts, &self.config.fonts], &held)
    }

    /// The font families, sorted by name, with what the first face of each says of its rights.
    pub fn typefaces(&self) -> Vec<Typeface> {
        let mut families: BTreeMap<&str, Typeface> = BTreeMap::new();
        for face in &self.fonts {
            families.entry(&face.family).or_insert_with(|| face.rights());
        }
        families.into_values().collect()
    }
}

/// Tells whether a path leads into a folder.
pub fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Tells whether the name of a file is that of an image.
fn is_named_image(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    ["png", "jpg", "jpeg", "gif", "webp", "svg"].iter().any(|known| known.eq_ignore_ascii_case(extension))
}

impl Images for Project {
    fn image(&self, path: &str) -> ReadImage {
        let mut known = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(image) = known.get(path) {
            return image.clone();
        }
        let image = match self.door.read(path, MOST_BYTES) {
            Ok(bytes) => Ok(Some(ImageFile { path: path.to_owned(), bytes: bytes.into() })),
            Err(Refusal::Missing) => Ok(None),
            Err(refusal) => Err(Box::new(refusal.tell(path))),
        };
        known.insert(path.to_owned(), image.clone());
        image
    }

    fn sidecar(&self, path: &str) -> Option<Manifest<AssetManifest>> {
        self.sidecars.get(&path.nfc().collect::<String>()).cloned()
    }

    fn images_in(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> =
            names.filter(|name| !name.ends_with(".toml")).filter_map(|name| join(folder, &name).ok()).collect();
        names.sort();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_of_what_will_be_made_is_read_once() {
        let root = tempfile::tempdir().unwrap();
        let files = ["sources/a/deep/x.PNG", "sources/ab/y.png", "sources/a/z.tif"];
        for path in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "pixels").unwrap();
        }
        let (project, _) = open(root.path(), &[], Rigour::Full);
        let digest = |made: &[&str]| project.inputs(made).digest(|_| true, &[]);
        assert_eq!(digest(&["sources/a"]), digest(&[]), "bytes count, not where they are");
        fs::remove_dir_all(root.path().join("sources")).unwrap();
        let held = files.map(|path| project.image(path).unwrap().is_some());
        assert_eq!(held, [true, false, false], "the others were digested only");
    }
}
