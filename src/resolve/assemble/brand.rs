//! The colours and fonts of the brand, with derived shades and defaults.

use std::hash::{Hash, Hasher};

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::manifest::{AccentValue, BrandManifest, ColourValue, Numerals};
use crate::model::{BLACK, Colour, WHITE};
use crate::resolve::scope::BrandLayer;
use crate::workspace::Publication;
use toml::Spanned;

/// A section colour and its shades.
#[derive(Clone, Copy, Debug, Hash, PartialEq)]
pub struct Accent {
    /// The base colour.
    pub base: Colour,
    /// A background near the colour of the page: pale, or dark if the page is dark.
    pub tint: Colour,
    /// A shade between `base` and `tint`.
    pub mid: Colour,
    /// Colour of text on `base`.
    pub on_base: Colour,
    /// Colour of text on `tint`, on the page and on boxes.
    pub on_tint: Colour,
}

/// A section colour as written.
#[derive(Clone, Copy, Debug)]
pub struct Shades {
    /// The base colour.
    pub base: Colour,
    /// The light shade, if set.
    pub light: Option<Colour>,
    /// The dark shade, if set.
    pub dark: Option<Colour>,
}

impl From<Colour> for Shades {
    fn from(base: Colour) -> Self {
        Self { base, light: None, dark: None }
    }
}

/// Font families by use, in order of preference.
#[derive(Clone, Debug, Hash, PartialEq)]
pub struct Fonts {
    /// Running text.
    pub base: Vec<String>,
    /// Titles.
    pub headings: Vec<String>,
    /// Labels, tabs, badges.
    pub interface: Vec<String>,
    /// Code.
    pub monospace: Vec<String>,
}

impl Fonts {
    /// Returns the families of each use.
    pub fn lists(&self) -> [&[String]; 4] {
        [&self.base, &self.headings, &self.interface, &self.monospace].map(Vec::as_slice)
    }

    /// Returns the families of all uses. A family can occur more than once.
    pub fn families(&self) -> Vec<&str> {
        self.lists().into_iter().flatten().map(String::as_str).collect()
    }
}

/// The brand, with a value for every token.
#[derive(Clone, Debug, PartialEq)]
pub struct Brand {
    /// Colour of text.
    pub foreground: Colour,
    /// Colour of the page.
    pub background: Colour,
    /// Colour of boxes and tiles.
    pub surface: Colour,
    /// Colour of secondary text.
    pub muted: Colour,
    /// Main colour.
    pub primary: Colour,
    /// Colour of highlights.
    pub highlight: Colour,
    /// Section colours, at least one.
    pub accents: Vec<Accent>,
    /// Fonts.
    pub fonts: Fonts,
    /// Ratio of the size of a heading to the size of the next level.
    pub scale: f64,
    /// Style of numerals in running text.
    pub numerals: Numerals,
    /// The inks of the colours that declare them. Only print products use them.
    pub inks: Vec<PrintColour>,
}

/// The values of a colour in print.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PrintColour {
    /// The colour on screens (sRGB).
    pub rgb: [u8; 3],
    /// Cyan, magenta, yellow and black in percent.
    pub cmyk: [u8; 4],
    /// Name of the spot ink; `cmyk` is then its substitute in process inks.
    pub spot: Option<String>,
}

/// Hashes everything except the inks, which products for screens do not use.
impl Hash for Brand {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self { foreground, background, surface, muted, primary, highlight, accents, fonts, scale, numerals, inks: _ } = self;
        (foreground, background, surface, muted, primary, highlight, accents, fonts, scale.to_bits(), numerals).hash(hasher);
    }
}

