//! Gradients (ISO 32000-1 §8.7.4.5): their functions are converted to inks, or to grey in a luminosity mask.

use lopdf::{Dictionary, Object, ObjectId, Stream};

use super::colour::{Solid, total};
use super::function::{Function, GradientPiece, linear, rounded};
use super::layers::PaintedArea;
use super::matrix::Rect;
use super::mesh;
use super::postscript::Program;
use super::space::{Space, sampled};
use super::spots::{self, GradientSpots, Ramp};
use super::usage::Usage;
use super::walk::Walk;
use super::{FinishError, InkSet, PaintContext, entry, numbers};
use crate::icc::neutral;

/// Maximum difference between the ends of a piece that is interpolated in inks. A piece with a larger difference is sampled,
/// because its middle would be off by a colour difference of 7 to 13.
pub(super) const FAR: f32 = 24.0 / 255.0;

/// Number of samples of a piece.
const SAMPLES: usize = 17;

/// Number of samples of a function whose pieces are unknown: with one input, and for each of two inputs.
const DENSE: usize = 256;
const DENSE_PLANE: usize = 65;

/// Entries of a shading that are copied.
const SHARED_KEYS: [&[u8]; 12] = [
    b"ShadingType",
    b"BBox",
    b"AntiAlias",
    b"Coords",
    b"Domain",
    b"Extend",
    b"Matrix",
    b"BitsPerCoordinate",
    b"BitsPerComponent",
    b"BitsPerFlag",
    b"Decode",
    b"VerticesPerRow",
];

/// Converts a shading and records its inks.
pub(super) fn convert<'a>(
    walk: &mut Walk<'a>,
    shading: &'a Object,
    resources: Option<&'a Dictionary>,
    context: PaintContext,
) -> Result<(Object, Usage), FinishError> {
    let fault = || FinishError::Unexpected("a gradient is damaged".into());
    let document = walk.document;
    let dictionary = match shading {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        _ => return Err(fault()),
    };
    let space = walk.spaces.read(document, dictionary.get(b"ColorSpace").map_err(|_| fault())?, resources)?;
    let kind = entry(document, dictionary, b"ShadingType").and_then(|kind| kind.as_i64().ok()).unwrap_or_default();
    let function = dictionary.get(b"Function").ok().map(|function| Function::read(document, function)).transpose()?;
    let mut new = Dictionary::new();
    for key in SHARED_KEYS {
        if let Some(value) = entry(document, dictionary, key) {
            new.set(key, value.clone());
        }
    }
    let luminosity = context == PaintContext::Luminosity;
    new.set("ColorSpace", if luminosity { "DeviceGray" } else { "DeviceCMYK" });
    let is_grey = function.as_ref().is_some_and(|function| is_neutral(&space, function));
    let mut colours = ShadingColours { walk, space: &space, luminosity, is_grey, usage: Usage::default(), streams: Vec::new() };
    let spots = function.as_ref().and_then(|function| colours.spots(function, kind));
    if let Some(background) = entry(document, dictionary, b"Background") {
        let background = numbers(document, background);
        let background = match &spots {
            Some(spots) => spots.ramp.solid(&space.solid(&background, &mut colours.walk.painter)),
            None => colours.target(&background),
        };
        new.set("Background", background.iter().map(|value| rounded(*value)).collect::<Vec<_>>());
    }
    if let Some(spots) = &spots {
        new.set("ColorSpace", spots.ramp.space(colours.walk));
    }
    let mut vertices = None;
    match &function {
        Some(_) if let Some(spots) = &spots => new.set("Function", colours.spot_function(spots)),
        Some(function) if kind == 1 => new.set("Function", colours.plane(function)),
        Some(function) => new.set("Function", colours.ramp(function)),
        None if mesh::is_mesh(kind) => {
            let Object::Stream(stream) = shading else { return Err(fault()) };
            let data = super::plain(stream)?;
            vertices = Some(mesh::convert(document, dictionary, &data, &mut new, &mut |colour| colours.target(colour))?);
        }
        None => return Err(fault()),
    }
    let ShadingColours { usage, streams, .. } = colours;
    for (id, stream) in streams {
        walk.insert_plain(id, stream);
    }
    let object = match shading {
        Object::Stream(stream) => Object::Stream(Stream::new(new, vertices.map_or_else(|| super::plain(stream), Ok)?)),
        _ => Object::Dictionary(new),
    };
    Ok((object, usage))
}

/// Returns whether all colours of a gradient are greys, which are printed in black ink alone.
fn is_neutral(space: &Space, function: &Function) -> bool {
    match (space, function) {
        (Space::Gray, _) => true,
        (Space::Rgb, Function::Exponential { from, to, .. }) => [from, to]
            .into_iter()
            .all(|end| <[f32; 3]>::try_from(end.as_slice()).is_ok_and(|rgb| neutral(rgb.map(crate::icc::byte)).is_some())),
        (Space::Rgb, Function::Stitched { parts, .. }) => parts.iter().all(|part| is_neutral(space, part)),
        _ => false,
    }
}

