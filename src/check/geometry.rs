//! Position and size of text on the page: inside its frame, without overlaps, large enough.

use std::collections::{BTreeMap, BTreeSet};

use typst::pdf::ArtifactKind;

use super::run::{PageRun, RunPlace, RunPlaces, runs};
use super::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::paginate::{MappedPage, PageMap};

/// R681.
pub struct TextOutside;

/// Tolerated overflow of ink in points, for the overshoot of round letters and for rounding.
const SLACK: f64 = 0.5;

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
        tell_outside(&self.meaning(), subject, pages, found, |edge| edge != Edge::Line);
    }
}

/// R686.
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
        tell_outside(&self.meaning(), subject, pages, found, |edge| edge == Edge::Line);
    }
}

/// Reports the texts that exceed a bound selected by `wanted`.
fn tell_outside(
    meaning: &Meaning,
    subject: &Subject<'_>,
    pages: &PageMap<'_>,
    found: &mut Diagnostics,
    wanted: fn(Edge) -> bool,
) {
    let places = RunPlaces::new(subject, pages);
    // Of all runs on one line of the sources, reports the one with the largest overflow, so that a comma after it is not reported
    // too.
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
            Edge::Page => format!("\"{words}\" reaches {far:.1} mm beyond the edge of page {number}"),
            Edge::Clip => format!("\"{words}\" is cut off by {far:.1} mm on page {number}: the box that holds it is too small"),
            Edge::Line => format!("\"{words}\" runs {far:.1} mm out of its column on page {number}"),
        };
        let told = places.tell(meaning, message, place);
        found.push(told.hint("shorten it, let it break, or give it more room in the layout"));
    }
}

/// Returns the bound that a run exceeds, and the overflow in points.
fn outside(run: &PageRun<'_>) -> Option<(Edge, f64)> {
    let ink = run.ink();
    let page = ink.beyond(run.page.trim);
    if page > SLACK {
        return Some((Edge::Page, page));
    }
    let clip = run.piece.clip.map_or(0.0, |clip| ink.beyond(clip));
    if clip > SLACK {
        return Some((Edge::Clip, clip));
    }
    // A line without a break opportunity starts inside its frame and ends outside. Marks may hang in the margin, and a layout may
    // centre text on a point, in a frame of width 0.
    let (start, width) = run.piece.frame;
    let size = run.text.size.to_pt();
    let end = start + run.piece.ink.max.x.to_pt();
    let long = width >= size && start >= -SLACK && start < width && end - width > size / 2.0;
    long.then(|| (Edge::Line, (end - width) * run.piece.scale()))
}

/// R682.
pub struct TextOverText;

/// Share of the area of the smaller text that another text may cover.
const COVERED: f64 = 0.2;
/// The same, for the area of the ink.
const INK: f64 = 0.1;

impl Check for TextOverText {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R682", Group::Check, Severity::Error),
            title: "Two texts that overlap.",
            explanation: "\
Overlapping texts cannot be read. The usual cause is a layout that places texts at fixed positions, one of which is longer than
expected. The check compares the area of the letters from the baseline to the cap height. Tightly set lines, accents,
superscripts, hanging punctuation, text in the page background and text along a circle are not reported.

Shorten one of the texts. In a layout, let one follow the other instead of placing both.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        let places = RunPlaces::new(subject, pages);
        let mut told = BTreeSet::new();
        for page in &pages.pages {
            for (under, over) in overlaps(page) {
                let (first, second) = (places.of(&under), places.of(&over));
                if told.insert((places.line(first), places.line(second))) {
                    let message = format!("\"{}\" is set over \"{}\" on page {}", over.words(), under.words(), page.number);
                    let told = places.tell(&self.meaning(), message, second).related(first.author, "this text is under it");
                    found.push(told.hint("shorten one of them, or set them apart in the layout"));
                }
            }
        }
    }
}

/// Returns the pairs of overlapping runs of a page, each in drawing order.
fn overlaps<'a>(page: &'a MappedPage<'a>) -> Vec<(PageRun<'a>, PageRun<'a>)> {
    // A text that exceeds its bounds is reported as such, not again for each text that it overlaps.
    let stays = |run: &PageRun<'_>| outside(run).is_none_or(|(edge, _)| edge == Edge::Line);
    let in_front = |run: &PageRun<'_>| run.is_straight() && run.piece.artifact != Some(ArtifactKind::Background) && stays(run);
    let mut bodies: Vec<_> = runs(page).filter(in_front).enumerate().map(|(order, run)| (run.body(), order, run)).collect();
    bodies.sort_by(|a, b| a.0.top.total_cmp(&b.0.top));
    let mut pairs = Vec::new();
    for (at, (body, order, run)) in bodies.iter().enumerate() {
        let below = bodies.get(at + 1..).unwrap_or_default().iter().take_while(|(other, ..)| other.top < body.bottom);
        for (other, later, second) in below {
            let shared = body.common(*other).area();
            // Equal texts with a small offset are a shadow.
            let shadow = run.text.text == second.text.text;
            if shared > COVERED * body.area().min(other.area()) && shared > 0.0 && !shadow && inks_meet(run, second) {
                pairs.push(if order < later { (*run, *second) } else { (*second, *run) });
            }
        }
    }
    pairs
}

fn inks_meet(one: &PageRun<'_>, other: &PageRun<'_>) -> bool {
    let (ours, theirs) = (one.glyphs(), other.glyphs());
    let area = |glyphs: &[crate::paginate::Bounds]| glyphs.iter().map(|glyph| glyph.area()).sum::<f64>();
    let shared: f64 = ours.iter().flat_map(|glyph| theirs.iter().map(|other| glyph.common(*other).area())).sum();
    shared > INK * area(&ours).min(area(&theirs))
}

/// R683.
pub struct TooSmall;

/// Smallest text in points that can be read on paper without magnification.
const SMALLEST: f64 = 6.0;
/// The same for superscripts and subscripts, which are short and beside larger text.
const SMALLEST_SCRIPT: f64 = 4.5;

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
            let least = if run.piece.script { SMALLEST_SCRIPT } else { SMALLEST };
            let size = run.size();
            if size < least - 0.01 {
                let place = places.of(&run);
                let entry = smallest.entry(places.line(place)).or_insert((size, run, place));
                if size < entry.0 {
                    *entry = (size, run, place);
                }
            }
        }
        for (size, run, place) in smallest.into_values() {
            let least = if run.piece.script { SMALLEST_SCRIPT } else { SMALLEST };
            let (words, number) = (run.words(), run.page.number);
            let message = format!("\"{words}\" is set in {size:.1} points on page {number}; it takes {least} to be read");
            let told = places.tell(&self.meaning(), message, place);
            found.push(told.hint("shorten it, or set it larger in the layout"));
        }
    }
}
