//! Images. Their first bytes determine the format. Each image has the same name in all outputs.

use std::io::Cursor;

use bytes::Bytes;
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageReader, ImageResult};

use super::svg::{self, SvgFault};
use crate::resolve::scope::slug;

/// An image file of the project.
#[derive(Clone, Debug)]
pub struct ImageFile {
    /// Path relative to the root of the project.
    pub path: String,
    /// The unmodified file.
    pub bytes: Bytes,
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
    /// The unmodified file.
    pub bytes: Bytes,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Whether a PDF can contain the pixels without conversion: the image is upright and has 8 bits per channel.
    pub is_plain: bool,
}

/// The reason why an image cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFault {
    /// It is not PNG, JPEG, GIF, WebP or SVG.
    Format,
    /// It is damaged or has no size.
    Damaged,
    /// It has more than [`MAX_PIXELS`] pixels.
    TooLarge,
    /// It is an SVG that contains something that is not allowed.
    Forbidden(&'static str),
    /// Its colour profile is too large: decompressed, it could exceed the available memory.
    Profile,
}

/// Maximum number of pixels of an image, checked before decoding. A small file can claim more pixels than fit into memory.
pub const MAX_PIXELS: u64 = 100_000_000;

/// Number of bytes at the start of an image that contain its header in nearly all cases.
const HEADER_SIZE: usize = 32 << 10;

const SVG: &str = "image/svg+xml";
/// Maximum size of a compressed colour profile in bytes. It can decompress to a thousand times its size.
const MAX_PROFILE: usize = 256 << 10;

/// Returns the size in bytes of the compressed colour profile of a PNG: its chunk `iCCP` (PNG 3rd edition §11.3.2.3).
fn compressed_profile_size(bytes: &[u8]) -> usize {
    chunks_before_pixels(bytes).find(|chunk| chunk.name == *b"iCCP").map_or(0, |chunk| chunk.length)
}

impl Asset {
    /// Reads the header of an image. The content determines the format, not the name. `number` makes the name unique.
    ///
    /// # Errors
    ///
    /// Returns the reason if the image cannot be used.
    pub fn new(file: &ImageFile, number: usize) -> Result<Self, ImageFault> {
        let (media_type, extension) = match image::guess_format(&file.bytes).ok() {
            Some(image::ImageFormat::Png) => ("image/png", "png"),
            Some(image::ImageFormat::Jpeg) => ("image/jpeg", "jpg"),
            Some(image::ImageFormat::Gif) => ("image/gif", "gif"),
            Some(image::ImageFormat::WebP) => ("image/webp", "webp"),
            _ => return Self::drawing(file, number),
        };
        let header = header(&file.bytes).map_err(|_| ImageFault::Damaged)?;
        let Header { width, height, .. } = header;
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(ImageFault::TooLarge);
        }
        let whole = match extension {
            "png" => is_complete_png(&file.bytes),
            "jpg" => is_complete_jpeg(&file.bytes),
            _ => true,
        };
        if width == 0 || height == 0 || !whole {
            return Err(ImageFault::Damaged);
        }
        if media_type == "image/png" && compressed_profile_size(&file.bytes) > MAX_PROFILE {
            return Err(ImageFault::Profile);
        }
        Ok(Self::named(file, number, media_type, extension, header))
    }

    /// Reads a file that is not a raster image as an SVG.
    fn drawing(file: &ImageFile, number: usize) -> Result<Self, ImageFault> {
        let (width, height) = svg::read(&file.bytes).map_err(|fault| match fault {
            SvgFault::Format => ImageFault::Format,
            SvgFault::Damaged => ImageFault::Damaged,
            SvgFault::Forbidden(what) => ImageFault::Forbidden(what),
        })?;
        Ok(Self::named(file, number, SVG, "svg", Header { width, height, is_plain: false }))
    }

    fn named(file: &ImageFile, number: usize, media_type: &'static str, extension: &str, header: Header) -> Self {
        let stem = file.path.rsplit('/').next().unwrap_or_default().rsplit_once('.').map_or("", |(stem, _)| stem);
        let name = format!("{number:03}-{}.{extension}", slug(stem));
        let Header { width, height, is_plain } = header;
        Self { path: file.path.clone(), name, media_type, bytes: file.bytes.clone(), width, height, is_plain }
    }

    /// Returns whether it is an SVG, which has no pixels.
    pub fn is_drawing(&self) -> bool {
        self.media_type == SVG
    }

    /// Returns whether the image may be animated. Every GIF may be; a PNG declares it before its pixels, a WebP in its header. Animated
    /// SVGs are rejected earlier.
    pub fn may_be_animated(&self) -> bool {
        match self.media_type {
            "image/gif" => true,
            "image/png" => chunks_before_pixels(&self.bytes).any(|chunk| chunk.name == *b"acTL"),
            // WebP container, §"Extended File Format": the flags follow the header of the first chunk.
            "image/webp" => self.bytes.get(12..16) == Some(b"VP8X") && self.bytes.get(20).is_some_and(|flags| flags & 2 != 0),
            _ => false,
        }
    }
}

