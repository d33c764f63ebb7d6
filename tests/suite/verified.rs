//! `reliure verify`: equal bytes in another folder, and the message for each kind of difference.

use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;

use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

use crate::harness::{Project, Session, copy_folder, repository};

const RELEASE: &str = "build/releases/brochure/2023-12";

/// Releases both editions of the brochure.
fn released() -> Project {
    let project = Project::copy(repository());
    project.run(&["release"]).succeeds();
    project
}

/// Changes a byte of a file; `at` counts from its start.
fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).expect("it is read");
    bytes[at] ^= 0x55;
    fs::write(path, bytes).expect("it is written");
}

/// Recomputes the sums of a release, so that a check of the sums does not find a change.
fn recompute_sums(folder: &Path) {
    let script = "rm -f SHA256SUMS; find . -type f ! -name 'SHA256SUMS*' -printf '%P\\0' | sort -z | xargs -0 sha256sum > ../sums && mv ../sums SHA256SUMS";
    Session::of(Command::new("bash").args(["-c", script]).current_dir(folder)).succeeds();
}

#[test]
fn bytes_are_equal_in_another_folder_time_zone_and_thread_count() {
    let project = released();
    let elsewhere =
        Project::copy(repository()).env("TZ", "Pacific/Auckland").env("RAYON_NUM_THREADS", "1").env("LC_ALL", "fr_FR.UTF-8");
    copy_folder(&project.path("build/releases"), &elsewhere.path("archive"));
    let session = elsewhere.run(&["verify", "archive/brochure/2023-12", "--sources", "."]).succeeds();
    session.prints("sums: 13 files").prints("inputs: 8 source files").prints("rebuilt: 13 files have the same bytes");
    // Without the previous release, the files that depend on it are not compared, and this is reported.
    copy_folder(&elsewhere.path("archive/brochure/2023-12"), &elsewhere.path("alone"));
    let session = elsewhere.run(&["verify", "alone", "--sources", "."]).succeeds();
    let session = session.prints("rebuilt: 11 files have the same bytes");
    let session = session.prints("not checked: the contents of changes.json and report.html");
    session.prints("put the folder \"2023-05\" beside this one");
    // Files that depend on the list of changes are still compared.
    let path = elsewhere.path("alone/changes.md");
    let text = fs::read_to_string(&path).expect("it is read");
    fs::write(&path, text.replace("Parution", "Sortie")).expect("it is written");
    recompute_sums(&elsewhere.path("alone"));
    let session = elsewhere.run(&["verify", "alone", "--sources", "."]).fails_with(1);
    session.says("\"changes.md\" differs from the rebuilt file");
    // Another release in another folder has the same bytes in every file.
    elsewhere.run(&["release"]).succeeds();
    let names = project.files("build/releases");
    assert_eq!(names, elsewhere.files("build/releases"));
    for name in names {
        let path = format!("build/releases/{name}");
        assert!(project.read(&path) == elsewhere.read(&path), "{name}");
    }
    // Programs can read the results as JSON records.
    let session = elsewhere.run(&["--message-format", "json", "verify", "archive/brochure/2023-12"]).succeeds();
    session.prints("\"reason\":\"confirmed\"").prints("\"reason\":\"unchecked\"");
}

