//! Bytes that are not text, line ends of every system, and characters that are invisible or change the order of text.

use std::fs;

use crate::epub::entries_of;
use crate::harness::Project;

const MANIFEST: &str = "sources/note/publication.toml";
const TEXT: &str = "sources/note/text.md";

/// Returns the small publication with these bytes as its section.
fn bytes(bytes: &[u8]) -> Project {
    let project = Project::small("x");
    fs::write(project.path(TEXT), bytes).expect("it is written");
    project
}

#[test]
fn rejects_other_encodings_with_a_guess() {
    let french = bytes(b"+++\ntitle = \"Text\"\n+++\n\nUne \xE9cluse.\n");
    french
        .run(&["check"])
        .fails_with(1)
        .says("error[R102]: this file is not UTF-8 (line 5): it looks like Windows-1252")
        .says("text.md:5:5");
    let wide: Vec<u8> = "\u{FEFF}+++\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes(&wide).run(&["check"]).fails_with(1).says("error[R102]").says("it looks like UTF-16").says("text.md:1:1");
    for wrong in [&b"a\xC0\x80"[..], b"a\xED\xA0\x80", b"a\xF4\x90\x80\x80", b"a\xE2\x82"] {
        bytes(&[b"+++\ntitle = \"T\"\n+++\n\n", wrong].concat())
            .run(&["check"])
            .fails_with(1)
            .says("error[R102]")
            .says("text.md:5:2");
    }
    let project = Project::small("x");
    fs::write(project.path(MANIFEST), b"title = \"\xE9\"\n").expect("it is written");
    project.run(&["check"]).fails_with(1).says("error[R102]").says("publication.toml:1:10");
}

#[test]
fn byte_order_mark_and_line_ends_do_not_change_the_output() {
    let text = "+++\ntitle = \"Text\"\nlead = \"\"\"\nOne\nlead.\"\"\"\n+++\n\n## Locks\n\nOne\ntwo  \nthree\n\n```\na\nb\n```\n\n- x\n- y\n";
    let toml = String::from_utf8(Project::small("x").read(MANIFEST)).expect("UTF-8");
    let built = |text: &str, toml: &str| {
        let project = bytes(text.as_bytes()).file(MANIFEST, toml);
        project.run(&["build"]).succeeds();
        (project.read("build/note-1.pdf"), project.read("build/note-1.epub"))
    };
    let plain = built(text, &toml);
    for end in ["\r\n", "\r"] {
        assert!(built(&text.replace('\n', end), &toml.replace('\n', end)) == plain, "{end:?}");
    }
    assert!(built(&format!("\u{FEFF}{text}"), &format!("\u{FEFF}{toml}")) == plain, "a byte-order mark");
}

#[test]
fn locations_are_correct_with_all_line_ends() {
    let text = "+++\ntitle = \"Text\"\n+++\n\nOne.\n\nSee été [x](#lost).\n";
    for end in ["\n", "\r\n", "\r"] {
        bytes(format!("\u{FEFF}{}", text.replace('\n', end)).as_bytes()).run(&["check"]).fails_with(1).says("text.md:7:9");
    }
    let toml = String::from_utf8(Project::small("x").read(MANIFEST)).expect("UTF-8").replace("keywords", "keyword");
    for end in ["\n", "\r\n", "\r"] {
        Project::small("x").file(MANIFEST, &toml.replace('\n', end)).run(&["check"]).fails_with(1).says("publication.toml:7:1");
    }
}

#[test]
fn rejects_control_and_bidirectional_characters() {
    for (c, says) in [
        ('\0', "U+0000 cannot be printed"),
        ('\u{1B}', "U+001B cannot be printed"),
        ('\u{1F}', "U+001F cannot be printed"),
        ('\u{7F}', "U+007F cannot be printed"),
        ('\u{9B}', "U+009B cannot be printed"),
        ('\u{FFFE}', "U+FFFE cannot be printed"),
        ('\u{FEFF}', "U+FEFF cannot be printed"),
        ('\u{202A}', "U+202A (left-to-right embedding) changes the order of the displayed text"),
        ('\u{202E}', "U+202E (right-to-left override) changes the order of the displayed text"),
        ('\u{2066}', "U+2066 (left-to-right isolate) changes the order of the displayed text"),
        ('\u{2069}', "U+2069 (pop directional isolate) changes the order of the displayed text"),
    ] {
        let text = Project::small(&format!("Ab {c}cd."))
            .run(&["check"])
            .fails_with(1)
            .says("error[R207]")
            .says(says)
            .says("text.md:4:4");
        assert!(!text.stderr.contains(c), "the character is not written to the terminal");
        let front = Project::small("x").edit(TEXT, "\"Text\"", &format!("\"T{c}\""));
        front.run(&["check"]).fails_with(1).says("error[R207]").says(says).says("text.md:2:11");
        let code = Project::small(&format!("```\na{c}\n```")).run(&["check"]).fails_with(1);
        code.says("error[R207]").says("text.md:5:2");
        let toml = Project::small("x").edit(MANIFEST, "A note on", &format!("A {c}note on"));
        toml.run(&["check"]).fails_with(1).says("error[R207]").says(says).says("publication.toml:6:18");
        let comment = Project::small("x").edit(MANIFEST, "publisher", &format!("# x{c}\npublisher"));
        comment.run(&["check"]).fails_with(1).says("error[R207]").says("publication.toml:5:4");
    }
}

#[test]
fn rejects_escaped_control_characters() {
    for escape in ["\\u0000", "\\u001B", "\\u202E", "\\u2067", "\\uFEFF", "\\b"] {
        let toml = Project::small("x").edit(MANIFEST, "title = \"A note\"", &format!("title = \"A note{escape}\""));
        toml.run(&["check"]).fails_with(1).says("error[R207]").says("publication.toml:1:9");
        let key = Project::small("x").edit(
            MANIFEST,
            "[organisations.us]",
            &format!("[organisations.\"us{escape}\"]\nname = \"X\"\n\n[organisations.us]"),
        );
        key.run(&["check"]).fails_with(1).says("error[R207]").says("publication.toml:9:16");
        let front = Project::small("x").edit(TEXT, "\"Text\"", &format!("\"Text{escape}\""));
        front.run(&["check"]).fails_with(1).says("error[R207]").says("text.md:2:9");
    }
    for entity in ["&#27;", "&#x202E;", "&#8294;", "&#xFEFF;"] {
        Project::small(&format!("Ab {entity} cd.")).run(&["check"]).fails_with(1).says("error[R207]").says("text.md:4:");
        Project::small(&format!("[x](https://example.org/{entity})")).run(&["check"]).fails_with(1).says("error[R207]");
        Project::small(&format!("![x](a.png \"t{entity}\")")).run(&["check"]).fails_with(1).says("error[R207]");
        Project::small(&format!("```a{entity}\nx\n```")).run(&["check"]).fails_with(1).says("error[R207]");
    }
    // CommonMark replaces U+0000.
    Project::small("Ab &#0; cd.").run(&["check"]).fails_with(1);
}

#[test]
fn accepts_right_to_left_marks() {
    let project = Project::small("Words, then \u{200E}&rlm;\u{200F}.");
    project.run(&["build", "--format", "epub", "--lenient"]).succeeds();
    assert!(entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"].contains('\u{200F}'));
}
