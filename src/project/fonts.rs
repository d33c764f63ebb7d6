//! Fonts: the tool's own and the project's, read in sorted order; no font of the system is ever used.

use std::sync::Arc;

use typst::foundations::Bytes;
use typst::text::{Font, FontStyle};

use super::Files;

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
    pub bytes: Arc<[u8]>,
    /// The font as Typst reads it.
    pub font: Font,
}

/// Reads every font of a folder set, in order of path.
pub fn read(files: &Files) -> Vec<FontFace> {
    files.iter().filter_map(|(path, bytes)| face(path, bytes)).collect()
}

fn face(path: &str, bytes: &Arc<[u8]>) -> Option<FontFace> {
    let extension = path.rsplit('.').next()?.to_ascii_lowercase();
    let media_type = match extension.as_str() {
        "otf" => "font/otf",
        "ttf" => "font/ttf",
        _ => return None,
    };
    let font = Font::new(Bytes::new(bytes.clone()), 0)?;
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
