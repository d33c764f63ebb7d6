//! Unchanged artefacts are not rebuilt. Only the contents of files decide, never dates or sizes.

use std::fs;
use std::time::{Duration, Instant};

use crate::harness::{Project, repository};

const MANIFEST: &str = "sources/note/publication.toml";
/// The record of the last build.
const LAST: &str = "build/.reliure/last";
const UP_TO_DATE: &str = "nothing to do: 2 files up to date";
const WRITTEN: &str = "2 files written";
const ONE_WRITTEN: &str = "1 file written, 1 up to date";

/// Returns a built publication with its own image, layout file and font.
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
    project.run(&["build"]).succeeds().says(WRITTEN);
    project.run(&["build"]).succeeds().says(UP_TO_DATE);
    project
}

fn append(project: &Project, path: &str, bytes: &[u8]) {
    let all = [project.read(path), bytes.to_vec()].concat();
    fs::write(project.path(path), all).expect("it is written");
}

#[test]
fn rebuilds_if_an_input_changes() {
    let project = built();
    for (path, bytes, says) in [
        ("sources/note/text.md", &b"\nMore.\n"[..], WRITTEN),
        ("sources/note/colophon.md", b"\nMore.\n", WRITTEN),
        ("sources/note/heron.png", b"\0", WRITTEN),
        ("sources/note/heron.png.toml", b"credit = \"Ruth Hale\"\n", WRITTEN),
        // Only the EPUB uses style sheets.
        ("layouts/simple/epub.css", b"\n", ONE_WRITTEN),
        ("fonts/own.ttf", b"\0", WRITTEN),
        // Comments have no effect.
        (MANIFEST, b"\n# a remark\n", UP_TO_DATE),
        ("sources/note/text.md", b"\n<!-- a remark -->\n", UP_TO_DATE),
    ] {
        append(&project, path, bytes);
        project.run(&["build"]).succeeds().says(says);
        project.run(&["build"]).succeeds().says(UP_TO_DATE);
    }
    // Added and removed files.
    let added = |path: &str, text: &str, says: &str| {
        fs::create_dir_all(project.path(path).parent().expect("a folder")).expect("it is made");
        fs::write(project.path(path), text).expect("it is written");
        project.run(&["build"]).succeeds().says(says);
        project.run(&["build"]).succeeds().says(UP_TO_DATE);
    };
    let main = fs::read_to_string(repository().join("layouts/simple/main.typ")).expect("it is read");
    added("layouts/simple/main.typ", &main, UP_TO_DATE);
    added("layouts/common/extra.typ", "", WRITTEN);
    added("fonts/readme.txt", "", UP_TO_DATE);
    added("reliure.toml", "", UP_TO_DATE);
    fs::remove_file(project.path("fonts/own.ttf")).expect("it is removed");
    project.run(&["build"]).succeeds().says(WRITTEN);
    // Modification times have no effect.
    let file = fs::File::options().write(true).open(project.path("sources/note/text.md")).expect("it is opened");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("it is dated");
    project.run(&["build"]).succeeds().says(UP_TO_DATE);
}

#[test]
fn a_kept_cover_image_follows_its_inputs() {
    const COVER: &str = "layouts/bare/main.typ";
    let main = "#let cover-page(edition) = page(fill: rgb(\"#0A7D3C\"), [#edition.title])
#let publication(edition, bodies) = { set document(title: edition.title); page([#edition.title]) }
";
    let project = Project::small("Text.")
        .file(COVER, main)
        .file("layouts/bare/blocks.typ", "#import \"/layouts/common/blocks.typ\": *\n")
        .file("layouts/bare/layout.toml", "description = \"x\"\npage = { width = \"100mm\", height = \"100mm\" }\n")
        .edit(MANIFEST, "title", "layout = \"bare\"\npage-list = false\ntitle");
    let cover = |project: &Project| {
        let book = project.run(&["build", "--format", "epub"]).succeeds();
        assert!(book.stderr.contains("1 file written"), "{}", book.stderr);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(project.read("build/note-1.epub"))).expect("an archive");
        let names = (0..archive.len()).map(|at| archive.by_index(at).expect("a file").name().expect("a name").into_owned());
        let name = names.collect::<Vec<_>>().into_iter().find(|name| name.contains("/cover.") && !name.ends_with("xhtml"));
        let name = name.expect("a cover");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(&name).expect("the cover"), &mut bytes).expect("it is read");
        bytes
    };
    let first = cover(&project);
    let kept = |project: &Project| {
        let files = fs::read_dir(project.path("build/.reliure/images")).expect("it is read").flatten();
        files
            .map(|file| (file.file_name(), file.metadata().and_then(|facts| facts.modified()).expect("it has a date")))
            .collect::<Vec<_>>()
    };
    let image = kept(&project);
    assert_eq!(image.len(), 1);
    // The text is not an input of the cover, so the image is neither removed nor written again.
    let project = project.file("sources/note/text.md", "+++\ntitle = \"Text\"\n+++\n\nOther text.\n");
    assert!(cover(&project) == first, "the text changes the cover");
    assert!(kept(&project) == image, "the cover is rendered again");
    let project = project.edit(MANIFEST, "title = \"", "title = \"New ");
    let titled = cover(&project);
    assert!(titled != first, "the title does not change the cover");
    let project = project.file(COVER, &main.replace("#0A7D3C", "#7D0A3C"));
    assert!(cover(&project) != titled, "the layout does not change the cover");
}

