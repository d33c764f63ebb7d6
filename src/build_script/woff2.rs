//! Compresses a font as WOFF2 (<https://www.w3.org/TR/WOFF2/>) without changing it.
//!
//! Every table keeps its bytes: `glyf` and `loca` have the null transform, and there is no metadata. The Open Font License FAQ
//! (version 1.1-update7, November 2023, entries 2.2 and 2.2.1) does not consider such a file a modified version, so a font with a
//! reserved name keeps its name: "You are allowed to create, use and distribute a WOFF version of an OFL font without changing
//! the font name, but only if the original font data remains unchanged except for WOFF compression, and WOFF-specific metadata is
//! either omitted altogether or present and includes, unaltered, the contents of all equivalent metadata in the original font."

use std::error::Error;
use std::io;

use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;

/// The known table tags (WOFF2 §4.1), in order of their numbers.
const KNOWN_TAGS: &str = "cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT \
                          VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar \
                          fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill";

/// Number that precedes a tag that is not in [`KNOWN_TAGS`].
const OTHER_TAG: u8 = 63;
/// Transformation version of `glyf` and `loca` for the null transform.
const NULL_TRANSFORM: u8 = 3 << 6;
/// Size of the header.
const HEADER: usize = 48;

/// A table of a font.
struct FontTable<'a> {
    tag: [u8; 4],
    bytes: &'a [u8],
}

/// Compresses a font.
///
/// # Errors
///
/// Fails if the table directory is damaged.
pub fn compress(font: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let tables = tables(font).ok_or("damaged table directory")?;
    let mut directory = Vec::new();
    let mut data = Vec::new();
    for table in &tables {
        let number = KNOWN_TAGS.as_bytes().chunks(5).position(|known| known.get(..4) == Some(&table.tag));
        let number = number.and_then(|number| u8::try_from(number).ok());
        let transform = if matches!(&table.tag, b"glyf" | b"loca") { NULL_TRANSFORM } else { 0 };
        directory.push(number.unwrap_or(OTHER_TAG) | transform);
        if number.is_none() {
            directory.extend(table.tag);
        }
        directory.extend(base_128(u32::try_from(table.bytes.len())?));
        data.extend_from_slice(table.bytes);
    }
    let mut compressed = Vec::new();
    let params = BrotliEncoderParams { quality: 11, lgwin: 24, mode: BrotliEncoderMode::BROTLI_MODE_FONT, ..Default::default() };
    brotli::BrotliCompress(&mut io::Cursor::new(&data), &mut compressed, &params)?;
    // Each table starts at a multiple of four bytes in the font (OpenType §"Table directory").
    let sfnt = 12 + tables.iter().map(|table| 16 + table.bytes.len().next_multiple_of(4)).sum::<usize>();
    let size = (HEADER + directory.len() + compressed.len()).next_multiple_of(4);
    let mut out = Vec::with_capacity(size);
    out.extend(b"wOF2");
    out.extend(font.get(..4).unwrap_or_default());
    out.extend(u32::try_from(size)?.to_be_bytes());
    out.extend(u16::try_from(tables.len())?.to_be_bytes());
    out.extend([0; 2]);
    out.extend(u32::try_from(sfnt)?.to_be_bytes());
    out.extend(u32::try_from(compressed.len())?.to_be_bytes());
    // Version 1.0 of the file, without metadata or private data.
    out.extend([0, 1, 0, 0]);
    out.resize(HEADER, 0);
    out.extend(directory);
    out.extend(compressed);
    out.resize(size, 0);
    Ok(out)
}

/// Returns the tables in the order of their data, with `loca` after `glyf` as WOFF2 §5.3 requires.
fn tables(font: &[u8]) -> Option<Vec<FontTable<'_>>> {
    let number = |at: usize| Some(u32::from_be_bytes(font.get(at..at + 4)?.try_into().ok()?) as usize);
    let count = usize::from(u16::from_be_bytes(font.get(4..6)?.try_into().ok()?));
    let mut tables = Vec::new();
    for at in (0..count).map(|index| 12 + 16 * index) {
        let (start, length) = (number(at + 8)?, number(at + 12)?);
        tables.push(FontTable { tag: font.get(at..at + 4)?.try_into().ok()?, bytes: font.get(start..start + length)? });
    }
    if let (Some(loca), Some(_)) =
        (tables.iter().position(|table| &table.tag == b"loca"), tables.iter().position(|table| &table.tag == b"glyf"))
    {
        let loca = tables.remove(loca);
        let glyf = tables.iter().position(|table| &table.tag == b"glyf")?;
        tables.insert(glyf + 1, loca);
    }
    Some(tables)
}

/// Encodes a number with seven bits in each byte (`UIntBase128`, WOFF2 §4.1).
fn base_128(number: u32) -> Vec<u8> {
    let groups: Vec<u8> = (0..5).rev().map(|group| (number >> (7 * group) & 0x7F) as u8).collect();
    let first = groups.iter().position(|group| *group > 0).unwrap_or(4);
    let mut out: Vec<u8> = groups.get(first..).unwrap_or_default().iter().map(|group| group | 0x80).collect();
    if let Some(last) = out.last_mut() {
        *last &= 0x7F;
    }
    out
}
