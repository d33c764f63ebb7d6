//! Bracketed spans, `[text]{lang=en}` and `[text]{edition="2023-12"}`, superscripts `10^3^`, subscripts `H~2~O` and struck words
//! `~~two~~`. The Markdown parser leaves them as text, so they are read from its inlines.
//!
//! Superscripts and subscripts follow Pandoc (User's Guide, "Superscripts and subscripts"): they contain no unescaped space, so
//! that `10^3 and 10^6` and `10~12 to 14~16` are ordinary text.

use std::ops::Range;

use super::attributes::{self, Attribute};
use super::condition;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Strictness, code};
use crate::model::{Authored, Condition, Inline, InlineKind};

/// An inline that is searched for spans.
#[derive(Debug)]
pub struct SpanPiece {
    /// The inline.
    pub inline: Inline<Authored>,
    /// Whether it is escaped with a backslash or written as a character reference, so that it is never markup.
    pub literal: bool,
    /// Whether the source contains the same bytes, so that an offset in its text is also an offset in its location.
    pub exact: bool,
}

/// Maximum nesting of spans, superscripts, subscripts and struck words.
const MAX_DEPTH: usize = 4;

/// A pair of marks around words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MarkPair {
    Super,
    Sub,
    Strike,
}

impl MarkPair {
    /// Returns the mark for a sequence of equal characters.
    fn of(sequence: &str) -> Option<Self> {
        match sequence {
            "^" => Some(Self::Super),
            "~" => Some(Self::Sub),
            "~~" => Some(Self::Strike),
            _ => None,
        }
    }

    fn around(self, content: Vec<Inline<Authored>>) -> InlineKind<Authored> {
        match self {
            Self::Super => InlineKind::Super(content),
            Self::Sub => InlineKind::Sub(content),
            Self::Strike => InlineKind::Strike(content),
        }
    }
}

/// The inlines read so far, in one list. Open brackets and marks are indices into it, so no inline is moved if one turns out to
/// be literal.
#[derive(Default)]
struct SpanReader {
    strictness: Strictness,
    done: Vec<Inline<Authored>>,
    /// The nesting depth of the spans in each inline.
    depths: Vec<usize>,
    /// Indices of the open brackets.
    open: Vec<usize>,
    /// Index of the open mark of each kind. A second mark of a kind ends the first or replaces it.
    marks: [Option<usize>; 3],
}

/// Finds the spans in a list of sibling inlines.
pub fn read(pieces: Vec<SpanPiece>, strictness: Strictness, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
    let mut reader = SpanReader { strictness, ..SpanReader::default() };
    for piece in pieces {
        match piece.inline.kind {
            InlineKind::Text(text) if !piece.literal && text.contains(DELIMITERS) => {
                let location = TextLocation { span: piece.inline.span, exact: piece.exact };
                reader.scan(&text, location, found);
            }
            kind => reader.push(Inline { span: piece.inline.span, kind }, 0),
        }
    }
    merge(reader.done)
}

/// The characters that are or start a delimiter.
const DELIMITERS: [char; 4] = ['[', ']', '^', '~'];

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

    fn text(self, text: &str, range: Range<usize>) -> Inline<Authored> {
        Inline { span: self.part(range.clone()), kind: InlineKind::Text(text[range].to_owned()) }
    }
}

impl SpanReader {
    fn push(&mut self, inline: Inline<Authored>, depth: usize) {
        let spaced = match &inline.kind {
            InlineKind::Text(text) | InlineKind::Literal(text) => has_space(text),
            kind => matches!(kind, InlineKind::SoftBreak | InlineKind::LineBreak),
        };
        if spaced {
            self.marks[MarkPair::Super as usize] = None;
            self.marks[MarkPair::Sub as usize] = None;
        }
        self.done.push(inline);
        self.depths.push(depth);
    }

    fn scan(&mut self, text: &str, location: TextLocation, found: &mut Diagnostics) {
        let mut from = 0;
        while let Some(offset) = text[from..].find(DELIMITERS) {
            let start = from + offset;
            if start > from {
                self.push(location.text(text, from..start), 0);
            }
            let first = text.as_bytes()[start];
            from = match first {
                b'[' => {
                    self.open.push(self.done.len());
                    self.push(location.text(text, start..start + 1), 0);
                    start + 1
                }
                b']' => self.bracket(text, start, location, found),
                _ => {
                    let length = text[start..].bytes().take_while(|byte| *byte == first).count();
                    let length = if first == b'^' { 1 } else { length };
                    self.mark(text, start..start + length, location, found);
                    start + length
                }
            };
        }
        if from < text.len() {
            self.push(location.text(text, from..text.len()), 0);
        }
    }

