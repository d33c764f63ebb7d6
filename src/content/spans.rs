//! Bracketed spans, `[text]{lang=en}` and `[text]{edition="2023-12"}`. The Markdown parser leaves them as text, so they are read from
//! its inlines.

use std::ops::Range;

use super::attributes::{self, Attribute};
use super::condition;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, Condition, Inline, InlineKind};

/// An inline in which spans are searched for.
#[derive(Debug)]
pub struct SpanPiece {
    /// The inline.
    pub inline: Inline<Authored>,
    /// Whether it is escaped with a backslash or written as a character reference, so that it is never markup.
    pub literal: bool,
    /// Whether offsets in its text are offsets in its location.
    pub exact: bool,
}

/// Maximum nesting of spans.
const MAX_DEPTH: usize = 4;

/// The inlines read so far, in one list. Open brackets are indices into it, so no inline is moved if a bracket turns out to be
/// literal.
#[derive(Default)]
struct SpanReader {
    done: Vec<Inline<Authored>>,
    /// The nesting depth of the spans in each inline.
    depths: Vec<usize>,
    /// Indices of the open brackets.
    open: Vec<usize>,
}

/// Finds the spans in a list of sibling inlines.
pub fn read(pieces: Vec<SpanPiece>, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
    let mut reader = SpanReader::default();
    for piece in pieces {
        match piece.inline.kind {
            InlineKind::Text(text) if !piece.literal && text.contains(['[', ']']) => {
                let location = TextLocation { span: piece.inline.span, exact: piece.exact };
                reader.scan(&text, location, found);
            }
            kind => reader.push(Inline { span: piece.inline.span, kind }, 0),
        }
    }
    merge(reader.done)
}

/// The location of a text node.
#[derive(Clone, Copy)]
struct TextLocation {
    span: Span,
    exact: bool,
}

impl TextLocation {
    /// Returns the location of a range, or of the whole text if the locations of its parts are unknown.
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

    fn scan(&mut self, text: &str, location: TextLocation, found: &mut Diagnostics) {
        let part =
            |range: Range<usize>| Inline { span: location.part(range.clone()), kind: InlineKind::Text(text[range].to_owned()) };
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
            match read.and_then(|(list, length)| Some((span_attributes(&list, location, at..at + length, found)?, length))) {
                Some((attributes, length)) => {
                    let end = location.part(at..at + length).end;
                    at += length;
                    from = at;
                    self.close(first, end, attributes, found);
                }
                None => self.push(part(bracket..at), 0),
            }
        }
        if from < text.len() {
            self.push(part(from..text.len()), 0);
        }
    }

    /// Creates a span of the inlines after the bracket at index `first`. `end` is the end of its location.
    fn close(&mut self, first: usize, end: usize, attributes: SpanAttributes, found: &mut Diagnostics) {
        let content = self.done.split_off(first + 1);
        let depth = self.depths.drain(first..).max().unwrap_or_default() + 1;
        let Some(bracket) = self.done.pop() else { return };
        let span = Span { end, ..bracket.span };
        if depth > MAX_DEPTH {
            let message = format!("bracketed spans are nested more than {MAX_DEPTH} deep here");
            found.push(Diagnostic::new(code::NESTING, message).at(span).hint("remove some of the nesting"));
            return;
        }
        attributes.of(content, span).into_iter().for_each(|inline| self.push(inline, depth));
    }
}

/// The attributes of a span. At least one is set.
struct SpanAttributes {
    lang: Option<String>,
    condition: Option<Condition>,
}

impl SpanAttributes {
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

fn span_attributes(
    list: &[Attribute],
    location: TextLocation,
    range: Range<usize>,
    found: &mut Diagnostics,
) -> Option<SpanAttributes> {
    let span = location.part(range);
    let known = |key: &str| key == "lang" || condition::KEYS.contains(&key);
    if list.is_empty() || !list.iter().all(|attribute| known(&attribute.key)) {
        found.push(
            Diagnostic::new(code::ATTRIBUTES, "the attributes of a bracketed span are lang, edition, since and except")
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
    let mut inner = Diagnostics::default();
    let mut condition = condition::read(list, span, code::ATTRIBUTES, &mut inner);
    if !location.exact {
        inner.relocate(span);
        condition.iter_mut().for_each(|condition| condition.relocate(span));
    }
    found.extend(inner);
    Some(SpanAttributes { lang, condition })
}

/// Joins adjacent texts, so that later stages process whole words.
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
