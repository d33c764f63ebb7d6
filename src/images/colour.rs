//! Decides whether screens can use the colours of a file unchanged.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, DataColorSpace, MatrixCoefficients,
    ProfileClass, ToneReprCurve, TransferCharacteristics, XyY,
};

use super::container::{Embedded, MAX_PROFILE, head};
use super::convert::ToSrgb;
use crate::icc::{Channels, SourceProfile};

/// How a file can be used on screens.
#[derive(Clone, Debug)]
pub enum ScreenUse {
    /// Unchanged.
    AsIs,
    /// Without its colour description, which is wrong; the colours are treated as sRGB.
    WithoutProfile,
    /// Its pixels are converted.
    Converted(SourceSpace),
}

/// The source colour space of a conversion.
#[derive(Clone, Debug)]
pub enum SourceSpace {
    /// sRGB: only the encoding changes.
    Srgb,
    /// The colour space of the file, with its profile: only the orientation changes.
    Same(Option<Bytes>),
    /// A profile for grey or RGB.
    Profile(Arc<ColorProfile>),
    /// A CMYK profile embedded in the file.
    Press(Arc<SourceProfile>),
    /// CMYK without a profile.
    Inks,
}

/// A fault in the colour description of a file. The image is used, but its colours may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourFault {
    /// The profile is damaged.
    Damaged,
    /// The profile is too large.
    TooLarge,
    /// The profile does not describe a device, but a conversion or named colours.
    NoDevice,
    /// The profile is for another colour space than that of the pixels; the text names it.
    Other(&'static str),
    /// The colours are for HDR: their transfer function is PQ or HLG.
    Hdr,
    /// The file does not state whether 0 is no ink or full ink.
    Polarity,
}

impl fmt::Display for ColourFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("has a damaged colour profile"),
            Self::TooLarge => write!(f, "has a colour profile of more than {} MiB", MAX_PROFILE >> 20),
            Self::NoDevice => f.write_str("has a colour profile that describes no device"),
            Self::Other(colours) => write!(f, "has a colour profile for {colours}, which its pixels are not"),
            Self::Hdr => f.write_str("has colours for HDR, which neither a PDF nor an EPUB shows"),
            Self::Polarity => f.write_str("is CMYK without the Adobe marker, so it is unknown whether 0 is full ink or none"),
        }
    }
}

impl ColourFault {
    /// Returns the description of the fallback.
    pub fn consequence(self, colours: Channels) -> &'static str {
        match (self, colours) {
            (Self::Polarity, _) => "0 is taken as no ink",
            (_, Channels::Cmyk) => "its inks are taken as if it had none",
            _ => "its colours are taken as sRGB",
        }
    }
}

/// Decides how a file with these colours can be used. `deep` states whether it has more than 8 bits per channel.
pub fn screen_use(colours: Channels, deep: bool, embedded: Embedded) -> (ScreenUse, Option<ColourFault>) {
    let profile = match embedded {
        Embedded::None => None,
        Embedded::Whole(bytes) => Some(Profile::read(bytes)),
        Embedded::Damaged => Some(Err(ColourFault::Damaged)),
        Embedded::TooLarge => Some(Err(ColourFault::TooLarge)),
    };
    if colours == Channels::Cmyk {
        let (source, fault) = match profile {
            None => (SourceSpace::Inks, None),
            Some(Ok(profile)) if profile.colours == Some(Channels::Cmyk) => match SourceProfile::parse(&profile.bytes) {
                Ok(press) => (SourceSpace::Press(Arc::new(press)), None),
                Err(_) => (SourceSpace::Inks, Some(ColourFault::Damaged)),
            },
            Some(Ok(profile)) => (SourceSpace::Inks, Some(ColourFault::Other(profile.name()))),
            Some(Err(fault)) => (SourceSpace::Inks, Some(fault)),
        };
        return (ScreenUse::Converted(source), fault);
    }
    match profile {
        None => (ScreenUse::AsIs, None),
        Some(Ok(profile)) => profile.screen_use(colours, deep),
        Some(Err(fault)) => (ScreenUse::WithoutProfile, Some(fault)),
    }
}

