//! The version of an image for an EPUB, scaled to the resolution of screens.

use image::imageops::FilterType;
use image::{DynamicImage, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::container::{Embedded, jpeg_profile, png_profile, segments};
use super::convert::eight_bits;
use super::decode::{Pixels, Samples, decode};
use super::encode::{self, EightBitImage};
use super::header::{Format, Header, may_move};
use crate::icc::Channels;

/// Maximum length of the longer edge in pixels: the longer edge of a tablet screen.
pub const LONG_EDGE: u32 = 2048;
/// Quality of JPEGs, 1 to 100.
pub const QUALITY: u8 = 85;

/// Returns an image scaled for screens. Returns `None` if the image is small enough, if the result is not smaller, or if it
/// cannot be decoded.
///
/// - A larger image is scaled so that its longer edge has [`LONG_EDGE`] pixels.
/// - A JPEG gets the [`QUALITY`], and keeps its chroma subsampling and its profile. If it is not scaled, the result must be a
///   quarter smaller to justify the loss.
/// - A PNG stays a PNG, and is only scaled.
/// - Other formats, animations, and PNGs with a colour profile are never changed.
pub fn fitted(bytes: &[u8]) -> Option<Vec<u8>> {
    let header = Header::read(bytes).ok()?;
    let edge = header.width.max(header.height);
    let made = match header.format {
        Format::Jpeg => jpeg(bytes, &header)?,
        Format::Png if is_scaled_png(bytes, &header) => png(bytes, &header)?,
        _ => return None,
    };
    let most = if edge > LONG_EDGE { bytes.len() } else { bytes.len() / 4 * 3 };
    (made.len() < most).then_some(made)
}

/// Returns whether an image is so large that [`fitted`] scales it. The scaled image is not used if it has more bytes.
pub fn is_scaled(bytes: &[u8]) -> bool {
    Header::read(bytes).is_ok_and(|header| match header.format {
        Format::Jpeg => header.width.max(header.height) > LONG_EDGE,
        Format::Png => is_scaled_png(bytes, &header),
        _ => false,
    })
}

fn is_scaled_png(bytes: &[u8], header: &Header) -> bool {
    header.width.max(header.height) > LONG_EDGE && !may_move(Format::Png, bytes) && png_profile(bytes) == Embedded::None
}

/// Returns the size of an image after scaling: the longer edge is at most [`LONG_EDGE`].
fn size(width: u32, height: u32) -> (u32, u32) {
    let edge = u64::from(width.max(height));
    let scaled = |side: u32| {
        let side = (u64::from(side) * u64::from(LONG_EDGE) + edge / 2) / edge.max(1);
        u32::try_from(side).unwrap_or(LONG_EDGE).max(1)
    };
    if edge > u64::from(LONG_EDGE) { (scaled(width), scaled(height)) } else { (width, height) }
}

fn scaled(image: DynamicImage) -> DynamicImage {
    let (width, height) = size(image.width(), image.height());
    match (width, height) == (image.width(), image.height()) {
        true => image,
        false => image.resize_exact(width, height, FilterType::Lanczos3),
    }
}

fn jpeg(bytes: &[u8], header: &Header) -> Option<Vec<u8>> {
    let Ok(Pixels::Screen(image)) = decode(bytes, header) else { return None };
    let image = scaled(image);
    let (width, height) = (u16::try_from(image.width()).ok()?, u16::try_from(image.height()).ok()?);
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, QUALITY);
    encoder.set_sampling_factor(if has_full_chroma(bytes) { SamplingFactor::F_1_1 } else { SamplingFactor::F_2_2 });
    encoder.set_optimized_huffman_tables(true);
    match jpeg_profile(bytes) {
        Embedded::None => {}
        Embedded::Whole(profile) => encoder.add_icc_profile(&profile).ok()?,
        Embedded::Damaged | Embedded::TooLarge => return None,
    }
    match header.colours {
        Channels::Gray => encoder.encode(image.to_luma8().as_raw(), width, height, ColorType::Luma).ok()?,
        _ => encoder.encode(image.to_rgb8().as_raw(), width, height, ColorType::Rgb).ok()?,
    }
    Some(out)
}

/// Returns whether a JPEG has no chroma subsampling (ITU-T T.81 §B.2.2).
fn has_full_chroma(bytes: &[u8]) -> bool {
    let frame = segments(bytes).find(|segment| matches!(segment.marker, 0xC0..=0xC2));
    frame.is_some_and(|frame| frame.data.get(7) == Some(&0x11))
}

