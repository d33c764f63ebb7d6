//! The settings of print products: each from the publication, then the series, then the workspace, then the defaults.

mod limits;

use std::hash::{Hash, Hasher};

use toml::Spanned;

pub use self::limits::PrintLimits;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{Binding, ColourMode, Length, Manifest, PrintManifest, SpineText, WorkspaceManifest, join_path};
use crate::product::Product;
use crate::workspace::Publication;

/// The settings of print products, with a value for every key. Lengths are in points.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintSettings {
    /// Distance that is painted beyond the trim size.
    pub bleed: f64,
    /// Location of the value.
    pub bleed_at: Option<Span>,
    /// Crop and registration marks and a slug line.
    pub marks: bool,
    /// Inks of the pages. For those of a product, see [`Self::colour_of`].
    pub colour: ColourMode,
    /// Whether the background colour of the pages is printed.
    pub paper: bool,
    /// Largest size of text in the foreground colour that is printed in black alone, in points; `None` for no text.
    pub black_text: Option<f64>,
    /// The press profile: its path from the root of the project, and the location of the value. `None` is FOGRA39.
    pub icc: Option<(String, Span)>,
    /// Binding.
    pub binding: Binding,
    /// Location of the value.
    pub binding_at: Option<Span>,
    /// Space that is added to inner margins; `None` if it depends on the number of pages.
    pub gutter: Option<f64>,
    /// Location of the value.
    pub gutter_at: Option<Span>,
    /// Paper and cover sheet.
    pub cover: CoverSettings,
    /// Thresholds of the print checks.
    pub limits: PrintLimits,
}

/// Settings of the cover sheet. Lengths are in points.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverSettings {
    /// Inks.
    pub colour: ColourMode,
    /// Weight of the paper of the pages in g/m².
    pub weight: Option<f64>,
    /// Bulk of the paper of the pages in cm³/g.
    pub bulk: Option<f64>,
    /// Thickness of the board of the cover.
    pub caliper: f64,
    /// Width of the spine, if the printer states it.
    pub spine: Option<f64>,
    /// Location of the value.
    pub spine_at: Option<Span>,
    /// Direction of the text on the spine; `None` for the convention of the language.
    pub spine_text: Option<SpineText>,
    /// Paragraphs of the back cover; empty to use the description.
    pub text: Vec<String>,
    /// Location of that text.
    pub text_at: Option<Span>,
    /// Price.
    pub price: Option<String>,
}

impl PrintSettings {
    /// Returns the inks of a print product: the cover sheet may have other inks than the pages.
    pub fn colour_of(&self, product: Product) -> ColourMode {
        if product == Product::Cover { self.cover.colour } else { self.colour }
    }

    /// Returns whether print products have a gutter for any number of pages. Their pages then differ from the PDF for screens.
    pub fn has_gutter(&self) -> bool {
        self.gutter.is_none_or(|gutter| gutter > 0.0)
    }
}

impl CoverSettings {
    /// Returns the width of the spine of a book with this number of pages, in points: the declared width, otherwise computed from
    /// the paper. `None` if neither is known.
    ///
    /// A leaf has two pages. Its thickness in µm is its weight in g/m² times its bulk in cm³/g. Both boards and the glue are
    /// added.
    pub fn spine_width(&self, pages: usize) -> Option<f64> {
        if let Some(stated) = self.spine {
            return Some(stated);
        }
        let leaves = u32::try_from(pages.div_ceil(2)).ok()?;
        let block = f64::from(leaves) * self.weight? * self.bulk? / 1000.0;
        Some(Length::mm(block).points() + 2.0 * self.caliper + GLUE.points())
    }
}

/// Default bleed.
const BLEED: Length = Length::mm(3.0);
/// Default size up to which text is printed in black alone.
const BLACK_TEXT: Length = Length::pt(12.0);
/// Default thickness of the board of a cover.
const CALIPER: Length = Length::mm(0.3);
/// Thickness of the glue at the spine.
const GLUE: Length = Length::mm(0.3);

/// A manifest with `[print]`, and its folder.
struct PrintLayer<'a> {
    print: &'a PrintManifest,
    folder: &'a str,
    place: Box<dyn Fn(std::ops::Range<usize>) -> Span + 'a>,
}

impl<'a> PrintLayer<'a> {
    fn of<T>(manifest: &'a Manifest<T>, print: Option<&'a PrintManifest>, folder: &'a str) -> Option<Self> {
        Some(Self { print: print?, folder, place: Box::new(|range| manifest.range(range)) })
    }
}

/// Returns the manifests that have `[print]`, in order of precedence.
fn print_layers<'a>(publication: &'a Publication, workspace: Option<&'a Manifest<WorkspaceManifest>>) -> Vec<PrintLayer<'a>> {
    let own = PrintLayer::of(&publication.manifest, publication.manifest.value.print.as_ref(), &publication.folder);
    let series = publication.series.as_ref();
    let series = series.and_then(|(series, folder)| PrintLayer::of(series, series.value.print.as_ref(), folder));
    let all = workspace.and_then(|manifest| PrintLayer::of(manifest, manifest.value.print.as_ref(), ""));
    [own, series, all].into_iter().flatten().collect()
}

