use crate::content;
use crate::diagnostic::Sources;
use crate::diagnostic::Strictness;
use crate::model::{Authored, Block, BlockKind, Inline, InlineKind, TableCell, plain_text};

/// Reads a text as the body of a section. Returns its blocks, and each message with its line.
fn read(body: &str, strictness: Strictness) -> (String, Vec<String>) {
    let mut sources = Sources::default();
    let text = format!("+++\ntitle = \"T\"\n+++\n{body}\n");
    let id = sources.add("t.md", text.as_str());
    let (blocks, found) = match content::read(id, "t", &text, strictness) {
        Ok((section, found)) => (section.body, found),
        Err(found) => (Vec::new(), found),
    };
    let messages = found.sorted().into_iter().map(|diagnostic| {
        let line = diagnostic.span.and_then(|span| sources.position(span.source, span.start)).map_or(0, |(line, _)| line);
        format!("{}: {}", line - 3, diagnostic.message)
    });
    (show(&blocks), messages.collect())
}

/// Returns the blocks of a text without diagnostics.
fn converted(body: &str) -> String {
    let (blocks, messages) = read(body, Strictness::Full);
    assert_eq!(messages, [""; 0], "{body}");
    blocks
}

/// Returns the messages for a text, and its blocks in lenient mode.
fn rejected(body: &str) -> (Vec<String>, String) {
    let (blocks, found) = read(body, Strictness::Full);
    assert_eq!(blocks, "", "{body} stops the build");
    let (blocks, softened) = read(body, Strictness::Lenient);
    assert_eq!(found, softened, "{body}");
    (found, blocks)
}

fn show(blocks: &[Block<Authored>]) -> String {
    blocks.iter().map(one).collect::<Vec<_>>().join("|")
}

fn one(block: &Block<Authored>) -> String {
    let cell = |cell: &TableCell<Authored>| match (cell.columns, cell.rows) {
        (1, 1) => show(&cell.body),
        (columns, rows) => format!("{columns}x{rows} {}", show(&cell.body)),
    };
    let cells = |cells: &[TableCell<Authored>]| cells.iter().map(cell).collect::<Vec<_>>().join(" & ");
    match &block.kind {
        BlockKind::Paragraph(text) => line(text),
        BlockKind::Heading { level, text } => {
            format!("h{level}{}({})", block.id.as_ref().map(|(id, _)| format!("#{id}")).unwrap_or_default(), line(text))
        }
        BlockKind::List { start, tight, items } => {
            let items: Vec<String> = items.iter().map(|item| show(&item.body)).collect();
            format!(
                "{}{}[{}]",
                if *tight { "list" } else { "LIST" },
                start.map(|s| s.to_string()).unwrap_or_default(),
                items.join("; ")
            )
        }
        BlockKind::Definitions(items) => {
            let item = |item: &crate::model::DefinitionItem<Authored>| {
                let details: Vec<String> = item.details.iter().map(|details| show(details)).collect();
                format!("{}: {}", line(&item.term), details.join(", "))
            };
            format!("dl[{}]", items.iter().map(item).collect::<Vec<_>>().join("; "))
        }
        BlockKind::Quote(body) => format!("quote({})", show(body)),
        BlockKind::Code { lang, text, .. } => format!("code-{}({text:?})", lang.as_deref().unwrap_or_default()),
        BlockKind::Table(table) => {
            let rows: Vec<String> = table.rows.iter().map(|row| cells(row)).collect();
            let caption = if table.caption.is_empty() { String::new() } else { format!("{}: ", line(&table.caption)) };
            let side = if table.row_headers { " headed" } else { "" };
            let header: Vec<String> = table.header.iter().map(|row| cells(row)).collect();
            format!("table({caption}{:?} {} /{side} {})", table.columns, header.join(" // "), rows.join(" / "))
        }
        BlockKind::Rule => "rule".into(),
        BlockKind::Figure(image) => {
            format!("figure({} {:?} ({}) {:?})", image.path, image.alt, line(&image.caption), image.width)
        }
        BlockKind::Passage(lang, body) => format!("{lang}{{{}}}", show(body)),
        BlockKind::Aside { body, .. } => format!("aside({})", show(body)),
        BlockKind::Video { url, title } => format!("video({url} {title})"),
        BlockKind::FigureRow(body) => format!("row({})", show(body)),
        BlockKind::Details { summary, open, body } => format!("details-{open}({}: {})", line(summary), show(body)),
        other => format!("{other:?}"),
    }
}

fn line(inlines: &[Inline<Authored>]) -> String {
    inlines.iter().map(|inline| word(&inline.kind)).collect()
}

