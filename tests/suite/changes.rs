//! The changes between two editions: a fixture whose second edition adds, removes, moves and rewords text.

use std::fs;

use serde_json::Value;
use snapbox::Data;

use crate::harness::{Project, copy_folder, repository};

/// Releases both editions of the fixture, in a language.
fn released(lang: &str) -> Project {
    let project = Project::fixture("changes");
    let project = match lang {
        "fr" => project,
        _ => project.edit("sources/ecluse/publication.toml", "lang        = \"fr\"", "lang        = \"en\""),
    };
    project.run(&["release", "--allow", "R607", "--reason", "the fixture is in French"]).succeeds();
    project
}

fn golden(name: &str, text: &str) {
    let path = repository().join("tests/goldens/releases").join(name);
    snapbox::assert_data_eq!(text.to_owned(), Data::read_from(&path, None).raw());
}

#[test]
fn reports_every_kind_of_change() {
    let project = released("fr");
    let folder = "build/releases/ecluse/2";
    golden("ecluse.md", &String::from_utf8(project.read(&format!("{folder}/changes.md"))).expect("UTF-8"));
    golden("ecluse.json", &String::from_utf8(project.read(&format!("{folder}/changes.json"))).expect("UTF-8"));
    let changes: Value = serde_json::from_slice(&project.read(&format!("{folder}/changes.json"))).expect("JSON");
    let blocks: Vec<&Value> = changes["sections"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|section| section["blocks"].as_array().expect("a list"))
        .collect();
    for state in ["added", "removed", "moved", "reworded", "moved-and-reworded"] {
        assert!(blocks.iter().any(|block| block["change"] == state), "{state}");
    }
    for list in ["links", "credits", "rights", "resources"] {
        assert!(changes[list]["added"].as_array().is_some_and(|added| !added.is_empty()), "{list} has additions");
        assert!(changes[list]["removed"].as_array().is_some_and(|removed| !removed.is_empty()), "{list} has removals");
    }
    // The command reports the same changes for the two folders, and the opposite ones in reverse order.
    let printed = project.run(&["changes", "build/releases/ecluse/1", folder]).succeeds();
    assert_eq!(printed.stdout.as_bytes(), project.read(&format!("{folder}/changes.md")));
    let printed = project.run(&["changes", "build/releases/ecluse/1", folder, "--json"]).succeeds();
    assert_eq!(printed.stdout.as_bytes(), project.read(&format!("{folder}/changes.json")));
    let back = project.run(&["changes", folder, "build/releases/ecluse/1", "--json"]).succeeds();
    let back: Value = serde_json::from_str(&back.stdout).expect("JSON");
    assert_eq!(back["links"]["added"], changes["links"]["removed"]);
    let same = project.run(&["changes", folder, folder]).succeeds();
    assert!(same.stdout.contains("sont les mêmes") && same.stdout.contains("Aucune page"), "{}", same.stdout);
    project.run(&["changes", folder, "sources"]).fails_with(1).says("error[R802]");
    let other = Project::small("Good.");
    other.run(&["release"]).succeeds();
    let other = other.path("build/releases/note/1").display().to_string();
    project.run(&["changes", folder, &other]).fails_with(1).says("the releases are of two publications");
}

#[test]
fn replaced_images_and_changed_claims_are_listed() {
    let certified = "[editions.certification]\nby = \"us\"\ndate = \"2024-06-01\"\nwcag = \"2.2\"\nlevel = \"AA\"\n";
    let asset = "[[assets]]\npath = \"boat.png\"\ncredit = \"Ruth Hale\"\nlicence = \"CC-BY-4.0\"\n\n[[editions]]";
    let project = Project::small("![A boat in a lock.](boat.png)\n\n::: licence\n:::").edit(
        "sources/note/publication.toml",
        "[[editions]]",
        asset,
    );
    let picture = |shade: u8| {
        let path = project.path("sources/note/boat.png");
        image::RgbImage::from_pixel(1200, 600, image::Rgb([shade, 80, 90])).save(path).expect("it is written");
    };
    picture(10);
    project.run(&["release"]).succeeds();
    picture(200);
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
    let second = "\n[[editions]]\nid = \"2\"\ndate = \"2024-06\"\n";
    let manifest = format!("{manifest}{second}\n{certified}");
    let project = project.file("sources/note/publication.toml", &manifest);
    project.run(&["release", "--edition", "2"]).succeeds();
    let changes: Value = serde_json::from_slice(&project.read("build/releases/note/2/changes.json")).expect("JSON");
    assert_eq!(changes["images"]["replaced"], serde_json::json!(["sources/note/boat.png"]));
    let added = changes["files"]["added"].as_array().expect("a list");
    assert!(
        added.iter().any(|line| line.as_str().is_some_and(|line| line.starts_with("epub — EPUB Accessibility"))),
        "{added:?}"
    );
    // The sentence of the notice with another date is a change of the text, not of the rights.
    assert_eq!(changes["rights"]["added"], serde_json::json!([]));
}

