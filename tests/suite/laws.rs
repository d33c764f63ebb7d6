//! Properties that hold for any input, tested with the same inputs in every run. The fuzzers use many more.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::harness::repository;

#[path = "../fuzz/src/lib.rs"]
pub mod fuzz;

/// Pieces of Markdown, some of them invalid.
#[rustfmt::skip]
const MARKDOWN: &[&str] = &[
    "<em", "<td>", "</table>", "<a href=\"", "<abbr title='é'>", "<img src=\"x.png\" alt=\"&amp;\">", "<details>\n", "</details>", "<script>",
    "<p style=\"x\">", "<table>\n<tr>", "<li>", "::: table\n", "::: passage {lang=\"x\"}\n", "```rust\n\"é",
    "\n", "\n\n", " ", "    ", "\t", "a", "Mer", "é", "## T", "## T {#a}", "### ", "# x", "- ", "* ", "1. ", "7) ",
    "- [ ] ", "- [x] ", "> ", "> [!NOTE]\n", "***", "---", "===", "```", "~~~ x\n", "`", "``", "*", "**", "_", "~", "~~",
    "^", "[", "]", "(", ")", "[a](b)", "[](#a)", "![", "![x](y.png \"z\"){width=\"50%\"}", "[^1]", "[^1]: ",
    "[^1]: x [^2]\n", "[^2]: y\n", "[x]{lang=en}", "[x]{edition=\"1\"}", "{#a}", "{lang=", "::: aside\n", ":::", "::::",
    "::: callout {kind=\"tip\" title=\"a:b\"}\n", "::: only {since=\"1\"}\n", "::: resources {ids=\"a b\"}\n",
    "::: video {url=\"x\" title=\"y\"}\n", "::: epigraph {source=\"A\"}\n", "::: licence {form=\"brief\"}\n:::\n",
    "| a | b |\n|---|:-:|\n| c | d |\n", "|", ": d", "Term\n: d\n", "<br>", "<b>", "</b>", "<!-- x -->", "<!--", "<div>\n",
    "&amp;", "&#0;", "&#xFEFF;", "&nosuch;", "\\", "\\[", "\\\n", "  \n", "https://x.y", "<https://x.y>", "\"", "'", "«",
    "»", "…", "🚀", "中", "\u{301}", "\u{202E}", "\u{0}", "\u{1F}", "\u{FEFF}", "\r\n", "\r", "$x$", "#read(\"x\")",
    "<a@b.c>", "+++\n", "title = \"T\"\n", "lead = \"*x*\"\n",
];

/// Pieces of Markdown that rarely cause an error in any context.
#[rustfmt::skip]
pub const SOUND: &[&str] = &[
    "\n", "\n\n", "\n\n", " ", "a", "Mer ", "é", "\n\n## T\n\n", "\n### U\n", "\n- ", "\n- ", "\n  - ", "\n1. ", "\n7) ",
    "\n- [ ] ", "\n- [x] ", "\n> ", "\n\n> [!TIP]\n> ", "\n\n***\n\n", "\n```\n", "`x`", "``", "*", "**", "_", "~~", "^2^",
    "~2~", "[a](https://x.y)", "[](#one)", "[b](#one)", "[^1]", "\n\n[^1]: x ", "[x]{lang=en}", "[y]{edition=\"1\"}", "[",
    "]", "(", ")", "\n\n::: aside {title=\"a: b\"}\nx\n:::\n\n", "\n\n::: only {since=\"1\"}\ny\n:::\n",
    "\n::: only {except=\"1\"}\nz\n:::\n", "\n\n::: epigraph {source=\"A\"}\nq\n:::\n\n",
    "\n\n::: video {url=\"https://x.y\" title=\"V\"}\n:::\n\n", "\n::: credits\n:::\n", "\n::: licence\n:::\n",
    "\n\n| a | b |\n|---|:-:|\n| c | d\\|e |\n\n", "\nTerm\n\n: d\n", "<br>", "\n<!-- x -->\n", "&amp;", "&lt;b&gt;",
    "<em>e</em>", "<sub>s</sub>", "<kbd>K</kbd>", "<abbr title=\"long\">A</abbr>", "<a href=\"https://x.y\">l</a>", "<code>c</code>",
    "\n<details><summary>S</summary>\n\nD\n\n</details>\n", "\n<table><tr><th>h</th></tr><tr><td>d</td></tr></table>\n",
    "\n\n::: table {headers=\"both\"}\nC\n\n| a | b |\n|---|---|\n| c | d |\n:::\n\n", "\n\n::: passage {lang=\"ar\"}\nx\n:::\n\n",
    "\n\n::: quotation {source=\"A\"}\nq\n:::\n\n", "\n\n```rust\nfn a() { \"x\" } // é\n```\n\n",
    "&nbsp;", "&#91;x&#93;{lang=en}", "\\*", "\\\n", "  \n", "https://x.y", "\"", "'", "« ", " »", "...", "--", "🚀", "中",
    "\u{301}", "$x$", "#read(\"x\")", "1.", "+ ", "= ", "/ a: b", "//", "/*", "@x", "<", ">", " : ", " ;", "12 %",
];

