//! The two editions of the brochure differ in their « Parution » line, and in nothing else that a reader sees.

use crate::artefacts::pdf_text;
use crate::epub::chapters;

fn differing<'a>(may: &'a str, december: &'a str) -> Vec<(&'a str, &'a str)> {
    let (may, december): (Vec<&str>, Vec<&str>) = (may.lines().collect(), december.lines().collect());
    assert_eq!(may.len(), december.len(), "the same lines");
    may.into_iter().zip(december).filter(|(a, b)| a != b).collect()
}

fn only_the_date(may: &str, december: &str) {
    let lines = differing(may, december);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    let (may, december) = lines[0];
    assert!(may.contains("mai 2023") && december.contains("décembre 2023"), "{lines:#?}");
    let plain = |line: &str| line.replace("décembre", "mai").split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(plain(may), plain(december));
}

#[test]
fn the_pdfs_differ_in_one_date() {
    let (may, december) = (pdf_text("reve/brochure-2023-05.pdf"), pdf_text("reve/brochure-2023-12.pdf"));
    assert!(may.contains("Parution"), "the line is there");
    only_the_date(&may, &december);
}

#[test]
fn the_epubs_differ_in_one_date() {
    let join = |name: &str| chapters(name).into_iter().map(|(name, text)| format!("{name}\n{text}\n")).collect::<String>();
    only_the_date(&join("reve/brochure-2023-05.epub"), &join("reve/brochure-2023-12.epub"));
}

#[test]
fn content_of_one_edition_stays_out_of_the_other() {
    let epub = |name: &str| chapters(&format!("{name}.epub")).into_iter().map(|(_, text)| text).collect::<String>();
    let pdf = |name: &str| pdf_text(&format!("{name}.pdf"));
    for read in [&epub as &dyn Fn(&str) -> String, &pdf] {
        let (first, second) = (read("carnet-2024-03"), read("carnet-2025-ete"));
        assert!(first.contains("Le geste") && second.contains("Le geste"), "what both have is in both");
        for added in ["L’heure d’été", "Ce qui a changé"] {
            assert!(second.contains(added) && !first.contains(added), "{added:?} is in the second edition alone");
        }
    }
}
