//! Bracketed spans, `[text]{lang=en}` and `[text]{edition="2023-12"}`: the parser leaves them as characters, so they are read from the inline list.

use std::ops::Range;

use super::attributes::{self, Attribute};
use super::condition;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, Condition, Inline, InlineKind};

/// An inline, and whether its characters were escaped (then they are never markup).
#[derive(Debug)]
pub struct SpanPiece {
    /// The inline.
    pub inline: Inline<Authored>,
    /// Escaped with a backslash, or written as a character reference.
    pub literal: bool,
    /// Positions in its characters correspond to positions in its place.
    pub exact: bool,
}

/// Maximum nesting of spans.
const MAX_DEPTH: usize = 4;

/// The inlines read so far, in one list. An open bracket is an index in it, so that nothing is moved if the bracket is literal.
#[derive(Default)]
struct SpanReader {
    done: Vec<Inline<Authored>>,
    /// The nesting depth of the spans in each of them.
    depths: Vec<usize>,
    /// Indices of the open brackets.
    open: Vec<usize>,
}

/// Finds the spans among siblings.
pub fn read(pieces: Vec<SpanPiece>, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
    let mut reader = SpanReader::default();
    for piece in pieces {
        match piece.inline.kind {
            InlineKind::Text(text) if !piece.literal && text.contains(['[', ']']) => {
                let place = TextPlace { span: piece.inline.span, exact: piece.exact };
                reader.scan(&text, place, found);
            }
            kind => reader.push(Inline { span: piece.inline.span, kind }, 0),
        }
    }
    merge(reader.done)
}

/// The place of a text.
#[derive(Clone, Copy)]
struct TextPlace {
    span: Span,
    exact: bool,
}

impl TextPlace {
    /// Returns the place of a range, or of the whole text if its parts are unknown.
    fn part(self, range: Range<usize>) -> Span {
        let Self { span, exact } = self;
        if exact { Span { start: span.start + range.start, end: span.start + range.end, ..span } } else { span }
    }
}

impl SpanReader {
    fn push(&mut self, inline: Inline<Authored>, depth: usize) {
        self.done.push(inline);
        self.depths.push(depth);
    }

    fn scan(&mut self, text: &str, place: TextPlace, found: &mut Diagnostics) {
        let part =
            |range: Range<usize>| Inline { span: place.part(range.clone()), kind: InlineKind::Text(text[range].to_owned()) };
        let mut from = 0;
        let mut at = 0;
        while let Some(offset) = text[at..].find(['[', ']']) {
            let bracket = at + offset;
            if bracket > from {
                self.push(part(from..bracket), 0);
            }
            at = bracket + 1;
            from = at;
            if text.as_bytes()[bracket] == b'[' {
                self.open.push(self.done.len());
                self.push(part(bracket..at), 0);
                continue;
            }
            let Some(first) = self.open.pop() else {
                self.push(part(bracket..at), 0);
                continue;
            };
            let read = text[at..].starts_with('{').then(|| attributes::parse(&text[at..])).flatten();
            match read.and_then(|(list, length)| Some((meaning(&list, place, at..at + length, found)?, length))) {
                Some((meaning, length)) => {
                    let end = place.part(at..at + length).end;
                    at += length;
                    from = at;
                    self.close(first, end, meaning, found);
                }
                None => self.push(part(bracket..at), 0),
            }
        }
        if from < text.len() {
            self.push(part(from..text.len()), 0);
        }
    }

    /// Creates a span of the inlines after the bracket at `first`; it ends before the byte `end`.
    fn close(&mut self, first: usize, end: usize, meaning: SpanMeaning, found: &mut Diagnostics) {
        let content = self.done.split_off(first + 1);
        let depth = self.depths.drain(first..).max().unwrap_or_default() + 1;
        let Some(bracket) = self.done.pop() else { return };
        let span = Span { end, ..bracket.span };
        if depth > MAX_DEPTH {
            let message = format!("bracketed spans are nested more than {MAX_DEPTH} deep here");
            found.push(Diagnostic::new(code::NESTING, message).at(span).hint("remove some of the nesting"));
            return;
        }
        meaning.of(content, span).into_iter().for_each(|inline| self.push(inline, depth));
    }
}

/// The attributes of a span, at least one.
struct SpanMeaning {
    lang: Option<String>,
    condition: Option<Condition>,
}

impl SpanMeaning {
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

fn meaning(list: &[Attribute], place: TextPlace, range: Range<usize>, found: &mut Diagnostics) -> Option<SpanMeaning> {
    let span = place.part(range);
    let known = |key: &str| key == "lang" || condition::KEYS.contains(&key);
    if list.is_empty() || !list.iter().all(|attribute| known(&attribute.key)) {
        found.push(
            Diagnostic::new(code::ATTRIBUTES, "a bracketed span takes lang, edition, since or except")
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
        told.relocate(span);
        condition.iter_mut().for_each(|condition| condition.relocate(span));
    }
    found.extend(told);
    Some(SpanMeaning { lang, condition })
}

/// Joins adjacent texts, so that later stages see whole words.
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
