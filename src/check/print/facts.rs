//! The positions and source locations of the content of printed pages. They locate the findings of the print pass, which runs
//! after the laid out pages are dropped.

use std::collections::BTreeMap;

use typst::text::TextItem;
use typst::visualize::{ImageKind, Paint};

use super::drawings::{DrawnContent, PlacedDrawing};
use super::{PrintedPages, SourceLine, limits};
use crate::check::Subject;
use crate::check::image_places::ImagePlaces;
use crate::check::run::{PageRun, RunPlace, RunPlaces, runs};
use crate::paginate::{Blanks, Bounds, MappedPage, PageItem, PageMap, What};
use crate::product::Product;
use crate::resolve::Asset;

/// The content of the pages of a print product, with positions.
pub struct PrintFacts {
    /// The product.
    pub product: Product,
    /// The blank pages that were added.
    pub blanks: Blanks,
    /// The pages, in order, with the blank ones.
    pub pages: Vec<PageFacts>,
}

/// The content of a page, with positions. Among similar elements, the first or the largest is kept.
pub struct PageFacts {
    /// The location of the first body text, otherwise of the title of the publication.
    pub start: RunPlace,
    /// Runs of text, also of drawings, the first of each size and colour; of small text, the first of each line of the sources.
    pub texts: Vec<TextFact>,
    /// Filled areas, the largest of each colour.
    pub fills: Vec<AreaFact>,
    /// Thin lines and transparent lines, the first of each width and colour.
    pub strokes: Vec<AreaFact>,
    /// Colours of drawings. Their bounds are those of a part in the colour.
    pub drawn: Vec<AreaFact>,
    /// Images.
    pub images: Vec<ImageFact>,
    /// The first text with colour glyphs.
    pub colour_text: Option<TextFact>,
}

/// A run of text.
#[derive(Clone)]
pub struct TextFact {
    /// Its size on paper in points.
    pub size: f64,
    /// Its colour; `None` for gradients, tilings and transparent paint.
    pub rgb: Option<[u8; 3]>,
    /// Whether it is lighter than its background; `false` for text that is not small.
    pub reversed: bool,
    /// Whether it is a superscript or a subscript.
    pub script: bool,
    /// Whether it is part of a drawing.
    pub drawn: bool,
    /// Its first words.
    pub words: String,
    /// Its location in the sources.
    pub place: RunPlace,
    /// Its position on the page.
    pub bounds: Bounds,
}

/// A filled area, or a line.
#[derive(Clone, Copy)]
pub struct AreaFact {
    /// Its colour; `None` for gradients, tilings and transparent paint.
    pub rgb: Option<[u8; 3]>,
    /// Whether its colour is opaque.
    pub is_opaque: bool,
    /// Width of the line on paper in points; 0 for an area.
    pub width: f64,
    /// Its location in the sources, otherwise that of the page.
    pub place: RunPlace,
    /// Its position on the page.
    pub bounds: Bounds,
}

/// An image.
#[derive(Clone, Copy)]
pub struct ImageFact {
    /// Its index in the assets of the edition; `None` for images of the layout.
    pub asset: Option<usize>,
    /// Whether it is a logo, whose size the layout decides.
    pub is_logo: bool,
    /// Its size in pixels; `None` for drawings.
    pub pixels: Option<[u32; 2]>,
    /// Its location in the sources, otherwise that of the page.
    pub place: RunPlace,
    /// Its position on the page.
    pub bounds: Bounds,
}

/// Width in points below which opaque lines are kept; no check has a larger threshold.
pub const MAX_LINE_WIDTH: f64 = 2.0;

