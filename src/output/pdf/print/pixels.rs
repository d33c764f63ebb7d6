//! The pixels of images: decoded, converted, measured and encoded.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use lopdf::{Dictionary, Object, Stream};
use rayon::prelude::*;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::colour::{light, light_of_ink, unit};
use super::image::{Converted, Encoding, Ground, PdfImage, PrintImages};
use super::walk::Picture;
use super::{ColourMode, FinishError, Press, PrintJob, deflated, plain};
use crate::disk::Digest;
use crate::icc::{Channels, Lab, SourceProfile, neutral};

/// Quality of JPEGs. With colour at half the resolution, at 300 dpi, no difference from higher values is seen on paper.
const QUALITY: u8 = 85;

/// The largest side of an image that is decoded.
const LARGEST: usize = 65_500;

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
            Encoding::Jpeg => jpeg(self.stored, self.channels)?,
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

/// Decodes a JPEG. The inks of CMYK are as they are stored.
fn jpeg(file: &[u8], channels: Channels) -> Result<Vec<u8>, FinishError> {
    let fault = |what: &dyn std::fmt::Debug| FinishError::Unexpected(format!("a JPEG cannot be decoded: {what:?}"));
    let options = DecoderOptions::default().set_max_width(LARGEST).set_max_height(LARGEST);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|error| fault(&error))?;
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
            pixels.chunks_exact(3).map(|pixel| super::colour::byte(light(rgb(pixel)))).collect()
        }
        Channels::Cmyk => pixels.chunks_exact(4).map(|pixel| super::colour::byte(light_of_ink(inks(pixel)))).collect(),
    }
}

/// Returns the image for black ink alone, as grey for DeviceGray: if it has no colours, or if there is no other ink.
fn greys(pixels: &[u8], image: &PdfImage<'_>, press: &Press<'_>) -> Option<Vec<u8>> {
    let profile = press.profile;
    let grey_of = |black: f32| 255 - super::colour::byte(black);
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
        let mut file = Vec::with_capacity(pixels.len() / 8);
        let mut encoder = Encoder::new(&mut file, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        let colours = if channels == Channels::Cmyk { ColorType::CmykAsYcck } else { ColorType::Luma };
        let fault = |error| FinishError::Unexpected(format!("a JPEG cannot be written: {error}"));
        encoder.encode(&pixels, width, height, colours).map_err(fault)?;
        let mut unpacked = jpeg(&file, channels)?;
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
