//! The stages that an edition needs for the requested products, determined before the stages run.

use crate::product::{Needs, Product};

/// The stages that an edition goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Products to build, each once, in order of [`Product::ALL`].
    pub products: Vec<Product>,
    /// Whether the pages are laid out and checked.
    pub pages: bool,
    /// Whether the image of the cover is rendered.
    pub cover: bool,
    /// Whether colours are converted for a press.
    pub press: bool,
    /// Whether a record states the number of pages.
    pub page_count: bool,
}

impl Plan {
    /// Returns the plan for products.
    pub fn for_products(products: &[Product]) -> Self {
        let products: Vec<Product> = Product::ALL.into_iter().filter(|product| products.contains(product)).collect();
        let any = |need: fn(Needs) -> bool| products.iter().any(|product| need(product.needs()));
        let (pages, cover, press) = (any(|needs| needs.pages), any(|needs| needs.cover), any(|needs| needs.press));
        let page_count = any(|needs| needs.page_count);
        Self { products, pages, cover, press, page_count }
    }

    /// Returns whether a product is built.
    pub fn makes(&self, product: Product) -> bool {
        self.products.contains(&product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epub_needs_no_pages() {
        let epub = Plan::for_products(&[Product::Epub, Product::Epub]);
        assert_eq!((epub.products.as_slice(), epub.pages, epub.cover), (&[Product::Epub][..], false, true));
        let screen = Plan::for_products(&[Product::Epub, Product::ScreenPdf]);
        assert_eq!(screen.products, [Product::ScreenPdf, Product::Epub]);
        assert_eq!((screen.pages, screen.cover, screen.press), (true, true, false));
        assert!(Plan::for_products(&[Product::Cover]).press);
        let record = Plan::for_products(&[Product::Ris]);
        assert_eq!((record.pages, record.cover, record.page_count), (false, false, true));
        let none = Plan::for_products(&[]);
        assert!(!none.pages && !none.cover && !none.makes(Product::Epub));
    }
}
