//! The images of one publication, read on demand and cached until its editions are built, and versions of them for later builds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use unicode_normalization::UnicodeNormalization;

use super::Rebuild;
use super::freshness::{Freshness, TOOL};
use super::store::ArtefactStore;
use crate::diagnostic::{Diagnostics, Sources};
use crate::disk::{Digest, MAX_BYTES, ReadError, digest_input};
use crate::icc::SourceProfile;
use crate::images::{
    Format, Header, ImageFault, PressCache, PressVersion, ScreenUse, ScreenVersion, SourceSpace, fitted, is_damaged,
    screen_version,
};
use crate::manifest::{AssetManifest, Manifest, join_path};
use crate::paginate::PageImage;
use crate::resolve::{ImageBytes, ImageFile, Images, ReadImage};
use crate::workspace::{Home, SidecarReader, Workspace};

/// The images of a publication.
pub struct ImageStore {
    workspace: Arc<Workspace>,
    /// Folder of the publication, relative to the root of the project.
    folder: String,
    images: Mutex<BTreeMap<String, ReadImage>>,
    sidecars: Mutex<BTreeMap<String, Manifest<AssetManifest>>>,
    /// A reader of the sidecars of images outside the folder.
    late: Mutex<SidecarReader>,
    /// The files outside the folder that were read, and their digests; `None` for a missing file.
    outside: Mutex<BTreeMap<String, Option<Digest>>>,
    /// The versions of images for screens, by the digest of their inputs.
    versions: Mutex<BTreeMap<Digest, ScreenVersion>>,
    /// Stores versions for later builds.
    cache: Option<Arc<Freshness>>,
    /// Whether versions of earlier builds are used.
    rebuild: Rebuild,
    /// The versions of images for EPUBs, by the digest of their inputs; empty if the image itself is used.
    fitted: Mutex<BTreeMap<Digest, Bytes>>,
    /// The versions of images for print PDFs, by the digest of their inputs.
    printed: Mutex<BTreeMap<Digest, PressVersion>>,
    /// The keys of the cover images that were used.
    covers: Mutex<BTreeSet<Digest>>,
    /// The keys of images whose pixels can be decoded.
    intact: Mutex<BTreeSet<Digest>>,
    /// The parsed default profile, for CMYK images that embed none.
    press: OnceLock<Option<Arc<SourceProfile>>>,
}

/// The default press, FOGRA39.
const PRESS: &str = "layouts/common/print/ISOcoated_v2_300_bas.icc";

impl ImageStore {
    /// Creates an empty store.
    pub fn new(workspace: Arc<Workspace>, home: &Home) -> Self {
        Self {
            folder: home.folder.clone(),
            images: Mutex::default(),
            sidecars: Mutex::default(),
            late: Mutex::new(SidecarReader::new(home)),
            outside: Mutex::default(),
            versions: Mutex::default(),
            cache: None,
            rebuild: Rebuild::Stale,
            fitted: Mutex::default(),
            printed: Mutex::default(),
            covers: Mutex::default(),
            intact: Mutex::default(),
            press: OnceLock::new(),
            workspace,
        }
    }

    /// Uses the artefact store for versions of images. With [`Rebuild::All`], stored versions are not used.
    pub(super) fn with_cache(self, cache: Option<Arc<Freshness>>, rebuild: Rebuild) -> Self {
        Self { cache, rebuild, ..self }
    }

    /// Returns the keys of the versions that this build used.
    pub fn versions(&self) -> BTreeSet<Digest> {
        let (screen, epub, print) = (locked(&self.versions), locked(&self.fitted), locked(&self.printed));
        let (covers, intact) = (locked(&self.covers), locked(&self.intact));
        let sets = covers.iter().chain(intact.iter());
        screen.keys().chain(epub.keys()).chain(print.keys()).chain(sets).copied().collect()
    }

    /// Adds the sidecars of the publication's folder.
    pub fn add_sidecars(&self, sidecars: BTreeMap<String, Manifest<AssetManifest>>) {
        locked(&self.sidecars).extend(sidecars);
    }

    /// Reads and caches the bytes of a file if its name has the extension of an image.
    pub fn cached(&self, path: &str) -> Option<Bytes> {
        has_image_extension(path).then(|| self.image(path).ok().flatten()).flatten().map(|image| image.bytes.into_bytes())
    }

    /// Returns the files outside the publication's folder that were read, with their digests.
    pub fn outside(&self) -> BTreeMap<String, Option<Digest>> {
        locked(&self.outside).clone()
    }

    /// Returns the texts and the diagnostics of sidecars outside the publication's folder.
    pub fn take_late(&self) -> (Sources, Diagnostics) {
        locked(&self.late).take()
    }

