//! Colour spaces (ISO 32000-1 §8.6): the meaning of colour components, and their conversion to inks.

use std::collections::BTreeMap;
use std::sync::Arc;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::colour::{Painter, Solid};
use super::function::{Function, linear, ratio};
use super::{FinishError, entry, numbers, plain};
use crate::disk::Digest;
use crate::icc::{Channels, Lab, SourceProfile, byte, luminosity, luminosity_of_ink};

/// A colour space.
#[derive(Clone, Debug)]
pub(super) enum Space {
    /// sRGB grey. DeviceGray is treated as sRGB grey.
    Gray,
    /// sRGB. DeviceRGB is treated as sRGB.
    Rgb,
    /// The inks of the press.
    Cmyk,
    /// A colour space with an ICC profile other than that of the press.
    Profiled(Digest, Arc<SourceProfile>),
    Lab([f32; 4]),
    Pattern(Option<Box<Self>>),
    Indexed(Box<Self>, Vec<u8>),
    Tint(Box<Tint>),
}

/// A `Separation` or `DeviceN` colour space.
#[derive(Clone, Debug)]
pub(super) struct Tint {
    pub names: Vec<Vec<u8>>,
    pub alternate: Space,
    pub function: Function,
}

/// A reader of colour spaces, which parses each profile once.
pub(super) struct Spaces {
    press: Digest,
    profiles: BTreeMap<ObjectId, Space>,
}

/// Maximum depth of nested colour spaces.
const MAX_DEPTH: usize = 4;

impl Spaces {
    /// Creates a reader. `press` is the digest of the profile of the press.
    pub(super) fn new(press: Digest) -> Self {
        Self { press, profiles: BTreeMap::new() }
    }

    /// Reads a colour space, by its name in the resources or as an object.
    pub(super) fn read(
        &mut self,
        document: &Document,
        object: &Object,
        resources: Option<&Dictionary>,
    ) -> Result<Space, FinishError> {
        self.read_nested(document, object, resources, 0)
    }

    fn read_nested(
        &mut self,
        document: &Document,
        object: &Object,
        resources: Option<&Dictionary>,
        depth: usize,
    ) -> Result<Space, FinishError> {
        let fault = || FinishError::Unexpected("a colour space is damaged".into());
        let (_, object) = document.dereference(object).map_err(|_| fault())?;
        if depth > MAX_DEPTH {
            return Err(fault());
        }
        let list = match object {
            Object::Name(name) => {
                return match name.as_slice() {
                    b"DeviceGray" | b"G" | b"CalGray" => Ok(Space::Gray),
                    b"DeviceRGB" | b"RGB" | b"CalRGB" => Ok(Space::Rgb),
                    b"DeviceCMYK" | b"CMYK" => Ok(Space::Cmyk),
                    b"Pattern" => Ok(Space::Pattern(None)),
                    name => {
                        let spaces = resources.and_then(|resources| entry(document, resources, b"ColorSpace"));
                        let space = spaces.and_then(|spaces| spaces.as_dict().ok()?.get(name).ok()).ok_or_else(fault)?;
                        self.read_nested(document, space, None, depth + 1)
                    }
                };
            }
            Object::Array(list) => list,
            _ => return Err(fault()),
        };
        let family = list.first().and_then(|family| family.as_name().ok()).ok_or_else(fault)?;
        let item = |at: usize| list.get(at).ok_or_else(fault);
        let inner =
            |spaces: &mut Self, at: usize| item(at).and_then(|space| spaces.read_nested(document, space, resources, depth + 1));
        match family {
            b"DeviceGray" | b"CalGray" | b"G" => Ok(Space::Gray),
            b"DeviceRGB" | b"CalRGB" | b"RGB" => Ok(Space::Rgb),
            b"DeviceCMYK" | b"CMYK" => Ok(Space::Cmyk),
            b"ICCBased" => self.profiled(document, item(1)?),
            b"Lab" => {
                let dictionary = document.dereference(item(1)?).ok().and_then(|(_, object)| object.as_dict().ok());
                let range = dictionary.and_then(|dictionary| entry(document, dictionary, b"Range"));
                let range = range.and_then(|range| <[f32; 4]>::try_from(numbers(document, range)).ok());
                Ok(Space::Lab(range.unwrap_or([-100.0, 100.0, -100.0, 100.0])))
            }
            b"Pattern" if list.len() > 1 => Ok(Space::Pattern(Some(Box::new(inner(self, 1)?)))),
            b"Pattern" => Ok(Space::Pattern(None)),
            b"Indexed" | b"I" => {
                let base = inner(self, 1)?;
                let table = match document.dereference(item(3)?).map_err(|_| fault())?.1 {
                    Object::String(table, _) => table.clone(),
                    Object::Stream(stream) => plain(stream)?,
                    _ => return Err(fault()),
                };
                Ok(Space::Indexed(Box::new(base), table))
            }
            b"Separation" | b"DeviceN" => {
                let names = match document.dereference(item(1)?).map_err(|_| fault())?.1 {
                    Object::Name(name) => vec![name.clone()],
                    Object::Array(names) => names.iter().filter_map(|name| Some(name.as_name().ok()?.to_vec())).collect(),
                    _ => return Err(fault()),
                };
                let (alternate, function) = (inner(self, 2)?, Function::read(document, item(3)?)?);
                Ok(Space::Tint(Box::new(Tint { names, alternate, function })))
            }
            family => Err(FinishError::Unexpected(format!("a colour space is {}", String::from_utf8_lossy(family)))),
        }
    }

