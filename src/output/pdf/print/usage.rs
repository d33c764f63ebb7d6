//! The inks, images and text of a content stream, collected without rendering it.

use std::collections::{BTreeMap, BTreeSet};

use super::colour::{Solid, total};
use super::layers::{Colours, Layers, PaintedArea};
use super::matrix::{Matrix, Rect};
use super::outline::Outline;
use super::report::{Blend, Stroke};

/// Size in points below which text is recorded with its inks: the largest value of `text` and `reversed-text` in `[print.limits]`.
pub(super) const SMALL: f32 = 24.0;

/// Maximum number of blends of a stream that are kept.
const MAX_BLENDS: usize = 64;

/// Maximum number of colours of a stream that are kept.
const MAX_COLOURS: usize = 256;

/// The inks, images and text of a content stream. Lengths and positions are in its coordinate system.
#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    /// Maximum ink of a colour, without images, also where another colour hides it.
    pub ink: f32,
    pub process: [bool; 4],
    /// The spot inks, as PDF names.
    pub spots: BTreeSet<Vec<u8>>,
    /// The painted areas, in order.
    pub layers: Layers,
    pub blends: Vec<Blend>,
    /// Single colours from sRGB, with their inks, for the difference if the stream is painted with an opacity.
    pub solids: BTreeMap<[u8; 3], [f32; 4]>,
    /// Inks that are set directly, in percent.
    pub given: BTreeSet<[u8; 4]>,
    pub smallest: Option<f32>,
    pub thinnest: Option<Stroke>,
    /// Runs of small text in more than one ink, by size in steps of 1/100 and inks in steps of 1/1000.
    pub small_text: BTreeMap<(u16, [u16; 4]), usize>,
    /// Colours that the profile converted, with their inks and the number of uses.
    pub converted: BTreeMap<[u8; 3], ([f32; 4], usize)>,
    /// Images, with the matrix of their largest placement.
    pub images: BTreeMap<usize, Matrix>,
    pub type3: bool,
    /// The spot inks that process inks replace in gradients, by their indices in `Painter::spots`.
    pub spot_gradients: BTreeSet<usize>,
    /// Whether a drawing overprints white.
    pub white_overprint: bool,
    /// Whether the stream needs a transparency group.
    pub transparent: bool,
}

impl Usage {
    /// Records a colour in an area.
    pub(super) fn paint(&mut self, solid: &Solid, area: PaintedArea) {
        if let Some((_, tint)) = solid.plate() {
            let plate = f32::from(crate::icc::byte(tint)) / 255.0;
            self.ink = self.ink.max(plate);
            self.layers.paint(area, Colours::Sum(plate), plate);
        } else if let Some((_, black)) = solid.shade {
            let sum = 1.0 + f32::from(crate::icc::byte(black)) / 255.0;
            self.ink = self.ink.max(sum);
            self.process[3] |= black > 0.0005;
            self.layers.paint(area, Colours::Sum(1.0), sum);
        } else {
            self.inks(solid.ink, area);
        }
    }

    /// Records process inks in an area.
    pub(super) fn inks(&mut self, ink: [f32; 4], area: PaintedArea) {
        if area.place.is_empty() {
            return;
        }
        // Rounds to the 256 levels of a plate.
        let plates = ink.map(|part| f32::from(crate::icc::byte(part)) / 255.0);
        self.ink = self.ink.max(total(plates));
        self.process.iter_mut().zip(ink).for_each(|(used, part)| *used |= part > 0.0005);
        self.layers.paint(area, Colours::Sum(total(plates) - plates[3]), total(plates));
    }

    /// Records spot inks (as the sum of their tints) and process inks at an unknown position.
    pub(super) fn mixture(&mut self, tints: f32, process: [f32; 4]) {
        self.inks(process, PaintedArea::within(Rect::ALL));
        let process = process.map(|part| f32::from(crate::icc::byte(part)) / 255.0);
        self.ink = self.ink.max(tints + total(process));
        self.layers.paint(
            PaintedArea::within(Rect::ALL),
            Colours::Sum(tints + total(process) - process[3]),
            tints + total(process),
        );
    }

    pub(super) fn overprint(&mut self, place: Rect) {
        self.ink = self.ink.max(1.0);
        self.layers.rest(1.0);
        self.process[3] = true;
        self.layers.overprint(place);
    }

    /// Records a single colour.
    pub(super) fn solid(&mut self, solid: &Solid) {
        match solid.rgb {
            Some(rgb) if self.solids.len() < MAX_COLOURS => drop(self.solids.insert(rgb, solid.ink)),
            None if self.given.len() < MAX_COLOURS && !solid.by_profile => {
                self.given.insert(solid.ink.map(|part| crate::icc::byte(part * 100.0 / 255.0)));
            }
            _ => {}
        }
    }

