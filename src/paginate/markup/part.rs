//! Single pages of a bound book: the back cover, the spine and the half title, each a function of the layout or of
//! `layouts/common/print.typ`.

use barcoders::sym::ean13::EAN13;

use super::edition;
use super::page_setup::PageSetup;
use super::text::{array, string, string_or_none};
use super::{Generated, MAIN, MarkupWriter, main_id};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::manifest::{Length, SpineText};
use crate::product::Product;
use crate::resolve::Resolved;
use crate::workspace::Layout;

/// An additional page of a bound book. Lengths are in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BookPart {
    /// The half title: the first page of the book block.
    HalfTitle {
        /// Space that is added to inner margins.
        gutter: f64,
    },
    /// The back cover.
    BackCover {
        /// Width of the spine.
        spine: f64,
    },
    /// The spine.
    Spine {
        /// Its width.
        width: f64,
    },
}

impl BookPart {
    /// Returns the name of its function.
    pub fn name(self) -> &'static str {
        match self {
            Self::HalfTitle { .. } => "half-title",
            Self::BackCover { .. } => "back-cover",
            Self::Spine { .. } => "spine",
        }
    }
}

/// Generates the sources of a part. A function of the layout takes precedence over the function in `layouts/common/print.typ`.
///
/// # Errors
///
/// Fails if the ISBN of the printed book is not a valid EAN-13 number.
pub fn generate_part(layout: &Layout, edition: &Resolved, part: BookPart) -> Result<Generated, Diagnostics> {
    let mut main = MarkupWriter::default();
    main.push("#import \"/layouts/common/print.typ\" as shared\n");
    main.push(&format!("#import \"/layouts/{}/main.typ\" as layout\n#import \"/edition.typ\": edition\n", layout.name));
    let (name, mut gutter) = (part.name(), 0.0);
    main.push(&format!("#let own = dictionary(layout).at(\"{name}\", default: shared.{name})\n"));
    match part {
        BookPart::HalfTitle { gutter: added } => {
            gutter = added;
            main.push("#own(edition)\n");
        }
        BookPart::BackCover { spine: width } | BookPart::Spine { width } => {
            main.push(&format!("#own(edition, {})\n", cover(edition, width)?));
        }
    }
    let [dated, shared] = edition::write(layout, edition);
    let setup = PageSetup::new(edition.page, gutter);
    Ok(Generated { main: main_id(), files: vec![setup.write(), dated, shared, main.finish(MAIN.into())] })
}

/// Writes the `cover` dictionary, which `docs/layouts.md` describes.
fn cover(edition: &Resolved, spine: f64) -> Result<String, Diagnostics> {
    let settings = &edition.print.cover;
    let paragraphs: Vec<&String> = match settings.text.as_slice() {
        [] => edition.description.iter().collect(),
        text => text.iter().collect(),
    };
    let direction = match settings.spine_text.unwrap_or(edition.language.spine) {
        SpineText::Upwards => "upwards",
        SpineText::Downwards => "downwards",
    };
    let isbn = edition.isbn(Product::PrintPdf).map(isbn).transpose()?;
    Ok(format!(
        "(spine: (width: {}, direction: \"{direction}\"), text: {}, price: {}, isbn: {})",
        Length::pt(spine),
        array(paragraphs.into_iter().map(|paragraph| string(paragraph))),
        string_or_none(settings.price.as_deref()),
        isbn.as_deref().unwrap_or("none"),
    ))
}

/// Writes an ISBN with its bars: `(from, width, is-guard)` in modules from the start of the symbol.
fn isbn(written: &str) -> Result<String, Diagnostics> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let symbol = EAN13::new(&digits).map_err(|_| {
        Diagnostic::new(code::TOML_VALUE, format!("\"{written}\" has no bar code: it is not an ISBN of thirteen digits"))
    })?;
    let bars = bars(&symbol.encode());
    let bars = array(bars.into_iter().map(|(from, width)| format!("({from}, {width}, {})", is_guard(from))));
    Ok(format!("(text: {}, digits: {}, bars: {bars})", string(written), string(&digits)))
}

