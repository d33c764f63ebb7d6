//! Stamps: from which inputs each artefact was made, so that what is up to date is not made again.
//!
//! A stamp is only a memory: an artefact counts as up to date when its inputs **and** its own bytes have the digests kept. The
//! file may be deleted at any time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

use blake3::Hasher;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::door::Door;
use super::write;

/// Name of the file, in the output folder.
const FILE: &str = ".reliure-stamps.json";

/// The file is read up to this size.
const MOST: u64 = 16 << 20;

/// The stamps of an output folder, by the artefacts' paths in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Stamps(BTreeMap<String, Stamp>);

/// What one artefact was made from, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct Stamp {
    inputs: String,
    content: String,
}

impl Stamps {
    /// Reads the stamps of an output folder; none when there are none, or when they cannot be read.
    pub fn read(folder: &Path) -> Self {
        plain(&folder.join(FILE), MOST).and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Tells whether an artefact was made from these inputs and is still what was made.
    pub fn hold(&self, folder: &Path, name: &str, inputs: &str) -> bool {
        let stamp = self.0.get(name).filter(|stamp| stamp.inputs == inputs);
        stamp.is_some_and(|stamp| digest_file(&folder.join(name)).is_some_and(|content| content == stamp.content))
    }

    /// Tells whether no artefact is stamped.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Stamps an artefact.
    pub fn set(&mut self, name: &str, inputs: &str, bytes: &[u8]) {
        self.0.insert(name.to_owned(), Stamp { inputs: inputs.to_owned(), content: digest(bytes) });
    }

    /// Forgets an artefact.
    pub fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Keeps the stamps. One that cannot be kept costs a build, no more.
    pub fn keep(&self, folder: &Path) {
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        if *self != Self::read(folder) {
            let _ = write(&folder.join(FILE), &bytes);
        }
    }

    /// Removes the stamps of an output folder.
    pub fn remove(folder: &Path) {
        let _ = super::remove(&folder.join(FILE));
    }
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_string()
}

/// Reads an ordinary file: a pipe in its place would be waited for.
fn plain(path: &Path, most: u64) -> Option<Vec<u8>> {
    let meta = fs::metadata(path).ok().filter(|meta| meta.is_file() && meta.len() <= most)?;
    fs::read(path).ok().filter(|bytes| bytes.len() as u64 == meta.len())
}

/// Digests an ordinary file, whatever its size.
fn digest_file(path: &Path) -> Option<String> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut whole = Hasher::new();
    whole.update_reader(File::open(path).ok()?).ok()?;
    Some(whole.finalize().to_string())
}

/// Digests of the files below the project's root: paths with forward slashes.
#[derive(Debug, Default)]
pub struct Inputs(BTreeMap<String, String>);

impl Inputs {
    /// Reads every file of these folders and files, which are paths from the project's root. Hidden ones are no inputs. What
    /// `held` has of a file in memory is not read again.
    pub fn read(door: &Door, paths: &[&str], held: &dyn Fn(&str) -> Option<Bytes>) -> Self {
        let mut walk = Walk { door, held, inputs: Self::default(), linked: BTreeSet::new() };
        paths.iter().for_each(|path| walk.add(path, path));
        walk.inputs
    }

    /// Digests the inputs whose paths are wanted, together with words that say how they are used.
    pub fn digest(&self, wanted: impl Fn(&str) -> bool, words: &[&str]) -> String {
        let mut whole = Hasher::new();
        let mut add = |text: &str| {
            whole.update(&(text.len() as u64).to_le_bytes());
            whole.update(text.as_bytes());
        };
        words.iter().for_each(|word| add(word));
        for (path, digest) in self.0.iter().filter(|(path, _)| wanted(path)) {
            add(path);
            add(digest);
        }
        whole.finalize().to_string()
    }
}

/// A walk over the inputs.
struct Walk<'a> {
    door: &'a Door,
    held: &'a dyn Fn(&str) -> Option<Bytes>,
    inputs: Inputs,
    /// Folders that links led to.
    linked: BTreeSet<String>,
}

impl Walk<'_> {
    /// Adds what stands at `path`, under the name `name`. A folder that a link leads to is added once, under a name that no
    /// publication has: it is an input of all of them. So links in a circle end, and links over links do not multiply.
    fn add(&mut self, path: &str, name: &str) {
        let place = self.door.root().join(path);
        if place.is_symlink() {
            let real = place.canonicalize().ok().and_then(|real| self.door.inner(&real));
            self.inputs.0.insert(format!("{name} leads to"), real.clone().unwrap_or_default());
            if let Some(real) = real.filter(|real| self.linked.insert(real.clone())) {
                self.add(&real, &format!("a link leads to/{real}"));
            }
            return;
        }
        if !place.is_dir() {
            let digest = (self.held)(path).map(|bytes| digest(&bytes)).or_else(|| digest_file(&place));
            self.inputs.0.extend(digest.map(|digest| (name.to_owned(), digest)));
            return;
        }
        for entry in fs::read_dir(&place).into_iter().flatten().flatten() {
            let Ok(inner) = entry.file_name().into_string() else { continue };
            if !inner.starts_with('.') {
                self.add(&format!("{path}/{inner}"), &format!("{name}/{inner}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artefact_is_current_only_while_inputs_and_bytes_are_the_same() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.pdf"), b"one").unwrap();
        let mut stamps = Stamps::default();
        stamps.set("a.pdf", "inputs", b"one");
        stamps.keep(folder.path());
        let read = Stamps::read(folder.path());
        assert_eq!(read, stamps);
        assert!(read.hold(folder.path(), "a.pdf", "inputs"));
        assert!(!read.hold(folder.path(), "a.pdf", "others") && !read.hold(folder.path(), "b.pdf", "inputs"));
        fs::write(folder.path().join("a.pdf"), b"two").unwrap();
        assert!(!read.hold(folder.path(), "a.pdf", "inputs"), "somebody changed it");
        fs::write(folder.path().join(FILE), b"{ damaged").unwrap();
        assert_eq!(Stamps::read(folder.path()), Stamps::default());
    }

    #[test]
    fn inputs_differ_when_a_name_or_a_byte_does() {
        let root = tempfile::tempdir().unwrap();
        let digest = |words: &[&str]| Inputs::read(&Door::new(root.path()), &["in"], &|_| None).digest(|_| true, words);
        fs::create_dir_all(root.path().join("in/deep")).unwrap();
        fs::write(root.path().join("in/deep/a.md"), b"x").unwrap();
        let first = digest(&["pdf"]);
        assert_eq!(digest(&["pdf"]), first);
        assert_ne!(digest(&["epub"]), first);
        fs::write(root.path().join("in/.hidden"), b"x").unwrap();
        assert_eq!(digest(&["pdf"]), first, "a hidden file is no input");
        fs::write(root.path().join("in/deep/a.md"), b"y").unwrap();
        assert_ne!(digest(&["pdf"]), first);
    }
}
