//! Subsets TrueType fonts.
//!
//! Glyphs keep their ids, so that other tables remain valid. Unused glyphs lose their outlines and their characters in `cmap`, so
//! that reading systems do not show empty glyphs.

use std::collections::{BTreeMap, BTreeSet};

use rustybuzz::{Face, UnicodeBuffer};
use ttf_parser::{RawFace, Tag};

use crate::output::epub::fonts::{ADJUSTMENT, TRUETYPE, character_map, font_file};

/// Tables that the subset omits: the signature, glyph positioning, and metadata.
const LEFT_OUT: [&[u8; 4]; 3] = [b"DSIG", b"GPOS", b"meta"];

/// Offset of `indexToLocFormat` in `head`.
const LOCA_FORMAT: usize = 50;

/// Returns the subset of a font for `clusters`, with its names and rights; `None` if the font has no TrueType outlines.
pub fn subset(bytes: &[u8], clusters: &BTreeSet<&str>) -> Option<Vec<u8>> {
    let face = Face::from_slice(bytes, 0)?;
    let raw = RawFace::parse(bytes, 0).ok()?;
    let table = |tag: &[u8; 4]| raw.table(Tag::from_bytes(tag));
    let (glyf, head) = (table(b"glyf")?, table(b"head")?);
    let loca = offsets(table(b"loca")?, head.get(LOCA_FORMAT + 1)? == &1);
    let mut characters = BTreeMap::new();
    let mut glyphs = BTreeSet::from([0]);
    for cluster in clusters {
        let mapped = cluster.chars().filter_map(|c| Some((u32::from(c), face.glyph_index(c)?.0)));
        characters.extend(mapped);
        glyphs.extend(shaped(&face, cluster));
    }
    glyphs.extend(characters.values());
    add_components(glyf, &loca, &mut glyphs);
    let (outlines, offsets) = kept_outlines(glyf, &loca, &glyphs)?;
    let mut tables = Vec::new();
    for record in raw.table_records {
        let tag = record.tag.to_bytes();
        if LEFT_OUT.contains(&&tag) {
            continue;
        }
        let own = table(&tag)?.to_vec();
        tables.push((
            tag,
            match &tag {
                b"glyf" => outlines.clone(),
                b"loca" => offsets.iter().flat_map(|offset| offset.to_be_bytes()).collect(),
                b"cmap" => character_map(&characters)?,
                b"head" => with_long_offsets(own)?,
                // Version 3 has no glyph names.
                b"post" => [&[0, 3, 0, 0][..], own.get(4..32)?].concat(),
                _ => own,
            },
        ));
    }
    font_file(TRUETYPE, &tables)
}

/// Returns the glyphs of a text, including ligatures.
fn shaped(face: &Face<'_>, text: &str) -> Vec<u16> {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    let shaped = rustybuzz::shape(face, &[], buffer);
    shaped.glyph_infos().iter().filter_map(|info| u16::try_from(info.glyph_id).ok()).collect()
}

/// Returns the offsets of the outlines (OpenType 1.9.1 §`loca`).
fn offsets(loca: &[u8], long: bool) -> Vec<usize> {
    let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
    match long {
        true => loca.chunks_exact(4).map(number).collect(),
        false => loca.chunks_exact(2).map(|bytes| 2 * number(bytes)).collect(),
    }
}

fn outline<'a>(glyf: &'a [u8], loca: &[usize], glyph: u16) -> Option<&'a [u8]> {
    glyf.get(*loca.get(usize::from(glyph))?..*loca.get(usize::from(glyph) + 1)?)
}

/// Adds the glyphs that composite glyphs consist of (OpenType 1.9.1 §`glyf`).
fn add_components(glyf: &[u8], loca: &[usize], glyphs: &mut BTreeSet<u16>) {
    let mut open: Vec<u16> = glyphs.iter().copied().collect();
    while let Some(glyph) = open.pop() {
        let components = outline(glyf, loca, glyph).map(components).unwrap_or_default();
        open.extend(components.into_iter().filter(|component| glyphs.insert(*component)));
    }
}

