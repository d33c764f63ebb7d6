//! Decodes images in formats that the print PDF does not keep: JPEG 2000, fax (CCITT) and JBIG2 (ISO 32000-1 §7.4.6, §7.4.7,
//! §7.4.9). Only PDF drawings of a layout contain them.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};
use hayro_jpeg2000::{ColorSpace, Image};
use lopdf::{Dictionary, Document, Object, Stream};

use super::{FinishError, entry, plain, resolved};
use crate::images::MAX_PIXELS;

/// The image compression of samples, apart from lossless filters.
#[derive(Clone, Debug)]
pub(super) enum Coding {
    /// No image compression.
    Samples,
    /// JPEG.
    Jpeg,
    /// JPEG 2000.
    Jpeg2000,
    /// Fax, with its parameters.
    Fax(DecodeSettings),
    /// JBIG2, with its global segments.
    Jbig2(Option<Vec<u8>>),
}

/// The colour space inside a JPEG 2000 file.
pub(super) enum OwnColours {
    Gray,
    Rgb,
    Cmyk,
    /// The bytes of a profile.
    Profile(Vec<u8>),
}

/// Lossless filters without image parameters.
const LOSSLESS: [&[u8]; 5] = [b"FlateDecode", b"LZWDecode", b"ASCII85Decode", b"ASCIIHexDecode", b"RunLengthDecode"];

/// Reads the compression of an image. Decodes the lossless filters that are applied on top of an image compression.
///
/// # Errors
///
/// Returns an error if a filter is unknown.
pub(super) fn open<'a>(document: &Document, mut stream: Cow<'a, Stream>) -> Result<(Cow<'a, Stream>, Coding), FinishError> {
    for key in [&b"Filter"[..], b"DecodeParms"] {
        if let Ok(Object::Reference(_)) = stream.dict.get(key)
            && let Some(value) = entry(document, &stream.dict, key).cloned()
        {
            stream.to_mut().dict.set(key, value);
        }
    }
    let filters: Vec<Vec<u8>> = stream.filters().unwrap_or_default().into_iter().map(<[u8]>::to_vec).collect();
    let Some((last, outer)) = filters.split_last() else { return Ok((stream, Coding::Samples)) };
    if let Some(unknown) = outer.iter().find(|filter| !LOSSLESS.contains(&filter.as_slice())) {
        return Err(unknown_filter(unknown));
    }
    if LOSSLESS.contains(&last.as_slice()) {
        return Ok((stream, Coding::Samples));
    }
    let parameters = parameters(document, &stream.dict, outer.len());
    let coding = match last.as_slice() {
        b"DCTDecode" | b"DCT" => Coding::Jpeg,
        b"JPXDecode" => Coding::Jpeg2000,
        b"CCITTFaxDecode" => Coding::Fax(fax(document, &stream.dict, &parameters)),
        b"JBIG2Decode" => {
            let globals = entry(document, &parameters, b"JBIG2Globals").and_then(|globals| globals.as_stream().ok());
            Coding::Jbig2(globals.map(plain).transpose()?)
        }
        unknown => return Err(unknown_filter(unknown)),
    };
    if !outer.is_empty() {
        let own = stream.to_mut();
        let names = outer.iter().map(|name| Object::Name(name.clone())).collect::<Vec<_>>();
        own.dict.set("Filter", names);
        if let Ok(Object::Array(list)) = own.dict.get(b"DecodeParms") {
            let list =
                list.iter().take(outer.len()).map(|item| resolved(document, item).cloned().unwrap_or(Object::Null)).collect();
            own.dict.set("DecodeParms", Object::Array(list));
        }
        let content = plain(own)?;
        own.dict.set("Filter", Object::Name(last.clone()));
        own.dict.set("DecodeParms", parameters);
        own.content = content;
    }
    Ok((stream, coding))
}

fn unknown_filter(name: &[u8]) -> FinishError {
    FinishError::unsupported(format!("it has an image with an unknown compression, \"{}\"", String::from_utf8_lossy(name)))
}

/// Returns the parameters of a filter, by its index.
fn parameters(document: &Document, image: &Dictionary, place: usize) -> Dictionary {
    let found = match entry(document, image, b"DecodeParms") {
        Some(Object::Array(list)) => list.get(place).and_then(|item| resolved(document, item)),
        single => single,
    };
    found.and_then(|found| found.as_dict().ok()).cloned().unwrap_or_default()
}

