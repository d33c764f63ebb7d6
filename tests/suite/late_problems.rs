//! Errors of Typst and of the PDF standards after the layout are reported at the author's line.

use crate::harness::{Project, Session};

/// A character that no font of the tool has.
const UNSHOWN: &str = "\u{3400}";
/// A character of a private use area.
const PRIVATE: &str = "\u{E000}";

/// The places where a text can occur: name, file, and the text before the character.
const PLACES: [(&str, &str, &str); 11] = [
    ("text", "text.md", "The lock "),
    ("code in a line", "text.md", "`let x = "),
    ("a block of code", "text.md", "names = ['n', '’'] # "),
    ("a note", "text.md", "[^1]: In the note "),
    ("a heading", "text.md", "## About "),
    ("the title of a section", "text.md", "title = \"Text"),
    ("the title of a callout", "text.md", "title=\"By the way "),
    ("the caption of a table", "text.md", "Levels "),
    ("a cell", "text.md", "| noon | "),
    ("the caption of an image", "text.md", "\"Drawn "),
    ("TOML", "publication.toml", "name = \"Us"),
];

fn project() -> Project {
    let body = "The lock is here, `let x = 1` and[^1].\n\n```python\nnames = ['n', '’'] # all\n```\n\n[^1]: In the note on it.\n\n## About it {#about}\n\n\
                ::: callout {title=\"By the way it goes\"}\nYes.\n:::\n\n::: table\n| when | level |\n|---|---|\n| noon | 3 |\n\nLevels of water\n:::\n\n\
                ![A sign](images/a.svg \"Drawn here\")";
    Project::small(body).file("sources/note/images/a.svg", &svg("A lock")).edit(
        "sources/note/publication.toml",
        "[[editions]]",
        "[[assets]]\npath = \"images/a.svg\"\nlicence = \"CC0-1.0\"\ncredit = \"Us\"\n\n[[editions]]",
    )
}

fn svg(text: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"90\"><text y=\"40\" font-size=\"20\">{text}</text></svg>"
    )
}

/// Asserts that the only errors are about a character, at its location.
#[track_caller]
fn assert_place(session: &Session, project: &Project, (what, file, before): (&str, &str, &str), c: &str) {
    let text = String::from_utf8(project.read(&format!("sources/note/{file}"))).expect("UTF-8");
    let start = text.find(&format!("{before}{c}")).expect("the character is there") + before.len();
    let line = text[..start].matches('\n').count() + 1;
    let column = text[..start].rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    let place = format!("{file}:{line}:{column}");
    assert!(session.stderr.contains("error[R503]") && session.stderr.contains(&place), "{what}: {place}\n{}", session.stderr);
}

#[test]
fn characters_are_reported_at_their_own_place() {
    let base = project();
    base.run(&["check"]).succeeds();
    for c in [UNSHOWN, PRIVATE] {
        for place in PLACES {
            let (_, file, before) = place;
            let project = project().edit(&format!("sources/note/{file}"), before, &format!("{before}{c}"));
            let session = project.run(&["check"]).fails_with(1);
            assert_place(&session, &project, place, c);
        }
    }
}

#[test]
fn characters_in_a_drawing_are_reported_at_the_image() {
    for c in [UNSHOWN, PRIVATE] {
        let project = project().file("sources/note/images/a.svg", &svg(c));
        let session = project.run(&["check"]).fails_with(1);
        let session = session.says("in a drawing").says("text.md:");
        assert!(session.stderr.contains("images/a.svg"), "{}", session.stderr);
    }
}

#[test]
fn drawings_with_selectors_and_joiners_are_set() {
    for text in ["A\u{2665}\u{FE0E} B\u{FE0F}", "\u{1F469}\u{200D}\u{1F680}", "water\u{AD}way\u{200B}", "a\u{200D}b"] {
        project().file("sources/note/images/a.svg", &svg(text)).run(&["check"]).succeeds();
    }
}

#[test]
fn a_selector_alone_is_not_missing() {
    let session = project().edit("sources/note/text.md", "The lock ", "The lock \u{3400}\u{FE0F} ").run(&["check"]).fails_with(1);
    let session = session.says("\"\u{3400}\" (U+3400)");
    assert!(!session.stderr.contains("FE0F"), "{}", session.stderr);
}

