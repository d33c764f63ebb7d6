//! Validation of SVGs. Both outputs show them as static images, so active content and external references are not allowed.
//!
//! | file | subject |
//! |---|---|
//! | `text` | compression and encoding |
//! | `doctype` | the document type declaration and its entities |
//! | `elements`, `style`, `address` | active content and external references |
//! | `expansion` | limits on the number and the nesting of elements |
//! | `background` | the colours of a drawing without a background |

mod address;
mod background;
mod doctype;
mod elements;
mod expansion;
mod style;
mod text;

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use image::metadata::Orientation;
use roxmltree::{Document, ParsingOptions};

use crate::images::{Header, ScreenVersion};

/// The reason why an SVG cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SvgFault {
    /// It is not an SVG.
    Format,
    /// It cannot be parsed. The text continues a sentence about the file.
    Damaged(String),
    /// It contains something that is not allowed.
    Forbidden {
        /// The forbidden content.
        what: String,
        /// A hint for the author.
        hint: &'static str,
    },
}

impl SvgFault {
    fn forbidden(what: impl Into<String>, hint: &'static str) -> Self {
        Self::Forbidden { what: what.into(), hint }
    }
}

/// An SVG that can be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Width and height in CSS pixels, rounded up.
    pub size: (u32, u32),
    /// The width in CSS pixels that the drawing declares; `None` if it fills the available space.
    pub natural: Option<f32>,
    /// Whether its style sheet animates it.
    pub animates: bool,
    /// Its colours, or `None` if it has a background.
    pub colours: Option<Vec<[u8; 3]>>,
    /// The SVG for the outputs, if it differs from the file: in UTF-8, without a document type declaration, with images in sRGB.
    pub text: Option<String>,
    /// Its CMYK images, which are converted to sRGB in [`Self::text`].
    pub inked: Vec<ConvertedImage>,
}

/// A CMYK JPEG of a drawing, and the sRGB version that replaces it for screens.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvertedImage {
    /// The JPEG.
    pub file: Bytes,
    /// The version for screens.
    pub version: ScreenVersion,
}

/// Function that returns the version of a CMYK image for screens, which is different for each file.
pub type ToScreen<'a> = &'a dyn Fn(&Bytes) -> Option<ScreenVersion>;

/// Maximum number of nodes.
const MAX_NODES: u32 = 500_000;

/// Maximum width and height in CSS pixels.
const MAX_SIDE: f32 = 10_000.0;

/// Maximum nesting of clipping paths. PDF/A-2a allows 28 nested graphics states (ISO 32000-1, Annex C), and the page around a
/// drawing needs some of them.
const MAX_CLIPS: usize = 20;

