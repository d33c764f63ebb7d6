//! The metadata that cameras write (Exif 3.0).

use exif::{Exif, In, Reader, Tag, Value};

/// Maximum size in bytes of the metadata that are read. Cameras write at most 64 kB.
const MAX_EXIF: usize = 1 << 20;

/// The metadata of an image that decide how it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CameraData {
    /// Pixels per metre, horizontally and vertically.
    pub density: Option<(u32, u32)>,
    /// Whether the colours are those of Adobe RGB. Cameras declare it without a profile (DCF 2.0, "optional colour space").
    pub is_adobe_rgb: bool,
}

impl CameraData {
    /// Reads the metadata, without the header that formats put before them. Ignores damaged metadata.
    pub fn read(exif: &[u8]) -> Self {
        if exif.len() > MAX_EXIF {
            return Self::default();
        }
        let mut reader = Reader::new();
        reader.continue_on_error(true);
        let read = reader.read_raw(exif.to_vec());
        let Ok(read) = read.or_else(|error| error.distill_partial_result(|_| {})) else { return Self::default() };
        Self { density: density(&read), is_adobe_rgb: is_adobe_rgb(&read) }
    }
}

fn density(exif: &Exif) -> Option<(u32, u32)> {
    let number = |tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(values) => values.first().map(|value| value.to_f64()),
        _ => None,
    };
    // Without a unit, the resolution is in inches.
    let unit = exif.get_field(Tag::ResolutionUnit, In::PRIMARY).and_then(|field| field.value.get_uint(0)).unwrap_or(2);
    let units_per_metre = match unit {
        2 => 1.0 / 0.0254,
        3 => 100.0,
        _ => return None,
    };
    let per_metre = |tag| number(tag).map(|value| value * units_per_metre).filter(|value| value.is_finite() && *value > 0.0);
    let (across, down) = (per_metre(Tag::XResolution)?, per_metre(Tag::YResolution)?);
    Some((super::header::rounded(across), super::header::rounded(down)))
}

fn is_adobe_rgb(exif: &Exif) -> bool {
    let colour_space = exif.get_field(Tag::ColorSpace, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    let index = exif.get_field(Tag::InteroperabilityIndex, In::PRIMARY).map(|field| &field.value);
    let is_optional = matches!(index, Some(Value::Ascii(words)) if words.first().is_some_and(|word| word.starts_with(b"R03")));
    colour_space == Some(2) || is_optional && colour_space != Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a block of metadata with these entries of one directory: tag, type and value, or an offset.
    fn directory(entries: &[(u16, u16, u32, u32)], rest: &[u8]) -> Vec<u8> {
        let mut bytes = b"MM\0*\0\0\0\x08".to_vec();
        bytes.extend((entries.len() as u16).to_be_bytes());
        for (tag, kind, count, value) in entries {
            bytes.extend(tag.to_be_bytes());
            bytes.extend(kind.to_be_bytes());
            bytes.extend(count.to_be_bytes());
            bytes.extend(value.to_be_bytes());
        }
        bytes.extend([0; 4]);
        bytes.extend(rest);
        bytes
    }

    #[test]
    fn reads_the_resolution() {
        let rational = |value: u32| [value.to_be_bytes(), 1_u32.to_be_bytes()].concat();
        let values = [rational(300), rational(150)].concat();
        // The values follow three entries of twelve bytes.
        let at = 8 + 2 + 36 + 4;
        let of_unit = |unit: u32| directory(&[(0x11A, 5, 1, at), (0x11B, 5, 1, at + 8), (0x128, 3, 1, unit << 16)], &values);
        assert_eq!(CameraData::read(&of_unit(2)).density, Some((11_811, 5_906)));
        assert_eq!(CameraData::read(&of_unit(3)).density, Some((30_000, 15_000)));
        assert_eq!(CameraData::read(&of_unit(1)).density, None);
        assert_eq!(CameraData::read(b"damaged"), CameraData::default());
    }

    #[test]
    fn reads_the_colour_space() {
        let of = |colour_space: u32, index: &[u8; 4]| {
            let word = u32::from_be_bytes(*index);
            let sub = directory(&[(0xA001, 3, 1, colour_space << 16), (0xA005, 4, 1, 0)], &[]);
            // The directory of Exif starts after that of TIFF, and that of interoperability after both.
            let (exif_at, interoperability_at) = (26_u32, 56_u32);
            let mut bytes = directory(&[(0x8769, 4, 1, exif_at)], &[]);
            let mut exif = sub[8..].to_vec();
            exif[2 + 12 + 8..2 + 24].copy_from_slice(&interoperability_at.to_be_bytes());
            bytes.extend(exif);
            bytes.extend(&directory(&[(1, 2, 4, word)], &[])[8..]);
            CameraData::read(&bytes).is_adobe_rgb
        };
        assert!(of(0xFFFF, b"R03\0") && of(2, b"R98\0"));
        assert!(!of(1, b"R03\0") && !of(0xFFFF, b"R98\0"));
    }
}
