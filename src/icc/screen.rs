//! Conversion of pixels for screens.

use super::black::Compensation;
use super::lab::Xyz;
use super::{DeviceLink, SourceProfile};

impl DeviceLink {
    /// Returns the conversion of pixels of a source into sRGB: red, green, blue, and a fourth byte that is 0. The source black
    /// point is mapped to black.
    pub fn to_screen(source: &SourceProfile) -> Self {
        let compensation = Compensation::new(source.black(), [0.0; 3]);
        Self::of(source.channels(), |values| {
            let [r, g, b] = srgb(compensation.apply(source.xyz(values)));
            [r, g, b, 0.0]
        })
    }
}

/// Returns the sRGB values of a colour, clipped to the range from 0 to 1.
fn srgb(Xyz([x, y, z]): Xyz) -> [f32; 3] {
    // IEC 61966-2-1, adapted from D50 by Bradford's method.
    let r = 3.133_856 * x - 1.616_867 * y - 0.490_615 * z;
    let g = -0.978_768 * x + 1.916_142 * y + 0.033_454 * z;
    let b = 0.071_945 * x - 0.228_991 * y + 1.405_243 * z;
    [r, g, b].map(|light: f32| {
        let light = light.clamp(0.0, 1.0);
        if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
    })
}
