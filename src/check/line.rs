//! A run of text as one string, and the way back to where each character stands.

use std::ops::Range;

use crate::diagnostic::{Sources, Span};
use crate::model::{Inline, InlineKind, Linked, plain_text};

/// Stands for what is no prose of the run's language: code, images, notes, addresses, other languages.
pub const OBJECT: char = '\u{FFFC}';

/// The characters of a run.
#[derive(Debug, Default)]
pub struct Line {
    /// The characters; what is no prose is one [`OBJECT`].
    pub text: String,
    /// Where stretches of the text come from: their first byte, and their place in the sources.
    pub(super) stretches: Vec<(usize, Span)>,
}

impl Line {
    /// Gathers the characters of a run.
    pub fn of(inlines: &[Inline<Linked>]) -> Self {
        let mut line = Self::default();
        line.gather(inlines);
        line
    }

    fn gather(&mut self, inlines: &[Inline<Linked>]) {
        for inline in inlines {
            self.stretches.push((self.text.len(), inline.span));
            match &inline.kind {
                InlineKind::Text(text) | InlineKind::Literal(text) => self.text.push_str(text),
                InlineKind::SoftBreak => self.text.push(' '),
                InlineKind::LineBreak => self.text.push('\n'),
                InlineKind::Link(_, inner) if is_address(inner) => self.text.push(OBJECT),
                InlineKind::Code(_)
                | InlineKind::Kbd(_)
                | InlineKind::Reference(_)
                | InlineKind::Image(_)
                | InlineKind::Lang(..)
                | InlineKind::Note(_) => self.text.push(OBJECT),
                InlineKind::Only(never, _) => match *never {},
                InlineKind::Emphasis(_)
                | InlineKind::Strong(_)
                | InlineKind::Strike(_)
                | InlineKind::Super(_)
                | InlineKind::Sub(_)
                | InlineKind::Abbr(..)
                | InlineKind::Link(..) => self.gather(inline.kind.inner()),
            }
        }
    }

    /// Finds where a stretch of the text stands: to the character when the source has the same characters there, else the
    /// inline that holds it.
    pub fn place(&self, range: Range<usize>, sources: &Sources) -> Option<Span> {
        let at = self.stretches.partition_point(|(start, _)| *start <= range.start);
        let (start, span) = self.stretches.get(at.checked_sub(1)?)?;
        let from = span.start + (range.start - start);
        let exact = Span { start: from, end: from + range.len(), ..*span };
        let written = sources.get(span.source)?.text.get(exact.start..exact.end);
        Some(if written.is_some() && written == self.text.get(range) { exact } else { *span })
    }

    /// Lists the words, letters and digits with their apostrophes and hyphens inside, each with its place in the text.
    pub fn words(&self) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        let mut start = None;
        for (at, c) in self.text.char_indices() {
            match (c.is_alphanumeric(), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) if !matches!(c, '\'' | '’' | '-') => {
                    words.push(from..at);
                    start = None;
                }
                _ => {}
            }
        }
        words.extend(start.map(|from| from..self.text.len()));
        words
    }
}

fn is_address(inner: &[Inline<Linked>]) -> bool {
    let text = plain_text(inner);
    text.contains("://") || !text.contains(' ') && text.contains('@')
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn words_keep_what_joins_them() {
        let line = Line { text: "l’eau, peut-être « 12 » !".into(), ..Line::default() };
        let words: Vec<&str> = line.words().into_iter().map(|range| &line.text[range]).collect();
        assert_eq!(words, ["l’eau", "peut-être", "12"]);
    }
}
