//! The commands and their options: exit codes, messages, and the files that they write, keep or remove.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::harness::{Project, Session, repository};

#[test]
fn new_projects_build() {
    for (lang, layout) in [("fr", "simple"), ("en", "brochure")] {
        let project = Project::new();
        project.run(&["new", "notes", "--title", "L’« été » \"1\"", "--lang", lang, "--layout", layout]).succeeds();
        project.run(&["--root", "notes", "build"]).succeeds().says("2 files written");
        let made = project.files("notes/build");
        assert!(made.len() == 2 && made[0].ends_with(".epub") && made[1].ends_with(".pdf"), "{made:?}");
    }
}

#[test]
fn new_does_not_overwrite_files() {
    let project = Project::small("x");
    project.run(&["new", "."]).fails_with(1).says("not empty");
}

#[test]
fn reports_all_unknown_keys_with_suggestions() {
    let project = Project::small("x").edit("sources/note/publication.toml", "title =", "titel =").edit(
        "sources/note/publication.toml",
        "date =",
        "dates =",
    );
    let session = project.run(&["check"]).fails_with(1);
    session
        .says("no key is named \"titel\" here")
        .says("sources/note/publication.toml:1:1")
        .says("did you mean \"title\"?")
        .says("sources/note/publication.toml:14:1")
        .says("did you mean \"date\"?")
        .says("2 errors");
}

#[test]
fn reports_errors_of_all_files_together() {
    let project =
        Project::small("<button>x</button>\n\n::: calout\n:::\n").edit("sources/note/publication.toml", "lang", "language");
    project.run(&["check"]).fails_with(1).says("R104").says("R204").says("R202");
}

#[test]
fn json_messages_are_one_object_per_line() {
    let project = Project::small("[a](#b)");
    let session = project.run(&["--message-format", "json", "build"]).fails_with(1);
    let lines: Vec<Value> = session.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let found = lines.iter().find(|line| line["reason"] == "diagnostic").expect("a diagnostic");
    assert_eq!((&found["code"], &found["line"], &found["column"]), (&"R301".into(), &4.into(), &1.into()));
    assert_eq!(found["file"], "sources/note/text.md");
    assert_eq!(lines.last().expect("a line")["errors"], 1);

    let session = Project::small("x").run(&["--message-format", "json", "build"]).succeeds();
    assert_eq!(session.stdout.lines().filter(|line| line.contains("\"artefact\"")).count(), 2);
}

#[test]
fn exit_codes_distinguish_causes() {
    let project = Project::small("x");
    project.run(&["check"]).succeeds();
    project.run(&["build", "--nonsense"]).fails_with(2);
    project.run(&["build", "other"]).fails_with(2).says("no publication is named \"other\"");
    project.run(&["build", "--edition", "2"]).fails_with(1).says("no edition has the id \"2\"");
    let blocked = Project::small("x").file("build", "a file where the folder should be");
    blocked.run(&["build"]).fails_with(3).says("cannot be written");
}

#[test]
fn builds_one_publication_edition_and_format() {
    let project = Project::fixture("carnet");
    project.run(&["build", "carnet", "--edition", "2024-03", "--format", "epub", "--output", "made"]).succeeds();
    assert_eq!(project.files("made"), ["carnet-2024-03.epub"]);
}

#[test]
fn prints_no_progress_and_no_colour_to_a_pipe() {
    let session = Project::small("x").run(&["build"]).succeeds();
    assert!(!session.stdout.contains('\u{1b}') && !session.stderr.contains('\u{1b}'), "{}", session.stderr);
    assert_eq!(session.stderr.trim(), "2 files written");
}

