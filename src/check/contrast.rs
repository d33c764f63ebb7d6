//! Contrast between the colours of the brand.

use super::{Check, Subject};
use crate::accessibility::Topic;
use crate::diagnostic::{Code, Diagnostics, Group, Meaning, Severity, Span};
use crate::manifest::Palette;
use crate::model::Colour;
use crate::resolve::{BrandLayer, layers};

/// R605: two colours of the brand with too little contrast.
pub struct LowContrast;

/// Minimum contrast ratio of text and its background (WCAG 2.2, 1.4.3).
const TEXT_CONTRAST: f64 = 4.5;
/// Minimum contrast ratio of a meaningful shape and its background (WCAG 2.2, 1.4.11).
const SHAPE_CONTRAST: f64 = 3.0;

/// A colour of the brand: its key, the value that sets it, and the location of the value.
struct BrandToken {
    key: &'static str,
    word: Option<String>,
    place: Option<Span>,
    colour: Colour,
}

impl Check for LowContrast {
    fn meaning(&self) -> Meaning {
        Meaning {
            code: Code::new("R605", Group::Check, Severity::Error),
            title: "Two colours of the brand with too little contrast.",
            explanation: "\
Text needs a contrast of 4.5:1 with its background (WCAG 2.2, 1.4.3), and coloured shapes that carry meaning, such as tabs, need
3:1 (1.4.11). The check compares `foreground` and `muted` with `background` and `light`, and each of `accents` with `background`.
If an accent sets its own `dark`, this shade is compared with the `light` of the accent, if set, and with `background` and `light`
of the brand. If an accent sets only its own `light`, `foreground` is compared with it. Derived colours (shades, text on coloured
backgrounds) have enough contrast if one shade can have it: text in the shade of an accent is drawn on the page, on boxes and on the
tint of the accent, so an accent without such a shade is reported, for example if `background` is dark and `light` is pale.

Darken one colour or lighten the other in `[brand.color]`; the hint gives a shade with enough contrast.",
        }
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Contrast)
    }

    fn content(&self, subject: &Subject<'_>, found: &mut Diagnostics) {
        let layers = layers(subject.entry);
        let brand = &subject.edition.brand;
        let token = |key, get: fn(&Palette) -> Option<&toml::Spanned<String>>, colour| token(&layers, key, get, colour);
        let foreground = token("foreground", |p| p.foreground.as_ref(), brand.foreground);
        let background = token("background", |p| p.background.as_ref(), brand.background);
        let light = token("light", |p| p.light.as_ref(), brand.surface);
        let muted = token("muted", |p| p.muted.as_ref(), brand.muted);
        for (text, background) in [(&foreground, &background), (&foreground, &light), (&muted, &background), (&muted, &light)] {
            self.check_pair(text, background, TEXT_CONTRAST, found);
        }
        let own = layers.iter().find(|layer| !layer.brand.color.accents.is_empty());
        for (layer, accent) in own.iter().flat_map(|layer| layer.brand.color.accents.iter().map(move |accent| (layer, accent))) {
            let place = (layer.span)(accent.span());
            let shade = |key, word: &str| {
                let colour = accent_colour(&layers, word)?;
                Some(BrandToken { key, word: Some(word.to_owned()), place: Some(place), colour })
            };
            let (base, given_light, given_dark) = accent.get_ref().words();
            if let Some(base) = shade("accents", base) {
                self.check_pair(&base, &background, SHAPE_CONTRAST, found);
            }
            // Derived shades have enough contrast with declared ones, so only declared shades are checked.
            let tint = given_light.and_then(|word| shade("accents.light", word));
            if let Some(dark) = given_dark.and_then(|word| shade("accents.dark", word)) {
                for background in tint.iter().chain([&background, &light]) {
                    self.check_pair(&dark, background, TEXT_CONTRAST, found);
                }
            } else if let Some(tint) = tint {
                self.check_pair(&foreground, &tint, TEXT_CONTRAST, found);
            }
        }
        self.check_shades(subject, &layers, found);
    }
}

