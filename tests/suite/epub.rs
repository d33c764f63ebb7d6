//! The content of EPUBs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::{CompressionMethod, ZipArchive};

use crate::artefacts::{PUBLICATIONS, artefact};
use crate::harness::Project;

fn entries(name: &str) -> BTreeMap<String, String> {
    entries_of(&artefact(name))
}

/// Returns the text of every entry, which is empty if the entry is not text.
pub fn entries_of(epub: &Path) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(File::open(epub).expect("the EPUB is there")).expect("a ZIP");
    let mut entries = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let mut text = String::new();
        let read = entry.read_to_string(&mut text);
        let name = entry.name().expect("a name").into_owned();
        entries.insert(name, if read.is_ok() { text } else { String::new() });
    }
    entries
}

/// Returns the XHTML documents, one line per element.
pub fn chapters(name: &str) -> Vec<(String, String)> {
    let pages = entries(name).into_iter().filter(|(path, _)| path.ends_with(".xhtml"));
    pages.map(|(path, text)| (path, text.replace("</", "\n</"))).collect()
}

/// Returns the package document.
pub fn package(name: &str) -> String {
    entries(name).remove("EPUB/content.opf").or_else(|| entries(name).remove("OEBPS/content.opf")).expect("a package document")
}

fn all() -> impl Iterator<Item = String> {
    PUBLICATIONS.into_iter().flat_map(|(_, names)| names.iter().map(|name| format!("{name}.epub")))
}

#[test]
fn container_starts_with_the_stored_media_type() {
    for name in all() {
        let mut archive = ZipArchive::new(File::open(artefact(&name)).unwrap()).unwrap();
        let mut first = archive.by_index(0).unwrap();
        assert_eq!((first.name().unwrap().as_ref(), first.compression()), ("mimetype", CompressionMethod::Stored), "{name}");
        let mut text = String::new();
        first.read_to_string(&mut text).unwrap();
        assert_eq!(text, "application/epub+zip");
    }
}

#[test]
fn internal_links_resolve_and_no_resource_is_remote() {
    for name in all() {
        let entries = entries(&name);
        for (path, text) in entries.iter().filter(|(path, _)| path.ends_with(".xhtml")) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for reference in attributes(text, "src").into_iter().chain(attributes(text, "href")) {
                if reference.starts_with("https://") || reference.starts_with("http://") || reference.starts_with("mailto:") {
                    assert!(!attributes(text, "src").contains(&reference), "{name} {path} fetches {reference}");
                    continue;
                }
                let (file, anchor) = reference.split_once('#').unwrap_or((reference, ""));
                let target = if file.is_empty() { path.clone() } else { format!("{folder}/{file}") };
                let there = entries.get(&target).unwrap_or_else(|| panic!("{name} {path}: no {target}"));
                let known: BTreeSet<&str> = attributes(there, "id").into_iter().collect();
                assert!(anchor.is_empty() || known.contains(anchor), "{name} {path}: no {reference}");
            }
        }
    }
}

fn attributes<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let mark = format!(" {name}=\"");
    text.split(&mark).skip(1).filter_map(|rest| rest.split_once('"').map(|(value, _)| value)).collect()
}

#[test]
fn package_contains_series_roles_rights_and_edition() {
    let package = package("reve/brochure-2023-12.epub");
    for part in [
        "<dc:title id=\"title\">Numérique scolaire</dc:title>",
        "<dc:language>fr</dc:language>",
        "property=\"dcterms:modified\">2023-12-01T00:00:00Z<",
        "property=\"belongs-to-collection\"",
        "GTnum TECHNE #REVE",
        "scheme=\"marc:relators\">pdr<",
        "scheme=\"marc:relators\">res<",
        "<dc:rights>",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "Contrôle par un programme, sans examen humain\u{a0}: textes de remplacement, titres,",
        "schema:accessibilityFeature\">tableOfContents<",
        "properties=\"cover-image\"",
    ] {
        assert!(package.contains(part), "no {part} in\n{package}");
    }
    assert!(!package.contains("alternativeText"), "the brochure has no image with alternative text, so none is claimed");
}

#[test]
fn no_edition_without_a_declared_certification_names_a_certifier() {
    for name in all() {
        let package = package(&name);
        assert!(!package.contains("conformsTo") && !package.contains("certifi"), "{name}\n{package}");
    }
}

#[test]
fn navigation_has_roles_and_landmarks() {
    let entries = entries("reve/brochure-2023-05.epub");
    let nav = entries.iter().find(|(path, _)| path.ends_with("nav.xhtml")).expect("a navigation document").1;
    for part in
        ["epub:type=\"toc\"", "role=\"doc-toc\"", "epub:type=\"landmarks\"", "epub:type=\"bodymatter\"", "Réalités de terrain"]
    {
        assert!(nav.contains(part), "no {part}");
    }
}

