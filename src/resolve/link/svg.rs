//! Validation of SVGs. Both outputs show them as static images, so active content and external references are not allowed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Attribute, Document, Node, ParsingOptions};

use super::expansion;
use crate::icc::Channels;
use crate::images::Header;

/// The reason why an SVG cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SvgFault {
    /// It is not an SVG.
    Format,
    /// It cannot be parsed.
    Damaged,
    /// It contains something that is not allowed.
    Forbidden(&'static str),
}

/// Maximum number of nodes.
const MAX_NODES: u32 = 500_000;

/// Elements with active content or other documents.
const ACTIVE: [&str; 10] =
    ["script", "foreignObject", "handler", "listener", "iframe", "object", "embed", "audio", "video", "canvas"];

/// Animation elements. They could replace an address after its validation.
const ANIMATIONS: [&str; 6] = ["animate", "animateColor", "animateMotion", "animateTransform", "set", "discard"];

/// Maximum width and height in CSS pixels.
const MAX_SIDE: f32 = 10_000.0;

/// Validates an SVG and returns its width and height in CSS pixels.
///
/// # Errors
///
/// Returns the reason if it cannot be used.
pub fn read(bytes: &[u8]) -> Result<(u32, u32), SvgFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| SvgFault::Format)?;
    let start = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    if !start.starts_with('<') || !text.contains("<svg") && !text.contains(":svg") {
        return Err(SvgFault::Format);
    }
    if !expansion::is_shallow(text) {
        return Err(SvgFault::Forbidden("elements nested more than 100 deep"));
    }
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => SvgFault::Forbidden("a document type declaration, which may refer to other files"),
        _ => SvgFault::Damaged,
    })?;
    if !document.root_element().has_tag_name(("http://www.w3.org/2000/svg", "svg")) {
        return Err(SvgFault::Format);
    }
    for node in document.descendants() {
        check_node(node)?;
    }
    // Checked before `usvg` expands the SVG.
    if !expansion::is_finite(&document) {
        return Err(SvgFault::Forbidden("more than 200,000 elements, including repetitions by <use>"));
    }
    let size = usvg::Tree::from_xmltree(&document, &usvg::Options::default()).map_err(|_| SvgFault::Damaged)?.size();
    if size.width() > MAX_SIDE || size.height() > MAX_SIDE {
        return Err(SvgFault::Forbidden("more than 10,000 pixels in width or height"));
    }
    let pixels = |length: f32| (f64::from(length).ceil().clamp(1.0, f64::from(u32::MAX))) as u32;
    Ok((pixels(size.width()), pixels(size.height())))
}

fn check_node(node: Node<'_, '_>) -> Result<(), SvgFault> {
    if node.pi().is_some() {
        return Err(SvgFault::Forbidden("a processing instruction"));
    }
    if ACTIVE.iter().any(|name| node.tag_name().name().eq_ignore_ascii_case(name)) {
        return Err(SvgFault::Forbidden("a script or another document"));
    }
    if ANIMATIONS.iter().any(|name| node.tag_name().name().eq_ignore_ascii_case(name)) {
        return Err(SvgFault::Forbidden("an animation"));
    }
    if node.is_text() && node.parent().is_some_and(|parent| parent.tag_name().name() == "style") {
        check_style(node.text().unwrap_or_default())?;
    }
    node.attributes().try_for_each(check_attribute)
}

fn check_attribute(attribute: Attribute<'_, '_>) -> Result<(), SvgFault> {
    let (name, value) = (attribute.name(), attribute.value().trim());
    if name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) {
        return Err(SvgFault::Forbidden("an event handler"));
    }
    if name == "href" && has_inks(value) {
        return Err(SvgFault::Forbidden("a CMYK image"));
    }
    if matches!(name, "href" | "src" | "base") && !value.is_empty() && !value.starts_with('#') && !is_embedded_image(value) {
        return Err(SvgFault::Forbidden("a reference to another file"));
    }
    check_style(value)
}

/// Returns whether an address is a `data:` URL with a raster image.
fn is_embedded_image(address: &str) -> bool {
    ["data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp"]
        .iter()
        .any(|kind| address.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind)))
}

/// Returns whether a `data:` URL is a JPEG in CMYK, which PDF/A does not allow without a profile of its own.
fn has_inks(address: &str) -> bool {
    let data = address.split_once(";base64,").filter(|(kind, _)| kind.to_ascii_lowercase().starts_with("data:image/jp"));
    let Some((_, data)) = data else { return false };
    let data: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(data).unwrap_or_default();
    Header::read(&bytes).is_ok_and(|header| header.colours == Channels::Cmyk)
}