#[test]
fn a_text_that_is_too_long_for_a_pdf_is_reported_at_its_line() {
    let alt = format!("![A sign{}]", " that says a lock".repeat(2_500));
    let project = project().edit("sources/note/text.md", "![A sign]", &alt);
    project.run(&["check"]).fails_with(1).says("error[R503]").says("text.md:26:1");
}

#[test]
fn many_missing_characters_are_summarized() {
    let all: String = ('\u{3400}'..'\u{3450}').collect();
    let session = Project::small(&all).run(&["check", "--verbose"]).fails_with(1);
    session.says("no font has 60 other characters of the text");
}

/// Places of a text that is too long for a string of a PDF (ISO 32000-1, Annex C): name, file, the text before it, the text itself, and the line.
fn long_places() -> Vec<(&'static str, &'static str, String, &'static str)> {
    let words = " lock".repeat(7_000);
    vec![
        ("an alternative text", "text.md", format!("![A sign{words}]"), "![A sign]"),
        ("an expansion", "text.md", format!("<abbr title=\"A{words}\">HTML</abbr> `let x"), "`let x"),
        ("the title of a section", "text.md", format!("title = \"Text{words}"), "title = \"Text"),
        ("a heading", "text.md", format!("## About{words}"), "## About"),
        ("the title of the publication", "publication.toml", format!("title = \"A note{words}"), "title = \"A note"),
        ("a description", "publication.toml", format!("description = \"A{words} note"), "description = \"A note"),
        ("a keyword", "publication.toml", format!("keywords = [\"canal{words}"), "keywords = [\"canal"),
        ("a name", "publication.toml", format!("name = \"Us{words}"), "name = \"Us"),
        ("the caption of an image", "text.md", format!("\"Drawn here{words}"), "\"Drawn here"),
        ("a cell", "text.md", format!("| noon{words}"), "| noon"),
        ("a note", "text.md", format!("[^1]: In the note{words}"), "[^1]: In the note"),
        ("code", "text.md", format!("names ={words} ['n'"), "names = ['n'"),
        ("an address", "text.md", format!("<https://example.org/{}> `let x", "a".repeat(40_000)), "`let x"),
    ]
}

#[test]
fn texts_of_any_length_are_set_or_reported_at_their_line() {
    for (what, file, long, short) in long_places() {
        let project = project().edit(&format!("sources/note/{file}"), short, &long);
        let text = String::from_utf8(project.read(&format!("sources/note/{file}"))).expect("UTF-8");
        let line = text[..text.find(&long).expect("it is there")].matches('\n').count() + 1;
        let session = project.run(&["check"]);
        if session.stderr.contains("error[") {
            assert!(session.stderr.contains(&format!("{file}:{line}:")), "{what}: {line}\n{:.2000}", session.stderr);
            assert!(!session.stderr.contains("R900") && session.stderr.contains("hint"), "{what}: {:.2000}", session.stderr);
        }
    }
}

#[test]
fn a_font_whose_licence_forbids_embedding_is_named() {
    let mut bytes = std::fs::read(crate::harness::repository().join("fonts/source-serif-4/SourceSerif4-Regular.otf")).unwrap();
    let tables = usize::from(u16::from_be_bytes([bytes[4], bytes[5]]));
    let record = (0..tables).map(|table| 12 + 16 * table).find(|at| &bytes[*at..at + 4] == b"OS/2").expect("a table OS/2");
    let table = u32::from_be_bytes(bytes[record + 8..record + 12].try_into().unwrap()) as usize;
    // `fsType` 2: restricted licence embedding (OpenType 1.9.1 §OS/2).
    bytes[table + 8..table + 10].copy_from_slice(&2_u16.to_be_bytes());
    let project = project().file("fonts/source-serif-4/OFL.txt", "");
    std::fs::write(project.path("fonts/source-serif-4/SourceSerif4-Regular.otf"), bytes).unwrap();
    let session = project.run(&["check"]).fails_with(1).says("Source Serif 4");
    assert!(session.stderr.contains("R503") && session.stderr.contains("hint"), "{}", session.stderr);
}
