//! Very large inputs build, or are rejected quickly with a short message, and the stack does not overflow.

use std::time::{Duration, Instant};

use crate::harness::{Project, Session};

const MANIFEST: &str = "sources/note/publication.toml";

/// Runs a check with a time limit. Quadratic time would take minutes at these sizes.
#[track_caller]
fn check_within(project: &Project, seconds: u64) -> Session {
    let start = Instant::now();
    let session = project.run(&["check"]);
    assert!(start.elapsed() < Duration::from_secs(seconds), "{:?}\n{}", start.elapsed(), session.stderr);
    assert!(session.stderr.len() < 40_000, "the message stays short: {} bytes", session.stderr.len());
    assert!(!session.stderr.contains("panicked") && !session.stderr.contains("R900"), "{}", session.stderr);
    session
}

#[test]
fn rejects_deep_nesting() {
    const DEEP: usize = 10_000;
    for (name, body, says) in [
        ("quotations", format!("{}deep", "> ".repeat(DEEP)), "blocks are nested more than 12 deep here"),
        ("bullets", format!("{}deep", "- ".repeat(DEEP)), "blocks are nested more than 12 deep here"),
        ("numbers", format!("{}deep", "1. ".repeat(DEEP)), "blocks are nested more than 12 deep here"),
        ("lists and quotations", format!("{}deep", "> - ".repeat(DEEP)), "blocks are nested more than 12 deep here"),
        (
            "indented lists",
            (0..400).map(|n| format!("{}- a\n", "  ".repeat(n))).collect(),
            "blocks are nested more than 12 deep here",
        ),
        (
            "emphasis",
            format!("{}x{}", "*a _b ".repeat(DEEP), "_ *".repeat(DEEP)),
            "emphasis or links are nested more than 12 deep here",
        ),
        ("strong", format!("{}a{}", "*".repeat(DEEP), "*".repeat(DEEP)), "emphasis or links are nested more than 12 deep here"),
        ("strikes", format!("{}a{}", "~~a ~~~b".repeat(DEEP), " ~~~ ~~".repeat(DEEP)), ""),
        (
            "images",
            format!("{}a{}", "![".repeat(DEEP), "](x)".repeat(DEEP)),
            "emphasis or links are nested more than 12 deep here",
        ),
        (
            "spans",
            format!("{}a{}", "[".repeat(DEEP), "]{lang=en}".repeat(DEEP)),
            "bracketed spans are nested more than 4 deep here",
        ),
        (
            "containers",
            (0..400).map(|n| format!("{} aside\n\n", ":".repeat(403 - n))).collect(),
            "blocks are nested more than 12 deep here",
        ),
        ("notes", "[^a]\n\n[^a]: x [^b]\n\n[^b]: x [^a]\n".into(), "notes are nested more than 3 deep here"),
    ] {
        let session = check_within(&Project::small(&body), 60);
        assert!(session.stderr.contains(says), "{name}: {}", session.stderr);
    }
    for (toml, says) in [
        (format!("x = {}1{}", "[".repeat(DEEP), "]".repeat(DEEP)), "error[R103]"),
        (format!("x = {}1{}", "{a=".repeat(DEEP), "}".repeat(DEEP)), "error[R103]"),
        (format!("{}a = 1", "a.".repeat(DEEP)), "error[R10"),
        (format!("[{}a]", "a.".repeat(DEEP)), "error[R10"),
    ] {
        let project = Project::small("x").edit(MANIFEST, "title", &format!("{toml}\ntitle"));
        check_within(&project, 60).fails_with(1).says(says);
        let front = Project::small("x").edit("sources/note/text.md", "title", &format!("{toml}\ntitle"));
        check_within(&front, 60).fails_with(1).says(says);
    }
}

