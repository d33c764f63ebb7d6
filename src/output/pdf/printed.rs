//! The print PDF of an edition: prepares the inputs of [`print`](super::print) from the edition and its pages.

use std::collections::BTreeMap;

use bytes::Bytes;
use image::metadata::Orientation;
use typst::foundations::{Datetime, Smart};
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::FinishError;
use super::print::{self, BlackText, Ink, InkSet, Press, PrintJob, PrintReport, Slug, TokenInks};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::disk::Digest;
use crate::icc::{Channels, OutputProfile};
use crate::images::{Format, Header, PressCache};
use crate::manifest;
use crate::paginate::{Paginated, Setting};
use crate::product::Product;
use crate::resolve::{Asset, Resolved};

/// A PDF as Typst exports it for print, its slug lines and its folds.
pub struct ExportedPrint {
    bytes: Vec<u8>,
    lines: Vec<String>,
    folds: Vec<f32>,
}

/// The kind of the pages of an export.
#[derive(Clone, Copy, Debug)]
pub enum SheetForm {
    /// The pages of a book or a booklet.
    Pages,
    /// A cover sheet.
    Cover {
        /// The distances of both edges of the spine from the left edge, in points.
        folds: [f64; 2],
    },
}

/// The inputs of a print product apart from the edition.
#[derive(Clone, Copy)]
pub struct PrintParts<'a> {
    /// The product.
    pub product: Product,
    /// The press profile.
    pub profile: &'a OutputProfile,
    /// The font of the slug line.
    pub slug_font: &'a [u8],
    /// The cache of converted images.
    pub images: &'a dyn PressCache,
    /// Returns the location of the first drawing of a page.
    pub drawing: &'a dyn Fn(usize) -> Option<Span>,
}

/// Exports the pages of a print product with Typst: untagged, with bleed.
///
/// # Errors
///
/// Returns the errors of Typst, at the lines that caused them.
pub fn export(
    setting: Setting<'_>,
    edition: &Resolved,
    pages: &Paginated,
    (printed, form): (&PagedDocument, SheetForm),
) -> Result<ExportedPrint, Diagnostics> {
    let options = options(edition)?;
    let bytes = typst_pdf::pdf(printed, &options).map_err(|errors| pages.export_errors(setting, edition, &errors))?;
    let lines = printed.pages().iter().enumerate().map(|(at, page)| line(edition, form, page, at));
    let folds = match form {
        SheetForm::Pages => Vec::new(),
        SheetForm::Cover { folds } => folds.map(|fold| fold as f32).to_vec(),
    };
    Ok(ExportedPrint { bytes, lines: lines.collect(), folds })
}

/// Minimum luminance of a background that represents unprinted paper.
const PALE: f64 = 0.4;

/// Converts an export into PDF/X-4, and returns it with the report for the print checks.
///
/// # Errors
///
/// Returns an error, at the location of the drawing, if a colour in it cannot be converted.
pub fn finish(
    edition: &Resolved,
    exported: &ExportedPrint,
    parts: PrintParts<'_>,
) -> Result<(Vec<u8>, PrintReport), Diagnostics> {
    let settings = &edition.print;
    let tokens: Vec<TokenInks> = edition.brand.inks.iter().map(token).collect();
    let press = Press {
        profile: parts.profile,
        tokens: &tokens,
        mode: match settings.colour_of(parts.product) {
            manifest::ColourMode::Cmyk => InkSet::Cmyk,
            manifest::ColourMode::Gray => InkSet::Gray,
        },
        black_text: settings.black_text.map(|largest| BlackText {
            foreground: edition.brand.foreground.rgb,
            secondary: edition.brand.muted.rgb,
            largest: largest as f32,
        }),
        // A dark background must be printed.
        paper: (!settings.paper && edition.brand.background.luminance() >= PALE).then_some(edition.brand.background.rgb),
    };
    let originals = originals(edition);
    let job = PrintJob {
        press,
        bleed: settings.bleed as f32,
        marks: settings.marks,
        folds: &exported.folds,
        slug: settings.marks.then_some(Slug { lines: &exported.lines, font: parts.slug_font }),
        title: &edition.title,
        lang: edition.language.tag,
        created: edition.edition.date,
        modified: edition.edition.erratum.as_ref().map(|erratum| erratum.date),
        identifier: edition.identifier(parts.product),
        creator: concat!("reliure ", env!("CARGO_PKG_VERSION")),
        claims: !edition.strictness.is_lenient(),
        version: &edition.edition.id,
        images: parts.images,
        originals: &originals,
    };
    print::finish(&exported.bytes, &job).map_err(|error| unprintable(&error, parts.drawing).into())
}

