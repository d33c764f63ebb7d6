//! The characters and the names of the Latin subsets of the tool's fonts. The build script, which makes the subsets, includes
//! this file.

/// Characters of the Latin subset: Latin with its European diacritics, punctuation, currencies, letterlike signs, numbers,
/// arrows, and the mathematical signs, shapes and symbols that a font for text may have.
pub const LATIN: [std::ops::RangeInclusive<u32>; 11] = [
    0x20..=0x7E,
    0xA0..=0x17F,
    0x18F..=0x192,
    0x218..=0x21B,
    0x2C6..=0x2DD,
    0x1E80..=0x1E85,
    0x1E9E..=0x1E9E,
    0x2000..=0x20CF,
    0x2100..=0x22FF,
    0x25A0..=0x27BF,
    0xFB00..=0xFB06,
];

/// Reserved font names, each with the name of its Latin subset: the Open Font License (§3) forbids reserved names for modified
/// versions. Both names of a pair have the same length, so that replacing one does not move other data in the font tables.
const RENAMED: [(&str, &str); 6] = [
    ("Source Serif", "Screen Serif"),
    ("SourceSerif", "ScreenSerif"),
    ("Source Sans", "Screen Sans"),
    ("SourceSans", "ScreenSans"),
    ("IBM Plex Mono", "New Text Mono"),
    ("IBMPlexMono", "NewTextMono"),
];

/// Returns the pairs of names.
pub fn renamed() -> impl Iterator<Item = (&'static str, &'static str)> {
    RENAMED.into_iter()
}

/// Suffix of the name of a Latin subset in the archive of fonts.
pub const SUFFIX: &str = "-latin";
