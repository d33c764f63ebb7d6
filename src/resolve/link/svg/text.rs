//! The text of an SVG file: unpacked, in UTF-8, and without a byte-order mark.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

use super::SvgFault;

/// Maximum size in bytes of an unpacked SVG.
const MAX_UNPACKED: u64 = 64 << 20;

/// Number of bytes at the start of a file that are searched for the declaration of its encoding.
const DECLARATION: usize = 300;

/// Returns the text of a file. It is borrowed if the file contains it unchanged.
///
/// # Errors
///
/// Returns a fault if the file is not text in the encoding that it declares.
pub fn read(bytes: &[u8]) -> Result<Cow<'_, str>, SvgFault> {
    if bytes.starts_with(b"\x1F\x8B") {
        let unpacked = unpacked(bytes)?;
        return Ok(Cow::Owned(decoded(&unpacked)?.into_owned()));
    }
    decoded(bytes)
}

/// Decompresses a gzipped SVG, which usually has the extension `.svgz` (SVG 2 §1.2).
fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, SvgFault> {
    let mut unpacked = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(MAX_UNPACKED + 1).read_to_end(&mut unpacked);
    match read {
        Ok(_) if unpacked.len() as u64 > MAX_UNPACKED => {
            Err(SvgFault::forbidden(format!("more than {} MiB of text", MAX_UNPACKED >> 20), "simplify the drawing"))
        }
        Ok(_) => Ok(unpacked),
        Err(_) => Err(SvgFault::Format),
    }
}

/// Decodes a text: by its byte-order mark, otherwise by its declaration, otherwise as UTF-8 (XML 1.0 §F).
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, SvgFault> {
    let marked = Encoding::for_bom(bytes);
    let (encoding, start) = match marked {
        Some(marked) => marked,
        None => (declared(bytes)?, 0),
    };
    let body = bytes.get(start..).unwrap_or_default();
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(body) else {
        let is_svg = [&b"<svg"[..], b":svg"].iter().any(|tag| memchr::memmem::find(bytes, tag).is_some());
        return Err(match is_svg {
            true => SvgFault::Damaged(format!("is not in {}, the encoding that it declares", encoding.name())),
            false => SvgFault::Format,
        });
    };
    let trimmed = text.trim_start_matches([' ', '\t', '\r', '\n']);
    if encoding == UTF_8 && marked.is_none() && trimmed.len() == text.len() {
        return Ok(text);
    }
    // The declaration would name the former encoding.
    let declaration = trimmed.strip_prefix("<?xml").filter(|rest| rest.starts_with([' ', '\t', '\r', '\n']));
    let body = declaration.and_then(|rest| rest.split_once("?>")).map_or(trimmed, |(_, body)| body);
    Ok(Cow::Owned(body.trim_start().to_owned()))
}

/// Returns the encoding that a text declares, by default UTF-8.
fn declared(bytes: &[u8]) -> Result<&'static Encoding, SvgFault> {
    match bytes {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let head = String::from_utf8_lossy(bytes.get(..DECLARATION.min(bytes.len())).unwrap_or_default());
    let declaration = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    let Some((_, named)) = declaration.and_then(|(inside, _)| inside.split_once("encoding")) else { return Ok(UTF_8) };
    let value = named.trim_start().strip_prefix('=').unwrap_or_default().trim_start();
    let label: String = value.chars().skip(1).take_while(|c| !matches!(c, '"' | '\'')).collect();
    match Encoding::for_label(label.as_bytes()) {
        // The declaration was readable as single bytes, so the text is not in UTF-16.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(SvgFault::Damaged(format!("declares the unknown encoding \"{label}\""))),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const TEXT: &str = "<svg>é</svg>";

    fn text(bytes: &[u8]) -> String {
        read(bytes).unwrap().into_owned()
    }

    #[test]
    fn a_text_in_utf_8_is_borrowed() {
        for unchanged in [TEXT, "<?xml version=\"1.0\" encoding=\"utf-8\"?><svg>é</svg>"] {
            assert!(matches!(read(unchanged.as_bytes()), Ok(Cow::Borrowed(same)) if same == unchanged));
        }
    }

    #[test]
    fn other_encodings_are_converted_without_their_declaration() {
        let latin = b"<?xml version=\"1.0\" encoding='ISO-8859-1'?>\n<svg>\xE9</svg>";
        assert_eq!(text(latin), TEXT);
        assert_eq!(text("\u{FEFF}<svg>é</svg>".as_bytes()), TEXT);
        assert_eq!(text("\n <svg>é</svg>".as_bytes()), TEXT);
        let declared = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><svg>é</svg>";
        let wide: Vec<u8> = std::iter::once(0xFEFF).chain(declared.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&wide), TEXT);
        let unmarked: Vec<u8> = declared.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&unmarked), TEXT);
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(latin).unwrap();
        assert_eq!(text(&packer.finish().unwrap()), TEXT);
    }

    #[test]
    fn wrong_encodings_are_faults() {
        let fault = |bytes: &[u8]| read(bytes).map(Cow::into_owned).unwrap_err();
        assert_eq!(fault(b"<svg>\xE9</svg>"), SvgFault::Damaged("is not in UTF-8, the encoding that it declares".into()));
        let unknown = b"<?xml version=\"1.0\" encoding=\"wiki\"?><svg/>";
        assert_eq!(fault(unknown), SvgFault::Damaged("declares the unknown encoding \"wiki\"".into()));
        assert_eq!(fault(b"%PDF-1.7 \xE9\xFF"), SvgFault::Format);
        assert_eq!(fault(b"\x1F\x8B\x08broken"), SvgFault::Format);
    }

    #[test]
    fn an_unpacked_text_has_a_maximum_size() {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        for _ in 0..65 {
            packer.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        assert!(matches!(read(&packer.finish().unwrap()), Err(SvgFault::Forbidden { .. })));
    }
}
