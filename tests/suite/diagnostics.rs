//! Diagnostics: each error has its own line and a hint.

use crate::harness::Project;

/// Asserts that a body is rejected with a message that contains the words.
#[track_caller]
fn assert_rejected(body: &str, words: &[&str]) {
    let mut session = Project::small(body).run(&["check"]).fails_with(1);
    for word in words {
        session = session.says(word);
    }
}

#[test]
fn reports_errors_in_markdown() {
    assert_rejected("[x](#txet)", &["R301", "text.md:4:1", "did you mean \"text\"?"]);
    assert_rejected("[x](publication:other)", &["R301", "no publication is named \"other\""]);
    assert_rejected("[x](txet.md)", &["R301", "is not a section of this publication", "did you mean \"text\"?"]);
    assert_rejected("[x](exemple.org)", &["R304", "is not an address"]);
    assert_rejected("# Head", &["R203", "text.md:4:1", "start at ##"]);
    assert_rejected("## A\n\n#### B", &["R203", "text.md:6:1", "write ### here"]);
    assert_rejected("## A {#a}\n\n## B {#a}", &["R302", "text.md:6:1", "first given here"]);
    assert_rejected("a <foo>b</foo>", &["R204", "text.md:4:3"]);
    assert_rejected("::: callout {kind=\"nota\"}\nx\n:::", &["R202", "did you mean \"note\"?"]);
    assert_rejected("::: aside\nx", &["R202", "not closed"]);
    assert_rejected("::: resources {ids=\"a\"}\n:::", &["R303", "no resource has the id \"a\""]);
    assert_rejected("[x]{since=\"2\"}", &["R106", "no edition has the id \"2\"", "text.md:4:12", "the only known name is \"1\""]);
    assert_rejected("::: only {since=\"\"}\nx\n:::", &["R202", "the attribute since has no edition", "text.md:4:11"]);
    assert_rejected("::: table\nx\n:::", &["R202", "contains one table"]);
    assert_rejected("::: table {headers=\"left\"}\n\n| a |\n|---|\n:::", &["R202", "is not a headers of"]);
    assert_rejected("::: passage\nx\n:::", &["R202", "needs lang"]);
    assert_rejected("::: passage {lang=\"english\"}\nx\n:::", &["R206", "is not a language tag"]);
    assert_rejected("::: passage {lang=\"gb\"}\nx\n:::", &["R606", "did you mean \"en\"?"]);
    assert_rejected("::: quotation {url=\"x\"}\nx\n:::", &["R304", "is not the address of a quotation"]);
    assert_rejected("::: only\nx\n:::", &["R202", "needs edition, since or except"]);
    assert_rejected("[x]{.red}", &["R206", "are lang, edition, since and except"]);
    assert_rejected("![A tree](tree.png)", &["R401", "there is no image"]);
    assert_rejected("![A tree](../../../etc/tree.png)", &["R401", "does not name a file of the project"]);
    assert_rejected("a\u{8}b", &["R207", "U+0008", "text.md:4:2"]);
    assert_rejected("A call[^lost].", &["R208", "no note is named \"lost\"", "text.md:4:7"]);
    assert_rejected(&format!("{}x", "> ".repeat(20)), &["R205", "nested more than 12 deep"]);
}

#[test]
fn warns_about_unused_notes_and_files() {
    let body = "Text \\[^kept].\n\n```\n[^code]: not a note\n```\n\n[^lost]: A note.\n";
    let project = Project::small(body).file("sources/note/draft.md", "+++\ntitle = \"Draft\"\n+++\n");
    let session = project.run(&["check"]).succeeds();
    session
        .says("warning[R212]: the note \"lost\" is never referenced")
        .says("text.md:10:1")
        .says("warning[R109]: no edition lists the file \"draft.md\"")
        .says("2 warnings");
}

#[test]
fn reports_errors_in_toml() {
    let manifest = "sources/note/publication.toml";
    let assert_manifest_rejected = |from: &str, to: &str, words: &[&str]| {
        let mut session = Project::small("x").edit(manifest, from, to).run(&["check"]).fails_with(1);
        for word in words {
            session = session.says(word);
        }
    };
    assert_manifest_rejected("lang = \"en\"", "lang = \"eng\"", &["R106", "the language \"eng\" is not supported"]);
    assert_manifest_rejected("2024-05-17", "2024-02-30", &["R105", "is not a date", "hint: write \"2023-05\""]);
    assert_manifest_rejected("publisher = \"us\"", "publisher = \"uss\"", &["R404", "did you mean \"us\"?"]);
    assert_manifest_rejected("4d1b4f0e", "nonsense", &["R105", "is not a UUID"]);
    assert_manifest_rejected("\"text\"", "\"txt\"", &["R101", "did you mean \"text\"?"]);
    assert_manifest_rejected("lang = \"en\"", "lang = \"en\"\nlayout = \"simpel\"", &["R106", "did you mean \"simple\"?"]);
    assert_manifest_rejected(
        "[[editions]]",
        "[[credits]]\nrole = \"autor\"\nnames = [\"us\"]\n\n[[editions]]",
        &["R404", "did you mean \"author\"?"],
    );
    assert_manifest_rejected("[[editions]]", "[brand.color]\nprimary = \"#12\"\n\n[[editions]]", &["R108", "is not a colour"]);
    assert_manifest_rejected(
        "[[editions]]",
        "[brand.typography]\nbase = [\"Source Serif\"]\n\n[[editions]]",
        &["R108", "did you mean \"Source Serif 4\"?"],
    );
    let twice = "[[resources]]\nid = \"a\"\ntitle = \"A\"\ntarget = { none = \"x\" }\n\n".repeat(2);
    assert_manifest_rejected("[[editions]]", &format!("{twice}[[editions]]"), &["R107", "two resources have the id \"a\""]);
    assert_manifest_rejected(
        "[[editions]]",
        "[options]\ncolour = 1\n\n[[editions]]",
        &["R501", "the layout has no option \"colour\""],
    );
}

