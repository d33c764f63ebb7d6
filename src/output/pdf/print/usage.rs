//! What a content stream prints, without drawing it.

use std::collections::{BTreeMap, BTreeSet};

use super::colour::{Solid, total};
use super::matrix::{Matrix, Rect};
use super::report::{Blend, Stroke};

/// Text is small under this size, in points.
pub(super) const SMALL: f32 = 12.0;

/// Places are kept one by one up to this number, then only as one.
const MOST_PLACES: usize = 4096;

const MOST_BLENDS: usize = 64;

/// What a content stream prints. Lengths and places are in its own units.
#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    /// The most ink of a colour; images apart.
    pub ink: f32,
    pub process: [bool; 4],
    /// The spot inks, as names of a PDF.
    pub spots: BTreeSet<Vec<u8>>,
    /// Places that are painted, with the sum of cyan, magenta, yellow and spots there, and when.
    pub grounds: Vec<(Rect, f32, usize)>,
    /// Places of images, and when they are painted.
    pub pictures: Vec<(Rect, usize, usize)>,
    /// Places of text in black that is overprinted, and when.
    pub black_text: Vec<(Rect, usize)>,
    /// How many places were noted.
    clock: usize,
    pub blends: Vec<Blend>,
    pub smallest: Option<f32>,
    pub thinnest: Option<Stroke>,
    /// Runs of small text in more than one ink, by size and inks in steps of 1/1000.
    pub small_text: BTreeMap<(u16, [u16; 4]), usize>,
    /// Colours by profile: their inks and how often they are set.
    pub converted: BTreeMap<[u8; 3], ([f32; 4], usize)>,
    /// Images and how the unit square becomes their largest place.
    pub images: BTreeMap<usize, Matrix>,
    pub type3: bool,
    /// The stream needs a transparency group.
    pub transparent: bool,
}

impl Usage {
    /// Notes a colour at a place.
    pub(super) fn paint(&mut self, solid: &Solid, place: Rect) {
        if solid.spot.is_some() {
            self.ink = self.ink.max(1.0);
            self.ground(place, 1.0);
        } else {
            self.inks(solid.ink, place);
        }
    }

    /// Notes process inks at a place.
    pub(super) fn inks(&mut self, ink: [f32; 4], place: Rect) {
        if place.is_empty() {
            return;
        }
        // A plate has 256 levels: what it prints may be half a level more.
        let plates = ink.map(|part| f32::from(crate::icc::byte(part)) / 255.0);
        self.ink = self.ink.max(total(plates));
        self.process.iter_mut().zip(ink).for_each(|(used, part)| *used |= part > 0.0005);
        self.ground(place, total(plates) - plates[3]);
    }

    /// Notes the sum of cyan, magenta, yellow and spots at a place.
    pub(super) fn grounds_at(&mut self, place: Rect, colours: f32) {
        self.ground(place, colours);
    }

    fn ground(&mut self, place: Rect, colours: f32) {
        if colours > 0.005 && !place.is_empty() {
            self.clock += 1;
            push(&mut self.grounds, (place, colours, self.clock), |(a, x, first), (b, y, _)| (joined(*a, *b), x.max(*y), *first));
        }
    }

    pub(super) fn overprint(&mut self, place: Rect) {
        self.ink = self.ink.max(1.0);
        self.process[3] = true;
        if !place.is_empty() {
            self.clock += 1;
            push(&mut self.black_text, (place, self.clock), |(a, _), (b, last)| (joined(*a, *b), *last));
        }
    }

    pub(super) fn blend(&mut self, blend: Blend) {
        if self.blends.len() < MOST_BLENDS && !self.blends.contains(&blend) {
            self.blends.push(blend);
        }
    }

    pub(super) fn text(&mut self, size: f32, solid: Option<&Solid>) {
        self.smallest = Some(self.smallest.map_or(size, |least| least.min(size)));
        let Some(solid) = solid.filter(|solid| solid.spot.is_none() && size < SMALL) else { return };
        if solid.ink.iter().filter(|part| **part > 0.005).count() > 1 {
            *self.small_text.entry((thousandths(size / 10.0), solid.ink.map(thousandths))).or_default() += 1;
        }
    }

