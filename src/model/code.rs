//! The tokens of highlighted code.

/// A token of code; it never contains a line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// Its kind.
    pub kind: TokenKind,
    /// Offset of the first byte in the code.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// A comment.
    Comment,
    /// A keyword, or the name of an element.
    Keyword,
    /// A string.
    String,
    /// A number or a boolean.
    Number,
    /// The name of a function.
    Function,
    /// The name of a type.
    Type,
    /// The name of an attribute or key.
    Attribute,
    /// An inserted line of a diff.
    Inserted,
    /// A deleted line of a diff.
    Deleted,
}

impl TokenKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Comment,
        Self::Keyword,
        Self::String,
        Self::Number,
        Self::Function,
        Self::Type,
        Self::Attribute,
        Self::Inserted,
        Self::Deleted,
    ];

    /// Returns its name in Typst and CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Keyword => "keyword",
            Self::String => "string",
            Self::Number => "number",
            Self::Function => "function",
            Self::Type => "type",
            Self::Attribute => "attribute",
            Self::Inserted => "inserted",
            Self::Deleted => "deleted",
        }
    }
}

/// Splits code into lines, and each line into pieces with their kinds.
pub fn lines<'t>(text: &'t str, tokens: &[Token]) -> Vec<Vec<(Option<TokenKind>, &'t str)>> {
    let mut rest = tokens.iter().copied().peekable();
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let end = start + line.len();
        let mut pieces = Vec::new();
        let mut at = start;
        while let Some(token) = rest.next_if(|token| token.start < end) {
            let (from, to) = (token.start.max(at), token.end.min(end));
            pieces.extend(text.get(at..from).map(|plain| (None, plain)));
            pieces.extend(text.get(from..to).map(|piece| (Some(token.kind), piece)));
            at = to.max(at);
        }
        pieces.extend(text.get(at..end).map(|plain| (None, plain)));
        pieces.retain(|(_, piece)| !piece.is_empty());
        lines.push(pieces);
        start = end + 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_contain_the_whole_text() {
        let text = "let x = 1;\n\n// é\n";
        let token = |kind, start, end| Token { kind, start, end };
        let tokens = [token(TokenKind::Keyword, 0, 3), token(TokenKind::Number, 8, 9), token(TokenKind::Comment, 12, 17)];
        let lines = lines(text, &tokens);
        let joined: Vec<String> = lines.iter().map(|line| line.iter().map(|(_, piece)| *piece).collect()).collect();
        assert_eq!(joined.join("\n"), text);
        assert_eq!(lines[0][0], (Some(TokenKind::Keyword), "let"));
        assert_eq!(lines[0][2], (Some(TokenKind::Number), "1"));
        assert_eq!(lines[2], [(Some(TokenKind::Comment), "// é")]);
        assert!(lines[1].is_empty() && lines[3].is_empty());
    }
}
