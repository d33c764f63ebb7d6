//! Converts the images of the pages and writes them to the print PDF.

use std::sync::Arc;

use bytes::Bytes;
use lopdf::{Dictionary, Object, ObjectId, Stream};
use rayon::prelude::*;

use super::image::{Encoding, PaintContext, PdfImage};
use super::unpack::Coding;
use super::walk::{OwnMask, Picture};
use super::{FinishError, InkSet, Press, PrintJob};
use crate::disk::Digest;
use crate::icc::Channels;
use crate::images::{
    self, Header, ImageFault, MAX_PIXELS, PressEncoding, PressSource, PressTarget, PressVersion, ScreenUse, SourceSpace,
};

/// Maximum side of a decoded image in pixels.
const MAX_SIDE: usize = 65_500;

/// A converted image with its entry in the report.
pub(super) struct PrintImage {
    pub version: PressVersion,
    pub digest: Digest,
    pub size: [u32; 2],
    /// The channels of the source image.
    pub channels: Channels,
    pub bitonal: bool,
    /// The mask that was part of it, with its object id.
    pub mask: Option<(ObjectId, Stream)>,
}

impl PrintImage {
    /// Returns the image XObject.
    pub(super) fn stream(&self, picture: &Picture<'_>) -> Stream {
        let facts = &self.version.facts;
        let colours = facts.channels().count();
        let mut dictionary = Dictionary::new();
        dictionary.set("Type", "XObject");
        dictionary.set("Subtype", "Image");
        dictionary.set("Width", i64::from(self.size[0]));
        dictionary.set("Height", i64::from(self.size[1]));
        dictionary.set("BitsPerComponent", 8);
        dictionary.set("ColorSpace", if facts.has_inks { "DeviceCMYK" } else { "DeviceGray" });
        dictionary.set("Filter", if facts.encoding == PressEncoding::Jpeg { "DCTDecode" } else { "FlateDecode" });
        if facts.encoding == PressEncoding::Filtered {
            dictionary.set("DecodeParms", self.png_rows(colours));
        }
        if facts.is_inverted {
            let ends = (0..2 * colours).map(|at| Object::Integer(i64::from(at % 2 == 0)));
            dictionary.set("Decode", ends.collect::<Vec<_>>());
        }
        for mask in ["SMask", "Mask"] {
            if let Ok(reference @ Object::Reference(_)) = picture.stream.dict.get(mask.as_bytes()) {
                dictionary.set(mask, reference.clone());
            }
        }
        if let Some((id, mask)) = &self.mask {
            dictionary.set(if mask.dict.has(b"ImageMask") { "Mask" } else { "SMask" }, *id);
        }
        Stream::new(dictionary, self.version.bytes.to_vec()).with_compression(false)
    }

    /// Returns the decode parameters of rows with PNG filters (ISO 32000-1 §7.4.4.4).
    fn png_rows(&self, colours: usize) -> Dictionary {
        let mut parameters = Dictionary::new();
        parameters.set("Predictor", 15);
        parameters.set("Colors", i64::try_from(colours).unwrap_or_default());
        parameters.set("BitsPerComponent", 8);
        parameters.set("Columns", i64::from(self.size[0]));
        parameters
    }
}

/// Converts images, in parallel.
pub(super) fn convert(pictures: &[Picture<'_>], job: &PrintJob<'_>) -> Result<Vec<PrintImage>, FinishError> {
    let convert_image = |picture: &Picture<'_>| {
        convert_image(picture, job).map_err(|error| match error {
            FinishError::Unexpected(what) => FinishError::unsupported(what).on_page(picture.page),
            error => error.on_page(picture.page),
        })
    };
    pictures.par_iter().map(convert_image).collect()
}

fn convert_image(picture: &Picture<'_>, job: &PrintJob<'_>) -> Result<PrintImage, FinishError> {
    let stored = Digest::of(&picture.stream.content);
    let original = job.originals.get(&stored).filter(|_| picture.context == PaintContext::Page);
    let image = match original {
        Some(original) => replacement(original, picture, &job.press)?,
        None => source(picture, stored)?,
    };
    let bitonal = image.bits == 1;
    let target = match (image.context, job.press.mode) {
        (PaintContext::Luminosity, _) => PressTarget::Luminosity,
        (PaintContext::Page, InkSet::Cmyk) => PressTarget::Inks(job.press.profile),
        (PaintContext::Page, InkSet::Gray) => PressTarget::Black(job.press.profile),
    };
    let key = key(&image, target);
    let version = match job.images.version(&key) {
        Some(version) => version,
        None => {
            let version = converted(&image, original, target)?;
            job.images.keep(&key, &version);
            version
        }
    };
    let mask = match &picture.own_mask {
        Some((id, mask)) => Some((*id, extracted_mask(mask, &source(picture, stored)?)?)),
        None => None,
    };
    Ok(PrintImage { version, digest: stored, size: image.size, channels: image.channels, bitonal, mask })
}

