//! The artefact store: what was made, so that it need not be made again.
//!
//! A store keeps bytes by their digest and entries by key. A key is the digest of everything that decides the bytes of a product: the
//! resolved edition, what the product reads beside it, and the build of the tool. Bytes are compared with their digest whenever they are
//! read, so a store may lose or damage anything: that costs a build, no more.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::check;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, SourceId, Sources, Span};
use crate::disk::{self, Digest};
use crate::paginate::PageStart;

/// Maximum size of an entry or of the record of last builds, in bytes.
const MOST: u64 = 256 << 20;

/// Keeps artefacts and what is known of them.
pub trait ArtefactStore: Send + Sync {
    /// Returns the entry of a key.
    fn entry(&self, key: &Digest) -> Option<StoreEntry>;

    /// Keeps an entry.
    ///
    /// # Errors
    ///
    /// Fails if the entry cannot be written; nothing but time is lost then.
    fn put_entry(&self, key: &Digest, entry: &StoreEntry) -> io::Result<()>;

    /// Returns the bytes of a digest, which they were compared with.
    fn bytes(&self, digest: &Digest) -> Option<Vec<u8>>;

    /// Keeps the bytes of a file, whose digest this is.
    ///
    /// # Errors
    ///
    /// Fails if the bytes cannot be kept; nothing but time is lost then.
    fn put_bytes(&self, digest: &Digest, file: &Path) -> io::Result<()>;

    /// Returns a converted image. The key is the digest of everything that decides its bytes.
    fn image(&self, key: &Digest) -> Option<Vec<u8>>;

    /// Keeps a converted image.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be written; nothing but time is lost then.
    fn put_image(&self, key: &Digest, bytes: &[u8]) -> io::Result<()>;
}

/// What is known of one product of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct StoreEntry {
    /// Digest of its bytes.
    pub bytes: Digest,
    /// Digest of the texts that the places of the diagnostics are offsets into.
    pub texts: Digest,
    /// What the stages after the key reported, before the project's policy.
    pub diagnostics: Vec<StoredDiagnostic>,
    /// The pages were laid out and checked.
    pub pages_checked: bool,
    /// Where the text of each page starts, if the pages were laid out.
    pub page_starts: Vec<PageStart>,
}

/// A diagnostic whose places name their files by path.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct StoredDiagnostic {
    code: String,
    error: bool,
    message: String,
    place: Option<FileRange>,
    related: Vec<(FileRange, String)>,
    hints: Vec<String>,
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
    /// Converts diagnostics, in order of place; none if a place cannot be named by a path.
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
        })
    }

    /// Converts them back; `find` returns the id of a file. None if a code or a file is unknown.
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
        let told = Diagnostic::new(code, self.message.clone()).with_severity(severity).at(span);
        let told = related?.into_iter().fold(told, |told, (place, words)| told.related(place, words));
        Some(self.hints.iter().cloned().fold(told, Diagnostic::hint))
    }
}

/// A store in a folder beside the artefacts. Bytes are second names of the artefacts' files, where the file system has hard links.
#[derive(Debug)]
pub struct LocalStore {
    folder: PathBuf,
}

/// Name of its folder in the output folder.
const FOLDER: &str = ".reliure";
const ENTRIES: &str = "entries";
const BYTES: &str = "bytes";
const IMAGES: &str = "images";

impl LocalStore {
    /// Opens the store of an output folder.
    pub fn new(output: &Path) -> Self {
        Self { folder: output.join(FOLDER) }
    }

    /// Reads a file of the store.
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_slice(&self.read_bytes(name)?).ok()
    }

    /// Reads a file of the store whose first line is the digest of the rest, and returns the rest.
    fn read_bytes(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = disk::read_plain(&self.folder.join(name), MOST)?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let digest: Digest = std::str::from_utf8(bytes.get(..end)?).ok()?.parse().ok()?;
        bytes.drain(..=end);
        (Digest::of(&bytes) == digest).then_some(bytes)
    }

    /// Writes a file of the store, with its digest.
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

    /// Removes the store: the files that it has written, and its folders if nothing else is in them.
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
        disk::read_plain(&self.bytes_path(digest), u64::MAX).filter(|bytes| Digest::of(bytes) == *digest)
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
        StoreEntry { bytes, texts, diagnostics: Vec::new(), pages_checked: true, page_starts: Vec::new() }
    }

    #[test]
    fn what_is_damaged_is_not_there() {
        let output = tempfile::tempdir().unwrap();
        let store = LocalStore::new(output.path());
        let (key, artefact) = (Digest::of(b"key"), output.path().join("a.pdf"));
        fs::write(&artefact, b"one").unwrap();
        let entry = entry(b"one");
        store.put_bytes(&entry.bytes, &artefact).unwrap();
        store.put_entry(&key, &entry).unwrap();
        assert_eq!(store.entry(&key), Some(entry.clone()));
        assert_eq!(store.bytes(&entry.bytes).as_deref(), Some(&b"one"[..]));
        // The artefact is written anew through another file: the store keeps what it had.
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
    fn only_files_of_the_store_are_removed() {
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
    fn a_diagnostic_is_restored_with_its_places() {
        let mut sources = Sources::of_group(3);
        let id = sources.add("a.md", "text");
        let told = Diagnostic::new(code::TYPST_WARNING, "x").at(Span::new(id, 1..2)).related(Span::new(id, 0..1), "y").hint("z");
        let stored = StoredDiagnostic::all(&told.into(), &sources).unwrap();
        let restored = StoredDiagnostic::restore(&stored, &mut |path| sources.find(path)).unwrap();
        assert_eq!(StoredDiagnostic::all(&restored, &sources), Some(stored.clone()));
        assert!(StoredDiagnostic::restore(&stored, &mut |_| None).is_none());
    }
}
