//! Image headers: the properties of an image that are read without decoding it.

use std::io::Cursor;
use std::sync::Arc;

use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageFormat, ImageReader, ImageResult};
use moxcms::ColorProfile;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::colour::{ColourFault, ScreenUse, SourceSpace, png_use, screen_use};
use super::container::{self, Embedded, chunks, head, segments};
use super::exif::CameraData;
use crate::icc::Channels;

/// A format of raster images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
}

impl Format {
    /// Returns the format of a file by its first bytes, or `None` if it has none of these formats.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        Some(match image::guess_format(bytes).ok()? {
            ImageFormat::Png => Self::Png,
            ImageFormat::Jpeg => Self::Jpeg,
            ImageFormat::Gif => Self::Gif,
            ImageFormat::WebP => Self::WebP,
            _ => return None,
        })
    }

    /// Returns the media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    /// Returns the usual extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::WebP => "webp",
        }
    }
}

/// The reason why an image cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFault {
    /// Its format is not supported.
    Format,
    /// It is damaged or has no size.
    Damaged,
    /// It has more than [`MAX_PIXELS`] pixels.
    TooLarge,
    /// It is a JPEG with a feature that few programs support; the text names the feature.
    Rare(&'static str),
}

/// Maximum number of pixels of an image, checked before decoding. A small file can claim more pixels than fit into memory.
pub const MAX_PIXELS: u64 = 100_000_000;

/// Number of bytes at the start of an image that nearly always contain its header.
const HEAD: usize = 32 << 10;

/// The header of an image.
#[derive(Clone, Debug)]
pub struct Header {
    /// Format.
    pub format: Format,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Whether a PDF can contain the pixels without conversion: upright, with 8 bits per colour.
    pub is_plain: bool,
    /// The channels of a pixel.
    pub colours: Channels,
    /// How screens can use the file.
    pub screen: ScreenUse,
    /// The fault in its colour description.
    pub fault: Option<ColourFault>,
    /// The orientation that viewers apply.
    pub orientation: Orientation,
    /// Pixels per metre, horizontally and vertically.
    pub density: Option<(u32, u32)>,
    /// Whether CMYK values are inverted: 0 is full ink.
    pub is_inverted: bool,
}

impl Header {
    /// Reads the header of an image. The content determines the format, not the name.
    ///
    /// # Errors
    ///
    /// Returns the reason if the image cannot be used.
    pub fn read(bytes: &[u8]) -> Result<Self, ImageFault> {
        let header = match Format::of(bytes).ok_or(ImageFault::Format)? {
            Format::Jpeg => jpeg(bytes)?,
            Format::Png => png(bytes)?,
            format => other(format, bytes)?,
        };
        if u64::from(header.width) * u64::from(header.height) > MAX_PIXELS {
            return Err(ImageFault::TooLarge);
        }
        let whole = match header.format {
            Format::Png => chunks(bytes).any(|chunk| chunk.name == *b"IEND" && chunk.whole),
            Format::Jpeg => ends_as_jpeg(bytes),
            Format::Gif | Format::WebP => true,
        };
        if header.width == 0 || header.height == 0 || !whole {
            return Err(ImageFault::Damaged);
        }
        Ok(header)
    }

    /// Returns the width and height in pixels of the upright image.
    pub fn upright(&self) -> (u32, u32) {
        self.oriented((self.width, self.height))
    }

    /// Returns the pixels per metre of the upright image, horizontally and vertically.
    pub fn upright_density(&self) -> Option<(u32, u32)> {
        self.density.map(|density| self.oriented(density))
    }

    fn oriented(&self, (across, down): (u32, u32)) -> (u32, u32) {
        // Exif: the values from 5 exchange rows and columns.
        if matches!(self.orientation.to_exif(), 5..) { (down, across) } else { (across, down) }
    }

    fn is_upright(&self) -> bool {
        self.orientation == Orientation::NoTransforms
    }
}

/// The frame of a JPEG (ITU-T T.81 §B.2.2), with the data that determine the colour space of its components.
struct JpegFrame<'a> {
    marker: u8,
    precision: u8,
    /// Ids of the components.
    ids: Vec<u8>,
    /// Colour transform in the Adobe marker.
    adobe: Option<u8>,
    exif: Option<&'a [u8]>,
    density: Option<(u32, u32)>,
    has_jfif: bool,
}