/// Returns the parameters of fax compression (ISO 32000-1 table 11).
fn fax(document: &Document, image: &Dictionary, parameters: &Dictionary) -> DecodeSettings {
    let number = |dictionary: &Dictionary, key: &[u8]| entry(document, dictionary, key).and_then(|value| value.as_i64().ok());
    let flag = |key: &[u8]| entry(document, parameters, key).and_then(|value| value.as_bool().ok());
    let count = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0);
    let encoding = match number(parameters, b"K").unwrap_or(0) {
        0 => EncodingMode::Group3_1D,
        k if k < 0 => EncodingMode::Group4,
        k => EncodingMode::Group3_2D { k: u32::try_from(k).unwrap_or(u32::MAX) },
    };
    DecodeSettings {
        columns: count(number(parameters, b"Columns")).unwrap_or(1728),
        rows: count(number(parameters, b"Rows")).or(count(number(image, b"Height"))).unwrap_or(1),
        end_of_block: flag(b"EndOfBlock").unwrap_or(true),
        end_of_line: flag(b"EndOfLine").unwrap_or(false),
        rows_are_byte_aligned: flag(b"EncodedByteAlign").unwrap_or(false),
        encoding,
        invert_black: flag(b"BlackIs1").unwrap_or(false),
    }
}

fn damaged() -> FinishError {
    FinishError::unsupported("an image in it is damaged")
}

/// Calls a decoder of another crate. If it fails or panics, the image counts as damaged.
fn guarded<T, E>(decode: impl FnOnce() -> Result<T, E>) -> Result<T, FinishError> {
    let decoded = catch_unwind(AssertUnwindSafe(decode));
    decoded.map_err(|_| damaged())?.map_err(|_| damaged())
}

/// Reads the header of a JPEG 2000 image. Palettes are not resolved if the PDF has one.
fn header<'a>(bytes: &'a [u8], indexed: bool) -> Result<Image<'a>, FinishError> {
    let settings = hayro_jpeg2000::DecodeSettings { resolve_palette_indices: !indexed, ..Default::default() };
    let image = guarded(|| Image::new(bytes, &settings))?;
    if u64::from(image.width()) * u64::from(image.height()) > MAX_PIXELS {
        return Err(FinishError::unsupported("an image in it is too large"));
    }
    Ok(image)
}

/// Returns the colour space inside a JPEG 2000 file, and whether the file has an opacity channel.
///
/// # Errors
///
/// Returns an error if the file is damaged or its colour space is unknown.
pub(super) fn own_colours(bytes: &[u8]) -> Result<(OwnColours, bool), FinishError> {
    let image = header(bytes, false)?;
    let colours = match image.color_space() {
        ColorSpace::Gray | ColorSpace::Unknown { num_channels: 1 } => OwnColours::Gray,
        ColorSpace::RGB | ColorSpace::Unknown { num_channels: 3 } => OwnColours::Rgb,
        ColorSpace::CMYK | ColorSpace::Unknown { num_channels: 4 } => OwnColours::Cmyk,
        ColorSpace::Icc { profile, .. } => OwnColours::Profile(profile.clone()),
        ColorSpace::Unknown { .. } => {
            return Err(FinishError::unsupported("an image in it has colours that are neither grey, RGB nor CMYK"));
        }
    };
    Ok((colours, image.has_alpha()))
}

impl Coding {
    /// Returns the number of bits of a decoded sample, if the compression determines it.
    pub(super) fn bits(&self) -> Option<usize> {
        match self {
            Self::Samples => None,
            Self::Jpeg | Self::Jpeg2000 => Some(8),
            Self::Fax(_) | Self::Jbig2(_) => Some(1),
        }
    }

