//! Colours and fonts of the brand, as the custom properties of a page for the light and the dark scheme.

use std::collections::BTreeSet;

use crate::disk::Digest;
use crate::model::{BLACK, Colour, WHITE};
use crate::output::embedded_fonts;
use crate::output::epub::{self, EmbeddedFont, FontFile, NeededFonts};
use crate::resolve::Brand;
use crate::workspace::FontFace;

/// Minimum contrast ratio of text and its background (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;
/// Background of pages in the dark scheme.
const DARK_PAGE: Colour = Colour::screen([0x14, 0x18, 0x1F]);
/// Background of boxes in the dark scheme.
const DARK_PANEL: Colour = Colour::screen([0x1E, 0x24, 0x2E]);
/// Colour of text in the dark scheme.
const DARK_INK: Colour = Colour::screen([0xE9, 0xEC, 0xF1]);
/// Colour of secondary text in the dark scheme.
const DARK_SOFT: Colour = Colour::screen([0xB4, 0xBB, 0xC7]);

/// The style of a page.
pub struct Theme {
    /// Custom properties for both schemes, without the fonts.
    pub colours: String,
    /// Custom properties of the font families.
    pub families: String,
    /// Colours of the band at the top of the page.
    pub band: Vec<Colour>,
    /// The fonts.
    pub fonts: Vec<SiteFont>,
}

/// A font file of the site.
pub struct SiteFont {
    /// Its family.
    pub family: String,
    /// Its weight, 100 to 900.
    pub weight: u16,
    /// Its file name.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Theme {
    /// Returns the style of a brand. `texts` contains the texts of the page, which decide whether the Latin subset of a font is
    /// enough, as in EPUBs.
    pub fn of(brand: &Brand, faces: &[FontFace], texts: &[&str]) -> Self {
        let fonts = &brand.fonts;
        // Few faces, because every visitor downloads them: text, headings and labels in one or two weights.
        let wanted = [(&fonts.base, 400), (&fonts.headings, 700), (&fonts.interface, 400), (&fonts.interface, 700)];
        let is_wanted = |font: &&EmbeddedFont<'_>| {
            let same = |families: &[String]| families.first().is_some_and(|first| first == font.family);
            !font.italic && wanted.iter().any(|(families, weight)| *weight == font.weight && same(families))
        };
        let embedded = embedded_fonts(fonts, faces);
        let fonts_of_pages = embedded.iter().filter(is_wanted).collect();
        let changeable = BTreeSet::new();
        let (files, _) = epub::font_files(NeededFonts { fonts: fonts_of_pages, documents: texts, sheets: &[], changeable });
        let named = |family: &str| {
            let file = files.iter().find(|file| file.font.family == family);
            file.map_or_else(|| family.to_owned(), |file| file.family.clone())
        };
        let mut families = String::new();
        for (name, list, generic) in [
            ("base", &fonts.base, "serif"),
            ("headings", &fonts.headings, "serif"),
            ("interface", &fonts.interface, "sans-serif"),
        ] {
            families.push_str(&format!("--{name}: {};", epub::font_stack(list, &[], generic, &named)));
        }
        Self {
            colours: colours(brand),
            families,
            band: brand.accents.iter().map(|accent| accent.base).collect(),
            fonts: files.iter().map(site_font).collect(),
        }
    }

    /// Writes the style sheet of a page in a folder of this depth.
    pub fn style(&self, depth: usize) -> String {
        let mut css = String::new();
        for font in &self.fonts {
            let family = epub::quoted(&font.family);
            let source = super::relative(depth, &format!("{}/{}", super::FONTS, font.file));
            css.push_str(&format!(
                "@font-face {{ font-family: {family}; font-weight: {}; font-display: swap; src: url(\"{source}\"); }}\n",
                font.weight
            ));
        }
        css.push_str(&format!(":root {{ {} }}\n{}", self.families, self.colours));
        css
    }
}

fn site_font(file: &FontFile<'_>) -> SiteFont {
    // In an EPUB, names start with the number of the font in its list. Here, fonts of several brands are in one folder.
    let name = file.name.split_once('-').map_or(file.name.as_str(), |(_, name)| name);
    let bytes = file.bytes.to_vec();
    SiteFont { family: file.family.clone(), weight: file.font.weight, file: font_file(name, &bytes), bytes }
}

