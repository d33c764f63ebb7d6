//! Ink coverage, overprint, and text in several inks.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{AreaFact, ImageFact, PageFacts, TextFact};
use super::images::{LocatedImage, uses};
use super::{PRINTED, PrintedFile, Spot, fr, hex, inks, limits, on_pages, percent, print_diagnostic, total};
use crate::check::run::RunPlace;
use crate::check::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::icc::neutral;
use crate::manifest::ColourMode;
use crate::output::pdf::print::{ImageColour, ImageUse, MultiInkText, PrintReport};
use crate::paginate::Bounds;
use crate::product::Product;
use crate::resolve::layers;

/// R711: a colour that exceeds the ink limit.
pub struct InkOfColours;

/// R712: pixels or overlapping colours that exceed the ink limit.
pub struct InkOfImages;

/// Tolerance for rounded sums of ink: one percent.
const SLACK: f32 = 0.01;

impl Check for InkOfColours {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R711", Group::Print, Severity::Error),
            title: "A colour with more ink than the paper takes.",
            explanation: "\
The sum of the inks of a colour may not exceed `ink` of `[print.limits]`, by default 300 %, for coated paper. Uncoated paper takes
280 %, newsprint 240 %. An area with more ink does not dry: it smears, and sticks to the next sheet. Printers reject such files, so
this is an error.

Lower the values of `cmyk` in the palette. If the press profile converted the colour, set `icc` to the profile of your paper, which
respects the limit of that paper. The default colours of the brand have inks of their own; an entry of the palette with the same `rgb`
replaces them:

    [brand.color.palette]
    ink = { rgb = \"#1D2433\", cmyk = [74, 61, 39, 65] }",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let limit = limit(subject);
        for HeavyColour { rgb, ink, pages } in heavy_colours(subject, file, limit) {
            let (place, spots) = colour_spots(subject, file, rgb, &pages);
            let declared = declared(subject, rgb);
            let ([on, sur], most) = (on_pages(file.product, &pages), limits(subject).ink);
            let (colour, sum, parts) = (hex(rgb), total(ink.iter().sum()), inks(ink));
            let fact = [
                format!("{colour} is printed with {sum} % ink ({parts}) {on}, above the limit of {most:.0} %"),
                format!("{colour} est imprimé avec {sum} % d’encre ({parts}) {sur}, plus que la limite de {most:.0} %"),
            ];
            let place = declared.map_or(place, |author| RunPlace { author, layout: None });
            let hint = match declared {
                Some(_) => "lower the values of `cmyk` here".to_owned(),
                None => {
                    let less = within(ink, most).map(|part| part.to_string()).join(", ");
                    let entry = format!(
                        "give the colour less ink in [brand.color.palette]: ink = {{ rgb = \"{colour}\", cmyk = [{less}] }}"
                    );
                    let by_profile = file.report.converted.iter().any(|converted| converted.rgb == rgb);
                    if by_profile { format!("name the profile of your paper with `icc` in [print], or {entry}") } else { entry }
                }
            };
            found.push(print_diagnostic(&self.meaning(), fact, place, file.product, &spots).hint(hint));
        }
        for (ink, pages) in heavy_given(file, limit) {
            let ([on, sur], most) = (on_pages(file.product, &pages), limits(subject).ink);
            let (sum, parts) = (sum_of(ink), ink.map(|part| part.to_string()).join("/"));
            let fact = [
                format!("a colour is printed with {sum} % ink ({parts}) {on}, above the limit of {most:.0} %"),
                format!("une couleur est imprimée avec {sum} % d’encre ({parts}) {sur}, plus que la limite de {most:.0} %"),
            ];
            let first = pages.first().copied().unwrap_or(1);
            let place = drawing(file, first).unwrap_or_else(|| start(subject, file, first));
            let spots: Vec<Spot> = pages.iter().map(|page| Spot { page: *page, bounds: None }).collect();
            let hint = "use less ink for it: a layout or a drawing of the page sets these inks";
            found.push(print_diagnostic(&self.meaning(), fact, place, file.product, &spots).hint(hint));
        }
    }
}

