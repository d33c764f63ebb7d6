//! The floor of a build that has nothing to do: `digest PATH…` reads every file of these folders once, one after the other, digests
//! each with BLAKE3, and writes how many there were. No tool that goes by contents can do less. `tests/bench/run` times it.
//!
//! What a folder holds under a name that starts with a dot is left out: it is a memory of the tool's own, which costs the tool alone.
//! A path that is not there holds nothing.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench has nobody to tell but its own output")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// What was read: files, bytes, and all their digests in one, so that none is computed in vain.
struct Sum {
    files: usize,
    bytes: usize,
    digests: blake3::Hasher,
    /// Kept from file to file, as a reader in a hurry would.
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