/// A profile that can be applied.
struct Profile {
    bytes: Bytes,
    colours: Option<Channels>,
    parsed: ColorProfile,
    /// Whether Typst embeds its version in PDF 1.7: up to 2.2, and 4.0 to 4.2.
    fits_pdf: bool,
}

/// Size of the header of a profile, with the number of its tags (ICC.1 §7.2).
const HEADER: usize = 132;

impl Profile {
    fn read(bytes: Bytes) -> Result<Self, ColourFault> {
        let number = |at: usize| Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk::<4>()?) as usize);
        let header = (number(0), number(128), bytes.get(36..40), bytes.get(8..10));
        let (Some(size), Some(tags), Some(b"acsp"), Some(&[major, minor])) = header else { return Err(ColourFault::Damaged) };
        let in_bounds = |tag: usize| {
            let at = HEADER + tag * 12;
            let end = number(at + 4).zip(number(at + 8)).and_then(|(start, length)| start.checked_add(length));
            end.is_some_and(|end| end <= bytes.len())
        };
        if !(HEADER..=bytes.len()).contains(&size) || tags > 1000 || !(0..tags).all(in_bounds) {
            return Err(ColourFault::Damaged);
        }
        let parsed = ColorProfile::new_from_slice(&bytes).map_err(|_| ColourFault::Damaged)?;
        if matches!(parsed.profile_class, ProfileClass::DeviceLink | ProfileClass::Abstract | ProfileClass::Named) {
            return Err(match parsed.color_space {
                DataColorSpace::Lab => ColourFault::Other("Lab"),
                _ => ColourFault::NoDevice,
            });
        }
        if parsed.cicp.is_some_and(|cicp| is_hdr(cicp.transfer_characteristics as u8)) {
            return Err(ColourFault::Hdr);
        }
        let colours = match parsed.color_space {
            DataColorSpace::Gray => Some(Channels::Gray),
            DataColorSpace::Rgb => Some(Channels::Rgb),
            DataColorSpace::Cmyk => Some(Channels::Cmyk),
            _ => None,
        };
        let fits_pdf = major <= 4 && minor >> 4 <= 2;
        Ok(Self { bytes, colours, parsed, fits_pdf })
    }

    fn screen_use(self, colours: Channels, deep: bool) -> (ScreenUse, Option<ColourFault>) {
        let name = self.name();
        let fits = self.colours == Some(colours);
        // Grey pixels can be read as RGB, but not the reverse.
        let fits_as_rgb = colours == Channels::Gray && self.colours == Some(Channels::Rgb);
        if !fits && !fits_as_rgb {
            return (ScreenUse::WithoutProfile, Some(ColourFault::Other(name)));
        }
        let Some(conversion) = ToSrgb::new(&self.parsed) else {
            return (ScreenUse::WithoutProfile, Some(ColourFault::Damaged));
        };
        // Typst drops a profile if the image has more than 8 bits per channel, or if the profile has a version that PDF 1.7 does
        // not know or is for other colours.
        if fits && self.fits_pdf && !deep || conversion.is_identity(colours) {
            return (ScreenUse::AsIs, None);
        }
        (ScreenUse::Converted(SourceSpace::Profile(Arc::new(self.parsed))), None)
    }

    fn name(&self) -> &'static str {
        match self.parsed.color_space {
            DataColorSpace::Gray => "grey",
            DataColorSpace::Rgb => "RGB",
            DataColorSpace::Cmyk => "CMYK",
            DataColorSpace::Lab => "Lab",
            DataColorSpace::Xyz => "XYZ",
            _ => "other colours",
        }
    }
}

