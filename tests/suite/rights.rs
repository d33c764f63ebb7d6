//! Rights: the notice, the table of credits, and the metadata of both outputs contain the same items.

use serde_json::Value;

use crate::artefacts::{artefact, pdf_text};
use crate::epub::{chapters, package};
use crate::harness::{Project, Session, repository};
use crate::pdf::facts;
use crate::sentences::untagged;

/// Returns the editions of a fixture from `inspect`.
fn inspected(workspace: &str) -> Vec<Value> {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_reliure"));
    command.arg("--root").arg(repository().join(workspace)).args(["inspect", "--json"]);
    let inspection: Value = serde_json::from_str(&Session::of(&mut command).succeeds().stdout).expect("JSON");
    inspection["publications"].as_array().expect("publications").clone()
}

/// Removes characters that extractors treat differently: spaces, soft hyphens and break opportunities.
fn sequence(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{ad}' | '\u{200b}')).collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn outputs_and_metadata_contain_the_same_exceptions() {
    for (workspace, name) in
        [(".", "reve/brochure-2023-05"), ("tests/fixtures/carnet", "carnet-2024-03"), ("tests/fixtures/leaflet", "canal-spring")]
    {
        let editions = inspected(workspace);
        let edition = editions.iter().find(|edition| name.ends_with(edition["artefact"].as_str().unwrap())).expect("the edition");
        let lines = texts(&edition["licence"]["exceptions"]);
        assert!(!lines.is_empty(), "{name}");
        let pdf = sequence(&pdf_text(&format!("{name}.pdf")));
        let pages: String = chapters(&format!("{name}.epub")).iter().map(|(_, text)| sequence(&untagged(text))).collect();
        let package = sequence(&untagged(&package(&format!("{name}.epub"))));
        let xmp = &facts(&format!("{name}.pdf"))["xmp"];
        let xmp_of = |key: &str| sequence(&texts(&xmp[key]).concat());
        for line in lines.iter().map(|line| sequence(line)) {
            assert!(pages.contains(&line), "{name}, EPUB: {line}");
            assert!(package.contains(&line), "{name}, package: {line}");
            for key in ["dc:rights", "xmpRights:UsageTerms"] {
                assert!(xmp_of(key).contains(&line), "{name}, {key}: {line} in {}", xmp_of(key));
            }
            // The columns of a page interleave in its text, so only the start of the line is compared.
            let start: String = line.chars().take(20).collect();
            assert!(pdf.contains(&start), "{name}, PDF: {start}");
        }
    }
}

#[test]
fn ledger_is_ordered_by_kind() {
    let editions = inspected("tests/fixtures/carnet");
    let ledger = editions[0]["ledger"].as_array().expect("a ledger");
    let kinds: Vec<&str> = ledger.iter().filter_map(|item| item["kind"].as_str()).collect();
    let mut once = kinds.clone();
    once.dedup();
    assert_eq!(once, ["image", "logo", "quotation", "text", "data", "font", "other"]);
    let photo = ledger.iter().find(|item| item["licence"] == "CC-BY-4.0").expect("the photograph");
    assert_eq!(
        (&photo["credit"], &photo["date"], &photo["standing"]),
        (&"Solène Vasseur".into(), &"mars 2023".into(), &"compatible".into())
    );
    let spectral = ledger.iter().find(|item| item["what"] == "Source Serif 4").expect("the font of the text");
    assert_eq!((&spectral["credit"], &spectral["licence"]), (&"Adobe".into(), &"OFL-1.1".into()), "read from the font itself");
}

#[test]
fn outputs_have_the_same_table_of_credits() {
    let pdf = sequence(&pdf_text("carnet-2024-03.pdf"));
    let chapters = chapters("carnet-2024-03.epub");
    let (_, annexes) = chapters.iter().find(|(path, _)| path.ends_with("annexes.xhtml")).expect("the chapter");
    let mut own_images = 0;
    for item in inspected("tests/fixtures/carnet")[0]["ledger"].as_array().expect("a ledger") {
        let what = item["what"].as_str().expect("what it is");
        // Images under the licence of the publication are merged into one row.
        if item["kind"] == "image" && item["standing"] == "same" && item["source"].is_null() {
            own_images += 1;
            continue;
        }
        let is_shown = annexes.split("<th scope=\"row\">").skip(1).any(|cell| {
            // The row may be the first of a page.
            let page = cell.strip_prefix("<span id=\"_page-").and_then(|rest| rest.split_once("</span>"));
            page.map_or(cell, |(_, text)| text).starts_with(what)
        });
        assert!(is_shown, "{what}");
        let start: String = sequence(what).chars().take(9).collect();
        assert!(pdf.contains(&start), "{what}");
    }
    let sum = format!("<th scope=\"row\">{own_images} images");
    assert!(own_images > 1 && annexes.contains(&sum), "{sum}");
    assert!(pdf.contains(&sequence(&format!("{own_images} images"))), "{own_images}");
}

