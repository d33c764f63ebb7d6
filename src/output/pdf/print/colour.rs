//! The inks of a colour.

use std::collections::BTreeMap;

use super::{Ink, InkSet, Press, spots};
use crate::icc::{Lab, byte, neutral, unit};

/// A colour in print.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Solid {
    /// Process inks; for a spot ink, its nearest process inks.
    pub ink: [f32; 4],
    /// The spot ink, by its index in [`Painter::spots`].
    pub spot: Option<usize>,
    /// For a mixture of the colour of a spot ink and white: the spot ink, and its tint.
    pub tint: Option<(usize, f32)>,
    /// For a mixture of the colour of a spot ink and black: the spot ink, and the black ink that is printed over it.
    pub shade: Option<(usize, f32)>,
    /// The original colour, if it was sRGB.
    pub rgb: Option<[u8; 3]>,
    /// Whether the profile of the press converted it.
    pub by_profile: bool,
    /// The black ink that small text and thin lines in this colour are printed with, instead of its inks.
    pub black: Option<f32>,
}

impl Solid {
    pub(super) fn of(ink: [f32; 4]) -> Self {
        Self { ink, spot: None, tint: None, shade: None, rgb: None, by_profile: false, black: None }
    }

    /// Returns whether it is solid black ink alone.
    pub(super) fn is_black(&self) -> bool {
        self.spot.is_none() && self.ink == [0.0, 0.0, 0.0, 1.0]
    }

    /// Returns the spot ink that it is printed with outside gradients, and its tint.
    pub(super) fn plate(&self) -> Option<(usize, f32)> {
        self.spot.map(|spot| (spot, 1.0)).or(self.tint)
    }

    /// Returns the spot ink on whose plate it is printed outside gradients, alone or under black ink.
    pub(super) fn spot_ink(&self) -> Option<usize> {
        self.plate().or(self.shade).map(|(spot, _)| spot)
    }

    /// Returns whether small text in this colour is printed in solid black.
    pub(super) fn is_black_text(&self) -> bool {
        self.is_black() || self.black == Some(1.0)
    }

    /// Returns whether its inks depend on what is painted.
    pub(super) fn depends_on_use(&self) -> bool {
        self.is_black() || self.black.is_some()
    }
}

/// Returns the sum of inks.
pub(super) fn total(ink: [f32; 4]) -> f32 {
    ink.iter().sum()
}

/// Distance at which the influence of a token on the colours of a gradient falls to 1/e, in steps of 1/255.
const REACH: f32 = 40.0;

/// Maximum chroma (CIE C*) of a near grey. Dark shades of a chromatic colour have a higher chroma.
const NEAR_GREY: f32 = 8.0;
/// Minimum amount of black ink of dark text. Lighter text is assumed to be on a dark background, and keeps its inks.
pub(super) const DARK: f32 = 0.5;
/// Minimum visible amount of ink on a plate.
const VISIBLE: f32 = 0.005;

/// Computes the inks of colours, with a cache.
pub(super) struct Painter<'a> {
    pub press: Press<'a>,
    /// The spot inks of the tokens, with their nearest process inks.
    pub spots: Vec<(&'a str, [f32; 4])>,
    solids: BTreeMap<[u8; 3], Solid>,
    shades: BTreeMap<[u8; 3], [f32; 4]>,
    /// Tokens, with the difference between their inks and the conversion by the profile.
    residuals: Vec<([u8; 3], [f32; 4])>,
    /// Total ink of black in the profile.
    most: f32,
}

impl<'a> Painter<'a> {
    pub(super) fn new(press: Press<'a>) -> Self {
        let mut spots: Vec<(&str, [f32; 4])> = Vec::new();
        let mut residuals: Vec<([u8; 3], [f32; 4])> = Vec::new();
        for token in press.tokens {
            let ink = match &token.ink {
                Ink::Process(ink) => *ink,
                Ink::Spot { name, cmyk } => {
                    if !spots.iter().any(|(known, _)| known == name) {
                        spots.push((name, *cmyk));
                    }
                    *cmyk
                }
            };
            if !residuals.iter().any(|(rgb, _)| *rgb == token.rgb) && Some(token.rgb) != press.paper {
                residuals.push((token.rgb, ink));
            }
        }
        residuals.extend(press.paper.map(|paper| (paper, [0.0; 4])));
        let most = total(press.profile.ink_of([0.0; 3])).max(1.0);
        for (rgb, ink) in &mut residuals {
            let profile = press.profile.ink_of(unit(*rgb));
            ink.iter_mut().zip(profile).for_each(|(ink, profile)| *ink -= profile);
        }
        Self { press, spots, solids: BTreeMap::new(), shades: BTreeMap::new(), residuals, most }
    }