    fn profiled(&mut self, document: &Document, object: &Object) -> Result<Space, FinishError> {
        let fault = || FinishError::Unexpected("a colour profile is damaged".into());
        let id = object.as_reference().map_err(|_| fault())?;
        if let Some(space) = self.profiles.get(&id) {
            return Ok(space.clone());
        }
        let stream = document.get_object(id).and_then(Object::as_stream).map_err(|_| fault())?;
        let channels = stream.dict.get(b"N").and_then(Object::as_i64).ok();
        let space = self.of_profile(&plain(stream)?, channels)?;
        self.profiles.insert(id, space.clone());
        Ok(space)
    }
}

impl Spaces {
    /// Returns the colour space of a profile. `channels` is the number of components (`N`), for a profile that cannot be read.
    pub(super) fn of_profile(&self, bytes: &[u8], channels: Option<i64>) -> Result<Space, FinishError> {
        let digest = Digest::of(bytes);
        match (SourceProfile::parse(bytes), channels) {
            _ if digest == self.press => Ok(Space::Cmyk),
            (Ok(profile), _) if profile.is_srgb() => Ok(match profile.channels() {
                Channels::Gray => Space::Gray,
                _ => Space::Rgb,
            }),
            (Ok(profile), _) => Ok(Space::Profiled(digest, Arc::new(profile))),
            // Renderers use the alternate colour space if they cannot read the profile.
            (Err(_), Some(1)) => Ok(Space::Gray),
            (Err(_), Some(3)) => Ok(Space::Rgb),
            (Err(_), Some(4)) => Ok(Space::Cmyk),
            _ => Err(FinishError::Unexpected("a colour profile is damaged".into())),
        }
    }
}

impl Space {
    /// Returns the number of components.
    pub(super) fn components(&self) -> usize {
        match self {
            Self::Gray | Self::Indexed(..) => 1,
            Self::Rgb | Self::Lab(_) => 3,
            Self::Cmyk => 4,
            Self::Profiled(_, profile) => profile.channels().count(),
            Self::Pattern(_) => 0,
            Self::Tint(tint) => tint.names.len(),
        }
    }

    /// Returns the initial colour.
    pub(super) fn initial(&self) -> Vec<f32> {
        match self {
            Self::Cmyk => vec![0.0, 0.0, 0.0, 1.0],
            Self::Profiled(_, profile) if profile.channels() == Channels::Cmyk => vec![0.0, 0.0, 0.0, 1.0],
            Self::Tint(tint) => vec![1.0; tint.names.len()],
            space => vec![0.0; space.components()],
        }
    }

    /// Returns the inks of a colour. Missing components are 0.
    pub(super) fn solid(&self, values: &[f32], painter: &mut Painter<'_>) -> Solid {
        let at = |place: usize| values.get(place).copied().unwrap_or_default();
        match self {
            Self::Gray => painter.rgb([byte(at(0)); 3]),
            Self::Rgb => painter.rgb([byte(at(0)), byte(at(1)), byte(at(2))]),
            Self::Cmyk => painter.given([0, 1, 2, 3].map(|place| at(place).clamp(0.0, 1.0))),
            Self::Profiled(_, profile) => {
                let ink = painter.press.profile.ink_from(profile, [at(0), at(1), at(2), at(3)]);
                Solid { by_profile: true, ..painter.given(ink.map(|part| (part * 10_000.0).round() / 10_000.0)) }
            }
            Self::Lab(_) => painter.lab(Lab { l: at(0), a: at(1), b: at(2) }),
            Self::Pattern(_) => Solid::of([0.0; 4]),
            Self::Indexed(base, table) => base.solid(&base.indexed(table, at(0)), painter),
            Self::Tint(tint) => tint.alternate.solid(&tint.function.at(values), painter),
        }
    }

    /// Returns the inks of a colour inside a gradient.
    pub(super) fn shade(&self, values: &[f32], painter: &mut Painter<'_>) -> [f32; 4] {
        let at = |place: usize| values.get(place).copied().unwrap_or_default();
        match self {
            Self::Rgb => painter.shade([at(0), at(1), at(2)]),
            Self::Tint(tint) => tint.alternate.shade(&tint.function.at(values), painter),
            space => space.solid(values, painter).ink,
        }
    }