/// Pieces of TOML, some of them invalid.
#[rustfmt::skip]
const TOML: &[&str] = &[
    "\n", " = ", "=", "title", "titel", "\"", "\"x\"", "'x'", "\"\"\"", "[", "]", "[[", "]]", "{", "}", ",", ".", "#", "1",
    "-1", "1.5", "true", "nan", "2024-05", "2024-05-17", "\"2024-05\"", "\"2024-13-40\"", "lang = \"xx\"\n", "lang = 3\n",
    "[licence]\n", "id = \"CC-BY-4.0\"\n", "[isbn]\n", "epub = \"978-2-1234-5678-0\"\n", "doi = \"10.5/x\"\n",
    "[people.b]\n", "name = \"B\"\n", "orcid = \"0000-0002-1825-0097\"\n", "orcid = \"x\"\n", "[brand.color]\n",
    "primary = \"#12345\"\n", "primary = \"é\"\n", "[options]\n", "[checks]\n", "R601 = \"off\"\n", "[[credits]]\n",
    "role = \"author\"\n", "role = \"autor\"\n", "names = [\"ann\", \"x\"]\n", "[[editions]]\n", "based-on = \"1\"\n",
    "id = \"1\"\n", "date = \"2025-01\"\n", "changes = [\"x\"]\n", "[[resources]]\n", "minutes = 99999999999999999999\n",
    "\\u00e9", "\\", "é", "🚀", "\u{0}", "\u{FEFF}", "\r\n", "a.b.c = 1\n", "[a.b]\n", "[a]\n[a]\n",
];

/// Checks a property with the same values in every run. `LAWS=100` uses a hundred times as many.
fn check<S: Strategy>(cases: u32, values: &S, law: impl Fn(&S::Value)) {
    check_with(cases, 50_000, values, law);
}

