//! The version of an image for a press: its inks, or black ink alone where it has no colours.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use rayon::prelude::*;

use super::decode::jpeg_samples;
use crate::icc::{Channels, Lab, OutputProfile, SourceProfile, neutral};

/// Quality of JPEGs. With colour at half the resolution, at 300 dpi, no difference from higher values is seen on paper.
const QUALITY: u8 = 85;

/// How the bytes of an image are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// A JPEG file (`DCTDecode`).
    Jpeg,
    /// Samples, deflated (`FlateDecode`). In the export they may have any other filter.
    Flate,
}

/// The pixels of an image that will be printed.
pub struct PrintPixels<'a> {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What a pixel is.
    pub channels: Channels,
    /// 8 bits for each channel; 0 is black for grey and RGB, and no ink for CMYK.
    pub values: Vec<u8>,
    /// The profile of the pixels; `None` for sRGB, its greys, and the inks of the press.
    pub profile: Option<&'a SourceProfile>,
    /// How the result is packed, if the format permits its size.
    pub encoding: Encoding,
}

/// An image for print.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintVersion {
    /// The values of a pixel: grey or inks.
    pub channels: Channels,
    /// How the bytes are packed; samples are deflated, 8 bits each.
    pub encoding: Encoding,
    /// The bytes.
    pub bytes: Bytes,
    /// The values are stored inverted: 255 is no ink.
    pub inverted: bool,
    /// The most ink of a pixel.
    pub ink: f32,
    /// The most cyan, magenta and yellow of a pixel.
    pub colours: f32,
    /// Which of cyan, magenta, yellow and black a pixel has.
    pub process: [bool; 4],
}

/// Converts an image into the inks of a press; into grey, which prints as black ink alone, if it has no colours, or if there is no
/// other ink. Returns `None` if the result cannot be packed.
pub fn print_version(image: PrintPixels<'_>, press: &OutputProfile, black_only: bool) -> Option<PrintVersion> {
    let (values, channels) = match greys(&image, press, black_only) {
        Some(grey) => (grey, Channels::Gray),
        None => {
            let link = match image.profile {
                Some(profile) => press.link(profile),
                None => press.srgb_link(),
            };
            (link.convert(&image.values), Channels::Cmyk)
        }
    };
    packed(PrintPixels { values, channels, ..image })
}

/// Packs grey or inks, and measures what a reader will unpack. Returns `None` if they cannot be packed.
pub fn packed(image: PrintPixels<'_>) -> Option<PrintVersion> {
    let PrintPixels { width, height, channels, values, encoding, .. } = image;
    let jpeg_size = u16::try_from(width).ok().zip(u16::try_from(height).ok());
    if let (Encoding::Jpeg, Some((width, height))) = (encoding, jpeg_size) {
        let mut file = Vec::with_capacity(values.len() / 8);
        let mut encoder = Encoder::new(&mut file, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        let colours = if channels == Channels::Cmyk { ColorType::CmykAsYcck } else { ColorType::Luma };
        encoder.encode(&values, width, height, colours).ok()?;
        let mut unpacked = jpeg_samples(&file, channels).ok()?;
        let inverted = channels == Channels::Cmyk;
        if inverted {
            unpacked.iter_mut().for_each(|value| *value = 255 - *value);
        }
        let measured = PrintVersion::measured(&unpacked, channels);
        return Some(PrintVersion { bytes: file.into(), inverted, encoding, ..measured });
    }
    let measured = PrintVersion::measured(&values, channels);
    Some(PrintVersion { bytes: deflated(&values)?.into(), ..measured })
}

impl PrintVersion {
    /// Measures the inks of pixels; there are no bytes yet.
    pub fn measured(pixels: &[u8], channels: Channels) -> Self {
        let mut most = [0_u8; 4];
        let (mut ink, mut colours) = (0_u16, 0_u16);
        match channels {
            Channels::Cmyk => {
                for pixel in pixels.chunks_exact(4) {
                    let three = pixel.iter().take(3).map(|part| u16::from(*part)).sum::<u16>();
                    colours = colours.max(three);
                    ink = ink.max(three + u16::from(pixel[3]));
                    most.iter_mut().zip(pixel).for_each(|(most, part)| *most = (*most).max(*part));
                }
            }
            _ => most[3] = 255 - pixels.iter().copied().min().unwrap_or(255),
        }
        ink = ink.max(u16::from(most[3]));
        Self {
            channels: if channels == Channels::Cmyk { Channels::Cmyk } else { Channels::Gray },
            encoding: Encoding::Flate,
            bytes: Bytes::new(),
            inverted: false,
            ink: f32::from(ink) / 255.0,
            colours: f32::from(colours) / 255.0,
            process: most.map(|most| most > 0),
        }
    }
}

/// Compresses bytes for a stream of a PDF.
pub fn deflated(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(plain.len() / 2), Compression::default());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

/// Returns the image for black ink alone, as grey for DeviceGray: if it has no colours, or if there is no other ink.
fn greys(image: &PrintPixels<'_>, press: &OutputProfile, black_only: bool) -> Option<Vec<u8>> {
    let pixels = image.values.as_slice();
    let grey_of = |black: f32| 255 - byte(black);
    let of_values = |values: [f32; 4]| match image.profile {
        Some(source) => grey_of(press.black_of_lab(source.lab(values))),
        None => grey_of(press.black_of_lab(Lab::of_srgb([values[0], values[1], values[2]]))),
    };
    let neutrals: Vec<u8> = (0..=255_u8)
        .map(|grey| match image.profile {
            Some(_) => of_values([f32::from(grey) / 255.0; 4]),
            None => grey_of(press.black_of(grey)),
        })
        .collect();
    let neutral_of = |grey: u8| neutrals.get(usize::from(grey)).copied().unwrap_or_default();
    let rgb = |pixel: &[u8]| <[u8; 3]>::try_from(pixel).unwrap_or_default();
    match image.channels {
        Channels::Gray => Some(pixels.iter().map(|grey| neutral_of(*grey)).collect()),
        Channels::Rgb if pixels.chunks_exact(3).all(|pixel| neutral(rgb(pixel)).is_some()) => {
            Some(pixels.chunks_exact(3).map(|pixel| neutral_of(pixel[1])).collect())
        }
        _ if !black_only => None,
        Channels::Rgb => {
            let one = |pixel: &[u8]| {
                let [red, green, blue] = rgb(pixel).map(|value| f32::from(value) / 255.0);
                of_values([red, green, blue, 0.0])
            };
            Some(each(pixels, 3, one))
        }
        Channels::Cmyk => {
            let one = |pixel: &[u8]| {
                let ink = <[u8; 4]>::try_from(pixel).unwrap_or_default().map(|part| f32::from(part) / 255.0);
                let lab = image.profile.map_or_else(|| press.lab(ink), |source| source.lab(ink));
                grey_of(press.black_of_lab(lab))
            };
            Some(each(pixels, 4, one))
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn byte(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}

/// Maps pixels in parallel; the last value of a run of equal pixels is used again.
fn each(pixels: &[u8], size: usize, one: impl Fn(&[u8]) -> u8 + Sync) -> Vec<u8> {
    let part = |part: &[u8]| {
        let mut last: (&[u8], u8) = (&[], 0);
        let map = |pixel| {
            if last.0 != pixel {
                last = (pixel, one(pixel));
            }
            last.1
        };
        part.chunks_exact(size).map(map).collect::<Vec<u8>>()
    };
    pixels.par_chunks(size << 14).flat_map_iter(part).collect()
}