    pub(super) fn stroke(&mut self, width: f32, solid: Option<&Solid>) {
        if self.thinnest.is_none_or(|thinnest| width < thinnest.width) {
            self.thinnest = Some(Stroke { width, ink: solid.map_or([0.0; 4], |solid| solid.ink) });
        }
    }

    pub(super) fn set(&mut self, solid: &Solid) {
        if let Some(rgb) = solid.rgb.filter(|_| solid.by_profile) {
            self.converted.entry(rgb).or_insert((solid.ink, 0)).1 += 1;
        }
    }

    pub(super) fn image(&mut self, index: usize, place: Matrix, clip: Rect) {
        let area = |matrix: &Matrix| matrix.sides()[0] * matrix.sides()[1];
        let known = self.images.entry(index).or_insert(place);
        if area(&place) > area(known) {
            *known = place;
        }
        let rect = Rect([0.0, 0.0, 1.0, 1.0]).through(place).common(clip);
        self.picture(rect, index, self.clock + 1);
        self.clock += 1;
    }

    fn picture(&mut self, place: Rect, index: usize, when: usize) {
        if !place.is_empty() && self.pictures.len() < MOST_PLACES {
            self.pictures.push((place, index, when));
        }
    }

    /// Adds what another stream prints that this one draws.
    pub(super) fn add(&mut self, inner: &Self, matrix: Matrix, clip: Rect) {
        let scale = matrix.scale();
        let place = |rect: Rect| rect.through(matrix).common(clip);
        self.ink = self.ink.max(inner.ink);
        self.process.iter_mut().zip(inner.process).for_each(|(used, inner)| *used |= inner);
        self.spots.extend(inner.spots.iter().cloned());
        // What the stream paints keeps its order, after all that is noted already.
        let start = self.clock;
        for (rect, colours, when) in &inner.grounds {
            self.clock = start + when - 1;
            self.ground(place(*rect), *colours);
        }
        for (rect, when) in &inner.black_text {
            self.clock = start + when - 1;
            self.overprint(place(*rect));
        }
        for (index, image) in &inner.images {
            self.image(*index, image.then(matrix), Rect::EMPTY);
        }
        for (rect, index, when) in &inner.pictures {
            self.picture(place(*rect), *index, start + when);
        }
        self.clock = start + inner.clock;
        inner.blends.iter().for_each(|blend| self.blend(blend.clone()));
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
        self.transparent |= inner.transparent;
    }

    /// Returns the most ink of a colour or pixel, and the most at a point where black is overprinted or layers are blended, on a
    /// number of plates. `images` returns the most ink of an image, and the most of its inks but black.
    pub(super) fn bounds(&self, plates: f32, images: impl Fn(usize) -> (f32, f32)) -> (f32, f32) {
        let painted = self.images.keys().fold(self.ink, |most, index| most.max(images(*index).0));
        let pictures = self.pictures.iter().map(|(rect, index, when)| (*rect, images(*index).1, *when));
        // Words that only touch do not overlap.
        let mut over = painted;
        for (rect, colours, when) in self.grounds.iter().copied().chain(pictures) {
            let meets = |(text, later): &(Rect, usize)| *later > when && !text.grown(-0.1).common(rect).is_empty();
            if colours + 1.0 > over && self.black_text.iter().any(meets) {
                over = colours + 1.0;
            }
        }
        // A mode such as Multiply adds the inks of two layers.
        let adds = self.blends.iter().any(|blend| blend.mode != "Normal");
        (painted, if adds { (2.0 * over).min(plates).max(painted) } else { over })
    }
}

fn push<T: Copy>(places: &mut Vec<T>, place: T, join: impl Fn(&T, &T) -> T) {
    let full = places.len() >= MOST_PLACES;
    match places.last_mut() {
        Some(last) if full => *last = join(last, &place),
        _ => places.push(place),
    }
}

fn joined(a: Rect, b: Rect) -> Rect {
    let [left, bottom, right, top] = b.0;
    let mut joined = a;
    joined.add([left, bottom]);
    joined.add([right, top]);
    joined
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn thousandths(value: f32) -> u16 {
    (value * 1000.0).round() as u16
}
