//! The elements of ordinary texts, in the EPUB and the PDF; the fixture `everyday` contains all of them. The goldens are the XHTML
//! of the chapters in `tests/goldens/everyday/NAME`, and the structure of the PDF with its text in
//! `tests/goldens/everyday/NAME.pdf.txt`. To accept a change: read the differences, then set `SNAPSHOTS=overwrite`.

use std::fs;
use std::process::Command;

use snapbox::Data;

use crate::artefacts::{artefact, pdf_text};
use crate::epub::entries_of;
use crate::harness::{Project, repository};

/// The publications with their sections.
const PUBLICATIONS: [(&str, &[&str]); 2] = [
    ("cahier-2024-09", &["listes", "tableaux", "code", "texte", "images", "ailleurs", "longueurs"]),
    ("logbook-2024", &["lists", "tables", "code", "words"]),
];

fn chapter(publication: &str, section: &str) -> String {
    let entry = format!("OEBPS/{section}.xhtml");
    entries_of(&artefact(&format!("{publication}.epub"))).remove(&entry).expect("the chapter is there")
}

/// Returns the structure of a PDF with its text and the attributes of tables and lists, without colours and sizes.
fn structure(publication: &str) -> String {
    let pdf = artefact(&format!("{publication}.pdf"));
    let output = Command::new("pdfinfo").arg("-struct-text").arg(pdf).output().expect("pdfinfo runs");
    let is_kept = |line: &&str| {
        let line = line.trim_start();
        !line.starts_with('/') || ["/Scope", "/Headers", "/ListNumbering"].iter().any(|known| line.starts_with(known))
    };
    let lines: Vec<String> =
        String::from_utf8_lossy(&output.stdout).lines().filter(is_kept).map(|line| format!("{line}\n")).collect();
    lines.concat()
}

#[test]
fn chapters_match_the_goldens() {
    for (publication, sections) in PUBLICATIONS {
        let folder = repository().join("tests/goldens/everyday").join(publication);
        for section in sections {
            let golden = Data::read_from(&folder.join(format!("{section}.xhtml")), None).raw();
            snapbox::assert_data_eq!(chapter(publication, section), golden);
        }
        let kept = fs::read_dir(&folder).expect("goldens").count();
        assert_eq!(kept, sections.len(), "a golden for each chapter of {publication}, and no other");
    }
}

#[test]
fn pdf_structure_matches_the_goldens() {
    for (publication, _) in PUBLICATIONS {
        let golden = repository().join("tests/goldens/everyday").join(format!("{publication}.pdf.txt"));
        snapbox::assert_data_eq!(structure(publication), Data::read_from(&golden, None).raw());
    }
}

/// Returns the text of an XHTML fragment.
fn characters(fragment: &str) -> String {
    let mut text = String::new();
    let mut rest = fragment;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = rest[start..].split_once('>').expect("a tag ends").1;
    }
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn preserves_every_character_of_code() {
    let source = fs::read_to_string(repository().join("tests/fixtures/everyday/sources/cahier/code.md")).expect("the source");
    let mut written = source.split("```").skip(1).step_by(2).map(|block| {
        let (_, code) = block.split_once('\n').expect("a line for the language");
        code.strip_suffix('\n').unwrap_or(code).to_owned()
    });
    let xhtml = chapter("cahier-2024-09", "code");
    let mut shown = xhtml.split("<pre>").skip(1).map(|rest| characters(rest.split("</pre>").next().expect("an end")));
    assert_eq!(shown.clone().count(), 7);
    assert!(shown.clone().any(|code| code.contains('\t')), "tabs stay");
    assert!(written.clone().eq(shown.by_ref()), "{:?}", written.next());
}

