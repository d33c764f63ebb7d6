//! The wheel of the brochure: a click on the middle of an arc leads to the first section of that arc, and to no other section.

use serde_json::Value;

use crate::harness::Project;
use crate::pdf::{facts_of, list};

const MANIFEST: &str = "sources/note/publication.toml";

/// The centre of the wheel, in millimetres from the top left corner of the page, as in `cover.typ`.
const MIDDLE: (f64, f64) = (206.0, 105.0);
/// The distance from the centre of the wheel to the middle of the arcs, in millimetres, as in `wheel.typ`.
const RADIUS: f64 = (42.0 + 79.0) / 2.0;
/// The height of the page, in millimetres.
const HEIGHT: f64 = 210.0;

/// Returns the sections of each arc: one per arc, with the colophon last. With `shared`, the first arc has two.
fn arcs_of(count: usize, shared: bool) -> Vec<Vec<String>> {
    let named = |number: usize| format!("part{number}");
    let mut arcs: Vec<Vec<String>> = (1..count).map(|number| vec![named(number)]).collect();
    if shared {
        arcs[0].push(named(count));
    }
    arcs.push(vec!["colophon".to_owned()]);
    arcs
}

fn brochure(arcs: &[Vec<String>]) -> Project {
    let sections = arcs.concat();
    let mut project = Project::small("Text.")
        .edit(MANIFEST, "[\"text\", \"colophon\"]", &format!("{sections:?}"))
        .edit(MANIFEST, "lang = \"en\"", "lang = \"en\"\nlayout = \"brochure\"")
        .edit(MANIFEST, "[[editions]]", &format!("[options]\narcs = {arcs:?}\n\n[[editions]]"));
    for name in sections.iter().filter(|name| name.starts_with("part")) {
        let text = format!("+++\ntitle = \"Title of {name}\"\n+++\n\nThe lock at noon.\n");
        project = project.file(&format!("sources/note/{name}.md"), &text);
    }
    std::fs::remove_file(project.path("sources/note/text.md")).expect("the unused text is removed");
    project
}

/// Returns the names of the targets of all link areas of the cover at a point.
fn hits(cover: &Value, (x, y): (f64, f64)) -> Vec<&str> {
    let points = |millimetres: f64| millimetres * 72.0 / 25.4;
    let (x, y) = (points(x), points(HEIGHT - y));
    let at = |link: &&Value| {
        let side = |index: usize| link["rect"][index].as_f64().expect("a rectangle");
        (side(0)..=side(2)).contains(&x) && (side(1)..=side(3)).contains(&y)
    };
    list(cover, "links").iter().filter(at).filter_map(|link| link["name"].as_str()).collect()
}

fn assert_arcs_are_linked(count: usize, shared: bool) {
    let arcs = arcs_of(count, shared);
    let project = brochure(&arcs);
    project.run(&["build", "--format", "pdf", "--output", "made"]).succeeds();
    let pdf = project.files("made").into_iter().find(|name| name.ends_with(".pdf")).expect("a PDF");
    let facts = facts_of(&project.path(&format!("made/{pdf}")));
    let cover = &list(&facts, "pages")[0];
    let step = std::f64::consts::TAU / count as f64;
    // The upper arcs come first, from left to right, followed by the others clockwise.
    let first = -std::f64::consts::FRAC_PI_2 - count.div_ceil(2) as f64 * step / 2.0;
    for (index, arc) in arcs.iter().enumerate() {
        let angle = (index as f64 + 0.5).mul_add(step, first);
        let middle = (RADIUS.mul_add(angle.cos(), MIDDLE.0), RADIUS.mul_add(angle.sin(), MIDDLE.1));
        assert_eq!(hits(cover, middle), arc[..1], "arc {} of {count}", index + 1);
    }
}

#[test]
fn each_arc_links_to_its_section() {
    for count in 3..=8 {
        assert_arcs_are_linked(count, false);
    }
}

#[test]
fn an_arc_can_represent_two_sections() {
    for count in [3, 5, 8] {
        assert_arcs_are_linked(count, true);
    }
}
