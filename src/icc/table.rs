//! The tables of a profile: curves, matrices and grids from device values to the connection space, or back (ICC.1 §10.10 to
//! §10.13).

use moxcms::{LutDataType, LutMultidimensionalType, LutStore, LutType, LutWarehouse, Matrix3d, ParametricCurve, ToneReprCurve};

use super::ProfileFault;
use super::lab::{Lab, Xyz};

/// Maximum number of channels of a table: CMYK.
pub(super) const MAX_CHANNELS: usize = 4;

/// The encoding of colours of the profile connection space as values from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PcsCoding {
    /// L*a*b* of `lut16Type`, in which white is 0xFF00.
    OldLab,
    /// L*a*b* of all other types.
    Lab,
    /// XYZ, up to 1 + 32767/32768.
    Xyz,
}

const XYZ_RANGE: f32 = 1.0 + 32767.0 / 32768.0;

impl PcsCoding {
    pub(super) fn decode(self, [p, q, r]: [f32; 3]) -> Xyz {
        let old = 65535.0 / 65280.0;
        match self {
            Self::Lab => Lab { l: p * 100.0, a: q * 255.0 - 128.0, b: r * 255.0 - 128.0 }.xyz(),
            Self::OldLab => Lab { l: p * old * 100.0, a: q * old * 255.0 - 128.0, b: r * old * 255.0 - 128.0 }.xyz(),
            Self::Xyz => Xyz([p * XYZ_RANGE, q * XYZ_RANGE, r * XYZ_RANGE]),
        }
    }

    pub(super) fn encode(self, xyz: Xyz) -> [f32; 3] {
        let old = 65280.0 / 65535.0;
        let lab = xyz.lab();
        let values = [lab.l / 100.0, (lab.a + 128.0) / 255.0, (lab.b + 128.0) / 255.0];
        let values = match self {
            Self::Lab => values,
            Self::OldLab => values.map(|value| value * old),
            Self::Xyz => xyz.0.map(|value| value / XYZ_RANGE),
        };
        values.map(|value| value.clamp(0.0, 1.0))
    }
}

/// A function of one value. Argument and result are from 0 to 1.
#[derive(Debug)]
pub(super) enum Curve {
    Identity,
    Gamma(f32),
    Samples(Vec<f32>),
    Parametric(ParametricCurve),
}

impl Curve {
    pub(super) fn new(curve: &ToneReprCurve) -> Result<Self, ProfileFault> {
        Ok(match curve {
            ToneReprCurve::Lut(values) => match values.as_slice() {
                [] => Self::Identity,
                [gamma] => Self::Gamma(f32::from(*gamma) / 256.0),
                values => Self::Samples(values.iter().map(|value| f32::from(*value) / 65535.0).collect()),
            },
            ToneReprCurve::Parametric(parameters) if parameters.is_empty() => return Err(ProfileFault::Damaged),
            ToneReprCurve::Parametric(parameters) => {
                Self::Parametric(ParametricCurve::new(parameters).ok_or(ProfileFault::Damaged)?)
            }
        })
    }

    pub(super) fn at(&self, x: f32) -> f32 {
        let y = match self {
            Self::Identity => x,
            Self::Gamma(gamma) => x.max(0.0).powf(*gamma),
            Self::Samples(samples) => {
                let (low, share) = split(x, samples.len());
                let value = |at: usize| samples.get(at).copied().unwrap_or_default();
                value(low) + share * (value((low + 1).min(samples.len() - 1)) - value(low))
            }
            Self::Parametric(curve) => curve.eval(x),
        };
        if y.is_finite() { y.clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// Returns the node at or before a value from 0 to 1, and the interpolation weight of the next node.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "rows have at most 65,535 nodes"
)]
pub(super) fn split(value: f32, nodes: usize) -> (usize, f32) {
    let place = value.clamp(0.0, 1.0) * nodes.saturating_sub(1) as f32;
    let low = (place as usize).min(nodes.saturating_sub(2));
    (low, place - low as f32)
}

#[derive(Debug)]
enum Step {
    Curves(Vec<Curve>),
    Matrix([[f32; 3]; 3], [f32; 3]),
    Grid { sizes: Vec<usize>, outputs: usize, values: Vec<f32> },
}

/// A transform between channel values, all from 0 to 1.
#[derive(Debug)]
pub(super) struct LookupTable {
    pub inputs: usize,
    pub outputs: usize,
    /// Whether the type is `lut16Type`, which has its own encoding of L*a*b*.
    pub old: bool,
    steps: Vec<Step>,
}

impl LookupTable {
    /// Reads a table to the connection space, or from it.
    pub(super) fn new(table: &LutWarehouse, to_space: bool, xyz: bool) -> Result<Self, ProfileFault> {
        let table = match table {
            LutWarehouse::Lut(table) => Self::of_lut(table, !to_space && xyz)?,
            LutWarehouse::Multidimensional(table) => Self::of_stages(table, to_space)?,
        };
        table.is_sound().then_some(table).ok_or(ProfileFault::Damaged)
    }

