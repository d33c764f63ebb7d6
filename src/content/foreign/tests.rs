use super::patterns;
use crate::content::read;
use crate::diagnostic::{Diagnostics, Sources, Strictness};
use crate::model::{BlockKind, plain_text};

fn diagnostics(body: &str) -> (String, Diagnostics) {
    let text = format!("+++\ntitle = \"T\"\n+++\n{body}");
    let read = read(Sources::default().add("a.md", text.as_str()), "a", &text, Strictness::Lenient);
    (text, read.map_or_else(|errors| errors, |(_, warnings)| warnings))
}

/// Returns the messages about markup of other tools, and the source text at each.
fn foreign(body: &str) -> Vec<(String, String)> {
    let (text, found) = diagnostics(body);
    let foreign = found.sorted().into_iter().filter(|d| d.code.id() == "R218");
    foreign.map(|d| (d.message.clone(), d.span.map(|span| text[span.start..span.end].to_owned()).unwrap_or_default())).collect()
}

#[test]
fn every_pattern_is_valid() {
    assert_eq!(patterns::pattern_count(), patterns::COUNT);
}

/// Each tool with some of its markup, and the text at the location of the finding.
const MARKUP: [(&str, &str, &str); 70] = [
    ("Pandoc and Quarto", "As shown [@doe2020, p. 3].\n", "[@doe2020, p. 3]"),
    ("Pandoc and Quarto", "As shown [see @doe; @roe, chap. 2].\n", "[see @doe; @roe, chap. 2]"),
    ("Pandoc and Quarto", "As [-@doe] says.\n", "[-@doe]"),
    ("Pandoc and Quarto", "As @doe2020 says.\n", "@doe2020"),
    ("Quarto", "See @fig-lock.\n", "@fig-lock"),
    ("Quarto", "(@tbl-tides) and [-@sec-x]\n", "@tbl-tides"),
    ("pandoc-crossref and R Markdown", "See @fig:lock.\n", "@fig:lock"),
    ("pandoc-crossref and R Markdown", "See Figure \\@ref(fig:lock).\n", "\\@ref(fig:lock)"),
    ("Pandoc", "Text^[a note] here.\n", "^[a note]"),
    ("Quarto and Hugo", "{{< video https://example.org/v >}}\n", "{{< video https://example.org/v >}}"),
    ("Quarto and Hugo", "{{% notice %}}\n", "{{% notice %}}"),
    ("mdBook", "{{#include a.rs}}\n", "{{#include a.rs}}"),
    ("mdBook", "{{#playground a.rs editable}}\n", "{{#playground a.rs editable}}"),
    ("Pandoc and Quarto", "Use `x`{.r} here.\n", "{.r}"),
    ("Pandoc and Quarto", "Use `x`{=html} here.\n", "{=html}"),
    ("Pandoc and Quarto", "## T {.unnumbered}\n", "{.unnumbered}"),
    ("Pandoc and Quarto", "## T {#t .unnumbered key=\"v\"}\n", "{#t .unnumbered key=\"v\"}"),
    ("Pandoc and Quarto", "## T {-}\n", "{-}"),
    ("Pandoc and Quarto", "| a |\n|---|\n| b |\n\n: Legend {#tbl-a}\n", ": Legend"),
    ("Pandoc and Quarto", "Table: Legend\n\n| a |\n|---|\n| b |\n", "Table: Legend"),
    ("Pandoc", "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+\n", "+---+---+\n"),
    ("Pandoc", "  Right     Left\n\n-------   ------\n", "-------   ------"),
    ("Pandoc", "| The limerick\n| in lines\n", "| The limerick"),
    ("Pandoc", "#. one\n#. two\n", "#. "),
    ("Pandoc", "(@good) An example.\n", "(@good) "),
    ("Pandoc", "## The lock\n\nSee [The lock].\n", "[The lock]"),
    ("LaTeX", "Word\\index{word} here.\n", "\\index{word}"),
    ("LaTeX", "Word\\\\index{word} here.\n", "\\\\index{word}"),
    ("LaTeX", "\\newpage\n", "\\newpage"),
    ("LaTeX", "\\begin{align}\nx\n\\end{align}\n", "\\begin{align}"),
    ("LaTeX", "The ``word'' here.\n", "``word''"),
    ("LaTeX", "So \\(x_1\\) is.\n", "\\(x_1\\)"),
    ("LaTeX", "\\[ a = b \\]\n", "\\[ a = b \\]"),
    ("Pandoc, Quarto and LaTeX", "So $a_i*b_i$ is.\n", "$a_i*b_i$"),
    ("Pandoc, Quarto and LaTeX", "$$\na \\\\ b\n$$\n", "$$\na \\\\ b\n$$"),
    ("Quarto, MkDocs and Obsidian", "Some ==marked== words.\n", "==marked=="),
    ("MkDocs", "Press ++ctrl+c++ now.\n", "++ctrl+c++"),
    ("MkDocs", "!!! note \"Title\"\n    Text.\n", "!!! note \"Title\""),
    ("MkDocs", "??? tip\n    Text.\n", "??? tip"),
    ("MkDocs", "=== \"Rust\"\n", "=== \"Rust\""),
    ("MkDocs", "--8<-- \"a.md\"\n", "--8<-- \"a.md\""),
    ("MkDocs", "A {--change--} here.\n", "{--change--}"),
    ("MkDocs, VuePress and Jekyll", "[TOC]\n", "[TOC]"),
    ("MkDocs, VuePress and Jekyll", "[[toc]]\n", "[[toc]]"),
    ("MkDocs, Docusaurus and Jekyll", "Well done :smile:\n", ":smile:"),
    ("Jekyll", "{% include a.html %}\n", "{% include a.html %}"),
    ("Jekyll and MkDocs", "Text.\n{: .lead }\n", "{: .lead }"),
    ("Jekyll, Docusaurus, VuePress and MyST", "The {{ site.title }}.\n", "{{ site.title }}"),
    ("Obsidian", "See [[The lock]].\n", "[[The lock]]"),
    ("Obsidian", "Text %%a remark%%.\n", "%%a remark%%"),
    ("Obsidian and Docusaurus", "> [!INFO] Title\n> Text.\n", "[!INFO] Title"),
    ("MyST", "See {ref}`lock`.\n", "{ref}`lock`"),
    ("MyST", "(lock)=\n\nText.\n", "(lock)="),
    ("MyST", "```{note}\nText.\n```\n", "```{note}"),
    ("Docusaurus", "import Tabs from '@theme/Tabs';\n", "import Tabs from '@theme/Tabs';"),
    ("Quarto and R Markdown", "```{r, echo=FALSE}\nplot(1)\n```\n", "```{r, echo=FALSE}"),
    ("Quarto and R Markdown", "```{python}\nx = 1\n```\n", "```{python}"),
    ("Pandoc and Quarto", "```{=latex}\nx\n```\n", "```{=latex}"),
    ("Docusaurus, VuePress, MkDocs and Quarto", "```js title=\"a.js\"\nx\n```\n", "```js title=\"a.js\""),
    ("Docusaurus, VuePress, MkDocs and Pandoc", "```js {1,3}\nx\n```\n", "```js {1,3}"),
    ("Mermaid, PlantUML and Graphviz", "```mermaid\ngraph TD\n```\n", "```mermaid"),
    ("Pandoc, Quarto and MkDocs", "See [it](https://x.y){target=_blank}.\n", "{target=_blank}"),
    ("Pandoc, Quarto and MkDocs", "See [it](https://x.y \"{a\"){#a .b}.\n", "{#a .b}"),
    ("Pandoc, Quarto and MkDocs", "![a](a.png){.wide width=50%}\n", "{.wide width=50%}"),
    ("Pandoc, Quarto and MkDocs", "See ![a](a.png){#a}.\n", "{#a}"),
    ("MkDocs and Markdown", "See [the lock][canal.lock].\n", "[the lock][canal.lock]"),
    ("MkDocs and Markdown", "See [`lock`][canal].\n", "[`lock`][canal]"),
    ("Pandoc and word processors", "a) one\nb) two\n", "a)"),
    ("Pandoc and word processors", "(1) one\n\n(2) two\n", "(1)"),
    ("Pandoc and word processors", "• one\n• two\n", "•"),
];

