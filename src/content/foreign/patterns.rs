//! Markup of other tools in running text, as patterns.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::{Construct, MarkupFate};

/// A construct and its pattern. U+E000 represents a code span, U+E001 another inline, and U+E100 to U+E17F the ASCII characters
/// escaped with a backslash. If the group `m`, `n` or `o` matches, only this group is the markup.
struct Pattern(Construct, &'static str);

const fn pattern(name: &'static str, tool: &'static str, hint: &'static str, pattern: &'static str) -> Pattern {
    Pattern(Construct { name, tool, hint, fate: MarkupFate::Printed }, pattern)
}

const LINK_BY_ID: &str = "give the section or heading an id, ## Title {#id}, and write [](#id)";
const CITE: &str = "write the source in the text, or in a note: [^name] here, and [^name]: … on a line of its own";
const NOTE: &str = "write [^name] here, and [^name]: … on a line of its own";
const TEMPLATE: &str = "write the text that replaces it, or put a backslash before the brace to print it";
const DELETE_OR_ESCAPE: &str = "delete it, or put a backslash before the brace to print it";
const LATEX: &str = "write it in Markdown, or put it between backquotes to print it";
const CONTAINER: &str = "write ::: callout {kind=\"note\" title=\"…\"}, the text, and a line :::";
const CONTENTS: &str = "delete it: the layout makes the contents";
const STRONG: &str = "write **words** or *words*, or put a backslash before the signs to print them";

/// The patterns. If two match the same characters, the first takes precedence.
const PATTERNS: &[Pattern] = &[
    pattern(
        "a table of contents",
        "MkDocs, VuePress and Jekyll",
        CONTENTS,
        r"(?m)^(?:\[TOC\]|\[\[toc\]\]|\[\[_TOC_\]\]|\{:toc\})$",
    ),
    pattern(
        "a cross-reference",
        "Quarto",
        LINK_BY_ID,
        r"(?:^|[\s(\[;-])(?P<m>@(?i:fig|tbl|lst|eq|sec|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|tip|nte|wrn|imp|cau)-[A-Za-z0-9][A-Za-z0-9_-]*)",
    ),
    pattern(
        "a cross-reference",
        "pandoc-crossref and R Markdown",
        LINK_BY_ID,
        r"(?:^|[\s(\[;-])(?P<m>@(?i:fig|tbl|tab|lst|eq|sec):[A-Za-z0-9_-]+)|\u{E140}ref\([^()\s]*\)|\(\u{E123}[a-z]+:[^()\s]*\)|\(ref:[A-Za-z0-9_-]+\)",
    ),
    pattern("a citation", "Pandoc and Quarto", CITE, r"\[(?:[^\[\]]*[\s;-])?-?@[A-Za-z0-9_{][^\[\]]*\]"),
    pattern(
        "a citation",
        "Pandoc and Quarto",
        CITE,
        r"(?:^|[\s(\[-])(?P<m>@[A-Za-z][A-Za-z0-9_:-]*[0-9]{4}[a-z]?)(?:$|[^A-Za-z0-9_@.]|\.(?:\s|$))",
    ),
    pattern("a note in the text", "Pandoc", NOTE, r"\^\[[^\[\]\n]*\]?"),
    pattern(
        "a shortcode",
        "Quarto and Hugo",
        "write what it inserts: a link, an image, ::: video, or the text itself",
        r"\{\{[<%][^\n]*?[>%]\}\}|\{\{[<%]",
    ),
    pattern("a directive", "mdBook", TEMPLATE, r"\{\{\s*#[A-Za-z_][^{}\n]*\}\}"),
    pattern("a tag", "Jekyll", TEMPLATE, r"\{%-?\s*[a-z][^\n]*?%\}"),
    pattern("a variable", "Jekyll, Docusaurus, VuePress and MyST", TEMPLATE, r"\{\{\s*[A-Za-z_$][^{}\n]*\}\}"),
    pattern("an attribute", "Jekyll and MkDocs", DELETE_OR_ESCAPE, r"\{:\s*[#.A-Za-z][^{}\n]*\}"),
    pattern("a role", "MyST", "write the words, code between backquotes, or a link", r"\{[a-z][a-z0-9:_-]*\}\u{E000}"),
    pattern(
        "an attribute",
        "Pandoc and Quarto",
        DELETE_OR_ESCAPE,
        r"(?:^|[^\]\u{E17B}{])(?P<o>\{\s*[.#][A-Za-z][^{}\n]*\})|[\u{E000}\u{E001})](?P<m>\{(?:[A-Za-z-]+=[^{}\n]*|=[a-z0-9]+)\})|(?P<n>\{-\})$",
    ),
    pattern("a suggested change", "MkDocs", "write the final text", r"\{(?:\+\+|--|~~|==|>>)[^\n]*?(?:\+\+|--|~~|==|<<)\}"),
    pattern("a highlight", "Quarto, MkDocs and Obsidian", STRONG, r"(?:^|[^=])(?P<m>==[^\s=](?:[^=\n]*[^\s=])?==)(?:$|[^=])"),
    pattern(
        "a key or an insertion",
        "MkDocs",
        "write <kbd>Ctrl</kbd>, or the words themselves",
        r"(?:^|[\s(])(?P<m>\+\+[^\s+](?:[^\n]*?[^\s+])?\+\+)(?:$|[\s.,;:)])",
    ),
    pattern(
        "an emoji by name",
        "MkDocs, Docusaurus and Jekyll",
        "write the character itself, or put a backslash before the colon",
        r"(?:^|[\s(])(?P<m>:[a-z][a-z0-9_+-]*:)(?:$|[\s.,;!?)])",
    ),
    pattern(
        "a link by a name that is not defined",
        "MkDocs and Markdown",
        "write the address: [words](https://…), or the id of a heading: [words](#id)",
        r"\[(?:[^\[\]\n]*(?:\p{L}{2}|\u{E000})[^\[\]\n]*)\]\[[^\[\]\s]*\p{L}[^\[\]\n]*\]",
    ),
    pattern("a link", "Obsidian", "write [words](#id)", r"!?\[\[[^\[\]\n]+\]\]"),
    pattern("a comment", "Obsidian", "write <!-- … -->", r"%%[^%\n]+%%"),
    pattern("a command", "LaTeX", LATEX, r"[\\\u{E15C}][A-Za-z]+\*?(?:\[[^\]\n]*\])?\{[^{}\n]*\}?"),
    pattern(
        "a command",
        "LaTeX",
        LATEX,
        r"(?:^|[\s{}\u{E001}])(?P<m>\\(?:newpage|pagebreak|clearpage|cleardoublepage|noindent|bigskip|medskip|smallskip|vfill|hfill|LaTeX|TeX|ldots|dots|par|centering|appendix|frontmatter|mainmatter|backmatter|tableofcontents|printindex|maketitle|item|hline|vspace|hspace))(?:$|[^A-Za-z])",
    ),
    pattern(
        "a formula",
        "LaTeX",
        "formulae are not supported yet: write it in words, or insert an image of it",
        r"\u{E128}[^\u{E129}\n]*[\\_^=+][^\u{E129}\n]*\u{E129}|\u{E15B}[^\u{E15D}]*[\\_^=+][^\u{E15D}]*\u{E15D}",
    ),
    pattern("a quotation", "LaTeX", "write straight quotation marks: \"…\"", r"``[^`\n]+''"),
    pattern("an admonition", "MkDocs", CONTAINER, r"(?m)^(?:!!!|\?\?\?\+?)[ \t][a-z][^\n]*"),
    pattern("a tab", "MkDocs", "make it a heading", "(?m)^===[!+]?[ \\t][\"'][^\\n]*"),
    pattern("an inclusion", "MkDocs", "write the text of the file here", r"--8<--[^\n]*"),
    pattern("a label", "MyST", "give the heading an id: ## Title {#id}", r"(?m)^\([A-Za-z][A-Za-z0-9_:.-]*\)=$"),
    pattern(
        "an import or export",
        "Docusaurus",
        "delete it: a publication contains no components",
        "(?m)^(?:import [A-Za-z_{*][^\\n]* from [\"'][^\\n]*|export (?:const|default|function) [^\\n]*)",
    ),
    pattern("a line block", "Pandoc", "end each line with a backslash, and remove the bars", r"(?m)^\|[ \t]+[^|\n]*$"),
    pattern("a grid table", "Pandoc", "write it with bars: | a | b |, then |---|---|", r"\A\+(?:[-=:]{2,}\+)+(?:\n|$)"),
    pattern("a numbered example or list", "Pandoc", "write the numbers: 1. …", r"(?m)^(?:#\.|\(@[A-Za-z0-9_-]*\))[ \t]"),
];

/// A link to a heading by its words.
pub const HEADING_LINK: Construct =
    Construct { name: "a link to a heading by its words", tool: "Pandoc", hint: LINK_BY_ID, fate: MarkupFate::Printed };

static ANY: LazyLock<Option<RegexSet>> = LazyLock::new(|| RegexSet::new(PATTERNS.iter().map(|Pattern(_, text)| text)).ok());

static EACH: LazyLock<Vec<Option<Regex>>> =
    LazyLock::new(|| PATTERNS.iter().map(|Pattern(_, text)| Regex::new(text).ok()).collect());

/// Finds the markup of other tools in a text, in no particular order, without overlaps.
pub fn find(text: &str, brackets: &Brackets) -> Vec<(Construct, Range<usize>)> {
    let mut found: Vec<(Construct, Range<usize>)> = Vec::new();
    let mut add = |construct: Construct, range: Range<usize>| {
        if found.iter().all(|(_, other)| range.end <= other.start || other.end <= range.start) {
            found.push((construct, range));
        }
    };
    for index in ANY.iter().flat_map(|set| set.matches(text)) {
        let (Some(Pattern(construct, _)), Some(Some(regex))) = (PATTERNS.get(index), EACH.get(index)) else { continue };
        for captures in regex.captures_iter(text) {
            let part = ["m", "n", "o"].into_iter().find_map(|name| captures.name(name)).or_else(|| captures.get(0));
            part.into_iter().for_each(|part| add(*construct, part.range()));
        }
    }
    brackets.headings.iter().for_each(|range| add(HEADING_LINK, range.clone()));
    found
}

/// The bracketed words of a text that are not links in Markdown.
#[derive(Debug, Default)]
pub struct Brackets {
    /// Those that match a heading of the file, which Pandoc links to the heading: `[Heading]`, `[Heading][]`.
    headings: Vec<Range<usize>>,
    /// The others.
    pub remarks: Vec<Range<usize>>,
}

/// Finds the bracketed words of a text. `headings` are the normalized headings of the file.
pub fn in_brackets(text: &str, headings: &BTreeSet<String>) -> Brackets {
    let mut found = Brackets::default();
    let mut open = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('[', _) => open = Some(at),
            (']', Some(start)) => {
                let end = at + 1;
                let follows =
                    text[end..].starts_with(['(', '{', ':']) || text[end..].starts_with('[') && !text[end..].starts_with("[]");
                let words = &text[start + 1..at];
                if !follows && headings.contains(&normalised(words)) {
                    found.headings.push(start..end);
                } else if !follows && words.chars().filter(|c| c.is_alphabetic()).count() > 1 {
                    found.remarks.push(start..end);
                }
                open = None;
            }
            _ => {}
        }
    }
    found
}

/// Normalizes words for the comparison with headings: in lower case, with single spaces.
pub fn normalised(words: &str) -> String {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
pub fn pattern_count() -> usize {
    EACH.iter().flatten().count() - usize::from(ANY.is_none())
}

#[cfg(test)]
pub const COUNT: usize = PATTERNS.len();
