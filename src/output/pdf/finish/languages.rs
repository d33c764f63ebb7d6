//! Restores language tags, from which Typst drops scripts and variants (ISO 32000-1 §14.9.2).

use std::collections::BTreeSet;

use lopdf::{Document, Object, ObjectId, Stream, StringFormat};

use super::{FinishError, entry};

/// Maximum size of an inflated content stream in bytes.
const MAX_INFLATED: usize = 1 << 31;

/// Replaces language tags in structure elements, and in the marked content of pages and forms. Each entry is a tag that Typst
/// writes, and the tag that replaces it. Without entries, no stream is inflated.
///
/// # Errors
///
/// Returns an error if a content stream is damaged.
pub(super) fn restore(document: &mut Document, languages: &[(String, &str)]) -> Result<(), FinishError> {
    if languages.is_empty() {
        return Ok(());
    }
    let contents = contents(document);
    for (id, object) in &mut document.objects {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) if contents.contains(id) => {
                in_content(stream, languages)?;
                continue;
            }
            _ => continue,
        };
        if let Ok(Object::String(written, _)) = dictionary.get(b"Lang")
            && let Some((_, tag)) = languages.iter().find(|(typst, _)| typst.as_bytes() == written)
        {
            dictionary.set("Lang", Object::String(tag.as_bytes().to_vec(), StringFormat::Literal));
        }
    }
    Ok(())
}

/// Returns the content streams of pages and forms.
fn contents(document: &Document) -> BTreeSet<ObjectId> {
    let mut contents: BTreeSet<ObjectId> = document.page_iter().flat_map(|page| document.get_page_contents(page)).collect();
    let forms = document.objects.iter().filter(|(_, object)| {
        let stream = object.as_stream().ok();
        let kind = stream.and_then(|stream| entry(document, &stream.dict, b"Subtype")?.as_name().ok());
        kind == Some(b"Form")
    });
    contents.extend(forms.map(|(id, _)| *id));
    contents
}

/// Replaces the values of `/Lang` in a content stream: in the property lists of marked content, but not in strings, which can
/// contain the same characters.
fn in_content(stream: &mut Stream, languages: &[(String, &str)]) -> Result<(), FinishError> {
    let plain = stream.get_plain_content_with_limit(MAX_INFLATED).map_err(FinishError::Unreadable)?;
    let (mut out, mut copied) = (Vec::with_capacity(plain.len() + 64), 0);
    let mut strings = Strings { content: &plain, at: 0 };
    for key in memchr::memmem::find_iter(&plain, b"/Lang") {
        if strings.contain(key) {
            continue;
        }
        let after = plain.get(key + b"/Lang".len()..).unwrap_or_default();
        let spaces = after.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let Some(value) = after.get(spaces..).and_then(|value| value.strip_prefix(b"(")) else { continue };
        let Some(written) = memchr::memchr(b')', value).and_then(|end| value.get(..end)) else { continue };
        let Some((_, tag)) = languages.iter().find(|(typst, _)| typst.as_bytes() == written) else { continue };
        let start = key + b"/Lang".len() + spaces + 1;
        out.extend_from_slice(plain.get(copied..start).unwrap_or_default());
        out.extend_from_slice(tag.as_bytes());
        copied = start + written.len();
    }
    if copied > 0 {
        out.extend_from_slice(plain.get(copied..).unwrap_or_default());
        stream.set_plain_content(out);
        stream.compress().map_err(FinishError::Unreadable)?;
    }
    Ok(())
}

/// The literal strings of a content stream without inline images (ISO 32000-1 §7.3.4.2).
struct Strings<'a> {
    content: &'a [u8],
    /// All strings before this offset have been passed. It is not in a string.
    at: usize,
}

impl Strings<'_> {
    /// Returns whether an offset is in a string. Offsets must be requested in ascending order.
    fn contain(&mut self, offset: usize) -> bool {
        while self.at <= offset {
            let Some(start) = self.content.get(self.at..offset).and_then(|before| memchr::memchr(b'(', before)) else {
                self.at = offset;
                return false;
            };
            self.at = self.end(self.at + start);
        }
        true
    }

    /// Returns the end of the string that starts at an offset. Parentheses in strings are balanced or escaped.
    fn end(&self, start: usize) -> usize {
        let (mut at, mut depth) = (start, 0_usize);
        while let Some(byte) = self.content.get(at) {
            at += 1;
            match byte {
                b'\\' => at += 1,
                b'(' => depth += 1,
                b')' if depth == 1 => return at,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        self.content.len()
    }
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;

    #[test]
    fn tags_are_replaced_in_marked_content_and_nowhere_else() {
        let content = b"/Span <</Lang (sr-QM)/MCID 0>> BDC (/Lang \\(sr-QM\\)) Tj EMC /Span<</ActualText(a /Lang (sr-QM))/Lang(sr)/MCID 1>>BDC EMC /Lang 3";
        let mut stream = Stream::new(dictionary! {}, content.to_vec());
        in_content(&mut stream, &[("sr-QM".into(), "sr-Latn")]).unwrap();
        let wanted = String::from_utf8_lossy(content).replacen("sr-QM", "sr-Latn", 1);
        assert_eq!(String::from_utf8_lossy(&stream.get_plain_content().unwrap()), wanted);
        let mut after_strings =
            Stream::new(dictionary! {}, b"(a) Tj /Span<</ActualText(b)/Lang(sr-QM)>>BDC (\\\\) Tj /Lang(sr-QM)".to_vec());
        in_content(&mut after_strings, &[("sr-QM".into(), "sr-Latn")]).unwrap();
        let wanted = "(a) Tj /Span<</ActualText(b)/Lang(sr-Latn)>>BDC (\\\\) Tj /Lang(sr-Latn)";
        assert_eq!(String::from_utf8_lossy(&after_strings.get_plain_content().unwrap()), wanted);
    }
}
