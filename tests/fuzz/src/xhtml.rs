//! Properties of the XHTML writer: its output is well-formed and contains the text of the model.

use std::collections::BTreeSet;

use reliure::stages::{Resolved, xhtml};
use roxmltree::{Document, Node, ParsingOptions};

use super::edition;
use super::expected::{self, EDGE, Output};

/// Classes of elements that are generated and not part of a section's own text.
const GENERATED: &[&str] = &[
    "section-number",
    "noteref",
    "backlink",
    "task-state",
    "credits",
    "licence",
    "licence-see",
    "image-credits",
    "imprint",
    "erratum",
    "changes",
];

/// Elements within a line of text.
const IN_LINE: &[&str] =
    &["em", "strong", "del", "sup", "sub", "span", "a", "cite", "code", "kbd", "abbr", "wbr", "u", "mark", "small", "ins"];

/// Writes a generated edition.
pub fn law(bytes: &[u8]) {
    edition_law(&edition::drawn(bytes));
}

/// Writes an edition. Asserts that every section is well-formed and contains the text of its model, and that links and ids are
/// consistent.
pub fn edition_law(edition: &Resolved) {
    let documents = xhtml(edition).expect("a resolved edition can be written");
    assert_eq!(documents.len(), edition.sections.len(), "a document for each section");
    let texts: Vec<(&str, Document<'_>)> =
        documents.iter().map(|document| (document.href.as_str(), well_formed(&document.text))).collect();
    for ((section, document), (_, xml)) in edition.sections.iter().zip(&documents).zip(&texts) {
        let body = xml.descendants().find(|node| node.has_tag_name(("http://www.w3.org/1999/xhtml", "body")));
        let mut out = String::new();
        collect_text(body.expect("a document has a body"), &mut out);
        expected::same(&expected::normalise(&out), &expected::section(edition, section, Output::Xhtml), &document.text);
        let headings = document.headings.iter().map(|heading| heading.label.as_str());
        headings.for_each(|label| drop(well_formed(&format!("<p xmlns:epub=\"x\">{label}</p>"))));
    }
    assert_links_resolve(&texts);
}

/// Parses a text as XML.
pub fn well_formed(text: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

fn collect_text(node: Node<'_, '_>, out: &mut String) {
    if node.is_text() {
        out.push_str(node.text().unwrap_or_default());
    }
    let class = node.attribute("class").unwrap_or_default();
    if class.split(' ').any(|class| GENERATED.contains(&class)) {
        return;
    }
    let edge = if node.is_element() && !IN_LINE.contains(&node.tag_name().name()) { EDGE } else { "" };
    out.push_str(edge);
    out.push_str(node.attribute("alt").unwrap_or_default());
    node.children().for_each(|child| collect_text(child, out));
    out.push_str(edge);
}

/// Asserts that ids are unique in their document, and that the targets of internal links exist.
fn assert_links_resolve(documents: &[(&str, Document<'_>)]) {
    let mut places: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (href, xml) in documents {
        for id in xml.descendants().filter_map(|node| node.attribute("id")) {
            assert!(places.insert((href, id)), "the id {id:?} occurs twice in {href}:\n{}", xml.input_text());
        }
    }
    for (from, xml) in documents {
        for href in xml.descendants().filter_map(|node| node.attribute("href")).filter(|href| !href.contains("://")) {
            let Some((file, id)) = href.split_once('#') else { continue };
            let file = if file.is_empty() { from } else { file };
            assert!(places.contains(&(file, id)), "{href:?} in {from} has no target:\n{}", xml.input_text());
        }
    }
}
