//! Runs of text on laid out pages, and their locations in the sources.

use std::cell::OnceCell;

use typst::layout::Abs;
use typst::pdf::ArtifactKind;
use typst::text::{BottomEdge, BottomEdgeMetric, TextEdgeBounds, TextItem, TopEdge, TopEdgeMetric};
use typst::visualize::Paint;

use super::Subject;
use crate::diagnostic::{Diagnostic, Meaning, Span, floor_char_boundary};
use crate::model::{BlockKind, ModelNode, visit};
use crate::paginate::{Bounds, MappedPage, PageItem, PageMap, What};

/// Characters of one font, size and line on a page. A run always contains a visible character.
#[derive(Clone, Copy)]
pub struct PageRun<'a> {
    /// The page.
    pub page: &'a MappedPage<'a>,
    /// Its position on the page.
    pub item: &'a PageItem<'a>,
    /// The characters.
    pub text: &'a TextItem,
}

/// Returns the visible runs of a page in drawing order.
pub fn runs<'a>(page: &'a MappedPage<'a>) -> impl Iterator<Item = PageRun<'a>> {
    page.items.iter().filter_map(move |item| {
        let What::Text(text) = item.what else { return None };
        let visible = match &text.fill {
            Paint::Solid(colour) => colour.alpha().is_none_or(|alpha| alpha > 0.0),
            Paint::Gradient(_) | Paint::Tiling(_) => true,
        };
        (visible && text.text.chars().any(is_visible)).then_some(PageRun { page, item, text })
    })
}

/// Returns whether a character is visible. Typst inserts invisible characters to control line breaks.
fn is_visible(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Maximum length of an excerpt in a message, in characters.
const MAX_EXCERPT: usize = 40;

/// Returns the first visible characters of a text, as an excerpt for a message.
pub fn excerpt(text: &str) -> String {
    let clean: String = text.chars().filter(|c| c.is_whitespace() || is_visible(*c)).collect();
    let clean = clean.trim();
    match clean.char_indices().nth(MAX_EXCERPT) {
        Some((at, _)) => format!("{}…", clean.get(..at).unwrap_or_default().trim_end()),
        None => clean.to_owned(),
    }
}

impl PageRun<'_> {
    /// Returns its first visible characters, as an excerpt for a message.
    pub fn words(&self) -> String {
        excerpt(&self.text.text)
    }

    /// Returns its font size on paper, in points.
    pub fn size(&self) -> f64 {
        self.text.size.to_pt() * self.item.scale()
    }

    /// Returns the bounds of its ink.
    pub fn ink(&self) -> Bounds {
        let ink = self.item.ink;
        self.item.on_page(ink.min.x, ink.min.y, ink.max.x, ink.max.y)
    }

    /// Returns its bounds from the baseline to the cap height, so that tightly set lines do not overlap.
    pub fn body(&self) -> Bounds {
        let ink = self.item.ink;
        let (left, right) = (ink.min.x.max(Abs::zero()), ink.max.x.min(self.text.width()));
        let height = self.text.font.metrics().cap_height.at(self.text.size);
        self.item.on_page(left, -height, right.max(left), Abs::zero())
    }

    /// Returns the bounds of each glyph, with its advance as the width and the height of its ink.
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
            self.item.on_page(left, -top, at, bottom)
        });
        glyphs.collect()
    }

    /// Returns whether it is rotated by a multiple of 90 degrees.
    pub fn is_straight(&self) -> bool {
        let turn = self.item.to_page;
        let none = |ratio: typst::layout::Ratio| ratio.get().abs() < 1e-3;
        (none(turn.kx) && none(turn.ky)) || (none(turn.sx) && none(turn.sy))
    }

    /// Returns whether it belongs to the reading order and not to a note.
    pub fn is_flow(&self) -> bool {
        self.item.artifact.is_none() && !self.item.note
    }
}

/// The locations of a run of text in the sources.
#[derive(Clone, Copy)]
pub struct RunPlace {
    /// The author's text, or the publication's title if the text is not found.
    pub author: Span,
    /// The line of the layout, if the layout received the text as a value.
    pub layout: Option<Span>,
}

/// Finds the locations of runs.
pub struct RunPlaces<'a> {
    subject: &'a Subject<'a>,
    pages: &'a PageMap<'a>,
    declared: OnceCell<Vec<(String, Span)>>,
    code_blocks: OnceCell<Vec<Span>>,
}

impl<'a> RunPlaces<'a> {
    /// Creates a finder for the pages of an edition.
    pub fn new(subject: &'a Subject<'a>, pages: &'a PageMap<'a>) -> Self {
        Self { subject, pages, declared: OnceCell::new(), code_blocks: OnceCell::new() }
    }

    /// Returns the locations of a run.
    pub fn of(&self, run: &PageRun<'_>) -> RunPlace {
        let origin = self.pages.origin(run.text);
        let author = match origin.author {
            Some(span) => self.narrowed(span, run.text.text.len()),
            None => self
                .title(run)
                .or_else(|| self.code(run))
                .or_else(|| self.declared(run))
                .or_else(|| self.neighbour(run))
                .unwrap_or_else(|| self.subject.publication_place()),
        };
        RunPlace { author, layout: origin.layout }
    }

