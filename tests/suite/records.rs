//! Records for catalogues: their content, omitted records, and the results of third-party readers.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::{Project, repository};

/// A publication with everything that a record can state.
const FULL: &str = r#"title = "Notes & 100 % {braces}: $5, #1, a_b ~ c ^ \\d"
subtitle = "Été « 2024 »"
lang = "fr"
uuid = "4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10"
sections = ["text", "colophon"]
publisher = "us"
description = "Un carnet, avec des virgules."
keywords = ["marée", "Brest, port"]
doi = "10.5072/a_b-(1)"

[isbn]
pdf = "978-2-9999990-0-8"
epub = "978-2-9999990-1-5"

[organisations.us]
name = "Ministère de l’Éducation & des {Arts}, Paris"
ror = "https://ror.org/05cggb038"

[organisations.fund]
name = "Fonds commun"

[people.gaulle]
name = "Charles de Gaulle"
sort = "Gaulle, Charles de"
orcid = "0000-0002-1825-0097"
affiliation = "us"

[people.blache]
name = "Paul Vidal de la Blache"
sort = "Vidal de la Blache, Paul"

[people.ormesson]
name = "Jean d’Ormesson"
sort = "Ormesson, Jean d’"

[people.king]
name = "Martin Luther King Jr."

[people.sz]
name = "Łucja Żółć"

[people.herge]
name = "Hergé"

[[credits]]
role = "author"
names = ["gaulle", "us", "blache", "ormesson"]

[[credits]]
role = "editor"
names = ["king", "sz"]

[[credits]]
role = "translation"
names = ["herge"]

[[credits]]
role = "support"
names = ["fund"]

[[editions]]
id = "1"
date = "2024-05-17"
label = "Première édition"
modified = "2024-06-02"
errata = ["Une date."]
"#;

/// A publication without people; a publisher can be added.
const BARE: &str = r#"title = "An unbalanced { title"
lang = "en"
uuid = "4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a11"
sections = ["text", "colophon"]
description = "A note."
keywords = ["note"]

[[editions]]
id = "1"
date = "2024-05"
"#;

fn project(manifest: &str) -> Project {
    publication(Project::new(), "note", manifest)
}

fn publication(project: Project, name: &str, manifest: &str) -> Project {
    project
        .file(&format!("sources/{name}/publication.toml"), manifest)
        .file(&format!("sources/{name}/text.md"), "+++\ntitle = \"Text\"\n+++\n\nThe tide came in at four.\n")
        .file(&format!("sources/{name}/colophon.md"), "+++\ntitle = \"Colophon\"\n+++\n\n::: licence\n:::\n")
}

/// Returns the reports of the validators for the records in a folder; each must pass.
fn judged(folder: &Path) -> Vec<Value> {
    let judge = repository().join("tests/judges/judge-records");
    let output = Command::new(judge).arg(folder).output().expect("the judge runs");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<Value> = report.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let failed: Vec<&Value> = lines.iter().filter(|line| line["status"] != "PASS").collect();
    assert!(failed.is_empty() && output.status.success(), "{failed:#?}\n{}", String::from_utf8_lossy(&output.stderr));
    lines
}

