//! Characters as Typst markup and as Typst strings: whatever an author writes is printed, never run.

/// Writes characters as markup; every character that markup could read is escaped. A hyphen or a slash between two letters is
/// left as it is: Typst makes a piece of each escape, and finds the piece of a glyph by walking over all of a paragraph's.
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
            // "1." would start a list, "..." would become an ellipsis.
            '.' | ')' if before.is_none_or(|b: char| b.is_ascii_digit() || b == '.') => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\t' => out.push(' '),
            c => out.push(c),
        }
        before = Some(c);
    }
}

/// Writes a long text as strings, a piece for each 60,000 bytes: a glyph knows its place in a piece by a number of 16 bits.
pub fn long(text: &str, out: &mut String) {
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(crate::diagnostic::floor_char_boundary(rest, 60_000));
        let piece = piece.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ");
        out.push_str(&format!("#{};", string(&piece)));
        rest = after;
    }
}

/// Writes characters as a string literal.
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

/// Writes a string literal, or `none`.
pub fn maybe(text: Option<&str>) -> String {
    text.map_or_else(|| "none".into(), string)
}

/// Writes a language tag as arguments of `text`: Typst takes the language and the region apart.
pub fn language(tag: &str) -> String {
    let (lang, region) = tag.split_once('-').map_or((tag, None), |(lang, region)| (lang, Some(region)));
    let region = region.filter(|region| region.len() == 2).map(|region| format!(", region: {}", string(&region.to_uppercase())));
    format!("lang: {}{}", string(lang), region.unwrap_or_default())
}

/// Lets a long address be cut at its signs: set whole, it runs out of a narrow column. Words are left as they are.
pub fn cuttable(text: &str) -> String {
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

/// Writes an array; a trailing comma keeps one element an array.
pub fn array(items: impl IntoIterator<Item = String>) -> String {
    let inner: String = items.into_iter().map(|item| item + ", ").collect();
    if inner.is_empty() { "()".into() } else { format!("({inner})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_printed_as_it_stands() {
        let mut out = String::new();
        escape("#read(\"x\") *a* 1. x... $y$ https://a.b", &mut out);
        assert_eq!(out, "\\#read(\\\"x\\\") \\*a\\* 1\\. x.\\.\\. \\$y\\$ https:\\/\\/a.b");
    }

    #[test]
    fn a_word_with_a_hyphen_is_one_piece() {
        let mut out = String::new();
        escape("porte-clés et/ou -a b- 1-2 a--b http://x a-?", &mut out);
        assert_eq!(out, "porte-clés et/ou \\-a b\\- 1\\-2 a\\-\\-b http:\\/\\/x a\\-?");
    }

    #[test]
    fn long_texts_are_strings_of_whole_characters() {
        let mut out = String::new();
        long(&"é\"#\n".repeat(20_000), &mut out);
        assert_eq!(out.matches(";#\"").count(), 1, "two pieces");
        assert_eq!(out.matches("\\\"").count(), 20_000);
        assert!(!out.contains('\n') && out.starts_with("#\"é") && out.ends_with("\";"));
    }

    #[test]
    fn strings_are_closed_only_at_their_end() {
        assert_eq!(string("a\"b\\c\n"), "\"a\\\"b\\\\c\\u{a}\"");
        assert_eq!(array([]), "()");
        assert_eq!(array([string("a")]), "(\"a\", )");
    }
}