/// Extracts the mask that is part of an image.
fn extracted_mask(mask: &OwnMask, image: &PdfImage<'_>) -> Result<Stream, FinishError> {
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", "XObject");
    dictionary.set("Subtype", "Image");
    dictionary.set("Width", i64::from(image.size[0]));
    dictionary.set("Height", i64::from(image.size[1]));
    let samples = match mask {
        OwnMask::Opacity => {
            dictionary.set("ColorSpace", "DeviceGray");
            dictionary.set("BitsPerComponent", 8);
            image.coding.opacity(image.stream, image.size)?
        }
        OwnMask::Key(bounds) => {
            dictionary.set("ImageMask", true);
            dictionary.set("BitsPerComponent", 1);
            image.hidden(bounds)?
        }
    };
    Ok(Stream::new(dictionary, samples))
}

/// Returns the digest of everything that determines a converted image.
fn key(image: &PdfImage<'_>, target: PressTarget<'_>) -> Digest {
    let target = match target {
        PressTarget::Luminosity => "luminosity".to_owned(),
        PressTarget::Inks(press) => format!("inks {}", press.digest()),
        PressTarget::Black(press) => format!("black {}", press.digest()),
    };
    Digest::of_list([image.digest.to_string().as_str(), &target])
}

fn converted(image: &PdfImage<'_>, original: Option<&Bytes>, target: PressTarget<'_>) -> Result<PressVersion, FinishError> {
    let pixels = image.pixels()?;
    let is_photograph = image.encoding == Encoding::Jpeg;
    // A JPEG in the inks of the press is kept unchanged.
    if is_photograph && matches!(target, PressTarget::Inks(_)) && image.channels == Channels::Cmyk && image.profile.is_none() {
        let file = original.cloned().unwrap_or_else(|| Bytes::copy_from_slice(image.stored));
        return Ok(images::unchanged(file, &pixels, image.inverted));
    }
    let profile = image.profile.as_deref();
    let source = PressSource { size: image.size, channels: image.channels, profile, is_photograph, pixels };
    images::press_version(source, target).map_err(fault)
}

fn fault(fault: ImageFault) -> FinishError {
    FinishError::Unexpected(match fault {
        ImageFault::TooLarge => "an image is too large".into(),
        ImageFault::Rare(kind) => format!("an image is a JPEG {kind}"),
        _ => "an image is damaged".into(),
    })
}

fn source<'a>(picture: &'a Picture<'_>, stored: Digest) -> Result<PdfImage<'a>, FinishError> {
    let stream: &'a Stream = &picture.stream;
    let fault = || FinishError::Unexpected("an image is damaged".into());
    let number = |key: &[u8]| stream.dict.get(key).and_then(Object::as_i64).ok();
    let side = |key: &[u8]| number(key).and_then(|side| u32::try_from(side).ok()).filter(|side| *side > 0).ok_or_else(fault);
    let (width, height) = (side(b"Width")?, side(b"Height")?);
    let filters = stream.filters().unwrap_or_default();
    let encoding = if matches!(picture.coding, Coding::Jpeg) { Encoding::Jpeg } else { Encoding::Samples };
    let stated = number(b"BitsPerComponent").and_then(|bits| usize::try_from(bits).ok()).unwrap_or(8);
    let bits = picture.coding.bits().unwrap_or(stated);
    let decode = stream.dict.get(b"Decode").and_then(Object::as_array).ok();
    let inverted = decode.and_then(|decode| decode.first()?.as_float().ok()).is_some_and(|first| first > 0.5);
    let inverted = inverted && picture.layout.table.is_none();
    let layout = &picture.layout;
    let profile = layout.profile.as_ref();
    let texts = [
        stored.to_string(),
        format!("{width} {height} {bits} {inverted} {:?} {:?} {encoding:?} {filters:?}", picture.context, layout.channels),
        format!("{:?}", stream.dict.get(b"DecodeParms").ok()),
        match &picture.coding {
            Coding::Jbig2(Some(shared)) => Digest::of(shared).to_string(),
            _ => String::new(),
        },
        profile.map(|(digest, _)| digest.to_string()).unwrap_or_default(),
        layout.table.as_ref().map(|table| Digest::of(table).to_string()).unwrap_or_default(),
    ];
    Ok(PdfImage {
        size: [width, height],
        channels: layout.channels,
        encoding,
        stored: &stream.content,
        profile: profile.map(|(_, profile)| Arc::clone(profile)),
        inverted,
        context: picture.context,
        digest: Digest::of_list(texts.iter().map(String::as_str)),
        bits,
        table: layout.table.as_deref(),
        stream,
        coding: &picture.coding,
    })
}

