//! Lengths with their units.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// A length with its unit, such as `297mm`. Its `Display` is also valid Typst.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    value: f64,
    unit: Unit,
}

/// A unit of lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Millimetre,
    Centimetre,
    Inch,
    Point,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Millimetre, Self::Centimetre, Self::Inch, Self::Point];

    fn symbol(self) -> &'static str {
        match self {
            Self::Millimetre => "mm",
            Self::Centimetre => "cm",
            Self::Inch => "in",
            Self::Point => "pt",
        }
    }

    /// Returns its size in points of 1/72 inch.
    fn points(self) -> f64 {
        match self {
            Self::Millimetre => 72.0 / 25.4,
            Self::Centimetre => 72.0 / 2.54,
            Self::Inch => 72.0,
            Self::Point => 1.0,
        }
    }
}

impl Length {
    /// Zero.
    pub const ZERO: Self = Self { value: 0.0, unit: Unit::Millimetre };

    /// Parses a number without sign or exponent, followed by its unit.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, unit) = Unit::ALL.into_iter().find_map(|unit| Some((text.strip_suffix(unit.symbol())?, unit)))?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let value = if is_digits(whole) && is_digits(fraction) { number.parse().ok()? } else { return None };
        Some(Self { value, unit })
    }

    /// Creates a length in millimetres.
    pub const fn mm(value: f64) -> Self {
        Self { value, unit: Unit::Millimetre }
    }

    /// Creates a length in points.
    pub const fn pt(value: f64) -> Self {
        Self { value, unit: Unit::Point }
    }

    /// Returns the length in points of 1/72 inch.
    pub fn points(self) -> f64 {
        self.value * self.unit.points()
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.unit.symbol())
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(LengthVisitor)
    }
}

struct LengthVisitor;

impl de::Visitor<'_> for LengthVisitor {
    type Value = Length;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a length")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Length, E> {
        let wrong = || match text.strip_prefix('-').and_then(Length::parse) {
            Some(_) => format!("\"{text}\" is negative; write a length of 0mm or more"),
            None => format!("\"{text}\" is not a length; {}", correction(text)),
        };
        Length::parse(text).ok_or_else(|| E::custom(wrong()))
    }
}

/// Returns what to write instead of a text that is not a length: the same number with a decimal point, without spaces and with a
/// unit, if it is a number.
fn correction(text: &str) -> String {
    let near: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| if c == ',' { '.' } else { c }).collect();
    let near = near.to_lowercase();
    if Length::parse(&near).is_some() {
        return format!("write it with a decimal point and without spaces: \"{near}\"");
    }
    match Length::parse(&format!("{near}mm")) {
        Some(length) => format!("write it with its unit, mm, cm, in or pt: \"{length}\""),
        None => "write a number with a decimal point, and mm, cm, in or pt after it, without a space".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Length, correction};

    #[test]
    fn the_hint_for_a_number_is_a_length() {
        for (typed, written) in [("3,5mm", "3.5mm"), ("3,5 mm", "3.5mm"), ("3 MM", "3mm"), ("3", "3mm"), ("3,5", "3.5mm")] {
            assert!(correction(typed).ends_with(&format!(": \"{written}\"")), "{typed}: {}", correction(typed));
            assert!(Length::parse(written).is_some());
        }
        assert!(correction("wide").contains("a number with a decimal point"), "{}", correction("wide"));
    }

    #[test]
    fn parses_a_number_and_a_unit() {
        for text in ["297mm", "29.7cm", "8.5in", "595.28pt", "0mm"] {
            assert_eq!(Length::parse(text).map(|length| length.to_string()).as_deref(), Some(text));
        }
        assert!(Length::parse("1in").is_some_and(|length| (length.points() - 72.0).abs() < 1e-9));
        for wrong in
            ["", "mm", "297", "297 mm", "-1mm", "+1mm", "1e3mm", ".5mm", "5.mm", "1.2.3mm", "50%", "2em", "infmm", "NaNpt"]
        {
            assert_eq!(Length::parse(wrong), None, "{wrong}");
        }
    }
}