#[test]
fn failed_builds_keep_the_last_artefacts() {
    let project = Project::small("Good.");
    project.run(&["build"]).succeeds();
    let files = project.files("build");
    let before: Vec<Vec<u8>> = files.iter().map(|name| project.read(&format!("build/{name}"))).collect();
    for broken in ["+++\ntitle = \"Text\"\n+++\n[dead](#end)\n", "+++\ntitle = \"Text\"\n+++\nno glyph: \u{6f22}\n"] {
        let project = &project;
        fs::write(project.path("sources/note/text.md"), broken).unwrap();
        project.run(&["build"]).fails_with(1);
        assert_eq!(project.files("build"), files, "no file was added or removed");
        let after: Vec<Vec<u8>> = files.iter().map(|name| project.read(&format!("build/{name}"))).collect();
        assert!(before == after, "the bytes are those of the last good build");
    }
}

#[test]
fn clean_removes_only_artefacts() {
    let project = Project::small("x").file("build/note-mine.txt", "keep").file("build/note-plan.pdf", "keep");
    project.run(&["build"]).succeeds();
    project.run(&["clean"]).succeeds();
    assert_eq!(project.files("build"), ["note-mine.txt", "note-plan.pdf"]);
    assert_eq!(project.files("sources").len(), 3);
}

#[test]
fn inspect_describes_the_publication() {
    let session = Project::small("## A\n\nx").run(&["inspect", "--json"]).succeeds();
    let value: Value = serde_json::from_str(&session.stdout).expect("JSON");
    let publication = &value["publications"][0];
    assert_eq!(publication["title"], "A note");
    assert_eq!(publication["sections"][0]["id"], "text");
    assert!(publication["pages"].as_u64().expect("a number") >= 2);
}

#[test]
fn schemas_match_the_documentation() {
    for name in [
        "workspace",
        "series",
        "publication",
        "layout",
        "asset",
        "front-matter",
        "inspection",
        "release",
        "changes",
        "preflight",
        "third-party",
        "messages",
    ] {
        let session = Project::new().run(&["schema", name]).succeeds();
        let _: Value = serde_json::from_str(&session.stdout).expect("JSON");
        let kept = fs::read_to_string(repository().join(format!("docs/schema/{name}.schema.json"))).expect("the schema is kept");
        assert_eq!(session.stdout, kept, "regenerate it: reliure schema --all docs/schema");
    }
}

#[test]
fn prints_completions_for_shells() {
    for shell in ["bash", "zsh", "fish"] {
        Project::new().run(&["completions", shell]).succeeds().prints("reliure");
    }
}

#[test]
fn help_lists_every_command() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reliure"));
    let session = Session::of(command.arg("--help")).succeeds();
    let names = [
        "new",
        "build",
        "check",
        "release",
        "verify",
        "changes",
        "clean",
        "explain",
        "inspect",
        "licences",
        "schema",
        "completions",
    ];
    for name in names {
        assert!(session.stdout.contains(name), "{name}");
    }
}

#[test]
fn typography_report_does_not_change_sources() {
    let project = Project::small("\"Well\"... it's done").edit("sources/note/publication.toml", "lang = \"en\"", "lang = \"fr\"");
    let session = project.run(&["check", "--typography-report"]).succeeds();
    session.prints("sources/note/text.md:4:7: ellipsis:").prints("apostrophe:");
    assert!(String::from_utf8(project.read("sources/note/text.md")).expect("UTF-8").contains("it's done"));
}

#[test]
fn supports_narrow_spaces_inside_quotation_marks() {
    let french = || Project::small("« mot »").edit("sources/note/publication.toml", "lang = \"en\"", "lang = \"fr\"");
    let report = |project: Project| project.run(&["check", "--typography-report"]).succeeds().stdout;
    assert!(report(french()).contains("«⍽mot"));
    let narrow = "[typography]\nguillemet-space = \"narrow\"\n\n[[editions]]";
    assert!(report(french().edit("sources/note/publication.toml", "[[editions]]", narrow)).contains("«⎵mot"));
}