impl<'a> JpegFrame<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut frame =
            Self { marker: 0, precision: 8, ids: Vec::new(), adobe: None, exif: None, density: None, has_jfif: false };
        for segment in segments(bytes) {
            match (segment.marker, segment.data) {
                (0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF, [precision, _, _, _, _, _, components @ ..]) => {
                    frame.marker = segment.marker;
                    frame.precision = *precision;
                    frame.ids = components.as_chunks::<3>().0.iter().map(|[id, ..]| *id).collect();
                }
                (0xE0, [b'J', b'F', b'I', b'F', 0, _, _, unit, x1, x2, y1, y2, ..]) => {
                    frame.has_jfif = true;
                    let per_metre = |value: [u8; 2]| {
                        let value = f64::from(u16::from_be_bytes(value));
                        let value = if *unit == 1 { value / 0.0254 } else { value * 100.0 };
                        rounded(value)
                    };
                    let known = matches!(unit, 1 | 2);
                    frame.density = known.then(|| (per_metre([*x1, *x2]), per_metre([*y1, *y2])));
                }
                (0xE1, data) if frame.exif.is_none() => frame.exif = data.strip_prefix(b"Exif\0\0"),
                (0xEE, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transformation, ..]) => {
                    frame.adobe = Some(*transformation)
                }
                _ => {}
            }
        }
        (frame.marker != 0).then_some(frame)
    }

    /// Returns the feature of the JPEG that few programs support, if it has one.
    fn rare(&self) -> Option<&'static str> {
        match (self.marker, self.precision, self.ids.len()) {
            (0xC3 | 0xC7 | 0xCB | 0xCF, ..) => Some("without loss"),
            (0xC9 | 0xCA | 0xCD | 0xCE, ..) => Some("with arithmetic coding"),
            (0xC5 | 0xC6, ..) => Some("in layers"),
            (_, 0..=7 | 9.., _) => Some("with more than 8 bits per colour"),
            (.., 2 | 5..) => Some("of other colours than grey, RGB and CMYK"),
            _ => None,
        }
    }

    /// Returns whether the components are red, green and blue, as libjpeg decides.
    fn is_rgb(&self) -> bool {
        match self.adobe {
            _ if self.ids.len() != 3 => false,
            Some(transformation) => transformation == 0,
            None => !self.has_jfif && self.ids == *b"RGB",
        }
    }
}

/// Returns the nearest integer.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub fn rounded(value: f64) -> u32 {
    value.round() as u32
}

fn jpeg(bytes: &[u8]) -> Result<Header, ImageFault> {
    let frame = JpegFrame::read(bytes).ok_or(ImageFault::Damaged)?;
    if let Some(kind) = frame.rare() {
        return Err(ImageFault::Rare(kind));
    }
    let options = DecoderOptions::default().set_strict_mode(false).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| ImageFault::Damaged)?;
    let (width, height) = decoder.dimensions().ok_or(ImageFault::Damaged)?;
    let size = |side: usize| u32::try_from(side).map_err(|_| ImageFault::TooLarge);
    let colours = match frame.ids.len() {
        1 => Channels::Gray,
        3 => Channels::Rgb,
        _ => Channels::Cmyk,
    };
    let camera = frame.exif.map(CameraData::read).unwrap_or_default();
    let profile = container::jpeg_profile(bytes);
    let (mut screen, mut fault) = screen_use(colours, false, profile.clone());
    if camera.is_adobe_rgb && colours == Channels::Rgb && profile == Embedded::None {
        screen = ScreenUse::Converted(SourceSpace::Profile(Arc::new(ColorProfile::new_adobe_rgb())));
    }
    // Typst omits a JPEG whose components are neither grey nor YCbCr, and PDF readers disagree about RGB without the Adobe
    // marker.
    let usual = matches!(decoder.input_colorspace(), Some(ColorSpace::Luma | ColorSpace::YCbCr)) && !frame.is_rgb();
    if !usual && colours != Channels::Cmyk && !matches!(screen, ScreenUse::Converted(_)) {
        screen = ScreenUse::Converted(SourceSpace::Srgb);
    }
    if colours == Channels::Cmyk && frame.adobe.is_none() {
        fault = fault.or(Some(ColourFault::Polarity));
    }
    if matches!(screen, ScreenUse::Converted(_)) && has_several_scans(bytes) {
        return Err(ImageFault::Rare("in several scans"));
    }
    let orientation = frame.exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    // Some reading systems ignore the orientation.
    if orientation != Orientation::NoTransforms && !matches!(screen, ScreenUse::Converted(_)) && !has_several_scans(bytes) {
        screen = ScreenUse::Converted(SourceSpace::Same(profile.whole().filter(|_| matches!(screen, ScreenUse::AsIs))));
    }
    Ok(Header {
        format: Format::Jpeg,
        width: size(width)?,
        height: size(height)?,
        is_plain: orientation == Orientation::NoTransforms,
        colours,
        screen,
        fault,
        orientation,
        density: frame.density.or(camera.density),
        is_inverted: frame.adobe.is_some(),
    })
}

/// Returns whether a sequential JPEG has several scans. The decoder returns wrong colours for some of these.
pub fn has_several_scans(bytes: &[u8]) -> bool {
    let Some(frame) = JpegFrame::read(bytes).filter(|frame| frame.marker != 0xC2) else { return false };
    container::first_scan(bytes).is_some_and(|count| usize::from(count) < frame.ids.len())
}

/// Returns whether a JPEG stores red, green and blue instead of luminance and chrominance.
pub fn stores_rgb(bytes: &[u8]) -> bool {
    JpegFrame::read(bytes).is_some_and(|frame| frame.is_rgb())
}

