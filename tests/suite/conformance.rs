//! The accessibility metadata of an EPUB: computed from the content, with a claim only if the edition declares a certification
//! and no check finds anything.

use crate::epub::entries_of;
use crate::harness::{Project, Session, repository};
use crate::judges::judged;

const TEXT: &str = "A first paragraph, which is long enough to be a text.

![A heron waits below the third lock.](heron.png)

## The lock

### The gates

::: passage {lang=\"fr\"}
Une écluse est un ouvrage d’art hydraulique implanté dans un canal ou dans un cours d’eau pour le rendre navigable. Les bateaux y entrent, les portes se
ferment derrière eux, puis l’eau monte ou descend jusqu’au niveau du bief suivant.
:::

See [the history of the canal](https://example.org/history).";

const CERTIFICATION: &str = "\n[editions.certification]\nby = \"us\"\ndate = \"2024-05-16\"\nwcag = \"2.2\"\nlevel = \"AA\"\n\
    report = \"https://example.org/report\"\ncredential = \"Certified tester\"\n";

/// Returns a publication whose EPUB claims conformance.
fn certified(text: &str) -> Project {
    let asset = "[[assets]]\npath = \"heron.png\"\ncredit = \"Ruth Hale\"\nlicence = \"CC-BY-4.0\"\n\n[[editions]]";
    let project = Project::small(text).edit("sources/note/publication.toml", "[[editions]]", asset);
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).unwrap();
    let project = project.file("sources/note/publication.toml", &format!("{manifest}{CERTIFICATION}"));
    std::fs::copy(repository().join("tests/fixtures/checks/R602/good/heron.png"), project.path("sources/note/heron.png"))
        .unwrap();
    project
}

fn build(project: &Project, options: &[&str]) -> Session {
    project.run(&[&["build", "--format", "epub"], options].concat())
}

/// Returns the package document of the EPUB.
fn package(project: &Project) -> String {
    entries_of(&project.path("build/note-1.epub"))["OEBPS/content.opf"].clone()
}

fn claims(package: &str) -> bool {
    assert_eq!(package.contains("dcterms:conformsTo"), package.contains("a11y:certifiedBy"), "{package}");
    package.contains("dcterms:conformsTo")
}

#[test]
fn claims_what_the_manifest_declares_if_nothing_is_found() {
    let project = certified(TEXT);
    build(&project, &["--strict"]).succeeds();
    let package = package(&project);
    for part in [
        "EPUB Accessibility 1.1 - WCAG 2.2 Level AA<",
        "a11y:certifiedBy\" id=\"certifier\">Us<",
        "dcterms:date\">2024-05-16<",
        "a11y:certifierCredential\">Certified tester<",
        "rel=\"a11y:certifierReport\" href=\"https://example.org/report\"",
        "Assessment: Us, 16\u{a0}May 2024, WCAG 2.2 Level AA.",
        "accessibilityFeature\">alternativeText<",
        "accessibilityFeature\">structuralNavigation<",
        "accessModeSufficient\">textual<",
    ] {
        assert!(package.contains(part), "no {part} in\n{package}");
    }
    let report = judged(&project.path("build/note-1.epub"), "judge-epub");
    assert!(report.contains("fatal=0 errors=0 warnings=0") && report.contains("violations=0"), "{report}");
}

#[test]
fn without_a_certification_no_certifier_is_named() {
    let project = certified(TEXT).edit("sources/note/publication.toml", CERTIFICATION, "");
    build(&project, &["--strict"]).succeeds();
    let package = package(&project);
    assert!(!claims(&package) && !package.contains("certifie"), "{package}");
    let summary = "Checked by a program, not by a person: alternative texts, headings, table headers, link texts, languages, \
                   contrast of the brand colours. No faults were found. No conformance is claimed.";
    assert!(package.contains(summary), "{package}");
}

#[test]
fn a_missing_alternative_text_withdraws_the_claim() {
    let project = certified(TEXT).edit("sources/note/text.md", "![A heron waits below the third lock.]", "![]");
    build(&project, &[]).fails_with(1).says("R402");
    build(&project, &["--lenient"]).succeeds().says("R112");
    let package = package(&project);
    assert!(!claims(&package) && !package.contains("alternativeText"), "{package}");
    assert!(!package.contains("accessModeSufficient\">textual<") && package.contains("accessModeSufficient\">textual,visual<"));
}

#[test]
fn an_alternative_text_that_is_a_file_name_withdraws_the_claim_even_if_the_check_is_off() {
    let project = certified(TEXT).edit("sources/note/text.md", "A heron waits below the third lock.", "heron.png");
    build(&project, &[]).fails_with(1).says("R601");
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).unwrap();
    let project = project.file("sources/note/publication.toml", &format!("{manifest}\n[checks]\nR601 = \"off\"\n"));
    let session = build(&project, &[]).succeeds().says("warning[R112]").says("there are findings of R601");
    assert!(!session.stderr.contains("[R601]"), "{}", session.stderr);
    let package = package(&project);
    assert!(!claims(&package) && !package.contains("alternativeText"), "{package}");
    assert!(package.contains("Faults found: alternative texts. No conformance is claimed."), "{package}");
}

