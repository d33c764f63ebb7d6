//! The content of PDFs, read with pikepdf.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::artefacts::{PUBLICATIONS, artefact};
use crate::harness::repository;

/// Returns the links, destinations, outline, labels and XMP of a PDF of the repository.
pub fn facts(name: &str) -> Value {
    facts_of(&artefact(name))
}

/// Returns the links, destinations, outline, labels and XMP of any PDF.
pub fn facts_of(pdf: &Path) -> Value {
    serde_json::from_str(&run_script("pdf_links.py", &[], pdf)).expect("JSON")
}

/// Returns the output of a script of the validators for a PDF.
pub fn run_script(script: &str, arguments: &[&str], pdf: &Path) -> String {
    let home = std::env::var_os("JUDGES_HOME").map(PathBuf::from).unwrap_or_else(|| {
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").expect("HOME")).join(".cache"));
        cache.join("judges")
    });
    let output = Command::new(home.join("venv/bin/python"))
        .arg(repository().join("tests/judges/lib").join(script))
        .args(arguments)
        .arg(pdf)
        .output()
        .expect("the judges are installed: run tests/judges/setup");
    assert!(output.status.success(), "{}: {}", pdf.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Returns the structure tree: the depth and name of each element.
fn structure(name: &str) -> Vec<(usize, String)> {
    let tree = run_script("pdf_facts.py", &["dump"], &artefact(name));
    let element = |line: &str| ((line.len() - line.trim_start().len()) / 2, line.trim().to_owned());
    tree.lines().map(element).collect()
}

/// Returns the values of a key.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Returns the text of a key, or an empty text.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn links_describe_their_targets() {
    for (_, names) in PUBLICATIONS {
        for name in names {
            let facts = facts(&format!("{name}.pdf"));
            for link in list(&facts, "pages").iter().flat_map(|page| list(page, "links")) {
                let contents = text(link, "contents");
                assert!(contents.chars().filter(|c| c.is_alphanumeric()).count() > 3, "{name}: {link}");
                let name_of_place = link["name"].as_str().filter(|name| *name != "cover");
                if let (Some(_), Some(title)) = (name_of_place, link["title"].as_str()) {
                    assert!(contents.to_lowercase().contains(&title.to_lowercase()), "{name}: {contents:?} names {title:?}");
                }
                if let Some(uri) = link["uri"].as_str() {
                    // The accessible name of a resource link is its title, that of other links their text and address.
                    let resource = contents.contains("(à consulter") || contents.contains("(to read");
                    let address = uri.trim_start_matches("mailto:").trim_start_matches("https://");
                    assert!(
                        resource
                            || (contents.contains(address) && contents != uri)
                            || contents.ends_with(&format!("(E-mail {address})")),
                        "{name}: {contents:?} names {uri}"
                    );
                }
            }
        }
    }
}

#[test]
fn tiles_of_one_site_have_distinct_descriptions() {
    let facts = facts("reve/brochure-2023-05.pdf");
    let links = list(&facts, "pages").iter().flat_map(|page| list(page, "links"));
    let contents: Vec<&str> =
        links.map(|link| text(link, "contents")).filter(|contents| contents.contains("(à consulter")).collect();
    assert_eq!(contents.len(), 14, "every resource is a link: {contents:#?}");
    assert_eq!(contents.iter().collect::<std::collections::BTreeSet<_>>().len(), 14, "{contents:#?}");
}

#[test]
fn tiles_are_list_items() {
    let tree = structure("reve/brochure-2023-05.pdf");
    let has_linked_title = |(at, (depth, _)): (usize, &(usize, String))| {
        let inside: Vec<(usize, &str)> = tree[at + 1..]
            .iter()
            .take_while(|(deep, _)| deep > depth)
            .map(|(deep, name)| (deep - depth, name.as_str()))
            .collect();
        inside.windows(2).any(|two| two == [(1, "Link"), (2, "P")])
    };
    let bodies = tree.iter().enumerate().filter(|(_, (_, name))| name == "LBody");
    assert_eq!(bodies.filter(|body| has_linked_title(*body)).count(), 9, "one a tile: {tree:#?}");
}

#[test]
fn tabs_link_to_every_arc_on_every_page() {
    let facts = facts("reve/brochure-2023-05.pdf");
    for (number, page) in list(&facts, "pages").iter().enumerate().skip(1) {
        let targets: Vec<&str> = list(page, "links").iter().filter_map(|link| link["name"].as_str()).collect();
        for target in ["presentation", "concepts", "donnees", "credits", "cover"] {
            assert!(targets.contains(&target), "page {}: no link to {target}", number + 1);
        }
    }
}

#[test]
fn wheel_and_list_have_the_same_links() {
    let facts = facts("reve/brochure-2023-05.pdf");
    let cover = &list(&facts, "pages")[0];
    let count = |target: &str| list(cover, "links").iter().filter(|link| link["name"].as_str() == Some(target)).count();
    for target in ["presentation", "concepts", "donnees", "credits"] {
        assert!(count(target) >= 2, "{target} is in the wheel and in the list");
    }
    assert!(count("terrain") >= 1, "a section that shares an arc is in the list");
}

#[test]
fn sections_have_destinations_and_bookmarks_and_pages_have_labels() {
    let facts = facts("reve/brochure-2023-05.pdf");
    let names: Vec<&str> = list(&facts, "names").iter().filter_map(Value::as_str).collect();
    let titles: Vec<&str> = list(&facts, "outline").iter().map(|item| text(item, "title")).collect();
    for (id, title) in [
        ("presentation", "Présentation de la thématique & méthodologie"),
        ("concepts", "Concepts"),
        ("terrain", "Réalités de terrains"),
        ("donnees", "Données de recherche"),
        ("credits", "Crédits"),
    ] {
        assert!(names.contains(&id), "{id} in {names:?}");
        assert!(titles.contains(&title), "{title} in {titles:?}");
    }
    assert_eq!(facts["labelled"], true);
    assert!(list(&facts, "pages").iter().all(|page| !text(page, "label").is_empty()));
}

#[test]
fn metadata_contain_title_language_authors_description_and_licence() {
    let facts = facts("reve/brochure-2023-05.pdf");
    let xmp = |key: &str| list(&facts["xmp"], key).iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|");
    assert!(xmp("dc:title").contains("Numérique scolaire"));
    assert!(xmp("dc:language").starts_with("fr") && text(&facts, "lang").starts_with("fr"));
    assert!(xmp("dc:creator").contains("Techné"));
    assert!(xmp("dc:description").contains("écosystèmes"));
    assert!(
        xmp("dc:rights").contains("Licence Ouverte 2.0") && xmp("dc:rights").contains("Direction du numérique pour l’éducation")
    );
    assert_eq!(xmp("xmpRights:WebStatement"), "https://www.etalab.gouv.fr/licence-ouverte-open-licence/");
    assert_eq!((xmp("pdfaid:part"), xmp("pdfaid:conformance"), xmp("pdfuaid:part")), ("2".into(), "A".into(), "1".into()));
}

#[test]
fn copies_jpegs_unchanged() {
    let photograph = repository().join("tests/fixtures/carnet/sources/carnet/images/soir-d-equinoxe.jpg");
    let photograph = std::fs::read(photograph).expect("the photograph is there");
    let pdf = std::fs::read(artefact("carnet-2024-03.pdf")).expect("the PDF is there");
    assert!(pdf.windows(photograph.len()).any(|bytes| bytes == photograph), "its bytes were changed, or left out");
}
