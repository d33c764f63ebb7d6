//! The fonts of symbols and emoji in an EPUB: subsets for the characters that the documents use and that a font list of the
//! brand lacks.
//!
//! A changed font needs another name if its authors reserve the name. The symbol fonts have no reserved names (see `OFL.txt`
//! beside each font), so the subsets keep their names, copyright notices and licences.

mod subset;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation;

use super::fonts::{FontFile, file_name};
use super::{EmbeddedFont, Parts};
use crate::characters::non_ascii;
use crate::resolve::Fonts;
use crate::workspace::symbol_family;

/// The frame of a keycap, which follows a digit and U+FE0F.
const KEYCAP: char = '\u{20E3}';

/// Returns the font files for the characters of the documents that a list of the brand lacks. They are numbered after
/// `parts.fonts`.
pub fn files<'a>(parts: &Parts<'a>, brand: &Fonts, documents: &[&str]) -> Vec<FontFile<'a>> {
    let lacks = |c: char| brand.lists().iter().any(|list| !list.iter().any(|family| has(parts.fonts, family, c)));
    let mut symbols: BTreeSet<char> = documents.iter().flat_map(|document| non_ascii(document)).collect();
    symbols.retain(|c| lacks(*c) && parts.symbols.iter().any(|font| covers(font, *c)));
    if symbols.is_empty() {
        return Vec::new();
    }
    let mut used: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for cluster in documents.iter().flat_map(|document| document.graphemes(true)) {
        if let Some(family) = family(cluster, &symbols, parts.symbols) {
            used.entry(family).or_default().insert(cluster);
        }
    }
    let file = |(index, font): (usize, &'a EmbeddedFont<'a>)| {
        let clusters = used.get(font.family)?;
        // The fonts come with the tool, so subsetting does not fail. Without a subset, reading systems use their own fonts.
        let bytes = subset::subset(font.bytes, clusters)?;
        let (family, name) = (font.family.to_owned(), file_name(parts.fonts.len() + 1 + index, font.name));
        Some(FontFile { font, family, name, media_type: font.media_type, bytes: Cow::Owned(bytes) })
    };
    parts.symbols.iter().enumerate().filter_map(file).collect()
}

/// Returns the family of a grapheme cluster, such as a sequence of emoji with joiners; `None` if it is not a symbol.
fn family(cluster: &str, symbols: &BTreeSet<char>, fonts: &[EmbeddedFont<'_>]) -> Option<&'static str> {
    let mut chars = cluster.chars();
    let (base, next) = (chars.next()?, chars.next());
    let is_symbol = symbols.contains(&base) || base.is_ascii() && cluster.len() > 1 && cluster.contains(KEYCAP);
    if !is_symbol { None } else { symbol_family(base, next, |family, c| has(fonts, family, c)) }
}

/// Returns whether a font of a family has a character.
fn has(fonts: &[EmbeddedFont<'_>], family: &str, c: char) -> bool {
    fonts.iter().any(|font| font.family == family && covers(font, c))
}

fn covers(font: &EmbeddedFont<'_>, c: char) -> bool {
    font.coverage.is_some_and(|coverage| coverage.contains(u32::from(c)))
}
