//! Spot inks in gradients: each end is printed in its own ink, and the inks fade into each other.
//!
//! The input is a list of sRGB colours. Typst inserts colours between the stops of the author, because it interpolates in Oklab.
//! A spot ink fades from its colour to the next token or stop. The next stop is the farthest colour for which all colours between
//! are mixtures of both.

use lopdf::{Dictionary, Object, Stream};
use palette::{FromColor, Hsl, Hsv, IntoColor, Mix, Oklab, Oklch, Srgb};

use super::colour::{Painter, Solid};
use super::function::{Function, GradientPiece, linear, ratio};
use super::space::{Space, sampled, spot};
use super::walk::Walk;
use crate::icc::{Lab, OutputProfile, byte, unit};

/// Maximum difference per sRGB channel between a colour and the mixture that it represents. The difference is due to rounding.
const NEAR: f32 = 2.5 / 255.0;

/// Minimum difference of lightness (L*) between the ends of a fade for which lightness determines the shares of the inks.
const CLEAR: f32 = 8.0;

/// Maximum number of colours of a gradient that is searched for stops.
const MAX_KNOTS: usize = 2048;

/// A gradient with spot inks.
pub(super) struct Ramp {
    knots: Vec<Knot>,
    fades: Vec<Fade>,
    /// The spot inks, by their indices in `Painter::spots`.
    spots: Vec<usize>,
    /// Whether process inks are also printed.
    process: bool,
}

/// A colour of a gradient and its position.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Knot {
    at: f32,
    rgb: [f32; 3],
}

/// A part of a gradient in which two inks fade into each other: its first and last knot, and their colours.
#[derive(Clone, Copy)]
struct Fade {
    knots: [usize; 2],
    ends: [Solid; 2],
}

/// The spot inks of a gradient.
pub(super) enum GradientSpots {
    /// No spot inks.
    None,
    /// Spot inks that are printed on their plates.
    Carried(Ramp),
    /// Spot inks that process inks replace, because the gradient contains other colours than mixtures of its ends.
    Lost,
}

/// Returns the pieces of a piecewise linear function of one input.
pub(super) fn pieces(function: &Function) -> Option<Vec<GradientPiece>> {
    let is_line = |part: &Function| matches!(part, Function::Exponential { power, .. } if *power == 1.0);
    match function {
        Function::Exponential { domain, .. } if is_line(function) => {
            let range = [*domain.first()?, *domain.get(1)?];
            let [from, to] = range.map(|at| function.at(&[at]));
            Some(vec![GradientPiece { range, from, to }])
        }
        Function::Stitched { domain, bounds, encode, parts } if parts.iter().all(is_line) => {
            let mut ends = vec![*domain.first()?];
            ends.extend(bounds);
            ends.push(*domain.get(1)?);
            let pieces = parts.iter().zip(ends.windows(2)).zip(encode.chunks_exact(2)).map(|((part, range), encode)| {
                GradientPiece { range: [range[0], range[1]], from: part.at(&[encode[0]]), to: part.at(&[encode[1]]) }
            });
            Some(pieces.collect())
        }
        _ => None,
    }
}

impl Ramp {
    /// Finds the spot inks of a gradient in sRGB or grey.
    pub(super) fn find(pieces: &[GradientPiece], space: &Space, painter: &mut Painter<'_>) -> GradientSpots {
        let knots = knots(pieces, space);
        let solids: Vec<Solid> = knots.iter().map(|knot| painter.rgb(knot.rgb.map(byte))).collect();
        if solids.iter().all(|solid| solid.spot.is_none()) {
            return GradientSpots::None;
        }
        if knots.len() > MAX_KNOTS {
            return GradientSpots::Lost;
        }
        let is_token: Vec<bool> = knots.iter().map(|knot| painter.is_token(knot.rgb.map(byte))).collect();
        let mut fades: Vec<Fade> = Vec::new();
        for from in (0..knots.len()).filter(|at| solids[*at].spot.is_some()) {
            for forwards in [false, true] {
                let Some(to) = reach(&knots, &is_token, from, forwards) else { return GradientSpots::Lost };
                let places = [from.min(to), from.max(to)];
                if from != to && fades.iter().all(|fade| fade.knots != places) {
                    fades.push(Fade { knots: places, ends: places.map(|place| solids[place]) });
                }
            }
        }
        fades.sort_by_key(|fade| fade.knots);
        let mut spots: Vec<usize> = solids.iter().filter_map(|solid| solid.spot).collect();
        spots.sort_unstable();
        spots.dedup();
        let faded = |at: usize| fades.iter().any(|fade| (fade.knots[0]..fade.knots[1]).contains(&at));
        let is_inked = |solid: &Solid| solid.spot.is_none() && solid.ink != [0.0; 4];
        let process = fades.iter().any(|fade| fade.ends.iter().any(is_inked)) || (1..knots.len()).any(|at| !faded(at - 1));
        GradientSpots::Carried(Self { knots, fades, spots, process })
    }

