//! Generated brochures, studies and bulletins of many shapes build without diagnostics. `tests/brochures/run` generates more.

use std::path::PathBuf;
use std::process::Command;

use crate::harness::{Session, repository};

/// Generates publications of a layout and builds them.
fn build(layout: &str, count: &str, kind: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(kind);
    let mut command = Command::new(repository().join("tests/brochures/run"));
    command.arg(&folder).args([count, "20231", layout]).env("RELIURE", env!("CARGO_BIN_EXE_reliure"));
    Session::of(&mut command).succeeds().prints(&format!("{count} {kind}"));
}

#[test]
fn varied_brochures_build_without_warnings() {
    build("brochure", "6", "brochures");
}

#[test]
fn varied_studies_build_without_warnings() {
    build("etude", "6", "studies");
}

#[test]
fn varied_bulletins_build_without_warnings() {
    build("bulletin", "6", "bulletins");
}
