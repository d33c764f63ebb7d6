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
    /// Colours are converted for a press.
    pub press: bool,
}

impl Plan {
    /// Returns the plan for products.
    pub fn for_products(products: &[Product]) -> Self {
        let products: Vec<Product> = Product::ALL.into_iter().filter(|product| products.contains(product)).collect();
        let any = |need: fn(Needs) -> bool| products.iter().any(|product| need(product.needs()));
        let (pages, cover, press) = (any(|needs| needs.pages), any(|needs| needs.cover), any(|needs| needs.press));
        Self { products, pages, cover, press }
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
        let none = Plan::for_products(&[]);
        assert!(!none.pages && !none.cover && !none.makes(Product::Epub));
    }
}