/// Returns inks in percent whose sum is within a limit: less cyan, magenta and yellow in the same proportion.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of ink is between 0 and 100")]
fn within(ink: [f32; 4], most: f64) -> [u8; 4] {
    let [cyan, magenta, yellow, black] = ink.map(|part| f64::from(total(part)));
    let share = ((most - black) / (cyan + magenta + yellow)).clamp(0.0, 1.0);
    [cyan * share, magenta * share, yellow * share, black].map(|part| part.floor() as u8)
}

/// Returns the inks above the limit that a layout or a drawing sets, with the pages that print them.
fn heavy_given(file: &PrintedFile<'_>, limit: f32) -> BTreeMap<[u8; 4], Vec<usize>> {
    let mut heavy: BTreeMap<[u8; 4], Vec<usize>> = BTreeMap::new();
    for (number, page) in file.pages().filter(|(_, page)| page.ink > limit) {
        for ink in page.given.iter().filter(|ink| f32::from(sum_of(**ink)) > limit * 100.0) {
            heavy.entry(*ink).or_default().push(number);
        }
    }
    heavy
}

fn sum_of(ink: [u8; 4]) -> u16 {
    ink.map(u16::from).iter().sum()
}

/// A colour with too much ink, and the pages that print it.
struct HeavyColour {
    rgb: [u8; 3],
    ink: [f32; 4],
    pages: Vec<usize>,
}

/// Returns the colours above the ink limit, with the pages that print that much ink.
fn heavy_colours(subject: &Subject<'_>, file: &PrintedFile<'_>, limit: f32) -> Vec<HeavyColour> {
    let heavy: BTreeSet<usize> = file.pages().filter(|(_, page)| page.ink > limit).map(|(number, _)| number).collect();
    if heavy.is_empty() {
        return Vec::new();
    }
    let declared = subject.edition.brand.inks.iter().filter(|ink| ink.spot.is_none());
    let declared = declared.map(|ink| HeavyColour { rgb: ink.rgb, ink: percent(ink.cmyk), pages: pages_with(file, ink.rgb) });
    let converted = file.report.converted.iter();
    let converted = converted.map(|colour| HeavyColour { rgb: colour.rgb, ink: colour.ink, pages: colour.pages.clone() });
    let mut all: Vec<HeavyColour> = declared.chain(converted).filter(|colour| colour.ink.iter().sum::<f32>() > limit).collect();
    all.iter_mut().for_each(|colour| colour.pages.retain(|page| heavy.contains(page)));
    all.retain(|colour| !colour.pages.is_empty());
    all
}