#[test]
fn a_missing_language_withdraws_the_claim() {
    let project =
        certified(TEXT).edit("sources/note/text.md", "::: passage {lang=\"fr\"}\n", "").edit("sources/note/text.md", ":::\n", "");
    build(&project, &[]).succeeds().says("R607").says("R112");
    let package = package(&project);
    assert!(!claims(&package) && package.contains("Faults found: languages."), "{package}");
}

#[test]
fn a_skipped_heading_level_withdraws_the_claim() {
    let project = certified(TEXT).edit("sources/note/text.md", "### The gates", "#### The gates");
    build(&project, &[]).fails_with(1).says("R203");
    build(&project, &["--lenient"]).succeeds().says("R112");
    let package = package(&project);
    assert!(!claims(&package) && !package.contains("structuralNavigation"), "{package}");
}

#[test]
fn a_finding_that_a_release_allows_withdraws_the_claim() {
    let project = certified(&TEXT.replace("the history of the canal", "here"));
    let allow = ["release", "--allow", "R604", "--reason", "quoted literally"];
    project.run(&["release"]).fails_with(1).says("error[R604]").says("error[R112]");
    project.run(&allow).fails_with(1).says("error[R112]").says("there are findings of R604");
    assert!(!project.path("build/releases/note").exists());
    project.run(&[&allow[..], &["--allow", "R112", "--reason", "until the next assessment"]].concat()).succeeds();
    let folder = project.path("build/releases/note/1");
    let package = entries_of(&folder.join("note-1.epub"))["OEBPS/content.opf"].clone();
    assert!(!claims(&package) && package.contains("Faults found: link texts. No conformance is claimed."), "{package}");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(!read("manifest.json").contains("WCAG 2.2 Level AA") && !read("report.html").contains("WCAG 2.2 Level AA"));
    assert!(read("report.html").contains("until the next assessment"));
}

#[test]
fn style_sheets_and_colours_determine_the_display_features() {
    let features = ["readingOrder", "displayTransformability", "highContrastDisplay"];
    let stated = |css: &str, foreground: &str| {
        let brand = format!("\n[brand.color]\nforeground = \"{foreground}\"\n");
        let project = Project::small("```rust\nlet level = 1; // low water\n```\n\nText.");
        let manifest = String::from_utf8(project.read("sources/note/publication.toml")).unwrap();
        let project = project.file("sources/note/publication.toml", &(manifest + &brand)).file("layouts/simple/epub.css", css);
        build(&project, &[]).succeeds();
        let package = package(&project);
        features.map(|feature| package.contains(&format!("accessibilityFeature\">{feature}<")))
    };
    assert_eq!(stated("", "#1D2433"), [true; 3]);
    assert_eq!(stated("", "#666666"), [true, true, false], "5.7:1");
    assert_eq!(stated(".lead { font-size: 11pt }", "#1D2433"), [true, false, true]);
    assert_eq!(stated(".lead { position: absolute }", "#1D2433"), [false, true, true]);
    assert_eq!(stated(".lead { color: #777777; background-color: #FFFFFF }", "#1D2433"), [true, true, false]);
}

#[test]
fn low_contrast_withdraws_the_claim_even_if_it_is_allowed() {
    let brand = "\n[brand.color]\n# allow R605: the palette is given\nforeground = \"#8A8A8A\"\n";
    let project = certified(TEXT);
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).unwrap();
    let project = project.file("sources/note/publication.toml", &format!("{manifest}{brand}"));
    let session = build(&project, &[]).succeeds().says("there are findings of R605");
    assert!(!session.stderr.contains("[R605]"), "{}", session.stderr);
    let package = package(&project);
    assert!(!claims(&package) && package.contains("Faults found: contrast of the brand colours."), "{package}");
    let project = project.edit("sources/note/publication.toml", "# allow R605: the palette is given\n", "");
    build(&project, &[]).fails_with(1).says("R605");
}

#[test]
fn a_correction_after_the_assessment_withdraws_the_claim() {
    let corrected = |date: &str| certified(TEXT).edit("sources/note/publication.toml", "date = \"2024-05-17\"", date);
    let project = corrected("date = \"2024-05-10\"\nmodified = \"2024-05-18\"");
    build(&project, &[]).succeeds().says("the text was corrected after the assessment").says("the correction");
    assert!(!claims(&package(&project)));
    let project = corrected("date = \"2024-05-10\"\nmodified = \"2024-05-16\"");
    build(&project, &[]).succeeds();
    assert!(claims(&package(&project)));
}

