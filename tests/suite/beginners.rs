//! Mistakes of beginners: each is reported once, and following its hint fixes it.

use std::fs;

use crate::harness::{Project, Session};

const MANIFEST: &str = "sources/note/publication.toml";

/// Returns the text after `start` in the messages, up to the end of its line.
fn after<'s>(session: &'s Session, start: &str) -> &'s str {
    let found = session.stderr.split(start).nth(1).unwrap_or_else(|| panic!("no {start:?} in\n{}", session.stderr));
    found.lines().next().unwrap_or_default()
}

/// Returns a project with a publication and a copy of its folder.
fn copied() -> Project {
    let project = Project::small("x");
    for name in ["publication.toml", "text.md", "colophon.md"] {
        let text = fs::read(project.path(&format!("sources/note/{name}"))).expect("the file is read");
        fs::create_dir_all(project.path("sources/copy")).expect("the folder is made");
        fs::write(project.path(&format!("sources/copy/{name}")), text).expect("the file is written");
    }
    project
}

#[test]
fn two_publications_with_one_uuid_are_reported_at_both_places() {
    let project = copied();
    let session = project.run(&["build"]).fails_with(1).says("two publications have the same uuid").says("2 errors");
    let session = session.says("sources/copy/publication.toml").says("sources/note/publication.toml");
    let right = after(&session, "write in the copy: ").to_owned();
    let manifest = fs::read_to_string(project.path("sources/copy/publication.toml")).expect("the file is read");
    let wrong = manifest.lines().find(|line| line.starts_with("uuid")).expect("a uuid").to_owned();
    project.edit("sources/copy/publication.toml", &wrong, &right).run(&["check"]).succeeds();
}

#[test]
fn new_adds_a_publication_to_a_project() {
    let project = Project::new();
    project.run(&["new", "canal"]).succeeds();
    let inside = |arguments: &[&str]| project.run(&[&["--root", "canal"], arguments].concat());
    inside(&["new", "eau", "--series", "cahiers", "--layout", "brochure"]).succeeds().says("next: reliure build eau");
    inside(&["new", "sel"]).succeeds();
    assert!(
        project.path("canal/sources/cahiers/series.toml").is_file() && project.path("canal/sources/sel/credits.md").is_file()
    );
    assert!(!project.path("canal/sources/sel/reliure.toml").exists() && !project.path("canal/sel").exists());
    inside(&["check"]).succeeds();
    inside(&["new", "eau"]).fails_with(2).says("there is a publication \"eau\" already");
    inside(&["new", "vent", "--layout", "simpel"]).fails_with(2).says("no layout is named \"simpel\"");
    inside(&["new", "canal/a/b/c"]).fails_with(2).says("write only the name of the folder");
    project.run(&["new", "canal/sources/cahiers/lac"]).succeeds();
    assert!(project.path("canal/sources/cahiers/lac/publication.toml").is_file());
    project.run(&["new", "x", "--series", "y"]).fails_with(2).says("--series needs a project");
}

#[test]
fn folders_that_are_not_built_are_named_with_the_reason() {
    let manifest = String::from_utf8(Project::small("x").read(MANIFEST)).expect("UTF-8");
    let project = Project::small("x")
        .file("sources/books/2026/deep/publication.toml", &manifest)
        .file("sources/notes/idea.md", "An idea.\n")
        .file("sources/books/serie.toml", "title = \"Books\"\n")
        .file("sources/typo/Publication.toml", &manifest)
        .file("sources/shared/images/readme.md", "Images.\n");
    let session = project.run(&["check"]).succeeds();
    let session = session
        .says("\"sources/books/2026/deep\" is not built: it is too deep")
        .says("move it to \"sources/books/deep\"")
        .says("\"sources/notes\" is not built: it has texts, but no publication.toml")
        .says("\"sources/books/serie.toml\" is not read: its name is not \"series.toml\"")
        .says("rename it to publication.toml");
    assert_eq!(session.stderr.matches("R113").count(), 4, "{}", session.stderr);
}

#[test]
fn publications_are_named_by_their_paths() {
    let project = copied().edit("sources/copy/publication.toml", "uuid = \"", "uuid = \"1111");
    for path in ["sources/note", "sources/note/", "./sources/note/text.md", "note"] {
        project.run(&["check", path]).succeeds();
    }
    project.run(&["check", "."]).fails_with(1).says("sources/copy/publication.toml");
    project.run(&["check", "sources/copi"]).fails_with(2).says("no publication is named");
    project.run(&["explain", "R999"]).fails_with(2).says("error: no diagnostic has the code");
    project.run(&["explain", "roles"]).succeeds().prints("translation");
}

