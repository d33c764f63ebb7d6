//! The painted areas of a content stream in order, to compute the maximum ink under overprinted black text and in blended layers.

use super::matrix::{Matrix, Rect};
use super::outline::{Outline, Region};

/// Maximum number of separate layers. Further layers are merged into one.
const MAX_LAYERS: usize = 4096;

/// Side of the cells in which text is compared with the layers below it, in points.
const CELL: f32 = 2.0;

/// Maximum number of comparisons of cells with edges per page. Beyond it, every layer whose bounds touch a text counts as below
/// it.
const BUDGET: usize = 40_000_000;

/// Maximum number of layers that are compared with the layers above them to find the maximum visible ink.
const MAX_COMPARED: usize = 256;

/// Tolerance for rounded coordinates, in points.
const ROUNDING: f32 = 0.001;

/// The inks of a layer except black.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Colours {
    /// The sum of cyan, magenta, yellow and spots.
    Sum(f32),
    /// The inks of an image, by its index.
    Image(usize),
}

/// A painted area.
#[derive(Clone, Debug)]
pub(super) struct PaintedArea {
    /// Its bounds.
    pub place: Rect,
    /// Its outline, if known. Nothing is painted outside the outline or outside `place`.
    pub outline: Option<Outline>,
    /// Whether it hides everything below it inside its outline and `place`.
    pub opaque: bool,
}

/// An area with its colours.
#[derive(Clone, Debug)]
struct Layer {
    area: PaintedArea,
    colours: Colours,
    /// The sum of its inks including black; 0 for an image.
    total: f32,
}

impl PaintedArea {
    /// Returns an area with known bounds and no outline.
    pub(super) fn within(place: Rect) -> Self {
        Self { place, outline: None, opaque: false }
    }
}

/// A layer that is painted with a blend mode other than `Normal`.
#[derive(Clone, Debug)]
pub(super) struct BlendedLayer {
    /// Its bounds.
    pub place: Rect,
    /// Its largest sum of cyan, magenta, yellow and spot inks, without images.
    pub colours: f32,
    /// Its images.
    pub images: Vec<usize>,
    /// Whether the result has, on each plate, at most the sum of the inks of source and backdrop.
    pub is_bounded: bool,
}

/// The blend modes whose result has, on each plate, at most the sum of the inks of source and backdrop (ISO 32000-1 §11.3.5.2,
/// with the complements that subtractive spaces use). `ColorBurn`, `Difference` and `Exclusion` can turn little ink into solid
/// ink, and the nonseparable modes mix the plates.
const BOUNDED_MODES: [&str; 8] = ["Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "HardLight", "SoftLight"];

/// Maximum number of separate blended layers. With more, the bound of the ink is solid ink on every plate.
const MAX_BLENDED: usize = 256;

/// The painted areas of a content stream, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    /// Painted areas, each with its number in the painting order.
    list: Vec<(usize, Layer)>,
    blended: Vec<BlendedLayer>,
    /// Bounds of overprinted black text, each with its number in the painting order.
    black_text: Vec<(usize, Rect)>,
    /// The last number in the painting order.
    clock: usize,
    /// Maximum sum of the inks of paint that is not a layer, such as overprinted black.
    rest: f32,
    /// Whether layers were merged.
    is_merged: bool,
}

impl Layers {
    /// Adds an area over all others. `total` is the sum of its inks including black, and 0 for an image.
    pub(super) fn paint(&mut self, area: PaintedArea, colours: Colours, total: f32) {
        let is_white = matches!(colours, Colours::Sum(sum) if sum <= 0.005);
        if area.place.is_empty() || is_white && !(area.opaque && area.outline.is_some()) {
            self.rest = self.rest.max(total);
            return;
        }
        self.clock += 1;
        let is_full = self.list.len() >= MAX_LAYERS;
        match self.list.last_mut() {
            Some((_, last)) if is_full => {
                self.is_merged = true;
                let sum = match (last.colours, colours) {
                    (Colours::Sum(one), Colours::Sum(other)) => one.max(other),
                    // No image has more than three solid inks besides black.
                    _ => 3.0,
                };
                let area = PaintedArea::within(joined(last.area.place, area.place));
                *last = Layer { area, colours: Colours::Sum(sum), total: last.total.max(total) };
            }
            _ => self.list.push((self.clock, Layer { area, colours, total })),
        }
    }

