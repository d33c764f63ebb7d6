//! Black points and black-point compensation (ISO 18619). The black points are estimated as in common colour engines.

use moxcms::{ColorProfile, DataColorSpace};

use super::lab::{D50, Lab, Xyz};
use super::source::coding;
use super::table::{LookupTable, PcsCoding};

/// A scaling of XYZ that keeps white and maps the source black point to the destination black point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compensation {
    factor: [f32; 3],
    shift: [f32; 3],
}

impl Compensation {
    pub(super) fn new(from: [f32; 3], to: [f32; 3]) -> Self {
        let mut scale = Self { factor: [1.0; 3], shift: [0.0; 3] };
        for (at, white) in D50.into_iter().enumerate() {
            let distance = from[at] - white;
            if distance < -1e-4 {
                scale.factor[at] = (to[at] - white) / distance;
                scale.shift[at] = -white * (to[at] - from[at]) / distance;
            }
        }
        scale
    }

    pub(super) fn apply(&self, Xyz([x, y, z]): Xyz) -> Xyz {
        let ([fx, fy, fz], [sx, sy, sz]) = (self.factor, self.shift);
        Xyz([x * fx + sx, y * fy + sy, z * fz + sz])
    }
}

/// The tables of a press, with the encodings of the connection space.
pub(super) struct PressTables<'a> {
    /// From ink to colour.
    pub to_space: (&'a LookupTable, PcsCoding),
    /// From colour to ink.
    pub from_space: (&'a LookupTable, PcsCoding),
}

impl PressTables<'_> {
    fn roundtrip(&self, lab: Lab) -> Lab {
        let [p, q, r] = self.from_space.1.encode(lab.xyz());
        let [p, q, r, _] = self.to_space.0.at(self.from_space.0.at([p, q, r, 0.0]));
        self.to_space.1.decode([p, q, r]).lab()
    }
}

/// Returns the darkest neutral of a press within the ink limit of its perceptual table, or `None` if the profile lacks the
/// tables.
pub(super) fn roundtrip_black(profile: &ColorProfile) -> Option<Lab> {
    let xyz = profile.pcs == DataColorSpace::Xyz;
    let to_space = profile.lut_a_to_b_colorimetric.as_ref().or(profile.lut_a_to_b_perceptual.as_ref())?;
    let from_space = profile.lut_b_to_a_perceptual.as_ref().or(profile.lut_b_to_a_colorimetric.as_ref())?;
    let (to_space, from_space) = (LookupTable::new(to_space, true, xyz).ok()?, LookupTable::new(from_space, false, xyz).ok()?);
    if to_space.outputs != 3 || from_space.inputs != 3 || from_space.outputs != to_space.inputs {
        return None;
    }
    let press =
        PressTables { to_space: (&to_space, coding(&to_space, xyz)), from_space: (&from_space, coding(&from_space, xyz)) };
    let black = press.roundtrip(Lab::default());
    Some(Lab { l: black.l.clamp(0.0, 50.0), a: 0.0, b: 0.0 })
}

/// Returns the destination black point (ISO 18619 §4.2): `darkest` if the midtones of the grey ramp are on a straight line, else
/// the vertex of a parabola that is fitted to its dark greys.
pub(super) fn destination_black(press: &PressTables<'_>, darkest: Lab) -> Lab {
    let steps = (0..=255_u8).map(|step| f32::from(step) * 100.0 / 255.0);
    let mut ramp: Vec<(f32, f32)> = steps.map(|l| (l, press.roundtrip(Lab { l, a: darkest.a, b: darkest.b }).l)).collect();
    let mut above = f32::MAX;
    for (_, out) in ramp.iter_mut().rev() {
        *out = out.min(above);
        above = *out;
    }
    let (Some((_, least)), Some((_, most))) = (ramp.first().copied(), ramp.last().copied()) else { return darkest };
    if most <= least {
        return Lab::default();
    }
    let straight = |&(l, out): &(f32, f32)| l <= least + 0.2 * (most - least) || (l - out).abs() < 4.0;
    if ramp.iter().all(straight) {
        return darkest;
    }
    let shares = ramp.iter().map(|&(l, out)| (f64::from(l), f64::from((out - least) / (most - least))));
    let shadows: Vec<(f64, f64)> = shares.filter(|(_, share)| (0.1..0.5).contains(share)).collect();
    Lab { l: vertex(&shadows).clamp(0.0, 50.0), ..darkest }
}

/// Returns the greater root of the parabola that fits the points best, or 0.
fn vertex(points: &[(f64, f64)]) -> f32 {
    let sum = |power: i32| points.iter().map(|(x, _)| x.powi(power)).sum::<f64>();
    let moment = |power: i32| points.iter().map(|(x, y)| x.powi(power) * y).sum::<f64>();
    let rows = [[sum(0), sum(1), sum(2)], [sum(1), sum(2), sum(3)], [sum(2), sum(3), sum(4)]];
    let right = [moment(0), moment(1), moment(2)];
    let with = |column: usize| {
        let mut rows = rows;
        rows.iter_mut().zip(right).for_each(|(row, value)| row[column] = value);
        determinant(rows)
    };
    let whole = determinant(rows);
    if points.len() < 3 || whole.abs() < 1e-12 {
        return 0.0;
    }
    let [c, b, a] = [with(0), with(1), with(2)].map(|part| part / whole);
    let discriminant = b * b - 4.0 * a * c;
    if a.abs() < 1e-10 || discriminant <= 0.0 { 0.0 } else { super::table::single((discriminant.sqrt() - b) / (2.0 * a)) }
}

fn determinant(m: [[f64; 3]; 3]) -> f64 {
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
}