    /// Returns the samples in rows of whole bytes. `size` is in pixels, `channels` is the number of samples per pixel, and
    /// `indexed` states whether samples are indices of a colour table. JPEGs are not decoded here.
    ///
    /// # Errors
    ///
    /// Returns an error if the image is damaged or has another size.
    pub(super) fn samples(
        &self,
        stream: &Stream,
        size: [u32; 2],
        channels: usize,
        indexed: bool,
    ) -> Result<Vec<u8>, FinishError> {
        match self {
            Self::Samples | Self::Jpeg => plain(stream),
            Self::Jpeg2000 => jpeg2000(&stream.content, size, channels, indexed).map(|(samples, _)| samples),
            Self::Fax(settings) => {
                let mut bits = BitonalRows::new(settings.columns, settings.rows.min(size[1]))?;
                let decoded = guarded(|| hayro_ccitt::decode(&stream.content, &mut bits, &mut DecoderContext::new(*settings)));
                // Renderers show the rows before the damage. Here damage is an error, unless all rows were decoded.
                if settings.columns != size[0] || decoded.is_err() && !bits.is_full() {
                    return Err(damaged());
                }
                Ok(bits.bytes)
            }
            Self::Jbig2(globals) => {
                let image = guarded(|| hayro_jbig2::Image::new_embedded(&stream.content, globals.as_deref()))?;
                if [image.width(), image.height()] != size {
                    return Err(damaged());
                }
                let mut bits = BitonalRows::new(size[0], size[1])?;
                guarded(|| image.decode(&mut bits))?;
                Ok(bits.bytes)
            }
        }
    }

    /// Returns the opacity channel of a JPEG 2000 file, a byte per pixel.
    ///
    /// # Errors
    ///
    /// Returns an error if the file is damaged or has no opacity channel.
    pub(super) fn opacity(&self, stream: &Stream, size: [u32; 2]) -> Result<Vec<u8>, FinishError> {
        match self {
            Self::Jpeg2000 => jpeg2000(&stream.content, size, 0, false)?.1.ok_or_else(damaged),
            _ => Err(damaged()),
        }
    }
}

/// Returns the first channels of a JPEG 2000 image in 8 bits, and its opacity.
fn jpeg2000(bytes: &[u8], size: [u32; 2], channels: usize, indexed: bool) -> Result<(Vec<u8>, Option<Vec<u8>>), FinishError> {
    let image = header(bytes, indexed)?;
    let colours = usize::from(image.color_space().num_channels());
    let depth = image.original_bit_depth();
    if [image.width(), image.height()] != size || channels > colours || indexed && depth > 8 {
        return Err(damaged());
    }
    let pixels = guarded(|| image.decode())?;
    let count = colours + usize::from(image.has_alpha());
    let rows = pixels.chunks_exact(count);
    let opacity = image.has_alpha().then(|| rows.clone().filter_map(|pixel| pixel.get(colours).copied()).collect());
    let mut samples: Vec<u8> = rows.flat_map(|pixel| pixel.iter().take(channels)).copied().collect();
    if indexed && depth < 8 {
        // The decoder scales values to a byte.
        let most = (1_u16 << depth) - 1;
        samples.iter_mut().for_each(|value| *value = u8::try_from((u16::from(*value) * most + 127) / 255).unwrap_or(u8::MAX));
    }
    Ok((samples, opacity))
}

/// Collects bitonal pixels in rows of whole bytes; white is 1.
struct BitonalRows {
    bytes: Vec<u8>,
    width: usize,
    rows: usize,
    row: usize,
    column: usize,
}

impl BitonalRows {
    fn new(width: u32, rows: u32) -> Result<Self, FinishError> {
        if u64::from(width) * u64::from(rows) > MAX_PIXELS {
            return Err(FinishError::unsupported("an image in it is too large"));
        }
        let [width, rows] = [width, rows].map(|side| usize::try_from(side).unwrap_or_default());
        Ok(Self { bytes: vec![0; width.div_ceil(8) * rows], width, rows, row: 0, column: 0 })
    }

    fn is_full(&self) -> bool {
        self.row >= self.rows
    }

    fn push(&mut self, white: bool, count: usize) {
        let start = self.row * self.width.div_ceil(8);
        for column in self.column..(self.column + count).min(self.width) {
            if let Some(byte) = self.bytes.get_mut(start + column / 8).filter(|_| white) {
                *byte |= 0x80 >> (column % 8);
            }
        }
        self.column += count;
    }

    fn end_row(&mut self) {
        self.row += 1;
        self.column = 0;
    }
}

impl Decoder for BitonalRows {
    fn push_pixels(&mut self, white: bool, count: u32) {
        self.push(white, usize::try_from(count).unwrap_or_default());
    }

    fn next_line(&mut self) {
        self.end_row();
    }
}

impl hayro_jbig2::Decoder for BitonalRows {
    fn push_pixel(&mut self, black: bool) {
        self.push(!black, 1);
    }

    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        self.push(!black, 8 * usize::try_from(chunk_count).unwrap_or_default());
    }

    fn next_line(&mut self) {
        self.end_row();
    }
}