/// Rejects references to other files in a style.
fn check_style(style: &str) -> Result<(), SvgFault> {
    let lower = style.to_ascii_lowercase();
    let outside = |rest: &str| !rest.trim_start_matches([' ', '"', '\'']).starts_with('#');
    // Backslashes are rejected, because escapes can hide the keywords.
    if lower.contains("@import") || lower.contains('\\') || lower.match_indices("url(").any(|(at, _)| outside(&lower[at + 4..])) {
        return Err(SvgFault::Forbidden("a reference to another file"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(inner: &str) -> Result<(u32, u32), SvgFault> {
        read(format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30.2\">{inner}</svg>").as_bytes())
    }

    #[test]
    fn returns_the_size_of_a_plain_svg() {
        assert_eq!(drawing("<path d=\"M0 0L9 9\" fill=\"url(#g)\" style=\"fill:url('#g')\"/>"), Ok((40, 31)));
        let boxed = b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 4\"/>";
        assert_eq!(read(boxed), Ok((8, 4)));
    }

    #[test]
    fn rejects_images_in_cmyk() {
        for (colours, fault) in [
            (jpeg_encoder::ColorType::Cmyk, Err(SvgFault::Forbidden("a CMYK image"))),
            (jpeg_encoder::ColorType::Rgb, Ok((40, 31))),
        ] {
            let mut jpeg = Vec::new();
            let count = if fault.is_err() { 4 } else { 3 };
            jpeg_encoder::Encoder::new(&mut jpeg, 90).encode(&vec![90; 8 * 8 * count], 8, 8, colours).unwrap();
            let image = format!("<image width=\"8\" height=\"8\" href=\"data:image/jpeg;base64,{}\"/>", STANDARD.encode(jpeg));
            assert_eq!(drawing(&image), fault);
        }
    }

    #[test]
    fn rejects_active_content_and_external_references() {
        for inner in [
            "<script>alert(1)</script>",
            "<rect onload=\"x()\"/>",
            "<foreignObject/>",
            "<set attributeName=\"href\" to=\"x\"/>",
            "<g xml:base=\"https://example.org/\"/>",
            "<a href=\"javascript:x()\"/>",
            "<g id=\"a\"><use href=\"#a\"/></g>",
            "<image href=\"https://example.org/a.png\"/>",
            "<image href=\"file:///etc/passwd\"/>",
            "<image href=\"data:image/svg+xml,%3Csvg/%3E\"/>",
            "<use href=\"other.svg#a\"/>",
            "<style>@import 'x.css';</style>",
            "<style>rect { fill: url(https://example.org/x) }</style>",
            "<style>rect { fill: u\\72l(x) }</style>",
            "<rect style=\"fill:url(x.svg#a)\"/>",
            "<?xml-stylesheet href=\"x.css\"?>",
        ] {
            assert!(matches!(drawing(inner), Err(SvgFault::Forbidden(_))), "{inner}: {:?}", drawing(inner));
        }
        let entity =
            b"<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&a;</svg>";
        assert!(matches!(read(entity), Err(SvgFault::Forbidden(_))));
    }

    #[test]
    fn rejects_unlimited_expansion() {
        let rejected =
            |inner: &str| assert!(matches!(drawing(inner), Err(SvgFault::Forbidden(_))), "{:.60}: {:?}", inner, drawing(inner));
        let uses = |n: usize| format!("<use href=\"#l{}\"/>", n - 1).repeat(10);
        let laughs: String = (1..30).map(|n| format!("<g id=\"l{n}\">{}</g>", uses(n))).collect();
        rejected(&format!("<g id=\"l0\"><rect width=\"1\" height=\"1\"/></g>{laughs}"));
        rejected(&format!("{}{}", "<g>".repeat(500_000), "</g>".repeat(500_000)));
        let wide = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1e9\" height=\"1\"/>";
        assert!(matches!(read(wide), Err(SvgFault::Forbidden(_))), "{:?}", read(wide));
    }

    #[test]
    fn distinguishes_other_formats_from_damaged_svgs() {
        assert_eq!(read(b"hello"), Err(SvgFault::Format));
        assert_eq!(read(b"<html><svg/></html>"), Err(SvgFault::Format));
        assert_eq!(read(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><g></svg>"), Err(SvgFault::Damaged));
    }
}
