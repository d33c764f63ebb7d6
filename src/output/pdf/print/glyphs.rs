//! The bounds of the ink of glyphs, from the embedded font programs.

use lopdf::{Dictionary, Document, Object, Stream};
use ttf_parser::{Face, GlyphId, OutlineBuilder, cff};

use super::matrix::Rect;
use super::{entry, plain};

/// Maximum number of glyphs of a font that is read. Exported fonts are subsets.
const MAX_GLYPHS: u16 = 8192;

/// The bounds of the glyphs of a font in ems, by code; `None` for glyphs without ink.
pub(super) type GlyphBounds = Vec<Option<Rect>>;

/// Reads the bounds of the glyphs of a composite font whose codes are CIDs, from its descendant font. Returns `None` without a
/// readable font program.
pub(super) fn read(document: &Document, descendant: &Dictionary) -> Option<GlyphBounds> {
    let descriptor = entry(document, descendant, b"FontDescriptor")?.as_dict().ok()?;
    let program = |key: &[u8]| entry(document, descriptor, key).and_then(|file| file.as_stream().ok());
    let is_identity = match entry(document, descendant, b"CIDToGIDMap") {
        None => true,
        Some(map) => map.as_name().is_ok_and(|name| name == b"Identity"),
    };
    match (program(b"FontFile2"), program(b"FontFile3")) {
        (Some(file), _) if is_identity => true_type(file),
        (_, Some(file)) if is_subtype(document, file, b"CIDFontType0C") => compact(file),
        (_, Some(file)) if is_identity => true_type(file),
        _ => None,
    }
}

fn is_subtype(document: &Document, file: &Stream, name: &[u8]) -> bool {
    entry(document, &file.dict, b"Subtype").and_then(|subtype: &Object| subtype.as_name().ok()) == Some(name)
}

fn true_type(file: &Stream) -> Option<GlyphBounds> {
    let data = plain(file).ok()?;
    let face = Face::parse(&data, 0).ok().filter(|face| face.number_of_glyphs() <= MAX_GLYPHS)?;
    let em = f32::from(face.units_per_em());
    let bounds = (0..face.number_of_glyphs()).map(|glyph| {
        let [left, bottom, right, top] = units(face.glyph_bounding_box(GlyphId(glyph))?);
        Some(Rect([left / em, bottom / em, right / em, top / em]))
    });
    Some(bounds.collect())
}

/// Reads a bare CFF table (CIDFontType0C), which maps CIDs to glyphs.
fn compact(file: &Stream) -> Option<GlyphBounds> {
    let data = plain(file).ok()?;
    let table = cff::Table::parse(&data).filter(|table| table.number_of_glyphs() <= MAX_GLYPHS)?;
    let scale = table.matrix().sx;
    let mut all = GlyphBounds::new();
    for glyph in (0..table.number_of_glyphs()).map(GlyphId) {
        let code = usize::from(table.glyph_cid(glyph).unwrap_or(glyph.0));
        let bounds = table.outline(glyph, &mut Ignored).ok().map(|bounds| Rect(units(bounds).map(|side| side * scale)));
        if code >= all.len() {
            all.resize(code + 1, None);
        }
        if let Some(known) = all.get_mut(code) {
            *known = bounds;
        }
    }
    Some(all)
}

fn units(bounds: ttf_parser::Rect) -> [f32; 4] {
    [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(f32::from)
}

/// A builder that ignores outlines, because only the bounds are needed.
struct Ignored;

impl OutlineBuilder for Ignored {
    fn move_to(&mut self, _: f32, _: f32) {}
    fn line_to(&mut self, _: f32, _: f32) {}
    fn quad_to(&mut self, _: f32, _: f32, _: f32, _: f32) {}
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {}
    fn close(&mut self) {}
}
