//! Classes of characters: punctuation that ends sentences, and characters that are rejected in every source because the outputs
//! cannot contain them or because they change the order of the displayed text.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, Strictness, code};

/// Maximum number of diagnostics for one text.
const MAX_DIAGNOSTICS: usize = 20;

/// Reports rejected characters and characters with too many combining marks, at most 20 of each.
pub fn check(source: SourceId, text: &str, found: &mut Diagnostics) {
    for (at, c) in rejected(text).take(MAX_DIAGNOSTICS) {
        found.push(diagnostic(c).at(Span::new(source, at..at + c.len_utf8())));
    }
    for (at, c) in overloaded(text).take(MAX_DIAGNOSTICS) {
        let message = format!("a character has more than {MAX_MARKS} combining marks or joined parts");
        let limit = Diagnostic::new(code::LIMIT, message).at(Span::new(source, at..at + c.len_utf8()));
        found.push(limit.hint("delete the marks from here on: a text in any language needs fewer"));
    }
}

/// Reports the rejected characters of a section. In a lenient build, replaces them with spaces or invisible characters of the
/// same length, so that locations do not change.
pub fn accepted<'a>(source: SourceId, text: &'a str, strictness: Strictness, found: &mut Diagnostics) -> Cow<'a, str> {
    let mut own = Diagnostics::default();
    check(source, text, &mut own);
    if !strictness.is_lenient() || own.is_empty() {
        found.extend(own);
        return Cow::Borrowed(text);
    }
    let is_character = |diagnostic: &Diagnostic| diagnostic.code == code::CHARACTER;
    let soften =
        |diagnostic| if is_character(&diagnostic) { strictness.soften(diagnostic, "it is left out") } else { diagnostic };
    found.extend(own.into_list().into_iter().map(soften).collect());
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (at, c) in rejected(text) {
        out.push_str(text.get(end..at).unwrap_or_default());
        // A space, a soft hyphen, or a word joiner.
        out.push(match c.len_utf8() {
            1 => ' ',
            2 => '\u{AD}',
            _ => '\u{2060}',
        });
        end = at + c.len_utf8();
    }
    out.push_str(text.get(end..).unwrap_or_default());
    Cow::Owned(out)
}

/// Maximum number of combining marks after a character, as in Stream-Safe Text (UAX #15 §13), and of characters that U+200D joins
/// to it.
const MAX_MARKS: usize = 30;

/// Returns the first mark of each character that exceeds [`MAX_MARKS`].
fn overloaded(text: &str) -> impl Iterator<Item = (usize, char)> {
    // 0xCC is the first byte of U+0300, the first combining mark.
    let (mut count, mut end, mut joined) = (0, 0, false);
    find_by_first_byte(text, |byte| byte >= 0xCC).filter(move |(at, c)| {
        let is_joiner = *c == '\u{200D}';
        let continues = *at == end && (is_joiner || joined || is_combining_mark(*c));
        count = if continues { count + usize::from(!is_joiner) } else { 0 };
        (end, joined) = (at + c.len_utf8(), is_joiner);
        // The character before the first mark may be ASCII, which is not visited.
        if !continues && is_combining_mark(*c) {
            count = 1;
        }
        count == MAX_MARKS + 1 && !is_joiner
    })
}

/// Reports the first rejected character of a value. `span` is the escape or character reference that produced it.
pub fn check_value(text: &str, span: Span, found: &mut Diagnostics) {
    if let Some((_, c)) = rejected(text).next() {
        found.push(diagnostic(c).at(span));
    }
}

/// Removes rejected characters from a text.
pub fn printable(text: &str) -> String {
    text.chars().filter(|c| !is_rejected(*c)).collect()
}

/// Returns whether a character ends a sentence.
pub fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…')
}

/// Returns whether a character at the end of an address belongs to the surrounding sentence. Closing brackets are not included,
/// because they can be part of an address.
pub fn is_trailing_punctuation(c: char) -> bool {
    ends_sentence(c) || matches!(c, ',' | ';' | ':' | '\'' | '’' | '”' | '»')
}

/// Returns whether a character other than a line feed ends a line (Unicode UAX #14, classes BK and NL). The PDF and the EPUB show
/// a space instead.
pub fn ends_line(c: char) -> bool {
    matches!(c, '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns whether a character belongs to a script without spaces between words, whose lines are joined without a space: Chinese,
/// Japanese and Yi, with their punctuation and full-width forms (Unicode UAX #11, wide and full-width, without Hangul).
pub fn is_written_without_spaces(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}' | '\u{2FF0}'..='\u{312F}' | '\u{3190}'..='\u{31FF}' | '\u{3220}'..='\u{325F}'
        | '\u{3280}'..='\u{4DBF}' | '\u{4E00}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF01}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFD}')
}

