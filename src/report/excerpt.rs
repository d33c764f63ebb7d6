//! Excerpts: the lines that a diagnostic refers to, shortened to the width of the terminal and safe to print, with their line
//! and column numbers in the source.
//!
//! codespan-reporting prints whole lines, and a paragraph of Markdown can be one long line. It therefore receives shortened
//! lines.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};

use super::push_visible;
use crate::diagnostic::{SourceId, Sources, Span, floor_char_boundary, line_starts};

/// A valid range of a source: inside the text, on character boundaries, and not reversed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceRange {
    /// The source.
    pub source: SourceId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// The line starts of each source, computed once per source.
pub struct LineIndex<'a> {
    sources: &'a Sources,
    starts: BTreeMap<SourceId, Vec<usize>>,
    /// The byte offset and the column that `position` returned last. The next offset is often later in the same long line, and
    /// its column is then counted from here.
    last: Option<(SourceId, usize, usize)>,
}

impl<'a> LineIndex<'a> {
    /// Creates an index whose line starts are computed on demand.
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, starts: BTreeMap::new(), last: None }
    }

    /// Returns the displayed name of a source.
    pub fn name(&self, source: SourceId) -> &'a str {
        self.sources.get(source).map_or("", |source| &source.name)
    }

    fn text(&self, source: SourceId) -> &'a str {
        self.sources.get(source).map_or("", |source| &source.text)
    }

    /// Clamps a span to its source; returns `None` if the source is unknown.
    pub fn place(&self, span: Span) -> Option<SourceRange> {
        let text = &self.sources.get(span.source)?.text;
        let start = floor_char_boundary(text, span.start);
        let end = floor_char_boundary(text, span.end).max(start);
        Some(SourceRange { source: span.source, start, end })
    }

    fn starts(&mut self, source: SourceId) -> &[usize] {
        let text = self.text(source);
        self.starts.entry(source).or_insert_with(|| line_starts(text))
    }

    /// Returns the index of the line of a byte, from 0.
    fn index(&mut self, source: SourceId, byte: usize) -> usize {
        self.starts(source).partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// Returns the bytes of a line, without its line end.
    fn range(&mut self, source: SourceId, index: usize) -> Range<usize> {
        let text = self.text(source);
        let starts = self.starts(source);
        let start = starts.get(index).copied().unwrap_or(text.len());
        let end = starts.get(index + 1).map_or(text.len(), |next| next - 1);
        let line = text.get(start..end).unwrap_or_default();
        start..start + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// Returns the line and the column (in characters) of a byte, both from 1.
    pub fn position(&mut self, source: SourceId, byte: usize) -> (usize, usize) {
        let index = self.index(source, byte);
        let start = self.range(source, index).start;
        let known = self.last.filter(|(of, at, _)| *of == source && (start..=byte).contains(at));
        let (from, column) = known.map_or((start, 1), |(_, at, column)| (at, column));
        let column = column + self.text(source).get(from..byte).unwrap_or_default().chars().count();
        self.last = Some((source, byte, column));
        (index + 1, column)
    }
}

/// The excerpts of one diagnostic, one per source, as a file database for codespan-reporting.
#[derive(Debug, Default)]
pub struct Excerpts {
    files: Vec<Excerpt>,
}

#[derive(Debug)]
struct Excerpt {
    source: SourceId,
    name: String,
    text: String,
    lines: BTreeMap<usize, Range<usize>>,
    /// The column in the source, by byte offset in `text`.
    columns: BTreeMap<usize, usize>,
}

/// A location in the excerpts: the index of the excerpt, and a byte range in it.
pub type ExcerptMark = (usize, Range<usize>);

impl Excerpts {
    /// Creates the excerpts for `places`, and returns the location of each place in them. Only the first line of a place is
    /// shown, because starts are more precise than ends, and a long block would hide the error.
    pub fn cut(lines: &mut LineIndex<'_>, places: &[SourceRange], width: usize) -> (Self, Vec<ExcerptMark>) {
        let mut excerpts = Self::default();
        let mut marks = vec![(0, 0..0); places.len()];
        let mut ids: Vec<SourceId> = Vec::new();
        for place in places {
            if !ids.contains(&place.source) {
                ids.push(place.source);
            }
        }
        for (file, source) in ids.into_iter().enumerate() {
            let here: Vec<(usize, SourceRange)> =
                places.iter().copied().enumerate().filter(|(_, place)| place.source == source).collect();
            let (excerpt, found) = Excerpt::cut(lines, source, &here, width);
            for (number, range) in found {
                if let Some(mark) = marks.get_mut(number) {
                    *mark = (file, range);
                }
            }
            excerpts.files.push(excerpt);
        }
        (excerpts, marks)
    }

    fn file(&self, id: usize) -> Result<&Excerpt, Error> {
        self.files.get(id).ok_or(Error::FileMissing)
    }
}

impl Excerpt {
    fn cut(
        lines: &mut LineIndex<'_>,
        source: SourceId,
        places: &[(usize, SourceRange)],
        width: usize,
    ) -> (Self, Vec<(usize, Range<usize>)>) {
        let mut wanted: BTreeMap<usize, Vec<(usize, Range<usize>)>> = BTreeMap::new();
        for (number, place) in places {
            let index = lines.index(source, place.start);
            let line = lines.range(source, index);
            let start = place.start.min(line.end);
            wanted.entry(index).or_default().push((*number, start..place.end.clamp(start, line.end)));
        }
        // A single line between two shown lines is also shown.
        let between: Vec<usize> = wanted.keys().filter(|at| wanted.contains_key(&(**at + 2))).map(|at| at + 1).collect();
        for index in between {
            wanted.entry(index).or_default();
        }
        let name = super::visible(lines.name(source));
        let mut excerpt = Self { source, name, text: String::new(), lines: BTreeMap::new(), columns: BTreeMap::new() };
        let mut marks = Vec::new();
        for (index, places) in wanted {
            let line = lines.range(source, index);
            let found = excerpt.push_line(index, lines, line, &places, width);
            marks.extend(found);
        }
        (excerpt, marks)
    }

    fn push_line(
        &mut self,
        index: usize,
        lines: &mut LineIndex<'_>,
        line: Range<usize>,
        places: &[(usize, Range<usize>)],
        width: usize,
    ) -> Vec<(usize, Range<usize>)> {
        let whole = lines.text(self.source);
        let windows = windows(whole, &line, places, width);
        let mut stops: BTreeMap<usize, usize> = BTreeMap::new();
        let begin = self.text.len();
        for (number, window) in windows.iter().enumerate() {
            if number == 0 && window.start > line.start {
                self.text.push('…');
            }
            for (at, c) in whole.get(window.clone()).unwrap_or_default().char_indices() {
                stops.insert(window.start + at, self.text.len());
                push_visible(&mut self.text, c);
            }
            stops.insert(window.end, self.text.len());
            if window.end < line.end {
                self.text.push('…');
            }
        }
        self.text.push('\n');
        self.lines.insert(index, begin..self.text.len());
        let mut marks = Vec::new();
        for (number, range) in places {
            let window_end = windows.iter().find(|window| window.end >= range.start).map_or(line.end, |window| window.end);
            let start = stops.get(&range.start).copied().unwrap_or(begin);
            let end = stops.get(&range.end.min(window_end)).copied().unwrap_or(start).max(start);
            self.columns.insert(start, lines.position(self.source, range.start).1);
            marks.push((*number, start..end));
        }
        marks
    }
}

/// Returns the parts of a line to show: the whole line if it fits, otherwise a part around the start of each place.
fn windows(text: &str, line: &Range<usize>, places: &[(usize, Range<usize>)], width: usize) -> Vec<Range<usize>> {
    let fits = |range: &Range<usize>| {
        let shown = text.get(range.clone()).unwrap_or_default();
        shown.len() <= width || shown.char_indices().nth(width).is_none()
    };
    if fits(line) {
        return vec![line.clone()];
    }
    let before = width * 2 / 5;
    let mut windows: Vec<Range<usize>> = Vec::new();
    let mut starts: Vec<usize> = places.iter().map(|(_, range)| range.start).collect();
    starts.sort_unstable();
    if starts.is_empty() {
        starts.push(line.start);
    }
    for start in starts {
        let head = text.get(line.start..start).unwrap_or_default();
        let from = head.char_indices().rev().take(before).last().map_or(start, |(at, _)| line.start + at);
        let tail = text.get(start..line.end).unwrap_or_default();
        let to = tail.char_indices().nth(width.saturating_sub(before)).map_or(line.end, |(at, _)| start + at);
        match windows.last_mut() {
            Some(last) if from <= last.end => last.end = last.end.max(to),
            _ => windows.push(from..to),
        }
    }
    windows
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.file(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.file(id)?.text)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let lines = &self.file(id)?.lines;
        let found = lines.iter().find(|(_, range)| byte < range.end).or_else(|| lines.iter().next_back());
        found.map(|(index, _)| *index).ok_or(Error::FileMissing)
    }

    fn line_range(&'a self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        let lines = &self.file(id)?.lines;
        lines.get(&line).cloned().ok_or(Error::LineTooLarge { given: line, max: lines.keys().next_back().copied().unwrap_or(0) })
    }

    fn column_number(&'a self, id: usize, _line: usize, byte: usize) -> Result<usize, Error> {
        Ok(self.file(id)?.columns.get(&byte).copied().unwrap_or(1))
    }
}
