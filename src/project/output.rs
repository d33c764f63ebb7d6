//! Artefacts on the disk: written whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

/// Temporary files of this tool start so; a build that was killed may leave one, the next removes it.
const TEMPORARY: &str = ".reliure-";

/// Writes a file by way of a temporary one beside it, so that the old one stays whole until the new one is.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    sweep(folder);
    let mut file = Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
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

/// Removes what a killed build left, once it is an hour old: another build may be at work.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY));
        let age = entry.metadata().and_then(|meta| meta.modified()).ok().and_then(|time| time.elapsed().ok());
        if ours && age.is_some_and(|age| age.as_secs() > 3600) {
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
