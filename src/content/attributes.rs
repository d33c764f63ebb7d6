//! Attributes in braces: `{#id .class key=value key="a value"}`, as Pandoc writes them.

use std::ops::Range;

use crate::diagnostic::Span;

/// An attribute and its position in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The key, or `#` for an id and `.` for a class.
    pub key: String,
    /// The value, without quotation marks.
    pub value: String,
    /// Its byte range.
    pub range: Range<usize>,
}

impl Attribute {
    /// Returns the words of the value with their locations. If the value contains a backslash, each word has the location of the
    /// attribute. `text` is the location of the text that contains the attributes.
    pub fn words(&self, text: Span) -> Vec<(String, Span)> {
        let marks = self.range.len().saturating_sub(self.key.len() + 1 + self.value.len());
        if marks > 2 {
            return self.value.split_whitespace().map(|word| (word.to_owned(), self.span(text))).collect();
        }
        let quoted = marks == 2;
        let start = (text.start + self.range.end).saturating_sub(self.value.len() + usize::from(quoted));
        let base = self.value.as_ptr() as usize;
        let words = self.value.split_whitespace().map(|word| {
            let from = start + (word.as_ptr() as usize - base);
            (word.to_owned(), Span { start: from, end: from + word.len(), ..text })
        });
        words.collect()
    }

    /// Returns its location; `text` is the location of the text that contains the attributes.
    pub fn span(&self, text: Span) -> Span {
        Span { start: text.start + self.range.start, end: text.start + self.range.end, ..text }
    }
}

/// Parses attributes at the start of `text`, which starts with `{`. Returns them and their length in bytes, including the braces.
pub fn parse(text: &str) -> Option<(Vec<Attribute>, usize)> {
    let mut rest = Cursor { text, at: 0 };
    rest.expect('{')?;
    let mut list = Vec::new();
    loop {
        rest.skip_space();
        let start = rest.at;
        match rest.peek()? {
            '}' => {
                rest.next();
                return Some((list, rest.at));
            }
            mark @ ('#' | '.') => {
                rest.next();
                let value = rest.word()?;
                list.push(Attribute { key: mark.to_string(), value, range: start..rest.at });
            }
            _ => {
                let key = rest.word()?;
                rest.expect('=')?;
                let value = if rest.peek()? == '"' { rest.quoted()? } else { rest.word()? };
                list.push(Attribute { key, value, range: start..rest.at });
            }
        }
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn expect(&mut self, wanted: char) -> Option<()> {
        (self.next()? == wanted).then_some(())
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn word(&mut self) -> Option<String> {
        let start = self.at;
        while self.peek().is_some_and(|c| !c.is_whitespace() && !matches!(c, '}' | '=' | '"' | '{')) {
            self.next();
        }
        (self.at > start).then(|| self.text[start..self.at].to_owned())
    }

    fn quoted(&mut self) -> Option<String> {
        self.expect('"')?;
        let mut value = String::new();
        loop {
            match self.next()? {
                '"' => return Some(value),
                '\\' => value.push(self.next()?),
                c => value.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_ids_classes_and_pairs() {
        let (list, length) = parse("{#a .b lang=en title=\"x \\\"y\\\" z\"} rest").unwrap();
        let pairs: Vec<_> = list.iter().map(|a| (a.key.as_str(), a.value.as_str())).collect();
        assert_eq!(pairs, [("#", "a"), (".", "b"), ("lang", "en"), ("title", "x \"y\" z")]);
        assert_eq!(length, "{#a .b lang=en title=\"x \\\"y\\\" z\"}".len());
        for wrong in ["{", "{a}", "{a=}", "{a=\"b}", "{a b=c}"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
