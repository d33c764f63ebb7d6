//! Printer's marks: crop marks, registration marks, fold marks, and a line of text.

use std::fmt::Write;

use lopdf::{Dictionary, Object, ObjectId, Stream};
use ttf_parser::{Face, OutlineBuilder};

use super::matrix::Rect;
use super::walk::Walk;

/// A millimetre in points.
pub(super) const MM: f32 = 72.0 / 25.4;

/// Resource name of the colour space `All`.
const ALL: &str = "RelA";

/// Distances from the bleed to the start and the end of crop marks.
const NEAR: f32 = MM;
const FAR: f32 = 6.0 * MM;

/// Distance from the bleed to the centre of registration marks, their radius, and the radius of their cross.
const CENTRE: f32 = 5.0 * MM;
const RADIUS: f32 = 1.25 * MM;
const CROSS: f32 = 2.5 * MM;

/// Size of the line of text, and its distance below the bleed.
const SIZE: f32 = 6.0;
const BASE: f32 = 5.0 * MM;

/// The boxes and folds of a page with marks.
pub(super) struct Frame<'a> {
    pub trim: Rect,
    pub bleed: Rect,
    /// Distances of the folds from the left edge of the trim, in points, in order.
    pub folds: &'a [f32],
}

impl Frame<'_> {
    /// Returns the positions of the folds.
    fn folds(&self) -> impl DoubleEndedIterator<Item = f32> {
        let [left, ..] = self.trim.0;
        self.folds.iter().map(move |fold| left + fold)
    }

    /// Returns the horizontal position of the registration marks above and below the page: its middle, or the middle of the front
    /// cover if there are folds, because fold marks are in the middle of the page.
    fn middle(&self) -> f32 {
        let ([left, _, right, _], [.., cut_right, _]) = (self.bleed.0, self.trim.0);
        self.folds().next_back().map_or(f32::midpoint(left, right), |fold| f32::midpoint(fold, cut_right))
    }
}

/// Clips the content of a page to the bleed, and draws the marks around it.
pub(super) fn around(content: Vec<u8>, frame: &Frame<'_>, line: Option<(&str, &[u8])>) -> Vec<u8> {
    let [left, bottom, right, top] = frame.bleed.0;
    let clip = format!("q\n{left:.3} {bottom:.3} {:.3} {:.3} re W n\n", right - left, top - bottom);
    let mut out = clip.into_bytes();
    out.extend_from_slice(&content);
    out.extend_from_slice(b"\nQ\n");
    let mut code = format!("q /{ALL} CS 1 SCN 0.25 w\n");
    crop(&mut code, frame);
    registration(&mut code, frame);
    fold(&mut code, frame);
    code.push_str("Q\n");
    if let Some((line, font)) = line {
        text(&mut code, frame, line, font);
    }
    out.extend_from_slice(code.as_bytes());
    out
}

fn stroke(code: &mut String, [x0, y0]: [f32; 2], [x1, y1]: [f32; 2]) {
    let _ = writeln!(code, "{x0:.3} {y0:.3} m {x1:.3} {y1:.3} l S");
}

fn crop(code: &mut String, frame: &Frame<'_>) {
    let ([left, bottom, right, top], [cut_left, cut_bottom, cut_right, cut_top]) = (frame.bleed.0, frame.trim.0);
    for x in [cut_left, cut_right] {
        stroke(code, [x, top + NEAR], [x, top + FAR]);
        stroke(code, [x, bottom - FAR], [x, bottom - NEAR]);
    }
    for y in [cut_bottom, cut_top] {
        stroke(code, [right + NEAR, y], [right + FAR, y]);
        stroke(code, [left - FAR, y], [left - NEAR, y]);
    }
}

/// Draws dashed lines above and below each fold.
fn fold(code: &mut String, frame: &Frame<'_>) {
    let [_, bottom, _, top] = frame.bleed.0;
    if !frame.folds.is_empty() {
        code.push_str("[2 1] 0 d\n");
    }
    for x in frame.folds() {
        stroke(code, [x, top + NEAR], [x, top + FAR]);
        stroke(code, [x, bottom - FAR], [x, bottom - NEAR]);
    }
}

fn registration(code: &mut String, frame: &Frame<'_>) {
    let [left, bottom, right, top] = frame.bleed.0;
    let (middle, height) = (frame.middle(), f32::midpoint(bottom, top));
    let centres = [[middle, top + CENTRE], [middle, bottom - CENTRE], [left - CENTRE, height], [right + CENTRE, height]];
    for [x, y] in centres {
        stroke(code, [x - CROSS, y], [x + CROSS, y]);
        stroke(code, [x, y - CROSS], [x, y + CROSS]);
        // A circle of four Bézier curves.
        let (r, k) = (RADIUS, RADIUS * 0.552_284_8);
        let _ = write!(code, "{:.3} {y:.3} m ", x + r);
        let quarters = [[r, k, k, r, 0.0, r], [-k, r, -r, k, -r, 0.0], [-r, -k, -k, -r, 0.0, -r], [k, -r, r, -k, r, 0.0]];
        for [a, b, c, d, e, f] in quarters {
            let _ = write!(code, "{:.3} {:.3} {:.3} {:.3} {:.3} {:.3} c ", x + a, y + b, x + c, y + d, x + e, y + f);
        }
        code.push_str("S\n");
    }
}

