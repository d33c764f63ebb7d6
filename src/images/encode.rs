//! Encodes converted images: photographs as JPEG, everything else as PNG.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};
use png::{BitDepth, PixelDimensions, Unit};

use super::container::chunks;
use super::press::PressEncoding;
use crate::icc::Channels;

/// Quality of JPEGs for screens. The loss is barely visible, even if the source is a JPEG.
const QUALITY: u8 = 92;

/// Quality of JPEGs for print. With chrominance at half the resolution, at 300 dpi, higher values make no visible difference on
/// paper.
const PRESS_QUALITY: u8 = 85;

/// Pixels with eight bits per channel, and a separate alpha channel.
pub struct EightBitImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pixels per metre, horizontally and vertically.
    pub density: Option<(u32, u32)>,
    /// Grey or RGB.
    pub colours: Channels,
    /// The pixels.
    pub values: Vec<u8>,
    /// The alpha values of the pixels, if any pixel is not opaque.
    pub alpha: Option<Vec<u8>>,
}

/// Writes a JPEG without chroma subsampling and without transparency, with the given colour profile.
/// Returns `None` if the image is too large for the format.
pub fn jpeg(image: &EightBitImage, profile: Option<&[u8]>) -> Option<Vec<u8>> {
    let (width, height) = (u16::try_from(image.width).ok()?, u16::try_from(image.height).ok()?);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    if let Some((x, y)) = image.density {
        let per_inch = |value: u32| u16::try_from((u64::from(value) * 254 + 5_000) / 10_000).unwrap_or(u16::MAX);
        encoder.set_density(PixelDensity { density: (per_inch(x), per_inch(y)), unit: PixelDensityUnit::Inches });
    }
    if let Some(profile) = profile {
        encoder.add_icc_profile(profile).ok()?;
    }
    let colours = if image.colours == Channels::Gray { ColorType::Luma } else { ColorType::Rgb };
    encoder.encode(&image.values, width, height, colours).ok()?;
    Some(bytes)
}

/// Writes a PNG. Returns `None` if the number of pixels does not match the size.
pub fn png(image: &EightBitImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, image.width, image.height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_pixel_dims(image.density.map(|(xppu, yppu)| PixelDimensions { xppu, yppu, unit: Unit::Meter }));
    let channels = if image.colours == Channels::Gray { 1 } else { 3 };
    encoder.set_color(match (channels, image.alpha.is_some()) {
        (1, false) => png::ColorType::Grayscale,
        (1, true) => png::ColorType::GrayscaleAlpha,
        (_, false) => png::ColorType::Rgb,
        (_, true) => png::ColorType::Rgba,
    });
    let mut writer = encoder.write_header().ok()?;
    match &image.alpha {
        None => writer.write_image_data(&image.values).ok()?,
        Some(alpha) => {
            let pixels = image.values.chunks_exact(channels).zip(alpha);
            let joined: Vec<u8> = pixels.flat_map(|(colour, alpha)| colour.iter().copied().chain([*alpha])).collect();
            writer.write_image_data(&joined).ok()?;
        }
    }
    writer.finish().ok()?;
    Some(bytes)
}

/// Writes a JPEG for print. Inks are stored inverted, as luminance, chrominance and black (YCCK). Returns `None` if the image is
/// too large for the format.
pub fn press_jpeg(pixels: &[u8], [width, height]: [u32; 2], has_inks: bool) -> Option<Vec<u8>> {
    let (width, height) = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
    let mut file = Vec::with_capacity(pixels.len() / 8);
    let mut encoder = Encoder::new(&mut file, PRESS_QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(pixels, width, height, if has_inks { ColorType::CmykAsYcck } else { ColorType::Luma }).ok()?;
    Some(file)
}

/// Compresses samples for print without loss, with the filters of PNG or without filters, whichever is smaller. Returns `None` if
/// the number of pixels does not match the size.
pub fn press_samples(pixels: &[u8], [width, height]: [u32; 2], has_inks: bool) -> Option<(Vec<u8>, PressEncoding)> {
    let filtered = filtered(pixels, [width, height], has_inks)?;
    // Samples without filters are smaller, and quick to deflate, only where most of them repeat.
    let repeats = filtered.len() < pixels.len() / 4;
    match repeats.then(|| deflated(pixels)).flatten() {
        Some(plain) if plain.len() < filtered.len() => Some((plain, PressEncoding::Deflated)),
        _ => Some((filtered, PressEncoding::Filtered)),
    }
}

/// Returns the compressed image data of a PNG with four channels or one.
fn filtered(pixels: &[u8], [width, height]: [u32; 2], has_inks: bool) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(if has_inks { png::ColorType::Rgba } else { png::ColorType::Grayscale });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Adaptive);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(pixels).ok()?;
    writer.finish().ok()?;
    Some(chunks(&file).filter(|chunk| chunk.name == *b"IDAT").flat_map(|chunk| chunk.data).copied().collect())
}

fn deflated(pixels: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(pixels.len() / 8), Compression::default());
    encoder.write_all(pixels).ok()?;
    encoder.finish().ok()
}
