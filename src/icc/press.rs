//! The profile of a press.

use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use moxcms::{ColorProfile, DataColorSpace, ProfileClass, ProfileText, ProfileVersion};

use super::black::{Compensation, PressTables, destination_black, roundtrip_black};
use super::lab::{Lab, Xyz};
use super::source::coding;
use super::table::{LookupTable, PcsCoding};
use super::{Channels, DeviceLink, ProfileFault, SourceProfile};
use crate::disk::Digest;

/// The profile of a press with four process inks, and the conversions into its colours.
pub struct OutputProfile {
    bytes: Bytes,
    digest: Digest,
    name: String,
    condition: Option<&'static str>,
    version: &'static str,
    to_space: (LookupTable, PcsCoding),
    from_space: (LookupTable, PcsCoding),
    black: [f32; 3],
    black_ramp: [f32; 256],
    srgb: OnceLock<Arc<DeviceLink>>,
}

impl OutputProfile {
    /// Parses the profile of a press.
    ///
    /// # Errors
    ///
    /// Fails if the profile is damaged, lacks a table, or is not of a press with CMYK inks.
    pub fn parse(bytes: Bytes) -> Result<Self, ProfileFault> {
        let profile = ColorProfile::new_from_slice(&bytes).map_err(|_| ProfileFault::Damaged)?;
        if profile.profile_class != ProfileClass::OutputDevice {
            return Err(ProfileFault::Class(class(profile.profile_class)));
        }
        if profile.color_space != DataColorSpace::Cmyk {
            return Err(ProfileFault::Colours(colours(profile.color_space)));
        }
        let xyz = profile.pcs == DataColorSpace::Xyz;
        let there = profile.lut_a_to_b_colorimetric.as_ref().or(profile.lut_a_to_b_perceptual.as_ref());
        let back = profile.lut_b_to_a_colorimetric.as_ref().or(profile.lut_b_to_a_perceptual.as_ref());
        let there = LookupTable::new(there.ok_or(ProfileFault::Table("A2B1"))?, true, xyz)?;
        let back = LookupTable::new(back.ok_or(ProfileFault::Table("B2A1"))?, false, xyz)?;
        if (there.inputs, there.outputs, back.inputs, back.outputs) != (4, 3, 3, 4) {
            return Err(ProfileFault::Damaged);
        }
        let (there_coding, back_coding) = (coding(&there, xyz), coding(&back, xyz));
        let darkest = roundtrip_black(&profile).unwrap_or_default();
        let press = PressTables { there: (&there, there_coding), back: (&back, back_coding) };
        let black = destination_black(&press, darkest).xyz().0;
        let mut parsed = Self {
            digest: Digest::of(&bytes),
            name: description(profile.description.as_ref()).unwrap_or_else(|| "CMYK".to_owned()),
            condition: None,
            version: version(profile.version()),
            to_space: (there, there_coding),
            from_space: (back, back_coding),
            black,
            black_ramp: [0.0; 256],
            srgb: OnceLock::new(),
            bytes,
        };
        let target = description(profile.char_target.as_ref()).unwrap_or_default();
        parsed.condition = condition(&parsed.name).or_else(|| condition(target.get(..target.len().min(400)).unwrap_or_default()));
        parsed.black_ramp = parsed.ramp();
        Ok(parsed)
    }