impl Check for InkOfImages {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R712", Group::Print, Severity::Warning),
            title: "Pixels or overlapping colours with more ink than the paper takes.",
            explanation: "\
Some pixels of an image have more ink than `ink` of `[print.limits]` allows, or black text or a transparent shape adds its ink to that of a
dark background. This is a warning, whereas R711 is an error, because small dark spots dry; the shadows of a photograph may not. The press
profile limits the ink of images that it converts, so either the image is already in CMYK, or the limit is lower than that of the
profile.

Leave images in RGB, and set `icc` to the profile of your paper. Set text on lighter backgrounds.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        for uses in uses(file).into_values() {
            let Some(first) = uses.iter().find(|image| is_heavy(image, limit(subject))) else { continue };
            let shown = LocatedImage::of(subject, file, first);
            let pages: Vec<usize> = uses.iter().map(|image| image.page).collect();
            let ([on, sur], sum, most) = (on_pages(file.product, &pages), total(first.ink), limits(subject).ink);
            let [name, nom] = shown.names();
            let fact = [
                format!("{name} has pixels with {sum} % ink {on}, above the limit of {most:.0} %"),
                format!("{nom} a des pixels à {sum} % d’encre {sur}, plus que la limite de {most:.0} %"),
            ];
            let spots: Vec<Spot> = uses.iter().map(|image| LocatedImage::of(subject, file, image).spot).collect();
            let diagnostic = print_diagnostic(&self.meaning(), fact, shown.place, file.product, &spots);
            let hint = match first.before {
                ImageColour::Cmyk => "save it in RGB, and name the profile of your paper with `icc` in [print]",
                ImageColour::Rgb | ImageColour::Gray => {
                    "name the profile of your paper with `icc` in [print], or lighten the darkest parts of the image"
                }
            };
            found.push(diagnostic.hint(hint));
        }
        let limit = limit(subject);
        let mut explained: BTreeSet<usize> =
            heavy_colours(subject, file, limit).iter().flat_map(|colour| &colour.pages).copied().collect();
        explained.extend(heavy_given(file, limit).into_values().flatten());
        explained.extend(file.report.images.iter().filter(|image| is_heavy(image, limit)).map(|image| image.page));
        let other = file.pages().filter(|(number, page)| page.ink > limit && !explained.contains(number));
        let other: Vec<(usize, f32)> = other.map(|(number, page)| (number, page.ink)).collect();
        let Some((first, _)) = other.first().copied() else { return };
        let pages: Vec<usize> = other.iter().map(|(number, _)| *number).collect();
        let sum = total(other.iter().map(|(_, ink)| *ink).fold(0.0, f32::max));
        let ([on, sur], most) = (on_pages(file.product, &pages), limits(subject).ink);
        let fact = [
            format!("up to {sum} % ink is printed where colours overlap {on}, above the limit of {most:.0} %"),
            format!(
                "jusqu’à {sum} % d’encre sont imprimés où des couleurs se superposent {sur}, plus que la limite de {most:.0} %"
            ),
        ];
        let spots: Vec<Spot> = pages.iter().map(|page| Spot { page: *page, bounds: None }).collect();
        let place = blending_drawing(subject, file, first);
        let hint = match place {
            Some(_) => "remove the blend mode in the drawing, or use lighter colours there",
            None => "set black text and transparent shapes on lighter backgrounds, or use opaque colours",
        };
        let place = place.unwrap_or_else(|| start(subject, file, first));
        found.push(print_diagnostic(&self.meaning(), fact, place, file.product, &spots).hint(hint));
    }
}

/// Returns whether an image has visible pixels above the ink limit.
fn is_heavy(image: &ImageUse, limit: f32) -> bool {
    image.ink > limit && !image.hidden
}

/// Returns the ink limit as a sum of four shares, from 0 to 4, plus the tolerance.
#[allow(clippy::cast_possible_truncation, reason = "a limit is at most 400")]
fn limit(subject: &Subject<'_>) -> f32 {
    limits(subject).ink as f32 / 100.0 + SLACK
}

/// Returns the pages that have text or areas of a colour.
fn pages_with(file: &PrintedFile<'_>, rgb: [u8; 3]) -> Vec<usize> {
    let pages = file.facts.pages.iter().enumerate().filter(|(_, page)| {
        page.texts.iter().any(|text| text.rgb == Some(rgb))
            || page.fills.iter().chain(&page.strokes).chain(&page.drawn).any(|area| area.rgb == Some(rgb))
    });
    pages.map(|(index, _)| index + 1).collect()
}

/// Returns the location of the palette value that declares the inks of a colour.
fn declared(subject: &Subject<'_>, rgb: [u8; 3]) -> Option<crate::diagnostic::Span> {
    let layers = layers(subject.entry);
    layers.iter().find_map(|layer| {
        let values = layer.brand.color.palette.values();
        let own = values.into_iter().find(|value| {
            let colour = crate::model::Colour::parse(value.get_ref().rgb());
            value.get_ref().cmyk().is_some() && colour.is_some_and(|colour| colour.rgb == rgb)
        });
        own.map(|value| (layer.span)(value.span()))
    })
}