#[test]
fn package_contains_the_rights_of_each_file() {
    let package = package("carnet-2024-03.epub");
    let photo = package.split("<item ").find(|item| item.contains("soir-d-equinoxe")).expect("the photograph");
    let id = photo.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("its id");
    for part in [
        format!("<meta refines=\"#{id}\" property=\"dcterms:rightsHolder\">Solène Vasseur</meta>"),
        format!("<meta refines=\"#{id}\" property=\"dcterms:rights\">CC BY 4.0</meta>"),
        format!("<link refines=\"#{id}\" rel=\"dcterms:license\" href=\"https://creativecommons.org/licenses/by/4.0/\"/>"),
        "<meta refines=\"#font-1\" property=\"dcterms:rights\">SIL Open Font License 1.1</meta>".to_owned(),
    ] {
        assert!(package.contains(&part), "no {part} in\n{package}");
    }
}

#[test]
fn public_domain_is_not_marked_as_protected() {
    let marked = |name: &str| texts(&facts(name)["xmp"]["xmpRights:Marked"]).concat();
    assert_eq!((marked("canal-spring.pdf"), marked("carnet-2024-03.pdf")), ("False".into(), "True".into()));
}

#[test]
fn brief_notice_links_to_the_full_one() {
    let chapters = chapters("reve/brochure-2023-05.epub");
    let page = |name: &str| &chapters.iter().find(|(path, _)| path.ends_with(name)).expect("the chapter").1;
    let brief = page("presentation.xhtml").replace("\n</", "</");
    assert!(brief.contains("Exceptions\u{a0}: voir <a href=\"credits.xhtml#credits\">Crédits</a>."), "{brief}");
    assert!(!brief.contains("licence-exceptions") && page("credits.xhtml").contains("licence-exceptions"));
    assert!(artefact("reve/brochure-2023-05.pdf").is_file());
    assert!(pdf_text("reve/brochure-2023-05.pdf").contains("Exceptions : voir Crédits"));
}

/// Returns a publication with one image under these terms, followed by a text.
fn with_image(terms: &str, text: &str) -> Project {
    let png = std::fs::read(repository().join("tests/fixtures/carnet/sources/carnet/images/coupe.png")).unwrap();
    let project = Project::small(&format!("![A well](well.png)\n\n{text}"))
        .file("sources/note/well.png.toml", &format!("credit = \"X\"\nlicence = \"{terms}\"\n"))
        .file("sources/note/colophon.md", "+++\ntitle = \"Colophon\"\n+++\n\nNo notice here.\n");
    std::fs::write(project.path("sources/note/well.png"), png).unwrap();
    project
}

const NOTICE: &str = "::: licence\n:::";

#[test]
fn warns_about_incompatible_terms() {
    for (terms, words) in [
        ("CC-BY-NC-4.0", "the image \"well.png\" is under CC-BY-NC-4.0, which forbids what etalab-2.0 allows: commercial use"),
        ("CC-BY-ND-4.0", "which forbids what etalab-2.0 allows: changes"),
        ("CC-BY-SA-4.0", "which forbids what etalab-2.0 allows: distribution of derivatives"),
        ("all rights reserved", "is under \"all rights reserved\", which forbids"),
        ("with leave of the author", "it is not known whether the terms of"),
    ] {
        let session = with_image(terms, NOTICE).run(&["check"]).succeeds();
        session.says("warning[R405]").says(words).says("well.png.toml:2:11").says("lists it among the exceptions");
    }
    for terms in ["CC-BY-4.0", "CC0-1.0", "etalab-1.0", "public domain"] {
        let session = with_image(terms, NOTICE).run(&["check"]).succeeds();
        assert!(!session.stderr.contains("R405"), "{terms}: {}", session.stderr);
    }
}