/// Returns the values that a judge read from a file.
fn read<'a>(lines: &'a [Value], judge: &str, file: &str) -> &'a Value {
    let line = lines.iter().find(|line| line["judge"] == judge && line["file"] == file);
    &line.unwrap_or_else(|| panic!("{judge} did not read {file}: {lines:#?}"))["read"]
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn validators_accept_every_record_and_read_the_same_facts() {
    let project = project(FULL);
    project.run(&["build", "--format", "records"]).succeeds();
    let lines = judged(&project.path("build"));
    let judges = ["onix-xsd", "onix-rng", "datacite", "bibtex", "ris", "schema-org", "cff"];
    assert_eq!(lines.iter().map(|line| line["judge"].as_str().unwrap()).collect::<Vec<_>>(), judges);

    let bibtex = read(&lines, "bibtex", "note-1.bib");
    assert_eq!(bibtex["title"], "Notes & 100 % {braces}: $5, #1, a_b ~ c ^ \\d");
    assert_eq!(bibtex["subtitle"], "Été « 2024 »");
    // Given names, particle, family name, suffix.
    let authors = serde_json::json!([
        ["Charles", "de", "Gaulle", ""],
        ["", "", "Ministère de l’Éducation & des {Arts}, Paris", ""],
        ["Paul", "", "Vidal de la Blache", ""],
        ["Jean", "", "d’Ormesson", ""],
    ]);
    assert_eq!(bibtex["author"], authors);
    assert_eq!(bibtex["editor"], serde_json::json!([["Martin Luther", "", "King", "Jr."], ["Łucja", "", "Żółć", ""]]));
    assert_eq!(bibtex["translator"], "Hergé", "pybtex knows no translators, so it is a field");
    assert_eq!(
        (&bibtex["doi"], &bibtex["date"], &bibtex["langid"]),
        (&"10.5072/a_b-(1)".into(), &"2024-05-17".into(), &"french".into())
    );
    assert_eq!(bibtex["isbn"], "978-2-9999990-0-8 978-2-9999990-1-5");

    let ris = read(&lines, "ris", "note-1.ris");
    let names =
        ["de Gaulle, Charles", "Ministère de l’Éducation & des {Arts}, Paris", "Vidal de la Blache, Paul", "d’Ormesson, Jean"];
    assert_eq!(texts(&ris["authors"]), names);
    assert_eq!(ris["title"], "Notes & 100 % {braces}: $5, #1, a_b ~ c ^ \\d : Été « 2024 »");
    assert_eq!(texts(&ris["keywords"]), ["marée", "Brest, port"]);

    let cff = &read(&lines, "cff", "note-1.cff");
    let author = serde_json::json!({
        "given-names": "Charles", "name-particle": "de", "family-names": "Gaulle",
        "affiliation": "Ministère de l’Éducation & des {Arts}, Paris", "orcid": "https://orcid.org/0000-0002-1825-0097",
    });
    assert_eq!(cff["authors"][0], author);
    assert_eq!(cff["preferred-citation"]["year"], 2024);
    assert_eq!(
        cff["preferred-citation"]["pages"],
        read(&lines, "schema-org", "note-1.jsonld")["workExample"][0]["numberOfPages"]
    );

    let datacite: Value = serde_json::from_slice(&project.read("build/note-1.datacite.json")).unwrap();
    assert_eq!(datacite["fundingReferences"][0]["funderName"], "Fonds commun");
    assert_eq!(datacite["publisher"]["publisherIdentifier"], "https://ror.org/05cggb038");
    let kinds: Vec<&Value> = datacite["contributors"].as_array().unwrap().iter().map(|one| &one["contributorType"]).collect();
    assert_eq!(kinds, ["Editor", "Editor", "Other"]);
}

#[test]
fn works_without_an_author_have_valid_records() {
    let publisher = "publisher = \"us\"\n\n[organisations.us]\nname = \"Us\"\n";
    let with_publisher = BARE.replace("\n[[editions]]", &format!("{publisher}\n[[editions]]"));
    let with_publisher = with_publisher.replace("4d1b4f0e", "4d1b4f0f");
    let project = publication(project(BARE), "published", &with_publisher);
    let session = project.run(&["build", "--format", "records"]).succeeds();
    for left in [
        "left out: ONIX record of note-1, published-1: no format has an ISBN",
        "left out: citation file of note-1: there is no author, editor or publisher",
        "left out: DataCite record of note-1, published-1: there is no DOI",
    ] {
        assert!(session.stderr.contains(left), "{left}\n{}", session.stderr);
    }
    let written = [
        "note-1.bib",
        "note-1.jsonld",
        "note-1.ris",
        "published-1.bib",
        "published-1.cff",
        "published-1.jsonld",
        "published-1.ris",
    ];
    assert_eq!(project.files("build"), written);
    let lines = judged(&project.path("build"));
    let bibtex = read(&lines, "bibtex", "note-1.bib");
    assert_eq!(
        (&bibtex["type"], &bibtex["title"], bibtex.get("author")),
        (&"booklet".into(), &"An unbalanced { title".into(), None)
    );
    assert_eq!(read(&lines, "bibtex", "published-1.bib")["author"], serde_json::json!([["", "", "Us", ""]]));
    assert_eq!(read(&lines, "cff", "published-1.cff")["authors"], serde_json::json!([{ "name": "Us" }]));
    assert_eq!(read(&lines, "schema-org", "published-1.jsonld").get("author"), None, "a publisher is not an author");
}

