//! Decodes text files: UTF-8, without a byte-order mark, with line ends normalised to LF.

use std::borrow::Cow;

/// The error for a text that is not UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub struct NotUtf8 {
    /// The text with replacement characters, for diagnostics.
    pub shown: String,
    /// Offset of the first invalid byte in `shown`.
    pub at: usize,
    /// Line of that byte, from 1.
    pub line: usize,
    /// The probable encoding.
    pub guess: Option<&'static str>,
}

/// Decodes a text. CR LF and CR become LF, which does not change line and column numbers.
///
/// # Errors
///
/// Returns the position of the first byte that is not UTF-8.
pub fn decode(bytes: Vec<u8>) -> Result<String, NotUtf8> {
    let wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec).unwrap_or(bytes);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(normalise_line_ends(text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let before = String::from_utf8_lossy(bytes.get(..good).unwrap_or_default());
            let before = normalise_line_ends(before.into_owned());
            let after = String::from_utf8_lossy(bytes.get(good..).unwrap_or_default());
            let guess = if wide { Some("UTF-16") } else { (!bytes.contains(&0)).then_some("Windows-1252") };
            Err(NotUtf8 {
                at: before.len(),
                line: before.matches('\n').count() + 1,
                shown: normalise_line_ends(before + &Cow::into_owned(after)),
                guess,
            })
        }
    }
}

fn normalise_line_ends(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_line_ends() {
        assert_eq!(decode(b"\xEF\xBB\xBFa\r\nb\rc\n\r\n\r".to_vec()).unwrap(), "a\nb\nc\n\n\n");
    }

    #[test]
    fn reports_the_first_invalid_byte() {
        let error = decode(b"a\r\nb\rc\xE9d\r\n".to_vec()).unwrap_err();
        assert_eq!((error.line, error.at, error.guess), (3, 5, Some("Windows-1252")));
        assert_eq!(error.shown, "a\nb\nc\u{FFFD}d\n");
        assert_eq!(decode(b"\xFF\xFEa\0".to_vec()).unwrap_err().guess, Some("UTF-16"));
        assert_eq!(decode(b"\xE9\0".to_vec()).unwrap_err().guess, None);
    }
}
