//! Plain text of runs, with the locations of the characters in the sources.

use std::ops::Range;

use rayon::prelude::*;

use super::Subject;
use crate::diagnostic::{Sources, Span};
use crate::model::{Inline, InlineKind, Linked, plain_text};
use crate::resolve::Section;

/// Placeholder for content that is not prose in the language of the run: code, images, notes, addresses, other languages.
pub const OBJECT: char = '\u{FFFC}';

/// A run of text of an edition, as plain text.
pub struct Prose<'a> {
    /// The section that contains it.
    pub section: &'a Section,
    /// The language of the run (BCP 47).
    pub lang: String,
    /// The plain text.
    pub line: Line,
}

impl<'a> Prose<'a> {
    /// Returns all runs, in the order of the sections.
    pub fn of(subject: &Subject<'a>) -> Vec<Self> {
        let each = subject.edition.sections.par_iter().map(|section| {
            let mut own = Vec::new();
            subject.passages_of(section, &mut |passage| {
                own.push(Self { section, lang: passage.lang.to_owned(), line: Line::of(passage.inlines) });
            });
            own
        });
        each.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// Returns the primary subtag of its language.
    pub fn primary(&self) -> &str {
        self.lang.split('-').next().unwrap_or_default()
    }
}

/// The plain text of a run.
#[derive(Debug, Default)]
pub struct Line {
    /// The text, with one [`OBJECT`] for each element that is not prose.
    pub text: String,
    /// The byte ranges of the words: letters and digits, and the apostrophes and hyphens that follow them.
    pub words: Vec<Range<usize>>,
    /// The byte offset in `text` and the location of each inline element.
    pub(super) stretches: Vec<(usize, Span)>,
}

impl Line {
    /// Creates the line of a run.
    pub fn of(inlines: &[Inline<Linked>]) -> Self {
        let mut line = Self::default();
        line.gather(inlines);
        line.words = words(&line.text);
        line
    }

    /// Creates a line of plain text without locations.
    #[cfg(test)]
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), words: words(text), ..Self::default() }
    }

    /// Returns the location of the first inline element.
    pub fn start(&self) -> Option<Span> {
        self.stretches.first().map(|(_, span)| *span)
    }

    fn gather(&mut self, inlines: &[Inline<Linked>]) {
        for inline in inlines {
            self.stretches.push((self.text.len(), inline.span));
            match &inline.kind {
                InlineKind::Text(text) | InlineKind::Literal(text) => self.text.push_str(text),
                InlineKind::SoftBreak => self.text.push(' '),
                InlineKind::LineBreak => self.text.push('\n'),
                InlineKind::Link(_, _, inner) if is_address(inner) => self.text.push(OBJECT),
                InlineKind::Code(_)
                | InlineKind::Kbd(_)
                | InlineKind::Reference(_)
                | InlineKind::Image(_)
                | InlineKind::Lang(..)
                | InlineKind::Note(_) => self.text.push(OBJECT),
                InlineKind::PageBreak(_) => {}
                InlineKind::Only(never, _) => match *never {},
                InlineKind::Emphasis(_)
                | InlineKind::Strong(_)
                | InlineKind::Strike(_)
                | InlineKind::Super(_)
                | InlineKind::Sub(_)
                | InlineKind::Marked(..)
                | InlineKind::Abbr(..)
                | InlineKind::Link(..) => self.gather(inline.kind.inner()),
            }
        }
    }

    /// Returns the location of a byte range: exact if the source has the same characters there, otherwise the location of the
    /// inline element.
    pub fn place(&self, range: Range<usize>, sources: &Sources) -> Option<Span> {
        let at = self.stretches.partition_point(|(start, _)| *start <= range.start);
        let (start, span) = self.stretches.get(at.checked_sub(1)?)?;
        let from = span.start + (range.start - start);
        let exact = Span { start: from, end: from + range.len(), ..*span };
        let written = sources.get(span.source)?.text.get(exact.start..exact.end);
        Some(if written.is_some() && written == self.text.get(range) { exact } else { *span })
    }
}

fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) if !matches!(c, '\'' | '’' | '-') => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| from..text.len()));
    words
}

fn is_address(inner: &[Inline<Linked>]) -> bool {
    let text = plain_text(inner);
    text.contains("://") || !text.contains(' ') && text.contains('@')
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn words_include_apostrophes_and_hyphens() {
        let line = Line::plain("l’eau, peut-être « 12 » !");
        let words: Vec<&str> = line.words.iter().map(|range| &line.text[range.clone()]).collect();
        assert_eq!(words, ["l’eau", "peut-être", "12"]);
    }
}
