//! From the folders of a workspace to its catalogue: every publication with its sections, and all that is wrong in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::door::{Door, MOST_TEXT, Refusal};
use super::text::{self, NoText};
use crate::characters;
use crate::content;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Sources, Span, code};
use crate::manifest::{AssetManifest, Lineage, Manifest, PublicationManifest, SeriesManifest, name_fault, parse};
use crate::model::AuthoredSection;
use crate::resolve::Rigour;
use crate::workspace::{Catalogue, Publication};

/// An edition may have so many sections: each opens a page, and a page takes half a megabyte until all are made.
const MOST_SECTIONS: usize = 10_000;

/// The text of a section, before it is parsed.
struct Written {
    source: SourceId,
    /// Name of its file, without the extension.
    name: String,
    text: Arc<str>,
}

/// A workspace, while it is read.
pub struct Reader {
    root: PathBuf,
    /// The way to its files.
    pub door: Door,
    /// The texts so far.
    pub sources: Sources,
    /// How much may be unfinished.
    rigour: Rigour,
    /// What stands beside images, by the path of the image.
    pub sidecars: BTreeMap<String, Manifest<AssetManifest>>,
    /// What was found wrong.
    pub found: Diagnostics,
}

impl Reader {
    /// Opens a workspace.
    pub fn new(root: &Path, rigour: Rigour) -> Self {
        Self {
            root: root.to_owned(),
            door: Door::new(root),
            rigour,
            sources: Sources::default(),
            sidecars: BTreeMap::new(),
            found: Diagnostics::default(),
        }
    }

    /// Reads a text; a missing one is an error when it is `needed`.
    fn text(&mut self, path: &str, needed: Option<&dyn Fn() -> Diagnostic>) -> Option<(SourceId, Arc<str>)> {
        let bytes = match self.door.read(path, MOST_TEXT) {
            Ok(bytes) => bytes,
            Err(Refusal::Missing) => {
                needed.into_iter().for_each(|missing| self.found.push(missing()));
                return None;
            }
            Err(refusal) => {
                self.found.push(refusal.tell(path));
                return None;
            }
        };
        match text::decode(bytes) {
            Ok(text) => {
                let text: Arc<str> = text.into();
                Some((self.sources.add(path, text.clone()), text))
            }
            Err(NoText { shown, at, line, guess }) => {
                let id = self.sources.add(path, shown);
                let guess = guess.map(|guess| format!(": it looks like {guess}")).unwrap_or_default();
                let message = format!("this file is not UTF-8 (line {line}){guess}");
                let place = Span::new(id, at..at + '\u{FFFD}'.len_utf8());
                self.found
                    .push(Diagnostic::error(code::ENCODING, message).at(place).hint("save it again with the encoding UTF-8"));
                None
            }
        }
    }

    /// Reads a TOML file; a missing one is an error when it is `needed`.
    pub fn toml<T: serde::de::DeserializeOwned + schemars::JsonSchema>(
        &mut self,
        path: &str,
        needed: bool,
    ) -> Option<Manifest<T>> {
        let missing =
            || Diagnostic::error(code::FILE, format!("there is no file \"{path}\"")).hint("write it, or run `reliure new`");
        let (source, text) = self.text(path, if needed { Some(&missing) } else { None })?;
        let mut odd = Diagnostics::default();
        characters::check(source, &text, &mut odd);
        if odd.has_errors() {
            self.found.extend(odd);
            return None;
        }
        match parse(source, &text) {
            Ok(manifest) => Some(manifest),
            Err(errors) => {
                self.found.extend(errors);
                None
            }
        }
    }

