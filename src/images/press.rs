//! The version of an image for print: inks of the press, grey for black ink alone, or the luminosity of a soft mask.

use bytes::Bytes;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::container::{Embedded, jpeg_profile, jpeg_without_profile};
use super::encode;
use super::header::ImageFault;
use crate::disk::Digest;
use crate::icc::{Channels, Lab, OutputProfile, SourceProfile, byte, luminosity, luminosity_of_ink, neutral, unit};

/// Decoded pixels: 8 bits for each channel, 0 is black for grey and RGB and no ink for CMYK.
pub struct PressSource<'a> {
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// The channels of a pixel.
    pub channels: Channels,
    /// The profile of the pixels; `None` for sRGB, its greys, and the inks of the press.
    pub profile: Option<&'a SourceProfile>,
    /// Whether the image is a photograph, which is encoded with loss.
    pub is_photograph: bool,
    /// The pixels.
    pub pixels: Vec<u8>,
}

/// The target of a conversion.
#[derive(Clone, Copy)]
pub enum PressTarget<'a> {
    /// The process inks of a press.
    Inks(&'a OutputProfile),
    /// Black ink alone.
    Black(&'a OutputProfile),
    /// The luminosity of a soft mask.
    Luminosity,
}

/// The encoding of an image for print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum PressEncoding {
    /// A JPEG file.
    Jpeg,
    /// Samples of 8 bits, deflated.
    Deflated,
    /// Rows of samples with the filters of PNG (ISO/IEC 15948 §9), deflated.
    Filtered,
}

/// An image for print.
#[derive(Clone, Debug, PartialEq)]
pub struct PressVersion {
    /// The encoded pixels.
    pub bytes: Bytes,
    /// Their properties.
    pub facts: PressFacts,
}

/// The properties of an image for print. Amounts of ink are multiples of 1/255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct PressFacts {
    /// Whether a pixel has four inks; otherwise, it has one grey.
    pub has_inks: bool,
    /// The encoding.
    pub encoding: PressEncoding,
    /// Whether the values are stored inverted: 255 is no ink.
    pub is_inverted: bool,
    /// The largest sum of inks of a pixel.
    pub ink: u16,
    /// The largest sum of cyan, magenta and yellow of a pixel.
    pub colours: u16,
    /// The largest amounts of cyan, magenta, yellow and black of any pixel.
    pub most: [u8; 4],
}

impl PressFacts {
    /// Returns the channels of a pixel.
    pub fn channels(&self) -> Channels {
        if self.has_inks { Channels::Cmyk } else { Channels::Gray }
    }
}

/// A cache of versions for print. The key is the digest of everything that determines a version.
pub trait PressCache: Sync {
    /// Returns the version of a key.
    fn version(&self, key: &Digest) -> Option<PressVersion>;

    /// Stores a version.
    fn keep(&self, key: &Digest, version: &PressVersion);
}

/// A cache that stores nothing.
impl PressCache for () {
    fn version(&self, _: &Digest) -> Option<PressVersion> {
        None
    }

    fn keep(&self, _: &Digest, _: &PressVersion) {}
}

impl PressVersion {
    /// Serializes the version for the cache.
    pub fn to_stored(&self) -> Vec<u8> {
        let facts = serde_json::to_string(&self.facts).unwrap_or_default();
        [facts.as_bytes(), b"\n", &self.bytes].concat()
    }

    /// Deserializes a stored version. Returns `None` if the bytes are not valid.
    pub fn from_stored(stored: &Bytes) -> Option<Self> {
        let end = stored.iter().position(|byte| *byte == b'\n')?;
        let facts = serde_json::from_slice(stored.get(..end)?).ok()?;
        Some(Self { bytes: stored.slice(end + 1..), facts })
    }
}

/// Converts an image for print.
///
/// # Errors
///
/// Returns a fault if the pixels cannot be encoded.
pub fn press_version(source: PressSource<'_>, target: PressTarget<'_>) -> Result<PressVersion, ImageFault> {
    let PressSource { size, channels, profile, is_photograph, pixels } = source;
    let encode = |pixels: Vec<u8>, has_inks| encoded(&pixels, size, has_inks, is_photograph);
    let limited = |pixels, press| if is_photograph { limited(pixels, size, limit_of(press)) } else { encode(pixels, true) };
    let (press, black_alone) = match target {
        PressTarget::Luminosity => return encode(luminosities(pixels, channels), false),
        PressTarget::Inks(_) if channels == Channels::Cmyk && profile.is_none() => return encode(pixels, true),
        PressTarget::Inks(press) => (press, false),
        PressTarget::Black(press) => (press, true),
    };
    let black = BlackConversion { press, profile };
    match black.convert_grey(&pixels, channels) {
        Some(grey) => encode(grey, false),
        None if black_alone => encode(black.convert(&pixels, channels), false),
        None => {
            let link = profile.map_or_else(|| press.srgb_link(), |profile| press.link(profile));
            limited(link.convert(&pixels), press)
        }
    }
}

