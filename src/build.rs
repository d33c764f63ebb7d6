//! Has the crate compiled again when a layout or a font that it carries changes, and names the build by what it is made of.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo this way")]

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

/// What decides on the artefacts that the command makes.
const INPUTS: [&str; 4] = ["Cargo.lock", "fonts", "layouts", "src"];

fn main() {
    // The hasher has fixed keys: equal inputs give equal names on any machine.
    let mut hasher = DefaultHasher::new();
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
        files(Path::new(input), &mut |path| {
            path.hash(&mut hasher);
            fs::read(path).unwrap_or_default().hash(&mut hasher);
        });
    }
    println!("cargo::rustc-env=RELIURE_BUILD={:016x}", hasher.finish());
}

/// Calls `visit` on every file below a path, in order of name.
fn files(path: &Path, visit: &mut dyn FnMut(&Path)) {
    if !path.is_dir() {
        return visit(path);
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut inner: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    inner.sort();
    inner.iter().for_each(|path| files(path, visit));
}
