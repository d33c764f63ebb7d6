//! Books with a binding: blank pages, the gutter, the pages inside the cover, and the cover sheet with its bar code.

use lopdf::content::Content;
use lopdf::{Document, Object, ObjectId};

use crate::harness::{Project, repository};

const MANIFEST: &str = "sources/note/publication.toml";
const MM: f32 = 72.0 / 25.4;

const BOUND: &str = "[print]
binding = \"perfect\"

[print.stock]
weight = 90
bulk = 1.25

[isbn]
print = \"978-2-9999990-0-8\"
";

/// Returns the small publication, of four pages, with tables at the end of its manifest.
fn project(tables: &str) -> Project {
    let project = Project::small("Text.");
    let manifest = String::from_utf8(project.read(MANIFEST)).expect("UTF-8");
    project.file(MANIFEST, &format!("{manifest}\n{tables}"))
}

/// Returns the same publication with one more page.
fn five_pages(tables: &str) -> Project {
    project(tables)
        .edit(MANIFEST, "sections = [\"text\",", "sections = [\"text\", \"more\",")
        .file("sources/note/more.md", "+++\ntitle = \"More\"\n+++\nMore text of the same kind.\n")
}

fn load(project: &Project, name: &str) -> Document {
    Document::load(project.path(name)).expect("the PDF is read")
}

fn number(object: &Object) -> f32 {
    object.as_float().expect("a number")
}

/// Returns the left, bottom, right and top coordinates of a box of a page.
fn rectangle(pdf: &Document, page: ObjectId, name: &str) -> [f32; 4] {
    let page = pdf.get_dictionary(page).expect("a page");
    let sides = page.get(name.as_bytes()).and_then(Object::as_array).expect("a box");
    [0, 1, 2, 3].map(|side| number(&sides[side]))
}

/// A transformation: the six numbers of `cm`.
type Matrix = [f32; 6];

/// Returns the transformation that applies `inner`, then `outer`.
fn product(inner: Matrix, outer: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = inner;
    let [p, q, r, s, t, u] = outer;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}

/// The content of a page: the positions at which texts start, from the corner of the trimmed page, and the sizes of filled shapes.
#[derive(Default)]
struct Drawn {
    text: Vec<[f32; 2]>,
    shapes: Vec<[f32; 2]>,
}

fn drawn(pdf: &Document, page: ObjectId) -> Drawn {
    let bytes = pdf.get_page_content(page);
    let [left, bottom, ..] =
        rectangle(pdf, page, if pdf.get_dictionary(page).unwrap().has(b"TrimBox") { "TrimBox" } else { "MediaBox" });
    let mut drawn = Drawn::default();
    let mut matrix: Matrix = [1.0, 0.0, 0.0, 1.0, -left, -bottom];
    let (mut saved, mut path) = (Vec::new(), Vec::<[f32; 2]>::new());
    for operation in Content::decode(&bytes).expect("the content is read").operations {
        let values = || -> Vec<f32> { operation.operands.iter().map(number).collect() };
        let six = || <Matrix>::try_from(values()).expect("six numbers");
        match operation.operator.as_str() {
            "q" => saved.push(matrix),
            "Q" => matrix = saved.pop().expect("a saved state"),
            "cm" => matrix = product(six(), matrix),
            "Tm" => {
                let [.., x, y] = product(six(), matrix);
                drawn.text.push([x, y]);
            }
            "m" | "l" => path.extend(<[f32; 2]>::try_from(values()).ok()),
            "re" => {
                let [x, y, width, height] = <[f32; 4]>::try_from(values()).expect("four numbers");
                path.extend([[x, y], [x + width, y + height]]);
            }
            "f" | "f*" => {
                let side = |axis: usize| {
                    let least = path.iter().map(|point| point[axis]).fold(f32::MAX, f32::min);
                    path.iter().map(|point| point[axis]).fold(f32::MIN, f32::max) - least
                };
                drawn.shapes.push([side(0), side(1)]);
                path.clear();
            }
            "n" | "S" | "s" | "B" | "b" => path.clear(),
            _ => {}
        }
    }
    drawn
}