#[test]
fn images_need_an_alternative_text_and_a_licence() {
    let png = std::fs::read(crate::harness::repository().join("tests/fixtures/carnet/sources/carnet/images/coupe.png")).unwrap();
    let project = Project::small("![](tree.png)");
    std::fs::write(project.path("sources/note/tree.png"), &png).unwrap();
    let session = project.run(&["check"]).fails_with(1);
    session.says("R403").says("has no licence").says("[[assets]]");
    let project = project.file("sources/note/tree.png.toml", "licence = \"CC-BY-4.0\"\ncredit = \"X\"\n");
    project.run(&["check"]).fails_with(1).says("R402").says("text.md:4:1").says("decorative = true");
}

#[test]
fn rejects_huge_images_without_decoding() {
    let png = std::fs::read(crate::harness::repository().join("tests/fixtures/checks/R602/good/heron.png")).unwrap();
    // The width and height follow the signature and the name of the header chunk; its checksum follows its 13 bytes.
    let mut bomb = png;
    bomb[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    let sum = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.to_be_bytes());
    let project = Project::small("![A tree](tree.png)").file("sources/note/tree.png.toml", "licence = \"CC0-1.0\"\n");
    std::fs::write(project.path("sources/note/tree.png"), &bomb).unwrap();
    project.run(&["check"]).fails_with(1).says("R401").says("more than 100 million pixels").says("text.md:4:1");
}

/// Returns the checksum of a PNG chunk (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 })
    })
}

#[test]
fn reports_typst_errors_at_the_line_of_the_author() {
    assert_rejected("Fine.\n\nA word: \u{6f22}.", &["R503", "U+6F22", "text.md:6:9"]);
    let title = Project::small("x").edit("sources/note/publication.toml", "A note", "A \u{6f22} note");
    title.run(&["check"]).fails_with(1).says("R503").says("publication.toml:1:12");
}

#[test]
fn reports_layout_errors_at_the_line_of_the_layout() {
    let layout = "#let publication(edition, bodies) = { set document(title: edition.title)\n  nonsense\n}\n";
    let project = Project::small("x")
        .edit("sources/note/publication.toml", "lang = \"en\"", "lang = \"en\"\nlayout = \"mine\"")
        .file("layouts/mine/layout.toml", "description = \"Mine\"\npage = { width = \"10cm\", height = \"10cm\" }\n")
        .file("layouts/mine/blocks.typ", "#import \"/layouts/common/blocks.typ\": *\n")
        .file("layouts/mine/main.typ", layout);
    project.run(&["check"]).fails_with(1).says("R502").says("layouts/mine/main.typ:2:3").says("nonsense");
}

#[test]
fn prints_typst_code_literally() {
    let body = "#panic(\"x\") #read(\"/etc/passwd\") $x$ `#a` @b <c\\> *#d* = e\n\n- #eval(\"1\")\n";
    Project::small(body).run(&["check"]).succeeds();
}

#[test]
fn prints_a_note_of_a_repeated_table_header_once() {
    let rows = "| b | c |\n".repeat(120);
    Project::small(&format!("| A[^n] | B |\n|---|---|\n{rows}\nAgain[^n].\n\n[^n]: A note.\n")).run(&["check"]).succeeds();
}

#[test]
fn a_finding_of_several_editions_is_reported_once() {
    let editions = "id = \"1\"\ndate = \"2024-05-17\"\n\n[[editions]]\nid = \"2\"\ndate = \"2025-05-17\"\nsections = [\"colophon\", \"empty\", \"text\"]\n";
    let project = Project::small("A word: \u{6f22}.")
        .edit("sources/note/publication.toml", "id = \"1\"\ndate = \"2024-05-17\"\n", editions)
        .edit("sources/note/publication.toml", "\"text\", ", "\"text\", \"empty\", ")
        .file("sources/note/empty.md", "+++\ntitle = \"Empty\"\n+++\n");
    let session = project.run(&["check"]).fails_with(1);
    for (code, place) in [("R503", "text.md:4:9"), ("R662", "empty.md:2:9")] {
        assert_eq!(session.stderr.matches(&format!("[{code}]")).count(), 1, "{}", session.stderr);
        assert!(session.stderr.contains(place), "{}", session.stderr);
    }
}