    /// Reads every publication of the folder of sources.
    pub fn catalogue(&mut self, sources: &str, only: &[String]) -> Catalogue {
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
            let series_folder = folder.rsplit('/').next().map(str::to_owned);
            for inner in self.folders(&folder) {
                if self.root.join(&inner).join("publication.toml").is_file() {
                    folders.push((inner, series_folder.clone(), series.clone().map(|series| (series, folder.clone()))));
                }
            }
        }
        let name = |folder: &str| folder.rsplit('/').next().unwrap_or(folder).to_owned();
        catalogue.slugs = folders.iter().map(|(folder, ..)| name(folder)).collect();
        for (folder, series_folder, series) in folders {
            let slug = name(&folder);
            let outer = std::mem::take(&mut self.found);
            let entry = self.entry(&slug, &folder, series);
            let inner = std::mem::replace(&mut self.found, outer);
            if only.is_empty() || only.contains(&slug) || entry.is_some() {
                self.found.extend(inner);
            }
            if let Some(entry) = entry {
                self.add(&mut catalogue, Publication { series_folder, ..entry });
            }
        }
        catalogue
    }

    fn add(&mut self, catalogue: &mut Catalogue, entry: Publication) {
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

    fn entry(&mut self, slug: &str, folder: &str, series: Option<(Manifest<SeriesManifest>, String)>) -> Option<Publication> {
        let Some(manifest) = self.toml::<PublicationManifest>(&format!("{folder}/publication.toml"), true) else {
            // Its sections cannot be known; what is wrong in any text of the folder is told all the same.
            let names = self.names(folder, ".md");
            let written: Vec<Written> = names.into_iter().filter_map(|name| self.written(folder, &name, None)).collect();
            self.parsed(&written);
            return None;
        };
        self.sidecars(folder, 0);
        let names = self.names(folder, ".md");
        let (sections, whole) = self.sections(folder, &manifest, &names);
        let editions = manifest.value.editions.iter();
        let listed = editions.flat_map(|edition| Lineage::of(&manifest.value, edition).sections());
        let listed: BTreeSet<String> = listed.map(|name| name.get_ref().nfc().collect()).collect();
        for name in names {
            // A page about the folder is no section.
            if !name.eq_ignore_ascii_case("readme") && !listed.contains(&name.nfc().collect::<String>()) {
                let message = format!("the file \"{name}.md\" is in no edition");
                let place = manifest.span(&manifest.value.title);
                let hint = format!("list \"{name}\" in sections, or move the file elsewhere");
                self.found.push(Diagnostic::warning(code::FILE, message).at(place).hint(hint));
            }
        }
        whole.then(|| Publication { slug: slug.into(), folder: folder.into(), series_folder: None, series, manifest, sections })
    }

    /// Reads every section that the publication or one of its editions names, once; and tells whether all could be read.
    fn sections(
        &mut self,
        folder: &str,
        manifest: &Manifest<PublicationManifest>,
        files: &[String],
    ) -> (Vec<AuthoredSection>, bool) {
        let own = (&manifest.value.title, manifest.value.sections.as_slice());
        let editions = manifest.value.editions.iter();
        let editions = editions.filter_map(|edition| Some((&edition.id, edition.sections.as_deref()?)));
        let mut texts: Vec<Written> = Vec::new();
        let mut tried: BTreeSet<&str> = BTreeSet::new();
        let mut whole = true;
        for (at, (owner, listed)) in std::iter::once(own).chain(editions).enumerate() {
            if listed.is_empty() {
                let who = if at == 0 { "this publication".into() } else { format!("the edition \"{}\"", owner.get_ref()) };
                let missing = Diagnostic::error(code::TOML_VALUE, format!("{who} has no section")).at(manifest.span(owner));
                self.found.push(missing.hint("list its Markdown files without \".md\": sections = [\"introduction\"]"));
                whole = false;
            }
            if let Some(beyond) = listed.get(MOST_SECTIONS) {
                let message = format!("{} sections are listed here, more than {MOST_SECTIONS}", listed.len());
                let limit = Diagnostic::error(code::LIMIT, message).at(manifest.span(beyond));
                self.found.push(limit.hint("make several publications of it, in one series"));
                whole = false;
                continue;
            }
            let mut here: BTreeSet<&str> = BTreeSet::new();
            for written in listed {
                let (name, span) = (written.get_ref().as_str(), manifest.span(written));
                if !here.insert(name) {
                    let twice = Diagnostic::error(code::DUPLICATE, format!("the section \"{name}\" is listed twice"));
                    self.found.push(twice.at(span).hint("list it once"));
                } else if tried.insert(name) {
                    let section = self.section(folder, name, span, files);
                    whole &= section.is_some();
                    texts.extend(section);
                }
            }
        }
        let sections = self.parsed(&texts);
        whole &= sections.len() == texts.len();
        (sections, whole)
    }

    /// Reads what stands beside images: `image.png.toml`.
    fn sidecars(&mut self, folder: &str, depth: usize) {
        for name in self.names(folder, ".toml").into_iter().filter(|name| name.contains('.')) {
            let image = format!("{folder}/{name}");
            if let Some(sidecar) = self.toml::<AssetManifest>(&format!("{image}.toml"), false) {
                self.sidecars.insert(image.nfc().collect(), sidecar);
            }
        }
        if depth < 4 {
            self.folders(folder).iter().for_each(|inner| self.sidecars(inner, depth + 1));
        }
    }

    fn section(&mut self, folder: &str, name: &str, span: Span, files: &[String]) -> Option<Written> {
        if let Some(fault) = name_fault(name) {
            let message = format!("\"{name}\" cannot be the name of a section: {fault}");
            let hint = "give the name of a Markdown file of this folder, without \".md\"";
            self.found.push(Diagnostic::error(code::FILE, message).at(span).hint(hint));
            return None;
        }
        let missing = || {
            let missing = Diagnostic::error(code::FILE, format!("there is no file \"{folder}/{name}.md\"")).at(span);
            missing.suggest(name, files.iter().map(String::as_str))
        };
        self.written(folder, name, Some(&missing))
    }

    /// Reads the text of a section.
    fn written(&mut self, folder: &str, name: &str, missing: Option<&dyn Fn() -> Diagnostic>) -> Option<Written> {
        let (source, text) = self.text(&format!("{folder}/{name}.md"), missing)?;
        Some(Written { source, name: name.to_owned(), text })
    }

    /// Parses sections side by side; those that cannot be parsed are told of, and left out.
    fn parsed(&mut self, written: &[Written]) -> Vec<AuthoredSection> {
        let parse = |section: &Written| content::read(section.source, &section.name, &section.text, self.rigour);
        let parsed: Vec<_> = written.par_iter().map(parse).collect();
        let mut sections = Vec::with_capacity(parsed.len());
        for section in parsed {
            match section {
                Ok((section, warnings)) => {
                    self.found.extend(warnings);
                    sections.push(section);
                }
                Err(errors) => self.found.extend(errors),
            }
        }
        sections
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