/// Returns the start and the width of each dark bar, in modules.
fn bars(modules: &[u8]) -> Vec<(usize, usize)> {
    let mut bars: Vec<(usize, usize)> = Vec::new();
    for (at, _) in modules.iter().enumerate().filter(|(_, module)| **module == 1) {
        match bars.last_mut() {
            Some((from, width)) if *from + *width == at => *width += 1,
            _ => bars.push((at, 1)),
        }
    }
    bars
}

/// Returns whether a bar is one of the guard bars at the ends and in the middle (ISO/IEC 15420, 4.3).
fn is_guard(from: usize) -> bool {
    matches!(from, 0..3 | 45..50 | 92..)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of the digits 0 to 9 in set A; set B is C reversed, and C is A inverted (ISO/IEC 15420, table 1).
    const SET_A: [u8; 10] =
        [0b000_1101, 0b001_1001, 0b001_0011, 0b011_1101, 0b010_0011, 0b011_0001, 0b010_1111, 0b011_1011, 0b011_0111, 0b000_1011];
    /// Positions of the digits in set B in the left half, by the first digit (table 3).
    const IN_B: [[u8; 6]; 10] = [
        [0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 1, 1],
        [0, 0, 1, 1, 0, 1],
        [0, 0, 1, 1, 1, 0],
        [0, 1, 0, 0, 1, 1],
        [0, 1, 1, 0, 0, 1],
        [0, 1, 1, 1, 0, 0],
        [0, 1, 0, 1, 0, 1],
        [0, 1, 0, 1, 1, 0],
        [0, 1, 1, 0, 1, 0],
    ];

    /// Reads the digits of a symbol; `None` if it is not one.
    fn read(modules: &[u8]) -> Option<String> {
        let value = |from: usize| modules[from..from + 7].iter().fold(0, |code, module| code << 1 | module);
        let reversed = |code: u8| (0..7).fold(0, |back, bit| back << 1 | (code >> bit & 1));
        let in_a = |code: u8| SET_A.iter().position(|own| *own == code);
        if modules.len() != 95 || modules[..3] != [1, 0, 1] || modules[45..50] != [0, 1, 0, 1, 0] || modules[92..] != [1, 0, 1] {
            return None;
        }
        let mut digits = String::new();
        let mut sets = [0; 6];
        for (at, set) in sets.iter_mut().enumerate() {
            let code = value(3 + 7 * at);
            let digit = in_a(code).or_else(|| {
                *set = 1;
                in_a(!reversed(code) & 0x7f)
            })?;
            digits.push(char::from(b'0' + u8::try_from(digit).ok()?));
        }
        let first = IN_B.iter().position(|own| *own == sets)?;
        digits.insert(0, char::from(b'0' + u8::try_from(first).ok()?));
        for at in 0..6 {
            digits.push(char::from(b'0' + u8::try_from(in_a(!value(50 + 7 * at) & 0x7f)?).ok()?));
        }
        Some(digits)
    }

    #[test]
    fn a_bar_code_decodes_to_its_digits() {
        for digits in ["9782999999008", "9791234567896", "9780306406157", "4006381333931", "0012345678905"] {
            assert_eq!(read(&EAN13::new(digits).unwrap().encode()).as_deref(), Some(digits));
        }
    }

    #[test]
    fn bars_are_joined_modules_and_the_guards_are_marked() {
        let modules = EAN13::new("9782999999008").unwrap().encode();
        let bars = bars(&modules);
        // Three guards of two bars, and two bars for each of twelve digits.
        assert_eq!((bars.len(), bars.iter().filter(|(from, _)| is_guard(*from)).count()), (30, 6));
        let mut painted = vec![0; 95];
        for (from, width) in bars {
            assert!((1..=4).contains(&width));
            painted[from..from + width].fill(1);
        }
        assert_eq!(painted, modules);
        assert!(isbn("978-2-9999990-0-9").is_err() && isbn("12").is_err() && isbn("").is_err());
        assert!(
            isbn("978-2-9999990-0-8")
                .unwrap()
                .starts_with("(text: \"978-2-9999990-0-8\", digits: \"9782999999008\", bars: ((0, 1, true), ")
        );
    }
}