/// Returns the `Range` from 0 to 1 for a number of outputs.
fn unit_range(outputs: usize) -> Vec<f32> {
    [0.0, 1.0].repeat(outputs)
}

/// A gradient whose spot inks are printed on their plates.
struct Spots {
    ramp: Ramp,
    pieces: Vec<GradientPiece>,
    /// The domain and the program of a function that computes the position in the gradient.
    program: Option<(Vec<f32>, Program)>,
}

struct ShadingColours<'w, 'a> {
    walk: &'w mut Walk<'a>,
    space: &'w Space,
    luminosity: bool,
    is_grey: bool,
    usage: Usage,
    streams: Vec<(ObjectId, Stream)>,
}

impl ShadingColours<'_, '_> {
    fn outputs(&self) -> usize {
        if self.luminosity { 1 } else { 4 }
    }

    /// Returns the values of a colour in the new colour space.
    fn target(&mut self, values: &[f32]) -> Vec<f32> {
        if self.luminosity {
            return vec![self.space.light(values)];
        }
        let painter = &mut self.walk.painter;
        let spot = self.space.solid(values, painter).spot.filter(|_| painter.press.mode == InkSet::Cmyk);
        self.usage.spot_gradients.extend(spot);
        let solid = self.space.solid(values, painter);
        self.usage.solid(&Solid { by_profile: true, ..solid });
        let ink = if self.is_grey { self.space.solid(values, painter).ink } else { self.space.shade(values, painter) };
        self.usage.inks(ink, PaintedArea::within(Rect::ALL));
        debug_assert!(total(ink) <= 4.0);
        ink.to_vec()
    }

    /// Returns whether linear interpolation in the new colour space is close enough between two colours.
    fn is_straight(&self, from: &[f32], to: &[f32]) -> bool {
        let kept = match self.space {
            Space::Cmyk => !self.luminosity && self.walk.painter.press.mode == InkSet::Cmyk,
            Space::Gray | Space::Rgb => self.luminosity,
            _ => false,
        };
        kept || from.iter().zip(to).all(|(from, to)| (from - to).abs() <= FAR)
    }

    /// Returns converted colours at equal distances between two colours.
    fn piece(&mut self, from: &[f32], to: &[f32], most: usize) -> Vec<Vec<f32>> {
        let samples = if self.is_straight(from, to) { 2 } else { most };
        let colour = |at: usize| {
            let share = super::function::ratio(at, samples - 1);
            from.iter().zip(to).map(|(from, to)| from + share * (to - from)).collect::<Vec<f32>>()
        };
        (0..samples).map(|at| self.target(&colour(at))).collect()
    }

    /// Converts a function of one input.
    fn ramp(&mut self, function: &Function) -> Object {
        match function {
            Function::Exponential { domain, from, to, power } if *power == 1.0 => {
                let (low, high) = (domain[0], domain[1]);
                let at = |x: f32| function.at(&[x]);
                let (first, last) = (at(low), at(high));
                debug_assert_eq!(from.len(), to.len());
                let colours = self.piece(&first, &last, SAMPLES);
                match colours.as_slice() {
                    [first, last] if low == 0.0 && high == 1.0 => linear([0.0, 1.0], first, last).into(),
                    colours => self.samples(&[[low, high]], colours.len(), |at| colours.get(at).cloned().unwrap_or_default()),
                }
            }
            Function::Stitched { domain, bounds, encode, parts } => {
                let list = |values: &[f32]| Object::Array(values.iter().map(|value| Object::Real(*value)).collect());
                let parts: Vec<Object> = parts.iter().map(|part| self.ramp(part)).collect();
                let mut dictionary = Dictionary::new();
                dictionary.set("FunctionType", 3);
                dictionary.set("Domain", list(domain));
                dictionary.set("Bounds", list(bounds));
                dictionary.set("Encode", list(encode));
                dictionary.set("Functions", parts);
                dictionary.into()
            }
            function => {
                let domain = function.domain();
                let bounds = [domain.first().copied().unwrap_or(0.0), domain.get(1).copied().unwrap_or(1.0)];
                let colours: Vec<Vec<f32>> = (0..DENSE)
                    .map(|at| {
                        let share = super::function::ratio(at, DENSE - 1);
                        self.target(&function.at(&[bounds[0] + share * (bounds[1] - bounds[0])]))
                    })
                    .collect();
                self.samples(&[bounds], DENSE, |at| colours.get(at).cloned().unwrap_or_default())
            }
        }
    }

