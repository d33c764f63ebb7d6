//! The artefact store: keeps products of earlier builds, to avoid building them again.
//!
//! A store keeps bytes by their digest and entries by key. A key is the digest of everything that determines the bytes of a
//! product: the resolved edition, other inputs of the product, and the build of the tool. Bytes are compared with their digest
//! when they are read, so a lost or damaged file only causes another build.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::press::Extent;
use crate::check;
use crate::diagnostic::{Diagnostic, Diagnostics, PagePlace, Severity, SourceId, Sources, Span};
use crate::disk::{self, Digest, STORE};
use crate::output::epub::ListedPages;
use crate::paginate::PageStart;

/// Maximum size of an entry or of the record of last builds, in bytes.
const MAX_SIZE: u64 = 256 << 20;

/// Keeps artefacts and their diagnostics.
pub trait ArtefactStore: Send + Sync {
    /// Returns the entry of a key.
    fn entry(&self, key: &Digest) -> Option<StoreEntry>;

    /// Stores an entry.
    ///
    /// # Errors
    ///
    /// Fails if the entry cannot be written. Callers can ignore the error: the product is then built again.
    fn put_entry(&self, key: &Digest, entry: &StoreEntry) -> io::Result<()>;

    /// Returns the bytes with this digest; `None` if they are missing or damaged.
    fn bytes(&self, digest: &Digest) -> Option<Vec<u8>>;

    /// Stores the bytes of a file that has this digest.
    ///
    /// # Errors
    ///
    /// Fails if the bytes cannot be stored. Callers can ignore the error: the product is then built again.
    fn put_bytes(&self, digest: &Digest, file: &Path) -> io::Result<()>;

    /// Returns a converted image. The key is the digest of its inputs.
    fn image(&self, key: &Digest) -> Option<Vec<u8>>;

    /// Stores a converted image.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be written. Callers can ignore the error: the image is then converted again.
    fn put_image(&self, key: &Digest, bytes: &[u8]) -> io::Result<()>;
}

/// The result of building one product of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct StoreEntry {
    /// Digest of its bytes.
    pub bytes: Digest,
    /// Digest of the texts that the spans of the diagnostics refer to.
    pub texts: Digest,
    /// Diagnostics of the stages that run after the key is computed. Severity levels and allowances have not been applied to
    /// them.
    pub diagnostics: Vec<StoredDiagnostic>,
    /// Whether the pages were laid out and checked.
    pub pages_checked: bool,
    /// The start of each page, if the pages were laid out.
    pub page_starts: Vec<PageStart>,
    /// The page count, spine and inks of a print product.
    pub extent: Option<Extent>,
    /// Summary of the page list of an EPUB.
    pub listed: Option<ListedPages>,
}

/// A diagnostic whose locations refer to files by path.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct StoredDiagnostic {
    code: String,
    error: bool,
    message: String,
    place: Option<FileRange>,
    related: Vec<(FileRange, String)>,
    hints: Vec<String>,
    pages: Vec<PagePlace>,
}

/// A byte range of a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct FileRange {
    file: String,
    start: usize,
    end: usize,
}

impl FileRange {
    fn of(span: Span, sources: &Sources) -> Option<Self> {
        Some(Self { file: sources.get(span.source)?.name.clone(), start: span.start, end: span.end })
    }

    fn span(&self, find: &mut dyn FnMut(&str) -> Option<SourceId>) -> Option<Span> {
        Some(Span::new(find(&self.file)?, self.start..self.end))
    }
}

impl StoredDiagnostic {
    /// Converts diagnostics, sorted by location. Returns `None` if a location has no path.
    pub fn all(found: &Diagnostics, sources: &Sources) -> Option<Vec<Self>> {
        found.sorted().into_iter().map(|diagnostic| Self::of(diagnostic, sources)).collect()
    }

    fn of(diagnostic: &Diagnostic, sources: &Sources) -> Option<Self> {
        let place = match diagnostic.span {
            Some(span) => Some(FileRange::of(span, sources)?),
            None => None,
        };
        let related = diagnostic.related.iter().map(|(span, words)| Some((FileRange::of(*span, sources)?, words.clone())));
        Some(Self {
            code: diagnostic.code.to_string(),
            error: diagnostic.severity() == Severity::Error,
            message: diagnostic.message.clone(),
            place,
            related: related.collect::<Option<_>>()?,
            hints: diagnostic.hints.clone(),
            pages: diagnostic.pages.clone(),
        })
    }

