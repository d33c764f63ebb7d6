//! Colours: a value for screens, and one for print if the brand declares it. The value is chosen when a product is written.

use std::hash::{Hash, Hasher};

/// A colour of the brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Red, green and blue (sRGB).
    pub rgb: [u8; 3],
    /// Cyan, magenta, yellow and black in percent, if the brand declares them. Otherwise the press profile converts `rgb`.
    pub cmyk: Option<[u8; 4]>,
}

/// White: the unprinted paper.
pub const WHITE: Colour = Colour::screen([0xFF; 3]);
/// Black.
pub const BLACK: Colour = Colour::screen([0; 3]);

/// Hashes only the value for screens, so that products for screens do not depend on print declarations.
impl Hash for Colour {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.rgb.hash(hasher);
    }
}

impl Colour {
    /// Returns a colour without a declaration for print.
    pub const fn screen(rgb: [u8; 3]) -> Self {
        Self { rgb, cmyk: None }
    }

    /// Parses `#RRGGBB`.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
        let channel = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        Some(Self::screen([channel(0)?, channel(2)?, channel(4)?]))
    }

    /// Returns the colour as `#RRGGBB`.
    pub fn hex(self) -> String {
        let [r, g, b] = self.rgb;
        format!("#{r:02X}{g:02X}{b:02X}")
    }

    /// Mixes the colour with `other`: 0 percent is this colour, 100 percent the other. A mixture has no value for print.
    pub fn mix(self, other: Self, percent: u32) -> Self {
        match percent {
            0 => return self,
            100.. => return other,
            _ => {}
        }
        let channel = |i: usize| {
            let (a, b) = (u32::from(self.rgb[i]), u32::from(other.rgb[i]));
            u8::try_from((a * (100 - percent) + b * percent + 50) / 100).unwrap_or(u8::MAX)
        };
        Self::screen([channel(0), channel(1), channel(2)])
    }

    /// Returns the relative luminance as WCAG 2.2 defines it, from 0 to 1.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.rgb[0]) + 0.7152 * linear(self.rgb[1]) + 0.0722 * linear(self.rgb[2])
    }

    /// Returns the contrast ratio (WCAG 2.2, 1.4.3), from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Darkens the colour until its contrast with every background is at least `least`, or lightens it if no darker shade is
    /// enough. Returns black or white if no shade is enough: the one with the higher contrast with the worst background.
    pub fn readable_on(self, backgrounds: &[Self], least: f64) -> Self {
        let worst = |shade: Self| backgrounds.iter().map(|background| shade.contrast(*background)).fold(f64::INFINITY, f64::min);
        let towards = |end: Self| (0..=20).map(move |step| self.mix(end, step * 5));
        let best = if worst(WHITE) > worst(BLACK) { WHITE } else { BLACK };
        towards(BLACK).chain(towards(WHITE)).find(|shade| worst(*shade) >= least).unwrap_or(best)
    }

    /// Returns whether white text has a higher contrast with the colour than black text.
    pub fn is_dark(self) -> bool {
        self.contrast(WHITE) > self.contrast(BLACK)
    }
}