#[test]
fn changes_are_in_the_language_of_the_publication() {
    let project = released("en");
    golden("ecluse-en.md", &String::from_utf8(project.read("build/releases/ecluse/2/changes.md")).expect("UTF-8"));
}

#[test]
fn the_previous_release_is_found_by_its_date() {
    let project = Project::small("One.");
    let manifest = fs::read_to_string(project.path("sources/note/publication.toml")).expect("it is read");
    let later = "\n[[editions]]\nid = \"b\"\ndate = \"2024-08\"\n\n[[editions]]\nid = \"a\"\ndate = \"2025-01\"\n";
    let project = project.file("sources/note/publication.toml", &format!("{manifest}{later}"));
    project.run(&["release", "--edition", "a"]).succeeds();
    assert!(!project.files("build/releases/note/a").contains(&"changes.json".to_owned()), "nothing is before it");
    let session = project.run(&["release"]).succeeds();
    session.prints("build/releases/note/b (").prints("compared with 1").says("2 releases written, 1 unchanged");
    project.run(&["release", "--edition", "a", "--replace"]).succeeds().prints("compared with b");
    // A damaged release stops the next one: a comparison with an older one would report too many changes.
    fs::write(project.path("build/releases/note/b/manifest.json"), "{").expect("it is written");
    project.run(&["release", "--edition", "a", "--replace"]).fails_with(1).says("error[R802]");
}

/// Adds a second edition to the manifest of a small publication.
fn with_second_edition(project: Project) -> Project {
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
    project.file("sources/note/publication.toml", &format!("{manifest}\n[[editions]]\nid = \"2\"\ndate = \"2025-06\"\n"))
}

#[test]
fn the_report_marks_texts_in_other_languages() {
    let passage = "::: passage {lang=\"ar\"}\nالبحر يرتفع مرتين في [اليوم](https://example.org/ar) ثم ينخفض.\n:::";
    let body = format!("## [المد والجزر]{{lang=ar}}\n\n{passage}\n\nThe sea is [البحر الأزرق]{{lang=ar}} here, at noon.\n");
    let fonts = "[brand.typography]\nbase = [\"Source Serif 4\", \"Noto Naskh Arabic\"]\nheadings = [\"Source Sans 3\", \"Noto Naskh Arabic\"]\n\
        interface = [\"Source Sans 3\", \"Noto Naskh Arabic\"]\n\n[organisations.us]";
    let project = Project::small(&body).edit("sources/note/publication.toml", "[organisations.us]", fonts);
    let font = "noto-naskh-arabic";
    copy_folder(&repository().join("tests/fixtures/everyday/fonts").join(font), &project.path("fonts").join(font));
    let project = project
        .file("sources/note/moon.md", "+++\ntitle = \"القمر\"\nlang = \"ar\"\n+++\n\nالقمر فوق الميناء.\n")
        .edit("sources/note/publication.toml", "\"text\", ", "\"text\", \"moon\", ");
    project.run(&["release"]).succeeds();
    let project = with_second_edition(project)
        .edit("sources/note/text.md", "المد والجزر", "المد")
        .edit("sources/note/text.md", "مرتين", "مرة")
        .edit("sources/note/text.md", "org/ar)", "org/ar2)")
        .edit("sources/note/text.md", "الأزرق]{lang=ar} here, at noon", "الأخضر]{lang=ar} here, at ten")
        .edit("sources/note/publication.toml", "\"moon\", ", "");
    fs::remove_file(project.path("sources/note/moon.md")).expect("it is removed");
    project.run(&["release"]).succeeds();
    let changes: Value = serde_json::from_slice(&project.read("build/releases/note/2/changes.json")).expect("JSON");
    assert_eq!(
        changes["links"]["languages"],
        serde_json::json!({ "اليوم → https://example.org/ar": "ar", "اليوم → https://example.org/ar2": "ar" })
    );
    let report = String::from_utf8(project.read("build/releases/note/2/report.html")).expect("UTF-8");
    let arabic = "<span lang=\"ar\" dir=\"rtl\">";
    let spoken = |state: &str| format!("<span class=\"spoken\" dir=\"ltr\" lang=\"en\">{state}: </span>");
    let (removed, added) = (format!("<del>{}", spoken("removed")), format!("<ins>{}", spoken("added")));
    for part in [
        // The title of a section in another language, and a removed paragraph of it.
        format!("<h4><bdi>{arabic}القمر</span></bdi> (section removed)"),
        format!("<bdi>{arabic}{removed}القمر فوق الميناء.</del></span></bdi>"),
        // A changed word of a passage: the passage is one unit for the direction of text.
        format!("<bdi>{arabic}البحر يرتفع {removed}مرتين</del> {added}مرة</ins> في اليوم ثم ينخفض.</span></bdi>"),
        // Words in a sentence.
        format!("<bdi>The sea is {arabic}البحر {removed}الأزرق</del> {added}الأخضر</ins></span> here, at "),
        format!("<bdi>{arabic}{added}اليوم → https://example.org/ar2</ins></span></bdi>"),
    ] {
        assert!(report.contains(&part), "no {part} in\n{}", report.split("<h2 id=\"credits\"").next().unwrap_or_default());
    }
    let judged = crate::site::site_judged(&project.path("build/releases/note/2"));
    assert!(judged.contains("pages=1 findings=0"), "{judged}");
    // The Markdown does not mark languages.
    let text = String::from_utf8(project.read("build/releases/note/2/changes.md")).expect("UTF-8");
    assert!(text.contains("The sea is البحر ~~الأزرق~~ **الأخضر** here, at ~~noon~~ **ten**."), "{text}");
}

