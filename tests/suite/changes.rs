//! The changes between two editions: a fixture whose second edition adds, removes, moves and rewords text.

use std::fs;

use serde_json::Value;
use snapbox::Data;

use crate::harness::{Project, repository};

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