#[test]
fn suggests_the_id_of_a_misspelt_licence() {
    let session = with_image("CC BY 4.0", NOTICE).run(&["check"]).fails_with(1);
    session
        .says("error[R403]: no licence has the id \"CC BY 4.0\"")
        .says("did you mean \"CC-BY-4.0\"?")
        .says("well.png.toml:2:11");
    let publication = |id: &str| {
        let licence = format!("[licence]\nid = \"{id}\"\n\n[[editions]]");
        Project::small("x").edit("sources/note/publication.toml", "[[editions]]", &licence).run(&["check"])
    };
    publication("etalab-2").fails_with(1).says("R403").says("did you mean \"etalab-2.0\"?");
    publication("MIT").fails_with(1).says("MIT is not a licence for publications");
    publication("LAL-1.3").succeeds();
}

#[test]
fn rejects_exceptions_that_no_page_shows() {
    let session = with_image("CC-BY-4.0", "Text.").run(&["check"]).fails_with(1);
    session
        .says("error[R406]: no complete licence notice lists the items that are not under etalab-2.0: \"A well\"")
        .says("::: licence");
    let brief = with_image("CC-BY-4.0", "::: licence {form=\"brief\"}\n:::").run(&["check"]).fails_with(1);
    brief.says("R406").says("text.md:6:1").says("add a complete notice");
    with_image("etalab-2.0", "Text.").run(&["check"]).succeeds();
    Project::small("Fonts carry their licence with them.").run(&["check"]).succeeds();
}

#[test]
fn quotations_are_short_by_default() {
    let quoted = |attributes: &str| {
        let text = format!("::: epigraph {{source=\"Ada, letters\" {attributes}}}\nWords.\n:::");
        Project::small(&text).run(&["inspect", "--json"]).succeeds()
    };
    quoted("").prints("\"short quotation\"").prints("\"“Words”\"");
    quoted("licence=\"CC-BY-NC-4.0\"").says("R405").says("the quotation “Words”").prints("Ada, letters, CC BY-NC 4.0");
    let wrong = Project::small("::: epigraph {source=\"Ada\" url=\"ada.org\"}\nWords.\n:::").run(&["check"]);
    wrong.fails_with(1).says("R304");
}

#[test]
fn requires_a_licence_for_fonts_without_one() {
    let project = Project::small("x").edit(
        "sources/note/publication.toml",
        "[[editions]]",
        "[brand.typography]\nbase = [\"Spektral\"]\n\n[[editions]]",
    );
    std::fs::create_dir_all(project.path("fonts")).unwrap();
    std::fs::write(project.path("fonts/Spektral.ttf"), font_without_rights()).unwrap();
    let session = project.run(&["check"]).fails_with(1);
    session
        .says("error[R403]: the font \"Spektral\" does not state its licence")
        .says("publication.toml:13:8")
        .says("[[brand.typography.fonts]]");
    let declared = "base = [\"Spektral\"]\n\n[[brand.typography.fonts]]\nfamily = \"Spektral\"\nlicence = \"tous droits réservés\"\ncredit = \"Us\"";
    let project = project.edit("sources/note/publication.toml", "base = [\"Spektral\"]", declared);
    project.run(&["inspect", "--json"]).succeeds().prints("Font Spektral: tous droits réservés");
}

/// Returns a font with another name and without information on its rights.
fn font_without_rights() -> Vec<u8> {
    let mut font = std::fs::read(repository().join("fonts/spectral/Spectral-Regular.ttf")).unwrap();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let (from, to) = (wide("Spectral"), wide("Spektral"));
    for at in 0..font.len() - from.len() {
        if font[at..].starts_with(&from) {
            font[at..at + to.len()].copy_from_slice(&to);
        }
    }
    let number = |font: &[u8], at: usize| usize::from(u16::from_be_bytes([font[at], font[at + 1]]));
    let tables = number(&font, 4);
    let entry = (0..tables).map(|table| 12 + 16 * table).find(|at| font[*at..].starts_with(b"name")).expect("a name table");
    let table = (number(&font, entry + 8) << 16) + number(&font, entry + 10);
    for record in (0..number(&font, table + 2)).map(|record| table + 6 + 12 * record) {
        if [0, 13, 14].contains(&number(&font, record + 6)) {
            font[record + 6..record + 8].copy_from_slice(&[0x7F, 0x00]);
        }
    }
    font
}