impl PrintFacts {
    /// Collects the facts of the pages of a product.
    pub fn of(subject: &Subject<'_>, printed: &PrintedPages<'_>) -> Self {
        let places = RunPlaces::new(subject, printed.map);
        let placements = ImagePlaces::new(subject, printed.map);
        let assets = &subject.edition.assets;
        // `reversed-text` is the larger of the two limits of text
        let small = limits(subject).reversed_text;
        let pages = printed.map.pages.iter().map(|page| {
            let start = start(&places, subject, page);
            PageFacts::of(&FactWalk { places: &places, placements: &placements, assets, map: printed.map, start, small }, page)
        });
        Self { product: printed.product, blanks: printed.blanks, pages: pages.collect() }
    }

    /// Returns the facts of a page of the file.
    pub fn page(&self, number: usize) -> Option<&PageFacts> {
        self.pages.get(number.checked_sub(1)?)
    }
}

/// The inputs for collecting the facts of a page.
struct FactWalk<'a> {
    places: &'a RunPlaces<'a>,
    placements: &'a ImagePlaces,
    assets: &'a [Asset],
    map: &'a PageMap<'a>,
    start: RunPlace,
    /// Size in points below which text is compared with its background, and kept for each line of the sources.
    small: f64,
}

impl FactWalk<'_> {
    fn place_of(&self, item: &PageItem<'_>) -> RunPlace {
        let origin = self.map.origin_of(item);
        RunPlace { author: origin.author.unwrap_or(self.start.author), layout: origin.layout }
    }
}

/// Returns the location of the first body text of a page, otherwise of the title of the publication.
fn start(places: &RunPlaces<'_>, subject: &Subject<'_>, page: &MappedPage<'_>) -> RunPlace {
    let body = runs(page).find(|run| run.item.artifact.is_none() && !run.item.note);
    let author = body.map_or_else(|| subject.publication_place(), |run| places.of(&run).author);
    RunPlace { author, layout: None }
}

impl PageFacts {
    fn of(walk: &FactWalk<'_>, page: &MappedPage<'_>) -> Self {
        let mut facts = Self {
            start: walk.start,
            texts: Vec::new(),
            fills: Vec::new(),
            strokes: Vec::new(),
            drawn: Vec::new(),
            images: Vec::new(),
            colour_text: None,
        };
        let areas = filled_areas(page);
        let mut texts = KeptTexts { walk, known: BTreeMap::new() };
        texts.add_runs(page, &areas, &mut facts.colour_text);
        if let Some(rgb) = page.background.and_then(solid) {
            facts.fills.push(AreaFact { rgb: Some(rgb), is_opaque: true, width: 0.0, place: walk.start, bounds: page.trim });
        }
        for item in &page.items {
            match item.what {
                What::Text(_) => {}
                What::Image(..) => {
                    let Some(image) = image(walk, item) else { continue };
                    if let Some(drawing) = drawing(item, &image, page, &areas) {
                        drawing.texts.into_iter().for_each(|text| texts.add(text));
                        facts.drawn.extend(drawing.colours);
                        facts.strokes.extend(drawing.lines);
                    }
                    facts.images.push(image);
                }
                What::Shape(_) => facts.shape(walk, item),
            }
        }
        facts.texts = texts.known.into_values().collect();
        facts
    }

    fn shape(&mut self, walk: &FactWalk<'_>, item: &PageItem<'_>) {
        let What::Shape(shape) = item.what else { return };
        let Some(bounds) = visible(item) else { return };
        if let Some(fill) = &shape.fill {
            let (rgb, is_opaque) = (solid(fill), is_opaque(fill));
            let known = self.fills.iter_mut().find(|known| known.rgb == rgb && known.is_opaque == is_opaque);
            let fact = || AreaFact { rgb, is_opaque, width: 0.0, place: walk.place_of(item), bounds };
            match known {
                None => self.fills.push(fact()),
                Some(known) if known.bounds.area() < bounds.area() => *known = fact(),
                Some(_) => {}
            }
        }
        if let Some(stroke) = &shape.stroke {
            let (width, rgb) = (stroke.thickness.to_pt() * item.scale(), solid(&stroke.paint));
            let is_opaque = is_opaque(&stroke.paint);
            let same = |known: &AreaFact| (known.width - width).abs() < 0.005 && known.rgb == rgb && known.is_opaque == is_opaque;
            if (width < MAX_LINE_WIDTH || !is_opaque) && !self.strokes.iter().any(same) {
                self.strokes.push(AreaFact { rgb, is_opaque, width, place: walk.place_of(item), bounds });
            }
        }
    }
}

