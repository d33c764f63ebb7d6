//! Print checks: the preflight of a print product.
//!
//! Some read the laid out pages before they are dropped ([`PrintedPages`]). The others read the report of the print pass about
//! the finished file ([`PrintedFile`]) and locate its findings in [`PrintFacts`], which are collected from the same pages.

mod colours;
mod drawings;
mod edges;
mod facts;
mod fonts;
mod images;
mod ink;
mod sheets;
mod text;

#[cfg(test)]
mod tests;

pub use colours::{BlendPrintsOtherwise, GivenInksDiffer, SpotInGradient, UndeclaredInks};
pub use edges::{NearTheEdge, PaintStopsAtTrim, ShortBleed};
pub use facts::PrintFacts;
pub use fonts::{ColourGlyphs, FontNotEmbedded, ForeignFamily};
pub use images::{CoarseImage, CoarseLineArt, UnusableImage, image_names, mark_bitonal_images};
pub use ink::{FlatBlack, InkOfColours, InkOfImages, RichBlackText, WhiteOverprint};
pub use sheets::{BlankPages, MixedSizes};
pub use text::{Hairline, SmallColouredText, SmallText};

use super::Subject;
use super::run::{RunPlace, RunPlaces};
use crate::diagnostic::{Diagnostic, Meaning, PagePlace};
use crate::icc::{OutputProfile, neutral};
use crate::output::pdf::print::{PageReport, PrintReport};
use crate::paginate::{Blanks, Bounds, PageMap};
use crate::product::Product;
use crate::resolve::PrintLimits;

/// The products of print checks.
const PRINTED: &[Product] = &[Product::PrintPdf, Product::Cover];
/// The products with the inside pages of a book or a booklet.
const INSIDE: &[Product] = &[Product::PrintPdf];

/// The laid out pages of a print product, with the blank pages.
pub struct PrintedPages<'a> {
    /// The product.
    pub product: Product,
    /// The pages.
    pub map: &'a PageMap<'a>,
    /// The blank pages that were added.
    pub blanks: Blanks,
}

/// The file of a print product.
#[derive(Clone, Copy)]
pub struct PrintedFile<'a> {
    /// The product.
    pub product: Product,
    /// The report of the print pass.
    pub report: &'a PrintReport,
    /// The press profile.
    pub profile: &'a OutputProfile,
    /// The content of its pages, with positions.
    pub facts: &'a PrintFacts,
}

impl PrintedFile<'_> {
    /// Returns the pages of the file with their numbers.
    fn pages(&self) -> impl Iterator<Item = (usize, &PageReport)> {
        self.report.pages.iter().enumerate().map(|(index, page)| (index + 1, page))
    }

    /// Returns the inks of an sRGB colour: the inks that the brand declares, otherwise black for greys, otherwise the conversion
    /// by the profile.
    fn ink_of(&self, subject: &Subject<'_>, rgb: [u8; 3]) -> [f32; 4] {
        if let Some(ink) = subject.edition.brand.inks.iter().find(|ink| ink.rgb == rgb) {
            return percent(ink.cmyk);
        }
        match neutral(rgb) {
            Some(grey) => [0.0, 0.0, 0.0, self.profile.black_of(grey)],
            None => self.profile.ink_of(rgb.map(|channel| f32::from(channel) / 255.0)),
        }
    }
}

/// Returns the thresholds of an edition.
fn limits(subject: &Subject<'_>) -> PrintLimits {
    subject.edition.print.limits
}

/// Converts inks from percent to values from 0 to 1.
fn percent(cmyk: [u8; 4]) -> [f32; 4] {
    cmyk.map(|percent| f32::from(percent) / 100.0)
}

/// Converts an ink, or a sum of inks, to percent, rounded.
fn total(ink: f32) -> f32 {
    (ink * 100.0).round()
}

/// Formats inks in percent: `60/40/40/100`.
fn inks(ink: [f32; 4]) -> String {
    ink.map(|part| format!("{}", total(part))).join("/")
}

/// Returns `#RRGGBB`.
fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

/// Converts points to millimetres.
fn mm(points: f64) -> f64 {
    points / 72.0 * 25.4
}

/// The fact of a finding, in English and in French.
type Fact = [String; 2];

/// Names pages for a message, in English and in French: `on page 3`, `on pages 3 and 4`, `on page 3 and 12 others`.
fn on_pages(product: Product, pages: &[usize]) -> Fact {
    let mut pages = pages.to_vec();
    pages.sort_unstable();
    pages.dedup();
    match (product, pages.as_slice()) {
        (Product::Cover, _) | (_, []) => ["on the cover".to_owned(), "sur la couverture".to_owned()],
        (_, [only]) => [format!("on page {only}"), format!("à la page {only}")],
        (_, [one, two]) => [format!("on pages {one} and {two}"), format!("aux pages {one} et {two}")],
        (_, [one, others @ ..]) => {
            [format!("on page {one} and {} others", others.len()), format!("à la page {one} et à {} autres", others.len())]
        }
    }
}

/// Formats a number for French, with at most this number of decimals.
fn fr(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let short = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    short.replace('.', ",")
}

/// The position of a finding on the pages.
struct Spot {
    page: usize,
    bounds: Option<Bounds>,
}

impl Spot {
    fn place(&self, product: Product) -> PagePlace {
        PagePlace { product, page: self.page, bounds: self.bounds.map(whole) }
    }
}

/// Returns bounds in whole points.
#[allow(clippy::cast_possible_truncation, reason = "a page is smaller than a million points")]
fn whole(bounds: Bounds) -> [i32; 4] {
    let Bounds { left, top, right, bottom } = bounds;
    [left.floor(), top.floor(), right.ceil(), bottom.ceil()].map(|side| side.clamp(-1e6, 1e6) as i32)
}

/// Creates a diagnostic about elements on pages. `place` is the source of the first spot.
fn print_diagnostic(meaning: &Meaning, [english, french]: Fact, place: RunPlace, product: Product, spots: &[Spot]) -> Diagnostic {
    let diagnostic =
        meaning.diagnostic(english).in_french(french).at(place.author).on_pages(spots.iter().map(|spot| spot.place(product)));
    match place.layout {
        Some(layout) => diagnostic.related(layout, "set by this line of the layout"),
        None => diagnostic,
    }
}

/// A line of the layout or of the sources. Findings of one line are reported once.
type SourceLine = (crate::diagnostic::SourceId, usize);

/// Returns the line by which findings are grouped: the line of the layout if the layout sets the text, which may then be on every
/// page.
fn line(places: &RunPlaces<'_>, place: RunPlace) -> SourceLine {
    match place.layout {
        Some(layout) => (layout.source, layout.start),
        None => places.line(place),
    }
}
