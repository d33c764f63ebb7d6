//! `page.typ`: the page size and the bleed, which modules of a layout need before they receive an edition.

use super::{GeneratedFile, MarkupWriter};
use crate::manifest::{Length, PageManifest};

/// The trim size and the bleed of the pages of a product.
#[derive(Clone, Copy)]
pub struct Sheet {
    page: PageManifest,
    bleed: Length,
}

impl Sheet {
    /// Returns the sheet of a PDF for screens, which has no bleed.
    pub fn screen(page: PageManifest) -> Self {
        Self { page, bleed: Length::ZERO }
    }

    /// Writes `page.typ`.
    pub fn write(self) -> GeneratedFile {
        let Self { page: PageManifest { width, height }, bleed } = self;
        let mut w = MarkupWriter::default();
        w.push(&format!("#let width = {width}\n#let height = {height}\n#let bleed = {bleed}\n"));
        w.finish("page.typ".into())
    }
}