#[test]
fn damaged_and_missing_files_are_named() {
    let project = released();
    let folder = project.path(RELEASE);
    flip(&folder.join("brochure-2023-12.pdf"), 40_000);
    fs::remove_file(folder.join("pages/003.png")).expect("it is removed");
    fs::write(folder.join("notes.txt"), "mine").expect("it is written");
    let session = project.run(&["verify", RELEASE]).fails_with(1);
    session
        .says("error[R811]: \"brochure-2023-12.pdf\" changed")
        .says("error[R812]: \"pages/003.png\" is missing")
        .says("warning[R813]: \"notes.txt\" does not belong to the release");
    // A missing file that SHA256SUMS does not list either is known from the manifest.
    let sums = fs::read_to_string(folder.join("SHA256SUMS")).expect("it is read");
    let kept: Vec<&str> = sums.lines().filter(|line| !line.ends_with(".epub") && !line.ends_with("changes.json")).collect();
    fs::write(folder.join("SHA256SUMS"), kept.join("\n") + "\n").expect("it is written");
    fs::remove_file(folder.join("brochure-2023-12.epub")).expect("it is removed");
    fs::remove_file(folder.join("changes.json")).expect("it is removed");
    let session = project.run(&["verify", RELEASE]).fails_with(1);
    session
        .says("error[R812]: \"brochure-2023-12.epub\" is part of the release, but SHA256SUMS does not list it")
        .says("error[R812]: \"changes.json\" is part of the release");
    fs::write(folder.join("SHA256SUMS"), &sums).expect("it is written");
    let session = project.run(&["verify", RELEASE, "--sources", "nowhere"]).fails_with(1);
    session.says("does not exist").says("give the root folder of the project");
    let session = project.run(&["verify", RELEASE, "--sources", "sources"]).fails_with(1);
    session.says("contains no source of the release");
    project.run(&["verify", "build"]).fails_with(1).says("error[R802]").says("give the folder of one edition");
    fs::write(folder.join("SHA256SUMS"), "x\n").expect("it is written");
    project.run(&["verify", RELEASE]).fails_with(1).says("line 1 of SHA256SUMS is not a sum");
    fs::write(folder.join("SHA256SUMS"), "").expect("it is written");
    let session = project.run(&["verify", RELEASE]).fails_with(1);
    let session = session
        .says("error[R812]: \"manifest.json\" is part of the release, but SHA256SUMS does not list it")
        .says("error[R812]: \"brochure-2023-12.pdf\" is part of the release");
    assert!(!session.stderr.contains("\"manifest.json\" does not belong"), "{}", session.stderr);
}

#[test]
fn the_page_and_the_chapter_that_differ_are_named() {
    let project = released();
    // The sums agree, so only a comparison with the sources finds the difference.
    let pdf = project.path(RELEASE).join("brochure-2023-12.pdf");
    let other =
        Project::copy(repository()).edit("sources/reve/brochure/donnees.md", "science ouverte. Ils", "science ouverta. Ils");
    other.run(&["build", "--edition", "2023-12"]).succeeds();
    fs::copy(other.path("build/reve/brochure-2023-12.pdf"), &pdf).expect("it is copied");
    fs::copy(other.path("build/reve/brochure-2023-12.epub"), pdf.with_extension("epub")).expect("it is copied");
    recompute_sums(&project.path(RELEASE));
    project.run(&["verify", RELEASE]).fails_with(1).says("manifest.json and SHA256SUMS have different sums");
    let session = project.run(&["verify", RELEASE, "--sources", "."]).fails_with(1);
    session
        .says("error[R816]: \"brochure-2023-12.pdf\" differs from the rebuilt file")
        .says("first on page 4")
        .says("in the chapter \"Données de recherche\" (\"OEBPS/donnees.xhtml\")");
    // The reverse case: the sources changed.
    let project = released().edit("sources/reve/brochure/concepts.md", "la ", "LA ");
    let session = project.run(&["verify", RELEASE, "--sources", "."]).fails_with(1);
    session
        .says("error[R814]: the source \"sources/reve/brochure/concepts.md\" changed since the release")
        .says("first on page 3")
        .says("in the chapter \"Concepts\"")
        .says("files that are derived from the others differ too: ");
}