#[test]
fn citation_files_name_every_licence_of_publications() {
    let ids = licences();
    let mut project = Project::new();
    for (index, id) in ids.iter().enumerate() {
        let manifest = BARE.replace("4b8e-9c57-0f4b8f1d2a11", &format!("4b8e-9c57-{index:012x}")).replace(
            "\n[[editions]]",
            &format!("publisher = \"us\"\n\n[organisations.us]\nname = \"Us\"\n\n[licence]\nid = \"{id}\"\n\n[[editions]]"),
        );
        project = publication(project, &format!("n{index:03}"), &manifest);
    }
    project.run(&["build", "--format", "cff", "--format", "ris"]).succeeds();
    let lines = judged(&project.path("build"));
    let named = |index: usize| read(&lines, "cff", &format!("n{index:03}-1.cff"));
    for (index, id) in ids.iter().enumerate() {
        let file = named(index);
        assert!(file["license"] == *id || file["license-url"].is_string(), "{id}: {file}");
    }
    assert!(named(0)["license"].is_string(), "{}", named(0));
}

/// Returns the ids of licences that a publication can have, from the list of SPDX and the table of the tool.
fn licences() -> Vec<String> {
    let spdx = spdx::identifiers::LICENSES.iter().map(|licence| licence.name);
    let families = spdx.filter(|id| (id.starts_with("CC-BY") || id.starts_with("GFDL-")) && !id.ends_with('+'));
    let others =
        ["etalab-2.0", "etalab-1.0", "CC0-1.0", "CC-PDM-1.0", "PDDL-1.0", "ODC-By-1.0", "ODbL-1.0", "OGL-UK-3.0", "LAL-1.3"];
    others.into_iter().chain(families).map(str::to_owned).collect()
}

#[test]
fn records_follow_the_manifest_and_are_up_to_date() {
    let project = project(&FULL.replace("[isbn]", "records = [\"ris\", \"datacite\"]\n\n[isbn]"));
    project.run(&["build"]).succeeds();
    let files = ["note-1.datacite.json", "note-1.epub", "note-1.pdf", "note-1.ris"];
    assert_eq!(project.files("build"), files);
    project.run(&["build"]).succeeds().says("nothing to do: 4 files up to date");
    // Without the DOI, the old DataCite record would state a DOI that is no longer declared.
    let project = project.edit("sources/note/publication.toml", "doi = \"10.5072/a_b-(1)\"\n", "");
    let left_out = "left out: DataCite record of note-1: there is no DOI";
    project.run(&["build"]).succeeds().says(left_out);
    assert_eq!(project.files("build"), ["note-1.epub", "note-1.pdf", "note-1.ris"]);
    project.run(&["build"]).succeeds().says(left_out).says("nothing to do: 3 files up to date");
    let json = project.run(&["build", "--message-format", "json"]).succeeds();
    let line = r#"{"reason":"left-out","publication":"note","edition":"1","format":"datacite","why":"there is no DOI"}"#;
    assert!(json.stdout.contains(line), "{}", json.stdout);
    project.run(&["clean"]).succeeds();
    assert_eq!(project.files("build"), Vec::<String>::new());
}

