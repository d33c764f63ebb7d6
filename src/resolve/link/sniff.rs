//! Detection of file formats by content and by file extension.

/// Name of a file format, as shown in messages.
pub type FormatName = &'static str;

/// Returns the format that the extension of an image indicates.
pub fn extension_format(path: &str) -> Option<FormatName> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "png" | "apng" => "PNG",
        "jpg" | "jpeg" | "jpe" | "jfif" => "JPEG",
        "gif" => "GIF",
        "webp" => "WebP",
        "svg" => "SVG",
        "tif" | "tiff" => "TIFF",
        "bmp" => "BMP",
        "heic" | "heif" | "hif" => "HEIF",
        "avif" => "AVIF",
        "jp2" | "j2k" | "jpx" | "jpf" => "JPEG 2000",
        "jxl" => "JPEG XL",
        "jxr" | "wdp" => "JPEG XR",
        "psd" | "psb" => "Photoshop",
        "xcf" => "GIMP",
        "exr" => "OpenEXR",
        "hdr" => "Radiance HDR",
        "wmf" => "WMF",
        "emf" => "EMF",
        "djvu" => "DjVu",
        "pdf" => "PDF",
        _ => return None,
    })
}

/// Returns the format of a file, determined by its first bytes, or `None` if it is unknown.
pub fn content_format(bytes: &[u8]) -> Option<FormatName> {
    const STARTS: [(&[u8], FormatName); 34] = [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
        // Most raw photographs are variants of TIFF with a signature of the manufacturer.
        (b"II*\0\x10\0\0\0CR", "a raw photograph (CR2)"),
        (b"IIRO", "a raw photograph (ORF)"),
        (b"IIU\0", "a raw photograph (RW2)"),
        (b"FUJIFILMCCD-RAW", "a raw photograph (RAF)"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"II+\0", "TIFF"),
        (b"MM\0+", "TIFF"),
        (b"\0\0\0\x0CjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"\xFF\x0A", "JPEG XL"),
        (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
        (b"II\xBC", "JPEG XR"),
        (b"gimp xcf", "GIMP"),
        (b"\x76\x2F\x31\x01", "OpenEXR"),
        (b"#?RADIANCE", "Radiance HDR"),
        (b"\xD7\xCD\xC6\x9A", "WMF"),
        (b"\xC5\xD0\xD3\xC6", "PostScript"),
        (b"AT&TFORM", "DjVu"),
        (b"icns", "an icon of macOS"),
        (b"qoif", "QOI"),
        (b"BM", "BMP"),
        (b"%PDF-", "PDF"),
        (b"%!PS", "PostScript"),
        (b"8BPS", "Photoshop"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x1F\x8B", "gzip"),
        (b"\x7FELF", "a program"),
        (b"MZ", "a program"),
        (b"\0\0\x01\0", "ICO"),
    ];
    if bytes.is_empty() {
        return Some("empty");
    }
    if let Some((_, kind)) = STARTS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some(kind);
    }
    match (bytes.get(..4), bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => return Some("WebP"),
        (_, Some(b"ftyp"), Some(b"avif" | b"avis")) => return Some("AVIF"),
        (_, Some(b"ftyp"), Some(b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"hevc" | b"hevx")) => {
            return Some("HEIF");
        }
        (_, Some(b"ftyp"), Some(b"crx ")) => return Some("a raw photograph (CR3)"),
        (_, Some(b"ftyp"), _) => return Some("a video"),
        (Some(b"\x01\0\0\0"), ..) if bytes.get(40..44) == Some(b" EMF") => return Some("EMF"),
        _ => {}
    }
    let text = std::str::from_utf8(bytes.get(..bytes.len().min(2000)).unwrap_or_default());
    let text =
        text.or_else(|error| std::str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default())).unwrap_or_default();
    let lower = text.trim_start_matches('\u{FEFF}').trim_start().to_ascii_lowercase();
    match lower {
        _ if lower.is_empty() || lower.contains(|c: char| c.is_control() && !c.is_whitespace()) => None,
        _ if lower.starts_with("<!doctype html") || lower.starts_with("<html") => Some("HTML"),
        _ if lower.starts_with('<') && lower.contains("<svg") => Some("SVG"),
        _ if lower.starts_with('<') => Some("XML"),
        _ if text.len() + 4 > bytes.len().min(2000) => Some("text"),
        _ => None,
    }
}

/// Part of the message for a known image format that is not supported.
const UNSUPPORTED: &str = "reliure does not read";

/// Returns the message for a file that is not an image in a supported format.
pub fn unsupported(path: &str, bytes: &[u8]) -> String {
    match (extension_format(path), content_format(bytes)) {
        (Some(name), Some(content)) if name == content => format!("is {content}, which {UNSUPPORTED}"),
        (Some(name), content) => differs(name, content.unwrap_or("of an unknown format")),
        (None, Some(content)) => format!("is {content}, which {UNSUPPORTED}"),
        (None, None) => "is not an image of a known format".into(),
    }
}

/// Returns the message for an image whose extension indicates another format.
pub fn misnamed(path: &str, bytes: &[u8]) -> Option<String> {
    let (name, content) = (extension_format(path)?, content_format(bytes)?);
    (name != content).then(|| differs(name, content))
}

fn differs(name: FormatName, content: FormatName) -> String {
    format!("has the file extension of {name}, but its content is {content}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detects_formats_by_content() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], Some("PNG")),
            (b"\xFF\xD8\xFF\xE0", Some("JPEG")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("WebP")),
            (b"\0\0\0\x1CftypavifXXXX", Some("AVIF")),
            (b"%PDF-1.7", Some("PDF")),
            (b"II*\0\x10\0\0\0CR\x02\0", Some("a raw photograph (CR2)")),
            (b"\0\0\0\x0CJXL \r\n\x87\n\0", Some("JPEG XL")),
            (b"\0\0\0\x20ftypmp42", Some("a video")),
            (b"\0\0\0\x18ftypheim", Some("HEIF")),
            (b"<!DOCTYPE html><p>", Some("HTML")),
            (b"\xEF\xBB\xBF<?xml version='1.0'?>\n<svg/>", Some("SVG")),
            (b"<feed/>", Some("XML")),
            (b"no picture", Some("text")),
            ("é".as_bytes(), Some("text")),
            (b"", Some("empty")),
            (b"\x01\x02\x03\x04", None),
            (b"a\xFFbcdefghijklmnop", None),
        ] {
            assert_eq!(content_format(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn detects_formats_by_extension() {
        assert_eq!(extension_format("a/b.JPG"), Some("JPEG"));
        assert_eq!(extension_format("a.b/c"), None);
        assert_eq!(extension_format("a.data"), None);
    }
}
