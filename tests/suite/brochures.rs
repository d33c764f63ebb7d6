//! Generated brochures of many shapes build without diagnostics. `tests/brochures/run` generates more.

use std::path::PathBuf;
use std::process::Command;

use crate::harness::{Session, repository};

#[test]
fn varied_brochures_build_without_warnings() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("brochures");
    let mut command = Command::new(repository().join("tests/brochures/run"));
    command.arg(&folder).args(["6", "20231"]).env("RELIURE", env!("CARGO_BIN_EXE_reliure"));
    Session::of(&mut command).succeeds().prints("6 brochures");
}