fn unprintable(error: &FinishError, drawing: &dyn Fn(usize) -> Option<Span>) -> Diagnostic {
    let FinishError::Unsupported { what, page } = error else { return Diagnostic::new(code::INTERNAL, error.to_string()) };
    Diagnostic::new(code::UNPRINTABLE, format!("a drawing on page {page} cannot be converted for print: {what}"))
        .at(drawing(*page))
        .hint("export the drawing again, with its images as PNG or JPEG")
}

/// Returns the CMYK files that replace their sRGB versions, by the digest of the version, which the export contains unchanged. A
/// version may be an asset, or an image in a drawing.
fn originals(edition: &Resolved) -> BTreeMap<Digest, Bytes> {
    let replaced = |(version, original): (Digest, &Bytes)| {
        let header = Header::read(original).ok()?;
        let is_inks = header.format == Format::Jpeg && header.colours == Channels::Cmyk;
        let is_upright = header.orientation == Orientation::NoTransforms;
        (is_inks && is_upright).then(|| (version, original.clone()))
    };
    let own = |asset: &Asset| Some((asset.bytes.digest(), asset.original.as_ref()?.bytes.clone()));
    let inner = edition.assets.iter().flat_map(|asset| &asset.inner).map(|image| (image.version, image.original.bytes.clone()));
    let all: Vec<(Digest, Bytes)> = edition.assets.iter().filter_map(own).chain(inner).collect();
    all.iter().filter_map(|(version, original)| replaced((*version, original))).collect()
}

fn token(ink: &crate::resolve::PrintColour) -> TokenInks {
    let cmyk = ink.cmyk.map(|percent| f32::from(percent) / 100.0);
    let printed = ink.spot.as_ref().map_or(Ink::Process(cmyk), |name| Ink::Spot { name: name.clone(), cmyk });
    TokenInks { rgb: ink.rgb, ink: printed }
}

/// Returns the slug line of a page: title, edition, date, and page or product.
fn line(edition: &Resolved, form: SheetForm, page: &Page, index: usize) -> String {
    let terms = &edition.language.terms;
    let number = || page.numbering.as_ref().map_or_else(|| format!("({})", index + 1), |_| page.number.to_string());
    let page = match form {
        SheetForm::Pages => format!("{} {}", terms.page, number()),
        SheetForm::Cover { .. } => terms.cover.to_owned(),
    };
    let label = edition.edition.label.clone().unwrap_or_else(|| edition.edition.id.clone());
    [edition.title.clone(), label, edition.edition.date.iso(), page].join(print::SEPARATOR)
}

fn options(edition: &Resolved) -> Result<PdfOptions, Diagnostics> {
    // For PDF 1.6, Typst would drop ICC profiles of version 4.2, and the pixels would be taken for sRGB. Print PDFs contain no such
    // profile, and `print` writes their version.
    let standards =
        PdfStandards::new(&[PdfStandard::V_1_7]).map_err(|error| Diagnostic::new(code::INTERNAL, error.message().to_string()))?;
    let date = edition.edition.date;
    Ok(PdfOptions {
        ident: Smart::Custom(edition.identifier(Product::PrintPdf).to_string()),
        creator: Smart::Custom(Some(format!("reliure {}", env!("CARGO_PKG_VERSION")))),
        timestamp: Datetime::from_ymd_hms(date.year.into(), date.month, date.first_day(), 0, 0, 0).map(Timestamp::new_utc),
        standards,
        tagged: false,
        ..PdfOptions::default()
    })
}