    /// Returns the grey of a colour in a luminosity mask.
    pub(super) fn light(&self, values: &[f32]) -> f32 {
        let at = |place: usize| values.get(place).copied().unwrap_or_default();
        match self {
            Self::Gray => at(0),
            Self::Rgb => luminosity([at(0), at(1), at(2)]),
            Self::Cmyk => luminosity_of_ink([at(0), at(1), at(2), at(3)]),
            Self::Profiled(_, profile) => match profile.channels() {
                Channels::Gray => at(0),
                Channels::Rgb => luminosity([at(0), at(1), at(2)]),
                Channels::Cmyk => luminosity_of_ink([at(0), at(1), at(2), at(3)]),
            },
            Self::Lab(_) => at(0) / 100.0,
            Self::Pattern(_) => 0.0,
            Self::Indexed(base, table) => base.light(&base.indexed(table, at(0))),
            Self::Tint(tint) => tint.alternate.light(&tint.function.at(values)),
        }
    }

    /// Returns the colour of an entry of an `Indexed` table.
    pub(super) fn indexed(&self, table: &[u8], index: f32) -> Vec<f32> {
        let count = self.components();
        let start = super::function::whole(index.min(65_535.0)) * count;
        let bytes = table.get(start..start + count).unwrap_or_default();
        bytes.iter().enumerate().map(|(at, byte)| self.decoded(at, f32::from(*byte) / 255.0)).collect()
    }

    /// Maps a sample from 0 to 1 to the range of a component.
    pub(super) fn decoded(&self, component: usize, share: f32) -> f32 {
        match (self, component) {
            (Self::Lab(_), 0) => share * 100.0,
            (Self::Lab([low, high, ..]), 1) | (Self::Lab([_, _, low, high]), _) => low + share * (high - low),
            _ => share,
        }
    }
}

impl Tint {
    /// Returns whether the colorants are kept as plates.
    pub(super) fn is_kept(&self) -> bool {
        self.names.len() == 1 || matches!(self.alternate, Space::Cmyk)
    }

    /// Returns the colour space with DeviceCMYK as the alternate colour space.
    pub(super) fn object(&self, painter: &mut Painter<'_>, add: &mut dyn FnMut(Object) -> ObjectId) -> Object {
        let known = |name: &[u8]| painter.spots.iter().find(|(spot, _)| spot.as_bytes() == name).copied();
        // All `Separation` colour spaces of an ink need the same alternate colour space and tint transformation.
        if let [name] = self.names.as_slice()
            && let Some((name, ink)) = known(name)
        {
            return spot(name, ink);
        }
        let steps = if self.names.len() == 1 { 33 } else { 5 };
        let function = match (&self.function, &self.alternate) {
            (Function::Exponential { from, to, power, .. }, _) if *power == 1.0 => {
                let ends = [from, to].map(|end| self.alternate.solid(end, painter).ink);
                Object::Dictionary(linear([0.0, 1.0], &ends[0], &ends[1]))
            }
            _ => {
                let sample = |at: &[f32]| self.alternate.solid(&self.function.at(at), painter).ink.to_vec();
                let stream = sampled(&vec![[0.0, 1.0]; self.names.len()], steps, 4, sample);
                add(stream.into()).into()
            }
        };
        let names: Vec<Object> = self.names.iter().map(|name| Object::Name(name.clone())).collect();
        let (family, names) = match names.as_slice() {
            [name] => ("Separation", name.clone()),
            _ => ("DeviceN", Object::Array(names)),
        };
        Object::Array(vec![family.into(), names, "DeviceCMYK".into(), function])
    }
}

/// Returns the `Separation` colour space of a spot ink.
pub(super) fn spot(name: &str, ink: [f32; 4]) -> Object {
    let function = linear([0.0, 1.0], &[0.0; 4], &ink);
    Object::Array(vec!["Separation".into(), Object::Name(name.as_bytes().to_vec()), "DeviceCMYK".into(), function.into()])
}

/// Returns a sampled function with `steps` samples of 16 bits in each input.
pub(super) fn sampled(domain: &[[f32; 2]], steps: usize, outputs: usize, mut value: impl FnMut(&[f32]) -> Vec<f32>) -> Stream {
    let mut data = Vec::new();
    let count = steps.pow(u32::try_from(domain.len()).unwrap_or(1));
    for at in 0..count {
        let mut rest = at;
        let input: Vec<f32> = domain
            .iter()
            .map(|[low, high]| {
                let share = ratio(rest % steps, steps - 1);
                rest /= steps;
                low + share * (high - low)
            })
            .collect();
        let values = value(&input);
        for output in 0..outputs {
            let value = values.get(output).copied().unwrap_or_default().clamp(0.0, 1.0);
            data.extend_from_slice(&sixteen(value).to_be_bytes());
        }
    }
    let mut dictionary = Dictionary::new();
    dictionary.set("FunctionType", 0);
    dictionary.set("Domain", domain.iter().flatten().map(|bound| Object::Real(*bound)).collect::<Vec<_>>());
    dictionary.set("Range", (0..2 * outputs).map(|at| Object::Integer(i64::from(at % 2 == 1))).collect::<Vec<_>>());
    let size = i64::try_from(steps).unwrap_or(2);
    dictionary.set("Size", vec![Object::Integer(size); domain.len()]);
    dictionary.set("BitsPerSample", 16);
    Stream::new(dictionary, data)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn sixteen(value: f32) -> u16 {
    (value * 65535.0 + 0.5) as u16
}
