//! External validators of print products. A validator that is missing, skips or fails to run fails the test.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::{Project, Session, repository};
use crate::judges::failures;

/// Validators of `judge-pdf` that a PDF/X-4 must pass.
const PDF: [&str; 6] = ["qpdf", "mutool", "gs", "poppler", "widths", "pdfx"];
/// Validators of `judge-print` that a print product must pass.
const PRINT: [&str; 6] = ["census", "x4", "fonts", "ink", "plates", "bleed"];

/// Builds formats of a publication of a workspace into a separate folder, and returns the folder.
fn build(workspace: &Path, publication: &str, formats: &[&str]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("print").join(publication);
    let _ = std::fs::remove_dir_all(&folder);
    let mut command = Command::new(env!("CARGO_BIN_EXE_reliure"));
    command.arg("--root").arg(workspace).args(["build", publication, "--output"]).arg(&folder);
    command.args(formats.iter().flat_map(|format| ["--format", format])).arg("--report").arg(folder.join("preflight.json"));
    Session::of(&mut command).succeeds();
    split_report(&folder.join("preflight.json"), &folder);
    folder
}

/// Writes the part of a preflight report for each product to `FILE.json` in `folder`, for the option `--report` of `judge-print`.
fn split_report(report: &Path, folder: &Path) {
    let report = std::fs::read_to_string(report).expect("the report is read");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    for product in report["products"].as_array().expect("products") {
        let name = product["file"].as_str().expect("a name");
        std::fs::write(folder.join(format!("{name}.json")), product.to_string()).expect("the part is written");
    }
}

/// Runs both judges on a print product; `trim` is the trim size in millimetres. `options` are passed to `judge-print`, and
/// `others` are its required validators in addition to [`PRINT`]. `folder` contains the preflight report of the product.
fn judge(folder: &Path, file: &Path, trim: &str, (options, others): (&[&str], &[&str])) {
    let report = folder.join(format!("{}.json", file.file_name().expect("a name").display()));
    let judges = repository().join("tests/judges");
    let mut exchange = Command::new(judges.join("judge-pdf"));
    exchange.arg(file).envs([("JUDGE_PDFX", "1"), ("JUDGE_UA", "0"), ("JUDGE_PDFA", "none"), ("JUDGE_TRIM", trim)]);
    let mut print = Command::new(judges.join("judge-print"));
    print.arg(file).args(["--trim", trim]).args(options).arg("--report").arg(report);
    let name = file.display();
    for (mut command, required) in [(exchange, PDF.to_vec()), (print, [&PRINT, others].concat())] {
        let output = command.output().expect("the judge runs");
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("{name}\n{report}{}", String::from_utf8_lossy(&output.stderr));
        let failures = failures(&report, &required);
        assert!(failures.is_empty(), "{name}: {failures:#?}");
    }
}

/// Judges a print PDF beside the screen PDF of the same edition. `blank` lists the pages that were added for the binding.
fn judge_beside_screen(folder: &Path, name: &str, trim: &str, blank: &str) {
    let reports = folder.ancestors().find(|folder| folder.join("preflight.json").exists()).expect("a report");
    let screen = folder.join(format!("{name}.pdf"));
    let screen = screen.to_str().expect("UTF-8");
    let print = folder.join(format!("{name}-print.pdf"));
    judge(reports, &print, trim, (&["--screen", screen, "--blank-pages", blank], &["text", "delta"]));
}

#[test]
fn validates_the_brochures() {
    let folder = build(repository(), "brochure", &["pdf", "print"]);
    for edition in ["2023-05", "2023-12"] {
        judge_beside_screen(&folder.join("reve"), &format!("brochure-{edition}"), "297x210", "6");
    }
}

#[test]
fn validates_a_book_with_images_of_300_dpi() {
    let folder = build(&repository().join("tests/fixtures/print"), "simple-pictures", &["pdf", "print"]);
    judge_beside_screen(&folder, "simple-pictures-2024-05", "160x240", "16");
}

#[test]
fn validates_every_kind_of_paint() {
    let folder = build(&repository().join("tests/fixtures/print"), "forms", &["pdf", "print"]);
    judge_beside_screen(&folder, "forms-2024-05", "170x200", "10");
}

#[test]
fn validates_paint_that_only_print_allows() {
    let folder = build(&repository().join("tests/fixtures/print"), "forms-print", &["print"]);
    let ramps = "5:PANTONE 364 C;5:PANTONE 7522 C";
    judge(&folder, &folder.join("forms-print-2024-05-print.pdf"), "170x200", (&["--ramps", ramps], &[]));
}

#[test]
fn validates_a_cover_sheet_and_reads_its_bar_code() {
    let project = Project::fixture("carnet");
    let manifest = "sources/carnet/publication.toml";
    let text = String::from_utf8(project.read(manifest)).expect("UTF-8");
    let bound = "[print]\nbinding = \"perfect\"\n[print.stock]\nweight = 90\nbulk = 1.25\n[print.cover]\nspine = \"10mm\"\n";
    let project =
        project.file(manifest, &format!("{text}\n{bound}")).edit(manifest, "[isbn]\n", "[isbn]\nprint = \"978-2-9999990-4-6\"\n");
    project
        .run(&["build", "carnet", "--edition", "2024-03", "--format", "cover", "--format", "print", "--report", "preflight.json"])
        .succeeds();
    split_report(&project.path("preflight.json"), &project.path(""));
    judge(&project.path(""), &project.path("build/carnet-2024-03-cover.pdf"), "330x240", (&["--ean", "any"], &["barcode"]));
    judge(&project.path(""), &project.path("build/carnet-2024-03-print.pdf"), "160x240", (&[], &[]));
}

#[test]
fn validates_a_print_product_with_another_press_profile() {
    let project = Project::small("A text with [a link](https://example.org/tides), printed elsewhere.")
        .file("reliure.toml", "[print]\nicc = \"press.icc\"\n");
    std::fs::copy(repository().join("tests/fixtures/print/press.icc"), project.path("press.icc")).expect("the profile is copied");
    project.run(&["build", "--format", "pdf", "--format", "print", "--report", "preflight.json"]).succeeds();
    split_report(&project.path("preflight.json"), &project.path(""));
    let file = project.path("build/note-1-print.pdf");
    judge(&project.path(""), &file, "160x240", (&[], &[]));
}

#[test]
fn validates_the_reports_of_print_products() {
    for (workspace, publication) in [("", "brochure"), ("tests/fixtures/print", "forms")] {
        let report = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("print").join(format!("{publication}.html"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_reliure"));
        command.arg("--root").arg(repository().join(workspace)).args(["check", publication, "--format", "print", "--report"]);
        Session::of(command.arg(&report)).succeeds();
        let output = Command::new(repository().join("tests/judges/judge-print")).arg(&report).output().expect("the judge runs");
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(failures(&report, &["axe"]).is_empty() && report.contains("violations=0"), "{publication}: {report}");
    }
}
