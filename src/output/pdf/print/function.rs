//! Reads and evaluates PDF functions (ISO 32000-1 §7.10).

use lopdf::{Dictionary, Document, Object};

use super::postscript::Program;
use super::{FinishError, entry, numbers, plain};

/// A function from numbers to numbers.
#[derive(Clone, Debug)]
pub(super) enum Function {
    Sampled {
        domain: Vec<f32>,
        size: Vec<usize>,
        encode: Vec<f32>,
        range: Vec<f32>,
        samples: Vec<f32>,
    },
    Exponential {
        domain: Vec<f32>,
        from: Vec<f32>,
        to: Vec<f32>,
        power: f32,
    },
    Stitched {
        domain: Vec<f32>,
        bounds: Vec<f32>,
        encode: Vec<f32>,
        parts: Vec<Self>,
    },
    PostScript {
        domain: Vec<f32>,
        range: Vec<f32>,
        program: Program,
    },
    /// Several functions of the same input, each with one output.
    Many(Vec<Self>),
}

/// A part of a gradient between two of its colours.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GradientPiece {
    /// Its start and its end.
    pub range: [f32; 2],
    pub from: Vec<f32>,
    pub to: Vec<f32>,
}

/// Maximum depth of nested functions.
const MAX_DEPTH: usize = 8;
/// Maximum number of samples of a function.
const MAX_SAMPLES: usize = 1 << 22;

impl Function {
    /// Reads a function, or an array of functions.
    pub(super) fn read(document: &Document, object: &Object) -> Result<Self, FinishError> {
        Self::read_nested(document, object, 0)
    }

    fn read_nested(document: &Document, object: &Object, depth: usize) -> Result<Self, FinishError> {
        let fault = || FinishError::Unexpected("a function is damaged".into());
        if depth > MAX_DEPTH {
            return Err(fault());
        }
        let (_, object) = document.dereference(object).map_err(|_| fault())?;
        let dictionary = match object {
            Object::Array(parts) => {
                let parts = parts.iter().map(|part| Self::read_nested(document, part, depth + 1));
                return Ok(Self::Many(parts.collect::<Result<_, _>>()?));
            }
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => return Err(fault()),
        };
        let list = |key: &[u8]| entry(document, dictionary, key).map(|object| numbers(document, object));
        let domain = list(b"Domain").filter(|domain| domain.len() >= 2).ok_or_else(fault)?;
        match entry(document, dictionary, b"FunctionType").and_then(|kind| kind.as_i64().ok()) {
            Some(0) => Self::sampled(document, object, domain).ok_or_else(fault),
            Some(2) => {
                let (from, to) = (list(b"C0").unwrap_or(vec![0.0]), list(b"C1").unwrap_or(vec![1.0]));
                let power = entry(document, dictionary, b"N").and_then(|power| power.as_float().ok()).unwrap_or(1.0);
                (from.len() == to.len()).then_some(Self::Exponential { domain, from, to, power }).ok_or_else(fault)
            }
            Some(3) => {
                let parts = entry(document, dictionary, b"Functions").and_then(|parts| parts.as_array().ok());
                let parts = parts.ok_or_else(fault)?.iter().map(|part| Self::read_nested(document, part, depth + 1));
                let parts: Vec<Self> = parts.collect::<Result<_, _>>()?;
                let (bounds, encode) = (list(b"Bounds").unwrap_or_default(), list(b"Encode").unwrap_or_default());
                let fits = !parts.is_empty() && bounds.len() + 1 == parts.len() && encode.len() == 2 * parts.len();
                fits.then_some(Self::Stitched { domain, bounds, encode, parts }).ok_or_else(fault)
            }
            Some(4) => {
                let code = object.as_stream().map_err(|_| fault()).and_then(plain)?;
                let range = list(b"Range").filter(|range| range.len() >= 2).ok_or_else(fault)?;
                Ok(Self::PostScript { domain, range, program: Program::parse(&code).ok_or_else(fault)? })
            }
            _ => Err(fault()),
        }
    }

    fn sampled(document: &Document, object: &Object, domain: Vec<f32>) -> Option<Self> {
        let stream = object.as_stream().ok()?;
        let list = |key: &[u8]| entry(document, &stream.dict, key).map(|object| numbers(document, object));
        let size: Vec<usize> = list(b"Size")?.iter().map(|size| whole(*size)).collect();
        let bits = whole(numbers(document, stream.dict.get(b"BitsPerSample").ok()?).first().copied()?);
        let range = list(b"Range")?;
        let outputs = range.len() / 2;
        let count = size.iter().try_fold(outputs, |all, size| all.checked_mul(*size)).filter(|count| *count <= MAX_SAMPLES)?;
        let decode = list(b"Decode").unwrap_or_else(|| range.clone());
        let encode =
            list(b"Encode").unwrap_or_else(|| size.iter().flat_map(|size| [0.0, ratio(size.saturating_sub(1), 1)]).collect());
        let fits = size.len() == domain.len() / 2 && size.len() <= 4 && size.iter().all(|size| *size > 0);
        if !fits || encode.len() != domain.len() || decode.len() != range.len() || outputs == 0 || !matches!(bits, 1..=32) {
            return None;
        }
        let data = plain(stream).ok()?;
        let mut bytes = SampleReader::new(&data, bits);
        let samples = (0..count).map(|at| {
            let out = at % outputs;
            decode[2 * out] + bytes.next() * (decode[2 * out + 1] - decode[2 * out])
        });
        Some(Self::Sampled { domain, size, encode, range, samples: samples.collect() })
    }