fn is_close(one: f32, other: f32) -> bool {
    (one - other).abs() < 0.05
}

#[test]
fn a_title_page_covers_the_largest_bleed() {
    for layout in ["simple", "brochure"] {
        let project = project("[print]\nbleed = \"10mm\"").edit(
            MANIFEST,
            "lang = \"en\"",
            &format!("lang = \"en\"\nlayout = \"{layout}\""),
        );
        let session = project.run(&["check", "--format", "print"]).succeeds();
        assert!(!session.stderr.contains("R732"), "{layout}: {}", session.stderr);
    }
}

#[test]
fn a_cover_sheet_is_back_spine_and_front_with_a_bar_code() {
    let project = project(&BOUND.replace("[isbn]", "[print.cover]\nspine = \"12mm\"\nprice = \"12 €\"\n\n[isbn]"));
    project.run(&["build", "--format", "cover"]).succeeds().prints("(12.00 mm spine for 4 pages)");
    assert_eq!(project.files("build"), ["note-1-cover.pdf"]);
    let pdf = load(&project, "build/note-1-cover.pdf");
    let pages: Vec<ObjectId> = pdf.page_iter().collect();
    assert_eq!(pages.len(), 1);
    for (name, beyond) in [("TrimBox", 0.0), ("MediaBox", 3.0)] {
        let [left, bottom, right, top] = rectangle(&pdf, pages[0], name);
        assert!(is_close(right - left, (2.0 * 160.0 + 12.0 + 2.0 * beyond) * MM), "{name}");
        assert!(is_close(top - bottom, (240.0 + 2.0 * beyond) * MM), "{name}");
    }
    // EAN-13 at 100 %: 24 bars of 22.85 mm, 6 guard bars longer by 5 modules of 0.33 mm.
    let drawn = drawn(&pdf, pages[0]);
    let bars = |height: f32| -> Vec<f32> {
        let bars = drawn.shapes.iter().filter(|shape| is_close(shape[1], height * MM));
        bars.map(|shape| shape[0] / (0.33 * MM)).collect()
    };
    let (bars, guards) = (bars(22.85), bars(24.5));
    assert_eq!((bars.len(), guards.len()), (24, 6));
    assert!(bars.iter().all(|modules| is_close(*modules, modules.round()) && (0.9..4.1).contains(modules)));
    assert!(guards.iter().all(|modules| is_close(*modules, 1.0)));
}

#[test]
fn the_spine_depends_on_the_inside_pages_with_their_blank_page() {
    let project = five_pages(BOUND);
    let session = project.run(&["build", "--format", "print", "--format", "cover", "--message-format", "json"]).succeeds();
    // 3 leaves of 90 g/m² and 1.25 cm³/g, two boards of 0.3 mm, and the glue.
    session.prints("\"pages\":6,\"blank_pages\":1").prints("\"pages\":6,\"blank_pages\":0,\"spine_mm\":1.24");
}

#[test]
fn a_cover_needs_its_binding_and_its_paper() {
    let asked = |tables: &str| project(tables).run(&["build", "note", "--format", "cover"]).fails_with(1);
    asked("").says("error[R505]").says("write `binding = \"perfect\"` under [print]");
    asked("[print]\nbinding = \"saddle-stitch\"").says("error[R505]").says("publication.toml:17:11");
    let bound = "[print]\nbinding = \"perfect\"\n";
    asked(bound).says("error[R505]").says("`weight = 90` and `bulk = 1.25`").says("spine = \"12.5mm\"");
    asked(&format!("{bound}[print.stock]\nweight = 90")).says("add `bulk = 1.25` under [print.stock]");
    // A book with perfect binding has a cover, even if it is not requested.
    project(bound).run(&["build"]).fails_with(1).says("error[R505]");
}

#[test]
fn a_wrong_isbn_is_an_error_and_a_missing_one_a_warning() {
    let wrong = project(&BOUND.replace("0-8", "0-9"));
    wrong.run(&["build", "--format", "cover"]).fails_with(1).says("error[R105]").says("its check digit is wrong");
    let without = BOUND.split("[isbn]").next().expect("a part");
    let session = project(without).run(&["build", "--format", "cover"]).succeeds();
    session.says("warning[R506]: the back cover has no bar code").says("print = \"978-…\"");
    let allowed = without.replace("binding", "# allow R506: it is not sold\nbinding");
    assert!(!project(&allowed).run(&["build", "--format", "cover"]).succeeds().stderr.contains("R506"));
}

