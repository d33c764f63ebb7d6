//! The report of print products as JSON. Keys may be added, but are never renamed or removed.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::{SheetView, tables};
use crate::build::PrintSheet;
use crate::diagnostic::{Diagnostic, Sources};
use crate::output::pdf::print::{FontUse, ImageUse, PageReport};

/// The report of print products.
#[derive(JsonSchema, Serialize)]
#[schemars(title = "Preflight")]
struct PreflightRecord<'a> {
    /// The products, in the order of the sources.
    products: Vec<ProductRecord<'a>>,
}

/// A print product.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ProductRecord<'a> {
    /// Name of the format: `print` or `cover`.
    format: &'static str,
    /// Name of the file.
    file: &'a str,
    /// Title of the publication.
    title: &'a str,
    /// Label of the edition, otherwise its id.
    edition: &'a str,
    /// Name of the press profile.
    profile: &'a str,
    /// Printing condition of the profile.
    condition: Option<&'a str>,
    /// Number of blank pages that were added for the binding.
    blank_pages: usize,
    /// The pages, in order.
    pages: Vec<InkRecord<'a>>,
    /// The images of each page.
    images: Vec<ImageRecord<'a>>,
    /// The fonts.
    fonts: Vec<FontRecord<'a>>,
    /// Findings of the print checks, errors first.
    findings: Vec<FindingRecord<'a>>,
}

/// The inks on a page.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
struct InkRecord<'a> {
    /// Position of the page in the file, from 1.
    page: usize,
    /// Upper bound of the ink at any point: the sum of all inks in percent.
    ink: f64,
    /// Whether the page has black ink only, or none.
    black_only: bool,
    /// The spot inks on the page.
    spots: &'a [String],
    /// Trim box: left, bottom, right, top in points.
    trim: [f64; 4],
    /// Bleed box: left, bottom, right, top in points.
    bleed: [f64; 4],
}

/// An image on a page.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ImageRecord<'a> {
    /// Position of the page in the file, from 1.
    page: usize,
    /// Name of the image file; null for an image of the layout.
    file: Option<&'a str>,
    /// Width and height in pixels.
    pixels: [u32; 2],
    /// Pixels per inch, in the direction with the lower value.
    dpi: f64,
    /// Maximum sum of all inks of a pixel, in percent.
    ink: f64,
}

/// A font.
#[derive(JsonSchema, Serialize)]
struct FontRecord<'a> {
    /// Its PostScript name, without the prefix of a subset.
    name: &'a str,
    /// Whether its file is embedded.
    embedded: bool,
    /// Whether only the used glyphs are embedded.
    subset: bool,
}

/// A finding of a print check.
#[derive(JsonSchema, Serialize)]
struct FindingRecord<'a> {
    /// Stable code, which `reliure explain CODE` explains.
    code: &'static str,
    #[schemars(extend("enum" = ["error", "warning"]))]
    severity: &'static str,
    message: &'a str,
    /// File and line: `sources/note/note.md:12`.
    source: Option<String>,
    /// Positions of the pages that show it, from 1.
    pages: Vec<usize>,
}

/// Returns the report of print products as JSON, with a newline at the end.
pub fn preflight_json(sheets: &[PrintSheet], sources: &Sources) -> String {
    let products = sheets.iter().enumerate().map(|(index, sheet)| product(&SheetView::of(sheet, index + 1, sources)));
    let mut text = serde_json::to_string_pretty(&PreflightRecord { products: products.collect() }).unwrap_or_default();
    text.push('\n');
    text
}

/// Returns the schema of the report.
pub fn preflight_schema() -> Schema {
    SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<PreflightRecord<'_>>()
}

fn product<'a>(view: &SheetView<'a>) -> ProductRecord<'a> {
    let sheet = view.sheet;
    let names = sheet.images.iter().map(Option::as_deref).chain(std::iter::repeat(None));
    ProductRecord {
        format: sheet.product.id(),
        file: &sheet.file,
        title: &sheet.title,
        edition: &sheet.edition,
        profile: &sheet.profile,
        condition: sheet.condition.as_deref(),
        blank_pages: sheet.blanks,
        pages: (1..).zip(&sheet.report.pages).map(|(number, page)| inks(number, page)).collect(),
        images: sheet.report.images.iter().zip(names).map(|(used, file)| image(used, file)).collect(),
        fonts: sheet.report.fonts.iter().map(font).collect(),
        findings: view.findings.iter().map(|diagnostic| finding(view, diagnostic)).collect(),
    }
}

fn inks(number: usize, page: &PageReport) -> InkRecord<'_> {
    InkRecord {
        page: number,
        ink: percent(page.ink),
        black_only: page.is_black_only(),
        spots: &page.spots,
        trim: page.trim.map(hundredths),
        bleed: page.bleed.map(hundredths),
    }
}

fn image<'a>(used: &ImageUse, file: Option<&'a str>) -> ImageRecord<'a> {
    ImageRecord { page: used.page, file, pixels: used.pixels, dpi: hundredths(used.dpi), ink: percent(used.ink) }
}

fn font(used: &FontUse) -> FontRecord<'_> {
    FontRecord { name: &used.name, embedded: used.embedded, subset: used.subset }
}

fn finding<'a>(view: &SheetView<'a>, diagnostic: &'a Diagnostic) -> FindingRecord<'a> {
    FindingRecord {
        code: diagnostic.code.id(),
        severity: diagnostic.severity().name(),
        message: &diagnostic.message,
        source: tables::source(view, diagnostic),
        pages: diagnostic.pages.iter().map(|place| place.page).collect(),
    }
}

/// Returns a share of ink in percent, with one decimal.
fn percent(share: f32) -> f64 {
    (f64::from(share) * 1000.0).round() / 10.0
}

fn hundredths(value: f32) -> f64 {
    (f64::from(value) * 100.0).round() / 100.0
}