#[test]
fn a_changed_byte_of_a_container_is_reported_with_its_entry() {
    let project = Project::small("Good.");
    project.run(&["release"]).succeeds();
    let path = project.path("build/releases/note/1/note-1.epub");
    let bytes = fs::read(&path).expect("it is read");
    // The name of an entry is in its local header, then in the directory of the archive.
    let name = b"OEBPS/text.xhtml";
    let places: Vec<usize> = (0..bytes.len() - name.len()).filter(|at| bytes[*at..].starts_with(name)).collect();
    let (first, last) = (places[0], *places.last().expect("a place"));
    for (at, words) in [
        (first - 20, "in the header of \"OEBPS/text.xhtml\""),
        (last - 34, "\"OEBPS/text.xhtml\" in the directory of the container"),
        (first - 30, "in the header of \"OEBPS/text.xhtml\""),
        (bytes.len() - 3, "at the end of the container"),
    ] {
        fs::write(&path, &bytes).expect("it is written");
        flip(&path, at);
        recompute_sums(&project.path("build/releases/note/1"));
        let session = project.run(&["verify", "build/releases/note/1", "--sources", "."]).fails_with(1);
        session.says("\"note-1.epub\" differs from the rebuilt file").says(words);
    }
}

#[test]
fn a_swapped_font_and_a_new_source_are_named() {
    let project = Project::small("Good.");
    let fonts = repository().join("fonts");
    fs::create_dir_all(project.path("fonts")).expect("a folder");
    let mut faces = Vec::new();
    for folder in fs::read_dir(&fonts).expect("a folder").flatten().filter(|entry| entry.path().is_dir()) {
        faces.extend(fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.path()));
    }
    let face =
        |part: &str| faces.iter().find(|path| path.to_string_lossy().ends_with(part)).unwrap_or_else(|| panic!("no {part}"));
    let regular = face("SourceSerif4-Regular.otf");
    fs::copy(regular, project.path("fonts/Own.otf")).expect("it is copied");
    project.run(&["release"]).succeeds();
    project.run(&["verify", "build/releases/note/1", "--sources", "."]).succeeds();
    fs::copy(face("SourceSerif4-Bold.otf"), project.path("fonts/Own.otf")).expect("it is copied");
    let session = project.run(&["verify", "build/releases/note/1", "--sources", "."]).fails_with(1);
    session.says("error[R814]: the source \"fonts/Own.otf\" changed since the release");
    fs::remove_file(project.path("fonts/Own.otf")).expect("it is removed");
    let session = project.run(&["verify", "build/releases/note/1", "--sources", "."]).fails_with(1);
    session.says("the source \"fonts/Own.otf\" is missing");
    fs::copy(regular, project.path("fonts/Own.otf")).expect("it is copied");
    let project = project.file("sources/note/readme.md", "New.");
    project.run(&["verify", "build/releases/note/1", "--sources", "."]).fails_with(1).says("\"sources/note/readme.md\" is new");
}

#[test]
fn another_build_of_the_tool_is_reported_and_no_bytes_are_compared() {
    let project = Project::small("Good.");
    project.run(&["release"]).succeeds();
    let path = project.path("build/releases/note/1/manifest.json");
    let text = fs::read_to_string(&path).expect("it is read");
    let (before, rest) = text.split_once("\"build\": \"").expect("the build");
    let (_, after) = rest.split_once('"').expect("its end");
    fs::write(&path, format!("{before}\"build\": \"0000000000000000\"{after}").replace("\"build\": \"\"build", "\"build"))
        .expect("written");
    recompute_sums(&project.path("build/releases/note/1"));
    let session = project.run(&["verify", "build/releases/note/1", "--sources", "."]).fails_with(1);
    let session =
        session.says("error[R815]: the release was made by reliure").says("(build 0000000000000000), and this is reliure");
    let session = session.says("the bytes were not compared").prints("inputs: ");
    assert!(!session.stdout.contains("rebuilt"), "{}", session.stdout);
}

