//! Line-break opportunities in long addresses, long names in code, and very long words.

/// Maximum length of a word or of a name in code that is not split, in characters.
const LONG: usize = 24;

/// Maximum length of a run of letters that is not split, in characters. It is larger, because hyphenation can break letters.
const LONG_WORD: usize = 40;

/// Length above which a word is split after every [`STEP`] characters instead of after each one, because the time to lay out a
/// word grows with the number of its parts.
const VERY_LONG: usize = 200;

/// Length of the parts of a very long word, in characters.
const STEP: usize = 8;

/// Splits a text after the punctuation of long addresses. Concatenated, the parts are the text.
pub fn breakable(text: &str) -> Vec<&str> {
    split_words(text, &|word, parts| if is_letters(word) { parts.push(word) } else { split_at_punctuation(word, parts) })
}

/// Splits an address of any length after its punctuation, for narrow columns. Returns any other text unchanged.
pub fn breakable_address(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    match text.contains(char::is_whitespace) || is_letters(text) || !is_divisible(text) {
        true => parts.push(text),
        false => split_at_punctuation(text, &mut parts),
    }
    parts
}

/// Splits code after the punctuation of long names.
pub fn breakable_code(text: &str) -> Vec<&str> {
    split_words(text, &split_at_punctuation)
}

/// Splits very long words, numbers and hashes after every character, so that a line can break anywhere in them. Typst needs this,
/// because it has no equivalent of the CSS property `overflow-wrap`.
pub fn split_long_words(text: &str) -> Vec<&str> {
    split_words(text, &|word, parts| split_run(word, if is_letters(word) { LONG_WORD } else { LONG }, parts))
}

/// Returns whether a word consists of letters and the punctuation inside or next to words.
fn is_letters(word: &str) -> bool {
    let beside = |c: char| matches!(c, '\'' | '’' | '-' | '\u{AD}' | '.' | ',' | ';' | ':' | '!' | '?' | '»' | ')');
    word.chars().all(|c| c.is_alphabetic() || beside(c))
}

/// Returns whether a word may be broken between its letters. Scripts other than Latin, Greek and Cyrillic have their own rules
/// for line breaks, or join their letters.
fn is_divisible(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '\0'..'\u{590}' | '\u{1E00}'..'\u{2E80}'))
}

/// Splits each long word of a text with `divide`. Spaces belong to the part before them.
fn split_words<'t>(text: &'t str, divide: &dyn Fn(&'t str, &mut Vec<&'t str>)) -> Vec<&'t str> {
    if text.len() <= LONG || !text.split(char::is_whitespace).any(|word| word.len() > LONG) {
        return vec![text];
    }
    let mut parts: Vec<&str> = Vec::new();
    let mut whole = 0;
    let mut at = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end_matches(char::is_whitespace);
        let mut divided = Vec::new();
        if word.chars().count() > LONG && is_divisible(word) {
            divide(word, &mut divided);
        } else {
            divided.push(word);
        }
        // Every part but the last ends at a break opportunity.
        for part in divided.iter().take(divided.len().saturating_sub(1)) {
            at += part.len();
            parts.push(&text[whole..at]);
            whole = at;
        }
        at += divided.last().map_or(0, |part| part.len()) + piece.len() - word.len();
    }
    parts.push(&text[whole..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Splits a word after each group of punctuation.
fn split_at_punctuation<'t>(word: &'t str, parts: &mut Vec<&'t str>) {
    // Not after a hyphen, because at the end of a line it looks like hyphenation.
    let is_punctuation = |c: char| {
        matches!(
            c,
            '/' | '.'
                | '_'
                | '?'
                | '='
                | '&'
                | '%'
                | ':'
                | '#'
                | ','
                | ';'
                | '+'
                | '~'
                | '|'
                | '@'
                | '('
                | ')'
                | '['
                | ']'
                | '{'
                | '}'
                | '<'
                | '>'
                | '\\'
        )
    };
    let mut start = 0;
    let mut before = None;
    for (at, c) in word.char_indices() {
        // Each part has at least three characters.
        if before.is_some_and(is_punctuation) && !is_punctuation(c) && at >= start + 3 && word.len() >= at + 3 {
            parts.push(&word[start..at]);
            start = at;
        }
        before = Some(c);
    }
    parts.push(&word[start..]);
}

/// Splits a run that is longer than `most` after every character, except the first two and the last two, or after every [`STEP`]
/// characters if it is very long.
fn split_run<'t>(run: &'t str, most: usize, parts: &mut Vec<&'t str>) {
    let count = run.chars().count();
    if count <= most {
        parts.push(run);
        return;
    }
    let mut start = 0;
    let step = if count > VERY_LONG { STEP } else { 1 };
    for (at, _) in run.char_indices().take(count - 1).skip(3).step_by(step) {
        parts.push(&run[start..at]);
        start = at;
    }
    parts.push(&run[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_addresses_after_punctuation() {
        let parts = breakable("Voir https://example.org/cahiers/2024/releves?port=3 et le reste.");
        assert_eq!(parts, ["Voir https://", "example.", "org/", "cahiers/", "2024/", "releves?", "port=3 et le reste."]);
    }

    #[test]
    fn keeps_words_of_ordinary_length() {
        for text in ["anticonstitutionnellement, dit-on", "un arc-en-ciel-de-toutes-les-couleurs", "https://a.org", ""] {
            assert_eq!(breakable(text), [text], "{text}");
        }
        let japanese = "潮は一日に二度満ちる。".repeat(5);
        assert_eq!(breakable(&japanese), [japanese.as_str()]);
        assert_eq!(breakable_code("let x = short_name;"), ["let x = short_name;"]);
    }

    #[test]
    fn splits_a_very_long_word_anywhere() {
        let word = "é".repeat(80);
        assert_eq!(breakable(&word), [word.as_str()], "it has no punctuation");
        let parts = split_long_words(&word);
        assert_eq!(parts.concat(), word);
        assert_eq!((parts.len(), parts[0].chars().count(), parts[76].chars().count()), (77, 3, 2));
    }

    #[test]
    fn splits_code_after_punctuation() {
        let code = "    call(module_of_the_tides::a_function_with_a_long_name, 0x0123456789abcdef0123456789abcdef)";
        let parts = breakable_code(code);
        assert_eq!(parts.concat(), code);
        assert_eq!(parts[..4], ["    call(", "module_", "of_", "the_"]);
        let pieces: Vec<&str> = parts.iter().flat_map(|part| super::split_long_words(part)).collect();
        assert_eq!(pieces.concat(), code);
        assert!(pieces.iter().all(|part| part.len() < 25), "{pieces:?}");
    }

    #[test]
    fn addresses_break_at_any_length() {
        assert_eq!(breakable_address("example.org/carnets"), ["example.", "org/", "carnets"]);
        for text in ["Licence Ouverte 2.0", "Spectral", "CC-BY"] {
            assert_eq!(breakable_address(text), [text]);
        }
    }
}
