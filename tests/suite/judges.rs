//! What the outside judges say. A judge that is missing, skips or breaks fails the test.

use std::path::PathBuf;
use std::process::Command;

use crate::artefacts::artefact;
use crate::harness::repository;

/// Judges of a PDF whose verdict binds; `gs`, `page-ua`, `page-a`, `outloud` and `pdfx` inform.
const PDF: [&str; 6] = ["qpdf", "mutool", "poppler", "struct", "verapdf-ua", "verapdf-a"];
/// Judges of an EPUB; all bind.
const EPUB: [&str; 6] = ["epubcheck", "ace", "chromium", "epubjs", "foliate", "readium"];

fn judge(name: &str, command: &str, binding: &[&str]) -> String {
    let file = artefact(name);
    let reports = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("reports").join(name.replace('/', "-"));
    let output = Command::new(repository().join("tests/judges").join(command))
        .arg(&file)
        .env("JUDGE_OUT", &reports)
        .env("JUDGE_PDFA", "2a")
        .output()
        .expect("the judge runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{name}\n{said}{}", String::from_utf8_lossy(&output.stderr));
    for judge in binding {
        let line = said.lines().find(|line| line.split_whitespace().next() == Some(judge));
        let line = line.unwrap_or_else(|| panic!("{judge} says nothing of {name}"));
        assert_eq!(line.split_whitespace().nth(1), Some("PASS"), "{name}: {line}");
    }
    said
}

fn pdf(name: &str) {
    let said = judge(&format!("{name}.pdf"), "judge-pdf", &PDF);
    assert!(said.contains("flavour=ua1 rules_failed=0") && said.contains("flavour=2a rules_failed=0"), "{said}");
}

fn epub(name: &str) {
    let said = judge(&format!("{name}.epub"), "judge-epub", &EPUB);
    assert!(said.contains("fatal=0 errors=0 warnings=0") && said.contains("violations=0"), "{said}");
}

#[test]
fn brochure_of_may() {
    pdf("reve/brochure-2023-05");
    epub("reve/brochure-2023-05");
}

#[test]
fn brochure_of_december() {
    pdf("reve/brochure-2023-12");
    epub("reve/brochure-2023-12");
}

#[test]
fn carnet_first_edition() {
    pdf("carnet-2024-03");
    epub("carnet-2024-03");
}

#[test]
fn carnet_second_edition() {
    pdf("carnet-2025-ete");
    epub("carnet-2025-ete");
}

#[test]
fn leaflet() {
    pdf("canal-spring");
    epub("canal-spring");
}
