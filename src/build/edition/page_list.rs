//! The pages for the page list of an EPUB: from the pages of this build, otherwise from the store, otherwise from pages laid out
//! for this purpose.
//!
//! All three sources give the same pages, so an EPUB that is built alone has the same bytes as one that is built with a PDF.

use super::{BuiltProduct, Stages};
use crate::build::store::ArtefactStore;
use crate::build::{Rebuild, press};
use crate::diagnostic::Diagnostics;
use crate::paginate::{PageMap, PageStart, Paginated, Setting, page_starts, paginate};
use crate::product::Product;
use crate::resolve::Resolved;

impl Stages<'_> {
    /// Returns the start of each page of the PDF whose pages the EPUB lists, or `None` if it lists none. `screen` contains the
    /// pages of this build, if they were laid out.
    ///
    /// # Errors
    ///
    /// Returns the errors of Typst.
    pub(super) fn listed_starts(
        &self,
        edition: &Resolved,
        screen: Option<(&Paginated, &[PageStart])>,
    ) -> Result<Option<Vec<PageStart>>, Diagnostics> {
        let Some(source) = edition.page_list else { return Ok(None) };
        if let (Product::ScreenPdf, Some((_, starts))) = (source, screen) {
            return Ok(Some(starts.to_vec()));
        }
        if let Some(stored) = self.stored_starts() {
            return Ok(Some(stored));
        }
        // Warnings and checks of these pages concern the PDF, which is not built here.
        let own = match screen {
            Some(_) => None,
            None => {
                self.step("pages");
                Some(paginate(self.setting(), edition)?.0)
            }
        };
        let Some(pages) = screen.map(|(pages, _)| pages).or(own.as_ref()) else { return Ok(None) };
        let gutter = self.added_gutter(edition, pages);
        if source == Product::PrintPdf && gutter > 0.0 {
            self.step("pages with gutter");
            let (pages, _) = paginate(Setting { gutter, ..self.setting() }, edition)?;
            return Ok(Some(self.starts(edition, &pages)));
        }
        Ok(Some(screen.map_or_else(|| self.starts(edition, pages), |(_, starts)| starts.to_vec())))
    }

    /// Returns the gutter that the layout adds to the inner margins of the print PDF, in points.
    pub(super) fn added_gutter(&self, edition: &Resolved, pages: &Paginated) -> f64 {
        let gutter = press::gutter(&edition.print, pages.document.pages().len());
        if self.job.layout.manifest.gutter { gutter } else { 0.0 }
    }

    /// Returns the start of each page.
    pub(super) fn starts(&self, edition: &Resolved, pages: &Paginated) -> Vec<PageStart> {
        page_starts(pages, &PageMap::of(pages), edition)
    }

    fn stored_starts(&self) -> Option<Vec<PageStart>> {
        let freshness = self.context.freshness.as_ref().filter(|_| self.context.request.rebuild == Rebuild::Stale)?;
        let entry = freshness.store().entry(self.listed_key.as_ref()?)?;
        Some(entry.page_starts).filter(|starts| !starts.is_empty())
    }
}

/// Returns the starts of the pages of a product that was built.
pub fn built_starts(products: &[BuiltProduct], product: Product) -> Option<Vec<PageStart>> {
    products.iter().find(|built| built.product == product).map(|built| built.pages.starts.clone())
}
