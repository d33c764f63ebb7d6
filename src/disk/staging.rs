//! A folder that is written beside its final path and moved there when it is complete.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
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
/// The file with the names of the folder that is being replaced and of the folder that keeps the old content, one per line. It
/// exists only while folders are moved, so that the replacement can be finished if the process is killed between two moves.
const REPLACES: &str = "replaces";

/// A folder in preparation. Dropping it removes it.
#[derive(Debug)]
pub struct StagedFolder {
    folder: PathBuf,
    /// Keeps the lock, which ends with the process.
    _lock: File,
    /// Whether the folder must not be removed, because it contains the only copy of a complete folder.
    kept: bool,
}

impl StagedFolder {
    /// Creates an empty folder in `parent`, for a final folder with this name.
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
        Ok(Self { folder, _lock: lock, kept: false })
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
        write_synchronised(&path, bytes)
    }

    /// Moves the folder to its final path.
    ///
    /// # Errors
    ///
    /// Fails with [`ErrorKind::AlreadyExists`] if the path exists, even if another process has just created it. Also fails if the
    /// folder cannot be moved.
    pub fn commit(self, path: &Path) -> io::Result<()> {
        let _moving = FolderLock::of(path);
        rename(&self.folder.join(CONTENT), path)
    }

    /// Moves the folder at `path` to `aside`, and this folder to `path`. If the process is killed between the moves,
    /// [`finish_replacements`] finishes them.
    ///
    /// # Errors
    ///
    /// Fails if there is nothing at `path`, if there is anything at `aside`, or if a folder cannot be moved. `path` then still
    /// contains the old folder, unless that folder cannot be moved back.
    pub fn replace(mut self, path: &Path, aside: &Path) -> io::Result<()> {
        let _moving = FolderLock::of(path);
        let journal = Replacement::between(path, aside).ok_or(ErrorKind::InvalidInput)?;
        write_synchronised(&self.folder.join(REPLACES), journal.text().as_bytes())?;
        rename(path, aside)?;
        let moved = rename(&self.folder.join(CONTENT), path);
        if moved.is_err() && rename(aside, path).is_err() {
            self.kept = true;
        }
        moved
    }
}

impl Drop for StagedFolder {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn write_synchronised(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A lock on the folder that contains a path, held while folders in it are moved. Empty on systems that cannot lock folders.
struct FolderLock {
    _folder: Option<File>,
}

impl FolderLock {
    fn of(path: &Path) -> Self {
        let folder = path.parent().and_then(|parent| File::open(parent).ok());
        Self { _folder: folder.filter(|folder| folder.lock().is_ok()) }
    }
}

/// A replacement of a folder by another one, as [`StagedFolder::replace`] records it.
struct Replacement {
    /// Name of the folder that is replaced.
    name: String,
    /// Name under which the old folder is kept.
    aside: String,
}

impl Replacement {
    /// Returns the replacement if both paths have the same parent folder.
    fn between(path: &Path, aside: &Path) -> Option<Self> {
        let name = |path: &Path| Some(path.file_name()?.to_str()?.to_owned());
        (path.parent() == aside.parent()).then_some(Self { name: name(path)?, aside: name(aside)? })
    }

    /// Reads the record of a folder in preparation. Returns `None` if it replaces nothing, or if a name is not a single folder
    /// name.
    fn read(staged: &Path) -> Option<Self> {
        let text = fs::read_to_string(staged.join(REPLACES)).ok()?;
        let (name, aside) = text.strip_suffix('\n')?.split_once('\n')?;
        let is_name = |name: &str| Path::new(name).file_name().is_some_and(|last| last == name);
        (is_name(name) && is_name(aside)).then(|| Self { name: name.to_owned(), aside: aside.to_owned() })
    }

    fn text(&self) -> String {
        format!("{}\n{}\n", self.name, self.aside)
    }

    /// Returns whether the old folder was moved and the new one was not.
    fn is_interrupted(&self, parent: &Path) -> bool {
        !exists(&parent.join(&self.name)) && exists(&parent.join(&self.aside))
    }
}

/// Returns the incomplete folders of processes that have ended.
fn abandoned(parent: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY) && name.ends_with(PART));
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        // Without a lock file, the process ended before it wrote anything.
        let free = || File::options().write(true).open(entry.path().join(LOCK)).map_or(true, |lock| lock.try_lock().is_ok());
        if ours && folder && free() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    folders
}

