//! Whether the text stands where it can be read: on its page, apart from other text, large enough.

use std::collections::{BTreeMap, BTreeSet};

use typst::pdf::ArtifactKind;

use super::run::{Place, Places, Run, runs};
use super::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::paginate::{MappedPage, PageMap};

/// R681.
pub struct TextOutside;

/// Points that ink may stick out, by overshoot of round letters and rounding.
const SLACK: f64 = 0.5;

/// What a text sticks out of.
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
            title: "Text that runs out of its page or of the box that holds it.",
            explanation: "\
Text beyond the edge of the page is cut by the trimming, and text beyond a clipped box is hidden. Looked at is where the ink of the
letters is on the laid out pages, with every turn and scaling.

Long addresses, code and words without end are broken by themselves in running text. In a title or a label, shorten the text, or put a
soft hyphen (U+00AD) where it may be divided. In a layout, give the place more room, or choose a smaller size for long texts.",
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
            title: "A word wider than the column that it stands in.",
            explanation: "\
The word stays on its page, but it leaves its column, and the margin beside it is no longer kept. Put a soft hyphen (U+00AD) where the
word may be divided, or choose a shorter one. In a layout, let such texts be hyphenated, or set them smaller.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        tell_outside(&self.meaning(), subject, pages, found, |edge| edge == Edge::Line);
    }
}

/// Tells of texts that stick out of what is wanted.
fn tell_outside(
    meaning: &Meaning,
    subject: &Subject<'_>,
    pages: &PageMap<'_>,
    found: &mut Diagnostics,
    wanted: fn(Edge) -> bool,
) {
    let places = Places::new(subject, pages);
    // Of what one line of the sources becomes, the run with the most of itself outside is told: not the comma after it.
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

/// What a run sticks out of, and by how many points.
fn outside(run: &Run<'_>) -> Option<(Edge, f64)> {
    let ink = run.ink();
    let page = ink.beyond(run.page.trim);
    if page > SLACK {
        return Some((Edge::Page, page));
    }
    let clip = run.piece.clip.map_or(0.0, |clip| ink.beyond(clip));
    if clip > SLACK {
        return Some((Edge::Clip, clip));
    }
    // A line that no word fits starts inside its frame and ends outside. Marks may hang in the margin, and a designer may
    // centre a text on a point: a frame without width.
    let (start, width) = run.piece.frame;
    let size = run.text.size.to_pt();
    let end = start + run.piece.ink.max.x.to_pt();
    let long = width >= size && start >= -SLACK && start < width && end - width > size / 2.0;
    long.then(|| (Edge::Line, (end - width) * run.piece.scale()))
}

/// R682.
pub struct TextOverText;

/// Share of the smaller text that another may cover.
const COVERED: f64 = 0.2;
/// The same, of the ink.
const INK: f64 = 0.1;

impl Check for TextOverText {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R682", Group::Check, Severity::Error),
            title: "Two texts set over each other.",
            explanation: "\
Neither can be read. It happens where a layout places texts at fixed points and one of them is longer than it was thought to be.
Compared are the letters from the baseline to the height of the capitals: lines set tight, accents, superscripts and marks that hang
do not count, nor does a text in the background of the page, nor lettering along a circle.

Shorten one of them. In a layout, let one follow the other instead of placing both.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        let places = Places::new(subject, pages);
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

/// Pairs of texts of a page that stand over each other; the one that is drawn first comes first.
fn overlaps<'a>(page: &'a MappedPage<'a>) -> Vec<(Run<'a>, Run<'a>)> {
    // A text that runs out of its place is told as such, not once more for each text that it runs over.
    let stays = |run: &Run<'_>| outside(run).is_none_or(|(edge, _)| edge == Edge::Line);
    let in_front = |run: &Run<'_>| run.is_straight() && run.piece.artifact != Some(ArtifactKind::Background) && stays(run);
    let mut bodies: Vec<_> = runs(page).filter(in_front).enumerate().map(|(order, run)| (run.body(), order, run)).collect();
    bodies.sort_by(|a, b| a.0.top.total_cmp(&b.0.top));
    let mut pairs = Vec::new();
    for (at, (body, order, run)) in bodies.iter().enumerate() {
        let below = bodies.get(at + 1..).unwrap_or_default().iter().take_while(|(other, ..)| other.top < body.bottom);
        for (other, later, second) in below {
            let shared = body.common(*other).area();
            // The same words a little aside are a shadow.
            let shadow = run.text.text == second.text.text;
            if shared > COVERED * body.area().min(other.area()) && shared > 0.0 && !shadow && inks_meet(run, second) {
                pairs.push(if order < later { (*run, *second) } else { (*second, *run) });
            }
        }
    }
    pairs
}

fn inks_meet(one: &Run<'_>, other: &Run<'_>) -> bool {
    let (ours, theirs) = (one.glyphs(), other.glyphs());
    let area = |glyphs: &[crate::paginate::Bounds]| glyphs.iter().map(|glyph| glyph.area()).sum::<f64>();
    let shared: f64 = ours.iter().flat_map(|glyph| theirs.iter().map(|other| glyph.common(*other).area())).sum();
    shared > INK * area(&ours).min(area(&theirs))
}

/// R683.
pub struct TooSmall;

/// Points of the smallest text that people read on paper without a glass.
const SMALLEST: f64 = 6.0;
/// The same for superscripts and subscripts: a figure or two beside text that is larger.
const SMALLEST_SCRIPT: f64 = 4.5;

impl Check for TooSmall {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R683", Group::Check, Severity::Warning),
            title: "Text too small to read.",
            explanation: "\
Below 6 points text is hard to read on paper, and on a screen before it is enlarged. No standard has a number: this one is of the house.
Superscripts and subscripts may go down to 4.5 points. Counted is the size on the page, after every scaling.

Shorten the text that a layout made small to fit it in, or set it larger in the layout.",
        }
    }

    fn pages(&self, subject: &Subject<'_>, pages: &PageMap<'_>, found: &mut Diagnostics) {
        let places = Places::new(subject, pages);
        let mut smallest: BTreeMap<_, (f64, Run<'_>, Place)> = BTreeMap::new();
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