    fn press(&self) -> Option<Arc<SourceProfile>> {
        let parsed = || SourceProfile::parse(self.workspace.layouts().files.get(PRESS)?).ok().map(Arc::new);
        self.press.get_or_init(parsed).clone()
    }

    /// Returns the digest of the inputs of the version of an image for screens.
    fn screen_key(&self, file: &ImageFile, header: &Header) -> Digest {
        let of_press = matches!(header.screen, ScreenUse::Converted(SourceSpace::Inks));
        let press = self.workspace.layouts().files.get(PRESS).filter(|_| of_press);
        let press = press.map(|bytes| Digest::of(bytes).to_string()).unwrap_or_default();
        Digest::of_list([TOOL, "screen", &press, &file.bytes.digest().to_string()])
    }

    /// Returns the version of an image for EPUBs. Returns `None` if the image is used unchanged.
    pub fn fitted(&self, image: &ImageBytes) -> Option<Bytes> {
        let key = Digest::of_list([TOOL, "epub", &image.digest().to_string()]);
        let known = locked(&self.fitted).get(&key).cloned();
        let version = known.or_else(|| self.kept(&key)).unwrap_or_else(|| {
            let made = Bytes::from(fitted(image).unwrap_or_default());
            self.store(&key, &made);
            made
        });
        locked(&self.fitted).insert(key, version.clone());
        Some(version).filter(|version| !version.is_empty())
    }

    /// Returns the cover image that was rendered from the same inputs before.
    pub fn cover(&self, key: &Digest) -> Option<PageImage> {
        let cover = PageImage::from_png(self.kept(key)?.into())?;
        locked(&self.covers).insert(*key);
        Some(cover)
    }

    /// Stores a cover image for later builds.
    pub fn keep_cover(&self, key: &Digest, cover: &PageImage) {
        self.store(key, &cover.png);
        locked(&self.covers).insert(*key);
    }

    /// Returns whether the pixels of an image are damaged. An intact image is decoded once for all editions and builds.
    pub fn is_damaged(&self, image: &Bytes) -> bool {
        let key = Digest::of_list([TOOL, "intact", &Digest::of(image).to_string()]);
        if !locked(&self.intact).contains(&key) {
            if self.kept(&key).is_none() {
                if is_damaged(image) {
                    return true;
                }
                self.store(&key, b"intact");
            }
            locked(&self.intact).insert(key);
        }
        false
    }

    /// Returns the version of an image that an earlier build stored.
    fn kept(&self, key: &Digest) -> Option<Bytes> {
        let cache = self.cache.as_deref().filter(|_| self.rebuild == Rebuild::Stale);
        cache?.store().image(key).map(Bytes::from)
    }

    /// Stores the version of an image for later builds. If that fails, they convert the image again.
    fn store(&self, key: &Digest, bytes: &[u8]) {
        if let Some(cache) = self.cache.as_deref() {
            let _ = cache.store().put_image(key, bytes);
        }
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
            Ok(bytes) => Ok(Some(ImageFile::new(path, bytes))),
            Err(ReadError::Missing) => Ok(None),
            Err(error) => Err(Box::new(error.diagnostic(path))),
        };
        if self.is_outside(path) {
            let digest = image.as_ref().ok().and_then(|image| image.as_ref()).map(|image| image.bytes.digest());
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
        locked(&self.outside).insert(file.clone(), digest_input(&self.workspace.root.path().join(&file)));
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

    fn screen_version(&self, file: &ImageFile, header: &Header) -> Result<Option<ScreenVersion>, ImageFault> {
        let key = self.screen_key(file, header);
        if let Some(version) = locked(&self.versions).get(&key) {
            return Ok(Some(version.clone()));
        }
        let kept = self.kept(&key).and_then(|bytes| Some(ScreenVersion { format: Format::of(&bytes)?, bytes }));
        // No lock is held here, because a conversion runs on several threads.
        let Some(version) = kept.map_or_else(|| screen_version(&file.bytes, header, &|| self.press()), |kept| Ok(Some(kept)))?
        else {
            return Ok(None);
        };
        self.store(&key, &version.bytes);
        locked(&self.versions).insert(key, version.clone());
        Ok(Some(version))
    }
}

/// An image for print PDFs is converted once for all editions and builds.
impl PressCache for ImageStore {
    fn version(&self, key: &Digest) -> Option<PressVersion> {
        let key = press_key(key);
        if let Some(version) = locked(&self.printed).get(&key) {
            return Some(version.clone());
        }
        let version = PressVersion::from_stored(&self.kept(&key)?)?;
        locked(&self.printed).insert(key, version.clone());
        Some(version)
    }

