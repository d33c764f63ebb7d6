//! Unfinished texts: with `--lenient` they are built with visible placeholders, and the outputs claim no conformance.

use crate::epub::entries_of;
use crate::harness::{Project, repository};
use crate::judges::judged;
use crate::pdf::facts_of;

/// Faults that are found during parsing.
const EARLY: &str = "# First\n\n<center>*A* <kbd>key</kbd></center>\n\n<script>no()</script>\n\n##\n\n";

/// Faults that are found when links and images are resolved.
const LATE: &str = "![A lost lock](lock.png)\n\nBy ![a gate](../../../gate.png).\n\n## Second\n\nSee [the lock](#lost), [the log](publication:log) and [](#gone)[]().\n\n#### Third\n\n![](heron.png)\n\n::: resources {ids=\"log\"}\n:::";

/// Returns a publication with all faults of an unfinished text.
fn unfinished() -> Project {
    with_body(&format!("{EARLY}{LATE}"))
}

fn with_body(body: &str) -> Project {
    let resource = "[[resources]]\nid = \"log\"\ntitle = \"The log\"\ntarget = { publication = \"log\" }\n\n[[editions]]";
    let project = Project::small(body).edit("sources/note/publication.toml", "[[editions]]", resource);
    let picture = repository().join("tests/fixtures/checks/R602/good/heron.png");
    std::fs::copy(picture, project.path("sources/note/heron.png")).expect("the picture is copied");
    project
}

#[test]
fn missing_items_are_warnings_only_if_lenient() {
    with_body(EARLY).run(&["check"]).fails_with(1).says("error[R203]").says("error[R204]");
    let strict = with_body(LATE).run(&["check"]).fails_with(1);
    for code in ["R301", "R203", "R401", "R402", "R403"] {
        let alone = if code == "R402" { "R403" } else { code };
        assert!(strict.stderr.contains(&format!("error[{alone}]")), "{code}\n{}", strict.stderr);
    }
    let lenient = unfinished().run(&["check", "--lenient"]).succeeds();
    for code in ["R301", "R203", "R204", "R401", "R402", "R403"] {
        assert!(lenient.stderr.contains(&format!("warning[{code}]")), "{code}\n{}", lenient.stderr);
    }
    lenient
        .says("until then its text is kept without a link")
        .says("until then it is set as level 2")
        .says("until then it is set as level 3")
        .says("the tag <center> of HTML is left out")
        .says("until then its alternative text replaces it")
        .says("until then \"Image without a description\" replaces it")
        .says("until then its terms are given as \"terms not declared\"");
}

#[test]
fn outputs_contain_placeholders_and_claim_no_conformance() {
    let project = unfinished();
    project.run(&["build", "--lenient"]).succeeds().says("2 files written, which claim no conformance");
    let entries = entries_of(&project.path("build/note-1.epub"));
    let text = &entries["OEBPS/text.xhtml"];
    for part in [
        "See the lock, the log and <code>#gone</code>.",
        "<h2 id=\"first\">First</h2>",
        "<h3",
        "<p>A lost lock</p>",
        "<p>By a gate.</p>",
        "alt=\"Image without a description\"",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    assert!(entries["OEBPS/colophon.xhtml"].contains("terms not declared"), "the notice lists the image");
    let package = &entries["OEBPS/content.opf"];
    assert!(!package.contains("conformsTo") && !package.contains("alternativeText"), "{package}");
    let facts = facts_of(&project.path("build/note-1.pdf"));
    for claim in ["pdfaid:part", "pdfaid:conformance", "pdfuaid:part"] {
        assert!(facts["xmp"][claim].as_array().is_none_or(Vec::is_empty), "{claim} in {facts}");
    }
}

#[test]
fn enforces_all_other_rules() {
    let project = unfinished();
    project.run(&["build", "--lenient"]).succeeds();
    let report = judged(&project.path("build/note-1.pdf"), "judge-pdf");
    // The validators report only the missing conformance claims.
    assert!(report.contains("flavour=ua1 rules_failed=1 checks_failed=1") && report.contains(" 5-1x1"), "{report}");
    assert!(report.contains("flavour=2a rules_failed=1 checks_failed=1") && report.contains(" 6.6.4-1x1"), "{report}");
    let report = judged(&project.path("build/note-1.epub"), "judge-epub");
    assert!(report.contains("fatal=0 errors=0 warnings=0") && report.contains("violations=0"), "{report}");
    Project::small("No glyph: \u{6f22}").run(&["build", "--lenient"]).succeeds().says("warning[R503]");
    Project::small("x").run(&["build", "--lenient", "--strict"]).fails_with(2);
}

#[test]
fn a_missing_image_leaves_its_link() {
    let project = Project::small("[![A lock.](lock.png)](https://example.org/lock)");
    project.run(&["build", "--lenient", "--format", "epub"]).succeeds();
    let entries = entries_of(&project.path("build/note-1.epub"));
    let text = entries.iter().find(|(name, _)| name.ends_with("text.xhtml")).map(|(_, text)| text).expect("the text");
    assert!(text.contains("href=\"https://example.org/lock\"") && text.contains(">A lock.</a>"), "{text}");
    Project::small("[![A lock.](lock.png)](/lock)").run(&["check"]).fails_with(1).says("error[R401]").says("error[R304]");
}
