//! Differences between editions: those of the brochure differ only in the line « Parution », those of the carnet in sections,
//! passages and metadata.

use std::collections::BTreeMap;
use std::process::Command;

use crate::artefacts::{artefact, pdf_text};
use crate::epub::{chapters, entries_of, package};
use crate::harness::Project;
use crate::pdf::facts;

fn differing<'a>(may: &'a str, december: &'a str) -> Vec<(&'a str, &'a str)> {
    let (may, december): (Vec<&str>, Vec<&str>) = (may.lines().collect(), december.lines().collect());
    assert_eq!(may.len(), december.len(), "the same lines");
    may.into_iter().zip(december).filter(|(a, b)| a != b).collect()
}

fn assert_only_date_differs(may: &str, december: &str) {
    let lines = differing(may, december);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    let (may, december) = lines[0];
    assert!(may.contains("mai 2023") && december.contains("décembre 2023"), "{lines:#?}");
    let plain = |line: &str| line.replace("décembre", "mai").split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(plain(may), plain(december));
}

#[test]
fn pdfs_of_two_editions_differ_in_one_date() {
    let (may, december) = (pdf_text("reve/brochure-2023-05.pdf"), pdf_text("reve/brochure-2023-12.pdf"));
    assert!(may.contains("Parution"), "the line is there");
    assert_only_date_differs(&may, &december);
}

#[test]
fn epubs_of_two_editions_differ_in_one_date() {
    let join = |name: &str| chapters(name).into_iter().map(|(name, text)| format!("{name}\n{text}\n")).collect::<String>();
    assert_only_date_differs(&join("reve/brochure-2023-05.epub"), &join("reve/brochure-2023-12.epub"));
}

/// Returns the text of both editions of the carnet in both outputs, in order.
fn carnets() -> [(String, String); 2] {
    let epub = |name: &str| chapters(&format!("{name}.epub")).into_iter().map(|(_, text)| text).collect::<String>();
    let pdf = |name: &str| pdf_text(&format!("{name}.pdf")).split_whitespace().collect::<Vec<_>>().join(" ");
    [(epub("carnet-2024-03"), epub("carnet-2025-ete")), (pdf("carnet-2024-03"), pdf("carnet-2025-ete"))]
}

#[test]
fn conditions_limit_content_to_editions() {
    for (first, second) in carnets() {
        assert!(first.contains("Le geste") && second.contains("Le geste"), "shared content is in both");
        for added in [
            "L’heure d’été",
            "Ce qui a changé",
            "Une bassine de granit",
            "deux ans, de mars 2023",
            "Lou Kervella",
            "Cahier de veille",
        ] {
            assert!(second.contains(added) && !first.contains(added), "{added:?} is in the second edition alone");
        }
        for removed in ["Autres lectures", "douze mois, de mars 2023", "Quatre volumes reliés"] {
            assert!(first.contains(removed) && !second.contains(removed), "{removed:?} is in the first edition alone");
        }
        assert!(second.contains("suivre le texte, pas même celles de cette édition."), "a note contains words of one edition");
        assert!(first.contains("suivre le texte."), "and the other edition merges the spaces around them");
    }
}

