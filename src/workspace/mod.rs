//! Workspaces, which are read lazily.
//!
//! [`Workspace::open`] reads `reliure.toml` and the names of folders. Publications, series, layouts and fonts are read when they
//! are needed.

mod contract;
mod fonts;
mod identities;
mod index;
mod layout_modules;
mod layouts;
mod publication;
mod reader;
mod style_sheet;
mod unbuilt;

pub use fonts::{FontFace, FontSet, SYMBOL_FAMILIES, Typeface, damaged_face, symbol_family};
pub use index::{AnchorEntry, Anchors, EditionIndex, Index, PublicationIndex, Slugs};
pub use layout_modules::{LayoutModules, file_id};
pub use layouts::{Layout, LayoutSet, built_in_layouts};
pub use publication::{Publication, SeriesFile};
pub use reader::SidecarReader;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{Diagnostic, Diagnostics, Sources, Span, Strictness, code};
use crate::disk::{ProjectRoot, composed};
use crate::manifest::{AssetManifest, Manifest, PublicationManifest, SeriesManifest, WorkspaceManifest, path_fault, strings};
use reader::Reader;

/// A workspace.
pub struct Workspace {
    /// The root folder.
    pub root: ProjectRoot,
    /// `reliure.toml`, or `None` if it is missing or has errors.
    pub manifest: Option<Manifest<WorkspaceManifest>>,
    /// The settings of `reliure.toml`, or the defaults. All folders are inside the project.
    pub config: WorkspaceManifest,
    /// The source of `reliure.toml`.
    pub sources: Sources,
    /// The folders of publications, by slug.
    homes: BTreeMap<String, Home>,
    series: Vec<Series>,
    layouts: OnceLock<LayoutSet>,
    fonts: OnceLock<FontSet>,
}

/// The location of a publication.
#[derive(Clone, Debug)]
pub struct Home {
    /// Name of its folder with composed accents, which identifies it in links and on the command line.
    pub slug: String,
    /// Its folder, relative to the root of the project.
    pub folder: String,
    /// Number of the group of its sources in [`Sources`].
    pub group: u32,
    /// Index of its series.
    series: Option<usize>,
}

/// A folder of publications that may have a `series.toml`.
struct Series {
    folder: String,
    group: u32,
    read: OnceLock<ReadSeries>,
}

/// `series.toml` after reading.
struct ReadSeries {
    manifest: Option<Manifest<SeriesManifest>>,
    sources: Sources,
    found: Diagnostics,
}

/// A publication after reading.
pub struct ReadPublication {
    /// The publication, or `None` if a part of it cannot be read.
    pub publication: Option<Publication>,
    /// Its sources and the sources of its series.
    pub sources: Sources,
    /// The sidecar files of its images, by path of the image.
    pub sidecars: BTreeMap<String, Manifest<AssetManifest>>,
    /// The diagnostics of reading.
    pub found: Diagnostics,
}

impl Workspace {
    /// Opens the workspace at `root` and lists its publications.
    pub fn open(root: &Path) -> (Self, Diagnostics) {
        let root = ProjectRoot::new(root);
        let mut reader = Reader::new(&root, 0, Strictness::Full);
        let manifest = reader.toml::<WorkspaceManifest>("reliure.toml", false);
        let mut config = manifest.as_ref().map(|manifest| manifest.value.clone()).unwrap_or_default();
        let source = manifest.as_ref().and_then(|manifest| Some((manifest.source, reader.sources.get(manifest.source)?)));
        let words = source.map(|(id, source)| strings(id, &source.text)).unwrap_or_default();
        replace_outside_folders(&mut config, &words, &mut reader.found);
        let (sources, found) = (reader.sources, reader.found);
        let (layouts, fonts) = (OnceLock::new(), OnceLock::new());
        let (homes, series) = (BTreeMap::new(), Vec::new());
        let mut workspace = Self { root, manifest, config, sources, homes, series, layouts, fonts };
        let mut found = found;
        workspace.list(&mut found);
        (workspace, found)
    }

    /// Lists the folders of publications: those in the folder of sources, and those in the series folders one level below.
    fn list(&mut self, found: &mut Diagnostics) {
        let sources = self.config.sources.clone();
        if !self.root.is_dir(&sources) {
            let message = format!("there is no folder \"{sources}\" in \"{}\"", self.root.path().display());
            let hint = "run `reliure new FOLDER` to start a project, or give --root";
            found.push(Diagnostic::new(code::FILE, message).hint(hint));
        }
        let mut group = 0;
        let mut number = || {
            group += 1;
            group
        };
        for folder in self.root.folders(&sources) {
            if self.root.is_file(&format!("{folder}/publication.toml")) {
                self.add(&folder, None, number(), found);
                continue;
            }
            let inner = self.root.folders(&folder);
            let inner = inner.into_iter().filter(|inner| self.root.is_file(&format!("{inner}/publication.toml")));
            let inner: Vec<String> = inner.collect();
            let series = Series { folder, group: number(), read: OnceLock::new() };
            self.series.push(series);
            for folder in inner {
                self.add(&folder, Some(self.series.len() - 1), number(), found);
            }
        }
    }

