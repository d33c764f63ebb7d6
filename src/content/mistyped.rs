//! Markdown that is nearly markup and is therefore printed as typed (R217): `##Timetable`, `[x] (y.html)`, `**x`, `:: callout`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::typed::TypedText;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};

/// A frequent mistake.
struct TypingMistake {
    /// The message of the diagnostic.
    message: &'static str,
    /// The hint of the diagnostic: the markup that the author probably meant.
    hint: &'static str,
    /// Its pattern. If there is a group `m`, only this group is reported. U+E001 represents either end of a link.
    pattern: &'static str,
}

const fn mistake(message: &'static str, hint: &'static str, pattern: &'static str) -> TypingMistake {
    TypingMistake { message, hint, pattern }
}

/// The mistakes. If two match the same characters, the first takes precedence.
const MISTAKES: &[TypingMistake] = &[
    mistake(
        "the path of this image contains a space, so it is not read as an image",
        "put the path between < and >: ![…](<a path.jpg>), or rename the file without spaces",
        r"!\[[^\[\]\n]*\]\([^()<>\n]*[^()<>\s][ \t]+[^()\n]*\)",
    ),
    mistake(
        "the address of this link contains a space, so it is not read as a link",
        "write the space as %20, or put the address between < and >: [words](<an address>)",
        r"\[[^\[\]\n]*\]\([^()<>\s]*[/#.][^()<>\n]*[ \t][^()\n]*\)",
    ),
    mistake(
        "there is a space between the words of this link and its address, so it is not read as a link",
        "delete the space: [words](address)",
        r"!?\[[^\[\]\n]+\][ \t]+\((?:\u{E001}[^\u{E001}\n]*\u{E001}|(?:https?:|mailto:|tel:|#|\.{0,2}/|[A-Za-z0-9_./-]+\.(?:md|html?|png|jpe?g|svg|pdf|gif|webp|org|com|net|fr)(?-u:\b))[^()\s]*)\)",
    ),
    mistake(
        "this link is not closed, so it is not read as a link",
        "end its address with a closing parenthesis",
        r"(?m)!?\[[^\[\]\n]+\]\((?:\u{E001}[^\u{E001}\n]*\u{E001}|(?:https?:|#|\.{0,2}/)[^()\s]*)$",
    ),
    mistake(
        "there is no space after the # signs of this heading, so it is not read as a heading",
        "write \"## Title\"",
        r"(?m)^#{2,6}[^\s#][^\n]*",
    ),
    mistake(
        "a container starts with three colons",
        "write \"::: name\", and end it with a line of three colons",
        r"(?m)^::[ \t]*\{?[a-z][^\n]*",
    ),
    mistake(
        "these asterisks have spaces inside, so they are not read as emphasis",
        "delete the spaces inside: **words**",
        r"(?m)^(?P<m>\*\*[ \t][^*\n]+[ \t]\*\*)(?:$|[\s.,;:!?])",
    ),
    mistake(
        "these asterisks have no counterpart, so they are printed",
        "end the words with as many asterisks, or put a backslash before each to print it",
        r"(?:^|[\s(«“])(?P<m>\*\*[^\s*]+)",
    ),
    mistake(
        "this backquote has no counterpart, so it is printed",
        "end the code with a backquote, or put a backslash before it to print it",
        r"(?:^|[\s(])(?P<m>`[^\s`]+)",
    ),
    mistake(
        "this is not read as a table: the second line must be a row of hyphens with as many cells as the first",
        "write |---|---| as the second line, with as many cells as the first line",
        r"\A[ \t]*\|[^\n]*\|[ \t]*\n[ \t]*\|[^\n]*\|",
    ),
    mistake(
        "these lines are not read as a list: a space is missing after their hyphens",
        "write \"- \" at the start of each item",
        r"(?m)^-\p{L}[^\n]*\n-\p{L}",
    ),
];

// A Unicode word boundary in one of the patterns would slow down the search in text that is not ASCII.
static ANY: LazyLock<Option<RegexSet>> = LazyLock::new(|| RegexSet::new(MISTAKES.iter().map(|mistake| mistake.pattern)).ok());

static EACH: LazyLock<Vec<Option<Regex>>> =
    LazyLock::new(|| MISTAKES.iter().map(|mistake| Regex::new(mistake.pattern).ok()).collect());

/// Reports each mistake in a text at its location.
pub fn search(typed: &TypedText, found: &mut Diagnostics) {
    for (mistake, range) in find(&typed.text) {
        if let Some(span) = typed.span(&range) {
            found.push(diagnostic(mistake.message, span, mistake.hint));
        }
    }
}

/// Creates the warning for a mistake.
pub fn diagnostic(message: &str, span: Span, hint: &str) -> Diagnostic {
    Diagnostic::new(code::MISTYPED, message).at(span).hint(hint)
}

fn find(text: &str) -> Vec<(&'static TypingMistake, Range<usize>)> {
    let mut found: Vec<(&'static TypingMistake, Range<usize>)> = Vec::new();
    for index in ANY.iter().flat_map(|set| set.matches(text)) {
        let (Some(mistake), Some(Some(regex))) = (MISTAKES.get(index), EACH.get(index)) else { continue };
        for captures in regex.captures_iter(text) {
            let part = captures.name("m").or_else(|| captures.get(0));
            let Some(range) = part.map(|part| part.range()) else { continue };
            if found.iter().all(|(_, other)| range.end <= other.start || other.end <= range.start) {
                found.push((mistake, range));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<&'static str> {
        find(text).into_iter().map(|(mistake, _)| mistake.message.split([' ', ',']).nth(1).unwrap_or_default()).collect()
    }

    #[test]
    fn every_pattern_is_valid() {
        assert!(ANY.is_some() && EACH.iter().all(Option::is_some));
    }

    #[test]
    fn mistakes_are_found() {
        for (text, count) in [
            ("![a](images/gare de brume.jpg)", 1),
            ("See [the plan](docs/the plan.html).", 1),
            ("##Horaires", 1),
            ("See [the plan] (plan.md).", 1),
            ("See [the plan] (https://example.org/a).", 1),
            ("See [the plan](https://example.org", 1),
            ("**Attention: the quay floods.", 1),
            ("** Attention ** the quay floods.", 1),
            (":: callout {kind=\"tip\"}\nText.\n::", 1),
            ("Run `cargo build and wait.", 1),
            ("| a | b |\n| c | d |", 1),
            ("-one\n-two", 1),
        ] {
            assert_eq!(messages(text).len(), count, "{text}");
        }
    }

    #[test]
    fn ordinary_text_is_not_a_mistake() {
        for text in [
            "#5 and #hashtag, 5 * 3 ** 2, a ** b",
            "[sic] (as he wrote), [1] (1998), [x](a word)",
            "He said (see [1]) that it was -5 to -3 degrees.",
            "a :: b, std::fs, ::1",
            "-5\n-6",
            "A footnote* and another**.",
            "the ` sign",
        ] {
            assert_eq!(messages(text), Vec::<&str>::new(), "{text}");
        }
    }
}