fn word(kind: &InlineKind<Authored>) -> String {
    let inner = line(kind.inner());
    match kind {
        InlineKind::Text(text) => text.clone(),
        InlineKind::Literal(text) => format!("={text}="),
        InlineKind::SoftBreak => "_".into(),
        InlineKind::LineBreak => "/".into(),
        InlineKind::Emphasis(_) => format!("em({inner})"),
        InlineKind::Strong(_) => format!("strong({inner})"),
        InlineKind::Strike(_) => format!("del({inner})"),
        InlineKind::Super(_) => format!("sup({inner})"),
        InlineKind::Sub(_) => format!("sub({inner})"),
        InlineKind::Kbd(_) => format!("kbd({inner})"),
        InlineKind::Marked(mark, _) => format!("{}({inner})", mark.name()),
        InlineKind::Abbr(long, _) => format!("abbr-{long}({inner})"),
        InlineKind::Lang(lang, _) => format!("{lang}({inner})"),
        InlineKind::Link(target, ..) => format!("link-{}({inner})", target.text),
        InlineKind::Reference(target) => format!("reference-{}", target.text),
        InlineKind::Code(text) => format!("code({text})"),
        InlineKind::Image(image) => format!("image-{}({})", image.path, image.alt),
        other => plain_text(std::slice::from_ref(&Inline {
            span: crate::diagnostic::Span::new(Sources::default().add("", ""), 0..0),
            kind: other.clone(),
        })),
    }
}

#[test]
fn converts_inline_elements() {
    for (html, meaning) in [
        ("a <em>b</em> <i>c</i> <cite>d</cite> <strong>e</strong> <b>f</b>", "a em(b) em(c) em(d) strong(e) strong(f)"),
        ("<del>a</del> <s>b</s> x<sup>2</sup> x<sub>1</sub>", "del(a) del(b) xsup(2) xsub(1)"),
        ("a <kbd>Ctrl</kbd>+<kbd>C</kbd>", "a kbd(Ctrl)+kbd(C)"),
        ("an <abbr title=\"World Health Organization\">WHO</abbr> <abbr>x</abbr>", "an abbr-World Health Organization(WHO) x"),
        ("a <code>x &lt; y</code> <samp>z</samp>", "a code(x < y) code(z)"),
        ("a<br>b<br/>c<BR />d", "a/b/c/d"),
        ("a <a href=\"https://example.org\">b *c*</a>", "a link-https://example.org(b em(c))"),
        ("see <a href=\"#lock\"></a>", "see reference-#lock"),
        ("a <img src=\"a.png\" alt=\"A lock\" width=\"20\"> b", "a image-a.png(A lock) b"),
        ("a <span lang=\"fr\">mot</span> <em lang=\"la\">sic</em> <span>b</span>", "a fr(mot) la(em(sic)) b"),
        ("he said <q>no</q>", "he said \"no\""),
        ("<EM Lang='fr'>a</eM>", "fr(em(a))"),
        ("a&nbsp;<b>b&eacute;</b>", "a\u{a0}strong(bé)"),
        ("<u>a</u> <mark>b *c*</mark> <small>d</small> <ins>e</ins>", "u(a) mark(b em(c)) small(d) ins(e)"),
        ("wind<wbr>mill <tt>x</tt> <acronym title=\"Y\">Z</acronym>", "wind\u{200b}mill code(x) abbr-Y(Z)"),
        ("a <time datetime=\"2024-05\">May</time> <bdi>b</bdi>", "a May b"),
        ("a <picture><source srcset=\"b.webp\"><img src=\"b.png\" alt=\"B\"></picture> c", "a image-b.png(B) c"),
        (
            "a <iframe src=\"https://www.youtube.com/embed/x1\" title=\"Locks\"></iframe>",
            "a link-https://www.youtube.com/watch?v=x1(Locks)",
        ),
        ("a <video src=\"https://example.org/a.mp4\" title=\"B\">c</video>", "a link-https://example.org/a.mp4(B)_c"),
    ] {
        assert_eq!(converted(html), meaning, "{html}");
    }
}

