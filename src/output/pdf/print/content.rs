//! Rewrites content streams: operators that set colours are replaced, everything else is copied.
//!
//! A colour operator is replaced at once by inks, except for black, the foreground colour, the colour of secondary text and near
//! greys. Their inks are written when something is painted: small text and thin lines are printed in black alone, everything else
//! gets the inks of the colour. Small text in solid black overprints.

mod inline;
mod paint;
mod state;
mod text;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use lopdf::{Dictionary, Object, ObjectId};

use self::state::{Mark, Paint, Slot, State, Written};
use super::colour::Solid;
use super::layers::{Colours, PaintedArea};
use super::matrix::{Matrix, Rect};
use super::outline::{PaintRule, Path};
use super::report::Blend;
use super::space::Space;
use super::token::{Kind, PdfToken, Tokens, name, number};
use super::usage::Usage;
use super::walk::{Walk, subtype};
use super::{FinishError, PaintContext, entry, resolved};

/// Resources that the rewritten content needs in addition to its own.
#[derive(Default)]
pub(super) struct ExtraResources {
    pub overprint: bool,
    pub tiles: bool,
    pub spots: BTreeSet<usize>,
    /// The spot inks that are printed under black ink.
    pub shades: BTreeSet<usize>,
    pub images: Vec<ObjectId>,
}

impl ExtraResources {
    pub(super) fn add(&mut self, other: Self) {
        self.overprint |= other.overprint;
        self.tiles |= other.tiles;
        self.spots.extend(other.spots);
        self.shades.extend(other.shades);
        self.images.extend(other.images);
    }
}

/// Rewrites a content stream. `matrix` maps its coordinates to points.
pub(super) fn rewrite<'a>(
    walk: &mut Walk<'a>,
    source: &[u8],
    resources: &'a Dictionary,
    (matrix, context): (Matrix, PaintContext),
) -> Result<(Vec<u8>, ExtraResources, Usage), FinishError> {
    let mut rewriter = Rewriter {
        walk,
        resources,
        context,
        outer: matrix,
        source,
        out: Vec::with_capacity(source.len() + source.len() / 8),
        copied: 0,
        state: State::new(),
        stack: Vec::new(),
        path: None,
        clip: false,
        text: Matrix::IDENTITY,
        line: Matrix::IDENTITY,
        inline: None,
        extra: ExtraResources::default(),
        usage: Usage::default(),
    };
    rewriter.run()?;
    let Rewriter { out, extra, usage, .. } = rewriter;
    Ok((out, extra, usage))
}

struct Rewriter<'w, 'a> {
    walk: &'w mut Walk<'a>,
    resources: &'a Dictionary,
    context: PaintContext,
    /// Maps the coordinates of the stream to points.
    outer: Matrix,
    source: &'w [u8],
    out: Vec<u8>,
    /// End of the copied part of the source.
    copied: usize,
    state: State,
    stack: Vec<State>,
    /// The path under construction.
    path: Option<Path>,
    /// Whether the path becomes part of the clipping path when it is painted.
    clip: bool,
    /// The text matrix.
    text: Matrix,
    /// The text line matrix.
    line: Matrix,
    /// The start of an inline image, and its entries.
    inline: Option<(usize, Dictionary)>,
    extra: ExtraResources,
    usage: Usage,
}

/// Assumed opacity of a soft mask.
const HALF: f32 = 0.5;

/// Maximum number of nested graphics states and of operands, against malicious files.
const MAX_NESTED: usize = 1 << 16;

