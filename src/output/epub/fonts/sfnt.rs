//! The tables and the container of an OpenType font.

use std::collections::BTreeMap;

/// Version of a font with TrueType outlines.
pub const TRUETYPE: [u8; 4] = [0, 1, 0, 0];

/// Version of a font with CFF outlines.
pub const CFF: [u8; 4] = *b"OTTO";

/// Offset of `checkSumAdjustment` in `head`.
pub const ADJUSTMENT: usize = 8;

/// Returns a table `cmap` with one subtable of format 12 (OpenType 1.9.1 §`cmap`).
pub fn character_map(characters: &BTreeMap<u32, u16>) -> Option<Vec<u8>> {
    let count = u32::try_from(characters.len()).ok()?;
    // The version, and one record: platform Windows, encoding Unicode, subtable at byte 12.
    let mut table: Vec<u8> = vec![0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0];
    for number in [16 + 12 * count, 0, count] {
        table.extend(number.to_be_bytes());
    }
    for (c, glyph) in characters {
        [*c, *c, u32::from(*glyph)].iter().for_each(|number| table.extend(number.to_be_bytes()));
    }
    Some(table)
}

/// Returns a table `name` with English names for Windows (OpenType 1.9.1 §`name`).
pub fn name_table(names: &BTreeMap<u16, String>) -> Option<Vec<u8>> {
    let count = u16::try_from(names.len()).ok()?;
    let mut table: Vec<u8> = [0, count, 6 + 12 * count].iter().flat_map(|number: &u16| number.to_be_bytes()).collect();
    let mut texts: Vec<u8> = Vec::new();
    for (id, text) in names {
        let start = u16::try_from(texts.len()).ok()?;
        texts.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        let length = u16::try_from(texts.len()).ok()? - start;
        // Platform Windows, encoding Unicode BMP, language English (United States).
        [3, 1, 0x409, *id, length, start].iter().for_each(|number: &u16| table.extend(number.to_be_bytes()));
    }
    table.extend(texts);
    Some(table)
}

/// Returns a font file with a version and tables in alphabetical order (OpenType 1.9.1 §"Organization of an OpenType Font").
pub fn font_file(version: [u8; 4], tables: &[([u8; 4], Vec<u8>)]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let power = u16::try_from(count.checked_ilog2()?).ok()?;
    let range = 16_u16.checked_shl(power.into())?;
    let mut out = version.to_vec();
    for number in [count, range, power, count.checked_mul(16)?.checked_sub(range)?] {
        out.extend(number.to_be_bytes());
    }
    let mut at = 12 + 16 * tables.len();
    let mut head = None;
    for (tag, bytes) in tables {
        head = if tag == b"head" { Some(at) } else { head };
        out.extend(tag);
        for number in [checksum(bytes), u32::try_from(at).ok()?, u32::try_from(bytes.len()).ok()?] {
            out.extend(number.to_be_bytes());
        }
        at += bytes.len().next_multiple_of(4);
    }
    for (_, bytes) in tables {
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(checksum(&out));
    let place = head? + ADJUSTMENT;
    out.get_mut(place..place + 4)?.copy_from_slice(&adjustment.to_be_bytes());
    Some(out)
}

/// Returns the checksum of a table, padded with zeros.
pub fn checksum(bytes: &[u8]) -> u32 {
    let word = |word: &[u8]| (0..4).fold(0, |number, at| number << 8 | u32::from(word.get(at).copied().unwrap_or(0)));
    bytes.chunks(4).map(word).fold(0, u32::wrapping_add)
}
