//! Syntax colours of code: fixed hues, adjusted until they are readable on their background.

use crate::model::{BLACK, Colour, TokenKind, WHITE};

/// Background of code in the dark mode of reading systems.
pub const DARK_BACKGROUND: Colour = Colour::screen([0x1E, 0x24, 0x2E]);

/// Colour of text on [`DARK_BACKGROUND`].
pub const DARK_TEXT: Colour = Colour::screen([0xEC, 0xE7, 0xDD]);

/// Returns the hue of a token.
fn hue(kind: TokenKind) -> Colour {
    let rgb = match kind {
        TokenKind::Comment => [0x5E, 0x6A, 0x78],
        TokenKind::Keyword => [0x7D, 0x2B, 0x8B],
        TokenKind::String | TokenKind::Inserted => [0x1F, 0x6B, 0x3A],
        TokenKind::Number => [0xA2, 0x46, 0x08],
        TokenKind::Function => [0x1A, 0x58, 0x9E],
        TokenKind::Type => [0x0B, 0x68, 0x70],
        TokenKind::Attribute => [0x84, 0x5A, 0x00],
        TokenKind::Deleted => [0xA5, 0x23, 0x2C],
    };
    Colour::screen(rgb)
}

/// Returns the colour of each kind of token on a background, with a contrast of at least `least` if possible.
pub fn colours(background: Colour, least: f64) -> [(TokenKind, Colour); 9] {
    TokenKind::ALL.map(|kind| (kind, legible(hue(kind), background, least)))
}

/// Adjusts the lightness of a colour until its contrast with a background is at least `least` (WCAG 2.2, 1.4.3 and 1.4.6).
/// Returns black or white if no shade is sufficient.
pub fn legible(colour: Colour, background: Colour, least: f64) -> Colour {
    // The product of the contrast ratios of black and white with a background is 21, so the higher of them is at least 4.5.
    let away = if background.is_dark() { WHITE } else { BLACK };
    let shades = (0..=20).map(|step| colour.mix(away, step * 5));
    shades.into_iter().find(|shade| shade.contrast(background) >= least).unwrap_or(away)
}

#[cfg(test)]
mod tests {
    use super::super::brand::{ENHANCED, TEXT};
    use super::*;

    #[test]
    fn every_token_is_readable_on_every_background() {
        for hex in ["#FFFFFF", "#FBF7EF", "#F6F6F2", "#000000", "#1E242E", "#777777", "#1B4F72", "#F2B544", "#00FF00"] {
            let background = Colour::parse(hex).unwrap();
            for (kind, colour) in colours(background, TEXT) {
                assert!(colour.contrast(background) >= 4.5, "{} on {hex}: {:.2}", kind.name(), colour.contrast(background));
            }
        }
        for (background, text) in [(DARK_BACKGROUND, DARK_TEXT), (WHITE, BLACK)] {
            assert!(text.contrast(background) >= ENHANCED);
            assert!(colours(background, ENHANCED).iter().all(|(_, colour)| colour.contrast(background) >= ENHANCED));
        }
    }

    #[test]
    fn hues_are_unchanged_on_white() {
        let white = colours(WHITE, TEXT);
        assert!(white.iter().all(|(kind, colour)| *colour == hue(*kind)));
        let keyword = white.iter().find(|(kind, _)| *kind == TokenKind::Keyword).map(|(_, colour)| colour.hex());
        assert_eq!(keyword.as_deref(), Some("#7D2B8B"));
    }
}
