//! Files written whole or not at all.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::{Builder, NamedTempFile};

/// Prefix of the tool's temporary files; a build that was killed may leave some, which the next one removes.
const TEMPORARY: &str = ".reliure-";

/// Their suffix: the build cache has the same prefix.
const PART: &str = ".part";

/// A file that is written and synchronised beside its final place, which [`Staged::commit`] moves it to. Dropping it removes it.
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
    /// Fails if the folder cannot be created or the file cannot be written; `path` is left as it is.
    pub fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        Self::with(path, bytes, true)
    }

    fn with(path: &Path, bytes: &[u8], sync: bool) -> io::Result<Self> {
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(folder)?;
        match stage(folder, bytes, sync) {
            // Another build swept the temporary file away before it was locked.
            Err(error) if error.kind() == ErrorKind::NotFound => stage(folder, bytes, sync),
            staged => staged,
        }
        .map(|file| Self { file, path: path.to_owned() })
    }

    /// Moves the file to its place, over the file that was there.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be moved; the file that was there is left as it is.
    pub fn commit(self) -> io::Result<()> {
        self.file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Writes a file through a temporary one, so that the old file stays whole until the new one is, but does not wait for the disk: for
/// files whose loss in a power cut costs time alone.
///
/// # Errors
///
/// Fails as [`Staged::write`] and [`Staged::commit`] do.
pub fn write_cache(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Staged::with(path, bytes, false)?.commit()
}

fn stage(folder: &Path, bytes: &[u8], sync: bool) -> io::Result<NamedTempFile> {
    let mut file = Builder::new().prefix(&own_prefix()).suffix(PART).tempfile_in(folder)?;
    // Held until this process ends, however it ends: a process that gets the lock knows that nobody writes the file any more. Where a
    // file system has no locks, `sweep` removes nothing.
    let _ = file.as_file().try_lock();
    file.write_all(bytes)?;
    if sync {
        file.as_file().sync_all()?;
    }
    open_to_others(file.path())?;
    Ok(file)
}

/// Gives a temporary file, which is private at first, the usual permissions.
#[cfg(unix)]
fn open_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes the temporary files that killed builds left in a folder, but not those of a build that is running.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY) && name.ends_with(PART));
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if ours && plain && fs::File::options().write(true).open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Removes a file, and its folder if that leaves it empty. Returns the size of the file, or none if there was none.
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

/// Removes a file, if it is there and can be removed.
pub fn remove_file(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Removes a folder if it is empty.
pub fn remove_folder(path: &Path) {
    let _ = fs::remove_dir(path);
}

/// Lists the names in a folder of any place, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Makes `to` a second name of the file `from`, or a copy where the file system has no hard links.
///
/// # Errors
///
/// Fails if the file can neither be linked nor copied.
pub fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    // Never written in place: another build may have made `to` a name of `from` itself, and opening it for writing would empty both.
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}link-{number}{PART}", own_prefix());
    let beside = to.parent().unwrap_or_else(|| Path::new(".")).join(name);
    let linked =
        fs::hard_link(from, &beside).or_else(|_| fs::copy(from, &beside).map(drop)).and_then(|()| fs::rename(&beside, to));
    // Renaming one name of a file to another name of it does nothing.
    remove_file(&beside);
    linked
}

/// Prefix of the temporary files of this process.
fn own_prefix() -> String {
    format!("{TEMPORARY}{}-", std::process::id())
}

/// Removes the temporary files of this process from a folder: those of jobs that were abandoned.
pub fn sweep_own(folder: &Path) {
    let prefix = own_prefix();
    for name in names(folder).iter().filter(|name| name.starts_with(&prefix) && name.ends_with(PART)) {
        remove_file(&folder.join(name));
    }
}

/// Writes files into a folder, over those of the same names.
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

/// Writes a new project.
///
/// # Errors
///
/// Fails with `AlreadyExists` if the folder is not empty, or if a file cannot be written.
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
    fn a_second_name_is_made_over_any_other_and_empties_nothing() {
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
        let write = |path: &str| Staged::write(&folder.path().join(path), b"new").and_then(Staged::commit);
        assert!(write("a.pdf").is_err(), "a folder stands in its place");
        assert!(write("a.pdf/in/\0").is_err());
        assert_eq!(fs::read_dir(folder.path().join("a.pdf/in")).unwrap().count(), 0);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names, ["a.pdf"]);
    }
}
