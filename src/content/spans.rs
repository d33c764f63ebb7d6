//! Bracketed spans, `[text]{lang=en}` and `[text]{edition="2023-12"}`: the parser leaves them as characters, so they are read from the inline list.

use std::ops::Range;

use super::attributes::{self, Attribute};
use super::condition;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, Condition, Inline, InlineKind};

/// An inline, and whether its characters were escaped (then they are never markup).
#[derive(Debug)]
pub struct Piece {
    /// The inline.
    pub inline: Inline<Authored>,
    /// Escaped with a backslash, or written as a character reference.
    pub literal: bool,
    /// Each byte of its characters is one of its place.
    pub exact: bool,
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
                let place = Place { span: piece.inline.span, exact: piece.exact };
                scan(&text, place, &mut done, &mut open, found);
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

/// The place of a text.
#[derive(Clone, Copy)]
struct Place {
    span: Span,
    exact: bool,
}

impl Place {
    /// The place of some of its bytes; the whole, where they are not those of the file.
    fn part(self, range: Range<usize>) -> Span {
        let Self { span, exact } = self;
        if exact { Span { start: span.start + range.start, end: span.start + range.end, ..span } } else { span }
    }
}

fn scan(text: &str, place: Place, done: &mut Vec<Inline<Authored>>, open: &mut Vec<Open>, found: &mut Diagnostics) {
    let part = |range: Range<usize>| Inline { span: place.part(range.clone()), kind: InlineKind::Text(text[range].to_owned()) };
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
        match read.and_then(|(list, length)| Some((meaning(&list, place, at..at + length, found)?, length))) {
            Some((meaning, length)) => {
                let start = frame.bracket.span;
                let span = Span { end: place.part(at..at + length).end, ..start };
                at += length;
                from = at;
                meaning.of(frame.content, span).into_iter().for_each(|inline| push(done, open, inline));
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

/// What the attributes of a span say of its words: one of them at least.
struct Meaning {
    lang: Option<String>,
    condition: Option<Condition>,
}

impl Meaning {
    fn of(self, mut content: Vec<Inline<Authored>>, span: Span) -> Vec<Inline<Authored>> {
        if let Some(lang) = self.lang {
            content = vec![Inline { span, kind: InlineKind::Lang(lang, content) }];
        }
        if let Some(condition) = self.condition {
            content = vec![Inline { span, kind: InlineKind::Only(condition, content) }];
        }
        content
    }
}

fn meaning(list: &[Attribute], place: Place, range: Range<usize>, found: &mut Diagnostics) -> Option<Meaning> {
    let span = place.part(range);
    let known = |key: &str| key == "lang" || condition::KEYS.contains(&key);
    if list.is_empty() || !list.iter().all(|attribute| known(&attribute.key)) {
        found.push(
            Diagnostic::error(code::ATTRIBUTES, "a bracketed span takes lang, edition, since or except")
                .at(span)
                .hint("write [words]{lang=en} or [words]{edition=\"…\"}, or put a backslash before the bracket to print it"),
        );
        return None;
    }
    let lang = list.iter().find(|attribute| attribute.key == "lang").map(|attribute| attribute.value.clone());
    if let Some(wrong) = lang.as_deref().filter(|lang| !super::is_language(lang)) {
        found.push(super::not_a_language(wrong).at(span));
        return None;
    }
    let mut told = Diagnostics::default();
    let mut condition = condition::read(list, span, code::ATTRIBUTES, &mut told);
    if !place.exact {
        told.settle(span);
        condition.iter_mut().for_each(|condition| condition.settle(span));
    }
    found.extend(told);
    Some(Meaning { lang, condition })
}

/// Joins neighbouring characters, so that later stages see whole words.
fn merge(inlines: Vec<Inline<Authored>>) -> Vec<Inline<Authored>> {
    let mut merged: Vec<Inline<Authored>> = Vec::with_capacity(inlines.len());
    for inline in inlines {
        if let (Some(Inline { kind: InlineKind::Text(before), span }), InlineKind::Text(text)) = (merged.last_mut(), &inline.kind)
            && (span.end == inline.span.start || *span == inline.span)
        {
            before.push_str(text);
            span.end = inline.span.end;
            continue;
        }
        merged.push(inline);
    }
    merged
}