    /// Converts stored diagnostics back; `find` returns the id of a file. Returns `None` if a code or a file is unknown.
    pub fn restore(list: &[Self], find: &mut dyn FnMut(&str) -> Option<SourceId>) -> Option<Diagnostics> {
        list.iter().map(|stored| stored.restored(find)).collect()
    }

    fn restored(&self, find: &mut dyn FnMut(&str) -> Option<SourceId>) -> Option<Diagnostic> {
        let code = check::meaning(&self.code)?.code;
        let span = match &self.place {
            Some(place) => Some(place.span(find)?),
            None => None,
        };
        let related: Option<Vec<(Span, String)>> =
            self.related.iter().map(|(place, words)| Some((place.span(find)?, words.clone()))).collect();
        let severity = if self.error { Severity::Error } else { Severity::Warning };
        let diagnostic =
            Diagnostic::new(code, self.message.clone()).with_severity(severity).at(span).on_pages(self.pages.clone());
        let diagnostic = related?.into_iter().fold(diagnostic, |diagnostic, (place, words)| diagnostic.related(place, words));
        Some(self.hints.iter().cloned().fold(diagnostic, Diagnostic::hint))
    }
}

/// A store in a subfolder of the output folder. Keeps bytes as hard links to the artefacts if the file system supports them.
#[derive(Debug)]
pub struct LocalStore {
    folder: PathBuf,
}

const ENTRIES: &str = "entries";
const BYTES: &str = "bytes";
const IMAGES: &str = "images";

impl LocalStore {
    /// Opens the store of an output folder.
    pub fn new(output: &Path) -> Self {
        Self { folder: output.join(STORE) }
    }

    /// Reads a file of the store.
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_slice(&self.read_bytes(name)?).ok()
    }

    /// Reads a file of the store whose first line is the digest of the rest, and returns the rest.
    fn read_bytes(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = disk::read_regular(&self.folder.join(name), MAX_SIZE)?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let digest: Digest = std::str::from_utf8(bytes.get(..end)?).ok()?.parse().ok()?;
        bytes.drain(..=end);
        (Digest::of(&bytes) == digest).then_some(bytes)
    }

    /// Writes a file of the store, with the digest of its content as the first line.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written.
    pub fn write<T: Serialize>(&self, name: &str, value: &T) -> io::Result<()> {
        self.write_bytes(name, serde_json::to_string(value).map_err(io::Error::other)?.as_bytes())
    }

    fn write_bytes(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        disk::write_cache(&self.folder.join(name), &[format!("{}\n", Digest::of(bytes)).as_bytes(), bytes].concat())
    }

    /// Removes the entries, bytes and images that are not in these sets.
    pub fn retain(&self, keys: &BTreeSet<Digest>, digests: &BTreeSet<Digest>, images: &BTreeSet<Digest>) {
        for (name, kept) in [(ENTRIES, keys), (BYTES, digests), (IMAGES, images)] {
            self.remove_digests(name, |digest| !kept.contains(digest));
        }
    }

    fn remove_digests(&self, folder: &str, remove: impl Fn(&Digest) -> bool) {
        let folder = self.folder.join(folder);
        disk::sweep(&folder);
        for name in disk::names(&folder) {
            if name.parse::<Digest>().is_ok_and(|digest| remove(&digest)) {
                disk::remove_file(&folder.join(name));
            }
        }
    }

    /// Removes the entries, bytes, images and `files` of the store, then its folders and the output folder if they are empty.
    pub fn remove(output: &Path, files: &[&str]) {
        let store = Self::new(output);
        for name in [ENTRIES, BYTES, IMAGES] {
            store.remove_digests(name, |_| true);
            disk::remove_folder(&store.folder.join(name));
        }
        files.iter().for_each(|file| disk::remove_file(&store.folder.join(file)));
        disk::remove_folder(&store.folder);
        disk::remove_folder(output);
    }

    fn entry_name(key: &Digest) -> String {
        format!("{ENTRIES}/{key}")
    }

    fn bytes_path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(BYTES).join(digest.to_string())
    }
}

impl ArtefactStore for LocalStore {
    fn entry(&self, key: &Digest) -> Option<StoreEntry> {
        self.read(&Self::entry_name(key))
    }

