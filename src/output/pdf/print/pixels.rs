//! The pixels of images: decoded, converted, measured and encoded.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use lopdf::{Dictionary, Object, Stream};
use rayon::prelude::*;

use super::colour::{light, light_of_ink, unit};
use super::image::{Ground, PdfImage, PrintImages};
use super::walk::Picture;
use super::{ColourMode, FinishError, Press, PrintJob, plain};
use crate::disk::Digest;
use crate::icc::{Channels, SourceProfile};
use crate::images::{Encoding, Header, PrintPixels, PrintVersion, jpeg_samples, packed, print_version};

/// The largest side of an image that is decoded.
const LARGEST: usize = 65_500;

/// A converted image with what the report says of it.
pub(super) struct Picked {
    pub converted: PrintVersion,
    pub digest: Digest,
    pub pixels: [u32; 2],
    pub bitonal: bool,
}

impl Picked {
    /// Returns the object of the image.
    pub(super) fn stream(&self, picture: &Picture<'_>) -> Stream {
        let image = &self.converted;
        let mut dictionary = Dictionary::new();
        dictionary.set("Type", "XObject");
        dictionary.set("Subtype", "Image");
        dictionary.set("Width", i64::from(self.pixels[0]));
        dictionary.set("Height", i64::from(self.pixels[1]));
        dictionary.set("BitsPerComponent", 8);
        dictionary.set("ColorSpace", if image.channels == Channels::Cmyk { "DeviceCMYK" } else { "DeviceGray" });
        dictionary.set("Filter", if image.encoding == Encoding::Jpeg { "DCTDecode" } else { "FlateDecode" });
        if image.inverted {
            let ends = (0..2 * image.channels.count()).map(|at| Object::Integer(i64::from(at % 2 == 0)));
            dictionary.set("Decode", ends.collect::<Vec<_>>());
        }
        for mask in ["SMask", "Mask"] {
            if let Ok(reference @ Object::Reference(_)) = picture.stream.dict.get(mask.as_bytes()) {
                dictionary.set(mask, reference.clone());
            }
        }
        Stream::new(dictionary, image.bytes.to_vec()).with_compression(false)
    }
}

