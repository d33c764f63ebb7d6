//! The pages of one product: with its bleed, and for print as many as its binding needs.

use rayon::prelude::*;
use typst::foundations::Smart;
use typst::layout::{Abs, Frame, Sides};
use typst::model::Document;
use typst::visualize::Paint;
use typst_layout::{Page, PagedDocument};

use super::cover::draw;
use super::{Cover, Paginated};
use crate::diagnostic::Diagnostics;
use crate::manifest::Binding;

/// The pages of a print product.
pub struct PrintPages {
    /// The pages, with their bleed.
    pub document: PagedDocument,
    /// Number of blank pages that were added before the last page.
    pub blanks: usize,
}

/// Resolution of the pictures of pages, in pixels per point: 54 per inch.
const PICTURE: f64 = 0.75;

impl PrintPages {
    /// Draws each page with its bleed, small.
    ///
    /// # Errors
    ///
    /// Returns an internal error if a PNG cannot be encoded.
    pub fn pictures(&self) -> Result<Vec<Cover>, Diagnostics> {
        self.document.pages().par_iter().map(|page| draw(page, PICTURE, true)).collect()
    }
}

impl Paginated {
    /// Returns the pages for screens, which have no bleed.
    pub fn screen(&self) -> PagedDocument {
        let pages = self.document.pages().iter().map(|page| with_bleed(page, Abs::zero()));
        PagedDocument::new(pages.collect(), self.document.info().clone())
    }

    /// Returns the pages for print. `bleed` is in points. Blank pages are added before the last page, so that the last one is still
    /// the outside of the back.
    pub fn print(&self, bleed: f64, binding: Binding) -> PrintPages {
        let bleed = Abs::pt(bleed);
        let mut pages: Vec<Page> = self.document.pages().iter().map(|page| with_bleed(page, bleed)).collect();
        let blanks = blanks(pages.len(), binding);
        if let Some(last) = pages.pop() {
            pages.extend(std::iter::repeat_n(blank(&last), blanks));
            pages.push(last);
        }
        PrintPages { document: PagedDocument::new(pages.into_iter().collect(), self.document.info().clone()), blanks }
    }
}

/// Returns how many blank pages a binding adds.
pub fn blanks(pages: usize, binding: Binding) -> usize {
    let multiple = match binding {
        Binding::SaddleStitch => 4,
        Binding::Other | Binding::Perfect => 2,
    };
    pages.next_multiple_of(multiple) - pages
}

fn with_bleed(page: &Page, bleed: Abs) -> Page {
    Page { bleed: Sides::splat(bleed), ..page.clone() }
}

/// Returns a page of the same size and ground with nothing on it.
fn blank(page: &Page) -> Page {
    let fill: Smart<Option<Paint>> = page.fill.clone();
    Page { frame: Frame::hard(page.frame.size()), fill, numbering: None, ..page.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_decides_how_many_pages_are_added() {
        let added = |binding| [1, 2, 3, 4, 5, 8].map(|pages| blanks(pages, binding));
        assert_eq!(added(Binding::SaddleStitch), [3, 2, 1, 0, 3, 0]);
        assert_eq!(added(Binding::Other), [1, 0, 1, 0, 1, 0]);
    }
}