#[test]
fn a_section_file_may_start_with_a_digit() {
    let project = Project::small("[back](#s-01-intro)").edit(MANIFEST, "\"text\"", "\"01-intro\", \"text\"");
    project.file("sources/note/01-intro.md", "+++\ntitle = \"Intro\"\n+++\nx\n").run(&["build"]).succeeds();
}

#[test]
fn a_lenient_build_needs_no_notice() {
    let project = Project::small("![A square.](a.svg)").file(
        "sources/note/a.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>",
    );
    let project = project.edit(MANIFEST, ", \"colophon\"", "");
    fs::remove_file(project.path("sources/note/colophon.md")).expect("the file is removed");
    project.run(&["build", "--lenient"]).succeeds().says("warning[R403]").says("warning[R406]");
    project.run(&["build"]).fails_with(1).says("error[R403]");
}

#[test]
fn mistakes_of_a_layout_are_named_when_it_is_loaded() {
    let layout = |css: &str, blocks: &str| {
        Project::small("x")
            .edit(MANIFEST, "[[editions]]", "[[editions]]\n# own layout")
            .file("layouts/simple/epub.css", css)
            .file("layouts/simple/blocks.typ", blocks)
            .file("layouts/simple/motif.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>")
    };
    let all = "#import \"/layouts/common/blocks.typ\": *\n";
    layout("p { color: red", all).run(&["check"]).fails_with(1).says("this { is not closed").says("layouts/simple/epub.css:1:3");
    layout("@import url(x.css);", all).run(&["check"]).fails_with(1).says("cannot import a style sheet");
    layout("p { background: url(\"x.png\") }", all).run(&["check"]).fails_with(1).says("there is no file \"x.png\"");
    layout("", "#let callout(ctx) = []").run(&["check"]).fails_with(1).says("lacks \"aside\"");
    let built = layout("p { background: url(\"motif.svg\") }", all);
    built.run(&["build", "--format", "epub"]).succeeds();
}

#[cfg(unix)]
#[test]
fn artefacts_keep_the_mode_of_the_file_that_they_replace() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;
    let project = Project::small("x");
    let shell = |mask: &str| {
        let reliure = env!("CARGO_BIN_EXE_reliure");
        let mut command = Command::new("sh");
        command.args(["-c", &format!("umask {mask} && exec \"{reliure}\" build --force --format epub")]);
        Session::of(command.current_dir(project.path(""))).succeeds();
    };
    shell("027");
    let epub = project
        .path(&format!("build/{}", project.files("build").into_iter().find(|name| name.ends_with(".epub")).expect("an EPUB")));
    let mode = || fs::metadata(&epub).expect("the file is there").permissions().mode() & 0o777;
    assert_eq!(mode(), 0o640);
    fs::set_permissions(&epub, fs::Permissions::from_mode(0o664)).expect("the mode is set");
    shell("077");
    assert_eq!(mode(), 0o664);
}

#[cfg(unix)]
#[test]
fn a_small_stack_is_enough() {
    use std::process::Command;
    let project = Project::small("> > > x");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -s 128 && exec \"{}\" build", env!("CARGO_BIN_EXE_reliure"))]);
    Session::of(command.current_dir(project.path(""))).succeeds();
}

#[test]
fn links_to_files_beside_the_text_are_named() {
    let session =
        Project::small("[a](annexe.pdf) [b](photo.jpg) [c](next.qmd) [d](tel:+33123456789)").run(&["check"]).fails_with(1);
    let session = session.says("\"annexe.pdf\" is a file beside the text").says("\"photo.jpg\" is an image beside the text");
    assert_eq!(session.says("\"next.qmd\" is a text beside the text").stderr.matches("error[R304]").count(), 3);
}

#[test]
fn containers_of_other_tools_are_translated() {
    let session = Project::small("::: {.callout-note}\nx\n:::\n").run(&["check"]).fails_with(1);
    let right = after(&session, "write ::: ").to_owned();
    Project::small(&format!("::: {right}\nx\n:::\n")).run(&["check"]).succeeds();
}

#[test]
fn front_matter_of_other_tools_is_translated() {
    let yaml = Project::small("x").file("sources/note/text.md", "---\ntitle: Text\n---\nx\n");
    yaml.run(&["check"]).fails_with(1).says("this front matter is YAML").says("title = \"Text\"");
    let date = Project::small("x").edit(MANIFEST, "date = \"", "date = \"15/03/2026\" # ");
    let session = date.run(&["check"]).fails_with(1).says("\"15/03/2026\" is not a date");
    assert_eq!(after(&session, "hint: write "), "\"2026-03-15\"");
}