/// Decides how a PNG can be used. The chunks that describe its colours take precedence in this order: `cICP`, `iCCP`, `sRGB`,
/// `gAMA` with `cHRM` (PNG 3rd edition §4.3).
pub fn png_use(bytes: &[u8], colours: Channels, deep: bool, embedded: Embedded) -> (ScreenUse, Option<ColourFault>) {
    let data = |name: &[u8; 4]| head(bytes).find(|chunk| chunk.name == *name).map(|chunk| chunk.data);
    let own = match (data(b"cICP"), &embedded) {
        (Some(&[primaries, transfer, 0, _]), _) => code_points(primaries, transfer),
        (_, Embedded::None) if data(b"sRGB").is_none() => {
            Ok(data(b"gAMA").and_then(|gamma| of_gamma(gamma, data(b"cHRM"), colours)))
        }
        _ => return screen_use(colours, deep, embedded),
    };
    match own {
        Err(fault) => (ScreenUse::WithoutProfile, Some(fault)),
        Ok(Some(profile)) if ToSrgb::new(&profile).is_some_and(|conversion| !conversion.is_identity(colours)) => {
            (ScreenUse::Converted(SourceSpace::Profile(Arc::new(profile))), None)
        }
        Ok(_) => screen_use(colours, deep, embedded),
    }
}

/// Returns whether a transfer function is for HDR: PQ or HLG (ITU-T H.273, table 3).
fn is_hdr(transfer: u8) -> bool {
    matches!(transfer, 16 | 18)
}

/// Returns the profile of coding-independent code points (ITU-T H.273).
fn code_points(primaries: u8, transfer: u8) -> Result<Option<ColorProfile>, ColourFault> {
    let (Ok(color_primaries), Ok(transfer_characteristics)) =
        (CicpColorPrimaries::try_from(primaries), TransferCharacteristics::try_from(transfer))
    else {
        return Ok(None);
    };
    if is_hdr(transfer) {
        return Err(ColourFault::Hdr);
    }
    let matrix_coefficients = MatrixCoefficients::Identity;
    Ok(Some(ColorProfile::new_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics,
        matrix_coefficients,
        full_range: true,
    })))
}

/// Returns the profile of a gamma and of primaries, in 100,000ths; `None` if they match sRGB.
fn of_gamma(gamma: &[u8], primaries: Option<&[u8]>, colours: Channels) -> Option<ColorProfile> {
    let gamma = u32::from_be_bytes(*gamma.first_chunk::<4>()?);
    let values: Vec<u32> = primaries.unwrap_or_default().as_chunks().0.iter().map(|bytes| u32::from_be_bytes(*bytes)).collect();
    let usual = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000];
    let known = values.len() == usual.len() && values.iter().all(|value| *value < 100_000);
    let as_srgb = !known || values.iter().zip(usual).all(|(value, usual)| value.abs_diff(usual) <= 1_000);
    // The tolerance of libpng: 5 % is not visible.
    if gamma == 0 || gamma > 1_000_000 || gamma.abs_diff(45_455) <= 45_455 / 20 && (as_srgb || colours == Channels::Gray) {
        return None;
    }
    let exponent = 100_000.0 / single(gamma);
    if colours == Channels::Gray {
        return Some(ColorProfile::new_gray_with_gamma(exponent));
    }
    let mut profile = ColorProfile::new_srgb();
    profile.cicp = None;
    let curve = ToneReprCurve::Parametric(vec![exponent]);
    (profile.red_trc, profile.green_trc, profile.blue_trc) = (Some(curve.clone()), Some(curve.clone()), Some(curve));
    if let (false, &[wx, wy, rx, ry, gx, gy, bx, by]) = (as_srgb, values.as_slice()) {
        let place = |x: u32, y: u32| Chromaticity { x: single(x) / 100_000.0, y: single(y) / 100_000.0 };
        let white = place(wx, wy);
        if wy == 0 || ry == 0 || gy == 0 || by == 0 {
            return None;
        }
        profile.update_rgb_colorimetry(
            XyY { x: f64::from(white.x), y: f64::from(white.y), yb: 1.0 },
            ColorPrimaries { red: place(rx, ry), green: place(gx, gy), blue: place(bx, by) },
        );
    }
    Some(profile)
}

#[allow(clippy::cast_precision_loss, reason = "at most a million")]
fn single(value: u32) -> f32 {
    value as f32
}