#[test]
fn a_text_that_does_not_fit_the_back_is_refused() {
    let long = format!("[print.cover]\ntext = \"{}\"\n\n[isbn]", "A walk along the canal with its locks and herons. ".repeat(90));
    let session = project(&BOUND.replace("[isbn]", &long)).run(&["build", "--format", "cover"]).fails_with(1);
    session.says("error[R505]: the text of the back cover does not fit").says("shorten `text` in [print.cover]");
}

#[test]
fn faults_of_a_cover_are_at_their_line() {
    let long = "A walk along the canal with its locks and herons. ".repeat(90);
    let text = project(&BOUND.replace("[isbn]", &format!("[print.cover]\ntext = \"{long}\"\n\n[isbn]")));
    let line = String::from_utf8(text.read(MANIFEST)).unwrap().lines().position(|line| line.starts_with("text = ")).unwrap() + 1;
    text.run(&["build", "--format", "cover"]).fails_with(1).says(&format!("publication.toml:{line}:"));
    let two = "#let spine(edition, cover) = { page[One]; page[Two] }\n";
    let pages = own_layout(project(&BOUND.replace("[print]", "[print]\ngutter = \"0mm\"")));
    let pages = pages.file("layouts/mine/main.typ", &format!("{OWN}{two}"));
    let line = String::from_utf8(pages.read(MANIFEST)).unwrap().lines().position(|line| line.starts_with("binding")).unwrap() + 1;
    pages.run(&["build", "--format", "cover"]).fails_with(1).says("makes 2 pages").says(&format!("publication.toml:{line}:"));
}

#[test]
fn a_stated_spine_must_fit_the_pages() {
    let spine = |width: &str, stock: &str| {
        let bound = BOUND.replace("weight = 90\nbulk = 1.25\n", stock);
        project(&bound.replace("[isbn]", &format!("[print.cover]\nspine = \"{width}\"\n\n[isbn]")))
    };
    let build = |project: Project| project.run(&["build", "--format", "cover"]).succeeds().stderr;
    let paper = "weight = 90\nbulk = 1.25\n";
    // Four pages, boards and glue are 1.1 mm thick.
    assert!(!build(spine("1mm", paper)).contains("R509"));
    let wide = build(spine("12mm", paper));
    assert!(
        wide.contains("warning[R509]: a spine of 12 mm does not fit 4 pages") && wide.contains("publication.toml:"),
        "{wide}"
    );
    assert!(!build(spine("2mm", "")).contains("R509") && build(spine("50mm", "")).contains("R509"));
}

#[test]
fn a_spine_that_is_too_wide_to_be_bound_is_reported() {
    let thick = BOUND.replace("weight = 90\nbulk = 1.25", "weight = 500\nbulk = 3");
    let text = "The level of the water rises in the lock. ".repeat(7600);
    let long = project(&thick).file("sources/note/text.md", &format!("+++\ntitle = \"Text\"\n+++\n{text}\n"));
    let session = long.run(&["build", "--format", "cover"]).succeeds();
    session.says("warning[R509]").says("more than the usual maximum of 80 mm").says("publication.toml:");
}

#[test]
fn a_layout_without_a_cover_page_cannot_be_bound() {
    let print = "[print]\nbinding = \"perfect\"\n\n[print.stock]\nweight = 90\nbulk = 1.25\n";
    let bound = |layout: &str| {
        let project = Project::small("Text of the first page.");
        let manifest = String::from_utf8(project.read("sources/note/publication.toml")).expect("a text");
        let project = project.file("sources/note/publication.toml", &format!("layout = \"{layout}\"\n{manifest}\n{print}"));
        project.run(&["check", "--format", "print"])
    };
    let said = bound("bulletin").fails_with(1);
    said.says("error[R505]: the layout \"bulletin\" has no cover page")
        .says("has text of \"Text\"")
        .says("write another `binding`");
    for layout in ["simple", "etude", "brochure"] {
        assert!(!bound(layout).stderr.contains("has no cover page"), "{layout}");
    }
}

