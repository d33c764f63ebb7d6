//! Tables of any width, in both outputs.

use std::process::Command;

use crate::epub::entries_of;
use crate::harness::{Project, Session};
use crate::judges::judged_by;

/// A word of a page: its text, its left and right edges, and its top, in points.
struct PlacedWord {
    page: usize,
    text: String,
    left: f64,
    right: f64,
    top: f64,
}

/// Returns the words of a PDF.
fn words(project: &Project) -> Vec<PlacedWord> {
    let output = Command::new("pdftotext").arg("-bbox").arg(project.path("build/note-1.pdf")).arg("-").output();
    let text = String::from_utf8(output.expect("pdftotext").stdout).expect("UTF-8");
    let mut page = 0;
    let mut words = Vec::new();
    for line in text.lines() {
        page += usize::from(line.contains("<page "));
        let value = |key: &str| line.split(&format!("{key}=\"")).nth(1)?.split('"').next()?.parse::<f64>().ok();
        if let (true, Some(left), Some(right), Some(top)) = (line.contains("<word "), value("xMin"), value("xMax"), value("yMin"))
        {
            let text = line.split('>').nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
            words.push(PlacedWord { page, text: text.to_owned(), left, right, top });
        }
    }
    words
}

/// Returns a table whose cells are `word`.
fn table(columns: usize, rows: usize, word: &str) -> String {
    let row = |cell: &dyn Fn(usize) -> String| (1..=columns).map(|at| format!("| {} ", cell(at))).collect::<String>() + "|\n";
    let head = row(&|at| format!("C{at}"));
    head + &row(&|_| "---".into()) + &row(&|_| word.to_owned()).repeat(rows)
}

fn built(body: &str) -> (Project, Session) {
    let project = Project::small(body);
    let session = project.run(&["build"]);
    (project, session)
}

/// Asserts that no page check reports the text.
#[track_caller]
fn assert_readable(session: &Session) {
    assert!(!session.stderr.contains("R68"), "{}", session.stderr);
}

const TEXT: &str = "The keepers of the lock wrote down what they saw, at what hour, and how high the water stood at the gate.";

#[test]
fn columns_have_the_width_that_their_words_need() {
    let body = "| Id | A | B | Measurement |\n|---|---|---|---|\n| 1 | antidisestablishmentarianism | the water was high at noon and low at night, and then high again | it was measured at the gate, at noon, by the keeper and by nobody else |\n";
    let (project, session) = built(body);
    assert_readable(&session);
    let words = words(&project);
    let whole = |text: &str| words.iter().find(|word| word.text == text);
    let long = whole("antidisestablishmentarianism").expect("the long word is not divided");
    let (next, last) = (whole("B").expect("the next column"), whole("Measurement").expect("the last column"));
    assert!(long.right < next.left, "{} {}", long.right, next.left);
    assert!(last.right < 595.0 - 60.0);
}

#[test]
fn wide_tables_get_smaller_text_and_are_then_rotated() {
    let wide = |columns| built(&format!("{TEXT}\n\n{}\n{TEXT}\n{TEXT}\n{TEXT}", table(columns, 4, "20241231")));
    // The cells of the header of a rotated table are above each other, with the same left edge.
    let rotated = |project: &Project| {
        let words = words(project);
        let find = |text: &str| words.iter().find(|word| word.text == text).expect(text);
        (find("C1").left - find("C4").left).abs() < 1.0
    };
    let (project, session) = wide(8);
    assert_readable(&session);
    assert!(!rotated(&project));
    let (project, session) = wide(12);
    assert_readable(&session);
    assert!(rotated(&project));
    let words = words(&project);
    let first = words.iter().find(|word| word.text == "C1").expect("the table");
    let last = words.iter().find(|word| word.text == "C12").expect("the table");
    assert!(first.top > last.top, "the table is read from the right side of the page");
}

#[test]
fn rotated_tables_continue_on_further_pages_with_their_header() {
    let body = format!("{TEXT}\n\n::: table\nHeights of the water.\n\n{}:::\n", table(12, 60, "20241231"));
    let (project, session) = built(&body);
    assert_readable(&session);
    let words = words(&project);
    let headers: Vec<usize> = words.iter().filter(|word| word.text == "C9").map(|word| word.page).collect();
    assert!(headers.len() > 2 && headers.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{headers:?}");
    assert_eq!(words.iter().filter(|word| word.text == "Heights").count(), 1);
    assert_eq!(words.iter().filter(|word| word.text == "20241231").count(), 12 * 60);
    let epub = &entries_of(&project.path("build/note-1.epub"));
    let pages: Vec<&str> =
        epub["OEBPS/nav.xhtml"].split("#_page-").skip(1).map(|rest| rest.split('"').next().unwrap_or("")).collect();
    for page in headers.iter().skip(1) {
        assert!(pages.contains(&page.to_string().as_str()), "no page {page} in {pages:?}");
    }
    let report = judged_by(&project.path("build/note-1.pdf"), "judge-pdf", "verapdf-ua verapdf-a struct");
    assert!(report.contains("flavour=ua1 rules_failed=0") && report.contains("flavour=2a rules_failed=0"), "{report}");
    let report = judged_by(&project.path("build/note-1.epub"), "judge-epub", "epubcheck ace chromium");
    assert!(report.contains("fatal=0 errors=0 warnings=0") && report.contains("violations=0"), "{report}");
}

#[test]
fn a_table_that_is_too_wide_is_an_error_at_its_line() {
    let (_, session) = built(&format!("{TEXT}\n\n{}", table(40, 2, "20241231")));
    session.fails_with(1).says("error[R687]").says("text.md:6:1").says("split it into several tables");
    // In a list, a table is not rotated.
    let listed: String = table(12, 2, "20241231").lines().map(|line| format!("  {line}\n")).collect();
    let (_, session) = built(&format!("- {TEXT}\n\n{listed}"));
    session.fails_with(1).says("error[R687]").says("text.md:6:3");
    let project = Project::small(&format!("{TEXT}\n\n{}", table(40, 2, "20241231")));
    let session = project.run(&["build", "--lenient"]).succeeds();
    let session = session.says("warning[R687]").says("its words are cut between any two letters");
    assert!(!session.stderr.contains("R682") && !session.stderr.contains("R686"), "{}", session.stderr);
}
