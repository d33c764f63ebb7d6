//! Bounds of the glyph outlines of a text.

use ttf_parser::GlyphId;
use typst::layout::{Point, Rect};
use typst::text::{FontInstance, TextItem};

/// A cache of glyph bounds: each glyph of a font is looked up once.
#[derive(Default)]
pub struct Outlines {
    fonts: Vec<(FontInstance, Vec<CachedBounds>)>,
}

/// A cache entry of a glyph. The inner `None` is a glyph without an outline.
#[derive(Clone, Copy, Default)]
enum CachedBounds {
    #[default]
    Missing,
    Present(Option<ttf_parser::Rect>),
}

impl Outlines {
    /// Returns the bounds of the outlines of a text in its own coordinates, with y downwards from the baseline, like Typst's
    /// `bbox`.
    pub fn ink(&mut self, text: &TextItem) -> Rect {
        let (mut min, mut max) = (Point::splat(typst::layout::Abs::inf()), Point::splat(-typst::layout::Abs::inf()));
        let mut cursor = Point::zero();
        let known = self.font(&text.font);
        for glyph in &text.glyphs {
            let offset = Point::new(glyph.x_offset.at(text.size), glyph.y_offset.at(text.size));
            if let Some(bounds) = bounds(known, &text.font, glyph.id) {
                let corner = |x, y| {
                    let corner = Point::new(text.font.to_em(x).at(text.size), text.font.to_em(y).at(text.size));
                    cursor + offset + corner
                };
                let (low, high) = (corner(bounds.x_min, bounds.y_min), corner(bounds.x_max, bounds.y_max));
                min = min.min(low).min(high);
                max = max.max(low).max(high);
            }
            cursor += Point::new(glyph.x_advance.at(text.size), glyph.y_advance.at(text.size));
        }
        min.y *= -1.0;
        max.y *= -1.0;
        Rect::new(min, max)
    }

    fn font(&mut self, font: &FontInstance) -> &mut Vec<CachedBounds> {
        let at = self.fonts.iter().position(|(known, _)| known == font).unwrap_or_else(|| {
            self.fonts.push((font.clone(), Vec::new()));
            self.fonts.len() - 1
        });
        // Consecutive texts mostly have the same font: keep the last one first.
        self.fonts.swap(0, at);
        &mut self.fonts[0].1
    }
}

fn bounds(known: &mut Vec<CachedBounds>, font: &FontInstance, glyph: u16) -> Option<ttf_parser::Rect> {
    let at = usize::from(glyph);
    if known.len() <= at {
        known.resize(at + 1, CachedBounds::Missing);
    }
    let place = known.get_mut(at)?;
    if let CachedBounds::Present(bounds) = place {
        return *bounds;
    }
    let bounds = font.ttf().glyph_bounding_box(GlyphId(glyph));
    *place = CachedBounds::Present(bounds);
    bounds
}