#[test]
fn a_signature_is_checked_here_and_by_minisign() {
    let project = Project::small("Good.");
    let minisign = |arguments: &[&str]| Session::of(Command::new("minisign").args(arguments).current_dir(project.path(".")));
    minisign(&["-G", "-W", "-p", "a.pub", "-s", "a.key"]).succeeds();
    minisign(&["-G", "-W", "-p", "b.pub", "-s", "b.key"]).succeeds();
    project.run(&["release", "--sign", "a.key"]).succeeds();
    let sums = "build/releases/note/1/SHA256SUMS";
    // The date of the edition, 17 May 2024.
    minisign(&["-V", "-p", "a.pub", "-m", sums]).succeeds().prints("timestamp:1715904000");
    let release = "build/releases/note/1";
    project.run(&["verify", release, "--key", "a.pub"]).succeeds().prints("signature: SHA256SUMS is signed by this key");
    project.run(&["verify", release]).succeeds().prints("not checked: the signature");
    project.run(&["verify", release, "--key", "b.pub"]).fails_with(1).says("error[R817]");
    project.run(&["verify", release, "--key", "a.key"]).fails_with(1).says("error[R804]");
    fs::write(project.path("build/releases/note/1/cover.png"), "x").expect("it is written");
    recompute_sums(&project.path(release));
    project.run(&["verify", release]).succeeds();
    project.run(&["verify", release, "--key", "a.pub"]).fails_with(1).says("error[R817]: SHA256SUMS.minisig is not valid");
    minisign(&["-V", "-p", "a.pub", "-m", sums]).fails_with(1);
    fs::remove_file(project.path("build/releases/note/1/SHA256SUMS.minisig")).expect("it is removed");
    project.run(&["verify", release, "--key", "a.pub"]).fails_with(1).says("the release is not signed");
    project.run(&["release", "--replace", "--sign", "a.pub"]).fails_with(1).says("error[R804]").says("cannot sign");
    project.run(&["release", "--replace", "--sign", "none"]).fails_with(1).says("the key \"").says("cannot be read");
}

/// Rewrites an EPUB so that the entry `name` has the bytes of the entry `other`.
fn swap_entries(epub: &Path, name: &str, other: &str) {
    let mut archive = ZipArchive::new(File::open(epub).expect("it is read")).expect("a container");
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let (own, method) = {
            let entry = archive.by_index(index).expect("an entry");
            (entry.name().expect("a name").into_owned(), entry.compression())
        };
        let mut bytes = Vec::new();
        let source = if own == name { other } else { &own };
        archive.by_name(source).expect("an entry").read_to_end(&mut bytes).expect("it is read");
        let options = SimpleFileOptions::default().compression_method(method).last_modified_time(DateTime::default());
        written.start_file(own.as_str(), options).expect("it is started");
        written.write_all(&bytes).expect("it is written");
    }
    fs::write(epub, written.finish().expect("a container").into_inner()).expect("it is written");
}

