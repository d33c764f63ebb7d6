//! Builds of many publications: a failed publication does not stop the others, and a build can be interrupted at any time.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::harness::Project;

/// Adds a copy of the publication `note` under another name and identity.
fn with_copy(project: Project, name: &str, number: usize) -> Project {
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
    let manifest = manifest.replace("4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10", &format!("4d1b4f0e-4a8c-4b8e-9c57-{number:012}"));
    let read = |path: &str| String::from_utf8(project.read(path)).expect("UTF-8");
    let (text, colophon) = (read("sources/note/text.md"), read("sources/note/colophon.md"));
    project
        .file(&format!("sources/{name}/publication.toml"), &manifest)
        .file(&format!("sources/{name}/text.md"), &text)
        .file(&format!("sources/{name}/colophon.md"), &colophon)
}

#[test]
fn continues_after_a_publication_fails() {
    let project = with_copy(Project::small("Text."), "other", 1);
    let project = project.file("sources/other/text.md", "+++\ntitle = \"Text\"\n+++\n[x](#nowhere)\n");
    let session = project.run(&["build"]).fails_with(1).says("error[R301]").says("2 files written; not written: other-1");
    session.prints("build/note-1.pdf").prints("build/note-1.epub");
    assert!(!project.path("build/other-1.pdf").exists());
    project.run(&["build"]).fails_with(1).says("1 error; 0 files written, 2 up to date; not written: other-1");
    // The same applies if a manifest or a text cannot be parsed.
    for (path, text) in [("sources/other/publication.toml", "title ="), ("sources/other/text.md", "no front matter")] {
        let project = with_copy(Project::small("Text."), "other", 1).file(path, text);
        project.run(&["build"]).fails_with(1).says("2 files written; not written: other").says(path);
        // A publication that is not requested is not read.
        project.run(&["build", "note"]).succeeds().says("nothing to do: 2 files up to date");
    }
    let json = project.run(&["build", "--message-format", "json"]).fails_with(1);
    assert!(json.stdout.contains(r#""unwritten":["other-1"]"#), "{}", json.stdout);
}

#[test]
fn keeps_all_last_artefacts_of_a_failed_edition() {
    let project = Project::small("Text.");
    project.run(&["build"]).succeeds().says("2 files written");
    let before = [project.read("build/note-1.pdf"), project.read("build/note-1.epub")];
    // With --strict, a warning fails the edition, so neither file is written.
    let project = project.edit("sources/note/text.md", "Text.", "Read it [here](https://example.org/report).");
    project.run(&["build", "--strict"]).fails_with(1).says("not written: note-1");
    assert_eq!([project.read("build/note-1.pdf"), project.read("build/note-1.epub")], before);
    let left: Vec<String> = project.files("build");
    assert_eq!(left, ["note-1.epub", "note-1.pdf"]);
}

#[test]
fn rejects_links_to_publications_with_errors() {
    let project = with_copy(Project::small("Text."), "other", 1);
    let project = project.edit("sources/note/text.md", "Text.\n", "See [the other](publication:other#text).\n");
    project.run(&["build"]).succeeds().says("4 files written");
    let project = project.file("sources/other/publication.toml", "title =");
    project.run(&["build", "note"]).fails_with(1).says("error[R301]").says("reliure check other");
}

#[test]
fn rejects_duplicate_publication_names() {
    let project = with_copy(Project::small("Text."), "series/note", 1);
    project.run(&["build"]).fails_with(1).says("error[R107]").says("two publications are named \"note\"");
}

#[test]
fn reports_finished_artefacts_after_a_signal() {
    let mut project = Project::small(&"The water of the lock rises, and the boat with it. ".repeat(400));
    for number in 0..40 {
        project = with_copy(project, &format!("note{number:02}"), number);
    }
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_reliure"))
            .args(["build", "--force"])
            .current_dir(project.path("."))
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts")
    };
    for signal in ["INT", "TERM"] {
        let _ = fs::remove_dir_all(project.path("build"));
        let child = start();
        let waited = Instant::now();
        while fs::read_dir(project.path("build")).map_or(0, Iterator::count) < 3 && waited.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_millis(5));
        }
        let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        let output = child.wait_with_output().expect("it ends");
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(130), "{stderr}");
        assert!(stderr.contains("interrupted; ") && stderr.contains(" written"), "{stderr}");
        // Every PDF in the output folder is reported and complete.
        for name in project.files("build").iter().filter(|name| name.ends_with(".pdf")) {
            assert!(stdout.contains(name.as_str()), "{name} in\n{stdout}");
            assert!(project.read(&format!("build/{name}")).trim_ascii_end().ends_with(b"%%EOF"), "{name} is complete");
        }
    }
    // Finished artefacts are not rebuilt.
    project.run(&["build", "--format", "pdf"]).succeeds().says(" up to date");
    project.run(&["build", "--format", "pdf"]).succeeds().says("nothing to do: 41 files up to date");
}