/// Removes incomplete folders of killed processes from a folder, except those that [`finish_replacements`] needs. Keeps folders
/// of running processes.
pub fn sweep_folders(parent: &Path) {
    for folder in abandoned(parent) {
        if Replacement::read(&folder).is_none_or(|replacement| !replacement.is_interrupted(parent)) {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Calls [`sweep_folders`] for each folder in `parent`, and removes the folders that are empty then.
pub fn sweep_folders_below(parent: &Path) {
    for name in super::names(parent) {
        let folder = parent.join(name);
        sweep_folders(&folder);
        super::remove_folder(&folder);
    }
    super::remove_folder(parent);
}

/// Finishes the replacements of folders in `parent` that were interrupted between two moves: moves the new folder to its path, or
/// the old one back if the new one is lost. Returns the paths of these folders.
///
/// # Errors
///
/// Fails if a folder cannot be moved.
pub fn finish_replacements(parent: &Path) -> io::Result<Vec<PathBuf>> {
    let mut finished = Vec::new();
    for folder in abandoned(parent) {
        let Some(replacement) = Replacement::read(&folder) else { continue };
        let path = parent.join(&replacement.name);
        let _moving = FolderLock::of(&path);
        if !replacement.is_interrupted(parent) {
            continue;
        }
        let content = folder.join(CONTENT);
        let from = if exists(&content) { content } else { parent.join(&replacement.aside) };
        rename(&from, &path)?;
        let _ = fs::remove_dir_all(folder);
        finished.push(path);
    }
    Ok(finished)
}

/// Returns the name under which the old folder is kept, if a replacement of the folder at `path` was interrupted.
pub fn interrupted_replacement(path: &Path) -> Option<String> {
    let (parent, name) = (path.parent()?, path.file_name()?.to_str()?);
    let replacements = abandoned(parent).into_iter().filter_map(|folder| Replacement::read(&folder));
    let mut own = replacements.filter(|replacement| replacement.name == name && replacement.is_interrupted(parent));
    own.next().map(|replacement| replacement.aside)
}

/// Renames a file or a folder. Fails if there is anything at the new path. If a folder appears between the check and the
/// renaming, the system does not replace it unless it is empty.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
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

    /// Returns a folder `1` and the incomplete folder of a process that was killed while replacing it, after `moves` moves.
    fn killed(moves: usize) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let (path, aside, staged) =
            (root.path().join("1"), root.path().join("1.old"), root.path().join(".reliure-1-1.folder.part"));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("a"), "old").unwrap();
        fs::create_dir_all(staged.join(CONTENT)).unwrap();
        fs::write(staged.join(CONTENT).join("a"), "new").unwrap();
        fs::write(staged.join(LOCK), "").unwrap();
        fs::write(staged.join(REPLACES), "1\n1.old\n").unwrap();
        if moves > 0 {
            fs::rename(&path, &aside).unwrap();
        }
        if moves > 1 {
            fs::rename(staged.join(CONTENT), &path).unwrap();
        }
        root
    }

    #[test]
    fn a_replacement_is_finished_after_the_process_was_killed() {
        for (moves, now, finished) in [(0, "old", 0), (1, "new", 1), (2, "new", 0)] {
            let root = killed(moves);
            let path = root.path().join("1");
            assert_eq!(interrupted_replacement(&path).as_deref(), (moves == 1).then_some("1.old"));
            // Sweeping alone never removes the only copy of a complete folder.
            sweep_folders(root.path());
            assert_eq!(finish_replacements(root.path()).unwrap().len(), finished, "{moves}");
            sweep_folders(root.path());
            assert_eq!(fs::read_to_string(path.join("a")).unwrap(), now, "{moves}");
            let kept = root.path().join("1.old/a");
            assert_eq!(fs::read_to_string(kept).ok().as_deref(), (moves > 0).then_some("old"), "{moves}");
            assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1 + usize::from(moves > 0), "nothing else is left");
        }
    }

    #[test]
    fn the_old_folder_returns_if_the_new_one_is_lost() {
        let root = killed(1);
        fs::remove_dir_all(root.path().join(".reliure-1-1.folder.part/content")).unwrap();
        assert_eq!(finish_replacements(root.path()).unwrap(), [root.path().join("1")]);
        assert_eq!(list(root.path()).unwrap(), ["1/a"]);
    }

    #[test]
    fn a_record_that_leads_elsewhere_is_ignored() {
        for names in ["../1\n1.old\n", "1\n../1.old\n", "1\n", "1", "1\n..\n", ""] {
            let root = killed(1);
            fs::write(root.path().join(".reliure-1-1.folder.part").join(REPLACES), names).unwrap();
            assert_eq!(finish_replacements(root.path()).unwrap().len(), 0, "{names:?}");
        }
    }

    #[test]
    fn a_replaced_folder_is_kept_aside() {
        let root = tempfile::tempdir().unwrap();
        let (path, aside) = (root.path().join("1"), root.path().join("1.old"));
        for (text, moved) in [("first", false), ("second", true)] {
            let staged = StagedFolder::create(root.path(), "1").unwrap();
            staged.write("a", text.as_bytes()).unwrap();
            if moved { staged.replace(&path, &aside).unwrap() } else { staged.commit(&path).unwrap() }
        }
        assert_eq!(list(root.path()).unwrap(), ["1.old/a", "1/a"], "nothing else is left");
        assert_eq!((fs::read(path.join("a")).unwrap(), fs::read(aside.join("a")).unwrap()), (b"second".into(), b"first".into()));
        let third = StagedFolder::create(root.path(), "1").unwrap();
        assert!(third.replace(&path, &aside).is_err(), "a kept folder is never replaced");
        assert_eq!(list(root.path()).unwrap(), ["1.old/a", "1/a"]);
    }
}