    /// Records the sum of the inks of paint that is not a layer.
    pub(super) fn rest(&mut self, total: f32) {
        self.rest = self.rest.max(total);
    }

    /// Adds overprinted black text.
    pub(super) fn overprint(&mut self, place: Rect) {
        if place.is_empty() {
            return;
        }
        self.clock += 1;
        let is_full = self.black_text.len() >= MAX_LAYERS;
        match self.black_text.last_mut() {
            Some((when, last)) if is_full => (*when, *last) = (self.clock, joined(*last, place)),
            _ => self.black_text.push((self.clock, place)),
        }
    }

    /// Adds a layer that is painted with a blend mode other than `Normal`.
    pub(super) fn blend(&mut self, mode: &str, place: Rect, colours: f32, images: Vec<usize>) {
        self.push_blended(BlendedLayer { place, colours, images, is_bounded: BOUNDED_MODES.contains(&mode) });
    }

    /// Adds the blended layers of a pattern that fills an area. Their positions inside the area are unknown.
    pub(super) fn blend_within(&mut self, pattern: &Self, place: Rect) {
        for layer in &pattern.blended {
            self.push_blended(BlendedLayer { place, ..layer.clone() });
        }
    }

    fn push_blended(&mut self, layer: BlendedLayer) {
        let is_full = self.blended.len() >= MAX_BLENDED;
        match self.blended.last_mut() {
            Some(last) if is_full => last.is_bounded = false,
            _ if layer.place.is_empty() => {}
            _ => self.blended.push(layer),
        }
    }

    /// Adds the layers of another stream. `opaque` is false if none of them hides the layers below.
    pub(super) fn add(&mut self, inner: &Self, matrix: Matrix, clip: Rect, opaque: bool) {
        // A rotated clipping path is smaller than its bounds.
        let opaque = opaque && matrix.is_straight();
        self.rest = self.rest.max(inner.rest);
        self.is_merged |= inner.is_merged;
        let mut texts = inner.black_text.iter().peekable();
        for (when, Layer { area, colours, total }) in &inner.list {
            while let Some((_, place)) = texts.next_if(|(before, _)| before < when) {
                self.overprint(place.transformed(matrix).intersection(clip));
            }
            let outline = area.outline.as_ref().map(|outline| outline.transformed(matrix));
            let place = area.place.transformed(matrix).intersection(clip);
            self.paint(PaintedArea { place, outline, opaque: area.opaque && opaque }, *colours, *total);
        }
        texts.for_each(|(_, place)| self.overprint(place.transformed(matrix).intersection(clip)));
        for layer in &inner.blended {
            self.push_blended(BlendedLayer { place: layer.place.transformed(matrix).intersection(clip), ..layer.clone() });
        }
    }

