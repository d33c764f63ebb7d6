//! Content near the trim edge, and the bleed.

use std::collections::BTreeMap;

use super::facts::{solid, visible};
use super::{PRINTED, PrintedPages, SourceLine, Spot, fr, limits, line, mm, on_pages, print_diagnostic};
use crate::check::run::{RunPlace, RunPlaces, runs};
use crate::check::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::paginate::{Bounds, MappedPage, PageItem, What};
use crate::product::Product;

/// R731: text or a picture so near the edge that it may be cut off.
pub struct NearTheEdge;

/// R732: a background or a picture that reaches the edge, but not the end of the bleed.
pub struct PaintStopsAtTrim;

/// R733: a bleed of less than 3 mm.
pub struct ShortBleed;

/// Tolerance for rounded positions, in points.
const SLACK: f64 = 0.2;
/// Share of the safe distance within which a shape is reported. A cut shape loses no information, so its limit is lower than for
/// text.
const SHAPE_SHARE: f64 = 0.5;
/// Distance in points beyond the trim from which text is reported as outside the page (R681) instead of near the edge.
const OUTSIDE_DISTANCE: f64 = 0.5;
/// Covered share of a strip from which it counts as covered.
const MIN_COVERAGE: f64 = 0.95;

/// A finding at one line of the sources, with its pages.
struct EdgeFinding {
    /// The name of the element, in English and in French.
    what: [String; 2],
    millimetres: f64,
    place: RunPlace,
    spots: Vec<Spot>,
}

impl Check for NearTheEdge {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R731", Group::Print, Severity::Warning),
            title: "Text or a picture so near to the edge that it may be cut off.",
            explanation: "\
Sheets are trimmed in stacks, with a tolerance of one or two millimetres. Text closer to the edge than `safe` of
`[print.limits]`, by default 3 mm, may be cut off, and the margin beside a picture may look uneven. For boxes and rules, the check uses
half of that distance. Content that is meant to reach the edge must extend over the whole bleed.

Move it inwards, or extend it over the bleed.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_pages(&self, subject: &Subject<'_>, pages: &PrintedPages<'_>, found: &mut Diagnostics) {
        let safe = limits(subject).safe;
        let places = RunPlaces::new(subject, pages.map);
        let mut lines: BTreeMap<SourceLine, EdgeFinding> = BTreeMap::new();
        for page in &pages.map.pages {
            let inside = page.trim.inset(safe);
            for run in runs(page) {
                let ink = run.ink();
                if ink.beyond(inside) > SLACK && ink.beyond(page.trim) < OUTSIDE_DISTANCE {
                    let place = places.of(&run);
                    let near = mm(-ink.beyond(page.trim)).max(0.0);
                    let what = [format!("\"{}\"", run.words()), format!("« {} »", run.words())];
                    add(&mut lines, line(&places, place), EdgeFinding::at(what, near, place, (page.number, ink)));
                }
            }
            for item in page.items.iter().filter(|item| stands_out(page, item)) {
                let Some(bounds) = visible(item) else { continue };
                let sides = distances(bounds, page.trim);
                let nearest = sides.iter().filter(|distance| **distance > SLACK).copied().fold(f64::INFINITY, f64::min);
                let least = if matches!(item.what, What::Image(..)) { safe } else { safe * SHAPE_SHARE };
                if nearest < least - SLACK && !is_surrounded_by_its_colour(page, item, bounds, safe) {
                    let place = place_of(subject, &places, page, (pages, item));
                    let what = element_name(item);
                    let found = EdgeFinding::at(what, mm(nearest), place, (page.number, bounds));
                    add(&mut lines, line(&places, place), found);
                }
            }
        }
        for EdgeFinding { what, millimetres, place, spots } in lines.into_values() {
            let [on, sur] = on_pages(pages.product, &spots.iter().map(|spot| spot.page).collect::<Vec<_>>());
            let ([what, quoi], safe, marge) = (what, mm(safe), fr(mm(safe), 1));
            let fact = [
                format!("{what} is {millimetres:.1} mm from the edge {on}, less than the safe distance of {safe:.1} mm"),
                format!("{quoi} est à {} mm du bord {sur}, moins que la marge de sécurité de {marge} mm", fr(millimetres, 1)),
            ];
            let diagnostic = print_diagnostic(&self.meaning(), fact, place, pages.product, &spots);
            found.push(diagnostic.hint("move it inwards, or extend it over the whole bleed"));
        }
    }
}

