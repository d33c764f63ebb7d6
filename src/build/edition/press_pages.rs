//! Exports, finishes and checks the pages of the print products.

use typst_layout::PagedDocument;

use super::super::Plan;
use super::super::preflight::{Preflight, PreflightOptions, Preflighted};
use super::super::press::{self, Extent};
use super::{PressExport, Stages};
use crate::check;
use crate::diagnostic::{Diagnostics, Severity};
use crate::manifest::Binding;
use crate::output::pdf;
use crate::paginate::{Blanks, PageMap, Paginated, PrintPages, Setting, cover_sheet, half_title, paginate, text_on_cover};
use crate::product::Product;
use crate::resolve::Resolved;

impl Stages<'_> {
    /// Exports the pages of the print products. Also returns the number of printed pages.
    pub(super) fn press_exports(
        &self,
        edition: &Resolved,
        plan: &Plan,
        pages: Paginated,
    ) -> Result<(usize, Vec<PressExport>), Diagnostics> {
        let front = plan.makes(Product::Cover).then(|| pages.front(edition.brand.foreground.rgb)).flatten();
        let (setting, pages, mut found) = self.bound(edition, pages)?;
        let printed = self.bound_pages(setting, edition, &pages, &mut found)?;
        let mut exports = Vec::new();
        let count = printed.document.pages().len();
        if plan.makes(Product::PrintPdf) {
            let preflight = self.preflight(edition, Product::PrintPdf, (&pages, &printed.document), printed.blanks)?;
            self.step("print PDF");
            let exported = pdf::export_print(setting, edition, &pages, (&printed.document, pdf::SheetForm::Pages))?;
            let extent = Extent::of_pages(count, printed.blanks);
            let starts = (setting.gutter > 0.0).then(|| self.starts(edition, &pages));
            exports.push(PressExport { product: Product::PrintPdf, exported, extent, found, preflight, starts });
        }
        if let (Some(front), Some(spine)) = (front, edition.print.cover.spine_width(count)) {
            self.step("cover sheet");
            let front_width = front.frame.width().to_pt();
            let (sheet, mut found) = cover_sheet(self.setting(), edition, &front, spine)?;
            found.extend(self.page_errors(edition, &sheet));
            found
                .extend([press::bar_code_warning(edition), press::spine_warning(edition, count)].into_iter().flatten().collect());
            let front_start = sheet.document.pages().first().map_or(0.0, |page| page.frame.width().to_pt()) - front_width;
            let form = pdf::SheetForm::Cover { folds: [front_start - spine, front_start] };
            let exported = pdf::export_print(self.setting(), edition, &sheet, (&sheet.document, form))?;
            let extent = Extent::of_cover(count, spine);
            let preflight = self.preflight(edition, Product::Cover, (&sheet, &sheet.document), Blanks::default())?;
            exports.push(PressExport { product: Product::Cover, exported, extent, found, preflight, starts: None });
        }
        Ok((count, exports))
    }

    /// Lays the pages out again if the layout adds a gutter, whose width depends on the number of pages.
    pub(super) fn bound(
        &self,
        edition: &Resolved,
        pages: Paginated,
    ) -> Result<(Setting<'_>, Paginated, Diagnostics), Diagnostics> {
        let gutter = press::gutter(&edition.print, pages.document.pages().len());
        let found = press::gutter_warning(&edition.print, self.job.layout, gutter).into_iter().collect();
        let gutter = self.added_gutter(edition, &pages);
        match gutter > 0.0 {
            true => {
                drop(pages);
                self.step("pages with gutter");
                let setting = Setting { gutter, ..self.setting() };
                Ok((setting, paginate(setting, edition)?.0, found))
            }
            false => Ok((self.setting(), pages, found)),
        }
    }

    /// Returns the pages of the print PDF, with the blank pages of the binding.
    pub(super) fn bound_pages(
        &self,
        setting: Setting<'_>,
        edition: &Resolved,
        pages: &Paginated,
        found: &mut Diagnostics,
    ) -> Result<PrintPages, Diagnostics> {
        let settings = &edition.print;
        if settings.binding != Binding::Perfect {
            return Ok(pages.print(settings.bleed, settings.binding, edition.brand.foreground.rgb));
        }
        if let Some(position) = text_on_cover(&PageMap::of(pages), edition) {
            return Err(press::text_on_cover(edition, &setting.layout.name, position.section).into());
        }
        let (half_title, warnings) = half_title(setting, edition, setting.gutter)?;
        found.extend(warnings);
        found.extend(self.page_errors(edition, &half_title));
        Ok(pages.interior(settings.bleed, &half_title, edition.brand.foreground.rgb))
    }

    /// Checks a cover sheet or a half title. Only errors are returned, because small text and empty space are intended there.
    pub(super) fn page_errors(&self, edition: &Resolved, pages: &Paginated) -> Diagnostics {
        let found = check::pages(&self.subject(edition), &PageMap::of(pages), false).into_list();
        found.into_iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).collect()
    }

    /// Checks the pages of a print product, and collects the facts that the checks of its file need.
    pub(super) fn preflight(
        &self,
        edition: &Resolved,
        product: Product,
        pages: (&Paginated, &PagedDocument),
        blanks: Blanks,
    ) -> Result<Preflight, Diagnostics> {
        self.step("print checks");
        Preflight::of_pages(
            &self.subject(edition),
            product,
            pages,
            PreflightOptions { blanks, reporting: self.context.request.reporting },
        )
    }

    /// Converts an export for print into PDF/X-4, and checks it.
    pub(super) fn print_finish(&self, edition: &Resolved, export: PressExport) -> Result<(Vec<u8>, Preflighted), Diagnostics> {
        let workspace = &self.context.workspace;
        let profile = self.context.profiles.of(&edition.print, self.job.images, workspace.layouts())?;
        let family = edition.brand.fonts.interface.first();
        let faces = workspace.fonts().faces.iter().filter(|face| Some(&face.family) == family && !face.italic);
        let face = faces.min_by_key(|face| face.weight.abs_diff(400));
        let slug_font = face.map(|face| face.bytes.as_ref()).unwrap_or_default();
        let drawing = |page: usize| export.preflight.drawing_on(page);
        let parts =
            pdf::PrintParts { product: export.product, profile: &profile, slug_font, images: self.job.images, drawing: &drawing };
        self.step("colours for print");
        let (bytes, report) = pdf::finish_print(edition, &export.exported, parts)?;
        Ok((bytes, export.preflight.of_file(&self.subject(edition), edition, &profile, report)))
    }
}
