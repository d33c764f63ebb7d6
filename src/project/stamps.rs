//! Stamps: from which inputs each artefact was made, so that what is up to date is not made again.
//!
//! A stamp is only a memory: an artefact counts as up to date when its inputs **and** its own bytes have the digests kept. The
//! file may be deleted at any time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::write;

/// Name of the file, in the output folder.
const FILE: &str = ".reliure-stamps.json";

/// How deep folders of inputs are read.
const DEPTH: usize = 16;

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
        fs::read(folder.join(FILE)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Tells whether an artefact was made from these inputs and is still what was made.
    pub fn hold(&self, folder: &Path, name: &str, inputs: &str) -> bool {
        let stamp = self.0.get(name).filter(|stamp| stamp.inputs == inputs);
        stamp.is_some_and(|stamp| fs::read(folder.join(name)).is_ok_and(|bytes| digest(&bytes) == stamp.content))
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
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Digests of the files below the project's root: paths with forward slashes.
#[derive(Debug, Default)]
pub struct Inputs(BTreeMap<String, String>);

impl Inputs {
    /// Reads every file of these folders and files, which are paths from `root`. Hidden ones are no inputs.
    pub fn read(root: &Path, paths: &[&str]) -> Self {
        let mut inputs = Self::default();
        paths.iter().for_each(|path| inputs.add(root, path, 0));
        inputs
    }

    fn add(&mut self, root: &Path, path: &str, depth: usize) {
        let place = root.join(path);
        if !place.is_dir() {
            if let Ok(bytes) = fs::read(&place) {
                self.0.insert(path.to_owned(), digest(&bytes));
            }
            return;
        }
        for entry in fs::read_dir(&place).into_iter().flatten().flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if !name.starts_with('.') && depth < DEPTH {
                self.add(root, &format!("{path}/{name}"), depth + 1);
            }
        }
    }

    /// Digests the inputs whose paths are wanted, together with words that say how they are used.
    pub fn digest(&self, wanted: impl Fn(&str) -> bool, words: &[&str]) -> String {
        let mut whole = Sha256::new();
        for word in words {
            whole.update((word.len() as u64).to_le_bytes());
            whole.update(word);
        }
        for (path, digest) in self.0.iter().filter(|(path, _)| wanted(path)) {
            whole.update((path.len() as u64).to_le_bytes());
            whole.update(path);
            whole.update(digest);
        }
        hex(&whole.finalize())
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
        let digest = |words: &[&str]| Inputs::read(root.path(), &["in"]).digest(|_| true, words);
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
