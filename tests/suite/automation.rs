//! The scripts and pipelines in `.ci`: the files that they pack and install, and the arguments that they reject.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{Project, Session, copy_folder, repository};

/// Returns the target triple of the binary that `.ci/install` installs on this machine.
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
fn a_package_is_installed_only_if_its_checksum_is_right() {
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

/// Returns the shell commands of a page, block by block, without the indentation of lists.
pub fn shell_blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open = false;
    for line in page.lines().map(str::trim) {
        match line {
            "```sh" => {
                open = true;
                blocks.push(String::new());
            }
            "```" => open = false,
            line if open => blocks.iter_mut().last().into_iter().for_each(|block| *block += &format!("{line}\n")),
            _ => {}
        }
    }
    blocks
}

#[test]
fn every_command_of_release_day_runs() {
    let project = Project::copy(repository());
    copy_folder(&repository().join(".ci"), &project.path(".ci"));
    let programs = Path::new(env!("CARGO_BIN_EXE_reliure")).parent().expect("a folder");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").expect("a path"));
    let run = |script: &str| {
        let mut command = Command::new("sh");
        let identity = ["AUTHOR", "COMMITTER"].map(|who| [format!("GIT_{who}_NAME"), format!("GIT_{who}_EMAIL")]);
        command.envs(identity.into_iter().flatten().map(|name| (name, "team@example.org")));
        Session::of(command.args(["-euc", script]).current_dir(project.path("")).env("PATH", &path)).succeeds()
    };
    run("git init -q --bare origin.git && git init -q && git remote add origin origin.git");

    let page = fs::read_to_string(repository().join("docs/release-day.md")).expect("the page");
    let blocks = shell_blocks(&page);
    assert_eq!(blocks.len(), 8, "{blocks:?}");
    for block in &blocks {
        if block.starts_with(".ci/release") {
            // A pipeline starts with the earlier releases only.
            fs::remove_dir_all(project.path("build/releases/brochure/2023-12")).expect("the release is removed");
        }
        let done = run(block);
        if block.starts_with("reliure changes") {
            done.prints("2023").prints("Parution");
        }
    }
    run("test \"$(git --git-dir origin.git tag)\" = brochure/2023-12");
    run("cd packed && sha256sum --check SHA256SUMS && unzip -l brochure-2023-12.zip | grep brochure/2023-12/SHA256SUMS");
    // The folder of releases is that of the workspace, and equal releases give equal archives.
    run("printf '\\n[release]\\nfolder = \"archive\"\\n' >>reliure.toml && .ci/release --folder | grep -Fx archive");
    for folder in ["first", "second"] {
        run(&format!("rm -rf archive && .ci/release brochure/2023-12 {folder}"));
    }
    run("cmp first/brochure-2023-12.zip second/brochure-2023-12.zip");
    Session::of(Command::new("sh").args(["-c", ".ci/release a/b/c packed"]).current_dir(project.path("")))
        .fails_with(2)
        .says("is not PUBLICATION/EDITION");
}
