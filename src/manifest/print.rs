//! `[print]`: how print products are made. A value that the publication does not set comes from the series, then from the
//! workspace, then from the defaults.

use std::fmt;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::Length;

/// `[print]` in `publication.toml`, `series.toml` or `reliure.toml`. If it is present, the print PDF is built too.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PrintManifest {
    /// Distance that is painted beyond the trim size, 0mm or from 1mm to 10mm; by default `3mm`.
    #[serde(default, deserialize_with = "bleed")]
    #[schemars(with = "Option<String>")]
    pub bleed: Option<Spanned<Length>>,
    /// Crop and registration marks, and a line with title, edition, date and page, outside the bleed; by default none.
    pub marks: Option<bool>,
    /// Inks of the pages, and of the cover sheet unless `[print.cover]` has others: `cmyk` (default), or `gray` for black alone.
    pub colour: Option<ColourMode>,
    /// Whether the background colour of the pages is printed; by default `true`. With `false`, the paper is left unprinted there.
    pub paper: Option<bool>,
    /// Largest size of text that is printed in black alone, from 4pt to 72pt; by default `12pt`. Up to this size, text in the
    /// colour `foreground` is solid black and overprints its background, and text in the colour `muted` and in near greys is a
    /// tint of black. `0pt` prints all text in the inks of its colour.
    #[serde(default, deserialize_with = "black_text")]
    #[schemars(with = "Option<String>")]
    pub black_text: Option<Length>,
    /// Path of the ICC profile of the press and paper, from the folder of this file; by default FOGRA39 (coated paper).
    #[schemars(with = "Option<String>")]
    pub icc: Option<Spanned<String>>,
    /// Binding, which decides how many blank pages are added, and whether there is a cover sheet.
    #[schemars(with = "Option<Binding>")]
    pub binding: Option<Spanned<Binding>>,
    /// Space that is added to the inner margins, 0mm or from 1mm to 30mm. The default depends on the number of pages for
    /// `perfect` binding; for other bindings it is `0mm`.
    #[serde(default, deserialize_with = "gutter")]
    #[schemars(with = "Option<String>")]
    pub gutter: Option<Spanned<Length>>,
    /// The paper of the pages.
    #[serde(default, deserialize_with = "table")]
    pub stock: StockManifest,
    /// The cover sheet of `perfect` binding.
    #[serde(default, deserialize_with = "table")]
    pub cover: CoverManifest,
    /// Thresholds of the print checks.
    #[serde(default, deserialize_with = "table")]
    pub limits: LimitsManifest,
}

/// Inks of a print product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ColourMode {
    /// Cyan, magenta, yellow and black, and the spot inks of the palette.
    #[default]
    Cmyk,
    /// Black alone.
    Gray,
}

/// How the sheets are bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Binding {
    /// Another binding, or an unknown one: an even number of pages.
    #[default]
    Other,
    /// Folded sheets with staples in the fold: a multiple of four pages.
    SaddleStitch,
    /// Glued at the spine into a separate cover.
    Perfect,
}

/// `[print.stock]`: the paper of the pages, for the width of the spine.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StockManifest {
    /// Weight in g/m², from 20 to 500.
    #[serde(default, deserialize_with = "weight")]
    pub weight: Option<f64>,
    /// Bulk in cm³/g, from 0.5 to 3: thickness of the paper in µm divided by its weight.
    #[serde(default, deserialize_with = "bulk")]
    pub bulk: Option<f64>,
}

/// `[print.cover]`: the cover sheet of `perfect` binding.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CoverManifest {
    /// Inks of the cover sheet: `cmyk`, or `gray` for black alone; by default those of the pages.
    #[schemars(with = "Option<ColourMode>")]
    pub colour: Option<Spanned<ColourMode>>,
    /// Thickness of the board of the cover, such as `0.3mm`, from 0mm to 2mm; by default `0.3mm`.
    #[serde(default, deserialize_with = "caliper")]
    #[schemars(with = "Option<String>")]
    pub caliper: Option<Length>,
    /// Width of the spine as the printer states it, from 1mm to 80mm; by default it is computed from pages, paper and board.
    #[serde(default, deserialize_with = "spine")]
    #[schemars(with = "Option<String>")]
    pub spine: Option<Spanned<Length>>,
    /// Direction of the text on the spine; by default that of the publication's country.
    pub spine_text: Option<SpineText>,
    /// Text of the back cover, paragraphs separated by empty lines; by default the description of the publication.
    #[schemars(with = "Option<String>")]
    pub text: Option<Spanned<String>>,
    /// Price with its currency, as it is printed above the bar code: `12 €`. One line of up to 30 characters.
    #[serde(default, deserialize_with = "price")]
    #[schemars(with = "Option<String>")]
    pub price: Option<String>,
}

