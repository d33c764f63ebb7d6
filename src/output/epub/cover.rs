//! The cover image, compressed without a visible loss.

use std::borrow::Cow;

use image::imageops::{FilterType, resize};
use image::{ImageFormat, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::images::indexed_png;
use crate::paginate::PageImage;

/// Maximum size of the image in bytes.
const MAX_SIZE: usize = 120_000;
/// JPEG qualities, each with whether the chroma is subsampled, in the order in which they are tried.
const QUALITIES: [(u8, bool); 6] = [(90, false), (84, false), (84, true), (76, true), (68, true), (60, true)];

/// Scale of each reduction of the width and height, in percent. The image is reduced until the file is small enough, if it is too
/// large at the lowest quality.
const STEP: u32 = 85;

/// The image of the cover.
#[derive(Debug)]
pub struct CoverImage<'a> {
    /// Path in the container.
    pub href: &'static str,
    /// The media type.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Cow<'a, [u8]>,
}

impl<'a> CoverImage<'a> {
    /// Returns the image of a cover with at most 120 kB: the PNG if it is small enough, otherwise a PNG with a palette, otherwise
    /// a JPEG.
    pub fn of(cover: &'a PageImage) -> Self {
        let png = |bytes| Self { href: "images/cover.png", media_type: "image/png", bytes };
        if cover.png.len() <= MAX_SIZE {
            return png(Cow::Borrowed(&cover.png));
        }
        let Ok(decoded) = image::load_from_memory_with_format(&cover.png, ImageFormat::Png) else {
            return png(Cow::Borrowed(&cover.png));
        };
        let pixels = decoded.into_rgb8();
        let indexed = indexed_png(pixels.as_raw(), pixels.width(), pixels.height());
        if let Some(indexed) = indexed.filter(|indexed| indexed.len() <= MAX_SIZE) {
            return png(Cow::Owned(indexed));
        }
        match jpeg(&pixels).filter(|jpeg| jpeg.len() < cover.png.len()) {
            Some(jpeg) => Self { href: "images/cover.jpg", media_type: "image/jpeg", bytes: Cow::Owned(jpeg) },
            None => png(Cow::Borrowed(&cover.png)),
        }
    }
}

/// Encodes pixels as a JPEG of the best quality that is not larger than [`MAX_SIZE`], reducing the number of pixels if needed.
fn jpeg(pixels: &RgbImage) -> Option<Vec<u8>> {
    for (quality, subsampled) in QUALITIES {
        let bytes = encoded(pixels, quality, subsampled)?;
        if bytes.len() <= MAX_SIZE {
            return Some(bytes);
        }
    }
    let (quality, subsampled) = *QUALITIES.last()?;
    let (mut width, mut height) = pixels.dimensions();
    while width.min(height) > 1 {
        (width, height) = ((width * STEP / 100).max(1), (height * STEP / 100).max(1));
        let bytes = encoded(&resize(pixels, width, height, FilterType::CatmullRom), quality, subsampled)?;
        if bytes.len() <= MAX_SIZE {
            return Some(bytes);
        }
    }
    None
}

fn encoded(pixels: &RgbImage, quality: u8, subsampled: bool) -> Option<Vec<u8>> {
    let (width, height) = (u16::try_from(pixels.width()).ok()?, u16::try_from(pixels.height()).ok()?);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(if subsampled { SamplingFactor::F_2_2 } else { SamplingFactor::F_1_1 });
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(pixels.as_raw(), width, height, ColorType::Rgb).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Returns a cover whose pixels are computed from their position.
    fn cover(pixel: impl Fn(u32, u32) -> [u8; 3]) -> PageImage {
        let image = RgbImage::from_fn(600, 800, |x, y| image::Rgb(pixel(x, y)));
        let mut png = Cursor::new(Vec::new());
        image.write_to(&mut png, ImageFormat::Png).unwrap();
        PageImage { png: png.into_inner(), width: 600, height: 800 }
    }

    /// Returns a pseudorandom number.
    fn noise(x: u32, y: u32) -> u32 {
        (x.wrapping_mul(374_761_393) ^ y.wrapping_mul(668_265_263)).wrapping_mul(1_274_126_177) >> 16
    }

    #[test]
    fn small_covers_are_unchanged() {
        let flat = cover(|_, _| [20, 40, 60]);
        let shown = CoverImage::of(&flat);
        assert_eq!((shown.href, shown.bytes.as_ref()), ("images/cover.png", flat.png.as_slice()));
    }

    #[test]
    fn drawings_get_a_palette() {
        let drawing = cover(|x, y| match noise(x / 3, y / 3) % 40 {
            0..=7 => [30, 30, 30],
            8..=12 => [230, 40, (noise(y / 3, x / 3) % 60) as u8],
            _ => [255; 3],
        });
        // Padding imitates the fast compression of pages, whose PNGs are larger.
        let drawing = PageImage { png: [drawing.png.as_slice(), &vec![0; MAX_SIZE]].concat(), ..drawing };
        assert!(drawing.png.len() > MAX_SIZE);
        let shown = CoverImage::of(&drawing);
        assert_eq!((shown.href, shown.media_type), ("images/cover.png", "image/png"));
        assert!(shown.bytes.len() < drawing.png.len());
        let read = image::load_from_memory(&shown.bytes).unwrap().into_rgb8();
        let before = image::load_from_memory(&drawing.png).unwrap().into_rgb8();
        let furthest = before.as_raw().iter().zip(read.as_raw()).map(|(one, other)| one.abs_diff(*other)).max();
        assert!(furthest <= Some(20), "{furthest:?}");
    }

    #[test]
    fn photographs_become_smaller_jpegs_of_equal_size_in_pixels() {
        let photograph = cover(|x, y| [(x / 3 + noise(x, y) % 9) as u8, (y / 4) as u8, ((x + y) / 6 + noise(y, x) % 9) as u8]);
        let shown = CoverImage::of(&photograph);
        assert_eq!((shown.href, shown.media_type), ("images/cover.jpg", "image/jpeg"));
        assert!(shown.bytes.len() < photograph.png.len() && photograph.png.len() > MAX_SIZE);
        let read = image::load_from_memory(&shown.bytes).unwrap();
        assert_eq!((read.width(), read.height()), (600, 800));
    }

    #[test]
    fn photographs_are_scaled_down_if_no_quality_is_small_enough() {
        let grain = cover(|x, y| [0, 1, 2].map(|channel| (noise(x + 7 * channel, y) % 256) as u8));
        assert!(encoded(&image::load_from_memory(&grain.png).unwrap().into_rgb8(), 60, true).unwrap().len() > MAX_SIZE);
        let shown = CoverImage::of(&grain);
        let read = image::load_from_memory(&shown.bytes).unwrap();
        assert!(shown.bytes.len() <= MAX_SIZE && shown.bytes.len() > MAX_SIZE / 2, "{}", shown.bytes.len());
        assert!((1..600).contains(&read.width()) && (read.width() * 4).abs_diff(read.height() * 3) <= 8);
    }
}