/// Returns a JPEG that already has the inks of the press, without its profile, which is that of the output intent. `pixels` are
/// its decoded inks, 0 is none.
pub fn unchanged(file: Bytes, pixels: &[u8], is_inverted: bool) -> PressVersion {
    let facts = PressFacts { encoding: PressEncoding::Jpeg, is_inverted, ..measured(pixels, true) };
    let bytes = match jpeg_profile(&file) {
        Embedded::None => file,
        _ => jpeg_without_profile(&file).into(),
    };
    PressVersion { bytes, facts }
}

fn luminosities(pixels: Vec<u8>, channels: Channels) -> Vec<u8> {
    match channels {
        Channels::Gray => pixels,
        Channels::Rgb => pixels.as_chunks().0.iter().map(|rgb| byte(luminosity(unit(*rgb)))).collect(),
        Channels::Cmyk => pixels.as_chunks().0.iter().map(|ink| byte(luminosity_of_ink(unit(*ink)))).collect(),
    }
}

/// A conversion of pixels into greys that print as black ink alone: 255 is no ink.
struct BlackConversion<'a> {
    press: &'a OutputProfile,
    profile: Option<&'a SourceProfile>,
}

impl BlackConversion<'_> {
    /// Converts an image if every pixel is grey. Otherwise returns `None`.
    fn convert_grey(&self, pixels: &[u8], channels: Channels) -> Option<Vec<u8>> {
        match channels {
            Channels::Gray => {
                let greys = self.of_greys();
                Some(pixels.iter().map(|grey| greys[usize::from(*grey)]).collect())
            }
            Channels::Rgb => {
                let pixels = pixels.as_chunks().0;
                let is_grey = pixels.iter().all(|rgb| neutral(*rgb).is_some());
                let greys = is_grey.then(|| self.of_greys())?;
                Some(pixels.iter().map(|[_, green, _]| greys[usize::from(*green)]).collect())
            }
            Channels::Cmyk => None,
        }
    }

    /// Converts an image of any colours.
    fn convert(&self, pixels: &[u8], channels: Channels) -> Vec<u8> {
        match channels {
            Channels::Gray => self.convert_grey(pixels, channels).unwrap_or_default(),
            Channels::Rgb => mapped(pixels.as_chunks().0, |rgb| {
                let [red, green, blue] = unit(*rgb);
                self.grey([red, green, blue, 0.0], channels)
            }),
            Channels::Cmyk => mapped(pixels.as_chunks().0, |ink| self.grey(unit(*ink), channels)),
        }
    }

    /// Returns the converted greys of the levels 0 to 255.
    fn of_greys(&self) -> [u8; 256] {
        let mut greys = [0; 256];
        for (level, grey) in (0..=255_u8).zip(&mut greys) {
            *grey = match self.profile {
                Some(_) => self.grey([f32::from(level) / 255.0; 4], Channels::Gray),
                None => 255 - byte(self.press.black_of(level)),
            };
        }
        greys
    }

    fn grey(&self, values: [f32; 4], channels: Channels) -> u8 {
        let [red, green, blue, _] = values;
        let lab = match self.profile {
            Some(profile) => profile.lab(values),
            None if channels == Channels::Cmyk => self.press.lab(values),
            None => Lab::of_srgb([red, green, blue]),
        };
        255 - byte(self.press.black_of_lab(lab))
    }
}

/// Maps pixels in parallel. Computes each run of equal pixels only once.
fn mapped<const N: usize>(pixels: &[[u8; N]], one: impl Fn(&[u8; N]) -> u8 + Sync) -> Vec<u8> {
    let part = |part: &[[u8; N]]| {
        let mut last: Option<([u8; N], u8)> = None;
        let map = |pixel: &[u8; N]| match last {
            Some((known, grey)) if known == *pixel => grey,
            _ => {
                let grey = one(pixel);
                last = Some((*pixel, grey));
                grey
            }
        };
        part.iter().map(map).collect::<Vec<u8>>()
    };
    pixels.par_chunks(1 << 14).flat_map_iter(part).collect()
}

/// Returns the ink limit of converted images, in steps of 1/255: the maximum ink of the profile, rounded up to a multiple of ten
/// percent.
fn limit_of(press: &OutputProfile) -> u16 {
    let most: f32 = press.ink_of([0.0; 3]).iter().sum();
    (1..=40).map(|tens| tens * 51 / 2).find(|limit| f32::from(*limit) >= most * 255.0 - 0.5).unwrap_or(4 * 255)
}