/// Converts images, in parallel.
pub(super) fn convert(pictures: &[Picture<'_>], job: &PrintJob<'_>) -> Result<Vec<Picked>, FinishError> {
    pictures.par_iter().map(|picture| pick(picture, job)).collect()
}

fn pick(picture: &Picture<'_>, job: &PrintJob<'_>) -> Result<Picked, FinishError> {
    let stored = Digest::of(&picture.stream.content);
    let original = job.originals.get(&stored).filter(|_| picture.ground == Ground::Page);
    let original = match original {
        Some(original) => replacement(original, picture, &job.press)?,
        None => None,
    };
    let image = match original {
        Some(original) => original,
        None => source(picture, stored)?,
    };
    let converted = job.images.convert(&image, &job.press)?;
    let bitonal = image.bits == 1;
    Ok(Picked { converted, digest: stored, pixels: [image.width, image.height], bitonal })
}

fn source<'a>(picture: &'a Picture<'_>, stored: Digest) -> Result<PdfImage<'a>, FinishError> {
    let stream: &'a Stream = &picture.stream;
    let fault = || FinishError::Unexpected("an image is damaged".into());
    let number = |key: &[u8]| stream.dict.get(key).and_then(Object::as_i64).ok();
    let side = |key: &[u8]| number(key).and_then(|side| u32::try_from(side).ok()).filter(|side| *side > 0).ok_or_else(fault);
    let (width, height) = (side(b"Width")?, side(b"Height")?);
    let filters = stream.filters().unwrap_or_default();
    let encoding = match filters.as_slice() {
        [] => Encoding::Flate,
        [b"DCTDecode" | b"DCT"] => Encoding::Jpeg,
        all if all.iter().all(|filter| {
            matches!(*filter, b"FlateDecode" | b"LZWDecode" | b"ASCII85Decode" | b"ASCIIHexDecode" | b"RunLengthDecode")
        }) =>
        {
            Encoding::Flate
        }
        all => {
            let last = String::from_utf8_lossy(all.last().copied().unwrap_or_default()).into_owned();
            return Err(FinishError::Unexpected(format!("an image is packed with {last}")));
        }
    };
    let bits = number(b"BitsPerComponent").and_then(|bits| usize::try_from(bits).ok()).unwrap_or(8);
    let decode = stream.dict.get(b"Decode").and_then(Object::as_array).ok();
    let inverted = decode.and_then(|decode| decode.first()?.as_float().ok()).is_some_and(|first| first > 0.5);
    let inverted = inverted && picture.layout.table.is_none();
    let layout = &picture.layout;
    let profile = layout.profile.as_ref();
    let texts = [
        stored.to_string(),
        format!("{width} {height} {bits} {inverted} {:?} {:?} {encoding:?} {filters:?}", picture.ground, layout.channels),
        format!("{:?}", stream.dict.get(b"DecodeParms").ok()),
        profile.map(|(digest, _)| digest.to_string()).unwrap_or_default(),
        layout.table.as_ref().map(|table| Digest::of(table).to_string()).unwrap_or_default(),
    ];
    Ok(PdfImage {
        width,
        height,
        channels: layout.channels,
        encoding,
        stored: &stream.content,
        profile: profile.map(|(_, profile)| Arc::clone(profile)),
        inverted,
        ground: picture.ground,
        digest: Digest::of_list(texts.iter().map(String::as_str)),
        bits,
        table: layout.table.as_deref(),
        stream: Cow::Borrowed(stream),
    })
}

/// Returns the CMYK file that replaces an image. Its inks are those of the press, unless it has the profile of another. `None` if the
/// file is turned by its viewer, which a PDF reader is not.
fn replacement<'a>(file: &'a Bytes, picture: &'a Picture<'_>, press: &Press<'_>) -> Result<Option<PdfImage<'a>>, FinishError> {
    let header = Header::read(file).map_err(|_| FinishError::Unexpected("a CMYK image is damaged".into()))?;
    if !header.is_upright() {
        return Ok(None);
    }
    let profile = header.profile(file).filter(|profile| Digest::of(profile) != press.profile.digest());
    let profile = profile.and_then(|profile| SourceProfile::parse(&profile).ok());
    let profile = profile.filter(|profile| profile.channels() == header.colours && !profile.is_srgb()).map(Arc::new);
    let digest = Digest::of_list([Digest::of(file).to_string().as_str(), "replacement"]);
    Ok(Some(PdfImage {
        width: header.width,
        height: header.height,
        channels: header.colours,
        encoding: Encoding::Jpeg,
        stored: file,
        profile,
        inverted: header.colours == Channels::Cmyk && header.is_inverted,
        ground: picture.ground,
        digest,
        bits: 8,
        table: None,
        stream: Cow::Borrowed(&picture.stream),
    }))
}

impl PdfImage<'_> {
    /// Returns the pixels: 8 bits for each channel, 0 is black for grey and RGB and no ink for CMYK.
    ///
    /// # Errors
    ///
    /// Returns an error if the image cannot be decoded.
    pub fn pixels(&self) -> Result<Vec<u8>, FinishError> {
        let mut pixels = match self.encoding {
            Encoding::Jpeg => {
                let fault = |_| FinishError::Unexpected("a JPEG cannot be decoded".into());
                jpeg_samples(self.stored, self.channels).map_err(fault)?
            }
            Encoding::Flate => self.samples()?,
        };
        let size = |side: u32| usize::try_from(side).unwrap_or_default();
        let wanted = size(self.width).checked_mul(size(self.height)).and_then(|count| count.checked_mul(self.channels.count()));
        // A PDF reader takes missing samples for 0.
        match wanted.filter(|wanted| self.encoding == Encoding::Flate || *wanted == pixels.len()) {
            Some(wanted) => pixels.resize(wanted, 0),
            None => return Err(FinishError::Unexpected("an image has another size than it says".into())),
        }
        if self.inverted {
            pixels.iter_mut().for_each(|value| *value = 255 - *value);
        }
        Ok(pixels)
    }

    fn samples(&self) -> Result<Vec<u8>, FinishError> {
        let data = plain(&self.stream)?;
        let (width, height) = (usize::try_from(self.width).unwrap_or_default(), usize::try_from(self.height).unwrap_or_default());
        let across = width * if self.table.is_some() { 1 } else { self.channels.count() };
        let row = (across * self.bits).div_ceil(8);
        if width > LARGEST || height > LARGEST || row == 0 || data.len() < row {
            return Err(FinishError::Unexpected("an image has fewer samples than it says".into()));
        }
        let values: Vec<u8> = match self.bits {
            8 => data,
            16 => data.chunks_exact(2).map(|pair| pair[0]).collect(),
            bits @ (1 | 2 | 4) => {
                let most = (1_u16 << bits) - 1;
                // Indices are kept, values are stretched to a byte.
                let scale = if self.table.is_some() { 1 } else { 255 / most };
                let value = |row: &[u8], at: usize| {
                    let shift = 8 - bits - at * bits % 8;
                    let value = row.get(at * bits / 8).copied().unwrap_or_default() >> shift;
                    u8::try_from((u16::from(value) & most) * scale).unwrap_or(255)
                };
                data.chunks_exact(row).flat_map(|row| (0..across).map(move |at| value(row, at))).collect()
            }
            _ => return Err(FinishError::Unexpected(format!("an image has {} bits for each colour", self.bits))),
        };
        let Some(table) = self.table else { return Ok(values) };
        let count = self.channels.count();
        let mut pixels = Vec::with_capacity(values.len() * count);
        for index in values {
            let start = usize::from(index) * count;
            match table.get(start..start + count) {
                Some(colour) => pixels.extend_from_slice(colour),
                None => pixels.resize(pixels.len() + count, 0),
            }
        }
        Ok(pixels)
    }
}

