//! Artefacts on the disk: written whole or not at all.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use tempfile::Builder;

/// Temporary files of this tool start so; a build that was killed may leave one, the next removes it.
const TEMPORARY: &str = ".reliure-";

/// They end so: the memory of what is up to date starts like them.
const PART: &str = ".part";

/// Writes a file by way of a temporary one beside it, so that the old one stays whole until the new one is.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    match write_in(folder, path, bytes) {
        // Another build swept it away before it was locked.
        Err(error) if error.kind() == ErrorKind::NotFound => write_in(folder, path, bytes),
        written => written,
    }
}

fn write_in(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Builder::new().prefix(TEMPORARY).suffix(PART).tempfile_in(folder)?;
    // Held until this process ends, however it ends: who gets the lock knows that nobody writes the file any more. Where a
    // file system has no locks, `sweep` removes nothing.
    let _ = file.as_file().try_lock();
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    open_to_others(file.path())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Gives the file the rights of an ordinary one: temporary files start private.
#[cfg(unix)]
fn open_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes what killed builds left in a folder; what a build at work holds stays.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY) && name.ends_with(PART));
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if ours && plain && fs::File::options().write(true).open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Removes a file, and its folder when that leaves it empty; gives the size of the file, or none when there is none.
pub fn remove(path: &Path) -> io::Result<Option<u64>> {
    let Ok(meta) = fs::metadata(path) else { return Ok(None) };
    fs::remove_file(path)?;
    if let Some(folder) = path.parent() {
        let _ = fs::remove_dir(folder);
    }
    Ok(Some(meta.len()))
}

/// Writes a new project; refuses a folder that holds anything.
pub fn create(root: &Path, files: &[(String, String)]) -> io::Result<()> {
    if fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the folder is not empty"));
    }
    for (path, text) in files {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
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
        fs::write(folder.path().join(".reliure-stamps.json"), "{}").unwrap();
        fs::create_dir(folder.path().join(".reliure-c.part")).unwrap();
        sweep(folder.path());
        assert!(!left.exists() && held.exists());
        assert!(folder.path().join(".reliure-stamps.json").exists() && folder.path().join(".reliure-c.part").exists());
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
