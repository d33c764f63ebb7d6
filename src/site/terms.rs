//! Sentences of the site.

use crate::product::Product;
use crate::terms::SiteTerms;

impl SiteTerms {
    /// Returns the name of a format, its purpose, and the standards that it conforms to.
    pub fn format(&self, product: Product) -> Option<[&'static str; 3]> {
        let formats = [Product::ScreenPdf, Product::Epub, Product::PrintPdf, Product::Cover];
        let index = formats.iter().position(|known| *known == product)?;
        Some([self.names.get(index)?, self.read.get(index)?, self.conformance.get(index)?])
    }

    /// Returns the purpose of a record.
    pub fn record(&self, product: Product) -> Option<&'static str> {
        let index = Product::RECORDS.iter().position(|known| *known == product)?;
        self.record.get(index).copied()
    }

    /// Formats a number of pages.
    pub fn pages(&self, count: usize) -> String {
        let [one, more] = self.pages;
        (if count == 1 { one } else { more }).replace("{}", &count.to_string())
    }

    /// Formats a size in decimal units, with one decimal from 1 MB on.
    pub fn size(&self, bytes: u64) -> String {
        let tenths = (bytes + 50_000) / 100_000;
        match bytes {
            ..950_000 => format!("{}\u{a0}{}", bytes.div_ceil(1000), self.kilobyte),
            _ => format!("{}{}{}\u{a0}{}", tenths / 10, self.decimal, tenths % 10, self.megabyte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::Language;
    use crate::terms::{ENGLISH, FRENCH};

    #[test]
    fn every_format_and_record_has_its_texts() {
        for tag in Language::tags() {
            let terms = &Language::find(tag).unwrap().pages.site;
            assert!(
                Product::RECORDS.iter().all(|record| terms.record(*record).is_some() && terms.format(*record).is_none()),
                "{tag}"
            );
        }
    }

    #[test]
    fn sizes_have_the_signs_of_the_language() {
        assert_eq!(FRENCH.site.size(1_449_000), "1,4\u{a0}Mo");
        assert_eq!(FRENCH.site.size(1_450_000), "1,5\u{a0}Mo");
        assert_eq!(ENGLISH.site.size(999_999), "1.0\u{a0}MB");
        assert_eq!(ENGLISH.site.size(949_001), "950\u{a0}kB");
        assert_eq!(ENGLISH.site.size(1), "1\u{a0}kB");
        assert_eq!(ENGLISH.site.pages(1) + &FRENCH.site.pages(2), "1 page2\u{a0}pages");
    }
}
