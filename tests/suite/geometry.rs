//! Checks of text on the pages: overflow, overlaps and small sizes.

use crate::harness::{Project, Session, repository};

/// Builds the small publication with a layout that adds `extra` to its first page.
fn laid_out(extra: &str) -> Session {
    let main = format!(
        r#"#let publication(edition, bodies) = {{
  set document(title: edition.title, author: edition.authors, description: edition.description, keywords: edition.keywords)
  set text(lang: edition.lang, font: edition.brand.font.base, size: 10pt)
  set page(width: 100mm, height: 100mm, margin: 20mm)
  [#heading(level: 1, edition.title) <cover>]
  {extra}
  for (section, body) in edition.sections.zip(bodies) {{
    pagebreak()
    [#heading(level: 2, section.title) #label(section.id)]
    body((edition: edition, section: section, image-limit: 60mm))
  }}
}}
"#
    );
    Project::small("The lock at noon.").file("layouts/simple/main.typ", &main).run(&["check"])
}

#[track_caller]
fn assert_no_findings(session: &Session) {
    assert!(!session.stderr.contains("R68"), "{}", session.stderr);
}

#[test]
fn rejects_text_outside_the_page() {
    laid_out("place(top + right, dx: 25mm, [canal])").fails_with(1).says("error[R681]").says("beyond the edge of page 1");
    laid_out("place(top + right, dx: 15mm, rotate(90deg, [canal]))").succeeds();
    // Rotated about its centre, a word as long as the margin extends beyond the edge of the page.
    laid_out("place(top, dy: -20mm, rotate(90deg, [towpath and locks]))").fails_with(1).says("R681");
    laid_out("place(bottom, scale(x: 900%, y: 100%, [canal]))").fails_with(1).says("R681");
    assert_no_findings(&laid_out("place(bottom, scale(x: 200%, [canal]))"));
    assert_no_findings(&laid_out("place(top + left, dx: -40mm, pdf.artifact(rect(width: 90mm, fill: blue)))"));
}

#[test]
fn rejects_clipped_text_and_warns_about_overflowing_lines() {
    let cut = laid_out("box(width: 4mm, clip: true, [canal])").fails_with(1);
    cut.says("\"canal\" is cut off by").says("on page 1 because its box is too small");
    assert_no_findings(&laid_out("box(width: 20mm, inset: 1mm, clip: true, [canal])"));
    laid_out("block(width: 20mm, text(hyphenate: false, [towpathsandlocks]))")
        .succeeds()
        .says("warning[R686]")
        .says("beyond its column on page 1");
    assert_no_findings(&laid_out("place(center, box(width: 0pt, align(center, box(width: 20mm, [canal]))))"));
}

#[test]
fn rejects_overlapping_texts() {
    let both = "place(dy: 5mm, [canal]); place(dy: 6mm, [heron])";
    laid_out(both).fails_with(1).says("error[R682]").says("\"heron\" overlaps \"canal\" on page 1");
    assert_no_findings(&laid_out("place(dy: 5mm, [canal]); place(dy: 8.4mm, [heron])"));
    // Intended overlaps: a shadow, text along a circle, and a word in the background.
    assert_no_findings(&laid_out("place(dy: 5mm, [canal]); place(dy: 5.1mm, dx: 0.1mm, [canal])"));
    assert_no_findings(&laid_out(
        "for i in range(24) { place(center + horizon, rotate(i * 14deg, origin: bottom, box(height: 4mm, [O]))) }",
    ));
    assert_no_findings(&laid_out("set page(background: pdf.artifact(text(40pt, luma(90%))[DRAFT])); [draft #lorem(150)]"));
}

#[test]
fn warns_about_small_text_after_scaling() {
    laid_out("text(5pt)[canal]").succeeds().says("warning[R683]").says("\"canal\" has a size of 5.0 points on page 1");
    laid_out("scale(50%, [canal])").succeeds().says("has a size of 5.0 points");
    assert_no_findings(&laid_out("text(5pt, scale(150%, reflow: true, [canal]))"));
    assert_no_findings(&laid_out("text(8pt)[canal#super(typographic: false)[3]]"));
    laid_out("text(6pt)[canal#super(typographic: false)[3]]")
        .succeeds()
        .says("has a size of 3.6 points")
        .says("below the minimum of 4.5");
}

#[test]
fn warns_about_empty_pages() {
    laid_out("pagebreak(); pagebreak()").succeeds().says("warning[R685]").says("page 2 is empty");
    // A page with only a drawing is not empty.
    assert_no_findings(&laid_out("pagebreak(); pdf.artifact(circle(fill: blue))"));
    let running = laid_out("set page(footer: [A note]); pagebreak(); pdf.artifact(circle(fill: blue)); pagebreak()");
    running.succeeds().says("page 2 is empty");
}

#[test]
fn publications_of_the_repository_pass() {
    for project in [Project::fixture("carnet"), Project::fixture("leaflet"), Project::copy(repository())] {
        assert_no_findings(&project.run(&["check"]).succeeds());
    }
}