#[test]
fn series_and_workspace_have_defaults() {
    let series = "title = \"Tides\"\nrecords = true\n";
    let project = publication(Project::new(), "tides/one", BARE).file("sources/tides/series.toml", series);
    project.run(&["build", "--edition", "1"]).succeeds();
    assert_eq!(
        project.files("build"),
        ["tides/one-1.bib", "tides/one-1.epub", "tides/one-1.jsonld", "tides/one-1.pdf", "tides/one-1.ris"]
    );
    let ris = String::from_utf8(project.read("build/tides/one-1.ris")).unwrap();
    assert!(ris.contains("T2  - Tides\r\n"), "{ris}");
    let own = BARE.replace("\n[[editions]]", "records = false\n\n[[editions]]");
    let project = project.file("sources/tides/one/publication.toml", &own);
    project.run(&["clean"]).succeeds();
    project.run(&["build"]).succeeds();
    assert_eq!(project.files("build"), ["tides/one-1.epub", "tides/one-1.pdf"]);
    let wrong = BARE.replace("\n[[editions]]", "records = [\"marc\"]\n\n[[editions]]");
    let project = project.file("sources/tides/one/publication.toml", &wrong);
    project.run(&["build"]).fails_with(1).says("\"marc\" is not a record").says("write \"onix\", \"cff\"");
}

