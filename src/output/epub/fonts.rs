//! The font files of the container.

mod latin_subset;
mod sfnt;
mod subset;

#[cfg(test)]
pub use self::sfnt::checksum;
pub use self::sfnt::{ADJUSTMENT, TRUETYPE, character_map, font_file};

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::EmbeddedFont;
use crate::characters::non_ascii;

/// A ZIP archive of the tool's fonts as WOFF2, each named by the BLAKE3 digest of the original file.
static FONTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fonts.zip"));

/// A font file.
#[derive(Debug)]
pub struct FontFile<'a> {
    /// The font.
    pub font: &'a EmbeddedFont<'a>,
    /// Name of the family in the style sheets.
    pub family: String,
    /// File name in the container.
    pub name: String,
    /// The media type.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Cow<'a, [u8]>,
}

/// Media type of WOFF2, a core media type (EPUB 3.3 §3.2).
pub const WOFF2: &str = "font/woff2";

/// The fonts that an EPUB needs, with the texts and licences that determine their subsets.
#[derive(Clone, Debug)]
pub struct NeededFonts<'a, 'b> {
    /// The fonts, in order.
    pub fonts: Vec<&'a EmbeddedFont<'a>>,
    /// All documents.
    pub documents: &'b [&'b str],
    /// The style sheets of the layout. A family that these name is not renamed.
    pub sheets: &'b [&'b str],
    /// Families whose licence allows changed fonts with another name.
    pub changeable: BTreeSet<&'b str>,
}

/// A large font of a project that an EPUB contains whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeFont {
    /// Its file name.
    pub name: String,
    /// Its family.
    pub family: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// Why the EPUB does not contain a subset.
    pub reason: WholeReason,
}

/// Why a large font has no subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WholeReason {
    /// Its licence is not the Open Font License.
    Licence,
    /// A style sheet of the layout names the family, and a subset has another name.
    Named,
    /// Its embedding permissions forbid subsets (OpenType 1.9.1, `OS/2`, `fsType`).
    Forbidden,
    /// The text needs its layout tables, or no subset can be made of the font.
    Shaping,
}

/// Returns the font files, in order, and the large fonts that are embedded whole.
///
/// The fonts of the tool are compressed as WOFF2, which is lossless. If the text needs only Latin characters of a family, its
/// faces are the Latin subsets that the build script has made; these have other names if the names of the family are reserved.
/// Fonts of the project are embedded unchanged, unless they are large and their licence allows a subset.
pub fn files<'a>(needed: NeededFonts<'a, '_>) -> (Vec<FontFile<'a>>, Vec<WholeFont>) {
    let mut used: BTreeSet<char> = needed.documents.iter().flat_map(|text| non_ascii(text)).collect();
    needed.sheets.iter().for_each(|sheet| used.extend(escaped(sheet).chain(non_ascii(sheet))));
    let fonts = needed.fonts.iter();
    let whole: BTreeSet<&str> = fonts.filter(|font| needs_whole(font, &used, needed.sheets)).map(|font| font.family).collect();
    let (subsets, large) = subsets(&needed);
    let file = |(index, font): (usize, &'a EmbeddedFont<'a>)| match subsets.get(&(font.family, font.name)) {
        Some((family, bytes)) => {
            let stem = family.replace(' ', "");
            let name = file_name(index + 1, &format!("{stem}.{}", font.media_type.trim_start_matches("font/")));
            FontFile { font, family: family.clone(), name, media_type: font.media_type, bytes: Cow::Owned(bytes.clone()) }
        }
        None => file(index + 1, font, !whole.contains(font.family)),
    };
    (needed.fonts.iter().copied().enumerate().map(file).collect(), large)
}

/// The family and the bytes of subsets, by family and name of the font.
type FontSubsets<'a> = BTreeMap<(&'a str, &'a str), (String, Vec<u8>)>;

