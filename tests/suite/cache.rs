//! Artefacts that are up to date are not built again. Only file contents decide, and cached data are validated.

use std::fs;
use std::time::{Duration, Instant};

use crate::harness::{Project, repository};

const MANIFEST: &str = "sources/note/publication.toml";
const STAMPS: &str = "build/.reliure/last";
const IDLE: &str = "nothing to do: 2 files up to date";
const MADE: &str = "2 files written";

/// Returns a built publication with an image, a layout file and a font of its own.
fn built() -> Project {
    let project = Project::small("![A heron](heron.png)")
        .file("sources/note/heron.png.toml", "licence = \"CC0-1.0\"\n")
        .file("layouts/simple/epub.css", "p { margin: 0 }\n");
    let copy = |from: &str, to: &str| {
        fs::create_dir_all(project.path(to).parent().expect("a folder")).expect("it is made");
        fs::copy(repository().join(from), project.path(to)).expect("it is copied");
    };
    copy("tests/fixtures/checks/R602/good/heron.png", "sources/note/heron.png");
    let font = fs::read_dir(repository().join("fonts")).expect("it is read").flatten().flat_map(|entry| {
        fs::read_dir(entry.path()).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>()
    });
    let font = font
        .filter(|path| path.extension().is_some_and(|extension| extension == "ttf" || extension == "otf"))
        .min()
        .expect("a font");
    copy(&font.to_string_lossy(), "fonts/own.ttf");
    project.run(&["build"]).succeeds().says(MADE);
    project.run(&["build"]).succeeds().says(IDLE);
    project
}

fn append(project: &Project, path: &str, bytes: &[u8]) {
    let all = [project.read(path), bytes.to_vec()].concat();
    fs::write(project.path(path), all).expect("it is written");
}

#[test]
fn each_input_counts() {
    let project = built();
    for (path, bytes) in [
        ("sources/note/text.md", &b"\nMore.\n"[..]),
        ("sources/note/colophon.md", b"\nMore.\n"),
        (MANIFEST, b"\n"),
        ("sources/note/heron.png", b"\0"),
        ("sources/note/heron.png.toml", b"credit = \"Ruth Hale\"\n"),
        ("layouts/simple/epub.css", b"\n"),
        ("fonts/own.ttf", b"\0"),
    ] {
        append(&project, path, bytes);
        project.run(&["build"]).succeeds().says(MADE);
        project.run(&["build"]).succeeds().says(IDLE);
    }
    // An added file and a removed file.
    let added = |path: &str, text: &str| {
        fs::create_dir_all(project.path(path).parent().expect("a folder")).expect("it is made");
        fs::write(project.path(path), text).expect("it is written");
        project.run(&["build"]).succeeds().says(MADE);
        project.run(&["build"]).succeeds().says(IDLE);
    };
    added("layouts/simple/main.typ", &fs::read_to_string(repository().join("layouts/simple/main.typ")).expect("it is read"));
    added("layouts/common/extra.typ", "");
    added("fonts/readme.txt", "");
    added("reliure.toml", "");
    fs::remove_file(project.path("fonts/own.ttf")).expect("it is removed");
    project.run(&["build"]).succeeds().says(MADE);
    // Modification times have no effect.
    let file = fs::File::options().write(true).open(project.path("sources/note/text.md")).expect("it is opened");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("it is dated");
    project.run(&["build"]).succeeds().says(IDLE);
}

#[test]
fn each_option_counts() {
    let project = built();
    for options in [&["--lenient"][..], &[], &["--force"], &["--force"]] {
        project.run(&[&["build"][..], options].concat()).succeeds().says(MADE);
    }
    project.run(&["build", "--strict"]).succeeds().says(IDLE);
    project.run(&["build", "--format", "pdf"]).succeeds().says("nothing to do: 1 file up to date");
    project.run(&["build", "--output", "other"]).succeeds().says(MADE);
    project.run(&["build"]).succeeds().says(IDLE);
}

#[test]
fn a_damaged_artefact_is_made_again() {
    let project = built();
    let whole = project.read("build/note-1.pdf");
    let mut bit = whole.clone();
    bit[whole.len() / 2] ^= 1;
    for damaged in [b"".to_vec(), whole[..whole.len() - 1].to_vec(), bit, [&whole[..], b"\n"].concat()] {
        fs::write(project.path("build/note-1.pdf"), damaged).expect("it is written");
        project.run(&["build"]).succeeds().says(MADE);
        assert!(project.read("build/note-1.pdf") == whole);
    }
    fs::remove_file(project.path("build/note-1.epub")).expect("it is removed");
    project.run(&["build"]).succeeds().says(MADE);
}