    /// Returns the spot inks, by their indices in `Painter::spots`.
    pub(super) fn spots(&self) -> &[usize] {
        &self.spots
    }

    /// Returns the number of inks: spot inks, then process inks.
    pub(super) fn outputs(&self) -> usize {
        self.spots.len() + if self.process { 4 } else { 0 }
    }

    /// Returns the inks of a single colour, in the order of the colour space.
    pub(super) fn solid(&self, solid: &Solid) -> Vec<f32> {
        self.inks([(solid, 1.0)], None)
    }

    fn inks<'s>(&self, parts: impl IntoIterator<Item = (&'s Solid, f32)>, process: Option<[f32; 4]>) -> Vec<f32> {
        let mut tints = vec![0.0_f32; self.spots.len()];
        let mut sum = process.unwrap_or_default();
        for (solid, share) in parts {
            match solid.spot.and_then(|spot| self.spots.iter().position(|known| *known == spot)) {
                Some(place) => tints[place] = (tints[place] + share).min(1.0),
                None => sum.iter_mut().zip(solid.ink).for_each(|(sum, ink)| *sum = (*sum + share * ink).min(1.0)),
            }
        }
        if self.process {
            tints.extend(sum);
        }
        tints
    }

    /// Returns the inks at equal distances in a piece of the gradient: at `most` points if its ends are far apart, otherwise at
    /// its ends.
    pub(super) fn piece(&self, piece: &GradientPiece, space: &Space, painter: &mut Painter<'_>, most: usize) -> Vec<Vec<f32>> {
        let [from, to] = [&piece.from, &piece.to].map(|end| rgb(end, space));
        let far = from.iter().zip(to).any(|(from, to)| (from - to).abs() > super::shading::FAR);
        let samples = if far { most } else { 2 };
        let [start, end] = piece.range;
        // The middle of the piece is unambiguous; its ends may be knots.
        let middle = f32::midpoint(start, end);
        let fade = self.fades.iter().find(|fade| {
            let [first, last] = fade.knots.map(|knot| self.knots[knot].at);
            first <= middle && middle <= last && first < last
        });
        (0..samples)
            .map(|at| {
                let share = ratio(at, samples - 1);
                let colour = mixed_rgb(from, to, share);
                match fade {
                    Some(fade) => {
                        let share = self.share(fade, start + share * (end - start), colour, painter);
                        let [first, last] = &fade.ends;
                        self.inks([(first, 1.0 - share), (last, share)], None)
                    }
                    None => {
                        let process = painter.shade(colour);
                        self.inks([], Some(process))
                    }
                }
            })
            .collect()
    }

    /// Returns the share of the last colour of a fade in a mixture. If the ends differ in lightness, the printed mixture has the
    /// same relative lightness as `rgb`, because a tint of 50 % prints darker than the mean. Otherwise, the share is the position
    /// in the fade.
    fn share(&self, fade: &Fade, at: f32, rgb: [f32; 3], painter: &Painter<'_>) -> f32 {
        let [first, last] = fade.knots.map(|knot| self.knots[knot]);
        let place = ((at - first.at) / (last.at - first.at)).clamp(0.0, 1.0);
        if place <= 0.0005 || place >= 0.9995 {
            return place.round();
        }
        let light = |rgb: [f32; 3]| Lab::of_srgb(rgb).l;
        let printed = |share: f32| {
            let [first, last] = &fade.ends;
            let inks = std::array::from_fn(|ink| ((1.0 - share) * first.ink[ink] + share * last.ink[ink]).min(1.0));
            painter.press.profile.lab(inks).l
        };
        let (start, end) = (light(first.rgb), light(last.rgb));
        let (dark, pale) = (printed(0.0), printed(1.0));
        if (end - start).abs() < CLEAR || (pale - dark).abs() < CLEAR || (end > start) != (pale > dark) {
            return place;
        }
        share_of_lightness(printed, (light(rgb) - start) / (end - start))
    }

    /// Returns the function of one input from the position in the gradient to inks. `inks` contains colours at equal distances
    /// for each piece.
    pub(super) fn function(&self, pieces: &[GradientPiece], inks: &[Vec<Vec<f32>>], add: Add<'_>) -> Object {
        let pieces: Vec<_> = pieces.iter().zip(inks).filter(|(piece, _)| piece.range[0] < piece.range[1]).collect();
        let mut functions: Vec<Object> = pieces
            .iter()
            .map(|(_, inks)| match inks.as_slice() {
                [from, to] => linear([0.0, 1.0], from, to).into(),
                inks => {
                    let mut next = inks.iter();
                    add(sampled(&[[0.0, 1.0]], inks.len(), self.outputs(), |_| next.next().cloned().unwrap_or_default()))
                }
            })
            .collect();
        let range =
            pieces.first().zip(pieces.last()).map_or([0.0, 1.0], |((first, _), (last, _))| [first.range[0], last.range[1]]);
        if functions.len() == 1 && range == [0.0, 1.0] {
            return functions.pop().unwrap_or(Object::Null);
        }
        let reals = |values: Vec<f32>| Object::Array(values.into_iter().map(Object::Real).collect());
        let mut dictionary = Dictionary::new();
        dictionary.set("FunctionType", 3);
        dictionary.set("Domain", reals(range.to_vec()));
        dictionary.set("Bounds", reals(pieces.iter().skip(1).map(|(piece, _)| piece.range[0]).collect()));
        dictionary.set("Encode", units(functions.len()));
        dictionary.set("Functions", functions);
        dictionary.into()
    }

    /// Returns the colour space: one spot ink alone, or the spot inks and the process inks.
    pub(super) fn space(&self, walk: &mut Walk<'_>) -> Object {
        match self.spots.as_slice() {
            [only] if !self.process => walk.spot_space(*only).map_or(Object::Null, Object::Reference),
            _ => walk.mixed_space(&self.spots, self.process).into(),
        }
    }
}