/// Number of attempts to encode a photograph with less ink.
const ATTEMPTS: u16 = 4;

/// Encodes a photograph so that it has at most `limit` ink after decoding. JPEG compression adds some percent to the darkest
/// pixels, so the excess is subtracted from these pixels, and more than the excess from the third attempt on. If no attempt
/// suffices, the pixels are encoded without loss.
fn limited(mut pixels: Vec<u8>, size: [u32; 2], limit: u16) -> Result<PressVersion, ImageFault> {
    let mut most = measured(&pixels, true).ink.min(limit);
    for attempt in 1..=ATTEMPTS {
        let version = encoded(&pixels, size, true, true)?;
        let Some(excess) = version.facts.ink.checked_sub(limit).filter(|excess| *excess > 0) else { return Ok(version) };
        most = most.saturating_sub(attempt.saturating_sub(1).max(1) * excess + 1);
        lighten(&mut pixels, most);
    }
    encoded(&pixels, size, true, false)
}

/// Reduces cyan, magenta and yellow in pixels with more than `most` ink.
fn lighten(pixels: &mut [u8], most: u16) {
    for pixel in pixels.as_chunks_mut::<4>().0 {
        let [cyan, magenta, yellow, black] = pixel.map(u16::from);
        let colours = cyan + magenta + yellow;
        if colours + black > most && colours > 0 {
            let kept = f32::from(most.saturating_sub(black)) / f32::from(colours);
            pixel.iter_mut().take(3).for_each(|part| *part = byte(f32::from(*part) * kept / 255.0));
        }
    }
}

/// Encodes pixels and measures the ink of the decoded result, because a JPEG may have more ink than its source.
fn encoded(pixels: &[u8], size: [u32; 2], has_inks: bool, is_photograph: bool) -> Result<PressVersion, ImageFault> {
    if let Some(jpeg) = is_photograph.then(|| encode::press_jpeg(pixels, size, has_inks)).flatten() {
        let channels = if has_inks { Channels::Cmyk } else { Channels::Gray };
        let mut decoded = super::decode::jpeg_samples(&jpeg, channels)?;
        if has_inks {
            decoded.iter_mut().for_each(|value| *value = 255 - *value);
        }
        let facts = PressFacts { encoding: PressEncoding::Jpeg, is_inverted: has_inks, ..measured(&decoded, has_inks) };
        return Ok(PressVersion { bytes: jpeg.into(), facts });
    }
    let facts = measured(pixels, has_inks);
    let (bytes, encoding) = encode::press_samples(pixels, size, has_inks).ok_or(ImageFault::Damaged)?;
    Ok(PressVersion { bytes: bytes.into(), facts: PressFacts { encoding, ..facts } })
}

