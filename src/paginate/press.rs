//! The pages of one product: with its bleed, and for print as many as its binding needs.

use rayon::prelude::*;
use typst::foundations::{Label, Selector, Smart};
use typst::introspection::{Introspector, MetadataElem};
use typst::layout::{Abs, Frame, Sides};
use typst::model::Document;
use typst::utils::PicoStr;
use typst::visualize::Paint;
use typst_layout::{Page, PagedDocument};

use super::book::drawing;
use super::cover::draw;
use super::{Cover, Paginated};
use crate::diagnostic::Diagnostics;
use crate::manifest::Binding;

/// The pages of a print product.
pub struct PrintPages {
    /// The pages, with their bleed.
    pub document: PagedDocument,
    /// Number of blank pages that were added.
    pub blanks: usize,
}

/// Resolution of the pictures of pages, in pixels per point: 54 per inch.
const PICTURE: f64 = 0.75;

/// Draws each page of a print product with its bleed, small.
///
/// # Errors
///
/// Returns an internal error if a PNG cannot be encoded.
pub fn page_pictures(document: &PagedDocument) -> Result<Vec<Cover>, Diagnostics> {
    document.pages().par_iter().map(|page| draw(page, PICTURE, true)).collect()
}

/// Label of the metadata by which a layout marks its last page as the outside of the back.
const BACK_COVER: &str = "reliure-back-cover";

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
        PrintPages { document: self.document_of(pages), blanks }
    }

    /// Returns the pages inside a cover of its own: the half title replaces the first, the outside of the back is left out, and blank
    /// pages are added at the end. `bleed` is in points.
    pub fn interior(&self, bleed: f64, half_title: &Page) -> PrintPages {
        let bleed = Abs::pt(bleed);
        let mut pages: Vec<Page> = self.document.pages().iter().map(|page| with_bleed(page, bleed)).collect();
        if let Some(first) = pages.first_mut() {
            let Page { numbering, supplement, number, .. } = first.clone();
            *first = Page { frame: drawing(half_title), numbering, supplement, number, ..with_bleed(half_title, bleed) };
        }
        if pages.len() > 1 && self.ends_with_back_cover() {
            pages.pop();
        }
        let blanks = blanks(pages.len(), Binding::Perfect);
        let last = pages.last().map(blank);
        pages.extend(last.into_iter().flat_map(|page| std::iter::repeat_n(page, blanks)));
        PrintPages { document: self.document_of(pages), blanks }
    }

    fn document_of(&self, pages: Vec<Page>) -> PagedDocument {
        PagedDocument::new(pages.into_iter().collect(), self.document.info().clone())
    }

    /// Returns whether the layout marks the last page as the outside of the back.
    fn ends_with_back_cover(&self) -> bool {
        let introspector = self.document.introspector();
        let Some(label) = Label::new(PicoStr::intern(BACK_COVER)) else { return false };
        let marks = introspector.query(&Selector::Label(label));
        marks.iter().filter(|mark| mark.is::<MetadataElem>()).any(|mark| {
            let page = mark.location().and_then(|location| introspector.page(location));
            page.is_some_and(|page| page.get() == self.document.pages().len())
        })
    }
}

/// Returns how many blank pages a binding adds.
fn blanks(pages: usize, binding: Binding) -> usize {
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
        assert_eq!(added(Binding::Perfect), [1, 0, 1, 0, 1, 0]);
    }
}
