//! Reading of a publication from its folder: manifest, sidecar files and sections, with the diagnostics.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{Home, Publication, SeriesFile};
use crate::characters;
use crate::content;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Sources, Span, Strictness, code};
use crate::disk::{MAX_TEXT, NotUtf8, ProjectRoot, ReadError, decode};
use crate::manifest::{AssetManifest, Lineage, Manifest, PublicationManifest, name_fault, parse};
use crate::model::AuthoredSection;

/// Maximum number of sections of an edition. Each section starts a page, and each page uses 0.5 MB of memory during layout.
const MAX_SECTIONS: usize = 10_000;

/// The text of a section before parsing.
struct SectionText {
    source: SourceId,
    /// Name of its file, without the extension.
    name: String,
    text: Arc<str>,
}

/// A reader of sources of one group.
pub struct Reader<'a> {
    root: &'a ProjectRoot,
    strictness: Strictness,
    /// The sources read so far.
    pub sources: Sources,
    /// The sidecar files of images (`image.png.toml`), by path of the image.
    pub sidecars: BTreeMap<String, Manifest<AssetManifest>>,
    /// The diagnostics of reading.
    pub found: Diagnostics,
}

impl<'a> Reader<'a> {
    /// Creates a reader for a group of sources.
    pub fn new(root: &'a ProjectRoot, group: u32, strictness: Strictness) -> Self {
        Self { root, strictness, sources: Sources::of_group(group), sidecars: BTreeMap::new(), found: Diagnostics::default() }
    }

    /// Reads a source. If the file is missing, reports the diagnostic of `missing`, if there is one.
    fn text(&mut self, path: &str, missing: Option<&dyn Fn() -> Diagnostic>) -> Option<(SourceId, Arc<str>)> {
        let bytes = match self.root.read(path, MAX_TEXT) {
            Ok(bytes) => bytes,
            Err(ReadError::Missing) => {
                missing.into_iter().for_each(|missing| self.found.push(missing()));
                return None;
            }
            Err(error) => {
                self.found.push(error.diagnostic(path));
                return None;
            }
        };
        match decode(bytes) {
            Ok(text) => {
                let text: Arc<str> = text.into();
                Some((self.sources.add(path, text.clone()), text))
            }
            Err(NotUtf8 { shown, at, line, guess }) => {
                let id = self.sources.add(path, shown);
                let guess = guess.map(|guess| format!(": it looks like {guess}")).unwrap_or_default();
                let message = format!("this file is not UTF-8 (line {line}){guess}");
                let place = Span::new(id, at..at + '\u{FFFD}'.len_utf8());
                self.found.push(Diagnostic::new(code::ENCODING, message).at(place).hint("save it again with the encoding UTF-8"));
                None
            }
        }
    }

