//! Titles and captions with markup, in both outputs.

use crate::epub::entries_of;
use crate::harness::Project;

const BODY: &str = "## About 10^3^ and *vol.* 2 {#p}\n\n\
    See [](#p) and [](#text).\n\n\
    ![A wave.](box.svg \"A *wave* in `box`\")\n\n\
    ::: callout {title=\"On `tides` and 10^2^\"}\nWords.\n:::\n\n\
    ::: aside {title=\"An *aside*\"}\nWords.\n:::\n";

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\" fill=\"#0B6E69\"/></svg>";

fn project(title: &str) -> Project {
    Project::small(BODY)
        .edit("sources/note/text.md", "title = \"Text\"", &format!("title = '{title}'"))
        .file("sources/note/box.svg", SVG)
        .file("sources/note/box.svg.toml", "credit = \"Ada Byron\"\nlicence = \"CC0-1.0\"\n")
}

#[test]
fn titles_and_captions_keep_their_markup_in_the_epub() {
    let project = project("The `lock` of 10^3^ *gates*");
    project.run(&["build", "--format", "epub"]).succeeds();
    let entries = entries_of(&project.path("build/note-1.epub"));
    let (text, nav) = (&entries["OEBPS/text.xhtml"], &entries["OEBPS/nav.xhtml"]);
    let title = "The <code>lock</code> of 10<sup>3</sup> <em>gates</em>";
    for wanted in [
        "<title>The lock of 103 gates</title>".to_owned(),
        format!("id=\"_title\">{title}</h1>"),
        format!("<cite>{title}</cite>"),
        "<cite>About 10<sup>3</sup> and <em>vol.</em>".to_owned(),
        "<span class=\"caption\">A <em>wave</em> in <code>box</code></span>".to_owned(),
        "<p class=\"callout-title\">On <code>tides</code> and 10<sup>2</sup></p>".to_owned(),
        "<p class=\"aside-title\">An <em>aside</em></p>".to_owned(),
        "aria-label=\"An aside\"".to_owned(),
    ] {
        assert!(text.contains(&wanted), "{wanted}\n{text}");
    }
    assert!(nav.contains(&format!("<a href=\"text.xhtml\">{title}</a>")), "{nav}");
    assert!(entries["OEBPS/toc.ncx"].contains("<text>The lock of 103 gates</text>"));
}

#[test]
fn a_title_that_looks_like_a_block_is_text() {
    for title in ["1. Gates", "# C", "- x", "2024) y"] {
        let project = project(title);
        project.run(&["build", "--format", "epub"]).succeeds();
        let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
        assert!(text.contains(&format!("id=\"_title\">{title}</h1>")), "{text}");
    }
}

#[test]
fn notes_of_notes_are_in_the_order_of_their_numbers() {
    let body = "One[^a] two[^b] three[^d].\n\n[^a]: First.\n\n[^b]: Second, see[^c].\n\n[^c]: Third.\n\n[^d]: Fourth.\n";
    let project = Project::small(body);
    project.run(&["build", "--format", "epub"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    let at = |number: u32| text.find(&format!("id=\"_note-{number}\"")).expect("the note");
    assert!(at(1) < at(2) && at(2) < at(3) && at(3) < at(4), "{text}");
}

#[test]
fn long_names_in_titles_are_divided_between_lines() {
    for name in [
        "a_module_with_extra_types_for_phone_numbers_of_all_countries",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    ] {
        let body = format!("## {name}\n\nText.\n");
        let project = Project::small(&body).edit("sources/note/text.md", "title = \"Text\"", &format!("title = \"{name}\""));
        let session = project.run(&["build", "--format", "pdf"]).succeeds();
        assert!(!session.stderr.contains("R68"), "{}", session.stderr);
    }
}
