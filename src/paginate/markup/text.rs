//! Escapes text for Typst markup and strings, so that no text of an author is evaluated as code.

use crate::characters;
use crate::model::TypstLanguage;
use crate::resolve::Resolved;

/// Writes characters as markup and escapes every character that has a meaning there. A hyphen or a slash between two letters is
/// not escaped: each escape is a separate text element in Typst, and the time to find the element of a glyph is linear in the
/// number of elements of the paragraph.
pub fn escape(text: &str, out: &mut String) {
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '-' | '/' if before.is_some_and(char::is_alphabetic) && rest.clone().next().is_some_and(char::is_alphabetic) => {
                out.push(c);
            }
            '\\' | '*' | '_' | '`' | '$' | '#' | '[' | ']' | '{' | '}' | '<' | '>' | '@' | '=' | '-' | '+' | '/' | '~' | '\''
            | '"' => {
                out.push('\\');
                out.push(c);
            }
            // `1.` would start a list, and `...` would become an ellipsis.
            '.' | ')' if before.is_none_or(|b: char| b.is_ascii_digit() || b == '.') => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' | '\t' => out.push(' '),
            c if characters::ends_line(c) => out.push(' '),
            c => out.push(c),
        }
        before = Some(c);
    }
}

/// An invisible line break opportunity that adds nothing to the text of the PDF. Its width is not zero, because Typst ignores a
/// space of zero width.
pub const BREAK: &str = "#h(0.001pt);";

/// Returns the number of characters of the original text in the first `end` bytes of its markup, which consists of the output of
/// [`escape`] and of [`BREAK`]s.
pub fn markup_characters(markup: &str, end: usize) -> usize {
    let mut rest = markup.get(..end).unwrap_or(markup);
    let mut count = 0;
    while let Some(c) = rest.chars().next() {
        if c == '#' {
            rest = rest.strip_prefix(BREAK).unwrap_or_default();
            continue;
        }
        let escaped = if c == '\\' { rest.get(1..).and_then(|rest| rest.chars().next()) } else { None };
        let size = c.len_utf8() + escaped.map_or(0, char::len_utf8);
        rest = rest.get(size..).unwrap_or_default();
        count += 1;
    }
    count
}

/// Returns the number of characters of the original text before byte `end` of the value of the literal at byte `literal`.
/// `literals` is the output of [`long`].
pub fn string_characters(literals: &str, literal: usize, end: usize) -> usize {
    let mut count = 0;
    let mut value = None;
    let mut chars = literals.char_indices();
    while let Some((at, c)) = chars.next() {
        let inside = value.is_some();
        match (c, &mut value) {
            ('"', None) => value = Some(0),
            ('"', Some(_)) => value = None,
            (_, None) => {}
            (_, Some(bytes)) => {
                let c = if c == '\\' { chars.next().map_or(c, |(_, escaped)| escaped) } else { c };
                if at >= literal && *bytes >= end {
                    return count;
                }
                *bytes += c.len_utf8();
                count += 1;
            }
        }
        // The literal ends before the byte.
        if inside && value.is_none() && at > literal {
            return count;
        }
    }
    count
}

/// Writes a long text as string expressions of at most 60,000 bytes: Typst stores the offset of a glyph in its text as a `u16`.
pub fn long(text: &str, out: &mut String) {
    let mut rest = text;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(crate::diagnostic::floor_char_boundary(rest, 60_000));
        let part = part.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ");
        out.push_str(&format!("#{};", string(&part)));
        rest = after;
    }
}

/// Returns a string literal.
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Returns a string literal, or `none`.
pub fn string_or_none(text: Option<&str>) -> String {
    text.map_or_else(|| "none".into(), string)
}

/// Returns a language tag as the arguments `lang` and `region` of the Typst function `text`. Both are always set: otherwise the
/// region of the text around it would apply.
pub fn language(edition: &Resolved, tag: &str) -> String {
    let TypstLanguage { language, region } = edition.typst_languages.get(tag);
    format!("lang: {}, region: {}", string(&language), string_or_none(region.as_deref()))
}

/// Inserts zero-width spaces after the punctuation of a URL, where layouts may break the line. A text with white space is returned
/// unchanged.
pub fn with_break_opportunities(text: &str) -> String {
    if text.contains(char::is_whitespace) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push(c);
        if matches!(c, '.' | '/' | '_' | '?' | '=' | '&' | '%' | '-') {
            out.push('\u{200B}');
        }
    }
    out
}

/// Returns an array. The trailing comma keeps an array of one element an array.
pub fn array(items: impl IntoIterator<Item = String>) -> String {
    let inner: String = items.into_iter().map(|item| item + ", ").collect();
    if inner.is_empty() { "()".into() } else { format!("({inner})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_markup() {
        let mut out = String::new();
        escape("#read(\"x\") *a* 1. x... $y$ https://a.b", &mut out);
        assert_eq!(out, "\\#read(\\\"x\\\") \\*a\\* 1\\. x.\\.\\. \\$y\\$ https:\\/\\/a.b");
    }

    #[test]
    fn escapes_no_hyphen_or_slash_between_letters() {
        let mut out = String::new();
        escape("porte-clés et/ou -a b- 1-2 a--b http://x a-?", &mut out);
        assert_eq!(out, "porte-clés et/ou \\-a b\\- 1\\-2 a\\-\\-b http:\\/\\/x a\\-?");
    }

    #[test]
    fn splits_long_texts_between_characters() {
        let mut out = String::new();
        long(&"é\"#\n".repeat(20_000), &mut out);
        assert_eq!(out.matches(";#\"").count(), 1, "two strings");
        assert_eq!(out.matches("\\\"").count(), 20_000);
        assert!(!out.contains('\n') && out.starts_with("#\"é") && out.ends_with("\";"));
    }

    #[test]
    fn counts_the_characters_of_markup() {
        let text = "#read(\"x\") *é* 1. x... $y$ porte-clés a-- 3) \u{202F}!";
        let mut out = String::new();
        escape(text, &mut out);
        let whole = format!("{out}{BREAK}{out}");
        assert_eq!(markup_characters(&whole, out.len()), text.chars().count());
        assert_eq!(markup_characters(&whole, out.len() + BREAK.len()), text.chars().count());
        assert_eq!(markup_characters(&whole, whole.len()), 2 * text.chars().count());
        assert_eq!(markup_characters("\\*a", 2), 1);
    }

    #[test]
    fn counts_the_characters_of_string_literals() {
        let text = "é\"#\\a".repeat(20_000);
        let mut out = String::new();
        long(&text, &mut out);
        let second = out.match_indices(";#\"").next().unwrap().0 + 2;
        let first = text
            .chars()
            .scan(0, |bytes, c| {
                *bytes += c.len_utf8();
                Some(*bytes)
            })
            .filter(|bytes| *bytes <= 60_000)
            .count();
        assert_eq!(string_characters(&out, 1, 0), 0);
        assert_eq!(string_characters(&out, 1, 3), 2);
        assert_eq!(string_characters(&out, 1, 60_000), first);
        assert_eq!(string_characters(&out, second, 0), first);
        assert_eq!(string_characters(&out, second, 6), first + 5);
    }

    #[test]
    fn escapes_strings() {
        assert_eq!(string("a\"b\\c\n"), "\"a\\\"b\\\\c\\u{a}\"");
        assert_eq!(array([]), "()");
        assert_eq!(array([string("a")]), "(\"a\", )");
    }
}
