//! The parts of image files: segments of JPEG, chunks of PNG and WebP.

use std::io::Read;

use bytes::Bytes;
use flate2::read::ZlibDecoder;

/// Maximum size of an uncompressed colour profile in bytes. Profiles of presses have 1 to 3 MB. The limit matters for PNG, where
/// a profile can be compressed to a thousandth of its size.
pub const MAX_PROFILE: usize = 8 << 20;

/// The colour profile in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// No profile.
    None,
    /// A complete profile.
    Whole(Bytes),
    /// A profile with missing parts, or one that cannot be decompressed.
    Damaged,
    /// A profile of more than [`MAX_PROFILE`] bytes.
    TooLarge,
}

impl Embedded {
    /// Returns the profile if it is complete.
    pub fn whole(self) -> Option<Bytes> {
        match self {
            Self::Whole(bytes) => Some(bytes),
            Self::None | Self::Damaged | Self::TooLarge => None,
        }
    }

    fn of(bytes: Bytes) -> Self {
        match bytes.len() {
            0 => Self::Damaged,
            length if length > MAX_PROFILE => Self::TooLarge,
            _ => Self::Whole(bytes),
        }
    }
}

/// A segment of a JPEG (ITU-T T.81 §B.1.1.4).
#[derive(Clone, Copy)]
pub struct JpegSegment<'a> {
    /// The second byte of its marker.
    pub marker: u8,
    /// Its data, without the length.
    pub data: &'a [u8],
    /// Offset of its marker.
    start: usize,
    /// Offset at which the next marker may start.
    end: usize,
}

/// Returns the segments of a JPEG before its pixels.
pub fn segments(bytes: &[u8]) -> impl Iterator<Item = JpegSegment<'_>> {
    let mut at = 2;
    std::iter::from_fn(move || {
        let start = at;
        // Fill bytes may precede a marker.
        while bytes.get(at..at + 2)? == [0xFF, 0xFF] {
            at += 1;
        }
        let [0xFF, marker, high, low] = *bytes.get(at..at + 4)? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if matches!(marker, 0x00 | 0xD0..=0xDA) || length < 2 {
            return None;
        }
        let data = bytes.get(at + 4..at + 2 + length)?;
        at += 2 + length;
        Some(JpegSegment { marker, data, start, end: at })
    })
}

/// Returns the number of components in the first scan of a JPEG.
pub fn first_scan(bytes: &[u8]) -> Option<u8> {
    let end = segments(bytes).last().map_or(2, |segment| segment.end);
    let rest = bytes.get(end..)?;
    let fill = rest.iter().take_while(|byte| **byte == 0xFF).count().checked_sub(1)?;
    match rest.get(fill..)? {
        [0xFF, 0xDA, _, _, count, ..] => Some(*count),
        _ => None,
    }
}

/// The start of a segment with a part of a profile (ICC.1 §B.4).
const ICC: &[u8] = b"ICC_PROFILE\0";

impl<'a> JpegSegment<'a> {
    /// Returns the number of a part of a profile, the number of parts, and its bytes.
    fn profile(&self) -> Option<(u8, u8, &'a [u8])> {
        let [number, count, part @ ..] = self.data.strip_prefix(ICC).filter(|_| self.marker == 0xE2)? else { return None };
        Some((*number, *count, part))
    }
}

/// Returns the profile of a JPEG.
pub fn jpeg_profile(bytes: &[u8]) -> Embedded {
    let mut parts: Vec<(u8, u8, &[u8])> = segments(bytes).filter_map(|segment| segment.profile()).collect();
    if parts.is_empty() {
        return Embedded::None;
    }
    let count = parts.len();
    parts.sort_by_key(|(number, ..)| *number);
    let fits =
        |(place, (number, of, _)): (usize, &(u8, u8, &[u8]))| usize::from(*number) == place + 1 && usize::from(*of) == count;
    if !parts.iter().enumerate().all(fits) {
        return Embedded::Damaged;
    }
    Embedded::of(parts.into_iter().flat_map(|(.., part)| part).copied().collect::<Vec<u8>>().into())
}

/// Returns a JPEG without its profile. The pixels are copied unchanged.
pub fn jpeg_without_profile(bytes: &[u8]) -> Vec<u8> {
    without(bytes, segments(bytes).filter(|segment| segment.profile().is_some()).map(|segment| (segment.start, segment.end)))
}

/// Returns a JPEG with a comment (ISO/IEC 10918-1 §B.2.4.5) after its initial application segments. The pixels are copied
/// unchanged.
pub fn jpeg_with_comment(bytes: &[u8], comment: &str) -> Vec<u8> {
    let at =
        segments(bytes).take_while(|segment| (0xE0..=0xEF).contains(&segment.marker)).last().map_or(2, |segment| segment.end);
    let text = comment.get(..comment.len().min(1000)).unwrap_or_default();
    let length = u16::try_from(text.len() + 2).unwrap_or(2).to_be_bytes();
    let (start, rest) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    [start, &[0xFF, 0xFE], &length, text.as_bytes(), rest].concat()
}

/// Returns a JPEG without the Adobe marker, which declares the colour transform.
pub fn jpeg_without_adobe(bytes: &[u8]) -> Vec<u8> {
    let of_adobe = |segment: &JpegSegment<'_>| segment.marker == 0xEE && segment.data.starts_with(b"Adobe");
    without(bytes, segments(bytes).filter(of_adobe).map(|segment| (segment.start, segment.end)))
}

