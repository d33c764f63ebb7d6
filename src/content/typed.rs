//! Text as typed, for the detection of unsupported markup.

use std::ops::Range;

use crate::diagnostic::Span;

/// Placeholder for a code span.
pub const CODE: char = '\u{E000}';
/// Placeholder for an inline that is not text: an image, a note, a tag, either end of a link.
pub const OBJECT: char = '\u{E001}';
/// Placeholder for a character that is written with a backslash or as a character reference, so that it is never markup.
pub const ESCAPED: char = '\u{E002}';
/// The first of the placeholders for ASCII characters after a backslash. They differ by character, because some tools interpret
/// such pairs as markup.
const ESCAPES: u32 = 0xE100;

/// Returns the placeholder for a character after a backslash.
pub const fn escaped(c: char) -> char {
    match char::from_u32(ESCAPES + c as u32) {
        Some(stand_in) if c.is_ascii() => stand_in,
        _ => ESCAPED,
    }
}

/// The text of a paragraph, heading or cell. Lines end with a line feed.
#[derive(Debug, Default)]
pub struct TypedText {
    /// The characters.
    pub text: String,
    /// For each part, the offset of its first byte, its location, and whether the source contains the same bytes, so that an
    /// offset in the part is also an offset in the location.
    parts: Vec<(usize, Span, bool)>,
}

impl TypedText {
    /// Adds a text with its location. `exact` states whether the source contains the same bytes.
    pub fn push_text(&mut self, text: &str, span: Span, exact: bool) {
        self.parts.push((self.text.len(), span, exact));
        self.text.push_str(text);
    }

    /// Adds a character with its location. `exact` states whether the source contains the same bytes.
    pub fn push(&mut self, c: char, span: Span, exact: bool) {
        self.parts.push((self.text.len(), span, exact));
        self.text.push(c);
    }

    /// Returns the location of a range of the text, or `None` if the range is empty.
    pub fn span(&self, range: &Range<usize>) -> Option<Span> {
        let part = |at: usize| {
            let index = self.parts.partition_point(|(start, ..)| *start <= at).checked_sub(1)?;
            self.parts.get(index).copied()
        };
        let (first, start, exact) = part(range.start)?;
        let from = if exact { start.start + range.start - first } else { start.start };
        let (last, end, exact) = part(range.end.checked_sub(1)?)?;
        let to = if exact { end.start + range.end - last } else { end.end };
        Some(Span { start: from, end: to.max(from), ..start })
    }

    /// Removes the text from an offset, and the spaces before it.
    pub fn truncate(&mut self, at: usize) {
        self.text.truncate(at);
        self.text.truncate(self.text.trim_end().len());
        let end = self.text.len();
        self.parts.retain(|(start, ..)| *start < end);
    }

    /// Returns each line with the offset of its first byte.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut start = 0;
        self.text.split('\n').map(move |line| {
            let at = start;
            start += line.len() + 1;
            (at, line)
        })
    }
}

/// Returns a character of a [`TypedText`] as messages show it, or `None` for a placeholder that is not shown.
pub fn written(c: char) -> Option<char> {
    match u32::from(c) {
        number if (ESCAPES..ESCAPES + 0x80).contains(&number) => char::from_u32(number - ESCAPES),
        _ if c == CODE => Some('`'),
        _ if c == OBJECT || c == ESCAPED => None,
        _ => Some(c),
    }
}
