//! The page list: the pages of a PDF of the same edition, with links to their beginnings in the EPUB (EPUB Accessibility 1.1
//! §4.2).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::xhtml::{self, Document, Xml};
use crate::paginate::PageStart;
use crate::product::Product;
use crate::resolve::Resolved;

/// The pages that a page list refers to.
#[derive(Clone, Copy, Debug)]
pub struct PageSource<'a> {
    /// The PDF with these pages.
    pub product: Product,
    /// The start of each page.
    pub starts: &'a [PageStart],
}

/// An entry of the page list.
#[derive(Debug)]
pub struct PageEntry {
    /// The printed page number.
    label: String,
    /// The address of a page break.
    href: String,
    /// Position of the page in the PDF, from 1.
    page: usize,
}

/// Summary of the page list of an EPUB.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct ListedPages {
    /// Number of pages in the list.
    pub listed: usize,
    /// Labels of the pages without a page break, whose entries link to the page break of a later page.
    pub shared: Vec<String>,
    /// Labels of the pages that are not listed, because no page break follows them.
    pub left_out: Vec<String>,
}

/// Returns the entries of the page list, which link to the page breaks of `documents`.
pub fn entries<'d>(starts: &[PageStart], documents: impl Iterator<Item = &'d Document>) -> (Vec<PageEntry>, ListedPages) {
    let of = |document: &'d Document| document.pages.iter().map(|page| (*page, document.href.as_str()));
    let breaks: BTreeMap<usize, &str> = documents.flat_map(of).collect();
    let mut pages = ListedPages::default();
    let mut entries = Vec::new();
    for PageStart { page, label, .. } in starts {
        match breaks.range(page..).next() {
            Some((found, file)) => {
                if found != page {
                    pages.shared.push(label.clone());
                }
                entries.push(PageEntry { label: label.clone(), href: format!("{file}#{}", xhtml::page_id(*found)), page: *page });
            }
            None => pages.left_out.push(label.clone()),
        }
    }
    pages.listed = entries.len();
    (entries, pages)
}

/// Returns the URN of the PDF that a page list refers to: its ISBN, otherwise its UUID.
pub fn source(edition: &Resolved, product: Product) -> String {
    match edition.isbn(product) {
        Some(isbn) => format!("urn:isbn:{}", isbn.replace([' ', '-'], "")),
        None => format!("urn:uuid:{}", edition.identifier(product)),
    }
}

/// Writes the page list of the navigation document, which is hidden (EPUB 3.3 §7.4.2).
pub fn nav(xml: &mut Xml, edition: &Resolved, entries: &[PageEntry]) {
    if entries.is_empty() {
        return;
    }
    xml.open("nav").attr("epub:type", "page-list").attr("role", "doc-pagelist").attr("id", "page-list");
    xml.attr("aria-label", edition.language.terms.page_list).attr("hidden", "hidden").line().open("ol").line();
    for entry in entries {
        xml.open("li").open("a").attr("href", &entry.href).text(&entry.label).close().close().line();
    }
    xml.close().line().close().line();
}

/// Writes the page list of the NCX (OPF 2.0.1 §2.4.1). `order` is the number of entries before it. Entries with the same target
/// have the same order.
pub fn ncx(xml: &mut Xml, entries: &[PageEntry], mut order: u32) {
    if entries.is_empty() {
        return;
    }
    xml.line().open("pageList").attr("id", "page-list").attr("class", "page-list").line();
    let mut target = "";
    for entry in entries {
        if entry.href != target {
            order += 1;
        }
        target = &entry.href;
        let number = entry.label.parse::<u32>().ok().map(|number| number.to_string());
        xml.open("pageTarget").attr("id", &format!("page-{}", entry.page));
        xml.attr("type", if number.is_some() { "normal" } else { "special" }).attr_if("value", number.as_deref());
        xml.attr("playOrder", &order.to_string()).line();
        xml.open("navLabel").leaf("text", None, &entry.label).close().line();
        xml.open("content").attr("src", &entry.href).void().line();
        xml.close().line();
    }
    xml.close();
}

/// Returns the largest page number in the list; 0 if there is none.
pub fn largest(entries: &[PageEntry]) -> u32 {
    entries.iter().filter_map(|entry| entry.label.parse().ok()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::output::epub::sample;

    fn start(page: usize, label: &str) -> PageStart {
        PageStart { page, label: label.into(), text: None }
    }

    fn document(href: &str, pages: &[usize]) -> Document {
        let (headings, images) = (Vec::new(), BTreeSet::new());
        Document { href: href.into(), text: String::new(), headings, images, pages: pages.to_vec() }
    }

    fn list() -> (Vec<PageEntry>, ListedPages) {
        let starts = [start(1, "i"), start(2, "ii"), start(3, "1"), start(4, "2"), start(5, "3")];
        entries(&starts, [document("a.xhtml", &[1]), document("b.xhtml", &[4])].iter())
    }

    #[test]
    fn pages_without_a_break_are_listed_with_the_next_or_left_out() {
        let (entries, pages) = list();
        let shown: Vec<String> = entries.iter().map(|entry| format!("{}={}", entry.label, entry.href)).collect();
        assert_eq!(shown, ["i=a.xhtml#_page-1", "ii=b.xhtml#_page-4", "1=b.xhtml#_page-4", "2=b.xhtml#_page-4"]);
        assert_eq!(pages, ListedPages { listed: 4, shared: vec!["ii".into(), "1".into()], left_out: vec!["3".into()] });
    }

    #[test]
    fn both_navigations_have_the_list() {
        let (mut xml, edition) = (Xml::default(), sample::edition());
        nav(&mut xml, &edition, &list().0);
        let out = xml.finish();
        assert!(
            out.starts_with("<nav epub:type=\"page-list\" role=\"doc-pagelist\"") && out.contains("hidden=\"hidden\""),
            "{out}"
        );
        assert!(out.contains("<li><a href=\"b.xhtml#_page-4\">ii</a></li>"), "{out}");
        let mut xml = Xml::default();
        ncx(&mut xml, &list().0, 7);
        let out = xml.finish();
        // Entries with one target have one order (NCX schema).
        assert!(out.contains("<pageTarget id=\"page-1\" type=\"special\" playOrder=\"8\">"), "{out}");
        assert!(out.contains("<pageTarget id=\"page-3\" type=\"normal\" value=\"1\" playOrder=\"9\">"), "{out}");
        assert!(out.contains("<pageTarget id=\"page-4\" type=\"normal\" value=\"2\" playOrder=\"9\">"), "{out}");
        assert_eq!(largest(&list().0), 2);
    }

    #[test]
    fn the_source_is_the_isbn_of_the_pdf_or_its_uuid() {
        let mut edition = sample::edition();
        assert_eq!(source(&edition, Product::ScreenPdf), format!("urn:uuid:{}", edition.identifier(Product::ScreenPdf)));
        edition.isbns.0.insert(Product::ScreenPdf, "978-2-9999990-0-8".into());
        assert_eq!(source(&edition, Product::ScreenPdf), "urn:isbn:9782999999008");
    }
}