    /// Returns the description in the profile: `ISO Coated v2 300% (basICColor)`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the bytes of the profile.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the digest of the bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns the version of the ICC specification: `2.4`.
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// Returns the printing condition, with its name in the ICC characterisation data registry, if the name of the profile
    /// implies it: `FOGRA39`.
    pub fn condition(&self) -> Option<&'static str> {
        self.condition
    }

    /// Returns the ink, 0 to 1, of sRGB values from 0 to 1, by the exact path. Greys use all four inks; for black ink
    /// alone, see [`Self::black_of`].
    pub fn ink_of(&self, rgb: [f32; 3]) -> [f32; 4] {
        self.ink(Compensation::new([0.0; 3], self.black).apply(Xyz::of_srgb(rgb)))
    }

    /// Returns the ink of a colour. The source black point is L* 0.
    pub fn ink_of_lab(&self, lab: Lab) -> [f32; 4] {
        self.ink(Compensation::new([0.0; 3], self.black).apply(lab.xyz()))
    }

    /// Returns the ink of values from 0 to 1 of a source, by the exact path.
    pub fn ink_from(&self, source: &SourceProfile, values: [f32; 4]) -> [f32; 4] {
        self.ink(Compensation::new(source.black(), self.black).apply(source.xyz(values)))
    }

    /// Returns the amount of black ink, 0 to 1, whose lightness relative to the paper is that of an sRGB grey relative to white:
    /// 0.62 for 128.
    pub fn black_of(&self, grey: u8) -> f32 {
        self.black_ramp[usize::from(grey)]
    }

    /// Returns the black ink of the sRGB greys 0 to 255.
    pub fn k_curve(&self) -> &[f32; 256] {
        &self.black_ramp
    }

    /// Returns the amount of black ink that has the lightness of a colour.
    pub fn black_of_lab(&self, lab: Lab) -> f32 {
        let y = lab.xyz().0[1].clamp(0.0, 1.0);
        // The sRGB grey of the same luminance.
        let grey = if y <= 0.003_130_8 { y * 12.92 } else { 1.055 * y.powf(1.0 / 2.4) - 0.055 };
        let (low, share) = super::table::split(grey, 256);
        let at = |place: usize| self.black_ramp.get(place).copied().unwrap_or_default();
        at(low) + share * (at((low + 1).min(255)) - at(low))
    }

    /// Returns the colour of ink on the paper, relative to the paper.
    pub fn lab(&self, ink: [f32; 4]) -> Lab {
        self.xyz(ink).lab()
    }

    /// Returns the conversion of sRGB pixels.
    pub fn srgb_link(&self) -> Arc<DeviceLink> {
        Arc::clone(self.srgb.get_or_init(|| Arc::new(DeviceLink::new(self, &SourceProfile::srgb()))))
    }

    /// Returns the conversion of pixels with another profile than sRGB.
    pub fn link(&self, source: &SourceProfile) -> Arc<DeviceLink> {
        if source.is_srgb() && source.channels() == Channels::Rgb {
            self.srgb_link()
        } else {
            Arc::new(DeviceLink::new(self, source))
        }
    }

    fn ink(&self, xyz: Xyz) -> [f32; 4] {
        let (table, coding) = &self.from_space;
        let [p, q, r] = coding.encode(xyz);
        table.at([p, q, r, 0.0])
    }

    fn xyz(&self, ink: [f32; 4]) -> Xyz {
        let (table, coding) = &self.to_space;
        let [p, q, r, _] = table.at(ink);
        coding.decode([p, q, r])
    }

    /// Scales the luminance of each sRGB grey to the range from paper to solid black ink.
    fn ramp(&self) -> [f32; 256] {
        const STEPS: u16 = 1024;
        let luminance = |k: f32| self.xyz([0.0, 0.0, 0.0, k]).0[1];
        let mut light: Vec<(f32, f32)> = Vec::new();
        let mut least = f32::MAX;
        for step in 0..=STEPS {
            let k = f32::from(step) / f32::from(STEPS);
            least = least.min(luminance(k));
            light.push((k, least));
        }
        let paper = light.first().map_or(1.0, |(_, y)| *y);
        let mut ramp = [0.0; 256];
        for (grey, k) in (0..=255_u8).zip(ramp.iter_mut()) {
            let value = f32::from(grey) / 255.0;
            let wanted = least + (paper - least) * Xyz::of_srgb([value; 3]).0[1];
            let above = light.partition_point(|(_, y)| *y > wanted);
            let (Some(&(k1, y1)), Some(&(k0, y0))) = (light.get(above), light.get(above.saturating_sub(1))) else {
                *k = 1.0;
                continue;
            };
            *k = if y0 > y1 { k0 + (k1 - k0) * (y0 - wanted) / (y0 - y1) } else { k1 };
        }
        ramp[255] = 0.0;
        ramp[0] = 1.0;
        ramp
    }
}

