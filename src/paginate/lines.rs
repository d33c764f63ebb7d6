//! Lines of text on a page. Typst draws the texts of a line from left to right, even in scripts that are read from right to left.

use unicode_bidi::BidiClass;

/// Maximum distance between the baselines of two texts of a line, in points.
pub const SAME_LINE: f64 = 0.5;

/// Returns whether a text has characters that are read from right to left.
pub fn is_right_to_left(text: &str) -> bool {
    text.chars().any(|c| matches!(unicode_bidi::bidi_class(c), BidiClass::R | BidiClass::AL))
}
