//! Writes files atomically.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::{Builder, NamedTempFile};

/// Prefix of the temporary files of the tool. The next build removes temporary files of killed builds.
const TEMPORARY: &str = ".reliure-";

/// Suffix of the temporary files, which distinguishes them from the build cache.
const PART: &str = ".part";

/// A temporary file with its final path, to which [`Staged::commit`] moves it. Dropping it removes the file.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

impl Staged {
    /// Writes `bytes` to a temporary file in the folder of `path` and synchronises it with the disk. The folder is created if
    /// needed.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be created or the file cannot be written. `path` is not changed.
    pub fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        Self::with(path, bytes, true)
    }

    fn with(path: &Path, bytes: &[u8], sync: bool) -> io::Result<Self> {
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(folder)?;
        match stage(folder, bytes, sync) {
            // Another build removed the temporary file before it was locked.
            Err(error) if error.kind() == ErrorKind::NotFound => stage(folder, bytes, sync),
            staged => staged,
        }
        .map(|file| Self { file, path: path.to_owned() })
        .map_err(without_path)
    }

    /// Moves the file to its final path and replaces an existing file.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be moved. An existing file is not changed.
    pub fn commit(self) -> io::Result<()> {
        // The new file gets the mode of the file that it replaces. If the mode cannot be set, the file is replaced nevertheless.
        if let Some(mode) = fs::metadata(&self.path).ok().filter(fs::Metadata::is_file).map(|meta| meta.permissions()) {
            let _ = fs::set_permissions(self.file.path(), writable(mode));
        }
        self.file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Returns permissions with which the owner can write: on some systems, the next build could not replace a read-only file.
#[cfg(unix)]
fn writable(mode: fs::Permissions) -> fs::Permissions {
    mode
}

/// Returns permissions with which the owner can write: on some systems, the next build could not replace a read-only file.
#[cfg(not(unix))]
fn writable(mut mode: fs::Permissions) -> fs::Permissions {
    mode.set_readonly(false);
    mode
}

/// Writes a file atomically, but does not wait for the disk. It is for caches, which can be recomputed after a power cut.
///
/// # Errors
///
/// Fails as [`Staged::write`] and [`Staged::commit`] do.
pub fn write_cache(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Staged::with(path, bytes, false)?.commit()
}

/// Returns an error of `tempfile` without the path of the temporary file: callers name the file that the user knows.
fn without_path(error: io::Error) -> io::Error {
    let cause = error.get_ref().and_then(|inner| inner.source()).and_then(|source| source.downcast_ref::<io::Error>());
    cause.and_then(io::Error::raw_os_error).map_or(error, io::Error::from_raw_os_error)
}

fn stage(folder: &Path, bytes: &[u8], sync: bool) -> io::Result<NamedTempFile> {
    let prefix = own_prefix();
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(PART);
    // The process creates files with mode 0666 less its umask; `tempfile` would make them readable by their owner only.
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    // The lock is released when this process ends, even if it is killed, so `sweep` removes only files that it can lock. On a
    // file system without locks, it removes nothing.
    let _ = file.as_file().try_lock();
    file.write_all(bytes)?;
    if sync {
        file.as_file().sync_all()?;
    }
    Ok(file)
}

/// Removes the temporary files of killed builds from a folder, but not those of running builds.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY) && name.ends_with(PART));
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if ours && plain && fs::File::options().write(true).open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Removes a file, and its folder if it is then empty. Returns the size of the file in bytes, or `None` if it did not exist.
///
/// # Errors
///
/// Fails if the file cannot be removed.
pub fn remove(path: &Path) -> io::Result<Option<u64>> {
    let Ok(meta) = fs::metadata(path) else { return Ok(None) };
    fs::remove_file(path)?;
    if let Some(folder) = path.parent() {
        let _ = fs::remove_dir(folder);
    }
    Ok(Some(meta.len()))
}

/// Removes a file. Errors are ignored.
pub fn remove_file(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Removes a folder if it is empty. Errors are ignored.
pub fn remove_folder(path: &Path) {
    let _ = fs::remove_dir(path);
}

/// Returns whether a recorded path, with forward slashes, leads to a file in its folder on every system: it is not empty or
/// absolute, and has no `..` and no backslash.
pub fn stays_inside(path: &str) -> bool {
    let is_normal = |part: &str| !part.is_empty() && part != "." && part != "..";
    !path.contains('\\') && !path.contains('\0') && path.split('/').all(is_normal)
}

/// Returns the names in a folder, sorted. The folder may be outside the project.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Creates a hard link `to` to the file `from`, or a copy if the file system has no hard links. Replaces an existing file.
///
/// # Errors
///
/// Fails if the file can neither be linked nor copied.
pub fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    // `to` is not written in place, because it may already be a link to `from`: opening it for writing would truncate both.
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}link-{number}{PART}", own_prefix());
    let beside = to.parent().unwrap_or_else(|| Path::new(".")).join(name);
    let linked =
        fs::hard_link(from, &beside).or_else(|_| fs::copy(from, &beside).map(drop)).and_then(|()| fs::rename(&beside, to));
    // If both names are links to the same file, `rename` does nothing and leaves the temporary one.
    remove_file(&beside);
    linked
}

