//! Images with a transparent background: the colours of their visible pixels.

use image::imageops::FilterType;

use super::container::head;
use super::decode::{Pixels, decode};
use super::header::{Format, Header};

/// Maximum number of pixels of an image that is examined.
const MAX_PIXELS: u64 = 25_000_000;

/// Longest edge of the version that is examined, in pixels.
const EDGE: u32 = 128;

/// The background of an image is transparent if at least one in this number of pixels is transparent. Rounded corners make fewer
/// pixels transparent.
const TRANSPARENT: usize = 20;

/// Returns whether the pixels of a file can be transparent.
pub fn may_be_transparent(format: Format, bytes: &[u8]) -> bool {
    match format {
        Format::Png => head(bytes).any(|chunk| match &chunk.name {
            b"IHDR" => chunk.data.get(9).is_some_and(|kind| matches!(kind, 4 | 6)),
            b"tRNS" => true,
            _ => false,
        }),
        // The VP8X header has a flag for transparency; a lossless image (VP8L) may always have an alpha channel.
        Format::WebP => match bytes.get(12..16) {
            Some(b"VP8X") => bytes.get(20).is_some_and(|flags| flags & 0x10 != 0),
            kind => kind == Some(b"VP8L"),
        },
        Format::Gif => true,
        Format::Jpeg => false,
    }
}

/// Returns a sample of the colours of the visible pixels of an image. Returns `None` if its background is not transparent, or if
/// it cannot be examined.
pub fn colours_on_transparency(bytes: &[u8], header: &Header) -> Option<Vec<[u8; 3]>> {
    if !may_be_transparent(header.format, bytes) || u64::from(header.width) * u64::from(header.height) > MAX_PIXELS {
        return None;
    }
    let Ok(Pixels::Screen(image)) = decode(bytes, header) else { return None };
    let image = match image.width().max(image.height()) > EDGE {
        true => image.resize(EDGE, EDGE, FilterType::Nearest),
        false => image,
    };
    let image = image.into_rgba8();
    let visible: Vec<[u8; 3]> =
        image.pixels().filter(|pixel| pixel.0[3] >= 128).map(|pixel| [pixel.0[0], pixel.0[1], pixel.0[2]]).collect();
    let count = image.pixels().len();
    ((count - visible.len()) * TRANSPARENT >= count).then_some(visible)
}