/// Measures inks, 0 is none, or greys, 255 is none.
fn measured(pixels: &[u8], has_inks: bool) -> PressFacts {
    let mut most = [0_u8; 4];
    let (mut ink, mut colours) = (0_u16, 0_u16);
    if has_inks {
        for pixel in pixels.as_chunks::<4>().0 {
            let [cyan, magenta, yellow, black] = pixel.map(u16::from);
            colours = colours.max(cyan + magenta + yellow);
            ink = ink.max(cyan + magenta + yellow + black);
            most.iter_mut().zip(pixel).for_each(|(most, part)| *most = (*most).max(*part));
        }
    } else {
        most[3] = 255 - pixels.iter().copied().min().unwrap_or(255);
        ink = u16::from(most[3]);
    }
    PressFacts { has_inks, encoding: PressEncoding::Deflated, is_inverted: false, ink, colours, most }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn press() -> OutputProfile {
        let profile = include_bytes!("../../layouts/common/print/ISOcoated_v2_300_bas.icc");
        OutputProfile::parse(Bytes::from_static(profile)).unwrap()
    }

    fn source(channels: Channels, size: [u32; 2], pixels: Vec<u8>) -> PressSource<'static> {
        PressSource { size, channels, profile: None, is_photograph: false, pixels }
    }

    /// Undoes the filters of PNG (ISO/IEC 15948 §9.2).
    fn unfiltered(rows: &[u8], row: usize, step: usize) -> Vec<u8> {
        let mut all: Vec<u8> = Vec::new();
        for (at, line) in rows.chunks(row + 1).enumerate() {
            for (x, value) in line[1..].iter().enumerate() {
                let before = |back: bool, up: bool| match (back && x < step, up && at == 0) {
                    (true, _) | (_, true) => 0_u8,
                    _ => all[(at - usize::from(up)) * row + x - if back { step } else { 0 }],
                };
                let (a, b, c) = (before(true, false), before(false, true), before(true, true));
                let [left, above, corner] = [a, b, c].map(i32::from);
                let guess = left + above - corner;
                let nearest =
                    [(left, a), (above, b), (corner, c)].into_iter().min_by_key(|(near, _)| (guess - near).abs()).unwrap();
                let predicted = match line[0] {
                    0 => 0,
                    1 => a,
                    2 => b,
                    3 => u8::try_from(left.midpoint(above)).unwrap(),
                    _ => nearest.1,
                };
                all.push(value.wrapping_add(predicted));
            }
        }
        all
    }

    #[test]
    fn every_encoding_preserves_the_samples() {
        let press = press();
        let size = [61, 40];
        let noise: Vec<u8> = (0_u32..61 * 40 * 4).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let smooth: Vec<u8> = (0..61 * 40 * 4).map(|at| (at / 61 / 4 * 3 + at % 4) as u8).collect();
        let stripes: Vec<u8> = (0..61 * 40 * 4).map(|at| if at % 28 < 12 { 200 } else { 0 }).collect();
        let mut encodings = Vec::new();
        for pixels in [noise, smooth, stripes] {
            let version = press_version(source(Channels::Cmyk, size, pixels.clone()), PressTarget::Inks(&press)).unwrap();
            let mut plain = Vec::new();
            flate2::read::ZlibDecoder::new(&version.bytes[..]).read_to_end(&mut plain).unwrap();
            let filtered = version.facts.encoding == PressEncoding::Filtered;
            assert_eq!(if filtered { unfiltered(&plain, 61 * 4, 4) } else { plain }, pixels);
            assert_eq!(PressVersion::from_stored(&version.to_stored().into()).unwrap(), version);
            encodings.push(version.facts.encoding);
        }
        assert!(encodings.contains(&PressEncoding::Filtered) && encodings.contains(&PressEncoding::Deflated), "{encodings:?}");
    }

    #[test]
    fn photographs_have_no_more_ink_than_the_profile_gives() {
        let press = press();
        assert_eq!(limit_of(&press), 765);
        // Dark noise, for which JPEG compression has large errors.
        let noise = |at: u32| (at.wrapping_mul(2_654_435_761) >> 24) as u8;
        let pixels: Vec<u8> = (0..96 * 96 * 3).map(|at| if noise(at) > 220 { noise(at + 7) } else { noise(at) / 40 }).collect();
        let source = PressSource { is_photograph: true, ..source(Channels::Rgb, [96, 96], pixels.clone()) };
        let version = press_version(source, PressTarget::Inks(&press)).unwrap();
        let inks = press.srgb_link().convert(&pixels);
        let unlimited = encoded(&inks, [96, 96], true, true).unwrap().facts.ink;
        assert!(unlimited > 765 && version.facts.ink <= 765, "{unlimited} {}", version.facts.ink);
        // Lines beside dark red and blue, one pixel wide.
        let lines: Vec<u8> = (0..96 * 96_u32)
            .flat_map(|at| [if at / 96 % 8 == 0 { 200 } else { 0 }, 0, if at % 8 == 0 { 255 } else { 0 }])
            .collect();
        let source = PressSource { is_photograph: true, ..self::source(Channels::Rgb, [96, 96], lines) };
        assert!(press_version(source, PressTarget::Inks(&press)).unwrap().facts.ink <= 765);
        let mut pixel = [200, 200, 200, 200];
        lighten(&mut pixel, 765);
        assert_eq!(pixel, [188, 188, 188, 200]);
    }

    #[test]
    fn greys_are_black_alone_and_colours_have_all_inks_unless_the_target_is_black() {
        let press = press();
        let facts = |pixels: &[u8], target| press_version(source(Channels::Rgb, [2, 1], pixels.to_vec()), target).unwrap().facts;
        let (grey, colour) = ([128, 128, 128, 40, 41, 42], [128, 128, 128, 200, 30, 30]);
        let found = facts(&grey, PressTarget::Inks(&press));
        assert!(!found.has_inks && found.colours == 0 && found.most[3] > 200, "{found:?}");
        let found = facts(&colour, PressTarget::Inks(&press));
        assert!(found.has_inks && found.colours > 300 && found.ink >= found.colours, "{found:?}");
        let found = facts(&colour, PressTarget::Black(&press));
        assert!(!found.has_inks && found.most[..3] == [0; 3] && found.ink == u16::from(found.most[3]), "{found:?}");
        // Pure red of sRGB has a luminosity of 0.2126.
        let found = facts(&[255, 0, 0, 255, 255, 255], PressTarget::Luminosity);
        assert_eq!(255 - found.most[3], 54);
    }
}