#[test]
fn stamps_that_are_damaged_hostile_or_gone_cost_a_build() {
    let project = built();
    let good = String::from_utf8(project.read(STAMPS)).expect("UTF-8");
    let digest = |text: &str| text.split('"').filter(|part| part.len() == 64).map(str::to_owned).collect::<Vec<_>>();
    let wrong_content = good.replace(&digest(&good)[0], &"0".repeat(64)).replace(&digest(&good)[1], &"0".repeat(64));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for stamps in ["", "{", "null", "[]", "{\"note-1.pdf\": 1}", "\u{FEFF}{}", &good[..good.len() / 2], &deep, &wrong_content] {
        fs::write(project.path(STAMPS), stamps).expect("it is written");
        project.run(&["build"]).succeeds().says(MADE);
        project.run(&["build"]).succeeds().says(IDLE);
    }
    fs::write(project.path(STAMPS), b"\xFF\xFE\0").expect("it is written");
    project.run(&["build"]).succeeds().says(MADE);
    fs::remove_file(project.path(STAMPS)).expect("it is removed");
    project.run(&["build"]).succeeds().says(MADE);
    // A path out of the folder is not an artefact: the file is neither read nor written.
    let smuggled = good.replacen('{', "{\"../../victim\": {\"inputs\": \"x\", \"content\": \"x\"},", 1);
    fs::write(project.path(STAMPS), smuggled).expect("it is written");
    let project = project.file("victim", "mine");
    project.run(&["build", "--force"]).succeeds().says(MADE);
    project.run(&["clean"]).succeeds();
    assert_eq!(project.read("victim"), b"mine");
    // The file is larger than any that the tool writes.
    let project = built();
    let file = fs::File::options().write(true).open(project.path(STAMPS)).expect("it is opened");
    file.set_len(1 << 40).expect("it grows");
    project.run(&["build"]).succeeds().says(MADE);
    fs::remove_file(project.path(STAMPS)).expect("it is removed");
    fs::create_dir(project.path(STAMPS)).expect("a folder in its place");
    project.run(&["build"]).succeeds().says(MADE);
}

#[test]
fn an_output_folder_that_moved_is_still_up_to_date() {
    let project = built();
    fs::rename(project.path("build"), project.path("moved")).expect("it is moved");
    project.run(&["build", "--output", "moved"]).succeeds().says(IDLE);
    project.run(&["build"]).succeeds().says(MADE);
    // The stamps of another publication's artefacts do not apply.
    fs::write(project.path("moved/note-1.pdf"), project.read("build/note-1.epub")).expect("it is written");
    project.run(&["build", "--output", "moved"]).succeeds().says(MADE);
}

#[test]
fn what_a_link_leads_to_is_an_input() {
    let project = built();
    fs::create_dir_all(project.path("shared")).expect("it is made");
    fs::rename(project.path("sources/note/heron.png"), project.path("shared/heron.png")).expect("it is moved");
    std::os::unix::fs::symlink("../../shared/heron.png", project.path("sources/note/heron.png")).expect("the link is made");
    project.run(&["build"]).succeeds().says(MADE);
    project.run(&["build"]).succeeds().says(IDLE);
    append(&project, "shared/heron.png", b"\0");
    project.run(&["build"]).succeeds().says(MADE);
    let deep = "sources/note/".to_owned() + &"d/".repeat(30);
    fs::create_dir_all(project.path(&deep)).expect("it is made");
    fs::copy(project.path("shared/heron.png"), project.path(&format!("{deep}heron.png"))).expect("it is copied");
    project.run(&["build"]).succeeds().says(MADE);
    append(&project, &format!("{deep}heron.png"), b"\0");
    project.run(&["build"]).succeeds().says(MADE);
}

#[test]
fn what_a_publication_names_is_an_input_and_what_names_it_is_none() {
    let other = |project: &Project| String::from_utf8(project.read(MANIFEST)).expect("UTF-8").replace("4d1b4f0e", "5e1b4f0e");
    let section = |body: &str| format!("+++\ntitle = \"Text\"\n+++\n{body}\n");
    let project = Project::small("See [the log](publication:log#found).");
    let manifest = other(&project);
    let project = project
        .file("sources/log/publication.toml", &manifest)
        .file("sources/log/text.md", &section("## Found\n\nA lock."))
        .file("sources/log/colophon.md", "+++\ntitle = \"Colophon\"\n+++\n\n::: licence\n:::\n");
    project.run(&["build"]).succeeds().says("4 files written");
    project.run(&["build"]).succeeds().says("nothing to do: 4 files up to date");
    append(&project, "sources/note/text.md", b"\nMore.\n");
    project.run(&["build"]).succeeds().says(MADE);
    append(&project, "sources/log/text.md", b"\nMore.\n");
    project.run(&["build"]).succeeds().says("4 files written");
}

#[test]
fn a_build_with_nothing_to_do_answers_at_once() {
    let project = Project::copy(repository());
    project.run(&["build"]).succeeds();
    let took = (0..5).map(|_| {
        let start = Instant::now();
        project.run(&["build"]).succeeds().says("nothing to do: 4 files up to date");
        start.elapsed()
    });
    let least = took.min().expect("five times");
    // It takes 100 ms on an idle machine; the limit allows for other processes.
    assert!(least < Duration::from_millis(500), "{least:?}");
}
