//! The images of the pages: described, decoded, and put into the print PDF.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use lopdf::{Dictionary, Object, Stream};
use rayon::prelude::*;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;

use super::image::{Converted, Encoding, Ground, PdfImage};
use super::walk::Picture;
use super::{FinishError, Press, PrintJob, jpeg, plain};
use crate::disk::Digest;
use crate::icc::{Channels, SourceProfile};

/// The largest side of an image that is decoded.
pub(super) const LARGEST: usize = 65_500;

/// Most pixels of an image that is decoded.
pub(super) const MOST_PIXELS: usize = 1 << 28;

/// A converted image with what the report says of it.
pub(super) struct Picked {
    pub converted: Converted,
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
    let image = match original {
        Some(original) => replacement(original, picture, &job.press)?,
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

/// Returns the CMYK file that replaces an image. Its inks are those of the press, unless it has the profile of another.
fn replacement<'a>(file: &'a Bytes, picture: &'a Picture<'_>, press: &Press<'_>) -> Result<PdfImage<'a>, FinishError> {
    let fault = || FinishError::Unexpected("a CMYK image is damaged".into());
    let mut decoder = JpegDecoder::new(ZCursor::new(file.as_ref()));
    decoder.decode_headers().map_err(|_| fault())?;
    let (width, height) = decoder.dimensions().ok_or_else(fault)?;
    let channels = match decoder.input_colorspace() {
        Some(ColorSpace::CMYK | ColorSpace::YCCK) => Channels::Cmyk,
        Some(ColorSpace::Luma) => Channels::Gray,
        _ => Channels::Rgb,
    };
    let profile = decoder.icc_profile().filter(|profile| Digest::of(profile) != press.profile.digest());
    let profile = profile.and_then(|profile| SourceProfile::parse(&profile).ok());
    let profile = profile.filter(|profile| profile.channels() == channels && !profile.is_srgb()).map(Arc::new);
    let digest = Digest::of_list([Digest::of(file).to_string().as_str(), "replacement"]);
    let side = |side: usize| u32::try_from(side).map_err(|_| fault());
    Ok(PdfImage {
        width: side(width)?,
        height: side(height)?,
        channels,
        encoding: Encoding::Jpeg,
        stored: file,
        profile,
        inverted: channels == Channels::Cmyk && has_adobe_marker(file),
        ground: picture.ground,
        digest,
        bits: 8,
        table: None,
        stream: Cow::Borrowed(&picture.stream),
    })
}

/// A CMYK JPEG with the segment `APP14` of Adobe has its values inverted.
fn has_adobe_marker(file: &[u8]) -> bool {
    file.windows(9).take(1 << 20).any(|bytes| bytes.starts_with(&[0xFF, 0xEE]) && bytes.ends_with(b"Adobe"))
}

impl PdfImage<'_> {
    /// Returns the pixels: 8 bits for each channel, 0 is black for grey and RGB and no ink for CMYK.
    ///
    /// # Errors
    ///
    /// Returns an error if the image cannot be decoded.
    pub fn pixels(&self) -> Result<Vec<u8>, FinishError> {
        let mut pixels = match self.encoding {
            Encoding::Jpeg => jpeg::decode(self.stored, self.channels)?,
            Encoding::Flate => self.samples()?,
        };
        let size = |side: u32| usize::try_from(side).unwrap_or_default();
        let count = size(self.width).saturating_mul(size(self.height));
        let wanted = count.saturating_mul(self.channels.count());
        // A PDF reader takes missing samples for 0; here a part of them may miss.
        let fits = match self.encoding {
            Encoding::Jpeg => wanted == pixels.len(),
            Encoding::Flate => count <= MOST_PIXELS && wanted / 4 <= pixels.len(),
        };
        if !fits {
            return Err(FinishError::Unexpected("an image has another size than it says".into()));
        }
        pixels.resize(wanted, 0);
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
