//! Editorial checks and print checks. Each has a folder of fixtures with a publication that triggers it and one that does not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{Project, copy_folder, repository};

fn folder() -> PathBuf {
    repository().join("tests/fixtures/checks")
}

/// Returns the small publication with the files of a fixture. `NAME.pad` contains a number of bytes that are appended to the file
/// `NAME`; the folders `layouts` and `fonts` and the file `reliure.toml` belong to the project.
fn project(code: &str, kind: &str) -> Project {
    let project = Project::small("x");
    let home = project.path("sources/note");
    for entry in fs::read_dir(folder().join(code).join(kind)).expect("the fixture is there").flatten() {
        let name = entry.file_name().into_string().expect("a plain name");
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &project.path(&name));
            continue;
        }
        if name == "reliure.toml" {
            fs::copy(entry.path(), project.path(&name)).expect("the file is copied");
            continue;
        }
        match name.strip_suffix(".pad") {
            Some(_) => {}
            None => {
                fs::copy(entry.path(), home.join(&name)).expect("the file is copied");
                pad(&entry.path(), &home.join(&name));
            }
        }
    }
    project
}

fn pad(fixture: &Path, copy: &Path) {
    let mut name = fixture.as_os_str().to_owned();
    name.push(".pad");
    if let Ok(length) = fs::read_to_string(name) {
        let mut bytes = fs::read(copy).expect("the copy is read");
        bytes.resize(bytes.len() + length.trim().parse::<usize>().expect("a number"), 0);
        fs::write(copy, bytes).expect("the copy is written");
    }
}

/// Returns the codes and lines of the diagnostics of a project.
fn diagnostics(project: &Project) -> Vec<(String, Option<u64>)> {
    let stdout = project.run(&["--message-format", "json", "check"]).stdout;
    let records = stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let found = records.filter(|record| record["reason"] == "diagnostic");
    found.map(|record| (record["code"].as_str().expect("a code").to_owned(), record["line"].as_u64())).collect()
}

fn codes() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).expect("the fixtures are there").flatten();
    entries.map(|entry| entry.file_name().into_string().expect("a code")).collect()
}

#[test]
fn every_check_has_fixtures() {
    let listed = Project::new().run(&["explain"]).succeeds().stdout;
    let checks: BTreeSet<String> =
        listed.lines().filter(|line| line.starts_with("R6") || line.starts_with("R7")).map(|line| line[..4].to_owned()).collect();
    assert_eq!(codes(), checks);
}

#[test]
fn each_check_reports_only_its_own_fixture() {
    let mut wrong = Vec::new();
    // Findings that no source can cause are tested in the library, with a report of the print pass.
    for code in codes().iter().filter(|code| !folder().join(code).join("bad/report.json").exists()) {
        let bad = diagnostics(&project(code, "bad"));
        if !bad.iter().any(|(found, line)| found == code && line.is_some()) || bad.iter().any(|(found, _)| found != code) {
            wrong.push(format!("{code}/bad has {bad:?}"));
        }
        let good = diagnostics(&project(code, "good"));
        if !good.is_empty() {
            wrong.push(format!("{code}/good has {good:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn projects_set_the_severity_of_checks() {
    let here = |level: &str| project("R604", "bad").file("reliure.toml", &format!("[checks]\nR604 = \"{level}\"\n"));
    here("error").run(&["build"]).fails_with(1).says("error[R604]");
    here("warning").run(&["build"]).succeeds().says("warning[R604]");
    assert!(!here("off").run(&["build"]).succeeds().stderr.contains("R604"));
    here("never").run(&["build"]).fails_with(1).says("R105").says("reliure.toml:2:");
    // The level of the publication overrides that of the workspace.
    let manifest = "sources/note/publication.toml";
    let own = here("error").edit(manifest, "[[editions]]", "[checks]\nR604 = \"off\"\n\n[[editions]]");
    own.run(&["build"]).succeeds();
    // The warning about a file that no edition lists can be switched off; a missing file always stops the build.
    let drafts = || Project::small("x").file("sources/note/draft.md", "+++\ntitle = \"Draft\"\n+++\n");
    let drafts = drafts().file("reliure.toml", "[checks]\nR109 = \"off\"\n");
    assert_eq!(drafts.run(&["check"]).succeeds().stderr, "no errors\n");
    drafts.edit(manifest, "\"text\"", "\"txt\"").run(&["check"]).fails_with(1).says("R101");
    let unknown = Project::small("x").file("reliure.toml", "[checks]\nR699 = \"off\"\n");
    unknown.run(&["check"]).fails_with(1).says("no diagnostic has the code \"R699\"").says("reliure.toml:2:8");
    let fixed = Project::small("x").file("reliure.toml", "[checks]\nR301 = \"off\"\n");
    fixed.run(&["check"]).fails_with(1).says("R301 always stops the build");
}

#[test]
fn allowances_apply_to_one_passage_only() {
    let body =
        "<!-- allow R604: the site says so itself -->\n\n[Here](https://example.org/a).\n\nAnd [here](https://example.org/b).";
    let session = Project::small(body).run(&["check"]).succeeds();
    session.says("text.md:8:5").says("1 warning");
    let manifest = "sources/note/publication.toml";
    let quiet = Project::small("x").edit(manifest, "description", "# allow R671: a note needs none\n# description");
    let quiet = quiet.edit(manifest, "title", "title = \"A note\" # allow R671: a note needs none\n#");
    assert!(!quiet.run(&["check"]).succeeds().stderr.contains("warning[R671]"));
}

#[test]
fn allowances_need_a_reason_and_a_finding() {
    let check = |body: &str| Project::small(body).run(&["check"]);
    check("<!-- allow R604 -->\n\n[Here](https://example.org/a).")
        .fails_with(1)
        .says("R209")
        .says("gives no reason")
        .says("text.md:4:1");
    check("<!-- allow R604: once there was a link -->\n\nNone.")
        .succeeds()
        .says("warning[R213]")
        .says("suppresses no finding of R604");
    check("<!-- allow R301: later -->\n\n[Here](#lost).").fails_with(1).says("R301 always stops the build");
    check("<!-- allow me to explain: this is a comment -->\n\nText.").succeeds();
}

#[test]
fn explains_codes() {
    let project = Project::new();
    project.run(&["explain", "R402"]).succeeds().prints("alternative text").prints("![The heron");
    project.run(&["explain", "r605"]).succeeds().prints("4.5:1");
    project.run(&["explain", "R000"]).fails_with(2).says("no diagnostic has the code \"R000\"");
    let page = project.run(&["explain", "--markdown"]).succeeds().stdout;
    let kept = fs::read_to_string(repository().join("docs/diagnostics.md")).expect("the page is kept");
    assert_eq!(page, kept, "regenerate it: reliure explain --markdown > docs/diagnostics.md");
}

#[test]
fn explains_every_code_in_the_sources() {
    let listed = Project::new().run(&["explain"]).succeeds().stdout;
    let known: BTreeSet<&str> = listed.lines().map(|line| &line[..4]).collect();
    let mut used = BTreeSet::new();
    let mut folders = vec![repository().join("src"), repository().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is read").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if let Ok(text) = fs::read_to_string(entry.path()) {
                let words =
                    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() == 4 && word.starts_with('R'));
                used.extend(words.filter(|word| word[1..].bytes().all(|b| b.is_ascii_digit())).map(str::to_owned));
            }
        }
    }
    let lost: Vec<&String> =
        used.iter().filter(|code| !known.contains(code.as_str()) && !["R999", "R099"].contains(&code.as_str())).collect();
    assert!(lost.is_empty(), "codes without an explanation: {lost:?}");
}