/// Default colour of text. The CMYK values of the defaults are conversions to FOGRA39, rounded, with a total of at most 280 %.
const INK: Colour = Colour { rgb: [0x1D, 0x24, 0x33], cmyk: Some([85, 70, 45, 65]) };
/// Default colour of secondary text.
const MUTED: Colour = Colour { rgb: [0x55, 0x5E, 0x6E], cmyk: Some([65, 51, 36, 31]) };
/// Default main colour.
const PRIMARY: Colour = Colour { rgb: [0x1B, 0x4F, 0x72], cmyk: Some([90, 60, 30, 25]) };
/// Default colour of highlights.
const HIGHLIGHT: Colour = Colour { rgb: [0xF2, 0xB5, 0x44], cmyk: Some([3, 32, 80, 0]) };
/// Minimum contrast ratio of text and its background (WCAG 2.2, 1.4.3).
pub const TEXT: f64 = 4.5;
/// Enhanced contrast ratio of text and its background (WCAG 2.2, 1.4.6).
pub const ENHANCED: f64 = 7.0;
/// Default ratio of the size of a heading to the size of the next level.
const SCALE: f64 = 1.16;

impl Accent {
    /// Derives the shades of a section colour that are not set.
    pub fn derive(shades: impl Into<Shades>, background: Colour, surface: Colour, foreground: Colour) -> Self {
        let Shades { base, light, dark } = shades.into();
        let tint = light.unwrap_or_else(|| pale(base, background));
        // Black or white is always readable, because the product of their contrast ratios with a background is 21, more than
        // 4.5².
        let on_base = [WHITE, foreground, BLACK].into_iter().find(|text| base.contrast(*text) >= TEXT).unwrap_or(BLACK);
        let on_tint = dark.unwrap_or(base).readable_on(&[tint, background, surface], TEXT);
        let page = if background.is_dark() { background } else { WHITE };
        Self { base, tint, mid: base.mix(page, 45), on_base, on_tint }
    }

    /// Returns the backgrounds on which text in `on_tint` is drawn.
    pub fn backgrounds(&self, brand: &Brand) -> [Colour; 3] {
        [self.tint, brand.background, brand.surface]
    }

    /// Returns the nearest shade of the base colour on which text has the contrast [`ENHANCED`], and the colour of the text:
    /// `on_base` if possible, otherwise white or black.
    pub fn enhanced(&self) -> (Colour, Colour) {
        let shade = |text: Colour| {
            let away = if text.luminance() > self.base.luminance() { BLACK } else { WHITE };
            let shades = (0..=100).map(|percent| self.base.mix(away, percent));
            shades.into_iter().find(|shade| shade.contrast(text) >= ENHANCED).map(|shade| (shade, text))
        };
        // Black on white is sufficient, so one of them is found.
        [self.on_base, WHITE, BLACK].into_iter().find_map(shade).unwrap_or((WHITE, BLACK))
    }
}

/// Returns the tint of a section colour. On a dark page it is dark enough for white text, so that one shade is readable on both.
fn pale(base: Colour, background: Colour) -> Colour {
    if !background.is_dark() {
        return base.mix(WHITE, 88);
    }
    let tints = (88..=100).map(|percent| base.mix(background, percent));
    tints.into_iter().find(|tint| tint.contrast(WHITE) >= TEXT).unwrap_or(background)
}