/// Converts each image whenever it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct DirectImages;

impl PrintImages for DirectImages {
    fn convert(&self, image: &PdfImage<'_>, press: &Press<'_>) -> Result<PrintVersion, FinishError> {
        let (values, black_only) = (image.pixels()?, press.mode == ColourMode::Gray);
        let ours = image.channels == Channels::Cmyk && image.profile.is_none() && !black_only;
        let is_light = image.ground == Ground::Luminosity;
        if ours && !is_light && image.encoding == Encoding::Jpeg {
            let bytes = Bytes::copy_from_slice(image.stored);
            return Ok(PrintVersion {
                bytes,
                inverted: image.inverted,
                encoding: Encoding::Jpeg,
                ..PrintVersion::measured(&values, Channels::Cmyk)
            });
        }
        let (values, channels) = match is_light {
            true => (lights(&values, image.channels), Channels::Gray),
            false => (values, image.channels),
        };
        let (width, height, encoding, profile) = (image.width, image.height, image.encoding, image.profile.as_deref());
        let pixels = PrintPixels { width, height, channels, values, profile, encoding };
        let version = if ours || is_light { packed(pixels) } else { print_version(pixels, press.profile, black_only) };
        version.ok_or(FinishError::Missing("space for an image"))
    }
}

fn lights(pixels: &[u8], channels: Channels) -> Vec<u8> {
    let inks = |pixel: &[u8]| <[u8; 4]>::try_from(pixel).unwrap_or_default().map(|ink| f32::from(ink) / 255.0);
    match channels {
        Channels::Gray => pixels.to_vec(),
        Channels::Rgb => {
            let rgb = |pixel: &[u8]| unit(<[u8; 3]>::try_from(pixel).unwrap_or_default());
            pixels.chunks_exact(3).map(|pixel| super::colour::byte(light(rgb(pixel)))).collect()
        }
        Channels::Cmyk => pixels.chunks_exact(4).map(|pixel| super::colour::byte(light_of_ink(inks(pixel)))).collect(),
    }
}
