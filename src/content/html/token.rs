//! The tokens of HTML, each with its location: tags, text, comments and declarations.

use std::ops::Range;

use html5gum::{DefaultEmitter, HtmlString, Tokenizer};

use crate::diagnostic::Span;

/// A start tag.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Its name, in lower case.
    pub name: String,
    /// Its attributes, sorted, with names in lower case.
    pub attributes: Vec<(String, String)>,
    /// Whether it ends with a slash.
    pub self_closing: bool,
}

/// A token of HTML.
#[derive(Clone, Debug)]
pub enum HtmlToken {
    /// A start tag.
    Open(Tag, Span),
    /// An end tag.
    Close(String, Span),
    /// Text.
    Text(String, Span),
    /// A comment, without its delimiters.
    Comment(String, Span),
    /// A declaration, a processing instruction or a CDATA section.
    Declaration(Span),
}

impl HtmlToken {
    /// Returns its location.
    pub fn span(&self) -> Span {
        match self {
            Self::Open(_, span)
            | Self::Close(_, span)
            | Self::Text(_, span)
            | Self::Comment(_, span)
            | Self::Declaration(span) => *span,
        }
    }

    /// Replaces its location.
    pub fn at(self, span: Span) -> Self {
        match self {
            Self::Open(tag, _) => Self::Open(tag, span),
            Self::Close(name, _) => Self::Close(name, span),
            Self::Text(text, _) => Self::Text(text, span),
            Self::Comment(text, _) => Self::Comment(text, span),
            Self::Declaration(_) => Self::Declaration(span),
        }
    }
}

/// Splits HTML into tokens as browsers do (HTML §13.2.5). `locate` converts a range of it to a location.
pub fn tokens(html: &str, locate: &dyn Fn(Range<usize>) -> Span) -> Vec<HtmlToken> {
    let mut list = Vec::new();
    let mut start = 0;
    while let Some(length) = declaration(&html[start..]) {
        list.push(HtmlToken::Declaration(locate(start..start + length)));
        let written = &html[start..start + length];
        if let Some(text) = written.trim_start().strip_prefix("<![CDATA[") {
            let text = text.strip_suffix("]]>").unwrap_or(text);
            list.push(HtmlToken::Text(text.to_owned(), locate(start..start + length)));
        }
        start += length;
    }
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let rest = &html[start..];
    let mut end = 0;
    for token in Tokenizer::new_with_emitter(rest, emitter) {
        let Ok(token) = token;
        end = end.max(end_of(&token));
        list.extend(read(token, rest, &|range| locate(start + range.start..start + range.end)));
    }
    // A tag that does not end is text. Browsers drop it.
    if let Some(open) = rest.get(end..).filter(|open| open.starts_with('<')) {
        list.push(HtmlToken::Text(open.to_owned(), locate(start + end..start + rest.len())));
    }
    list
}

/// Returns one past the last byte of a token, or 0 for an error.
fn end_of(token: &html5gum::Token<usize>) -> usize {
    match token {
        html5gum::Token::StartTag(tag) => tag.span.end,
        html5gum::Token::EndTag(tag) => tag.span.end,
        html5gum::Token::String(string) => string.span.end,
        html5gum::Token::Comment(comment) => comment.span.end,
        html5gum::Token::Doctype(doctype) => doctype.span.end,
        html5gum::Token::Error(_) => 0,
    }
}

fn read(token: html5gum::Token<usize>, html: &str, locate: &dyn Fn(Range<usize>) -> Span) -> Option<HtmlToken> {
    let at = |span: html5gum::Span| locate(span.start.min(html.len())..span.end.min(html.len()));
    Some(match token {
        html5gum::Token::StartTag(tag) => {
            let attributes = tag.attributes.into_iter().map(|(key, value)| (text(&key), text(&value.value))).collect();
            HtmlToken::Open(Tag { name: text(&tag.name), attributes, self_closing: tag.self_closing }, at(tag.span))
        }
        html5gum::Token::EndTag(tag) => HtmlToken::Close(text(&tag.name), at(tag.span)),
        html5gum::Token::String(string) => HtmlToken::Text(text(&string.value), at(string.span)),
        html5gum::Token::Comment(comment) => {
            let written = html.get(comment.span.start..).unwrap_or_default();
            let span = at(comment.span);
            if written.starts_with("<!--") {
                HtmlToken::Comment(text(&comment.value), span)
            } else {
                HtmlToken::Declaration(span)
            }
        }
        html5gum::Token::Doctype(doctype) => HtmlToken::Declaration(at(doctype.span)),
        html5gum::Token::Error(_) => return None,
    })
}

/// Returns the length of a processing instruction or CDATA section at the start, as CommonMark defines it (§6.6). In browsers, it
/// would end at the first `>`.
fn declaration(html: &str) -> Option<usize> {
    let spaces = html.len() - html.trim_start().len();
    let rest = &html[spaces..];
    let end = [("<?", "?>"), ("<![CDATA[", "]]>")].into_iter().find(|(start, _)| rest.starts_with(start))?.1;
    Some(spaces + rest.find(end).map_or(rest.len(), |at| at + end.len()))
}

fn text(string: &HtmlString) -> String {
    String::from_utf8_lossy(string).into_owned()
}
