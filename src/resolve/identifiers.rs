//! Validation of identifiers: ORCID, ROR, ISBN and DOI. All except DOIs have check digits.

mod shared;

pub use shared::{identifiers, shared_by_editions, shared_by_publications};

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{Manifest, PublicationManifest, page_address};
use crate::product::Product;

/// Validates the ISBNs, the DOI and the addresses of the sources of a publication.
pub fn validate(manifest: &Manifest<PublicationManifest>, found: &mut Diagnostics) {
    let value = &manifest.value;
    let mut known: BTreeMap<String, (Product, Span)> = BTreeMap::new();
    for (product, written) in &value.isbn.0 {
        let span = manifest.span(written);
        let Some(isbn) = isbn13(written.get_ref(), span, found) else { continue };
        match known.get(&isbn) {
            Some((first, place)) => {
                let message = format!("the {} has the same ISBN as the {}", product.name(), first.name());
                let twice = Diagnostic::new(code::TOML_VALUE, message).at(span).related(*place, "first given here");
                found.push(twice.hint("give each format its own ISBN, or remove one"));
            }
            None => drop(known.insert(isbn, (*product, span))),
        }
    }
    if let Some(doi) = &value.doi {
        validate_doi(doi.get_ref(), manifest.span(doi), found);
    }
    for url in value.sources.iter().filter_map(|work| work.url.as_ref()) {
        page_address(url.get_ref(), "a source", manifest.span(url), found);
    }
}

/// Parses an ORCID iD, with or without its URL prefix. Returns the URL.
pub fn orcid(text: &str, span: Span, found: &mut Diagnostics) -> Option<String> {
    let bare = without(text, &["https://orcid.org/", "http://orcid.org/"]);
    let groups: Vec<&str> = bare.split('-').collect();
    let characters: Vec<char> = groups.concat().chars().collect();
    let formed = groups.len() == 4 && groups.iter().all(|group| group.len() == 4);
    let digits = characters
        .split_last()
        .filter(|(last, digits)| formed && digits.iter().all(char::is_ascii_digit) && (last.is_ascii_digit() || **last == 'X'));
    let Some((last, digits)) = digits else {
        let message = format!("\"{text}\" is not an ORCID iD");
        found.push(credit_fault(message, span, "write the sixteen digits as on orcid.org: 0000-0000-0000-0000"));
        return None;
    };
    // ISO/IEC 7064, MOD 11-2. X is ten.
    let total = digits.iter().filter_map(|digit| digit.to_digit(10)).fold(0, |total, digit| (total + digit) * 2 % 11);
    if (12 - total) % 11 != last.to_digit(10).unwrap_or(10) {
        let message = format!("\"{text}\" is not an ORCID iD: its check digit is wrong");
        found.push(credit_fault(message, span, "copy it again from orcid.org"));
        return None;
    }
    Some(format!("https://orcid.org/{bare}"))
}

/// Parses a ROR identifier, with or without its URL prefix. Returns the URL, which is the preferred form.
///
/// An identifier is a zero, six characters of Crockford's base 32 (no i, l, o, u) and two check digits
/// (<https://ror.readme.io/docs/ror-identifier-pattern>).
pub fn ror(text: &str, span: Span, found: &mut Diagnostics) -> Option<String> {
    let bare = without(text, &["https://ror.org/", "http://ror.org/"]);
    let parts = bare.strip_prefix('0').and_then(|rest| rest.split_at_checked(6));
    let read = parts.and_then(|(number, check)| {
        let formed = check.len() == 2 && check.bytes().all(|b| b.is_ascii_digit());
        let check: u64 = check.parse().ok().filter(|_| formed)?;
        let number = number.chars().try_fold(0, |number, c| Some(number * 32 + BASE_32.find(c)? as u64))?;
        Some((number, check))
    });
    let Some((number, check)) = read else {
        let message = format!("\"{text}\" is not a ROR identifier");
        found.push(credit_fault(message, span, "copy the address from the organisation's page on ror.org: https://ror.org/0…"));
        return None;
    };
    // ISO/IEC 7064, MOD 97-10, of the number that the six characters represent.
    if 98 - number * 100 % 97 != check {
        let message = format!("\"{text}\" is not a ROR identifier: its check digits are wrong");
        found.push(credit_fault(message, span, "copy it again from ror.org"));
        return None;
    }
    Some(format!("https://ror.org/{bare}"))
}

