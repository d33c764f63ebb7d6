//! External validators. A validator that is missing, skips or fails to run fails the test.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::artefacts::artefact;
use crate::harness::repository;

/// Validators that a PDF must pass. The results of `gs`, `page-ua`, `page-a`, `outloud` and `pdfx` are only printed.
const PDF: [&str; 7] = ["qpdf", "mutool", "poppler", "struct", "widths", "verapdf-ua", "verapdf-a"];
/// Validators that an EPUB must pass: all of them.
const EPUB: [&str; 6] = ["epubcheck", "ace", "chromium", "epubjs", "foliate", "readium"];

/// Returns the output of the validators for a file.
pub fn judged(file: &Path, command: &str) -> String {
    judged_by(file, command, "")
}

/// Returns the output of some validators for a file, or of all if `only` is empty.
pub fn judged_by(file: &Path, command: &str, only: &str) -> String {
    let mut judge = Command::new(repository().join("tests/judges").join(command));
    let output = judge.arg(file).env("JUDGE_PDFA", "2a").env("JUDGE_ONLY", only).output().expect("the judge runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn judge(name: &str, command: &str, required: &[&str]) -> String {
    let file = artefact(name);
    let reports = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("reports").join(name.replace('/', "-"));
    // A report of an earlier run must not hide that a validator fails to run.
    let _ = std::fs::remove_dir_all(&reports);
    let output = Command::new(repository().join("tests/judges").join(command))
        .arg(&file)
        .env("JUDGE_OUT", &reports)
        .env("JUDGE_PDFA", "2a")
        .output()
        .expect("the judge runs");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{name}\n{report}{}", String::from_utf8_lossy(&output.stderr));
    let failures = failures(&report, required);
    assert!(failures.is_empty(), "{name}: {failures:#?}");
    report
}

/// Returns the output of each required validator whose result is not PASS.
pub fn failures(report: &str, required: &[&str]) -> Vec<String> {
    let verdict = |judge: &str| report.lines().find(|line| line.split_whitespace().next() == Some(judge));
    let judged = required.iter().map(|judge| (judge, verdict(judge)));
    judged
        .filter(|(_, line)| line.and_then(|line| line.split_whitespace().nth(1)) != Some("PASS"))
        .map(|(judge, line)| line.map_or_else(|| format!("{judge} reports nothing"), str::to_owned))
        .collect()
}

#[test]
fn only_pass_counts_as_passed() {
    let report = "qpdf PASS warnings=0\nmutool FAIL rc=1\nposer SKIP\nstruct BROKEN PASS\npage-a PASS\nverdict PASS\n";
    let found = failures(report, &["qpdf", "mutool", "poser", "struct", "page"]);
    assert_eq!(found, ["mutool FAIL rc=1", "poser SKIP", "struct BROKEN PASS", "page reports nothing"]);
}

fn pdf(name: &str) {
    let report = judge(&format!("{name}.pdf"), "judge-pdf", &PDF);
    assert!(report.contains("flavour=ua1 rules_failed=0") && report.contains("flavour=2a rules_failed=0"), "{report}");
}

fn epub(name: &str) {
    let report = judge(&format!("{name}.epub"), "judge-epub", &EPUB);
    assert!(report.contains("fatal=0 errors=0 warnings=0") && report.contains("violations=0"), "{report}");
}

#[test]
fn validates_the_brochure_of_may() {
    pdf("reve/brochure-2023-05");
    epub("reve/brochure-2023-05");
}

#[test]
fn validates_the_brochure_of_december() {
    pdf("reve/brochure-2023-12");
    epub("reve/brochure-2023-12");
}

#[test]
fn validates_the_first_edition_of_the_carnet() {
    pdf("carnet-2024-03");
    epub("carnet-2024-03");
}

#[test]
fn validates_the_second_edition_of_the_carnet() {
    pdf("carnet-2025-ete");
    epub("carnet-2025-ete");
}

#[test]
fn validates_the_leaflet() {
    pdf("canal-spring");
    epub("canal-spring");
}

#[test]
fn validates_everyday_content_on_ordinary_pages() {
    pdf("cahier-2024-09");
    epub("cahier-2024-09");
}

#[test]
fn validates_everyday_content_on_wide_pages() {
    pdf("logbook-2024");
    epub("logbook-2024");
}