/// The size in twentieths of a point, the colour and the kind of a text, and its line in the sources if it is small.
type TextKey = (u64, Option<[u8; 3]>, [bool; 2], Option<SourceLine>);

/// The texts of a page that [`PageFacts::texts`] keeps.
struct KeptTexts<'a> {
    walk: &'a FactWalk<'a>,
    known: BTreeMap<TextKey, TextFact>,
}

impl KeptTexts<'_> {
    /// Adds the runs of a page, and sets `colour_text` to the first text with colour glyphs.
    fn add_runs(&mut self, page: &MappedPage<'_>, areas: &[FilledArea<'_>], colour_text: &mut Option<TextFact>) {
        for run in runs(page) {
            let (rgb, size) = (solid(&run.text.fill), run.size());
            let reversed = size < self.walk.small && is_reversed(page, areas, &run);
            let place = self.walk.places.of(&run);
            let script = run.item.script;
            let fact = || TextFact { size, rgb, reversed, script, drawn: false, words: run.words(), place, bounds: run.ink() };
            if colour_text.is_none() && has_colour_glyphs(run.text) {
                *colour_text = Some(fact());
            }
            self.known.entry(self.key(size, rgb, [reversed, script], place)).or_insert_with(fact);
        }
    }

    /// Adds a text of a drawing.
    fn add(&mut self, text: TextFact) {
        let key = self.key(text.size, text.rgb, [text.reversed, text.script], text.place);
        self.known.entry(key).or_insert(text);
    }

    fn key(&self, size: f64, rgb: Option<[u8; 3]>, kind: [bool; 2], place: RunPlace) -> TextKey {
        let line = (size < self.walk.small).then(|| self.walk.places.line(place));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size is small and positive")]
        let twentieths = (size * 20.0).round() as u64;
        (twentieths, rgb, kind, line)
    }
}

/// Returns the content of an SVG image with this place; `None` for other images.
fn drawing(item: &PageItem<'_>, image: &ImageFact, page: &MappedPage<'_>, areas: &[FilledArea<'_>]) -> Option<DrawnContent> {
    let What::Image(shown, size) = item.what else { return None };
    let ImageKind::Svg(svg) = shown.kind() else { return None };
    let background = background_at(page, areas, item, image.bounds.centre());
    Some(DrawnContent::of(svg.tree(), &PlacedDrawing { item, size, place: image.place, background }))
}

/// A filled area. The address of its item gives its place in the drawing order.
struct FilledArea<'a> {
    item: *const PageItem<'a>,
    bounds: Bounds,
    rgb: [u8; 3],
}

/// Returns the areas of a page that are filled with a single colour, in drawing order.
fn filled_areas<'a>(page: &MappedPage<'a>) -> Vec<FilledArea<'a>> {
    let filled = page.items.iter().filter_map(|item| {
        let What::Shape(shape) = item.what else { return None };
        let rgb = shape.fill.as_ref().and_then(solid)?;
        Some(FilledArea { item, bounds: visible(item)?, rgb })
    });
    filled.collect()
}

/// Returns whether a run is lighter than its background.
fn is_reversed(page: &MappedPage<'_>, areas: &[FilledArea<'_>], run: &PageRun<'_>) -> bool {
    let Some(text) = solid(&run.text.fill) else { return false };
    let body = run.body();
    let background = background_at(page, areas, run.item, body.centre());
    let luminance = |rgb| crate::model::Colour::screen(rgb).luminance();
    luminance(text) > luminance(background)
}