/// The digits of Crockford's base 32.
const BASE_32: &str = "0123456789abcdefghjkmnpqrstvwxyz";

/// Parses an ISBN of 13 digits (ISO 2108), with or without hyphens. Returns the digits.
fn isbn13(text: &str, span: Span, found: &mut Diagnostics) -> Option<String> {
    let digits = without_hyphens(text);
    let wrong = |message: String, hint: &str| Diagnostic::new(code::TOML_VALUE, message).at(span).hint(hint);
    let formed = digits.len() == 13 && digits.bytes().all(|b| b.is_ascii_digit()) && ["978", "979"].contains(&&digits[..3]);
    if !formed {
        let message = format!("\"{text}\" is not an ISBN of thirteen digits");
        found.push(wrong(message, "write the thirteen digits, which start with 978 or 979; hyphens are optional"));
        return None;
    }
    if !has_check_digit(&digits) {
        let message = format!("\"{text}\" is not an ISBN: its check digit is wrong");
        found.push(wrong(message, "copy it again from your agency's list"));
        return None;
    }
    Some(digits)
}

fn without_hyphens(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '-' | ' ')).collect()
}

/// Returns whether the last of thirteen digits is the check digit of the others (ISO 2108 §5.3).
fn has_check_digit(digits: &str) -> bool {
    let weighted = |(at, digit): (usize, u32)| if at % 2 == 0 { digit } else { digit * 3 };
    let sum: u32 = digits.chars().filter_map(|c| c.to_digit(10)).enumerate().map(weighted).sum();
    sum.is_multiple_of(10)
}

/// Returns the digits of an ISBN, or `None` if it is not valid.
fn isbn_digits(text: &str) -> Option<String> {
    let digits = without_hyphens(text);
    let formed = digits.len() == 13 && digits.bytes().all(|b| b.is_ascii_digit());
    (formed && has_check_digit(&digits)).then_some(digits)
}

/// Returns an ISBN with hyphens between its parts, as people read it: `978-2-07-036024-6`. The parts follow from the ranges that
/// the International ISBN Agency assigns to countries and publishers. A number in no known range is returned as written.
pub fn hyphenated(written: &str) -> String {
    let parsed = isbn_digits(written).and_then(|digits| digits.parse::<isbn::Isbn13>().ok());
    parsed.and_then(|isbn| isbn.hyphenate().ok()).map_or_else(|| written.to_owned(), |text| text.to_string())
}

/// Returns a DOI without the URL of a resolver or the prefix `doi:`.
fn bare_doi(text: &str) -> &str {
    without(text, &["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"]).trim()
}

/// Validates a DOI: `10.`, the number of the registrant, a slash and a suffix (ISO 26324).
fn validate_doi(text: &str, span: Span, found: &mut Diagnostics) {
    let wrong = |message: String, hint: String| Diagnostic::new(code::TOML_VALUE, message).at(span).hint(hint);
    let bare = bare_doi(text);
    if !is_doi(bare) {
        found.push(wrong(format!("\"{text}\" is not a DOI"), "write it as it was registered: 10.1234/suffix".into()));
    } else if bare != text {
        found.push(wrong(format!("\"{text}\" contains more than a DOI"), format!("write doi = \"{bare}\"")));
    }
}

/// Returns the URL of a DOI, percent-encoded.
pub fn doi_address(doi: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:;()@!$&'*+,=".contains(&byte);
    let encoded = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    format!("https://doi.org/{}", doi.bytes().map(encoded).collect::<String>())
}

fn is_doi(text: &str) -> bool {
    let Some((registrant, suffix)) = text.strip_prefix("10.").and_then(|rest| rest.split_once('/')) else { return false };
    let numbers = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let first = registrant.split('.').next().unwrap_or_default();
    let sound = registrant.split('.').all(numbers) && first.len() >= 4;
    // Angle brackets are part of older DOIs, which contain a SICI (ANSI/NISO Z39.56).
    sound && !suffix.is_empty() && !suffix.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"')
}