impl LowContrast {
    fn check_pair(&self, shown: &BrandToken, background: &BrandToken, minimum: f64, found: &mut Diagnostics) {
        let ratio = shown.colour.contrast(background.colour);
        if ratio >= minimum {
            return;
        }
        // Rounds down, so that 4.49 is not shown as 4.5.
        let (ratio, what) = ((ratio * 10.0).floor() / 10.0, if minimum == TEXT_CONTRAST { "text" } else { "a shape" });
        let message =
            format!("{} on {} has a contrast of {ratio:.1}:1, and {what} needs {minimum}:1", shown.name(), background.name());
        let mut diagnostic = self.meaning().diagnostic(message).at(shown.place.or(background.place));
        if let (Some(own), Some(place)) = (shown.place, background.place)
            && own != place
        {
            diagnostic = diagnostic.related(place, "the background");
        }
        // One of black and white is enough on a single background.
        let enough = shown.colour.readable_on(&[background.colour], minimum);
        found.push(diagnostic.hint(format!("use \"{}\" instead of \"{}\"", enough.hex(), shown.colour.hex())));
    }

    /// Reports accents without a shade that is readable wherever text is drawn in it.
    fn check_shades(&self, subject: &Subject<'_>, layers: &[BrandLayer<'_>], found: &mut Diagnostics) {
        let brand = &subject.edition.brand;
        let own = layers.iter().find(|layer| !layer.brand.color.accents.is_empty());
        let primary = token(layers, "primary", |p| p.primary.as_ref(), brand.primary);
        for (index, accent) in brand.accents.iter().enumerate() {
            let backgrounds = accent.backgrounds(brand);
            let worst =
                backgrounds.into_iter().min_by(|a, b| accent.on_tint.contrast(*a).total_cmp(&accent.on_tint.contrast(*b)));
            let Some(ratio) = worst.map(|background| accent.on_tint.contrast(background)).filter(|ratio| *ratio < TEXT_CONTRAST)
            else {
                continue;
            };
            let written = own.and_then(|layer| Some((layer, layer.brand.color.accents.get(index)?)));
            let place = written.map(|(layer, accent)| (layer.span)(accent.span())).or(primary.place);
            let [tint, page, box_] = backgrounds.map(Colour::hex);
            let message = format!(
                "no shade of \"{}\" ({}) is readable on its tint ({tint}), on \"background\" ({page}) and on \"light\" ({box_}): the \
                 best contrast is {:.1}:1, and text needs {TEXT_CONTRAST}:1",
                if written.is_some() { "accents" } else { "primary" },
                accent.base.hex(),
                (ratio * 10.0).floor() / 10.0,
            );
            let dark = brand.background.is_dark();
            let near = if dark { "dark" } else { "pale" };
            let hint = if accent.tint.is_dark() == dark {
                format!("choose a {near} `light` in [brand.color], like `background`")
            } else {
                format!("choose a {near} `light` for the accent, like `background`, or leave it out")
            };
            found.push(self.meaning().diagnostic(message).at(place.unwrap_or_else(|| subject.publication_place())).hint(hint));
        }
    }
}

impl BrandToken {
    /// Returns its key with its value: `"muted" ("ardoise", #51607A)`.
    fn name(&self) -> String {
        match &self.word {
            Some(word) if !word.starts_with('#') => format!("\"{}\" (\"{word}\", {})", self.key, self.colour.hex()),
            _ => format!("\"{}\" ({})", self.key, self.colour.hex()),
        }
    }
}

fn token(
    layers: &[BrandLayer<'_>],
    key: &'static str,
    get: fn(&Palette) -> Option<&toml::Spanned<String>>,
    colour: Colour,
) -> BrandToken {
    let set = layers.iter().find_map(|layer| get(&layer.brand.color).map(|word| (layer, word)));
    let place = set.map(|(layer, word)| (layer.span)(word.span()));
    BrandToken { key, word: set.map(|(_, word)| word.get_ref().clone()), place, colour }
}

/// Returns the colour of a name or a `#RRGGBB` value. The resolve stage has already reported unknown names.
fn accent_colour(layers: &[BrandLayer<'_>], word: &str) -> Option<Colour> {
    let named = layers.iter().find_map(|layer| layer.brand.color.palette.get(word));
    Colour::parse(named.map_or(word, |colour| colour.get_ref().rgb()))
}
