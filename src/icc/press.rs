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
    condition: Option<String>,
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
        let to_space = profile.lut_a_to_b_colorimetric.as_ref().or(profile.lut_a_to_b_perceptual.as_ref());
        let from_space = profile.lut_b_to_a_colorimetric.as_ref().or(profile.lut_b_to_a_perceptual.as_ref());
        let to_space = LookupTable::new(to_space.ok_or(ProfileFault::Table("A2B1"))?, true, xyz)?;
        let from_space = LookupTable::new(from_space.ok_or(ProfileFault::Table("B2A1"))?, false, xyz)?;
        if (to_space.inputs, to_space.outputs, from_space.inputs, from_space.outputs) != (4, 3, 3, 4) {
            return Err(ProfileFault::Damaged);
        }
        let (to_space_coding, from_space_coding) = (coding(&to_space, xyz), coding(&from_space, xyz));
        let darkest = roundtrip_black(&profile).unwrap_or_default();
        let press = PressTables { to_space: (&to_space, to_space_coding), from_space: (&from_space, from_space_coding) };
        let black = destination_black(&press, darkest).xyz().0;
        let mut parsed = Self {
            digest: Digest::of(&bytes),
            name: description(profile.description.as_ref()).unwrap_or_else(|| "CMYK".to_owned()),
            condition: None,
            version: version(profile.version()),
            to_space: (to_space, to_space_coding),
            from_space: (from_space, from_space_coding),
            black,
            black_ramp: [0.0; 256],
            srgb: OnceLock::new(),
            bytes,
        };
        let target = description(profile.char_target.as_ref()).unwrap_or_default();
        parsed.condition = registered(&target).or_else(|| known(&parsed.name)).map(str::to_owned);
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

    /// Returns the printing condition, with its name in the ICC characterisation data registry: `FOGRA39`. `None` if the profile
    /// does not name a registered condition, and is not one of the profiles that are published for one.
    pub fn condition(&self) -> Option<&str> {
        self.condition.as_deref()
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

    /// Returns the conversion of pixels with a profile.
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

    /// Returns the amount of black ink of each sRGB grey, whose luminance is scaled to the range from paper to solid black ink.
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

/// Returns the registered condition that a characterization target names (ICC.1:2022 §9.2.14): the text is then `ICCHDAT`, a
/// space, and the reference name in the registry of the ICC. Other targets are measurements.
fn registered(target: &str) -> Option<&str> {
    let name = target.strip_prefix("ICCHDAT ")?.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!name.is_empty() && name.len() <= MAX_NAME && name.chars().all(|c| c.is_ascii_graphic() || c == ' ')).then_some(name)
}

/// Maximum length of the name of a condition in bytes.
const MAX_NAME: usize = 60;

/// Profiles that are published for a registered condition, by their full descriptions in lower case, with the reference names of
/// the conditions in the registry of the ICC. A profile whose description only contains such a name may describe another press.
const PUBLISHED: [(&str, &str); 42] = [
    ("coated fogra27 (iso 12647-2:2004)", "FOGRA27"),
    ("coated fogra39 (iso 12647-2:2004)", "FOGRA39"),
    ("coated gracol 2006 (iso 12647-2:2004)", "CGATS TR 006"),
    ("fogra39l coated", "FOGRA39"),
    ("gracol2006_coated1v2", "CGATS TR 006"),
    ("gracol2006_coated1v2.icc", "CGATS TR 006"),
    ("gracol2013_crpc6", "CGATS21-2-CRPC6"),
    ("gracol2013_crpc6.icc", "CGATS21-2-CRPC6"),
    ("gracol2013uncoated_crpc3.icc", "CGATS21-2-CRPC3"),
    ("iso coated (eci)", "FOGRA27"),
    ("iso coated v2 (basiccolor)", "FOGRA39"),
    ("iso coated v2 (eci)", "FOGRA39"),
    ("iso coated v2 300% (basiccolor)", "FOGRA39"),
    ("iso coated v2 300% (eci)", "FOGRA39"),
    ("iso uncoated yellowish", "FOGRA30"),
    ("isonewspaper26v4", "IFRA26"),
    ("japan color 2001 coated", "JC200103"),
    ("japan color 2001 uncoated", "JC200104"),
    ("japan color 2011 coated", "JC201103"),
    ("pso coated 300% npscreen iso12647 (eci)", "FOGRA43"),
    ("pso coated npscreen iso12647 (eci)", "FOGRA43"),
    ("pso coated v3", "FOGRA51"),
    ("pso coated v3 (fogra51)", "FOGRA51"),
    ("pso lwc improved (eci)", "FOGRA45"),
    ("pso lwc standard (eci)", "FOGRA46"),
    ("pso mfc paper (eci)", "FOGRA41"),
    ("pso snp paper (eci)", "FOGRA42"),
    ("pso uncoated iso12647 (eci)", "FOGRA47"),
    ("pso uncoated npscreen iso12647 (eci)", "FOGRA44"),
    ("pso uncoated v3 (fogra52)", "FOGRA52"),
    ("psocoated_v3", "FOGRA51"),
    ("psouncoated_v3_fogra52", "FOGRA52"),
    ("sc paper (eci)", "FOGRA40"),
    ("swop2006_coated3v2", "CGATS TR 003"),
    ("swop2006_coated3v2.icc", "CGATS TR 003"),
    ("swop2006_coated5v2", "CGATS TR 005"),
    ("swop2006_coated5v2.icc", "CGATS TR 005"),
    ("swop2013c3_crpc5.icc", "CGATS21-2-CRPC5"),
    ("u.s. web coated (swop) v2", "CGATS TR 001"),
    ("uncoated fogra29 (iso 12647-2:2004)", "FOGRA29"),
    ("web coated fogra28 (iso 12647-2:2004)", "FOGRA28"),
    ("web coated swop 2006 grade 3 paper", "CGATS TR 003"),
];

/// Returns the condition of a published profile, by its full description.
fn known(name: &str) -> Option<&'static str> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    PUBLISHED.iter().find(|(published, _)| *published == name).map(|(_, condition)| *condition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_published_profiles_and_registered_targets_name_a_condition() {
        for (name, condition) in [
            ("ISO Coated v2 300% (basICColor)", Some("FOGRA39")),
            ("PSO Uncoated v3 (FOGRA52)", Some("FOGRA52")),
            ("U.S. Web Coated (SWOP) v2", Some("CGATS TR 001")),
            ("Our press, adapted from FOGRA39", None),
            ("ISO Coated v2 300% (ECI), 280 %", None),
            ("", None),
        ] {
            assert_eq!(known(name), condition, "{name}");
        }
        for (target, condition) in [
            ("ICCHDAT FOGRA51\0", Some("FOGRA51")),
            ("ICCHDAT CGATS TR 006", Some("CGATS TR 006")),
            ("ICCHDAT ", None),
            ("ICCHDAT FOGRA51\nBEGIN_DATA", None),
            ("BEGIN_DATA_FORMAT\n\tCMYK_C\tFOGRA39", None),
        ] {
            assert_eq!(registered(target), condition, "{target}");
        }
        assert!(PUBLISHED.is_sorted() && PUBLISHED.iter().all(|(name, _)| name.to_lowercase() == *name));
    }
}