    fn of_lut(table: &LutDataType, from_xyz: bool) -> Result<Self, ProfileFault> {
        let (inputs, outputs) = (usize::from(table.num_input_channels), usize::from(table.num_output_channels));
        let curves = |store: &LutStore, channels: usize| {
            let samples = normalised(store);
            let length = samples.len().checked_div(channels).unwrap_or_default();
            if length < 2 || samples.len() != length * channels {
                return Err(ProfileFault::Damaged);
            }
            Ok(Step::Curves(samples.chunks_exact(length).map(|samples| Curve::Samples(samples.to_vec())).collect()))
        };
        let mut steps = Vec::new();
        if from_xyz {
            steps.push(Step::Matrix(matrix(&table.matrix), [0.0; 3]));
        }
        steps.push(curves(&table.input_table, inputs)?);
        let sizes = vec![usize::from(table.num_clut_grid_points); inputs];
        steps.push(Step::Grid { sizes, outputs, values: normalised(&table.clut_table) });
        steps.push(curves(&table.output_table, outputs)?);
        Ok(Self { inputs, outputs, old: table.lut_type == LutType::Lut16, steps })
    }

    fn of_stages(table: &LutMultidimensionalType, to_space: bool) -> Result<Self, ProfileFault> {
        let (inputs, outputs) = (usize::from(table.num_input_channels), usize::from(table.num_output_channels));
        let curves = |curves: &[ToneReprCurve]| match curves {
            [] => Ok(None),
            curves => curves.iter().map(Curve::new).collect::<Result<_, _>>().map(|curves| Some(Step::Curves(curves))),
        };
        let (a, b, m) = (curves(&table.a_curves)?, curves(&table.b_curves)?, curves(&table.m_curves)?);
        let bias = table.bias.v.map(single);
        let matrix_step = m.is_some().then(|| Step::Matrix(matrix(&table.matrix), bias));
        let grid = table.clut.as_ref().map(|values| {
            let sizes = table.grid_points.iter().take(inputs).map(|size| usize::from(*size)).collect();
            Step::Grid { sizes, outputs, values: normalised(values) }
        });
        let steps = if to_space { [a, grid, m, matrix_step, b] } else { [b, matrix_step, m, grid, a] };
        Ok(Self { inputs, outputs, old: false, steps: steps.into_iter().flatten().collect() })
    }

    /// Returns whether the numbers of channels of successive steps match and the grids are complete.
    fn is_sound(&self) -> bool {
        let mut channels = self.inputs;
        let steps = self.steps.iter().all(|step| match step {
            Step::Curves(curves) => curves.len() == channels,
            Step::Matrix(..) => channels == 3,
            Step::Grid { sizes, outputs, values } => {
                let nodes = sizes.iter().try_fold(1_usize, |all, size| all.checked_mul(*size));
                let whole = sizes.len() == channels && sizes.iter().all(|size| *size >= 2);
                channels = *outputs;
                whole && nodes.and_then(|nodes| nodes.checked_mul(*outputs)) == Some(values.len())
            }
        });
        steps
            && channels == self.outputs
            && (1..=MAX_CHANNELS).contains(&self.inputs)
            && (3..=MAX_CHANNELS).contains(&self.outputs)
    }

    /// Applies the table. Missing outputs are 0.
    pub(super) fn at(&self, values: [f32; MAX_CHANNELS]) -> [f32; MAX_CHANNELS] {
        let mut values = values;
        for step in &self.steps {
            match step {
                Step::Curves(curves) => values.iter_mut().zip(curves).for_each(|(value, curve)| *value = curve.at(*value)),
                Step::Matrix(rows, bias) => {
                    let [p, q, r, _] = values;
                    for ((value, row), bias) in values.iter_mut().zip(rows).zip(bias) {
                        *value = (row[0] * p + row[1] * q + row[2] * r + bias).clamp(0.0, 1.0);
                    }
                }
                Step::Grid { sizes, outputs, values: nodes } => values = between(sizes, *outputs, nodes, values),
            }
        }
        values
    }
}

/// Interpolates linearly in every channel.
fn between(sizes: &[usize], outputs: usize, nodes: &[f32], values: [f32; MAX_CHANNELS]) -> [f32; MAX_CHANNELS] {
    let mut corners = [(0_usize, 1.0_f32); 1 << MAX_CHANNELS];
    let mut count = 1;
    for (size, value) in sizes.iter().zip(values) {
        let (low, share) = split(value, *size);
        for at in 0..count {
            let (node, weight) = corners[at];
            corners[at] = (node * size + low, weight * (1.0 - share));
            corners[count + at] = (node * size + low + 1, weight * share);
        }
        count *= 2;
    }
    let mut sum = [0.0; MAX_CHANNELS];
    for (node, weight) in corners.iter().take(count).filter(|(_, weight)| *weight > 0.0) {
        let colour = nodes.get(node * outputs..(node + 1) * outputs).unwrap_or_default();
        sum.iter_mut().zip(colour).for_each(|(sum, value)| *sum += weight * value);
    }
    sum
}

fn normalised(store: &LutStore) -> Vec<f32> {
    match store {
        LutStore::Store8(values) => values.iter().map(|value| f32::from(*value) / 255.0).collect(),
        LutStore::Store16(values) => values.iter().map(|value| f32::from(*value) / 65535.0).collect(),
    }
}

fn matrix(matrix: &Matrix3d) -> [[f32; 3]; 3] {
    matrix.v.map(|row| row.map(single))
}

#[expect(clippy::cast_possible_truncation, reason = "coefficients are fixed-point numbers of 32 bits")]
pub(super) fn single(value: f64) -> f32 {
    value as f32
}