/// Returns the colour below an item at a point of the page: of the last area before it, otherwise of the page, otherwise white.
fn background_at(page: &MappedPage<'_>, areas: &[FilledArea<'_>], item: &PageItem<'_>, (x, y): (f64, f64)) -> [u8; 3] {
    // The items are contiguous in memory, in drawing order.
    let before = areas.iter().take_while(|area| area.item.addr() < std::ptr::from_ref(item).addr());
    let under = before.filter(|area| area.bounds.holds(x, y)).last().map(|area| area.rgb);
    under.or_else(|| page.background.and_then(solid)).unwrap_or([255; 3])
}

/// Returns whether a text has a colour glyph, which Typst exports in a Type 3 font.
pub fn has_colour_glyphs(text: &TextItem) -> bool {
    let face = text.font.ttf();
    let tables = face.tables();
    let any = tables.colr.is_some() || tables.svg.is_some() || tables.sbix.is_some() || tables.cbdt.is_some();
    any && text.glyphs.iter().any(|glyph| {
        let id = ttf_parser::GlyphId(glyph.id);
        face.is_color_glyph(id) || face.glyph_svg_image(id).is_some() || face.glyph_raster_image(id, u16::MAX).is_some()
    })
}

fn image(walk: &FactWalk<'_>, item: &PageItem<'_>) -> Option<ImageFact> {
    let What::Image(image, _) = item.what else { return None };
    let asset = walk.map.asset(image);
    // Typst receives a large image inside an SVG, so the pixels of the asset are used first.
    let own = asset.and_then(|asset| walk.assets.get(asset)).filter(|asset| !asset.is_drawing());
    let pixels = match (own, image.kind()) {
        (Some(own), _) => Some([own.width, own.height]),
        (None, ImageKind::Raster(raster)) => Some([raster.width(), raster.height()]),
        (None, ImageKind::Svg(_) | ImageKind::Pdf(_)) => None,
    };
    let written = asset.and_then(|asset| walk.placements.of(asset, item));
    let place = match written {
        Some(author) => RunPlace { author, layout: None },
        None => walk.place_of(item),
    };
    let is_logo = asset.is_some_and(|asset| walk.placements.is_logo(asset));
    Some(ImageFact { asset, is_logo, pixels, place, bounds: visible(item)? })
}

/// Returns the bounds of the visible part of an image or a shape; `None` if it is invisible.
pub fn visible(item: &PageItem<'_>) -> Option<Bounds> {
    let own = match item.what {
        What::Image(_, size) => item.on_page(typst::layout::Abs::zero(), typst::layout::Abs::zero(), size.x, size.y),
        What::Shape(shape) => {
            let painted = shape.fill.iter().chain(shape.stroke.as_ref().map(|stroke| &stroke.paint));
            if painted.clone().all(is_clear) {
                return None;
            }
            let own = shape.bbox(true);
            item.on_page(own.min.x, own.min.y, own.max.x, own.max.y)
        }
        What::Text(_) => return None,
    };
    match item.clip {
        None => Some(own),
        Some(clip) => Some(own.intersection(clip)).filter(|part| part.width() > 0.0 || part.height() > 0.0),
    }
}

fn is_opaque(paint: &Paint) -> bool {
    !matches!(paint, Paint::Solid(colour) if colour.alpha().is_some_and(|alpha| alpha < 1.0))
}

fn is_clear(paint: &Paint) -> bool {
    match paint {
        Paint::Solid(colour) => colour.alpha().is_some_and(|alpha| alpha <= 0.0),
        Paint::Gradient(_) | Paint::Tiling(_) => false,
    }
}

/// Returns the sRGB value of a paint; `None` for gradients, tilings and transparent paint.
pub fn solid(paint: &Paint) -> Option<[u8; 3]> {
    let Paint::Solid(colour) = paint else { return None };
    if is_clear(paint) {
        return None;
    }
    let rgb = colour.to_rgb();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a channel is between 0 and 1")]
    let channel = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    Some([rgb.red, rgb.green, rgb.blue].map(channel))
}