    fn samples(&mut self, domain: &[[f32; 2]], steps: usize, value: impl Fn(usize) -> Vec<f32>) -> Object {
        let mut at = 0;
        let next = |_: &[f32]| {
            at += 1;
            value(at - 1)
        };
        let stream = sampled(domain, steps.max(2), self.outputs(), next);
        self.stream(stream)
    }

    fn stream(&mut self, stream: Stream) -> Object {
        let id = self.walk.new_id();
        self.streams.push((id, stream));
        id.into()
    }

    /// Converts a function of two inputs.
    fn plane(&mut self, function: &Function) -> Object {
        let domain = function.domain();
        if let Function::PostScript { domain, program, .. } = function {
            let inputs = self.space.components();
            let mut convert = |piece: &GradientPiece| self.piece(&piece.from, &piece.to, SAMPLES / 2 + 1);
            let recoloured = program.recolour(inputs, &mut convert);
            if let Some(program) = recoloured {
                let new = Function::PostScript { domain: domain.clone(), range: unit_range(self.outputs()), program };
                if self.agree(function, &new)
                    && let Function::PostScript { program, .. } = &new
                {
                    return self.program(domain, self.outputs(), program);
                }
            }
        }
        let bounds: Vec<[f32; 2]> = domain.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
        let steps = if bounds.len() == 2 { DENSE_PLANE } else { DENSE };
        let outputs = self.outputs();
        let stream = sampled(&bounds, steps, outputs, |at| self.target(&function.at(at)));
        self.stream(stream)
    }

    /// Writes a PostScript function.
    fn program(&mut self, domain: &[f32], outputs: usize, program: &Program) -> Object {
        let list = |values: &[f32]| Object::Array(values.iter().map(|value| Object::Real(*value)).collect());
        let mut dictionary = Dictionary::new();
        dictionary.set("FunctionType", 4);
        dictionary.set("Domain", list(domain));
        dictionary.set("Range", unit_range(outputs).into_iter().map(rounded).collect::<Vec<_>>());
        self.stream(Stream::new(dictionary, program.code()))
    }

    /// Returns the spot inks of a gradient, with its pieces, if their plates can print it. Records the spot inks that process
    /// inks replace.
    fn spots(&mut self, function: &Function, kind: i64) -> Option<Spots> {
        let plates = !self.luminosity && self.walk.painter.press.mode == InkSet::Cmyk;
        if !plates || !matches!(self.space, Space::Rgb | Space::Gray) {
            return None;
        }
        let (pieces, program) = match function {
            Function::PostScript { domain, program, .. } if kind == 1 => {
                (program.pieces(self.space.components())?, Some((domain.clone(), program.clone())))
            }
            function if matches!(kind, 2 | 3) => (spots::pieces(function)?, None),
            _ => return None,
        };
        match Ramp::find(&pieces, self.space, &mut self.walk.painter) {
            GradientSpots::Carried(ramp) => Some(Spots { ramp, pieces, program }),
            GradientSpots::None | GradientSpots::Lost => None,
        }
    }

    /// Writes the function of a gradient with spot inks, and records its inks.
    fn spot_function(&mut self, Spots { ramp, pieces, program }: &Spots) -> Object {
        let most = if program.is_some() { SAMPLES / 2 + 1 } else { SAMPLES };
        let inks: Vec<Vec<Vec<f32>>> =
            pieces.iter().map(|piece| ramp.piece(piece, self.space, &mut self.walk.painter, most)).collect();
        for colour in inks.iter().flatten() {
            let (tints, process) = colour.split_at(ramp.spots().len());
            self.usage.mixture(tints.iter().sum(), <[f32; 4]>::try_from(process).unwrap_or_default());
        }
        let names = ramp.spots().iter().filter_map(|spot| self.walk.painter.spots.get(*spot));
        self.usage.spots.extend(names.map(|(name, _)| name.as_bytes().to_vec()));
        match program {
            Some((domain, program)) => {
                let mut next = inks.into_iter();
                let recoloured = program.recolour(self.space.components(), &mut |_| next.next().unwrap_or_default());
                recoloured.map_or(Object::Null, |program| self.program(domain, ramp.outputs(), &program))
            }
            None => ramp.function(pieces, &inks, &mut |stream| self.stream(stream)),
        }
    }

    /// Returns whether the rewritten function agrees with the conversion of the original function at points across its domain.
    fn agree(&mut self, function: &Function, new: &Function) -> bool {
        let domain = function.domain();
        let [left, right, bottom, top] = <[f32; 4]>::try_from(domain).unwrap_or_default();
        (0..49).all(|at| {
            let share = |step: usize| (super::function::ratio(step, 7) + 0.06).min(1.0);
            let place = [left + share(at % 7) * (right - left), bottom + share(at / 7) * (top - bottom)];
            let wanted = self.target(&function.at(&place));
            wanted.iter().zip(new.at(&place)).all(|(wanted, given)| (wanted - given).abs() < 0.05)
        })
    }
}