/// Returns the source of the first element in a colour, and its position on each page.
pub fn colour_spots(subject: &Subject<'_>, file: &PrintedFile<'_>, rgb: [u8; 3], pages: &[usize]) -> (RunPlace, Vec<Spot>) {
    let mut place = None;
    let spots = pages.iter().map(|page| {
        let facts = file.facts.page(*page);
        let area = facts
            .and_then(|facts| facts.fills.iter().chain(&facts.strokes).chain(&facts.drawn).find(|area| area.rgb == Some(rgb)));
        let text = facts.and_then(|facts| facts.texts.iter().find(|text| text.rgb == Some(rgb)));
        place = place.or(text.map(|text| text.place)).or(area.map(|area| area.place));
        Spot { page: *page, bounds: area.map(|area| area.bounds).or(text.map(|text| text.bounds)) }
    });
    let spots = spots.collect();
    let first = pages.first().copied().unwrap_or(1);
    (place.unwrap_or_else(|| start(subject, file, first)), spots)
}

/// Returns the place of the first text of a page.
pub fn start(subject: &Subject<'_>, file: &PrintedFile<'_>, page: usize) -> RunPlace {
    let nowhere = RunPlace { author: subject.publication_place(), layout: None };
    file.facts.page(page).map_or(nowhere, |page| page.start)
}

/// R713: small black or dark grey text in several inks.
pub struct RichBlackText;

impl Check for RichBlackText {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R713", Group::Print, Severity::Warning),
            title: "Small black or dark grey text in several inks.",
            explanation: "\
Each ink is printed from a plate of its own, and plates are never in exact register: text under 12 points that consists of
black and other inks gets coloured edges. Text in the colours `foreground` and `muted` and in near greys is printed in black alone up to
the size `black-text` of `[print]`, so the check reports text in other dark colours, or text that is larger than `black-text`. Text with
a clear hue is not reported.

Use `foreground` or `muted` for small text, or give the colour a `cmyk` value of black alone: `cmyk = [0, 0, 0, 85]`.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let rich = file.report.small_text.iter().filter(|text| text.size < MAX_RICH_SIZE && is_dark_grey(file, text));
        for (ink, uses) in by_ink(rich) {
            let (place, spots, [words, mots]) = text_spots(subject, file, &uses);
            let size = uses.iter().map(|text| text.size).fold(f32::INFINITY, f32::min);
            let pages: Vec<usize> = uses.iter().map(|text| text.page).collect();
            let ([on, sur], parts, corps) =
                (on_pages(file.product, &pages), ink.map(|part| part.to_string()).join("/"), fr(size.into(), 1));
            let fact = [
                format!("{words} is set in {size:.1} points in several inks ({parts}) {on}, so its edges may be coloured"),
                format!("{mots} est composé en {corps} pt en plusieurs encres ({parts}) {sur} : ses bords peuvent être colorés"),
            ];
            let hint = "use the colour `foreground` or `muted`, or give this one a `cmyk` value of black alone";
            found.push(print_diagnostic(&self.meaning(), fact, place, file.product, &spots).hint(hint));
        }
    }
}

/// Size in points below which misregistration is visible at the edges of black text.
const MAX_RICH_SIZE: f32 = 12.0;
/// Lightness (CIE L*) below which text is dark.
const MAX_DARK_LIGHTNESS: f32 = 40.0;
/// Chroma (CIE C*) below which text looks grey or black.
const MAX_GREY_CHROMA: f32 = 20.0;

/// Returns whether a text looks black or dark grey and uses black with other inks.
pub fn is_dark_grey(file: &PrintedFile<'_>, text: &MultiInkText) -> bool {
    let lab = file.profile.lab(text.ink);
    text.is_rich_black() && lab.l < MAX_DARK_LIGHTNESS && lab.a.hypot(lab.b) < MAX_GREY_CHROMA
}

