//! Writers of the output formats: pure functions from a resolved edition to bytes.

pub mod epub;
pub mod pdf;

use crate::resolve::Fonts;
use crate::workspace::{FontFace, SYMBOL_FAMILIES};

/// Returns the fonts that an EPUB can embed: four styles for text, bold and italic for titles, two weights for labels, and one
/// style for code. Families after the first of a list are fallbacks for characters that the first does not have.
pub fn embedded_fonts<'a>(fonts: &Fonts, faces: &'a [FontFace]) -> Vec<epub::EmbeddedFont<'a>> {
    let (upright, italic) = (false, true);
    let wanted = [
        (&fonts.base, vec![(400, upright), (400, italic), (700, upright), (700, italic)]),
        (&fonts.headings, vec![(400, italic), (700, upright)]),
        (&fonts.interface, vec![(400, upright), (700, upright)]),
        (&fonts.monospace, vec![(400, upright)]),
    ];
    let firsts = wanted.iter().filter_map(|(families, styles)| Some((families.first()?, styles, false)));
    let others = wanted.iter().flat_map(|(families, styles)| families.iter().skip(1).map(move |family| (family, styles, true)));
    let mut chosen: Vec<(&FontFace, bool)> = Vec::new();
    for (family, styles, fallback) in firsts.chain(others) {
        for (weight, italic) in styles {
            let face = faces.iter().find(|face| face.family == *family && face.weight == *weight && face.italic == *italic);
            if let Some(face) = face
                && !chosen.iter().any(|(other, _)| other.name == face.name)
            {
                chosen.push((face, fallback));
            }
        }
    }
    chosen.iter().map(|(face, fallback)| embedded(face, *fallback)).collect()
}

/// Returns the fonts of symbols and emoji. An EPUB embeds subsets of them.
pub fn symbol_fonts(faces: &[FontFace]) -> Vec<epub::EmbeddedFont<'_>> {
    let find = |family: &str| faces.iter().find(|face| face.family == family);
    SYMBOL_FAMILIES.into_iter().filter_map(find).map(|face| embedded(face, true)).collect()
}

fn embedded(face: &FontFace, fallback: bool) -> epub::EmbeddedFont<'_> {
    epub::EmbeddedFont {
        family: &face.family,
        weight: face.weight,
        italic: face.italic,
        name: &face.name,
        media_type: face.media_type,
        bytes: &face.bytes,
        coverage: Some(&face.font.info().coverage),
        fallback,
    }
}
