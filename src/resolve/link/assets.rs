//! Images: read once, known by their first bytes, named once for all outputs.

use std::io::Cursor;

use bytes::Bytes;
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageReader, ImageResult};

use super::svg::{self, SvgFault};
use crate::resolve::scope::slug;

/// An image file as the project read it.
#[derive(Clone, Debug)]
pub struct ImageFile {
    /// Path from the project's root.
    pub path: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// An image that an edition uses.
#[derive(Clone, Debug, Hash)]
pub struct Asset {
    /// Path from the project's root.
    pub path: String,
    /// File name in the outputs: ASCII, unique in the publication.
    pub name: String,
    /// Media type, from its content.
    pub media_type: &'static str,
    /// Its bytes, untouched.
    pub bytes: Bytes,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// It has pixels that a page can show as they are: upright, of eight bits a colour.
    pub is_plain: bool,
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
    /// A colour profile that may unfold to more than any memory.
    Profile,
}

/// Pixels that an image may have at the most, before anything decodes it: a small file can claim to hold more than any memory.
pub const MOST_PIXELS: u64 = 100_000_000;

/// Bytes at the start of an image that hold its size, nearly always.
const HEAD: usize = 32 << 10;

const SVG: &str = "image/svg+xml";
/// Bytes of a folded colour profile, at the most: folded bytes may stand for a thousand times as many.
const MOST_PROFILE: usize = 256 << 10;

/// Size of the folded colour profile of a PNG: its chunk `iCCP` (PNG 3rd edition §11.3.2.3), which precedes the pixels.
fn folded_profile(bytes: &[u8]) -> usize {
    head(bytes).find(|chunk| chunk.name == *b"iCCP").map_or(0, |chunk| chunk.length)
}

impl Asset {
    /// Looks at the image's header; the content decides the type, not the name. `number` makes the name unique.
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
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(ImageFault::TooLarge);
        }
        let whole = match extension {
            "png" => ends_as_png(&file.bytes),
            "jpg" => ends_as_jpeg(&file.bytes),
            _ => true,
        };
        if width == 0 || height == 0 || !whole {
            return Err(ImageFault::Damaged);
        }
        if media_type == "image/png" && folded_profile(&file.bytes) > MOST_PROFILE {
            return Err(ImageFault::Profile);
        }
        Ok(Self::named(file, number, media_type, extension, header))
    }

    /// Looks at what is no picture of pixels: perhaps it is a drawing.
    fn drawing(file: &ImageFile, number: usize) -> Result<Self, ImageFault> {
        let (width, height) = svg::read(&file.bytes).map_err(|fault| match fault {
            SvgFault::Format => ImageFault::Format,
            SvgFault::Damaged => ImageFault::Damaged,
            SvgFault::Holds(what) => ImageFault::Holds(what),
        })?;
        Ok(Self::named(file, number, SVG, "svg", Header { width, height, is_plain: false }))
    }

    fn named(file: &ImageFile, number: usize, media_type: &'static str, extension: &str, header: Header) -> Self {
        let stem = file.path.rsplit('/').next().unwrap_or_default().rsplit_once('.').map_or("", |(stem, _)| stem);
        let name = format!("{number:03}-{}.{extension}", slug(stem));
        let Header { width, height, is_plain } = header;
        Self { path: file.path.clone(), name, media_type, bytes: file.bytes.clone(), width, height, is_plain }
    }

    /// Returns whether it is a drawing, which has no pixels of its own.
    pub fn is_drawing(&self) -> bool {
        self.media_type == SVG
    }

    /// Returns whether the image may move: a GIF always may; PNG says so before its pixels, WebP in its header. A drawing that
    /// moves was refused.
    pub fn may_move(&self) -> bool {
        match self.media_type {
            "image/gif" => true,
            "image/png" => head(&self.bytes).any(|chunk| chunk.name == *b"acTL"),
            // WebP container, §"Extended File Format": the flags follow the first chunk's header.
            "image/webp" => self.bytes.get(12..16) == Some(b"VP8X") && self.bytes.get(20).is_some_and(|flags| flags & 2 != 0),
            _ => false,
        }
    }
}

/// What an image says of itself before its pixels.
#[derive(Clone, Copy)]
struct Header {
    width: u32,
    height: u32,
    is_plain: bool,
}

/// Reads the header. A reader of JPEG copies all that it is given: it gets the start, which holds the header but for uncommonly
/// large metadata.
fn header(bytes: &[u8]) -> ImageResult<Header> {
    match bytes.get(..HEAD) {
        Some(start) => header_in(start).or_else(|_| header_in(bytes)),
        None => header_in(bytes),
    }
}

fn header_in(bytes: &[u8]) -> ImageResult<Header> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let Ok(mut decoder) = reader()?.into_decoder() else {
        // It is too large to be decoded, perhaps; its size can be read all the same.
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
    /// Bytes of its data.
    length: usize,
    /// It is there to its end.
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

/// The chunks before the pixels.
fn head(bytes: &[u8]) -> impl Iterator<Item = Chunk> {
    chunks(bytes).take_while(|chunk| chunk.name != *b"IDAT")
}

/// Returns whether a PNG was not cut off.
fn ends_as_png(bytes: &[u8]) -> bool {
    chunks(bytes).any(|chunk| chunk.name == *b"IEND" && chunk.whole)
}

/// Returns whether a JPEG was not cut off: its marker of the end follows the pixels (ITU-T T.81 §B.1.1). Cameras write more after it.
fn ends_as_jpeg(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(0xFF, rest) {
        let after = rest.get(at + 1..).unwrap_or_default();
        let skipped = match after {
            [0xD9, ..] => return true,
            // A byte of the pixels, a restart, the start of the image.
            [0x00 | 0xD0..=0xD8, ..] => 1,
            // Filling.
            [0xFF, ..] => 0,
            [_, high, low, ..] => 1 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => return false,
        };
        rest = after.get(skipped..).unwrap_or_default();
    }
    false
}
