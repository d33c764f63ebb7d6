//! Break opportunities in texts without any: long addresses, long names in code, very long words.

/// Maximum length of a word or of a name in code without break opportunities, in characters.
const LONG: usize = 24;

/// The same for a run of letters, which hyphenation can break.
const LONG_WORD: usize = 40;

/// Splits a text at break opportunities: long addresses after their punctuation. The parts together are the text.
pub fn breakable(text: &str) -> Vec<&str> {
    cut(text, &|word, parts| if is_letters(word) { parts.push(word) } else { by_signs(word, parts) })
}

/// Splits code at break opportunities: long names after their punctuation.
pub fn breakable_code(text: &str) -> Vec<&str> {
    cut(text, &by_signs)
}

/// Splits very long words, numbers and hashes after every character, so that a line may be broken anywhere in them. Style sheets
/// have `overflow-wrap` for this, Typst does not.
pub fn endless(text: &str) -> Vec<&str> {
    cut(text, &|word, parts| by_length(word, if is_letters(word) { LONG_WORD } else { LONG }, parts))
}

/// Returns whether a word consists of letters and the punctuation in and beside words.
fn is_letters(word: &str) -> bool {
    let beside = |c: char| matches!(c, '\'' | '’' | '-' | '\u{AD}' | '.' | ',' | ';' | ':' | '!' | '?' | '»' | ')');
    word.chars().all(|c| c.is_alphabetic() || beside(c))
}

/// Returns whether a word may be broken between its letters. Scripts other than Latin, Greek and Cyrillic have their own rules for
/// line breaks, or join their letters.
fn is_divisible(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '\0'..'\u{590}' | '\u{1E00}'..'\u{2E80}'))
}

/// Splits each long word of a text; spaces belong to the part before them.
fn cut<'t>(text: &'t str, divide: &dyn Fn(&'t str, &mut Vec<&'t str>)) -> Vec<&'t str> {
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

/// Splits a word after each group of punctuation, and long runs between them anywhere.
fn by_signs<'t>(word: &'t str, parts: &mut Vec<&'t str>) {
    // Not after a hyphen, which would be read as hyphenation at the end of a line.
    let sign = |c: char| {
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
        // A part has at least three characters, and so does the rest.
        if before.is_some_and(sign) && !sign(c) && at >= start + 3 && word.len() >= at + 3 {
            parts.push(&word[start..at]);
            start = at;
        }
        before = Some(c);
    }
    parts.push(&word[start..]);
}

/// Splits a run that is longer than `most` after every character, except the first two and the last two.
fn by_length<'t>(run: &'t str, most: usize, parts: &mut Vec<&'t str>) {
    let count = run.chars().count();
    if count <= most {
        parts.push(run);
        return;
    }
    let mut start = 0;
    for (at, _) in run.char_indices().take(count - 1).skip(3) {
        parts.push(&run[start..at]);
        start = at;
    }
    parts.push(&run[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_cut_after_their_signs() {
        let parts = breakable("Voir https://example.org/cahiers/2024/releves?port=3 et le reste.");
        assert_eq!(parts, ["Voir https://", "example.", "org/", "cahiers/", "2024/", "releves?", "port=3 et le reste."]);
    }

    #[test]
    fn words_of_ordinary_length_are_left_to_hyphenation() {
        for text in ["anticonstitutionnellement, dit-on", "un arc-en-ciel-de-toutes-les-couleurs", "https://a.org", ""] {
            assert_eq!(breakable(text), [text], "{text}");
        }
        let japanese = "潮は一日に二度満ちる。".repeat(5);
        assert_eq!(breakable(&japanese), [japanese.as_str()]);
        assert_eq!(breakable_code("let x = short_name;"), ["let x = short_name;"]);
    }

    #[test]
    fn a_word_without_end_may_break_anywhere() {
        let word = "é".repeat(80);
        assert_eq!(breakable(&word), [word.as_str()], "it has no sign");
        let parts = endless(&word);
        assert_eq!(parts.concat(), word);
        assert_eq!((parts.len(), parts[0].chars().count(), parts[76].chars().count()), (77, 3, 2));
    }

    #[test]
    fn code_is_cut_at_its_signs_and_nothing_is_lost() {
        let code = "    call(module_of_the_tides::a_function_with_a_long_name, 0x0123456789abcdef0123456789abcdef)";
        let parts = breakable_code(code);
        assert_eq!(parts.concat(), code);
        assert_eq!(parts[..4], ["    call(", "module_", "of_", "the_"]);
        let endless: Vec<&str> = parts.iter().flat_map(|part| super::endless(part)).collect();
        assert_eq!(endless.concat(), code);
        assert!(endless.iter().all(|part| part.len() < 25), "{endless:?}");
    }
}