impl Check for PaintStopsAtTrim {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R732", Group::Print, Severity::Warning),
            title: "A background or a picture that reaches the edge, but does not fill the bleed.",
            explanation: "\
Sheets are trimmed in stacks, with a tolerance of one or two millimetres. Paint that ends at the edge of the page leaves a white
strip there, so it must go beyond the edge by the bleed of `[print]`, by default 3 mm.

In a layout, make the box larger by `edition.bleed` on the sides that touch the edge. A picture at the edge must extend equally far
beyond it.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_pages(&self, subject: &Subject<'_>, pages: &PrintedPages<'_>, found: &mut Diagnostics) {
        let bleed = subject.edition.print.bleed;
        let places = RunPlaces::new(subject, pages.map);
        let mut lines: BTreeMap<SourceLine, EdgeFinding> = BTreeMap::new();
        for page in &pages.map.pages {
            for item in page.items.iter().filter(|item| stands_out(page, item)) {
                let Some(bounds) = visible(item).filter(|bounds| bounds.intersection(page.trim).area() > 0.0) else { continue };
                let strips = strips(bounds, page.trim, bleed);
                let open = strips.iter().filter(|strip| !is_covered(page, item, **strip));
                let missing = open.map(|strip| strip.width().min(strip.height())).fold(0.0, f64::max);
                if missing > SLACK {
                    let place = place_of(subject, &places, page, (pages, item));
                    let what = element_name(item);
                    let found = EdgeFinding::at(what, mm(missing), place, (page.number, bounds));
                    add(&mut lines, line(&places, place), found);
                }
            }
        }
        for EdgeFinding { what, millimetres, place, spots } in lines.into_values() {
            let [on, sur] = on_pages(pages.product, &spots.iter().map(|spot| spot.page).collect::<Vec<_>>());
            let ([what, quoi], bleed, fond) = (what, mm(bleed), fr(mm(bleed), 1));
            let fact = [
                format!(
                    "{what} reaches the edge {on}, but does not fill the bleed: {millimetres:.1} mm of {bleed:.1} mm are missing"
                ),
                format!(
                    "{quoi} touche le bord {sur} sans couvrir le fond perdu : il manque {} mm sur {fond}",
                    fr(millimetres, 1)
                ),
            ];
            let diagnostic = print_diagnostic(&self.meaning(), fact, place, pages.product, &spots);
            found.push(diagnostic.hint("make it larger by `edition.bleed` on that side, or keep it inside the page"));
        }
    }
}

impl Check for ShortBleed {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R733", Group::Print, Severity::Warning),
            title: "A bleed of less than 3 mm.",
            explanation: "\
Sheets are trimmed in stacks, with a tolerance of one or two millimetres: printers ask for 3 mm of paint beyond the edge of the
page, some for 5 mm. With less, white strips may show at the edge. `bleed` of `[print]` sets it. Publications that paint nothing at the
edge need no bleed: set `R733 = \"off\"` in `[checks]`.",
        }
    }

    fn products(&self) -> &'static [Product] {
        super::INSIDE
    }

    fn printed_pages(&self, subject: &Subject<'_>, _: &PrintedPages<'_>, found: &mut Diagnostics) {
        let print = &subject.edition.print;
        let bleed = mm(print.bleed);
        if bleed < 3.0 - 0.05 {
            let place = print.bleed_at.unwrap_or_else(|| subject.publication_place());
            let message = format!("the bleed is {bleed:.1} mm; printers require 3 mm");
            let french = format!("le fond perdu est de {} mm, les imprimeurs en demandent 3", fr(bleed, 1));
            found.push(
                self.meaning()
                    .diagnostic(message)
                    .in_french(french)
                    .at(place)
                    .hint("write bleed = \"3mm\", or the value that your printer asks for"),
            );
        }
    }
}

impl EdgeFinding {
    fn at(what: [String; 2], millimetres: f64, place: RunPlace, (page, bounds): (usize, Bounds)) -> Self {
        Self { what, millimetres, place, spots: vec![Spot { page, bounds: Some(bounds) }] }
    }
}

fn element_name(item: &PageItem<'_>) -> [String; 2] {
    match item.what {
        What::Image(..) => ["a picture".to_owned(), "une image".to_owned()],
        What::Shape(_) | What::Text(_) => ["a shape".to_owned(), "une forme".to_owned()],
    }
}

/// Adds a finding to the findings of its line. The first finding of a line is reported, with the pages of all.
fn add(lines: &mut BTreeMap<SourceLine, EdgeFinding>, line: SourceLine, found: EdgeFinding) {
    match lines.get_mut(&line) {
        None => drop(lines.insert(line, found)),
        Some(known) => {
            let fresh = found.spots.into_iter().filter(|spot| known.spots.iter().all(|other| other.page != spot.page));
            let fresh: Vec<Spot> = fresh.collect();
            known.spots.extend(fresh);
        }
    }
}

