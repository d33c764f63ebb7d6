//! A run of text as one string, and the way back to where each character stands.

use std::ops::Range;

use rayon::prelude::*;

use super::Subject;
use crate::diagnostic::{Sources, Span};
use crate::model::{Inline, InlineKind, Linked, plain_text};
use crate::resolve::Section;

/// Stands for what is no prose of the run's language: code, images, notes, addresses, other languages.
pub const OBJECT: char = '\u{FFFC}';

/// A run of text of an edition, as checks of its words read it.
pub struct Prose<'a> {
    /// Its section.
    pub section: &'a Section,
    /// The language around it (BCP 47).
    pub lang: String,
    /// Its characters.
    pub line: Line,
}

impl<'a> Prose<'a> {
    /// Gathers every run, section by section.
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

    /// Its language without the region.
    pub fn primary(&self) -> &str {
        self.lang.split('-').next().unwrap_or_default()
    }
}

/// The characters of a run.
#[derive(Debug, Default)]
pub struct Line {
    /// The characters; what is no prose is one [`OBJECT`].
    pub text: String,
    /// The words, letters and digits with their apostrophes and hyphens inside, each by its place in the text.
    pub words: Vec<Range<usize>>,
    /// Where stretches of the text come from: their first byte, and their place in the sources.
    pub(super) stretches: Vec<(usize, Span)>,
}

impl Line {
    /// Gathers the characters of a run.
    pub fn of(inlines: &[Inline<Linked>]) -> Self {
        let mut line = Self::default();
        line.gather(inlines);
        line.words = words(&line.text);
        line
    }

    /// Makes a line of plain text that stands nowhere.
    #[cfg(test)]
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), words: words(text), ..Self::default() }
    }

    /// Where the run starts in the sources.
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
    fn words_keep_what_joins_them() {
        let line = Line::plain("l’eau, peut-être « 12 » !");
        let words: Vec<&str> = line.words.iter().map(|range| &line.text[range.clone()]).collect();
        assert_eq!(words, ["l’eau", "peut-être", "12"]);
    }
}