/// Returns the default products of a publication: those for screens, the print PDF if a manifest has `[print]`, the cover if the
/// binding needs one, and the records of the first manifest that has `records`.
pub fn usual_products(publication: &Publication, workspace: Option<&Manifest<WorkspaceManifest>>) -> Vec<Product> {
    let layers = print_layers(publication, workspace);
    let is_perfect =
        Picks(&layers).first(|print| print.binding.as_ref().map(|binding| *binding.get_ref())) == Some(Binding::Perfect);
    let series = publication.series.as_ref().and_then(|(series, _)| series.value.records.as_ref());
    let all = workspace.and_then(|manifest| manifest.value.records.as_ref());
    let records = publication.manifest.value.records.as_ref().or(series).or(all);
    let wanted = |product: &Product| match product {
        Product::ScreenPdf | Product::Epub => true,
        Product::PrintPdf => !layers.is_empty(),
        Product::Cover => is_perfect,
        Product::Onix | Product::Cff | Product::Bibtex | Product::Ris | Product::Datacite | Product::JsonLd => {
            records.is_some_and(|records| records.0.contains(product))
        }
        Product::Site => false,
    };
    Product::ALL.into_iter().filter(wanted).collect()
}

/// Returns the settings of print products of a publication.
pub fn print(
    publication: &Publication,
    workspace: Option<&Manifest<WorkspaceManifest>>,
    found: &mut Diagnostics,
) -> PrintSettings {
    settings(&print_layers(publication, workspace), found)
}

impl Default for PrintSettings {
    fn default() -> Self {
        settings(&[], &mut Diagnostics::default())
    }
}

fn settings(layers: &[PrintLayer<'_>], found: &mut Diagnostics) -> PrintSettings {
    let picks = Picks(layers);
    let points = |pick: fn(&PrintManifest) -> Option<Length>, default: Length| picks.first(pick).unwrap_or(default).points();
    let stated = layers.iter().find_map(|layer| print_binding(layer));
    let (binding, binding_at) = stated.map_or((Binding::default(), None), |(binding, place)| (binding, Some(place)));
    let gutter_at = placed(layers, |print| print.gutter.as_ref());
    let gutter = gutter_at.map(|(gutter, _)| gutter.points());
    let bleed = placed(layers, |print| print.bleed.as_ref()).map(|(bleed, place)| (*bleed, place));
    let spine = placed(layers, |print| print.cover.spine.as_ref()).map(|(spine, place)| (*spine, place));
    let text = placed(layers, |print| print.cover.text.as_ref());
    let colour = picks.first(|print| print.colour).unwrap_or_default();
    layers.iter().for_each(|layer| unused_cover(layer, found));
    PrintSettings {
        bleed: bleed.map_or(BLEED, |(bleed, _)| bleed).points(),
        bleed_at: bleed.map(|(_, place)| place),
        marks: picks.first(|print| print.marks).unwrap_or_default(),
        colour,
        paper: picks.first(|print| print.paper).unwrap_or(true),
        black_text: Some(points(|print| print.black_text, BLACK_TEXT)).filter(|size| *size > 0.0),
        icc: profile(layers, found),
        binding,
        binding_at,
        gutter: if binding == Binding::Perfect { gutter } else { gutter.or(Some(0.0)) },
        gutter_at: gutter_at.map(|(_, place)| place),
        cover: CoverSettings {
            colour: picks.first(|print| print.cover.colour.as_ref().map(|colour| *colour.get_ref())).unwrap_or(colour),
            weight: picks.first(|print| print.stock.weight),
            bulk: picks.first(|print| print.stock.bulk),
            caliper: points(|print| print.cover.caliper, CALIPER),
            spine: spine.map(|(spine, _)| spine.points()),
            spine_at: spine.map(|(_, place)| place),
            spine_text: picks.first(|print| print.cover.spine_text),
            text: text.map(|(text, _)| paragraphs(text)).unwrap_or_default(),
            text_at: text.map(|(_, place)| place),
            price: picks.first(|print| print.cover.price.clone()),
        },
        limits: limits::limits(layers, found),
    }
}

/// The manifests, in order of precedence.
struct Picks<'a>(&'a [PrintLayer<'a>]);

impl Picks<'_> {
    fn first<T>(&self, pick: impl Fn(&PrintManifest) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(|layer| pick(layer.print))
    }
}

/// Returns the first value of the manifests, with its location.
fn placed<'a, T>(
    layers: &'a [PrintLayer<'_>],
    pick: impl Fn(&'a PrintManifest) -> Option<&'a Spanned<T>>,
) -> Option<(&'a T, Span)> {
    layers.iter().find_map(|layer| {
        let written = pick(layer.print)?;
        Some((written.get_ref(), (layer.place)(written.span())))
    })
}

