//! Content streams: copied byte for byte, but for what sets colours.
//!
//! A colour that is set is written at once as inks. Only the colour of text that may become black alone waits for what is painted
//! with it: text of at most the largest size takes black and overprints, everything else the inks of the colour.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use lopdf::{Dictionary, Object, ObjectId, Stream};

use super::colour::Solid;
use super::font::Font;
use super::matrix::{Matrix, Rect};
use super::report::Blend;
use super::space::Space;
use super::token::{Kind, Token, Tokens, name, number, text, write_number};
use super::usage::Usage;
use super::walk::{INLINE, KNOCK_OUT, OVERPRINT, SPOT, TILES, Walk, subtype};
use super::{BlackText, ColourMode, FinishError, Ground, entry, resolved};

/// What the rewritten content names and its resources do not have yet.
#[derive(Default)]
pub(super) struct Extra {
    pub overprint: bool,
    pub tiles: bool,
    pub spots: BTreeSet<usize>,
    pub images: Vec<ObjectId>,
}

impl Extra {
    pub(super) fn add(&mut self, other: Self) {
        self.overprint |= other.overprint;
        self.tiles |= other.tiles;
        self.spots.extend(other.spots);
        self.images.extend(other.images);
    }
}

/// Rewrites a content stream; `matrix` is from its units to points.
pub(super) fn rewrite<'a>(
    walk: &mut Walk<'a>,
    source: &[u8],
    resources: &'a Dictionary,
    (matrix, ground): (Matrix, Ground),
) -> Result<(Vec<u8>, Extra, Usage), FinishError> {
    let mut rewriter = Rewriter {
        walk,
        resources,
        ground,
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
        extra: Extra::default(),
        usage: Usage::default(),
    };
    rewriter.run()?;
    let Rewriter { out, extra, usage, .. } = rewriter;
    Ok((out, extra, usage))
}

/// What paints.
#[derive(Clone)]
enum Paint {
    /// The colour that was set before this form was drawn.
    Inherited,
    Solid(Solid),
    /// Light, in a luminosity mask.
    Light,
    /// A pattern, a gradient or a tint that stays in its colour space.
    Other(Rc<Usage>),
}

/// In which form a colour was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Nothing,
    Inks,
    Black,
}

#[derive(Clone)]
struct Slot {
    space: Rc<Space>,
    paint: Paint,
    written: Written,
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    clip: Rect,
    fill: Slot,
    stroke: Slot,
    width: f32,
    fill_alpha: f32,
    stroke_alpha: f32,
    mode: Option<Rc<str>>,
    overprint: bool,
    font: Option<(Rc<Font>, Rc<Usage>)>,
    size: f32,
    letters: f32,
    words: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
    render: f32,
}

impl State {
    fn new() -> Self {
        let slot = Slot { space: Rc::new(Space::Gray), paint: Paint::Inherited, written: Written::Inks };
        Self {
            matrix: Matrix::IDENTITY,
            clip: Rect::ALL,
            fill: slot.clone(),
            stroke: slot,
            width: 1.0,
            fill_alpha: 1.0,
            stroke_alpha: 1.0,
            mode: None,
            overprint: false,
            font: None,
            size: 0.0,
            letters: 0.0,
            words: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            render: 0.0,
        }
    }
}

struct Rewriter<'w, 'a> {
    walk: &'w mut Walk<'a>,
    resources: &'a Dictionary,
    ground: Ground,
    outer: Matrix,
    source: &'w [u8],
    out: Vec<u8>,
    /// Up to where the source is copied.
    copied: usize,
    state: State,
    stack: Vec<State>,
    /// The bounds of the path under construction.
    path: Option<Rect>,
    clip: bool,
    text: Matrix,
    line: Matrix,
    /// Where an inline image starts, and its entries.
    inline: Option<(usize, Dictionary)>,
    extra: Extra,
    usage: Usage,
}

/// More open states or operands than this are no content but an attack.
const MOST: usize = 1 << 16;

