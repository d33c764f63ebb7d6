//! Fonts: the tool's own and the project's, read in sorted order; no font of the system is ever used.

use bytes::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontStyle, FontVariations};

use super::Files;
use crate::resolve::Typeface;

/// A font file.
#[derive(Clone, Debug)]
pub struct FontFace {
    /// Family, as brand tokens name it.
    pub family: String,
    /// Weight, 100 to 900.
    pub weight: u16,
    /// Italic or oblique.
    pub italic: bool,
    /// File name.
    pub name: String,
    /// `font/otf` or `font/ttf`.
    pub media_type: &'static str,
    /// Its bytes, untouched.
    pub bytes: Bytes,
    /// The font as Typst reads it.
    pub font: Font,
}

impl FontFace {
    /// Reads what the font says of its rights in its name table (OpenType 1.9.1 §`name`, ids 0, 13 and 14).
    pub fn rights(&self) -> Typeface {
        let variant = self.font.info().variant;
        let instance = self.font.clone().instantiate(variant, Abs::pt(10.0), &FontVariations::default());
        let said = |id: u16| {
            let mut names = instance.ttf().names().into_iter().filter(|name| name.name_id == id);
            names.find_map(|name| name.to_string()).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        Typeface { family: self.family.clone(), copyright: said(0), licence: said(13), url: said(14) }
    }
}

/// Reads every font of a folder set, in order of path.
pub fn read(files: &Files) -> Vec<FontFace> {
    files.iter().filter_map(|(path, bytes)| face(path, bytes)).collect()
}

fn face(path: &str, bytes: &Bytes) -> Option<FontFace> {
    let extension = path.rsplit('.').next()?.to_ascii_lowercase();
    let media_type = match extension.as_str() {
        "otf" => "font/otf",
        "ttf" => "font/ttf",
        _ => return None,
    };
    let font = Font::new(typst::foundations::Bytes::new(bytes.clone()), 0)?;
    let info = font.info();
    Some(FontFace {
        family: info.family.to_string(),
        weight: info.variant.weight.to_number(),
        italic: info.variant.style != FontStyle::Normal,
        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        media_type,
        bytes: bytes.clone(),
        font,
    })
}
