//! `page.typ`: the page size, the bleed and the gutter, which modules of a layout need before they receive an edition.

use super::{GeneratedFile, MarkupWriter};
use crate::manifest::{Length, PageManifest};

/// The page setup of a layout. It is the same for screen and print, so that both show the same pages, unless print has a gutter.
#[derive(Clone, Copy)]
pub struct PageSetup {
    page: PageManifest,
    gutter: Length,
}

/// The bleed of every layout: the largest that `[print]` allows. Each export crops it to the bleed of its product.
const BLEED: Length = Length::mm(10.0);

impl PageSetup {
    /// Returns the page setup of a layout. `gutter`, in points, is added to inner margins.
    pub fn new(page: PageManifest, gutter: f64) -> Self {
        Self { page, gutter: Length::pt(gutter) }
    }

    /// Writes `page.typ`.
    pub fn write(self) -> GeneratedFile {
        let Self { page: PageManifest { width, height }, gutter } = self;
        let mut w = MarkupWriter::default();
        w.push(&format!("#let width = {width}\n#let height = {height}\n#let bleed = {BLEED}\n#let gutter = {gutter}\n"));
        w.finish("page.typ".into())
    }
}