#[test]
fn values_of_a_cover_without_a_cover_sheet_are_reported() {
    let stitched = BOUND.replace("perfect", "saddle-stitch");
    let with = project(&stitched.replace("[isbn]", "[print.cover]\ntext = \"A note on a canal.\"\n\n[isbn]"));
    with.run(&["check"]).succeeds().says("warning[R110]: `text` has no effect").says("publication.toml:");
    assert!(!project(&stitched).run(&["check"]).stderr.contains("R110"));
    let bound = project(&BOUND.replace("[isbn]", "[print.cover]\ntext = \"A note on a canal.\"\n\n[isbn]"));
    assert!(!bound.run(&["check"]).stderr.contains("R110"));
}

#[test]
fn only_perfect_bound_publications_of_a_workspace_have_cover_sheets() {
    let project = Project::small("Text.").run(&["build", "--format", "cover"]).succeeds();
    project.says("1 publication has no cover sheet");
    let named = Project::small("Text.");
    named.run(&["build", "note", "--format", "cover"]).fails_with(1).says("error[R505]: only a book with perfect binding");
    let bound = project_of_two();
    bound.run(&["build", "--format", "cover"]).succeeds().prints("note-1-cover.pdf").says("1 publication has no cover sheet");
    bound.run(&["build", "--format", "cover"]).succeeds().says("1 publication has no cover sheet").says("up to date");
}

/// Returns a workspace with a bound book, and a leaflet without binding.
fn project_of_two() -> Project {
    let book = project(BOUND);
    let manifest = String::from_utf8(Project::small("Text.").read(MANIFEST)).expect("UTF-8");
    let other = manifest.replace("4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10", "5d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10");
    let text = String::from_utf8(book.read("sources/note/text.md")).expect("UTF-8");
    let colophon = String::from_utf8(book.read("sources/note/colophon.md")).expect("UTF-8");
    book.file("sources/other/publication.toml", &other)
        .file("sources/other/text.md", &text)
        .file("sources/other/colophon.md", &colophon)
}

#[test]
fn saddle_stitch_adds_blank_pages_after_the_text() {
    let project = five_pages("[print]\nbinding = \"saddle-stitch\"");
    project
        .run(&["build", "--format", "print"])
        .succeeds()
        .prints("(8 pages, the last 3 blank)")
        .says("at the end, pages 6 to 8 of 8");
    assert_eq!(pages_with_text(&project), [true, true, true, true, true, false, false, false]);
}

#[test]
fn blank_pages_are_before_a_back_cover() {
    let project = own_layout(project("[print]\nbinding = \"saddle-stitch\""));
    let session = project.run(&["build", "--format", "print"]).succeeds().prints("(4 pages, 1 blank before the back cover)");
    session.says("before the back cover, page 3 of 4");
    assert_eq!(pages_with_text(&project), [true, true, false, true]);
}

#[test]
fn one_blank_page_of_other_bindings_is_not_reported() {
    let project = five_pages("[print]");
    let session = project.run(&["build", "--format", "print"]).succeeds().prints("(6 pages, the last blank)");
    assert!(!session.stderr.contains("R761"), "{}", session.stderr);
}

/// Returns the pages of the print PDF that have text.
fn pages_with_text(project: &Project) -> Vec<bool> {
    let pdf = load(project, "build/note-1-print.pdf");
    pdf.page_iter().map(|page| !drawn(&pdf, page).text.is_empty()).collect()
}

#[test]
fn a_half_title_is_checked_like_the_other_pages() {
    let layout = "#let half-title(edition) = page(width: edition.page.width, height: edition.page.height, bleed: edition.bleed)[
  #place(dx: 60mm, box(width: 90mm, text(size: 30pt, edition.title)))
]
";
    let bound = BOUND.replace("[print]", "[print]\ngutter = \"0mm\"");
    let fits = own_layout(project(&bound));
    fits.run(&["build", "--format", "print"]).succeeds();
    let cut = fits.file("layouts/mine/main.typ", &format!("{OWN}{layout}"));
    cut.run(&["build", "--format", "print"]).fails_with(1).says("error[R681]");
}

