//! The texts, colours and lines of SVG drawings on printed pages, with their sizes on paper.

use typst::layout::{Abs, Size};
use usvg::{Group, Node, Paint, Path, Rect, Text, Transform, Tree};

use super::facts::{AreaFact, MAX_LINE_WIDTH, TextFact};
use crate::check::run::{RunPlace, excerpt};
use crate::model::Colour;
use crate::paginate::{Bounds, PageItem};

/// Maximum number of colours and of lines of a drawing that are kept.
const MAX_KEPT: usize = 256;

/// The content of a drawing. All parts have the location of its figure.
#[derive(Default)]
pub struct DrawnContent {
    /// Its texts, in drawing order.
    pub texts: Vec<TextFact>,
    /// Its colours, those with transparency apart from opaque ones.
    pub colours: Vec<AreaFact>,
    /// Its thin lines, the first of each width.
    pub lines: Vec<AreaFact>,
}

/// The position of a drawing on a page.
pub struct PlacedDrawing<'a> {
    /// Its item on the page.
    pub item: &'a PageItem<'a>,
    /// Its size in the frame.
    pub size: Size,
    /// The location of its figure.
    pub place: RunPlace,
    /// The colour below it.
    pub background: [u8; 3],
}

impl DrawnContent {
    /// Collects the content of a drawing.
    pub fn of(tree: &Tree, placed: &PlacedDrawing<'_>) -> Self {
        let (width, height) = (f64::from(tree.size().width()), f64::from(tree.size().height()));
        let scale = [placed.size.x.to_pt() / width, placed.size.y.to_pt() / height];
        let mut walk = DrawingWalk { placed, scale, areas: Vec::new(), facts: Self::default() };
        walk.group(tree.root(), false);
        walk.facts
    }
}

struct DrawingWalk<'a> {
    placed: &'a PlacedDrawing<'a>,
    /// Points in the frame per unit of the drawing, horizontally and vertically.
    scale: [f64; 2],
    /// The areas that are filled with a single opaque colour, in drawing order.
    areas: Vec<(Rect, [u8; 3])>,
    facts: DrawnContent,
}

impl DrawingWalk<'_> {
    /// Collects a group. `faint` states whether a group around it has an opacity or a mask.
    fn group(&mut self, group: &Group, faint: bool) {
        let faint = faint || group.opacity().get() < 1.0 || group.mask().is_some();
        for node in group.children() {
            match node {
                Node::Group(inner) => self.group(inner, faint),
                Node::Path(path) => self.path(path, faint),
                Node::Text(text) => self.text(text, faint),
                Node::Image(_) => {}
            }
        }
    }

    fn path(&mut self, path: &Path, faint: bool) {
        if !path.is_visible() {
            return;
        }
        if let Some(fill) = path.fill() {
            let opaque = self.paint(fill.paint(), fill.opacity().get(), faint, path.abs_bounding_box());
            self.areas.extend(opaque.map(|rgb| (path.abs_bounding_box(), rgb)));
        }
        if let Some(stroke) = path.stroke() {
            let bounds = path.abs_stroke_bounding_box();
            let rgb = self.paint(stroke.paint(), stroke.opacity().get(), faint, bounds);
            let width = f64::from(stroke.width().get()) * self.on_paper(path.abs_transform());
            let known = self.facts.lines.iter().any(|line| (line.width - width).abs() < 0.005);
            if width < MAX_LINE_WIDTH && !known && self.facts.lines.len() < MAX_KEPT {
                let line = AreaFact { rgb, is_opaque: true, width, place: self.placed.place, bounds: self.bounds(bounds) };
                self.facts.lines.push(line);
            }
        }
    }

    fn text(&mut self, text: &Text, faint: bool) {
        let scale = self.on_paper(text.abs_transform());
        let around = text.abs_bounding_box();
        for span in text.layouted().iter().filter(|span| span.visible) {
            let fill = span.fill.as_ref().map(|fill| (fill.paint(), fill.opacity().get()));
            let stroke = span.stroke.as_ref().map(|stroke| (stroke.paint(), stroke.opacity().get()));
            let Some((paint, opacity)) = fill.or(stroke) else { continue };
            let words: String = span.positioned_glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
            if words.trim().is_empty() {
                continue;
            }
            let rgb = self.paint(paint, opacity, faint, around);
            let (x, y) = (f32::midpoint(around.left(), around.right()), f32::midpoint(around.top(), around.bottom()));
            let under = self.areas.iter().rfind(|(area, _)| holds(*area, x, y)).map_or(self.placed.background, |(_, rgb)| *rgb);
            let luminance = |rgb| Colour::screen(rgb).luminance();
            self.facts.texts.push(TextFact {
                size: f64::from(span.font_size.get()) * scale,
                rgb,
                reversed: rgb.is_some_and(|rgb| luminance(rgb) > luminance(under)),
                script: false,
                drawn: true,
                words: excerpt(&words),
                place: self.placed.place,
                bounds: self.bounds(around),
            });
        }
    }

    /// Records the colours of a paint. Returns the colour of an opaque paint in a single colour.
    fn paint(&mut self, paint: &Paint, opacity: f32, faint: bool, bounds: Rect) -> Option<[u8; 3]> {
        let is_opaque = !faint && opacity >= 1.0;
        let stops = match paint {
            Paint::Color(colour) => {
                let rgb = [colour.red, colour.green, colour.blue];
                self.colour(rgb, is_opaque, bounds);
                return is_opaque.then_some(rgb);
            }
            Paint::LinearGradient(gradient) => gradient.stops(),
            Paint::RadialGradient(gradient) => gradient.stops(),
            Paint::Pattern(_) => return None,
        };
        let is_opaque = is_opaque && stops.iter().all(|stop| stop.opacity().get() >= 1.0);
        for stop in stops {
            let colour = stop.color();
            self.colour([colour.red, colour.green, colour.blue], is_opaque, bounds);
        }
        None
    }

    fn colour(&mut self, rgb: [u8; 3], is_opaque: bool, bounds: Rect) {
        let colours = &self.facts.colours;
        let known = colours.iter().any(|known| known.rgb == Some(rgb) && known.is_opaque == is_opaque);
        if !known && colours.len() < MAX_KEPT {
            let (place, bounds) = (self.placed.place, self.bounds(bounds));
            self.facts.colours.push(AreaFact { rgb: Some(rgb), is_opaque, width: 0.0, place, bounds });
        }
    }

    /// Returns the number of points on paper per unit of a node with this transformation.
    fn on_paper(&self, node: Transform) -> f64 {
        let own = f64::from(node.sx * node.sy - node.kx * node.ky).abs().sqrt();
        own * (self.scale[0] * self.scale[1]).abs().sqrt() * self.placed.item.scale()
    }

    /// Returns the bounds on the page of a rectangle of the drawing.
    fn bounds(&self, rect: Rect) -> Bounds {
        let [x, y] = self.scale;
        let at = |length: f32, scale: f64| Abs::pt(f64::from(length) * scale);
        self.placed.item.on_page(at(rect.left(), x), at(rect.top(), y), at(rect.right(), x), at(rect.bottom(), y))
    }
}

fn holds(area: Rect, x: f32, y: f32) -> bool {
    (area.left()..=area.right()).contains(&x) && (area.top()..=area.bottom()).contains(&y)
}
