//! Ids of tables, figures and containers, and titles of links.

use crate::epub::entries_of;
use crate::harness::Project;

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"90\"><path d=\"M0 0H9V9Z\"/></svg>";

fn project(body: &str) -> Project {
    Project::small(body).file("sources/note/images/a.svg", SVG).edit(
        "sources/note/publication.toml",
        "[[editions]]",
        "[[assets]]\npath = \"images/a.svg\"\nlicence = \"CC0-1.0\"\ncredit = \"Us\"\n\n[[editions]]",
    )
}

const TARGETS: &str = "::: table {#levels}\n| when | level |\n|---|---|\n| noon | 3 |\n\nLevels of the *water*\n:::\n\n\
                       ![A sign.](images/a.svg \"The sign\"){#sign width=\"50%\"}\n\n\
                       ::: callout {#care kind=\"warning\" title=\"Take care\"}\nIt floods.\n:::\n\n\
                       ::: quotation {#words source=\"A keeper\"}\nWe wait.\n:::\n";

#[test]
fn links_lead_to_tables_figures_and_containers() {
    let project = project(&format!("See [](#levels), [](#sign), [](#care) and [what he said](#words).\n\n{TARGETS}"));
    project.run(&["build", "--strict"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    for part in ["id=\"levels\"", "<figure id=\"sign\"", "id=\"care\"", " id=\"words\"", "href=\"#words\">what he said</a>"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    for (id, words) in [("levels", "Levels of the "), ("sign", "The sign"), ("care", "Take care")] {
        let after = text.split(&format!("href=\"#{id}\"")).nth(1).unwrap_or_else(|| panic!("no link to {id}: {text}"));
        assert!(after[..80].contains(words), "{id}: {text}");
    }
    let pdf = crate::pdf::run_script("pdf_speech.py", &[], &project.path("build/note-1.pdf"));
    for words in ["Levels of the water, p.\u{A0}3", "The sign, p.\u{A0}3", "Take care, p.\u{A0}3", "what he said"] {
        assert!(pdf.contains(words), "{words}: {pdf}");
    }
}

#[test]
fn a_target_without_a_title_needs_words_in_its_links() {
    let body = format!("See [](#words).\n\n{TARGETS}");
    let session = project(&body).run(&["check"]).fails_with(1);
    session.says("this link has no words, and its target \"#words\" has no title").says("R304").says("text.md:4:5");
}

#[test]
fn ids_are_unique_whatever_they_are_of() {
    let session = project(&format!("## Water {{#levels}}\n\nText.\n\n{TARGETS}")).run(&["check"]).fails_with(1);
    session.says("the id \"levels\" is taken").says("first given here");
    let session = project("::: passage {#x lang=\"fr\"}\nMot.\n:::\n").run(&["check"]).fails_with(1);
    session.says("a \"passage\" container has no attribute \"#\"");
}

#[test]
fn titles_of_links_are_in_the_epub() {
    let body = "See [the map](https://example.org/map \"a map & its *key*\"), [](https://example.org \"Their site\") and \
                <a href=\"https://example.org/x\" title=\"the third\">x</a>.";
    let project = Project::small(body);
    project.run(&["build", "--strict"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    for part in [
        "<a href=\"https://example.org/map\" title=\"a map &amp; its *key*\">the map</a>",
        "<a href=\"https://example.org\">Their site</a>",
        "<a href=\"https://example.org/x\" title=\"the third\">x</a>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn attributes_of_links_and_open_containers_do_not_stop_a_lenient_build() {
    let body = "See [it](https://example.org){target=_blank .external}.\n\n::: note\nA remark.\n";
    let project = Project::small(body);
    let session = project.run(&["build", "--lenient"]).succeeds();
    session
        .says("an attribute of a link of Pandoc, Quarto and MkDocs is left out: {target=_blank .external}")
        .says("is not closed");
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    assert!(text.contains("<p>A remark.</p>") && text.contains(">it</a>."), "{text}");
}
