//! `content.opf`: the metadata, the manifest and the spine of the publication (EPUB 3.3 §5).

mod accessibility;
mod metadata;

use std::borrow::Cow;

pub use metadata::identifier;

use super::xhtml::Xml;
use crate::accessibility::AccessibilityFacts;
use crate::product::Product;
use crate::resolve::{Item as Rights, Resolved};

/// File name of the package document.
pub const PACKAGE: &str = "content.opf";

/// A file of the container.
#[derive(Debug)]
pub struct PackageItem<'a> {
    /// The id in the package document.
    pub id: String,
    /// The path, relative to the package document.
    pub href: String,
    /// The media type.
    pub media_type: &'a str,
    /// Manifest properties (EPUB 3.3 §D.6).
    pub properties: Option<&'static str>,
    /// Whether the file is part of the spine, which has the order of the items.
    pub in_spine: bool,
    /// Entry of the file in the rights ledger.
    pub rights: Option<&'a Rights>,
    /// The content.
    pub bytes: Cow<'a, [u8]>,
}

/// Writes the package document. `page_source` is the PDF whose pages the page list contains.
pub fn document(
    edition: &Resolved,
    items: &[PackageItem<'_>],
    facts: &AccessibilityFacts,
    page_source: Option<Product>,
) -> String {
    let mut xml = Xml::document();
    xml.open("package").attr("xmlns", "http://www.idpf.org/2007/opf").attr("version", "3.0");
    xml.attr("unique-identifier", metadata::UNIQUE_ID).attr("xml:lang", edition.language.tag).attr("dir", "ltr");
    xml.attr_if("prefix", metadata::prefixes(edition)).line();
    metadata::write(&mut xml, edition, items, facts, page_source);
    xml.open("manifest").line();
    for item in items {
        xml.open("item").attr("id", &item.id).attr("href", &item.href).attr("media-type", item.media_type);
        xml.attr_if("properties", item.properties).void().line();
    }
    // The `toc` attribute is for EPUB 2 reading systems (EPUB 3.3 §5.7.1).
    xml.close().line().open("spine").attr("toc", "ncx").attr("page-progression-direction", "ltr").line();
    for item in items.iter().filter(|item| item.in_spine) {
        xml.open("itemref").attr("idref", &item.id).attr("linear", "yes").void().line();
    }
    xml.close().line().close();
    let mut text = xml.finish();
    text.push('\n');
    text
}
