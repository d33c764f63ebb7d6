//! What a layout declares in `layout.toml` is what a reader gets.

use lopdf::Document;

use crate::harness::Project;

const MANIFEST: &str = "sources/note/publication.toml";

/// The small publication in a layout of the tool, with `layout.toml` as the project has it.
fn project(layout: &str, declared: &str) -> Project {
    Project::small("Text.")
        .edit(MANIFEST, "lang = \"en\"", &format!("lang = \"en\"\nlayout = \"{layout}\""))
        .file(&format!("layouts/{layout}/layout.toml"), declared)
}

/// Width and height of the pages of the PDF, in whole points.
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
fn the_pages_have_the_size_that_the_layout_declares() {
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
fn the_brochure_takes_another_size_too() {
    let declared = include_str!("../../layouts/brochure/layout.toml");
    let wide = declared.replace("297mm", "320mm").replace("210mm", "220mm");
    assert_ne!(wide, declared);
    let sizes = page_sizes(&project("brochure", &wide));
    assert!(!sizes.is_empty() && sizes.iter().all(|size| *size == (907, 624)), "{sizes:?}");
}
