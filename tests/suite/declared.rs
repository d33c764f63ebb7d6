//! Identifiers of editions (unique, inherited, hyphenated), and the removal of files of products that are no longer declared.

use std::fs;

use crate::harness::{Project, Session};

const MANIFEST: &str = "sources/note/publication.toml";

/// Adds lines before the editions of the manifest.
fn with_lines(project: Project, lines: &str) -> Project {
    project.edit(MANIFEST, "[[editions]]", &format!("{lines}\n\n[[editions]]"))
}

/// Returns a workspace of two publications, `note` and `other`, with lines before the editions of each.
fn two_publications(note: &str, other: &str) -> Project {
    let project = Project::small("Good.");
    let manifest = String::from_utf8(project.read(MANIFEST)).expect("UTF-8");
    let manifest = manifest.replace("4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10", "b3f1a1f2-5f0e-4d37-8a43-6f1c2f0f7c11");
    let project =
        project.file("sources/other/publication.toml", &manifest.replace("[[editions]]", &format!("{other}\n\n[[editions]]")));
    for name in ["text.md", "colophon.md"] {
        let text = String::from_utf8(project.read(&format!("sources/note/{name}"))).expect("UTF-8");
        fs::write(project.path(&format!("sources/other/{name}")), text).expect("it is written");
    }
    with_lines(project, note)
}

/// Asserts that a session reports the ISBN that two publications share, at both places.
fn assert_reported(session: Session) {
    let session =
        session.says("warning[R114]").says("has the same ISBN 9782999999008 as the EPUB of the edition \"1\" of \"note\"");
    session.says("sources/other/publication.toml:13").says("sources/note/publication.toml:13");
}

#[test]
fn an_isbn_of_two_publications_is_reported_at_both_places() {
    let project = two_publications("[isbn]\nepub = \"978-2-9999990-0-8\"", "[isbn]\npdf = \"9782999999008\"");
    assert_reported(project.run(&["check"]).succeeds());
    assert_reported(project.run(&["build"]).succeeds());
    // Nothing is read again: the identifiers are in the build record.
    assert_reported(project.run(&["build"]).succeeds().says("nothing to do"));
    let alone = project.run(&["build", "other", "--force"]).succeeds();
    assert!(!alone.stderr.contains("R114"), "{}", alone.stderr);
    project.run(&["build", "--strict", "--force"]).fails_with(1).says("error[R114]");
    let project = project.file("reliure.toml", "[checks]\nR114 = \"off\"\n");
    assert!(!project.run(&["build"]).succeeds().stderr.contains("R114"));
    let dois = |one: &str, other: &str| {
        let own = |doi: &str| format!("id = \"1\"\ndoi = \"{doi}\"");
        let project = two_publications("", "").edit(MANIFEST, "id = \"1\"", &own(one));
        project.edit("sources/other/publication.toml", "id = \"1\"", &own(other))
    };
    let project = dois("10.5072/Lock", "10.5072/lock");
    project.run(&["check"]).succeeds().says("the same DOI 10.5072/lock as the edition \"1\" of \"note\"");
    let project = dois("10.5072/a", "10.5072/b");
    assert!(!project.run(&["check"]).succeeds().stderr.contains("R114"));
}

#[test]
fn an_edition_without_identifiers_inherits_none() {
    let both = "[isbn]\nepub = \"978-2-9999990-0-8\"";
    let project = with_lines(Project::small("Good.").edit(MANIFEST, "lang = \"en\"", "lang = \"en\"\ndoi = \"10.5072/a\""), both);
    let manifest = String::from_utf8(project.read(MANIFEST)).expect("UTF-8");
    let second = |values: &str| format!("{manifest}\n[[editions]]\nid = \"2\"\ndate = \"2025-01\"\n{values}");
    let project = project.file(MANIFEST, &second(""));
    let session = project.run(&["check"]).succeeds();
    assert_eq!(session.stderr.matches("[R114]").count(), 2, "{}", session.stderr);
    session.says("doi = \"\"").says("isbn = {}");
    let project = project.file(MANIFEST, &second("doi = \"\"\nisbn = {}\n"));
    let session = project.run(&["check"]).succeeds();
    assert!(!session.stderr.contains("R114"), "{}", session.stderr);
}

#[test]
fn files_of_products_that_are_no_longer_declared_are_removed() {
    let project = with_lines(Project::small("Good."), "[print]\nbinding = \"saddle-stitch\"");
    let project = project.edit(MANIFEST, "lang = \"en\"", "lang = \"en\"\nrecords = [\"bibtex\", \"ris\"]");
    project.run(&["build"]).succeeds();
    let files = |project: &Project| project.files("build").into_iter().filter(|name| !name.starts_with('.')).collect::<Vec<_>>();
    assert_eq!(files(&project), ["note-1-print.pdf", "note-1.bib", "note-1.epub", "note-1.pdf", "note-1.ris"]);
    let project = project.edit(MANIFEST, "[print]\nbinding = \"saddle-stitch\"\n", "");
    // A build with errors removes nothing, and the next one still knows the file.
    let broken = project.edit(MANIFEST, "lang = \"en\"", "lang = \"xx-bad-\"");
    broken.run(&["build"]).fails_with(1);
    assert_eq!(files(&broken).len(), 5);
    let project = broken.edit(MANIFEST, "lang = \"xx-bad-\"", "lang = \"en\"");
    let session = project.run(&["build", "--format", "pdf"]).succeeds();
    session.prints("build/note-1-print.pdf (removed: no longer declared)");
    assert_eq!(files(&project), ["note-1.bib", "note-1.epub", "note-1.pdf", "note-1.ris"]);
    // A file that no build wrote is kept.
    fs::write(project.path("build/note-1.ris"), "mine").expect("it is written");
    let project = project.edit(MANIFEST, "records = [\"bibtex\", \"ris\"]", "records = false");
    project.run(&["build"]).succeeds().prints("build/note-1.bib (removed");
    assert_eq!(files(&project), ["note-1.epub", "note-1.pdf", "note-1.ris"]);
    // A product that was requested on the command line is kept.
    project.run(&["build", "--format", "bibtex"]).succeeds();
    let project = project.edit("sources/note/text.md", "Good.", "Better.");
    project.run(&["build"]).succeeds();
    assert!(files(&project).contains(&"note-1.bib".to_owned()));
}

#[test]
fn isbns_are_shown_with_hyphens_and_stored_as_digits() {
    let project = with_lines(Project::small("Good."), "[isbn]\nepub = \"9782070360246\"");
    project.run(&["build", "--format", "site"]).succeeds();
    let page = String::from_utf8(project.read("build/note/index.html")).expect("UTF-8");
    assert!(page.contains("ISBN 978-2-07-036024-6") && !page.contains(">ISBN 9782070360246"), "{page}");
    let epub = crate::epub::entries_of(&project.path("build/note-1.epub"));
    assert!(epub["OEBPS/content.opf"].contains("urn:isbn:9782070360246"));
}
