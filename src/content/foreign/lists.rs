//! Lists with markers that Markdown does not support: `a)`, `(1)`, `•`.

use std::ops::Range;

use super::{Construct, MarkupFate};

const ITEMS: Construct = Construct {
    name: "a list with other markers",
    tool: "Pandoc and word processors",
    hint: "write each item on a line of its own that starts with \"- \" or \"1. \"",
    fate: MarkupFate::Printed,
};

/// The mark of an item: its form, and its number in the list if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ListMark {
    /// The characters around the number.
    form: &'static str,
    number: u32,
}

/// Finds typed items in the lines of consecutive paragraphs, each with its position. Numbers and letters are marks only if at
/// least two of them count up from 1, because a single `(1)` can start an ordinary sentence.
pub fn typed_lists<'a, P>(lines: impl Iterator<Item = (P, &'a str)>) -> Vec<(Construct, P, Range<usize>)> {
    let mut found = Vec::new();
    let mut row: Vec<(P, Range<usize>)> = Vec::new();
    let mut last: Option<ListMark> = None;
    for (position, line) in lines {
        let indent = line.len() - line.trim_start().len();
        let text = &line[indent..];
        if let Some(bullet) = bullet(text) {
            found.push((ITEMS, position, indent..indent + bullet));
            continue;
        }
        let Some((mark, length)) = numbered(text) else { continue };
        let continues = last.is_some_and(|last| last.form == mark.form && last.number + 1 == mark.number);
        if !continues {
            finish(&mut row, &mut found);
        }
        last = (continues || mark.number == 1).then_some(mark);
        if last.is_some() {
            row.push((position, indent..indent + length));
        }
    }
    finish(&mut row, &mut found);
    found
}

fn finish<P>(row: &mut Vec<(P, Range<usize>)>, found: &mut Vec<(Construct, P, Range<usize>)>) {
    if row.len() > 1 {
        found.extend(row.drain(..).map(|(position, range)| (ITEMS, position, range)));
    }
    row.clear();
}

/// Returns the length of a bullet that is followed by a space.
fn bullet(text: &str) -> Option<usize> {
    let first = text.chars().next().filter(|c| "•◦▪▫‣⁃●○■□∙➢➤".contains(*c))?;
    text[first.len_utf8()..].starts_with([' ', '\t', '\u{A0}']).then_some(first.len_utf8())
}

/// Reads a mark with a space after it: `a)`, `(a)`, `(1)`, `i)` or `(i)`. Returns the mark and its length.
fn numbered(text: &str) -> Option<(ListMark, usize)> {
    let open = text.starts_with('(');
    let rest = text.strip_prefix('(').unwrap_or(text);
    let word = rest.split(')').next().filter(|word| !word.is_empty() && word.len() <= 4)?;
    let length = usize::from(open) + word.len() + 1;
    if !text.get(length..)?.starts_with([' ', '\t', '\u{A0}']) {
        return None;
    }
    let number = match word.parse::<u32>() {
        // `1)` is a list in Markdown.
        Ok(number) => Some(number).filter(|_| open),
        Err(_) => letter(word),
    }?;
    let form = match (open, word.starts_with(|c: char| c.is_ascii_digit())) {
        (true, true) => "(1)",
        (true, false) => "(a)",
        (false, _) => "a)",
    };
    Some((ListMark { form, number }, length))
}

/// Returns the number of a letter or of a Roman number up to xii. `i` is a Roman number; other single letters are letters.
fn letter(word: &str) -> Option<u32> {
    const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    let lower = word.to_ascii_lowercase();
    match lower.as_bytes() {
        [byte @ b'a'..=b'z'] if *byte != b'i' => Some(u32::from(*byte - b'a') + 1),
        _ => ROMAN.iter().position(|roman| *roman == lower).and_then(|at| u32::try_from(at + 1).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<String> {
        let lines = text.lines().enumerate();
        let found = typed_lists(lines);
        let all: Vec<&str> = text.lines().collect();
        found.into_iter().map(|(_, line, range)| all[line][range].to_owned()).collect()
    }

    #[test]
    fn lists_with_other_markers_are_found() {
        assert_eq!(marks("a) one\nb) two\nc) three"), ["a)", "b)", "c)"]);
        assert_eq!(marks("(1) one\ncontinued\n(2) two"), ["(1)", "(2)"]);
        assert_eq!(marks("  (i) one\n  (ii) two"), ["(i)", "(ii)"]);
        assert_eq!(marks("• one\n• two"), ["•", "•"]);
        assert_eq!(marks("Then:\n• one"), ["•"]);
    }

    #[test]
    fn sentences_are_not_lists() {
        for text in [
            "(1) See the map.",
            "a) only",
            "(2023) was dry\n(2024) was wet",
            "– Oui.\n– Non.",
            "I) one\nX) two",
            "1) one\n2) two",
        ] {
            assert_eq!(marks(text), Vec::<String>::new(), "{text}");
        }
    }
}
