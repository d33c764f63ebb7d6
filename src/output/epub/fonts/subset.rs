//! Subsets of large fonts of a project, such as fonts for Chinese, Japanese and Korean, whose files have up to 25 MB.
//!
//! A subset contains the characters of one text and no layout tables (`GSUB`, `GPOS`). A font is therefore replaced only if each
//! character of the text always has the same glyph. Contextual forms, as in Arabic, need the whole font. Kerning and optional
//! ligatures are lost.
//!
//! The Open Font License requires another name for a changed font whose name is reserved (§3). It is unknown which names are
//! reserved, so a subset always has another name. It keeps the copyright notice, the trademark notice, the names of the authors
//! and the licence.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use memchr::memmem;
use roxmltree::{Document, Node, ParsingOptions};
use rustybuzz::{Face, Feature, Language, UnicodeBuffer};
use subsetter::GlyphRemapper;
use ttf_parser::{RawFace, Tag, name_id};

use super::WholeReason;
use super::sfnt::{CFF, TRUETYPE, character_map, font_file, name_table};

/// Minimum size in bytes of a font that is replaced by a subset. Smaller fonts are embedded unchanged.
pub const LARGE: usize = 1_000_000;

/// Start of the names of subsets, followed by a number.
const FAMILY: &str = "Text Part";

/// Texts of documents, as pairs of a language and a text.
pub type LanguageTexts = BTreeSet<(String, String)>;

/// Returns the texts of XHTML documents, each with its language; `None` if a document cannot be read.
pub fn language_texts(documents: &[&str]) -> Option<LanguageTexts> {
    let mut texts = LanguageTexts::new();
    for document in documents {
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        let document = Document::parse_with_options(document, options).ok()?;
        collect(document.root_element(), "", &mut texts);
    }
    Some(texts)
}

fn collect(node: Node<'_, '_>, lang: &str, texts: &mut LanguageTexts) {
    let own = node.attribute("lang").unwrap_or(lang);
    for child in node.children() {
        match child.text().filter(|_| child.is_text()) {
            Some(text) => drop(texts.insert((own.to_owned(), text.to_owned()))),
            None => collect(child, own, texts),
        }
    }
}

/// Returns the name of the family of a subset.
pub fn family(number: usize) -> String {
    format!("{FAMILY} {number}")
}

/// Returns the subset of a font for texts, with the name `family`.
///
/// # Errors
///
/// Fails if the embedding permissions of the font forbid it, or if the texts need its layout tables.
pub fn subset(font: &[u8], texts: &LanguageTexts, family: &str) -> Result<Vec<u8>, WholeReason> {
    let face = Face::from_slice(font, 0).ok_or(WholeReason::Shaping)?;
    if !face.is_subsetting_allowed() {
        return Err(WholeReason::Forbidden);
    }
    make(font, &face, texts, family).ok_or(WholeReason::Shaping)
}

fn make(font: &[u8], face: &Face<'_>, texts: &LanguageTexts, family: &str) -> Option<Vec<u8>> {
    let glyphs = glyphs(face, texts)?;
    let mut mapper = GlyphRemapper::new();
    let characters: BTreeMap<u32, u16> = glyphs.iter().map(|(c, glyph)| (u32::from(*c), mapper.remap(*glyph))).collect();
    let subset = subsetter::subset(font, 0, &mapper).ok()?;
    let (whole, subset) = (RawFace::parse(font, 0).ok()?, RawFace::parse(&subset, 0).ok()?);
    let mut tables: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::new();
    for record in subset.table_records {
        tables.insert(record.tag.to_bytes(), subset.table(record.tag)?.to_vec());
    }
    let version = if tables.contains_key(b"CFF ") { CFF } else { TRUETYPE };
    if let (Some(cff), Some(name)) = (tables.get_mut(b"CFF "), name(face, name_id::POST_SCRIPT_NAME)) {
        replace_name(cff, name.split('-').next().unwrap_or_default());
    }
    tables.insert(*b"cmap", character_map(&characters)?);
    tables.insert(*b"OS/2", whole.table(Tag::from_bytes(b"OS/2"))?.to_vec());
    tables.insert(*b"name", name_table(&names(face, family))?);
    font_file(version, &tables.into_iter().collect::<Vec<_>>())
}