#[test]
fn an_assessment_with_an_impossible_date_is_not_claimed() {
    const MANIFEST: &str = "sources/note/publication.toml";
    let assessed = |date: &str| certified(TEXT).edit(MANIFEST, "date = \"2024-05-16\"", &format!("date = \"{date}\""));
    let old = assessed("2019-01-01");
    build(&old, &[])
        .succeeds()
        .says("warning[R112]")
        .says("the assessment is older than the edition")
        .says("the date of the edition");
    assert!(!claims(&package(&old)));
    // The same month, but the assessment has no day: the correction may be later.
    let month = assessed("2024-05").edit(MANIFEST, "date = \"2024-05-17\"", "date = \"2024-05-10\"\nmodified = \"2024-05-18\"");
    build(&month, &[])
        .succeeds()
        .says("warning[R112]")
        .says("does not say whether the text was corrected after")
        .says("write the day");
    assert!(!claims(&package(&month)));
    let before =
        assessed("2024-05-12").edit(MANIFEST, "id = \"1\"", "id = \"0\"\ndate = \"2024-05-14\"\n\n[[editions]]\nid = \"1\"");
    build(&before, &["--edition", "1"]).succeeds().says("the assessment is older than the edition");
    let future = assessed("2031-01-01");
    build(&future, &[]).fails_with(1).says("error[R105]: the assessment has a date in the future: 2031-01-01").says(":23:8");
    // Equal sources give equal results on any later day.
    build(&future.env("SOURCE_DATE_EPOCH", "1925000000"), &[]).succeeds();
}

#[test]
fn a_certification_belongs_to_one_edition_and_to_a_declared_party() {
    let project = certified(TEXT);
    let manifest = String::from_utf8(project.read("sources/note/publication.toml")).unwrap();
    let second = "\n[[editions]]\nid = \"2\"\ndate = \"2024-06\"\nbased-on = \"1\"\n";
    let project = project.file("sources/note/publication.toml", &format!("{manifest}{second}"));
    build(&project, &[]).succeeds();
    assert!(claims(&package(&project)));
    assert!(!claims(&entries_of(&project.path("build/note-2.epub"))["OEBPS/content.opf"]));
    certified(TEXT).edit("sources/note/publication.toml", "by = \"us\"", "by = \"uz\"").run(&["check"]).fails_with(1).says("uz");
    for (from, to) in
        [("wcag = \"2.2\"", "wcag = \"3.0\""), ("level = \"AA\"", "level = \"aa\""), ("report = \"h", "report = \"g")]
    {
        certified(TEXT).edit("sources/note/publication.toml", from, to).run(&["check"]).fails_with(1).says("publication.toml");
    }
}

#[test]
fn a_new_certification_rebuilds_the_epub_only() {
    let project = certified(TEXT);
    project.run(&["build"]).succeeds();
    let before = (project.read("build/note-1.pdf"), project.read("build/note-1.epub"));
    let project = project.edit("sources/note/publication.toml", "date = \"2024-05-16\"", "date = \"2024-05-15\"");
    project.run(&["build"]).succeeds();
    assert_eq!(project.read("build/note-1.pdf"), before.0);
    assert_ne!(project.read("build/note-1.epub"), before.1);
    assert!(package(&project).contains("dcterms:date\">2024-05-15<"));
}

#[test]
fn tables_and_logos_fit_into_a_phone_with_text_of_twice_the_size() {
    let table =
        "| Station | High water | Low water | Remark |\n|---|---:|---:|---|\n| The lock | 5.98 m | 1.12 m | read by hand |\n";
    let three = "| Station | High water | Low water |\n|---|---:|---:|\n| The lock | 5.98 m | 1.12 m |\n";
    let project = Project::small(&format!("{table}\nText.\n\n{three}"));
    build(&project, &[]).succeeds();
    let report = judged(&project.path("build/note-1.epub"), "judge-epub");
    assert!(report.contains("wider_than_a_phone_at_200_percent=0 "), "{report}");
}

#[test]
fn documents_notes_and_lists_have_roles_and_names() {
    let project = Project::small("A note[^a].\n\n[^a]: Its text.\n\n- [ ] open\n- [x] done\n");
    build(&project, &[]).succeeds();
    let entries = entries_of(&project.path("build/note-1.epub"));
    for document in ["cover", "title", "text", "colophon"] {
        let text = &entries[&format!("OEBPS/{document}.xhtml")];
        assert_eq!(text.matches("<main>").count(), 1, "{document}: {text}");
    }
    let text = &entries["OEBPS/text.xhtml"];
    assert!(text.contains("id=\"_note-1\" aria-label=\"Note 1\""), "{text}");
    assert!(text.contains("<ul class=\"tasks\" role=\"list\">"), "{text}");
    assert!(entries["OEBPS/nav.xhtml"].contains("<ol role=\"list\">"));
    let report = judged(&project.path("build/note-1.epub"), "judge-epub");
    assert!(report.contains("fatal=0 errors=0 warnings=0") && report.contains("violations=0"), "{report}");
}