#[test]
fn reads_markdown_between_tags() {
    assert_eq!(converted("x <kbd>**a** `b`</kbd>"), "x kbd(strong(a) code(b))");
    assert_eq!(converted("*a <b>b</b>* <sub>[c]{lang=fr}</sub> [<i>d</i>]{lang=la}"), "em(a strong(b)) sub(fr(c)) la(em(d))");
    assert_eq!(converted("x <del>a[^1]</del>\n\n[^1]: <b>n</b>"), "x del(a)");
    assert_eq!(converted("<div>\n\n*a*\n\n- b\n\n</div>"), "em(a)|list[b]");
    assert_eq!(
        converted("<details>\n<summary>How *it* <b>works</b></summary>\n\nA **gate**.\n\n</details>"),
        "details-false(How em(it) strong(works): A strong(gate).)"
    );
    assert_eq!(converted("- <details open><summary>s</summary>\n\n  a\n\n  </details>\n- b"), "LIST[details-true(s: a); b]");
    assert_eq!(converted("<del>\n\n*a*\n\nb\n\n</del>"), "del(em(a))|del(b)");
}

#[test]
fn converts_block_elements() {
    for (html, meaning) in [
        ("<p>a <em>b</em>\nc</p><p>d</p>", "a em(b) c|d"),
        ("<div>a<div>b</div>c</div>", "a|b|c"),
        ("<ul><li>a<li>b<ol start=\"3\"><li>c</ol></ul>", "list[a; b|list3[c]]"),
        ("<ul>\n<li><p>a</p></li>\n<li>b</li>\n</ul>", "LIST[a; b]"),
        ("<dl><dt>a<dd>b<dd>c<dt>d<dd>e</dl>", "dl[a: b, c; d: e]"),
        ("<blockquote>a<p>b</p></blockquote>\n<hr>", "quote(a|b)|rule"),
        ("<h2>a</h2>\n\n<h3 id=\"lock\">b <i>c</i></h3>", "h2(a)|h3#lock(b em(c))"),
        ("<pre>\na\n  b\n</pre>", "code-(\"a\\n  b\")"),
        ("<pre><code class=\"language-rust x\">a &lt; b\n\nc\n</code></pre>", "code-rust(\"a < b\\n\\nc\")"),
        (
            "<figure><img src=\"a.png\" alt=\"A\" width=\"60%\"><figcaption>A <b>gate</b></figcaption></figure>",
            "figure(a.png \"A\" (A strong(gate)) Some(60))",
        ),
        ("<img src=\"a.png\" alt=\"A\">", "figure(a.png \"A\" () None)"),
        ("<figure><p>a</p><p>b</p><figcaption>c</figcaption></figure>", "a|b|c"),
        (
            "<figure><img src=\"a.png\" alt=\"A\"><figcaption><p>c</p><p>d</p></figcaption></figure>",
            "figure(a.png \"A\" (c/d) None)",
        ),
        ("<section><header><h2>a</h2></header><article>b</article></section>", "h2(a)|b"),
        ("<aside>a</aside>", "aside(a)"),
        ("<p lang=\"fr\">a</p>\n\n<ul><li lang=\"de\">b</ul>", "fr{a}|list[de{b}]"),
        ("<blockquote lang=\"la\">a</blockquote>", "la{quote(a)}"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "dl[a: b]"),
        (
            "<iframe src=\"//www.youtube.com/embed/x1\" title=\"Locks\" width=\"560\" allowfullscreen></iframe>",
            "video(https://www.youtube.com/watch?v=x1 Locks)",
        ),
        (
            "<div><video controls title=\"Locks\"><source src=\"https://example.org/a.mp4\">no player</video></div>",
            "video(https://example.org/a.mp4 Locks)|no player",
        ),
        (
            "<table><thead><tr><th>a<th align=\"right\">b<tbody><tr><td>c<td><b>d</b><tr><th scope=\"row\">e</table>",
            "table([Start, End] a & b / c & strong(d) / e & )",
        ),
        (
            "<table><caption><em>c</em></caption><tr><th>a<th>b<tr><th>d<td>e</table>",
            "table(em(c): [Start, Start] a & b / headed d & e)",
        ),
        ("<table>\n\n<tr>\n<th>\n\n*a*\n\nb\n\n</th>\n</tr>\n\n</table>", "table([Start] em(a)|b / )"),
        (
            "<table><tr><th rowspan=2>a<th colspan=2>b<tr><th>c<th>d<tr><th rowspan=2>e<td>f<td>g<tr><td colspan=2>h</table>",
            "table([Start, Start, Start] 1x2 a & 2x1 b // c & d / headed 1x2 e & f & g / 2x1 h)",
        ),
        (
            "<table><thead><tr><th>a<th>b<tr><th>c<th>d<tbody><tr><td rowspan=0>e<td rowspan=9>f<tr></tr></table>",
            "table([Start, Start] a & b // c & d / e & f)",
        ),
        ("<table><tr><th>a<th>b<tr><td rowspan=2>c<td colspan=7>d<tr><td></table>", "table([Start, Start] a & b / 1x2 c & d / )"),
        ("<table><tr><th>a<tr><td><p>b</p><ul><li>c</ul><pre>d</pre></table>", "table([Start] a / b|list[c]|code-(\"d\"))"),
    ] {
        assert_eq!(converted(html), meaning, "{html}");
    }
}