#[test]
fn notes_of_headings_are_not_in_outline_contents_and_navigation() {
    let outline = Command::new("mutool").arg("show").arg(artefact("cahier-2024-09.pdf")).arg("outline").output();
    let outline = String::from_utf8(outline.expect("mutool runs").stdout).expect("UTF-8");
    assert!(outline.contains("\"Une note dans un titre\""), "{outline}");
    let pages = pdf_text("cahier-2024-09.pdf");
    let contents = pages.split('\u{C}').nth(1).expect("the contents");
    let line = contents.lines().find(|line| line.contains("Une note dans un titre")).expect("an entry");
    assert!(!line.contains("titre3") && !line.contains("titre 3"), "{line}");
    assert_eq!(pages.matches("Elle se lit au pied de la page du titre.").count(), 1, "the note is printed once");
    let entries = entries_of(&artefact("cahier-2024-09.epub"));
    assert!(entries["OEBPS/nav.xhtml"].contains("#note-titre\">Une note dans un titre</a>"), "{}", entries["OEBPS/nav.xhtml"]);
    assert!(entries["OEBPS/texte.xhtml"].contains("Une note dans un titre<sup class=\"noteref\">"));
}

#[test]
fn break_opportunities_do_not_change_the_text() {
    let text = pdf_text("cahier-2024-09.pdf") + &pdf_text("logbook-2024.pdf");
    assert!(!text.contains('\u{200B}'), "no zero-width space");
    let joined: String = text.split_whitespace().collect();
    for whole in [
        "aaaaaaaaaabbbbbbbbbbcccccccccc",
        "https://example.org/observatoire/ports/le-mole/releves/2024/septembre/hauteurs?unite=metre",
    ] {
        assert!(joined.contains(whole), "{whole}");
    }
    let long = chapter("cahier-2024-09", "longueurs");
    assert!(long.contains("https://<wbr/>example.<wbr/>org/<wbr/>observatoire/<wbr/>"), "{long}");
}

#[test]
fn table_cells_of_the_pdf_have_headers() {
    let pages = structure("cahier-2024-09");
    let table = pages.split("Table").find(|table| table.contains("Printemps")).expect("the table");
    let long = pages.split("Table").find(|table| table.contains("calme plat")).expect("the long table");
    assert!(long.contains("Caption"), "{long}");
    assert_eq!((table.matches("/Scope /Column").count(), table.matches("/Scope /Row").count()), (4, 4), "{table}");
    let cells = table.matches("TD:").count();
    let headed = table.matches("/Headers [(").count();
    assert_eq!((cells, headed - 4), (12, 12), "every cell names its headers\n{table}");
}

#[test]
fn embeds_fonts_for_other_scripts_only_if_needed() {
    let fonts = |project: &Project| -> Vec<String> {
        let entries = entries_of(&project.path("build/note-1.epub"));
        entries.into_keys().filter(|path| path.contains("/fonts/") && path.contains("Noto")).collect()
    };
    let made = |body: &str| {
        let folder = repository().join("tests/fixtures/everyday/fonts/noto-naskh-arabic");
        let brand = "[brand.typography]\nbase = [\"Source Serif 4\", \"Noto Naskh Arabic\"]\n\n[organisations.us]";
        let project = Project::small(body).edit("sources/note/publication.toml", "[organisations.us]", brand);
        fs::create_dir_all(project.path("fonts")).expect("a folder");
        for face in ["NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf"] {
            fs::copy(folder.join(face), project.path("fonts").join(face)).expect("the font is copied");
        }
        project.run(&["build"]).succeeds();
        project
    };
    assert!(fonts(&made("The sea.")).is_empty());
    // Only the faces that passages use.
    assert_eq!(fonts(&made("The sea is [البحر]{lang=ar} here.")).len(), 1);
    assert_eq!(fonts(&made("The sea is [البحر]{lang=ar}, **the [البحر]{lang=ar}** here.")).len(), 2);
}

#[test]
fn rejects_svgs_with_external_references() {
    let svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><image href=\"https://example.org/x.png\"/></svg>";
    let project = Project::small("![A box](box.svg)")
        .file("sources/note/box.svg", svg)
        .file("sources/note/box.svg.toml", "licence = \"CC0-1.0\"\n");
    project
        .run(&["build"])
        .fails_with(1)
        .says("error[R401]: \"sources/note/box.svg\" contains the attribute \"href\" of <image>");
}