fn print_binding(layer: &PrintLayer<'_>) -> Option<(Binding, Span)> {
    let written = layer.print.binding.as_ref()?;
    Some((*written.get_ref(), (layer.place)(written.span())))
}

/// Reports values of the cover sheet in a manifest whose own `binding` has no cover sheet. Other manifests are skipped, because a
/// publication with another binding may inherit their values.
fn unused_cover(layer: &PrintLayer<'_>, found: &mut Diagnostics) {
    let other = print_binding(layer).is_some_and(|(binding, _)| binding != Binding::Perfect);
    let cover = &layer.print.cover;
    let values = [
        ("colour", cover.colour.as_ref().map(Spanned::span)),
        ("spine", cover.spine.as_ref().map(Spanned::span)),
        ("text", cover.text.as_ref().map(Spanned::span)),
    ];
    for (key, span) in values.into_iter().filter(|_| other).filter_map(|(key, span)| Some((key, span?))) {
        let message = format!("`{key}` has no effect, because only books with `binding = \"perfect\"` have a cover sheet");
        let unused = Diagnostic::new(code::UNUSED_VALUE, message).at((layer.place)(span));
        found.push(unused.hint("write binding = \"perfect\" in [print], or remove the value"));
    }
}

/// Splits a text at its empty lines.
fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()).map(|lines| lines.join(" ")).collect()
}

/// Returns the path of the press profile from the root of the project.
fn profile(layers: &[PrintLayer<'_>], found: &mut Diagnostics) -> Option<(String, Span)> {
    let (layer, written) = layers.iter().find_map(|layer| Some((layer, layer.print.icc.as_ref()?)))?;
    let span = (layer.place)(written.span());
    let written = written.get_ref();
    match join_path(layer.folder, written) {
        Ok(path) => Some((path, span)),
        Err(fault) => {
            let message = format!("\"{written}\" does not name a file of the project: {fault}");
            let hint = "write the path from this file's folder, with forward slashes: profiles/press.icc";
            found.push(Diagnostic::new(code::FILE, message).at(span).hint(hint));
            None
        }
    }
}

/// Hashes everything that determines the bytes of print products. Thresholds and locations are excluded, and so is the path of
/// the profile, whose bytes are digested instead.
impl Hash for PrintSettings {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self {
            bleed,
            bleed_at: _,
            marks,
            colour,
            paper,
            black_text,
            icc: _,
            binding,
            binding_at: _,
            gutter,
            gutter_at: _,
            cover,
            limits: _,
        } = self;
        (bleed.to_bits(), marks, colour, paper, black_text.map(f64::to_bits), binding, gutter.map(f64::to_bits)).hash(hasher);
        let CoverSettings { colour, weight, bulk, caliper, spine, spine_at: _, spine_text, text, text_at: _, price } = cover;
        (weight.map(f64::to_bits), bulk.map(f64::to_bits), caliper.to_bits(), spine.map(f64::to_bits)).hash(hasher);
        (colour, spine_text, text, price).hash(hasher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(weight: Option<f64>, bulk: Option<f64>, spine: Option<f64>) -> CoverSettings {
        let (spine_at, text_at) = (None, None);
        let colour = ColourMode::Cmyk;
        CoverSettings {
            colour,
            weight,
            bulk,
            caliper: 0.0,
            spine,
            spine_at,
            spine_text: None,
            text: Vec::new(),
            text_at,
            price: None,
        }
    }

    #[test]
    fn a_spine_is_as_wide_as_its_leaves_boards_and_glue() {
        // Pages, g/m², cm³/g, board in mm, and the spine in mm.
        for (pages, weight, bulk, board, wide) in [
            (200, 90.0, 1.25, 0.0, 11.25 + 0.3),
            (200, 90.0, 1.25, 0.3, 11.25 + 0.6 + 0.3),
            (2, 80.0, 1.0, 0.25, 0.08 + 0.5 + 0.3),
            (3, 80.0, 1.0, 0.25, 0.16 + 0.5 + 0.3),
            (640, 60.0, 1.5, 0.4, 28.8 + 0.8 + 0.3),
            (0, 90.0, 1.25, 0.0, 0.3),
        ] {
            let cover = CoverSettings { caliper: Length::mm(board).points(), ..cover(Some(weight), Some(bulk), None) };
            let found = cover.spine_width(pages).unwrap() / Length::mm(1.0).points();
            assert!((found - wide).abs() < 1e-6, "{pages} pages: {found} mm, not {wide} mm");
        }
        assert_eq!(cover(Some(90.0), None, None).spine_width(200), None);
        assert_eq!(cover(None, Some(1.0), None).spine_width(200), None);
        assert_eq!(cover(Some(90.0), Some(1.0), Some(40.0)).spine_width(200), Some(40.0));
    }

    #[test]
    fn empty_lines_separate_paragraphs() {
        assert_eq!(paragraphs("\n One\n two. \n\n \n Three.\n"), ["One two.", "Three."]);
        assert!(paragraphs(" \n").is_empty());
    }
}
