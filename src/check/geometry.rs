//! Position and size of text on the page: inside its frame, without overlaps, large enough.

use std::collections::{BTreeMap, BTreeSet};

use typst::pdf::ArtifactKind;

use super::run::{PageRun, RunPlace, RunPlaces, runs};
use super::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::paginate::{MappedPage, PageMap};

/// R681: text that exceeds its page or its box.
pub struct TextOutside;

/// Label with which `layouts/common/tables.typ` marks a table that is too wide.
const WIDE_TABLE: &str = "reliure-too-wide";

/// Tolerated overflow of ink in points, for the overshoot of round letters and for rounding errors.
const OVERFLOW_TOLERANCE: f64 = 0.5;

/// The bound that a text exceeds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Page,
    Clip,
    Line,
}

impl Check for TextOutside {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R681", Group::Check, Severity::Error),
            title: "Text that exceeds its page or its box.",
            explanation: "\
Text beyond the edge of the page is trimmed, and text beyond a clipped box is hidden. The check measures the ink of the letters on
the laid out pages, after every rotation and scaling.

Long addresses, code and long words are broken automatically in running text. In a title or a label, shorten the text, or put a
soft hyphen (U+00AD) where it may be divided. In a layout, give the text more room, or choose a smaller size for long texts.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        report_outside(&self.meaning(), subject, pages, found, |edge| edge != Edge::Line);
    }
}

/// R686: a word that is wider than its column.
pub struct WideLine;

impl Check for WideLine {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R686", Group::Check, Severity::Warning),
            title: "A word that is wider than its column.",
            explanation: "\
The word stays on its page, but it exceeds its column and enters the margin beside it. Put a soft hyphen (U+00AD) where the word
may be divided, or choose a shorter word. In a layout, enable hyphenation for such texts, or set them smaller.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        report_outside(&self.meaning(), subject, pages, found, |edge| edge == Edge::Line);
    }
}

/// R687: a table that is wider than its page.
pub struct WideTable;

impl Check for WideTable {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R687", Group::Check, Severity::Error),
            title: "A table that is too wide.",
            explanation: "\
If a table does not fit at its natural width, its columns are sized by their content, then its text is made smaller (down to 7 points),
then its words are hyphenated. The layout `simple` then rotates the table by 90° on a page of its own, unless it is in a list, a box or
a note. R687 is reported if the table is still too wide, so that words would have to be broken between arbitrary letters.

Split the table into several, swap its rows and columns, or shorten its longest words. A soft hyphen (U+00AD) marks where a long name may
be divided.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        for (page, origin) in pages.marked(WIDE_TABLE) {
            let message = format!("this table is too wide for page {page}, even with the smallest text");
            let span = origin.author.unwrap_or_else(|| subject.publication_place());
            let hint = "split it into several tables, swap its rows and columns, or shorten its longest words";
            let wide = self.meaning().diagnostic(message).at(span).hint(hint);
            found.push(subject.edition.strictness.soften(wide, "its words are cut between any two letters"));
        }
    }
}

/// Reports the texts that exceed a bound selected by `wanted`.
fn report_outside(
    meaning: &Meaning,
    subject: &Subject<'_>,
    pages: &PageMap<'_>,
    found: &mut Diagnostics,
    wanted: fn(Edge) -> bool,
) {
    let places = RunPlaces::new(subject, pages);
    // For each line of the sources, reports only the run with the largest overflow, to avoid a second report for a comma after
    // it.
    let mut worst = BTreeMap::new();
    for run in pages.pages.iter().flat_map(runs) {
        let Some((edge, points)) = outside(&run).filter(|(edge, _)| wanted(*edge)) else { continue };
        let (place, ink) = (places.of(&run), run.ink());
        let lost = points.min(ink.width().max(ink.height()));
        let entry = worst.entry(places.line(place)).or_insert((lost, points, edge, run, place));
        if entry.0 < lost {
            *entry = (lost, points, edge, run, place);
        }
    }
    for (_, points, edge, run, place) in worst.into_values() {
        let (words, number, far) = (run.words(), run.page.number, points / 72.0 * 25.4);
        let message = match edge {
            Edge::Page => format!("\"{words}\" extends {far:.1} mm beyond the edge of page {number}"),
            Edge::Clip => format!("\"{words}\" is cut off by {far:.1} mm on page {number} because its box is too small"),
            Edge::Line => format!("\"{words}\" extends {far:.1} mm beyond its column on page {number}"),
        };
        let diagnostic = places.diagnostic(meaning, message, place);
        found.push(diagnostic.hint("shorten the text, allow a line break in it, or give it more room in the layout"));
    }
}

/// Returns the bound that a run exceeds, and the overflow in points.
fn outside(run: &PageRun<'_>) -> Option<(Edge, f64)> {
    let ink = run.ink();
    let page = ink.beyond(run.page.trim);
    if page > OVERFLOW_TOLERANCE {
        return Some((Edge::Page, page));
    }
    let clip = run.item.clip.map_or(0.0, |clip| ink.beyond(clip));
    if clip > OVERFLOW_TOLERANCE {
        return Some((Edge::Clip, clip));
    }
    // A line without a break opportunity starts inside its frame and ends outside. Marks may hang in the margin, and a layout may
    // centre text on a point, in a frame of width 0.
    let (start, width) = run.item.frame;
    let size = run.text.size.to_pt();
    let end = start + run.item.ink.max.x.to_pt();
    let long = width >= size && start >= -OVERFLOW_TOLERANCE && start < width && end - width > size / 2.0;
    long.then(|| (Edge::Line, (end - width) * run.item.scale()))
}