/// Returns the share whose printed lightness is at `place`, from 0 to 1, between the printed lightness of the shares 0 and 1.
fn share_of_lightness(printed: impl Fn(f32) -> f32, place: f32) -> f32 {
    let (first, last) = (printed(0.0), printed(1.0));
    let wanted = first + place.clamp(0.0, 1.0) * (last - first);
    let (mut low, mut high) = (0.0_f32, 1.0_f32);
    for _ in 0..14 {
        let middle = f32::midpoint(low, high);
        if (printed(middle) < wanted) == (last > first) { low = middle } else { high = middle }
    }
    f32::midpoint(low, high)
}

/// Returns the tint of a spot ink for a mixture of its colour and white, as layouts derive shades of a colour: the tint with the
/// lightness of the mixture. `None` for other colours, and for a spot ink that is hardly darker than paper.
pub(super) fn tint(ink: ([u8; 3], [f32; 4]), rgb: [u8; 3], press: &OutputProfile) -> Option<f32> {
    let (own, colour) = (unit(ink.0), unit(rgb));
    let light = |rgb: [f32; 3]| Lab::of_srgb(rgb).l;
    let range = light([1.0; 3]) - light(own);
    if range < CLEAR || !is_between(own, [1.0; 3], colour) {
        return None;
    }
    let printed = |tint: f32| press.lab(ink.1.map(|part| tint * part)).l;
    Some(share_of_lightness(printed, (light([1.0; 3]) - light(colour)) / range))
}