    /// Returns the maximum ink of paint that no opaque layer covers as a whole; `None` if layers were merged. `image` returns the
    /// maximum sum of the inks of an image.
    pub(super) fn visible(&self, image: impl Fn(usize) -> f32) -> Option<f32> {
        let total = |layer: &Layer| match layer.colours {
            Colours::Sum(_) => layer.total,
            Colours::Image(index) => image(index),
        };
        let mut order: Vec<(f32, usize)> = self.list.iter().enumerate().map(|(at, (_, layer))| (total(layer), at)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        let shown = order.iter().enumerate().find(|(rank, (_, at))| *rank >= MAX_COMPARED || !self.is_covered(*at));
        (!self.is_merged).then(|| shown.map_or(self.rest, |(_, (total, _))| total.max(self.rest)))
    }

    /// Returns whether an image is visible somewhere, or its position is unknown.
    pub(super) fn shows(&self, image: usize) -> bool {
        let mut places = self.list.iter().enumerate().filter(|(_, (_, layer))| layer.colours == Colours::Image(image)).peekable();
        self.is_merged || places.peek().is_none() || places.any(|(at, _)| !self.is_covered(at))
    }

    /// Returns whether one opaque layer above a layer covers it as a whole.
    fn is_covered(&self, at: usize) -> bool {
        let (below, above) = self.list.split_at_checked(at + 1).unwrap_or_default();
        below.last().is_some_and(|(_, layer)| above.iter().any(|(_, cover)| cover.covers(layer.area.place)))
    }

    /// Returns the maximum ink where layers are blended; 0 without blended layers. `plates` is the number of plates. Black is
    /// assumed to be solid. `image` returns the maximum sum of the inks of an image except black.
    pub(super) fn blended(&self, plates: f32, image: impl Fn(usize) -> f32) -> f32 {
        let sum = |layer: &BlendedLayer| layer.images.iter().fold(layer.colours, |most, index| most.max(image(*index)));
        let overlap = |a: Rect, b: Rect| !a.intersection(b).is_empty();
        let bounds = self.blended.iter().enumerate().map(|(number, layer)| {
            if !layer.is_bounded {
                return plates;
            }
            let over = self.list.iter().filter(|(_, other)| overlap(other.area.place, layer.place));
            let under = over.map(|(_, other)| match other.colours {
                Colours::Sum(sum) => sum,
                Colours::Image(index) => image(index),
            });
            let others = self.blended.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, other)| other);
            let others: f32 = others.filter(|other| overlap(other.place, layer.place)).map(sum).sum();
            (1.0 + sum(layer) + others + under.fold(0.0, f32::max)).min(plates)
        });
        bounds.fold(0.0, f32::max)
    }

    /// Returns the largest sum of inks except black of any layer, without images.
    pub(super) fn most_colours(&self) -> f32 {
        let sums = self.list.iter().filter_map(|(_, layer)| match layer.colours {
            Colours::Sum(sum) => Some(sum),
            Colours::Image(_) => None,
        });
        sums.fold(0.0, f32::max)
    }

    /// Returns the maximum ink under overprinted black text, including the text, or `least` if that is larger. `image` returns
    /// the maximum sum of the inks of an image except black.
    pub(super) fn overprinted(&self, least: f32, image: impl Fn(usize) -> f32) -> f32 {
        let colours = |layer: &Layer| match layer.colours {
            Colours::Sum(sum) => sum,
            Colours::Image(index) => image(index),
        };
        let (mut most, mut budget) = (least, BUDGET);
        for (when, place) in &self.black_text {
            // Shrunk, so that words that only touch do not overlap.
            let text = place.grown(-0.1);
            let under = self.list.iter().take_while(|(before, _)| before < when).map(|(_, layer)| layer);
            let under: Vec<(&Layer, f32)> = under
                .filter(|layer| !layer.area.place.intersection(text).is_empty())
                .map(|layer| (layer, colours(layer)))
                .collect();
            let highest = under.iter().map(|(_, sum)| *sum).fold(0.0, f32::max);
            if highest + 1.0 > most {
                most = most.max(1.0 + under_text(&under, text, &mut budget).unwrap_or(highest));
            }
        }
        most
    }
}

/// Returns the largest visible sum of inks under a text; `None` if the budget is exhausted.
fn under_text(under: &[(&Layer, f32)], text: Rect, budget: &mut usize) -> Option<f32> {
    let [left, bottom, right, top] = text.0;
    let steps = |length: f32| (length / CELL).ceil().clamp(1.0, 200.0);
    let (across, down) = (steps(right - left), steps(top - bottom));
    let (width, height) = ((right - left) / across, (top - bottom) / down);
    let points: usize = under.iter().map(|(layer, _)| 1 + layer.area.outline.as_ref().map_or(0, Outline::points)).sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both are whole numbers up to 200")]
    let (across, down) = (across as u8, down as u8);
    *budget = budget.checked_sub(points * usize::from(across) * usize::from(down))?;
    let cells = (0..down).flat_map(|row| (0..across).map(move |column| (f32::from(column), f32::from(row))));
    let most = cells.map(|(column, row)| {
        let (x, y) = (left + column * width, bottom + row * height);
        under_cell(under, Rect([x, y, x + width, y + height]))
    });
    Some(most.fold(0.0, f32::max))
}

