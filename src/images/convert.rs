//! Conversion of pixels into sRGB.
//!
//! Grey and RGB are converted by `moxcms` with 16 bits, relative colorimetric. CMYK is converted by the module `icc`, with black-point
//! compensation, so that the black of the press is that of the screen. CMYK whose press is unknown becomes what a screen would show of
//! inks without any dot gain: R = (1 − C)(1 − K).

use std::sync::{Arc, LazyLock};

use moxcms::{ColorProfile, DataColorSpace, Layout, RenderingIntent, TransformExecutor, TransformOptions};
use rayon::prelude::*;

use super::colour::Colours;
use super::decode::{Depth, Samples};
use crate::icc::{Link, SourceProfile};

/// Number of samples that are converted at once.
const PART: usize = 3 << 14;

/// A conversion of grey or RGB into sRGB.
pub struct ToSrgb {
    executor: Arc<dyn TransformExecutor<u16> + Send + Sync>,
    /// The profile is for RGB.
    takes_rgb: bool,
}

static SRGB: LazyLock<ColorProfile> = LazyLock::new(ColorProfile::new_srgb);

impl ToSrgb {
    /// Prepares a conversion. Returns `None` if the profile is not for grey or RGB, or lacks what a conversion needs.
    pub fn new(profile: &ColorProfile) -> Option<Self> {
        let takes_rgb = match profile.color_space {
            DataColorSpace::Rgb => true,
            DataColorSpace::Gray => false,
            _ => return None,
        };
        let layout = if takes_rgb { Layout::Rgb } else { Layout::Gray };
        let options = TransformOptions {
            rendering_intent: RenderingIntent::RelativeColorimetric,
            prefer_fixed_point: false,
            ..TransformOptions::default()
        };
        let executor = profile.create_transform_16bit(layout, &SRGB, Layout::Rgb, options).ok()?;
        let conversion = Self { executor, takes_rgb };
        // A profile without curves fails only when it is used.
        conversion.convert(&[0; 3][..layout.channels()]).map(|_| conversion)
    }

    /// Returns whether the conversion leaves colours as they are, as far as eight bits show it.
    pub fn is_identity(&self, colours: Colours) -> bool {
        let levels = |step: usize| (0..=u8::MAX).step_by(step);
        let values: Vec<u8> = match colours {
            Colours::Grey if self.takes_rgb => levels(5).flat_map(|grey| [grey; 3]).collect(),
            Colours::Grey => levels(5).collect(),
            _ => levels(51).flat_map(|r| levels(51).flat_map(move |g| levels(51).flat_map(move |b| [r, g, b]))).collect(),
        };
        let Some(converted) = self.convert(&values.iter().copied().map(deep).collect::<Vec<u16>>()) else { return false };
        let same = |(from, to): (&u8, u8)| from.abs_diff(to) <= 2;
        if self.takes_rgb {
            values.iter().zip(converted.into_iter().map(shallow)).all(same)
        } else {
            values.iter().zip(converted.into_iter().step_by(3).map(shallow)).all(same)
        }
    }

    /// Converts samples into RGB.
    fn convert(&self, samples: &[u16]) -> Option<Vec<u16>> {
        let mut rgb = vec![0; if self.takes_rgb { samples.len() } else { samples.len() * 3 }];
        self.executor.transform(samples, &mut rgb).ok()?;
        Some(rgb)
    }

    /// Converts the samples of an image; the result is grey if all of it is. Returns `None` if the profile cannot be used.
    pub fn apply(&self, samples: &Samples) -> Option<(Colours, Vec<u8>)> {
        let size = if samples.colours == Colours::Grey { PART / 3 } else { PART };
        let rgb: Option<Vec<Vec<u8>>> = match &samples.values {
            Depth::Eight(values) => values.par_chunks(size).map(|part| self.part(samples.colours, part.iter().copied().map(deep))).collect(),
            Depth::Sixteen(values) => values.par_chunks(size).map(|part| self.part(samples.colours, part.iter().copied())).collect(),
        };
        let rgb = rgb?.concat();
        let is_grey = samples.colours == Colours::Grey && rgb.as_chunks().0.iter().all(|[r, g, b]| r.max(g).max(b) - r.min(g).min(b) <= 2);
        Some(if is_grey { (Colours::Grey, rgb.into_iter().skip(1).step_by(3).collect()) } else { (Colours::Rgb, rgb) })
    }

    fn part(&self, colours: Colours, samples: impl Iterator<Item = u16>) -> Option<Vec<u8>> {
        let samples: Vec<u16> = match colours {
            Colours::Grey if self.takes_rgb => samples.flat_map(|grey| [grey; 3]).collect(),
            _ => samples.collect(),
        };
        Some(self.convert(&samples)?.into_iter().map(shallow).collect())
    }
}

/// Returns samples with eight bits, as they are.
pub fn eight_bits(samples: Samples) -> Vec<u8> {
    match samples.values {
        Depth::Eight(values) => values,
        Depth::Sixteen(values) => values.into_iter().map(shallow).collect(),
    }
}

fn deep(value: u8) -> u16 {
    u16::from(value) * 257
}

fn shallow(value: u16) -> u8 {
    u8::try_from((u32::from(value) + 128) / 257).unwrap_or(u8::MAX)
}

/// Converts inks, four bytes each, into RGB. Without a profile, inks are taken as ideal.
pub fn inks_to_rgb(inks: &[u8], press: Option<&SourceProfile>) -> Vec<u8> {
    let link = press.map(Link::to_screen);
    let part = |inks: &[u8]| match &link {
        Some(link) => link.convert(inks).as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect::<Vec<u8>>(),
        None => inks.as_chunks::<4>().0.iter().flat_map(ideal).collect(),
    };
    inks.par_chunks(PART / 3 * 4).map(part).collect::<Vec<_>>().concat()
}

fn ideal(&[c, m, y, k]: &[u8; 4]) -> [u8; 3] {
    [c, m, y].map(|ink| {
        let light = u32::from(255 - ink) * u32::from(255 - k);
        u8::try_from((light + 127) / 255).unwrap_or_default()
    })
}