#[test]
fn a_bound_book_starts_with_a_half_title_and_keeps_its_pages() {
    let project = five_pages(&BOUND.replace("[print]", "[print]\ngutter = \"0mm\""));
    project.run(&["build", "--format", "pdf", "--format", "print"]).succeeds().prints("(6 pages, the last blank)");
    let (screen, printed) = (load(&project, "build/note-1.pdf"), load(&project, "build/note-1-print.pdf"));
    let screen: Vec<Drawn> = screen.page_iter().map(|page| drawn(&screen, page)).collect();
    let inside: Vec<Drawn> = printed.page_iter().map(|page| drawn(&printed, page)).collect();
    assert!(inside[0].text.len() < screen[0].text.len() && !inside[0].text.is_empty());
    for (screen, inside) in screen.iter().zip(&inside).skip(1) {
        assert_eq!(screen.text.len(), inside.text.len());
        let same = |(one, other): (&[f32; 2], &[f32; 2])| is_close(one[0], other[0]) && is_close(one[1], other[1]);
        assert!(screen.text.iter().zip(&inside.text).all(same));
    }
}

/// Returns the smallest and the largest x coordinate at which a text starts on each page, in millimetres.
fn reaches(layout: &str, gutter: &str) -> Vec<[f32; 2]> {
    let project = project(&BOUND.replace("[print]", &format!("[print]\ngutter = \"{gutter}\"")));
    let project = project.edit(MANIFEST, "lang = \"en\"", &format!("lang = \"en\"\nlayout = \"{layout}\""));
    let session = project.run(&["build", "--format", "print"]).succeeds();
    assert!(!session.stderr.contains("R507"), "{}", session.stderr);
    let pdf = load(&project, "build/note-1-print.pdf");
    let starts = |page| drawn(&pdf, page).text.iter().map(|run| run[0] / MM).collect::<Vec<_>>();
    let ends = |starts: Vec<f32>| [starts.iter().copied().fold(f32::MAX, f32::min), starts.iter().copied().fold(0.0, f32::max)];
    pdf.page_iter().map(starts).map(ends).collect()
}

#[test]
fn the_gutter_widens_the_inner_margins() {
    let (narrow, wide) = (reaches("simple", "0mm"), reaches("simple", "10mm"));
    let moved: Vec<i32> = narrow.iter().zip(&wide).map(|(narrow, wide)| (wide[0] - narrow[0]).round() as i32).collect();
    // Odd pages are on the right: their inner margin is the left one.
    assert_eq!(moved, [10, 0, 10, 0]);
}

#[test]
fn the_gutter_of_a_brochure_moves_its_panels_and_its_tabs() {
    let (narrow, wide) = (reaches("brochure", "0mm"), reaches("brochure", "8mm"));
    let moved = |side: usize| -> Vec<i32> {
        // The first page is the half title, and a page may be blank.
        let pages = narrow.iter().zip(&wide).skip(1).filter(|(narrow, _)| narrow[1] > 0.0);
        pages.map(|(narrow, wide)| (wide[side] - narrow[side]).round() as i32).collect()
    };
    // Panels are at the fold on odd pages, tabs on even ones.
    assert_eq!((moved(0), moved(1)), (vec![0, 8], vec![-8, 0]));
}

#[test]
fn a_layout_without_gutter_is_reported() {
    let own = own_layout(project(&BOUND.replace("[print]", "[print]\ngutter = \"4mm\"")));
    let warning = "warning[R507]: the layout \"mine\" does not add the gutter of 4 mm";
    let line = String::from_utf8(own.read(MANIFEST)).unwrap().lines().position(|line| line.starts_with("gutter")).unwrap() + 1;
    own.run(&["build", "--format", "print"]).succeeds().says(warning).says(&format!("publication.toml:{line}:"));
}

