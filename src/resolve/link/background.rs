//! Pictures with a transparent background, which show the background of the page.

use crate::model::{Colour, WHITE};

/// Background of pages in the dark mode of the EPUB, as in `layouts/common/epub.css`.
const DARK: Colour = Colour::screen([0x14, 0x18, 0x1F]);

/// Minimum contrast of the lines of a picture with its background (WCAG 2.2, 1.4.11).
const MIN_CONTRAST: f64 = 3.0;

/// Contrast with white below which a colour is invisible on paper.
const UNSEEN: f64 = 1.3;

/// How a picture with a transparent background looks on light and dark pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TransparentBackground {
    /// Whether its dark colours need a light background on dark pages.
    pub needs_light: bool,
    /// Whether nearly all its colours are too light for paper.
    pub is_unseen_on_paper: bool,
}

impl TransparentBackground {
    /// Evaluates the colours that are drawn on the transparent background.
    pub fn of_colours(colours: &[[u8; 3]]) -> Self {
        let count = |is_counted: &dyn Fn(Colour) -> bool| colours.iter().filter(|rgb| is_counted(Colour::screen(**rgb))).count();
        let dark = count(&|colour| colour.contrast(DARK) < MIN_CONTRAST);
        let unseen = count(&|colour| colour.contrast(WHITE) < UNSEEN);
        Self {
            needs_light: dark * 20 > colours.len(),
            is_unseen_on_paper: !colours.is_empty() && unseen * 20 >= colours.len() * 19,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_lines_need_a_light_background_and_light_lines_are_unseen_on_paper() {
        let background = |colours: &[[u8; 3]]| {
            let background = TransparentBackground::of_colours(colours);
            (background.needs_light, background.is_unseen_on_paper)
        };
        assert_eq!(background(&[[0; 3]]), (true, false));
        assert_eq!(background(&[[0xFF; 3]]), (false, true));
        assert_eq!(background(&[[0xFF; 3], [0; 3]]), (true, false));
        assert_eq!(background(&[[0x20, 0x90, 0xC0]]), (false, false));
        assert_eq!(background(&[]), (false, false));
    }
}
