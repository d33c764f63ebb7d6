//! The scripts and pipelines in `.ci`: what they pack, install and refuse.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{Session, repository};

/// The target under which `.ci/install` looks for a binary of this machine.
fn target() -> String {
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-musl" };
    format!("{}-{system}", std::env::consts::ARCH)
}

/// Runs a script of `.ci` with the binary of this build.
fn script(name: &str, arguments: &[&str]) -> Session {
    let mut command = Command::new(repository().join(".ci").join(name));
    Session::of(command.args(arguments).env("RELIURE_BINARY", env!("CARGO_BIN_EXE_reliure")))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn a_package_is_installed_only_with_its_sum() {
    let folder = TempDir::new().expect("a temporary folder");
    let (packages, programs) = (folder.path().join("packages"), folder.path().join("bin"));
    script("package", &[&target(), text(&packages)]).succeeds();
    script("sums", &[text(&packages)]).succeeds();
    let sample = fs::read_to_string(packages.join("sample").join(target())).expect("the sums of the sample");
    assert_eq!(sample.lines().filter(|line| line.ends_with(".pdf")).count(), 2, "{sample}");

    let address = format!("file://{}", text(&packages));
    let install = || script("install", &[&address, env!("CARGO_PKG_VERSION"), text(&programs)]);
    install().succeeds().prints(concat!("reliure ", env!("CARGO_PKG_VERSION")));
    fs::remove_dir_all(&programs).expect("the binary is removed");

    let archive = packages.join(format!("reliure-{}-{}.tar.gz", env!("CARGO_PKG_VERSION"), target()));
    let mut bytes = fs::read(&archive).expect("the archive");
    *bytes.last_mut().expect("not empty") ^= 1;
    fs::write(&archive, bytes).expect("the archive is changed");
    install().fails_with(1).says("nothing was installed");
    fs::remove_file(packages.join("SHA256SUMS")).expect("the sums are removed");
    install().fails_with(1).says("cannot read");
    assert!(!programs.exists());
}

#[test]
fn binaries_that_build_different_bytes_are_not_released() {
    let folder = TempDir::new().expect("a temporary folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("the file is written");
    fs::create_dir(folder.path().join("sample")).expect("the folder is made");
    write("reliure.tar.gz", "packed");
    write("sample/one", "12ab  ./note.pdf\n");
    write("sample/two", "12ab  ./note.pdf\n");
    script("sums", &[text(folder.path())]).succeeds().prints("reliure.tar.gz");
    write("sample/two", "34cd  ./note.pdf\n");
    script("sums", &[text(folder.path())]).fails_with(1).says("do not build the same bytes");
    write("sample/two", "");
    script("sums", &[text(folder.path())]).fails_with(1).says("lists no file");
}

#[test]
fn a_package_contains_the_version_of_the_changelog() {
    let changelog = fs::read_to_string(repository().join("CHANGELOG.md")).expect("the changelog");
    assert!(changelog.contains(concat!("## [", env!("CARGO_PKG_VERSION"), "]")));
}

#[test]
fn judges_accept_the_pipelines() {
    let judged = Session::of(&mut Command::new(repository().join("tests/judges/judge-ci"))).succeeds();
    for judge in ["scripts", "workflow", "action", "gitlab", "container", "steps"] {
        assert!(
            judged.stdout.lines().any(|line| line.starts_with(judge) && line.contains(" PASS ")),
            "{judge}: {}",
            judged.stdout
        );
    }
}
