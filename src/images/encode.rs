//! Writing of converted images: JPEG for photographs, PNG for everything else.

use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};
use png::{BitDepth, PixelDimensions, Unit};

use crate::icc::Channels;

/// Quality of JPEGs for screens. A loss is then hardly seen, also beside that of the file that was converted.
const QUALITY: u8 = 92;

/// Pixels of eight bits, without transparency, and their transparency.
pub struct Flat {
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
    /// The transparency of each pixel.
    pub alpha: Option<Vec<u8>>,
}

/// Writes a JPEG without chroma subsampling. Transparency is left out. Returns `None` if the image is too large for the format.
pub fn jpeg(image: &Flat) -> Option<Vec<u8>> {
    let (width, height) = (u16::try_from(image.width).ok()?, u16::try_from(image.height).ok()?);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    if let Some((x, y)) = image.density {
        let per_inch = |value: u32| u16::try_from((u64::from(value) * 254 + 5_000) / 10_000).unwrap_or(u16::MAX);
        encoder.set_density(PixelDensity { density: (per_inch(x), per_inch(y)), unit: PixelDensityUnit::Inches });
    }
    let colours = if image.colours == Channels::Gray { ColorType::Luma } else { ColorType::Rgb };
    encoder.encode(&image.values, width, height, colours).ok()?;
    Some(bytes)
}

/// Writes a PNG. Returns `None` if the pixels do not fit the size.
pub fn png(image: &Flat) -> Option<Vec<u8>> {
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
