//! The tokens of a style sheet, with their positions.

use std::ops::Range;

use cssparser::{Parser, Token};

/// A token and its range in the text.
#[derive(Clone, Debug)]
pub struct CssToken<'a> {
    /// The token.
    pub token: Token<'a>,
    /// Its range in bytes.
    pub range: Range<usize>,
}

/// Returns all tokens of a text in their order, with white space and comments. The contents of blocks follow the token that opens
/// them.
pub fn tokens(text: &str) -> Vec<CssToken<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut parser = Parser::new(text);
    let mut origin = 0;
    loop {
        let Ok(token) = parser.next_including_whitespace_and_comments() else { return found };
        let token = token.clone();
        let end = origin + parser.position().byte_index();
        let opens = opening(&token).is_some();
        found.push(CssToken { token, range: start..end });
        start = end;
        if opens {
            // The parser would skip the contents of the block, so a new parser starts there.
            origin = end;
            parser = Parser::new(text.get(end..).unwrap_or_default());
        }
    }
}

/// Returns the bracket that a token opens.
pub fn opening(token: &Token<'_>) -> Option<char> {
    match token {
        Token::Function(_) | Token::ParenthesisBlock => Some('('),
        Token::SquareBracketBlock => Some('['),
        Token::CurlyBracketBlock => Some('{'),
        _ => None,
    }
}

/// Returns the bracket that a token closes, as its closing character.
pub fn closing(token: &Token<'_>) -> Option<char> {
    match token {
        Token::CloseParenthesis => Some(')'),
        Token::CloseSquareBracket => Some(']'),
        Token::CloseCurlyBracket => Some('}'),
        _ => None,
    }
}

/// Returns the closing character of an opening bracket.
pub fn counterpart(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}
