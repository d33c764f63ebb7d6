//! What an edition needs for the products that are made of it: decided once, before its stages run.

use crate::product::Product;

/// The stages that an edition goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is made, in order of [`Product::ALL`], each once.
    pub products: Vec<Product>,
    /// The pages are laid out and checked.
    pub pages: bool,
    /// The picture of the cover is made.
    pub cover: bool,
}

impl Plan {
    /// Plans for products.
    pub fn for_products(products: &[Product]) -> Self {
        let products: Vec<Product> = Product::ALL.into_iter().filter(|product| products.contains(product)).collect();
        let needs = products.iter().map(|product| product.needs());
        let (pages, cover) = needs.fold((false, false), |(pages, cover), needs| (pages || needs.pages, cover || needs.cover));
        Self { products, pages, cover }
    }

    /// Returns whether a product is made.
    pub fn makes(&self, product: Product) -> bool {
        self.products.contains(&product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epub_alone_needs_no_pages() {
        let epub = Plan::for_products(&[Product::Epub, Product::Epub]);
        assert_eq!((epub.products.as_slice(), epub.pages, epub.cover), (&[Product::Epub][..], false, true));
        let all = Plan::for_products(&[Product::Epub, Product::ScreenPdf]);
        assert_eq!((all.products.as_slice(), all.pages, all.cover), (&Product::ALL[..], true, true));
        let none = Plan::for_products(&[]);
        assert!(!none.pages && !none.cover && !none.makes(Product::Epub));
    }
}