/// Groups small texts by their inks in percent.
pub fn by_ink<'a>(texts: impl Iterator<Item = &'a MultiInkText>) -> BTreeMap<[u16; 4], Vec<&'a MultiInkText>> {
    let mut groups: BTreeMap<[u16; 4], Vec<&MultiInkText>> = BTreeMap::new();
    for text in texts {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of ink is between 0 and 100")]
        let ink = text.ink.map(|part| total(part) as u16);
        groups.entry(ink).or_default().push(text);
    }
    groups
}

/// Returns the location of the first of these texts, the position of each, and the words of the first.
pub fn text_spots(subject: &Subject<'_>, file: &PrintedFile<'_>, uses: &[&MultiInkText]) -> (RunPlace, Vec<Spot>, [String; 2]) {
    let mut first: Option<&TextFact> = None;
    let spots = uses.iter().map(|text| {
        let fact = text_fact(subject, file, text);
        first = first.or(fact);
        Spot { page: text.page, bounds: fact.map(|fact| fact.bounds) }
    });
    let spots = spots.collect();
    let page = uses.first().map_or(1, |text| text.page);
    let place = first.map_or_else(|| start(subject, file, page), |fact| fact.place);
    let unknown = || ["a text".to_owned(), "un texte".to_owned()];
    (place, spots, first.map_or_else(unknown, |fact| [format!("\"{}\"", fact.words), format!("« {} »", fact.words)]))
}

/// Finds the run that a text of the print report comes from: the run of the same size with the most similar inks.
fn text_fact<'a>(subject: &Subject<'_>, file: &PrintedFile<'a>, text: &MultiInkText) -> Option<&'a TextFact> {
    let facts = file.facts.page(text.page)?;
    let distance = |fact: &TextFact| {
        let ink = fact.rgb.map_or([0.0; 4], |rgb| file.ink_of(subject, rgb));
        ink.iter().zip(text.ink).map(|(own, other)| (own - other).abs()).sum::<f32>()
    };
    let same = |fact: &&TextFact| (fact.size - f64::from(text.size)).abs() < 0.15;
    facts.texts.iter().filter(same).min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// R714: white that is overprinted.
pub struct WhiteOverprint;

impl Check for WhiteOverprint {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R714", Group::Print, Severity::Warning),
            title: "White that a drawing overprints.",
            explanation: "\
White that is set to overprint adds no ink, so a press that applies the overprint prints nothing there, while screens show white.
reliure overprints only black text: it prints this white as a knockout, as screens show it. If the drawing relies on the overprint
preview of its program, the print will look different.

Remove the overprint of the white shape in the program that made the drawing, or remove the shape.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let pages = white_pages(file.report);
        let Some(first) = pages.first() else { return };
        let [on, sur] = on_pages(file.product, &pages);
        let fact = [
            format!("a drawing overprints white {on}; it is printed without overprint, as screens show it"),
            format!("un dessin met du blanc en surimpression {sur} ; il est imprimé sans surimpression, comme à l’écran"),
        ];
        let spots: Vec<Spot> = pages.iter().map(|page| Spot { page: *page, bounds: None }).collect();
        let place = drawing(file, *first).unwrap_or_else(|| start(subject, file, *first));
        let diagnostic = print_diagnostic(&self.meaning(), fact, place, file.product, &spots);
        found.push(diagnostic.hint("remove the overprint of the white shape in the drawing, or the shape"));
    }
}

/// Returns the place of the first drawing with a blend mode on a page; `None` if the page has no blend mode other than `Normal`.
fn blending_drawing(subject: &Subject<'_>, file: &PrintedFile<'_>, page: usize) -> Option<RunPlace> {
    let report = file.report.pages.get(page.checked_sub(1)?)?;
    if report.blends.iter().all(|blend| blend.mode == "Normal") {
        return None;
    }
    let of_drawing = drawing_with(subject, file.facts.page(page)?, b"mix-blend-mode").map(|(place, _)| place);
    of_drawing.or_else(|| drawing(file, page))
}

