//! The declarations of `layout.toml` have an effect in the outputs.

use lopdf::Document;

use crate::epub::entries_of;
use crate::harness::Project;

const MANIFEST: &str = "sources/note/publication.toml";

/// Returns the small publication with a layout and its `layout.toml`.
fn project(layout: &str, declared: &str) -> Project {
    Project::small("Text.")
        .edit(MANIFEST, "lang = \"en\"", &format!("lang = \"en\"\nlayout = \"{layout}\""))
        .file(&format!("layouts/{layout}/layout.toml"), declared)
}

/// Returns the width and height of the pages of the PDF, in whole points.
fn page_sizes(project: &Project) -> Vec<(i64, i64)> {
    project.run(&["build", "--format", "pdf"]).succeeds();
    let pdf = Document::load(project.path("build/note-1.pdf")).expect("the PDF is read");
    let size = |page| {
        let page = pdf.get_dictionary(page).expect("a page");
        let media = page.get(b"MediaBox").and_then(|media| media.as_array()).expect("a MediaBox");
        let side = |index: usize| media[index].as_float().expect("a number").round() as i64;
        assert_eq!((side(0), side(1)), (0, 0));
        (side(2), side(3))
    };
    pdf.page_iter().map(size).collect()
}

#[test]
fn pages_have_the_declared_size() {
    let simple = |page: &str| {
        let rest = "[options.contents-depth]\ntype = \"integer\"\ndefault = 2\nhelp = \"Levels.\"\n";
        project("simple", &format!("description = \"Mine\"\npage = {page}\n\n{rest}"))
    };
    for (page, size) in [
        ("{ width = \"160mm\", height = \"240mm\" }", (454, 680)),
        ("{ width = \"18cm\", height = \"240mm\" }", (510, 680)),
        ("{ width = \"8.5in\", height = \"700pt\" }", (612, 700)),
    ] {
        let sizes = page_sizes(&simple(page));
        assert!(!sizes.is_empty() && sizes.iter().all(|found| *found == size), "{page}: {sizes:?}");
    }
}

#[test]
fn an_option_selects_the_size_of_the_pages() {
    let sizes = |options: &str| {
        let project = Project::small("Text.").edit(MANIFEST, "lang = \"en\"", "lang = \"en\"\nlayout = \"etude\"");
        page_sizes(&project.edit(MANIFEST, "[[editions]]", &format!("[options]\n{options}\n\n[[editions]]")))
    };
    for (options, size) in
        [("contents-depth = 1", (454, 680)), ("format = \"book\"", (454, 680)), ("format = \"a4\"", (595, 842))]
    {
        let sizes = sizes(options);
        assert!(!sizes.is_empty() && sizes.iter().all(|found| *found == size), "{options}: {sizes:?}");
    }
}

#[test]
fn pages_of_an_option_belong_to_its_choices() {
    let fault = |option: &str| {
        let declared = format!(
            "description = \"Mine\"\npage = {{ width = \"16cm\", height = \"24cm\" }}\n\n[options.paper]\n{option}\nhelp = \"Paper.\"\n"
        );
        project("simple", &declared).run(&["check"]).fails_with(1).stderr
    };
    let page = "pages = { a4 = { width = \"210mm\", height = \"297mm\" } }";
    let unknown = fault(&format!("type = \"choice\"\nchoices = [\"book\"]\ndefault = \"book\"\n{page}"));
    assert!(unknown.contains("declares pages for \"a4\", which is not one of its choices"), "{unknown}");
    let untyped = fault(&format!("type = \"string\"\ndefault = \"book\"\n{page}"));
    assert!(untyped.contains("only a choice selects pages"), "{untyped}");
}

