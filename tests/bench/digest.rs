//! The lower bound of a build without changes: `digest PATH…` reads every file of the folders once, sequentially, computes its
//! BLAKE3 digest, and prints the number of files. No tool that detects changes by content can do less. `tests/bench/run` measures
//! it.
//!
//! Hidden files and folders are skipped, because they are caches of the tool. A path that does not exist counts as empty.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench prints its result and reports errors by panicking")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The number of files and bytes, and the combined digest, which keeps the compiler from removing the work.
struct Sum {
    files: usize,
    bytes: usize,
    digests: blake3::Hasher,
    /// Reused for all files.
    buffer: Vec<u8>,
}

impl Sum {
    fn walk(&mut self, path: &Path) {
        if path.is_dir() {
            for entry in fs::read_dir(path).expect("a folder") {
                let entry = entry.expect("an entry");
                let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
                match entry.file_type().expect("a type") {
                    _ if hidden => {}
                    kind if kind.is_dir() => self.walk(&entry.path()),
                    _ => self.read(&entry.path()),
                }
            }
        } else if path.exists() {
            self.read(path);
        }
    }

    fn read(&mut self, path: &Path) {
        self.buffer.clear();
        let read = File::open(path).and_then(|mut file| file.read_to_end(&mut self.buffer)).expect("a file");
        self.digests.update(blake3::hash(&self.buffer).as_bytes());
        self.files += 1;
        self.bytes += read;
    }
}

fn main() {
    let mut sum = Sum { files: 0, bytes: 0, digests: blake3::Hasher::new(), buffer: Vec::new() };
    for path in std::env::args_os().skip(1).map(PathBuf::from) {
        sum.walk(&path);
    }
    println!("{} files, {} bytes, {}", sum.files, sum.bytes, sum.digests.finalize());
}
