//! Text: its size, position and paint (ISO 32000-1 §9).

use std::rc::Rc;

use super::super::layers::PaintedArea;
use super::super::matrix::{Matrix, Rect};
use super::super::token::{Kind, PdfToken, name, number, text};
use super::super::{FinishError, PaintContext};
use super::Rewriter;
use super::state::Mark;

/// Text below this size in points is invisible, such as spaces for screen readers, and is left out.
const INVISIBLE: f32 = 0.01;

impl Rewriter<'_, '_> {
    pub(super) fn text_state(&mut self, operator: &[u8], operands: &[PdfToken]) -> Result<(), FinishError> {
        match operator {
            b"Tf" => {
                let [size] = self.numbers(operands);
                self.state.size = size;
                let font = operands.first().map(|token| name(self.bytes(token)));
                let font = font.and_then(|name| self.resource(b"Font", &name));
                self.state.font = match font {
                    Some(font) => self.walk.widths(font, self.context)?,
                    None => None,
                };
            }
            b"Tc" => [self.state.char_spacing] = self.numbers(operands),
            b"Tw" => [self.state.word_spacing] = self.numbers(operands),
            b"Tz" => {
                let [percent] = self.numbers(operands);
                self.state.horizontal_scale = percent / 100.0;
            }
            b"TL" => [self.state.leading] = self.numbers(operands),
            b"Ts" => [self.state.rise] = self.numbers(operands),
            b"Tr" => [self.state.render_mode] = self.numbers(operands),
            b"Tm" => self.place_text(Matrix(self.numbers(operands))),
            b"Td" | b"TD" => {
                let [x, y] = self.numbers(operands);
                if operator == b"TD" {
                    self.state.leading = -y;
                }
                self.next_line(x, y);
            }
            _ => self.next_line(0.0, -self.state.leading),
        }
        Ok(())
    }

    fn place_text(&mut self, matrix: Matrix) {
        (self.text, self.line) = (matrix, matrix);
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.place_text(Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.line));
    }

    pub(super) fn show(&mut self, operator: &[u8], operands: &[PdfToken], (start, end): (usize, usize)) {
        match operator {
            b"'" => self.next_line(0.0, -self.state.leading),
            b"\"" => {
                let numbers: Vec<&PdfToken> = operands.iter().filter(|token| token.kind == Kind::Number).collect();
                if let [words, letters] = numbers[..] {
                    (self.state.word_spacing, self.state.char_spacing) = (number(self.bytes(words)), number(self.bytes(letters)));
                }
                self.next_line(0.0, -self.state.leading);
            }
            _ => {}
        }
        let state = &self.state;
        let matrix = self.text.then(state.matrix);
        let size = state.size.abs() * matrix.sides()[1];
        if size * self.outer.scale() < INVISIBLE {
            self.splice(start, end, b"");
            return;
        }
        let (fills, strokes) = match state.render_mode {
            render if render == 0.0 || render == 4.0 => (true, false),
            render if render == 1.0 || render == 5.0 => (false, true),
            render if render == 2.0 || render == 6.0 => (true, true),
            _ => (false, false),
        };
        let (advance, ink) = self.advance(operands);
        // Rendering modes from 4 add the glyphs to the clipping path.
        self.state.straight_clip &= self.state.render_mode < 4.0;
        let state = &self.state;
        let place = ink.transformed(matrix);
        let place = place.intersection(state.clip);
        let type3 = state.font.as_ref().filter(|(font, _)| font.type3).map(|(_, usage)| Rc::clone(usage));
        self.text = Matrix([1.0, 0.0, 0.0, 1.0, advance, 0.0]).then(self.text);
        if self.context == PaintContext::Luminosity {
            return;
        }
        if let Some(usage) = type3 {
            self.prepare_paint(start, [Some(Mark::Other); 2]);
            self.usage.type3 = true;
            let mut drawn = (*usage).clone();
            (drawn.smallest, drawn.thinnest) = (None, None);
            self.usage.add(&drawn, Matrix::IDENTITY, (place, false));
            return;
        }
        if !fills && !strokes {
            return;
        }
        let mark = self.text_mark(size * self.outer.scale());
        self.prepare_paint(start, [fills.then_some(mark), strokes.then_some(mark)]);
        if fills {
            self.record(false, PaintedArea::within(place));
            let solid = self.solid(false);
            self.usage.text(size, solid.as_ref());
        }
        if strokes {
            let width = self.state.width * self.state.matrix.scale();
            self.record(true, PaintedArea::within(place.grown(width / 2.0)));
            let solid = self.solid(true);
            self.usage.stroke(width, solid.as_ref());
        }
    }

    /// Returns the advance of the text and the bounds of its ink, in text space.
    fn advance(&self, operands: &[PdfToken]) -> (f32, Rect) {
        let state = &self.state;
        let mut ink = Rect::EMPTY;
        let Some((font, _)) = &state.font else { return (0.0, ink) };
        let mut advance = 0.0;
        for token in operands {
            match token.kind {
                Kind::Text => {
                    for (code, width) in font.glyphs(&text(self.bytes(token))) {
                        let word = if code == 32 { state.word_spacing } else { 0.0 };
                        let glyph = font.ink(code, width);
                        if !glyph.is_empty() {
                            let [left, bottom, right, top] = glyph.0.map(|side| side * state.size);
                            ink.add([advance + left * state.horizontal_scale, bottom + state.rise]);
                            ink.add([advance + right * state.horizontal_scale, top + state.rise]);
                        }
                        advance += (width * state.size + state.char_spacing + word) * state.horizontal_scale;
                    }
                }
                Kind::Number => advance -= number(self.bytes(token)) / 1000.0 * state.size * state.horizontal_scale,
                _ => {}
            }
        }
        (advance, ink)
    }
}
