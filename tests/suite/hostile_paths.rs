//! Paths that lead out of the project: nothing outside is read or written, and each kind has its own message.

use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use crate::harness::{Project, repository};

const MANIFEST: &str = "sources/note/publication.toml";

fn heron() -> Vec<u8> {
    fs::read(repository().join("tests/fixtures/checks/R602/good/heron.png")).expect("the picture is read")
}

/// Returns a folder outside any project, with a picture, a text and a layout.
fn outside() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("heron.png"), heron()).expect("it is written");
    fs::write(folder.path().join("heron.png.toml"), "licence = \"CC0-1.0\"\n").expect("it is written");
    fs::write(folder.path().join("text.md"), "+++\ntitle = \"CANARY\"\n+++\n\nCANARY\n").expect("it is written");
    folder
}

#[test]
fn rejects_images_outside_the_project() {
    let folder = outside();
    let absolute = folder.path().join("heron.png").to_string_lossy().into_owned();
    for (path, why) in [
        ("../../../heron.png", "it leads out of the project"),
        ("images/../../../../heron.png", "it leads out of the project"),
        (absolute.as_str(), "it starts at the root of the disk"),
        ("//server/share/heron.png", "it names another machine"),
        (r"\\\\server\\share\\heron.png", "it names another machine"),
        ("C:/heron.png", "it starts with the letter of a drive"),
        (r"C:\\heron.png", "it starts with the letter of a drive"),
        ("c:heron.png", "it starts with the letter of a drive"),
        (r"images\\heron.png", "it has a backslash"),
        ("NUL", "it is the name of a device on some systems"),
        ("images/con.png", "it is the name of a device on some systems"),
        ("heron.png:stream", "it has the character :"),
        ("https://example.org/heron.png", "it is an address on the network"),
        ("file:///etc/heron.png", "it is an address on the network"),
    ] {
        let project = Project::small(&format!("![A heron](<{path}>)"));
        project
            .run(&["check"])
            .fails_with(1)
            .says("error[R401]")
            .says(&format!("does not name a file of the project: {why}"))
            .says("text.md:4:");
        let declared = format!("[[assets]]\npath = '{}'\nlicence = \"CC0-1.0\"\n\n[[editions]]", path.replace(r"\\", r"\"));
        let project = Project::small("x").edit(MANIFEST, "[[editions]]", &declared);
        project.run(&["check"]).fails_with(1).says("error[R401]").says(why).says("publication.toml:");
        let logo = format!(
            "logo = '{}'\nlogo-licence = \"CC0-1.0\"\n\n[[credits]]\nrole = \"author\"\nnames = [\"us\"]\n\n[[editions]]",
            path.replace(r"\\", r"\")
        );
        let project = Project::small("x").edit(MANIFEST, "[[editions]]", &logo);
        project.run(&["check"]).fails_with(1).says("error[R401]").says(why).says("publication.toml:");
    }
}

#[test]
fn rejects_paths_as_names_of_sections_and_editions() {
    for (name, why) in [
        ("../text", "it leads out of the project"),
        ("/etc/hostname", "it starts at the root of the disk"),
        ("sub/text", "it has a slash"),
        (r"sub\\text", "it has a backslash"),
        ("C:text", "it starts with the letter of a drive"),
        (".hidden", "it starts with a dot"),
        ("aux", "it is the name of a device on some systems"),
        ("", "it is empty"),
    ] {
        let project = Project::small("x").edit(MANIFEST, "\"text\", ", &format!("\"{name}\", "));
        project
            .run(&["check"])
            .fails_with(1)
            .says("error[R101]")
            .says(&format!("cannot be the name of a section: {why}"))
            .says("publication.toml:4:");
    }
    for id in ["../../x", "a/b", "a b", "..", ".x", "é", ""] {
        let project = Project::small("x").edit(MANIFEST, "id = \"1\"", &format!("id = \"{id}\""));
        project.run(&["build"]).fails_with(1).says("error[R105]").says("cannot be the id of an edition");
        assert!(project.files("build").is_empty());
    }
}

#[test]
fn clean_ignores_paths_in_ids() {
    let project = Project::small("x").edit(MANIFEST, "id = \"1\"", "id = \"x/../../victim\"");
    let project = project.file("victim.pdf", "mine").file("build/note-x/keep", "x");
    project.run(&["clean"]);
    assert_eq!(project.read("victim.pdf"), b"mine");
}

#[test]
fn rejects_workspace_folders_outside_the_project() {
    for key in ["sources", "layouts", "fonts", "output"] {
        for (path, why) in [
            ("../elsewhere", "it leads out of the project"),
            ("/tmp", "it starts at the root of the disk"),
            (r"C:\\x", "it starts with the letter of a drive"),
            (r"\\\\server\\x", "it names another machine"),
            ("", "it is empty"),
        ] {
            let project = Project::small("x").file("reliure.toml", &format!("\n{key} = \"{path}\"\n"));
            project
                .run(&["build"])
                .fails_with(1)
                .says("error[R101]")
                .says(why)
                .says("reliure.toml:2:")
                .says(&format!("{key} = "));
            assert!(project.files("build").is_empty());
        }
    }
    // On the command line, any folder is allowed.
    let folder = outside();
    let project = Project::small("x");
    project.run(&["build", "--output", folder.path().to_str().expect("a path")]).succeeds();
    assert!(folder.path().join("note-1.pdf").exists());
}

#[test]
fn rejects_symbolic_links_out_of_the_project() {
    let folder = outside();
    let link = |project: &Project, from: &str, to: &str| {
        symlink(folder.path().join(from), project.path(to)).expect("the link is made");
    };
    let image = Project::small("![A heron](heron.png)");
    link(&image, "heron.png", "sources/note/heron.png");
    image.run(&["check"]).fails_with(1).says("error[R401]").says("leads out of the project").says("text.md:4:");
    let text = Project::small("x");
    fs::remove_file(text.path("sources/note/text.md")).expect("it is removed");
    link(&text, "text.md", "sources/note/text.md");
    let session =
        text.run(&["check"]).fails_with(1).says("error[R101]").says("\"sources/note/text.md\" leads out of the project");
    assert!(!session.stderr.contains("CANARY") && !session.stdout.contains("CANARY"));
    let sidecar = Project::small("![A heron](heron.png)");
    fs::write(sidecar.path("sources/note/heron.png"), heron()).expect("it is written");
    link(&sidecar, "heron.png.toml", "sources/note/heron.png.toml");
    sidecar.run(&["check"]).fails_with(1).says("\"sources/note/heron.png.toml\" leads out of the project");
    let whole = Project::new().file("reliure.toml", "");
    let elsewhere = Project::small("CANARY");
    fs::create_dir(whole.path("sources")).expect("it is made");
    symlink(elsewhere.path("sources/note"), whole.path("sources/note")).expect("the link is made");
    whole.run(&["check"]).fails_with(1).says("\"sources/note/publication.toml\" leads out of the project");
    let gone = Project::small("x");
    fs::remove_file(gone.path("sources/note/text.md")).expect("it is removed");
    symlink("nowhere.md", gone.path("sources/note/text.md")).expect("the link is made");
    gone.run(&["check"]).fails_with(1).says("there is no file \"sources/note/text.md\"");
}

#[test]
fn does_not_write_artefacts_through_symbolic_links() {
    let folder = outside();
    let project = Project::small("x");
    symlink(folder.path(), project.path("build")).expect("the link is made");
    project.run(&["build"]).fails_with(1).says("error[R101]").says("leads out of the project").says("--output FOLDER");
    project.run(&["clean"]).fails_with(1).says("leads out of the project");
    assert_eq!(fs::read_dir(folder.path()).expect("it is read").count(), 3, "nothing was added");
    project.run(&["build", "--output", "build"]).succeeds();
    // A link that stays inside is allowed.
    let inside = Project::small("x");
    fs::create_dir(inside.path("made")).expect("it is made");
    symlink("made", inside.path("build")).expect("the link is made");
    inside.run(&["build"]).succeeds();
    assert!(inside.path("made/note-1.epub").exists());
    // An artefact that is a symbolic link is replaced; its target stays.
    let victim = Project::small("x");
    fs::create_dir(victim.path("build")).expect("it is made");
    symlink(folder.path().join("text.md"), victim.path("build/note-1.pdf")).expect("the link is made");
    victim.run(&["build"]).succeeds();
    assert!(fs::read_to_string(folder.path().join("text.md")).expect("it is read").contains("CANARY"));
    assert!(victim.read("build/note-1.pdf").starts_with(b"%PDF"));
}

#[test]
fn tolerates_cycles_of_symbolic_links() {
    let project = Project::small("![A heron](loop/a/b/loop/heron.png)");
    fs::write(project.path("sources/note/heron.png"), heron()).expect("it is written");
    for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        symlink(".", project.path(&format!("sources/note/{name}"))).expect("the link is made");
        symlink("../..", project.path(&format!("sources/{name}"))).expect("the link is made");
    }
    symlink("../note", project.path("sources/note/loop")).expect("the link is made");
    symlink("self", project.path("sources/note/self")).expect("the link is made");
    let project = project.file("sources/note/heron.png.toml", "licence = \"CC0-1.0\"\n");
    let start = std::time::Instant::now();
    project.run(&["build"]).succeeds().says("2 files written");
    project.run(&["build"]).succeeds().says("nothing to do");
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn does_not_block_on_named_pipes() {
    let pipe = |project: &Project, path: &str| {
        let made = std::process::Command::new("mkfifo").arg(project.path(path)).status().expect("mkfifo runs");
        assert!(made.success());
    };
    let project = Project::small("![A heron](heron.png)").file("sources/note/heron.png.toml", "licence = \"CC0-1.0\"\n");
    pipe(&project, "sources/note/heron.png");
    project.run(&["check"]).fails_with(1).says("error[R401]").says("is not a regular file");
    let project = Project::small("x");
    fs::remove_file(project.path("sources/note/text.md")).expect("it is removed");
    pipe(&project, "sources/note/text.md");
    project.run(&["check"]).fails_with(1).says("\"sources/note/text.md\" is not a regular file");
    // As an unused input, and among the artefacts.
    let project = Project::small("x");
    pipe(&project, "sources/note/notes.txt");
    fs::create_dir_all(project.path("build/.reliure")).expect("it is made");
    pipe(&project, "build/.reliure/last");
    project.run(&["build"]).succeeds().says("2 files written");
    project.run(&["build"]).succeeds().says("nothing to do");
}

#[test]
fn rejects_files_larger_than_the_limits() {
    let project = Project::small("x");
    let file = fs::File::options().write(true).open(project.path("sources/note/text.md")).expect("it is opened");
    file.set_len((32 << 20) + 1).expect("it grows");
    project.run(&["check"]).fails_with(1).says("error[R101]").says("\"sources/note/text.md\" is larger than 32 MiB");
    let project = Project::small("![A heron](heron.png)").file("sources/note/heron.png", "");
    let file = fs::File::options().write(true).open(project.path("sources/note/heron.png")).expect("it is opened");
    file.set_len((256 << 20) + 1).expect("it grows");
    project.run(&["check"]).fails_with(1).says("error[R401]").says("is larger than 256 MiB");
}
