//! Images converted whenever they are asked for.

use bytes::Bytes;
use rayon::prelude::*;

use super::colour::{byte, light, light_of_ink, unit};
use super::image::{Converted, Encoding, Ground, PdfImage, PrintImages};
use super::{ColourMode, FinishError, Press, deflated, jpeg};
use crate::icc::{Channels, Lab, neutral};

/// Converts each image whenever it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct DirectImages;

impl PrintImages for DirectImages {
    fn convert(&self, image: &PdfImage<'_>, press: &Press<'_>) -> Result<Converted, FinishError> {
        if image.ground == Ground::Luminosity {
            let grey = lights(&image.pixels()?, image.channels);
            return pack(grey, Channels::Gray, image);
        }
        let ours = image.channels == Channels::Cmyk && image.profile.is_none() && press.mode == ColourMode::Cmyk;
        if ours && image.encoding == Encoding::Jpeg {
            let measured = measure(&image.pixels()?, Channels::Cmyk);
            let bytes = Bytes::copy_from_slice(image.stored);
            return Ok(Converted { bytes, inverted: image.inverted, encoding: Encoding::Jpeg, ..measured });
        }
        let pixels = image.pixels()?;
        if ours {
            return pack(pixels, Channels::Cmyk, image);
        }
        match greys(&pixels, image, press) {
            Some(grey) => pack(grey, Channels::Gray, image),
            None => {
                let link = match &image.profile {
                    Some(profile) => press.profile.link(profile),
                    None => press.profile.srgb_link(),
                };
                pack(link.convert(&pixels), Channels::Cmyk, image)
            }
        }
    }
}

fn lights(pixels: &[u8], channels: Channels) -> Vec<u8> {
    let inks = |pixel: &[u8]| <[u8; 4]>::try_from(pixel).unwrap_or_default().map(|ink| f32::from(ink) / 255.0);
    match channels {
        Channels::Gray => pixels.to_vec(),
        Channels::Rgb => {
            let rgb = |pixel: &[u8]| unit(<[u8; 3]>::try_from(pixel).unwrap_or_default());
            pixels.chunks_exact(3).map(|pixel| byte(light(rgb(pixel)))).collect()
        }
        Channels::Cmyk => pixels.chunks_exact(4).map(|pixel| byte(light_of_ink(inks(pixel)))).collect(),
    }
}

/// Returns the image for black ink alone, as grey for DeviceGray: if it has no colours, or if there is no other ink.
fn greys(pixels: &[u8], image: &PdfImage<'_>, press: &Press<'_>) -> Option<Vec<u8>> {
    let profile = press.profile;
    let grey_of = |black: f32| 255 - byte(black);
    let of_values = |values: [f32; 4]| match &image.profile {
        Some(source) => grey_of(profile.black_of_lab(source.lab(values))),
        None => grey_of(profile.black_of_lab(Lab::of_srgb([values[0], values[1], values[2]]))),
    };
    let neutrals: Vec<u8> = (0..=255_u8)
        .map(|grey| match &image.profile {
            Some(_) => of_values([f32::from(grey) / 255.0; 4]),
            None => grey_of(profile.black_of(grey)),
        })
        .collect();
    let neutral_of = |grey: u8| neutrals.get(usize::from(grey)).copied().unwrap_or_default();
    let rgb = |pixel: &[u8]| <[u8; 3]>::try_from(pixel).unwrap_or_default();
    match image.channels {
        Channels::Gray => Some(pixels.iter().map(|grey| neutral_of(*grey)).collect()),
        Channels::Rgb if pixels.chunks_exact(3).all(|pixel| neutral(rgb(pixel)).is_some()) => {
            Some(pixels.chunks_exact(3).map(|pixel| neutral_of(pixel[1])).collect())
        }
        _ if press.mode == ColourMode::Cmyk => None,
        Channels::Rgb => {
            let one = |pixel: &[u8]| {
                let [red, green, blue] = unit(rgb(pixel));
                of_values([red, green, blue, 0.0])
            };
            Some(each(pixels, 3, one))
        }
        Channels::Cmyk => {
            let one = |pixel: &[u8]| {
                let ink = <[u8; 4]>::try_from(pixel).unwrap_or_default().map(|part| f32::from(part) / 255.0);
                let lab = image.profile.as_ref().map_or_else(|| profile.lab(ink), |source| source.lab(ink));
                grey_of(profile.black_of_lab(lab))
            };
            Some(each(pixels, 4, one))
        }
    }
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

/// Packs pixels as the image was packed, and measures what a reader will unpack.
fn pack(pixels: Vec<u8>, channels: Channels, image: &PdfImage<'_>) -> Result<Converted, FinishError> {
    let jpeg_size = u16::try_from(image.width).ok().zip(u16::try_from(image.height).ok());
    if let (Encoding::Jpeg, Some((width, height))) = (image.encoding, jpeg_size) {
        let file = jpeg::encode(&pixels, [width, height], channels)?;
        let mut unpacked = jpeg::decode(&file, channels)?;
        let inverted = channels == Channels::Cmyk;
        if inverted {
            unpacked.iter_mut().for_each(|value| *value = 255 - *value);
        }
        let measured = measure(&unpacked, channels);
        return Ok(Converted { bytes: file.into(), inverted, encoding: Encoding::Jpeg, ..measured });
    }
    let measured = measure(&pixels, channels);
    let bytes = deflated(&pixels).ok_or(FinishError::Missing("space for an image"))?;
    Ok(Converted { bytes: bytes.into(), ..measured })
}

/// Returns the inks of pixels, without their bytes.
fn measure(pixels: &[u8], channels: Channels) -> Converted {
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
    Converted {
        channels: if channels == Channels::Cmyk { Channels::Cmyk } else { Channels::Gray },
        encoding: Encoding::Flate,
        bytes: Bytes::new(),
        inverted: false,
        ink: f32::from(ink) / 255.0,
        colours: f32::from(colours) / 255.0,
        process: most.map(|most| most > 0),
    }
}