    fn add(&mut self, folder: &str, series: Option<usize>, group: u32, found: &mut Diagnostics) {
        let slug = composed(folder.rsplit('/').next().unwrap_or(folder));
        let home = Home { slug: slug.clone(), folder: folder.to_owned(), group, series };
        let Some(first) = self.homes.get(&slug) else {
            self.homes.insert(slug, home);
            return;
        };
        let message = format!("two publications are named \"{slug}\"");
        let mut twice = Diagnostic::new(code::DUPLICATE, message).hint("rename one folder");
        let (second, first) = (self.title_span(&home), self.title_span(first));
        if let Some((span, sources)) = second {
            twice = twice.at(span);
            self.sources.extend(&sources);
        }
        if let Some((span, sources)) = first {
            twice = twice.related(span, "the other one");
            self.sources.extend(&sources);
        }
        found.push(twice);
    }

    /// Returns the location of the title in the manifest of a publication.
    fn title_span(&self, home: &Home) -> Option<(Span, Sources)> {
        let mut reader = Reader::new(&self.root, home.group, Strictness::Full);
        let manifest = reader.toml::<PublicationManifest>(&format!("{}/publication.toml", home.folder), true)?;
        Some((manifest.span(&manifest.value.title), reader.sources))
    }

    /// Reads the manifest of a publication alone. Its spans are the same as from [`Workspace::read`].
    pub fn manifest_of(&self, home: &Home) -> Option<Manifest<PublicationManifest>> {
        let mut reader = Reader::new(&self.root, home.group, Strictness::Full);
        reader.toml::<PublicationManifest>(&format!("{}/publication.toml", home.folder), true)
    }

    /// Returns the folder of releases.
    pub fn release_folder(&self) -> PathBuf {
        let config = &self.config;
        let folder = config.release.folder.clone().unwrap_or_else(|| format!("{}/{RELEASES}", config.output));
        self.root.path().join(folder)
    }

    /// Returns the publications in order of folder.
    pub fn homes(&self) -> Vec<&Home> {
        let mut homes: Vec<&Home> = self.homes.values().collect();
        homes.sort_by_key(|home| home.group);
        homes
    }

    /// Returns the publication with a slug.
    pub fn home(&self, slug: &str) -> Option<&Home> {
        self.homes.get(&composed(slug))
    }

    /// Returns the path of the `series.toml` of a publication, if it is in a series.
    pub fn series_file(&self, home: &Home) -> Option<String> {
        Some(format!("{}/series.toml", self.series.get(home.series?)?.folder))
    }

    /// Returns the subfolder of the output folder for the artefacts of a publication. It has the name of the folder of the
    /// series; `None` outside any series.
    pub fn series_folder(&self, home: &Home) -> Option<String> {
        let folder = &self.series.get(home.series?)?.folder;
        folder.rsplit('/').next().map(composed)
    }

    /// Reads a publication, and its series on first use.
    pub fn read(&self, home: &Home, strictness: Strictness) -> ReadPublication {
        let series = home.series.and_then(|at| self.series.get(at));
        let read = series.map(|series| (series, series.read.get_or_init(|| self.read_series(series))));
        let mut reader = Reader::new(&self.root, home.group, strictness);
        let file = read.and_then(|(series, read)| Some((read.manifest.clone()?, series.folder.clone())));
        let mut publication = reader.publication(&home.slug, &home.folder, self.series_folder(home), file);
        let Reader { mut sources, sidecars, mut found, .. } = reader;
        if let Some((_, read)) = read {
            sources.extend(&read.sources);
            found.extend(read.found.clone());
            publication = publication.filter(|_| !read.found.has_errors());
        }
        ReadPublication { publication, sources, sidecars, found }
    }

    fn read_series(&self, series: &Series) -> ReadSeries {
        let mut reader = Reader::new(&self.root, series.group, Strictness::Full);
        let manifest = reader.toml::<SeriesManifest>(&format!("{}/series.toml", series.folder), false);
        ReadSeries { manifest, sources: reader.sources, found: reader.found }
    }

    /// Reads the sources of a group again. Diagnostics of other publications can refer to them.
    pub fn sources_of(&self, group: u32) -> Sources {
        let home = self.homes.values().find(|home| home.group == group);
        home.map(|home| self.read(home, Strictness::Lenient).sources).unwrap_or_default()
    }