/// Returns the subsets of the families with large fonts, and the large fonts without a subset. A family has subsets of all its
/// fonts, or none.
fn subsets<'a>(needed: &NeededFonts<'a, '_>) -> (FontSubsets<'a>, Vec<WholeFont>) {
    let (mut subsets, mut whole) = (FontSubsets::new(), Vec::new());
    let is_large = |font: &&&EmbeddedFont<'_>| font.bytes.len() >= subset::LARGE;
    let large: BTreeSet<&str> = needed.fonts.iter().filter(is_large).map(|font| font.family).collect();
    let texts = if large.is_empty() { None } else { subset::language_texts(needed.documents) };
    for (index, family) in large.into_iter().enumerate() {
        let other = subset::family(index + 1);
        let own = || needed.fonts.iter().filter(|font| font.family == family);
        let make = || -> Result<Vec<_>, WholeReason> {
            let texts = texts.as_ref().ok_or(WholeReason::Shaping)?;
            let subset = |font: &EmbeddedFont<'_>| Ok((other.clone(), subset::subset(font.bytes, texts, &other)?));
            own().map(|font| Ok(((font.family, font.name), subset(font)?))).collect()
        };
        let made = match (needed.changeable.contains(family), needed.sheets.iter().any(|sheet| sheet.contains(family))) {
            (false, _) => Err(WholeReason::Licence),
            (true, true) => Err(WholeReason::Named),
            (true, false) => make(),
        };
        match made {
            Ok(made) => subsets.extend(made),
            Err(reason) => whole.extend(own().filter(is_large).map(|font| {
                let (name, family) = (font.name.to_owned(), family.to_owned());
                WholeFont { name, family, bytes: font.bytes.len(), reason }
            })),
        }
    }
    (subsets, whole)
}

/// Returns whether a text needs characters that the Latin subset of a font lacks, or whether a style sheet uses the name of the
/// font.
fn needs_whole(font: &EmbeddedFont<'_>, used: &BTreeSet<char>, sheets: &[&str]) -> bool {
    let is_latin = |c: char| latin_subset::LATIN.iter().any(|range| range.contains(&u32::from(c)));
    let has = |c: char| font.coverage.is_none_or(|coverage| coverage.contains(u32::from(c)));
    used.iter().any(|c| !is_latin(*c) && has(*c)) || sheets.iter().any(|sheet| sheet.contains(font.family))
}

/// Returns the characters that a style sheet writes as escapes, such as `\2192`.
fn escaped(sheet: &str) -> impl Iterator<Item = char> {
    sheet.split('\\').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len()).min(6);
        u32::from_str_radix(rest.get(..end)?, 16).ok().and_then(char::from_u32)
    })
}

fn file<'a>(number: usize, font: &'a EmbeddedFont<'a>, latin: bool) -> FontFile<'a> {
    let digest = blake3::hash(font.bytes).to_string();
    let subset = latin.then(|| prepared(&format!("{digest}{}", latin_subset::SUFFIX))).flatten();
    let renamed = |name: &str| match subset.is_some() {
        true => latin_subset::renamed().fold(name.to_owned(), |name, (old, new)| name.replace(old, new)),
        false => name.to_owned(),
    };
    let (name, family) = (file_name(number, &renamed(font.name)), renamed(font.family));
    let Some(bytes) = subset.or_else(|| prepared(&digest)) else {
        return FontFile { font, family, name, media_type: font.media_type, bytes: Cow::Borrowed(font.bytes) };
    };
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    FontFile { font, family, name: format!("{stem}.woff2"), media_type: WOFF2, bytes: Cow::Owned(bytes) }
}

/// Returns a font that the build script has prepared.
fn prepared(name: &str) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(FONTS)).ok()?;
    let mut entry = archive.by_name(name).ok()?;
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Returns the file name of a font in the container: a unique number and the original name, with all characters replaced by `-`
/// except ASCII letters, digits, `-` and `.`.
pub fn file_name(number: usize, name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' }).collect();
    format!("{number:02}-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_escapes_of_style_sheets() {
        let sheet = ".a::after { content: \"\\00A0\\2192\" } .b\\:c { color: red }";
        assert_eq!(escaped(sheet).collect::<Vec<_>>(), ['\u{A0}', '\u{2192}']);
    }

    #[test]
    fn names_of_latin_subsets_are_not_reserved_and_have_the_same_length() {
        for (old, new) in latin_subset::renamed() {
            assert_eq!(old.len(), new.len(), "{old}");
            assert!(!new.contains("Source") && !new.contains("Plex"), "{new}");
        }
    }
}
