//! Colours that look different in print and on screens.

use std::collections::BTreeMap;

use super::ink::{colour_spots, drawing_with};
use super::{PRINTED, PrintedFile, Spot, hex, inks, on_pages, percent, print_diagnostic, total};
use crate::check::run::RunPlace;
use crate::check::{Check, Subject};
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity, Span};
use crate::icc::{Lab, neutral};
use crate::manifest::ColourMode;
use crate::model::Colour;
use crate::output::pdf::print::Blend;
use crate::product::Product;
use crate::resolve::layers;

/// R751: a transparent colour that looks different in print.
pub struct BlendPrintsOtherwise;

/// R752: colours of the brand without values for print.
pub struct UndeclaredInks;

/// R753: a colour whose values for screen and print are different colours.
pub struct GivenInksDiffer;

/// R754: a gradient whose spot ink is replaced by process inks.
pub struct SpotInGradient;

/// Minimum colour difference (CIEDE2000) at which a blend is reported.
const MIN_BLEND_DIFFERENCE: f32 = 6.0;
/// Minimum colour difference (CIEDE2000) at which a declared colour is reported.
const MIN_DECLARED_DIFFERENCE: f32 = 10.0;
/// Maximum number of colours that a diagnostic names.
const MAX_NAMED: usize = 6;

impl Check for BlendPrintsOtherwise {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R751", Group::Print, Severity::Warning),
            title: "A transparent colour that prints differently from the screen.",
            explanation: "\
A screen mixes light and a press mixes inks, so a semi-transparent colour may print much lighter or darker. The check compares both
results on white paper, and reports a difference (CIEDE2000) of more than 6. With `colour = \"gray\"`, the screen
colour is converted to grey first.

Use an opaque tint instead: its print values can be set in the palette.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        // The first blend of each colour and opacity, with all its pages.
        type Blends<'b> = BTreeMap<([u8; 3], u32), (&'b Blend, Vec<usize>)>;
        let mut blends = Blends::new();
        for (number, page) in file.pages() {
            for blend in
                page.blends.iter().filter(|blend| blend.difference.is_some_and(|difference| difference > MIN_BLEND_DIFFERENCE))
            {
                let Some(rgb) = blend.rgb else { continue };
                blends.entry((rgb, blend.alpha.to_bits())).or_insert((blend, Vec::new())).1.push(number);
            }
        }
        for ((rgb, _), (blend, pages)) in blends {
            let (place, spots) = transparent_spots(subject, file, rgb, &pages);
            let ([on, sur], colour, alpha) = (on_pages(file.product, &pages), hex(rgb), total(blend.alpha));
            let by = blend.difference.unwrap_or_default();
            let fact = [
                format!(
                    "{colour} at {alpha} % opacity prints differently from the screen {on}: the colour difference is {by:.0} (CIEDE2000)"
                ),
                format!("{colour} à {alpha} % d’opacité s’imprime autrement qu’à l’écran {sur} : l’écart est de {by:.0}"),
            ];
            let diagnostic = print_diagnostic(&self.meaning(), fact, place, file.product, &spots);
            found.push(diagnostic.hint("use an opaque tint in its place"));
        }
    }
}

/// Returns the source of the first transparent element in a colour, and its position on each page: a shape of the layout, otherwise a
/// drawing that paints the colour with transparency, otherwise a drawing with an opacity, otherwise the first element in the colour.
fn transparent_spots(subject: &Subject<'_>, file: &PrintedFile<'_>, rgb: [u8; 3], pages: &[usize]) -> (RunPlace, Vec<Spot>) {
    let on_page = |page: &usize| {
        let facts = file.facts.page(*page)?;
        let shape =
            facts.fills.iter().chain(&facts.strokes).chain(&facts.drawn).find(|area| area.rgb == Some(rgb) && !area.is_opaque);
        shape.map(|area| (area.place, area.bounds)).or_else(|| drawing_with(subject, facts, b"opacity"))
    };
    let found: Vec<_> = pages.iter().map(on_page).collect();
    let Some((place, _)) = found.iter().flatten().next().copied() else { return colour_spots(subject, file, rgb, pages) };
    let spots = pages.iter().zip(&found).map(|(page, found)| Spot { page: *page, bounds: found.map(|(_, bounds)| bounds) });
    (place, spots.collect())
}

impl Check for UndeclaredInks {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R752", Group::Print, Severity::Warning),
            title: "Colours of the brand without values for print.",
            explanation: "\
A colour without print values is converted by the press profile. The result is close to the screen colour, but may use four inks where one
is enough, and depends on the profile. One diagnostic lists the colours of `[brand.color]` that are converted; greys, and shades that
the layout derives, are not listed. Add the print values:

    [brand.color.palette]
    lock = { rgb = \"#1B4F72\", cmyk = [90, 60, 30, 25] }

If the conversion is acceptable, disable the check: `R752 = \"off\"` in `[checks]`.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        if !checks_brand_colours(subject, file) {
            return;
        }
        let used = |rgb: [u8; 3]| file.report.converted.iter().find(|colour| colour.rgb == rgb);
        let printed: Vec<_> = undeclared(subject).into_iter().filter_map(|(rgb, place)| Some((used(rgb)?, place))).collect();
        let Some(((first, place), others)) = printed.split_first() else { return };
        let (colour, made) = (hex(first.rgb), inks(first.ink));
        let [message, french] = match others.len() {
            0 => [
                format!("{colour} has no CMYK values; the press profile converts it to {made}"),
                format!("{colour} n’a pas de valeurs CMJN ; le profil de presse le convertit en {made}"),
            ],
            1 => [
                format!("{colour} and one more have no CMYK values; the press profile converts the first to {made}"),
                format!("{colour} et une autre n’ont pas de valeurs CMJN ; le profil de presse convertit la première en {made}"),
            ],
            more => [
                format!("{colour} and {more} more have no CMYK values; the press profile converts the first to {made}"),
                format!(
                    "{colour} et {more} autres n’ont pas de valeurs CMJN ; le profil de presse convertit la première en {made}"
                ),
            ],
        };
        let (_, spots) = colour_spots(subject, file, first.rgb, &first.pages);
        let diagnostic = self
            .meaning()
            .diagnostic(message)
            .in_french(french)
            .at(*place)
            .on_pages(spots.iter().map(|spot| spot.place(file.product)));
        let values = first.ink.map(|part| total(part).to_string()).join(", ");
        let hint = format!("add print values to the palette: {{ rgb = \"{}\", cmyk = [{values}] }}", hex(first.rgb));
        let diagnostic = others.iter().take(MAX_NAMED).fold(diagnostic, |diagnostic, (colour, place)| {
            diagnostic.related(*place, format!("converted to {}", inks(colour.ink)))
        });
        found.push(diagnostic.hint(hint));
    }
}

/// Returns whether the checks of brand colours run for a product. They run once for each edition: for the pages, or for the cover
/// sheet if only the cover sheet is printed in colour.
fn checks_brand_colours(subject: &Subject<'_>, file: &PrintedFile<'_>) -> bool {
    let is_coloured = |product| subject.edition.print.colour_of(product) == ColourMode::Cmyk;
    is_coloured(file.product) && (file.product == Product::PrintPdf || !is_coloured(Product::PrintPdf))
}

/// Returns the colours that the brand sets without values for print, except greys, with the places of their values.
fn undeclared(subject: &Subject<'_>) -> Vec<([u8; 3], Span)> {
    let layers = layers(subject.entry);
    let mut all: Vec<([u8; 3], Span)> = Vec::new();
    let mut add = |word: &str, place: Span| {
        let Some(colour) = Colour::parse(word) else { return };
        let declared = subject.edition.brand.inks.iter().any(|ink| ink.rgb == colour.rgb);
        if !declared && neutral(colour.rgb).is_none() && all.iter().all(|(known, _)| *known != colour.rgb) {
            all.push((colour.rgb, place));
        }
    };
    for layer in &layers {
        let color = &layer.brand.color;
        for value in color.palette.values() {
            add(value.get_ref().rgb(), (layer.span)(value.span()));
        }
        let tokens = [&color.foreground, &color.background, &color.light, &color.muted, &color.primary, &color.secondary];
        for token in tokens.into_iter().flatten() {
            add(token.get_ref(), (layer.span)(token.span()));
        }
        for accent in &color.accents {
            let (base, light, dark) = accent.get_ref().words();
            [Some(base), light, dark].into_iter().flatten().for_each(|word| add(word, (layer.span)(accent.span())));
        }
    }
    all
}

impl Check for GivenInksDiffer {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R753", Group::Print, Severity::Warning),
            title: "A colour whose values for screen and print are different colours.",
            explanation: "\
`cmyk` of a colour in the palette is far from its `rgb` on the paper of the press profile: the difference from the nearest colour
that the press can print is more than 10 (CIEDE2000). The values may be for another paper, or one of them may be mistyped. Colours
with a `spot` ink are not compared.

Correct one of them. If the brand's guide gives both, allow it:

    # allow R753: the values are those of the guide
    lock = { rgb = \"#1B4F72\", cmyk = [100, 30, 0, 0] }",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        if !checks_brand_colours(subject, file) {
            return;
        }
        for layer in layers(subject.entry) {
            for (name, value) in &layer.brand.color.palette {
                let colour = Colour::parse(value.get_ref().rgb());
                let (Some(colour), Some(cmyk), None) = (colour, value.get_ref().cmyk(), value.get_ref().spot()) else { continue };
                let difference = difference(file, colour.rgb, percent(cmyk));
                if difference > MIN_DECLARED_DIFFERENCE {
                    let nearest = file.profile.ink_of(colour.rgb.map(|channel| f32::from(channel) / 255.0));
                    let (hex, parts) = (colour.hex(), inks(percent(cmyk)));
                    let message = format!(
                        "\"{name}\" is {hex} on screens and {parts} in print; the colour difference is {difference:.0} (CIEDE2000)"
                    );
                    let french =
                        format!("« {name} » est {hex} à l’écran et {parts} à l’impression : l’écart est de {difference:.0}");
                    let diagnostic = self.meaning().diagnostic(message).in_french(french).at((layer.span)(value.span()));
                    found.push(
                        diagnostic.hint(format!("correct one of them: the press profile converts {hex} to {}", inks(nearest))),
                    );
                }
            }
        }
    }
}

impl Check for SpotInGradient {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R754", Group::Print, Severity::Warning),
            title: "A spot ink that process inks replace in a gradient.",
            explanation: "\
A gradient from or to a colour with a spot ink prints on the plate of that ink, which fades into white or into the inks of the
other colour. That is not possible in two cases: a gradient through other hues (HSL, HSV, Oklch), which no mixture of two inks can
print, and a gradient of a PDF drawing that is a mesh or whose colours are defined by a table or a formula. Such a gradient is
printed in the four process inks, with the `cmyk` values of the spot colour. It may look different from adjacent areas in the spot
ink, and it needs the four plates even if the rest of the page is printed in the spot ink alone.

Mix the gradient in Oklab or sRGB, use the plain colour in its place, or allow it if the printer agrees.",
        }
    }

    fn products(&self) -> &'static [Product] {
        PRINTED
    }

    fn printed_file(&self, subject: &Subject<'_>, file: &PrintedFile<'_>, found: &mut Diagnostics) {
        let mut replaced: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, page) in file.pages() {
            for name in &page.spot_gradients {
                replaced.entry(name).or_default().push(number);
            }
        }
        for (name, pages) in replaced {
            let [on, sur] = on_pages(file.product, &pages);
            let fact = [
                format!("process inks replace the spot ink \"{name}\" in gradients {on}"),
                format!("des encres primaires remplacent le ton direct « {name} » dans des dégradés {sur}"),
            ];
            let spots: Vec<Spot> = pages.iter().map(|page| Spot { page: *page, bounds: None }).collect();
            let author = spot_place(subject, name).unwrap_or_else(|| subject.publication_place());
            let diagnostic = print_diagnostic(&self.meaning(), fact, RunPlace { author, layout: None }, file.product, &spots);
            found.push(
                diagnostic.hint(
                    "mix the gradient in Oklab or sRGB, use the plain colour in its place, or allow it if the printer agrees",
                ),
            );
        }
    }
}

/// Returns the place of the value in the palette that names a spot ink.
fn spot_place(subject: &Subject<'_>, name: &str) -> Option<Span> {
    let layers = layers(subject.entry);
    layers.iter().find_map(|layer| {
        let own = layer.brand.color.palette.values().find(|value| value.get_ref().spot() == Some(name));
        own.map(|value| (layer.span)(value.span()))
    })
}

/// Returns the colour difference between inks and the nearest printable colours of an sRGB value: its conversion by the profile,
/// and for greys also black ink.
fn difference(file: &PrintedFile<'_>, rgb: [u8; 3], ink: [f32; 4]) -> f32 {
    let profile = file.profile;
    let given = profile.lab(ink);
    let nearest: Lab = profile.lab(profile.ink_of(rgb.map(|channel| f32::from(channel) / 255.0)));
    let black = neutral(rgb).map(|grey| profile.lab([0.0, 0.0, 0.0, profile.black_of(grey)]));
    black.into_iter().chain([nearest]).map(|colour| colour.difference(given)).fold(f32::INFINITY, f32::min)
}
