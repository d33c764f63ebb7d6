//! The version of an image for screens: the PDF and the EPUB.

use std::sync::Arc;

use bytes::Bytes;

use super::colour::{ScreenUse, SourceSpace};
use super::container::{jpeg_without_profile, png_without_colours, webp_without_profile};
use super::convert::{ToSrgb, eight_bits, inks_to_rgb};
use super::decode::{Pixels, Samples, decode};
use super::encode::{self, EightBitImage};
use super::header::{Format, Header, ImageFault};
use crate::icc::{Channels, SourceProfile};

/// The version of an image for screens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenVersion {
    /// Its format.
    pub format: Format,
    /// The file.
    pub bytes: Bytes,
}

/// A function that returns the profile for CMYK images without an embedded profile.
pub type DefaultProfile<'a> = &'a (dyn Fn() -> Option<Arc<SourceProfile>> + Sync);

/// Returns the version of an image for screens. Returns `None` if the file can be used unchanged.
///
/// Inks without a profile are treated as inks of `press`; without `press`, as ideal inks.
///
/// # Errors
///
/// Returns a fault if the pixels cannot be decoded.
pub fn screen_version(bytes: &[u8], header: &Header, press: DefaultProfile<'_>) -> Result<Option<ScreenVersion>, ImageFault> {
    let (format, bytes) = match &header.screen {
        ScreenUse::AsIs => return Ok(None),
        ScreenUse::WithoutProfile => (header.format, without_profile(bytes, header.format)),
        ScreenUse::Converted(source) => {
            let image = converted(bytes, header, source, press)?;
            let profile = match source {
                SourceSpace::Same(profile) => profile.as_deref(),
                _ => None,
            };
            let is_photograph = matches!(header.format, Format::Jpeg | Format::WebP) && image.alpha.is_none();
            let photograph = is_photograph.then(|| encode::jpeg(&image, profile)).flatten().map(|bytes| (Format::Jpeg, bytes));
            let other = || encode::png(&image).map(|bytes| (Format::Png, bytes));
            photograph.or_else(other).ok_or(ImageFault::Damaged)?
        }
    };
    Ok(Some(ScreenVersion { format, bytes: bytes.into() }))
}

fn without_profile(bytes: &[u8], format: Format) -> Vec<u8> {
    match format {
        Format::Jpeg => jpeg_without_profile(bytes),
        Format::Png => png_without_colours(bytes),
        Format::WebP => webp_without_profile(bytes),
        Format::Gif => bytes.to_vec(),
    }
}

fn converted(
    bytes: &[u8],
    header: &Header,
    source: &SourceSpace,
    press: DefaultProfile<'_>,
) -> Result<EightBitImage, ImageFault> {
    let density = header.upright_density();
    let eight_bit_image =
        |(width, height), colours, values, alpha| EightBitImage { width, height, density, colours, values, alpha };
    Ok(match decode(bytes, header)? {
        Pixels::Inks(inks) => {
            let rgb = match source {
                SourceSpace::Press(own) => inks_to_rgb(&inks.values, Some(own)),
                _ => inks_to_rgb(&inks.values, press().as_deref()),
            };
            eight_bit_image((inks.width, inks.height), Channels::Rgb, rgb, None)
        }
        Pixels::Screen(image) => {
            let size = (image.width(), image.height());
            let mut samples = Samples::of(image);
            let alpha = samples.alpha.take();
            let applied = match source {
                SourceSpace::Profile(profile) => ToSrgb::new(profile).and_then(|conversion| conversion.apply(&samples)),
                _ => None,
            };
            let (colours, values) = applied.unwrap_or_else(|| (samples.colours, eight_bits(samples)));
            eight_bit_image(size, colours, values, alpha)
        }
    })
}
