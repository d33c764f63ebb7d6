//! Resolution of images on paper.

use std::collections::BTreeMap;

use super::facts::{ImageFact, PrintFacts};
use super::{PRINTED, PrintedFile, Spot, limits, mm, on_pages, print_diagnostic};
use crate::check::images::{file_name, is_below};
use crate::check::run::RunPlace;
use crate::check::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity};
use crate::output::pdf::print::{ImageUse, PrintReport};
use crate::paginate::Bounds;
use crate::product::Product;
use crate::resolve::PrintLimits;

/// R701: an image with far too few pixels for print.
pub struct UnusableImage;

/// R702: an image with too few pixels for print.
pub struct CoarseImage;

/// R703: a bitonal image with too few pixels for print.
pub struct CoarseLineArt;

impl Check for UnusableImage {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R701", Group::Print, Severity::Error),
            title: "An image with far too few pixels for print.",
            explanation: "\
The resolution is the number of pixels of an image divided by its size on the paper in inches. Below `image-dpi-least` of
`[print.limits]`, by default 150 pixels per inch, individual pixels are visible. Use the original of the image, or set it smaller:

    ![…](images/heron.png){width=\"50%\"}

A logo is reported at its line in `[organisations.ID]`. The layout decides its size; use a larger file, or an SVG.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let least = limits(subject).image_dpi_least;
        report(&self.meaning(), subject, file, found, &|image| is_below(f64::from(image.dpi), least).then_some(least));
    }
}

impl Check for CoarseImage {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R702", Group::Print, Severity::Warning),
            title: "An image with too few pixels for print.",
            explanation: "\
Photographs print well at 300 pixels per inch on paper; with fewer they look soft. The threshold is `image-dpi` of
`[print.limits]`. Use a larger original, or set the image smaller. A lower threshold suffices for a newspaper, or a poster that is
viewed from a distance.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        report(&self.meaning(), subject, file, found, &|image| too_coarse(limits(subject), image, false));
    }
}

impl Check for CoarseLineArt {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R703", Group::Print, Severity::Warning),
            title: "Black-and-white line art with too few pixels for print.",
            explanation: "\
An image whose pixels are only black or white has no shades that soften its edges, so its lines look jagged below about
800 pixels per inch. The threshold is `line-art-dpi` of `[print.limits]`. Use an SVG, scan the drawing at 1,200 pixels per inch, or
scan it in greys.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        report(&self.meaning(), subject, file, found, &|image| too_coarse(limits(subject), image, true));
    }
}

/// Returns the threshold that an image fails to reach, unless R701 reports it.
fn too_coarse(limits: PrintLimits, image: &ImageUse, bitonal: bool) -> Option<f64> {
    let (dpi, wanted) = (f64::from(image.dpi), if bitonal { limits.line_art_dpi } else { limits.image_dpi });
    let coarse = image.bitonal == bitonal && !is_below(dpi, limits.image_dpi_least) && is_below(dpi, wanted);
    coarse.then_some(wanted)
}

/// Reports the images whose resolution is below the threshold that `wanted` returns: each image once, on the page where its
/// resolution is lowest.
fn report(
    meaning: &Meaning,
    subject: &Subject<'_>,
    file: &PrintedFile<'_>,
    found: &mut Diagnostics,
    wanted: &dyn Fn(&ImageUse) -> Option<f64>,
) {
    for uses in uses(file).into_values() {
        let coarse: Vec<(&ImageUse, f64)> = uses.iter().filter_map(|image| Some((*image, wanted(image)?))).collect();
        let Some((worst, limit)) = coarse.iter().min_by(|a, b| a.0.dpi.total_cmp(&b.0.dpi)) else { continue };
        let shown = LocatedImage::of(subject, file, worst);
        let [width, height] = worst.placed.map(|side| mm(f64::from(side)).round());
        let [on, sur] = on_pages(file.product, &coarse.iter().map(|(image, _)| image.page).collect::<Vec<_>>());
        let ([across, down], dpi, [name, nom]) = (worst.pixels, worst.dpi.floor(), shown.names());
        let fact = [
            format!(
                "{name} has {across} by {down} pixels for {width} by {height} mm {on}: {dpi} pixels per inch, below {limit:.0}"
            ),
            format!(
                "{nom} a {across} × {down} pixels pour {width} × {height} mm {sur} : {dpi} pixels par pouce, moins que {limit:.0}"
            ),
        ];
        // With the pixels of the hint, no check of the resolution reports the image.
        let limits = limits(subject);
        let wanted = limit.max(if worst.bitonal { limits.line_art_dpi } else { limits.image_dpi });
        let enough = (f64::from(worst.pixels[0]) * wanted / f64::from(worst.dpi)).ceil();
        let spots: Vec<Spot> = std::iter::once(worst)
            .chain(coarse.iter().map(|(image, _)| image).filter(|image| image.page != worst.page))
            .map(|image| LocatedImage::of(subject, file, image).spot)
            .collect();
        let diagnostic = print_diagnostic(meaning, fact, shown.place, file.product, &spots);
        let smaller = if shown.is_logo { "" } else { ", or set it smaller with {width=\"…%\"}" };
        let kind = if shown.is_logo { "a logo" } else { "an image" };
        found.push(diagnostic.hint(format!("use {kind} at least {enough} pixels wide{smaller}")));
    }
}