#[test]
fn a_changed_affiliation_role_or_identifier_is_a_change_of_the_credits() {
    let people = "[people.ann]\nname = \"Ann Author\"\n\n[people.bob]\nname = \"Bob Reader\"\n\n\
        [organisations.shore]\nname = \"Shore\"\n\n[organisations.us]";
    let project = Project::small("Good.\n\n::: credits\n:::\n\n::: imprint\n:::").edit(
        "sources/note/publication.toml",
        "[organisations.us]",
        people,
    );
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
    let credits = "\n[[credits]]\nrole = \"author\"\nnames = [\"ann\", \"bob\"]\n";
    let project = project.file("sources/note/publication.toml", &(manifest + credits));
    project.run(&["release"]).succeeds();
    let project = with_second_edition(project).edit(
        "sources/note/publication.toml",
        "name = \"Ann Author\"",
        "name = \"Ann Author\"\norcid = \"0000-0002-1825-0097\"\naffiliation = \"shore\"",
    );
    project.run(&["release"]).succeeds();
    let credits = |edition: &str| -> Value {
        let json = project.read(&format!("build/releases/note/{edition}/changes.json"));
        serde_json::from_slice::<Value>(&json).expect("JSON")["credits"].clone()
    };
    let line = "Ann Author (Shore), https://orcid.org/0000-0002-1825-0097";
    let label = |line: &str| credits("2")[line][0].as_str().expect("a line").to_owned();
    assert!(label("added").ends_with(&format!(" — {line}")) && label("removed").ends_with(" — Ann Author"), "{}", credits("2"));
    assert_eq!(credits("2")["added"].as_array().map(Vec::len), Some(1), "the other author did not change: {}", credits("2"));
    let text = String::from_utf8(project.read("build/releases/note/2/changes.md")).expect("UTF-8");
    assert!(text.contains(line), "{text}");
    // The credits in a release that an earlier version of the tool made have only names, so they are compared by name.
    let path = project.path("build/releases/note/1/manifest.json");
    let mut old: Value = serde_json::from_slice(&fs::read(&path).expect("it is read")).expect("JSON");
    for credit in old["edition"]["inspection"]["credits"].as_array_mut().expect("a list") {
        credit.as_object_mut().expect("an object").remove("holders");
    }
    fs::write(&path, old.to_string()).expect("it is written");
    let session = project.run(&["changes", "build/releases/note/1", "build/releases/note/2", "--json"]).succeeds();
    let changes: Value = serde_json::from_str(&session.stdout).expect("JSON");
    assert_eq!(changes["credits"], serde_json::json!({ "added": [], "removed": [] }));
    // Another role.
    let project = project.edit("sources/note/publication.toml", "id = \"2\"\n", "id = \"2\"\nmodified = \"2025-07-01\"\n");
    let project = project.edit("sources/note/publication.toml", "role = \"author\"", "role = \"editor\"");
    project.run(&["release", "--edition", "2", "--replace"]).succeeds();
    let correction: Value = serde_json::from_slice(&project.read("build/releases/note/2/correction.json")).expect("JSON");
    assert_eq!(correction["credits"]["added"].as_array().map(Vec::len), Some(2), "{}", correction["credits"]);
}