/// Direction of the text on a spine, with the book upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SpineText {
    /// From bottom to top, as in France, Germany, Italy and Spain.
    Upwards,
    /// From top to bottom, as in English-speaking countries, the Netherlands and Scandinavia (ISO 6357).
    Downwards,
}

/// `[print.limits]`: thresholds of the print checks.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LimitsManifest {
    /// Resolution of images in pixels per inch below which there is a warning; by default 300, or `image-dpi-least` if it is higher.
    #[serde(default, deserialize_with = "image_resolution")]
    #[schemars(with = "Option<f64>")]
    pub image_dpi: Option<Spanned<f64>>,
    /// Resolution of images in pixels per inch below which there is an error, at most `image-dpi`; by default 150, or `image-dpi` if it is
    /// lower.
    #[serde(default, deserialize_with = "image_resolution")]
    #[schemars(with = "Option<f64>")]
    pub image_dpi_least: Option<Spanned<f64>>,
    /// Resolution of bitonal images in pixels per inch below which there is a warning; by default 800.
    #[serde(default, deserialize_with = "resolution")]
    pub line_art_dpi: Option<f64>,
    /// Maximum sum of all inks at one point, in percent; by default 300, for coated paper.
    #[serde(default, deserialize_with = "ink")]
    pub ink: Option<f64>,
    /// Thinnest line, from 0pt to 2pt; by default `0.25pt`.
    #[serde(default, deserialize_with = "hairline")]
    #[schemars(with = "Option<String>")]
    pub hairline: Option<Length>,
    /// Smallest text in black alone, from 0pt to 24pt; by default `5pt`, or `reversed-text` if it is smaller.
    #[serde(default, deserialize_with = "text_size")]
    #[schemars(with = "Option<String>")]
    pub text: Option<Spanned<Length>>,
    /// Smallest light text on a dark background, and smallest text in several inks, from 0pt to 24pt, at least `text`; by default `7pt`, or
    /// `text` if it is larger.
    #[serde(default, deserialize_with = "text_size")]
    #[schemars(with = "Option<String>")]
    pub reversed_text: Option<Spanned<Length>>,
    /// Distance from the edge of the page within which text may be cut off, from 0mm to 30mm; by default `3mm`.
    #[serde(default, deserialize_with = "safe")]
    #[schemars(with = "Option<String>")]
    pub safe: Option<Length>,
}

/// Parses a table. Unlike derived implementations, it does not accept an array of the values.
fn table<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct TableVisitor<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> de::Visitor<'de> for TableVisitor<T> {
        type Value = T;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a table")
        }

        fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(de::value::MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(TableVisitor(PhantomData))
}

/// Parses a length within limits.
fn length<'de, D: Deserializer<'de>>(deserializer: D, what: &str, [least, most]: [&str; 2]) -> Result<Option<Length>, D::Error> {
    within(Length::deserialize(deserializer)?, what, [least, most]).map(Some)
}

/// Returns the length if it is within limits, otherwise an error.
fn within<E: de::Error>(length: Length, what: &str, [least, most]: [&str; 2]) -> Result<Length, E> {
    let points = |text: &str| Length::parse(text).map_or(0.0, Length::points);
    if (points(least)..=points(most)).contains(&length.points()) {
        return Ok(length);
    }
    Err(de::Error::custom(format!("{what} cannot be {length}; choose a length between {least} and {most}")))
}

/// Returns the length if it is zero or within limits, otherwise an error.
fn zero_or_within<E: de::Error>(length: Length, what: &str, [least, most]: [&str; 2]) -> Result<Length, E> {
    if length.points() == 0.0 || within::<E>(length, what, [least, most]).is_ok() {
        return Ok(length);
    }
    let zero: String = least.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    Err(de::Error::custom(format!("{what} cannot be {length}; choose {zero}, or a length between {least} and {most}")))
}

