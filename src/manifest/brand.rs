//! Brand tokens, with the names of brand.yml.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::forms::{ColourName, Hex};

/// `[brand]`: colours and fonts of a publication.
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
    /// Colour of text.
    #[schemars(with = "Option<ColourName>")]
    pub foreground: Option<Spanned<String>>,
    /// Colour of the page.
    #[schemars(with = "Option<ColourName>")]
    pub background: Option<Spanned<String>>,
    /// Colour of boxes and tiles.
    #[schemars(with = "Option<ColourName>")]
    pub light: Option<Spanned<String>>,
    /// Colour of secondary text.
    #[schemars(with = "Option<ColourName>")]
    pub muted: Option<Spanned<String>>,
    /// Main colour of the brand.
    #[schemars(with = "Option<ColourName>")]
    pub primary: Option<Spanned<String>>,
    /// Colour of highlights.
    #[schemars(with = "Option<ColourName>")]
    pub secondary: Option<Spanned<String>>,
    /// Colours of the sections, assigned in order and repeated.
    #[serde(default)]
    #[schemars(with = "Vec<AccentValue>")]
    pub accents: Vec<Spanned<AccentValue>>,
}

/// A section colour, alone or with its shades. Shades that are not set are derived.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AccentValue {
    /// A name from `palette` or `#RRGGBB`.
    Colour(#[schemars(with = "ColourName")] String),
    /// `{ base = "…", light = "…", dark = "…" }`.
    Shades(AccentShades),
}

/// A section colour and its shades.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccentShades {
    /// Colour of panels, arcs and tabs.
    #[schemars(with = "ColourName")]
    pub base: String,
    /// Light background for text.
    #[schemars(with = "Option<ColourName>")]
    pub light: Option<String>,
    /// Colour of text on `light`, on the page and on boxes.
    #[schemars(with = "Option<ColourName>")]
    pub dark: Option<String>,
}

impl AccentValue {
    /// Returns the base colour, the light shade and the dark shade, as written.
    pub fn words(&self) -> (&str, Option<&str>, Option<&str>) {
        match self {
            Self::Colour(base) => (base, None, None),
            Self::Shades(shades) => (&shades.base, shades.light.as_deref(), shades.dark.as_deref()),
        }
    }
}

/// A colour of the palette: sRGB, optionally with CMYK for print.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum ColourValue {
    /// `"#RRGGBB"`.
    Rgb(#[schemars(with = "Hex")] String),
    /// `{ rgb = "#RRGGBB", cmyk = [c, m, y, k] }`, in percent.
    Pair(ColourPair),
}

/// A colour for screen and print.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColourPair {
    /// `#RRGGBB`.
    #[schemars(with = "Hex")]
    pub rgb: String,
    /// Cyan, magenta, yellow and black, in percent from 0 to 100.
    #[serde(default, deserialize_with = "inks")]
    pub cmyk: Option<[u8; 4]>,
    /// Name of the spot ink that prints it, such as `PANTONE 286 C`. `cmyk` is then used where this ink is not available.
    pub spot: Option<String>,
}

/// Not derived, because an untagged enum would not report what is wrong in the table.
impl<'de> Deserialize<'de> for ColourValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(rgb) => Ok(Self::Rgb(rgb)),
            toml::Value::Table(table) => {
                ColourPair::deserialize(table).map(Self::Pair).map_err(|error| de::Error::custom(error.message()))
            }
            _ => Err(de::Error::custom("a colour is \"#RRGGBB\" or { rgb = \"#RRGGBB\", cmyk = [c, m, y, k] }")),
        }
    }
}

/// Parses four percentages.
fn inks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<[u8; 4]>, D::Error> {
    let wrong = || de::Error::custom("`cmyk` takes four whole numbers from 0 to 100: cmyk = [c, m, y, k]");
    let value = toml::Value::deserialize(deserializer)?;
    let numbers = value.as_array().ok_or_else(wrong)?.iter();
    let numbers: Option<Vec<u8>> =
        numbers.map(|number| number.as_integer().and_then(|number| u8::try_from(number).ok())).collect();
    let inks = numbers.and_then(|numbers| <[u8; 4]>::try_from(numbers).ok()).ok_or_else(wrong)?;
    Ok(Some(inks))
}

impl ColourValue {
    /// Returns the sRGB value as written.
    pub fn rgb(&self) -> &str {
        match self {
            Self::Rgb(rgb) => rgb,
            Self::Pair(pair) => &pair.rgb,
        }
    }

    /// Returns the CMYK value.
    pub fn cmyk(&self) -> Option<[u8; 4]> {
        match self {
            Self::Rgb(_) => None,
            Self::Pair(pair) => pair.cmyk,
        }
    }

    /// Returns the name of the spot ink.
    pub fn spot(&self) -> Option<&str> {
        match self {
            Self::Rgb(_) => None,
            Self::Pair(pair) => pair.spot.as_deref(),
        }
    }
}

/// `[brand.typography]`: font families in order of preference. A character that a family lacks is taken from the next one.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Typography {
    /// Families of running text.
    #[schemars(with = "Option<Vec<String>>")]
    pub base: Option<Spanned<Vec<String>>>,
    /// Families of titles.
    #[schemars(with = "Option<Vec<String>>")]
    pub headings: Option<Spanned<Vec<String>>>,
    /// Families of labels, tabs, badges and captions.
    #[schemars(with = "Option<Vec<String>>")]
    pub interface: Option<Spanned<Vec<String>>>,
    /// Families of code.
    #[schemars(with = "Option<Vec<String>>")]
    pub monospace: Option<Spanned<Vec<String>>>,
    /// Ratio between the sizes of successive heading levels, from 1 to 1.5.
    #[schemars(with = "Option<f64>", range(min = 1.0, max = 1.5))]
    pub scale: Option<Spanned<f64>>,
    /// Style of figures in running text.
    pub numerals: Option<Numerals>,
    /// Rights of fonts whose files do not declare them.
    #[serde(default)]
    pub fonts: Vec<FontManifest>,
}

/// Style of figures: as high as capitals, or with ascenders and descenders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Numerals {
    /// Figures as high as capitals.
    #[default]
    Lining,
    /// Figures with ascenders and descenders, if the font has them.
    OldStyle,
}

/// `[[brand.typography.fonts]]`: the rights of a font. They override those that its files declare.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FontManifest {
    /// Name of the family, as in the lists above.
    #[schemars(with = "String")]
    pub family: Spanned<String>,
    /// Licence: an SPDX id or words.
    #[schemars(with = "String")]
    pub licence: Spanned<String>,
    /// Author of the font.
    pub credit: Option<String>,
    /// Origin of the font: an address, or words.
    pub source: Option<String>,
}
