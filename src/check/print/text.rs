//! Thin lines and small text.

use std::collections::BTreeMap;

use super::facts::{AreaFact, PageFacts, TextFact};
use super::ink::{by_ink, is_dark_grey, start, text_spots};
use super::{PRINTED, PrintedFile, SourceLine, Spot, fr, limits, on_pages, print_diagnostic};
use crate::check::run::RunPlace;
use crate::check::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::product::Product;

/// R721: a line that is too thin to print.
pub struct Hairline;

/// R722: text that is too small to print.
pub struct SmallText;

/// R723: small text that is light on dark, or in several inks.
pub struct SmallColouredText;

/// Tolerance for rounded lengths, in points.
const SLACK: f64 = 0.01;
/// Factor for the limits of superscripts and subscripts, which are short and beside larger text.
const SCRIPT: f64 = 0.75;

impl Check for Hairline {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R721", Group::Print, Severity::Warning),
            title: "A line that is too thin to print.",
            explanation: "\
A line below `hairline` of `[print.limits]`, by default 0.25 points, breaks up or vanishes. On a screen and on an office printer it
looks thicker than it is. The check measures lines on the paper, after all scaling, including the lines of SVG drawings.

Draw it thicker, or set the drawing larger.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let least = limits(subject).hairline;
        let mut lines: BTreeMap<SourceLine, (f64, RunPlace, Vec<Spot>)> = BTreeMap::new();
        for (number, page) in file.pages() {
            let Some(thin) = page.thinnest.map(|stroke| f64::from(stroke.width)).filter(|width| *width < least - SLACK) else {
                continue;
            };
            let facts = file.facts.page(number);
            let (place, bounds) =
                facts.and_then(|facts| stroke(facts, thin)).unwrap_or_else(|| (start(subject, file, number), None));
            let place_line = place.layout.unwrap_or(place.author);
            let entry = lines.entry((place_line.source, place_line.start)).or_insert((thin, place, Vec::new()));
            entry.0 = entry.0.min(thin);
            entry.2.push(Spot { page: number, bounds });
        }
        for (thin, place, spots) in lines.into_values() {
            let pages: Vec<usize> = spots.iter().map(|spot| spot.page).collect();
            let ([on, sur], trait_, seuil) = (on_pages(file.product, &pages), fr(thin, 2), fr(least, 2));
            let fact = [
                format!("a line is {thin:.2} points thick {on}, below {least}"),
                format!("un filet a {trait_} pt d’épaisseur {sur}, moins que {seuil}"),
            ];
            let diagnostic = print_diagnostic(&self.meaning(), fact, place, file.product, &spots);
            found.push(diagnostic.hint("draw it thicker, or set the drawing larger"));
        }
    }
}

/// Finds a line with this width: a shape of the layout, otherwise a drawing that may contain it.
fn stroke(facts: &PageFacts, width: f64) -> Option<(RunPlace, Option<crate::paginate::Bounds>)> {
    let own = facts.strokes.iter().find(|stroke: &&AreaFact| (stroke.width - width).abs() < 0.02);
    let drawing = || facts.images.iter().find(|image| image.pixels.is_none());
    own.map(|stroke| (stroke.place, Some(stroke.bounds)))
        .or_else(|| drawing().map(|drawing| (drawing.place, Some(drawing.bounds))))
}

impl Check for SmallText {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R722", Group::Print, Severity::Warning),
            title: "Text that is too small to print.",
            explanation: "\
Text below `text` of `[print.limits]`, by default 5 points, loses its thin strokes in print even in black alone. Superscripts and
subscripts may be smaller by a quarter. The check measures the size on the paper, after all scaling, also in SVG drawings.

Set the text larger, or shorten it if the layout shrinks it to make it fit. If the text is in a drawing, set it larger there, or set
the drawing larger.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let least = limits(subject).text;
        let small = |text: &TextFact| text.size < least_of(text, least) - SLACK;
        for (text, spots) in lines(file, &small).into_values() {
            let pages: Vec<usize> = spots.iter().map(|spot| spot.page).collect();
            let (words, size, least) = (&text.words, text.size, least_of(text, least));
            let ([on, sur], corps, seuil) = (on_pages(file.product, &pages), fr(size, 1), fr(least, 2));
            let fact = [
                format!("\"{words}\" is set in {size:.1} points {on}, below {least}"),
                format!("« {words} » est composé en {corps} pt {sur}, moins que {seuil}"),
            ];
            let diagnostic = print_diagnostic(&self.meaning(), fact, text.place, file.product, &spots);
            found.push(diagnostic.hint(match text.drawn {
                true => "set it larger in the drawing, or show the drawing larger",
                false => "set it larger in the layout, or shorten it",
            }));
        }
    }
}