fn place_of(
    subject: &Subject<'_>,
    places: &RunPlaces<'_>,
    page: &MappedPage<'_>,
    (pages, item): (&PrintedPages<'_>, &PageItem<'_>),
) -> RunPlace {
    let origin = pages.map.origin_of(item);
    let first = || runs(page).find(|run| run.is_flow()).map(|run| places.of(&run).author);
    let author = origin.author.or_else(first).unwrap_or_else(|| subject.publication_place());
    RunPlace { author, layout: origin.layout }
}

/// Returns whether an item is a picture, or a shape in another colour than the page, whose sides are parallel to those of the
/// page.
fn stands_out(page: &MappedPage<'_>, item: &PageItem<'_>) -> bool {
    let turn = item.to_page;
    let none = |ratio: typst::layout::Ratio| ratio.get().abs() < 1e-3;
    let straight = (none(turn.kx) && none(turn.ky)) || (none(turn.sx) && none(turn.sy));
    let background = page.background.and_then(solid).unwrap_or([255; 3]);
    straight
        && match item.what {
            What::Image(..) => true,
            What::Shape(shape) => match &shape.fill {
                Some(fill) => solid(fill) != Some(background),
                None => shape.stroke.as_ref().is_some_and(|stroke| solid(&stroke.paint) != Some(background)),
            },
            What::Text(_) => false,
        }
}

/// Returns the inward distances between the sides of the trim and the sides of a rectangle.
fn distances(bounds: Bounds, trim: Bounds) -> [f64; 4] {
    [bounds.left - trim.left, bounds.top - trim.top, trim.right - bounds.right, trim.bottom - bounds.bottom]
}

/// Returns whether another shape of the same colour surrounds a shape up to the safe distance, so that its distance from the page
/// edge is not visible.
fn is_surrounded_by_its_colour(page: &MappedPage<'_>, item: &PageItem<'_>, bounds: Bounds, safe: f64) -> bool {
    let What::Shape(shape) = item.what else { return false };
    let own = shape.fill.as_ref().and_then(solid);
    let around = bounds.inset(-safe).intersection(page.trim);
    page.items.iter().any(|other| {
        let What::Shape(under) = other.what else { return false };
        let same = own.is_some() && under.fill.as_ref().and_then(solid) == own;
        !std::ptr::eq(other, item) && same && visible(other).is_some_and(|other| around.beyond(other) < SLACK)
    })
}

/// Returns the strips of the bleed that a rectangle should cover: on each side where it reaches the trim but not the end of the
/// bleed.
fn strips(bounds: Bounds, trim: Bounds, bleed: f64) -> Vec<Bounds> {
    let outer = trim.inset(-bleed);
    let [left, top, right, bottom] = distances(bounds, trim).map(|inwards| inwards < SLACK && inwards > SLACK - bleed);
    let seen = bounds.intersection(outer);
    let strip = |wanted: bool, bounds: Bounds| wanted.then_some(bounds);
    let all = [
        strip(left, Bounds { left: outer.left, right: bounds.left, ..seen }),
        strip(top, Bounds { top: outer.top, bottom: bounds.top, ..seen }),
        strip(right, Bounds { left: bounds.right, right: outer.right, ..seen }),
        strip(bottom, Bounds { top: bounds.bottom, bottom: outer.bottom, ..seen }),
    ];
    // A line that only touches the edge with its end needs no bleed.
    all.into_iter().flatten().filter(|strip| strip.width().max(strip.height()) > 1.0).collect()
}

/// Returns whether other content covers a strip of the bleed.
fn is_covered(page: &MappedPage<'_>, item: &PageItem<'_>, strip: Bounds) -> bool {
    page.items.iter().filter(|other| !std::ptr::eq(*other, item)).any(|other| {
        let paints = match other.what {
            What::Image(..) => true,
            What::Shape(shape) => shape.fill.is_some(),
            What::Text(_) => false,
        };
        paints && visible(other).is_some_and(|bounds| bounds.intersection(strip).area() >= MIN_COVERAGE * strip.area())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRIM: Bounds = Bounds { left: 0.0, top: 0.0, right: 400.0, bottom: 600.0 };

    #[test]
    fn paint_at_the_edge_has_unpainted_strips_in_the_bleed() {
        let at_trim = Bounds { left: 0.0, top: 100.0, right: 200.0, bottom: 200.0 };
        assert_eq!(strips(at_trim, TRIM, 8.5), [Bounds { left: -8.5, top: 100.0, right: 0.0, bottom: 200.0 }]);
        let over = Bounds { left: -8.5, ..at_trim };
        assert!(strips(over, TRIM, 8.5).is_empty());
        let inside = Bounds { left: 20.0, ..at_trim };
        assert!(strips(inside, TRIM, 8.5).is_empty());
        assert!(strips(at_trim, TRIM, 0.0).is_empty(), "there is nothing to paint without bleed");
        let page = strips(TRIM, TRIM, 8.5);
        assert_eq!(page.len(), 4);
    }
}
