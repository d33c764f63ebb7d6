//! Converts pixels into sRGB.
//!
//! Grey and RGB are converted by `moxcms` with 16 bits per channel and the relative colorimetric intent. CMYK is converted by the
//! module `icc`, with black-point compensation, which maps the black of the press to the black of the screen. CMYK of an unknown
//! press is treated as ideal inks without dot gain: R = (1 − C)(1 − K).

use std::sync::{Arc, LazyLock};

use moxcms::{ColorProfile, DataColorSpace, Layout, RenderingIntent, TransformExecutor, TransformOptions};
use rayon::prelude::*;

use super::decode::{Depth, Samples};
use crate::icc::{Channels, DeviceLink, SourceProfile};

/// Number of pixels that are converted at once.
const PART: usize = 1 << 14;

/// A conversion of grey or RGB into sRGB.
pub struct ToSrgb {
    executor: Arc<dyn TransformExecutor<u16> + Send + Sync>,
    /// Whether the profile is for RGB.
    takes_rgb: bool,
}

static SRGB: LazyLock<ColorProfile> = LazyLock::new(ColorProfile::new_srgb);

impl ToSrgb {
    /// Prepares a conversion. Returns `None` if the profile is not for grey or RGB, or lacks a tag that the conversion needs.
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

    /// Returns whether the conversion is the identity at a precision of eight bits.
    pub fn is_identity(&self, colours: Channels) -> bool {
        let levels = |step: usize| (0..=u8::MAX).step_by(step);
        let values: Vec<u8> = match colours {
            Channels::Gray if self.takes_rgb => levels(5).flat_map(|grey| [grey; 3]).collect(),
            Channels::Gray => levels(5).collect(),
            _ => levels(51).flat_map(|r| levels(51).flat_map(move |g| levels(51).flat_map(move |b| [r, g, b]))).collect(),
        };
        let Some(converted) = self.convert(&values.iter().copied().map(to_sixteen_bits).collect::<Vec<u16>>()) else {
            return false;
        };
        let same = |(from, to): (&u8, u8)| from.abs_diff(to) <= 2;
        if self.takes_rgb {
            values.iter().zip(converted.into_iter().map(to_eight_bits)).all(same)
        } else {
            values.iter().zip(converted.into_iter().step_by(3).map(to_eight_bits)).all(same)
        }
    }

    /// Converts samples into RGB.
    fn convert(&self, samples: &[u16]) -> Option<Vec<u16>> {
        let mut rgb = vec![0; if self.takes_rgb { samples.len() } else { samples.len() * 3 }];
        self.executor.transform(samples, &mut rgb).ok()?;
        Some(rgb)
    }

    /// Converts the samples of an image; the result is grey if every pixel is grey. Returns `None` if the profile cannot be used.
    pub fn apply(&self, samples: &Samples) -> Option<(Channels, Vec<u8>)> {
        let channels = if samples.colours == Channels::Gray { 1 } else { 3 };
        let rgb = match &samples.values {
            Depth::Eight(values) => self.parts(values, channels, to_sixteen_bits),
            Depth::Sixteen(values) => self.parts(values, channels, |value| value),
        };
        let rgb = rgb?;
        let spread = |[r, g, b]: &[u8; 3]| r.max(g).max(b) - r.min(g).min(b);
        if samples.colours != Channels::Gray || rgb.as_chunks().0.iter().any(|pixel| spread(pixel) > 2) {
            return Some((Channels::Rgb, rgb));
        }
        Some((Channels::Gray, rgb.into_iter().skip(1).step_by(3).collect()))
    }

    fn parts<T: Copy + Sync>(&self, values: &[T], channels: usize, to_sixteen_bits: impl Fn(T) -> u16 + Sync) -> Option<Vec<u8>> {
        let mut rgb = vec![0; values.len() / channels * 3];
        let parts = rgb.par_chunks_mut(PART * 3).zip(values.par_chunks(PART * channels));
        parts.try_for_each(|(rgb, values)| {
            let samples = values.iter().copied().map(&to_sixteen_bits);
            let samples: Vec<u16> = match channels {
                1 if self.takes_rgb => samples.flat_map(|grey| [grey; 3]).collect(),
                _ => samples.collect(),
            };
            rgb.iter_mut().zip(self.convert(&samples)?).for_each(|(to, from)| *to = to_eight_bits(from));
            Some(())
        })?;
        Some(rgb)
    }
}

/// Returns samples reduced to eight bits, without a colour conversion.
pub fn eight_bits(samples: Samples) -> Vec<u8> {
    match samples.values {
        Depth::Eight(values) => values,
        Depth::Sixteen(values) => values.into_iter().map(to_eight_bits).collect(),
    }
}

fn to_sixteen_bits(value: u8) -> u16 {
    u16::from(value) * 257
}

fn to_eight_bits(value: u16) -> u8 {
    u8::try_from((u32::from(value) + 128) / 257).unwrap_or(u8::MAX)
}

/// Converts inks, four bytes each, into RGB. Without a profile, inks are treated as ideal.
pub fn inks_to_rgb(inks: &[u8], press: Option<&SourceProfile>) -> Vec<u8> {
    let link = press.map(DeviceLink::to_screen);
    let mut rgb = vec![0; inks.len() / 4 * 3];
    rgb.par_chunks_mut(PART * 3).zip(inks.par_chunks(PART * 4)).for_each(|(rgb, inks)| {
        let rgb = rgb.as_chunks_mut::<3>().0.iter_mut();
        match &link {
            Some(link) => rgb.zip(link.convert(inks).as_chunks().0).for_each(|(to, [r, g, b, _])| *to = [*r, *g, *b]),
            None => rgb.zip(inks.as_chunks().0).for_each(|(to, inks)| *to = ideal(inks)),
        }
    });
    rgb
}

fn ideal(&[c, m, y, k]: &[u8; 4]) -> [u8; 3] {
    [c, m, y].map(|ink| {
        let light = u32::from(255 - ink) * u32::from(255 - k);
        u8::try_from((light + 127) / 255).unwrap_or_default()
    })
}
