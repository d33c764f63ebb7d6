//! The page list of EPUBs: its pages and their positions, and that an EPUB built alone has the same bytes as one built with a
//! PDF.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::artefacts::{PUBLICATIONS, artefact};
use crate::epub::entries_of;
use crate::harness::{Project, Session, copy_folder, repository};
use crate::judges::failures;

const MANIFEST: &str = "sources/note/publication.toml";
const EPUB: &str = "build/note-1.epub";

/// Returns the small publication with a long section, and with more keys and tables in its manifest.
fn project(keys: &str, tables: &str) -> Project {
    let words = |from: usize| (from..from + 400).map(|number| format!("word{number}")).collect::<Vec<_>>().join(" ");
    let project = Project::small(&format!("{}\n\n{}", words(1000), words(2000)));
    let manifest = String::from_utf8(project.read(MANIFEST)).expect("UTF-8");
    project.file(MANIFEST, &format!("{keys}\n{manifest}\n{tables}"))
}

fn built(project: &Project, arguments: &[&str]) -> BTreeMap<String, String> {
    project.run(&[&["build"], arguments].concat()).succeeds();
    entries_of(&project.path(EPUB))
}

/// Returns the label and the target of each page in the navigation document.
fn listed(entries: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let nav = &entries["OEBPS/nav.xhtml"];
    let Some((_, list)) = nav.split_once("epub:type=\"page-list\"") else { return Vec::new() };
    let links = list.split("<a href=\"").skip(1).map(|link| link.split_once("\">").expect("a link"));
    links.map(|(href, rest)| (rest.split('<').next().expect("a label").to_owned(), href.to_owned())).collect()
}

/// Returns the text that follows a page break, up to the next tag.
fn text_at(entries: &BTreeMap<String, String>, href: &str) -> String {
    let (file, id) = href.split_once('#').expect("an id");
    let (_, after) = entries[&format!("OEBPS/{file}")].split_once(&format!("<span id=\"{id}\"")).expect("a page break");
    let (_, after) = after.split_once("</span>").expect("it is closed");
    after.split('<').next().expect("text").to_owned()
}

/// Returns the first word of the body on a page of a PDF: the line after the running head.
fn first_word(pdf: &Path, page: usize) -> String {
    let page = page.to_string();
    let output =
        Command::new("pdftotext").args(["-f", &page, "-l", &page]).arg(pdf).arg("-").output().expect("poppler is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().find(|word| word.starts_with("word")).expect("a word").trim_matches('\u{AD}').to_owned()
}

#[test]
fn each_page_begins_with_its_first_word() {
    let project = project("", "");
    let entries = built(&project, &[]);
    let list = listed(&entries);
    let labels: Vec<&str> = list.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["1", "2", "3", "4", "5", "6", "7"]);
    assert_eq!(list[0].1, "title.xhtml#_page-1");
    // The table of contents is not part of the text, and the first section begins at its header.
    assert_eq!((&list[1].1, &list[2].1), (&"text.xhtml#_page-3".to_owned(), &"text.xhtml#_page-3".to_owned()));
    for page in [4, 5, 6] {
        let word = first_word(&project.path("build/note-1.pdf"), page);
        let text = text_at(&entries, &list[page - 1].1);
        assert!(text.starts_with(&word), "page {page}: {word:?}, not {:?}", &text[..40]);
    }
    assert_eq!(list[6].1, "colophon.xhtml#_page-7");
    let ncx = &entries["OEBPS/toc.ncx"];
    assert!(ncx.contains("<pageTarget id=\"page-4\" type=\"normal\" value=\"4\""), "{ncx}");
    assert!(
        ncx.contains("name=\"dtb:totalPageCount\" content=\"7\"") && ncx.contains("name=\"dtb:maxPageNumber\" content=\"7\"")
    );
}

