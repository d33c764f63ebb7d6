//! Settings of the brand: their effect in the PDF and the EPUB, and names of spot inks.

use std::path::Path;
use std::process::Command;

use lopdf::Document;
use lopdf::content::Content;

use crate::epub::entries_of;
use crate::harness::Project;

const SMALL: &str = "sources/note/publication.toml";
const MANIFEST: &str = "sources/canal/publication.toml";

#[test]
fn applies_shades_scale_and_numerals_to_both_outputs() {
    let project = Project::fixture("leaflet")
        .edit(
            MANIFEST,
            "[\"claret\", \"bottle\", \"navy\"]",
            "[{ base = \"claret\", light = \"#F3E1E7\", dark = \"#5B132B\" }, \"navy\"]",
        )
        .edit(MANIFEST, "[brand.typography]", "[brand.typography]\nscale = 1.3\nnumerals = \"old-style\"")
        .edit("sources/canal/towpath.md", "\n+++\n", "\n+++\n\n## Mile 1789\n\nA word at the lock.\n");
    project.run(&["build", "--output", "made"]).succeeds();
    let css = &entries_of(&project.path("made/canal-spring.epub"))["OEBPS/brand.css"];
    for wanted in ["--accent-tint: #F3E1E7;", "--accent-on-tint: #5B132B;", "--scale: 1.3;", "--numerals: oldstyle-nums;"] {
        assert!(css.contains(wanted), "{wanted}\n{css}");
    }
    // The scale determines the size of the heading relative to ordinary text.
    let boxes =
        Command::new("pdftotext").arg("-bbox").arg(project.path("made/canal-spring.pdf")).arg("-").output().expect("pdftotext");
    let boxes = String::from_utf8(boxes.stdout).expect("UTF-8");
    let height = |word: &str| {
        let line = boxes.lines().find(|line| line.contains(&format!(">{word}<"))).unwrap_or_else(|| panic!("{word}\n{boxes}"));
        let value = |key: &str| -> f64 { line.split(key).nth(1).unwrap().split('"').nth(1).unwrap().parse().expect("a number") };
        value("yMax") - value("yMin")
    };
    let ratio = height("1789") / height("lock.");
    assert!((1.5..1.9).contains(&ratio), "1.3 squared is 1.69, and the fonts differ: {ratio}");
}

#[test]
fn names_of_spot_inks_that_differ_in_case_are_one_ink() {
    let palette = |second: &str| {
        format!(
            "[brand.color.palette]\na = {{ rgb = \"#21694B\", cmyk = [82, 33, 75, 22], spot = \"PANTONE 349 C\" }}\n\
             b = {{ rgb = \"#21694C\", cmyk = [82, 33, 75, 22], spot = \"{second}\" }}\n\n[organisations.us]"
        )
    };
    let check = |second: &str| {
        Project::small("Text.").edit("sources/note/publication.toml", "[organisations.us]", &palette(second)).run(&["check"])
    };
    check("PANTONE 349 C").succeeds();
    check("Pantone 349 C").fails_with(1).says("error[R108]: the spot inks of \"").says("differ only in upper and lower case");
}

/// Returns the fill of each text of a screen PDF after the cover (sRGB, 0 to 1).
fn colours_of_text(path: &Path) -> Vec<Vec<f32>> {
    let pdf = Document::load(path).expect("the PDF is read");
    let mut found = Vec::new();
    for page in pdf.page_iter().skip(1) {
        let (mut fill, mut saved) = (vec![0.0], Vec::new());
        for operation in Content::decode(&pdf.get_page_content(page)).expect("the content is read").operations {
            match operation.operator.as_str() {
                "q" => saved.push(fill.clone()),
                "Q" => fill = saved.pop().expect("a saved state"),
                "scn" => fill = operation.operands.iter().filter_map(|value| value.as_float().ok()).collect(),
                "TJ" | "Tj" => found.push(fill.clone()),
                _ => {}
            }
        }
    }
    found
}

#[test]
fn a_dark_brand_has_light_text_in_the_shades_of_its_accents() {
    let dark = "[brand.color]\nforeground = \"#F5F5F5\"\nbackground = \"#101820\"\nlight = \"#1C2833\"\nmuted = \"#C0C0C0\"\n\
                primary = \"#E0E0A0\"\n\n[organisations.us]";
    let project =
        Project::small("A [link](https://example.org) in the text.\n\n::: callout {kind=\"note\"}\nBy the lock.\n:::\n");
    let project = project.edit(SMALL, "[organisations.us]", dark);
    project.run(&["build", "--output", "made"]).succeeds();
    let css = &entries_of(&project.path("made/note-1.epub"))["OEBPS/brand.css"];
    for wanted in ["--accent-on-tint: #E0E0A0;", "--accent-tint: #29"] {
        assert!(css.contains(wanted), "{wanted}\n{css}");
    }
    // The text of all pages is light.
    let colours = colours_of_text(&project.path("made/note-1.pdf"));
    assert!(colours.len() > 20 && colours.iter().all(|colour| colour.iter().sum::<f32>() > 1.0), "{colours:?}");
}

#[test]
fn an_accent_without_a_readable_shade_is_reported() {
    let brand = |accent: &str| {
        format!(
            "[brand.color]\nforeground = \"#F5F5F5\"\nbackground = \"#101820\"\nlight = \"#1C2833\"\nmuted = \"#C0C0C0\"\n\
             accents = [{accent}]\n\n[organisations.us]"
        )
    };
    let check = |accent: &str| Project::small("Text.").edit(SMALL, "[organisations.us]", &brand(accent)).run(&["check"]);
    check("{ base = \"#E0E0A0\", light = \"#FFFFE8\" }")
        .fails_with(1)
        .says("no shade of \"accents\" (#E0E0A0) is readable on its tint (#FFFFE8), on \"background\" (#101820)")
        .says("choose a dark `light` for the accent, like `background`, or leave it out");
    check("\"#E0E0A0\"").succeeds();
}
