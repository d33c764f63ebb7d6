//! The characters of a text leaf and their places: the parser resolves character references and escapes, so that positions in the
//! text and in the file differ.

use std::ops::Range;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its characters.
    pub text: String,
    /// Its bytes in the line that it was read from.
    pub range: Range<usize>,
    /// The source text there.
    pub written: Written,
}

/// How characters were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Literally.
    Plainly,
    /// As a character reference, or escaped with a backslash: they are never markup.
    Named,
    /// Otherwise; only the place of the whole is known.
    Otherwise,
}

/// Splits a text into parts and finds each in the line of its source.
pub fn stretches(text: &str, line: &str) -> Vec<Stretch> {
    if line.starts_with(text) && !text.contains(['&', '\\']) {
        let whole = Stretch { text: text.to_owned(), range: 0..text.len(), written: Written::Plainly };
        return (!text.is_empty()).then_some(whole).into_iter().collect();
    }
    let mut list = Vec::new();
    let (mut from, mut at) = ((0, 0), (0, 0));
    let plain = |list: &mut Vec<Stretch>, from: (usize, usize), to: (usize, usize)| {
        if to.0 > from.0 {
            list.push(Stretch { text: text[from.0..to.0].to_owned(), range: from.1..to.1, written: Written::Plainly });
        }
    };
    while let Some(c) = text[at.0..].chars().next() {
        let (rest, source) = (&text[at.0..], &line[at.1..]);
        let named = named(rest, source);
        if named.is_none() && source.starts_with(c) {
            at = (at.0 + c.len_utf8(), at.1 + c.len_utf8());
            continue;
        }
        plain(&mut list, from, at);
        let Some((length, size)) = named else {
            let end = line.len();
            list.push(Stretch { text: rest.to_owned(), range: at.1..end, written: Written::Otherwise });
            return list;
        };
        list.push(Stretch { text: rest[..length].to_owned(), range: at.1..at.1 + size, written: Written::Named });
        at = (at.0 + length, at.1 + size);
        from = at;
    }
    plain(&mut list, from, at);
    list
}

/// Matches a character reference or an escape at the start of `source` with the start of `text`; returns the bytes read of each.
fn named(text: &str, source: &str) -> Option<(usize, usize)> {
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
    // A few references yield two characters: the following text decides.
    let two: usize = text.chars().take(2).map(char::len_utf8).sum();
    let follows = |length: usize| match text[length..].chars().next() {
        Some(c) => source[size..].starts_with([c, '&', '\\']),
        None => true,
    };
    Some((if follows(first) || !follows(two) { first } else { two }, size))
}

#[cfg(test)]
mod tests {
    use super::Written::*;
    use super::*;

    fn read(text: &str, line: &str) -> Vec<(String, String, Written)> {
        let stretches = stretches(text, line).into_iter();
        stretches.map(|part| (part.text, line[part.range].to_owned(), part.written)).collect()
    }

    fn part(text: &str, line: &str, written: Written) -> (String, String, Written) {
        (text.into(), line.into(), written)
    }

    #[test]
    fn a_plain_text_is_one_stretch() {
        assert_eq!(read("é [a] & b", "é [a] & b *c*"), [part("é [a] & b", "é [a] & b", Plainly)]);
        assert_eq!(read("&nosuch; x", "&nosuch; x"), [part("&nosuch; x", "&nosuch; x", Plainly)]);
        assert_eq!(read("", "x"), []);
    }

    #[test]
    fn references_stand_for_one_character_or_two() {
        let wanted =
            [part("a", "a", Plainly), part("é", "&eacute;", Named), part("[b", "[b", Plainly), part("&", "&amp;", Named)];
        assert_eq!(read("aé[b&", "a&eacute;[b&amp;"), wanted);
        assert_eq!(read("\u{226A}\u{20D2}x", "&nLt;x"), [part("\u{226A}\u{20D2}", "&nLt;", Named), part("x", "x", Plainly)]);
        assert_eq!(read("\u{FFFD}«", "&#0;«"), [part("\u{FFFD}", "&#0;", Named), part("«", "«", Plainly)]);
    }

    #[test]
    fn an_escaped_bar_of_a_table_keeps_its_backslash_beside_it() {
        assert_eq!(read("a|b", "a\\|b |"), [part("a", "a", Plainly), part("|", "\\|", Named), part("b", "b", Plainly)]);
    }

    #[test]
    fn what_cannot_be_found_is_somewhere_in_the_rest() {
        assert_eq!(read("xyz", "xé"), [part("x", "x", Plainly), part("yz", "é", Otherwise)]);
    }
}