/// Returns the text of the first element with a start tag.
fn element<'a>(package: &'a str, start: &str) -> &'a str {
    let rest = package.split_once(start).unwrap_or_else(|| panic!("no {start} in\n{package}")).1;
    rest.split_once('<').map_or(rest, |(text, _)| text)
}

#[test]
fn each_edition_has_its_own_identifier_and_date() {
    let dates = [
        "2023-05-01",
        "2023-12-01",
        "2024-03-01",
        "2025-07-08",
        "2024-04-06",
        "2024-09-01",
        "2024-09-21",
        "2024-05-01",
        "2024-05-01",
    ];
    // The second edition of the carnet has an erratum, so its date is that of the reissue.
    assert_eq!(all().count(), dates.len(), "a date for each edition");
    let mut identifiers = BTreeSet::new();
    for (name, date) in all().zip(dates) {
        let package = package(&name);
        assert_eq!(element(&package, "\"dcterms:modified\">"), format!("{date}T00:00:00Z"), "{name}");
        let identifier = element(&package, "<dc:identifier id=\"publication-id\">").to_owned();
        assert!(identifier.starts_with("urn:uuid:"), "{name}: {identifier}");
        assert!(identifiers.insert(identifier), "{name} has the identifier of another");
    }
}

#[test]
fn claims_alternative_text_only_if_there_is_some() {
    let package = package("carnet-2024-03.epub");
    for part in ["schema:accessibilityFeature\">alternativeText<", "schema:accessMode\">visual<"] {
        assert!(package.contains(part), "no {part} in\n{package}");
    }
}

#[test]
fn manifest_lists_every_file_of_the_container() {
    for name in all() {
        let package = package(&name);
        let hrefs = package.split("<item ").skip(1).flat_map(|item| attributes_of_tag(item, "href"));
        let listed: BTreeSet<String> = hrefs.map(|href| format!("OEBPS/{href}")).collect();
        let contained = entries(&name).into_keys();
        let contained: BTreeSet<String> =
            contained.filter(|path| path.starts_with("OEBPS/") && !path.ends_with(".opf")).collect();
        assert_eq!(listed, contained, "{name}");
    }
}

fn attributes_of_tag<'a>(tag: &'a str, name: &str) -> Vec<&'a str> {
    let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
    tag.split(&format!("{name}=\"")).skip(1).filter_map(|rest| rest.split_once('"').map(|(value, _)| value)).collect()
}

#[test]
fn opens_with_another_library() {
    for name in all() {
        let book = rbook::Epub::open(artefact(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(book.spine().len() >= 5, "{name}: a cover, a title page, contents and sections");
    }
}

#[test]
fn has_the_same_bytes_with_and_without_a_pdf() {
    for (fixture, name) in [("carnet", "carnet-2024-03.epub"), ("leaflet", "")] {
        let project = Project::fixture(fixture);
        project.run(&["build", "--output", "both"]).succeeds();
        project.run(&["build", "--format", "epub", "--output", "alone"]).succeeds();
        let alone = project.files("alone");
        assert!(!alone.is_empty() && alone.iter().all(|file| file.ends_with(".epub")), "{alone:?}");
        assert!(name.is_empty() || alone.iter().any(|file| file == name), "{alone:?}");
        for file in alone {
            assert!(project.read(&format!("alone/{file}")) == project.read(&format!("both/{file}")), "{file} differs");
        }
    }
}

#[test]
fn lays_out_pages_only_if_the_cover_or_the_page_list_needs_them() {
    // A layout that fails on the text shows whether the text is laid out.
    let cover = "#let cover-page(edition) = page([#edition.title])\n";
    let pages = "#let publication(edition, bodies) = panic(\"laid out\")\n";
    let layout = "description = \"x\"\npage = { width = \"100mm\", height = \"100mm\" }\n";
    let with = |main: &str, list: &str| {
        Project::small("Text.")
            .file("layouts/bare/main.typ", main)
            .file("layouts/bare/blocks.typ", "#import \"/layouts/common/blocks.typ\": *\n")
            .file("layouts/bare/layout.toml", layout)
            .edit("sources/note/publication.toml", "title", &format!("layout = \"bare\"\npage-list = {list}\ntitle"))
    };
    let own_cover = format!("{cover}{pages}");
    let project = with(&own_cover, "false");
    project.run(&["build", "--format", "epub"]).succeeds();
    project.run(&["build"]).fails_with(1).says("laid out");
    with(&own_cover, "\"pdf\"").run(&["build", "--format", "epub"]).fails_with(1).says("laid out");
    with(pages, "false").run(&["build", "--format", "epub"]).fails_with(1).says("laid out");
}

#[test]
fn stores_images_without_compression() {
    let mut archive = ZipArchive::new(File::open(artefact("carnet-2024-03.epub")).unwrap()).unwrap();
    let mut pictures = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).unwrap();
        if entry.name().unwrap().contains("/images/") {
            assert_eq!(entry.compression(), CompressionMethod::Stored, "{}", entry.name().unwrap());
            pictures += 1;
        }
    }
    assert!(pictures > 2, "{pictures}");
}
