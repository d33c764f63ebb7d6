//! Ids of tables, figures and containers, and titles of links.

use crate::epub::entries_of;
use crate::harness::Project;

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"90\"><path d=\"M0 0H9V9Z\"/></svg>";

fn project(body: &str) -> Project {
    Project::small(body).file("sources/note/images/a.svg", SVG).edit(
        "sources/note/publication.toml",
        "[[editions]]",
        "[[assets]]\npath = \"images/a.svg\"\nlicence = \"CC0-1.0\"\ncredit = \"Us\"\n\n[[editions]]",
    )
}

const TARGETS: &str = "::: table {#levels}\n| when | level |\n|---|---|\n| noon | 3 |\n\nLevels of the *water*\n:::\n\n\
                       ![A sign.](images/a.svg \"The sign\"){#sign width=\"50%\"}\n\n\
                       ::: callout {#care kind=\"warning\" title=\"Take care\"}\nIt floods.\n:::\n\n\
                       ::: quotation {#words source=\"A keeper\"}\nWe wait.\n:::\n";

#[test]
fn links_lead_to_tables_figures_and_containers() {
    let project = project(&format!("See [](#levels), [](#sign), [](#care) and [what he said](#words).\n\n{TARGETS}"));
    project.run(&["build", "--strict"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    for part in ["id=\"levels\"", "<figure id=\"sign\"", "id=\"care\"", " id=\"words\"", "href=\"#words\">what he said</a>"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    for (id, words) in [("levels", "Levels of the "), ("sign", "The sign"), ("care", "Take care")] {
        let after = text.split(&format!("href=\"#{id}\"")).nth(1).unwrap_or_else(|| panic!("no link to {id}: {text}"));
        assert!(after[..80].contains(words), "{id}: {text}");
    }
    let pdf = crate::pdf::run_script("pdf_speech.py", &[], &project.path("build/note-1.pdf"));
    for words in ["Levels of the water, p.\u{A0}3", "The sign, p.\u{A0}3", "Take care, p.\u{A0}3", "what he said"] {
        assert!(pdf.contains(words), "{words}: {pdf}");
    }
}

#[test]
fn a_target_without_a_title_needs_words_in_its_links() {
    let body = format!("See [](#words).\n\n{TARGETS}");
    let session = project(&body).run(&["check"]).fails_with(1);
    session.says("this link has no words, and its target \"#words\" has no title").says("R304").says("text.md:4:5");
}

#[test]
fn ids_are_unique_among_all_kinds_of_blocks() {
    let session = project(&format!("## Water {{#levels}}\n\nText.\n\n{TARGETS}")).run(&["check"]).fails_with(1);
    session.says("the id \"levels\" is taken").says("first given here");
    let session = project("::: passage {#x lang=\"fr\"}\nMot.\n:::\n").run(&["check"]).fails_with(1);
    session.says("a \"passage\" container has no attribute \"#\"");
}

#[test]
fn titles_of_links_are_in_the_epub() {
    let body = "See [the map](https://example.org/map \"a map & its *key*\"), [](https://example.org \"Their site\") and \
                <a href=\"https://example.org/x\" title=\"the third\">x</a>.";
    let project = Project::small(body);
    project.run(&["build", "--strict"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    for part in [
        "<a href=\"https://example.org/map\" title=\"a map &amp; its *key*\">the map</a>",
        "<a href=\"https://example.org\">Their site</a>",
        "<a href=\"https://example.org/x\" title=\"the third\">x</a>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn attributes_of_links_and_open_containers_do_not_stop_a_lenient_build() {
    let body = "See [it](https://example.org){target=_blank .external}.\n\n::: note\nA remark.\n";
    let project = Project::small(body);
    let session = project.run(&["build", "--lenient"]).succeeds();
    session
        .says("an attribute of a link of Pandoc, Quarto and MkDocs is left out: {target=_blank .external}")
        .says("is not closed");
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    assert!(text.contains("<p>A remark.</p>") && text.contains(">it</a>."), "{text}");
}

/// Blocks of each kind that can have an id: the id, the Markdown, and the element of the EPUB that has the id.
const NAMED: [(&str, &str, &str); 24] = [
    ("p1", "A paragraph. {#p1}", "<p id=\"p1\">A paragraph.</p>"),
    ("p2", "Two *lines*\nof text\n{#p2}", "<p id=\"p2\">Two <em>lines</em>\nof text</p>"),
    ("l1", "- a\n- b\n{#l1}", "<ul id=\"l1\">"),
    ("l2", "1. a\n2. b\n\n{#l2}", "<ol id=\"l2\">"),
    ("i1", "- an item\n  {#i1}\n- another", "<li><span id=\"i1\">an item</span></li>"),
    ("i2", "- an item\n\n  of two paragraphs {#i2}", "<p id=\"i2\">"),
    ("i3", "- outer\n  - inner\n  {#i3}", "<ul id=\"i3\">"),
    ("q1", "> A quotation\n{#q1}", "<blockquote id=\"q1\">"),
    ("q2", "> A quotation {#q2}", "<p id=\"q2\">"),
    ("c1", "```rust {#c1}\nlet x = 1;\n```", "<pre id=\"c1\">"),
    ("c2", "    let x = 1;\n\n{#c2}", "<pre id=\"c2\">"),
    ("t1", "| a |\n|---|\n| b |\n\n{#t1}", "<table id=\"t1\">"),
    ("t2", "<table><tr><th>a</th></tr><tr><td>b</td></tr></table>\n\n{#t2}", "<table id=\"t2\">"),
    ("t3", "<table><tr><th id=\"t3\">a</th></tr><tr><td>b</td></tr></table>", "<span id=\"t3\">a</span>"),
    ("t4", "<table><tr><th>a</th></tr><tr id=\"t4\"><td>b</td></tr></table>", "<span id=\"t4\">b</span>"),
    ("t5", "<table><tr><th>a</th><th>c</th></tr><tr><td>b</td><td id=\"t5\"><p>d</p></td></tr></table>", "id=\"t5\""),
    ("d1", "Term\n\n: Definition {#d1}", "<dd><span id=\"d1\">Definition</span></dd>"),
    ("d2", "Term\n\n: Definition\n\n{#d2}", "<dl id=\"d2\">"),
    ("r1", "---\n\n{#r1}", "<hr id=\"r1\"/>"),
    ("h1", "<p id=\"h1\">In HTML.</p>", "<p id=\"h1\">"),
    ("h2", "<ul id=\"h2\"><li>a</li></ul>", "<ul id=\"h2\">"),
    ("h3", "<pre id=\"h3\">code</pre>", "<pre id=\"h3\">"),
    ("n1", "A call[^1].\n\n[^1]: The note. {#n1}", "<p id=\"n1\">"),
    ("f1", "![A sign.](images/a.svg) {#f1}", "<figure id=\"f1\""),
];

#[test]
fn links_lead_to_blocks_of_every_kind() {
    let links: Vec<String> = NAMED.iter().map(|(id, ..)| format!("[to {id}](#{id})")).collect();
    let blocks: Vec<&str> = NAMED.iter().map(|(_, block, _)| *block).collect();
    let project = project(&format!("{}.\n\n{}\n", links.join(" "), blocks.join("\n\nBetween.\n\n")));
    let session = project.run(&["build"]).succeeds();
    assert!(!session.stderr.contains("R218") && !session.stderr.contains("R220"), "{}", session.stderr);
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    for (id, block, element) in NAMED {
        assert_eq!(text.matches(&format!(" id=\"{id}\"")).count(), 1, "{block}: {text}");
        assert!(text.contains(element), "{block}: {element} is not in {text}");
        assert!(!text.contains(&format!("{{#{id}}}")), "{block}: {text}");
    }
    // The build of the PDF fails if the label of a link does not exist or is not unique.
    let facts = crate::pdf::facts_of(&project.path("build/note-1.pdf"));
    let pages = facts["pages"].as_array().expect("pages");
    let links = pages.iter().flat_map(|page| page["links"].as_array().cloned().unwrap_or_default());
    assert!(links.filter(|link| link["contents"].as_str().is_some_and(|name| name.starts_with("to "))).count() >= NAMED.len());
}

#[test]
fn ids_in_the_header_of_a_table_on_several_pages_are_unique() {
    let rows: String = (0..120).map(|row| format!("<tr><td>{row}</td></tr>")).collect();
    let project = project(&format!(
        "[To it](#head).\n\n<table><thead><tr><th id=\"head\">a</th></tr></thead><tbody>{rows}</tbody></table>\n"
    ));
    project.run(&["build", "--strict"]).succeeds();
}

#[test]
fn ids_without_a_block_are_reported() {
    for (body, message, place) in [
        ("{#a}\n\nText.", "there is no block before this id", "text.md:4:1"),
        ("Text. {#a}\n\n{#b}", "the block before this id has an id already", "text.md:6:1"),
        ("::: passage {lang=\"fr\"}\nMot.\n:::\n\n{#a}", "the block before this id cannot have one", "text.md:8:1"),
    ] {
        project(body).run(&["check"]).fails_with(1).says("error[R206]").says(message).says(place);
        project(body).run(&["check", "--lenient"]).succeeds().says("until then it is left out");
    }
    // Braces that are escaped, inside emphasis, or without a space before them are not ids.
    let project = project("A \\{#a} and *emphasis {#b}* and a{#c}.\n");
    let session = project.run(&["build"]).succeeds().says("warning[R218]");
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    assert!(text.contains("<p>A {#a} and <em>emphasis {#b}</em> and a{#c}.</p>"), "{text}\n{}", session.stderr);
}

#[test]
fn an_id_in_two_files_is_reported_at_both() {
    for (one, other) in [("Text. {#here}", "<p id=\"here\">Text.</p>"), ("## A {#here}\n\nText.", "- a\n{#here}")] {
        let project = project(one)
            .file("sources/note/colophon.md", &format!("+++\ntitle = \"Colophon\"\n+++\n\n{other}\n\n::: licence\n:::\n"));
        let session = project.run(&["check"]).fails_with(1).says("error[R302]: the id \"here\" is taken");
        session.says("colophon.md:").says("text.md:").says("first given here");
    }
}
