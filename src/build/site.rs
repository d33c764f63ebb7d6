//! Writes the site, after all editions are built.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::artefacts::{Output, remove_file};
use super::edition::unwritable;
use super::{Artefact, Context, LeftOut, LocalStore, Outcome, Rules};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::disk::{Digest, MAX_BYTES, Staged, digest_file, read_regular, remove_folder, size_of, stays_inside};
use crate::product::Product;
use crate::records::Extents;
use crate::site::{self, Site, SiteEdition, SiteFile, SitePublication};
use crate::workspace::{Home, Workspace};

/// The description of an edition for the site, and the location of its files.
pub struct SitePart {
    /// The data of its page.
    pub shown: SiteEdition,
    /// Folder of the series in the output folder.
    pub series_folder: Option<String>,
    /// File name of its artefacts, without extension.
    pub stem: String,
}

/// Known page counts.
#[derive(Clone, Copy, Debug)]
pub struct KnownPages {
    /// Pages of the PDF.
    pub screen: Option<usize>,
    /// Pages of the print PDF.
    pub print: Option<usize>,
}

impl SitePart {
    /// Adds the files of the edition, whose sizes are not known yet.
    pub fn add_files(&mut self, known: KnownPages) {
        self.shown.extents = Extents { pages: known.screen, print: known.print };
        let folder = self.series_folder.as_ref().map(|folder| format!("{folder}/")).unwrap_or_default();
        let file = |product: Product| {
            let pages = match product {
                Product::ScreenPdf => known.screen,
                Product::PrintPdf => known.print,
                _ => None,
            };
            SiteFile { product, path: format!("{folder}{}", product.file_name(&self.stem)), bytes: 0, pages }
        };
        self.shown.files = Product::ALL.into_iter().filter(|product| product.is_of_edition()).map(file).collect();
    }
}

/// Writes the files of the site that changed. Writes none if an edition has errors, because its page would be incomplete.
pub fn write(parts: Vec<Vec<SitePart>>, context: &Context, outcome: &mut Outcome) {
    let mut left_out = |reason: &str| outcome.left_out.push(missing(reason));
    if outcome.interrupted || outcome.failed || outcome.diagnostics.has_errors() {
        left_out("the site, because it describes every edition and some were not written");
        return;
    }
    let published_url = context.index.published_url();
    if published_url.is_none() {
        left_out("the feed, and the ids and URLs of the linked data, because reliure.toml has no `published-at`");
    }
    let homes: Vec<Home> = context.workspace.homes().into_iter().cloned().collect();
    let publications: Vec<SitePublication> = homes
        .iter()
        .zip(parts)
        .map(|(home, parts)| publication(folder_of(&context.workspace, home), parts, &context.output.folder))
        .filter(|publication| !publication.editions.is_empty())
        .collect();
    let faces = &context.workspace.fonts().faces;
    let files = site::write(&Site { publications: &publications, published_url, faces });
    let edited = edited(&files, &context.output.folder);
    let rules = Rules { levels: context.levels.clone(), ..Rules::default() };
    let edited = rules.policy(&context.request).apply(edited, &mut Vec::new());
    let is_refused = edited.has_errors();
    outcome.diagnostics.extend(edited);
    if is_refused {
        outcome.left_out.push(missing("the site, because some of its files were edited"));
        return;
    }
    let written: WrittenFiles = files.iter().map(|(name, bytes)| (name.clone(), Digest::of(bytes))).collect();
    for (name, bytes) in files {
        let slug = homes.iter().find(|home| name.starts_with(&format!("{}/", folder_of(&context.workspace, home))));
        let slug = slug.map(|home| home.slug.clone()).unwrap_or_default();
        write_file(&context.output.folder.join(&name), &bytes, slug, outcome);
    }
    if !outcome.failed {
        remove_outdated(&context.output.folder, &written, outcome);
    }
}

/// Returns a warning for each edited file that would be replaced or that is no longer part of the site. Without a record of the
/// last build, warns only about HTML pages that reliure did not write.
fn edited(files: &BTreeMap<String, Vec<u8>>, output: &Path) -> Diagnostics {
    let last: Option<WrittenFiles> = LocalStore::new(output).read(RECORD);
    let recorded = |name: &String| last.as_ref().and_then(|last| last.get(name)).copied();
    let is_edited = |(name, bytes): &(&String, &Vec<u8>)| {
        let path = output.join(name);
        let Some(digest) = digest_file(&path).filter(|digest| *digest != Digest::of(bytes)) else { return false };
        match recorded(name) {
            Some(written) => digest != written,
            None => name.ends_with(".html") && !read_regular(&path, MAX_BYTES).is_some_and(|page| site::is_own_page(&page)),
        }
    };
    let warning = |name: &String, state: &str, hint: &str| {
        let origin = if recorded(name).is_some() { "was edited since the last build" } else { "was not written by reliure" };
        let message = format!("\"{}\" {origin}, and {state}", output.join(name).display());
        Diagnostic::new(code::SITE_EDITED, message).hint(hint)
    };
    let replaced = files.iter().filter(is_edited).map(|(name, _)| {
        warning(
            name,
            "is replaced unless `--strict` is given",
            "write the text in the sources, or in a file with another name, which no build changes",
        )
    });
    let outdated = last.iter().flatten().filter(|(name, _)| stays_inside(name) && !files.contains_key(*name));
    let kept = outdated.filter(|(name, digest)| digest_file(&output.join(name)).is_some_and(|actual| actual != **digest));
    let kept = kept.map(|(name, _)| warning(name, "is kept, but no longer part of the site", "remove it, if it is not needed"));
    replaced.chain(kept).collect()
}