/// The header of an image.
#[derive(Clone, Copy)]
struct Header {
    width: u32,
    height: u32,
    is_plain: bool,
}

/// Reads the header. The JPEG decoder copies its whole input, so only the first [`HEADER_SIZE`] bytes are tried first. They contain the
/// header unless the metadata are unusually large.
fn header(bytes: &[u8]) -> ImageResult<Header> {
    match bytes.get(..HEADER_SIZE) {
        Some(start) => header_in(start).or_else(|_| header_in(bytes)),
        None => header_in(bytes),
    }
}

fn header_in(bytes: &[u8]) -> ImageResult<Header> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let Ok(mut decoder) = reader()?.into_decoder() else {
        // The image may be too large to decode, but its size can still be read.
        let (width, height) = reader()?.into_dimensions()?;
        return Ok(Header { width, height, is_plain: false });
    };
    let (width, height) = decoder.dimensions();
    let upright = decoder.orientation().is_ok_and(|orientation| orientation == Orientation::NoTransforms);
    let eight_bits = matches!(decoder.color_type(), ColorType::L8 | ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8);
    Ok(Header { width, height, is_plain: upright && eight_bits })
}

/// A chunk of a PNG (PNG 3rd edition, §5.3).
struct Chunk {
    name: [u8; 4],
    /// Length of its data in bytes.
    length: usize,
    /// Whether it is complete.
    whole: bool,
}

fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk> {
    let mut at = 8;
    std::iter::from_fn(move || {
        let [a, b, c, d, name @ ..] = *bytes.get(at..at + 8)?.first_chunk::<8>()?;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
        at = at.checked_add(length)?.checked_add(12)?;
        Some(Chunk { name, length, whole: at <= bytes.len() })
    })
}

/// Returns the chunks before the pixels.
fn chunks_before_pixels(bytes: &[u8]) -> impl Iterator<Item = Chunk> {
    chunks(bytes).take_while(|chunk| chunk.name != *b"IDAT")
}

/// Returns whether a PNG is complete.
fn is_complete_png(bytes: &[u8]) -> bool {
    chunks(bytes).any(|chunk| chunk.name == *b"IEND" && chunk.whole)
}

/// Returns whether a JPEG is complete: an end marker follows the pixels (ITU-T T.81 §B.1.1). Cameras append more data.
fn is_complete_jpeg(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(0xFF, rest) {
        let after = rest.get(at + 1..).unwrap_or_default();
        let skipped = match after {
            [0xD9, ..] => return true,
            // A byte of the pixels, a restart marker, or the start of the image.
            [0x00 | 0xD0..=0xD8, ..] => 1,
            // Fill byte.
            [0xFF, ..] => 0,
            [_, high, low, ..] => 1 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => return false,
        };
        rest = after.get(skipped..).unwrap_or_default();
    }
    false
}