    /// Reads a TOML file. A missing file is an error if it is `required`.
    pub fn toml<T: serde::de::DeserializeOwned + schemars::JsonSchema + 'static>(
        &mut self,
        path: &str,
        required: bool,
    ) -> Option<Manifest<T>> {
        let missing =
            || Diagnostic::new(code::FILE, format!("there is no file \"{path}\"")).hint("write it, or run `reliure new`");
        let (source, text) = self.text(path, if required { Some(&missing) } else { None })?;
        let mut rejected = Diagnostics::default();
        characters::check(source, &text, &mut rejected);
        if rejected.has_errors() {
            self.found.extend(rejected);
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

    /// Reads a publication. Returns `None` if a part of it cannot be read.
    pub fn publication(
        &mut self,
        slug: &str,
        folder: &str,
        series_folder: Option<String>,
        series: Option<SeriesFile>,
    ) -> Option<Publication> {
        let Some(manifest) = self.toml::<PublicationManifest>(&format!("{folder}/publication.toml"), true) else {
            // Without the manifest, the sections are unknown. The diagnostics of all Markdown files in the folder are still reported.
            let names = self.names(folder, ".md");
            let texts: Vec<SectionText> = names.into_iter().filter_map(|name| self.section_text(folder, &name, None)).collect();
            self.parse_sections(&texts);
            return None;
        };
        self.read_sidecars(folder, 0);
        let names = self.names(folder, ".md");
        let (sections, complete) = self.sections(folder, &manifest, &names);
        let editions = manifest.value.editions.iter();
        let listed = editions.flat_map(|edition| Lineage::of(&manifest.value, edition).sections());
        let listed: BTreeSet<String> = listed.map(|name| name.get_ref().nfc().collect()).collect();
        for name in names {
            // A readme is not a section.
            if !name.eq_ignore_ascii_case("readme") && !listed.contains(&name.nfc().collect::<String>()) {
                let message = format!("no edition lists the file \"{name}.md\"");
                let place = manifest.span(&manifest.value.title);
                let hint = format!("list \"{name}\" in sections, or move the file elsewhere");
                self.found.push(Diagnostic::new(code::UNLISTED_FILE, message).at(place).hint(hint));
            }
        }
        let (slug, folder) = (slug.to_owned(), folder.to_owned());
        complete.then_some(Publication { slug, folder, series_folder, series, manifest, sections })
    }

    /// Reads every section that the publication or one of its editions lists, each once. Also returns whether all could be read.
    fn sections(
        &mut self,
        folder: &str,
        manifest: &Manifest<PublicationManifest>,
        files: &[String],
    ) -> (Vec<AuthoredSection>, bool) {
        let own = (&manifest.value.title, manifest.value.sections.as_slice());
        let editions = manifest.value.editions.iter();
        let editions = editions.filter_map(|edition| Some((&edition.id, edition.sections.as_deref()?)));
        let mut texts: Vec<SectionText> = Vec::new();
        let mut tried: BTreeSet<&str> = BTreeSet::new();
        let mut complete = true;
        for (at, (owner, listed)) in std::iter::once(own).chain(editions).enumerate() {
            if listed.is_empty() {
                let who = if at == 0 { "this publication".into() } else { format!("the edition \"{}\"", owner.get_ref()) };
                let missing = Diagnostic::new(code::TOML_VALUE, format!("{who} has no section")).at(manifest.span(owner));
                self.found.push(missing.hint("list its Markdown files without \".md\": sections = [\"introduction\"]"));
                complete = false;
            }
            if let Some(beyond) = listed.get(MAX_SECTIONS) {
                let message = format!("{} sections are listed here, more than {MAX_SECTIONS}", listed.len());
                let limit = Diagnostic::new(code::LIMIT, message).at(manifest.span(beyond));
                self.found.push(limit.hint("split it into several publications of one series"));
                complete = false;
                continue;
            }
            let mut here: BTreeSet<&str> = BTreeSet::new();
            for written in listed {
                let (name, span) = (written.get_ref().as_str(), manifest.span(written));
                if !here.insert(name) {
                    let twice = Diagnostic::new(code::DUPLICATE, format!("the section \"{name}\" is listed twice"));
                    self.found.push(twice.at(span).hint("list it once"));
                } else if tried.insert(name) {
                    let section = self.section(folder, name, span, files);
                    complete &= section.is_some();
                    texts.extend(section);
                }
            }
        }
        let sections = self.parse_sections(&texts);
        complete &= sections.len() == texts.len();
        (sections, complete)
    }

    /// Reads the sidecar files of images: `image.png.toml`.
    fn read_sidecars(&mut self, folder: &str, depth: usize) {
        for name in self.names(folder, ".toml").into_iter().filter(|name| name.contains('.')) {
            let image = format!("{folder}/{name}");
            if let Some(sidecar) = self.toml::<AssetManifest>(&format!("{image}.toml"), false) {
                self.sidecars.insert(image.nfc().collect(), sidecar);
            }
        }
        if depth < 4 {
            self.root.folders(folder).iter().for_each(|inner| self.read_sidecars(inner, depth + 1));
        }
    }

    fn section(&mut self, folder: &str, name: &str, span: Span, files: &[String]) -> Option<SectionText> {
        if let Some(fault) = name_fault(name) {
            let message = format!("\"{name}\" cannot be the name of a section: {fault}");
            let hint = "give the name of a Markdown file of this folder, without \".md\"";
            self.found.push(Diagnostic::new(code::FILE, message).at(span).hint(hint));
            return None;
        }
        let missing = || {
            let missing = Diagnostic::new(code::FILE, format!("there is no file \"{folder}/{name}.md\"")).at(span);
            missing.suggest(name, files.iter().map(String::as_str))
        };
        self.section_text(folder, name, Some(&missing))
    }

    /// Reads the text of a section.
    fn section_text(&mut self, folder: &str, name: &str, missing: Option<&dyn Fn() -> Diagnostic>) -> Option<SectionText> {
        let (source, text) = self.text(&format!("{folder}/{name}.md"), missing)?;
        Some(SectionText { source, name: name.to_owned(), text })
    }

    /// Parses sections in parallel. Reports and omits those with errors.
    fn parse_sections(&mut self, texts: &[SectionText]) -> Vec<AuthoredSection> {
        let parse = |section: &SectionText| content::read(section.source, &section.name, &section.text, self.strictness);
        let parsed: Vec<_> = texts.par_iter().map(parse).collect();
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

    /// Returns the names in a folder that end in `extension`, without it.
    fn names(&self, folder: &str, extension: &str) -> Vec<String> {
        let names = self.root.names(folder);
        let mut names: Vec<String> = names.iter().filter_map(|name| name.strip_suffix(extension).map(str::to_owned)).collect();
        names.sort();
        names
    }
}

/// A reader of sidecar files for the images that an edition uses from outside the folder of its publication.
#[derive(Debug)]
pub struct SidecarReader {
    sources: Sources,
    found: Diagnostics,
}

/// Offset of the group numbers of these sidecar files. It is larger than the group number of any publication.
const SIDECAR_GROUPS: u32 = 1 << 30;

impl SidecarReader {
    /// Creates a reader for a publication.
    pub fn new(home: &Home) -> Self {
        Self { sources: Sources::of_group(SIDECAR_GROUPS + home.group), found: Diagnostics::default() }
    }

    /// Reads a sidecar file, if it exists.
    pub fn sidecar(&mut self, root: &ProjectRoot, path: &str) -> Option<Manifest<AssetManifest>> {
        let mut reader = Reader::new(root, 0, Strictness::Full);
        std::mem::swap(&mut reader.sources, &mut self.sources);
        let sidecar = reader.toml(path, false);
        self.sources = reader.sources;
        self.found.extend(reader.found);
        sidecar
    }

    /// Returns the sources that were read, and takes the diagnostics.
    pub fn take(&mut self) -> (Sources, Diagnostics) {
        (self.sources.clone(), std::mem::take(&mut self.found))
    }
}
