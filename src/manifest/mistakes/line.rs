//! Scans lines of TOML for brackets, and for characters that are allowed only in strings and comments.

use super::TomlMistake;

/// The state of a scan after a line: the open brackets and the open string.
#[derive(Debug, Default)]
pub struct Scanned {
    /// The open brackets and braces, with their positions.
    open: Vec<(char, usize)>,
    /// The delimiter that closes the open multi-line string.
    closing: Option<&'static str>,
}

impl Scanned {
    /// Returns whether an array, an inline table or a string is open.
    pub fn is_inside(&self) -> bool {
        !self.open.is_empty() || self.is_in_string()
    }

    /// Returns whether a multi-line string is open.
    pub fn is_in_string(&self) -> bool {
        self.closing.is_some()
    }

    /// Returns the position of the innermost open bracket, if it opens an array.
    pub fn innermost_list(&self) -> Option<usize> {
        self.open.last().filter(|(bracket, _)| *bracket == '[' && !self.is_in_string()).map(|(_, at)| *at)
    }

    /// Reads a line that starts at byte `start`. Returns the first character that is not allowed outside of strings and comments.
    pub fn read(&mut self, line: &str, start: usize) -> Option<TomlMistake> {
        let header = !self.is_inside() && line.trim_start().starts_with('[');
        let mut found = None;
        let mut at = 0;
        while let Some(rest) = line.get(at..)
            && let Some(c) = rest.chars().next()
        {
            if let Some(marks) = self.closing {
                let end = rest.find(marks).map(|end| end + marks.len());
                self.closing = if end.is_some() { None } else { self.closing };
                at += end.unwrap_or(rest.len());
                continue;
            }
            match c {
                '#' => break,
                '"' | '\'' => at += self.string(rest, c),
                _ => {
                    if !header {
                        self.bracket(c, start + at);
                    }
                    found = found.or_else(|| misplaced(c, start + at, !self.open.is_empty()));
                    at += c.len_utf8();
                }
            }
        }
        found
    }

    /// Reads a string that starts with `mark`. Returns its length in bytes, at most to the end of the line.
    fn string(&mut self, rest: &str, mark: char) -> usize {
        let triple = if mark == '"' { "\"\"\"" } else { "'''" };
        if rest.starts_with(triple) {
            self.closing = Some(triple);
            return triple.len();
        }
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            if c == mark && !escaped {
                return at + 1;
            }
            escaped = c == '\\' && mark == '"' && !escaped;
        }
        rest.len()
    }

    fn bracket(&mut self, c: char, at: usize) {
        match c {
            '[' | '{' => self.open.push((c, at)),
            ']' | '}' => drop(self.open.pop()),
            _ => {}
        }
    }
}

/// Returns the mistake if a character is not allowed outside of strings and comments. `mistake_in_value` reports quotation marks
/// outside of arrays.
fn misplaced(c: char, at: usize, in_list: bool) -> Option<TomlMistake> {
    let range = at..at + c.len_utf8();
    match c {
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' if in_list => {
            let message = format!("{c} does not start or end a text");
            Some(TomlMistake::new(range, message, "replace it with a straight quotation mark: \""))
        }
        ' ' | '\t' | '\n' | '\r' => None,
        c if c.is_whitespace() || c == '\u{200B}' || c == '\u{FEFF}' => {
            let name = match c {
                '\u{A0}' | '\u{202F}' => "a no-break space",
                '\u{200B}' | '\u{FEFF}' => "an invisible character",
                _ => "an unusual space",
            };
            let hint = if c.is_whitespace() { "replace it with an ordinary space" } else { "delete it" };
            Some(TomlMistake::new(range, format!("there is {name} (U+{:04X}) here", u32::from(c)), hint))
        }
        _ => None,
    }
}
