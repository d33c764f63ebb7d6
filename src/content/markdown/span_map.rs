//! The locations of nodes in their file.

use super::MarkdownNode;
use crate::diagnostic::{SourceId, Span, floor_char_boundary, line_starts};

/// Maps positions in a Markdown text to locations in its file.
pub struct SpanMap<'a> {
    source: SourceId,
    /// The text.
    pub text: &'a str,
    /// The byte offset of its start in the file.
    pub offset: usize,
    /// The location of the whole text, if the locations of its parts are unknown.
    whole: Option<Span>,
    line_starts: Vec<usize>,
}

impl<'a> SpanMap<'a> {
    /// Creates the map of a text that starts at byte `offset` of its file. `whole` is the location of the text if the locations
    /// of its parts are unknown.
    pub fn of(source: SourceId, text: &'a str, offset: usize, whole: Option<Span>) -> Self {
        Self { source, text, offset, whole, line_starts: line_starts(text) }
    }

    /// Returns the location of a range of the text.
    pub fn range(&self, range: std::ops::Range<usize>) -> Span {
        let byte = |at: usize| self.offset + at.min(self.text.len());
        self.whole.unwrap_or_else(|| Span::new(self.source, byte(range.start)..byte(range.end)))
    }

    /// Returns the byte offset of a line in the text. Lines are numbered from 1.
    fn line_start(&self, number: usize) -> usize {
        self.line_starts.get(number.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    /// Returns the text from a byte to the end of its line.
    fn line(&self, from: usize) -> &'a str {
        self.text.get(from..).unwrap_or_default().lines().next().unwrap_or_default()
    }

    /// Returns the location of a node. Its start is exact; its end is not before its start.
    pub fn span(&self, node: MarkdownNode<'_>) -> Span {
        let position = node.data().sourcepos;
        let byte = |line: usize, column: usize| floor_char_boundary(self.text, self.line_start(line) + column.saturating_sub(1));
        let start = byte(position.start.line, position.start.column);
        self.range(start..byte(position.end.line, position.end.column + 1).max(start))
    }

    /// Returns the byte offset of a node in the text.
    pub fn start(&self, node: MarkdownNode<'_>) -> usize {
        let start = node.data().sourcepos.start;
        floor_char_boundary(self.text, self.line_start(start.line) + start.column.saturating_sub(1))
    }

    /// Returns the number of bytes between the start of a line and a location in it; 0 if locations are unknown.
    pub fn column(&self, span: Span) -> usize {
        let at = span.start.saturating_sub(self.offset);
        if self.whole.is_some() {
            return 0;
        }
        let before = self.line_starts.partition_point(|start| *start <= at).checked_sub(1);
        at - before.and_then(|line| self.line_starts.get(line)).copied().unwrap_or_default().min(at)
    }

    /// Returns the location of a range inside a location.
    pub fn within(&self, span: Span, range: std::ops::Range<usize>) -> Span {
        match self.whole {
            Some(whole) => whole,
            None => Span { start: span.start + range.start, end: span.start + range.end, ..span },
        }
    }

    /// Returns the location of the first line of a node.
    pub fn first_line(&self, node: MarkdownNode<'_>) -> Span {
        let span = self.span(node);
        let length = self.written(span).trim_end().len();
        Span { end: span.end.min(span.start + length).max(span.start), ..span }
    }

    /// Returns whether the last line of a container is its closing fence. The parser closes open containers silently at the end
    /// of the text.
    pub fn is_closed(&self, node: MarkdownNode<'_>) -> bool {
        let position = node.data().sourcepos;
        let last = self.line(self.line_start(position.end.line)).trim_start_matches([' ', '>', '\t']).trim_end();
        position.end.line > position.start.line && last.len() >= 3 && last.bytes().all(|byte| byte == b':')
    }

    /// Returns the byte offsets of each line of an HTML block, in the block and in the text. They differ, because the parser
    /// removes the prefixes of lines.
    pub fn lines(&self, node: MarkdownNode<'_>, literal: &str) -> Vec<(usize, usize)> {
        let mut number = node.data().sourcepos.start.line;
        let mut start = 0;
        let lines = literal.split_inclusive('\n').map(|line| {
            let from = self.line_start(number);
            let margin = self.line(from).len().saturating_sub(line.trim_end_matches(['\r', '\n']).len());
            number += 1;
            start += line.len();
            (start - line.len(), from + margin)
        });
        lines.collect()
    }

    /// Returns the location of a range of an HTML block with the result of [`SpanMap::lines`].
    pub fn html_span(&self, lines: &[(usize, usize)], range: std::ops::Range<usize>) -> Span {
        let byte = |at: usize| {
            let line = lines.partition_point(|(start, _)| *start <= at).checked_sub(1).and_then(|line| lines.get(line));
            let (start, from) = line.copied().unwrap_or((at, self.text.len()));
            floor_char_boundary(self.text, from + at - start)
        };
        let start = byte(range.start);
        self.range(start..byte(range.end).max(start))
    }

    /// Returns the source text at a location, if it is known.
    pub fn slice(&self, span: Span) -> Option<&str> {
        if self.whole.is_some() {
            return None;
        }
        self.text.get(span.start.checked_sub(self.offset)?..span.end.checked_sub(self.offset)?)
    }

    /// Returns the source text from the start of a location to the end of its line, or an empty text if it is unknown.
    pub fn written(&self, span: Span) -> &str {
        if self.whole.is_some() {
            return "";
        }
        let at = span.start.saturating_sub(self.offset);
        self.text.get(at..).unwrap_or_default().split('\n').next().unwrap_or_default()
    }
}