/// Checks a property, and tries at most `shrinks` smaller values after a failure.
pub fn check_with<S: Strategy>(cases: u32, shrinks: u32, values: &S, law: impl Fn(&S::Value)) {
    let times: u32 = std::env::var("LAWS").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let cases = cases.saturating_mul(times);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: shrinks, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(values, |value| {
        law(&value);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// Returns texts of pieces and arbitrary characters.
pub fn texts(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![9 => proptest::sample::select(pieces).prop_map(str::to_owned), 1 => proptest::collection::vec(any::<char>(), 1..4).prop_map(String::from_iter)];
    proptest::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..4000)
}

#[test]
fn markdown_diagnostics_have_locations_in_the_file() {
    check(3000, &texts(MARKDOWN, 40), |text| fuzz::markdown::body_law(text));
    check(500, &texts(MARKDOWN, 20), |text| fuzz::markdown::law(text));
}

#[test]
fn markdown_has_the_same_text_in_both_outputs() {
    check(1500, &texts(SOUND, 30), |text| fuzz::markdown::book_law(text));
}

#[test]
fn no_word_of_markdown_is_lost_in_the_model() {
    check(3000, &texts(SOUND, 30), |text| fuzz::words::body_law(text));
}

#[test]
fn no_word_of_the_sources_in_the_repository_is_lost_in_the_model() {
    let mut wrong = Vec::new();
    for folder in ["sources", "tests/fixtures", "docs"] {
        for path in markdown_files(&repository().join(folder)) {
            let text = std::fs::read_to_string(&path).expect("a text");
            let text = if text.starts_with("+++") { text } else { format!("+++\ntitle = \"T\"\n+++\n{text}") };
            let lost = fuzz::words::lost(&text);
            if !lost.is_empty() {
                wrong.push(format!("{}: {lost:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the Markdown files in a folder, at any depth.
pub fn markdown_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(markdown_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn toml_errors_have_a_line() {
    check(500, &texts(TOML, 20), |text| fuzz::manifest::law(text));
    let lines: Vec<&str> = fuzz::edition::PUBLICATION.split_inclusive('\n').collect();
    let count = lines.len();
    check(500, &(0..count, 0..count, texts(TOML, 6)), |(from, to, between)| {
        // A publication with a removed or repeated part and an inserted piece.
        fuzz::manifest::law(&[&lines[..*from].concat(), between.as_str(), &lines[*to..].concat()].concat());
    });
}

/// Pieces of code and of style sheets.
#[rustfmt::skip]
const CODE: &[&str] = &[
    "{", "}", "(", ")", "[", "]", ";", ":", ",", "\"", "'", "`", "\\", "/*", "*/", "//", "#", "<", ">", "</a>", "<!--", "-->", "@media x", "@import", "url(", "!",
    "important", "a", "é", "🚀", "\n", "\n\n", "    ", "\t", "fn f", "def f():", "if", "let x = 1", "0x1F", "1.5e3", "true", "$x", "%d", "+ a", "- b", "@@ -1 +1 @@",
    "--x", "&", "var(", "\u{0}", "\\72l", "<style>", "<script>", "#{", "r#\"", "\"\"\"",
];

#[test]
fn highlighting_keeps_the_code_and_style_sheets_satisfy_their_laws() {
    let language = proptest::sample::select(&fuzz::highlighter::LANGUAGES[..]);
    check(100, &texts(CODE, 30), |text| fuzz::highlighter::law(text));
    check(300, &(language, texts(CODE, 30)), |(language, code)| fuzz::highlighter::code_law(language, code));
    check(3000, &texts(CODE, 30), |text| fuzz::css::law(text));
}

#[test]
fn typography_is_idempotent_and_keeps_letters_code_and_addresses() {
    check(300, &bytes(), |bytes| fuzz::typography::law(bytes));
    check(2000, &texts(fuzz::draw::WORDS, 12), |text| fuzz::typography::text_law(text));
}

#[test]
fn xhtml_is_well_formed_and_has_the_text_of_the_model() {
    check(500, &bytes(), |bytes| fuzz::xhtml::law(bytes));
}

#[test]
fn page_breaks_are_before_the_text_of_their_nodes_and_change_nothing_else() {
    check(500, &bytes(), |bytes| fuzz::page_breaks::law(bytes));
}

#[test]
fn typst_markup_parses_and_has_the_text_of_the_model() {
    check(500, &bytes(), |bytes| fuzz::typst::law(bytes));
}

/// A paragraph that no piece of Markdown contains.
const SENTINEL: &str = "\n\nZyx wvu.\n\n";

#[test]
fn diagnostics_cover_at_most_their_own_construct() {
    let bodies = proptest::collection::vec(texts(MARKDOWN, 8), 1..6);
    check(2000, &bodies, |parts| fuzz::markdown::extent_law(&parts.join(SENTINEL), SENTINEL.trim()));
}
