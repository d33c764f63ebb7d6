//! JPEG files: decoded and encoded.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::FinishError;
use super::pixels::{LARGEST, MOST_PIXELS};
use crate::icc::Channels;

/// Quality of JPEGs. With colour at half the resolution, at 300 dpi, no difference from higher values is seen on paper.
const QUALITY: u8 = 85;

/// Encodes grey or CMYK. The inks are stored as YCCK, inverted.
pub(super) fn encode(pixels: &[u8], [width, height]: [u16; 2], channels: Channels) -> Result<Vec<u8>, FinishError> {
    let mut file = Vec::with_capacity(pixels.len() / 8);
    let mut encoder = Encoder::new(&mut file, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let colours = if channels == Channels::Cmyk { ColorType::CmykAsYcck } else { ColorType::Luma };
    let fault = |error| FinishError::Unexpected(format!("a JPEG cannot be written: {error}"));
    encoder.encode(pixels, width, height, colours).map_err(fault)?;
    Ok(file)
}

/// Decodes a JPEG. The inks of CMYK are as they are stored.
pub(super) fn decode(file: &[u8], channels: Channels) -> Result<Vec<u8>, FinishError> {
    let fault = |what: &dyn std::fmt::Debug| FinishError::Unexpected(format!("a JPEG cannot be decoded: {what:?}"));
    let options = DecoderOptions::default().set_max_width(LARGEST).set_max_height(LARGEST);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|error| fault(&error))?;
    if decoder.dimensions().is_none_or(|(width, height)| width.saturating_mul(height) > MOST_PIXELS) {
        return Err(fault(&"it is too large"));
    }
    let stored = decoder.input_colorspace();
    let wanted = match (channels, stored) {
        (Channels::Gray, _) => ColorSpace::Luma,
        (Channels::Rgb, _) => ColorSpace::RGB,
        (Channels::Cmyk, Some(space @ (ColorSpace::CMYK | ColorSpace::YCCK))) => space,
        (Channels::Cmyk, other) => return Err(fault(&other)),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let mut pixels = decoder.decode().map_err(|error| fault(&error))?;
    if wanted == ColorSpace::YCCK {
        pixels.chunks_exact_mut(4).for_each(from_ycck);
    }
    Ok(pixels)
}

/// YCCK is YCbCr of the inverted inks (Adobe Technical Note 5116).
fn from_ycck(pixel: &mut [u8]) {
    let [y, cb, cr, _] = *pixel else { return };
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    // 1.402, 0.344136, 0.714136 and 1.772 in steps of 1/65536.
    let rgb = [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb];
    for (value, light) in pixel.iter_mut().zip(rgb) {
        *value = 255 - u8::try_from(((light + 32_768) >> 16).clamp(0, 255)).unwrap_or_default();
    }
}
