//! The thresholds of the print checks, and contradictions between them.

use toml::Spanned;

use super::{Picks, PrintLayer, placed};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{Length, LimitsManifest, PrintManifest};

/// Thresholds of the print checks: resolutions in pixels per inch, lengths in points, ink in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrintLimits {
    /// Resolution below which images are warnings.
    pub image_dpi: f64,
    /// Resolution below which images are errors.
    pub image_dpi_least: f64,
    /// Resolution below which bitonal images are warnings.
    pub line_art_dpi: f64,
    /// Maximum total ink at one point.
    pub ink: f64,
    /// Minimum width of a line.
    pub hairline: f64,
    /// Minimum size of text in black alone.
    pub text: f64,
    /// Minimum size of light text on a dark background and of text in several inks.
    pub reversed_text: f64,
    /// Distance from the edge of the page within which text may be cut off.
    pub safe: f64,
}

const IMAGE_DPI: f64 = 300.0;
const IMAGE_DPI_LEAST: f64 = 150.0;
const LINE_ART_DPI: f64 = 800.0;
const INK: f64 = 300.0;
const HAIRLINE: Length = Length::pt(0.25);
const TEXT: Length = Length::pt(5.0);
const REVERSED_TEXT: Length = Length::pt(7.0);
const SAFE: Length = Length::mm(3.0);

/// Returns the thresholds. A default is adjusted to the declared value of the other threshold of its pair. Two declared values
/// that contradict each other are reported, even if they are in different files.
pub(super) fn limits(layers: &[PrintLayer<'_>], found: &mut Diagnostics) -> PrintLimits {
    let number = |pick: fn(&LimitsManifest) -> Option<f64>, default: f64| {
        Picks(layers).first(|print| pick(&print.limits)).unwrap_or(default)
    };
    let points = |pick: fn(&LimitsManifest) -> Option<Length>, default: Length| {
        Picks(layers).first(|print| pick(&print.limits)).unwrap_or(default).points()
    };
    let least = stated(layers, |print| print.limits.image_dpi_least.as_ref());
    let usual = stated(layers, |print| print.limits.image_dpi.as_ref());
    if let (Some((least, place)), Some((usual, _))) = (least, usual)
        && least > usual
    {
        let message = format!(
            "`image-dpi-least` cannot be {least}, above `image-dpi`: images below the first are errors, below the second warnings"
        );
        contradiction(found, message, place, format!("choose a number up to {usual}"));
    }
    let text = stated(layers, |print| print.limits.text.as_ref());
    let reversed = stated(layers, |print| print.limits.reversed_text.as_ref());
    if let (Some((text, _)), Some((reversed, place))) = (text, reversed)
        && reversed.points() < text.points()
    {
        let message =
            format!("`reversed-text` cannot be {reversed}, below `text`: light text has to be at least as large as black text");
        contradiction(found, message, place, format!("choose a length from {text}"));
    }
    let value = |stated: Option<(f64, Span)>| stated.map(|(value, _)| value);
    let size = |stated: Option<(Length, Span)>| stated.map(|(length, _)| length.points());
    let (least, usual, text, reversed) = (value(least), value(usual), size(text), size(reversed));
    PrintLimits {
        image_dpi: usual.unwrap_or(IMAGE_DPI.max(least.unwrap_or_default())),
        image_dpi_least: least.unwrap_or(IMAGE_DPI_LEAST.min(usual.unwrap_or(IMAGE_DPI))),
        line_art_dpi: number(|limits| limits.line_art_dpi, LINE_ART_DPI),
        ink: number(|limits| limits.ink, INK),
        hairline: points(|limits| limits.hairline, HAIRLINE),
        text: text.unwrap_or(TEXT.points().min(reversed.unwrap_or(f64::MAX))),
        reversed_text: reversed.unwrap_or(REVERSED_TEXT.points().max(text.unwrap_or_default())),
        safe: points(|limits| limits.safe, SAFE),
    }
}

/// Returns the first declared value, with its location.
fn stated<'a, T: Copy + 'a>(
    layers: &'a [PrintLayer<'_>],
    pick: impl Fn(&'a PrintManifest) -> Option<&'a Spanned<T>>,
) -> Option<(T, Span)> {
    placed(layers, pick).map(|(value, place)| (*value, place))
}

fn contradiction(found: &mut Diagnostics, message: String, place: Span, hint: String) {
    found.push(Diagnostic::new(code::TOML_VALUE, message).at(place).hint(hint));
}