#[test]
fn a_flipped_byte_of_a_page_and_a_swapped_font_of_a_book_are_named_although_all_sums_agree() {
    let project = released();
    let folder = project.path(RELEASE);
    let (pdf, epub) = (folder.join("brochure-2023-12.pdf"), folder.join("brochure-2023-12.epub"));
    // A byte in the content stream of page 3.
    let bytes = fs::read(&pdf).expect("it is read");
    let document = lopdf::Document::load_mem(&bytes).expect("a PDF");
    let page = *document.get_pages().get(&3).expect("page 3");
    let content = document.get_page_contents(page)[0];
    let stream = document.get_object(content).expect("an object").as_stream().expect("a stream");
    let start = bytes.windows(stream.content.len()).position(|window| window == stream.content).expect("its bytes");
    flip(&pdf, start + stream.content.len() / 2);
    // Another face of a family.
    let mut archive = ZipArchive::new(File::open(&epub).expect("it is read")).expect("a container");
    let names: Vec<String> = (0..archive.len()).map(|at| archive.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    let fonts: Vec<&String> = names.iter().filter(|name| name.contains("/fonts/")).collect();
    swap_entries(&epub, fonts[0], fonts[1]);
    recompute_sums(&folder);
    let session = project.run(&["verify", RELEASE, "--sources", "."]).fails_with(1);
    session
        .says("error[R816]: \"brochure-2023-12.pdf\" differs from the rebuilt file")
        .says("first on page 3")
        .says("error[R816]: \"brochure-2023-12.epub\" differs from the rebuilt file")
        .says(&format!("first in \"{}\"", fonts[0]));
}

#[test]
fn a_release_with_print_products_and_records_is_rebuilt_with_equal_bytes() {
    let print = "records = true\nlang = \"en\"";
    let isbn = "[isbn]\nepub = \"978-2-9999990-0-8\"\nprint = \"978-2-9999990-2-2\"\n\n[print]\nbinding = \"perfect\"\nstock = { weight = 90, bulk = 1.25 }\n\n[[editions]]";
    let project = || {
        Project::small("The lock at noon.").edit("sources/note/publication.toml", "lang = \"en\"", print).edit(
            "sources/note/publication.toml",
            "[[editions]]",
            isbn,
        )
    };
    let one = project();
    one.run(&["release"]).succeeds();
    let release = "build/releases/note/1";
    let manifest: serde_json::Value = serde_json::from_slice(&one.read(&format!("{release}/manifest.json"))).expect("JSON");
    assert_eq!(manifest["profile"]["condition"], "FOGRA39", "{}", manifest["profile"]);
    let artefacts = manifest["artefacts"].as_array().expect("a list");
    let claims = |end: &str| {
        let file = artefacts.iter().find(|file| file["path"].as_str().is_some_and(|path| path.ends_with(end)));
        file.unwrap_or_else(|| panic!("no {end} in {artefacts:?}"))["claims"].to_string()
    };
    assert!(claims("-print.pdf").contains("PDF/X-4"), "{}", claims("-print.pdf"));
    for record in [".onix.xml", ".bib", ".ris", ".cff", ".jsonld"] {
        assert_eq!(claims(record), "[]", "{record}");
    }
    let other = project().env("TZ", "Pacific/Auckland").env("RAYON_NUM_THREADS", "1");
    copy_folder(&one.path(release), &other.path("archive"));
    other.run(&["verify", "archive", "--sources", "."]).succeeds().prints("rebuilt: ").prints("have the same bytes");
}

#[test]
fn a_release_is_verified_under_other_compositions_of_accents() {
    let named = |folder: &str, image: &str| {
        let project = Project::small("![A heron](heron.png)");
        fs::rename(project.path("sources/note"), project.path(&format!("sources/{folder}"))).expect("it is renamed");
        let picture = repository().join("tests/fixtures/checks/R602/good/heron.png");
        fs::copy(picture, project.path(&format!("sources/{folder}/{image}"))).expect("it is copied");
        let text = "+++\ntitle = \"Text\"\n+++\n![A heron](h\u{e9}ron.png)\n";
        let rights = "licence = \"CC0-1.0\"\n";
        project.file(&format!("sources/{folder}/text.md"), text).file(&format!("sources/{folder}/{image}.toml"), rights)
    };
    let decomposed = named("e\u{301}te\u{301}", "he\u{301}ron.png");
    decomposed.run(&["release"]).succeeds();
    let release = "build/releases/\u{e9}t\u{e9}/1";
    assert!(decomposed.path(&format!("{release}/\u{e9}t\u{e9}-1.pdf")).is_file(), "{:?}", decomposed.files("build"));
    decomposed.run(&["verify", release, "--sources", "."]).succeeds();
    let composed = named("\u{e9}t\u{e9}", "h\u{e9}ron.png");
    let folder = decomposed.path(release).display().to_string();
    composed.run(&["verify", &folder, "--sources", "."]).succeeds();
    composed.run(&["build", "e\u{301}te\u{301}"]).succeeds();
}
