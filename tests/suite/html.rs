//! The subset of HTML, in both outputs.

use crate::epub::entries_of;
use crate::harness::Project;
use crate::judges::judged_by;

const BODY: &str = r##"## Gates

Press <kbd>**Ctrl**</kbd>+<kbd>C</kbd>, said the <abbr title="World Health Organization">WHO</abbr>; the <abbr title="World Health Organization">WHO</abbr> said <q>no</q> in <span lang="fr">l'eau</span>, H<sub>2</sub>O, <s>gone</s><br><a href="#gates">gates</a> and <code>a &lt; b</code>.

A straight \"mark\" and a "curly" one; www.example.org, keeper@example.org.

<details>
<summary>How a <em>lock</em> works</summary>

Two **gates** hold the water[^1].

</details>

<details open><summary>Open</summary><p>Shown.</p></details>

<table>
<thead><tr><th>Lock</th><th align="right">Rise</th></tr></thead>
<tr><td><b>First</b><td>2 m</tr>
</table>

<ul><li>one<li>two <ol start="3"><li>three</ol></ul>

<dl><dt>Gate</dt><dd>It holds the water.</dd></dl>

<blockquote>Quoted.</blockquote>

<p class="note">A <u>title</u>, a <mark>light</mark>, a <small>remark</small>, an <ins>addition</ins>, wind<wbr>mill.</p>

<a id="old"></a>

<iframe src="https://www.youtube-nocookie.com/embed/x1" title="How a lock fills"></iframe>

<p lang="fr">L'eau.</p>

<pre><code class="language-toml">rise = 2
  # metres</code></pre>

<hr>

[^1]: <i>Mitre</i> gates.
"##;

fn project() -> Project {
    Project::small(BODY)
}

#[test]
fn leaves_out_attributes_with_one_warning() {
    let session = project().run(&["build"]).succeeds();
    let warnings: Vec<&str> = session.stderr.lines().filter(|line| line.starts_with("warning")).collect();
    assert_eq!(warnings[1..], ["warning[R220]: the attribute \"class\" of HTML is left out"]);
}