impl<'a> Rewriter<'_, 'a> {
    fn run(&mut self) -> Result<(), FinishError> {
        let mut operands: Vec<PdfToken> = Vec::new();
        for token in Tokens::new(self.source) {
            match token.kind {
                Kind::Operator => {
                    self.operator(token, &operands)?;
                    operands.clear();
                }
                Kind::Data => self.inline_data(token)?,
                _ if operands.len() < MAX_NESTED => operands.push(token),
                _ => return Err(FinishError::Unexpected("an operator has too many operands".into())),
            }
        }
        let rest = self.source.get(self.copied..).unwrap_or_default();
        self.out.extend_from_slice(rest);
        Ok(())
    }

    fn bytes(&self, token: &PdfToken) -> &[u8] {
        self.source.get(token.start..token.end).unwrap_or_default()
    }

    fn numbers<const N: usize>(&self, operands: &[PdfToken]) -> [f32; N] {
        let mut numbers = [0.0; N];
        let last = operands.iter().skip(operands.len().saturating_sub(N));
        numbers.iter_mut().zip(last).for_each(|(value, token)| *value = number(self.bytes(token)));
        numbers
    }

    fn last_name(&self, operands: &[PdfToken]) -> Option<Vec<u8>> {
        operands.last().filter(|token| token.kind == Kind::Name).map(|token| name(self.bytes(token)))
    }

    /// Replaces a part of the source.
    fn splice(&mut self, from: usize, to: usize, code: &[u8]) {
        let before = self.source.get(self.copied..from).unwrap_or_default();
        self.out.extend_from_slice(before);
        if !code.is_empty() {
            self.out.push(b'\n');
            self.out.extend_from_slice(code);
            self.out.push(b'\n');
        }
        self.copied = self.copied.max(to);
    }

    fn operator(&mut self, token: PdfToken, operands: &[PdfToken]) -> Result<(), FinishError> {
        let source = self.source;
        let operator = source.get(token.start..token.end).unwrap_or_default();
        let start = operands.first().map_or(token.start, |first| first.start);
        match operator {
            b"q" if self.stack.len() > MAX_NESTED => return Err(FinishError::Unexpected("too many states are open".into())),
            b"q" => self.stack.push(self.state.clone()),
            b"Q" => self.state = self.stack.pop().unwrap_or_else(State::new),
            b"cm" => self.state.matrix = Matrix(self.numbers(operands)).then(self.state.matrix),
            b"w" => [self.state.width] = self.numbers(operands),
            b"gs" => self.graphics_state(operands),
            b"m" | b"l" | b"c" | b"v" | b"y" | b"re" | b"h" => self.construct(operator, operands, start),
            b"W" | b"W*" => self.clip = true,
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"n" => self.paint_path(operator),
            b"cs" | b"CS" => self.set_space(operands, (start, token.end), operator == b"cs")?,
            b"sc" | b"scn" | b"SC" | b"SCN" => {
                self.set_colour(operands, (start, token.end), operator.first() == Some(&b's'))?;
            }
            b"g" | b"G" | b"rg" | b"RG" | b"k" | b"K" => self.set_device(operator, operands, (start, token.end))?,
            b"BT" => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            b"Tf" | b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Ts" | b"Tr" | b"Td" | b"TD" | b"Tm" | b"T*" => {
                self.text_state(operator, operands)?;
            }
            b"Tj" | b"TJ" | b"'" | b"\"" => self.show(operator, operands, (start, token.end)),
            b"Do" => self.draw(operands, start)?,
            b"sh" => self.paint_shading(operands, start)?,
            b"BI" => self.inline = Some((token.start, Dictionary::new())),
            b"ID" => self.inline_entries(operands),
            b"EI" => self.inline = None,
            _ => {}
        }
        Ok(())
    }

    fn resource(&self, category: &[u8], name: &[u8]) -> Option<&'a Object> {
        entry(self.walk.document, self.resources, category)?.as_dict().ok()?.get(name).ok()
    }

    fn graphics_state(&mut self, operands: &[PdfToken]) {
        let document = self.walk.document;
        let state = self.last_name(operands).and_then(|name| self.resource(b"ExtGState", &name));
        let Some(state) = state.and_then(|state| resolved(document, state)?.as_dict().ok()) else { return };
        let value = |key: &[u8]| entry(document, state, key).and_then(|value| value.as_float().ok());
        if let Some(alpha) = value(b"ca") {
            self.state.fill_alpha = alpha;
        }
        if let Some(alpha) = value(b"CA") {
            self.state.stroke_alpha = alpha;
        }
        if let Some(width) = value(b"LW") {
            self.state.width = width;
        }
        let mode = match entry(document, state, b"BM") {
            Some(Object::Array(modes)) => modes.first(),
            mode => mode,
        };
        if let Some(mode) = mode.and_then(|mode| mode.as_name().ok()) {
            let normal = matches!(mode, b"Normal" | b"Compatible");
            self.state.mode = (!normal).then(|| String::from_utf8_lossy(mode).into());
        }
        if let Some(mask) = entry(document, state, b"SMask") {
            self.state.masked = matches!(mask, Object::Dictionary(_));
            self.usage.transparent |= self.state.masked;
        }
        let flag = |key: &[u8]| entry(document, state, key).and_then(|value| value.as_bool().ok());
        let [fill, stroke, zeros] = &mut self.state.source_overprint;
        *stroke = flag(b"OP").unwrap_or(*stroke);
        // `OP` alone sets both.
        *fill = flag(b"op").or(flag(b"OP")).unwrap_or(*fill);
        *zeros = value(b"OPM").map_or(*zeros, |mode| mode > 0.5);
        let faded = self.state.fill_alpha < 1.0 || self.state.stroke_alpha < 1.0;
        self.usage.transparent |= faded || self.state.mode.is_some();
    }

    fn construct(&mut self, operator: &[u8], operands: &[PdfToken], start: usize) {
        if self.path.is_none() {
            self.prepare_paint(start, [Some(Mark::Other), Some(self.line_mark())]);
        }
        let mut path = self.path.take().unwrap_or_default();
        let matrix = self.state.matrix;
        let at = |x: f32, y: f32| matrix.point(x, y);
        match operator {
            b"re" => {
                let [x, y, width, height] = self.numbers(operands);
                path.polygon([at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)]);
            }
            b"c" => {
                let [a, b, c, d, e, f] = self.numbers(operands);
                path.curve_to(Some(at(a, b)), at(c, d), at(e, f));
            }
            b"v" => {
                let [a, b, c, d] = self.numbers(operands);
                path.curve_to(None, at(a, b), at(c, d));
            }
            b"y" => {
                let [a, b, c, d] = self.numbers(operands);
                path.curve_to(Some(at(a, b)), at(c, d), at(c, d));
            }
            b"h" => path.close(),
            b"m" => {
                let [x, y] = self.numbers(operands);
                path.move_to(at(x, y));
            }
            _ => {
                let [x, y] = self.numbers(operands);
                path.line_to(at(x, y));
            }
        }
        self.path = Some(path);
    }

    fn paint_path(&mut self, operator: &[u8]) {
        let mut path = self.path.take().unwrap_or_default();
        let bounds = path.bounds();
        let fills = matches!(operator, b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*");
        let strokes = matches!(operator, b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*");
        let (clip, straight) = (self.state.clip, self.state.straight_clip);
        if std::mem::take(&mut self.clip) {
            self.state.straight_clip &= path.is_rectangle();
            self.state.clip = clip.intersection(bounds);
        }
        if fills && !bounds.is_empty() {
            let rule = if operator.ends_with(b"*") { PaintRule::EvenOdd } else { PaintRule::NonZero };
            let outline = path.clone().outline(rule);
            self.record(false, PaintedArea { place: bounds.intersection(clip), outline, opaque: straight });
        }
        if strokes && !bounds.is_empty() {
            if operator.first().is_some_and(u8::is_ascii_lowercase) {
                path.close();
            }
            let half = self.state.width * self.state.matrix.scale() / 2.0;
            let outline = path.outline(PaintRule::Stroke(half));
            self.record(true, PaintedArea { place: bounds.grown(half).intersection(clip), outline, opaque: false });
            let solid = self.solid(true);
            if self.context == PaintContext::Page {
                self.usage.stroke(2.0 * half, solid.as_ref());
            }
        }
    }

    fn slot(&self, stroke: bool) -> &Slot {
        if stroke { &self.state.stroke } else { &self.state.fill }
    }

    fn slot_mut(&mut self, stroke: bool) -> &mut Slot {
        if stroke { &mut self.state.stroke } else { &mut self.state.fill }
    }

    fn alpha(&self, stroke: bool) -> f32 {
        if stroke { self.state.stroke_alpha } else { self.state.fill_alpha }
    }

    /// Returns the printed colour, if the paint is a single colour.
    fn solid(&self, stroke: bool) -> Option<Solid> {
        match (&self.slot(stroke).paint, self.slot(stroke).written) {
            (Paint::Solid(_), Written::Black(black)) => Some(Solid::of([0.0, 0.0, 0.0, black])),
            (Paint::Solid(solid), _) => Some(*solid),
            _ => None,
        }
    }

    /// Returns whether the current paint is opaque within the clipping path.
    fn hides(&self, alpha: f32) -> bool {
        let state = &self.state;
        state.straight_clip && !state.masked && state.mode.is_none() && alpha >= 1.0
    }

    /// Records that the current fill or stroke colour is painted in an area.
    fn record(&mut self, stroke: bool, mut area: PaintedArea) {
        if self.context == PaintContext::Luminosity || area.place.is_empty() {
            return;
        }
        let alpha = self.alpha(stroke);
        let solid = self.solid(stroke);
        if let Some(solid) = &solid {
            self.usage.solid(solid);
        }
        self.mask_differences(stroke, solid);
        if alpha < 1.0 || self.state.mode.is_some() {
            let single = solid.filter(|_| self.state.mode.is_none());
            let difference = single.and_then(|solid| self.walk.painter.blend_difference(&solid, alpha));
            let mode = self.state.mode.as_deref().unwrap_or("Normal").to_owned();
            self.record_mode(area.place, stroke, solid);
            self.usage.blend(Blend { mode, alpha, rgb: solid.and_then(|solid| solid.rgb), difference });
        }
        area.opaque &= self.hides(alpha);
        match (&self.slot(stroke).paint, solid) {
            (Paint::Other(usage), _) => {
                let usage = Rc::clone(usage);
                let ([red, green, blue, _], most) = (usage.process, usage.ink);
                self.usage.process.iter_mut().zip(usage.process).for_each(|(used, inner)| *used |= inner);
                self.usage.spots.extend(usage.spots.iter().cloned());
                self.usage.add_solids(&usage);
                self.usage.ink = self.usage.ink.max(most);
                let colours = usage.layers.most_colours();
                if red || green || blue || colours > 0.0 {
                    self.usage.layers.paint(PaintedArea { opaque: false, ..area.clone() }, Colours::Sum(colours), most);
                } else {
                    self.usage.layers.rest(most);
                }
                self.usage.layers.blend_within(&usage.layers, area.place);
                self.usage.transparent |= usage.transparent;
                self.usage.white_overprint |= usage.white_overprint;
                self.usage.spot_gradients.extend(&usage.spot_gradients);
                for (index, matrix) in &usage.images {
                    self.usage.image(*index, *matrix, (area.place, false));
                    // The tiles may be anywhere in the area.
                    self.usage.layers.paint(PaintedArea { opaque: false, ..area.clone() }, Colours::Image(*index), 0.0);
                }
                for (rgb, (ink, uses)) in &usage.converted {
                    self.usage.converted.entry(*rgb).or_insert((*ink, 0)).1 += uses;
                }
            }
            (_, Some(solid)) => {
                if let Some((name, _)) = solid.spot_ink().and_then(|spot| self.walk.painter.spots.get(spot)) {
                    self.usage.spots.insert(name.as_bytes().to_vec());
                }
                if self.state.overprint {
                    self.usage.overprint(area.place);
                } else {
                    self.usage.white_overprint |= self.is_white_overprint(stroke, &solid);
                    self.usage.paint(&solid, area);
                }
            }
            // The initial colour of a page, or of a PDF that is used as an image.
            (Paint::Inherited, _) => self.usage.paint(&Solid::of([0.0, 0.0, 0.0, 1.0]), area),
            _ => {}
        }
    }

    /// Records that an area is painted with a blend mode other than `Normal`.
    fn record_mode(&mut self, place: Rect, stroke: bool, solid: Option<Solid>) {
        let Some(mode) = self.state.mode.as_deref() else { return };
        let (colours, images) = match (&self.slot(stroke).paint, solid) {
            (Paint::Other(usage), _) => (usage.layers.most_colours(), usage.images.keys().copied().collect()),
            (_, Some(solid)) if let Some((_, tint)) = solid.plate() => (tint, Vec::new()),
            (_, Some(solid)) if solid.shade.is_some() => (1.0, Vec::new()),
            (_, Some(solid)) => (solid.ink.iter().take(3).sum(), Vec::new()),
            _ => (0.0, Vec::new()),
        };
        let mode = mode.to_owned();
        self.usage.layers.blend(&mode, place, colours, images);
    }

    fn draw(&mut self, operands: &[PdfToken], start: usize) -> Result<(), FinishError> {
        let document = self.walk.document;
        let object = self.last_name(operands).and_then(|name| self.resource(b"XObject", &name));
        let Some((object, Object::Stream(stream))) = object.and_then(|object| Some((object, resolved(document, object)?))) else {
            return Ok(());
        };
        let Ok(id) = object.as_reference() else { return Ok(()) };
        self.prepare_paint(start, [Some(Mark::Other); 2]);
        let matrix = self.state.matrix;
        match subtype(stream) {
            b"Image" => {
                let (index, _) = self.walk.picture(id, Cow::Borrowed(stream), Some(self.resources), self.context)?;
                let [soft, hard] = [&b"SMask"[..], b"Mask"].map(|mask| entry(document, &stream.dict, mask).is_some());
                let own =
                    entry(document, &stream.dict, b"SMaskInData").is_some_and(|kind| kind.as_i64().is_ok_and(|kind| kind > 0));
                self.image(index, [soft || own, hard]);
            }
            b"PS" => return Err(FinishError::unsupported("it has PostScript code")),
            _ => {
                let made = self.walk.form(id, stream, self.resources, (matrix.then(self.outer), self.context))?;
                let inner = Matrix::of(entry(document, &stream.dict, b"Matrix")).then(matrix);
                let bounds = Rect::of(entry(document, &stream.dict, b"BBox")).unwrap_or(Rect::ALL).transformed(inner);
                let images = made.usage.images.keys().copied().collect();
                self.blend_layer(bounds.intersection(self.state.clip), made.usage.layers.most_colours(), images);
                self.group_differences(&made.usage);
                if self.context == PaintContext::Page {
                    let opaque = inner.is_straight() && self.hides(self.state.fill_alpha);
                    self.usage.add(&made.usage, inner, (bounds.intersection(self.state.clip), opaque));
                } else {
                    self.usage.transparent |= made.usage.transparent;
                }
            }
        }
        Ok(())
    }

    /// Records a layer of several colours that is blended with its backdrop: its bounds, its largest sum of inks except black,
    /// and its images.
    fn blend_layer(&mut self, place: Rect, colours: f32, images: Vec<usize>) {
        if self.context == PaintContext::Page && (self.state.fill_alpha < 1.0 || self.state.mode.is_some()) {
            let mode = self.state.mode.as_deref().unwrap_or("Normal").to_owned();
            if self.state.mode.is_some() {
                self.usage.layers.blend(&mode, place, colours, images);
            }
            self.usage.blend(Blend { mode, alpha: self.state.fill_alpha, rgb: None, difference: None });
        }
    }

    /// Records the differences between print and screen of the colours of a group that is painted with an opacity or a soft mask.
    fn group_differences(&mut self, group: &Usage) {
        let alpha = if self.state.masked { HALF } else { self.state.fill_alpha };
        if self.context == PaintContext::Page && alpha < 1.0 && self.state.mode.is_none() {
            let solids = group.solids.iter().map(|(rgb, ink)| Solid { rgb: Some(*rgb), ..Solid::of(*ink) });
            solids.for_each(|solid| self.difference(&solid, alpha));
        }
    }

    /// Records the differences between print and screen of a paint with a soft mask. The opacity varies within the mask, so
    /// [`HALF`] is assumed.
    fn mask_differences(&mut self, stroke: bool, solid: Option<Solid>) {
        if !self.state.masked || self.state.mode.is_some() {
            return;
        }
        match (&self.slot(stroke).paint, solid) {
            (Paint::Other(usage), _) => {
                let usage = Rc::clone(usage);
                self.group_differences(&usage);
            }
            (_, Some(solid)) => self.difference(&solid, HALF),
            _ => {}
        }
    }

    fn difference(&mut self, solid: &Solid, alpha: f32) {
        let difference = self.walk.painter.blend_difference(solid, alpha);
        self.usage.blend(Blend { mode: "Normal".to_owned(), alpha, rgb: solid.rgb, difference });
    }

    /// Records an image in the unit square. A stencil mask is painted with the fill colour.
    fn image(&mut self, index: Option<usize>, [soft, hard]: [bool; 2]) {
        self.usage.transparent |= soft;
        let matrix = self.state.matrix;
        match index {
            Some(index) if self.context == PaintContext::Page => {
                let place = Rect([0.0, 0.0, 1.0, 1.0]).transformed(matrix).intersection(self.state.clip);
                self.blend_layer(place, 0.0, vec![index]);
                let opaque = !soft && !hard && self.hides(self.state.fill_alpha);
                self.usage.image(index, matrix, (self.state.clip, opaque));
            }
            Some(_) => {}
            None => {
                let place = Rect([0.0, 0.0, 1.0, 1.0]).transformed(matrix).intersection(self.state.clip);
                self.record(false, PaintedArea::within(place));
            }
        }
    }

    /// Returns whether the source overprints white, which would then be invisible. White in DeviceCMYK is overprinted only if the
    /// overprint mode is 1; in other colour spaces it always knocks out its backdrop (ISO 32000-1 §8.6.7).
    fn is_white_overprint(&self, stroke: bool, solid: &Solid) -> bool {
        let [fills, strokes, zeros] = self.state.source_overprint;
        let overprints = zeros && if stroke { strokes } else { fills };
        overprints && matches!(*self.slot(stroke).space, Space::Cmyk) && solid.ink.iter().all(|part| *part < 0.005)
    }

    fn paint_shading(&mut self, operands: &[PdfToken], start: usize) -> Result<(), FinishError> {
        let Some(shading) = self.last_name(operands).and_then(|name| self.resource(b"Shading", &name)) else { return Ok(()) };
        self.prepare_paint(start, [None, None]);
        let made = self.walk.shading(shading, self.resources, self.context)?;
        if let Some(made) = made {
            let before = std::mem::replace(&mut self.state.fill.paint, Paint::Other(made.usage));
            self.record(false, PaintedArea::within(self.state.clip));
            self.state.fill.paint = before;
        }
        Ok(())
    }
}
