//! The elements and attributes of an SVG. Those that only editors read, such as Inkscape, have no effect and are accepted.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Attribute, Document, Node};

use super::{SvgFault, address, style};
use crate::icc::Channels;
use crate::images::{Header, is_readable};

const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Namespaces of events and inclusions, whose elements and attributes are active content.
const ACTIVE_NAMESPACES: [&str; 2] = ["http://www.w3.org/2001/xml-events", "http://www.w3.org/2001/XInclude"];

/// Elements with active content or other documents.
const ACTIVE: [&str; 9] = ["script", "handler", "listener", "iframe", "object", "embed", "audio", "video", "canvas"];

/// Animation elements. They could replace an address after its validation.
const ANIMATIONS: [&str; 6] = ["animate", "animateColor", "animateMotion", "animateTransform", "set", "discard"];

/// Presentation attributes whose values may contain addresses (SVG 2 §6.6). Their values are CSS.
const STYLED: [&str; 12] = [
    "clip-path",
    "color-profile",
    "cursor",
    "fill",
    "filter",
    "marker",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask",
    "stroke",
    "style",
];

const SHAPES: &str = "export it as a plain SVG with only shapes and text, or as a PNG";

/// The properties of an accepted drawing.
#[derive(Debug, Default)]
pub struct DrawingFacts {
    /// Whether its style sheet animates it.
    pub animates: bool,
    /// The byte ranges of elements that only editors read, in order, such as the source data of Illustrator.
    pub editors: Vec<Range<usize>>,
    /// The CMYK images, in order. PDF/A does not allow them without a CMYK profile.
    pub inked: Vec<InkedImage>,
}

/// A CMYK JPEG in a `data:` URL.
#[derive(Debug)]
pub struct InkedImage {
    /// The byte range of the URL.
    pub address: Range<usize>,
    /// The JPEG.
    pub bytes: Vec<u8>,
}

/// Validates all elements and attributes.
///
/// # Errors
///
/// Returns a fault for the first element or attribute with active content or an external reference.
pub fn validate(document: &Document<'_>) -> Result<DrawingFacts, SvgFault> {
    let mut facts = DrawingFacts::default();
    for node in document.descendants() {
        if node.pi().is_some_and(|instruction| instruction.target.eq_ignore_ascii_case("xml-stylesheet")) {
            return Err(SvgFault::forbidden(
                "the processing instruction \"xml-stylesheet\", which refers to another file",
                SHAPES,
            ));
        }
        if node.is_element() {
            validate_element(node, &mut facts)?;
        }
    }
    Ok(facts)
}

fn validate_element(node: Node<'_, '_>, facts: &mut DrawingFacts) -> Result<(), SvgFault> {
    let name = node.tag_name().name();
    let namespace = node.tag_name().namespace().unwrap_or(SVG);
    let is = |list: &[&str]| list.iter().any(|known| name.eq_ignore_ascii_case(known));
    if ACTIVE_NAMESPACES.contains(&namespace) || namespace == SVG && is(&ACTIVE) {
        return Err(SvgFault::forbidden(format!("the element <{name}>, which is a script or another document"), SHAPES));
    }
    if namespace == XHTML {
        return Err(SvgFault::forbidden(format!("the element <{name}> of HTML"), WITHOUT_HTML));
    }
    if namespace == SVG && is(&ANIMATIONS) {
        return Err(SvgFault::forbidden(format!("an animation, the element <{name}>"), "export a still picture"));
    }
    if namespace == SVG && is(&["foreignObject"]) {
        if !is_for_editors(node) {
            return Err(SvgFault::forbidden("the element <foreignObject>, which is another document", WITHOUT_HTML));
        }
        facts.editors.push(node.range());
    }
    if namespace == SVG && name == "style" {
        let text: String = node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
        let read = style::read(&text);
        facts.animates |= read.map_err(|part| SvgFault::forbidden(format!("a style with {part}"), SHAPES))?.animates;
    }
    node.attributes().try_for_each(|attribute| validate_attribute(name, namespace, attribute, facts))
}

const WITHOUT_HTML: &str =
    "export it without labels in HTML (in draw.io without \"Formatted Text\", in Mermaid with htmlLabels: false), or as a PNG";

/// Returns whether a `foreignObject` contains nothing that is displayed: no text, and no elements of SVG or HTML.
fn is_for_editors(node: Node<'_, '_>) -> bool {
    let shown = |inner: Node<'_, '_>| match inner.tag_name().namespace() {
        _ if inner.is_text() => inner.text().is_some_and(|text| !text.trim().is_empty()),
        namespace => inner.is_element() && matches!(namespace, None | Some(SVG | XHTML)),
    };
    !node.descendants().skip(1).any(shown)
}

fn validate_attribute(
    element: &str,
    namespace: &str,
    attribute: Attribute<'_, '_>,
    facts: &mut DrawingFacts,
) -> Result<(), SvgFault> {
    let value = attribute.value().trim();
    let refused = |name: &str, why: &str, hint| {
        Err(SvgFault::forbidden(format!("the attribute \"{name}\" of <{element}>, which {why}"), hint))
    };
    let name = attribute.name();
    let written = match attribute.namespace() {
        None if namespace == SVG => name.to_owned(),
        Some(XLINK) if namespace == SVG => format!("xlink:{name}"),
        Some(XML) => format!("xml:{name}"),
        Some(own) if ACTIVE_NAMESPACES.contains(&own) => return refused(name, "runs a script", SHAPES),
        // Attributes and elements of editors have no effect.
        _ => return Ok(()),
    };
    match written.as_str() {
        name if name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) => {
            refused(name, "runs a script", "delete the attribute, or export the drawing as a plain SVG")
        }
        "href" | "xlink:href" if element == "a" && address::is_web_link(value) => Ok(()),
        "href" | "xlink:href" if address::is_inside(value) => {
            let Some(bytes) = picture(value) else { return Ok(()) };
            match Header::read(&bytes) {
                Ok(header) if header.colours == Channels::Cmyk => {
                    facts.inked.push(InkedImage { address: attribute.range_value(), bytes });
                    Ok(())
                }
                Ok(_) if is_readable(&bytes) => Ok(()),
                _ => {
                    let hint = "embed the picture again, or export the drawing as a PNG";
                    Err(SvgFault::forbidden("an embedded picture that is damaged", hint))
                }
            }
        }
        name @ ("href" | "xlink:href" | "src" | "xml:base") if !address::is_inside(value) => {
            let why = format!("refers to another file: \"{}\"", address::short(value));
            refused(name, &why, "embed the picture in the drawing, or export the drawing as a PNG")
        }
        name if STYLED.contains(&name) => match style::read(value) {
            Ok(_) => Ok(()),
            Err(part) => refused(name, &format!("contains {part}"), SHAPES),
        },
        _ => Ok(()),
    }
}

/// Returns the raster image of a `data:` URL; `None` for other addresses.
fn picture(address: &str) -> Option<Vec<u8>> {
    let (_, data) = address.split_once(";base64,").filter(|_| address::is_inside(address))?;
    let data: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    Some(STANDARD.decode(data).unwrap_or_default())
}
