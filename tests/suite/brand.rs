//! Settings of the brand: their effect in the PDF and the EPUB, and names of spot inks.

use std::process::Command;

use crate::epub::entries_of;
use crate::harness::Project;

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