/// Returns whether a character belongs to a script that has no spaces between words: those of [`is_written_without_spaces`], and
/// Thai, Lao, Burmese and Khmer, whose lines are joined with a space.
pub fn has_no_word_spaces(c: char) -> bool {
    is_written_without_spaces(c) || matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

/// Returns the characters of a text that are not ASCII.
pub fn non_ascii(text: &str) -> impl Iterator<Item = char> {
    find_by_first_byte(text, |byte| byte >= 0xC0).map(|(_, c)| c)
}

/// Returns the rejected characters of a text, each with its byte offset.
fn rejected(text: &str) -> impl Iterator<Item = (usize, char)> {
    find_by_first_byte(text, |byte| STARTS[usize::from(byte)]).filter(|(_, c)| is_rejected(*c))
}

/// Finds characters by their first UTF-8 byte, which is much faster than decoding the whole text if there are few matches.
fn find_by_first_byte(text: &str, first: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, char)> {
    let starts = text.bytes().enumerate().filter(move |(_, byte)| first(*byte));
    starts.filter_map(|(at, _)| Some((at, text.get(at..)?.chars().next()?)))
}

/// Whether a byte can be the first UTF-8 byte of a rejected character. The first bytes of most letters cannot.
const STARTS: [bool; 256] = {
    let mut starts = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        starts[control] = control != 0x0A;
        control += 1;
    }
    starts[0x7F] = true;
    starts[0xC2] = true;
    starts[0xE2] = true;
    starts[0xEF] = true;
    starts
};

fn is_rejected(c: char) -> bool {
    is_unprintable(c) || direction_name(c).is_some()
}

/// Returns whether a character is a control character, a byte-order mark or a noncharacter (XML 1.0 §2.2; PDF/UA-1 forbids
/// U+FEFF).
fn is_unprintable(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{85}')) || matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Returns the name of an explicit directional formatting character (Unicode UAX #9 §2), which displays a text in another order
/// than its logical order. The implicit marks U+200E, U+200F and U+061C are permitted.
fn direction_name(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{202A}' => "left-to-right embedding",
        '\u{202B}' => "right-to-left embedding",
        '\u{202C}' => "pop directional formatting",
        '\u{202D}' => "left-to-right override",
        '\u{202E}' => "right-to-left override",
        '\u{2066}' => "left-to-right isolate",
        '\u{2067}' => "right-to-left isolate",
        '\u{2068}' => "first strong isolate",
        '\u{2069}' => "pop directional isolate",
        _ => return None,
    })
}

fn diagnostic(c: char) -> Diagnostic {
    let number = u32::from(c);
    match direction_name(c) {
        Some(name) => Diagnostic::new(
            code::CHARACTER,
            format!("the character U+{number:04X} ({name}) changes the order of the displayed text"),
        )
        .hint("delete this invisible character: right-to-left text does not need it"),
        None => Diagnostic::new(code::CHARACTER, format!("the character U+{number:04X} cannot be printed"))
            .hint("delete this invisible character"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    fn reported(text: &str) -> Vec<(usize, String)> {
        let mut found = Diagnostics::default();
        check(Sources::default().add("a.md", text), text, &mut found);
        found.sorted().iter().map(|d| (d.span.map_or(0, |span| span.start), d.message.clone())).collect()
    }

    #[test]
    fn reports_control_and_directional_characters() {
        for c in ('\0'..='\u{9F}').filter(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{85}')) {
            assert_eq!(reported(&format!("é{c}")), [(2, format!("the character U+{:04X} cannot be printed", u32::from(c)))]);
        }
        for c in ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}') {
            assert!(reported(&format!("ab{c}"))[0].1.starts_with(&format!("the character U+{:04X} (", u32::from(c))));
        }
        assert_eq!(reported(&"\u{202E}".repeat(5000)).len(), MAX_DIAGNOSTICS);
    }

    #[test]
    fn limits_the_marks_of_a_character() {
        let message = "a character has more than 30 combining marks or joined parts".to_owned();
        for (before, mark) in [("a", "\u{301}"), ("é", "\u{301}"), ("水", "\u{300}"), ("", "\u{301}")] {
            assert_eq!(reported(&format!("{before}{}b", mark.repeat(30))), []);
            let over = format!("{before}{}b", mark.repeat(5000));
            assert_eq!(reported(&over), [(before.len() + 30 * mark.len(), message.clone())], "{before}");
        }
        assert_eq!(reported(&"e\u{301}".repeat(100)), []);
        let chain = |count: usize| format!("👩{}", "\u{200D}👩".repeat(count));
        assert_eq!(reported(&chain(30)), []);
        assert_eq!(reported(&chain(5000)).len(), 1);
    }

    #[test]
    fn finds_every_rejected_character_by_its_first_byte() {
        let all: String = ('\0'..=char::MAX).collect();
        let wanted: Vec<(usize, char)> = all.char_indices().filter(|(_, c)| is_rejected(*c)).collect();
        assert_eq!(rejected(&all).collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn allows_the_characters_of_ordinary_text() {
        let text =
            "\r\n\t\u{85}\u{A0}\u{AD}\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{61C}\u{2060}\u{202F} שלום 日本 👩\u{200D}🚀";
        assert_eq!(reported(text), []);
    }
}
