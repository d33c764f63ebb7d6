//! The preflight of a print product: checks its pages and its file, and collects the data for the report.

use typst_layout::PagedDocument;

use super::Reporting;
use super::press::PrintedInks;
use crate::check::{self, PrintFacts, PrintedFile, PrintedPages, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, Group, Span};
use crate::icc::OutputProfile;
use crate::output::pdf::print::PrintReport;
use crate::paginate::{Blanks, PageImage, PageMap, Paginated, page_pictures};
use crate::product::Product;
use crate::resolve::{PrintSettings, Resolved};

/// The results of checking the pages of a print product, for the checks of the file after the pages are dropped.
pub struct Preflight {
    facts: PrintFacts,
    found: Diagnostics,
    /// Pictures of the pages with their bleed, if a report shows them.
    pictures: Vec<PageImage>,
    is_reported: bool,
}

/// Options for checking the pages.
#[derive(Clone, Copy)]
pub struct PreflightOptions {
    /// The blank pages that were added.
    pub blanks: Blanks,
    /// Contents of the report.
    pub reporting: Reporting,
}

/// The result of the preflight of a print product.
pub struct Preflighted {
    /// Diagnostics of the checks.
    pub diagnostics: Diagnostics,
    /// The inks on its pages.
    pub inks: PrintedInks,
    /// The data for the report; `None` if no report is requested.
    pub sheet: Option<Box<PrintSheet>>,
}

/// The data of a print product for the preflight report.
#[derive(Clone, Debug)]
pub struct PrintSheet {
    /// The product.
    pub product: Product,
    /// Name of its file.
    pub file: String,
    /// Title of the publication.
    pub title: String,
    /// Label or id of the edition.
    pub edition: String,
    /// Language of the publication: `fr`, `en`.
    pub lang: &'static str,
    /// Name of the press profile.
    pub profile: String,
    /// Printing condition of the profile: `FOGRA39`.
    pub condition: Option<String>,
    /// The settings.
    pub settings: PrintSettings,
    /// How many blank pages were added.
    pub blanks: usize,
    /// The pages, images and inks of the file.
    pub report: PrintReport,
    /// File name of each image of the report; `None` for images of the layout.
    pub images: Vec<Option<String>>,
    /// Pictures of the pages with their bleed, if the report shows them.
    pub pictures: Vec<PageImage>,
    /// Diagnostics of this product, with severity levels and allowances applied.
    pub findings: Vec<Diagnostic>,
}

impl Preflight {
    /// Checks the pages of a product.
    ///
    /// # Errors
    ///
    /// Returns an internal error if a page cannot be drawn.
    pub fn of_pages(
        subject: &Subject<'_>,
        product: Product,
        (pages, document): (&Paginated, &PagedDocument),
        extra: PreflightOptions,
    ) -> Result<Self, Diagnostics> {
        let map = PageMap::of_document(pages, document);
        let view = PrintedPages { product, map: &map, blanks: extra.blanks };
        let pictures = match extra.reporting {
            Reporting::Pictures => page_pictures(document)?,
            Reporting::None | Reporting::Figures => Vec::new(),
        };
        let is_reported = extra.reporting != Reporting::None;
        Ok(Self { facts: PrintFacts::of(subject, &view), found: check::printed_pages(subject, &view), pictures, is_reported })
    }

    /// Returns the location of the first drawing of a page, otherwise of its first text.
    pub fn drawing_on(&self, page: usize) -> Option<Span> {
        let page = self.facts.page(page)?;
        let drawing = page.images.iter().find(|image| image.asset.is_none() && image.pixels.is_none());
        let place = drawing.map_or(page.start, |image| image.place);
        Some(place.layout.unwrap_or(place.author))
    }

    /// Checks the file of the product.
    pub fn of_file(self, subject: &Subject<'_>, edition: &Resolved, profile: &OutputProfile, report: PrintReport) -> Preflighted {
        let Self { facts, found: mut diagnostics, pictures, is_reported } = self;
        let mut report = report;
        check::mark_bitonal_images(subject, &facts, &mut report);
        let file = PrintedFile { product: facts.product, report: &report, profile, facts: &facts };
        diagnostics.extend(check::printed_file(subject, &file));
        let inks = PrintedInks::of(&report);
        let images = check::image_names(subject, &file);
        let sheet = is_reported.then(|| {
            Box::new(PrintSheet {
                product: facts.product,
                file: facts.product.file_name(&edition.stem),
                title: edition.title.clone(),
                edition: edition.edition.label.clone().unwrap_or_else(|| edition.edition.id.clone()),
                lang: edition.language.tag,
                profile: profile.name().to_owned(),
                condition: profile.condition().map(str::to_owned),
                settings: edition.print.clone(),
                blanks: facts.blanks.count,
                report,
                images,
                pictures,
                findings: Vec::new(),
            })
        });
        Preflighted { diagnostics, inks, sheet }
    }
}

impl PrintSheet {
    /// Copies the print diagnostics of this product from the diagnostics of the edition. A diagnostic without a page belongs to
    /// the print PDF.
    pub fn take_findings(&mut self, found: &Diagnostics) {
        let own = |finding: &&&Diagnostic| {
            let product = finding.pages.first().map_or(Product::PrintPdf, |place| place.product);
            finding.code.group() == Group::Print && product == self.product
        };
        self.findings = found.sorted().iter().filter(own).map(|finding| (*finding).clone()).collect();
    }
}