#[test]
fn editions_add_and_move_sections() {
    let titles = |name: &str| {
        let facts = facts(&format!("{name}.pdf"));
        let outline = facts["outline"].as_array().expect("an outline").clone();
        let sections = outline.iter().filter(|item| item["depth"] == 2).filter_map(|item| item["title"].as_str());
        sections.map(str::to_owned).collect::<Vec<_>>().join("|")
    };
    assert_eq!(titles("carnet-2024-03"), "Avant-propos|L’instrument|Le relevé|Lire la courbe|Les saisons|Annexes");
    assert_eq!(
        titles("carnet-2025-ete"),
        "Avant-propos|L’instrument|Le relevé|Les saisons|Lire la courbe|Quand le port balance|Annexes"
    );
    let spine = |name: &str| {
        let package = package(&format!("{name}.epub"));
        let items = package
            .split("media-type=\"application/xhtml+xml\"")
            .filter_map(|item| item.rsplit_once("href=\"")?.1.split_once(".xhtml"));
        items.map(|(file, _)| file.to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(spine("carnet-2024-03"), "cover title nav avant-propos instrument releve courbe saisons annexes");
    assert_eq!(spine("carnet-2025-ete"), "cover title nav avant-propos instrument releve saisons courbe seiche annexes");
}

#[test]
fn editions_have_their_own_metadata() {
    let (first, second) = (package("carnet-2024-03.epub"), package("carnet-2025-ete.epub"));
    for (before, after) in [
        (">Une année à lire le niveau de la mer<", ">Deux années à lire le niveau de la mer<"),
        ("urn:isbn:9782999999015", "urn:isbn:9782999999039"),
        ("Il suit douze mois d’observations", "Il suit deux années d’observations"),
    ] {
        assert!(first.contains(before) && !second.contains(before), "{before} is of the first edition");
        assert!(second.contains(after) && !first.contains(after), "{after} is of the second edition");
    }
    assert!(second.contains("<dc:subject>seiche</dc:subject>") && !first.contains("seiche"));
    assert!(second.contains("<dc:title id=\"title\">Carnet de marée</dc:title>"), "the title is the publication’s");
    let xmp = facts("carnet-2025-ete.pdf")["xmp"].to_string();
    assert!(xmp.contains("deux années d’observations") && xmp.contains("seiche"), "{xmp}");
    assert!(pdf_text("carnet-2025-ete.pdf").contains("Deux années à lire"), "the title page has the subtitle");
}

#[test]
fn errata_print_date_and_corrections() {
    for (first, second) in carnets() {
        let erratum = second
            .split_once("Version corrigée le 8\u{a0}juillet 2025")
            .or(second.split_once("Version corrigée le 8 juillet 2025"));
        let (before, after) = erratum.expect("the colophon has the erratum");
        assert!(before.contains("21 juin 2025") || before.contains("21\u{a0}juin 2025"), "the date of the edition is first");
        assert!(after.contains("et non 132") && after.contains("un nom manquait à la relecture"), "{after}");
        assert!(!first.contains("Version corrigée"), "an edition without erratum prints none");
    }
    let package = package("carnet-2025-ete.epub");
    assert!(package.contains("<dc:date>2025-06-21</dc:date>"), "{package}");
    assert!(package.contains("\"dcterms:modified\">2025-07-08T00:00:00Z<"), "{package}");
    let xmp = &facts("carnet-2025-ete.pdf")["xmp"];
    assert_eq!(
        (&xmp["xmp:CreateDate"][0], &xmp["xmp:ModifyDate"][0]),
        (&"2025-06-21T00:00:00+00:00".into(), &"2025-07-08T00:00:00+00:00".into())
    );
    let info = Command::new("pdfinfo").arg("-rawdates").arg(artefact("carnet-2025-ete.pdf")).output().expect("pdfinfo runs");
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    assert!(info.contains("D:20250621000000Z") && info.contains("D:20250708000000Z"), "{info}");
}

#[test]
fn changes_name_the_previous_edition() {
    for (first, second) in carnets() {
        let (_, list) = second.split_once("Changements depuis l’édition de mars 2024").expect("the list is introduced");
        assert!(list.contains("Un chapitre de plus") && list.contains("Les volumes anciens se consultent"), "{list}");
        assert!(!first.contains("Changements depuis"), "the first edition has no changes");
    }
}

const MANIFEST: &str = "sources/note/publication.toml";

/// Returns a publication of three editions, each based on the previous one.
fn three_editions(body: &str) -> Project {
    let more = "date = \"2024-05\"\n\n\
        [[editions]]\nid = \"2\"\ndate = \"2024-06\"\nbased-on = \"1\"\ntitle = \"Second\"\nsubtitle = \"\"\n\
        sections = [\"more\", \"text\"]\nupdated = \"2024-01-31\"\nchanges = [\"It's more.\"]\n\n\
        [[editions]]\nid = \"3\"\ndate = \"2024-07-02\"\nbased-on = \"2\"\nmodified = \"2024-08\"\n";
    Project::small(body)
        .edit(MANIFEST, "date = \"2024-05-17\"\n", more)
        .edit(MANIFEST, "lang = \"en\"", "lang = \"en\"\nsubtitle = \"First words\"")
        .file("sources/note/more.md", "+++\ntitle = \"More\"\n+++\n::: imprint\n:::\n\n::: changes\n:::\n\n::: licence\n:::\n")
}

#[test]
fn editions_inherit_from_their_base() {
    let project = three_editions("x");
    project.run(&["build", "--format", "epub"]).succeeds();
    let entries = ["1", "2", "3"].map(|id| entries_of(&project.path(&format!("build/note-{id}.epub"))));
    let [first, second, third] = &entries;
    let package = |entries: &BTreeMap<String, String>| entries["OEBPS/content.opf"].clone();
    assert!(package(first).contains(">A note<") && package(first).contains("First words"));
    assert!(!first.contains_key("OEBPS/more.xhtml"));
    for later in [second, third] {
        assert!(package(later).contains(">Second<"), "the title is inherited");
        assert!(!package(later).contains("First words"), "an empty subtitle removes it");
        assert!(later["OEBPS/more.xhtml"].contains("last updated 31\u{a0}January 2024"), "{}", later["OEBPS/more.xhtml"]);
    }
    assert!(second["OEBPS/more.xhtml"].contains("Changes since the edition of May 2024:</p>"));
    assert!(second["OEBPS/more.xhtml"].contains("<li>It’s more.</li>"), "typography applies to changes");
    assert!(!third["OEBPS/more.xhtml"].contains("Changes since"), "changes are not inherited");
    assert!(third["OEBPS/more.xhtml"].contains("Corrected version, August 2024</p>"), "an erratum may list nothing");
}

#[test]
fn requires_new_options_for_other_sections() {
    let arcs = |again: &str| {
        three_editions("x")
            .edit(MANIFEST, "lang = \"en\"", "lang = \"en\"\nlayout = \"brochure\"")
            .edit(MANIFEST, "[[editions]]", "[options]\narcs = [[\"text\", \"colophon\"]]\n\n[[editions]]")
            .edit(MANIFEST, "[\"more\", \"text\"]", &format!("[\"more\", \"text\"]{again}"))
    };
    arcs("").run(&["check"]).fails_with(1).says("R501").says("a section \"colophon\" that does not exist");
    arcs("\noptions.arcs = [[\"more\", \"text\"]]").run(&["check"]).succeeds();
}

#[test]
fn inspect_describes_editions() {
    let session = three_editions("x").run(&["inspect", "--json"]).succeeds();
    let value: serde_json::Value = serde_json::from_str(&session.stdout).expect("JSON");
    let editions: Vec<_> = (0..3).map(|at| &value["publications"][at]["edition"]).collect();
    assert_eq!((&editions[1]["based-on"], &editions[1]["changes"][0]), (&"1".into(), &"It’s more.".into()));
    assert_eq!((&editions[2]["modified"], editions[2]["errata"].as_array().map(Vec::len)), (&"2024-08".into(), Some(0)));
    assert_eq!((&editions[0]["based-on"], &editions[0]["modified"]), (&serde_json::Value::Null, &serde_json::Value::Null));
}

#[test]
fn reports_errors_of_editions_at_their_lines() {
    let assert_rejected = |from: &str, to: &str, words: &[&str]| {
        let mut session = three_editions("x").edit(MANIFEST, from, to).run(&["check"]).fails_with(1);
        for word in words {
            session = session.says(word);
        }
    };
    assert_rejected(
        "date = \"2024-05\"",
        "date = \"2024-05\"\nbased-on = \"3\"",
        &["R105", "\"1\" is based on itself: \"1\" → \"3\" → \"2\" → \"1\""],
    );
    assert_rejected("based-on = \"1\"", "based-on = \"2\"", &["\"2\" is based on itself: \"2\" → \"2\""]);
    assert_rejected(
        "\"2024-07-02\"",
        "\"2024-05-31\"",
        &["R105", "dates out of order: the edition \"3\"", "the date above", "from the oldest"],
    );
    assert_rejected("\"2024-08\"", "\"2024-07\"", &["R105", "corrected before it is published", "its date"]);
    assert_rejected("modified = \"2024-08\"", "errata = [\"x\"]", &["R105", "have no date", "modified ="]);
    assert_rejected("\"more\", \"text\"", "\"text\", \"text\"", &["R107", "\"text\" is listed twice"]);
    assert_rejected("\"more\", \"text\"", "", &["R105", "the edition \"2\" has no section"]);
    assert_rejected("\"more\", \"text\"", "\"moer\"", &["R101", "did you mean \"more\"?"]);
    for table in
        ["[[credits]]\nrole = \"author\"\nnames = [\"us\"]", "[[sources]]\ntitle = \"T\"", "[[licence.exceptions]]\nwhat = \"W\""]
    {
        assert_rejected(
            "[[editions]]",
            &format!("{table}\neditions = [\"1\", \"4\"]\n\n[[editions]]"),
            &["R106", "no edition has the id \"4\""],
        );
    }
}

#[test]
fn warns_about_content_that_no_edition_shows() {
    let lost = three_editions("x").edit(MANIFEST, "\"text\", \"colophon\"]", "\"text\", \"colophon\", \"old\"]").edit(
        MANIFEST,
        "date = \"2024-05\"\n",
        "date = \"2024-05\"\nsections = [\"text\", \"colophon\"]\nchanges = [\"None.\"]\n",
    );
    let lost = lost.file("sources/note/old.md", "+++\ntitle = \"Old\"\n+++\n");
    let session = lost.run(&["check"]).succeeds();
    session.says("no edition lists the file \"old.md\"").says("the changes of the edition \"1\" are not printed");
    let silent = three_editions("x").edit("sources/note/more.md", "::: imprint\n:::\n", "");
    silent.run(&["check"]).succeeds().says("warning[R663]: no page shows the erratum of the edition \"3\"").says("1 warning");
}

#[test]
fn rejects_links_to_sections_of_other_editions() {
    let dead = three_editions("[there](#more)").run(&["check"]).fails_with(1);
    dead.says("R301").says("the id \"more\" in the edition \"1\"").says("[words](#more)").says("1 error");
    three_editions("[[there](#more) and]{since=\"2\"} here").run(&["check"]).succeeds();
}

#[test]
fn omits_resources_of_other_editions() {
    let shelf = "[[resources]]\nid = \"old\"\ntitle = \"Old map\"\ntarget = { none = \"lost\" }\neditions = [\"1\"]\n\n\
        [[resources]]\nid = \"new\"\ntitle = \"New map\"\ntarget = { none = \"here\" }\neditions = [\"2\", \"3\"]\n\n[[editions]]";
    let body = "::: resources {ids=\"old new\"}\n:::\n\n:::: aside {title=\"Maps\"}\n::: resources {ids=\"old\"}\n:::\n::::\n";
    let project = three_editions(body).edit(MANIFEST, "[[editions]]", shelf);
    project.run(&["build", "--format", "epub"]).succeeds();
    let text = |id: &str| entries_of(&project.path(&format!("build/note-{id}.epub")))["OEBPS/text.xhtml"].clone();
    assert!(text("1").contains("Old map") && !text("1").contains("New map") && text("1").contains(">Maps<"));
    assert!(text("3").contains("New map") && !text("3").contains("Old map") && !text("3").contains(">Maps<"));
}