/// Names the file of a font. The digest distinguishes files with the same name.
fn font_file(name: &str, bytes: &[u8]) -> String {
    let digest = Digest::of(bytes).to_string();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "otf"));
    format!("{stem}-{}.{extension}", digest.get(..8).unwrap_or_default())
}

/// Writes the colours of both schemes. Brand colours are darkened or lightened until their contrast is sufficient.
fn colours(brand: &Brand) -> String {
    let (page, panel) = (brand.background, brand.surface);
    let backgrounds = [page, panel];
    let ink = readable(brand.foreground, &backgrounds);
    let light = [
        page,
        panel,
        page.mix(ink, 7),
        ink,
        readable(brand.muted, &[page, panel, page.mix(ink, 7)]),
        readable(brand.primary, &backgrounds),
        readable(brand.primary, &[WHITE]),
        WHITE,
        page.mix(ink, 16),
    ];
    // A dark colour loses chroma when it is lightened. The first accent is used if it keeps more chroma.
    let lightened = |colour: Colour| readable(colour, &[DARK_PAGE, DARK_PANEL]);
    let candidates = [Some(brand.primary), brand.accents.first().map(|accent| accent.base)];
    let link = candidates.into_iter().flatten().map(lightened).reduce(|a, b| if chroma(b) > chroma(a) { b } else { a });
    let link = link.unwrap_or(DARK_INK);
    let (tint, line) = (DARK_PAGE.mix(DARK_INK, 7), DARK_PAGE.mix(DARK_INK, 22));
    let dark = [DARK_PAGE, DARK_PANEL, tint, DARK_INK, DARK_SOFT, link, link, DARK_PAGE, line];
    // A brand may have pages that are dark in both schemes.
    let scheme = if page.luminance() < 0.18 { "dark" } else { "light dark" };
    format!(
        ":root {{ color-scheme: {scheme}; {} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {} }} }}\n",
        properties(light),
        properties(dark)
    )
}

const NAMES: [&str; 9] = ["page", "panel", "tint", "ink", "soft", "link", "button", "on-button", "line"];

fn properties(values: [Colour; 9]) -> String {
    NAMES.iter().zip(values).map(|(name, value)| format!("--{name}: {};", value.hex())).collect()
}

/// Returns the chroma of a colour: the difference between its largest and its smallest channel.
fn chroma(colour: Colour) -> u8 {
    let [r, g, b] = colour.rgb;
    r.max(g).max(b) - r.min(g).min(b)
}

/// Returns the nearest shade with sufficient contrast on every background: darker or lighter, whichever needs less change.
fn readable(colour: Colour, backgrounds: &[Colour]) -> Colour {
    let legible = |shade: &Colour| backgrounds.iter().all(|background| shade.contrast(*background) >= TEXT);
    let shades = (0..=20).flat_map(|step| [colour.mix(BLACK, step * 5), colour.mix(WHITE, step * 5)]);
    let lowest = |shade: Colour| backgrounds.iter().map(|background| shade.contrast(*background)).fold(f64::INFINITY, f64::min);
    let strongest = if lowest(BLACK) >= lowest(WHITE) { BLACK } else { WHITE };
    shades.into_iter().find(legible).unwrap_or(strongest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_contrast_on_light_and_dark_backgrounds() {
        let yellow = Colour::screen([0xF2, 0xB5, 0x44]);
        for background in [WHITE, BLACK, DARK_PAGE, Colour::screen([0xEE, 0xE8, 0xD5])] {
            assert!(readable(yellow, &[background]).contrast(background) >= TEXT, "{}", background.hex());
        }
        assert_eq!(readable(yellow, &[DARK_PAGE]), yellow, "a readable colour is not changed");
    }

    #[test]
    fn fonts_with_one_name_have_different_files() {
        assert_ne!(font_file("A.ttf", b"one"), font_file("A.ttf", b"two"));
        assert!(font_file("A.ttf", b"one").starts_with("A-") && font_file("A.ttf", b"one").ends_with(".ttf"));
    }
}
