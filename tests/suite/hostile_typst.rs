//! Typst code in the texts of authors is printed literally. It is not executed and cannot read files.

use std::process::Command;

use crate::epub::entries_of;
use crate::harness::Project;

/// The result of the code, 7 to the power of 5. It is in an output only if the code was executed.
const RAN: &str = "16807";
/// The content of the file that the code names. Typst can only read the layouts of a project.
const CANARY: &str = "CANARY-IN-A-CAGE";

/// Code of each kind. Code with a quotation mark is written in single quotation marks in TOML.
const CODE: [&str; 5] = [
    "#calc.pow(7,5)",
    "#read(\"/layouts/canary.txt\")",
    "#import \"/layouts/canary.typ\": *",
    "]#calc.pow(7,5)[",
    "\");#calc.pow(7,5);(\"",
];

/// Returns a text with every kind of code.
fn all() -> String {
    CODE.join(" then ")
}

/// Returns the text of [`all`] with brackets and asterisks escaped for Markdown.
fn escaped() -> String {
    all().replace('[', "\\[").replace(']', "\\]").replace('*', "\\*")
}

fn project() -> Project {
    let (code, escaped) = (all(), escaped());
    let attribute = code.replace('"', "\\\"");
    let body = format!(
        "{escaped}\n\n## {escaped}\n\n- {escaped}\n\n> {escaped}\n\n| {escaped} |\n|---|\n| {escaped} |\n\nA note[^n] `{code}`.\n\n[^n]: {escaped}\n\n\
         ```#calc.pow(7,5)\n{code}\n```\n\nterm {escaped}\n\n: {escaped}\n\n*{escaped}* **{escaped}** ~~{escaped}~~ [{escaped}](https://example.org/#calc.pow(7,5))\n\n\
         ::: callout {{title=\"{attribute}\"}}\n{escaped}\n:::\n\n::: aside {{title=\"{attribute}\"}}\n{escaped}\n:::\n\n\
         ::: epigraph {{source=\"{attribute}\"}}\n{escaped}\n:::\n\n::: resources {{ids=\"r\"}}\n:::\n\n::: credits\n:::\n\n::: changes\n:::\n\n::: image-credits\n:::\n\n\
         $calc.pow(7,5)$ @sec \\<label> ~ --- -- ... - / // /* x */ = + `` `x` `` \\\n"
    );
    let toml = format!(
        r#"title = '{code}'
subtitle = '{code}'
period = '#calc.pow(7,5)'
lang = "en"
uuid = "4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10"
sections = ["text", "colophon"]
publisher = "us"
description = '{code}'
keywords = ['{code}']

[organisations.us]
name = '{code}'
wordmark = '#calc.pow(7,5)'

[people.p]
name = '{code}'

[[credits]]
role = "author"
names = ["p", "us"]

[[resources]]
id = "r"
title = '{code}'
subtitle = '{code}'
kind = '{code}'
target = {{ none = '{code}' }}

[[licence.exceptions]]
what = '{code}'
holder = '{code}'
licence = '{code}'

[[editions]]
id = "0"
date = "2024-01"

[[editions]]
id = "1"
date = "2024-05-17"
label = '{code}'
based-on = "0"
changes = ['{code}']
"#
    );
    Project::small("x")
        .file("sources/note/publication.toml", &toml)
        .file(
            "sources/note/text.md",
            &format!("+++\ntitle = '{code}'\nnav = '#calc.pow(7,5)'\nlead = '''{escaped}'''\n+++\n\n{body}"),
        )
        .file("layouts/canary.txt", CANARY)
        .file("layouts/canary.typ", &format!("#let canary = [{CANARY}]\n"))
}

/// Returns printed text without white space and break opportunities, with straight quotation marks and plain hyphens.
fn bare(text: &str) -> String {
    let straight = |c: char| match c {
        '“' | '”' => '"',
        '\u{2010}' | '\u{AD}' => '-',
        c => c,
    };
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}').map(straight).collect()
}

#[test]
fn prints_code_in_markdown_and_toml_literally() {
    let project = project();
    project.run(&["build", "--edition", "1", "--lenient"]).succeeds().says("2 files written");
    let output =
        Command::new("pdftotext").args(["-raw"]).arg(project.path("build/note-1.pdf")).arg("-").output().expect("pdftotext runs");
    let pdf = bare(&String::from_utf8_lossy(&output.stdout));
    let epub: Vec<(String, String)> =
        entries_of(&project.path("build/note-1.epub")).into_iter().filter(|(name, _)| !name.ends_with(".css")).collect();
    let text: String = epub.iter().map(|(_, text)| text.replace("&quot;", "\"").replace("&lt;", "<")).collect();
    let text = bare(&text);
    for code in CODE {
        let printed = bare(code);
        // The code is in more than twenty printed places: titles, body, notes, credits, notice.
        assert!(pdf.matches(&printed).count() > 20, "{code}: {} in the PDF\n{pdf}", pdf.matches(&printed).count());
        assert!(text.matches(&printed).count() > 20, "{code}: {} in the EPUB", text.matches(&printed).count());
    }
    for (name, output) in [("PDF", &pdf), ("EPUB", &text)] {
        assert!(!output.contains(CANARY) && !output.contains(RAN), "the {name} ran code\n{output}");
    }
    let bytes = project.read("build/note-1.pdf");
    assert!(!bytes.windows(RAN.len()).any(|part| part == RAN.as_bytes() || part == &CANARY.as_bytes()[..RAN.len()]), "metadata");
    let info = Command::new("pdfinfo").arg(project.path("build/note-1.pdf")).output().expect("pdfinfo runs");
    let info = String::from_utf8_lossy(&info.stdout).into_owned();
    assert!(info.contains("#calc.pow(7,5)") && !info.contains(CANARY) && !info.contains(RAN), "{info}");
}

#[test]
fn rejects_code_as_id_option_colour_or_font() {
    let code = "\\\"#calc.pow(7,5)";
    for (key, says) in [
        ("[options]\ncontents-depth = \"#calc.pow(7,5)\"", "error[R501]"),
        ("[options]\n\"x: 1), #panic(\" = 1", "error[R501]"),
        ("[brand.color]\nprimary = \"#calc.pow(7,5)\"", "error[R108]"),
        ("[brand.typography]\nbase = [\"#calc.pow(7,5)\"]", "error[R108]"),
    ] {
        let project =
            Project::small("x").edit("sources/note/publication.toml", "[[editions]]", &format!("{key}\n\n[[editions]]"));
        project.run(&["check"]).fails_with(1).says(says);
    }
    for (front, says) in [(format!("id = \"{code}\""), "error[R302]"), (format!("lang = \"{code}\""), "error[R206]")] {
        let project = Project::small("x").edit("sources/note/text.md", "title = \"Text\"", &format!("title = \"Text\"\n{front}"));
        project.run(&["check"]).fails_with(1).says(says);
    }
    Project::small("x")
        .edit("sources/note/publication.toml", "lang = \"en\"", &format!("lang = \"en\"\nlayout = \"{code}\""))
        .run(&["check"])
        .fails_with(1)
        .says("no layout is named");
    Project::small("## A {#a\"#calc.pow(7,5)}").run(&["check"]).fails_with(1);
    Project::small("[x](<https://example.org/\"#calc.pow(7,5)>)").run(&["check"]).fails_with(1).says("error[R304]");
    Project::small("[x]{lang=\"en#calc\"}").run(&["check"]).fails_with(1).says("error[R206]");
}
