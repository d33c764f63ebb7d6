//! Images: read once, known by their first bytes, named once for all outputs.

use std::io::Cursor;
use std::sync::Arc;

/// An image file as the project read it.
#[derive(Clone, Debug)]
pub struct ImageFile {
    /// Path from the project's root.
    pub path: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// An image that an edition uses.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Path from the project's root.
    pub path: String,
    /// File name in the outputs: ASCII, unique in the publication.
    pub name: String,
    /// Media type, from its content.
    pub media_type: &'static str,
    /// Its bytes, untouched.
    pub bytes: Arc<[u8]>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Why an image cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFault {
    /// Not PNG, JPEG, GIF or WebP.
    Format,
    /// Damaged, or of no size.
    Damaged,
    /// More than [`MOST_PIXELS`].
    TooLarge,
    /// A colour profile that may unfold to more than any memory.
    Profile,
}

/// Pixels that an image may have at the most, before anything decodes it: a small file can claim to hold more than any memory.
pub const MOST_PIXELS: u64 = 100_000_000;

/// Bytes of a folded colour profile, at the most: folded bytes may stand for a thousand times as many.
const MOST_PROFILE: usize = 256 << 10;

/// Size of the folded colour profile of a PNG: its chunk `iCCP` (PNG 3rd edition §11.3.2.3), which stands before the pixels.
fn folded_profile(bytes: &[u8]) -> usize {
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let (Some(length), Some(kind)) = (rest.first_chunk::<4>(), rest.get(4..8)) {
        let length = u32::from_be_bytes(*length) as usize;
        match kind {
            b"iCCP" => return length,
            b"IDAT" => break,
            _ => rest = rest.get(length.saturating_add(12)..).unwrap_or_default(),
        }
    }
    0
}

impl Asset {
    /// Looks at the image's header; the content decides the type, not the name. `number` makes the name unique.
    pub fn new(file: &ImageFile, number: usize) -> Result<Self, ImageFault> {
        let reader = image::ImageReader::new(Cursor::new(&file.bytes)).with_guessed_format().map_err(|_| ImageFault::Format)?;
        let (media_type, extension) = match reader.format() {
            Some(image::ImageFormat::Png) => ("image/png", "png"),
            Some(image::ImageFormat::Jpeg) => ("image/jpeg", "jpg"),
            Some(image::ImageFormat::Gif) => ("image/gif", "gif"),
            Some(image::ImageFormat::WebP) => ("image/webp", "webp"),
            _ => return Err(ImageFault::Format),
        };
        let (width, height) = reader.into_dimensions().map_err(|_| ImageFault::Damaged)?;
        if width == 0 || height == 0 {
            return Err(ImageFault::Damaged);
        }
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(ImageFault::TooLarge);
        }
        if media_type == "image/png" && folded_profile(&file.bytes) > MOST_PROFILE {
            return Err(ImageFault::Profile);
        }
        let stem = file.path.rsplit('/').next().unwrap_or_default().rsplit_once('.').map_or("", |(stem, _)| stem);
        let name = format!("{number:03}-{}.{extension}", super::slug(stem));
        Ok(Self { path: file.path.clone(), name, media_type, bytes: file.bytes.clone(), width, height })
    }
}