    /// Adds the single colours of a stream that this one draws.
    pub(super) fn add_solids(&mut self, inner: &Self) {
        let room = |known: usize| MAX_COLOURS.saturating_sub(known);
        self.solids.extend(inner.solids.iter().take(room(self.solids.len())).map(|(rgb, ink)| (*rgb, *ink)));
        self.given.extend(inner.given.iter().take(room(self.given.len())).copied());
    }

    pub(super) fn blend(&mut self, blend: Blend) {
        if self.blends.len() < MAX_BLENDS && !self.blends.contains(&blend) {
            self.blends.push(blend);
        }
    }

    pub(super) fn text(&mut self, size: f32, solid: Option<&Solid>) {
        self.smallest = Some(self.smallest.map_or(size, |least| least.min(size)));
        let Some(solid) = solid.filter(|solid| solid.plate().is_none() && size < SMALL) else { return };
        if solid.ink.iter().filter(|part| **part > 0.005).count() > 1 {
            *self.small_text.entry((thousandths(size / 10.0), solid.ink.map(thousandths))).or_default() += 1;
        }
    }

    pub(super) fn stroke(&mut self, width: f32, solid: Option<&Solid>) {
        if self.thinnest.is_none_or(|thinnest| width < thinnest.width) {
            self.thinnest = Some(Stroke { width, ink: solid.map_or([0.0; 4], |solid| solid.ink) });
        }
    }

    /// Counts a use of a colour, if the profile converted it.
    pub(super) fn count(&mut self, solid: &Solid) {
        if let Some(rgb) = solid.rgb.filter(|_| solid.by_profile) {
            self.converted.entry(rgb).or_insert((solid.ink, 0)).1 += 1;
        }
    }

    /// Records an image in the unit square of `place`. `opaque` is false if it has a mask or is blended with its backdrop.
    pub(super) fn image(&mut self, index: usize, place: Matrix, (clip, opaque): (Rect, bool)) {
        self.placed(index, place);
        let unit = Rect([0.0, 0.0, 1.0, 1.0]);
        let area =
            PaintedArea { place: unit.transformed(place).intersection(clip), outline: Outline::of(place.corners(unit)), opaque };
        self.layers.paint(area, Colours::Image(index), 0.0);
    }

    fn placed(&mut self, index: usize, place: Matrix) {
        let area = |matrix: &Matrix| matrix.sides()[0] * matrix.sides()[1];
        let known = self.images.entry(index).or_insert(place);
        if area(&place) > area(known) {
            *known = place;
        }
    }

    /// Adds the usage of a stream that this one draws. `opaque` is false if nothing in it hides the layers below.
    pub(super) fn add(&mut self, inner: &Self, matrix: Matrix, (clip, opaque): (Rect, bool)) {
        let scale = matrix.scale();
        self.ink = self.ink.max(inner.ink);
        self.process.iter_mut().zip(inner.process).for_each(|(used, inner)| *used |= inner);
        self.spots.extend(inner.spots.iter().cloned());
        self.layers.add(&inner.layers, matrix, clip, opaque);
        inner.images.iter().for_each(|(index, image)| self.placed(*index, image.then(matrix)));
        inner.blends.iter().for_each(|blend| self.blend(blend.clone()));
        self.add_solids(inner);
        if let Some(size) = inner.smallest {
            self.text(size * scale, None);
        }
        if let Some(stroke) = inner.thinnest {
            let solid = Solid::of(stroke.ink);
            self.stroke(stroke.width * scale, Some(&solid));
        }
        for ((size, ink), runs) in &inner.small_text {
            let size = f32::from(*size) / 100.0 * scale;
            if size < SMALL {
                *self.small_text.entry((thousandths(size / 10.0), *ink)).or_default() += runs;
            }
        }
        for (rgb, (ink, uses)) in &inner.converted {
            self.converted.entry(*rgb).or_insert((*ink, 0)).1 += uses;
        }
        self.type3 |= inner.type3;
        self.white_overprint |= inner.white_overprint;
        self.spot_gradients.extend(&inner.spot_gradients);
        self.transparent |= inner.transparent;
    }

    /// Returns the maximum visible ink of a colour or pixel, and the maximum at a point with overprinted black or blended layers.
    /// `plates` is the number of plates. `images` returns the maximum ink of an image, and the maximum without black.
    pub(super) fn bounds(&self, plates: f32, images: impl Fn(usize) -> (f32, f32)) -> (f32, f32) {
        let all = || self.images.keys().fold(self.ink, |most, index| most.max(images(*index).0));
        let unknown = self.images.keys().filter(|index| self.layers.shows(**index)).map(|index| images(*index).0);
        let visible = self.layers.visible(|index| images(index).0).map(|most| unknown.fold(most, f32::max));
        let painted = visible.unwrap_or_else(all);
        let over = self.layers.overprinted(painted, |index| images(index).1);
        (painted, over.max(self.layers.blended(plates, |index| images(index).1)))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn thousandths(value: f32) -> u16 {
    (value * 1000.0).round() as u16
}
