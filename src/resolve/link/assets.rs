//! Images. Their first bytes determine the format. Each image has the same name in all outputs.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::svg::{self, SvgFault};
use crate::disk::Digest;
use crate::images::{Format, Header, ImageFault, ScreenVersion, may_move};
use crate::model::slug;

/// An image file of the project.
#[derive(Clone, Debug)]
pub struct ImageFile {
    /// Path relative to the root of the project.
    pub path: String,
    /// The unmodified file.
    pub bytes: Bytes,
    /// Its header, read once for all editions.
    header: Arc<OnceLock<Result<Header, ImageFault>>>,
}

impl ImageFile {
    /// Creates a file; nothing is read yet.
    pub fn new(path: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { path: path.into(), bytes: bytes.into(), header: Arc::default() }
    }

    /// Returns the header of a raster image.
    ///
    /// # Errors
    ///
    /// Returns the reason if the file cannot be used as a raster image.
    pub fn header(&self) -> Result<&Header, ImageFault> {
        self.header.get_or_init(|| Header::read(&self.bytes)).as_ref().map_err(|fault| *fault)
    }
}

/// An image that an edition uses.
#[derive(Clone, Debug, Hash)]
pub struct Asset {
    /// Path relative to the root of the project.
    pub path: String,
    /// File name in the outputs, ASCII and unique in the publication.
    pub name: String,
    /// Media type, determined by the content.
    pub media_type: &'static str,
    /// The version for screens: the unmodified file, or a conversion to sRGB.
    pub bytes: Bytes,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Whether a PDF can contain the pixels without conversion: the image is upright and has 8 bits per channel.
    pub is_plain: bool,
    /// Whether the edition shows it more than once.
    pub is_repeated: bool,
    /// The unmodified file, if the version for screens differs.
    pub original: Option<Original>,
}

/// The file of an image that was converted for screens.
#[derive(Clone, Debug)]
pub struct Original {
    /// The unmodified file.
    pub bytes: Bytes,
    /// Its digest.
    pub digest: Digest,
}

impl Hash for Original {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

const SVG: &str = "image/svg+xml";

impl Asset {
    /// Reads the header of an image. The content determines the format, not the name. `number` makes the name unique.
    ///
    /// # Errors
    ///
    /// Returns the reason if the image cannot be used.
    pub fn new(file: &ImageFile, number: usize) -> Result<Self, ImageFault> {
        let (media_type, extension, width, height, is_plain) = match file.header() {
            Ok(Header { format, width, height, is_plain, .. }) => {
                (format.media_type(), format.extension(), *width, *height, *is_plain)
            }
            Err(ImageFault::Format) => {
                let (width, height) = drawing(file)?;
                (SVG, "svg", width, height, false)
            }
            Err(fault) => return Err(fault),
        };
        let stem = file.path.rsplit('/').next().unwrap_or_default().rsplit_once('.').map_or("", |(stem, _)| stem);
        let name = format!("{number:03}-{}.{extension}", slug(stem));
        let (path, bytes) = (file.path.clone(), file.bytes.clone());
        Ok(Self { path, name, media_type, bytes, width, height, is_plain, is_repeated: false, original: None })
    }

    /// Replaces the file by its version for screens.
    ///
    /// # Errors
    ///
    /// Returns the reason if the version cannot be used.
    pub fn show(&mut self, version: ScreenVersion) -> Result<(), ImageFault> {
        let Header { width, height, is_plain, .. } = Header::read(&version.bytes)?;
        (self.width, self.height, self.is_plain) = (width, height, is_plain);
        let stem = self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        self.name = format!("{stem}.{}", version.format.extension());
        self.media_type = version.format.media_type();
        let bytes = std::mem::replace(&mut self.bytes, version.bytes);
        self.original = Some(Original { digest: Digest::of(&bytes), bytes });
        Ok(())
    }

    /// Returns whether it is an SVG, which has no pixels.
    pub fn is_drawing(&self) -> bool {
        self.media_type == SVG
    }

    /// Returns whether the image may be animated. Animated SVGs have been rejected.
    pub fn may_be_animated(&self) -> bool {
        Format::of(&self.bytes).is_some_and(|format| may_move(format, &self.bytes))
    }
}

/// Reads a file that is not a raster image as an SVG, and returns its size.
fn drawing(file: &ImageFile) -> Result<(u32, u32), ImageFault> {
    svg::read(&file.bytes).map_err(|fault| match fault {
        SvgFault::Format => ImageFault::Format,
        SvgFault::Damaged => ImageFault::Damaged,
        SvgFault::Forbidden(what) => ImageFault::Forbidden(what),
    })
}
