//! The images of the pages: described, converted, and put into the print PDF.

use std::sync::Arc;

use bytes::Bytes;
use lopdf::{Dictionary, Object, Stream};
use rayon::prelude::*;

use super::image::{Encoding, Ground, PdfImage};
use super::walk::Picture;
use super::{ColourMode, FinishError, Press, PrintJob, plain};
use crate::disk::Digest;
use crate::icc::Channels;
use crate::images::{
    self, Header, ImageFault, MOST_PIXELS, PressEncoding, PressSource, PressTarget, PressVersion, ScreenUse, Source,
};

/// The largest side of an image that is decoded.
const LARGEST: usize = 65_500;

/// A converted image with what the report says of it.
pub(super) struct Picked {
    pub version: PressVersion,
    pub digest: Digest,
    pub size: [u32; 2],
    pub bitonal: bool,
}

impl Picked {
    /// Returns the object of the image.
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
        Stream::new(dictionary, self.version.bytes.to_vec()).with_compression(false)
    }

    /// Returns the parameters of rows with filters of PNG (ISO 32000-1 §7.4.4.4).
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
    let bitonal = image.bits == 1;
    let target = match (image.ground, job.press.mode) {
        (Ground::Luminosity, _) => PressTarget::Luminosity,
        (Ground::Page, ColourMode::Cmyk) => PressTarget::Inks(job.press.profile),
        (Ground::Page, ColourMode::Gray) => PressTarget::Black(job.press.profile),
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
    Ok(Picked { version, digest: stored, size: image.size, bitonal })
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
    // A JPEG with the inks of the press is kept as it is.
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
    let encoding = match filters.as_slice() {
        [] => Encoding::Samples,
        [b"DCTDecode" | b"DCT"] => Encoding::Jpeg,
        all if all.iter().all(|filter| {
            matches!(*filter, b"FlateDecode" | b"LZWDecode" | b"ASCII85Decode" | b"ASCIIHexDecode" | b"RunLengthDecode")
        }) =>
        {
            Encoding::Samples
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
        size: [width, height],
        channels: layout.channels,
        encoding,
        stored: &stream.content,
        profile: profile.map(|(_, profile)| Arc::clone(profile)),
        inverted,
        ground: picture.ground,
        digest: Digest::of_list(texts.iter().map(String::as_str)),
        bits,
        table: layout.table.as_deref(),
        stream,
    })
}

/// Returns the CMYK file that replaces an image. Its inks are those of the press, unless it has the profile of another.
fn replacement<'a>(file: &'a Bytes, picture: &'a Picture<'_>, press: &Press<'_>) -> Result<PdfImage<'a>, FinishError> {
    let header = Header::read(file).map_err(fault)?;
    let profile = match header.screen {
        ScreenUse::Converted(Source::Press(profile)) if profile.digest() != Some(press.profile.digest()) => Some(profile),
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
        ground: picture.ground,
        digest,
        bits: 8,
        table: None,
        stream: &picture.stream,
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
        // A PDF reader takes missing samples for 0; here a part of them may miss.
        let fits = match self.encoding {
            Encoding::Jpeg => wanted == pixels.len(),
            Encoding::Samples => count as u64 <= MOST_PIXELS && wanted / 4 <= pixels.len(),
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

    fn sides(&self) -> [usize; 2] {
        self.size.map(|side| usize::try_from(side).unwrap_or_default())
    }

    fn samples(&self) -> Result<Vec<u8>, FinishError> {
        let data = plain(self.stream)?;
        let [width, height] = self.sides();
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