/// Returns whether a CMYK JPEG stores luminance and chrominance instead of cyan, magenta and yellow.
pub fn stores_ycck(bytes: &[u8]) -> bool {
    JpegFrame::read(bytes).is_some_and(|frame| frame.adobe.is_some_and(|transformation| transformation != 0))
}

fn png(bytes: &[u8]) -> Result<Header, ImageFault> {
    let profile = container::png_profile(bytes);
    // The profile is removed, because the crate `image` would otherwise decompress one that is too large.
    let stripped = matches!(profile, Embedded::TooLarge | Embedded::Damaged).then(|| container::png_without_colours(bytes));
    let mut header = other(Format::Png, stripped.as_deref().unwrap_or(bytes))?;
    let [.., depth, kind, _, _, _] =
        head(bytes).next().and_then(|chunk| chunk.data.first_chunk::<13>()).ok_or(ImageFault::Damaged)?;
    header.colours = if matches!(kind, 0 | 4) { Channels::Gray } else { Channels::Rgb };
    (header.screen, header.fault) = png_use(bytes, header.colours, *depth == 16, profile);
    header.density = head(bytes).find(|chunk| chunk.name == *b"pHYs").and_then(|chunk| match *chunk.data {
        [a, b, c, d, e, f, g, h, 1] => Some((u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))),
        _ => None,
    });
    let exif = head(bytes).find(|chunk| chunk.name == *b"eXIf").map(|chunk| chunk.data);
    set_camera_data(&mut header, exif, may_move(Format::Png, bytes));
    Ok(header)
}

/// Adds the metadata of a camera to the header of a PNG or a WebP. An image that is not upright is converted, because some
/// reading systems ignore the orientation. An animation is not converted.
fn set_camera_data(header: &mut Header, exif: Option<&[u8]>, may_be_animated: bool) {
    header.density = header.density.or_else(|| CameraData::read(exif?).density);
    if !header.is_upright() && !may_be_animated {
        header.screen = match std::mem::replace(&mut header.screen, ScreenUse::AsIs) {
            ScreenUse::AsIs | ScreenUse::WithoutProfile => ScreenUse::Converted(SourceSpace::Srgb),
            converted @ ScreenUse::Converted(_) => converted,
        };
    }
}

/// Reads a header with the crate `image`. Only the start of the file is read, unless its metadata are unusually large.
fn other(format: Format, bytes: &[u8]) -> Result<Header, ImageFault> {
    let start = bytes.get(..HEAD).and_then(|start| size_and_orientation(start).ok());
    let (width, height, orientation, is_plain) = match start {
        Some(read) => read,
        None => size_and_orientation(bytes).map_err(|_| ImageFault::Damaged)?,
    };
    let (screen, fault) = match format {
        Format::WebP => screen_use(Channels::Rgb, false, container::webp_profile(bytes)),
        _ => (ScreenUse::AsIs, None),
    };
    let mut header = Header {
        format,
        width,
        height,
        is_plain,
        colours: Channels::Rgb,
        screen,
        fault,
        orientation,
        density: None,
        is_inverted: false,
    };
    if format == Format::WebP {
        set_camera_data(&mut header, container::webp_exif(bytes), may_move(format, bytes));
    }
    Ok(header)
}

/// Returns the width, the height, the orientation, and whether the image is upright and has eight bits per colour.
fn size_and_orientation(bytes: &[u8]) -> ImageResult<(u32, u32, Orientation, bool)> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let Ok(mut decoder) = reader()?.into_decoder() else {
        // The image may be too large to decode, but its size can still be read.
        let (width, height) = reader()?.into_dimensions()?;
        return Ok((width, height, Orientation::NoTransforms, false));
    };
    let (width, height) = decoder.dimensions();
    let orientation = decoder.orientation();
    let upright = orientation.as_ref().is_ok_and(|orientation| *orientation == Orientation::NoTransforms);
    let eight_bits = matches!(decoder.color_type(), ColorType::L8 | ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8);
    Ok((width, height, orientation.unwrap_or(Orientation::NoTransforms), upright && eight_bits))
}

/// Returns whether a JPEG is complete: an end marker follows the pixels (ITU-T T.81 §B.1.1). Cameras append more data.
fn ends_as_jpeg(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(0xFF, rest) {
        let after = rest.get(at + 1..).unwrap_or_default();
        let skipped = match after {
            [0xD9, ..] => return true,
            // A byte of the pixels, a restart marker, or the start of the image.
            [0x00 | 0xD0..=0xD8, ..] => 1,
            // Fill byte.
            [0xFF, ..] => 0,
            [_, high, low, ..] => 1 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => return false,
        };
        rest = after.get(skipped..).unwrap_or_default();
    }
    false
}

/// Returns whether an image may be animated. A GIF always may; PNG declares it before the pixels, WebP in its header.
pub fn may_move(format: Format, bytes: &[u8]) -> bool {
    match format {
        Format::Gif => true,
        Format::Png => head(bytes).any(|chunk| chunk.name == *b"acTL"),
        // WebP container, §"Extended File Format": the flags follow the header of the first chunk.
        Format::WebP => bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0),
        Format::Jpeg => false,
    }
}