/// Validates an SVG, and converts its CMYK images.
///
/// # Errors
///
/// Returns the reason if it cannot be used.
pub fn read(bytes: &[u8], to_screen: ToScreen<'_>) -> Result<Drawing, SvgFault> {
    let text = text::read(bytes)?;
    if !text.starts_with('<') || !text.contains("<svg") && !text.contains(":svg") {
        return Err(SvgFault::Format);
    }
    let text = match doctype::removed(&text)? {
        Some(without) => Cow::Owned(without),
        None => text,
    };
    let simplify = "simplify the drawing";
    if !expansion::is_shallow(&text) {
        return Err(SvgFault::forbidden("elements nested more than 100 deep", simplify));
    }
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => SvgFault::forbidden(format!("more than {MAX_NODES} nodes"), simplify),
        error => SvgFault::Damaged(format!("is not well-formed: {error}")),
    })?;
    if !document.root_element().has_tag_name(("http://www.w3.org/2000/svg", "svg")) {
        return Err(SvgFault::Format);
    }
    let facts = elements::validate(&document)?;
    // Must precede the expansion by `usvg`.
    if !expansion::is_finite(&document) {
        return Err(SvgFault::forbidden("more than 200,000 elements, including repetitions by <use>", simplify));
    }
    let tree = usvg::Tree::from_xmltree(&document, &usvg::Options::default());
    let tree = tree.map_err(|error| SvgFault::Damaged(format!("cannot be drawn: {error}")))?;
    if clip_depth(tree.root()) > MAX_CLIPS {
        let flatten = "release the clipping masks that are inside others, or export it as a PNG";
        return Err(SvgFault::forbidden(format!("clipping paths nested more than {MAX_CLIPS} deep"), flatten));
    }
    if let Some(spread) = spread(&tree) {
        let instead = "end the gradient at the edges of the shape and repeat its stops there, or export it as a PNG";
        return Err(SvgFault::forbidden(
            format!("a gradient with spreadMethod=\"{spread}\", which PDF/A does not allow"),
            instead,
        ));
    }
    let size = tree.size();
    if size.width() > MAX_SIDE || size.height() > MAX_SIDE {
        return Err(SvgFault::forbidden("more than 10,000 pixels in width or height", "export it at a smaller size"));
    }
    let natural = document.root_element().attribute("width").filter(|width| is_absolute(width)).map(|_| size.width());
    let colours = background::colours(&document, &tree);
    let size = (pixels(size.width()), pixels(size.height()));
    let inked = converted(facts.inked, to_screen)?;
    let removed = facts.editors.into_iter().map(|range| (range, String::new()));
    let addresses = inked.iter().map(|(range, image)| (range.clone(), image.address()));
    let text = replaced(&text, removed.chain(addresses).collect());
    let text = (text.as_bytes() != bytes).then(|| text.into_owned());
    Ok(Drawing {
        size,
        natural,
        animates: facts.animates,
        colours,
        text,
        inked: inked.into_iter().map(|(_, image)| image).collect(),
    })
}

/// Converts CMYK images. Returns each with the range of its address.
fn converted(
    images: Vec<elements::InkedImage>,
    to_screen: ToScreen<'_>,
) -> Result<Vec<(Range<usize>, ConvertedImage)>, SvgFault> {
    let convert = |elements::InkedImage { address, bytes }| {
        let file = Bytes::from(bytes);
        if Header::read(&file).is_ok_and(|header| header.orientation != Orientation::NoTransforms) {
            return Err(SvgFault::forbidden("a CMYK image that is rotated by its metadata", "embed the image upright"));
        }
        let version = to_screen(&file).ok_or_else(|| SvgFault::Damaged("contains a CMYK image that is damaged".into()))?;
        Ok((address, ConvertedImage { file, version }))
    };
    images.into_iter().map(convert).collect()
}

impl ConvertedImage {
    /// Returns the `data:` URL of the version for screens.
    fn address(&self) -> String {
        let ScreenVersion { format, bytes } = &self.version;
        format!("data:{};base64,{}", format.media_type(), STANDARD.encode(bytes))
    }
}

/// Returns the spread method of a gradient that is repeated. In a PDF it is a PostScript function, which PDF/A-2a does not allow
/// (ISO 19005-2, 6.2.9).
fn spread(tree: &usvg::Tree) -> Option<&'static str> {
    let linear = tree.linear_gradients().iter().map(|gradient| gradient.spread_method());
    let radial = tree.radial_gradients().iter().map(|gradient| gradient.spread_method());
    linear.chain(radial).find_map(|method| match method {
        usvg::SpreadMethod::Pad => None,
        usvg::SpreadMethod::Reflect => Some("reflect"),
        usvg::SpreadMethod::Repeat => Some("repeat"),
    })
}

/// Returns the greatest number of clipping paths around a shape. Groups that are drawn separately, because of their opacity or
/// mask, are counted too.
fn clip_depth(root: &usvg::Group) -> usize {
    let mut deepest = 0;
    let mut open = vec![(root, 0)];
    while let Some((group, around)) = open.pop() {
        let own = std::iter::successors(group.clip_path(), |path| path.clip_path()).count();
        let depth = around + own;
        deepest = deepest.max(depth);
        open.extend(group.children().iter().filter_map(|node| match node {
            usvg::Node::Group(inner) => Some((&**inner, depth)),
            _ => None,
        }));
    }
    deepest
}

