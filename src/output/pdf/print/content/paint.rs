//! Colour operators: read in the colour space of the source, written as inks (ISO 32000-1 §8.6.8).

use std::rc::Rc;

use lopdf::Object;

use super::super::colour::{DARK, Solid};
use super::super::layers::{Colours, PaintedArea};
use super::super::matrix::Rect;
use super::super::space::Space;
use super::super::token::{Kind, PdfToken, number, write_number};
use super::super::usage::Usage;
use super::super::walk::{KNOCK_OUT, OVERPRINT, SHADE, SPOT, TILES};
use super::super::{BlackText, FinishError, InkSet, PaintContext};
use super::Rewriter;
use super::state::{Mark, Paint, Written};

/// Width of a thin line in points.
const THIN: f32 = 1.0;

impl Rewriter<'_, '_> {
    /// Classifies text by its size in points.
    pub(super) fn text_mark(&self, size: f32) -> Mark {
        let largest = self.walk.painter.press.black_text.map_or(BlackText::LARGEST, |text| text.largest);
        if size <= largest + 0.001 { Mark::SmallText } else { Mark::Other }
    }

    /// Classifies lines by the current line width.
    pub(super) fn line_mark(&self) -> Mark {
        let points = self.state.width * self.state.matrix.scale() * self.outer.scale();
        if points <= THIN + 0.001 { Mark::ThinLine } else { Mark::Other }
    }

    /// Writes pending colours, and starts or ends overprint, before a painting operator. `fill` and `stroke` are the kinds of
    /// marks that the operator paints with each colour; `None` if it does not use the colour.
    pub(super) fn prepare_paint(&mut self, at: usize, [fill, stroke]: [Option<Mark>; 2]) {
        if self.context == PaintContext::Luminosity {
            return;
        }
        let plain = self.state.mode.is_none() && self.state.fill_alpha >= 1.0 && self.state.stroke_alpha >= 1.0;
        let mut overprint = plain && self.walk.painter.press.mode == InkSet::Cmyk && (fill.is_some() || stroke.is_some());
        let mut code = Vec::new();
        for (stroke, mark) in [(false, fill), (true, stroke)] {
            let Some(mark) = mark else { continue };
            let slot = self.slot(stroke);
            let pending = match &slot.paint {
                Paint::Solid(solid) if solid.depends_on_use() => Some(*solid),
                _ => None,
            };
            overprint &= mark == Mark::SmallText && pending.is_some_and(|solid| solid.is_black_text());
            let Some(solid) = pending else { continue };
            let wanted = match solid.black {
                Some(black) if !solid.is_black() && (mark == Mark::ThinLine || mark == Mark::SmallText && black >= DARK) => {
                    Written::Black(black)
                }
                _ => Written::Inks,
            };
            if slot.written != wanted {
                let ink = match wanted {
                    Written::Black(black) => Solid::of([0.0, 0.0, 0.0, black]),
                    _ => solid,
                };
                if wanted == Written::Inks {
                    self.usage.count(&solid);
                }
                self.write_solid(&mut code, &ink, stroke);
                self.slot_mut(stroke).written = wanted;
            }
        }
        if overprint != self.state.overprint {
            let name = if overprint { OVERPRINT } else { KNOCK_OUT };
            code.extend_from_slice(format!("/{name} gs ").as_bytes());
            self.state.overprint = overprint;
            self.extra.overprint = true;
        }
        if !code.is_empty() {
            self.splice(at, at, &code);
        }
    }

    fn write_solid(&mut self, code: &mut Vec<u8>, solid: &Solid, stroke: bool) {
        if let Some((spot, tint)) = solid.plate() {
            self.extra.spots.insert(spot);
            let (space, colour) = if stroke { ("CS", "SCN") } else { ("cs", "scn") };
            code.extend_from_slice(format!("/{SPOT}{spot} {space} ").as_bytes());
            write_number(code, tint, 4);
            code.extend_from_slice(format!(" {colour} ").as_bytes());
            return;
        }
        if let Some((spot, black)) = solid.shade {
            self.extra.shades.insert(spot);
            let (space, colour) = if stroke { ("CS", "SCN") } else { ("cs", "scn") };
            code.extend_from_slice(format!("/{SHADE}{spot} {space} 1 ").as_bytes());
            write_number(code, black, 4);
            code.extend_from_slice(format!(" {colour} ").as_bytes());
            return;
        }
        for part in solid.ink {
            write_number(code, part, 4);
            code.push(b' ');
        }
        code.extend_from_slice(if stroke { b"K " } else { b"k " });
    }

