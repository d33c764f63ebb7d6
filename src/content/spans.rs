//! Bracketed spans, `[text]{lang=en}`: the parser leaves them as characters, so they are read from the inline list.

use super::attributes;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, Inline, InlineKind};

/// An inline, and whether its characters were escaped (then they are never markup).
pub struct Piece {
    /// The inline.
    pub inline: Inline<Authored>,
    /// Escaped with a backslash.
    pub literal: bool,
}

struct Open {
    bracket: Inline<Authored>,
    content: Vec<Inline<Authored>>,
}

/// Finds the spans among siblings.
pub fn read(pieces: Vec<Piece>, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
    let mut done: Vec<Inline<Authored>> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for piece in pieces {
        match piece.inline.kind {
            InlineKind::Text(text) if !piece.literal && text.contains(['[', ']']) => {
                scan(&text, piece.inline.span, &mut done, &mut open, found);
            }
            kind => push(&mut done, &mut open, Inline { span: piece.inline.span, kind }),
        }
    }
    for frame in open {
        done.push(frame.bracket);
        done.extend(frame.content);
    }
    merge(done)
}

fn push(done: &mut Vec<Inline<Authored>>, open: &mut [Open], inline: Inline<Authored>) {
    match open.last_mut() {
        Some(frame) => frame.content.push(inline),
        None => done.push(inline),
    }
}

fn scan(text: &str, span: Span, done: &mut Vec<Inline<Authored>>, open: &mut Vec<Open>, found: &mut Diagnostics) {
    let part = |range: std::ops::Range<usize>| Inline {
        span: Span { source: span.source, start: span.start + range.start, end: span.start + range.end },
        kind: InlineKind::Text(text[range].to_owned()),
    };
    let mut from = 0;
    let mut at = 0;
    while let Some(offset) = text[at..].find(['[', ']']) {
        let bracket = at + offset;
        if bracket > from {
            push(done, open, part(from..bracket));
        }
        at = bracket + 1;
        from = at;
        if text.as_bytes()[bracket] == b'[' {
            open.push(Open { bracket: part(bracket..at), content: Vec::new() });
            continue;
        }
        let Some(frame) = open.pop() else {
            push(done, open, part(bracket..at));
            continue;
        };
        let read = text[at..].starts_with('{').then(|| attributes::parse(&text[at..])).flatten();
        match read.and_then(|(list, length)| language(&list, part(at..at + length).span, found).map(|lang| (lang, length))) {
            Some((lang, length)) => {
                let start = frame.bracket.span;
                let span = Span { end: span.start + at + length, ..start };
                at += length;
                from = at;
                push(done, open, Inline { span, kind: InlineKind::Lang(lang, frame.content) });
            }
            None => {
                push(done, open, frame.bracket);
                for inline in frame.content {
                    push(done, open, inline);
                }
                push(done, open, part(bracket..at));
            }
        }
    }
    if from < text.len() {
        push(done, open, part(from..text.len()));
    }
}

fn language(list: &[attributes::Attribute], span: Span, found: &mut Diagnostics) -> Option<String> {
    match list {
        [only] if only.key == "lang" && super::is_language(&only.value) => Some(only.value.clone()),
        [only] if only.key == "lang" => {
            found.push(super::not_a_language(&only.value).at(span));
            None
        }
        _ => {
            found.push(
                Diagnostic::error(code::ATTRIBUTES, "a bracketed span takes a language only")
                    .at(span)
                    .hint("write [words]{lang=en}, or put a backslash before the bracket to print it"),
            );
            None
        }
    }
}

/// Joins neighbouring characters, so that later stages see whole words.
fn merge(inlines: Vec<Inline<Authored>>) -> Vec<Inline<Authored>> {
    let mut merged: Vec<Inline<Authored>> = Vec::with_capacity(inlines.len());
    for inline in inlines {
        if let (Some(Inline { kind: InlineKind::Text(before), span }), InlineKind::Text(text)) = (merged.last_mut(), &inline.kind)
            && span.end == inline.span.start
        {
            before.push_str(text);
            span.end = inline.span.end;
            continue;
        }
        merged.push(inline);
    }
    merged
}
