//! Profiles embedded in images: from device values to the connection space.

use moxcms::{ColorProfile, DataColorSpace, ProfileClass};

use super::ProfileFault;
use super::black::roundtrip_black;
use super::lab::{D50, Lab, Xyz};
use super::table::{Curve, LookupTable, MAX_CHANNELS, PcsCoding, single};
use crate::disk::Digest;

/// The channels of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channels {
    /// One: grey, 0 is black.
    Gray,
    /// Three: red, green and blue.
    Rgb,
    /// Four: cyan, magenta, yellow and black, 0 is no ink.
    Cmyk,
}

impl Channels {
    /// Returns the number of values of a pixel.
    pub fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }
}

#[derive(Debug)]
enum Model {
    Srgb,
    Gray(Curve),
    Matrix([Curve; 3], [[f32; 3]; 3]),
    Table(LookupTable, PcsCoding),
}

/// A profile of pixels: any device whose values are grey, RGB or CMYK.
#[derive(Debug)]
pub struct SourceProfile {
    channels: Channels,
    model: Model,
    /// The darkest colour, for black-point compensation.
    black: [f32; 3],
    digest: Option<Digest>,
}

impl SourceProfile {
    /// Returns sRGB (IEC 61966-2-1).
    pub fn srgb() -> Self {
        Self { channels: Channels::Rgb, model: Model::Srgb, black: [0.0; 3], digest: None }
    }

    /// Parses an embedded profile.
    ///
    /// # Errors
    ///
    /// Fails if the bytes are not a device profile with one, three or four channels, or if the profile has no transform to the
    /// connection space.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProfileFault> {
        let profile = ColorProfile::new_from_slice(bytes).map_err(|_| ProfileFault::Damaged)?;
        let channels = match profile.color_space {
            DataColorSpace::Gray => Channels::Gray,
            DataColorSpace::Rgb => Channels::Rgb,
            DataColorSpace::Cmyk => Channels::Cmyk,
            _ => return Err(ProfileFault::Colours("of another kind")),
        };
        let xyz = profile.pcs == DataColorSpace::Xyz;
        let table = profile.lut_a_to_b_colorimetric.as_ref().or(profile.lut_a_to_b_perceptual.as_ref());
        let model = match (table, channels) {
            (Some(table), _) => {
                let table = LookupTable::new(table, true, xyz)?;
                if table.inputs != channels.count() || table.outputs != 3 {
                    return Err(ProfileFault::Damaged);
                }
                let coding = coding(&table, xyz);
                Model::Table(table, coding)
            }
            (None, Channels::Gray) => Model::Gray(Curve::new(profile.gray_trc.as_ref().ok_or(ProfileFault::Table("kTRC"))?)?),
            (None, Channels::Rgb) => matrix(&profile)?,
            (None, Channels::Cmyk) => return Err(ProfileFault::Table("A2B1")),
        };
        let mut source = Self { channels, model, black: [0.0; 3], digest: Some(Digest::of(bytes)) };
        source.black = match roundtrip_black(&profile) {
            Some(black) if channels == Channels::Cmyk && profile.profile_class == ProfileClass::OutputDevice => black.xyz().0,
            _ => source.darkest().xyz().0,
        };
        Ok(source)
    }

    /// Returns the channels of a pixel.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Returns the digest of the parsed bytes, or `None` for the built-in sRGB profile.
    pub fn digest(&self) -> Option<Digest> {
        self.digest
    }

    /// Returns whether the profile has the colours or greys of sRGB, with a tolerance for the differences between sRGB profiles.
    pub fn is_srgb(&self) -> bool {
        let probes = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.5, 0.5, 0.5], [0.2, 0.6, 0.9], [0.1, 0.1, 0.1]];
        let same = |values: [f32; 4], rgb: [f32; 3]| self.xyz(values).lab().difference(Lab::of_srgb(rgb)) < 0.6;
        match self.channels {
            Channels::Rgb => probes.iter().all(|&[r, g, b]| same([r, g, b, 0.0], [r, g, b])),
            Channels::Gray => [0.1, 0.3, 0.5, 0.8, 1.0].iter().all(|&g| same([g, 0.0, 0.0, 0.0], [g; 3])),
            Channels::Cmyk => false,
        }
    }

    /// Returns the colour of values from 0 to 1.
    pub fn lab(&self, values: [f32; MAX_CHANNELS]) -> Lab {
        self.xyz(values).lab()
    }

    pub(super) fn black(&self) -> [f32; 3] {
        self.black
    }

    pub(super) fn xyz(&self, values: [f32; MAX_CHANNELS]) -> Xyz {
        let [p, q, r, _] = values;
        match &self.model {
            Model::Srgb => Xyz::of_srgb([p, q, r]),
            Model::Gray(curve) => Xyz(D50.map(|white| white * curve.at(p))),
            Model::Matrix(curves, rows) => {
                let light = [curves[0].at(p), curves[1].at(q), curves[2].at(r)];
                Xyz(rows.map(|row| row[0] * light[0] + row[1] * light[1] + row[2] * light[2]))
            }
            Model::Table(table, coding) => {
                let [p, q, r, _] = table.at(values);
                coding.decode([p, q, r])
            }
        }
    }

    /// Returns the darkest neutral of the device: its darkest colour without its hue, no lighter than L* 50 (ISO 18619 §4.1).
    fn darkest(&self) -> Lab {
        let values = if self.channels == Channels::Cmyk { [1.0; MAX_CHANNELS] } else { [0.0; MAX_CHANNELS] };
        Lab { l: self.xyz(values).lab().l.clamp(0.0, 50.0), a: 0.0, b: 0.0 }
    }
}

fn matrix(profile: &ColorProfile) -> Result<Model, ProfileFault> {
    let curve = |curve: &Option<_>| Curve::new(curve.as_ref().ok_or(ProfileFault::Table("rTRC"))?);
    let curves = [curve(&profile.red_trc)?, curve(&profile.green_trc)?, curve(&profile.blue_trc)?];
    let (red, green, blue) = (&profile.red_colorant, &profile.green_colorant, &profile.blue_colorant);
    let rows = [[red.x, green.x, blue.x], [red.y, green.y, blue.y], [red.z, green.z, blue.z]].map(|row| row.map(single));
    if rows[1].iter().sum::<f32>() < 0.1 {
        return Err(ProfileFault::Damaged);
    }
    Ok(Model::Matrix(curves, rows))
}

pub(super) fn coding(table: &LookupTable, xyz: bool) -> PcsCoding {
    match (xyz, table.old) {
        (true, _) => PcsCoding::Xyz,
        (false, true) => PcsCoding::OldLab,
        (false, false) => PcsCoding::Lab,
    }
}
