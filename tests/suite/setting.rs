//! Typesetting: inline code, page breaks, columns of the brochure, and the baseline grid.

use std::process::Command;

use crate::artefacts::artefact;
use crate::harness::{Project, repository};

const TEXT: &str =
    "The keepers of the lock wrote down what they saw, at what hour of the day, and how high the water stood at the gate.";

/// Returns the publication with a section for each body, in the layout `layout`.
fn publication(layout: &str, bodies: &[String]) -> Project {
    let names: String = (0..bodies.len()).map(|number| format!(", \"part-{number}\"")).collect();
    let project = Project::small("x").edit("sources/note/publication.toml", "\"text\"", &format!("\"text\"{names}"));
    let project = project.edit("sources/note/publication.toml", "lang =", &format!("layout = \"{layout}\"\nlang ="));
    bodies.iter().enumerate().fold(project, |project, (number, body)| {
        let path = format!("sources/note/part-{number}.md");
        project.file(&path, &format!("+++\ntitle = \"Part {number}\"\n+++\n\n{body}\n"))
    })
}

/// Returns the text of the pages of a PDF.
fn pages(project: &Project) -> Vec<String> {
    let output = Command::new("pdftotext").arg("-layout").arg(project.path("build/note-1.pdf")).arg("-").output();
    let text = String::from_utf8(output.expect("pdftotext").stdout).expect("UTF-8");
    text.split('\u{C}').map(str::to_owned).collect()
}

#[test]
fn headings_and_lead_ins_stay_with_what_follows() {
    // In each section, the heading or the lead-in is one line lower than in the section before.
    let lines = |count: usize| "Line.\n\n".repeat(count);
    let noted = (0..40).map(|count| {
        format!(
            "{}{TEXT}\n\n## Heading {count}\n\nA paragraph[^a] that opens with a note, and continues. {TEXT}\n\n{TEXT}\n\n[^a]: A note. {TEXT}\n{TEXT}\n",
            lines(count)
        )
    });
    let led = (0..40).map(|count| {
        format!("{}{TEXT}\n\nThe lines show it:\n\n```\ncode line 1\ncode line 2\n```\n\n{TEXT}\n\n{TEXT}", lines(count))
    });
    let project = publication("simple", &noted.chain(led).collect::<Vec<_>>());
    let session = project.run(&["build", "--format", "pdf"]).succeeds();
    assert!(!session.stderr.contains("R684"), "{}", session.stderr);
    let mut lead_ins = 0;
    for page in pages(&project) {
        let lines: Vec<&str> = page.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| **line == "The lines show it:") {
            assert_eq!(lines.get(at + 1).copied(), Some("code line 1"), "{page}");
            lead_ins += 1;
        }
        for (at, line) in
            lines.iter().enumerate().filter(|(_, line)| line.starts_with("Heading ") && line.split_whitespace().count() == 2)
        {
            assert!(lines.get(at + 1).is_some_and(|next| next.contains("A paragraph")), "{line}: {page}");
        }
    }
    assert_eq!(lead_ins, 40);
}

#[test]
fn inline_code_has_nine_tenths_of_the_x_height_of_the_text() {
    let project = Project::small("Words and `xxxxxxxxxx` in a line.");
    project.run(&["build"]).succeeds();
    let output = Command::new("pdftotext").arg("-bbox").arg(project.path("build/note-1.pdf")).arg("-").output();
    let text = String::from_utf8(output.expect("pdftotext").stdout).expect("UTF-8");
    let line = text.lines().find(|line| line.contains(">xxxxxxxxxx<")).expect("the code");
    let value = |key: &str| line.split(&format!("{key}=\"")).nth(1).and_then(|rest| rest.split('"').next()?.parse::<f64>().ok());
    let width = value("xMax").expect("an edge") - value("xMin").expect("an edge");
    // A letter of IBM Plex Mono is 0.6 em wide, and its x-height is 0.516 em; that of Source Serif 4 is 0.475 em, at 10.4 points.
    let ratio = width / 6.0 * 0.516 / (10.4 * 0.475);
    assert!((0.87..0.93).contains(&ratio), "{ratio}");
}

#[test]
fn the_brochure_leaves_no_empty_page_after_a_table_with_a_note_or_a_long_callout() {
    let rows = |count: usize| (0..count).map(|row| format!("| row {row} | value {row} |\n")).collect::<String>();
    let tables = (24..28).map(|count| {
        format!("::: table\nA caption[^n]\n\n| Row | Value |\n|---|---|\n{}:::\n\n[^n]: A note on the table.\n", rows(count))
    });
    let items = |count: usize| (0..count).map(|item| format!("- item {item}\n")).collect::<String>();
    let callouts = (40..80).step_by(10).map(|count| format!("{TEXT}\n\n::: callout\n{}:::\n", items(count)));
    let project = publication("brochure", &tables.chain(callouts).collect::<Vec<_>>());
    let session = project.run(&["build", "--format", "pdf"]).succeeds();
    assert!(!session.stderr.contains("R68"), "{}", session.stderr);
}

#[test]
fn long_words_in_a_table_of_credits_do_not_overlap() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"50\"><rect width=\"90\" height=\"50\" fill=\"#cde\"/></svg>";
    let asset = "[[assets]]\npath = \"images/a.svg\"\nlicence = \"CC0-1.0\"\ncredit = \"Donaudampfschifffahrtsgesellschaft Wissenschaftsministerium\"\n\n[[editions]]";
    for layout in ["simple", "brochure"] {
        let project = publication(layout, &["![A lock](images/a.svg \"A lock\")\n\n::: image-credits\n:::\n".to_owned()])
            .file("sources/note/images/a.svg", svg)
            .edit("sources/note/publication.toml", "[[editions]]", asset);
        let session = project.run(&["build", "--format", "pdf"]).succeeds();
        assert!(!session.stderr.contains("R68"), "{layout}: {}", session.stderr);
    }
}

/// Returns the number of typesetting faults of one kind per 100 pages of a PDF, as `tests/setting/census.py` counts them.
fn census(name: &str, kind: &str) -> f64 {
    let script = repository().join("tests/setting/census.py");
    let output = Command::new("python3").arg(script).arg(artefact(name)).output().expect("python3 runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let counted = text.split_whitespace().skip_while(|word| *word != kind).nth(1).and_then(|count| count.parse().ok());
    counted.unwrap_or_else(|| panic!("{name} has no count of {kind}: {text}"))
}

#[test]
fn lines_of_the_book_and_the_bulletin_are_on_the_baseline_grid() {
    for name in ["methode/enquete-2024-05.pdf", "methode/notebook-2024-05.pdf"] {
        for kind in ["widows", "orphans", "hyphens", "short", "loose", "unaligned"] {
            assert!(census(name, kind) == 0.0, "{name}: {kind}");
        }
    }
    // The layout `simple` has no baseline grid, so the census finds unaligned lines.
    assert!(census("carnet-2024-03.pdf", "unaligned") > 0.0);
}
