//! Findings that no source can cause. The tests use constructed reports of the print pass.

use super::{fonts, fr, ink, on_pages};
use crate::output::pdf::print::PrintReport;
use crate::product::Product;

fn report(text: &str) -> PrintReport {
    serde_json::from_str(text).unwrap()
}

#[test]
fn overprinted_white_is_found() {
    let bad = report(include_str!("../../../tests/fixtures/checks/R714/bad/report.json"));
    let good = report(include_str!("../../../tests/fixtures/checks/R714/good/report.json"));
    assert_eq!((ink::white_pages(&bad), ink::white_pages(&good)), (vec![2], vec![]));
}

#[test]
fn a_font_that_is_not_embedded_is_found() {
    let bad = report(include_str!("../../../tests/fixtures/checks/R741/bad/report.json"));
    let good = report(include_str!("../../../tests/fixtures/checks/R741/good/report.json"));
    assert_eq!(fonts::missing(&bad).map(|font| font.name.as_str()).collect::<Vec<_>>(), ["Helvetica"]);
    assert_eq!(fonts::missing(&good).count(), 0);
}

#[test]
fn messages_name_pages_in_both_languages() {
    let named = |pages: &[usize]| on_pages(Product::PrintPdf, pages);
    assert_eq!(named(&[3]), ["on page 3", "à la page 3"]);
    assert_eq!(named(&[4, 3, 4]), ["on pages 3 and 4", "aux pages 3 et 4"]);
    assert_eq!(named(&[9, 2, 7, 8]), ["on page 2 and 3 others", "à la page 2 et à 3 autres"]);
    assert_eq!(on_pages(Product::Cover, &[1]), ["on the cover", "sur la couverture"]);
    assert_eq!((fr(0.25, 2), fr(3.0, 1), fr(10.0, 0)), ("0,25".to_owned(), "3".to_owned(), "10".to_owned()));
}
