//! The root folder of a project: reads regular files in it, up to a size limit, and lists folders.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::Files;
use crate::diagnostic::{Diagnostic, code};

/// Maximum size of a text, in bytes.
pub const MAX_TEXT: u64 = 32 << 20;

/// Maximum size of an image, a font or a file of a layout, in bytes.
pub const MAX_BYTES: u64 = 256 << 20;

/// The reason why a file was not read.
#[derive(Debug)]
pub enum ReadError {
    /// There is no such file.
    Missing,
    /// The path leads out of the project, directly or by a symbolic link.
    Outside,
    /// The path names a folder, a pipe or a device.
    NotAFile,
    /// The file is larger than this limit.
    TooLarge(u64),
    /// The operating system reported another error.
    Disk(io::Error),
}

impl ReadError {
    /// Returns the diagnostic for a file that cannot be read.
    pub fn diagnostic(&self, path: &str) -> Diagnostic {
        let (fact, hint) = match self {
            Self::Missing => ("does not exist".into(), "create it"),
            Self::Outside => {
                ("leads out of the project".into(), "replace it with a copy of the file: links may not lead out of the project")
            }
            Self::NotAFile => ("is not a regular file".into(), "replace it with a file"),
            Self::TooLarge(limit) => (format!("is larger than {} MiB", limit >> 20), "split it, or make it smaller"),
            Self::Disk(error) => (format!("cannot be read: {error}"), system_hint(error)),
        };
        Diagnostic::new(code::FILE, format!("\"{path}\" {fact}")).hint(hint)
    }
}

/// Returns the hint for an error of the operating system.
pub fn system_hint(error: &io::Error) -> &'static str {
    // ENFILE and EMFILE have no `ErrorKind`.
    if cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24)) {
        return "too many files are open: allow more with `ulimit -n 1024`";
    }
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space on the disk",
        ErrorKind::ReadOnlyFilesystem => "choose a folder on a disk that can be written to",
        ErrorKind::OutOfMemory => "close other programs, or build fewer publications at a time",
        _ => "check its permissions",
    }
}

/// The root folder of a project. Paths are relative to it, with forward slashes.
#[derive(Debug)]
pub struct ProjectRoot {
    root: PathBuf,
    /// The canonical path of the root.
    canonical: Option<PathBuf>,
}

impl ProjectRoot {
    /// Creates the root from a folder.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), canonical: root.canonicalize().ok() }
    }

    /// Reads a file of at most `limit` bytes. The Unicode composition of accents in names is ignored.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is missing, outside the project, not a regular file, too large or unreadable.
    pub fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let place = self.find(path).ok_or(ReadError::Missing)?;
        let inside = self.canonical.as_ref().is_some_and(|root| place.starts_with(root));
        if !inside {
            return Err(ReadError::Outside);
        }
        // Opening a pipe would block, and a device may never end.
        let meta = fs::metadata(&place).map_err(ReadError::Disk)?;
        if !meta.is_file() {
            return Err(ReadError::NotAFile);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len().min(limit)).unwrap_or_default() + 1);
        let file = File::open(&place).map_err(ReadError::Disk)?;
        file.take(limit + 1).read_to_end(&mut bytes).map_err(ReadError::Disk)?;
        if bytes.len() as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
    }

    /// Returns the root folder.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Converts a canonical path to a path relative to the root. Returns `None` if it is outside.
    pub fn relative(&self, place: &Path) -> Option<String> {
        let inner = place.strip_prefix(self.canonical.as_ref()?).ok()?;
        Some(inner.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
    }

    /// Returns whether a path is inside the project, or would be after it is created.
    pub fn contains(&self, place: &Path) -> bool {
        let real = place.ancestors().find_map(|place| {
            let place = if place.as_os_str().is_empty() { Path::new(".") } else { place };
            // The target of a dangling link may later be created outside.
            if place.is_symlink() && !place.exists() { Some(PathBuf::new()) } else { place.canonicalize().ok() }
        });
        self.canonical.as_ref().is_some_and(|root| real.is_some_and(|real| real.starts_with(root)))
    }

    /// Returns whether the path is a folder.
    pub fn is_dir(&self, path: &str) -> bool {
        self.root.join(path).is_dir()
    }

    /// Returns whether the path is a regular file.
    pub fn is_file(&self, path: &str) -> bool {
        self.root.join(path).is_file()
    }

    /// Returns the folders in a folder as paths from the root, sorted. Hidden folders are skipped.
    pub fn folders(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(path)).into_iter().flatten().flatten();
        let is_dir = |entry: &fs::DirEntry| match entry.file_type() {
            Ok(kind) if !kind.is_symlink() => kind.is_dir(),
            _ => entry.path().is_dir(),
        };
        let folders = entries.filter(is_dir).filter_map(|entry| entry.file_name().into_string().ok());
        let mut folders: Vec<String> =
            folders.filter(|name| !name.starts_with('.')).map(|name| format!("{path}/{name}")).collect();
        folders.sort();
        folders
    }

    /// Returns the names in a folder, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    /// Reads a folder and its subfolders, at most four levels deep, into `files` under `prefix`. Skips symbolic links, hidden
    /// folders, and a folder outside the project. Returns the files that cannot be read, such as those over the size limit, in
    /// order.
    pub fn read_folder(&self, folder: &str, prefix: &str, files: &mut Files) -> Vec<(String, ReadError)> {
        let own = self.root.join(folder);
        let mut unread = Vec::new();
        if own.is_dir() && self.contains(&own) {
            read_folder(&own, prefix, 0, &mut FolderReading { files, unread: &mut unread });
        }
        unread.sort_by(|(one, _), (other, _)| one.cmp(other));
        unread
    }

    /// Returns the canonical path of a file, or `None` if it does not exist.
    fn find(&self, path: &str) -> Option<PathBuf> {
        match self.root.join(path).canonicalize() {
            Ok(place) => Some(place),
            Err(error) if error.kind() == ErrorKind::NotFound => find_normalized(&self.root, path)?.canonicalize().ok(),
            Err(_) => Some(self.canonical.as_ref()?.join(path)),
        }
    }
}