const OWN: &str = "
#let back-cover(edition, cover) = page(width: edition.page.width, height: edition.page.height, bleed: edition.bleed)[
  #rect(width: 20mm, height: 10mm, fill: red)
]
#let publication(edition, bodies) = {
  set page(width: edition.page.width, height: edition.page.height, bleed: edition.bleed, numbering: \"1\")
  [#heading(level: 1, edition.title) <cover>]
  pagebreak()
  lorem(60)
  pagebreak()
  [The outside of the back. #lorem(30) #metadata(none) <reliure-back-cover>]
}
";

/// Returns a project with its own layout, [`OWN`], whose last page is the back cover.
fn own_layout(project: Project) -> Project {
    project
        .edit(MANIFEST, "lang = \"en\"", "lang = \"en\"\nlayout = \"mine\"")
        .file("layouts/mine/layout.toml", "description = \"Mine\"\npage = { width = \"90mm\", height = \"120mm\" }\n")
        .file("layouts/mine/blocks.typ", "#import \"/layouts/common/blocks.typ\": *\n#let licence(ctx, form: \"full\") = []\n")
        .file("layouts/mine/main.typ", OWN)
}

#[test]
fn a_layout_can_draw_its_back_cover_and_omit_it_from_the_inside_pages() {
    let own = own_layout(project(&BOUND.replace("[print]", "[print]\ngutter = \"0mm\"")));
    own.run(&["build", "--format", "print", "--format", "cover"]).succeeds().prints("(2 pages)").prints("spine for 2 pages)");
    let cover = load(&own, "build/note-1-cover.pdf");
    let shapes = drawn(&cover, cover.page_iter().next().expect("a page")).shapes;
    assert!(shapes.iter().any(|shape| is_close(shape[0], 20.0 * MM) && is_close(shape[1], 10.0 * MM)));
}

/// Returns the lines of the marks of a page: their end points, from the corner of the trimmed page, and whether they are dashed.
fn mark_lines(pdf: &Document, page: ObjectId) -> Vec<([[f32; 2]; 2], bool)> {
    let [left, bottom, ..] = rectangle(pdf, page, "TrimBox");
    let operations = Content::decode(&pdf.get_page_content(page)).expect("the content is read").operations;
    let start = operations.iter().rposition(|operation| operation.operator == "CS").expect("marks");
    let (mut lines, mut from, mut is_dashed) = (Vec::new(), [0.0; 2], false);
    for operation in &operations[start..] {
        let point = || [0, 1].map(|axis| number(&operation.operands[axis]) - [left, bottom][axis]);
        match operation.operator.as_str() {
            "d" => is_dashed = true,
            "m" => from = point(),
            "l" => lines.push(([from, point()], is_dashed)),
            "Q" => break,
            _ => {}
        }
    }
    lines
}

/// Returns the number of contours of the slug line of a page, which is drawn as outlines.
fn slug_contours(pdf: &Document, page: ObjectId) -> usize {
    let operations = Content::decode(&pdf.get_page_content(page)).expect("the content is read").operations;
    let start = operations.iter().rposition(|operation| operation.operator == "k").expect("a slug line");
    operations[start..].iter().filter(|operation| operation.operator == "m").count()
}

/// Returns the number of contours of a text in the font of the interface.
fn contours(text: &str) -> usize {
    struct Count(usize);
    impl ttf_parser::OutlineBuilder for Count {
        fn move_to(&mut self, _: f32, _: f32) {
            self.0 += 1;
        }
        fn line_to(&mut self, _: f32, _: f32) {}
        fn quad_to(&mut self, _: f32, _: f32, _: f32, _: f32) {}
        fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {}
        fn close(&mut self) {}
    }
    let bytes = std::fs::read(repository().join("fonts/source-sans-3/SourceSans3-Regular.otf")).expect("the font is read");
    let face = ttf_parser::Face::parse(&bytes, 0).expect("a font");
    let mut count = Count(0);
    for character in text.chars() {
        face.outline_glyph(face.glyph_index(character).expect("a glyph"), &mut count);
    }
    count.0
}

#[test]
fn the_marks_of_a_cover_show_the_folds_and_the_product() {
    let marked = |spine: &str| {
        let tables = BOUND.replace("[print]", "[print]\nmarks = true");
        let project = project(&tables.replace("[isbn]", &format!("[print.cover]\nspine = \"{spine}\"\n\n[isbn]")));
        project.run(&["build", "--format", "cover", "--format", "print"]).succeeds();
        project
    };
    for (spine, width) in [("12mm", 12.0), ("3mm", 3.0)] {
        let project = marked(spine);
        let pdf = load(&project, "build/note-1-cover.pdf");
        let page = pdf.page_iter().next().expect("a page");
        let lines = mark_lines(&pdf, page);
        let folds: Vec<[[f32; 2]; 2]> = lines.iter().filter(|(_, is_dashed)| *is_dashed).map(|(line, _)| *line).collect();
        // Above and below the sheet, at both edges of the spine, from 1 to 6 mm outside the bleed of 3 mm.
        let [left, right] = [160.0 * MM, (160.0 + width) * MM];
        let mut wanted = Vec::new();
        for x in [left, right] {
            wanted.push([[x, 244.0 * MM], [x, 249.0 * MM]]);
            wanted.push([[x, -9.0 * MM], [x, -4.0 * MM]]);
        }
        let same = |(a, b): (&[[f32; 2]; 2], &[[f32; 2]; 2])| {
            (0..2).all(|end| is_close(a[end][0], b[end][0]) && is_close(a[end][1], b[end][1]))
        };
        assert!(folds.len() == 4 && folds.iter().zip(&wanted).all(same), "{folds:?}");
        // No other mark is between the folds or within 2 mm of them.
        let is_near = |line: &[[f32; 2]; 2]| line.iter().any(|point| (left - 2.0 * MM..right + 2.0 * MM).contains(&point[0]));
        assert_eq!(lines.iter().filter(|(line, is_dashed)| !is_dashed && is_near(line)).count(), 0);
        let ends = ["Cover", "Page 1"].map(|end| contours(&format!("A note · Edition of 17 May 2024 · 2024-05-17 · {end}")));
        let inside = load(&project, "build/note-1-print.pdf");
        let first = inside.page_iter().next().expect("a page");
        assert_eq!([slug_contours(&pdf, page), slug_contours(&inside, first)], ends);
        assert!(ends[0] != ends[1] && mark_lines(&inside, first).iter().all(|(_, is_dashed)| !is_dashed));
    }
}

/// Returns the directions in which the texts of a page run, as the first two numbers of their transformations.
fn directions(pdf: &Document, page: ObjectId) -> Vec<[i32; 2]> {
    let mut matrix: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let (mut saved, mut found) = (Vec::new(), Vec::new());
    for operation in Content::decode(&pdf.get_page_content(page)).expect("the content is read").operations {
        let six = || <Matrix>::try_from(operation.operands.iter().map(number).collect::<Vec<_>>()).expect("six numbers");
        match operation.operator.as_str() {
            "q" => saved.push(matrix),
            "Q" => matrix = saved.pop().expect("a saved state"),
            "cm" => matrix = product(six(), matrix),
            "Tm" => {
                let [a, b, ..] = product(six(), matrix);
                found.push([a, b].map(|part| part.round() as i32));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn the_text_of_a_spine_runs_in_the_direction_of_the_language_or_the_option() {
    let (upwards, downwards) = ([0, 1], [0, -1]);
    for (lang, option, wanted) in [
        ("fr", "", upwards),
        ("en", "", downwards),
        ("en", "spine-text = \"upwards\"\n", upwards),
        ("fr", "spine-text = \"downwards\"\n", downwards),
    ] {
        let tables = BOUND.replace("[isbn]", &format!("[print.cover]\nspine = \"12mm\"\n{option}\n[isbn]"));
        let project = project(&tables).edit(MANIFEST, "lang = \"en\"", &format!("lang = \"{lang}\""));
        project.run(&["build", "--format", "cover"]).succeeds();
        let pdf = load(&project, "build/note-1-cover.pdf");
        let found = directions(&pdf, pdf.page_iter().next().expect("a page"));
        let turned: Vec<&[i32; 2]> = found.iter().filter(|direction| direction[0] == 0).collect();
        assert!(!turned.is_empty() && turned.iter().all(|direction| **direction == wanted), "{lang} {option}: {found:?}");
    }
}
