//! Mesh gradients (ISO 32000-1 §8.7.4.5.5 to §8.7.4.5.8): the colours of their vertices and patches are converted to inks.
//!
//! Only the colours at the corners are converted. Renderers interpolate the inks between them.

use lopdf::{Dictionary, Document, Object};

use super::{FinishError, entry, numbers};

/// Bits of a written colour component. All written values are byte-aligned.
const COMPONENT: usize = 16;
const FLAG: usize = 8;

/// Maximum number of values of a mesh.
const MAX_VALUES: usize = 1 << 24;

/// Values of `ShadingType` for meshes.
const FREE: i64 = 4;
const LATTICE: i64 = 5;
const COONS: i64 = 6;
const TENSOR: i64 = 7;

/// The encoding of the values of a mesh.
struct Packing {
    kind: i64,
    coordinate: usize,
    component: usize,
    flag: usize,
    /// Minimum and maximum of each component.
    ranges: Vec<[f32; 2]>,
}

/// Returns whether a shading type is a mesh.
pub(super) fn is_mesh(kind: i64) -> bool {
    (FREE..=TENSOR).contains(&kind)
}

/// Converts the data of a mesh whose colours are not computed by a function. `ink` returns the inks of a colour. Replaces the
/// entries of `new` that describe the data.
///
/// # Errors
///
/// Returns an error if the mesh is damaged.
pub(super) fn convert(
    document: &Document,
    mesh: &Dictionary,
    data: &[u8],
    new: &mut Dictionary,
    ink: &mut dyn FnMut(&[f32]) -> Vec<f32>,
) -> Result<Vec<u8>, FinishError> {
    let fault = || FinishError::unsupported("a mesh gradient in it is damaged");
    let (packing, places) = Packing::read(document, mesh).ok_or_else(fault)?;
    let mut reader = MeshReader { data, at: 0 };
    let mut out = Vec::with_capacity(2 * data.len());
    let mut outputs = 0;
    let mut values = 0;
    while reader.has(packing.shortest()) {
        let flag = if packing.kind == LATTICE { None } else { Some(reader.next(packing.flag) & 3) };
        out.extend(flag.and_then(|flag| u8::try_from(flag).ok()));
        let (points, colours) = packing.counts(flag.unwrap_or(0));
        for _ in 0..2 * points {
            packing.write_coordinate(reader.next(packing.coordinate), &mut out);
        }
        for _ in 0..colours {
            let colour: Vec<f32> =
                packing.ranges.iter().map(|range| packing.component(reader.next(packing.component), *range)).collect();
            let inks = ink(&colour);
            outputs = inks.len();
            inks.iter().for_each(|ink| out.extend(share(*ink).to_be_bytes()));
        }
        if reader.at > 8 * data.len() {
            return Err(fault());
        }
        reader.align();
        values += 2 * points + colours;
        if values > MAX_VALUES {
            return Err(fault());
        }
    }
    if outputs == 0 {
        return Err(fault());
    }
    let coordinate = i64::try_from(Packing::written(packing.coordinate)).unwrap_or(32);
    new.set("BitsPerCoordinate", coordinate);
    new.set("BitsPerComponent", i64::try_from(COMPONENT).unwrap_or(16));
    if packing.kind != LATTICE {
        new.set("BitsPerFlag", i64::try_from(FLAG).unwrap_or(8));
    }
    let units = (0..2 * outputs).map(|at| Object::Integer(i64::from(at % 2 == 1)));
    new.set("Decode", places.into_iter().map(Object::Real).chain(units).collect::<Vec<_>>());
    Ok(out)
}

impl Packing {
    /// Reads the entries of a mesh. Also returns the range of the coordinates.
    fn read(document: &Document, mesh: &Dictionary) -> Option<(Self, Vec<f32>)> {
        let number = |key: &[u8]| entry(document, mesh, key).and_then(|value| value.as_i64().ok());
        let bits = |key: &[u8], allowed: &[i64]| {
            number(key).filter(|bits| allowed.contains(bits)).and_then(|bits| usize::try_from(bits).ok())
        };
        let kind = number(b"ShadingType")?;
        let coordinate = bits(b"BitsPerCoordinate", &[1, 2, 4, 8, 12, 16, 24, 32])?;
        let component = bits(b"BitsPerComponent", &[1, 2, 4, 8, 12, 16])?;
        let flag = if kind == LATTICE { 0 } else { bits(b"BitsPerFlag", &[2, 4, 8])? };
        let decode = numbers(document, entry(document, mesh, b"Decode")?);
        let (places, colours) = decode.split_at_checked(4)?;
        let ranges: Vec<[f32; 2]> = colours.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
        (!ranges.is_empty()).then(|| (Self { kind, coordinate, component, flag, ranges }, places.to_vec()))
    }

    /// Returns the number of points and colours that follow a flag.
    fn counts(&self, flag: u64) -> (usize, usize) {
        match (self.kind, flag) {
            (COONS, 0) => (12, 4),
            (COONS, _) => (8, 2),
            (TENSOR, 0) => (16, 4),
            (TENSOR, _) => (12, 2),
            _ => (1, 1),
        }
    }

    /// Returns the number of bits of the shortest vertex or patch.
    fn shortest(&self) -> usize {
        let (points, colours) = self.counts(1);
        self.flag + 2 * points * self.coordinate + colours * self.ranges.len() * self.component
    }

    #[expect(clippy::cast_precision_loss, reason = "a component has 16 bits at most")]
    fn component(&self, value: u64, [least, most]: [f32; 2]) -> f32 {
        least + value as f32 / ((1_u64 << self.component) - 1) as f32 * (most - least)
    }

    /// Returns the number of bits of a written coordinate.
    fn written(bits: usize) -> usize {
        match bits {
            1 | 2 | 4 => 8,
            12 => 24,
            bits => bits,
        }
    }

    /// Writes a coordinate in whole bytes, scaled without rounding error.
    fn write_coordinate(&self, value: u64, out: &mut Vec<u8>) {
        let written = Self::written(self.coordinate);
        let most = |bits: usize| (1_u64 << bits) - 1;
        let stretched = value * (most(written) / most(self.coordinate));
        let bytes = stretched.to_be_bytes();
        out.extend_from_slice(bytes.get(bytes.len() - written / 8..).unwrap_or_default());
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn share(value: f32) -> u16 {
    (value.clamp(0.0, 1.0) * 65535.0 + 0.5) as u16
}

/// Reads bit-packed values.
struct MeshReader<'d> {
    data: &'d [u8],
    /// Position in bits.
    at: usize,
}

impl MeshReader<'_> {
    fn has(&self, bits: usize) -> bool {
        self.at + bits <= 8 * self.data.len()
    }

    /// Returns the next value; missing bits are 0.
    fn next(&mut self, bits: usize) -> u64 {
        let mut value = 0;
        for bit in self.at..self.at + bits {
            let byte = self.data.get(bit / 8).copied().unwrap_or_default();
            value = value << 1 | u64::from(byte >> (7 - bit % 8) & 1);
        }
        self.at += bits;
        value
    }

    /// Advances to the next byte boundary, where every vertex and patch starts.
    fn align(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }
}