/// Draws a line of text as outlines, from the trim to the first fold, or to the registration mark in the middle. The line is
/// truncated if it does not fit. Nothing is drawn if the font cannot be read.
fn text(code: &mut String, frame: &Frame<'_>, line: &str, font: &[u8]) {
    let Ok(face) = Face::parse(font, 0) else { return };
    let ([_, bottom, ..], [cut_left, ..]) = (frame.bleed.0, frame.trim.0);
    let end = frame.folds().next().unwrap_or(frame.middle() - CROSS) - 2.0 * MM;
    let room = end - cut_left - 2.0 * MM;
    let scale = SIZE / f32::from(face.units_per_em()).max(1.0);
    let _ = writeln!(code, "q 0 0 0 1 k {scale:.6} 0 0 {scale:.6} {:.3} {:.3} cm", cut_left + 2.0 * MM, bottom - BASE);
    let width = |text: &str| -> f32 {
        let advance = |c| face.glyph_hor_advance(face.glyph_index(c).unwrap_or_default()).unwrap_or_default();
        text.chars().map(|c| f32::from(advance(c))).sum::<f32>() * scale
    };
    let line = fitted(line, &|text| width(text) <= room);
    let mut outline = OutlineWriter { code, x: 0.0, at: [0.0; 2], drawn: false };
    for character in line.chars() {
        let glyph = face.glyph_index(character).unwrap_or_default();
        let advance = f32::from(face.glyph_hor_advance(glyph).unwrap_or_default());
        if (outline.x + advance) * scale > room {
            break;
        }
        face.outline_glyph(glyph, &mut outline);
        outline.x += advance;
    }
    let drawn = outline.drawn;
    code.push_str(if drawn { "f Q\n" } else { "n Q\n" });
}

/// Returns a line of text that fits. The line consists of title, edition, date, and page or product; its title is shortened, or
/// title and edition are left out.
fn fitted(line: &str, fits: &dyn Fn(&str) -> bool) -> String {
    let parts: Vec<&str> = line.rsplitn(4, SEPARATOR).collect();
    let [page, date, edition, title] = parts[..] else { return line.to_owned() };
    if fits(line) {
        return line.to_owned();
    }
    let ends: Vec<usize> = title.char_indices().map(|(at, _)| at).collect();
    let shortened = |end: &usize| {
        let title = title.get(..*end).unwrap_or_default().trim_end();
        [&format!("{title}…"), edition, date, page].join(SEPARATOR)
    };
    ends.iter().rev().map(shortened).find(|line| fits(line)).unwrap_or_else(|| [date, page].join(SEPARATOR))
}

/// The sign between the parts of the line.
pub const SEPARATOR: &str = " · ";

/// Writes outlines as path operators.
struct OutlineWriter<'a> {
    code: &'a mut String,
    x: f32,
    at: [f32; 2],
    drawn: bool,
}

impl OutlineBuilder for OutlineWriter<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.code, "{:.1} {y:.1} m ", x + self.x);
        (self.at, self.drawn) = ([x, y], true);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.code, "{:.1} {y:.1} l ", x + self.x);
        self.at = [x, y];
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let [x0, y0] = self.at;
        let third = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
        self.curve_to(third(x0, x1), third(y0, y1), third(x, x1), third(y, y1), x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let dx = self.x;
        let _ = write!(self.code, "{:.1} {y1:.1} {:.1} {y2:.1} {:.1} {y:.1} c ", x1 + dx, x2 + dx, x + dx);
        self.at = [x, y];
    }

    fn close(&mut self) {
        self.code.push_str("h ");
    }
}

/// Adds the `Separation` colour space `All` (ISO 32000-1 §8.6.6.4).
pub(super) fn space(walk: &mut Walk<'_>) -> ObjectId {
    let mut function = Dictionary::new();
    function.set("FunctionType", 4);
    function.set("Domain", vec![Object::Integer(0), Object::Integer(1)]);
    function.set("Range", [0, 1, 0, 1, 0, 1, 0, 1].map(Object::Integer).to_vec());
    let function = walk.add(Stream::new(function, b"{dup dup dup}".to_vec()));
    walk.add(Object::Array(vec!["Separation".into(), "All".into(), "DeviceCMYK".into(), function.into()]))
}

/// Adds the colour space `All` to resources.
pub(super) fn add_space(resources: &mut Dictionary, space: ObjectId) {
    let mut spaces = match resources.remove(b"ColorSpace") {
        Some(Object::Dictionary(spaces)) => spaces,
        _ => Dictionary::new(),
    };
    spaces.set(ALL, space);
    resources.set("ColorSpace", spaces);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_title_is_shortened_before_edition_date_and_page() {
        let line = "The tides · a study · Edition 2 · 2024-05 · Page 3";
        let fitted = |most: usize| fitted(line, &|text| text.chars().count() <= most);
        assert_eq!(fitted(60), line);
        assert_eq!(fitted(45), "The tides · a… · Edition 2 · 2024-05 · Page 3");
        assert_eq!(fitted(32), "… · Edition 2 · 2024-05 · Page 3");
        assert_eq!(fitted(20), "2024-05 · Page 3");
    }
}
