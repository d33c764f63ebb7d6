//! The styles of an SVG: whether they refer to other files, and whether they animate the drawing.

use super::address;
use crate::css::{CssFaultKind, scan};

/// Description of the part of a style that is not allowed, for messages.
pub type StyleRefusal = String;

/// The properties of an accepted style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StyleFacts {
    /// Whether it declares key frames, so that readers of the EPUB see the drawing move.
    pub animates: bool,
}

/// Reads a style sheet, the declarations of an attribute `style`, or the value of a property. Comments and escapes cannot hide an
/// address, because the text is tokenized as in browsers (CSS Syntax 3 §4).
///
/// # Errors
///
/// Returns a description of the part that refers to another file.
pub fn read(css: &str) -> Result<StyleFacts, StyleRefusal> {
    let found = scan(css);
    if found.at_rules.iter().any(|(name, _)| name == "import") {
        return Err("the rule @import".into());
    }
    if found.faults.iter().any(|fault| fault.kind == CssFaultKind::OpenUrl) {
        return Err("a damaged address".into());
    }
    match found.addresses.iter().find_map(|address| outside(&address.address)) {
        Some(refusal) => Err(refusal),
        None => Ok(StyleFacts { animates: found.at_rules.iter().any(|(name, _)| name.ends_with("keyframes")) }),
    }
}

/// Returns the description of an address if it is outside the drawing.
fn outside(url: &str) -> Option<StyleRefusal> {
    let url = url.trim();
    if url.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("data:font/")) || url.starts_with("data:application/") {
        return Some("a font".into());
    }
    (!address::is_inside(url)).then(|| format!("the address \"{}\"", address::short(url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_only_style_are_accepted() {
        for css in [
            "fill:url(#g);stroke:url('#h') red",
            "@charset \"UTF-8\"; @media (prefers-color-scheme: dark) { .a > b:hover, [x='url(y)'] { fill: #fff } }",
            "a { content: \"\\41\"; font: 9px 'a\\b' } /* @import 'x' url(y) */",
            "rect { fill: url( \"data:image/png;base64,AA==\" ) }",
            "@font-face { font-family: x; src: local(y) }",
            "}} ;; a { b",
        ] {
            assert_eq!(read(css), Ok(StyleFacts::default()), "{css}");
        }
    }

    #[test]
    fn styles_that_refer_to_files_are_refused() {
        for (css, part) in [
            ("@import 'x.css';", "the rule @import"),
            ("@\\69mport 'x.css';", "the rule @import"),
            ("fill: url(https://example.org/x)", "the address \"https://example.org/x\""),
            ("fill: u\\72l(x.svg#a)", "the address \"x.svg#a\""),
            ("a { b: src('x') }", "the address \"x\""),
            ("a { background: -webkit-image-set( 'x.png' 1x) }", "the address \"x.png\""),
            ("@font-face { src: url(data:font/woff2;base64,AA==) }", "a font"),
            ("fill: url(a b)", "a damaged address"),
        ] {
            assert_eq!(read(css), Err(part.to_owned()), "{css}");
        }
    }

    #[test]
    fn key_frames_animate() {
        assert_eq!(read("@-webkit-keyframes x { from { opacity: 0 } }"), Ok(StyleFacts { animates: true }));
        assert_eq!(read("rect { animation: x 1s infinite }"), Ok(StyleFacts::default()));
    }
}