#[test]
fn rebuilds_if_an_option_changes() {
    let project = built();
    for options in [&["--lenient"][..], &[], &["--force"], &["--force"]] {
        project.run(&[&["build"][..], options].concat()).succeeds().says(WRITTEN);
    }
    project.run(&["build", "--strict"]).succeeds().says(UP_TO_DATE);
    project.run(&["build", "--format", "pdf"]).succeeds().says("nothing to do: 1 file up to date");
    project.run(&["build", "--output", "other"]).succeeds().says(WRITTEN);
    project.run(&["build"]).succeeds().says(UP_TO_DATE);
}

/// Returns a publication of two editions that differ only in their dates.
fn two_editions() -> Project {
    let project = Project::small("Text.");
    let manifest = String::from_utf8(project.read(MANIFEST)).expect("UTF-8");
    project.file(MANIFEST, &format!("{manifest}\n[[editions]]\nid = \"2\"\ndate = \"2025-01-01\"\n"))
}

#[test]
fn rebuilds_only_the_changed_edition_or_product() {
    let project = two_editions();
    project.run(&["build"]).succeeds().says("4 files written");
    let project = project.edit(MANIFEST, "date = \"2025-01-01\"", "date = \"2025-01-01\"\nlabel = \"Second\"");
    project.run(&["build"]).succeeds().says("2 files written, 2 up to date").prints("note-2.pdf");
    let project = project.edit(MANIFEST, "label = \"Second\"", "label = \"Second\"\nisbn = { epub = \"978-2-9999990-1-5\" }");
    project.run(&["build"]).succeeds().says("1 file written, 3 up to date").prints("note-2.epub");
    // The store keeps the last two states of each artefact, so a reverted change restores the artefact.
    let project = project.edit(MANIFEST, "\nisbn = { epub = \"978-2-9999990-1-5\" }", "");
    let back = project.run(&["build", "--verbose"]).succeeds().says("1 file written, 3 up to date");
    assert!(!back.stderr.contains(": EPUB"), "{}", back.stderr);
    project.run(&["build"]).succeeds().says("nothing to do: 4 files up to date");
}

#[test]
fn detects_changes_with_equal_size_and_date() {
    let project = built();
    let project = project.edit("sources/note/text.md", "![A heron](heron.png)", "![A heron](heron.png)\n\nWords at the end");
    project.run(&["build"]).succeeds().says(WRITTEN);
    for (path, says) in [("sources/note/text.md", WRITTEN), ("build/note-1.pdf", ONE_WRITTEN), ("build/note-1.epub", ONE_WRITTEN)]
    {
        let place = project.path(path);
        let dated = fs::metadata(&place).and_then(|meta| meta.modified()).expect("a date");
        let mut bytes = project.read(path);
        let last = bytes.iter().rposition(u8::is_ascii_lowercase).expect("a letter");
        bytes[last] = if bytes[last] == b'x' { b'y' } else { b'x' };
        fs::write(&place, &bytes).expect("it is written");
        fs::File::options().write(true).open(&place).and_then(|file| file.set_modified(dated)).expect("it is dated");
        project.run(&["build"]).succeeds().says(says);
        project.run(&["build"]).succeeds().says(UP_TO_DATE);
    }
}

#[test]
fn rebuilds_damaged_artefacts() {
    let project = built();
    let whole = project.read("build/note-1.pdf");
    let mut bit = whole.clone();
    bit[whole.len() / 2] ^= 1;
    for damaged in [b"".to_vec(), whole[..whole.len() - 1].to_vec(), bit, [&whole[..], b"\n"].concat()] {
        fs::write(project.path("build/note-1.pdf"), damaged).expect("it is written");
        project.run(&["build"]).succeeds().says(ONE_WRITTEN);
        assert!(project.read("build/note-1.pdf") == whole);
    }
    // A deleted artefact is restored.
    fs::remove_file(project.path("build/note-1.epub")).expect("it is removed");
    let restored = project.run(&["build", "--verbose"]).succeeds().says(ONE_WRITTEN);
    assert!(!restored.stderr.contains(": EPUB"), "{}", restored.stderr);
    project.run(&["build"]).succeeds().says(UP_TO_DATE);
}

/// Writes a file of the store as the tool does: the digest of its text, then its text.
fn forge(project: &Project, path: &str, text: &str) {
    fs::write(project.path(path), format!("{}\n{text}", blake3::hash(text.as_bytes()))).expect("it is written");
}