    pub(super) fn set_space(
        &mut self,
        operands: &[PdfToken],
        (start, end): (usize, usize),
        fill: bool,
    ) -> Result<(), FinishError> {
        let Some(name) = self.last_name(operands) else { return Ok(()) };
        let space = self.walk.spaces.read(self.walk.document, &Object::Name(name), Some(self.resources))?;
        let initial = space.initial();
        let is_pattern = matches!(space, Space::Pattern(_));
        let kept = self.is_kept(&space);
        self.slot_mut(!fill).space = Rc::new(space);
        if is_pattern {
            // The underlying colour space of an uncoloured tiling pattern is written later, with the colour.
            self.splice(start, end, if fill { b"/Pattern cs" } else { b"/Pattern CS" });
            self.slot_mut(!fill).paint = Paint::Other(Rc::default());
            return Ok(());
        }
        self.set_values(&initial, (start, end), fill, kept);
        Ok(())
    }

    /// Returns whether the colour space is kept, because its colorants are separate plates.
    fn is_kept(&self, space: &Space) -> bool {
        let plates = self.context == PaintContext::Page && self.walk.painter.press.mode == InkSet::Cmyk;
        matches!(space, Space::Tint(tint) if plates && tint.is_kept())
    }

    pub(super) fn set_device(
        &mut self,
        operator: &[u8],
        operands: &[PdfToken],
        place: (usize, usize),
    ) -> Result<(), FinishError> {
        let fill = operator.first().is_some_and(u8::is_ascii_lowercase);
        let space = match operator {
            b"g" | b"G" => Space::Gray,
            b"k" | b"K" => Space::Cmyk,
            _ => Space::Rgb,
        };
        self.slot_mut(!fill).space = Rc::new(space);
        self.set_colour(operands, place, fill)
    }

    pub(super) fn set_colour(
        &mut self,
        operands: &[PdfToken],
        (start, end): (usize, usize),
        fill: bool,
    ) -> Result<(), FinishError> {
        let space = Rc::clone(&self.slot(!fill).space);
        let numbers = operands.iter().filter(|token| token.kind == Kind::Number);
        let values: Vec<f32> = numbers.map(|token| number(self.bytes(token))).collect();
        if let Space::Pattern(base) = &*space {
            return self.set_pattern(base.as_deref(), &values, operands, ((start, end), fill));
        }
        let kept = self.is_kept(&space);
        self.set_values(&values, (start, end), fill, kept);
        Ok(())
    }

    fn set_pattern(
        &mut self,
        base: Option<&Space>,
        values: &[f32],
        operands: &[PdfToken],
        ((start, end), fill): ((usize, usize), bool),
    ) -> Result<(), FinishError> {
        let Some(name) = self.last_name(operands) else { return Ok(()) };
        let matrix = self.outer;
        let made = match self.resource(b"Pattern", &name) {
            Some(pattern) => self.walk.pattern(pattern, self.resources, (matrix, self.context))?,
            None => None,
        };
        let mut usage = made.map(|made| made.usage).unwrap_or_default();
        if let Some(base) = base.filter(|_| !values.is_empty()) {
            let solid = base.solid(values, &mut self.walk.painter);
            let mut code = format!("/{TILES} {} ", if fill { "cs" } else { "CS" }).into_bytes();
            for part in solid.ink {
                write_number(&mut code, part, 4);
                code.push(b' ');
            }
            code.extend_from_slice(self.source.get(operands.last().map_or(end, |last| last.start)..end).unwrap_or_default());
            self.splice(start, end, &code);
            self.extra.tiles = true;
            let mut painted = Usage::default();
            painted.inks(solid.ink, PaintedArea::within(Rect::ALL));
            usage = Rc::new(painted);
        }
        self.slot_mut(!fill).paint = Paint::Other(usage);
        Ok(())
    }

    /// Sets a colour by its values, and writes it unless it is deferred.
    fn set_values(&mut self, values: &[f32], (start, end): (usize, usize), fill: bool, kept: bool) {
        let space = Rc::clone(&self.slot(!fill).space);
        if self.context == PaintContext::Luminosity {
            let mut code = Vec::new();
            write_number(&mut code, space.light(values), 4);
            code.extend_from_slice(if fill { b" g" } else { b" G" });
            self.splice(start, end, &code);
            self.slot_mut(!fill).paint = Paint::Light;
            return;
        }
        let solid = space.solid(values, &mut self.walk.painter);
        if let Space::Tint(tint) = &*space
            && kept
        {
            let mut usage = Usage::default();
            let sum: f32 = values.iter().sum();
            usage.ink = sum.max(0.0);
            if sum > 0.0 {
                usage.spots.extend(tint.names.iter().cloned());
                usage.layers.paint(PaintedArea::within(Rect::ALL), Colours::Sum(sum), sum);
            }
            self.slot_mut(!fill).paint = Paint::Other(Rc::new(usage));
            return;
        }
        let is_pending = solid.depends_on_use();
        let slot = self.slot_mut(!fill);
        slot.paint = Paint::Solid(solid);
        slot.written = if is_pending { Written::Nothing } else { Written::Inks };
        let mut code = Vec::new();
        if !is_pending {
            self.usage.count(&solid);
            self.write_solid(&mut code, &solid, !fill);
        }
        self.splice(start, end, &code);
    }
}