    /// Creates a diagnostic about a run.
    pub fn diagnostic(&self, meaning: &Meaning, message: String, place: RunPlace) -> Diagnostic {
        let diagnostic = meaning.diagnostic(message).at(place.author);
        match place.layout {
            Some(layout) => diagnostic.related(layout, "set by this line of the layout"),
            None => diagnostic,
        }
    }

    /// Returns the source and line of a location, by which diagnostics are deduplicated.
    pub fn line(&self, place: RunPlace) -> (crate::diagnostic::SourceId, usize) {
        let line = self.subject.sources.position(place.author.source, place.author.start).map_or(0, |(line, _)| line);
        (place.author.source, line)
    }

    /// Shortens a span to the length of the run.
    fn narrowed(&self, span: Span, length: usize) -> Span {
        let Some(source) = self.subject.sources.get(span.source) else { return span };
        let end = floor_char_boundary(&source.text, span.start + length).min(span.end);
        Span { end: end.max(span.start), ..span }
    }

    /// Returns the location of a section title. A layout receives titles as strings without location, so the label of the heading
    /// is used.
    fn title(&self, run: &PageRun<'_>) -> Option<Span> {
        let label = run.item.heading?.label()?;
        self.subject.title_place(label.resolve().as_str())
    }

    /// Finds a run of code, which a layout receives as a value without location, in the code blocks of the sources. If the
    /// location of the text before the run on its page is known, the search starts there.
    fn code(&self, run: &PageRun<'_>) -> Option<Span> {
        let words = run.text.text.trim();
        let is_monospace = || {
            let families = &self.subject.edition.brand.fonts.monospace;
            families.iter().any(|family| family.eq_ignore_ascii_case(&run.text.font.info().family))
        };
        if words.chars().count() < 3 || !is_monospace() {
            return None;
        }
        let blocks = self.code_blocks.get_or_init(|| code_blocks(self.subject));
        let find = |from: Option<Span>| {
            let after = |span: &&Span| from.is_none_or(|from| span.source == from.source && span.end >= from.start);
            blocks.iter().filter(after).find_map(|span| {
                let at = span.start + self.subject.sources.get(span.source)?.text.get(span.start..span.end)?.find(words)?;
                Some(Span::new(span.source, at..at + words.len()))
            })
        };
        find(self.before(run)).or_else(|| find(None))
    }

    /// Returns the location of the next text on the page that has one, otherwise of the last text before the run. So a bullet has
    /// the location of its item.
    fn neighbour(&self, run: &PageRun<'_>) -> Option<Span> {
        // A running header or footer is unrelated to the texts beside it.
        if run.item.artifact.is_some_and(|kind| matches!(kind, ArtifactKind::Header | ArtifactKind::Footer)) {
            return None;
        }
        let after = runs(run.page).skip_while(|other| !std::ptr::eq(other.item, run.item)).find_map(|other| self.author(&other));
        after.or_else(|| self.before(run))
    }

    /// Returns the location of the last text before a run on its page.
    fn before(&self, run: &PageRun<'_>) -> Option<Span> {
        let earlier = runs(run.page).take_while(|other| !std::ptr::eq(other.item, run.item));
        earlier.filter_map(|other| self.author(&other)).last()
    }

    fn author(&self, run: &PageRun<'_>) -> Option<Span> {
        let span = self.pages.origin(run.text).author?;
        Some(self.narrowed(span, run.text.text.len()))
    }

    /// Finds a TOML value by its letters and digits: the first value that contains the run, otherwise the longest value that the
    /// run contains.
    fn declared(&self, run: &PageRun<'_>) -> Option<Span> {
        let declared = self.declared.get_or_init(|| {
            let text = |span: Span| self.subject.sources.get(span.source)?.text.get(span.start..span.end);
            let spans = self.subject.entry.declared(self.subject.sources).into_iter();
            spans.filter_map(|span| Some((letters(text(span)?), span))).collect()
        });
        let own = letters(&run.text.text);
        if own.len() < 3 {
            return None;
        }
        let whole = declared.iter().find(|(value, _)| value.contains(&own));
        let part =
            || declared.iter().filter(|(value, _)| value.len() > 5 && own.contains(value)).max_by_key(|(value, _)| value.len());
        whole.or_else(part).map(|(_, span)| *span)
    }
}

/// Returns the locations of the blocks of code, in reading order.
fn code_blocks(subject: &Subject<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for section in &subject.edition.sections {
        visit(&section.body, &mut |node| {
            if let ModelNode::Block(block) = node
                && matches!(block.kind, BlockKind::Code { .. })
            {
                spans.push(block.span);
            }
        });
    }
    spans
}

/// Returns the lower-case letters and digits of a text, which typography does not change.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