/// Returns the place and the position of the first drawing of a page whose SVG contains a word.
pub fn drawing_with(subject: &Subject<'_>, page: &PageFacts, word: &[u8]) -> Option<(RunPlace, Bounds)> {
    let has_word = |image: &&ImageFact| {
        let asset = image.asset.and_then(|asset| subject.edition.assets.get(asset)).filter(|asset| asset.is_drawing());
        asset.is_some_and(|asset| memchr::memmem::find(&asset.bytes, word).is_some())
    };
    page.images.iter().find(has_word).map(|image| (image.place, image.bounds))
}

/// Returns the place of the first drawing of a page.
fn drawing(file: &PrintedFile<'_>, page: usize) -> Option<RunPlace> {
    file.facts.page(page)?.images.iter().find(|image| image.pixels.is_none()).map(|image| image.place)
}

/// Returns the pages on which white is overprinted.
pub fn white_pages(report: &PrintReport) -> Vec<usize> {
    let pages = report.pages.iter().enumerate().filter(|(_, page)| page.white_overprint);
    pages.map(|(index, _)| index + 1).collect()
}

/// R715: a large black background in black ink alone.
pub struct FlatBlack;

/// Minimum area of a large background in square points: 50 cm².
const MIN_LARGE_AREA: f64 = 50.0 * (72.0 / 2.54) * (72.0 / 2.54);

impl Check for FlatBlack {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R715", Group::Print, Severity::Warning),
            title: "A large black area in black ink alone.",
            explanation: "\
Black ink alone looks dark grey on a large area, and specks of dust are visible. Printers add other inks below it: with 60/40/40/100
an area is a deep black. The check reports areas of more than 50 cm².

Give the colour such a `cmyk` value in the palette. Small text in it stays in black alone if it is the colour `foreground`.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        if subject.edition.print.colour_of(file.product) == ColourMode::Gray {
            return;
        }
        let mut by_colour: BTreeMap<[u8; 3], Vec<(usize, AreaFact)>> = BTreeMap::new();
        for (index, page) in file.facts.pages.iter().enumerate() {
            for area in page.fills.iter().filter(|area| area.bounds.area() > MIN_LARGE_AREA) {
                if let Some(rgb) = area.rgb.filter(|rgb| is_flat_black(file.ink_of(subject, *rgb))) {
                    by_colour.entry(rgb).or_default().push((index + 1, *area));
                }
            }
        }
        for (rgb, areas) in by_colour {
            let Some((_, first)) = areas.first() else { continue };
            let pages: Vec<usize> = areas.iter().map(|(page, _)| *page).collect();
            let spots: Vec<Spot> = areas.iter().map(|(page, area)| Spot { page: *page, bounds: Some(area.bounds) }).collect();
            let ([on, sur], colour) = (on_pages(file.product, &pages), hex(rgb));
            let fact = [
                format!("a large area in {colour} is printed in black ink only {on}, so it will look dark grey"),
                format!("un grand aplat {colour} est imprimé en noir seul {sur} : il paraîtra gris"),
            ];
            let place = declared(subject, rgb).map_or(first.place, |author| RunPlace { author, layout: None });
            let hint = match neutral(rgb) {
                Some(_) => {
                    format!("give the colour more inks in the palette: {{ rgb = \"{}\", cmyk = [60, 40, 40, 100] }}", hex(rgb))
                }
                None => "add cyan, magenta and yellow to its `cmyk` value: [60, 40, 40, 100]".to_owned(),
            };
            found.push(print_diagnostic(&self.meaning(), fact, place, file.product, &spots).hint(hint));
        }
    }
}

fn is_flat_black([cyan, magenta, yellow, black]: [f32; 4]) -> bool {
    black > 0.9 && cyan + magenta + yellow < 0.05
}