#[test]
fn pages_of_paragraphs_of_several_texts_begin_with_their_first_word() {
    // The texts of such a paragraph are one text in the PDF.
    let words = |from: usize| (from..from + 220).map(|number| format!("word{number:04}"));
    let lines = |from: usize| words(from).collect::<Vec<_>>().chunks(8).map(|line| line.join(" ")).collect::<Vec<_>>().join("\n");
    let sentence = |from: usize| words(from).collect::<Vec<_>>().join(" ");
    let mut body = String::new();
    for (at, kind) in ["lines", "abbr", "q", "span", "only", "time"].iter().cycle().take(18).enumerate() {
        let (half, rest) = (at * 300, at * 300 + 40);
        let start = words(half).take(40).collect::<Vec<_>>().join(" ");
        let end = sentence(rest);
        body.push_str(&match *kind {
            "lines" => lines(half),
            "abbr" => format!("{start} <abbr title=\"United Nations\">UN{at}</abbr> {end}"),
            "q" => format!("{start} <q>quoted</q> {end}"),
            "span" => format!("{start} <span>marked</span> {end}"),
            "only" => format!("{start} [this]{{edition=\"1\"}} {end}"),
            _ => format!("{start} <time>2024</time> {end}"),
        });
        body.push_str("\n\n");
    }
    let project = Project::small(&body);
    let entries = built(&project, &[]);
    let list = listed(&entries);
    let mut checked = 0;
    for page in 4..list.len() {
        let word = first_word(&project.path("build/note-1.pdf"), page);
        let text = text_at(&entries, &list[page - 1].1);
        assert!(text.starts_with(&word), "page {page}: {word:?}, not {:?}", text.chars().take(40).collect::<String>());
        checked += 1;
    }
    assert!(checked > 8, "{checked} pages");
}

#[test]
fn pages_of_text_from_right_to_left_begin_with_its_first_word() {
    // Lines are drawn from left to right, so the first drawn word is the last word of its line.
    let letters: Vec<char> = "ابتثجحخدذر".chars().collect();
    let word = |number: usize| -> String {
        format!("{number:04}").bytes().fold("م".to_owned(), |word, digit| word + &letters[usize::from(digit - b'0')].to_string())
    };
    let words: Vec<String> = (0..900).map(word).collect();
    let fonts = "[brand.typography]\nbase = [\"Source Serif 4\", \"Noto Naskh Arabic\"]\n";
    let project = project("", fonts).file(
        "sources/note/text.md",
        &format!("+++\ntitle = \"Text\"\n+++\n::: passage {{lang=\"ar\"}}\n{}\n:::\n", words.join(" ")),
    );
    let font = repository().join("tests/fixtures/everyday/fonts/noto-naskh-arabic");
    copy_folder(&font, &project.path("fonts/noto-naskh-arabic"));
    let entries = built(&project, &[]);
    for page in [4, 5] {
        let number = page.to_string();
        let output = Command::new("pdftotext")
            .args(["-f", &number, "-l", &number])
            .arg(project.path("build/note-1.pdf"))
            .arg("-")
            .output();
        let text = String::from_utf8_lossy(&output.expect("poppler is installed").stdout).into_owned();
        let first = text.split(|c: char| !letters.contains(&c) && c != 'م').find(|word| !word.is_empty()).expect("a word");
        let shown = text_at(&entries, &listed(&entries)[page - 1].1);
        assert!(shown.starts_with(first), "page {page}: {first}, not {:?}", shown.split(' ').next());
    }
}

#[test]
fn an_epub_has_the_same_bytes_alone_and_beside_a_pdf() {
    for (keys, tables, pdf) in [("", "", "pdf"), ("", "[print]\nbinding = \"perfect\"\ngutter = \"20mm\"", "print")] {
        let beside = project(keys, tables);
        beside.run(&["build", "--format", "epub", "--format", "pdf", "--format", pdf]).succeeds();
        let alone = project(keys, tables);
        alone.run(&["build", "--format", "epub"]).succeeds();
        assert!(beside.read(EPUB) == alone.read(EPUB), "{pdf}: alone and beside the PDF");
        // The page starts are in the store.
        let after = project(keys, tables);
        after.run(&["build", "--format", pdf]).succeeds();
        after.run(&["build", "--format", "epub"]).succeeds();
        assert!(beside.read(EPUB) == after.read(EPUB), "{pdf}: after the PDF");
    }
}