/// Removes ranges, which must be in order, from bytes.
fn without(bytes: &[u8], ranges: impl Iterator<Item = (usize, usize)>) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for (start, end) in ranges {
        kept.extend_from_slice(bytes.get(from..start).unwrap_or_default());
        from = end;
    }
    kept.extend_from_slice(bytes.get(from..).unwrap_or_default());
    kept
}

/// A chunk of a PNG (PNG 3rd edition, §5.3) or of a RIFF file.
#[derive(Clone, Copy)]
pub struct Chunk<'a> {
    /// Its name.
    pub name: [u8; 4],
    /// Its data, truncated at the end of the file.
    pub data: &'a [u8],
    /// Whether it is complete.
    pub whole: bool,
    /// Offset of the chunk.
    start: usize,
    /// Offset of the next chunk.
    end: usize,
}

/// Returns the chunks of a PNG.
pub fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut at = 8;
    std::iter::from_fn(move || {
        let start = at;
        let [a, b, c, d, name @ ..] = *bytes.get(at..at + 8)?.first_chunk::<8>()?;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
        let data = bytes.get(at + 8..).unwrap_or_default();
        at = at.checked_add(length)?.checked_add(12)?;
        Some(Chunk { name, data: data.get(..length).unwrap_or(data), whole: at <= bytes.len(), start, end: at })
    })
}

/// Returns the chunks before the pixels.
pub fn head(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    chunks(bytes).take_while(|chunk| chunk.name != *b"IDAT")
}

/// Returns the profile of a PNG: its chunk `iCCP` (PNG 3rd edition §11.3.2.3). No more than [`MAX_PROFILE`] bytes are
/// decompressed.
pub fn png_profile(bytes: &[u8]) -> Embedded {
    let Some(chunk) = head(bytes).find(|chunk| chunk.name == *b"iCCP") else { return Embedded::None };
    // A name of at most 79 bytes, a zero, and the method of compression, which is always 0.
    let packed = chunk.data.iter().position(|byte| *byte == 0).filter(|end| (1..80).contains(end));
    let Some([0, packed @ ..]) = packed.and_then(|end| chunk.data.get(end + 1..)) else { return Embedded::Damaged };
    let mut profile = Vec::new();
    match ZlibDecoder::new(packed).take(MAX_PROFILE as u64 + 1).read_to_end(&mut profile) {
        Ok(_) => Embedded::of(profile.into()),
        Err(_) => Embedded::Damaged,
    }
}

/// Returns a PNG without the chunks that describe its colours. The pixels are copied unchanged.
pub fn png_without_colours(bytes: &[u8]) -> Vec<u8> {
    let of_colours = |chunk: &Chunk<'_>| matches!(&chunk.name, b"iCCP" | b"gAMA" | b"cHRM" | b"cICP" | b"sRGB");
    without(bytes, head(bytes).filter(of_colours).map(|chunk| (chunk.start, chunk.end)))
}

/// Returns the chunks of a WebP (RIFF container).
fn riff_chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut at = 12;
    std::iter::from_fn(move || {
        let start = at;
        let [name @ .., a, b, c, d] = *bytes.get(at..at + 8)?.first_chunk::<8>()?;
        let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
        let data = bytes.get(at + 8..).unwrap_or_default();
        at = at.checked_add(length)?.checked_add(8 + length % 2)?;
        Some(Chunk { name, data: data.get(..length).unwrap_or(data), whole: at <= bytes.len(), start, end: at })
    })
}

/// Returns the profile of a WebP: its chunk `ICCP`.
pub fn webp_profile(bytes: &[u8]) -> Embedded {
    match riff_chunks(bytes).find(|chunk| chunk.name == *b"ICCP") {
        Some(chunk) if chunk.whole => Embedded::of(Bytes::copy_from_slice(chunk.data)),
        Some(_) => Embedded::Damaged,
        None => Embedded::None,
    }
}

/// Returns the Exif metadata of a WebP. Skips the header of JPEG segments, which some programs also write here.
pub fn webp_exif(bytes: &[u8]) -> Option<&[u8]> {
    let data = riff_chunks(bytes).find(|chunk| chunk.name == *b"EXIF" && chunk.whole)?.data;
    Some(data.strip_prefix(b"Exif\0\0").unwrap_or(data))
}

/// Returns a WebP without its profile. The pixels are copied unchanged.
pub fn webp_without_profile(bytes: &[u8]) -> Vec<u8> {
    let profiles =
        riff_chunks(bytes).filter(|chunk| chunk.name == *b"ICCP").map(|chunk| (chunk.start, chunk.end.min(bytes.len())));
    let mut kept = without(bytes, profiles);
    let size = u32::try_from(kept.len().saturating_sub(8)).unwrap_or_default().to_le_bytes();
    kept.get_mut(4..8).into_iter().for_each(|place| place.copy_from_slice(&size));
    // The flag for a profile in the header of extended files.
    if kept.get(12..16) == Some(b"VP8X") {
        kept.get_mut(20).into_iter().for_each(|flags| *flags &= !0x20);
    }
    kept
}
