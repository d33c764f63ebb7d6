//! Links in print have the same position as on screen, but neither the colour nor the underline of a link.

use lopdf::content::Content;
use lopdf::{Document, ObjectId};

use crate::harness::Project;

/// The colour of a text as four inks, or the position of a horizontal line.
#[derive(Debug, PartialEq)]
enum Painted {
    Text([f32; 4]),
    Line([f32; 2]),
}

/// Returns the texts and the horizontal lines of a page of a print PDF, in the order of its content stream.
fn painted(pdf: &Document, page: ObjectId) -> Vec<Painted> {
    let mut found = Vec::new();
    let (mut fill, mut saved, mut from) = ([0.0; 4], Vec::new(), [0.0; 2]);
    for operation in Content::decode(&pdf.get_page_content(page)).expect("the content is read").operations {
        let numbers: Vec<f32> = operation.operands.iter().filter_map(|value| value.as_float().ok()).collect();
        match operation.operator.as_str() {
            "q" => saved.push(fill),
            "Q" => fill = saved.pop().expect("a saved state"),
            "k" => fill = numbers.try_into().expect("four inks"),
            "TJ" | "Tj" => found.push(Painted::Text(fill)),
            "m" => from = numbers.try_into().expect("two numbers"),
            "l" if numbers[1] == from[1] => found.push(Painted::Line(from)),
            _ => {}
        }
    }
    found
}

/// Builds a publication with a strong accent, and returns the fills of the text and the number of lines on the page with the text.
fn page(body: &str) -> (Vec<[f32; 4]>, usize) {
    let brand =
        "[brand.color.palette]\nred = { rgb = \"#B3261E\", cmyk = [0, 100, 100, 20] }\n[brand.color]\naccents = [\"red\"]\n";
    let project = Project::small(body).file("reliure.toml", "[print]\n[checks]\nR752 = \"off\"\n");
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).unwrap();
    let project = project.file("sources/note/publication.toml", &format!("{manifest}\n{brand}"));
    project.run(&["build", "--format", "print"]).succeeds();
    let pdf = Document::load(project.path("build/note-1-print.pdf")).expect("the PDF is read");
    let page = pdf.page_iter().nth(2).expect("the page of the text");
    let mut texts = Vec::new();
    let mut lines = 0;
    for part in painted(&pdf, page) {
        match part {
            Painted::Text(fill) => texts.push(fill),
            Painted::Line(_) => lines += 1,
        }
    }
    (texts, lines)
}

fn coloured(texts: &[[f32; 4]]) -> usize {
    texts.iter().filter(|inks| inks[..3].iter().any(|ink| *ink > 0.0)).count()
}

#[test]
fn a_link_is_printed_like_its_paragraph() {
    let (plain, lines) = page("The gauge of the lock is read at noon.");
    for body in [
        "The [gauge](https://example.org/) of the lock is read at noon.",
        "[The gauge of the lock is read at noon.](https://example.org/)",
        "The gauge of the lock is read at [*noon*](https://example.org/).",
    ] {
        let (linked, linked_lines) = page(body);
        assert_eq!((coloured(&linked), linked_lines), (coloured(&plain), lines), "{body}: {linked:?}");
    }
}

#[test]
fn a_line_through_the_text_of_a_link_is_kept() {
    let (_, plain) = page("The gauge is read at noon.");
    let (_, struck) = page("The [~~gauge~~](https://example.org/) is read at noon.");
    assert_eq!(struck, plain + 1);
}
