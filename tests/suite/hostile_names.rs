//! File names with spaces, composed and decomposed accents, percent signs and `#`, for sources, images, publications and link
//! targets, in both outputs.

use std::fs;

use crate::epub::entries_of;
use crate::harness::{Project, repository};
use crate::judges::judged;
use crate::pdf::facts_of;

/// Names of images on disk and in Markdown.
const IMAGES: [(&str, &str); 7] = [
    ("a heron.png", "<a heron.png>"),
    ("a stork.png", "a%20stork.png"),
    ("100% sure#1.png", "<100% sure#1.png>"),
    ("50%20off.png", "50%20off.png"),
    ("\u{e9}t\u{e9}.png", "e\u{301}te\u{301}.png"),
    ("日本 ☂ 🐦.png", "<日本 ☂ 🐦.png>"),
    ("it's; a+b=c,d~e!(f).png", "<it's; a+b=c,d~e!(f).png>"),
];

/// Writes the images, which declare a licence, into a folder.
fn with_images(project: Project, folder: &str) -> Project {
    let picture = fs::read(repository().join("tests/fixtures/checks/R602/good/heron.png")).expect("the picture is read");
    for (name, _) in IMAGES {
        fs::create_dir_all(project.path(folder)).expect("the folder is made");
        fs::write(project.path(&format!("{folder}/{name}")), &picture).expect("it is written");
        fs::write(project.path(&format!("{folder}/{name}.toml")), "licence = \"CC0-1.0\"\n").expect("it is written");
    }
    project
}

fn pictures(folder: &str) -> String {
    IMAGES
        .iter()
        .enumerate()
        .map(|(n, (_, written))| {
            let path = if written.starts_with('<') {
                written.replacen('<', &format!("<{folder}/"), 1)
            } else {
                format!("{folder}/{written}")
            };
            format!("![Picture {n}]({path})\n\nWords.\n\n")
        })
        .collect()
}

#[test]
fn supports_special_characters_in_image_names() {
    let project = with_images(Project::small(&pictures("im\u{e9}s")), "sources/note/im\u{e9}s");
    project.run(&["build"]).succeeds().says("2 files written");
    let entries = entries_of(&project.path("build/note-1.epub"));
    let text = &entries["OEBPS/text.xhtml"];
    assert_eq!(text.matches("<img").count(), IMAGES.len(), "{text}");
    assert!(entries.keys().all(|name| name.is_ascii() && !name.contains([' ', '#', '%', '&'])), "{:?}", entries.keys());
    let report = judged(&project.path("build/note-1.epub"), "judge-epub");
    assert!(report.contains("fatal=0 errors=0 warnings=0"), "{report}");
}

#[test]
fn rejects_characters_that_some_systems_do_not_support() {
    for c in ['<', '>', '"', '|', '?', '*', ':'] {
        let project = Project::small(&format!("![x](<ab\\{c}d.png>)"));
        project.run(&["check"]).fails_with(1).says("error[R401]").says(&format!("it has the character {c}"));
    }
}

#[test]
fn links_publications_and_sections_with_special_characters() {
    let names = ["la note #1", "100 % sûr", "e\u{301}te\u{301}"];
    let mut project = Project::new().file("reliure.toml", "published-at = \"https://example.org/docs\"\n");
    for (n, name) in names.iter().enumerate() {
        let links: String = names
            .iter()
            .filter(|other| *other != name)
            .map(|other| format!("See [that one](<publication:{other}#there>).\n\n"))
            .collect();
        let manifest = String::from_utf8(Project::small("x").read("sources/note/publication.toml")).expect("UTF-8");
        let manifest = manifest.replace("4d1b4f0e", &format!("4d1b4f0{n}")).replace("\"text\"", "\"pré face #1 100%\"");
        project = project
            .file(&format!("sources/{name}/publication.toml"), &manifest)
            .file(
                &format!("sources/{name}/pre\u{301} face #1 100%.md"),
                &format!("+++\ntitle = \"Text\"\nid = \"text\"\n+++\n\n{links}## There {{#there}}\n\nWords.\n"),
            )
            .file(&format!("sources/{name}/colophon.md"), "+++\ntitle = \"Colophon\"\n+++\n\n::: licence\n:::\n");
    }
    project.run(&["build"]).succeeds().says("6 files written");
    // Names of files and addresses have composed accents.
    let names = names.map(|name| name.replace("e\u{301}", "\u{e9}"));
    for name in &names {
        let file = project.path(&format!("build/{name}-1"));
        let epub = file.with_file_name(format!("{name}-1.epub"));
        let report = judged(&epub, "judge-epub");
        assert!(report.contains("fatal=0 errors=0 warnings=0"), "{name}: {report}");
        let text = &entries_of(&epub)["OEBPS/text.xhtml"];
        let facts = facts_of(&epub.with_extension("pdf")).to_string();
        for other in names.iter().filter(|other| *other != name) {
            let address: String = other
                .bytes()
                .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
                .collect();
            assert!(text.contains(&format!("https://example.org/docs/{address}-1.epub")), "{address} in {text}");
            assert!(facts.contains(&format!("{address}-1.pdf")), "{address} in {facts}");
        }
    }
}
