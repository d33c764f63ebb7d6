//! The size and the price of a printed book, in codes of issue 75 of the ONIX code lists.

use super::leaf;
use crate::output::epub::Xml;
use crate::product::Product;
use crate::records::{Extents, Work};

/// Currencies by their printed sign or code. Signs that several currencies share, such as `$`, are not listed.
const CURRENCIES: [(&str, &str); 20] = [
    ("€", "EUR"),
    ("£", "GBP"),
    ("EUR", "EUR"),
    ("GBP", "GBP"),
    ("CHF", "CHF"),
    ("USD", "USD"),
    ("US$", "USD"),
    ("CAD", "CAD"),
    ("CA$", "CAD"),
    ("AUD", "AUD"),
    ("NZD", "NZD"),
    ("SEK", "SEK"),
    ("NOK", "NOK"),
    ("DKK", "DKK"),
    ("PLN", "PLN"),
    ("CZK", "CZK"),
    ("HUF", "HUF"),
    ("XOF", "XOF"),
    ("XAF", "XAF"),
    ("XPF", "XPF"),
];

/// Writes the trimmed height and width, and the thickness if it is known.
pub fn measures(xml: &mut Xml, work: &Work, extents: Extents) {
    let [width, height] = work.trim;
    let thickness = extents.print.and_then(|pages| work.thickness(pages));
    // List 48: height, width, thickness. List 50: millimetres.
    for (kind, tenths) in [("01", Some(height)), ("02", Some(width)), ("03", thickness)] {
        let Some(tenths) = tenths.filter(|tenths| *tenths > 0) else { continue };
        let value = if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) };
        xml.open("Measure").leaf("MeasureType", None, kind).leaf("Measurement", None, &value);
        xml.leaf("MeasureUnitCode", None, "mm").close().line();
    }
}

/// Writes the price that is printed on the cover (P.26), if it can be parsed. Supplier and availability are unknown.
pub fn supply(xml: &mut Xml, work: &Work, form: Product) {
    let price = work.price.as_deref().filter(|_| form == Product::PrintPdf).and_then(price);
    let (Some((amount, currency)), Some(publisher)) = (price, work.publishers.first()) else { return };
    xml.open("ProductSupply").line().open("SupplyDetail").line();
    // List 93: unspecified.
    xml.open("Supplier").leaf("SupplierRole", None, "00").leaf("SupplierName", None, &publisher.name).close().line();
    // List 65: contact the supplier, because the availability is not known.
    leaf(xml, "ProductAvailability", "99");
    // List 58: recommended retail price with tax.
    xml.open("Price").leaf("PriceType", None, "02").leaf("PriceAmount", None, &amount);
    xml.leaf("CurrencyCode", None, currency).close().line();
    xml.close().line().close().line();
}

/// Parses a price such as `12 €`, `12,50 €` or `£9.99`. Returns `None` if the amount or the currency is ambiguous.
fn price(written: &str) -> Option<(String, &'static str)> {
    let written = written.trim();
    let found = CURRENCIES.iter().find_map(|(sign, code)| {
        let rest = written.strip_suffix(sign).or_else(|| written.strip_prefix(sign))?;
        Some((rest.trim(), *code))
    });
    let (number, currency) = found?;
    let (whole, cents) = number.split_once([',', '.']).unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole: String = whole.split([' ', '\u{A0}', '\u{202F}']).collect();
    let certain = (1..=7).contains(&whole.len()) && is_digits(&whole) && is_digits(cents) && matches!(cents.len(), 0 | 2);
    let amount = if cents.is_empty() { whole } else { format!("{whole}.{cents}") };
    certain.then_some((amount, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_only_if_they_are_certain() {
        for (written, amount, currency) in [
            ("12 €", "12", "EUR"),
            ("12,50\u{A0}€", "12.50", "EUR"),
            ("£9.99", "9.99", "GBP"),
            ("CHF 1 200", "1200", "CHF"),
            ("1\u{202F}200,00 EUR", "1200.00", "EUR"),
        ] {
            assert_eq!(price(written), Some((amount.to_owned(), currency)), "{written}");
        }
        for written in ["12", "$12", "free", "12,5 €", "1.200 €", "€", "12 € / 15 CHF", "12-15 €", ""] {
            assert_eq!(price(written), None, "{written}");
        }
    }
}
