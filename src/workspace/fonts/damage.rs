//! Finds damaged fonts that can be parsed, but make the shaper panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rustybuzz::{Face, UnicodeBuffer};

use super::FontFace;

/// Returns the first face that the shaper cannot use for one of the texts. Call it only after a panic: it shapes all texts with all faces.
pub fn damaged_face<'a>(faces: &'a [FontFace], texts: &[&str]) -> Option<&'a FontFace> {
    faces.iter().find(|face| !is_shapeable(&face.bytes, texts))
}

fn is_shapeable(bytes: &[u8], texts: &[&str]) -> bool {
    let shape_all = || {
        let Some(face) = Face::from_slice(bytes, 0) else { return };
        for line in texts.iter().flat_map(|text| text.lines()).filter(|line| !line.trim().is_empty()) {
            let mut buffer = UnicodeBuffer::new();
            buffer.push_str(line);
            buffer.guess_segment_properties();
            drop(rustybuzz::shape(&face, &[], buffer));
        }
    };
    catch_unwind(AssertUnwindSafe(shape_all)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a font of the tool with a changed byte in its `GSUB` table, which makes the shaper underflow or read beyond the
    /// table.
    fn damaged() -> Vec<u8> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/source-serif-4/SourceSerif4-Semibold.otf");
        let mut bytes = std::fs::read(path).unwrap();
        bytes[143_166] = 0xFF;
        bytes
    }

    #[test]
    fn only_texts_that_reach_the_damage_are_refused() {
        let bytes = damaged();
        assert!(!is_shapeable(&bytes, &["office"]));
        assert!(is_shapeable(&bytes, &["", "\n"]));
        let whole = include_bytes!("../../../fonts/source-serif-4/SourceSerif4-Semibold.otf");
        assert!(is_shapeable(whole, &["office ffl 1/2 Th"]));
    }
}
