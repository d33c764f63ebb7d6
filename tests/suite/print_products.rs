//! The print products that a build writes, and the products that do not depend on print settings.

use lopdf::Document;

use crate::harness::{Project, repository};

const MANIFEST: &str = "sources/note/publication.toml";
const MM: f32 = 72.0 / 25.4;

fn appended(project: Project, tables: &str) -> Project {
    let manifest = String::from_utf8(project.read(MANIFEST)).expect("UTF-8");
    project.file(MANIFEST, &format!("{manifest}\n{tables}"))
}

#[test]
fn a_print_pdf_is_built_where_a_manifest_asks_for_it() {
    let built = |project: Project| {
        project.run(&["build"]).succeeds();
        project.files("build").into_iter().filter(|name| name.contains("print") || name.contains("cover")).collect::<Vec<_>>()
    };
    assert_eq!(built(Project::small("Text.")), Vec::<String>::new());
    assert_eq!(built(appended(Project::small("Text."), "[print]\n")), ["note-1-print.pdf"]);
    assert_eq!(built(Project::small("Text.").file("reliure.toml", "[print]\n")), ["note-1-print.pdf"]);
    let stock = "[print.stock]\nweight = 90\nbulk = 1.25\n";
    let bound = Project::small("Text.").file("reliure.toml", &format!("[print]\nbinding = \"perfect\"\n{stock}"));
    assert_eq!(built(bound), ["note-1-cover.pdf", "note-1-print.pdf"]);
    // The manifest of a series has the settings of its publications.
    let small = Project::small("Text.");
    let mut series = Project::new().file("sources/canal/series.toml", "title = \"Canal\"\n\n[print]\n");
    for name in ["publication.toml", "text.md", "colophon.md"] {
        let text = String::from_utf8(small.read(&format!("sources/note/{name}"))).expect("UTF-8");
        series = series.file(&format!("sources/canal/note/{name}"), &text);
    }
    assert_eq!(built(series), ["canal/note-1-print.pdf"]);
}

#[test]
fn products_for_screens_do_not_depend_on_print() {
    let built = |print: &str| {
        let project = appended(Project::small("Text with [a link](https://example.org/tides)."), print);
        std::fs::copy(repository().join("tests/fixtures/print/press.icc"), project.path("sources/note/press.icc"))
            .expect("copied");
        project.run(&["build"]).succeeds();
        [project.read("build/note-1.pdf"), project.read("build/note-1.epub")]
    };
    let without = built("");
    let settings = "binding = \"saddle-stitch\"\nbleed = \"5mm\"\nmarks = true\ncolour = \"gray\"\npaper = false\nblack-text = \"0pt\"\nicc = \"press.icc\"\n";
    assert!(built(&format!("[print]\n{settings}")) == without);
    // By default, the EPUB lists the pages of the print PDF if it has a gutter.
    let bound = "[print]\nbinding = \"perfect\"\n[print.stock]\nweight = 90\nbulk = 1.25\n";
    let bound = built(bound);
    assert!(bound[0] == without[0] && bound[1] != without[1]);
}

#[test]
fn the_bleed_has_the_declared_width() {
    for (bleed, wide) in [("5mm", 5.0), ("0mm", 0.0), ("10mm", 10.0)] {
        let project = Project::small("Text.").file("reliure.toml", &format!("[print]\nbleed = \"{bleed}\"\n"));
        project.run(&["build", "--format", "print"]).succeeds();
        let pdf = Document::load(project.path("build/note-1-print.pdf")).expect("the PDF is read");
        for page in pdf.page_iter() {
            let page = pdf.get_dictionary(page).expect("a page");
            let sides = |name: &[u8]| -> Vec<f32> {
                let sides = page.get(name).and_then(lopdf::Object::as_array).expect("a box");
                sides.iter().map(|side| side.as_float().expect("a number")).collect()
            };
            let (trim, outer, media) = (sides(b"TrimBox"), sides(b"BleedBox"), sides(b"MediaBox"));
            let widths = [trim[0] - outer[0], trim[1] - outer[1], outer[2] - trim[2], outer[3] - trim[3]];
            assert!(widths.iter().all(|width| (width - wide * MM).abs() < 0.02), "{bleed}: {widths:?}");
            assert_eq!(outer, media);
        }
    }
}

#[test]
fn a_profile_that_is_not_for_a_press_is_refused_at_its_line() {
    let press = std::fs::read(repository().join("tests/fixtures/print/press.icc")).expect("the profile is read");
    for (at, word, reason) in [(12, b"mntr", "display"), (16, b"RGB ", "RGB"), (36, b"none", "")] {
        let mut profile = press.clone();
        profile[at..at + 4].copy_from_slice(word);
        let project = Project::small("Text.").file("reliure.toml", "[print]\nicc = \"press.icc\"\n");
        std::fs::write(project.path("press.icc"), profile).expect("the profile is written");
        let session = project.run(&["build", "--format", "print"]).fails_with(1);
        session.says("error[R111]").says("reliure.toml:2:7").says(reason);
        assert!(project.files("build").is_empty());
    }
}

#[test]
fn colours_that_screens_cannot_distinguish_must_have_equal_inks() {
    let palette = |second: &str| {
        let palette = "[brand.color.palette]\nlock = { rgb = \"#1B4F72\", cmyk = [90, 60, 30, 25] }\n";
        appended(Project::small("Text."), &format!("{palette}gate = {{ rgb = \"#1B4F72\", cmyk = {second} }}\n")).run(&["check"])
    };
    palette("[90, 60, 30, 25]").succeeds();
    palette("[90, 60, 30, 20]").fails_with(1).says("are both #1B4F72 on screens, but differ in print").says("publication.toml:");
}

#[test]
fn the_back_cover_after_blank_pages_is_numbered_by_its_position() {
    let project = appended(Project::small("Text."), "[print]\nbinding = \"saddle-stitch\"\n")
        .file("sources/note/more.md", "+++\ntitle = \"More\"\n+++\n\nThe lock at night.\n")
        .edit(MANIFEST, "\"colophon\"", "\"more\", \"colophon\"")
        .edit(MANIFEST, "title = ", "layout = \"etude\"\ntitle = ");
    project.run(&["build", "--format", "print"]).succeeds().says("before the back cover");
    let pdf = Document::load(project.path("build/note-1-print.pdf")).expect("the PDF is read");
    let pages = i64::try_from(pdf.get_pages().len()).expect("a number");
    let labels = pdf.catalog().and_then(|catalog| catalog.get_deref(b"PageLabels", &pdf)).and_then(lopdf::Object::as_dict);
    let numbers = labels.and_then(|labels| labels.get_deref(b"Nums", &pdf)).and_then(lopdf::Object::as_array).expect("labels");
    let last = numbers.chunks(2).last().expect("a label");
    let label = pdf.dereference(&last[1]).expect("a label").1.as_dict().expect("a dictionary");
    assert_eq!(last[0].as_i64().expect("an index"), pages - 1);
    assert_eq!(label.get(b"St").and_then(lopdf::Object::as_i64).expect("a start"), pages);
}