/// Parses a number within limits.
fn number<'de, D: Deserializer<'de>>(deserializer: D, what: &str, range: [f64; 2]) -> Result<Option<f64>, D::Error> {
    number_within(f64::deserialize(deserializer)?, what, range).map(Some)
}

/// Returns the number if it is within limits, otherwise an error.
fn number_within<E: de::Error>(number: f64, what: &str, [least, most]: [f64; 2]) -> Result<f64, E> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(de::Error::custom(format!("{what} cannot be {number}; choose a number between {least} and {most}")))
}

fn bleed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<Length>>, D::Error> {
    let bleed = Spanned::<Length>::deserialize(deserializer)?;
    zero_or_within(*bleed.get_ref(), "the bleed", ["1mm", "10mm"]).map(|_| Some(bleed))
}

fn gutter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<Length>>, D::Error> {
    let gutter = Spanned::<Length>::deserialize(deserializer)?;
    zero_or_within(*gutter.get_ref(), "the gutter", ["1mm", "30mm"]).map(|_| Some(gutter))
}

fn black_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Length>, D::Error> {
    zero_or_within(Length::deserialize(deserializer)?, "the size of text in black alone", ["4pt", "72pt"]).map(Some)
}

/// Maximum length of a price, in characters. It is printed on one line above the bar code, which is 37 mm wide.
const MAX_PRICE_LENGTH: usize = 30;

/// A price as written: a text, or an amount without a currency.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenPrice {
    Text(String),
    Whole(i64),
    Amount(f64),
    Other(toml::Value),
}

fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let without_currency = |amount: &str| {
        de::Error::custom(format!("the price {amount} has no currency; write it as it is printed: `\"{amount} €\"`"))
    };
    let price = match WrittenPrice::deserialize(deserializer)? {
        WrittenPrice::Text(text) => text,
        WrittenPrice::Whole(amount) => return Err(without_currency(&amount.to_string())),
        WrittenPrice::Amount(amount) => return Err(without_currency(&format!("{amount:.2}"))),
        WrittenPrice::Other(other) => {
            let fault =
                format!("the price is of the type {}, not a text; write it as it is printed: `\"12 €\"`", other.type_str());
            return Err(de::Error::custom(fault));
        }
    };
    let fault = match price.trim() {
        "" => "the price is empty; write it as it is printed, `12 €`, or remove it".to_owned(),
        text if text.lines().count() > 1 => "the price has several lines; write one: `12 €`".to_owned(),
        text if text.chars().count() > MAX_PRICE_LENGTH => {
            let length = text.chars().count();
            format!(
                "the price has {length} characters, and at most {MAX_PRICE_LENGTH} fit above the bar code; write it shorter: `12 €`"
            )
        }
        text if !text.chars().any(char::is_numeric) => {
            format!("\"{text}\" is no price; write an amount and its currency: `12 €`")
        }
        // Digits, spaces and punctuation only. Dashes replace zeros: `14.–`.
        text if text.chars().all(|c| c.is_numeric() || c.is_whitespace() || ".,'’-–—".contains(c)) => {
            return Err(without_currency(text));
        }
        _ => return Ok(Some(price)),
    };
    Err(de::Error::custom(fault))
}

fn caliper<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Length>, D::Error> {
    length(deserializer, "the thickness of the board", ["0mm", "2mm"])
}

fn spine<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<Length>>, D::Error> {
    let spine = Spanned::<Length>::deserialize(deserializer)?;
    within(*spine.get_ref(), "the width of the spine", ["1mm", "80mm"]).map(|_| Some(spine))
}

fn weight<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    number(deserializer, "the weight of paper in g/m²", [20.0, 500.0])
}

fn bulk<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    number(deserializer, "the bulk of paper in cm³/g", [0.5, 3.0])
}

fn hairline<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Length>, D::Error> {
    length(deserializer, "the minimum thickness of lines", ["0pt", "2pt"])
}

