//! Fonts: the widths and bounds of glyphs, and the entry of a font in the report.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

use super::glyphs::{self, GlyphBounds};
use super::matrix::Rect;
use super::report::FontUse;
use super::{entry, numbers};

/// A font.
#[derive(Debug)]
pub(super) struct Font {
    /// Whether a code has two bytes.
    wide: bool,
    widths: BTreeMap<u16, f32>,
    default: f32,
    /// The bounds of the glyphs in ems, by code; `None` if they are unknown.
    bounds: Option<GlyphBounds>,
    pub type3: bool,
}

impl Font {
    pub(super) fn read(document: &Document, font: &Dictionary) -> Self {
        let type3 = is_name(document, font, b"Subtype", b"Type3");
        let list = |dictionary: &Dictionary, key: &[u8]| entry(document, dictionary, key).map(|object| numbers(document, object));
        if let Some(descendant) = descendant(document, font) {
            let default = entry(document, descendant, b"DW").and_then(|width| width.as_float().ok()).unwrap_or(1000.0);
            let widths = entry(document, descendant, b"W").map(|list| cid_widths(document, list)).unwrap_or_default();
            let bounds = glyphs::read(document, descendant);
            return Self { wide: true, widths, default: default / 1000.0, bounds, type3 };
        }
        let scale =
            if type3 { list(font, b"FontMatrix").and_then(|matrix| matrix.first().copied()).unwrap_or(0.001) } else { 0.001 };
        let first = entry(document, font, b"FirstChar").and_then(|first| first.as_i64().ok()).unwrap_or(0);
        let codes = u16::try_from(first).unwrap_or_default()..;
        let widths = list(font, b"Widths").unwrap_or_default().into_iter().map(|width| (width * scale).abs());
        Self { wide: false, widths: codes.zip(widths).collect(), default: 1.0, bounds: None, type3 }
    }

    /// Returns the codes of a string with the widths of their glyphs in ems.
    pub(super) fn glyphs<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (u16, f32)> + 'a {
        let codes = text
            .chunks(if self.wide { 2 } else { 1 })
            .map(|code| code.iter().fold(0_u16, |code, byte| code << 8 | u16::from(*byte)));
        codes.map(|code| (code, self.widths.get(&code).copied().unwrap_or(self.default)))
    }

    /// Returns the bounds of a glyph in ems, empty if it has no ink. Unknown bounds are estimated generously: from the descenders
    /// to the accents of capitals, and wider than the advance.
    pub(super) fn ink(&self, code: u16, width: f32) -> Rect {
        match &self.bounds {
            Some(bounds) => bounds.get(usize::from(code)).copied().flatten().unwrap_or(Rect::EMPTY),
            None => Rect([-0.1, -0.3, width + 0.1, 1.0]),
        }
    }
}

/// Returns the entry of a font in the report.
pub(super) fn report(document: &Document, font: &Dictionary) -> FontUse {
    let type3 = is_name(document, font, b"Subtype", b"Type3");
    let inner = descendant(document, font).unwrap_or(font);
    let descriptor = entry(document, inner, b"FontDescriptor").and_then(|descriptor| descriptor.as_dict().ok());
    let files: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];
    let embedded = descriptor.is_some_and(|descriptor| files.iter().any(|file| entry(document, descriptor, file).is_some()));
    let name = [font, inner].into_iter().find_map(|font| entry(document, font, b"BaseFont")?.as_name().ok());
    let name = String::from_utf8_lossy(name.unwrap_or_default()).into_owned();
    let name = name.strip_suffix("-Identity-H").map(str::to_owned).unwrap_or(name);
    let (name, subset) = match name.split_once('+') {
        Some((letters, rest)) if letters.len() == 6 && letters.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            (rest.to_owned(), true)
        }
        _ => (name, false),
    };
    FontUse { name, embedded: embedded || type3, subset: subset || type3, type3 }
}

fn descendant<'a>(document: &'a Document, font: &'a Dictionary) -> Option<&'a Dictionary> {
    let list = entry(document, font, b"DescendantFonts")?.as_array().ok()?;
    document.dereference(list.first()?).ok()?.1.as_dict().ok()
}

fn is_name(document: &Document, dictionary: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    entry(document, dictionary, key).and_then(|value| value.as_name().ok()) == Some(name)
}

/// Reads the widths of a CID font, which have the forms `c [w …]` and `first last w` (ISO 32000-1 §9.7.4.3).
fn cid_widths(document: &Document, list: &Object) -> BTreeMap<u16, f32> {
    let mut widths = BTreeMap::new();
    let items: Vec<&Object> = list.as_array().map(|list| list.iter().collect()).unwrap_or_default();
    let items: Vec<&Object> = items.into_iter().filter_map(|item| Some(document.dereference(item).ok()?.1)).collect();
    let code = |object: &Object| object.as_i64().ok().and_then(|code| u16::try_from(code).ok());
    let mut rest = items.as_slice();
    loop {
        rest = match rest {
            [first, Object::Array(list), after @ ..] => {
                let given = numbers(document, &Object::Array(list.clone()));
                widths.extend(
                    code(first)
                        .into_iter()
                        .flat_map(|first| (first..).zip(given.iter().map(|width| width / 1000.0)).collect::<Vec<_>>()),
                );
                after
            }
            [first, last, width, after @ ..] => {
                if let (Some(first), Some(last), Ok(width)) = (code(first), code(last), width.as_float()) {
                    widths.extend((first..=last).map(|code| (code, width / 1000.0)));
                }
                after
            }
            _ => return widths,
        };
    }
}