fn png(bytes: &[u8], header: &Header) -> Option<Vec<u8>> {
    let Ok(Pixels::Screen(image)) = decode(bytes, header) else { return None };
    let image = match image.color().has_alpha() {
        true => scaled_with_alpha(image),
        false => scaled(image),
    };
    let (width, height) = (image.width(), image.height());
    let mut samples = Samples::of(image);
    let (colours, alpha) = (samples.colours, samples.alpha.take());
    encode::png(&EightBitImage { width, height, density: None, colours, values: eight_bits(samples), alpha })
}

/// Scales an image with transparency. The colours are premultiplied by the opacity while the image is scaled, so that transparent
/// pixels leave no fringe.
fn scaled_with_alpha(image: DynamicImage) -> DynamicImage {
    let multiply = |value: u8, alpha: u8| u8::try_from((u16::from(value) * u16::from(alpha) + 127) / 255).unwrap_or(u8::MAX);
    let divide = |value: u8, alpha: u8| match alpha {
        0 => 0,
        alpha => u8::try_from((u16::from(value) * 255 + u16::from(alpha) / 2) / u16::from(alpha)).unwrap_or(u8::MAX),
    };
    let map_colours = |image: RgbaImage, change: &dyn Fn(u8, u8) -> u8| {
        let mut image = image;
        for Rgba([r, g, b, alpha]) in image.pixels_mut() {
            (*r, *g, *b) = (change(*r, *alpha), change(*g, *alpha), change(*b, *alpha));
        }
        image
    };
    let premultiplied = map_colours(image.into_rgba8(), &multiply);
    map_colours(scaled(premultiplied.into()).into_rgba8(), &divide).into()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, Rgb, RgbImage};

    use super::*;

    fn noise(x: u32, y: u32) -> u8 {
        ((x.wrapping_mul(374_761_393) ^ y.wrapping_mul(668_265_263)).wrapping_mul(1_274_126_177) >> 16) as u8
    }

    fn photograph(width: u32, height: u32, quality: u8) -> Vec<u8> {
        let image = RgbImage::from_fn(width, height, |x, y| Rgb([(x / 16) as u8, (y / 16) as u8, noise(x / 4, y / 4) / 4]));
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, quality);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(image.as_raw(), width as u16, height as u16, ColorType::Rgb).unwrap();
        bytes
    }

    #[test]
    fn large_photographs_are_scaled_and_keep_their_shape() {
        let bytes = photograph(4000, 1500, 90);
        let fitted = fitted(&bytes).unwrap();
        let read = image::load_from_memory(&fitted).unwrap();
        assert_eq!((read.width(), read.height()), (2048, 768));
        assert!(fitted.len() < bytes.len());
        assert!(!has_full_chroma(&fitted));
        assert_eq!(super::fitted(&fitted), None, "a fitted image is not changed again");
    }

    #[test]
    fn small_photographs_change_only_if_they_lose_a_quarter() {
        let best = photograph(600, 400, 100);
        let fitted = fitted(&best).unwrap();
        assert!(fitted.len() < best.len() / 4 * 3);
        assert_eq!(super::fitted(&photograph(600, 400, 85)), None);
        assert_eq!(super::fitted(&photograph(600, 400, 60)), None);
    }

    #[test]
    fn large_drawings_stay_drawings_without_a_fringe() {
        let image = RgbaImage::from_fn(2600, 300, |x, y| match (x / 100 + y / 50) % 2 {
            0 => Rgba([200, noise(x, y), 30, 255]),
            _ => Rgba([0, 0, 0, 0]),
        });
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        let bytes = bytes.into_inner();
        let fitted = fitted(&bytes).unwrap();
        assert_eq!(Format::of(&fitted), Some(Format::Png));
        let read = image::load_from_memory(&fitted).unwrap().into_rgba8();
        assert_eq!((read.width(), read.height()), (2048, 236));
        let edge = read.pixels().filter(|pixel| (40..215).contains(&pixel.0[3]));
        assert!(edge.clone().count() > 100 && edge.clone().all(|pixel| pixel.0[0] > 150), "no edge is darker");
        let mut small = Cursor::new(Vec::new());
        image::imageops::crop_imm(&image, 0, 0, 2000, 300).to_image().write_to(&mut small, ImageFormat::Png).unwrap();
        assert_eq!(super::fitted(&small.into_inner()), None);
    }

    #[test]
    fn other_files_are_never_changed() {
        assert_eq!(fitted(b"GIF89a"), None);
        assert_eq!(fitted(b"\xFF\xD8\xFF"), None);
    }
}