    /// Returns the inks of an sRGB colour: the inks of its token, otherwise black ink for a grey, otherwise the conversion by the
    /// profile.
    pub(super) fn rgb(&mut self, rgb: [u8; 3]) -> Solid {
        if let Some(solid) = self.solids.get(&rgb) {
            return *solid;
        }
        let solid = self.decide(rgb);
        let solid = Solid { rgb: Some(rgb), black: self.black_alone(rgb, &solid), ..solid };
        self.solids.insert(rgb, solid);
        solid
    }

    fn decide(&self, rgb: [u8; 3]) -> Solid {
        let press = &self.press;
        if press.paper == Some(rgb) {
            return Solid::of([0.0; 4]);
        }
        if press.mode == InkSet::Gray {
            let black = neutral(rgb).map(|grey| press.profile.black_of(grey));
            let black = black.unwrap_or_else(|| press.profile.black_of_lab(Lab::of_srgb(unit(rgb))));
            return Solid::of([0.0, 0.0, 0.0, rounded(black)]);
        }
        if let Some(token) = press.tokens.iter().find(|token| token.rgb == rgb) {
            return match &token.ink {
                Ink::Process(ink) => Solid::of(*ink),
                Ink::Spot { name, cmyk } => {
                    let spot = self.spots.iter().position(|(known, _)| known == name);
                    Solid { spot, ..Solid::of(*cmyk) }
                }
            };
        }
        if let Some(grey) = neutral(rgb) {
            return Solid::of([0.0, 0.0, 0.0, rounded(press.profile.black_of(grey))]);
        }
        let mixture = self.spot_tint(rgb).or_else(|| self.spot_shade(rgb));
        mixture.unwrap_or_else(|| Solid { by_profile: true, ..Solid::of(press.profile.ink_of(unit(rgb)).map(rounded)) })
    }

    /// Returns the tint of a spot ink for a mixture of its colour and white.
    fn spot_tint(&self, rgb: [u8; 3]) -> Option<Solid> {
        self.press.tokens.iter().find_map(|token| {
            let Ink::Spot { name, cmyk } = &token.ink else { return None };
            let tint = rounded(spots::tint((token.rgb, *cmyk), rgb, self.press.profile)?);
            let spot = self.spots.iter().position(|(known, _)| known == name)?;
            Some(Solid { tint: Some((spot, tint)), ..Solid::of(cmyk.map(|part| rounded(tint * part))) })
        })
    }

    /// Returns the spot ink under black ink for a mixture of its colour and black, so that a shade needs no plate of its own.
    fn spot_shade(&self, rgb: [u8; 3]) -> Option<Solid> {
        let lab = Lab::of_srgb(unit(rgb));
        if lab.a.hypot(lab.b) <= NEAR_GREY {
            return None;
        }
        self.press.tokens.iter().find_map(|token| {
            let Ink::Spot { name, cmyk } = &token.ink else { return None };
            let black = rounded(spots::black_over((token.rgb, *cmyk), rgb, self.press.profile)?);
            let spot = self.spots.iter().position(|(known, _)| known == name)?;
            let [cyan, magenta, yellow, own] = *cmyk;
            Some(Solid { shade: Some((spot, black)), ..Solid::of([cyan, magenta, yellow, (own + black).min(1.0)]) })
        })
    }