#[test]
fn rejects_elements_outside_the_subset() {
    let runs = |name: &str| format!("<{name}> is not allowed in a publication: it runs, loads or draws something");
    for (html, messages, lenient) in [
        ("<script>\nalert(1)\n</script>", vec![format!("1: {}", runs("script"))], ""),
        ("a <script>alert(*1*)</script> b", vec![format!("1: {}", runs("script"))], "a  b"),
        ("<style>p { color: red }</style>", vec![format!("1: {}", runs("style"))], ""),
        ("a\n\n<div>\n<iframe src=\"https://x.org\">no</iframe>\n</div>", vec![format!("4: {}", runs("iframe"))], "a|no"),
        ("<svg><text>x</text></svg>", vec![format!("1: {}", runs("svg"))], "x"),
        (
            "x <link rel=\"stylesheet\" href=\"x.css\"> <object data=\"x\"></object>",
            vec![format!("1: {}", runs("link")), format!("1: {}", runs("object"))],
            "x  ",
        ),
        (
            "a <b onclick=\"x()\">b</b>",
            vec!["1: the attribute \"onclick\" of <b> is not allowed in a publication: it runs a script".into()],
            "a strong(b)",
        ),
        ("<?php echo '>'; ?>", vec!["1: a declaration or processing instruction is not allowed here".into()], ""),
        ("a <![CDATA[>&<]]> b", vec!["1: a declaration or processing instruction is not allowed here".into()], "a >&< b"),
        ("<dl><dd>a</dd></dl>", vec!["1: <dd> is not allowed here".into()], "dl[: a]"),
        ("a <video src=\"a.mp4\">b</video>", vec![format!("1: {}", runs("video"))], "a b"),
        ("<foo-bar/> b", vec!["1: <foo-bar> is not supported in both outputs".into()], " b"),
    ] {
        assert_eq!(rejected(html), (messages, lenient.to_owned()), "{html}");
    }
}

#[test]
fn columns_and_languages_of_tables_are_read() {
    let body = "<table><caption lang=\"fr\">a</caption><colgroup><col width=\"20\"></colgroup><tr><th>b<tr><td lang=\"la\">c<p>d</table>";
    let (blocks, messages) = read(body, Strictness::Full);
    assert!(blocks.starts_with("table(fr(a): ") && blocks.contains("la{c|d}"), "{blocks}");
    assert_eq!(messages, ["1: the tag <colgroup> of HTML is left out"]);
    let (blocks, _) = read("<table><caption>a</caption><caption>b</caption></table>", Strictness::Lenient);
    assert_eq!(blocks, "a/b");
}

#[test]
fn leaves_out_the_appearance_once_per_kind() {
    let body = "<p class=\"a\" style=\"color: red\">b</p>\n\nc <span class=\"d\" data-x=\"1\" data-y=\"2\">e</span> <font color=\"red\">*f*</font>\n\n\
                <center>g</center> <a href=\"#h\" target=\"_blank\" rel=\"noopener\">h</a>";
    let (blocks, messages) = read(body, Strictness::Full);
    assert_eq!(blocks, "b|c e em(f)|g|link-#h(h)");
    let wanted = [
        "1: the attribute \"class\" of HTML is left out, 2 times in this file",
        "1: the attribute \"style\" of HTML is left out",
        "3: the attribute \"data-…\" of HTML is left out",
        "3: the tag <font> of HTML is left out",
        "5: the attribute \"rel\" of HTML is left out",
        "5: the attribute \"target\" of HTML is left out",
        "5: the tag <center> of HTML is left out",
    ];
    let mut messages = messages;
    messages.sort();
    assert_eq!(messages, wanted);
}