impl fmt::Debug for OutputProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputProfile").field("name", &self.name).field("digest", &self.digest).finish_non_exhaustive()
    }
}

fn class(class: ProfileClass) -> &'static str {
    match class {
        ProfileClass::InputDevice => "scanner or camera",
        ProfileClass::DisplayDevice => "display",
        ProfileClass::OutputDevice => "press",
        ProfileClass::DeviceLink => "link between two devices",
        ProfileClass::ColorSpace => "colour space",
        ProfileClass::Abstract => "change of colours",
        ProfileClass::Named => "set of named colours",
    }
}

fn colours(space: DataColorSpace) -> &'static str {
    match space {
        DataColorSpace::Rgb => "RGB",
        DataColorSpace::Gray => "grey",
        DataColorSpace::Lab => "L*a*b*",
        DataColorSpace::Cmy => "CMY without black",
        _ => "of more or fewer inks",
    }
}

fn version(version: ProfileVersion) -> &'static str {
    match version {
        ProfileVersion::V2_0 => "2.0",
        ProfileVersion::V2_1 => "2.1",
        ProfileVersion::V2_2 => "2.2",
        ProfileVersion::V2_3 => "2.3",
        ProfileVersion::V2_4 => "2.4",
        ProfileVersion::V4_0 => "4.0",
        ProfileVersion::V4_1 => "4.1",
        ProfileVersion::V4_2 => "4.2",
        ProfileVersion::V4_3 => "4.3",
        ProfileVersion::V4_4 => "4.4",
        ProfileVersion::Unknown => "unknown",
    }
}

fn description(text: Option<&ProfileText>) -> Option<String> {
    let text = match text? {
        ProfileText::PlainString(text) => text,
        ProfileText::Localizable(texts) => &texts.iter().find(|text| text.language == "en").or_else(|| texts.first())?.value,
        ProfileText::Description(text) if text.ascii_string.is_empty() => &text.unicode_string,
        ProfileText::Description(text) => &text.ascii_string,
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}

/// The printing conditions of common European and American profiles, by a part of the profile name. The first match is used.
const CONDITIONS: [(&str, &str); 24] = [
    ("fogra27", "FOGRA27"),
    ("fogra29", "FOGRA29"),
    ("fogra39", "FOGRA39"),
    ("fogra47", "FOGRA47"),
    ("fogra51", "FOGRA51"),
    ("fogra52", "FOGRA52"),
    ("fogra53", "FOGRA53"),
    ("iso coated v2", "FOGRA39"),
    ("isocoated_v2", "FOGRA39"),
    ("pso coated v3", "FOGRA51"),
    ("psocoated_v3", "FOGRA51"),
    ("pso uncoated v3", "FOGRA52"),
    ("psouncoated_v3", "FOGRA52"),
    ("pso uncoated iso12647", "FOGRA47"),
    ("pso lwc improved", "FOGRA45"),
    ("pso lwc standard", "FOGRA46"),
    ("iso uncoated", "FOGRA29"),
    ("isonewspaper", "IFRA26"),
    ("gracol2006", "CGATS TR 006"),
    ("gracol2013", "CGATS21-2-CRPC6"),
    ("swop2006_coated3", "CGATS TR 003"),
    ("swop2006_coated5", "CGATS TR 005"),
    ("web coated (swop)", "CGATS TR 001"),
    ("japan color 2011", "JC201103"),
];

fn condition(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    CONDITIONS.iter().find(|(part, _)| name.contains(part)).map(|(_, condition)| *condition)
}