    /// Returns the layouts, which are read on first use.
    pub fn layouts(&self) -> &LayoutSet {
        self.layouts.get_or_init(|| LayoutSet::read(&self.root, &self.config.layouts))
    }

    /// Returns the fonts, which are read on first use.
    pub fn fonts(&self) -> &FontSet {
        self.fonts.get_or_init(|| FontSet::read(&self.root, &self.config.fonts))
    }

    /// Reports the files of the project's layouts and fonts that cannot be used.
    pub fn faults(&self) -> Diagnostics {
        let mut found = LayoutSet::faults(&self.root, &self.config.layouts);
        found.extend(FontSet::faults(&self.root, &self.config.fonts));
        found
    }

    /// Returns a diagnostic if a symbolic link leads a folder for output out of the project.
    pub fn check_inside(&self, folder: &Path) -> Option<Diagnostic> {
        if self.root.contains(folder) {
            return None;
        }
        let message = format!("\"{}\" leads out of the project", folder.display());
        let hint = "remove the link, or name the folder on the command line: --output FOLDER";
        Some(Diagnostic::new(code::FILE, message).hint(hint))
    }
}

/// Name of the folder of releases in the output folder.
const RELEASES: &str = "releases";

/// Replaces folders outside the project with the defaults and reports them, so that an untrusted workspace cannot read or write there.
/// Only `--output` on the command line can name a folder outside the project.
fn replace_outside_folders(config: &mut WorkspaceManifest, words: &[(String, Span)], found: &mut Diagnostics) {
    let default = WorkspaceManifest::default();
    let releases = format!("{}/{RELEASES}", default.output);
    let own = config.release.folder.take();
    let mut release = own.clone().unwrap_or_else(|| releases.clone());
    let folders = [
        ("sources", &mut config.sources, default.sources),
        ("layouts", &mut config.layouts, default.layouts),
        ("fonts", &mut config.fonts, default.fonts),
        ("output", &mut config.output, default.output),
        ("folder", &mut release, releases),
    ];
    for (key, folder, default) in folders {
        if let Some(fault) = path_fault(folder, 0) {
            let span = words.iter().find(|(word, _)| word == folder).map(|(_, span)| *span);
            let message = format!("\"{folder}\" does not name a folder of the project: {fault}");
            let hint = format!("write a path from the project's root: {key} = \"{default}\"");
            found.push(Diagnostic::new(code::FILE, message).at(span).hint(hint));
            *folder = default;
        }
    }
    config.release.folder = own.map(|_| release);
    replace_overlapping_folders(config, words, found);
}

/// Replaces the output folder and the folder of releases with the defaults and reports them if they contain sources, layouts or
/// fonts or are inside their folders, because written files would be read as sources. A folder of releases that contains the
/// output folder or is inside the store is replaced too.
fn replace_overlapping_folders(config: &mut WorkspaceManifest, words: &[(String, Span)], found: &mut Diagnostics) {
    let default = WorkspaceManifest::default();
    let inputs = [("sources", config.sources.clone()), ("layouts", config.layouts.clone()), ("fonts", config.fonts.clone())];
    let mut report = |folder: &str, why: String, hint: String| {
        let span = words.iter().find(|(word, _)| word == folder).map(|(_, span)| *span);
        found.push(Diagnostic::new(code::FILE, format!("\"{folder}\" {why}")).at(span).hint(hint));
    };
    let among = |folder: &str| inputs.iter().find(|(_, input)| is_in(folder, input) || is_in(input, folder)).cloned();
    if let Some((key, input)) = among(&config.output) {
        let why = format!("cannot be the output folder: it overlaps with the folder of {key}, \"{input}\"");
        report(&config.output, why, format!("write a folder of its own: output = \"{}\"", default.output));
        config.output = default.output;
    }
    let Some(release) = config.release.folder.clone() else { return };
    let own = format!("{}/{RELEASES}", config.output);
    let hint = format!("write a folder of its own, such as folder = \"{own}\" or \"archive\"");
    if let Some((key, input)) = among(&release) {
        let why = format!("cannot be the folder of releases: it overlaps with the folder of {key}, \"{input}\"");
        report(&release, why, hint);
    } else if is_in(&config.output, &release) {
        report(
            &release,
            format!("cannot be the folder of releases: it contains the output of builds, \"{}\"", config.output),
            hint,
        );
    } else if is_in(&release, &format!("{}/{}", config.output, crate::disk::STORE)) {
        report(&release, "cannot be the folder of releases: `clean` empties it".into(), hint);
    } else {
        return;
    }
    config.release.folder = None;
}

/// Returns whether a folder equals another folder or is inside it. Paths are relative to the root of the project.
fn is_in(folder: &str, other: &str) -> bool {
    let parts = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty() && *part != ".").map(|part| part.nfc().collect()).collect()
    };
    parts(folder).starts_with(&parts(other))
}
