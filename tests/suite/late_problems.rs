//! Errors that occur only during page layout or PDF export are reported at the author's line.
//!
//! The errors of typst-pdf 0.15 and krilla 0.8 under PDF/UA-1 with PDF/A-2a, and the test that causes each:
//!
//! | error | test, or the reason why no input reaches it |
//! |---|---|
//! | a glyph is missing; a private use character | `characters_are_reported_at_their_own_place`, `characters_in_a_drawing_…`, `characters_of_a_layout_…` |
//! | a code point that is not allowed (U+FEFF, U+FFFE) | `characters_that_no_text_may_contain_…`: refused when the sources are read |
//! | a text without code points | Typst stores the characters of each glyph |
//! | a string, a name, an array or a dictionary that is too long; a number that is too large; too many objects | strings: `texts_of_any_length_…`. Font names are shortened by krilla. The other limits are those of PDF 1.4, and 8 million objects |
//! | saved graphics states that are nested too deeply | `drawings_that_the_exporter_refuses_…`: only nested clipping paths of a drawing reach the limit; layouts nest few |
//! | PostScript, CMYK, attachments, links in tilings, headings that are empty or skip a level | `drawings_of_a_layout_…`: only a layout can draw them |
//! | spot colours with several fallbacks | the spot inks of the brand are checked (R108); layouts receive sRGB values |
//! | a font that may not be embedded, or cannot be read | `a_font_whose_licence_…`; damaged fonts are not loaded (R108) |
//! | transparency, 16-bit images, versions of PDF | allowed in PDF/A-2a and PDF 1.7 |
//! | interpolated images, embedded PDFs, equations or images without alternative text | `blocks.typ` always passes alternative texts, and every image needs one (R402); images of the text are PNG, JPEG, GIF, WebP or SVG |
//! | no title, language, date or outline | the manifest requires a title and a date; the language has a default; a publication has a section |
//! | a damaged image | `drawings_that_the_exporter_refuses_…`, and `tests/suite/hostile_images.rs` |
//! | an underlined text that is struck | `struck_and_underlined_words_are_set` |
//! | a heading without text; a skipped level | `titles_without_words_are_reported`; R203 |
//! | links in headers and artifacts | `titles_with_links_are_set`: running heads contain no links |
//! | a structure tree that is not valid, or a tag that is split | `every_block_is_set_in_every_container` |
//! | duplicate ids, tags, pages and destinations | internal errors; ids of the text are unique (R302) |

use crate::epub::entries_of;
use crate::harness::{Project, Session, repository};

/// A character that no embedded font of the tool contains.
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

/// Places of a text that is too long for a string of a PDF (ISO 32000-1, Annex C): name, file, the long text, and the text that it replaces.
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
    let mut bytes = std::fs::read(repository().join("fonts/source-serif-4/SourceSerif4-Regular.otf")).unwrap();
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

/// Inline Markdown in which struck, underlined and linked texts contain each other.
const MARKS: [&str; 7] = [
    "~~[the old lock](https://example.org/a)~~",
    "[the ~~old~~ lock](https://example.org/b)",
    "<u>under ~~struck~~</u>",
    "~~struck <u>under</u>~~",
    "<ins>new <del>old</del></ins>",
    "~~see [](#colophon)~~",
    "~~a word[^1]~~",
];

#[test]
fn struck_and_underlined_words_are_set() {
    let line = MARKS.join(", ");
    let body = format!(
        "{line}.\n\n## About {line}\n\n- {line}\n\n> {line}\n\n::: table\n| a {line} | b |\n|---|---|\n| {line} | c |\n\n{line}\n:::\n\n\
         <details><summary>More ~~[of it](https://example.org/c)~~</summary>\n\n{line}\n\n</details>\n\nIn a note[^2].\n\n\
         [^1]: With a [link to it](https://example.org/d).\n[^2]: {line}\n"
    );
    for layout in ["simple", "brochure"] {
        let project =
            Project::small(&body).edit("sources/note/publication.toml", "uuid", &format!("layout = \"{layout}\"\nuuid"));
        project.run(&["build", "--lenient"]).succeeds();
        let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
        assert!(text.contains("<del><a href=\"https://example.org/a\">the old lock</a></del>"), "{text}");
    }
}