/// Returns the uses of each image, by its digest.
pub fn uses<'a>(file: &PrintedFile<'a>) -> BTreeMap<&'a str, Vec<&'a ImageUse>> {
    let mut uses: BTreeMap<&str, Vec<&ImageUse>> = BTreeMap::new();
    for image in &file.report.images {
        uses.entry(&image.digest).or_default().push(image);
    }
    uses
}

/// Marks the images whose PNG has a bit depth of 1 as bitonal. The PDF does not show this, because Typst writes 8 bits for each
/// pixel.
pub fn mark_bitonal_images(subject: &Subject<'_>, facts: &PrintFacts, report: &mut PrintReport) {
    for image in &mut report.images {
        let fact = facts.page(image.page).and_then(|page| nearest(&page.images, image));
        let asset = fact.and_then(|fact| fact.asset).and_then(|asset| subject.edition.assets.get(asset));
        // PNG, 3rd edition, §11.2.1: the bit depth follows signature, chunk head, width and height.
        let one_bit = asset.is_some_and(|asset| asset.media_type == "image/png" && asset.bytes.get(24) == Some(&1));
        image.bitonal |= one_bit;
    }
}

/// Returns the file name of each image of a report; `None` for images of the layout.
pub fn image_names(subject: &Subject<'_>, file: &PrintedFile<'_>) -> Vec<Option<String>> {
    file.report.images.iter().map(|image| LocatedImage::of(subject, file, image).name).collect()
}

/// An image of the file, with its location in the sources and on the page.
pub struct LocatedImage {
    /// Name of its file; `None` for images of the layout.
    pub name: Option<String>,
    /// Whether it is a logo.
    pub is_logo: bool,
    /// Its location in the sources.
    pub place: RunPlace,
    /// Its position on the page.
    pub spot: Spot,
}

impl LocatedImage {
    /// Returns its name in messages, in English and in French.
    pub fn names(&self) -> [String; 2] {
        match &self.name {
            Some(name) => [format!("\"{name}\""), format!("« {name} »")],
            None => ["an image of the layout".to_owned(), "une image de la maquette".to_owned()],
        }
    }

    /// Finds the source of an image of the file: the nearest image on the page with the same number of pixels.
    pub fn of(subject: &Subject<'_>, file: &PrintedFile<'_>, image: &ImageUse) -> Self {
        let page = file.facts.page(image.page);
        let nowhere = RunPlace { author: subject.publication_place(), layout: None };
        let fact = page.and_then(|page| nearest(&page.images, image));
        let asset = fact.and_then(|fact| fact.asset).and_then(|asset| subject.edition.assets.get(asset));
        Self {
            name: asset.map(|asset| file_name(asset).to_owned()),
            is_logo: fact.is_some_and(|fact| fact.is_logo),
            place: fact.map(|fact| fact.place).or(page.map(|page| page.start)).unwrap_or(nowhere),
            spot: Spot { page: image.page, bounds: fact.map(|fact| fact.bounds) },
        }
    }
}

fn nearest<'a>(images: &'a [ImageFact], image: &ImageUse) -> Option<&'a ImageFact> {
    let turned = [image.pixels[1], image.pixels[0]];
    let same = |fact: &&ImageFact| fact.pixels.is_none_or(|pixels| pixels == image.pixels || pixels == turned);
    let [x, y] = image.centre.map(f64::from);
    // A drawing may also contain the image, but an image with these pixels has priority.
    let distance = |fact: &ImageFact| {
        let Bounds { left, top, right, bottom } = fact.bounds;
        (fact.pixels.is_none(), (f64::midpoint(left, right) - x).hypot(f64::midpoint(top, bottom) - y))
    };
    images.iter().filter(same).min_by(|a, b| {
        let ((a_drawing, a), (b_drawing, b)) = (distance(a), distance(b));
        a_drawing.cmp(&b_drawing).then(a.total_cmp(&b))
    })
}