#[test]
fn page_starts_in_the_store_are_not_computed_again() {
    let project = project("", "");
    project.run(&["build", "--format", "pdf"]).succeeds();
    let layouts = |session: &Session| session.stderr.lines().filter(|line| line.contains(": pages")).count();
    let stored = project.run(&["build", "--format", "epub", "--verbose"]).succeeds();
    let forced = project.run(&["build", "--format", "epub", "--verbose", "--force"]).succeeds();
    assert_eq!((layouts(&stored), layouts(&forced)), (0, 1), "{}{}", stored.stderr, forced.stderr);
}

#[test]
fn the_list_names_its_pdf() {
    let uuid = |entries: &BTreeMap<String, String>| {
        let package = &entries["OEBPS/content.opf"];
        let (_, source) = package.split_once("<meta property=\"pageBreakSource\">").expect("a source");
        let source = source.split('<').next().expect("a value").to_owned();
        assert!(package.contains(&format!("<dc:source>{source}</dc:source>")), "{package}");
        for feature in ["pageBreakMarkers", "pageNavigation"] {
            assert!(package.contains(&format!("<meta property=\"schema:accessibilityFeature\">{feature}</meta>")), "{feature}");
        }
        source
    };
    let screen = uuid(&built(&project("", ""), &["--format", "epub"]));
    assert!(screen.starts_with("urn:uuid:"), "{screen}");
    let isbn = "[isbn]\npdf = \"978-2-9999990-0-8\"\n";
    assert_eq!(uuid(&built(&project("", isbn), &["--format", "epub"])), "urn:isbn:9782999999008");
    let print = uuid(&built(&project("page-list = \"print\"", &format!("{isbn}[print]\n")), &["--format", "epub"]));
    assert!(print.starts_with("urn:uuid:") && print != screen, "{print}");
}

#[test]
fn a_list_of_print_pages_follows_the_gutter() {
    let tables = "[print]\nbinding = \"perfect\"\ngutter = \"30mm\"\n";
    let entries = built(&project("page-list = \"print\"", tables), &["--format", "epub"]);
    let screen = built(&project("page-list = \"pdf\"", tables), &["--format", "epub"]);
    assert_ne!(listed(&entries).len(), listed(&screen).len(), "the gutter makes more pages");
    let bound = project("page-list = \"print\"", tables);
    let list = listed(&built(&bound, &["--format", "print", "--format", "epub"]));
    let (label, href) = &list[4];
    let word = first_word(&bound.path("build/note-1-print.pdf"), label.parse().expect("a number"));
    assert!(text_at(&entries, href).starts_with(&word), "{word}");
}

#[test]
fn by_default_the_list_has_the_pages_of_the_print_pdf_if_it_has_a_gutter() {
    let list = |keys: &str, tables: &str| {
        let entries = built(&project(keys, tables), &["--format", "epub"]);
        let (_, source) = entries["OEBPS/content.opf"].split_once("\"pageBreakSource\">").expect("a source");
        (source.split('<').next().expect("a value").to_owned(), listed(&entries))
    };
    let (screen, print) = (list("page-list = \"pdf\"", "[print]\n"), list("page-list = \"print\"", "[print]\n"));
    assert_ne!(screen.0, print.0);
    for (tables, follows) in [
        ("[print]\nbinding = \"perfect\"\n", true),
        ("[print]\nbinding = \"perfect\"\ngutter = \"0mm\"\n", false),
        ("[print]\nbinding = \"saddle-stitch\"\n", false),
        ("[print]\nbinding = \"saddle-stitch\"\ngutter = \"12mm\"\n", true),
        ("[print]\n", false),
    ] {
        let found = list("", tables);
        assert_eq!(found.0, if follows { &print.0 } else { &screen.0 }.as_str(), "{tables}");
        let chosen = list(if follows { "page-list = \"print\"" } else { "page-list = \"pdf\"" }, tables);
        assert_eq!(found, chosen, "{tables}");
    }
}

