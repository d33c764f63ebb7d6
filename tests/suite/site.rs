//! The site: its pages, its feed and its linked data.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;

use crate::automation::shell_blocks;
use crate::harness::{Project, Session, copy_folder, repository};

const SITE: [&str; 3] = ["build", "--format", "site"];
const PUBLISHED: &str = "published-at = \"https://example.org/docs/\"\n";

/// Returns a workspace with a brochure in English, a book in French with two editions, and a series.
fn workspace() -> Project {
    let project = Project::new().file("reliure.toml", "");
    for folder in ["tests/fixtures/leaflet/sources", "tests/fixtures/carnet/sources", "sources"] {
        copy_folder(&repository().join(folder), &project.path("sources"));
    }
    project
}

/// The paths of the pages of [`workspace`].
const PAGES: [&str; 4] = ["index.html", "canal/index.html", "carnet/index.html", "reve/brochure/index.html"];

fn text(project: &Project, path: &str) -> String {
    String::from_utf8(project.read(&format!("build/{path}"))).expect("UTF-8")
}

/// Parses a page, which is also well-formed XML.
fn parsed(text: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn elements<'a>(document: &'a Document<'_>, name: &str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name(name)).collect()
}

/// Returns the text of an element without its markup.
fn words(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

/// Returns the file that a relative address names.
fn target(page: &Path, address: &str) -> PathBuf {
    let mut path = page.parent().expect("a folder").to_path_buf();
    for part in address.split('/') {
        match part {
            ".." => assert!(path.pop()),
            part => path.push(part.replace("%20", " ")),
        }
    }
    path
}

fn linked_data(page: &str) -> Option<Value> {
    let data = page.split("<script type=\"application/ld+json\">").nth(1)?.split("</script>").next()?;
    Some(serde_json::from_str(data).expect("JSON"))
}

/// Returns every value of a key, at any depth.
fn values<'a>(data: &'a Value, key: &str) -> Vec<&'a str> {
    match data {
        Value::Object(map) => {
            let own = map.get(key).and_then(Value::as_str);
            own.into_iter().chain(map.values().flat_map(|value| values(value, key))).collect()
        }
        Value::Array(list) => list.iter().flat_map(|value| values(value, key)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_site_is_built_only_on_request() {
    let project = Project::small("The lock at noon.");
    project.run(&["build"]).succeeds();
    assert_eq!(project.files("build"), ["note-1.epub", "note-1.pdf"]);
    project.run(&["check", "--format", "site"]).succeeds();
    assert_eq!(project.files("build"), ["note-1.epub", "note-1.pdf"]);
    project.run(&SITE).succeeds().prints("build/index.html").prints("build/note/index.html");
    project.run(&SITE).succeeds().says("up to date");
    // The site describes all publications, so a request for some of them does not build it.
    project.run(&["build", "note", "--format", "site"]).fails_with(2).says("without PUBLICATION");
    project.run(&["build", "--edition", "1", "--format", "site"]).fails_with(2);
}

#[test]
fn every_link_of_a_page_leads_to_a_file() {
    let project = workspace();
    project.run(&SITE).succeeds().says("left out: the feed").says("published-at");
    let mut linked = BTreeSet::new();
    for page in PAGES {
        let html = text(&project, page);
        let document = parsed(&html);
        let fetched = elements(&document, "img").into_iter().filter_map(|node| node.attribute("src"));
        let links = elements(&document, "a").into_iter().filter_map(|node| node.attribute("href"));
        let fonts = html.split("url(\"").skip(1).filter_map(|rest| rest.split('"').next());
        for address in fetched.chain(links).chain(fonts).filter(|address| !address.starts_with("http")) {
            if let Some(id) = address.strip_prefix('#') {
                assert!(document.descendants().any(|node| node.attribute("id") == Some(id)), "{page}: {address}");
                continue;
            }
            let path = target(&project.path("build").join(page), address);
            assert!(path.is_file(), "{page}: {address}");
            linked.insert(path);
        }
        assert!(!html.contains("https://example.org/docs/") && !html.contains("feed.xml"), "{page}");
        let scripts = elements(&document, "script");
        assert!(scripts.iter().all(|node| node.attribute("type") == Some("application/ld+json")), "{page} has a script");
    }
    let files = project.files("build").into_iter().map(|name| project.path("build").join(name));
    let lost: Vec<PathBuf> = files.filter(|path| !linked.contains(path)).collect();
    // The JSON-LD, CFF and other records of earlier editions are beside their files, but only those of the newest edition are listed.
    let earlier = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("carnet-2024-03.") || name.starts_with("brochure-2023-05.")
    };
    assert!(lost.iter().all(earlier), "{lost:?}");
}

#[test]
fn pages_are_in_the_language_of_their_publication() {
    let project = workspace();
    project.run(&SITE).succeeds();
    let expected = [("canal", "en", "How to cite", "Download PDF"), ("carnet", "fr", "Pour citer", "Télécharger PDF")];
    for (publication, language, heading, button) in expected {
        let html = text(&project, &format!("{publication}/index.html"));
        let document = parsed(&html);
        assert_eq!(document.root_element().attribute("lang"), Some(language));
        assert!(elements(&document, "h2").into_iter().any(|node| words(node).starts_with(heading)));
        assert!(elements(&document, "a").into_iter().any(|node| words(node) == button));
    }
    // The catalogue is in the language of the first publication, and marks texts in other languages.
    let catalogue = text(&project, "index.html");
    let catalogue = parsed(&catalogue);
    let languages: Vec<Option<&str>> = elements(&catalogue, "li").into_iter().map(|card| card.attribute("lang")).collect();
    assert_eq!((catalogue.root_element().attribute("lang"), languages), (Some("en"), vec![None, Some("fr"), Some("fr")]));
}

#[test]
fn a_page_states_sizes_pages_and_what_is_claimed() {
    let certified = "\n[editions.certification]\nby = \"us\"\ndate = \"2024-05-16\"\nwcag = \"2.2\"\nlevel = \"AA\"\n";
    let project = Project::small("The lock at noon.");
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
    project.run(&SITE).succeeds();
    let plain = text(&project, "note/index.html");
    let bytes = project.read("build/note-1.pdf").len();
    let kilobytes = bytes.div_ceil(1000);
    assert!(plain.contains(&format!("{kilobytes}\u{a0}kB</span> · ")) && plain.contains(" pages"), "{bytes}: {plain}");
    assert!(plain.contains("PDF/UA-1, PDF/A-2a") && !plain.contains("WCAG"), "{plain}");

    let project = project.file("sources/note/publication.toml", &format!("{manifest}{certified}"));
    project.run(&SITE).succeeds();
    assert!(text(&project, "note/index.html").contains("EPUB 3.3, EPUB Accessibility 1.1, WCAG 2.2 Level AA"));
    project.run(&[&SITE[..], &["--lenient"]].concat()).succeeds();
    let lenient = text(&project, "note/index.html");
    assert!(lenient.contains("no conformance is claimed") && !lenient.contains("PDF/UA-1") && !lenient.contains("WCAG"));
}

#[test]
fn texts_cannot_break_a_page() {
    let project = Project::small("The lock at noon.")
        .edit("sources/note/publication.toml", "\"A note\"", "'A <b>&amp; \"note\" </script></style>'")
        .edit("sources/note/publication.toml", "\"A note on a canal.\"", "'</script><script>alert(1)</script>'");
    project.run(&SITE).succeeds();
    for page in ["index.html", "note/index.html"] {
        let html = text(&project, page);
        let document = parsed(&html);
        assert!(elements(&document, "b").is_empty());
        assert!(elements(&document, "script").len() <= 1, "{html}");
        assert!(document.descendants().any(|node| node.is_text() && node.text().is_some_and(|text| text.contains("</script>"))));
    }
    let page = text(&project, "note/index.html");
    assert_eq!(linked_data(&page).expect("linked data")["abstract"], "</script><script>alert(1)</script>");
}

#[test]
fn absolute_urls_need_the_url_of_the_output_folder() {
    let project = workspace();
    project.run(&SITE).succeeds();
    let without = linked_data(&text(&project, "carnet/index.html")).expect("linked data");
    assert!(without.get("@id").is_none() && values(&without["workExample"], "@id").is_empty(), "{without}");
    assert!(values(&without, "contentUrl").is_empty() && linked_data(&text(&project, "index.html")).is_none());
    assert!(!project.path("build/feed.xml").exists());

    let project = project.file("reliure.toml", PUBLISHED);
    let session = project.run(&SITE).succeeds();
    assert!(!session.stderr.contains("the feed"), "{}", session.stderr);
    let page = text(&project, "reve/brochure/index.html");
    let data = linked_data(&page).expect("linked data");
    assert_eq!(data["@id"], "https://example.org/docs/reve/brochure/");
    assert!(values(&data, "contentUrl").contains(&"https://example.org/docs/reve/brochure-2023-12.pdf"), "{data}");
    assert!(page.contains("<link rel=\"canonical\" href=\"https://example.org/docs/reve/brochure/\"/>"));
    let catalogue = linked_data(&text(&project, "index.html")).expect("linked data");
    assert_eq!(catalogue["hasPart"].as_array().map(Vec::len), Some(3));
}

#[test]
fn the_feed_has_an_entry_for_each_edition() {
    let project = workspace().file("reliure.toml", PUBLISHED);
    project.run(&SITE).succeeds();
    let feed = text(&project, "feed.xml");
    let document = parsed(&feed);
    let child = |node: Node<'_, '_>, name: &str| {
        let found = node.children().find(|child| child.tag_name().name() == name);
        words(found.unwrap_or_else(|| panic!("no {name} in {feed}")))
    };
    let entries: Vec<Node<'_, '_>> = document.descendants().filter(|node| node.tag_name().name() == "entry").collect();
    assert_eq!(entries.len(), 5);
    let updated: Vec<String> = entries.iter().map(|entry| child(*entry, "updated")).collect();
    assert!(updated.is_sorted_by(|a, b| a >= b) && updated[0] == child(document.root_element(), "updated"), "{updated:?}");
    let ids: BTreeSet<String> = entries.iter().map(|entry| child(*entry, "id")).collect();
    assert!(ids.len() == 5 && ids.iter().all(|id| id.starts_with("urn:uuid:")));
    for entry in entries {
        assert!(entry.children().any(|node| node.tag_name().name() == "author"));
        let enclosures = entry.children().filter(|node| node.attribute("rel") == Some("enclosure"));
        let sizes: BTreeMap<&str, usize> = enclosures
            .map(|node| (node.attribute("href").unwrap(), node.attribute("length").unwrap().parse().unwrap()))
            .collect();
        assert_eq!(sizes.len(), 2);
        for (address, size) in sizes {
            let path = address.strip_prefix("https://example.org/docs/").expect("an absolute address");
            assert_eq!(project.read(&format!("build/{path}")).len(), size, "{address}");
        }
    }
}

#[test]
fn the_same_sources_give_the_same_site() {
    let bytes = |threads: &str, zone: &str| {
        let project = workspace().file("reliure.toml", PUBLISHED).env("RAYON_NUM_THREADS", threads).env("TZ", zone);
        project.run(&SITE).succeeds();
        let of_site = |name: &String| !name.contains("-20") && !name.contains("-spring");
        let files = project.files("build").into_iter().filter(of_site);
        files.map(|name| (name.clone(), project.read(&format!("build/{name}")))).collect::<BTreeMap<_, _>>()
    };
    let (one, other) = (bytes("1", "UTC"), bytes("3", "Pacific/Auckland"));
    assert!(one.len() > 10, "{:?}", one.keys());
    assert!(one == other, "{:?}", one.iter().filter(|(name, bytes)| other.get(*name) != Some(bytes)).map(|(name, _)| name));
}

#[test]
fn an_error_keeps_the_last_site() {
    let project = Project::small("The lock at noon.");
    project.run(&SITE).succeeds();
    let before = text(&project, "note/index.html");
    let project = project.edit("sources/note/publication.toml", "A note", "Another note");
    let project = project.edit("sources/note/text.md", "The lock", "[](#nowhere) The lock");
    project.run(&SITE).fails_with(1).says("left out: the site, because it describes every edition");
    assert_eq!(text(&project, "note/index.html"), before);
    let project = project.edit("sources/note/text.md", "[](#nowhere) ", "");
    project.run(&SITE).succeeds();
    assert!(text(&project, "note/index.html").contains("<h1>Another note</h1>"));
}

#[test]
fn clean_removes_the_site() {
    let project = workspace().file("reliure.toml", PUBLISHED);
    project.run(&SITE).succeeds();
    fs::write(project.path("build/fonts/own.ttf"), "kept").expect("the file is written");
    project.run(&["clean"]).succeeds().prints("index.html").prints("feed.xml");
    assert_eq!(project.files("build"), ["fonts/own.ttf"]);
}

#[test]
fn clean_keeps_pages_that_no_build_wrote_or_that_were_edited() {
    let project =
        workspace().file("build/index.html", "mine").file("build/feed.xml", "mine").file("build/canal/index.html", "mine");
    project.run(&["clean"]).succeeds();
    assert_eq!(project.files("build"), ["canal/index.html", "feed.xml", "index.html"]);
    let project = workspace();
    project.run(&SITE).succeeds();
    fs::write(project.path("build/canal/index.html"), "edited").expect("the file is written");
    project.run(&["clean"]).succeeds().says("warning[R119]").says("was edited since the last build, and is kept");
    assert_eq!(project.files("build"), ["canal/index.html"]);
}

#[test]
fn the_page_of_a_deleted_publication_is_removed() {
    let project = workspace().file("reliure.toml", PUBLISHED);
    project.run(&SITE).succeeds();
    let before = project.files("build");
    fs::write(project.path("build/canal/notes.html"), "mine").expect("the file is written");
    fs::remove_dir_all(project.path("sources/canal")).expect("it is removed");
    fs::rename(project.path("sources/carnet"), project.path("sources/agenda")).expect("it is renamed");
    // A modified page is not removed.
    fs::write(project.path("build/carnet/index.html"), "changed").expect("the file is written");
    let session = project.run(&SITE).succeeds();
    let session = session.says("canal/index.html, which was removed because it is no longer part of the site");
    session
        .says("warning[R119]")
        .says("index.html\" was edited since the last build, and is kept, but no longer part of the site");
    let after = project.files("build");
    let gone: Vec<&String> = before.iter().filter(|name| !after.contains(name)).collect();
    assert!(
        gone.iter().any(|name| *name == "canal/index.html") && gone.iter().any(|name| name.starts_with("canal/cover.")),
        "{gone:?}"
    );
    assert!(
        gone.iter().any(|name| name.starts_with("carnet/cover.")) && after.contains(&"agenda/index.html".to_owned()),
        "{gone:?}"
    );
    assert!(gone.iter().all(|name| !name.ends_with(".pdf") && !name.ends_with(".epub")), "{gone:?}");
    assert_eq!(text(&project, "carnet/index.html"), "changed");
    assert_eq!(text(&project, "canal/notes.html"), "mine");
    let session = project.run(&SITE).succeeds();
    assert!(!session.stderr.contains("was removed"), "{}", session.stderr);
}

#[test]
fn an_edited_page_is_never_replaced_silently() {
    let project = Project::small("The lock at noon.");
    project.run(&SITE).succeeds();
    let mine = text(&project, "note/index.html").replace("</main>", "<p>Mine.</p></main>");
    let page = project.path("build/note/index.html");
    fs::write(&page, &mine).expect("the file is written");
    let session = project.run(&[&SITE[..], &["--strict"]].concat()).fails_with(1);
    session
        .says("error[R119]")
        .says("was edited since the last build")
        .says("left out: the site, because some of its files were edited");
    assert_eq!(text(&project, "note/index.html"), mine, "it is kept");
    let session = project.run(&SITE).succeeds();
    session.says("warning[R119]").says("and is replaced unless `--strict` is given").says("in a file with another name");
    assert!(!text(&project, "note/index.html").contains("Mine."));
    assert!(!project.run(&SITE).succeeds().stderr.contains("R119"), "it is reported once");
    // Without the record of the last build, pages that reliure wrote are replaced, and other pages are replaced and reported.
    fs::remove_dir_all(project.path("build/.reliure")).expect("it is removed");
    let project = project.edit("sources/note/publication.toml", "A note", "Another note");
    assert!(!project.run(&SITE).succeeds().stderr.contains("R119"));
    fs::remove_dir_all(project.path("build/.reliure")).expect("it is removed");
    fs::write(project.path("build/index.html"), "<p>Our documents</p>").expect("the file is written");
    project.run(&SITE).succeeds().says("index.html\" was not written by reliure, and is replaced");
}

/// Returns the colours of the band at the top of a page.
fn band(html: &str) -> Vec<String> {
    html.split("style=\"background: ").skip(1).map(|rest| rest[..7].to_owned()).collect()
}

#[test]
fn the_catalogue_has_the_brand_of_one_publication_only_if_all_share_it() {
    let brand = |colour: &str| format!("\n[brand.color]\naccents = [\"{colour}\"]\n");
    let other = |own: &str, series: bool| {
        let project = Project::small("The lock at noon.");
        let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("UTF-8");
        let uuid = manifest.split("uuid = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a UUID");
        let second = manifest.replace(uuid, "7e3f8b9c-6a45-4c0e-9a38-1f2f0f4c7d55");
        let folder = if series { "sources/tides/" } else { "sources/" };
        let body = String::from_utf8(project.read("sources/note/text.md")).expect("UTF-8");
        let colophon = String::from_utf8(project.read("sources/note/colophon.md")).expect("UTF-8");
        let mut made = Project::new();
        for (slug, manifest) in [("one", manifest.clone() + &brand("#8C1B5E")), ("two", second + own)] {
            made = made
                .file(&format!("{folder}{slug}/publication.toml"), &manifest)
                .file(&format!("{folder}{slug}/text.md"), &body)
                .file(&format!("{folder}{slug}/colophon.md"), &colophon);
        }
        let made = if series {
            made.file("sources/tides/series.toml", &format!("title = \"Tides\"\n{}", brand("#0B6E69")))
        } else {
            made
        };
        made.run(&SITE).succeeds();
        band(&text(&made, "index.html"))
    };
    assert_eq!(other(&brand("#8C1B5E"), false), ["#8C1B5E"], "both have the same brand");
    assert_eq!(other(&brand("#1B5E8C"), false), ["#1B4F72"], "different brands: neutral");
    assert_eq!(other(&brand("#1B5E8C"), true), ["#0B6E69"], "different brands in one series: that of the series");
}

#[test]
fn axe_finds_nothing_on_any_page() {
    let project = workspace().file("reliure.toml", PUBLISHED);
    project.run(&SITE).succeeds();
    for page in PAGES {
        let judge = Command::new(repository().join("tests/judges/judge-print")).arg(project.path("build").join(page)).output();
        let report = String::from_utf8(judge.expect("the judge runs").stdout).expect("UTF-8");
        assert!(report.contains("violations=0") && report.contains("verdict      PASS"), "{page}: {report}");
    }
}

/// Returns the report of `judge-site`.
pub fn site_judged(folder: &Path) -> String {
    let judge = Command::new(repository().join("tests/judges/judge-site")).arg(folder).output().expect("the judge runs");
    let report = String::from_utf8_lossy(&judge.stdout).into_owned();
    assert!(judge.status.success(), "{report}{}", String::from_utf8_lossy(&judge.stderr));
    report
}

#[test]
fn validators_accept_the_pages_and_the_feed() {
    let project = workspace().file("reliure.toml", PUBLISHED);
    project.run(&SITE).succeeds();
    let report = site_judged(&project.path("build"));
    assert!(report.contains("PASS pages=4 findings=0") && report.contains("PASS entries=5"), "{report}");
}

#[test]
fn every_command_of_the_page_about_the_site_runs() {
    let project = Project::copy(repository());
    let page = fs::read_to_string(repository().join("docs/site.md")).expect("the page");
    let path = format!(
        "{}:{}",
        Path::new(env!("CARGO_BIN_EXE_reliure")).parent().expect("a folder").display(),
        std::env::var("PATH").expect("a path")
    );
    let blocks = shell_blocks(&page);
    assert_eq!(blocks.len(), 2, "{blocks:?}");
    for block in blocks {
        let mut command = Command::new("sh");
        Session::of(command.args(["-euc", &block]).current_dir(project.path("")).env("PATH", &path)).succeeds();
    }
    assert!(project.path("build/feed.xml").is_file() && project.path("build/reve/brochure/index.html").is_file());
}