/// R682: two texts that overlap.
pub struct TextOverText;

/// Maximum share of the area of the smaller text that another text may cover.
const MAX_BODY_OVERLAP: f64 = 0.2;
/// Maximum share of the ink of the smaller text that the ink of another text may cover.
const MAX_INK_OVERLAP: f64 = 0.1;

impl Check for TextOverText {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R682", Group::Check, Severity::Error),
            title: "Two texts that overlap.",
            explanation: "\
Overlapping texts cannot be read. The usual cause is a layout that places texts at fixed positions, one of which is longer than
expected. The check compares the area of the letters from the baseline to the cap height. Tightly set lines, accents,
superscripts, hanging punctuation, text in the page background and text along a circle are not reported.

Shorten one of the texts. In a layout, let one text follow the other instead of placing both at fixed positions.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        let places = RunPlaces::new(subject, pages);
        let mut reported = BTreeSet::new();
        for page in &pages.pages {
            for (under, over) in overlaps(page) {
                let (first, second) = (places.of(&under), places.of(&over));
                if reported.insert((places.line(first), places.line(second))) {
                    let message = format!("\"{}\" overlaps \"{}\" on page {}", over.words(), under.words(), page.number);
                    let diagnostic = places.diagnostic(&self.meaning(), message, second).related(first.author, "the other text");
                    found.push(diagnostic.hint("shorten one of the texts, or move them apart in the layout"));
                }
            }
        }
    }
}

/// Returns the pairs of overlapping runs of a page, each in drawing order.
fn overlaps<'a>(page: &'a MappedPage<'a>) -> Vec<(PageRun<'a>, PageRun<'a>)> {
    // Excludes texts that exceed their bounds, which R681 reports.
    let stays = |run: &PageRun<'_>| outside(run).is_none_or(|(edge, _)| edge == Edge::Line);
    let in_front = |run: &PageRun<'_>| run.is_straight() && run.item.artifact != Some(ArtifactKind::Background) && stays(run);
    let mut bodies: Vec<_> = runs(page).filter(in_front).enumerate().map(|(order, run)| (run.body(), order, run)).collect();
    bodies.sort_by(|a, b| a.0.top.total_cmp(&b.0.top));
    let mut pairs = Vec::new();
    for (at, (body, order, run)) in bodies.iter().enumerate() {
        let below = bodies.get(at + 1..).unwrap_or_default().iter().take_while(|(other, ..)| other.top < body.bottom);
        for (other, later, second) in below {
            let shared = body.intersection(*other).area();
            // Equal texts with a small offset are a shadow effect.
            let shadow = run.text.text == second.text.text;
            if shared > MAX_BODY_OVERLAP * body.area().min(other.area()) && shared > 0.0 && !shadow && inks_overlap(run, second) {
                pairs.push(if order < later { (*run, *second) } else { (*second, *run) });
            }
        }
    }
    pairs
}

fn inks_overlap(one: &PageRun<'_>, other: &PageRun<'_>) -> bool {
    let (ours, theirs) = (one.glyphs(), other.glyphs());
    let area = |glyphs: &[crate::paginate::Bounds]| glyphs.iter().map(|glyph| glyph.area()).sum::<f64>();
    let shared: f64 = ours.iter().flat_map(|glyph| theirs.iter().map(|other| glyph.intersection(*other).area())).sum();
    shared > MAX_INK_OVERLAP * area(&ours).min(area(&theirs))
}

/// R683: text that is too small to read.
pub struct TooSmall;

/// Minimum font size in points for text that can be read on paper without magnification.
const MIN_SIZE: f64 = 6.0;
/// Minimum font size in points for superscripts and subscripts, which are short and beside larger text.
const MIN_SCRIPT_SIZE: f64 = 4.5;

impl Check for TooSmall {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R683", Group::Check, Severity::Warning),
            title: "Text that is too small to read.",
            explanation: "\
Text below 6 points is hard to read on paper, and on a screen without zooming. No standard sets a minimum; the value is our own.
Superscripts and subscripts may be as small as 4.5 points. The check measures the size on the page, after all scaling.

If a layout shrinks the text to make it fit, shorten the text, or set it larger in the layout.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        let places = RunPlaces::new(subject, pages);
        let mut smallest: BTreeMap<_, (f64, PageRun<'_>, RunPlace)> = BTreeMap::new();
        for run in pages.pages.iter().flat_map(runs) {
            let minimum = if run.item.script { MIN_SCRIPT_SIZE } else { MIN_SIZE };
            let size = run.size();
            if size < minimum - 0.01 {
                let place = places.of(&run);
                let entry = smallest.entry(places.line(place)).or_insert((size, run, place));
                if size < entry.0 {
                    *entry = (size, run, place);
                }
            }
        }
        for (size, run, place) in smallest.into_values() {
            let minimum = if run.item.script { MIN_SCRIPT_SIZE } else { MIN_SIZE };
            let (words, number) = (run.words(), run.page.number);
            let message = format!("\"{words}\" has a size of {size:.1} points on page {number}, below the minimum of {minimum}");
            let diagnostic = places.diagnostic(&self.meaning(), message, place);
            found.push(diagnostic.hint("shorten the text, or set it larger in the layout"));
        }
    }
}