impl Check for SmallColouredText {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R723", Group::Print, Severity::Warning),
            title: "Small text that is light on dark, or in several inks.",
            explanation: "\
Ink spreads into light letters on a dark background, and letters in several inks get coloured edges where the plates are out of
register. So such text needs at least `reversed-text` of `[print.limits]`, by default 7 points, also in SVG drawings.

Set it larger or bolder, or print it in one ink.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let limits = limits(subject);
        let hint = "set it larger or bolder, or print it in one ink";
        let small = |size: f64| size < limits.reversed_text - SLACK && size >= limits.text - SLACK;
        let reversed = |text: &TextFact| text.reversed && !text.script && small(text.size);
        for (text, spots) in lines(file, &reversed).into_values() {
            let pages: Vec<usize> = spots.iter().map(|spot| spot.page).collect();
            let (words, size, least) = (&text.words, text.size, limits.reversed_text);
            let ([on, sur], corps, seuil) = (on_pages(file.product, &pages), fr(size, 1), fr(least, 2));
            let fact = [
                format!("\"{words}\" is set in {size:.1} points, light on dark, {on}, below {least}"),
                format!("« {words} » est composé en {corps} pt, clair sur foncé, {sur}, moins que {seuil}"),
            ];
            found.push(print_diagnostic(&self.meaning(), fact, text.place, file.product, &spots).hint(hint));
        }
        let coloured = file.report.small_text.iter().filter(|text| !is_dark_grey(file, text) && small(f64::from(text.size)));
        for (ink, uses) in by_ink(coloured) {
            let (place, spots, [words, mots]) = text_spots(subject, file, &uses);
            let size = uses.iter().map(|text| text.size).fold(f32::INFINITY, f32::min);
            let pages: Vec<usize> = uses.iter().map(|text| text.page).collect();
            let ([on, sur], parts) = (on_pages(file.product, &pages), ink.map(|part| part.to_string()).join("/"));
            let (corps, least, seuil) = (fr(size.into(), 1), limits.reversed_text, fr(limits.reversed_text, 2));
            let fact = [
                format!("{words} is set in {size:.1} points in several inks ({parts}) {on}, below {least}"),
                format!("{mots} est composé en {corps} pt en plusieurs encres ({parts}) {sur}, moins que {seuil}"),
            ];
            found.push(print_diagnostic(&self.meaning(), fact, place, file.product, &spots).hint(hint));
        }
    }
}

fn least_of(text: &TextFact, least: f64) -> f64 {
    if text.script { least * SCRIPT } else { least }
}

/// Returns the smallest of the texts that `wanted` selects for each line of the sources, with its positions.
fn lines<'a>(file: &PrintedFile<'a>, wanted: &dyn Fn(&TextFact) -> bool) -> BTreeMap<SourceLine, (&'a TextFact, Vec<Spot>)> {
    let mut lines: BTreeMap<SourceLine, (&TextFact, Vec<Spot>)> = BTreeMap::new();
    for (index, page) in file.facts.pages.iter().enumerate() {
        for text in page.texts.iter().filter(|text| wanted(text)) {
            let line = text.place.layout.unwrap_or(text.place.author);
            let spot = Spot { page: index + 1, bounds: Some(text.bounds) };
            let entry = lines.entry((line.source, line.start)).or_insert((text, Vec::new()));
            if text.size < entry.0.size {
                entry.0 = text;
            }
            entry.1.push(spot);
        }
    }
    lines
}
