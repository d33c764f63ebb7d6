//! Reads the tokens of a content stream (ISO 32000-1 §7.8.2) without copying them.

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::output::pdf) enum Kind {
    Number,
    /// A name with its slash.
    Name,
    /// A literal or hexadecimal string, with its brackets.
    Text,
    /// `[`, `]`, `<<` or `>>`.
    Bracket,
    /// `true`, `false` or `null`.
    Word,
    Operator,
    /// The data of an inline image, between `ID` and `EI`.
    Data,
}

/// A token and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::output::pdf) struct PdfToken {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

/// An iterator over the tokens. Other bytes are skipped; unterminated strings end with the stream.
pub(in crate::output::pdf) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether the data of an inline image follows.
    data: bool,
}

impl<'a> Tokens<'a> {
    pub(in crate::output::pdf) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, data: false }
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    /// Returns the end of the run of bytes that are neither space nor delimiter.
    fn regular_end(&self, from: usize) -> usize {
        let run = self.bytes.get(from..).unwrap_or_default();
        from + run.iter().position(|byte| is_space(*byte) || is_delimiter(*byte)).unwrap_or(run.len())
    }

    fn literal_end(&self, from: usize) -> usize {
        let mut depth = 0_usize;
        let mut at = from;
        while at < self.bytes.len() {
            match self.byte(at) {
                b'\\' => at += 1,
                b'(' => depth += 1,
                b')' if depth <= 1 => return at + 1,
                b')' => depth -= 1,
                _ => {}
            }
            at += 1;
        }
        self.bytes.len()
    }

    /// Returns the end of the data of an inline image: before an isolated `EI` that is followed by text.
    fn data_end(&self, from: usize) -> usize {
        let mut at = from;
        while at + 2 < self.bytes.len() {
            let lone = is_space(self.byte(at)) && self.byte(at + 1) == b'E' && self.byte(at + 2) == b'I';
            let after = self.bytes.get(at + 3..(at + 13).min(self.bytes.len())).unwrap_or_default();
            let is_text = after.iter().all(|byte| is_space(*byte) || (32..127).contains(byte));
            if lone && after.first().is_none_or(|byte| is_space(*byte)) && is_text {
                return at;
            }
            at += 1;
        }
        self.bytes.len()
    }
}

