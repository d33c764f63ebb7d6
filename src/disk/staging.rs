//! A folder that is written beside its final path and moved there when it is complete.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::write::own_prefix;

/// Suffix of the folders that are not complete.
const PART: &str = ".folder.part";
/// Prefix of all temporary files and folders of the tool.
const TEMPORARY: &str = ".reliure-";
/// The locked file that shows that a process is still writing the folder.
const LOCK: &str = "lock";
/// The folder that is moved to the final path.
const CONTENT: &str = "content";

/// A folder in preparation. Dropping it removes it.
#[derive(Debug)]
pub struct StagedFolder {
    folder: PathBuf,
    /// Keeps the lock, which ends with the process.
    _lock: File,
}

impl StagedFolder {
    /// Creates an empty folder beside its final path, for `name`.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be created.
    pub fn create(parent: &Path, name: &str) -> io::Result<Self> {
        fs::create_dir_all(parent)?;
        let folder = parent.join(format!("{}{name}{PART}", own_prefix()));
        fs::create_dir_all(&folder)?;
        let lock = File::create(folder.join(LOCK))?;
        let _ = lock.try_lock();
        fs::create_dir_all(folder.join(CONTENT))?;
        Ok(Self { folder, _lock: lock })
    }

    /// Returns a folder for files that are needed only during the preparation.
    pub fn scratch(&self) -> PathBuf {
        self.folder.join("scratch")
    }

    /// Writes a file of the folder and synchronises it with the disk. `name` may contain folders.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(CONTENT).join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Moves the folder to its final path.
    ///
    /// # Errors
    ///
    /// Fails if the path exists or the folder cannot be moved.
    pub fn commit(self, path: &Path) -> io::Result<()> {
        if path.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(self.folder.join(CONTENT), path)
    }
}

impl Drop for StagedFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes from a folder the folders in preparation of processes that were killed, but not those of running ones.
pub fn sweep_folders(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY) && name.ends_with(PART));
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !ours || !folder {
            continue;
        }
        // Without a lock file, the process ended before it wrote anything.
        let free = File::options().write(true).open(entry.path().join(LOCK)).map_or(true, |lock| lock.try_lock().is_ok());
        if free {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Renames a file or a folder.
///
/// # Errors
///
/// Fails if the new path exists or the file cannot be renamed.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    if to.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

/// Returns the folder of temporary files of the system.
pub fn temporary() -> PathBuf {
    std::env::temp_dir()
}

/// Returns whether there is anything at a path.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Returns the paths of all files of a folder, with forward slashes, including hidden ones, sorted.
///
/// # Errors
///
/// Fails if a folder cannot be read, or if it contains something that is neither a file nor a folder, such as a symbolic link.
pub fn list(folder: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    list_into(folder, "", &mut files)?;
    files.sort();
    Ok(files)
}

fn list_into(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        match (kind.is_dir(), kind.is_file()) {
            (true, _) => list_into(&entry.path(), &format!("{name}/"), files)?,
            (_, true) => files.push(name),
            _ => return Err(io::Error::other(format!("\"{name}\" is neither a file nor a folder"))),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_complete_or_not_at_all() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("1");
        let staged = StagedFolder::create(root.path(), "1").unwrap();
        staged.write("pages/1.png", b"x").unwrap();
        assert!(!path.exists());
        sweep_folders(root.path());
        staged.commit(&path).unwrap();
        assert_eq!(list(root.path()).unwrap(), ["1/pages/1.png"], "nothing else is left");
        let second = StagedFolder::create(root.path(), "1").unwrap();
        assert!(second.commit(&path).is_err(), "an existing folder is never replaced");
        assert_eq!(list(root.path()).unwrap(), ["1/pages/1.png"]);
    }

    #[test]
    fn sweep_removes_folders_of_ended_processes_only() {
        let root = tempfile::tempdir().unwrap();
        let running = StagedFolder::create(root.path(), "2").unwrap();
        for name in [".reliure-1-1.folder.part", ".reliure-other", "1"] {
            fs::create_dir_all(root.path().join(name).join(CONTENT)).unwrap();
        }
        fs::write(root.path().join(".reliure-1-1.folder.part/lock"), "").unwrap();
        sweep_folders(root.path());
        assert!(!root.path().join(".reliure-1-1.folder.part").exists());
        assert!(root.path().join(".reliure-other").exists() && root.path().join("1").exists() && running.folder.exists());
    }
}