/// Determines the brand from the publication, then the series, then the defaults.
pub fn brand(layers: &[BrandLayer<'_>], families: &[String], found: &mut Diagnostics) -> Brand {
    let mut pick = |get: fn(&BrandManifest) -> &Option<Spanned<String>>, default: Colour| {
        let set = layers.iter().find_map(|layer| get(layer.brand).as_ref().map(|value| (layer, value)));
        set.and_then(|(layer, value)| colour(layers, layer, value.get_ref(), value.span(), found)).unwrap_or(default)
    };
    let foreground = pick(|b| &b.color.foreground, INK);
    let background = pick(|b| &b.color.background, WHITE);
    let surface = pick(|b| &b.color.light, WHITE);
    let muted = pick(|b| &b.color.muted, MUTED);
    let primary = pick(|b| &b.color.primary, PRIMARY);
    let highlight = pick(|b| &b.color.secondary, HIGHLIGHT);
    let mut bases: Vec<Shades> = layers
        .iter()
        .find(|layer| !layer.brand.color.accents.is_empty())
        .map(|layer| layer.brand.color.accents.iter().filter_map(|value| shades(layers, layer, value, found)).collect())
        .unwrap_or_default();
    if bases.is_empty() {
        bases.push(primary.into());
    }
    let accents = bases.into_iter().map(|base| Accent::derive(base, background, surface, foreground)).collect();
    let numerals = layers.iter().find_map(|layer| layer.brand.typography.numerals).unwrap_or_default();
    let (fonts, scale) = (fonts(layers, families, found), scale(layers, found));
    let inks = inks(layers, &[foreground, muted, primary, highlight], found);
    Brand { foreground, background, surface, muted, primary, highlight, accents, fonts, scale, numerals, inks }
}

impl Brand {
    /// Returns the default colours and fonts.
    pub fn neutral() -> Self {
        brand(&[], &[], &mut Diagnostics::default())
    }

    /// Returns the brand of a series, or the default one for publications outside a series. Faults are reported by [`brand`].
    pub fn of_series(publication: &Publication, families: &[String]) -> Self {
        let series = publication.series.as_ref().map(|(series, _)| BrandLayer::new(series, &series.value.brand));
        brand(&series.into_iter().collect::<Vec<_>>(), families, &mut Diagnostics::default())
    }
}

fn shades(
    layers: &[BrandLayer<'_>],
    layer: &BrandLayer<'_>,
    value: &Spanned<AccentValue>,
    found: &mut Diagnostics,
) -> Option<Shades> {
    let (base, light, dark) = value.get_ref().words();
    let mut read = |word: &str| colour(layers, layer, word, value.span(), found);
    let (light, dark) = (light.and_then(&mut read), dark.and_then(&mut read));
    read(base).map(|base| Shades { base, light, dark })
}

fn scale(layers: &[BrandLayer<'_>], found: &mut Diagnostics) -> f64 {
    let set = layers.iter().find_map(|layer| layer.brand.typography.scale.as_ref().map(|scale| (layer, scale)));
    let Some((layer, scale)) = set else { return SCALE };
    if !(1.0..=1.5).contains(scale.get_ref()) {
        let message = format!("the scale of headings is {}, which is not between 1 and 1.5", scale.get_ref());
        let wrong = Diagnostic::new(code::BRAND, message).at((layer.span)(scale.span()));
        found.push(wrong.hint("it is the ratio between two levels of headings: 1.2 makes each level 20 % larger than the next"));
        return SCALE;
    }
    *scale.get_ref()
}

fn colour(
    layers: &[BrandLayer<'_>],
    layer: &BrandLayer<'_>,
    word: &str,
    at: std::ops::Range<usize>,
    found: &mut Diagnostics,
) -> Option<Colour> {
    if word.starts_with('#') {
        let parsed = Colour::parse(word);
        if parsed.is_none() {
            found.push(not_a_colour(word).at((layer.span)(at)));
        }
        return parsed;
    }
    let named = layers.iter().find_map(|layer| layer.brand.color.palette.get(word).map(|colour| (layer, colour)));
    let Some((home, entry)) = named else {
        let known = layers.iter().flat_map(|layer| layer.brand.color.palette.keys().map(String::as_str));
        let message = format!("no colour of the palette is named \"{word}\"");
        found.push(Diagnostic::new(code::BRAND, message).at((layer.span)(at)).suggest(word, known));
        return None;
    };
    let parsed = Colour::parse(entry.get_ref().rgb());
    if parsed.is_none() {
        found.push(not_a_colour(entry.get_ref().rgb()).at((home.span)(entry.span())));
    }
    parsed.map(|parsed| Colour { cmyk: entry.get_ref().cmyk(), ..parsed })
}

/// Colorant names with a special meaning in PDF (ISO 32000-1 §8.6.6.4).
const RESERVED_INKS: [&str; 6] = ["All", "None", "Cyan", "Magenta", "Yellow", "Black"];

/// Returns the inks of the palette, then the inks of the default tokens. Colours that are equal on screens cannot differ in
/// print, because the pages do not distinguish them.
fn inks(layers: &[BrandLayer<'_>], tokens: &[Colour], found: &mut Diagnostics) -> Vec<PrintColour> {
    let mut entries: Vec<(&str, &BrandLayer<'_>, &Spanned<ColourValue>)> = Vec::new();
    for layer in layers {
        for (name, value) in &layer.brand.color.palette {
            if !entries.iter().any(|(known, ..)| known == name) {
                entries.push((name, layer, value));
            }
        }
    }
    let mut inks: Vec<(PrintColour, &str)> = Vec::new();
    for (name, layer, value) in entries {
        let place = || (layer.span)(value.span());
        let (Some(colour), Some(cmyk)) = (Colour::parse(value.get_ref().rgb()), value.get_ref().cmyk()) else {
            if value.get_ref().spot().is_some() {
                let message = format!("the spot colour \"{name}\" has no CMYK values");
                let hint = "add the CMYK values that replace the ink where it is not available: cmyk = [c, m, y, k]";
                found.push(Diagnostic::new(code::BRAND, message).at(place()).hint(hint));
            }
            continue;
        };
        if let Some(over) = cmyk.iter().find(|percent| **percent > 100) {
            let message = format!("{over} % is not an amount of ink");
            found.push(
                Diagnostic::new(code::BRAND, message).at(place()).hint("write four numbers from 0 to 100: cmyk = [c, m, y, k]"),
            );
            continue;
        }
        if let Some(spot) = value.get_ref().spot() {
            if spot.trim().is_empty() || RESERVED_INKS.contains(&spot) {
                let message = format!("\"{spot}\" cannot be the name of a spot ink");
                let hint = "write the name that the printer knows, such as \"PANTONE 286 C\"; the names of process inks, \"All\" and \"None\" are reserved in PDF";
                found.push(Diagnostic::new(code::BRAND, message).at(place()).hint(hint));
                continue;
            }
            if let Some((_, other)) = inks.iter().find(|(known, _)| known.spot.as_deref() == Some(spot) && known.cmyk != cmyk) {
                let message = format!("\"{name}\" and \"{other}\" are the same spot ink with different CMYK values");
                found
                    .push(Diagnostic::new(code::BRAND, message).at(place()).hint("give both the same `cmyk`, or rename one ink"));
                continue;
            }
            let is_variant = |known: &str| known != spot && known.eq_ignore_ascii_case(spot);
            if let Some((_, other)) = inks.iter().find(|(known, _)| known.spot.as_deref().is_some_and(is_variant)) {
                let message = format!(
                    "the spot inks of \"{name}\" and \"{other}\" differ only in upper and lower case, and would be two plates"
                );
                found.push(Diagnostic::new(code::BRAND, message).at(place()).hint("write both names in the same way"));
                continue;
            }
        }
        let ink = PrintColour { rgb: colour.rgb, cmyk, spot: value.get_ref().spot().map(str::to_owned) };
        match inks.iter().find(|(known, _)| known.rgb == ink.rgb) {
            Some((known, other)) if *known != ink => {
                let message = format!("\"{name}\" and \"{other}\" are both {} on screens, but differ in print", colour.hex());
                let differ = Diagnostic::new(code::BRAND, message).at(place());
                found.push(differ.hint("give both the same print values, or change one of the screen values a little"));
            }
            Some(_) => {}
            None => inks.push((ink, name)),
        }
    }
    let mut inks: Vec<PrintColour> = inks.into_iter().map(|(ink, _)| ink).collect();
    for token in tokens {
        if let Some(cmyk) = token.cmyk
            && !inks.iter().any(|ink| ink.rgb == token.rgb)
        {
            inks.push(PrintColour { rgb: token.rgb, cmyk, spot: None });
        }
    }
    inks
}

fn not_a_colour(word: &str) -> Diagnostic {
    Diagnostic::new(code::BRAND, format!("\"{word}\" is not a colour"))
        .hint("write it as \"#RRGGBB\", or as a name of [brand.color.palette]")
}

fn fonts(layers: &[BrandLayer<'_>], known: &[String], found: &mut Diagnostics) -> Fonts {
    let mut pick = |get: fn(&BrandManifest) -> &Option<Spanned<Vec<String>>>, default: &[&str]| -> Vec<String> {
        let set = layers.iter().find_map(|layer| get(layer.brand).as_ref().map(|families| (layer, families)));
        let Some((layer, families)) = set else { return default.iter().map(|name| (*name).to_owned()).collect() };
        for family in families.get_ref().iter().filter(|family| !known.contains(family)) {
            let message = format!("no font of the family \"{family}\" is available");
            let missing = Diagnostic::new(code::BRAND, message).at((layer.span)(families.span()));
            found.push(
                missing
                    .suggest(family, known.iter().map(String::as_str))
                    .hint("or put its files in the folder of fonts: .otf, .ttf, .otc and .ttc are read"),
            );
        }
        families.get_ref().clone()
    };
    // Not every family has U+202F, which micro-typography inserts, so the last fallback is a bundled family.
    let with = |mut families: Vec<String>, last: &str| {
        if !families.iter().any(|family| family == last) {
            families.push(last.to_owned());
        }
        families
    };
    Fonts {
        base: with(pick(|b| &b.typography.base, &[]), "Source Serif 4"),
        headings: with(pick(|b| &b.typography.headings, &["Spectral"]), "Source Serif 4"),
        interface: with(pick(|b| &b.typography.interface, &[]), "Source Sans 3"),
        monospace: with(pick(|b| &b.typography.monospace, &["IBM Plex Mono"]), "Source Sans 3"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_shades_are_readable() {
        for hex in ["#1B5E8C", "#F2B544", "#FFFF00", "#000000", "#FFFFFF", "#21694B", "#808080", "#E8590C", "#2E86DE"] {
            let base = Colour::parse(hex).unwrap();
            let accent = Accent::derive(base, WHITE, WHITE, INK);
            assert!(accent.on_base.contrast(base) >= 4.5, "{hex} on base");
            assert!(accent.on_tint.contrast(accent.tint) >= 4.5, "{hex} on tint");
            let (background, text) = accent.enhanced();
            assert!(text.contrast(background) >= 7.0, "{hex}: {} on {}", text.hex(), background.hex());
            assert_eq!(background == base, text.contrast(base) >= 7.0, "{hex} changes only if it must");
        }
        let [base, light, dark] = ["#1B5E8C", "#E3EDF4", "#123E5C"].map(|hex| Colour::parse(hex).unwrap());
        let given = Accent::derive(Shades { base, light: Some(light), dark: Some(dark) }, WHITE, WHITE, INK);
        assert_eq!([given.base, given.tint, given.on_tint], [base, light, dark]);
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn shades_of_accents_are_readable_on_every_page_and_box_of_one_kind() {
        let pages = ["#101820", "#000000", "#3A1020", "#6B6B6B", "#808080", "#F6F0E0"];
        for (background, hex) in pages.iter().flat_map(|page| ["#E0E0A0", "#1B5E8C", "#101820", "#FFFFFF"].map(|hex| (page, hex)))
        {
            let [base, page] = [hex, *background].map(|hex| Colour::parse(hex).unwrap());
            let accent = Accent::derive(base, page, page, if page.is_dark() { WHITE } else { BLACK });
            for drawn in [accent.tint, page] {
                let ratio = accent.on_tint.contrast(drawn);
                assert!(ratio >= TEXT, "{hex} on {background}: {} on {} is {ratio:.2}", accent.on_tint.hex(), drawn.hex());
            }
        }
    }
}
