//! Luminosity, the grey of a colour in a soft mask (ISO 32000-1 §11.5.3), and conversion of 8-bit values.

/// Returns the luminosity of an RGB colour, 0 to 1: the weighted sum that renderers use.
pub fn luminosity([red, green, blue]: [f32; 3]) -> f32 {
    rounded(0.2126 * red + 0.7152 * green + 0.0722 * blue)
}

/// Returns the luminosity of inks, 0 to 1.
pub fn luminosity_of_ink([cyan, magenta, yellow, black]: [f32; 4]) -> f32 {
    rounded(1.0 - (0.3 * cyan + 0.59 * magenta + 0.11 * yellow + black).min(1.0))
}

/// Returns bytes as values from 0 to 1.
pub fn unit<const N: usize>(values: [u8; N]) -> [f32; N] {
    values.map(|value| f32::from(value) / 255.0)
}

/// Returns a value from 0 to 1 as a byte. Values outside this range are clamped.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub fn byte(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}

fn rounded(value: f32) -> f32 {
    (value * 10_000.0).round() / 10_000.0
}
