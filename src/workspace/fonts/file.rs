//! Font files: formats, the faces of a collection, and checks before parsing.

use std::fmt;

use bytes::Bytes;
use ttf_parser::{RawFace, Tag, fonts_in_collection};
use typst::text::Font;

use super::character_map;

/// Maximum number of faces of a collection.
const MAX_FACES: u32 = 64;

/// A face of a font file, as a separate file.
pub struct FaceFile {
    /// The unmodified file, or the unmodified tables of a face of a collection.
    pub bytes: Bytes,
    /// `font/otf` or `font/ttf`.
    pub media_type: &'static str,
    /// The font in Typst's representation.
    pub font: Font,
    /// Number of the face in its collection, from 1.
    pub number: Option<u32>,
}

/// The reason why a font file is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FontFault {
    /// An unsupported font format.
    Kind(&'static str),
    /// A damaged file, or not a font despite its extension.
    Damaged,
    /// A `cmap` table with code points beyond Unicode, or with too many characters.
    Characters,
    /// A collection with too many faces.
    Faces(u32),
}

impl fmt::Display for FontFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(kind) => write!(f, "fonts in the format {kind} are not read"),
            Self::Damaged => f.write_str("it is damaged, or not a font"),
            Self::Characters => f.write_str("it is damaged: its character map (cmap) has code points beyond Unicode"),
            Self::Faces(count) => write!(f, "it is a collection of {count} fonts, and at most {MAX_FACES} are read"),
        }
    }
}

impl FontFault {
    /// Returns the hint of the diagnostic.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Kind(_) => "use the OpenType or TrueType version of the font: .otf, .ttf, .otc and .ttc are read",
            Self::Damaged | Self::Characters => "get the font again from its source, or remove the file",
            Self::Faces(_) => "use single font files instead",
        }
    }
}

/// Unsupported formats, by extension.
const OTHER_FORMATS: [(&str, &str); 7] = [
    ("woff2", "WOFF2"),
    ("woff", "WOFF"),
    ("eot", "EOT"),
    ("pfb", "Type 1"),
    ("pfa", "Type 1"),
    ("dfont", "Mac suitcase"),
    ("bdf", "BDF"),
];

/// Returns the faces of a file, or nothing if its extension is not that of a font.
///
/// # Errors
///
/// Returns the reason why a font cannot be used.
pub fn faces(path: &str, bytes: &Bytes) -> Result<Vec<FaceFile>, FontFault> {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if let Some((_, kind)) = OTHER_FORMATS.iter().find(|(other, _)| *other == extension) {
        return Err(FontFault::Kind(kind));
    }
    if !["otf", "ttf", "otc", "ttc"].contains(&extension.as_str()) {
        return Ok(Vec::new());
    }
    let Some(count) = fonts_in_collection(bytes) else {
        let media_type = if extension.starts_with('o') { "font/otf" } else { "font/ttf" };
        return Ok(vec![face(bytes.clone(), media_type, None)?]);
    };
    if count > MAX_FACES {
        return Err(FontFault::Faces(count));
    }
    let part = |index| {
        let (bytes, media_type) = single(bytes, index).ok_or(FontFault::Damaged)?;
        face(bytes, media_type, Some(index + 1))
    };
    (0..count).map(part).collect()
}

fn face(bytes: Bytes, media_type: &'static str, number: Option<u32>) -> Result<FaceFile, FontFault> {
    let raw = RawFace::parse(&bytes, 0).map_err(|_| FontFault::Damaged)?;
    if !raw.table(Tag::from_bytes(b"cmap")).is_none_or(character_map::is_bounded) {
        return Err(FontFault::Characters);
    }
    let font = Font::new(typst::foundations::Bytes::new(bytes.clone()), 0).ok_or(FontFault::Damaged)?;
    Ok(FaceFile { bytes, media_type, font, number })
}

/// Returns a face of a collection as a separate file, with unmodified tables (OpenType 1.9.1 §"Organization of an OpenType
/// Font"), and its media type.
fn single(collection: &[u8], index: u32) -> Option<(Bytes, &'static str)> {
    let raw = RawFace::parse(collection, index).ok()?;
    let records: Vec<_> = raw.table_records.into_iter().collect();
    let is_cff = raw.table(Tag::from_bytes(b"CFF ")).or_else(|| raw.table(Tag::from_bytes(b"CFF2"))).is_some();
    let count = u16::try_from(records.len()).ok()?;
    let power = u16::try_from(count.checked_ilog2()?).ok()?;
    let range = 16_u16.checked_shl(power.into())?;
    let mut out: Vec<u8> = if is_cff { b"OTTO".to_vec() } else { vec![0, 1, 0, 0] };
    for number in [count, range, power, count.checked_mul(16)?.checked_sub(range)?] {
        out.extend(number.to_be_bytes());
    }
    let mut at = out.len() + 16 * records.len();
    let mut data: Vec<u8> = Vec::new();
    for record in &records {
        let start = usize::try_from(record.offset).ok()?;
        let table = collection.get(start..start.checked_add(usize::try_from(record.length).ok()?)?)?;
        out.extend(record.tag.to_bytes());
        out.extend(record.check_sum.to_be_bytes());
        out.extend(u32::try_from(at).ok()?.to_be_bytes());
        out.extend(record.length.to_be_bytes());
        data.extend_from_slice(table);
        data.resize(data.len().next_multiple_of(4), 0);
        at = 12 + 16 * records.len() + data.len();
    }
    out.extend(data);
    Some((out.into(), if is_cff { "font/otf" } else { "font/ttf" }))
}