#[test]
fn keys_are_set_in_titles_and_leads() {
    for layout in ["simple", "brochure"] {
        let project = Project::small("See [](#text).\n")
            .edit("sources/note/text.md", "title = \"Text\"", "title = \"Press <kbd>F1</kbd>\"\nlead = \"Or <kbd>F2</kbd>.\"")
            .edit("sources/note/publication.toml", "uuid", &format!("layout = \"{layout}\"\nuuid"));
        project.run(&["build", "--lenient"]).succeeds();
        let pdf = crate::pdf::run_script("pdf_speech.py", &[], &project.path("build/note-1.pdf"));
        assert!(pdf.contains("Press F1") && pdf.contains("Or F2."), "{layout}: {pdf}");
    }
}

#[test]
fn titles_without_words_are_reported() {
    for title in ["![A sign](images/a.svg)", "[](#colophon)", "<br>"] {
        let project = project().edit("sources/note/text.md", "title = \"Text\"", &format!("title = \"{title}\""));
        let session = project.run(&["check"]).fails_with(1).says("error[R201]").says("text.md:2:9");
        session.says("this title has no words of its own");
    }
    let project = project().edit("sources/note/text.md", "title = \"Text\"", "title = \"Text\"\nnav = \"[](#colophon)\"");
    project.run(&["check"]).fails_with(1).says("error[R201]").says("text.md:3:7");
}

#[test]
fn headings_without_words_are_reported_and_kept_as_text() {
    for (heading, kept) in [
        ("## ![A sign](images/a.svg)", "alt=\"A sign\""),
        ("## [](#colophon)", "href=\"colophon.xhtml#colophon\""),
        ("## [^1]", "_note-"),
        ("<h2><img src=\"images/a.svg\" alt=\"A sign\"></h2>", "alt=\"A sign\""),
    ] {
        let project = project().edit("sources/note/text.md", "## About it {#about}", heading);
        project.run(&["check"]).fails_with(1).says("error[R203]: this heading has no words").says("text.md:12:1");
        project.run(&["build", "--lenient"]).succeeds().says("until then it is set as text");
        let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
        assert!(text.contains(kept), "{heading}: {text}");
    }
}

#[test]
fn titles_with_links_are_set() {
    let project = Project::small("Text.\n\n## A [link](https://example.org) in a heading\n\nText.\n").edit(
        "sources/note/text.md",
        "title = \"Text\"",
        "title = \"A [site](https://example.org/site) and [](#colophon)\"",
    );
    project.run(&["build"]).succeeds();
}

/// Drawings that the exporter refuses: name, content, and words of the message.
fn refused_drawings() -> [(&'static str, String, &'static str); 3] {
    let clipped = format!("{}<path d=\"M0 0H9V9Z\"/>{}", "<g clip-path=\"url(#c)\">".repeat(30), "</g>".repeat(30));
    // The first bytes of a PNG of one pixel, and of a JPEG.
    let image = |data: &str| format!("<image width=\"9\" height=\"9\" href=\"data:image/{data}\"/>");
    [
        (
            "clips",
            format!("<clipPath id=\"c\"><rect width=\"50\" height=\"50\"/></clipPath>{clipped}"),
            "clipping paths nested more than 20 deep",
        ),
        ("png", image("png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lE"), "an embedded picture that is damaged"),
        ("jpeg", image("jpeg;base64,/9j/4AAQSkZJRgABAQEA"), "an embedded picture that is damaged"),
    ]
}