#[test]
fn tolerates_a_damaged_hostile_or_missing_store() {
    let project = built();
    let good = String::from_utf8(project.read(LAST)).expect("UTF-8");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for last in ["", "{", "null", "[]", "\u{FEFF}{}", &good[..good.len() / 2], &good.replace("note", "nota")] {
        fs::write(project.path(LAST), last).expect("it is written");
        project.run(&["build"]).succeeds().says(UP_TO_DATE);
        project.run(&["build"]).succeeds().says(UP_TO_DATE);
    }
    for text in ["", "null", "{}", &deep] {
        forge(&project, LAST, text);
        project.run(&["build"]).succeeds().says(UP_TO_DATE);
    }
    // Damaged entries and bytes are not used.
    for folder in ["build/.reliure/entries", "build/.reliure/bytes"] {
        fs::remove_file(project.path(LAST)).expect("it is removed");
        for entry in fs::read_dir(project.path(folder)).expect("it is read").flatten() {
            fs::write(entry.path(), "damaged").expect("it is written");
        }
        project.run(&["build"]).succeeds().says(WRITTEN);
        project.run(&["build"]).succeeds().says(UP_TO_DATE);
    }
    fs::remove_dir_all(project.path("build/.reliure")).expect("it is removed");
    project.run(&["build"]).succeeds().says(WRITTEN);
    // A forged path out of the output folder is neither written nor deleted.
    let good = String::from_utf8(project.read(LAST)).expect("UTF-8");
    let text = good.split_once('\n').expect("a digest").1;
    forge(&project, LAST, &text.replace("\"note", "\"../../victim"));
    let project = project.file("victim", "mine");
    project.run(&["build", "--force"]).succeeds().says(WRITTEN);
    project.run(&["clean"]).succeeds();
    assert_eq!(project.read("victim"), b"mine");
    // The file is larger than any that the tool writes.
    let project = built();
    let file = fs::File::options().write(true).open(project.path(LAST)).expect("it is opened");
    file.set_len(1 << 40).expect("it grows");
    project.run(&["build"]).succeeds().says(UP_TO_DATE);
    fs::remove_file(project.path(LAST)).expect("it is removed");
    fs::create_dir(project.path(LAST)).expect("a folder in its place");
    project.run(&["build"]).succeeds().says(UP_TO_DATE);
}

#[test]
fn accepts_a_moved_output_folder() {
    let project = built();
    fs::rename(project.path("build"), project.path("moved")).expect("it is moved");
    project.run(&["build", "--output", "moved"]).succeeds().says(UP_TO_DATE);
    project.run(&["build"]).succeeds().says(WRITTEN);
    // An artefact with the bytes of another one is rebuilt.
    fs::write(project.path("moved/note-1.pdf"), project.read("build/note-1.epub")).expect("it is written");
    project.run(&["build", "--output", "moved"]).succeeds().says(ONE_WRITTEN);
}

#[test]
fn targets_of_symbolic_links_are_inputs() {
    let project = built();
    fs::create_dir_all(project.path("shared")).expect("it is made");
    fs::rename(project.path("sources/note/heron.png"), project.path("shared/heron.png")).expect("it is moved");
    std::os::unix::fs::symlink("../../shared/heron.png", project.path("sources/note/heron.png")).expect("the link is made");
    // The same image through a symbolic link.
    project.run(&["build"]).succeeds().says(UP_TO_DATE);
    append(&project, "shared/heron.png", b"\0");
    project.run(&["build"]).succeeds().says(WRITTEN);
    project.run(&["build"]).succeeds().says(UP_TO_DATE);
    // An image outside the folder of the publication.
    let project = project.edit("sources/note/text.md", "heron.png", "../../shared/heron.png").edit(
        MANIFEST,
        "[[editions]]",
        "[[assets]]\npath = \"../../shared/heron.png\"\nlicence = \"CC0-1.0\"\n\n[[editions]]",
    );
    project.run(&["build"]).succeeds().says(WRITTEN);
    append(&project, "shared/heron.png", b"\0");
    project.run(&["build"]).succeeds().says(WRITTEN);
    project.run(&["build"]).succeeds().says(UP_TO_DATE);
}

#[test]
fn linked_publications_are_inputs() {
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
    project.run(&["build"]).succeeds().says(WRITTEN);
    // The text of the link has not changed.
    append(&project, "sources/log/text.md", b"\nMore.\n");
    project.run(&["build"]).succeeds().says("2 files written, 2 up to date");
    project.run(&["build"]).succeeds().says("nothing to do: 4 files up to date");
    let project = project.edit("sources/log/text.md", "## Found", "## A lock that was found {#found}");
    project.run(&["build"]).succeeds().says("4 files written");
}

#[test]
fn builds_without_changes_are_fast() {
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