/// Prefix of the temporary files of this process.
pub(super) fn own_prefix() -> String {
    format!("{TEMPORARY}{}-", std::process::id())
}

/// Removes the temporary files that abandoned jobs of this process left in a folder.
pub fn sweep_own(folder: &Path) {
    let prefix = own_prefix();
    for name in names(folder).iter().filter(|name| name.starts_with(&prefix) && name.ends_with(PART)) {
        remove_file(&folder.join(name));
    }
}

/// Writes files into a folder and replaces existing ones.
///
/// # Errors
///
/// Fails at the first file that cannot be written.
pub fn write_files(folder: &Path, files: &[(String, String)]) -> io::Result<()> {
    for (path, text) in files {
        let path = folder.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

/// Creates a new project.
///
/// # Errors
///
/// Fails with `AlreadyExists` if the folder is not empty. Also fails if a file cannot be written.
pub fn create(root: &Path, files: &[(String, String)]) -> io::Result<()> {
    if fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the folder is not empty"));
    }
    write_files(root, files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_or_copy_replaces_an_existing_file() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a.pdf"), folder.path().join("bytes/x"));
        fs::write(&from, "whole").unwrap();
        link_or_copy(&from, &to).unwrap();
        // Another build made the same link before.
        link_or_copy(&from, &to).unwrap();
        fs::write(folder.path().join("b.pdf"), "other").unwrap();
        link_or_copy(&folder.path().join("b.pdf"), &to).unwrap();
        assert_eq!((fs::read(&from).unwrap(), fs::read(&to).unwrap()), (b"whole".to_vec(), b"other".to_vec()));
        assert_eq!(fs::read_dir(folder.path().join("bytes")).unwrap().count(), 1);
    }

    #[test]
    fn sweep_removes_only_unlocked_temporary_files() {
        let folder = tempfile::tempdir().unwrap();
        let (left, locked) = (folder.path().join(".reliure-a.part"), folder.path().join(".reliure-b.part"));
        fs::write(&left, "half").unwrap();
        let file = fs::File::create(&locked).unwrap();
        file.lock().unwrap();
        fs::write(folder.path().join(".reliure-other"), "{}").unwrap();
        fs::create_dir(folder.path().join(".reliure-c.part")).unwrap();
        sweep(folder.path());
        assert!(!left.exists() && locked.exists());
        assert!(folder.path().join(".reliure-other").exists() && folder.path().join(".reliure-c.part").exists());
    }

    #[test]
    fn failed_write_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a.pdf/in")).unwrap();
        let write = |path: &str| Staged::write(&folder.path().join(path), b"new").and_then(Staged::commit);
        assert!(write("a.pdf").is_err(), "a folder has this path");
        assert!(write("a.pdf/in/\0").is_err());
        assert_eq!(fs::read_dir(folder.path().join("a.pdf/in")).unwrap().count(), 0);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names, ["a.pdf"]);
    }
}