impl Iterator for Tokens<'_> {
    type Item = PdfToken;

    fn next(&mut self) -> Option<PdfToken> {
        if std::mem::take(&mut self.data) {
            let start = (self.at + 1).min(self.bytes.len());
            self.at = self.data_end(start).max(start);
            return Some(PdfToken { kind: Kind::Data, start, end: self.at });
        }
        loop {
            let start = self.at;
            let first = *self.bytes.get(start)?;
            let (kind, end) = match first {
                b'%' => {
                    let rest = self.bytes.get(start..).unwrap_or_default();
                    self.at = start + rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
                    continue;
                }
                b'(' => (Kind::Text, self.literal_end(start)),
                b'<' | b'>' if self.byte(start + 1) == first => (Kind::Bracket, start + 2),
                b'<' => {
                    let rest = self.bytes.get(start..).unwrap_or_default();
                    (Kind::Text, start + rest.iter().position(|byte| *byte == b'>').map_or(rest.len(), |end| end + 1))
                }
                b'[' | b']' => (Kind::Bracket, start + 1),
                b'/' => (Kind::Name, self.regular_end(start + 1)),
                byte if is_space(byte) || is_delimiter(byte) => {
                    self.at += 1;
                    continue;
                }
                b'0'..=b'9' | b'+' | b'-' | b'.' => (Kind::Number, self.regular_end(start)),
                _ => (Kind::Operator, self.regular_end(start)),
            };
            let is_word = matches!(self.bytes.get(start..end), Some(b"true" | b"false" | b"null"));
            let kind = if kind == Kind::Operator && is_word { Kind::Word } else { kind };
            self.at = end;
            self.data = kind == Kind::Operator && self.bytes.get(start..end) == Some(b"ID");
            return Some(PdfToken { kind, start, end });
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// Reads a PDF number, which has no exponent. Ignores all other characters; without digits, the number is 0.
pub(in crate::output::pdf) fn number(bytes: &[u8]) -> f32 {
    let (mut whole, mut scale, mut negative, mut fraction) = (0.0_f64, 1.0_f64, false, false);
    for byte in bytes {
        match byte {
            b'-' => negative = true,
            b'.' => fraction = true,
            b'0'..=b'9' => {
                whole = whole * 10.0 + f64::from(byte - b'0');
                if fraction {
                    scale *= 10.0;
                }
            }
            _ => {}
        }
    }
    let value = if scale.is_finite() && whole.is_finite() { whole / scale } else { 0.0 };
    single(if negative { -value } else { value })
}

#[expect(clippy::cast_possible_truncation, reason = "PDF numbers have the range of single precision")]
pub(super) fn single(value: f64) -> f32 {
    value as f32
}

/// Writes a number with at most `places` decimals.
pub(super) fn write_number(out: &mut Vec<u8>, value: f32, places: usize) {
    let text = format!("{:.places$}", if value.is_finite() { value } else { 0.0 });
    let short = if places > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    out.extend_from_slice(if matches!(short, "-0" | "") { b"0" } else { short.as_bytes() });
}

/// Returns the bytes of a name without slash and escapes (ISO 32000-1 §7.3.5).
pub(in crate::output::pdf) fn name(token: &[u8]) -> Vec<u8> {
    let raw = token.strip_prefix(b"/").unwrap_or(token);
    let mut plain = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((first, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        rest = match (first, hex(0), hex(1)) {
            (b'#', Some(high), Some(low)) => {
                plain.push(u8::try_from(high * 16 + low).unwrap_or_default());
                after.get(2..).unwrap_or_default()
            }
            _ => {
                plain.push(*first);
                after
            }
        };
    }
    plain
}

/// Returns the bytes of a string (ISO 32000-1 §7.3.4).
pub(in crate::output::pdf) fn text(token: &[u8]) -> Vec<u8> {
    let Some(inner) = token.strip_prefix(b"(") else {
        let digits: Vec<u32> = token.iter().filter_map(|byte| char::from(*byte).to_digit(16)).collect();
        let pair = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair.get(1).copied().unwrap_or_default()).unwrap_or_default();
        return digits.chunks(2).map(pair).collect();
    };
    let mut rest = inner.strip_suffix(b")").unwrap_or(inner).iter().copied().peekable();
    let mut plain = Vec::new();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            plain.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'n') => plain.push(b'\n'),
            Some(b'r') => plain.push(b'\r'),
            Some(b't') => plain.push(b'\t'),
            Some(b'b') => plain.push(8),
            Some(b'f') => plain.push(12),
            Some(b'\r') => drop(rest.next_if_eq(&b'\n')),
            Some(b'\n') | None => {}
            Some(digit @ b'0'..=b'7') => {
                let mut code = u32::from(digit - b'0');
                for _ in 0..2 {
                    let Some(digit) = rest.next_if(|byte| (b'0'..=b'7').contains(byte)) else { break };
                    code = code * 8 + u32::from(digit - b'0');
                }
                plain.push(u8::try_from(code % 256).unwrap_or_default());
            }
            Some(other) => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &[u8]) -> Vec<(Kind, String)> {
        Tokens::new(text).map(|token| (token.kind, String::from_utf8_lossy(&text[token.start..token.end]).into_owned())).collect()
    }

    #[test]
    fn strings_comments_and_inline_images_hide_their_contents() {
        let text = b"/c0 cs % 1 0 0 rg\n(a\\) rg (b) )Tj [<0a>-3.5]TJ BI /W 1 ID \x00rg EI Q";
        let found: Vec<String> = kinds(text).into_iter().map(|(_, text)| text).collect();
        let expected =
            ["/c0", "cs", "(a\\) rg (b) )", "Tj", "[", "<0a>", "-3.5", "]", "TJ", "BI", "/W", "1", "ID", "\0rg", "EI", "Q"];
        assert_eq!(found, expected);
    }

    #[test]
    fn unfinished_tokens_end_with_the_stream() {
        for text in [&b"(abc"[..], b"<ab", b"BI ID", b"(\\", b"[", b"/"] {
            assert!(Tokens::new(text).all(|token| token.end <= text.len()));
        }
    }

    #[test]
    fn parses_numbers_names_and_strings() {
        assert_eq!([&b"-.5"[..], b"+12.25", b"0", b"4."].map(number), [-0.5, 12.25, 0.0, 4.0]);
        assert_eq!(name(b"/a#20b#"), b"a b#");
        assert_eq!(text(b"(a\\050\\n\\\\)"), b"a(\n\\");
        assert_eq!(text(b"<4 1 4>"), b"A@");
        let mut out = Vec::new();
        for (value, places) in [(0.5, 4), (-0.000_01, 4), (10.0, 4), (100.0, 0), (f32::NAN, 2)] {
            write_number(&mut out, value, places);
            out.push(b' ');
        }
        assert_eq!(out, b"0.5 0 10 100 0 ");
    }
}