    /// Returns the minimum and the maximum of each input.
    pub(super) fn domain(&self) -> Vec<f32> {
        match self {
            Self::Sampled { domain, .. }
            | Self::Exponential { domain, .. }
            | Self::Stitched { domain, .. }
            | Self::PostScript { domain, .. } => domain.clone(),
            Self::Many(parts) => parts.first().map(Self::domain).unwrap_or_default(),
        }
    }

    /// Evaluates the function.
    pub(super) fn at(&self, input: &[f32]) -> Vec<f32> {
        match self {
            Self::Sampled { domain, size, encode, range, samples } => {
                let placed = clamped(input, domain).into_iter().zip(domain.chunks_exact(2)).zip(encode.chunks_exact(2));
                let placed: Vec<f32> = placed.map(|((x, from), to)| project(x, from, to)).collect();
                clamped(&interpolate(size, samples, range.len() / 2, &placed), range)
            }
            Self::Exponential { domain, from, to, power } => {
                let x = clamped(input, domain).first().copied().unwrap_or_default().max(0.0).powf(*power);
                from.iter().zip(to).map(|(from, to)| from + x * (to - from)).collect()
            }
            Self::Stitched { domain, bounds, encode, parts } => {
                let x = clamped(input, domain).first().copied().unwrap_or_default();
                let at = bounds.iter().take_while(|bound| x >= **bound).count().min(parts.len() - 1);
                let low = if at == 0 { domain[0] } else { bounds[at - 1] };
                let high = bounds.get(at).copied().unwrap_or(domain[1]);
                let encoded = project(x, &[low, high], encode.get(2 * at..2 * at + 2).unwrap_or(&[0.0, 1.0]));
                parts[at].at(&[encoded])
            }
            Self::PostScript { domain, range, program } => {
                let mut stack = program.run(&clamped(input, domain));
                let outputs = range.len() / 2;
                let surplus = stack.len().saturating_sub(outputs);
                stack.drain(..surplus);
                stack.resize(outputs, 0.0);
                clamped(&stack, range)
            }
            Self::Many(parts) => parts.iter().map(|part| part.at(input).first().copied().unwrap_or_default()).collect(),
        }
    }
}

/// Clamps values to pairs of bounds. Values without bounds are omitted.
fn clamped(values: &[f32], bounds: &[f32]) -> Vec<f32> {
    values.iter().zip(bounds.chunks_exact(2)).map(|(value, bound)| value.max(bound[0]).min(bound[1])).collect()
}

fn project(x: f32, from: &[f32], to: &[f32]) -> f32 {
    let span = from[1] - from[0];
    if span.abs() < f32::EPSILON { to[0] } else { to[0] + (x - from[0]) / span * (to[1] - to[0]) }
}

/// Interpolates linearly in every input; the first input varies fastest.
fn interpolate(size: &[usize], samples: &[f32], outputs: usize, at: &[f32]) -> Vec<f32> {
    let mut corners = vec![(0_usize, 1.0_f32)];
    let mut stride = 1;
    for (size, at) in size.iter().zip(at) {
        let at = at.clamp(0.0, ratio(size - 1, 1));
        let low = whole(at.floor()).min(size - 1);
        let share = at - at.floor();
        let high = (low + 1).min(size - 1);
        corners = corners
            .iter()
            .flat_map(|(node, weight)| [(node + low * stride, weight * (1.0 - share)), (node + high * stride, weight * share)])
            .collect();
        stride *= size;
    }
    let mut sum = vec![0.0; outputs];
    for (node, weight) in corners {
        let values = samples.get(node * outputs..(node + 1) * outputs).unwrap_or_default();
        sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
    }
    sum
}

/// Reads samples of equal width; missing bytes are 0.
struct SampleReader<'a> {
    data: &'a [u8],
    width: usize,
    at: usize,
}

impl<'a> SampleReader<'a> {
    fn new(data: &'a [u8], width: usize) -> Self {
        Self { data, width, at: 0 }
    }

    /// Returns the next sample, 0 to 1.
    fn next(&mut self) -> f32 {
        let mut value = 0_u64;
        for bit in self.at..self.at + self.width {
            let byte = self.data.get(bit / 8).copied().unwrap_or_default();
            value = value << 1 | u64::from(byte >> (7 - bit % 8) & 1);
        }
        self.at += self.width;
        let most = (1_u64 << self.width) - 1;
        #[expect(clippy::cast_precision_loss, reason = "samples are colours")]
        let share = (value as f64 / most as f64) as f32;
        share
    }
}

/// Returns a number as a count; negative numbers and NaN become 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub(super) fn whole(value: f32) -> usize {
    value as usize
}

/// Returns the quotient of two counts.
#[expect(clippy::cast_precision_loss, reason = "counts of pixels and samples")]
pub(super) fn ratio(of: usize, by: usize) -> f32 {
    of as f32 / by as f32
}

/// Returns the dictionary of a linear function (an exponential function with the exponent 1).
pub(super) fn linear(domain: [f32; 2], from: &[f32], to: &[f32]) -> Dictionary {
    let list = |values: &[f32]| Object::Array(values.iter().map(|value| rounded(*value)).collect());
    let mut dictionary = Dictionary::new();
    dictionary.set("FunctionType", 2);
    dictionary.set("Domain", list(&domain));
    dictionary.set("N", 1);
    dictionary.set("C0", list(from));
    dictionary.set("C1", list(to));
    dictionary
}

/// Returns a number rounded to four decimals; 0 and 1 are integers.
pub(super) fn rounded(value: f32) -> Object {
    let value = (value * 10_000.0).round() / 10_000.0;
    if value == 0.0 || value == 1.0 { Object::Integer(i64::from(value == 1.0)) } else { Object::Real(value) }
}