/// Returns the black ink over a solid spot ink for a mixture of its colour and black: the amount with the lightness of the
/// mixture. `None` for other colours, and for a spot ink that is hardly lighter than black.
pub(super) fn black_over(ink: ([u8; 3], [f32; 4]), rgb: [u8; 3], press: &OutputProfile) -> Option<f32> {
    let (own, colour) = (unit(ink.0), unit(rgb));
    let light = Lab::of_srgb(own).l;
    if light < CLEAR || !is_between(own, [0.0; 3], colour) {
        return None;
    }
    let [cyan, magenta, yellow, black] = ink.1;
    let printed = |over: f32| press.lab([cyan, magenta, yellow, (black + over).min(1.0)]).l;
    Some(share_of_lightness(printed, 1.0 - Lab::of_srgb(colour).l / light))
}

/// Returns whether a colour is a mixture of two others, in sRGB or in Oklab.
fn is_between(first: [f32; 3], last: [f32; 3], colour: [f32; 3]) -> bool {
    let is_near = |mix: Mixing, share: f32| {
        mix(first, last, share).iter().zip(colour).all(|(mixture, channel)| (mixture - channel).abs() <= NEAR)
    };
    [srgb as Mixing, oklab].into_iter().any(|mix| (1..200_u16).any(|share| is_near(mix, f32::from(share) / 200.0)))
}

/// Returns the colour space of a spot ink under black ink (ISO 32000-1 §8.6.6.5).
pub(super) fn under_black((name, ink): (&str, [f32; 4]), add: Add<'_>) -> Object {
    let mut function = Dictionary::new();
    function.set("FunctionType", 4);
    function.set("Domain", units(2));
    function.set("Range", units(4));
    let [cyan, magenta, yellow, black] = ink;
    let code = format!("{{exch dup {cyan} mul exch dup {magenta} mul exch dup {yellow} mul exch {black} mul 5 -1 roll add}}");
    let tint = add(Stream::new(function, code.into_bytes()));
    let mut colorants = Dictionary::new();
    colorants.set(name.as_bytes().to_vec(), spot(name, ink));
    let mut attributes = Dictionary::new();
    attributes.set("Colorants", colorants);
    let names = vec![Object::Name(name.as_bytes().to_vec()), "Black".into()];
    Object::Array(vec!["DeviceN".into(), Object::Array(names), "DeviceCMYK".into(), tint, attributes.into()])
}

/// Adds a stream to the document and returns a reference to it.
pub(super) type Add<'a> = &'a mut dyn FnMut(Stream) -> Object;

/// Returns a colour space of spot inks, and optionally of process inks (ISO 32000-1 §8.6.6.5). Its tint transformation adds the
/// nearest process inks of the spot inks.
pub(super) fn mixed(spots: &[(&str, [f32; 4])], process: bool, add: Add<'_>) -> Object {
    let names = spots.iter().map(|(name, _)| Object::Name(name.as_bytes().to_vec()));
    let inks = ["Cyan", "Magenta", "Yellow", "Black"].into_iter().filter(|_| process).map(Object::from);
    let names: Vec<Object> = names.chain(inks).collect();
    let mut function = Dictionary::new();
    function.set("FunctionType", 4);
    function.set("Domain", units(names.len()));
    function.set("Range", units(4));
    let tint = add(Stream::new(function, tint_transformation(spots, process)));
    let colorants: Dictionary = spots.iter().map(|(name, ink)| (name.as_bytes().to_vec(), spot(name, *ink))).collect();
    let mut attributes = Dictionary::new();
    attributes.set("Colorants", colorants);
    Object::Array(vec!["DeviceN".into(), Object::Array(names), "DeviceCMYK".into(), tint, attributes.into()])
}

/// Returns the bounds 0 and 1 for a number of values.
fn units(count: usize) -> Object {
    Object::Array((0..2 * count).map(|at| Object::Integer(i64::from(at % 2 == 1))).collect())
}