/// The files of a site, with their digests.
type WrittenFiles = BTreeMap<String, Digest>;

/// Name of the entry of the store that lists the files of the last site.
pub const RECORD: &str = "site.json";

/// Removes the files of the last site that are not part of this one, such as the page of a deleted publication. A file that was
/// changed since is kept.
fn remove_outdated(output: &Path, written: &WrittenFiles, outcome: &mut Outcome) {
    let store = LocalStore::new(output);
    for (name, path) in unchanged(output, &store) {
        if written.contains_key(&name) {
            continue;
        }
        let mut removed = Outcome::default();
        remove_site_file(&path, &mut removed);
        path.ancestors().skip(1).take_while(|folder| *folder != output).for_each(remove_folder);
        outcome.failed |= removed.failed;
        outcome.diagnostics.extend(removed.diagnostics);
        outcome.left_out.extend(
            removed
                .artefacts
                .iter()
                .map(|_| missing(&format!("{name}, which was removed because it is no longer part of the site"))),
        );
    }
    // If the list cannot be written, the next build cannot remove outdated files.
    let _ = store.write(RECORD, written);
}

/// Returns the names and paths of the files of the last site whose bytes have not changed.
fn unchanged(output: &Path, store: &LocalStore) -> Vec<(String, PathBuf)> {
    let last: WrittenFiles = store.read(RECORD).unwrap_or_default();
    let inside = last.into_iter().filter(|(name, _)| stays_inside(name));
    let known = inside.map(|(name, digest)| (output.join(&name), name, digest));
    known.filter(|(path, _, digest)| digest_file(path).as_ref() == Some(digest)).map(|(path, name, _)| (name, path)).collect()
}

/// Returns the record of a missing site, with the reason.
fn missing(reason: &str) -> LeftOut {
    LeftOut {
        stem: String::new(),
        publication: String::new(),
        edition: String::new(),
        record: Product::Site,
        reason: reason.to_owned(),
    }
}

/// Returns the folder of the page of a publication, relative to the output folder.
fn folder_of(workspace: &Workspace, home: &Home) -> String {
    let series = workspace.series_folder(home).map(|folder| format!("{folder}/")).unwrap_or_default();
    format!("{series}{}", home.slug)
}

/// Describes a publication, the newest edition first, with the files that exist.
fn publication(folder: String, parts: Vec<SitePart>, output: &Path) -> SitePublication {
    let sized = |part: SitePart| {
        let mut edition = part.shown;
        edition.files.retain_mut(|file| match size_of(&output.join(&file.path)) {
            Some(bytes) => {
                file.bytes = bytes;
                true
            }
            None => false,
        });
        edition
    };
    SitePublication { folder, editions: parts.into_iter().rev().map(sized).collect() }
}

fn write_file(path: &Path, bytes: &[u8], publication: String, outcome: &mut Outcome) {
    if digest_file(path) == Some(Digest::of(bytes)) {
        outcome.current += 1;
        return;
    }
    match Staged::write(path, bytes).and_then(Staged::commit) {
        Ok(()) => outcome.artefacts.push(Artefact {
            publication,
            edition: String::new(),
            product: Product::Site,
            path: path.to_owned(),
            bytes: bytes.len() as u64,
            extent: None,
            listed: None,
        }),
        Err(error) => {
            outcome.diagnostics.push(unwritable(path, &error));
            outcome.failed = true;
        }
    }
}

/// Removes the files of the last site. A file that was edited since is kept, with a warning.
pub fn remove(output: &Output, outcome: &mut Outcome) {
    let store = LocalStore::new(&output.folder);
    for (_, path) in unchanged(&output.folder, &store) {
        remove_site_file(&path, outcome);
    }
    let last: WrittenFiles = store.read(RECORD).unwrap_or_default();
    let edited = last.keys().filter(|name| stays_inside(name)).map(|name| output.folder.join(name)).filter(|path| path.is_file());
    let kept = edited.map(|path| {
        let message = format!("\"{}\" was edited since the last build, and is kept", path.display());
        Diagnostic::new(code::SITE_EDITED, message).hint("remove it, if it is not needed")
    });
    outcome.diagnostics.extend(kept.collect::<Diagnostics>());
}

fn remove_site_file(path: &Path, outcome: &mut Outcome) {
    let (publication, edition, path) = (String::new(), String::new(), path.to_owned());
    let artefact = Artefact { publication, edition, product: Product::Site, path, bytes: 0, extent: None, listed: None };
    remove_file(artefact, outcome);
}
