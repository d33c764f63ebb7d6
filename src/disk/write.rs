//! Atomic writing of files.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// Prefix of temporary files. A killed build may leave some, which the next build removes.
const TEMPORARY: &str = ".reliure-";

/// Suffix of temporary files, which distinguishes them from the build cache.
const PART: &str = ".part";

/// A temporary file that [`Staged::commit`] moves to its final path. It is complete and synchronised to disk. Dropping it removes
/// it.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

impl Staged {
    /// Writes `bytes` to a temporary file in the folder of `path`, which is created if needed.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder cannot be created or the file cannot be written. The file at `path` is not changed.
    pub fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(folder)?;
        match stage(folder, bytes) {
            // Another build removed the temporary file before it was locked.
            Err(error) if error.kind() == ErrorKind::NotFound => stage(folder, bytes),
            staged => staged,
        }
        .map(|file| Self { file, path: path.to_owned() })
    }

    /// Moves the file to its final path and replaces the file there.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be moved. The file at the final path is not changed.
    pub fn commit(self) -> io::Result<()> {
        self.file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Writes a file atomically: the old file stays complete until it is replaced.
///
/// # Errors
///
/// Returns the errors of [`Staged::write`] and [`Staged::commit`].
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Staged::write(path, bytes)?.commit()
}

fn stage(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = Builder::new().prefix(TEMPORARY).suffix(PART).tempfile_in(folder)?;
    // The lock is held until this process ends, even if it is killed. A process that gets the lock knows that the file is
    // abandoned. On file systems without locks, `sweep` removes nothing.
    let _ = file.as_file().try_lock();
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    open_to_others(file.path())?;
    Ok(file)
}

/// Sets the usual permissions on a temporary file, which is created private.
#[cfg(unix)]
fn open_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes the temporary files that killed builds left in a folder. Those of running builds are kept.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY) && name.ends_with(PART));
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if ours && plain && fs::File::options().write(true).open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Removes a file, and its folder if that is then empty. Returns the size of the file, or `None` if it does not exist.
///
/// # Errors
///
/// Returns an error if the file cannot be removed.
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

/// Returns the names in any folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Creates a hard link `to` to the file `from`, or a copy if the file system has no hard links. Replaces the file at `to`.
///
/// # Errors
///
/// Returns an error if the file can neither be linked nor copied.
pub fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    remove_file(to);
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}

/// Writes files into a folder and replaces existing files.
///
/// # Errors
///
/// Returns an error at the first file that cannot be written; the files before it remain.
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

/// Writes the files of a new project.
///
/// # Errors
///
/// Returns `AlreadyExists` if the folder is not empty, or an error if a file cannot be written.
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
    fn what_a_killed_build_left_is_swept_away_and_what_another_holds_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (left, held) = (folder.path().join(".reliure-a.part"), folder.path().join(".reliure-b.part"));
        fs::write(&left, "half").unwrap();
        let file = fs::File::create(&held).unwrap();
        file.lock().unwrap();
        fs::write(folder.path().join(".reliure-other"), "{}").unwrap();
        fs::create_dir(folder.path().join(".reliure-c.part")).unwrap();
        sweep(folder.path());
        assert!(!left.exists() && held.exists());
        assert!(folder.path().join(".reliure-other").exists() && folder.path().join(".reliure-c.part").exists());
    }

    #[test]
    fn what_cannot_be_written_leaves_the_old_file_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a.pdf/in")).unwrap();
        assert!(write(&folder.path().join("a.pdf"), b"new").is_err(), "a folder stands in its place");
        assert!(write(&folder.path().join("a.pdf/in/\0"), b"new").is_err());
        assert_eq!(fs::read_dir(folder.path().join("a.pdf/in")).unwrap().count(), 0);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names, ["a.pdf"]);
    }
}
