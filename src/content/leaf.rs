//! Maps the text of a Markdown node to its source. They differ, because the parser resolves character references and escapes.

use std::ops::Range;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafPart {
    /// Its text.
    pub text: String,
    /// Its byte range in the source line.
    pub range: Range<usize>,
    /// How it is written in the source.
    pub notation: Notation,
}

/// How a part of a text is written in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// Literally.
    Literal,
    /// As a character reference or with a backslash. Such characters are never markup.
    Escaped,
    /// In an unknown way. Only the location of the whole part is known.
    Unknown,
}

/// Splits a text into parts, and finds the range of each in its source line.
pub fn leaf_parts(text: &str, line: &str) -> Vec<LeafPart> {
    if line.starts_with(text) && !text.contains(['&', '\\']) {
        let whole = LeafPart { text: text.to_owned(), range: 0..text.len(), notation: Notation::Literal };
        return (!text.is_empty()).then_some(whole).into_iter().collect();
    }
    let mut list = Vec::new();
    let (mut from, mut at) = ((0, 0), (0, 0));
    let push_literal = |list: &mut Vec<LeafPart>, from: (usize, usize), to: (usize, usize)| {
        if to.0 > from.0 {
            list.push(LeafPart { text: text[from.0..to.0].to_owned(), range: from.1..to.1, notation: Notation::Literal });
        }
    };
    while let Some(c) = text[at.0..].chars().next() {
        let (rest, source) = (&text[at.0..], &line[at.1..]);
        let escape = match_escape(rest, source);
        if escape.is_none() && source.starts_with(c) {
            at = (at.0 + c.len_utf8(), at.1 + c.len_utf8());
            continue;
        }
        push_literal(&mut list, from, at);
        let Some((length, size)) = escape else {
            let end = line.len();
            list.push(LeafPart { text: rest.to_owned(), range: at.1..end, notation: Notation::Unknown });
            return list;
        };
        list.push(LeafPart { text: rest[..length].to_owned(), range: at.1..at.1 + size, notation: Notation::Escaped });
        at = (at.0 + length, at.1 + size);
        from = at;
    }
    push_literal(&mut list, from, at);
    list
}

/// Matches a character reference or an escape at the start of `source` with the start of `text`. Returns the lengths of the
/// matched parts of `text` and of `source` in bytes.
fn match_escape(text: &str, source: &str) -> Option<(usize, usize)> {
    let first = text.chars().next()?.len_utf8();
    if let Some(escaped) = source.strip_prefix('\\') {
        return (!text.starts_with('\\') && escaped.starts_with(&text[..first])).then_some((first, 1 + first));
    }
    let name = source.strip_prefix('&')?.split(';').next()?;
    let size = name.len() + 2;
    let letters = name.strip_prefix('#').unwrap_or(name);
    let is_reference = !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_alphanumeric()) && source.len() >= size;
    if !is_reference || text.starts_with(&source[..size]) {
        return None;
    }
    // A few references yield two characters: the following text shows how many.
    let two: usize = text.chars().take(2).map(char::len_utf8).sum();
    let follows = |length: usize| match text[length..].chars().next() {
        Some(c) => source[size..].starts_with([c, '&', '\\']),
        None => true,
    };
    Some((if follows(first) || !follows(two) { first } else { two }, size))
}

#[cfg(test)]
mod tests {
    use super::Notation::*;
    use super::*;

    fn read(text: &str, line: &str) -> Vec<(String, String, Notation)> {
        let leaf_parts = leaf_parts(text, line).into_iter();
        leaf_parts.map(|part| (part.text, line[part.range].to_owned(), part.notation)).collect()
    }

    fn part(text: &str, line: &str, notation: Notation) -> (String, String, Notation) {
        (text.into(), line.into(), notation)
    }

    #[test]
    fn literal_text_is_one_part() {
        assert_eq!(read("é [a] & b", "é [a] & b *c*"), [part("é [a] & b", "é [a] & b", Literal)]);
        assert_eq!(read("&nosuch; x", "&nosuch; x"), [part("&nosuch; x", "&nosuch; x", Literal)]);
        assert_eq!(read("", "x"), []);
    }

    #[test]
    fn references_yield_one_or_two_characters() {
        let wanted =
            [part("a", "a", Literal), part("é", "&eacute;", Escaped), part("[b", "[b", Literal), part("&", "&amp;", Escaped)];
        assert_eq!(read("aé[b&", "a&eacute;[b&amp;"), wanted);
        assert_eq!(read("\u{226A}\u{20D2}x", "&nLt;x"), [part("\u{226A}\u{20D2}", "&nLt;", Escaped), part("x", "x", Literal)]);
        assert_eq!(read("\u{FFFD}«", "&#0;«"), [part("\u{FFFD}", "&#0;", Escaped), part("«", "«", Literal)]);
    }

    #[test]
    fn an_escaped_bar_of_a_table_is_one_part() {
        assert_eq!(read("a|b", "a\\|b |"), [part("a", "a", Literal), part("|", "\\|", Escaped), part("b", "b", Literal)]);
    }

    #[test]
    fn text_that_is_not_found_has_the_rest_of_the_line() {
        assert_eq!(read("xyz", "xé"), [part("x", "x", Literal), part("yz", "é", Unknown)]);
    }
}