fn credit_fault(message: String, span: Span, hint: &str) -> Diagnostic {
    Diagnostic::new(code::CREDIT, message).at(span).hint(hint)
}

/// Removes the first matching prefix.
fn without<'t>(text: &'t str, openings: &[&str]) -> &'t str {
    openings.iter().find_map(|opening| text.strip_prefix(opening)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    fn span() -> Span {
        Span::new(Sources::default().add("publication.toml", ""), 0..0)
    }

    /// Returns the parsed value, or the message.
    fn read(how: fn(&str, Span, &mut Diagnostics) -> Option<String>, text: &str) -> Result<String, String> {
        let mut found = Diagnostics::default();
        let value = how(text, span(), &mut found);
        let message = found.sorted().first().map(|first| first.message.clone());
        assert_eq!(value.is_none(), message.is_some(), "{text}: only errors have a message");
        value.ok_or(message.unwrap_or_default())
    }

    #[test]
    fn parses_orcid_ids() {
        // Examples of the ORCID documentation.
        for right in ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"] {
            let address = format!("https://orcid.org/{right}");
            assert_eq!(read(orcid, right), Ok(address.clone()));
            assert_eq!(read(orcid, &address), Ok(address));
        }
        for wrong in ["0000-0002-1825-009", "0000000218250097", "orcid", "", "https://orcid.org/", "0000-0002-1825-00é"] {
            assert!(read(orcid, wrong).is_err_and(|message| message.ends_with("is not an ORCID iD")), "{wrong}");
        }
        for wrong in ["0000-0002-1825-0098", "0000-0002-1694-2330"] {
            assert!(read(orcid, wrong).is_err_and(|message| message.contains("check digit")), "{wrong}");
        }
    }

    #[test]
    fn parses_ror_identifiers() {
        for right in ["05dxps055", "03yrm5c26", "02feahw73", "00rbzpz17"] {
            let address = format!("https://ror.org/{right}");
            assert_eq!(read(ror, right), Ok(address.clone()));
            assert_eq!(read(ror, &address), Ok(address));
        }
        for wrong in ["", "0", "13yrm5c26", "03yrm5c2", "03yrm5c261", "03yrl5c26", "03YRM5C26", "03yrm5c+6", "0éé3yrm26"] {
            assert!(read(ror, wrong).is_err_and(|message| message.ends_with("is not a ROR identifier")), "{wrong}");
        }
        for wrong in ["03yrm5c27", "03yrn5c26"] {
            assert!(read(ror, wrong).is_err_and(|message| message.contains("check digit")), "{wrong}");
        }
    }

    #[test]
    fn parses_isbns_of_thirteen_digits() {
        for right in ["978-2-9999990-0-8", "978 2 9999990 1 5", "9782999999008"] {
            assert!(read(isbn13, right).is_ok(), "{right}");
        }
        for wrong in ["", "2-9999990-0-8", "978-2-9999990-0", "977-2-9999990-0-8", "978-2-9999990-0-X", "ééééééa"] {
            assert!(read(isbn13, wrong).is_err_and(|message| message.contains("thirteen")), "{wrong}");
        }
        assert!(read(isbn13, "978-2-9999990-0-9").is_err_and(|message| message.contains("check digit")));
    }

    #[test]
    fn isbns_are_hyphenated_by_their_ranges() {
        // Publishers of one, two and seven digits, and a group of five digits.
        let examples = ["978-2-07-036024-6", "978-2-9999990-0-8", "978-0-306-40615-7", "978-99921-58-10-4", "979-10-90636-07-1"];
        for right in examples {
            for written in [right.to_owned(), right.replace('-', ""), right.replace('-', " ")] {
                assert_eq!(hyphenated(&written), right);
            }
        }
        assert_eq!(hyphenated("978-29999990-0-9"), "978-29999990-0-9", "a number that is not valid");
    }

    #[test]
    fn parses_dois() {
        let sici = "10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1";
        for right in ["10.5072/carnet", "10.1000.10/a/b", sici] {
            assert!(is_doi(right), "{right}");
        }
        for wrong in ["", "10.5072", "10.5072/", "10./x", "10.12/x", "11.5072/x", "10.50a2/x", "10.5072/a b"] {
            assert!(!is_doi(wrong), "{wrong}");
        }
    }
}
