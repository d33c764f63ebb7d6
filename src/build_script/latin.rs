//! Makes the Latin subset of a font. `skera` makes the subset, except for CFF outlines, which it does not support and which are
//! removed here. A font with a reserved name is renamed.

use std::error::Error;

use read_fonts::FontRef;
use read_fonts::collections::IntSet;
use read_fonts::types::{GlyphId, NameId, Tag};
use skera::{DEFAULT_LAYOUT_FEATURES, Plan, SubsetFlags};

use super::latin_subset::{LATIN, renamed};

/// Tables that are copied. Glyphs keep their ids, so that tables with glyph ids remain valid.
const COPIED: [&[u8; 4]; 7] = [b"gasp", b"fpgm", b"prep", b"cvt ", b"BASE", b"VORG", b"CFF "];

/// Returns the Latin subset of a font, with all its names and rights.
///
/// # Errors
///
/// Fails if the font is damaged.
pub fn latin(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let font = FontRef::new(bytes)?;
    let mut characters = IntSet::<u32>::empty();
    LATIN.into_iter().for_each(|range| characters.insert_range(range));
    let flags = SubsetFlags::SUBSET_FLAGS_RETAIN_GIDS | SubsetFlags::SUBSET_FLAGS_NOTDEF_OUTLINE;
    let dropped: IntSet<Tag> = [Tag::new(b"DSIG"), Tag::new(b"meta")].into_iter().collect();
    let features: IntSet<Tag> = DEFAULT_LAYOUT_FEATURES.iter().copied().collect();
    let (scripts, names, languages) = (IntSet::<Tag>::all(), IntSet::<NameId>::all(), IntSet::<u16>::all());
    let none = IntSet::<GlyphId>::empty();
    let mut plan = Plan::new(&none, &characters, &font, flags, &dropped, &scripts, &features, &names, &languages);
    plan.set_no_subset_tables(&COPIED.map(Tag::new).into_iter().collect());
    let mut kept: Vec<u32> = plan.old_to_new_glyph_mapping().map(|(glyph, _)| glyph.to_u32()).collect();
    kept.sort_unstable();
    let mut subset = skera::subset_font(&font, &plan).map_err(|error| error.to_string())?;
    let tables = tables(&subset).ok_or("damaged table directory")?;
    // Glyphs after the last kept glyph are removed.
    let maxp = tables.iter().find(|(tag, ..)| tag == b"maxp").ok_or("no maxp table")?;
    let glyphs = number(&subset, maxp.1 + 4, 2).ok_or("damaged maxp table")?;
    for (tag, start, length) in tables {
        let table = subset.get_mut(start..start + length).ok_or("damaged table directory")?;
        match &tag {
            b"CFF " => without_outlines(table, glyphs, &kept).ok_or("damaged CFF table")?,
            b"name" => {}
            _ => continue,
        }
        rename(table);
    }
    Ok(subset)
}

/// Returns the tag, the start and the length of each table.
fn tables(font: &[u8]) -> Option<Vec<([u8; 4], usize, usize)>> {
    let count = number(font, 4, 2)?;
    let table = |at: usize| Some((font.get(at..at + 4)?.try_into().ok()?, number(font, at + 8, 4)?, number(font, at + 12, 4)?));
    (0..count).map(|index| table(12 + 16 * index)).collect()
}

/// Reads an integer of `size` bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    Some(bytes.get(at..at + size)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// An INDEX of CFF (Adobe Technical Note 5176 §5).
struct CffIndex {
    /// Size of an offset in bytes.
    offset: usize,
    /// The entries.
    entries: Vec<std::ops::Range<usize>>,
    /// Start of the data after it.
    end: usize,
}

fn cff_index(cff: &[u8], at: usize) -> Option<CffIndex> {
    let count = number(cff, at, 2)?;
    if count == 0 {
        return Some(CffIndex { offset: 1, entries: Vec::new(), end: at + 2 });
    }
    let offset = number(cff, at + 2, 1)?;
    // Offsets are relative to the byte before the data.
    let base = at + 2 + (count + 1) * offset;
    let start = |index: usize| Some(base + number(cff, at + 3 + index * offset, offset)?);
    let entries = (0..count).map(|index| Some(start(index)?..start(index + 1)?)).collect::<Option<Vec<_>>>()?;
    Some(CffIndex { offset, entries, end: start(count)? })
}

/// Removes the outlines of all but the kept glyphs from a CFF table, and reduces its number of glyphs to `glyphs`. The rest of
/// the table keeps its position, because it is addressed by offsets. Zeros, which compress well, fill the space.
fn without_outlines(cff: &mut [u8], glyphs: usize, kept: &[u32]) -> Option<()> {
    let names = cff_index(cff, number(cff, 2, 1)?)?;
    let dictionary = cff_index(cff, names.end)?.entries.first()?.clone();
    let at = charstrings(cff.get(dictionary)?)?;
    let outlines = cff_index(cff, at)?;
    // `endchar`: a glyph without an outline.
    const EMPTY: &[u8] = &[14];
    let mut offsets = vec![1_usize];
    let mut data = Vec::new();
    for (glyph, range) in outlines.entries.iter().enumerate().take(glyphs) {
        let used = kept.binary_search(&u32::try_from(glyph).ok()?).is_ok();
        data.extend_from_slice(if used { cff.get(range.clone())? } else { EMPTY });
        offsets.push(data.len() + 1);
    }
    let mut index: Vec<u8> = u16::try_from(offsets.len() - 1).ok()?.to_be_bytes().to_vec();
    index.push(u8::try_from(outlines.offset).ok()?);
    offsets.iter().for_each(|offset| index.extend_from_slice(&offset.to_be_bytes()[8 - outlines.offset..]));
    index.extend(data);
    index.resize(outlines.end - at, 0);
    cff.get_mut(at..outlines.end)?.copy_from_slice(&index);
    Some(())
}

/// Returns the offset of the outlines from a Top DICT (Adobe Technical Note 5176 §4 and §9).
fn charstrings(dictionary: &[u8]) -> Option<usize> {
    let mut operand = 0;
    let mut at = 0;
    while let Some(byte) = dictionary.get(at) {
        let size = match byte {
            17 => return Some(operand),
            12 => 2,
            0..=21 => 1,
            28 => 3,
            29 => 5,
            // A real number ends with a nibble of ones.
            30 => 1 + dictionary.get(at + 1..)?.iter().position(|byte| byte & 0x0F == 0x0F || byte >> 4 == 0x0F)? + 1,
            247..=254 => 2,
            _ => 1,
        };
        operand = match byte {
            28 | 29 => number(dictionary, at + 1, size - 1)?,
            247..=250 => (usize::from(*byte) - 247) * 256 + number(dictionary, at + 1, 1)? + 108,
            32..=246 => usize::from(*byte).saturating_sub(139),
            _ => 0,
        };
        at += size;
    }
    None
}

/// Replaces the reserved names in a table, in UTF-16 and in ASCII. Copyright and trademark notices remain, because they do not
/// contain these exact words.
fn rename(table: &mut [u8]) {
    let wide = |text: &str| text.bytes().flat_map(|byte| [0, byte]).collect::<Vec<u8>>();
    for (old, new) in renamed() {
        for (old, new) in [(wide(old), wide(new)), (old.into(), new.into())] {
            let mut at = 0;
            while let Some(found) = table.get(at..).and_then(|rest| rest.windows(old.len()).position(|window| window == old)) {
                at += found;
                if let Some(name) = table.get_mut(at..at + new.len()) {
                    name.copy_from_slice(&new);
                }
                at += old.len();
            }
        }
    }
}