    fn keep(&self, key: &Digest, version: &PressVersion) {
        let key = press_key(key);
        self.store(&key, &version.to_stored());
        locked(&self.printed).insert(key, version.clone());
    }
}

/// Returns the key under which this build of the tool stores an image for print.
fn press_key(key: &Digest) -> Digest {
    Digest::of_list([TOOL, "press", &key.to_string()])
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
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "svgz"].iter().any(|known| known.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::Request;
    use super::super::artefacts::Output;
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

    fn opened(root: &Path) -> (Arc<Workspace>, Arc<Freshness>) {
        let (workspace, _) = Workspace::open(root);
        let request = Request { root: root.to_owned(), ..Request::default() };
        let cache = Freshness::open(&workspace, &Output::of(&workspace, &request), &request);
        (Arc::new(workspace), Arc::new(cache))
    }

    fn kept_in(workspace: &Arc<Workspace>, cache: &Arc<Freshness>, rebuild: Rebuild) -> ImageStore {
        let home = workspace.home("a").unwrap();
        ImageStore::new(Arc::clone(workspace), home).with_cache(Some(Arc::clone(cache)), rebuild)
    }

    #[test]
    fn a_version_for_screens_is_made_once_and_kept_for_later_builds() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("sources/a")).unwrap();
        fs::write(root.path().join("sources/a/publication.toml"), "").unwrap();
        let inks = include_bytes!("../../tests/suite/images/cmyk.jpg");
        fs::write(root.path().join("sources/a/x.jpg"), inks).unwrap();
        let (workspace, cache) = opened(root.path());
        let made = |rebuild| kept_in(&workspace, &cache, rebuild);
        let shown = |images: &ImageStore| {
            let file = images.image("sources/a/x.jpg").unwrap().unwrap();
            images.screen_version(&file, file.header().unwrap()).unwrap().unwrap()
        };
        let images = made(Rebuild::Stale);
        let first = shown(&images);
        assert_eq!(first.bytes.as_ptr(), shown(&images).bytes.as_ptr(), "the second edition has the same bytes");
        let key = *images.versions().first().unwrap();
        assert_eq!(cache.store().image(&key).as_deref(), Some(&*first.bytes));
        // The stored bytes are used without a conversion.
        cache.store().put_image(&key, &inks[..]).unwrap();
        assert_eq!(shown(&made(Rebuild::Stale)).bytes, inks[..]);
        assert_eq!(shown(&made(Rebuild::All)), first);
        cache.store().put_image(&key, b"damaged").unwrap();
        assert_eq!(shown(&made(Rebuild::Stale)), first);
    }

    #[test]
    fn an_intact_image_is_decoded_once() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("sources/a")).unwrap();
        fs::write(root.path().join("sources/a/publication.toml"), "").unwrap();
        let (workspace, cache) = opened(root.path());
        let image = Bytes::from_static(include_bytes!("../../tests/suite/images/cmyk.jpg"));
        let first = kept_in(&workspace, &cache, Rebuild::Stale);
        assert!(!first.is_damaged(&image) && first.is_damaged(&Bytes::from_static(b"no image")));
        let keys: Vec<Digest> = first.versions().into_iter().collect();
        assert_eq!(keys.len(), 1, "a damaged image is decoded again");
        assert_eq!(cache.store().image(&keys[0]).as_deref(), Some(&b"intact"[..]));
    }

    #[test]
    fn a_version_for_print_is_kept_for_later_builds_unless_everything_is_rebuilt() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("sources/a")).unwrap();
        fs::write(root.path().join("sources/a/publication.toml"), "").unwrap();
        let (workspace, cache) = opened(root.path());
        let made = |rebuild| kept_in(&workspace, &cache, rebuild);
        let version = crate::images::unchanged(Bytes::from_static(b"file"), &[9, 8, 7, 6], true);
        let key = Digest::of(b"image and press");
        let first = made(Rebuild::Stale);
        assert_eq!(first.version(&key), None);
        first.keep(&key, &version);
        let later = made(Rebuild::Stale);
        assert_eq!((first.version(&key), later.version(&key)), (Some(version.clone()), Some(version)));
        assert_eq!(later.versions(), first.versions(), "versions in use are not removed from the store");
        assert_eq!(later.versions().len(), 1);
        assert_eq!(made(Rebuild::All).version(&key), None);
        cache.store().put_image(later.versions().first().unwrap(), b"damaged").unwrap();
        assert_eq!(made(Rebuild::Stale).version(&key), None);
    }
}
