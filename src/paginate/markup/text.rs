//! Characters as Typst markup and as Typst strings: whatever an author writes is printed, never run.

/// Writes characters as markup; every character that markup could read is escaped.
pub fn escape(text: &str, out: &mut String) {
    let mut before = None;
    for c in text.chars() {
        match c {
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
    let mut parts = tag.split('-');
    let lang = parts.next().unwrap_or_default();
    let region = parts.find(|part| part.len() == 2).map(|region| format!(", region: {}", string(&region.to_uppercase())));
    format!("lang: {}{}", string(lang), region.unwrap_or_default())
}

/// Lets a long address be cut at its signs, in a string: layouts put breaks where the zero-width spaces stand. Words are left
/// as they are.
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
    fn strings_are_closed_only_at_their_end() {
        assert_eq!(string("a\"b\\c\n"), "\"a\\\"b\\\\c\\u{a}\"");
        assert_eq!(array([]), "()");
        assert_eq!(array([string("a")]), "(\"a\", )");
    }
}