fn components(outline: &[u8]) -> Vec<u16> {
    const WORDS: u16 = 0x0001;
    const SCALE: u16 = 0x0008;
    const MORE: u16 = 0x0020;
    const TWO_SCALES: u16 = 0x0040;
    const MATRIX: u16 = 0x0080;
    let number = |at: usize| Some(u16::from_be_bytes(outline.get(at..at + 2)?.try_into().ok()?));
    let mut components = Vec::new();
    // A negative number of contours marks a composite glyph.
    let mut at = if number(0).is_some_and(|contours| contours >= 0x8000) { 10 } else { return components };
    while let (Some(flags), Some(glyph)) = (number(at), number(at + 2)) {
        components.push(glyph);
        let has = |flag| flags & flag != 0;
        at += if has(WORDS) { 8 } else { 6 };
        at += if has(MATRIX) {
            8
        } else if has(TWO_SCALES) {
            4
        } else if has(SCALE) {
            2
        } else {
            0
        };
        if !has(MORE) {
            break;
        }
    }
    components
}

/// Returns the outlines of the kept glyphs, and the offset of every glyph.
fn kept_outlines(glyf: &[u8], loca: &[usize], glyphs: &BTreeSet<u16>) -> Option<(Vec<u8>, Vec<u32>)> {
    let (mut outlines, mut offsets) = (Vec::new(), vec![0]);
    for glyph in 0..u16::try_from(loca.len().checked_sub(1)?).ok()? {
        if glyphs.contains(&glyph) {
            outlines.extend_from_slice(outline(glyf, loca, glyph)?);
            outlines.resize(outlines.len().next_multiple_of(4), 0);
        }
        offsets.push(u32::try_from(outlines.len()).ok()?);
    }
    Some((outlines, offsets))
}

fn with_long_offsets(mut head: Vec<u8>) -> Option<Vec<u8>> {
    head.get_mut(ADJUSTMENT..ADJUSTMENT + 4)?.fill(0);
    head.get_mut(LOCA_FORMAT..LOCA_FORMAT + 2)?.copy_from_slice(&[0, 1]);
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::epub::fonts::checksum;
    use std::fs;
    use ttf_parser::{GlyphId, OutlineBuilder};

    struct SvgOutline(String);

    impl OutlineBuilder for SvgOutline {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("M{x} {y}");
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("L{x} {y}");
        }
        fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
            self.0 += &format!("Q{a} {b} {x} {y}");
        }
        fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
            self.0 += &format!("C{a} {b} {c} {d} {x} {y}");
        }
        fn close(&mut self) {
            self.0 += "Z";
        }
    }

    /// Returns the outlines that show a text.
    fn drawn(font: &[u8], text: &str) -> Vec<String> {
        let face = Face::from_slice(font, 0).unwrap();
        let outline = |glyph| {
            let mut outline = SvgOutline(String::new());
            face.outline_glyph(GlyphId(glyph), &mut outline);
            outline.0
        };
        shaped(&face, text).into_iter().map(outline).filter(|outline| !outline.is_empty()).collect()
    }

    #[test]
    fn a_subset_draws_its_texts_like_the_font_and_no_others() {
        for (file, texts, other) in [
            (
                "noto-emoji/NotoEmoji-Regular.ttf",
                &["\u{1F469}\u{200D}\u{1F680}", "\u{263A}\u{FE0F}", "1\u{FE0F}\u{20E3}", "\u{1F1EB}\u{1F1F7}"][..],
                '\u{1F600}',
            ),
            ("noto-sans-symbols/NotoSansSymbols-Regular.ttf", &["\u{2460}", "\u{263A}"], '\u{2640}'),
            ("noto-sans-symbols-2/NotoSansSymbols2-Regular.ttf", &["\u{23CE}"], '\u{2705}'),
            ("noto-sans-math/NotoSansMath-Regular.ttf", &["\u{1D702}", "\u{2375}"], '\u{1D703}'),
        ] {
            let font = fs::read(format!("fonts/{file}")).unwrap();
            let part = subset(&font, &texts.iter().copied().collect()).unwrap();
            assert!(part.len() < 80_000, "{file}: {}", part.len());
            for text in texts {
                let outlines = drawn(&font, text);
                assert!(!outlines.concat().is_empty(), "{file} {text}");
                assert_eq!(drawn(&part, text), outlines, "{file} {text}");
            }
            assert_eq!(Face::from_slice(&part, 0).unwrap().glyph_index(other), None, "{file}");
            assert_eq!(checksum(&part), 0xB1B0_AFBA, "{file}");
        }
        let joined = drawn(&fs::read("fonts/noto-emoji/NotoEmoji-Regular.ttf").unwrap(), "\u{1F469}\u{200D}\u{1F680}");
        assert_eq!(joined.len(), 1, "a sequence is one glyph");
    }

    #[test]
    fn fonts_without_truetype_outlines_have_no_subset() {
        let font = fs::read("fonts/source-serif-4/SourceSerif4-Regular.otf").unwrap();
        assert_eq!(subset(&font, &BTreeSet::from(["a"])), None);
    }
}