/// The files of a folder that is being read.
struct FolderReading<'a> {
    files: &'a mut Files,
    unread: &'a mut Vec<(String, ReadError)>,
}

fn read_folder(folder: &Path, prefix: &str, depth: usize, reading: &mut FolderReading<'_>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
        let path = format!("{prefix}/{name}");
        if kind.is_dir() && depth < 4 && !name.starts_with('.') {
            read_folder(&entry.path(), &path, depth + 1, reading);
        } else if kind.is_file() {
            let read = match entry.metadata() {
                Ok(meta) if meta.len() > MAX_BYTES => Err(ReadError::TooLarge(MAX_BYTES)),
                Ok(_) => fs::read(entry.path()).map_err(ReadError::Disk),
                Err(error) => Err(ReadError::Disk(error)),
            };
            match read {
                Ok(bytes) => {
                    reading.files.insert(path, bytes.into());
                }
                Err(error) => reading.unread.push((path, error)),
            }
        }
    }
}

/// Returns the place of a path in a folder. The accents of names can be composed otherwise on the disk.
pub fn locate(root: &Path, path: &str) -> PathBuf {
    let place = root.join(path);
    if place.exists() { place } else { find_normalized(root, path).unwrap_or(place) }
}

/// Returns a path with composed accents, which does not depend on the file system.
pub fn composed(path: &str) -> String {
    path.nfc().collect()
}

/// Finds a path whose names differ from those of `path` only in the Unicode composition of accents, which some file systems
/// change.
fn find_normalized(root: &Path, path: &str) -> Option<PathBuf> {
    if path.is_ascii() {
        return None;
    }
    let mut place = root.to_owned();
    for part in path.split('/') {
        let next = place.join(part);
        place = if next.exists() { next } else { find_normalized_name(&place, part)? };
    }
    Some(place)
}

fn find_normalized_name(folder: &Path, name: &str) -> Option<PathBuf> {
    let wanted: String = name.nfc().collect();
    let names = fs::read_dir(folder).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|other| other.nfc().eq(wanted.chars())).collect();
    names.sort();
    names.first().map(|name| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> (tempfile::TempDir, ProjectRoot) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("secret"), "x").unwrap();
        fs::write(folder.path().join("in/a"), "12345").unwrap();
        let root = ProjectRoot::new(&folder.path().join("in"));
        (folder, root)
    }

    #[test]
    fn reads_a_file_up_to_the_limit() {
        let (_folder, root) = project();
        assert_eq!(root.read("a", 5).unwrap(), b"12345");
        assert!(matches!(root.read("a", 4), Err(ReadError::TooLarge(4))));
        assert!(matches!(root.read("b", 5), Err(ReadError::Missing)));
        assert!(matches!(root.read("", 5), Err(ReadError::NotAFile)), "a folder");
    }

    #[test]
    fn rejects_files_outside_the_project() {
        let (folder, root) = project();
        assert!(matches!(root.read("../secret", 5), Err(ReadError::Outside)));
        assert!(matches!(root.read(folder.path().join("secret").to_str().unwrap(), 5), Err(ReadError::Outside)));
    }

    #[test]
    fn ignores_the_composition_of_accents() {
        let (folder, root) = project();
        fs::create_dir(folder.path().join("in/e\u{301}te\u{301}")).unwrap();
        fs::write(folder.path().join("in/e\u{301}te\u{301}/\u{e0}.md"), "x").unwrap();
        assert_eq!(root.read("\u{e9}t\u{e9}/a\u{300}.md", 5).unwrap(), b"x");
        assert!(matches!(root.read("\u{e9}t\u{e8}/a\u{300}.md", 5), Err(ReadError::Missing)));
    }
}