#[test]
fn drawings_that_the_exporter_refuses_are_reported_at_their_line() {
    for (name, content, message) in refused_drawings() {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"90\">{content}</svg>");
        let project = project().file("sources/note/images/a.svg", &svg);
        let session = project.run(&["check"]).fails_with(1);
        assert!(session.stderr.contains("error[R401]") && session.stderr.contains(message), "{name}: {}", session.stderr);
        session.says("text.md:26:1").says("hint: ");
    }
    // Fewer clipping paths, and pictures that can be read, are drawn.
    let content =
        refused_drawings()[0].1.replacen(&"<g clip-path=\"url(#c)\">".repeat(10), "", 1).replacen(&"</g>".repeat(10), "", 1);
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"90\">{content}</svg>");
    project().file("sources/note/images/a.svg", &svg).run(&["check"]).succeeds();
}

#[test]
fn characters_that_no_text_may_contain_are_reported_at_their_place() {
    for c in ["\u{FEFF}", "\u{FFFE}", "\u{0}"] {
        for (what, file, before) in PLACES {
            let project = project().edit(&format!("sources/note/{file}"), before, &format!("{before}{c}"));
            let session = project.run(&["check"]).fails_with(1);
            let text = String::from_utf8(project.read(&format!("sources/note/{file}"))).expect("UTF-8");
            let start = text.find(&format!("{before}{c}")).expect("the character is there") + before.len();
            let line = text[..start].matches('\n').count() + 1;
            let place = format!("{file}:{line}:");
            assert!(session.stderr.contains(&place), "{what} {c:?}: {place}\n{}", session.stderr);
            assert!(!session.stderr.contains("R503"), "{what} {c:?}: {}", session.stderr);
        }
    }
    for reference in ["&#xFEFF;", "&#xFFFE;"] {
        let project = project().edit("sources/note/text.md", "The lock", &format!("The {reference} lock"));
        project.run(&["check"]).fails_with(1).says("text.md:4:");
    }
}

#[test]
fn addresses_that_are_too_long_are_reported_at_their_place() {
    let address = format!("https://example.org/{}", "a".repeat(9_000));
    for (what, before) in PLACES.into_iter().filter(|(_, file, _)| *file == "text.md").map(|(what, _, before)| (what, before)) {
        if what.contains("code") || what.contains("title of a callout") {
            continue;
        }
        let project = project().edit("sources/note/text.md", before, &format!("{before}[x]({address}) "));
        let text = String::from_utf8(project.read("sources/note/text.md")).expect("UTF-8");
        let line = text[..text.find(&address).expect("the address is there")].matches('\n').count() + 1;
        let session = project.run(&["check"]).fails_with(1);
        let place = format!("text.md:{line}:");
        assert!(
            session.stderr.contains("too long for a PDF") && session.stderr.contains(&place),
            "{what}: {place}\n{:.3000}",
            session.stderr
        );
    }
}

/// Returns a project whose layout is that of `simple`, with `code` after the title of each section.
fn with_layout(code: &str) -> Project {
    let mut project = Project::small("A text.").edit("sources/note/publication.toml", "uuid", "layout = \"own\"\nuuid");
    for entry in std::fs::read_dir(repository().join("layouts/simple")).expect("the layout") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("UTF-8").replace("/layouts/simple/", "/layouts/own/");
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let text = text.replacen("  _opening(edition, section)\n", &format!("  _opening(edition, section)\n  [{code}]\n"), 1);
        assert!(name != "main.typ" || text.contains(code));
        project = project.file(&format!("layouts/own/{name}"), &text);
    }
    project
}

#[test]
fn drawings_of_a_layout_that_a_pdf_cannot_contain_are_reported_at_its_line() {
    let layout = std::fs::read_to_string(repository().join("layouts/simple/main.typ")).expect("the layout");
    let line = layout.lines().position(|line| line == "  _opening(edition, section)").expect("the place") + 2;
    for code in [
        "#place(rect(fill: cmyk(10%, 0%, 0%, 0%), width: 1cm))",
        "#place(rect(fill: gradient.conic(red, blue), width: 1cm))",
        "#pdf.attach(\"/x.txt\", bytes(\"abc\"))",
        "#heading(level: 6)[Deep]",
        "#heading(level: 2)[]",
        "#underline(strike[x])",
        "#rect(fill: tiling(size: (9pt, 9pt), link(\"https://example.org\")[x]))",
        "\u{3400}",
        "\u{E000}",
        "#image(\"/nothing.png\", width: 1cm)",
    ] {
        let session = with_layout(code).run(&["check"]).fails_with(1);
        let place = format!("layouts/own/main.typ:{line}:");
        assert!(session.stderr.contains(&place), "{code}: {place}\n{}", session.stderr);
    }
    with_layout("#place(rect(fill: rgb(\"#123\"), width: 1cm))").run(&["check"]).succeeds();
}