#[test]
fn a_lenient_build_drops_no_word() {
    let body = "<object data=\"x\">one</object>\n\n<svg><text>two</text></svg>\n\n<dl><dd>three</dd></dl>\n\n<figure><figcaption>four</figcaption>\n\
                <figcaption>five</figcaption></figure>\n\nx <img alt=\"six\"> y <![CDATA[seven]]>\n\n<foo>eight</foo>\n\n<select><option>nine</option></select>\n\n\
                <pre><ul><li>ten</li></ul></pre>";
    let project = Project::small(body);
    project.run(&["build", "--lenient"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    for word in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"] {
        assert!(text.contains(word), "no {word} in\n{text}");
    }
}

#[test]
fn converts_tags_in_both_outputs() {
    let project = project();
    project.run(&["build"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    for part in [
        "Press <kbd><strong>Ctrl</strong></kbd>+<kbd>C</kbd>",
        "<abbr title=\"World Health Organization\">WHO</abbr>; the <abbr title=\"World Health Organization\">WHO</abbr> said “no” in <span lang=\"fr\" xml:lang=\"fr\">l’eau</span>",
        "H<sub>2</sub>O, <del>gone</del><br/>\n<a href=\"#gates\">gates</a> and <code>a &lt; b</code>.",
        "A straight \"mark\" and a “curly” one; <a href=\"http://www.example.org\">www.example.org</a>, <a href=\"mailto:keeper@example.org\">",
        "<details>\n<summary>How a <em>lock</em> works</summary>\n<p>Two <strong>gates</strong> hold the water",
        "<details open=\"open\">\n<summary>Open</summary>\n<p>Shown.</p>\n</details>",
        "<tr><th scope=\"col\">Lock</th><th scope=\"col\" class=\"align-end\">Rise</th></tr>",
        "<tr><td><strong>First</strong></td><td class=\"align-end\">2\u{a0}m</td></tr>",
        "<li>two\n<ol start=\"3\">\n<li>three</li>",
        "A <u>title</u>, a <mark>light</mark>, a <small>remark</small>, an <ins>addition</ins>, wind<wbr/>mill.",
        "href=\"https://www.youtube.com/watch?v=x1\"",
        "<div class=\"passage\" lang=\"fr\" xml:lang=\"fr\">\n<p>L’eau.</p>",
        "<dt>Gate</dt>\n<dd>It holds the water.</dd>",
        "<blockquote>\n<p>Quoted.</p>\n</blockquote>",
        "<span class=\"token-comment\"># metres</span></span></code></pre>\n<hr/>",
        "<em>Mitre</em> gates.",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    let printed =
        std::process::Command::new("pdftotext").arg(project.path("build/note-1.pdf")).arg("-").output().expect("pdftotext");
    let printed = String::from_utf8_lossy(&printed.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "the WHO (World Health Organization); the WHO said “no” in l’eau",
        "A straight \"mark\"",
        "a “curly” one; www.example.org,",
        "keeper@example.org.",
        "How a lock works Two gates hold the water",
        "Open Shown. Lock Rise First",
        "3. three",
        "Gate It holds the water.",
        "A title, a light, a remark, an addition, windmill.",
        "rise = 2 # metres",
        "Mitre gates.",
    ] {
        assert!(printed.contains(part), "no {part} in\n{printed}");
    }
}

const SPANS: &str = r#"<table>
<thead><tr><th rowspan="2">Port</th><th colspan="2">Tide</th></tr><tr><th>High</th><th>Low</th></tr></thead>
<tr><th rowspan="2">Brume</th><td>5 m</td><td><p>Calm.</p><p>Still.</p><ul><li>low<li>lower</ul></td></tr>
<tr><td colspan="2">no record</td></tr>
</table>
"#;

#[test]
fn cells_span_and_contain_blocks_in_both_outputs() {
    let project = Project::small(SPANS);
    project.run(&["build"]).succeeds();
    let text = &entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"];
    for part in [
        "<th scope=\"col\" id=\"_table-1-c1-2\" colspan=\"2\">Tide</th></tr>",
        "<th scope=\"row\" id=\"_table-1-r1-1\" headers=\"_table-1-c1-1\" rowspan=\"2\">Brume</th>",
        "headers=\"_table-1-c1-2 _table-1-c2-3 _table-1-r1-1\">\n<p>Calm.</p>\n<p>Still.</p>\n<ul>\n<li>low",
        "colspan=\"2\">no record</td></tr>",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    let report = judged_by(&project.path("build/note-1.pdf"), "judge-pdf", "verapdf-ua verapdf-a struct");
    assert!(report.contains("flavour=ua1 rules_failed=0") && report.contains("Table=1 TH=5"), "{report}");
    let report = judged_by(&project.path("build/note-1.epub"), "judge-epub", "epubcheck ace");
    assert!(report.contains("fatal=0 errors=0 warnings=0") && report.contains("violations=0"), "{report}");
}

#[test]
fn outputs_pass_the_judges() {
    let project = project();
    project.run(&["build"]).succeeds();
    let report = judged_by(&project.path("build/note-1.pdf"), "judge-pdf", "verapdf-ua verapdf-a struct");
    assert!(report.contains("flavour=ua1 rules_failed=0") && report.contains("flavour=2a rules_failed=0"), "{report}");
    assert!(report.contains("verdict      PASS"), "{report}");
    let report = judged_by(&project.path("build/note-1.epub"), "judge-epub", "epubcheck ace chromium");
    assert!(report.contains("fatal=0 errors=0 warnings=0") && report.contains("violations=0"), "{report}");
    assert!(report.contains("verdict      PASS"), "{report}");
}
