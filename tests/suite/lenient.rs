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
    // Without --lenient, an image without a licence (R403) is not examined further, so its missing alternative text (R402) is not
    // reported.
    for code in ["R301", "R203", "R401", "R403"] {
        assert!(strict.stderr.contains(&format!("error[{code}]")), "{code}\n{}", strict.stderr);
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

/// Faulty markup of ordinary texts that a lenient build accepts: the text, words of the warning, and a part of the EPUB.
const ACCEPTED: [(&str, &str, &str); 18] = [
    ("A [word]{.smallcaps} here.", "the attributes of a bracketed span", "<p>A word here.</p>"),
    ("A [word]{lang=fr .x} here.", "the attributes of a bracketed span", "lang=\"fr\" xml:lang=\"fr\">word</"),
    ("A [word]{lang=english} here.", "is not a language tag", "<p>A word here.</p>"),
    ("A <span lang=\"english\">word</span> here.", "is not a language tag", "<p>A word here.</p>"),
    ("## Title {.a b}\n\nText.", "cannot be read as the id of this heading", ">Title</h2>"),
    ("## Title {#\u{e9}t\u{e9}}\n\nText.", "cannot be read as the id of this heading", ">Title</h2>"),
    (
        "One\u{7}two, \u{202A}three\u{202C} and fo\u{FEFF}ur.",
        "the character U+0007 cannot be printed",
        "One two, \u{2060}three\u{2060} and fo\u{2060}ur.",
    ),
    ("A call[^1].\n\n[^1]: One.\n\n[^1]: Two.", "another note is already named", "One.</p>"),
    ("A call[^gone].", "no note is named \"gone\"", "<p>A call[^gone].</p>"),
    ("<p>A call[^1].</p>\n\n[^1]: One.\n\nAgain[^1].", "cannot be between the tags", "A call[^1]."),
    ("::: aside {.wide}\nWords.\n:::", "has no attribute", "<p>Words.</p>"),
    ("::: aside A title\nWords.\n:::", "these attributes cannot be read", "<p>Words.</p>"),
    ("::: table\nWords.\n:::", "contains one table", "<p>Words.</p>"),
    ("::: callout {kind=\"odd\"}\nWords.\n:::", "is not a kind", "<p>Words.</p>"),
    ("::: credits\nWords.\n:::", "cannot contain text", "<p>Words.</p>"),
    ("::: passage {lang=\"english\"}\nWords.\n:::", "is not a language tag", "<p>Words.</p>"),
    ("::: quotation {url=\"x\"}\nWords.\n:::", "is not the address of a quotation", "<p>Words.</p>"),
    ("::: only\nWords.\n:::", "needs edition, since or except", "<p>Words.</p>"),
];

#[test]
fn ordinary_markup_does_not_stop_a_lenient_build() {
    for (body, warning, part) in ACCEPTED {
        let project = Project::small(body);
        project.run(&["check"]).fails_with(1).says(warning);
        let session = project.run(&["build", "--lenient"]).succeeds().says(warning).says("text.md:");
        let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
        assert!(text.contains(part), "{body}: {part} is not in {text}\n{}", session.stderr);
    }
}

#[test]
fn captions_of_missing_images_are_kept() {
    let body = "![A lock](lock.png \"Drawn *by* Ann\")\n\nThe ![gate](gate.png \"in 1901\") here.\n\n[![A plan](plan.png \"of the port\")](https://example.org/plan)\n";
    let project = Project::small(body);
    project.run(&["build", "--lenient"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    for part in [
        "<p>A lock (Drawn <em>by</em> Ann)</p>",
        "<p>The gate (in 1901) here.</p>",
        "<a href=\"https://example.org/plan\">A plan (of the port)</a>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}