/// Returns whether a length has an absolute unit or no unit.
fn is_absolute(length: &str) -> bool {
    let unit = length.trim().trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-'));
    ["", "px", "pt", "pc", "mm", "cm", "in", "Q"].iter().any(|known| unit.eq_ignore_ascii_case(known))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn pixels(length: f32) -> u32 {
    length.ceil().max(1.0) as u32
}

/// Replaces byte ranges, which do not overlap.
fn replaced(text: &str, mut parts: Vec<(Range<usize>, String)>) -> Cow<'_, str> {
    if parts.is_empty() {
        return Cow::Borrowed(text);
    }
    parts.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (range, new) in parts {
        out.push_str(text.get(from..range.start).unwrap_or_default());
        out.push_str(&new);
        from = range.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMESPACES: &str = "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
        xmlns:ev=\"http://www.w3.org/2001/xml-events\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
        xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" xmlns:i=\"http://ns.adobe.com/AdobeIllustrator/10.0/\"";

    fn drawing(inner: &str) -> Result<Drawing, SvgFault> {
        read(format!("<svg {NAMESPACES} width=\"40\" height=\"30.2\">{inner}</svg>").as_bytes(), &|_| None)
    }

    fn size(bytes: &[u8]) -> Result<(u32, u32), SvgFault> {
        read(bytes, &|_| None).map(|drawing| drawing.size)
    }

    #[test]
    fn returns_the_size_of_a_plain_svg() {
        let plain = drawing("<path d=\"M0 0L9 9\" fill=\"url(#g)\" style=\"fill:url('#g')\"/>").unwrap();
        assert_eq!(
            plain,
            Drawing { size: (40, 31), natural: Some(40.0), animates: false, colours: Some(vec![]), text: None, inked: vec![] }
        );
        let boxed = b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 4\"/>";
        assert_eq!(
            read(boxed, &|_| None),
            Ok(Drawing { size: (8, 4), natural: None, animates: false, colours: Some(vec![]), text: None, inked: vec![] })
        );
        let wide = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100%\" viewBox=\"0 0 8 4\"/>";
        assert_eq!(read(wide.as_bytes(), &|_| None).unwrap().natural, None);
        let inches = wide.replace("100%", "0.5in").replace("viewBox", "height=\"1in\" viewBox");
        assert_eq!(read(inches.as_bytes(), &|_| None).unwrap().natural, Some(48.0));
    }

    #[test]
    fn converts_images_in_cmyk() {
        let jpeg = |colours, count: usize| {
            let mut jpeg = Vec::new();
            jpeg_encoder::Encoder::new(&mut jpeg, 90).encode(&vec![90; 8 * 8 * count], 8, 8, colours).unwrap();
            jpeg
        };
        let image = |jpeg: &[u8]| {
            let image =
                |key| format!("<image width=\"8\" height=\"8\" {key}=\"data:image/jpeg;base64,{}\"/>", STANDARD.encode(jpeg));
            format!("<switch><foreignObject><i:a/></foreignObject>{}</switch>{}", image("href"), image("xlink:href"))
        };
        let [inks, rgb] = [jpeg(jpeg_encoder::ColorType::Cmyk, 4), jpeg(jpeg_encoder::ColorType::Rgb, 3)];
        let read = |jpeg: &[u8], to_screen: ToScreen<'_>| {
            super::read(format!("<svg {NAMESPACES}>{}</svg>", image(jpeg)).as_bytes(), to_screen)
        };
        let version = ScreenVersion { format: crate::images::Format::Png, bytes: Bytes::from_static(b"screen") };
        let made = read(&inks, &|file| (file[..] == inks[..]).then(|| version.clone())).unwrap();
        assert_eq!(made.inked, vec![ConvertedImage { file: inks.clone().into(), version: version.clone() }; 2]);
        let wanted = format!("data:image/png;base64,{}", STANDARD.encode(b"screen"));
        let text = made.text.unwrap();
        assert_eq!((text.matches(&wanted).count(), text.contains("foreignObject"), text.contains("jpeg")), (2, false, false));
        assert!(matches!(read(&inks, &|_| None), Err(SvgFault::Damaged(_))));
        let plain = read(&rgb, &|_| panic!("it needs no conversion")).unwrap();
        assert!(plain.inked.is_empty() && plain.text.unwrap().contains("jpeg"));
    }

    #[test]
    fn rejects_active_content_and_external_references() {
        for inner in [
            "<script>alert(1)</script>",
            "<rect onload=\"x()\"/>",
            "<foreignObject>x</foreignObject>",
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
            "<style>ur<!-- -->l(x) @imp<!-- -->ort 'x';</style>",
            "<a href=\"other.svg\"/>",
            "<rect ev:event=\"click\"/>",
            "<h:script>alert(1)</h:script>",
            "<metadata><g onclick=\"x()\"/></metadata>",
            "<foreignObject><i:a/>words</foreignObject>",
            "<foreignObject><h:p/></foreignObject>",
        ] {
            assert!(matches!(drawing(inner), Err(SvgFault::Forbidden { .. })), "{inner}: {:?}", drawing(inner));
        }
        let entity =
            b"<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&a;</svg>";
        assert!(matches!(read(entity, &|_| None), Err(SvgFault::Forbidden { .. })));
    }

    #[test]
    fn messages_name_the_attribute() {
        for (inner, wanted) in [
            ("<rect onload=\"x()\"/>", "the attribute \"onload\" of <rect>, which runs a script"),
            ("<image xlink:href=\"a.png\"/>", "the attribute \"xlink:href\" of <image>, which refers to another file: \"a.png\""),
            ("<rect style=\"fill:url(x.svg#a)\"/>", "the attribute \"style\" of <rect>, which contains the address \"x.svg#a\""),
            ("<g xml:base=\"b/\"/>", "the attribute \"xml:base\" of <g>, which refers to another file: \"b/\""),
            ("<style>@import 'x.css';</style>", "a style with the rule @import"),
        ] {
            let Err(SvgFault::Forbidden { what, .. }) = drawing(inner) else { panic!("{inner} is accepted") };
            assert_eq!(what, wanted);
        }
    }

    #[test]
    fn accepts_what_editors_write() {
        for inner in [
            "<g inkscape:label=\"C:\\\\plan\" inkscape:onclick=\"x\" aria-label=\"url(x)\" id=\"a\\b\" font-family=\"'A'\"/>",
            "<inkscape:grid href=\"x.png\" style=\"url(x)\"/>",
            "<metadata><i:x i:href=\"http://a\">x</i:x></metadata><?xpacket begin=\"x\"?><?plantuml 1.2?>",
            "<a xlink:href=\"https://example.org/\" xlink:title=\"x\"><rect width=\"1\" height=\"1\"/></a>",
            "<style><![CDATA[.a { fill: url(#g) } .b:hover { fill: red }]]></style>",
        ] {
            let accepted = drawing(inner);
            assert!(matches!(accepted, Ok(Drawing { text: None, .. })), "{inner}: {accepted:?}");
        }
    }

    #[test]
    fn the_source_of_an_editor_is_removed() {
        let drawing = drawing("<switch><foreignObject requiredExtensions=\"x\"><i:pgf>AA==</i:pgf></foreignObject><g/></switch>");
        assert!(matches!(drawing, Err(SvgFault::Forbidden { .. })), "text is not removed: {drawing:?}");
        let reference =
            "<switch><foreignObject requiredExtensions=\"x\"><i:pgfRef xlink:href=\"#a\"/></foreignObject><g/></switch>";
        let text = super::read(format!("<svg {NAMESPACES}>{reference}</svg>").as_bytes(), &|_| None).unwrap().text.unwrap();
        assert_eq!(text, format!("<svg {NAMESPACES}><switch><g/></switch></svg>"));
    }

    #[test]
    fn a_repeated_gradient_is_refused_if_a_shape_has_it() {
        let gradient = |kind: &str, method: &str, shape: &str| {
            let stops = "<stop offset=\"0\" stop-color=\"#c00\"/><stop offset=\"1\" stop-color=\"#00c\"/>";
            let (open, close) = (format!("<{kind} id=\"g\" spreadMethod=\"{method}\">"), format!("</{kind}>"));
            drawing(&format!("<defs>{open}{stops}{close}</defs><rect width=\"9\" height=\"9\" {shape}/>"))
        };
        for (kind, method) in [("linearGradient", "reflect"), ("radialGradient", "repeat")] {
            for shape in ["fill=\"url(#g)\"", "stroke=\"url(#g)\""] {
                let fault = gradient(kind, method, shape).unwrap_err();
                let SvgFault::Forbidden { what, .. } = fault else { panic!("{fault:?}") };
                assert!(what.contains(method), "{what}");
            }
            assert!(gradient(kind, method, "fill=\"#c00\"").is_ok(), "a gradient without a shape is not drawn");
            assert!(gradient(kind, "pad", "fill=\"url(#g)\"").is_ok());
        }
    }

    #[test]
    fn a_drawing_with_a_background_has_no_colours_of_its_own() {
        let colours = |inner: &str| drawing(inner).unwrap().colours;
        assert_eq!(colours("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path d=\"M0 0h9v9\"/>"), None);
        assert_eq!(colours("<path d=\"M0 0h9v9z\" fill=\"#0a0b0c\"/>"), Some(vec![[10, 11, 12]]));
        assert_eq!(colours("<rect width=\"40\" height=\"31\" fill=\"#fff\" opacity=\".1\"/><text>a</text>"), Some(vec![[0; 3]]));
        let lines = colours("<rect width=\"40\" height=\"31\" fill=\"none\" stroke=\"red\"/>");
        assert_eq!(lines, Some(vec![[255, 0, 0]]), "a frame is not a background");
    }

    #[test]
    fn outputs_get_utf_8_without_a_document_type() {
        let latin =
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><!DOCTYPE svg [<!ENTITY ns \"http://www.w3.org/2000/svg\">]>\
                      <svg xmlns=\"&ns;\"><text>mar\xE9e</text></svg>";
        assert_eq!(
            read(latin, &|_| None).unwrap().text.unwrap(),
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>marée</text></svg>"
        );
    }

    #[test]
    fn rejects_unlimited_expansion() {
        let rejected = |inner: &str| {
            assert!(matches!(drawing(inner), Err(SvgFault::Forbidden { .. })), "{:.60}: {:?}", inner, drawing(inner))
        };
        let uses = |n: usize| format!("<use href=\"#l{}\"/>", n - 1).repeat(10);
        let laughs: String = (1..30).map(|n| format!("<g id=\"l{n}\">{}</g>", uses(n))).collect();
        rejected(&format!("<g id=\"l0\"><rect width=\"1\" height=\"1\"/></g>{laughs}"));
        rejected(&format!("{}{}", "<g>".repeat(500_000), "</g>".repeat(500_000)));
        let wide = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1e9\" height=\"1\"/>";
        assert!(matches!(read(wide, &|_| None), Err(SvgFault::Forbidden { .. })), "{:?}", read(wide, &|_| None));
    }

    #[test]
    fn distinguishes_other_formats_from_damaged_svgs() {
        assert_eq!(size(b"hello"), Err(SvgFault::Format));
        assert_eq!(size(b"<html><svg/></html>"), Err(SvgFault::Format));
        assert!(matches!(size(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><g></svg>"), Err(SvgFault::Damaged(_))));
    }
}