/// Returns the CMYK file that replaces an image. Without a profile, its inks are inks of the press.
fn replacement<'a>(file: &'a Bytes, picture: &'a Picture<'_>, press: &Press<'_>) -> Result<PdfImage<'a>, FinishError> {
    let header = Header::read(file).map_err(fault)?;
    let profile = match header.screen {
        ScreenUse::Converted(SourceSpace::Press(profile)) if profile.digest() != Some(press.profile.digest()) => Some(profile),
        _ => None,
    };
    let digest = Digest::of_list([Digest::of(file).to_string().as_str(), "replacement"]);
    Ok(PdfImage {
        size: [header.width, header.height],
        channels: header.colours,
        encoding: Encoding::Jpeg,
        stored: file,
        profile,
        inverted: header.is_inverted,
        context: picture.context,
        digest,
        bits: 8,
        table: None,
        stream: &picture.stream,
        coding: &picture.coding,
    })
}

impl PdfImage<'_> {
    /// Returns the pixels: 8 bits for each channel, 0 is black for grey and RGB and no ink for CMYK.
    ///
    /// # Errors
    ///
    /// Returns an error if the image cannot be decoded.
    fn pixels(&self) -> Result<Vec<u8>, FinishError> {
        let mut pixels = match self.encoding {
            Encoding::Jpeg => images::jpeg_samples(self.stored, self.channels).map_err(fault)?,
            Encoding::Samples => self.samples()?,
        };
        let [width, height] = self.sides();
        let count = width.saturating_mul(height);
        let wanted = count.saturating_mul(self.channels.count());
        // PDF readers treat missing samples as 0. An image with less than a quarter of its samples is rejected.
        let fits = match self.encoding {
            Encoding::Jpeg => wanted == pixels.len(),
            Encoding::Samples => count as u64 <= MAX_PIXELS && wanted / 4 <= pixels.len(),
        };
        if !fits {
            return Err(FinishError::Unexpected("an image does not have its declared size".into()));
        }
        pixels.resize(wanted, 0);
        if self.inverted {
            pixels.iter_mut().for_each(|value| *value = 255 - *value);
        }
        Ok(pixels)
    }

    /// Returns the masked pixels as rows of bits: those whose stored samples are all within bounds (colour key masking, ISO
    /// 32000-1 §8.9.6.4).
    fn hidden(&self, bounds: &[[u32; 2]]) -> Result<Vec<u8>, FinishError> {
        let per_pixel = if self.table.is_some() { 1 } else { self.channels.count() };
        let (data, bits) = match self.encoding {
            Encoding::Jpeg => (images::jpeg_samples(self.stored, self.channels).map_err(fault)?, 8),
            Encoding::Samples => (self.coding.samples(self.stream, self.size, per_pixel, self.table.is_some())?, self.bits),
        };
        let [width, height] = self.sides();
        let row = (width * per_pixel * bits).div_ceil(8);
        if bounds.len() != per_pixel || row == 0 || (width * height) as u64 > MAX_PIXELS || !matches!(bits, 1 | 2 | 4 | 8 | 16) {
            return Err(FinishError::Unexpected("a mask of an image is damaged".into()));
        }
        let sample = |row: &[u8], at: usize| {
            let first = row.get(at * bits / 8).copied().map(u32::from).unwrap_or_default();
            match bits {
                16 => first << 8 | row.get(2 * at + 1).copied().map(u32::from).unwrap_or_default(),
                bits => first >> (8 - bits - at * bits % 8) & ((1 << bits) - 1),
            }
        };
        let mut hidden = vec![0; width.div_ceil(8) * height];
        for (row, out) in data.chunks_exact(row).zip(hidden.chunks_exact_mut(width.div_ceil(8))) {
            for column in 0..width {
                let mut samples =
                    bounds.iter().enumerate().map(|(channel, bounds)| (sample(row, column * per_pixel + channel), bounds));
                if samples.all(|(sample, [least, most])| (*least..=*most).contains(&sample)) {
                    out[column / 8] |= 0x80 >> (column % 8);
                }
            }
        }
        Ok(hidden)
    }

    fn sides(&self) -> [usize; 2] {
        self.size.map(|side| usize::try_from(side).unwrap_or_default())
    }

    fn samples(&self) -> Result<Vec<u8>, FinishError> {
        let per_pixel = if self.table.is_some() { 1 } else { self.channels.count() };
        let data = self.coding.samples(self.stream, self.size, per_pixel, self.table.is_some())?;
        let [width, height] = self.sides();
        let across = width * per_pixel;
        let row = (across * self.bits).div_ceil(8);
        if width > MAX_SIDE || height > MAX_SIDE || row == 0 || data.len() < row {
            return Err(FinishError::Unexpected("an image has fewer samples than declared".into()));
        }
        let values: Vec<u8> = match self.bits {
            8 => data,
            16 => data.chunks_exact(2).map(|pair| pair[0]).collect(),
            bits @ (1 | 2 | 4) => {
                let most = (1_u16 << bits) - 1;
                // Indices are kept, values are scaled to a byte.
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