#[test]
fn title_page_lists_sections_only_if_declared() {
    let title_page = |declared: &str| {
        let project =
            project("mine", &format!("description = \"Mine\"\npage = {{ width = \"9cm\", height = \"9cm\" }}\n{declared}"))
                .file(
                    "layouts/mine/blocks.typ",
                    "#import \"/layouts/common/blocks.typ\": *\n#let licence(ctx, form: \"full\") = []\n",
                )
                .file(
                    "layouts/mine/main.typ",
                    "#let cover-page(edition) = page([#edition.title])\n#let publication(edition, bodies) = []\n",
                );
        project.run(&["build", "--format", "epub"]).succeeds();
        entries_of(&project.path("build/note-1.epub"))["OEBPS/title.xhtml"].clone()
    };
    let page = title_page("title-page-links = \"cards\"\n");
    assert!(page.contains("<nav class=\"cards\" aria-label=\"") && page.contains("<a href=\"text.xhtml\">Text</a>"), "{page}");
    let page = title_page("");
    assert!(!page.contains("<nav") && !page.contains("text.xhtml"), "{page}");
}

#[test]
fn assigns_accents_in_the_declared_order() {
    // With four sections and three accents, the last section has the first accent again, unless the order is "ring".
    let accents = "[\"#1B5E8C\", \"#8C1B2F\", \"#2F6B3A\"]";
    let classes = |declared: &str| {
        let mut project = project(
            "simple",
            &format!(
                "description = \"Mine\"\npage = {{ width = \"160mm\", height = \"240mm\" }}\n{declared}\n\
             [options.contents-depth]\ntype = \"integer\"\ndefault = 2\nhelp = \"Levels.\"\n"
            ),
        )
        .edit(MANIFEST, "[\"text\", \"colophon\"]", "[\"text\", \"second\", \"third\", \"colophon\"]")
        .edit(MANIFEST, "[[editions]]", &format!("[brand.color]\naccents = {accents}\n\n[[editions]]"));
        for name in ["second", "third"] {
            project = project.file(&format!("sources/note/{name}.md"), &format!("+++\ntitle = \"The {name}\"\n+++\n\nText.\n"));
        }
        project.run(&["build", "--format", "epub"]).succeeds();
        let entries = entries_of(&project.path("build/note-1.epub"));
        ["text", "second", "third", "colophon"].map(|name| {
            let page = &entries[&format!("OEBPS/{name}.xhtml")];
            let (_, class) = page.split_once("<body class=\"").expect("a class");
            class.split('"').next().unwrap_or_default().to_owned()
        })
    };
    assert_eq!(classes(""), ["accent-1", "accent-2", "accent-3", "accent-1"]);
    assert_eq!(classes("accents = \"cycle\""), ["accent-1", "accent-2", "accent-3", "accent-1"]);
    assert_eq!(classes("accents = \"ring\""), ["accent-1", "accent-2", "accent-3", "accent-2"]);
}

#[test]
fn brochure_supports_other_sizes() {
    let declared = include_str!("../../layouts/brochure/layout.toml");
    let wide = declared.replace("297mm", "320mm").replace("210mm", "220mm");
    assert_ne!(wide, declared);
    let sizes = page_sizes(&project("brochure", &wide));
    assert!(!sizes.is_empty() && sizes.iter().all(|size| *size == (907, 624)), "{sizes:?}");
}

#[test]
fn shared_style_sheets_come_before_the_one_of_the_layout() {
    let rest = "[options.contents-depth]\ntype = \"integer\"\ndefault = 2\nhelp = \"Levels.\"\n";
    let sheets = |path: &str| {
        let page = "page = { width = \"160mm\", height = \"240mm\" }";
        project("simple", &format!("description = \"Mine\"\n{page}\nstyle-sheets = [\"{path}\"]\n\n{rest}"))
            .file("layouts/common/calm.css", "p { background: url(\"motif.svg\") }")
            .file("layouts/common/motif.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>")
            .file("layouts/simple/epub.css", "p { margin: 3px }\n")
    };
    let built = sheets("/layouts/common/calm.css");
    built.run(&["build", "--format", "epub"]).succeeds();
    let entries = entries_of(&built.path("build/note-1.epub"));
    let css = &entries["OEBPS/layout.css"];
    assert!(css.starts_with("p { background: url(\"data:image/svg+xml") && css.ends_with("p { margin: 3px }\n"), "{css}");
    let wrong = sheets("/layouts/common/clam.css").run(&["check"]).fails_with(1);
    wrong.says("there is no style sheet").says("layouts/simple/layout.toml:3").says("/layouts/common/calm.css");
}
