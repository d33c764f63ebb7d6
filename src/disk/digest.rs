//! BLAKE3 digests of files and folders, which detect changes. Modification times are not used.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File, FileType};
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use blake3::Hasher;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{MAX_BYTES, ProjectRoot};

/// A BLAKE3 digest, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Returns the digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Returns the digest of a list of texts. Their lengths are included, so that different lists have different digests.
    pub fn of_list<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hasher = Hasher::new();
        for text in texts {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        Self::from(&hasher)
    }
}

impl From<&Hasher> for Digest {
    fn from(hasher: &Hasher) -> Self {
        Self(*hasher.finalize().as_bytes())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = blake3::HexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(*blake3::Hash::from_hex(text)?.as_bytes()))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Reads a regular file of at most `limit` bytes. Returns `None` for anything else, because opening a pipe would block.
pub fn read_regular(path: &Path, limit: u64) -> Option<Vec<u8>> {
    let meta = fs::metadata(path).ok().filter(|meta| meta.is_file() && meta.len() <= limit)?;
    fs::read(path).ok().filter(|bytes| bytes.len() as u64 == meta.len())
}

/// Returns the size of a regular file in bytes.
pub fn size_of(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|meta| meta.len())
}

/// Maximum size in bytes of a file whose digest is computed from its bytes in memory.
const SMALL_FILE: u64 = 1 << 20;

/// Returns the digest of a regular file of any size.
pub fn digest_file(path: &Path) -> Option<Digest> {
    let meta = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let file = File::open(path).ok()?;
    // For a small file this is faster than allocating the buffer of a reader.
    if meta.len() <= SMALL_FILE {
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).ok()? + 1);
        let read = file.take(SMALL_FILE + 1).read_to_end(&mut bytes).ok()? as u64;
        // A file that has grown since is read again.
        return if read > SMALL_FILE { digest_reader(File::open(path).ok()?) } else { Some(Digest::of(&bytes)) };
    }
    digest_reader(file)
}

/// Returns the digest of everything that a reader returns.
fn digest_reader(reader: impl Read) -> Option<Digest> {
    let mut hasher = Hasher::new();
    hasher.update_reader(reader).ok()?;
    Some(Digest::from(&hasher))
}

/// Returns the digest of an input file. For a file above the size limit of inputs, returns the digest of its size, because such a
/// file is rejected without being read.
pub fn digest_input(path: &Path) -> Option<Digest> {
    match size_of(path)? {
        size if size > MAX_BYTES => Some(Digest::of(format!("{size} bytes").as_bytes())),
        _ => digest_file(path),
    }
}

/// Digests of files, by path from the project's root with forward slashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileDigests(BTreeMap<String, Digest>);

impl FileDigests {
    /// Digests every file of a folder and its subfolders, or one file. Hidden files are skipped. A file whose bytes `cached`
    /// returns is not read again.
    pub fn read(root: &ProjectRoot, path: &str, cached: &dyn Fn(&str) -> Option<Bytes>) -> Self {
        let mut digests = Self::default();
        walk(root, path, &mut |name, found| {
            let digest = match found {
                Found::Link(target) => Some(Digest::of(target.unwrap_or_default().as_bytes())),
                Found::File(path) => {
                    cached(path).map(|bytes| Digest::of(&bytes)).or_else(|| digest_input(&root.path().join(path)))
                }
            };
            digests.0.extend(digest.map(|digest| (name.to_owned(), digest)));
        });
        digests
    }

    /// Returns the digest of all paths and digests.
    pub fn combined(&self) -> Digest {
        let mut hasher = Hasher::new();
        for (path, digest) in &self.0 {
            hasher.update(&(path.len() as u64).to_le_bytes());
            hasher.update(path.as_bytes());
            hasher.update(&digest.0);
        }
        Digest::from(&hasher)
    }
}

/// A file or a symbolic link that a traversal finds.
pub enum Found<'a> {
    /// A regular file, with its path from the root.
    File(&'a str),
    /// A symbolic link, with the path from the root to which it leads; `None` if it leads out of the project.
    Link(Option<&'a str>),
}

/// Calls `visit` on every file and symbolic link below a path, with its name. Hidden files are skipped.
pub fn walk(root: &ProjectRoot, path: &str, visit: &mut dyn FnMut(&str, Found<'_>)) {
    let Ok(meta) = fs::symlink_metadata(root.path().join(path)) else { return };
    FolderWalk { root, visit, linked: BTreeSet::new() }.add(path, path, meta.file_type());
}

/// A traversal of the files below a path.
struct FolderWalk<'a> {
    root: &'a ProjectRoot,
    visit: &'a mut dyn FnMut(&str, Found<'_>),
    /// Folders that have been entered through symbolic links.
    linked: BTreeSet<String>,
}

impl FolderWalk<'_> {
    /// Adds the file or folder at `path`, which has the type `kind`, under the name `name`.
    fn add(&mut self, path: &str, name: &str, kind: FileType) {
        if kind.is_symlink() {
            self.add_link(path, name);
        } else if kind.is_dir() {
            for entry in fs::read_dir(self.root.path().join(path)).into_iter().flatten().flatten() {
                let (Ok(inner), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else { continue };
                if !inner.starts_with('.') {
                    self.add(&format!("{path}/{inner}"), &format!("{name}/{inner}"), kind);
                }
            }
        } else {
            (self.visit)(name, Found::File(path));
        }
    }

    /// Adds the symbolic link at `path`, and its target under a name derived from the path of the target. A target of several
    /// links is added only once, so that the traversal of cyclic links ends and its cost stays linear.
    fn add_link(&mut self, path: &str, name: &str) {
        let real = self.root.path().join(path).canonicalize().ok().and_then(|real| self.root.relative(&real));
        (self.visit)(&format!("{name} leads to"), Found::Link(real.as_deref()));
        let Some(real) = real.filter(|real| self.linked.insert(real.clone())) else { return };
        if let Ok(meta) = fs::symlink_metadata(self.root.path().join(&real)) {
            self.add(&real, &format!("target of a link/{real}"), meta.file_type());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_depends_on_names_and_contents() {
        let root = tempfile::tempdir().unwrap();
        let digest = || FileDigests::read(&ProjectRoot::new(root.path()), "in", &|_| None).combined();
        fs::create_dir_all(root.path().join("in/deep")).unwrap();
        fs::write(root.path().join("in/deep/a.md"), b"x").unwrap();
        let first = digest();
        assert_eq!(digest(), first);
        fs::write(root.path().join("in/.hidden"), b"x").unwrap();
        assert_eq!(digest(), first, "hidden files are ignored");
        fs::write(root.path().join("in/deep/a.md"), b"y").unwrap();
        assert_ne!(digest(), first);
        fs::write(root.path().join("in/deep/a.md"), b"x").unwrap();
        fs::rename(root.path().join("in/deep/a.md"), root.path().join("in/deep/b.md")).unwrap();
        assert_ne!(digest(), first);
    }

    #[test]
    fn digest_round_trips() {
        let digest = Digest::of(b"x");
        assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
        assert!("00".parse::<Digest>().is_err());
        assert_ne!(Digest::of_list(["ab", "c"]), Digest::of_list(["a", "bc"]));
    }
}