/// Returns the glyphs of the characters of the texts that the font covers; `None` if a character has several glyphs.
fn glyphs(face: &Face<'_>, texts: &LanguageTexts) -> Option<BTreeMap<char, u16>> {
    // Optional ligatures, contextual alternates and kerning are disabled.
    let features = [b"liga", b"clig", b"calt", b"kern"].map(|tag| Feature::new(Tag::from_bytes(tag), 0, ..));
    let mut glyphs: BTreeMap<char, u16> = BTreeMap::new();
    for (lang, text) in texts {
        if text.contains(selects_variant) {
            return None;
        }
        for run in text.split(|c: char| c.is_whitespace() || is_invisible(c) || face.glyph_index(c).is_none()) {
            let mut buffer = UnicodeBuffer::new();
            buffer.push_str(run);
            buffer.guess_segment_properties();
            if let Ok(lang) = Language::from_str(lang) {
                buffer.set_language(lang);
            }
            let shaped = rustybuzz::shape(face, &features, buffer);
            let shown = shaped.glyph_infos();
            if shown.len() != run.chars().count() {
                return None;
            }
            for info in shown {
                let c = run.get(usize::try_from(info.cluster).ok()?..)?.chars().next()?;
                let glyph = u16::try_from(info.glyph_id).ok()?;
                // A language can have its own forms of ideographs. Other substitutions depend on the neighbours of a letter.
                if !is_east_asian(c) && face.glyph_index(c).is_none_or(|usual| usual.0 != glyph) {
                    return None;
                }
                if *glyphs.entry(c).or_insert(glyph) != glyph {
                    return None;
                }
            }
        }
    }
    Some(glyphs)
}

/// Returns whether a character is an ideograph, a kana, a hangul or one of their punctuation marks.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Returns whether a character is a variation selector of ideographs.
fn selects_variant(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE02}' | '\u{E0100}'..='\u{E01EF}')
}

/// Returns whether a character has no visible glyph: joiners, directional formatting characters, soft hyphens.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FE03}'..='\u{FE0F}')
}

fn name(face: &Face<'_>, id: u16) -> Option<String> {
    let mut names = face.names().into_iter().filter(|name| name.name_id == id);
    names.find_map(|name| name.to_string()).filter(|text| !text.is_empty())
}

/// Returns the `name` records of the subset: the notices and the authors of the font, and new family and style names.
fn names(face: &Face<'_>, family: &str) -> BTreeMap<u16, String> {
    use name_id::{
        COPYRIGHT_NOTICE, DESCRIPTION, DESIGNER, DESIGNER_URL, FULL_NAME, LICENSE, LICENSE_URL, MANUFACTURER, POST_SCRIPT_NAME,
        SUBFAMILY, TRADEMARK, UNIQUE_ID, VENDOR_URL, VERSION,
    };
    let kept = [COPYRIGHT_NOTICE, TRADEMARK, MANUFACTURER, DESIGNER, VENDOR_URL, DESIGNER_URL, LICENSE, LICENSE_URL];
    let mut names: BTreeMap<u16, String> = kept.into_iter().filter_map(|id| Some((id, name(face, id)?))).collect();
    let style = name(face, SUBFAMILY).unwrap_or_else(|| "Regular".to_owned());
    let joined = format!("{}-{}", family.replace(' ', ""), style.replace(' ', ""));
    names.extend([
        (name_id::FAMILY, family.to_owned()),
        (UNIQUE_ID, format!("{joined} of reliure")),
        (FULL_NAME, format!("{family} {style}")),
        (VERSION, "Version 1.0".to_owned()),
        (POST_SCRIPT_NAME, joined),
        (DESCRIPTION, "The characters of one text, taken from a font of the authors whom this table names.".to_owned()),
        (SUBFAMILY, style),
    ]);
    names
}

/// Replaces a name in a CFF table with a text of the same length, so that offsets remain valid.
fn replace_name(cff: &mut [u8], name: &str) {
    let other: Vec<u8> = FAMILY.bytes().filter(|byte| *byte != b' ').cycle().take(name.len()).collect();
    let mut at = 0;
    while let Some(found) = cff.get(at..).filter(|_| !name.is_empty()).and_then(|rest| memmem::find(rest, name.as_bytes())) {
        if let Some(place) = cff.get_mut(at + found..at + found + name.len()) {
            place.copy_from_slice(&other);
        }
        at += found + name.len();
    }
}