/// Blocks of every kind.
const BLOCKS: [&str; 20] = [
    "A word.",
    "- a\n- b",
    "3. a\n4. b",
    "- [x] a\n- [ ] b",
    "> A word.",
    "```rust\nlet x = 1;\n```",
    "| a | b |\n|---|---|\n| c | d |",
    "---",
    "![A sign](images/a.svg \"The sign\")",
    "![A sign](images/a.svg) ![A sign](images/a.svg)",
    "[![A sign](images/a.svg)](https://example.org/a)",
    "A ![sign](images/a.svg) in a line",
    "## A title",
    "Term\n\n: Definition",
    "<table><tr><th>a</th></tr><tr><td>b</td></tr></table>",
    "> [!NOTE]\n> A word.",
    "<details><summary>S</summary>\n\nText.\n\n</details>",
    "::: video {url=\"https://example.org/v\" title=\"V\"}\n:::",
    "::: table {headers=\"both\"}\n| a | b |\n|---|---|\n| x | c |\n\nCaption\n:::",
    "A call[^1].",
];

/// Returns a block inside each kind of container.
fn contained(block: &str) -> Vec<String> {
    let indented = |first: &str, rest: &str| {
        let lines: Vec<String> =
            block.lines().enumerate().map(|(at, line)| format!("{}{line}", if at == 0 { first } else { rest })).collect();
        lines.join("\n")
    };
    let mut all =
        vec![indented("- ", "  "), indented("1. ", "   "), indented("> ", "> "), format!("Term\n\n{}", indented(": ", "  "))];
    all.push(format!("> [!TIP]\n{}", indented("> ", "> ")));
    for fence in [
        "callout {title=\"T\"}",
        "aside {title=\"T\"}",
        "epigraph {source=\"S\"}",
        "quotation {source=\"S\"}",
        "passage {lang=\"fr\"}",
        "passage {lang=\"ar\"}",
    ] {
        all.push(format!(":::: {fence}\n{block}\n::::"));
    }
    for (open, close) in [
        ("<details><summary>S</summary>", "</details>"),
        ("<table><tr><th>h</th></tr><tr><td>", "</td></tr></table>"),
        ("<figure>", "<figcaption>Caption</figcaption></figure>"),
        ("<ul><li>", "</li></ul>"),
        ("<aside>", "</aside>"),
    ] {
        all.push(format!("{open}\n\n{block}\n\n{close}"));
    }
    all
}

#[test]
fn every_block_is_set_in_every_container() {
    let pairs: Vec<String> = BLOCKS.iter().flat_map(|block| contained(block)).collect();
    let noted: Vec<String> =
        BLOCKS.iter().enumerate().map(|(at, block)| format!("[^n{at}]: {}", block.replace('\n', "\n    "))).collect();
    let calls: Vec<String> = (0..BLOCKS.len()).map(|at| format!("A call[^n{at}].")).collect();
    let body = format!("{}\n\n{}\n\n{}\n\n[^1]: A note.\n", pairs.join("\n\n"), calls.join("\n\n"), noted.join("\n\n"));
    let project = project().file("sources/note/text.md", &format!("+++\ntitle = \"Text\"\n+++\n{body}"));
    let session = project.run(&["check", "--lenient"]).succeeds();
    assert!(!session.stderr.contains("error[") && !session.stderr.contains("[R50"), "{}", session.stderr);
}