    /// Returns the black ink of small text and thin lines in a colour that otherwise has several inks; `None` if the inks remain.
    fn black_alone(&self, rgb: [u8; 3], solid: &Solid) -> Option<f32> {
        let text = self.press.black_text.filter(|_| self.press.paper != Some(rgb))?;
        let lab = Lab::of_srgb(unit(rgb));
        let black = rounded(self.press.profile.black_of_lab(lab));
        if rgb == text.foreground {
            return (black >= DARK).then_some(1.0);
        }
        if solid.spot_ink().is_some() || solid.ink.iter().filter(|part| **part > VISIBLE).count() < 2 {
            return None;
        }
        let is_grey = rgb == text.secondary || lab.a.hypot(lab.b) <= NEAR_GREY;
        is_grey.then_some(black)
    }

    /// Returns the inks of an sRGB colour inside a gradient. Tokens keep their inks, and nearby colours are shifted towards them,
    /// so that the gradient is continuous at a token.
    pub(super) fn shade(&mut self, rgb: [f32; 3]) -> [f32; 4] {
        let key = rgb.map(byte);
        if let Some(ink) = self.shades.get(&key) {
            return *ink;
        }
        let known = self.rgb(key);
        let ink = if self.press.mode == InkSet::Gray || self.residuals.iter().any(|(token, _)| *token == key) {
            known.ink
        } else {
            self.shifted_to_tokens(key)
        };
        self.shades.insert(key, ink);
        ink
    }

    /// Returns whether the colour is a token or the colour of unprinted paper.
    pub(super) fn is_token(&self, rgb: [u8; 3]) -> bool {
        self.residuals.iter().any(|(token, _)| *token == rgb)
    }

    /// Returns the conversion of a colour by the profile, shifted towards the inks of nearby tokens, with a limited total ink.
    fn shifted_to_tokens(&self, rgb: [u8; 3]) -> [f32; 4] {
        let mut ink = self.press.profile.ink_of(unit(rgb));
        let (mut sum, mut weights) = ([0.0; 4], 0.0_f32);
        for (token, residual) in &self.residuals {
            let distance: f32 = token.iter().zip(rgb).map(|(a, b)| (f32::from(*a) - f32::from(b)).powi(2)).sum();
            let weight = (-distance / (REACH * REACH)).exp();
            weights += weight;
            sum.iter_mut().zip(residual).for_each(|(sum, residual)| *sum += weight * residual);
        }
        ink.iter_mut().zip(sum).for_each(|(ink, sum)| *ink = (*ink + sum / weights.max(1.0)).clamp(0.0, 1.0));
        let excess = total(ink) / self.most.max(3.0);
        ink.map(|part| rounded(part / excess.max(1.0)))
    }

    /// Returns the inks unchanged, or as black ink in [`InkSet::Gray`].
    pub(super) fn given(&self, ink: [f32; 4]) -> Solid {
        if self.press.mode == InkSet::Cmyk {
            return Solid::of(ink);
        }
        let [cyan, magenta, yellow, black] = ink;
        let only_black = cyan + magenta + yellow == 0.0;
        let black = if only_black { black } else { self.press.profile.black_of_lab(self.press.profile.lab(ink)) };
        Solid::of([0.0, 0.0, 0.0, rounded(black)])
    }

    /// Returns the inks of a device-independent colour.
    pub(super) fn lab(&self, lab: Lab) -> Solid {
        let solid = self.given(self.press.profile.ink_of_lab(lab).map(rounded));
        Solid { by_profile: true, ..solid }
    }

    /// Returns the colour difference between print and screen for a colour over white at an opacity. In [`InkSet::Gray`], the
    /// screen colour is converted to black ink first, like an opaque colour.
    pub(super) fn blend_difference(&self, solid: &Solid, alpha: f32) -> Option<f32> {
        let rgb = unit(solid.rgb?).map(|value| 1.0 - alpha + alpha * value);
        let profile = self.press.profile;
        let shown = match self.press.mode {
            InkSet::Cmyk => Lab::of_srgb(rgb),
            InkSet::Gray => profile.lab([0.0, 0.0, 0.0, profile.black_of_lab(Lab::of_srgb(rgb))]),
        };
        Some(shown.difference(profile.lab(solid.ink.map(|ink| ink * alpha))))
    }
}

fn rounded(value: f32) -> f32 {
    (value * 10_000.0).round() / 10_000.0
}