#[test]
fn strict_turns_warnings_into_errors() {
    let project = Project::small("Read it [here](https://example.org/report).");
    project.run(&["check", "--strict"]).fails_with(1).says("error[R604]");
    project.run(&["build", "--strict"]).fails_with(1);
    assert!(project.files("build").is_empty(), "nothing is written");
    project.run(&["build"]).succeeds().says("1 warning; 2 files written");
}

#[test]
fn does_not_rebuild_unchanged_artefacts() {
    let project = Project::small("Good.").file("sources/other/publication.toml", "");
    let project = project.file("sources/other/publication.toml", &OTHER.replace("UUID", "755d520a-2376-4357-ab5c-4d4f7aa7af39"));
    let project = project.file("sources/other/words.md", "+++\ntitle = \"Words\"\n+++\n\nWords.\n\n::: licence\n:::\n");
    project.run(&["build"]).succeeds().says("4 files written");
    project.run(&["build"]).succeeds().says("nothing to do: 4 files up to date");
    project.run(&["build", "--force"]).succeeds().says("4 files written");
    // A publication without links to others is built alone.
    let project = project.edit("sources/note/text.md", "Good.", "Better.");
    project.run(&["build"]).succeeds().says("2 files written, 2 up to date");
    // A changed artefact is rebuilt.
    fs::write(project.path("build/note-1.pdf"), "x").expect("it is written");
    project.run(&["build"]).succeeds().says("1 file written, 3 up to date");
    // Style sheets only affect EPUBs.
    let project = project.file("layouts/simple/epub.css", "p { margin: 0 }\n");
    project.run(&["build"]).succeeds().says("2 files written, 2 up to date");
    project.run(&["build", "--lenient"]).succeeds().says("4 files written");
    project.run(&["build"]).succeeds().says("4 files written");
    // The cache may be lost or damaged at any time.
    fs::write(project.path("build/.reliure/last"), "{").expect("it is written");
    project.run(&["build"]).succeeds().says("nothing to do: 4 files up to date");
    fs::remove_dir_all(project.path("build/.reliure")).expect("it is removed");
    project.run(&["build"]).succeeds().says("4 files written");
    project.run(&["build", "--format", "epub"]).succeeds().says("nothing to do: 2 files up to date");
    project.run(&["clean"]).succeeds();
    assert!(!project.path("build").exists(), "the folder is empty and removed");
}

const OTHER: &str = "title = \"Other\"\nlang = \"en\"\nuuid = \"UUID\"\nsections = [\"words\"]\ndescription = \"x\"\n\
    keywords = [\"x\"]\npublisher = \"us\"\n\n[organisations.us]\nname = \"Us\"\n\n[[editions]]\nid = \"1\"\ndate = \"2024-01\"\n";

#[test]
fn repeats_warnings_on_every_build() {
    let project = Project::small("Read it [here](https://example.org/report).");
    project.run(&["build"]).succeeds().says("1 warning; 2 files written");
    let again = project.run(&["build"]).succeeds().says("1 warning; nothing to do: 2 files up to date");
    again.says("warning[R604]").says("text.md:4:9").says("Read it [here]");
    let unused = Project::small("<!-- allow R604: once -->\n\nText.");
    unused.run(&["build"]).succeeds().says("1 warning; 2 files written");
    unused.run(&["build"]).succeeds().says("warning[R213]").says("1 warning; nothing to do: 2 files up to date");
    // After a build of one edition, unused allowances are unknown. The next full build reports them.
    let parts = Project::small("<!-- allow R604: once -->\n\nText.");
    parts.run(&["build", "--edition", "1"]).succeeds().says("2 files written");
    parts.run(&["build"]).succeeds().says("warning[R213]").says("1 warning; nothing to do: 2 files up to date");
}

#[test]
fn check_writes_no_files() {
    let project = Project::small("x");
    let before = project.files(".");
    project.run(&["check"]).succeeds();
    project.run(&["inspect", "--json"]).succeeds();
    assert_eq!(project.files("."), before);
}
