//! The conformance that artefacts claim, read from the files themselves: a report states only the claims of the files.

use std::io::{Cursor, Read};

use lopdf::Document;
use roxmltree::{Document as Xml, Node};
use zip::ZipArchive;

/// Returns the claims of a file, by its extension; none for other files.
pub fn claims(name: &str, bytes: &[u8]) -> Vec<String> {
    match name.rsplit('.').next() {
        Some("pdf") => pdf(bytes).unwrap_or_default(),
        Some("epub") => epub(bytes).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Reads the claims of a PDF from its XMP packet: PDF/UA (ISO 14289-1 §5), PDF/A (ISO 19005-2 §6.6.4), PDF/X (ISO 15930-7 §6.14).
fn pdf(bytes: &[u8]) -> Option<Vec<String>> {
    let document = Document::load_mem(bytes).ok()?;
    let metadata = document.catalog().ok()?.get(b"Metadata").ok()?;
    let stream = document.dereference(metadata).ok()?.1.as_stream().ok()?;
    let packet = stream.get_plain_content().unwrap_or_else(|_| stream.content.clone());
    let packet = String::from_utf8_lossy(&packet).into_owned();
    let mut claims = Vec::new();
    claims.extend(value(&packet, "pdfuaid:part").map(|part| format!("PDF/UA-{part}")));
    let conformance = value(&packet, "pdfaid:conformance").unwrap_or_default().to_lowercase();
    claims.extend(value(&packet, "pdfaid:part").map(|part| format!("PDF/A-{part}{conformance}")));
    claims.extend(value(&packet, "pdfxid:GTS_PDFXVersion"));
    Some(claims)
}

/// Returns the value of an XMP property, which is an element or an attribute.
fn value(packet: &str, name: &str) -> Option<String> {
    let element = packet.split_once(&format!("<{name}>")).and_then(|(_, rest)| rest.split('<').next());
    let attribute = || packet.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split('"').next());
    element.or_else(attribute).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Reads the claims of an EPUB from its package document: the version, and `dcterms:conformsTo` with the certifier (EPUB
/// Accessibility 1.1 §4).
fn epub(bytes: &[u8]) -> Option<Vec<String>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    let package = names.into_iter().find(|name| name.ends_with(".opf"))?;
    let mut text = String::new();
    archive.by_name(&package).ok()?.read_to_string(&mut text).ok()?;
    let xml = Xml::parse(&text).ok()?;
    let version = xml.root_element().attribute("version").unwrap_or_default();
    let mut claims = vec![format!("EPUB {}", if version == "3.0" { "3" } else { version })];
    let metas = || xml.descendants().filter(|node| node.tag_name().name() == "meta");
    let named = |property: &'static str| metas().filter(move |node: &Node<'_, '_>| node.attribute("property") == Some(property));
    claims.extend(named("dcterms:conformsTo").filter_map(|node| node.text()).map(|text| text.trim().to_owned()));
    claims.extend(named("a11y:certifiedBy").filter_map(|node| node.text()).map(|text| format!("certified by {}", text.trim())));
    Some(claims)
}
