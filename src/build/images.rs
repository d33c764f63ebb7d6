//! The images of one publication, read on demand and cached until its editions are built.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{Diagnostics, Sources};
use crate::disk::{Digest, MAX_BYTES, ReadError, digest_file};
use crate::manifest::{AssetManifest, Manifest, join_path};
use crate::resolve::{ImageFile, Images, ReadImage};
use crate::workspace::{Home, SidecarReader, Workspace};

/// The images of a publication.
pub struct ImageStore {
    workspace: Arc<Workspace>,
    /// Folder of the publication, relative to the root of the project.
    folder: String,
    images: Mutex<BTreeMap<String, ReadImage>>,
    sidecars: Mutex<BTreeMap<String, Manifest<AssetManifest>>>,
    /// Reads the sidecars of images outside the folder.
    late: Mutex<SidecarReader>,
    /// The files outside the folder that were read, and their digests; `None` for a missing file.
    outside: Mutex<BTreeMap<String, Option<Digest>>>,
}

impl ImageStore {
    /// Creates an empty store.
    pub fn new(workspace: Arc<Workspace>, home: &Home) -> Self {
        Self {
            folder: home.folder.clone(),
            images: Mutex::default(),
            sidecars: Mutex::default(),
            late: Mutex::new(SidecarReader::new(home)),
            outside: Mutex::default(),
            workspace,
        }
    }

    /// Adds the sidecars of the publication's folder.
    pub fn add_sidecars(&self, sidecars: BTreeMap<String, Manifest<AssetManifest>>) {
        locked(&self.sidecars).extend(sidecars);
    }

    /// Reads and caches the bytes of a file if its name has the extension of an image.
    pub fn cached(&self, path: &str) -> Option<Bytes> {
        has_image_extension(path).then(|| self.image(path).ok().flatten()).flatten().map(|image| image.bytes)
    }

    /// Returns the files outside the publication's folder that were read, with their digests.
    pub fn outside(&self) -> BTreeMap<String, Option<Digest>> {
        locked(&self.outside).clone()
    }

    /// Returns the texts and the diagnostics of sidecars outside the publication's folder.
    pub fn take_late(&self) -> (Sources, Diagnostics) {
        locked(&self.late).take()
    }

    fn is_outside(&self, path: &str) -> bool {
        !is_in(path, &self.folder)
    }
}

impl Images for ImageStore {
    fn image(&self, path: &str) -> ReadImage {
        let mut known = locked(&self.images);
        if let Some(image) = known.get(path) {
            return image.clone();
        }
        let image = match self.workspace.root.read(path, MAX_BYTES) {
            Ok(bytes) => Ok(Some(ImageFile { path: path.to_owned(), bytes: bytes.into() })),
            Err(ReadError::Missing) => Ok(None),
            Err(error) => Err(Box::new(error.diagnostic(path))),
        };
        if self.is_outside(path) {
            let digest = image.as_ref().ok().and_then(|image| image.as_ref()).map(|image| Digest::of(&image.bytes));
            locked(&self.outside).insert(path.to_owned(), digest);
        }
        known.insert(path.to_owned(), image.clone());
        image
    }

    fn sidecar(&self, path: &str) -> Option<Manifest<AssetManifest>> {
        let key: String = path.nfc().collect();
        let mut sidecars = locked(&self.sidecars);
        if !self.is_outside(path) || sidecars.contains_key(&key) {
            return sidecars.get(&key).cloned();
        }
        let file = format!("{path}.toml");
        locked(&self.outside).insert(file.clone(), digest_file(&self.workspace.root.path().join(&file)));
        let read = locked(&self.late).sidecar(&self.workspace.root, &file)?;
        sidecars.insert(key, read.clone());
        Some(read)
    }

    fn images_in(&self, folder: &str) -> Vec<String> {
        let names = self.workspace.root.names(folder).into_iter();
        let mut names: Vec<String> =
            names.filter(|name| has_image_extension(name)).filter_map(|name| join_path(folder, &name).ok()).collect();
        names.sort();
        names
    }
}

/// Returns whether a path is inside a folder.
pub fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns whether a file has the extension of an image.
fn has_image_extension(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["png", "jpg", "jpeg", "gif", "webp", "svg"].iter().any(|known| known.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::disk::FileDigests;

    #[test]
    fn caches_images_and_records_files_outside() {
        let root = tempfile::tempdir().unwrap();
        for path in ["sources/a/deep/x.PNG", "sources/ab/y.png", "sources/a/z.tif", "sources/a/publication.toml"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "pixels").unwrap();
        }
        let (workspace, _) = Workspace::open(root.path());
        let workspace = Arc::new(workspace);
        let images = ImageStore::new(Arc::clone(&workspace), workspace.home("a").unwrap());
        let cached = FileDigests::read(&workspace.root, "sources/a", &|path| images.cached(path));
        assert_eq!(cached, FileDigests::read(&workspace.root, "sources/a", &|_| None), "cached bytes have the same digest");
        assert!(images.image("sources/ab/y.png").unwrap().is_some() && images.image("sources/none.png").unwrap().is_none());
        let outside = images.outside();
        assert_eq!(outside.keys().collect::<Vec<_>>(), ["sources/ab/y.png", "sources/none.png"]);
        assert_eq!(outside["sources/none.png"], None);
        fs::remove_dir_all(root.path().join("sources")).unwrap();
        assert!(images.image("sources/a/deep/x.PNG").unwrap().is_some(), "cached");
        assert!(images.image("sources/a/z.tif").unwrap().is_none(), "digested only");
    }
}