/// Returns the largest sum of inks in a cell, from the top layer down to the first opaque layer.
fn under_cell(under: &[(&Layer, f32)], cell: Rect) -> f32 {
    let mut most = 0.0_f32;
    for (layer, sum) in under.iter().rev() {
        match layer.region(cell) {
            Region::Outside => {}
            Region::Edge => most = most.max(*sum),
            Region::Inside => {
                most = most.max(*sum);
                if layer.area.opaque {
                    break;
                }
            }
        }
    }
    most
}

impl Layer {
    /// Returns whether the layer hides everything below it in a rectangle.
    fn covers(&self, place: Rect) -> bool {
        let within = place.intersection(self.area.place.grown(ROUNDING)) == place;
        let is_whole = |outline: &Outline| outline.is_rectangle() || outline.region(place) == Region::Inside;
        self.area.opaque && within && self.area.outline.as_ref().is_some_and(is_whole)
    }

    fn region(&self, cell: Rect) -> Region {
        if self.area.place.intersection(cell).is_empty() {
            return Region::Outside;
        }
        match self.area.outline.as_ref().map_or(Region::Edge, |outline| outline.region(cell)) {
            Region::Inside if self.area.place.intersection(cell) != cell => Region::Edge,
            region => region,
        }
    }
}

fn joined(a: Rect, b: Rect) -> Rect {
    let [left, bottom, right, top] = b.0;
    let mut joined = a;
    joined.add([left, bottom]);
    joined.add([right, top]);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn background(layers: &mut Layers, [left, bottom, right, top]: [f32; 4], sum: f32, opaque: bool) {
        let outline = Outline::of([[left, bottom], [right, bottom], [right, top], [left, top]]);
        layers.paint(PaintedArea { place: Rect([left, bottom, right, top]), outline, opaque }, Colours::Sum(sum), sum);
    }

    fn most(layers: &Layers) -> f32 {
        layers.overprinted(0.0, |_| 1.5)
    }

    const TEXT: Rect = Rect([20.0, 20.0, 60.0, 30.0]);

    #[test]
    fn an_opaque_layer_hides_the_layers_below_it() {
        let mut layers = Layers::default();
        background(&mut layers, [0.0, 0.0, 100.0, 100.0], 2.0, true);
        layers.overprint(TEXT);
        assert_eq!(most(&layers), 3.0);
        let mut layers = Layers::default();
        background(&mut layers, [0.0, 0.0, 100.0, 100.0], 2.0, true);
        background(&mut layers, [10.0, 10.0, 90.0, 90.0], 0.0, true);
        layers.overprint(TEXT);
        assert_eq!(most(&layers), 1.0, "white hides it");
        layers.overprint(Rect([5.0, 20.0, 60.0, 30.0]));
        assert_eq!(most(&layers), 3.0, "this text goes beyond the white");
    }

    #[test]
    fn ink_under_an_opaque_layer_is_not_visible() {
        let visible = |layers: &Layers| layers.visible(|_| 4.0).unwrap();
        let whole = [0.0, 0.0, 100.0, 100.0];
        let mut layers = Layers::default();
        layers.paint(PaintedArea::within(Rect([10.0, 10.0, 90.0, 90.0])), Colours::Image(7), 0.0);
        assert_eq!((visible(&layers), layers.shows(7)), (4.0, true));
        background(&mut layers, [0.0, 0.0, 100.0, 50.0], 0.5, true);
        background(&mut layers, whole, 0.5, false);
        assert_eq!((visible(&layers), layers.shows(7)), (4.0, true), "partly covered, and by a transparent layer");
        background(&mut layers, whole, 1.5, true);
        assert_eq!((visible(&layers), layers.shows(7)), (1.5, false));
        background(&mut layers, whole, 0.0, true);
        layers.rest(1.0);
        assert_eq!(visible(&layers), 1.0, "equal bounds cover, and black text is always counted");
        layers.paint(PaintedArea::within(Rect([10.0, 10.0, 20.0, 20.0])), Colours::Image(7), 0.0);
        assert_eq!((visible(&layers), layers.shows(7)), (4.0, true), "the image is shown again");
        assert!(layers.shows(8), "the position of an image in a pattern is unknown");
        let mut disc = super::super::outline::Path::default();
        disc.move_to([50.0, 0.0]);
        disc.curve_to(None, [100.0, 0.0], [100.0, 50.0]);
        disc.curve_to(None, [100.0, 100.0], [50.0, 100.0]);
        disc.curve_to(None, [0.0, 100.0], [0.0, 50.0]);
        disc.curve_to(None, [0.0, 0.0], [50.0, 0.0]);
        let outline = disc.outline(super::super::outline::PaintRule::NonZero);
        layers.paint(PaintedArea { place: Rect(whole), outline, opaque: true }, Colours::Sum(0.2), 0.2);
        assert!(layers.shows(7), "the image is in a corner outside the disc");
        (0..MAX_LAYERS).for_each(|_| background(&mut layers, whole, 0.5, true));
        assert_eq!(layers.visible(|_| 4.0), None, "too many layers");
    }

    #[test]
    fn blended_layers_add_their_inks_where_they_overlap() {
        let mut layers = Layers::default();
        assert_eq!(layers.blended(4.0, |_| 0.0), 0.0);
        background(&mut layers, [0.0, 0.0, 100.0, 100.0], 0.25, true);
        background(&mut layers, [200.0, 0.0, 300.0, 100.0], 2.5, true);
        layers.blend("Multiply", Rect([10.0, 10.0, 20.0, 20.0]), 0.5, Vec::new());
        assert_eq!(layers.blended(4.0, |_| 0.0), 1.75, "the dark background is elsewhere");
        layers.blend("Multiply", Rect([10.0, 10.0, 20.0, 20.0]), 0.0, vec![7]);
        assert_eq!(layers.blended(4.0, |_| 1.0), 2.75, "both layers and the background");
        layers.blend("Difference", Rect([90.0, 90.0, 95.0, 95.0]), 0.0, Vec::new());
        assert_eq!(layers.blended(4.0, |_| 0.0), 4.0);
    }

    #[test]
    fn transparent_layers_add_to_the_maximum_ink() {
        let mut layers = Layers::default();
        background(&mut layers, [0.0, 0.0, 100.0, 100.0], 2.0, true);
        background(&mut layers, [10.0, 10.0, 90.0, 90.0], 0.2, false);
        layers.overprint(TEXT);
        assert_eq!(most(&layers), 3.0);
        let mut page = Layers::default();
        page.add(&layers, Matrix::IDENTITY, Rect([0.0, 0.0, 10.0, 10.0]), true);
        assert_eq!(most(&page), 0.0, "the text is clipped away");
    }

    #[test]
    fn later_layers_and_other_places_do_not_count() {
        let mut layers = Layers::default();
        layers.overprint(TEXT);
        background(&mut layers, [0.0, 0.0, 100.0, 100.0], 2.0, true);
        assert_eq!(most(&layers), 1.0, "black alone");
        let mut frame = super::super::outline::Path::default();
        frame.polygon([[10.0, 10.0], [90.0, 10.0], [90.0, 90.0], [10.0, 90.0]]);
        let outline = frame.outline(super::super::outline::PaintRule::Stroke(0.5));
        layers.paint(PaintedArea { place: Rect([9.5, 9.5, 90.5, 90.5]), outline, opaque: false }, Colours::Sum(2.5), 2.5);
        layers.overprint(TEXT);
        assert_eq!(most(&layers), 3.0, "the later background, not the frame around the text");
        layers.paint(PaintedArea::within(TEXT), Colours::Image(0), 0.0);
        background(&mut layers, [0.0, 0.0, 100.0, 100.0], 0.5, true);
        layers.overprint(TEXT);
        assert_eq!(most(&layers), 3.0);
    }
}
