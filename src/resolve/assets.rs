//! Images: read once, known by their first bytes, named once for all outputs.

use std::io::Cursor;
use std::sync::Arc;

use super::svg::{self, SvgFault};

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
    /// Not PNG, JPEG, GIF, WebP or SVG.
    Format,
    /// Damaged, or of no size.
    Damaged,
    /// More than [`MOST_PIXELS`].
    TooLarge,
    /// A drawing that holds something that acts or reaches out.
    Holds(&'static str),
}

/// Pixels that an image may have at the most, before anything decodes it: a small file can claim to hold more than any memory.
pub const MOST_PIXELS: u64 = 100_000_000;

const SVG: &str = "image/svg+xml";

impl Asset {
    /// Looks at the image's header; the content decides the type, not the name. `number` makes the name unique.
    pub fn new(file: &ImageFile, number: usize) -> Result<Self, ImageFault> {
        let reader = image::ImageReader::new(Cursor::new(&file.bytes)).with_guessed_format().map_err(|_| ImageFault::Format)?;
        let (media_type, extension) = match reader.format() {
            Some(image::ImageFormat::Png) => ("image/png", "png"),
            Some(image::ImageFormat::Jpeg) => ("image/jpeg", "jpg"),
            Some(image::ImageFormat::Gif) => ("image/gif", "gif"),
            Some(image::ImageFormat::WebP) => ("image/webp", "webp"),
            _ => return Self::drawing(file, number),
        };
        let (width, height) = reader.into_dimensions().map_err(|_| ImageFault::Damaged)?;
        if width == 0 || height == 0 {
            return Err(ImageFault::Damaged);
        }
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(ImageFault::TooLarge);
        }
        Ok(Self::named(file, number, media_type, extension, (width, height)))
    }

    /// Looks at what is no picture of pixels: perhaps it is a drawing.
    fn drawing(file: &ImageFile, number: usize) -> Result<Self, ImageFault> {
        let size = svg::read(&file.bytes).map_err(|fault| match fault {
            SvgFault::Format => ImageFault::Format,
            SvgFault::Damaged => ImageFault::Damaged,
            SvgFault::Holds(what) => ImageFault::Holds(what),
        })?;
        Ok(Self::named(file, number, SVG, "svg", size))
    }

    fn named(file: &ImageFile, number: usize, media_type: &'static str, extension: &str, (width, height): (u32, u32)) -> Self {
        let stem = file.path.rsplit('/').next().unwrap_or_default().rsplit_once('.').map_or("", |(stem, _)| stem);
        let name = format!("{number:03}-{}.{extension}", super::slug(stem));
        Self { path: file.path.clone(), name, media_type, bytes: file.bytes.clone(), width, height }
    }

    /// Tells whether it is a drawing, which has no pixels of its own.
    pub fn is_drawing(&self) -> bool {
        self.media_type == SVG
    }
}
