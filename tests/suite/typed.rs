//! Ordinary Markdown that other tools interpret differently: nothing is lost or changed without a diagnostic.

use std::process::Command;

use crate::epub::entries_of;
use crate::harness::Project;

/// Builds the EPUB of a body, and returns the text of the section as XHTML.
fn chapter(body: &str) -> String {
    let project = Project::small(body);
    project.run(&["build", "--format", "epub"]).succeeds();
    entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"].clone()
}

fn assert_contains(body: &str, parts: &[&str]) {
    let text = chapter(body);
    for part in parts {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn superscripts_and_subscripts_contain_no_space() {
    assert_contains(
        "Note^1 and note^2. So 10^3 and 10^6. From 10~12 to 14~16.\n\n10^3^ and H~2~O, 1^st\\ part^, *a^b*c^, [x^2^](#text) and ~~two words~~.\n",
        &[
            "Note^1 and note^2. So 10^3 and 10^6. From 10~12 to 14~16.",
            "10<sup>3</sup> and H<sub>2</sub>O, 1<sup>st\u{A0}part</sup>, <em>a^b</em>c^, ",
            "x<sup>2</sup></a> and <del>two words</del>.",
        ],
    );
}

#[test]
fn markdown_between_the_tags_of_a_block_is_markdown() {
    assert_contains(
        "<table>\n<tr><th>A</th><th>B</th></tr>\n<tr><td>**x** and [y](https://example.org)</td><td>`a|b` <code>*c*</code> 2^3^</td></tr>\n</table>\n\n<details>\n<summary>A *word*</summary>\n<p># 1. _x_ <b>*y* z</b></p>\n</details>\n",
        &[
            "<td><strong>x</strong> and <a href=\"https://example.org\">y</a></td>",
            "<td><code>a|b</code> <code>*c*</code> 2<sup>3</sup></td>",
            "<summary>A <em>word</em></summary>",
            "# 1. <em>x</em> <strong><em>y</em> z</strong>",
        ],
    );
}

#[test]
fn line_ends_separate_words_unless_the_script_has_no_spaces() {
    assert_contains(
        "one\u{85}two, three\u{2028}four\n\n日本語の\n文章は*続*\n*く*。\nAnd\n日本\n",
        &["one two, three four", "日本語の文章は<em>続</em><em>く</em>。", "And"],
    );
}

#[test]
fn tabs_in_code_stay_and_end_at_tab_stops() {
    let code = "```\na\tb\naa\tb\nabcd\te\n\tf\n```\n";
    let text = chapter(code);
    assert!(text.contains("a\tb") && text.contains("--indent: 2"), "{text}");
    let project = Project::small(code);
    project.run(&["build", "--format", "pdf"]).succeeds();
    let words = Command::new("pdftotext").arg("-bbox").arg(project.path("build/note-1.pdf")).arg("-").output().unwrap().stdout;
    let words = String::from_utf8(words).unwrap();
    let left = |line: &str| line.split("xMin=\"").nth(1).unwrap().split('"').next().unwrap().parse::<f64>().unwrap();
    let word = |text: &str| words.lines().filter(|line| line.contains(&format!(">{text}</word>"))).map(left).collect::<Vec<_>>();
    let (start, second) = (word("abcd")[0], word("b"));
    let width = (word("e")[0] - start) / 8.0;
    let columns: Vec<f64> = [second[0], second[1], word("f")[0]].map(|x| ((x - start) / width * 100.0).round() / 100.0).to_vec();
    assert_eq!(columns, [4.0, 4.0, 4.0], "{words}");
}

#[test]
fn a_bar_in_a_cell_is_reported_at_the_cell() {
    let project = Project::small("| a | b |\n|---|---|\n| x | `cat a | wc -l` |\n");
    let session = project.run(&["check"]).fails_with(1);
    for words in ["R214", "text.md:6:", "write \\| for a bar inside a cell"] {
        assert!(session.stderr.contains(words), "{words}: {}", session.stderr);
    }
    project.run(&["build", "--lenient", "--format", "epub"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    assert!(text.contains("<td><code>cat a | wc -l</code></td>"), "{text}");
}

#[test]
fn code_keeps_its_colours_with_the_fences_of_other_tools() {
    for fence in ["rust,ignore", "{.rust}", "rust {.numberLines}", "{rust}"] {
        let text = chapter(&format!("```{fence}\nfn main() {{}}\n```\n"));
        assert!(text.contains("<span class=\"tok-keyword\">fn</span>") || text.contains("keyword"), "{fence}: {text}");
    }
}

#[test]
fn an_html_block_cannot_contain_a_note_reference() {
    let project = Project::small("<p>\nA lock[^1].\n</p>\n\nB[^1].\n\n[^1]: A note.\n");
    project.run(&["check"]).fails_with(1).says("a note reference cannot be between the tags of an HTML block");
}

#[test]
fn unknown_containers_keep_their_text_if_lenient() {
    let project = Project::small("::: {.panel-tabset}\nOne word.\n:::\n\n:::\n\nAnother word.\n");
    project.run(&["build", "--lenient", "--format", "epub"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    assert!(text.contains("One word.") && text.contains("Another word."), "{text}");
}

#[test]
fn titles_of_code_are_printed_above_it() {
    for (fence, title) in [
        ("```js title=\"src/app.js\"", "src/app.js"),
        ("```py title='a b.py' hl_lines=\"2\"", "a b.py"),
        ("```{.python filename=\"run.py\"}", "run.py"),
    ] {
        let project = Project::small(&format!("{fence}\nx = 1\n```"));
        project.run(&["build"]).succeeds().says("a title of code").says("is printed above the code").says("text.md:4:1");
        let text = &crate::epub::entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
        let title = format!("{title}</code></p>\n<pre>").replace('/', "/<wbr/>");
        assert!(text.replace("<wbr/>", "").contains(&title.replace("<wbr/>", "")), "{fence}: {text}");
    }
}
