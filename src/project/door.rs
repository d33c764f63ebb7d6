//! Reading one file: an ordinary one, inside the project, of a size that can be held.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{Diagnostic, code};

/// Bytes of a text, at the most.
pub const MOST_TEXT: u64 = 32 << 20;

/// Bytes of an image, a font or a file of a layout, at the most.
pub const MOST_BYTES: u64 = 256 << 20;

/// Why a file was not read.
#[derive(Debug)]
pub enum Refusal {
    /// There is none.
    Missing,
    /// It, or a link on the way to it, leads out of the project.
    Outside,
    /// It is a folder, a pipe or a device.
    Odd,
    /// It is larger than this.
    TooLarge(u64),
    /// The disk refused it.
    Disk(io::Error),
}

impl Refusal {
    /// Tells of a file that is there and cannot be read.
    pub fn tell(&self, path: &str) -> Diagnostic {
        let (fact, hint) = match self {
            Self::Missing => ("does not exist".into(), "write it"),
            Self::Outside => {
                ("leads out of the project".into(), "put a copy of the file in its place: links may lead inside only")
            }
            Self::Odd => ("is not an ordinary file".into(), "put a file in its place"),
            Self::TooLarge(most) => (format!("is larger than {} MiB", most >> 20), "make several files of it, or a smaller one"),
            Self::Disk(error) => (format!("cannot be read: {error}"), "check its permissions"),
        };
        Diagnostic::new(code::FILE, format!("\"{path}\" {fact}")).hint(hint)
    }
}

/// The root folder of a project.
#[derive(Debug)]
pub struct Door {
    root: PathBuf,
    /// The same without links.
    home: Option<PathBuf>,
}

impl Door {
    /// Opens a project.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), home: root.canonicalize().ok() }
    }

    /// Reads a file by its path from the root. A name whose accents are encoded in the other way is the same name.
    pub fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, Refusal> {
        let place = self.find(path).ok_or(Refusal::Missing)?;
        let inside = self.home.as_ref().is_some_and(|home| place.starts_with(home));
        if !inside {
            return Err(Refusal::Outside);
        }
        // A pipe would be waited for, a device would never end: neither is opened.
        let meta = fs::metadata(&place).map_err(Refusal::Disk)?;
        if !meta.is_file() {
            return Err(Refusal::Odd);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len().min(most)).unwrap_or_default() + 1);
        let file = File::open(&place).map_err(Refusal::Disk)?;
        file.take(most + 1).read_to_end(&mut bytes).map_err(Refusal::Disk)?;
        if bytes.len() as u64 > most { Err(Refusal::TooLarge(most)) } else { Ok(bytes) }
    }

    /// Its root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Path from the root of what stands inside, all links followed; none when it stands outside.
    pub fn inner(&self, place: &Path) -> Option<String> {
        let inner = place.strip_prefix(self.home.as_ref()?).ok()?;
        Some(inner.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
    }

    /// Tells whether a place is inside, or would be once it is made: what exists of its path is.
    pub fn holds(&self, place: &Path) -> bool {
        let real = place.ancestors().find_map(|place| {
            let place = if place.as_os_str().is_empty() { Path::new(".") } else { place };
            // A link that leads nowhere yet may lead out later.
            if place.is_symlink() && !place.exists() { Some(PathBuf::new()) } else { place.canonicalize().ok() }
        });
        self.home.as_ref().is_some_and(|home| real.is_some_and(|real| real.starts_with(home)))
    }

    /// Finds where a path leads, all links followed.
    fn find(&self, path: &str) -> Option<PathBuf> {
        match self.root.join(path).canonicalize() {
            Ok(place) => Some(place),
            Err(error) if error.kind() == ErrorKind::NotFound => spelled(&self.root, path)?.canonicalize().ok(),
            Err(_) => Some(self.home.as_ref()?.join(path)),
        }
    }
}

/// Finds a path whose names are written with accents that are composed in one place and decomposed in the other: some
/// systems change them without a word.
fn spelled(root: &Path, path: &str) -> Option<PathBuf> {
    if path.is_ascii() {
        return None;
    }
    let mut place = root.to_owned();
    for part in path.split('/') {
        let next = place.join(part);
        place = if next.exists() { next } else { alike(&place, part)? };
    }
    Some(place)
}

fn alike(folder: &Path, name: &str) -> Option<PathBuf> {
    let wanted: String = name.nfc().collect();
    let names = fs::read_dir(folder).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|other| other.nfc().eq(wanted.chars())).collect();
    names.sort();
    names.first().map(|name| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door() -> (tempfile::TempDir, Door) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("secret"), "x").unwrap();
        fs::write(folder.path().join("in/a"), "12345").unwrap();
        let door = Door::new(&folder.path().join("in"));
        (folder, door)
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let (_folder, door) = door();
        assert_eq!(door.read("a", 5).unwrap(), b"12345");
        assert!(matches!(door.read("a", 4), Err(Refusal::TooLarge(4))));
        assert!(matches!(door.read("b", 5), Err(Refusal::Missing)));
        assert!(matches!(door.read("", 5), Err(Refusal::Odd)), "a folder");
    }

    #[test]
    fn nothing_outside_is_read() {
        let (folder, door) = door();
        assert!(matches!(door.read("../secret", 5), Err(Refusal::Outside)));
        assert!(matches!(door.read(folder.path().join("secret").to_str().unwrap(), 5), Err(Refusal::Outside)));
    }

    #[test]
    fn accents_may_be_composed_or_not() {
        let (folder, door) = door();
        fs::create_dir(folder.path().join("in/e\u{301}te\u{301}")).unwrap();
        fs::write(folder.path().join("in/e\u{301}te\u{301}/\u{e0}.md"), "x").unwrap();
        assert_eq!(door.read("\u{e9}t\u{e9}/a\u{300}.md", 5).unwrap(), b"x");
        assert!(matches!(door.read("\u{e9}t\u{e8}/a\u{300}.md", 5), Err(Refusal::Missing)));
    }
}
