//! The stages that an edition needs for the requested products, determined before the stages run.

use crate::product::Product;

/// The stages that an edition goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Products to build, each once, in order of [`Product::ALL`].
    pub products: Vec<Product>,
    /// Whether the pages are laid out and checked.
    pub pages: bool,
    /// Whether the image of the cover is rendered.
    pub cover: bool,
}

impl Plan {
    /// Returns the plan for products.
    pub fn for_products(products: &[Product]) -> Self {
        let products: Vec<Product> = Product::ALL.into_iter().filter(|product| products.contains(product)).collect();
        let needs = products.iter().map(|product| product.needs());
        let (pages, cover) = needs.fold((false, false), |(pages, cover), needs| (pages || needs.pages, cover || needs.cover));
        Self { products, pages, cover }
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
        let all = Plan::for_products(&[Product::Epub, Product::ScreenPdf]);
        assert_eq!((all.products.as_slice(), all.pages, all.cover), (&Product::ALL[..], true, true));
        let none = Plan::for_products(&[]);
        assert!(!none.pages && !none.cover && !none.makes(Product::Epub));
    }
}