#[test]
fn markup_of_other_tools_is_found_at_its_place() {
    let mut wrong = Vec::new();
    for (tool, body, wanted) in MARKUP {
        let found = foreign(body);
        let first = found.first().map(|(message, place)| (message.contains(&format!(" of {tool} is")), place.as_str()));
        if first != Some((true, wanted))
            || found.len() != 1 && !["sec-x", "align", ": Legend {"].iter().any(|two| body.contains(two))
        {
            wrong.push(format!("{tool}: {body:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ordinary_text_is_not_markup_of_other_tools() {
    for body in [
        "It costs $5 and $6, or 5 $ and 10 $.\n",
        "Set $HOME and $PATH, or US$5.\n",
        "Write to a@example.org or <b@example.org>.\n",
        "See [the lock][canal] and [sic][1].\n\n[canal]: https://example.org\n",
        "He said [sic] that x == y and a++ and C++ (see [1]).\n",
        "`[@k]`, `{{< video >}}`, `\\index{x}` and `$x$`\n",
        "```\n[@k] {{#include x}} \\index{x} $x$\n```\n",
        "\\[@k] and \\{{#include x}} and \\$x\\$ and \\==x== and \\@fig-x\n",
        "At 10:30:45, a:b:c and std::fs::read: fine.\n",
        "A set {a, b} and C:\\temp\\new.\n",
        "(1) See the map.\n\n– Oui.\n– Non.\n",
        "10^3^ and H~2~O and ~~struck~~\n",
        "[words]{lang=en} and [^1].\n\n[^1]: A note.\n",
        "> [!NOTE]\n> Text.\n",
        "Term\n\n: Definition\n",
        "```rust,ignore\nfn main() {}\n```\n\n```{.python}\nx = 1\n```\n",
        "## The lock {#lock}\n\nSee [the lock](#lock) and [](#lock).\n",
        "5 % of 100 %, 50% and 60%.\n",
    ] {
        assert_eq!(foreign(body), [], "{body}");
    }
}

#[test]
fn a_kind_is_reported_once_with_its_count() {
    let found = foreign("A [@a] and [@b].\n\nThen [@c][^1] and[^1].\n\n[^1]: As [@d].\n");
    let [(message, place)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        (message.as_str(), place.as_str()),
        ("a citation of Pandoc and Quarto is printed as typed: [@a], 4 times in this file", "[@a]")
    );
}

#[test]
fn formulae_are_printed_as_typed() {
    let text = "+++\ntitle = \"T\"\n+++\n$a_i*b_i$ et $c_j*d_j$\n\n$$\na \\\\ b\n$$\n";
    let (section, _) = read(Sources::default().add("a.md", text), "a", text, Strictness::Full).unwrap();
    let words: Vec<String> = section
        .body
        .iter()
        .map(|block| match &block.kind {
            BlockKind::Paragraph(text) => plain_text(text),
            kind => panic!("{kind:?}"),
        })
        .collect();
    assert_eq!(words, ["$a_i*b_i$ et $c_j*d_j$", "$$ a \\\\ b $$"]);
}

#[test]
fn words_in_brackets_are_links_to_headings_unless_most_are_other_words() {
    let sample = "See [The lock] for more.\n\n## The lock\n\nA text";
    assert_eq!(foreign(&format!("{sample} [sic].\n")).len(), 1);
    assert_eq!(foreign(&format!("{sample} with a [chamber], [gates] and a [sill].\n")), []);
}
