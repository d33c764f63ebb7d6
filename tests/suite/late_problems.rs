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
