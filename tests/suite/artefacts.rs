//! The artefacts of the repository's own publications, built once for all tests.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::harness::{Session, repository};

/// The workspaces of the repository and of the fixtures, each with the names of its artefacts without extension.
pub const PUBLICATIONS: [(&str, &[&str]); 5] = [
    (".", &["reve/brochure-2023-05", "reve/brochure-2023-12"]),
    ("tests/fixtures/carnet", &["carnet-2024-03", "carnet-2025-ete"]),
    ("tests/fixtures/leaflet", &["canal-spring"]),
    ("tests/fixtures/everyday", &["cahier-2024-09", "logbook-2024"]),
    ("tests/fixtures/portrait", &["methode/enquete-2024-05", "methode/notebook-2024-05"]),
];

/// Returns the path of an artefact such as `reve/brochure-2023-05.pdf`. The first call builds everything.
pub fn artefact(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(build).join(name)
}

fn build() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("artefacts");
    let _ = std::fs::remove_dir_all(&folder);
    for (workspace, names) in PUBLICATIONS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reliure"));
        command.arg("--root").arg(repository().join(workspace)).arg("build").arg("--output").arg(&folder);
        let session = Session::of(&mut command).succeeds();
        assert_eq!(session.stdout.lines().count(), names.len() * 2, "one line per artefact\n{}", session.stdout);
        assert!(session.stderr.contains("files written") && !session.stderr.contains("warning"), "{}", session.stderr);
    }
    folder
}

/// Returns the text of a PDF, page by page.
pub fn pdf_text(name: &str) -> String {
    let output = Command::new("pdftotext").arg("-layout").arg(artefact(name)).arg("-").output().expect("pdftotext runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}