    fn put_entry(&self, key: &Digest, entry: &StoreEntry) -> io::Result<()> {
        self.write(&Self::entry_name(key), entry)
    }

    fn bytes(&self, digest: &Digest) -> Option<Vec<u8>> {
        disk::read_regular(&self.bytes_path(digest), u64::MAX).filter(|bytes| Digest::of(bytes) == *digest)
    }

    fn put_bytes(&self, digest: &Digest, file: &Path) -> io::Result<()> {
        disk::link_or_copy(file, &self.bytes_path(digest))
    }

    fn image(&self, key: &Digest) -> Option<Vec<u8>> {
        self.read_bytes(&format!("{IMAGES}/{key}"))
    }

    fn put_image(&self, key: &Digest, bytes: &[u8]) -> io::Result<()> {
        self.write_bytes(&format!("{IMAGES}/{key}"), bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::diagnostic::code;

    fn entry(bytes: &[u8]) -> StoreEntry {
        let (bytes, texts) = (Digest::of(bytes), Digest::of(b""));
        StoreEntry {
            bytes,
            texts,
            diagnostics: Vec::new(),
            pages_checked: true,
            page_starts: Vec::new(),
            extent: None,
            listed: None,
        }
    }

    #[test]
    fn rejects_damaged_files() {
        let output = tempfile::tempdir().unwrap();
        let store = LocalStore::new(output.path());
        let (key, artefact) = (Digest::of(b"key"), output.path().join("a.pdf"));
        fs::write(&artefact, b"one").unwrap();
        let entry = entry(b"one");
        store.put_bytes(&entry.bytes, &artefact).unwrap();
        store.put_entry(&key, &entry).unwrap();
        assert_eq!(store.entry(&key), Some(entry.clone()));
        assert_eq!(store.bytes(&entry.bytes).as_deref(), Some(&b"one"[..]));
        // Replacing the artefact does not change the stored bytes.
        disk::Staged::write(&artefact, b"two").and_then(disk::Staged::commit).unwrap();
        assert_eq!(store.bytes(&entry.bytes).as_deref(), Some(&b"one"[..]));
        fs::write(store.bytes_path(&entry.bytes), b"onf").unwrap();
        assert_eq!(store.bytes(&entry.bytes), None);
        let path = store.folder.join(LocalStore::entry_name(&key));
        let good = fs::read(&path).unwrap();
        for bad in [&good[..good.len() - 1], b"", b"{}", &[&good[..], b" "].concat()] {
            fs::write(&path, bad).unwrap();
            assert_eq!(store.entry(&key), None);
        }
    }

    #[test]
    fn removes_only_files_of_the_store() {
        let output = tempfile::tempdir().unwrap();
        let store = LocalStore::new(output.path());
        let (kept, gone) = (Digest::of(b"kept"), Digest::of(b"gone"));
        for key in [kept, gone] {
            store.put_entry(&key, &entry(b"")).unwrap();
            store.put_image(&key, b"pixels").unwrap();
        }
        store.retain(&BTreeSet::from([kept]), &BTreeSet::new(), &BTreeSet::from([kept]));
        assert!(store.entry(&kept).is_some() && store.entry(&gone).is_none());
        assert_eq!((store.image(&kept).as_deref(), store.image(&gone)), (Some(&b"pixels"[..]), None));
        fs::write(output.path().join(".reliure/mine"), b"").unwrap();
        LocalStore::remove(output.path(), &["last"]);
        assert!(store.entry(&kept).is_none() && output.path().join(".reliure/mine").exists());
    }

    #[test]
    fn restores_diagnostics_with_their_locations() {
        let mut sources = Sources::of_group(3);
        let id = sources.add("a.md", "text");
        let page = PagePlace { product: crate::product::Product::PrintPdf, page: 3, bounds: Some([1, 2, 3, 4]) };
        let diagnostic =
            Diagnostic::new(code::TYPST_WARNING, "x").at(Span::new(id, 1..2)).related(Span::new(id, 0..1), "y").hint("z");
        let diagnostic = diagnostic.on_pages([page]);
        let stored = StoredDiagnostic::all(&diagnostic.into(), &sources).unwrap();
        let restored = StoredDiagnostic::restore(&stored, &mut |path| sources.find(path)).unwrap();
        assert_eq!(StoredDiagnostic::all(&restored, &sources), Some(stored.clone()));
        assert!(StoredDiagnostic::restore(&stored, &mut |_| None).is_none());
    }
}