impl<'a> Rewriter<'_, 'a> {
    fn run(&mut self) -> Result<(), FinishError> {
        let mut operands: Vec<Token> = Vec::new();
        for token in Tokens::new(self.source) {
            match token.kind {
                Kind::Operator => {
                    self.operator(token, &operands)?;
                    operands.clear();
                }
                Kind::Data => self.inline_data(token)?,
                _ if operands.len() < MOST => operands.push(token),
                _ => return Err(FinishError::Unexpected("an operator has too many operands".into())),
            }
        }
        let rest = self.source.get(self.copied..).unwrap_or_default();
        self.out.extend_from_slice(rest);
        Ok(())
    }

    fn bytes(&self, token: &Token) -> &[u8] {
        self.source.get(token.start..token.end).unwrap_or_default()
    }

    fn numbers<const N: usize>(&self, operands: &[Token]) -> [f32; N] {
        let mut numbers = [0.0; N];
        let last = operands.iter().skip(operands.len().saturating_sub(N));
        numbers.iter_mut().zip(last).for_each(|(value, token)| *value = number(self.bytes(token)));
        numbers
    }

    fn last_name(&self, operands: &[Token]) -> Option<Vec<u8>> {
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

    fn operator(&mut self, token: Token, operands: &[Token]) -> Result<(), FinishError> {
        let source = self.source;
        let operator = source.get(token.start..token.end).unwrap_or_default();
        let start = operands.first().map_or(token.start, |first| first.start);
        match operator {
            b"q" if self.stack.len() > MOST => return Err(FinishError::Unexpected("too many states are open".into())),
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
            b"Tj" | b"TJ" | b"'" | b"\"" => self.show(operator, operands, start),
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

    fn graphics_state(&mut self, operands: &[Token]) {
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
        let masked = matches!(entry(document, state, b"SMask"), Some(Object::Dictionary(_)));
        let faded = self.state.fill_alpha < 1.0 || self.state.stroke_alpha < 1.0;
        self.usage.transparent |= masked || faded || self.state.mode.is_some();
    }

    fn construct(&mut self, operator: &[u8], operands: &[Token], start: usize) {
        if self.path.is_none() {
            self.ready(start, [true, true], None);
        }
        let mut bounds = self.path.unwrap_or(Rect::EMPTY);
        let matrix = self.state.matrix;
        let mut add = |x: f32, y: f32| bounds.add(matrix.point(x, y));
        match operator {
            b"re" => {
                let [x, y, width, height] = self.numbers(operands);
                [(x, y), (x + width, y), (x, y + height), (x + width, y + height)].iter().for_each(|(x, y)| add(*x, *y));
            }
            b"c" => {
                let [a, b, c, d, e, f] = self.numbers(operands);
                [(a, b), (c, d), (e, f)].iter().for_each(|(x, y)| add(*x, *y));
            }
            b"v" | b"y" => {
                let [a, b, c, d] = self.numbers(operands);
                [(a, b), (c, d)].iter().for_each(|(x, y)| add(*x, *y));
            }
            b"h" => {}
            _ => {
                let [x, y] = self.numbers(operands);
                add(x, y);
            }
        }
        self.path = Some(bounds);
    }

    fn paint_path(&mut self, operator: &[u8]) {
        let bounds = self.path.take().unwrap_or(Rect::EMPTY);
        let fills = matches!(operator, b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*");
        let strokes = matches!(operator, b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*");
        let clip = self.state.clip;
        if fills && !bounds.is_empty() {
            self.note(false, bounds.common(clip));
        }
        if strokes && !bounds.is_empty() {
            let width = self.state.width * self.state.matrix.scale();
            self.note(true, bounds.grown(width / 2.0).common(clip));
            let solid = self.solid(true);
            if self.ground == Ground::Page {
                self.usage.stroke(width, solid.as_ref());
            }
        }
        if std::mem::take(&mut self.clip) {
            self.state.clip = clip.common(bounds);
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

    /// Returns the colour as it is printed here, if it is a single one.
    fn solid(&self, stroke: bool) -> Option<Solid> {
        match (&self.slot(stroke).paint, self.slot(stroke).written) {
            (Paint::Solid(_), Written::Black) => Some(Solid::of([0.0, 0.0, 0.0, 1.0])),
            (Paint::Solid(solid), _) => Some(*solid),
            _ => None,
        }
    }

    /// Notes that the colour is painted at a place.
    fn note(&mut self, stroke: bool, place: Rect) {
        if self.ground == Ground::Luminosity || place.is_empty() {
            return;
        }
        let alpha = self.alpha(stroke);
        let solid = self.solid(stroke);
        if alpha < 1.0 || self.state.mode.is_some() {
            let single = solid.filter(|_| self.state.mode.is_none());
            let difference = single.and_then(|solid| self.walk.painter.blend_difference(&solid, alpha));
            let mode = self.state.mode.as_deref().unwrap_or("Normal").to_owned();
            self.usage.blend(Blend { mode, alpha, rgb: solid.and_then(|solid| solid.rgb), difference });
        }
        match (&self.slot(stroke).paint, solid) {
            (Paint::Other(usage), _) => {
                let usage = Rc::clone(usage);
                let ([red, green, blue, _], most) = (usage.process, usage.ink);
                self.usage.process.iter_mut().zip(usage.process).for_each(|(used, inner)| *used |= inner);
                self.usage.spots.extend(usage.spots.iter().cloned());
                self.usage.ink = self.usage.ink.max(most);
                let colours = usage.grounds.iter().fold(0.0_f32, |most, (_, colours)| most.max(*colours));
                if red || green || blue || colours > 0.0 {
                    self.usage.grounds_at(place, colours);
                }
                self.usage.transparent |= usage.transparent;
                for (index, matrix) in &usage.images {
                    self.usage.image(*index, *matrix, place);
                }
                for (rgb, (ink, uses)) in &usage.converted {
                    self.usage.converted.entry(*rgb).or_insert((*ink, 0)).1 += uses;
                }
            }
            (_, Some(solid)) => {
                if let Some((name, _)) = solid.spot.and_then(|spot| self.walk.painter.spots.get(spot)) {
                    self.usage.spots.insert(name.as_bytes().to_vec());
                }
                if self.state.overprint {
                    self.usage.overprint(place);
                } else {
                    self.usage.paint(&solid, place);
                }
            }
            // What a page, or the page of a PDF that is an image, starts with.
            (Paint::Inherited, _) => self.usage.paint(&Solid::of([0.0, 0.0, 0.0, 1.0]), place),
            _ => {}
        }
    }

    /// Writes colours that wait, and ends or starts overprint, before something is painted with fill and stroke colour.
    fn ready(&mut self, at: usize, [fill, stroke]: [bool; 2], text: Option<f32>) {
        if self.ground == Ground::Luminosity {
            return;
        }
        let largest = self.walk.painter.press.black_text.map_or(BlackText::LARGEST, |text| text.largest);
        let small = text.is_some_and(|size| size <= largest + 0.001);
        let plain = self.state.mode.is_none() && self.state.fill_alpha >= 1.0 && self.state.stroke_alpha >= 1.0;
        let mut overprint = small && plain && self.walk.painter.press.mode == ColourMode::Cmyk;
        let mut code = Vec::new();
        for (stroke, used) in [(false, fill), (true, stroke)] {
            let slot = self.slot(stroke);
            let waits = match &slot.paint {
                Paint::Solid(solid) if self.walk.painter.is_text_colour(solid) => Some(*solid),
                _ => None,
            };
            overprint &= !used || waits.is_some();
            let Some(solid) = waits.filter(|_| used) else { continue };
            let wanted = if small && !solid.is_black() { Written::Black } else { Written::Inks };
            if slot.written != wanted {
                let ink = if wanted == Written::Black { Solid::of([0.0, 0.0, 0.0, 1.0]) } else { solid };
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
        if let Some(spot) = solid.spot {
            self.extra.spots.insert(spot);
            let (space, colour) = if stroke { ("CS", "SCN") } else { ("cs", "scn") };
            code.extend_from_slice(format!("/{SPOT}{spot} {space} 1 {colour} ").as_bytes());
            return;
        }
        for part in solid.ink {
            write_number(code, part, 4);
            code.push(b' ');
        }
        code.extend_from_slice(if stroke { b"K " } else { b"k " });
    }

    fn set_space(&mut self, operands: &[Token], (start, end): (usize, usize), fill: bool) -> Result<(), FinishError> {
        let Some(name) = self.last_name(operands) else { return Ok(()) };
        let space = self.walk.spaces.read(self.walk.document, &Object::Name(name), Some(self.resources))?;
        let initial = space.initial();
        let is_pattern = matches!(space, Space::Pattern(_));
        let kept = self.is_kept(&space);
        self.slot_mut(!fill).space = Rc::new(space);
        if is_pattern {
            // The tiles' own colour space is written with the colour.
            self.splice(start, end, if fill { b"/Pattern cs" } else { b"/Pattern CS" });
            self.slot_mut(!fill).paint = Paint::Other(Rc::default());
            return Ok(());
        }
        self.values(&initial, (start, end), fill, kept);
        Ok(())
    }

    /// The colour space stays, because its colours are plates of their own.
    fn is_kept(&self, space: &Space) -> bool {
        let plates = self.ground == Ground::Page && self.walk.painter.press.mode == ColourMode::Cmyk;
        matches!(space, Space::Tint(tint) if plates && tint.is_kept())
    }

    fn set_device(&mut self, operator: &[u8], operands: &[Token], place: (usize, usize)) -> Result<(), FinishError> {
        let fill = operator.first().is_some_and(u8::is_ascii_lowercase);
        let space = match operator {
            b"g" | b"G" => Space::Gray,
            b"k" | b"K" => Space::Cmyk,
            _ => Space::Rgb,
        };
        self.slot_mut(!fill).space = Rc::new(space);
        self.set_colour(operands, place, fill)
    }

    fn set_colour(&mut self, operands: &[Token], (start, end): (usize, usize), fill: bool) -> Result<(), FinishError> {
        let space = Rc::clone(&self.slot(!fill).space);
        let numbers = operands.iter().filter(|token| token.kind == Kind::Number);
        let values: Vec<f32> = numbers.map(|token| number(self.bytes(token))).collect();
        if let Space::Pattern(base) = &*space {
            return self.set_pattern(base.as_deref(), &values, operands, ((start, end), fill));
        }
        let kept = self.is_kept(&space);
        self.values(&values, (start, end), fill, kept);
        Ok(())
    }

    fn set_pattern(
        &mut self,
        base: Option<&Space>,
        values: &[f32],
        operands: &[Token],
        ((start, end), fill): ((usize, usize), bool),
    ) -> Result<(), FinishError> {
        let Some(name) = self.last_name(operands) else { return Ok(()) };
        let matrix = self.outer;
        let made = match self.resource(b"Pattern", &name) {
            Some(pattern) => self.walk.pattern(pattern, self.resources, (matrix, self.ground))?,
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
            painted.paint(&solid, Rect::ALL);
            usage = Rc::new(painted);
        }
        self.slot_mut(!fill).paint = Paint::Other(usage);
        Ok(())
    }

    /// Sets a colour by its values and writes it, unless it waits.
    fn values(&mut self, values: &[f32], (start, end): (usize, usize), fill: bool, kept: bool) {
        let space = Rc::clone(&self.slot(!fill).space);
        if self.ground == Ground::Luminosity {
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
                usage.grounds.push((Rect::ALL, sum));
            }
            self.slot_mut(!fill).paint = Paint::Other(Rc::new(usage));
            return;
        }
        let waits = self.walk.painter.is_text_colour(&solid);
        let slot = self.slot_mut(!fill);
        slot.paint = Paint::Solid(solid);
        slot.written = if waits { Written::Nothing } else { Written::Inks };
        self.usage.set(&solid);
        let mut code = Vec::new();
        if !waits {
            self.write_solid(&mut code, &solid, !fill);
        }
        self.splice(start, end, &code);
    }

    fn text_state(&mut self, operator: &[u8], operands: &[Token]) -> Result<(), FinishError> {
        match operator {
            b"Tf" => {
                let [size] = self.numbers(operands);
                self.state.size = size;
                let font = operands.first().map(|token| name(self.bytes(token)));
                let font = font.and_then(|name| self.resource(b"Font", &name));
                self.state.font = match font {
                    Some(font) => self.walk.widths(font, self.ground)?,
                    None => None,
                };
            }
            b"Tc" => [self.state.letters] = self.numbers(operands),
            b"Tw" => [self.state.words] = self.numbers(operands),
            b"Tz" => {
                let [percent] = self.numbers(operands);
                self.state.stretch = percent / 100.0;
            }
            b"TL" => [self.state.leading] = self.numbers(operands),
            b"Ts" => [self.state.rise] = self.numbers(operands),
            b"Tr" => [self.state.render] = self.numbers(operands),
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

    fn show(&mut self, operator: &[u8], operands: &[Token], start: usize) {
        match operator {
            b"'" => self.next_line(0.0, -self.state.leading),
            b"\"" => {
                let numbers: Vec<&Token> = operands.iter().filter(|token| token.kind == Kind::Number).collect();
                if let [words, letters] = numbers[..] {
                    (self.state.words, self.state.letters) = (number(self.bytes(words)), number(self.bytes(letters)));
                }
                self.next_line(0.0, -self.state.leading);
            }
            _ => {}
        }
        let state = &self.state;
        let matrix = self.text.then(state.matrix);
        let size = state.size.abs() * matrix.sides()[1];
        let (fills, strokes) = match state.render {
            render if render == 0.0 || render == 4.0 => (true, false),
            render if render == 1.0 || render == 5.0 => (false, true),
            render if render == 2.0 || render == 6.0 => (true, true),
            _ => (false, false),
        };
        let advance = self.advance(operands);
        let state = &self.state;
        let (under, over) = (state.rise - 0.22 * state.size, state.rise + 0.78 * state.size);
        let place = Rect([advance.min(0.0), under.min(over), advance.max(0.0), under.max(over)]).through(matrix);
        let place = place.common(state.clip);
        let type3 = state.font.as_ref().filter(|(font, _)| font.type3).map(|(_, usage)| Rc::clone(usage));
        self.text = Matrix([1.0, 0.0, 0.0, 1.0, advance, 0.0]).then(self.text);
        if self.ground == Ground::Luminosity {
            return;
        }
        if let Some(usage) = type3 {
            self.ready(start, [true, true], None);
            self.usage.type3 = true;
            self.usage.add(&Usage { smallest: None, thinnest: None, ..(*usage).clone() }, Matrix::IDENTITY, place);
            return;
        }
        if !fills && !strokes {
            return;
        }
        let points = size * self.outer.scale();
        self.ready(start, [fills, strokes], Some(points));
        if fills {
            self.note(false, place);
            let solid = self.solid(false);
            self.usage.text(size, solid.as_ref());
        }
        if strokes {
            let width = self.state.width * self.state.matrix.scale();
            self.note(true, place.grown(width / 2.0));
            let solid = self.solid(true);
            self.usage.stroke(width, solid.as_ref());
        }
    }

    /// Returns how far the text goes on, in its own units.
    fn advance(&self, operands: &[Token]) -> f32 {
        let state = &self.state;
        let Some((font, _)) = &state.font else { return 0.0 };
        let mut advance = 0.0;
        for token in operands {
            match token.kind {
                Kind::Text => {
                    for (code, width) in font.glyphs(&text(self.bytes(token))) {
                        let word = if code == 32 { state.words } else { 0.0 };
                        advance += (width * state.size + state.letters + word) * state.stretch;
                    }
                }
                Kind::Number => advance -= number(self.bytes(token)) / 1000.0 * state.size * state.stretch,
                _ => {}
            }
        }
        advance
    }

    fn draw(&mut self, operands: &[Token], start: usize) -> Result<(), FinishError> {
        let document = self.walk.document;
        let object = self.last_name(operands).and_then(|name| self.resource(b"XObject", &name));
        let Some((object, Object::Stream(stream))) = object.and_then(|object| Some((object, resolved(document, object)?))) else {
            return Ok(());
        };
        let Ok(id) = object.as_reference() else { return Ok(()) };
        self.ready(start, [true, true], None);
        let matrix = self.state.matrix;
        match subtype(stream) {
            b"Image" => {
                let (index, _) = self.walk.picture(id, Cow::Borrowed(stream), Some(self.resources), self.ground)?;
                self.image(index, entry(document, &stream.dict, b"SMask").is_some());
            }
            b"PS" => return Err(FinishError::Unexpected("it has PostScript code".into())),
            _ => {
                let made = self.walk.form(id, stream, self.resources, (matrix.then(self.outer), self.ground))?;
                let inner = Matrix::of(entry(document, &stream.dict, b"Matrix")).then(matrix);
                let bounds = Rect::of(entry(document, &stream.dict, b"BBox")).unwrap_or(Rect::ALL).through(inner);
                self.blend_layer();
                if self.ground == Ground::Page {
                    self.usage.add(&made.usage, inner, bounds.common(self.state.clip));
                } else {
                    self.usage.transparent |= made.usage.transparent;
                }
            }
        }
        Ok(())
    }

    /// Notes that a layer of many colours is mixed with what is under it.
    fn blend_layer(&mut self) {
        if self.ground == Ground::Page && (self.state.fill_alpha < 1.0 || self.state.mode.is_some()) {
            let mode = self.state.mode.as_deref().unwrap_or("Normal").to_owned();
            self.usage.blend(Blend { mode, alpha: self.state.fill_alpha, rgb: None, difference: None });
        }
    }

    /// Notes an image at the unit square; one without colours of its own is painted with the fill colour.
    fn image(&mut self, index: Option<usize>, masked: bool) {
        self.usage.transparent |= masked;
        let matrix = self.state.matrix;
        match index {
            Some(index) if self.ground == Ground::Page => {
                self.blend_layer();
                self.usage.image(index, matrix, self.state.clip);
            }
            Some(_) => {}
            None => self.note(false, Rect([0.0, 0.0, 1.0, 1.0]).through(matrix).common(self.state.clip)),
        }
    }

    fn paint_shading(&mut self, operands: &[Token], start: usize) -> Result<(), FinishError> {
        let Some(shading) = self.last_name(operands).and_then(|name| self.resource(b"Shading", &name)) else { return Ok(()) };
        self.ready(start, [false, false], None);
        let made = self.walk.shading(shading, self.resources, self.ground)?;
        if let Some(made) = made {
            let before = std::mem::replace(&mut self.state.fill.paint, Paint::Other(made.usage));
            let clip = self.state.clip;
            self.note(false, clip);
            self.state.fill.paint = before;
        }
        Ok(())
    }

    /// Reads the entries of an inline image, whose names may be short (ISO 32000-1 §8.9.7).
    fn inline_entries(&mut self, operands: &[Token]) {
        let mut dictionary = Dictionary::new();
        let mut rest = operands.iter().peekable();
        while let Some(key) = rest.next() {
            let key = name(self.bytes(key));
            let long: &[u8] = match key.as_slice() {
                b"BPC" => b"BitsPerComponent",
                b"CS" => b"ColorSpace",
                b"D" => b"Decode",
                b"DP" => b"DecodeParms",
                b"F" => b"Filter",
                b"H" => b"Height",
                b"IM" => b"ImageMask",
                b"W" => b"Width",
                other => other,
            };
            let mut items = Vec::new();
            let mut depth = 0_i32;
            while let Some(token) = rest.next() {
                let bytes = self.bytes(token);
                match (token.kind, bytes) {
                    (Kind::Bracket, b"[" | b"<<") => depth += 1,
                    (Kind::Bracket, _) => depth -= 1,
                    (Kind::Name, bytes) => items.push(Object::Name(long_value(&name(bytes)))),
                    (Kind::Number, bytes) => items.push(whole_or_real(number(bytes))),
                    (Kind::Text, bytes) => items.push(Object::string_literal(text(bytes))),
                    (Kind::Word, bytes) => items.push(Object::Boolean(bytes == b"true")),
                    _ => {}
                }
                if depth <= 0 {
                    break;
                }
            }
            let is_list = matches!(long, b"Decode") || items.len() > 1;
            let value = if is_list { Some(Object::Array(items)) } else { items.pop() };
            if let Some(value) = value {
                dictionary.set(long, value);
            }
        }
        if let Some((_, entries)) = &mut self.inline {
            *entries = dictionary;
        }
    }

    /// Makes an image of its own of an inline one.
    fn inline_data(&mut self, token: Token) -> Result<(), FinishError> {
        let Some((start, dictionary)) = self.inline.take() else { return Ok(()) };
        let data = self.bytes(&token).to_vec();
        let mut stream = Stream::new(dictionary, data);
        stream.dict.set("Type", "XObject");
        stream.dict.set("Subtype", "Image");
        stream.allows_compression = false;
        let id = self.walk.new_id();
        let (index, id) = self.walk.picture(id, Cow::Owned(stream), Some(self.resources), self.ground)?;
        self.ready(start, [true, true], None);
        let end = self.source.get(token.end..).and_then(|rest| rest.windows(2).position(|pair| pair == b"EI"));
        let end = end.map_or(self.source.len(), |at| token.end + at + 2);
        self.splice(start, end, format!("/{INLINE}{} Do", self.extra.images.len()).as_bytes());
        self.extra.images.push(id);
        self.image(index, false);
        Ok(())
    }
}

fn whole_or_real(value: f32) -> Object {
    if value.fract() == 0.0 && value.abs() < 1e6 {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number under a million")]
        Object::Integer(value as i64)
    } else {
        Object::Real(value)
    }
}

fn long_value(name: &[u8]) -> Vec<u8> {
    let long: &[u8] = match name {
        b"AHx" => b"ASCIIHexDecode",
        b"A85" => b"ASCII85Decode",
        b"LZW" => b"LZWDecode",
        b"Fl" => b"FlateDecode",
        b"RL" => b"RunLengthDecode",
        b"CCF" => b"CCITTFaxDecode",
        b"DCT" => b"DCTDecode",
        other => other,
    };
    long.to_vec()
}
