//! Decodes image files.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageReader, RgbImage, RgbaImage};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::container;
use super::header::{Format, Header, ImageFault, MAX_PIXELS, has_several_scans, stores_rgb, stores_ycck};
use crate::icc::Channels;

/// Decoded pixels, upright.
pub enum Pixels {
    /// Grey or RGB, perhaps with transparency.
    Screen(DynamicImage),
    /// Inks, four bytes each, 0 is none.
    Inks(Inks),
}

/// Pixels of four inks.
pub struct Inks {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Cyan, magenta, yellow and black of each pixel; 0 is none.
    pub values: Vec<u8>,
}

/// Decodes an image whose header has been read: the first frame, if it is animated.
///
/// # Errors
///
/// Returns [`ImageFault::Damaged`] if the pixels cannot be decoded.
pub fn decode(bytes: &[u8], header: &Header) -> Result<Pixels, ImageFault> {
    if header.format == Format::Jpeg {
        return jpeg(bytes, header);
    }
    let stripped = (header.format == Format::Png && header.fault.is_some()).then(|| container::png_without_colours(bytes));
    let bytes = stripped.as_deref().unwrap_or(bytes);
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| ImageFault::Damaged)?;
    let mut image = reader.decode().map_err(|_| ImageFault::Damaged)?;
    image.apply_orientation(header.orientation);
    Ok(Pixels::Screen(image))
}

/// Returns whether the pixels of an image can be decoded.
pub fn is_readable(bytes: &[u8]) -> bool {
    Header::read(bytes).and_then(|header| decode(bytes, &header)).is_ok()
}

/// Returns whether the pixels of an image that is not a JPEG are damaged. The header of a JPEG is read only if its data are complete,
/// and programs show the readable part of others.
pub fn is_damaged(bytes: &[u8]) -> bool {
    let Ok(header) = Header::read(bytes) else { return true };
    header.format != Format::Jpeg && matches!(decode(bytes, &header), Err(ImageFault::Damaged))
}

fn jpeg(bytes: &[u8], header: &Header) -> Result<Pixels, ImageFault> {
    let mut values = jpeg_samples(bytes, header.colours)?;
    let (width, height) = (header.width, header.height);
    if values.len() != width as usize * height as usize * header.colours.count() {
        return Err(ImageFault::Damaged);
    }
    let image = match header.colours {
        Channels::Gray => GrayImage::from_raw(width, height, values).map(DynamicImage::from),
        Channels::Rgb => RgbImage::from_raw(width, height, values).map(DynamicImage::from),
        Channels::Cmyk => {
            if header.is_inverted {
                values.iter_mut().for_each(|value| *value = 255 - *value);
            }
            let (width, height, values) = oriented(header, values);
            return Ok(Pixels::Inks(Inks { width, height, values }));
        }
    };
    let mut image = image.ok_or(ImageFault::Damaged)?;
    image.apply_orientation(header.orientation);
    Ok(Pixels::Screen(image))
}

/// Decodes a JPEG with these channels. Inks are returned as stored; in many files, 255 is no ink.
///
/// # Errors
///
/// Returns a fault if the pixels cannot be decoded.
pub fn jpeg_samples(bytes: &[u8], colours: Channels) -> Result<Vec<u8>, ImageFault> {
    if has_several_scans(bytes) {
        return Err(ImageFault::Rare("in several scans"));
    }
    let raw_rgb = stores_rgb(bytes);
    // With this Adobe marker, the decoder mistakes three components for CMYK.
    let plain = raw_rgb.then(|| container::jpeg_without_adobe(bytes));
    let options = DecoderOptions::default().set_strict_mode(false).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(plain.as_deref().unwrap_or(bytes)), options);
    decoder.decode_headers().map_err(|_| ImageFault::Damaged)?;
    let pixels = decoder.dimensions().map(|(width, height)| width as u64 * height as u64);
    if pixels.is_none_or(|pixels| pixels > MAX_PIXELS) {
        return Err(ImageFault::TooLarge);
    }
    let wanted = match colours {
        Channels::Gray => ColorSpace::Luma,
        Channels::Rgb if !raw_rgb => ColorSpace::RGB,
        // With the colour space of the file, the decoder does not convert the components.
        _ => decoder.input_colorspace().ok_or(ImageFault::Damaged)?,
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let mut values = decoder.decode().map_err(|_| ImageFault::Damaged)?;
    if colours == Channels::Cmyk && stores_ycck(bytes) {
        values.as_chunks_mut().0.iter_mut().for_each(ycck);
    }
    Ok(values)
}

/// Converts YCCK into the stored form of CMYK (ITU-T T.872 §6.5.3).
fn ycck(pixel: &mut [u8; 4]) {
    let [y, cb, cr, _] = pixel.map(i32::from);
    let (cb, cr) = (cb - 128, cr - 128);
    // The factors of ITU-T T.871 §7 times 65,536, rounded.
    let stored = |light: i32| u8::try_from((255 - (((y << 16) + light + 32_768) >> 16)).clamp(0, 255)).unwrap_or_default();
    pixel[0] = stored(91_881 * cr);
    pixel[1] = stored(-22_554 * cb - 46_802 * cr);
    pixel[2] = stored(116_130 * cb);
}

/// Applies the orientation to inks.
fn oriented(header: &Header, values: Vec<u8>) -> (u32, u32, Vec<u8>) {
    let (width, height) = (header.width, header.height);
    if header.orientation == Orientation::NoTransforms {
        return (width, height, values);
    }
    // An RGBA image rotates the four bytes of a pixel together.
    match RgbaImage::from_raw(width, height, values) {
        Some(image) => {
            let mut image = DynamicImage::ImageRgba8(image);
            image.apply_orientation(header.orientation);
            (image.width(), image.height(), image.into_bytes())
        }
        None => (width, height, Vec::new()),
    }
}

/// Colour samples, and a separate alpha channel.
pub struct Samples {
    /// Grey or RGB.
    pub colours: Channels,
    /// The samples of all pixels.
    pub values: Depth,
    /// The alpha values of the pixels, if any pixel is not opaque.
    pub alpha: Option<Vec<u8>>,
}

/// Samples of eight or sixteen bits.
pub enum Depth {
    /// 8 bits.
    Eight(Vec<u8>),
    /// 16 bits.
    Sixteen(Vec<u16>),
}

impl Samples {
    /// Separates the colours of an image from its transparency.
    pub fn of(image: DynamicImage) -> Self {
        let colours = if image.color().has_color() { Channels::Rgb } else { Channels::Gray };
        let alpha = image.color().has_alpha().then(|| alpha(&image)).filter(|alpha| alpha.iter().any(|value| *value != 255));
        let deep = image.color().bytes_per_pixel() > image.color().channel_count();
        let values = match (colours, deep) {
            (Channels::Gray, false) => Depth::Eight(image.into_luma8().into_raw()),
            (Channels::Gray, true) => Depth::Sixteen(image.into_luma16().into_raw()),
            (_, false) => Depth::Eight(image.into_rgb8().into_raw()),
            (_, true) => Depth::Sixteen(image.into_rgb16().into_raw()),
        };
        Self { colours, values, alpha }
    }
}

fn alpha(image: &DynamicImage) -> Vec<u8> {
    match image {
        DynamicImage::ImageLumaA8(image) => image.pixels().map(|pixel| pixel.0[1]).collect(),
        DynamicImage::ImageRgba8(image) => image.pixels().map(|pixel| pixel.0[3]).collect(),
        other => other.to_rgba8().pixels().map(|pixel| pixel.0[3]).collect(),
    }
}
