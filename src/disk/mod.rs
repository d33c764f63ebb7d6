//! File system access. No other module reads or writes files.
//!
//! [`ProjectRoot`] reads only inside the project; [`Staged`] writes files atomically.

mod digest;
mod root;
mod staging;
mod sums;
mod text;
mod write;

pub use digest::{Digest, FileDigests, digest_file, digest_input, read_regular, size_of};
pub use root::{MAX_BYTES, MAX_TEXT, ProjectRoot, ReadError, composed, locate, system_hint};
pub use staging::{
    StagedFolder, exists, finish_replacements, interrupted_replacement, list, sweep_folders, sweep_folders_below, temporary,
};
pub use sums::{Sha256, files_below, sha256_file};
pub use text::{NotUtf8, decode};
pub use write::{
    Staged, create, link_or_copy, names, remove, remove_file, remove_folder, stays_inside, sweep, sweep_own, write_cache,
    write_files,
};

use std::collections::BTreeMap;

use bytes::Bytes;

/// Name of the folder of the store in the output folder.
pub const STORE: &str = ".reliure";

/// File contents by path, with forward slashes.
pub type Files = BTreeMap<String, Bytes>;