#[test]
fn a_list_can_be_switched_off_in_each_manifest() {
    let off = built(&project("page-list = false", ""), &["--format", "epub"]);
    assert!(listed(&off).is_empty() && !off.values().any(|text| text.contains("pagebreak") || text.contains("pageBreak")));
    let workspace = project("", "").file("reliure.toml", "page-list = false\n");
    assert!(listed(&built(&workspace, &["--format", "epub"])).is_empty());
    let over = project("page-list = \"pdf\"", "").file("reliure.toml", "page-list = false\n");
    assert!(!listed(&built(&over, &["--format", "epub"])).is_empty(), "the publication overrides the workspace");
}

#[test]
fn a_list_of_print_pages_needs_a_print_pdf() {
    let project = project("page-list = \"print\"", "");
    project.run(&["build"]).fails_with(1).says("R105").says("add a table [print]");
    let with = project.edit(MANIFEST, "[[editions]]", "[print]\n\n[[editions]]");
    with.run(&["build", "--format", "epub"]).succeeds();
    let wrong = with.edit(MANIFEST, "\"print\"", "true");
    wrong
        .run(&["build"])
        .fails_with(1)
        .says("page-list cannot be true: it names the PDF whose pages are listed")
        .says("write page-list = \"pdf\", or \"print\"");
}

/// Returns the output of `judge-pages`.
fn judged(epub: &Path, pdf: &Path, options: &[&str]) -> String {
    let mut judge = Command::new(repository().join("tests/judges/judge-pages"));
    let output = judge.arg(epub).arg(pdf).args(options).output().expect("the judge runs");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{}\n{report}{}", epub.display(), String::from_utf8_lossy(&output.stderr));
    report
}

#[test]
fn pages_of_the_publications_begin_with_the_words_of_the_pdf() {
    // The judge cannot determine the order of words in several columns.
    let single_column = ["carnet-2024-03", "carnet-2025-ete", "cahier-2024-09"];
    for name in single_column {
        assert!(PUBLICATIONS.iter().any(|(_, names)| names.contains(&name)), "{name}");
        let report = judged(&artefact(&format!("{name}.epub")), &artefact(&format!("{name}.pdf")), &[]);
        assert_eq!(failures(&report, &["markers", "words"]), [""; 0]);
    }
}

#[test]
fn pages_of_a_book_of_300_pages_begin_with_the_words_of_the_pdf() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("page-list");
    let home = std::env::var_os("JUDGES_HOME").map(PathBuf::from);
    let home = home.unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").expect("a home")).join(".cache/judges"));
    let mut book = Command::new(home.join("venv/bin/python"));
    book.arg(repository().join("tests/bench/book.py")).arg(&folder).args(["--plain", "300"]);
    Session::of(&mut book).succeeds();
    let mut build = Command::new(env!("CARGO_BIN_EXE_reliure"));
    let project = folder.join("300/project");
    Session::of(build.args(["build", "--force", "--format", "pdf", "--format", "epub", "--root"]).arg(&project)).succeeds();
    let file = |extension: &str| project.join(format!("build/chemins-2025-01.{extension}"));
    let report = judged(&file("epub"), &file("pdf"), &[]);
    assert_eq!(failures(&report, &["markers", "words"]), [""; 0]);
    let compared =
        report.split("compared=").nth(1).and_then(|rest| rest.split_whitespace().next()).and_then(|n| n.parse::<u32>().ok());
    assert!(compared.is_some_and(|compared| compared > 250), "{report}");
}
