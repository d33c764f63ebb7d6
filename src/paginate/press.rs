//! The pages of the PDF products: their bleed, the blank pages that a binding requires, and links without underlines in print.

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
use super::plain_links::plain_links;
use super::{PageImage, Paginated};
use crate::diagnostic::Diagnostics;
use crate::manifest::Binding;

/// The pages of a print product.
pub struct PrintPages {
    /// The pages, with their bleed.
    pub document: PagedDocument,
    /// The blank pages that were added.
    pub blanks: Blanks,
}

/// Blank pages of a print product, added to reach a number of pages that its binding allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blanks {
    /// Number of blank pages.
    pub count: usize,
    /// Whether the back cover follows them; otherwise they are the last pages.
    pub before_back: bool,
}

impl Blanks {
    /// Returns the numbers of the blank pages of a product with `pages` pages, from 1.
    pub fn pages(self, pages: usize) -> std::ops::RangeInclusive<usize> {
        let last = pages - usize::from(self.before_back).min(pages);
        last.saturating_sub(self.count) + 1..=last
    }
}

/// Resolution of the pictures of pages, in pixels per point: 54 per inch.
const THUMBNAIL_SCALE: f64 = 0.75;

/// Renders a small picture of each page of a print product, with its bleed.
///
/// # Errors
///
/// Returns an internal error if a PNG cannot be encoded.
pub fn page_pictures(document: &PagedDocument) -> Result<Vec<PageImage>, Diagnostics> {
    document.pages().par_iter().map(|page| draw(page, THUMBNAIL_SCALE, true)).collect()
}

/// Label of the metadata by which a layout marks its last page as the back cover.
const BACK_COVER: &str = "reliure-back-cover";

impl Paginated {
    /// Returns the pages for screens, which have no bleed.
    pub fn screen(&self) -> PagedDocument {
        let pages = self.document.pages().iter().map(|page| with_bleed(page, Abs::zero()));
        PagedDocument::new(pages.collect(), self.document.info().clone())
    }

    /// Returns the pages for print, with links printed like the text around them. `bleed` is in points. Blank pages are added at
    /// the end, or before the last page if the layout marks it as the back cover.
    pub fn print(&self, bleed: f64, binding: Binding, foreground: [u8; 3]) -> PrintPages {
        let bleed = Abs::pt(bleed);
        let plain = plain_links(self.document.pages(), foreground);
        let mut pages: Vec<Page> = plain.iter().map(|page| with_bleed(page, bleed)).collect();
        let mut back = if pages.len() > 1 && self.ends_with_back_cover() { pages.pop() } else { None };
        let before_back = back.is_some();
        let count = blanks(pages.len() + usize::from(before_back), binding);
        // The number of the back cover counts the blank pages before it.
        back.iter_mut().for_each(|page| page.number += count as u64);
        let added = pages.last().map(blank).into_iter().flat_map(|page| std::iter::repeat_n(page, count));
        let added: Vec<Page> = added.collect();
        pages.extend(added.into_iter().chain(back));
        PrintPages { document: self.document_of(pages), blanks: Blanks { count, before_back } }
    }

    /// Returns the first page for print, with links printed like the text around them.
    pub fn front(&self, foreground: [u8; 3]) -> Option<Page> {
        plain_links(self.document.pages().get(..1)?, foreground).pop()
    }

    /// Returns the pages of a book with a separate cover: the half title replaces the first page, the back cover is omitted,
    /// blank pages are added at the end, and links are printed like the text around them. `bleed` is in points.
    pub fn interior(&self, bleed: f64, half_title: &Self, foreground: [u8; 3]) -> PrintPages {
        let bleed = Abs::pt(bleed);
        let plain = plain_links(self.document.pages(), foreground);
        let mut pages: Vec<Page> = plain.iter().map(|page| with_bleed(page, bleed)).collect();
        if let (Some(first), Some(half_title)) = (pages.first_mut(), half_title.document.pages().first()) {
            let Page { numbering, supplement, number, .. } = first.clone();
            *first = Page { frame: drawing(half_title), numbering, supplement, number, ..with_bleed(half_title, bleed) };
        }
        if pages.len() > 1 && self.ends_with_back_cover() {
            pages.pop();
        }
        let count = blanks(pages.len(), Binding::Perfect);
        let last = pages.last().map(blank);
        pages.extend(last.into_iter().flat_map(|page| std::iter::repeat_n(page, count)));
        PrintPages { document: self.document_of(pages), blanks: Blanks { count, before_back: false } }
    }

    fn document_of(&self, pages: Vec<Page>) -> PagedDocument {
        PagedDocument::new(pages.into_iter().collect(), self.document.info().clone())
    }

    /// Returns whether the layout marks the last page as the back cover.
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

/// Returns the number of blank pages that a binding requires.
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

/// Returns a blank page of the same size and background.
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

    #[test]
    fn blank_pages_are_numbered_at_the_end_or_before_the_back() {
        let numbered = |before_back| Blanks { count: 3, before_back }.pages(8).collect::<Vec<_>>();
        assert_eq!((numbered(false), numbered(true)), (vec![6, 7, 8], vec![5, 6, 7]));
        assert_eq!(Blanks::default().pages(4).count(), 0);
    }
}