#[test]
fn an_id_makes_its_block_a_target() {
    let ids = |body: &str| -> String {
        let mut sources = Sources::default();
        let text = format!("+++\ntitle = \"T\"\n+++\n{body}\n");
        let id = sources.add("t.md", text.as_str());
        let (section, found) = content::read(id, "t", &text, Strictness::Full).expect("no errors");
        assert_eq!(found.iter().count(), 0, "{body}");
        let id = |block: &Block<Authored>| block.id.as_ref().map(|(id, _)| id.clone()).unwrap_or_default();
        section.body.iter().map(|block| format!("{}:{}", id(block), one(block))).collect::<Vec<_>>().join("|")
    };
    for (body, wanted) in [
        ("<a id=\"x\"></a>Words", "x:Words"),
        ("Words <a name=\"x\">here</a>", "x:Words here"),
        ("<a id=\"x\"></a>\n\n## Lock", "x:h2#x(Lock)"),
        ("## <a id=\"x\"></a>Lock", "x:h2#x(Lock)"),
        ("<div id=\"x\"></div>\n\n- a", "x:list[a]"),
        ("<blockquote id=\"x\">a</blockquote>\n\nb", "x:quote(a)|:b"),
        ("<p id=\"x\">a</p><p>b</p>", "x:a|:b"),
        ("<figure id=\"x\"><img src=\"a.png\" alt=\"A\"></figure>", "x:figure(a.png \"A\" () None)"),
        ("a\n\n<a id=\"x\"></a>", "x:a"),
    ] {
        assert_eq!(ids(body), wanted, "{body}");
    }
    let (_, messages) = read("<p id=\"1.é\">a</p>\n\n<p id=\"title\">b</p>", Strictness::Full);
    assert_eq!(messages, ["1: the attribute \"id\" of HTML is left out, 2 times in this file"]);
}

#[test]
fn reports_misplaced_and_unmatched_tags() {
    for (html, message, lenient) in [
        ("a <b>b", "1: <b> has no end tag", "a strong(b)"),
        ("a b</b>", "1: </b> has no start tag", "a b"),
        ("*a <b>b* c</b>", "1: <b> has no end tag", "em(a strong(b)) c"),
        ("<details>\n<summary>s</summary>\n\na", "1: <details> has no end tag", "details-false(s: a)"),
        ("a <table><tr><td>b</td></tr></table>", "1: <table> is not allowed here", "a b"),
        ("<li>a</li>", "1: <li> is not allowed here", "a"),
        ("<ul><li>a</li>b</ul>", "1: <ul> can contain only <li>", "list[a; b]"),
        ("<table><tr><td>a</td></tr></table>", "1: this table has no header row", "table([Start] a / )"),
        (
            "<table><tr><th>a</th></tr><tr><td>b</td><td>c</td></tr></table>",
            "1: this row has more cells than the header",
            "table([Start] a / bc)",
        ),
        ("<details>a</details>", "1: <details> has no summary", "details-true(: a)"),
        ("x <a>b</a>", "1: this <a> has no target", "x b"),
        ("x <img alt=\"y\">", "1: this <img> has no source", "x y"),
        ("a <code>*b*</code>", "1: <code> can contain only text", "a em(b)"),
        ("<pre><b>a</b> b</pre>", "1: <pre> can contain only text", "code-(\"a b\")"),
        ("<h1>a</h1>", "1: a section cannot contain a heading of level 1", "h2(a)"),
        ("<h2></h2>", "1: this heading is empty", ""),
        ("# a", "1: a section cannot contain a heading of level 1", "h2(a)"),
    ] {
        let (mut found, blocks) = rejected(html);
        found.retain(|found| found == message || !found.contains("has no end tag") && !found.contains("has no start tag"));
        assert!(found.contains(&message.to_owned()), "{html}: {found:?}");
        assert_eq!(blocks, lenient, "{html}");
    }
}

#[test]
fn reports_both_tags_that_cross_markup() {
    let (found, _) = rejected("*a <b>b* c</b>");
    assert_eq!(found, ["1: <b> has no end tag", "1: </b> has no start tag"]);
}

#[test]
fn reports_deep_nesting_once() {
    for (open, close) in
        [("<div>", "</div>"), ("<b>", "</b>"), ("<blockquote>", "</blockquote>"), ("<ul><li>", "</ul>"), ("<foo>", "</foo>")]
    {
        for text in [format!("{}x{}", open.repeat(5000), close.repeat(5000)), format!("a {}x", open.repeat(5000))] {
            let (_, found) = read(&text, Strictness::Full);
            assert_eq!(
                found.iter().filter(|message| message.contains("nested too deeply")).count(),
                1,
                "{open}: {:?}",
                found.first()
            );
        }
    }
}

#[test]
fn keeps_escaped_punctuation() {
    assert_eq!(converted("\\\"a\\\" \\[b\\] 5\\' \\*"), "=\"=a=\"= [b] 5='= *");
}

#[test]
fn alternative_text_includes_nested_images() {
    assert_eq!(converted("x ![a ![b](c.png) *d*](e.png)"), "x image-e.png(a b d)");
}
