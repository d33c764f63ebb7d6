//! Press profiles, each read and prepared once in a build.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::disk::Digest;
use crate::icc::OutputProfile;
use crate::resolve::{Images, PrintSettings};
use crate::workspace::LayoutSet;

/// The default press profile, a file of the layouts: FOGRA39, coated paper.
const DEFAULT: &str = "layouts/common/print/ISOcoated_v2_300_bas.icc";

/// The profiles that were prepared, by digest.
#[derive(Default)]
pub struct PressProfiles(Mutex<BTreeMap<Digest, Arc<OutputProfile>>>);

impl PressProfiles {
    /// Returns the profile that an edition is printed with.
    ///
    /// # Errors
    ///
    /// Returns an error, at the place that names the profile, if the file is missing or is no CMYK output profile.
    pub fn of(
        &self,
        settings: &PrintSettings,
        images: &dyn Images,
        layouts: &LayoutSet,
    ) -> Result<Arc<OutputProfile>, Diagnostics> {
        let bytes = bytes(settings, images, layouts)?;
        let digest = Digest::of(&bytes);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(profile) = known.get(&digest) {
            return Ok(Arc::clone(profile));
        }
        let profile = OutputProfile::parse(bytes).map_err(|fault| {
            let (path, place) = settings.icc.clone().map_or((DEFAULT.to_owned(), None), |(path, place)| (path, Some(place)));
            Diagnostic::new(code::PRESS_PROFILE, format!("\"{path}\" {fault}"))
                .at(place)
                .hint("name the CMYK output profile that your printer gives for the paper, or remove `icc` for FOGRA39")
        })?;
        let profile = Arc::new(profile);
        known.insert(digest, Arc::clone(&profile));
        Ok(profile)
    }
}

/// Returns the bytes of the profile that an edition is printed with.
///
/// # Errors
///
/// Returns an error, at the place that names the profile, if there is no such file.
pub fn bytes(settings: &PrintSettings, images: &dyn Images, layouts: &LayoutSet) -> Result<Bytes, Diagnostics> {
    let Some((path, place)) = &settings.icc else {
        return layouts
            .files
            .get(DEFAULT)
            .cloned()
            .ok_or_else(|| Diagnostic::new(code::INTERNAL, "the default press profile is missing").into());
    };
    match images.image(path) {
        Ok(Some(file)) => Ok(file.bytes),
        Ok(None) => {
            let message = format!("there is no press profile \"{path}\"");
            let hint = "write the path from this file's folder, or remove `icc` for FOGRA39";
            Err(Diagnostic::new(code::FILE, message).at(*place).hint(hint).into())
        }
        Err(refused) => Err(refused.with_code(code::FILE).at(*place).into()),
    }
}
