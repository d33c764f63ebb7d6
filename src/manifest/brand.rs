//! Brand tokens, in the vocabulary of brand.yml.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// `[brand]`: what a publication looks like, apart from its layout.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BrandManifest {
    /// Colours.
    #[serde(default)]
    pub color: Palette,
    /// Font families.
    #[serde(default)]
    pub typography: Typography,
}

/// `[brand.color]`: each value is a name from `palette` or `#RRGGBB`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Palette {
    /// Named colours.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, ColourValue>")]
    pub palette: BTreeMap<String, Spanned<ColourValue>>,
    /// Text.
    #[schemars(with = "Option<String>")]
    pub foreground: Option<Spanned<String>>,
    /// Page.
    #[schemars(with = "Option<String>")]
    pub background: Option<Spanned<String>>,
    /// Boxes and tiles.
    #[schemars(with = "Option<String>")]
    pub light: Option<Spanned<String>>,
    /// Secondary text.
    #[schemars(with = "Option<String>")]
    pub muted: Option<Spanned<String>>,
    /// The brand's main colour.
    #[schemars(with = "Option<String>")]
    pub primary: Option<Spanned<String>>,
    /// Highlights.
    #[schemars(with = "Option<String>")]
    pub secondary: Option<Spanned<String>>,
    /// One per section, in order, cycling.
    #[serde(default)]
    #[schemars(with = "Vec<AccentValue>")]
    pub accents: Vec<Spanned<AccentValue>>,
}

/// A section colour: alone, or with the shades that are derived otherwise.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AccentValue {
    /// A name from `palette` or `#RRGGBB`.
    Colour(String),
    /// `{ base = "…", light = "…", dark = "…" }`.
    Shades(AccentShades),
}

/// A section colour and its shades.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccentShades {
    /// The colour: panels, arcs, tabs.
    pub base: String,
    /// A light ground for text.
    pub light: Option<String>,
    /// Text on `light`, on the page and on boxes.
    pub dark: Option<String>,
}

impl AccentValue {
    /// The colour, the light shade and the dark one, as written.
    pub fn words(&self) -> (&str, Option<&str>, Option<&str>) {
        match self {
            Self::Colour(base) => (base, None, None),
            Self::Shades(shades) => (&shades.base, shades.light.as_deref(), shades.dark.as_deref()),
        }
    }
}

/// A colour of the palette: sRGB alone, or with the CMYK that the press gets.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ColourValue {
    /// `"#RRGGBB"`.
    Rgb(String),
    /// `{ rgb = "#RRGGBB", cmyk = [c, m, y, k] }`, in percent.
    Pair(ColourPair),
}

/// A colour for screen and press.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColourPair {
    /// `#RRGGBB`.
    pub rgb: String,
    /// Cyan, magenta, yellow, black, each 0 to 100.
    pub cmyk: Option<[u8; 4]>,
}

impl ColourValue {
    /// The sRGB value as written.
    pub fn rgb(&self) -> &str {
        match self {
            Self::Rgb(rgb) => rgb,
            Self::Pair(pair) => &pair.rgb,
        }
    }
}

/// `[brand.typography]`: families in order of preference; what the first lacks comes from the next.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Typography {
    /// Running text.
    #[schemars(with = "Option<Vec<String>>")]
    pub base: Option<Spanned<Vec<String>>>,
    /// Titles.
    #[schemars(with = "Option<Vec<String>>")]
    pub headings: Option<Spanned<Vec<String>>>,
    /// Labels, tabs, badges, captions.
    #[schemars(with = "Option<Vec<String>>")]
    pub interface: Option<Spanned<Vec<String>>>,
    /// Code.
    #[schemars(with = "Option<Vec<String>>")]
    pub monospace: Option<Spanned<Vec<String>>>,
    /// How much larger a heading is than the next level, 1 to 1.5.
    #[schemars(with = "Option<f64>", range(min = 1.0, max = 1.5))]
    pub scale: Option<Spanned<f64>>,
    /// Figures in running text.
    pub numerals: Option<Numerals>,
    /// What must be said of fonts whose files do not say it.
    #[serde(default)]
    pub fonts: Vec<FontManifest>,
}

/// Figures: as high as capitals, or with ascenders and descenders as small letters have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Numerals {
    /// As high as capitals.
    #[default]
    Lining,
    /// As small letters; a font that has none keeps its own.
    OldStyle,
}

/// `[[brand.typography.fonts]]`: the rights to a font; what is declared here wins over what its files say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FontManifest {
    /// Family, as the lists above name it.
    #[schemars(with = "String")]
    pub family: Spanned<String>,
    /// Its licence: an SPDX id or words.
    #[schemars(with = "String")]
    pub licence: Spanned<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// Where it comes from: an address, or words.
    pub source: Option<String>,
}