fn text_size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<Length>>, D::Error> {
    let size = Spanned::<Length>::deserialize(deserializer)?;
    within(*size.get_ref(), "the minimum size of text", ["0pt", "24pt"]).map(|_| Some(size))
}

fn safe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Length>, D::Error> {
    length(deserializer, "the safe distance", ["0mm", "30mm"])
}

const RESOLUTION: (&str, [f64; 2]) = ("a resolution in pixels per inch", [36.0, 4800.0]);

fn resolution<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    number(deserializer, RESOLUTION.0, RESOLUTION.1)
}

fn image_resolution<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Spanned<f64>>, D::Error> {
    let resolution = Spanned::<f64>::deserialize(deserializer)?;
    number_within(*resolution.get_ref(), RESOLUTION.0, RESOLUTION.1).map(|_| Some(resolution))
}

fn ink<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    number(deserializer, "the limit of ink in percent", [100.0, 400.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_are_refused_with_the_range() {
        let error = |text: &str| toml::from_str::<PrintManifest>(text).map(|_| ()).unwrap_err().to_string();
        for bleed in ["11mm", "0.0000001mm", "0.9mm"] {
            let wanted = format!("the bleed cannot be {bleed}; choose 0mm, or a length between 1mm and 10mm");
            assert!(error(&format!("bleed = \"{bleed}\"")).contains(&wanted), "{}", error(&format!("bleed = \"{bleed}\"")));
        }
        for size in ["999pt", "1pt"] {
            assert!(error(&format!("black-text = \"{size}\"")).contains("choose 0pt, or a length between 4pt and 72pt"));
        }
        assert!(error("gutter = \"0.1mm\"").contains("choose 0mm, or a length between 1mm and 30mm"));
        assert!(error("[cover]\nspine = \"90mm\"").contains("between 1mm and 80mm"));
        assert!(error("[cover]\ncaliper = \"3mm\"").contains("between 0mm and 2mm"));
        let price = |text: &str| error(&format!("[cover]\nprice = {text}"));
        assert!(price(&format!("\"{}\"", "12 € ".repeat(40))).contains("the price has 199 characters, and at most 30 fit"));
        assert!(price("\" \"").contains("the price is empty"));
        assert!(price("\"12 €\\n14 €\"").contains("several lines"));
        assert!(price("\"free\"").contains("is no price"));
        for (typed, amount) in [("12", "12"), ("12.5", "12.50"), ("\"12,00\"", "12,00"), ("\"14.–\"", "14.–")] {
            let found = price(typed);
            assert!(
                found.contains(&format!("the price {amount} has no currency; write it as it is printed: `\"{amount} €\"`")),
                "{found}"
            );
        }
        assert!(price("[12]").contains("is of the type array, not a text"));
        let allowed = "bleed = \"0mm\"\nblack-text = \"0pt\"\ngutter = \"0mm\"\n[cover]\nprice = \"12,50 € (CHF 14.–)\"";
        assert!(toml::from_str::<PrintManifest>(allowed).is_ok());
        assert!(error("[stock]\nweight = 900").contains("between 20 and 500"));
        assert!(error("[limits]\nink = 30").contains("between 100 and 400"));
        assert!(
            error("[limits]\nhairline = \"90pt\"")
                .contains("the minimum thickness of lines cannot be 90pt; choose a length between 0pt and 2pt")
        );
        assert!(error("[limits]\ntext = \"200pt\"").contains("between 0pt and 24pt"));
        assert!(error("[limits]\nsafe = \"4in\"").contains("between 0mm and 30mm"));
        for table in ["stock", "cover", "limits"] {
            assert!(error(&format!("{table} = []")).contains("expected a table"), "{}", error(&format!("{table} = []")));
        }
        assert!(error("[limits]\nimage-dpi = 30").contains("between 36 and 4800"));
        assert!(error("binding = \"glue\"").contains("saddle-stitch"));
        let print = toml::from_str::<PrintManifest>("bleed = \"5mm\"\nbinding = \"perfect\"\n[stock]\nweight = 90").unwrap();
        let binding = print.binding.map(Spanned::into_inner);
        let bleed = print.bleed.map(Spanned::into_inner);
        assert_eq!((bleed, binding, print.stock.weight), (Length::parse("5mm"), Some(Binding::Perfect), Some(90.0)));
    }
}