#[test]
fn bytes_do_not_depend_on_other_products() {
    let with_print = FULL.replace("[isbn]\n", "[print]\nbinding = \"saddle-stitch\"\n\n[isbn]\nprint = \"978-2-9999990-2-2\"\n");
    let long = format!("+++\ntitle = \"Text\"\n+++\n\n{}", "The tide came in at four.\n\n".repeat(60));
    let one = project(&with_print).file("sources/note/text.md", &long);
    one.run(&["build", "--format", "records"]).succeeds();
    let two = project(&with_print).file("sources/note/text.md", &long);
    two.run(&["build"]).succeeds();
    two.run(&["build", "--format", "records"]).succeeds();
    let records: Vec<String> = one.files("build");
    assert_eq!(records.len(), 6);
    for name in &records {
        assert_eq!(one.read(&format!("build/{name}")), two.read(&format!("build/{name}")), "{name}");
    }
    judged(&one.path("build"));
    let onix = String::from_utf8(one.read("build/note-1.onix.xml")).unwrap();
    let extents: Vec<&str> = onix.split("<ExtentValue>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    let json: Value = serde_json::from_slice(&one.read("build/note-1.jsonld")).unwrap();
    let pages = &json["workExample"];
    assert_eq!(extents, [pages[0]["numberOfPages"].to_string(), pages[2]["numberOfPages"].to_string()]);
    let printed = pages[2]["numberOfPages"].as_u64().unwrap();
    assert!(
        printed.is_multiple_of(4) && printed > pages[0]["numberOfPages"].as_u64().unwrap(),
        "a saddle-stitched booklet has sheets of four pages: {json}"
    );
}

#[test]
fn types_and_numbers_follow_the_kind() {
    for (kind, bibtex_type, ris_type, cff_type, schema_type, general) in [
        ("book", "book", "BOOK", "book", "Book", "Book"),
        ("report", "techreport", "RPRT", "report", "Report", "Report"),
        ("issue", "book", "SER", "serial", "Book", "Book"),
    ] {
        let manifest = FULL.replace("[isbn]", "number = \"12\"\n\n[isbn]");
        let series = format!("title = \"Tides\"\nkind = \"{kind}\"\n");
        let project = publication(Project::new(), "tides/note", &manifest).file("sources/tides/series.toml", &series);
        project.run(&["build", "--format", "records"]).succeeds();
        let lines = judged(&project.path("build/tides"));
        let bibtex = read(&lines, "bibtex", "note-1.bib");
        assert_eq!(
            (&bibtex["type"], &bibtex["number"], &bibtex["series"]),
            (&bibtex_type.into(), &"12".into(), &"Tides".into()),
            "{bibtex}"
        );
        let text = |extension: &str| String::from_utf8(project.read(&format!("build/tides/note-1.{extension}"))).unwrap();
        assert!(
            text("ris").starts_with(&format!("TY  - {ris_type}\r\n")) && text("ris").contains("M1  - 12\r\n"),
            "{}",
            text("ris")
        );
        let citation = &read(&lines, "cff", "note-1.cff")["preferred-citation"];
        assert_eq!(citation["type"], cff_type);
        let datacite: Value = serde_json::from_str(&text("datacite.json")).unwrap();
        assert_eq!(datacite["types"]["resourceTypeGeneral"], general);
        let schema: Value = serde_json::from_str(&text("jsonld")).unwrap();
        assert_eq!((&schema["@type"], schema["reportNumber"] == "12"), (&schema_type.into(), kind == "report"), "{schema}");
        assert!(text("onix.xml").contains("<CollectionSequenceNumber>12</CollectionSequenceNumber>"));
    }
    let own = FULL.replace("[isbn]", "kind = \"leaflet\"\n\n[isbn]");
    project(&own).run(&["check"]).fails_with(1).says("kind");
}

#[test]
fn a_printed_book_has_its_size_and_its_price() {
    let print = "[print]\nbinding = \"perfect\"\nstock = { weight = 90, bulk = 1.25 }\ncover = { price = \"12,50 €\" }\n";
    let with_print = FULL.replace("[isbn]\n", &format!("{print}\n[isbn]\nprint = \"978-2-9999990-2-2\"\n"));
    let onix = |manifest: &str| {
        let project = project(manifest);
        project.run(&["build", "--format", "onix"]).succeeds();
        judged(&project.path("build"));
        String::from_utf8(project.read("build/note-1.onix.xml")).unwrap()
    };
    let message = onix(&with_print);
    let value = |message: &str, kind: &str| {
        let measure = message.split(&format!("<MeasureType>{kind}</MeasureType><Measurement>")).nth(1)?;
        measure.split('<').next().map(str::to_owned)
    };
    assert_eq!(message.matches("<ProductSupply>").count(), 1, "files have no price");
    assert!(message.contains("<PriceAmount>12.50</PriceAmount><CurrencyCode>EUR</CurrencyCode>"), "{message}");
    let (height, width, thickness) = (value(&message, "01"), value(&message, "02"), value(&message, "03"));
    assert_eq!((height.as_deref(), width.as_deref()), (Some("240"), Some("160")), "the pages of the layout \"simple\"");
    assert!(thickness.and_then(|thickness| thickness.parse::<f64>().ok()).is_some_and(|mm| mm > 0.9 && mm < 10.0), "{message}");
    let bare = onix(&with_print.replace("stock = { weight = 90, bulk = 1.25 }\n", "").replace("12,50 €", "$12.50"));
    assert!(!bare.contains("<ProductSupply>") && value(&bare, "03").is_none() && value(&bare, "01").is_some(), "{bare}");
}

/// Returns the codes of list 196 in a message: first of the PDF, then of the EPUB.
fn accessibility(project: &Project, options: &[&str]) -> Vec<Vec<String>> {
    project.run(&[&["build", "--format", "onix"], options].concat()).succeeds();
    let onix = String::from_utf8(project.read("build/note-1.onix.xml")).unwrap();
    let features = |product: &str| {
        let parts = product.split("<ProductFormFeatureType>09</ProductFormFeatureType><ProductFormFeatureValue>").skip(1);
        parts.filter_map(|rest| Some(rest.split('<').next()?.to_owned())).collect()
    };
    onix.split("<Product>\n").skip(1).map(features).collect()
}

#[test]
fn accessibility_codes_follow_the_content() {
    let certified = FULL.to_owned()
        + "\n[editions.certification]\nby = \"us\"\ndate = \"2024-07-01\"\nwcag = \"2.2\"\nlevel = \"AA\"\ncredential = \"https://example.org/label\"\nreport = \"https://example.org/report\"\n";
    let image = "\n![A heron on a post.](heron.png)\n";
    let base = |manifest: &str, text: &str| {
        let project = project(manifest)
            .file("sources/note/text.md", &format!("+++\ntitle = \"Text\"\n+++\n\nThe tide came in at four.\n{text}"));
        let picture = repository().join("tests/fixtures/checks/R601/good/heron.png");
        std::fs::copy(picture, project.path("sources/note/heron.png")).unwrap();
        project.file("sources/note/heron.png.toml", "licence = \"CC0-1.0\"\n")
    };
    let plain = accessibility(&base(FULL, image), &[]);
    let [pdf, epub] = plain.as_slice() else { panic!("{plain:?}") };
    assert_eq!(pdf.join(" "), "05 10 11 13 14 22 26 29 40 52");
    assert_eq!(epub.join(" "), "00 10 11 13 14 19 22 26 29 30 32 36 40 41 52");
    // A certification is claimed for the EPUB only.
    let project = base(&certified, image);
    let claimed = accessibility(&project, &[]);
    assert_eq!(claimed[1].join(" "), "00 10 11 13 14 19 22 26 29 30 32 36 40 41 52 04 82 85 89 90 91 94");
    assert_eq!(claimed[0], *pdf);
    judged(&project.path("build"));
    // A vague link text removes the claim and its code.
    let vague = accessibility(&base(&certified, "\nRead [here](https://example.org/a).\n"), &[]);
    assert_eq!(vague[1].join(" "), "00 09 10 11 13 19 22 26 29 30 32 36 37 41 52");
    assert_eq!(vague[0].join(" "), "05 09 10 11 13 22 26 29 52");
    // A skipped level removes structural navigation; without --lenient it is an error.
    let headings = accessibility(&base(&certified, "\n### Deep\n\nText.\n"), &["--lenient"]);
    assert!(!headings[1].contains(&"29".into()) && !headings[1].contains(&"04".into()), "{headings:?}");
    // A missing alternative text.
    let project = base(&certified, "\n![](heron.png)\n");
    let missing = accessibility(&project, &["--lenient"]);
    assert_eq!(missing[0].join(" "), "08 10 11 13 29");
    assert!(!missing[1].iter().any(|code| ["14", "52", "04", "82"].contains(&code.as_str())), "{missing:?}");
    judged(&project.path("build"));
}

#[test]
fn the_ids_of_record_formats_are_documented() {
    let help = Project::new().run(&["build", "--help"]).succeeds();
    for id in ["onix", "cff", "bibtex", "ris", "datacite", "json-ld", "records"] {
        assert!(help.stdout.contains(&format!("- {id}:")), "{id}\n{}", help.stdout);
    }
}

#[test]
fn fixtures_have_valid_records() {
    for (fixture, output) in [("carnet", "build"), ("leaflet", "out")] {
        let project = Project::fixture(fixture);
        project.run(&["build", "--format", "records"]).succeeds();
        let lines = judged(&project.path(output));
        assert!(!lines.is_empty(), "{fixture}");
    }
    let project = Project::copy(repository());
    project.run(&["build", "--format", "records"]).succeeds();
    judged(&project.path("build"));
}

#[test]
fn the_page_of_records_lists_every_record() {
    let page = std::fs::read_to_string(repository().join("docs/records.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | `NAME.")).collect::<Vec<_>>();
    let listed: Vec<(&str, &str)> = rows.iter().map(|(id, rest)| (*id, rest.split('`').next().unwrap())).collect();
    let wanted: Vec<(&str, &str)> = reliure::Product::RECORDS.iter().map(|record| (record.id(), record.extension())).collect();
    assert_eq!(listed, wanted);
}