/// Returns the PostScript code of the tint transformation: each process ink is the sum of its own tint and its shares in the spot
/// inks. The range of the function clips the sum to 1.
fn tint_transformation(spots: &[(&str, [f32; 4])], process: bool) -> Vec<u8> {
    let inputs = spots.len() + if process { 4 } else { 0 };
    let mut code = String::from("{");
    for ink in 0..4 {
        // Depth from the top of the stack, below the computed inks.
        let depth = |input: usize| inputs + ink - 1 - input;
        let own = if process { format!("{} index ", depth(spots.len() + ink)) } else { "0 ".into() };
        code.push_str(&own);
        for (input, (_, nearest)) in spots.iter().enumerate() {
            code.push_str(&format!("{} index {} mul add ", depth(input) + 1, nearest[ink]));
        }
    }
    code.push_str(&format!("{} 4 roll {}}}", inputs + 4, "pop ".repeat(inputs)));
    code.into_bytes()
}

/// Returns the sRGB values of a colour.
fn rgb(values: &[f32], space: &Space) -> [f32; 3] {
    let at = |place: usize| values.get(place).copied().unwrap_or_default();
    match space {
        Space::Gray => [at(0); 3],
        _ => [at(0), at(1), at(2)],
    }
}

fn knots(pieces: &[GradientPiece], space: &Space) -> Vec<Knot> {
    let ends = pieces.iter().flat_map(|piece| {
        let [from, to] = [&piece.from, &piece.to].map(|end| rgb(end, space));
        [Knot { at: piece.range[0], rgb: from }, Knot { at: piece.range[1], rgb: to }]
    });
    let mut knots: Vec<Knot> = Vec::new();
    ends.for_each(|knot| {
        if knots.last() != Some(&knot) {
            knots.push(knot);
        }
    });
    knots
}

fn mixed_rgb(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    std::array::from_fn(|channel| from[channel] + share * (to[channel] - from[channel]))
}

/// Returns the last knot of the fade that starts at a spot ink: the next token, the end of the gradient, a discontinuity, or the
/// farthest knot up to which all colours are mixtures of both ends in sRGB or Oklab. `None` if the mixtures are in another colour
/// space, because they then have other hues than the two ends.
fn reach(knots: &[Knot], is_token: &[bool], from: usize, forwards: bool) -> Option<usize> {
    let step = |at: usize| if forwards { Some(at + 1).filter(|next| *next < knots.len()) } else { at.checked_sub(1) };
    let mut last = from;
    while let Some(next) = step(last) {
        if knots[next].at == knots[last].at {
            break;
        }
        last = next;
        if is_token[last] {
            break;
        }
    }
    let path: Vec<Knot> = if forwards { knots[from..=last].to_vec() } else { knots[last..=from].iter().rev().copied().collect() };
    let farthest = |mix: Mixing| (1..path.len()).rev().find(|end| is_mixture(&path[..=*end], mix)).unwrap_or(0);
    let straight = [srgb as Mixing, oklab].map(farthest).into_iter().max().unwrap_or(0);
    let around = [oklch as Mixing, hsl, hsv].map(farthest).into_iter().max().unwrap_or(0);
    (straight >= around).then(|| if forwards { from + straight } else { from - straight })
}

/// Returns whether all colours of a path are mixtures of its ends.
fn is_mixture(path: &[Knot], mix: Mixing) -> bool {
    let [first, inner @ .., last] = path else { return true };
    let span = last.at - first.at;
    inner.iter().all(|knot| {
        let mixture = mix(first.rgb, last.rgb, (knot.at - first.at) / span);
        mixture.iter().zip(knot.rgb).all(|(mixture, colour)| (mixture - colour).abs() <= NEAR)
    })
}

/// Mixes two colours of sRGB in a colour space. The last value is the share of the second colour.
type Mixing = fn([f32; 3], [f32; 3], f32) -> [f32; 3];

fn srgb(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    mixed_rgb(from, to, share)
}

fn oklab(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    mixed_in::<Oklab>(from, to, share)
}

fn oklch(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    mixed_in::<Oklch>(from, to, share)
}

fn hsl(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    mixed_in::<Hsl>(from, to, share)
}

fn hsv(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    mixed_in::<Hsv>(from, to, share)
}

fn mixed_in<S>(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3]
where
    S: FromColor<Srgb> + IntoColor<Srgb> + Mix<Scalar = f32>,
{
    let [from, to] = [from, to].map(|[red, green, blue]| S::from_color(Srgb::new(red, green, blue)));
    let mixture: Srgb = from.mix(to, share).into_color();
    [mixture.red, mixture.green, mixture.blue]
}
