//! Colours that do not depend on a device: CIE XYZ and CIE L*a*b*, both relative to D50, and sRGB.

/// The white of the profile connection space (ICC.1 §6.3.4.3).
pub(super) const D50: [f32; 3] = [0.9642, 1.0, 0.8249];

/// A colour in CIE L*a*b*.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lab {
    /// Lightness, 0 to 100.
    pub l: f32,
    /// From green (negative) to magenta.
    pub a: f32,
    /// From blue (negative) to yellow.
    pub b: f32,
}

/// A colour in CIE XYZ; the Y of white is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Xyz(pub [f32; 3]);

impl Lab {
    /// Returns the colour of sRGB values from 0 to 1.
    pub fn of_srgb(rgb: [f32; 3]) -> Self {
        Xyz::of_srgb(rgb).lab()
    }

    pub(super) fn xyz(self) -> Xyz {
        let fy = (self.l + 16.0) / 116.0;
        let inverse = |t: f32| if t > 6.0 / 29.0 { t * t * t } else { (t - 4.0 / 29.0) * 3.0 * (6.0 / 29.0) * (6.0 / 29.0) };
        let [x, y, z] = D50;
        Xyz([x * inverse(fy + self.a / 500.0), y * inverse(fy), z * inverse(fy - self.b / 200.0)])
    }

    /// Returns the difference from another colour by CIEDE2000 (ISO/CIE 11664-6). A difference of 1 is barely visible.
    pub fn difference(self, other: Self) -> f32 {
        let [l1, a1, b1, l2, a2, b2] = [self.l, self.a, self.b, other.l, other.a, other.b].map(f64::from);
        let seventh = |chroma: f64| (chroma.powi(7) / (chroma.powi(7) + 25_f64.powi(7))).sqrt();
        let stretch = 1.0 + 0.5 * (1.0 - seventh(f64::midpoint(a1.hypot(b1), a2.hypot(b2))));
        let (a1, a2) = (a1 * stretch, a2 * stretch);
        let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
        let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
        let (h1, h2) = (hue(a1, b1), hue(a2, b2));
        let grey = c1 * c2 == 0.0;
        let hue_delta = match h2 - h1 {
            _ if grey => 0.0,
            hue_delta if hue_delta > 180.0 => hue_delta - 360.0,
            hue_delta if hue_delta < -180.0 => hue_delta + 360.0,
            hue_delta => hue_delta,
        };
        let mean_hue = match h1 + h2 {
            sum if grey => sum,
            sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
            sum if sum < 360.0 => f64::midpoint(sum, 360.0),
            sum => (sum - 360.0) / 2.0,
        };
        let (mean_l, mean_c) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
        let cosine = |factor: f64, shift: f64| (factor * mean_hue + shift).to_radians().cos();
        let t = 1.0 - 0.17 * cosine(1.0, -30.0) + 0.24 * cosine(2.0, 0.0) + 0.32 * cosine(3.0, 6.0) - 0.2 * cosine(4.0, -63.0);
        let fifty = (mean_l - 50.0).powi(2);
        let lightness = (l2 - l1) / (1.0 + 0.015 * fifty / (20.0 + fifty).sqrt());
        let chroma = (c2 - c1) / (1.0 + 0.045 * mean_c);
        let hue = 2.0 * (c1 * c2).sqrt() * (hue_delta / 2.0).to_radians().sin() / (1.0 + 0.015 * mean_c * t);
        let rotation = -(60.0 * (-((mean_hue - 275.0) / 25.0).powi(2)).exp()).to_radians().sin() * 2.0 * seventh(mean_c);
        let squared = lightness * lightness + chroma * chroma + hue * hue + rotation * chroma * hue;
        #[expect(clippy::cast_possible_truncation, reason = "a difference is below 200")]
        let difference = squared.max(0.0).sqrt() as f32;
        difference
    }
}

impl Xyz {
    pub(super) fn of_srgb(rgb: [f32; 3]) -> Self {
        // IEC 61966-2-1, adapted to D50 by Bradford's method; rows sum to D50.
        let [r, g, b] = rgb.map(linear);
        let x = 0.436_065_7 * r + 0.385_057 * g + 0.143_077_3 * b;
        let y = 0.222_504_5 * r + 0.716_878_6 * g + 0.060_616_9 * b;
        let z = 0.013_927 * r + 0.097_068 * g + 0.713_905 * b;
        Self([x, y, z])
    }

    pub(super) fn lab(self) -> Lab {
        let forward = |t: f32| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
        let [x, y, z] = self.0;
        let [fx, fy, fz] = [x / D50[0], y / D50[1], z / D50[2]].map(forward);
        Lab { l: 116.0 * fy - 16.0, a: 500.0 * (fx - fy), b: 200.0 * (fy - fz) }
    }
}

/// Returns the linear light of an sRGB value.
fn linear(value: f32) -> f32 {
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}
