//! A run of text as a reader sees it on a page, and the place that answers for it.

use std::cell::OnceCell;

use typst::layout::Abs;
use typst::text::{BottomEdge, BottomEdgeMetric, TextEdgeBounds, TextItem, TopEdge, TopEdgeMetric};
use typst::visualize::Paint;

use super::Subject;
use crate::diagnostic::{Diagnostic, Meaning, Span, floor_char_boundary};
use crate::paginate::{Bounds, MappedPage, PageMap, Piece, What};

/// Characters of one font, size and line on a page; never blank, never invisible.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The page.
    pub page: &'a MappedPage<'a>,
    /// Where it stands there.
    pub piece: &'a Piece<'a>,
    /// The characters.
    pub text: &'a TextItem,
}

/// Lists what can be read on a page, in the order in which it is drawn.
pub fn runs<'a>(page: &'a MappedPage<'a>) -> impl Iterator<Item = Run<'a>> {
    page.pieces.iter().filter_map(move |piece| {
        let What::Text(text) = piece.what else { return None };
        let visible = match &text.fill {
            Paint::Solid(colour) => colour.alpha().is_none_or(|alpha| alpha > 0.0),
            Paint::Gradient(_) | Paint::Tiling(_) => true,
        };
        (visible && text.text.chars().any(is_ink)).then_some(Run { page, piece, text })
    })
}

/// True for characters that leave ink; invisible ones help the typesetter to break lines.
fn is_ink(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Characters of a message's excerpt.
const EXCERPT: usize = 40;

impl Run<'_> {
    /// Says its first words.
    pub fn words(&self) -> String {
        let clean: String = self.text.text.chars().filter(|c| c.is_whitespace() || is_ink(*c)).collect();
        let clean = clean.trim();
        match clean.char_indices().nth(EXCERPT) {
            Some((at, _)) => format!("{}…", clean.get(..at).unwrap_or_default().trim_end()),
            None => clean.to_owned(),
        }
    }

    /// Its size on paper, in points.
    pub fn size(&self) -> f64 {
        self.text.size.to_pt() * self.piece.scale()
    }

    /// Bounds of its ink.
    pub fn ink(&self) -> Bounds {
        let ink = self.piece.ink;
        self.piece.on_page(ink.min.x, ink.min.y, ink.max.x, ink.max.y)
    }

    /// Bounds of its capitals: from the baseline to their height. Lines set tight stay apart by this measure.
    pub fn body(&self) -> Bounds {
        let ink = self.piece.ink;
        let (left, right) = (ink.min.x.max(Abs::zero()), ink.max.x.min(self.text.width()));
        let height = self.text.font.metrics().cap_height.at(self.text.size);
        self.piece.on_page(left, -height, right.max(left), Abs::zero())
    }

    /// Bounds of each glyph: as wide as it advances, as high as its ink.
    pub fn glyphs(&self) -> Vec<Bounds> {
        let mut at = Abs::zero();
        let glyphs = self.text.glyphs.iter().map(|glyph| {
            let (top, bottom) = self.text.font.edges(
                TopEdge::Metric(TopEdgeMetric::Bounds),
                BottomEdge::Metric(BottomEdgeMetric::Bounds),
                self.text.size,
                TextEdgeBounds::Glyph(glyph.id),
            );
            let left = at;
            at += glyph.x_advance.at(self.text.size);
            self.piece.on_page(left, -top, at, bottom)
        });
        glyphs.collect()
    }

    /// Tells whether it stands straight or at right angles.
    pub fn is_straight(&self) -> bool {
        let turn = self.piece.to_page;
        let none = |ratio: typst::layout::Ratio| ratio.get().abs() < 1e-3;
        (none(turn.kx) && none(turn.ky)) || (none(turn.sx) && none(turn.sy))
    }

    /// Tells whether it belongs to the reading order, and to no note.
    pub fn is_flow(&self) -> bool {
        self.piece.artifact.is_none() && !self.piece.note
    }
}

/// What answers for a run of text.
#[derive(Clone, Copy)]
pub struct Place {
    /// The author's words; the publication's title when they are found nowhere.
    pub author: Span,
    /// The layout's line, when the words came to it as a value.
    pub layout: Option<Span>,
}

/// Finds the places of runs.
pub struct Places<'a> {
    subject: &'a Subject<'a>,
    pages: &'a PageMap<'a>,
    declared: OnceCell<Vec<(String, Span)>>,
}

impl<'a> Places<'a> {
    /// Gets ready to find places.
    pub fn new(subject: &'a Subject<'a>, pages: &'a PageMap<'a>) -> Self {
        Self { subject, pages, declared: OnceCell::new() }
    }

    /// Finds what answers for a run.
    pub fn of(&self, run: &Run<'_>) -> Place {
        let origin = self.pages.origin(run.text);
        let author = match origin.author {
            Some(span) => self.narrowed(span, run.text.text.len()),
            None => self.title(run).or_else(|| self.declared(run)).unwrap_or_else(|| self.subject.publication_place()),
        };
        Place { author, layout: origin.layout }
    }

    /// Starts a diagnostic about a run.
    pub fn tell(&self, meaning: &Meaning, message: String, place: Place) -> Diagnostic {
        let told = meaning.tell(message).at(place.author);
        match place.layout {
            Some(layout) => told.related(layout, "set by this line of the layout"),
            None => told,
        }
    }

    /// Numbers a place by its line: what is told of one line is told once.
    pub fn line(&self, place: Place) -> (crate::diagnostic::SourceId, usize) {
        let line = self.subject.sources.position(place.author.source, place.author.start).map_or(0, |(line, _)| line);
        (place.author.source, line)
    }

    /// Ends a place where the words of the run end.
    fn narrowed(&self, span: Span, length: usize) -> Span {
        let Some(source) = self.subject.sources.get(span.source) else { return span };
        let end = floor_char_boundary(&source.text, span.start + length).min(span.end);
        Span { end: end.max(span.start), ..span }
    }

    /// Titles of sections come to a layout as values: they are known by the label of the heading.
    fn title(&self, run: &Run<'_>) -> Option<Span> {
        let label = run.piece.heading?.label()?;
        self.subject.title_place(label.resolve().as_str())
    }

    /// Other words of TOML are found by what they say: where it holds the run, or where the run holds the most of it.
    fn declared(&self, run: &Run<'_>) -> Option<Span> {
        let declared = self.declared.get_or_init(|| {
            let text = |span: Span| self.subject.sources.get(span.source)?.text.get(span.start..span.end);
            let spans = self.subject.entry.declared(self.subject.sources).into_iter();
            spans.filter_map(|span| Some((letters(text(span)?), span))).collect()
        });
        let own = letters(&run.text.text);
        if own.len() < 3 {
            return None;
        }
        let whole = declared.iter().find(|(said, _)| said.contains(&own));
        let part = || declared.iter().filter(|(said, _)| said.len() > 5 && own.contains(said)).max_by_key(|(said, _)| said.len());
        whole.or_else(part).map(|(_, span)| *span)
    }
}

/// Letters and figures alone: typography changes the rest.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
