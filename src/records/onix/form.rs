//! The form of a product, in codes of issue 75 of the ONIX code lists.

use super::{accessibility, leaf, licence, supply};
use crate::accessibility::AccessMode;
use crate::manifest::Binding;
use crate::output::epub::Xml;
use crate::product::Product;
use crate::records::{Extents, Work};

/// Writes the composition, the form and its details, the features, the content, the size of a printed book and the licence of a file.
pub fn write(xml: &mut Xml, work: &Work, form: Product, extents: Extents) {
    // List 2: a single item.
    leaf(xml, "ProductComposition", "00");
    let digital = form != Product::PrintPdf;
    let (code, details) = codes(work, form);
    leaf(xml, "ProductForm", code);
    details.iter().for_each(|detail| leaf(xml, "ProductFormDetail", detail));
    if let Some(version) = version(form) {
        // List 79: version of the format, as a code of list 220.
        feature(xml, "15", version, None);
    }
    if digital {
        accessibility::write(xml, work, form);
    }
    // List 81: text, then images.
    leaf(xml, "PrimaryContentType", "10");
    if work.accessibility.modes.contains(&AccessMode::Visual) {
        leaf(xml, "ProductContentType", "07");
    }
    if digital {
        // List 144: no technical protection.
        leaf(xml, "EpubTechnicalProtection", "00");
        licence(xml, work);
    } else {
        supply::measures(xml, work, extents);
    }
}

/// Writes a feature; `kind` is a code of list 79, and `value` a code of the list for this kind.
pub fn feature(xml: &mut Xml, kind: &str, value: &str, text: Option<&str>) {
    xml.open("ProductFormFeature").leaf("ProductFormFeatureType", None, kind).leaf("ProductFormFeatureValue", None, value);
    if let Some(text) = text {
        xml.leaf("ProductFormFeatureDescription", None, text);
    }
    xml.close().line();
}

/// Returns the code of list 150, and codes of list 175.
fn codes(work: &Work, form: Product) -> (&'static str, Vec<&'static str>) {
    match (form, work.binding) {
        // A download; EPUB, reflowable, readable offline.
        (Product::Epub, _) => ("ED", vec!["E101", "E200", "E202"]),
        // Perfect binding: paperback, adhesive bound. Staples: pamphlet, saddle-sewn.
        (Product::PrintPdf, Binding::Perfect) => ("BC", vec!["B305"]),
        (Product::PrintPdf, Binding::SaddleStitch) => ("BF", vec!["B310"]),
        (Product::PrintPdf, Binding::Other) => ("BA", vec![]),
        // PDF, and PDF/A if the text is finished; fixed format, readable offline.
        _ if work.finished => ("ED", vec!["E107", "E108", "E201", "E202"]),
        _ => ("ED", vec!["E107", "E201", "E202"]),
    }
}

/// Returns the code of list 220: EPUB 3.3, PDF 1.7.
fn version(form: Product) -> Option<&'static str> {
    match form {
        Product::Epub => Some("101F"),
        Product::ScreenPdf => Some("107G"),
        _ => None,
    }
}

/// Writes the number of pages of a format that has pages.
pub fn extent(xml: &mut Xml, form: Product, extents: Extents) {
    let pages = match form {
        Product::ScreenPdf => extents.pages,
        Product::PrintPdf => extents.print,
        _ => None,
    };
    if let Some(pages) = pages {
        // List 23: absolute page count, with unnumbered and blank pages. List 24: pages.
        xml.open("Extent").leaf("ExtentType", None, "07").leaf("ExtentValue", None, &pages.to_string());
        xml.leaf("ExtentUnit", None, "03").close().line();
    }
}
