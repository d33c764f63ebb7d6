//! The sheet that a layout fills, in `page.typ`: what a module of a layout needs before it is given an edition.

use super::{GeneratedFile, Writer};
use crate::manifest::{Length, PageManifest};

/// The pages of a product: their trim size, and how far drawing goes on beyond it.
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
        let mut w = Writer::default();
        w.push(&format!("#let width = {width}\n#let height = {height}\n#let bleed = {bleed}\n"));
        w.finish("page.typ".into())
    }
}