#[test]
fn processes_unclosed_delimiters_quickly() {
    const MANY: usize = 10_000;
    for sign in [
        "[",
        "![",
        "[^",
        "[a](",
        "[a](<b",
        "[a]{",
        "[a]{x=",
        "{",
        "<!-- ",
        "<![CDATA[",
        "<?a ",
        "<a ",
        "`` `",
        "*a ",
        "a* ",
        "~",
        "^",
        ":::",
        "\\",
        "&",
        "<http://a",
        "[^a",
    ] {
        check_within(&Project::small(&format!("x {}", sign.repeat(MANY))), 90);
    }
}

#[test]
fn rejects_notes_that_multiply() {
    let names: Vec<String> = (0..60).map(|n| format!("[^n{n}]")).collect();
    let all = names.concat();
    let notes: String = names.iter().map(|name| format!("{name}: {all}\n\n")).collect();
    check_within(&Project::small(&format!("{all}\n\n{notes}")), 60).fails_with(1).says("error[R2");
    let often = format!("{}\n\n[^a]: {}\n", "[^a] ".repeat(9000), "word ".repeat(2000));
    check_within(&Project::small(&often), 60)
        .fails_with(1)
        .says("error[R210]: the notes that this section refers to repeatedly have more than 4 MiB in total");
}

#[test]
fn rejects_input_beyond_the_limits_quickly() {
    let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(3000));
    let table = format!("{}{}{}", row("a"), row("-"), "|x|\n".repeat(1000));
    check_within(&Project::small(&table), 60).fails_with(1).says("error[R210]: this table has 3000 columns, more than 64");
    check_within(&Project::small(&"*a* ".repeat(20_000)), 60)
        .fails_with(1)
        .says("error[R210]: this paragraph has 59999 inline elements, more than 10000");
    // The files need not exist.
    let names: String = (0..100_000).map(|n| format!("\"s{n}\", ")).collect();
    let sections = Project::small("x").edit(MANIFEST, "\"text\", ", &names);
    check_within(&sections, 10)
        .fails_with(1)
        .says("error[R210]: 100001 sections are listed here, more than 10000")
        .says("split it into several publications of one series");
}

#[test]
fn shows_few_of_many_equal_diagnostics() {
    let headings: String = (0..20_000).map(|n| format!("## H{n} {{#same}}\n\nx\n\n")).collect();
    let session = check_within(&Project::small(&headings), 60).fails_with(1);
    session.says("error[R302]: the id \"same\" is taken").says("19979 more diagnostics with the code R302 are not shown");
    let resources: String =
        (0..20_000).map(|_| "[[resources]]\nid = \"r\"\ntitle = \"R\"\ntarget = { none = \"x\" }\n\n").collect();
    let project = Project::small("x").edit(MANIFEST, "[[editions]]", &format!("{resources}[[editions]]"));
    check_within(&project, 60)
        .fails_with(1)
        .says("two resources have the id \"r\"")
        .says("more diagnostics with the code R107 are not shown");
    let twice = format!("\"text\", {}", "\"text\", ".repeat(9000));
    let project = Project::small("x").edit(MANIFEST, "\"text\", ", &twice);
    check_within(&project, 60)
        .fails_with(1)
        .says("the section \"text\" is listed twice")
        .says("8980 more diagnostics with the code R107 are not shown");
}

#[test]
fn builds_a_paragraph_of_ten_megabytes() {
    let words = "L’eau du canal monte (le matin) et redescend à midi, #1 *100 % - 2\\*3*. ";
    let project = Project::small(&words.repeat(1_000_000 / words.len() / 10)).edit(MANIFEST, "lang = \"en\"", "lang = \"fr\"");
    project.run(&["build", "--lenient"]).succeeds().says("2 files written");
    let words = "The water of the canal rises in the morning and falls at noon. ";
    let count = 10_000_000 / words.len();
    let project = Project::small(&words.repeat(count));
    let start = Instant::now();
    project.run(&["build"]).succeeds().says("2 files written");
    assert!(start.elapsed() < Duration::from_secs(300), "{:?}", start.elapsed());
    let text =
        std::process::Command::new("pdftotext").arg(project.path("build/note-1.pdf")).arg("-").output().expect("pdftotext runs");
    let text = String::from_utf8_lossy(&text.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.matches("canal").count() >= count, "nothing is lost");
}
