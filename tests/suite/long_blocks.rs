//! Boxes and groups that are higher than a page break across pages, and very long words take linear time.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::harness::{Project, Session, repository};

/// Returns the small publication with a picture that is twice as high as wide.
fn with_picture(body: &str) -> Project {
    let project = Project::small(body).edit(
        "sources/note/publication.toml",
        "[[editions]]",
        "[[assets]]\npath = \"images/a.svg\"\nlicence = \"CC0-1.0\"\ncredit = \"Us\"\n\n[[editions]]",
    );
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"500\" height=\"1000\"><rect width=\"500\" height=\"1000\" fill=\"#cde\"/></svg>";
    project.file("sources/note/images/a.svg", svg)
}

#[track_caller]
fn assert_fits(session: &Session) {
    assert!(!session.stderr.contains("R681") && !session.stderr.contains("R682"), "{}", session.stderr);
}

#[test]
fn callouts_break_over_pages() {
    let lines = |line: &dyn Fn(usize) -> String| (0..70).map(line).collect::<Vec<_>>().join("\n");
    let code = format!("```python\n{}\n```", lines(&|number| format!("x{number} = {number}")));
    let list = lines(&|number| format!("- lock {number}"));
    let table = format!("| a | b |\n|---|---|\n{}", lines(&|number| format!("| {number} | {number} |")));
    let pictures = "![A lock](images/a.svg)\n\n![A lock](images/a.svg)";
    for inner in [&code, &list, &table, pictures] {
        for layout in ["simple", "brochure", "etude", "bulletin"] {
            let body = format!("A heron.\n\n::: callout {{title=\"By the way\"}}\n{inner}\n:::\n");
            let project =
                with_picture(&body).edit("sources/note/publication.toml", "lang =", &format!("layout = \"{layout}\"\nlang ="));
            assert_fits(&project.run(&["check"]).succeeds());
        }
    }
}

#[test]
fn a_credit_of_many_people_breaks_over_pages() {
    let mut toml = String::from("[organisations.uni]\nname = \"University of the Canal, Department of Locks and Weirs\"\n\n");
    for number in 0..40 {
        write!(toml, "[people.p{number}]\nname = \"Person {number} of a long list\"\naffiliation = \"uni\"\n\n")
            .expect("a string");
    }
    let names: Vec<String> = (0..40).map(|number| format!("\"p{number}\"")).collect();
    write!(toml, "[[credits]]\nrole = \"author\"\nnames = [{}]\n\n[[editions]]", names.join(", ")).expect("a string");
    for layout in ["simple", "brochure", "etude", "bulletin"] {
        let project = Project::small("::: credits\n:::").edit("sources/note/publication.toml", "[[editions]]", &toml).edit(
            "sources/note/publication.toml",
            "lang =",
            &format!("layout = \"{layout}\"\nlang ="),
        );
        let session = project.run(&["check"]);
        assert!(!session.stderr.contains("text.md"), "{layout}: {}", session.stderr);
    }
}

#[test]
fn findings_of_pages_name_the_text_beside_a_bullet() {
    // The last item of a list, alone on a page.
    let body = (0..38).map(|number| format!("- lock {number}\n")).collect::<String>();
    for more in 0..12 {
        let body = format!("{body}{}", "- one more\n".repeat(more));
        let session = Project::small(&body).run(&["check"]).succeeds();
        assert!(!session.stderr.contains("\"•\"") && !session.stderr.contains("publication.toml"), "{}", session.stderr);
    }
}

#[test]
fn a_line_of_code_in_a_narrow_box_is_found_in_the_sources() {
    let main = std::fs::read_to_string(repository().join("layouts/simple/blocks.typ")).expect("a layout");
    let own = format!(
        "{main}\n#let code(ctx, lang: none, lines: (), body) = box(width: 20mm, clip: true, text(font: ctx.edition.brand.font.monospace, body))\n"
    );
    let project =
        Project::small("A heron.\n\n```\nfirst\nlet towpath_and_lock = 1;\n```\n").file("layouts/simple/blocks.typ", &own);
    let session = project.run(&["check"]);
    assert!(session.stderr.contains("text.md:8:"), "{}", session.stderr);
}

#[test]
fn very_long_words_take_linear_time() {
    let start = Instant::now();
    let (word, joined) = ("a".repeat(20_000), "a-".repeat(10_000));
    for body in [
        format!("{word}\n\n{joined}"),
        format!("`{word}`"),
        format!("```\n{word}\n```"),
        format!("## {} {{#a}}\n\nx", &word[..2_000]),
    ] {
        Project::small(&body).run(&["build", "--format", "pdf"]).succeeds();
    }
    Project::small("x")
        .edit("sources/note/text.md", "title", &format!("lead = \"{word}\"\ntitle"))
        .run(&["build", "--format", "pdf"])
        .succeeds();
    // With quadratic time, each body takes 30 seconds.
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn a_character_has_at_most_30_marks() {
    for (text, place) in
        [(format!("a{}", "\u{301}".repeat(16_000)), "text.md:4:32"), (format!("👩{}", "\u{200D}👩".repeat(8_000)), "text.md:4:")]
    {
        Project::small(&text).run(&["check"]).fails_with(1).says("error[R210]").says("more than 30 combining marks").says(place);
    }
}