    /// Reads the closing bracket at `start` with the attributes after it. Returns the offset after them.
    fn bracket(&mut self, text: &str, start: usize, location: TextLocation, found: &mut Diagnostics) -> usize {
        let at = start + 1;
        if let Some(first) = self.open.pop() {
            let read = text[at..].starts_with('{').then(|| attributes::parse(&text[at..])).flatten();
            let attributes = read.and_then(|(list, length)| {
                Some((span_attributes(&list, location, at..at + length, (self.strictness, &mut *found))?, length))
            });
            if let Some((attributes, length)) = attributes {
                let end = location.part(at..at + length).end;
                self.close(first, end, found, |content, span| attributes.of(content, span));
                return at + length;
            }
        }
        self.push(location.text(text, start..at), 0);
        at
    }

    /// Reads a mark, which ends the open mark of its kind, starts a new one, or is literal.
    fn mark(&mut self, text: &str, range: Range<usize>, location: TextLocation, found: &mut Diagnostics) {
        let Some(mark) = MarkPair::of(&text[range.clone()]) else {
            return self.push(location.text(text, range), 0);
        };
        let edge = if self.done.is_empty() { ' ' } else { OBJECT };
        let before = text[..range.start].chars().next_back().unwrap_or(edge);
        let after = text[range.end..].chars().next().unwrap_or(OBJECT);
        let started = self.marks[mark as usize].filter(|first| first + 1 < self.done.len() && !before.is_whitespace());
        if let Some(first) = started {
            let end = location.part(range).end;
            return self.close(first, end, found, |content, span| {
                let content = if mark == MarkPair::Strike { content } else { without_escapes(merge(content)) };
                vec![Inline { span, kind: mark.around(content) }]
            });
        }
        // `[^` starts a note reference.
        if !after.is_whitespace() && (mark != MarkPair::Super || before != '[') {
            self.marks[mark as usize] = Some(self.done.len());
        }
        self.push(location.text(text, range), 0);
    }

    /// Encloses the inlines after the delimiter at index `first`. `end` is the end of their location.
    fn close(
        &mut self,
        first: usize,
        end: usize,
        found: &mut Diagnostics,
        enclose: impl FnOnce(Vec<Inline<Authored>>, Span) -> Vec<Inline<Authored>>,
    ) {
        let content = self.done.split_off(first + 1);
        let depth = self.depths.drain(first..).max().unwrap_or_default() + 1;
        self.open.truncate(self.open.partition_point(|open| *open < first));
        self.marks.iter_mut().for_each(|mark| *mark = mark.filter(|open| *open < first));
        let Some(delimiter) = self.done.pop() else { return };
        let span = Span { end, ..delimiter.span };
        if depth > MAX_DEPTH {
            let message = format!("bracketed spans are nested more than {MAX_DEPTH} deep here");
            found.push(Diagnostic::new(code::NESTING, message).at(span).hint("remove some of the nesting"));
            return;
        }
        enclose(content, span).into_iter().for_each(|inline| self.push(inline, depth));
    }
}

/// Placeholder for an inline that is not text, in the context of a mark.
const OBJECT: char = '\u{FFFC}';

/// Returns whether a text contains an unescaped space.
fn has_space(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        c.is_whitespace() && std::mem::replace(&mut before, c) != '\\' || {
            before = c;
            false
        }
    })
}

/// Replaces escaped spaces with no-break spaces, as Pandoc does in superscripts and subscripts.
fn without_escapes(mut content: Vec<Inline<Authored>>) -> Vec<Inline<Authored>> {
    for inline in &mut content {
        if let InlineKind::Text(text) = &mut inline.kind
            && text.contains("\\ ")
        {
            *text = text.replace("\\ ", "\u{A0}");
        }
    }
    content
}

/// The attributes of a span. A lenient build can leave out all of them.
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
    (strictness, found): (Strictness, &mut Diagnostics),
) -> Option<SpanAttributes> {
    let span = location.part(range);
    let known = |key: &str| key == "lang" || condition::KEYS.contains(&key);
    if list.is_empty() || !list.iter().all(|attribute| known(&attribute.key)) {
        let unknown = Diagnostic::new(code::ATTRIBUTES, "the attributes of a bracketed span are lang, edition, since and except");
        let unknown = unknown
            .at(span)
            .hint("write [words]{lang=en} or [words]{edition=\"…\"}, or put a backslash before the bracket to print it");
        found.push(strictness.soften(unknown, "the others are left out"));
        if !strictness.is_lenient() {
            return None;
        }
    }
    let lang = list.iter().find(|attribute| attribute.key == "lang").map(|attribute| attribute.value.clone());
    if let Some(wrong) = lang.as_deref().filter(|lang| !super::is_language(lang)) {
        found.push(strictness.soften(super::not_a_language(wrong).at(span), "it is left out"));
        if !strictness.is_lenient() {
            return None;
        }
    }
    let lang = lang.filter(|lang| super::is_language(lang));
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
