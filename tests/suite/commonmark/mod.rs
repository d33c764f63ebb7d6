//! All of CommonMark: each of the 652 examples of its specification is a section of one book, built in both formats.
//!
//! The examples are not in the repository (CC BY-SA); `tests/judges/setup` downloads them. The examples of GitHub's extensions
//! are our own, in `gfm.txt`. `differences.toml` lists the examples whose XHTML differs from the expected HTML, with the reason
//! and the [`Rule`] that describes the difference exactly. The test checks these too.

mod markup;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::Deserialize;

use self::markup::{Element, Node, bare, map, paragraphs, parse, show, words};
use crate::epub::entries_of;
use crate::harness::{Project, Session, repository};
use crate::judges::judged_by;

/// An example: its origin and number, its Markdown, and the expected HTML.
#[derive(Debug)]
struct Example {
    name: String,
    markdown: String,
    html: String,
}

/// The book, built once for all tests.
struct Book {
    project: Project,
    examples: Vec<Example>,
    /// The body of each section, without its title.
    bodies: Vec<String>,
    /// The diagnostics of each section: code and message.
    diagnostics: BTreeMap<String, Vec<(String, String)>>,
}

/// An intended difference between a book and a web page, as a transformation of the expected HTML. `Levels` and `Words` transform
/// our HTML too.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
enum Rule {
    /// An address that a book cannot link to: the words remain without a link. The build must have reported the address.
    Unlinked,
    /// A missing image: its alternative text or a placeholder replaces it, with its title in brackets. The build must have reported it.
    Imageless,
    /// Headings start at level 2, and no level is skipped.
    Levels,
    /// A link without words prints its address, without a link.
    Wordless,
    /// A heading without words is omitted.
    Empty,
    /// Raw HTML outside the subset: its text remains, scripts and drawings are removed, and lines of text become paragraphs.
    Tagless,
    /// The checkbox of a task is replaced with words.
    Tasks,
    /// Only the words are equal.
    Words,
}

const RULES: [Rule; 8] =
    [Rule::Unlinked, Rule::Imageless, Rule::Levels, Rule::Wordless, Rule::Empty, Rule::Tagless, Rule::Tasks, Rule::Words];

#[derive(Deserialize)]
struct Differences {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    reason: String,
    /// The rule that transforms the expected HTML into ours, or `None` for differences that no rule describes.
    rule: Option<Rule>,
    examples: Vec<String>,
}

/// Returns the path of a file that `tests/judges/setup` downloads.
fn fetched(path: &str) -> PathBuf {
    let home = std::env::var_os("JUDGES_HOME").map(PathBuf::from).unwrap_or_else(|| {
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        cache.unwrap_or_else(|| Path::new(&std::env::var_os("HOME").expect("a home")).join(".cache")).join("judges")
    });
    let path = home.join("examples/node_modules").join(path);
    assert!(path.exists(), "{} is missing: run tests/judges/setup", path.display());
    path
}

/// Parses examples in the format of the CommonMark specification, where arrows represent tabs.
fn examples(text: &str, prefix: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let mut list = Vec::new();
    let opening = format!("{fence} example\n");
    let mut parts = text.split("<!-- END TESTS -->").next().unwrap_or_default().split(&opening);
    parts.next();
    for part in parts {
        let (body, _) = part.split_once(&format!("{fence}\n")).expect("an example ends");
        let body = format!("\n{body}");
        let (markdown, html) = body.split_once("\n.\n").expect("an example has two parts");
        let of = |text: &str| text.replace('→', "\t");
        let markdown = markdown.strip_prefix('\n').map(|text| format!("{text}\n")).unwrap_or_default();
        list.push(Example { name: format!("{prefix}{:03}", list.len() + 1), markdown: of(&markdown), html: of(html) });
    }
    list
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(make)
}

fn make() -> Book {
    let text = std::fs::read_to_string(fetched("commonmark-spec/spec.txt")).expect("the specification");
    let mut examples = examples(&text, "e");
    assert_eq!(examples.len(), 652, "CommonMark 0.31");
    let own = std::fs::read_to_string(repository().join("tests/suite/commonmark/gfm.txt")).expect("our examples");
    examples.extend(self::examples(&own, "g"));
    let mut project = Project::new();
    for example in &examples {
        // Latin has no typography rules, so the text is not changed.
        let text = format!("+++\ntitle = \"Example {}\"\nlang = \"la\"\n+++\n{}", example.name, example.markdown);
        project = project.file(&format!("sources/book/{}.md", example.name), &text);
    }
    let project = manifest(project, &examples);
    let session = project.run(&["build", "--lenient", "--message-format", "json"]).succeeds();
    let entries = entries_of(&project.path("build/book-1.epub"));
    let bodies = examples.iter().map(|example| body(&entries[&format!("OEBPS/{}.xhtml", example.name)])).collect();
    Book { diagnostics: diagnostics(&session), project, examples, bodies }
}

fn manifest(mut project: Project, examples: &[Example]) -> Project {
    let mut families = vec!["\"Source Serif 4\"".to_owned()];
    for name in ["", "Math", "Malayalam", "Kannada"] {
        let folder = format!("noto-sans-{}", name.to_lowercase());
        let folder = folder.trim_end_matches('-');
        let file = format!("@expo-google-fonts/{folder}/400Regular/NotoSans{name}_400Regular.ttf");
        project = project.file(&format!("fonts/noto{name}.ttf"), "");
        std::fs::copy(fetched(&file), project.path(&format!("fonts/noto{name}.ttf"))).expect("the font is copied");
        families.push(format!("{:?}", format!("Noto Sans {name}").trim_end()));
    }
    let sections: Vec<String> = examples.iter().map(|example| format!("{:?}", example.name)).collect();
    let text = format!(
        "title = \"The examples of CommonMark\"\nlang = \"en\"\nuuid = \"4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a10\"\n\
         description = \"A section for each example.\"\nkeywords = [\"Markdown\"]\nsections = [{}, \"colophon\"]\npublisher = \"us\"\n\n\
         [organisations.us]\nname = \"Us\"\n\n[brand.typography]\nbase = [{}]\n\n[[editions]]\nid = \"1\"\ndate = \"2024-01-28\"\n",
        sections.join(", "),
        families.join(", "),
    );
    let colophon = "+++\ntitle = \"Colophon\"\n+++\n\n::: licence\n:::\n";
    project.file("sources/book/publication.toml", &text).file("sources/book/colophon.md", colophon)
}

/// Returns the content between the header of a section and its end.
fn body(page: &str) -> String {
    let (_, rest) = page.split_once("</header>").expect("a section has a header");
    rest.rsplit_once("</section>").expect("a section ends").0.to_owned()
}

fn diagnostics(session: &Session) -> BTreeMap<String, Vec<(String, String)>> {
    let mut diagnostics: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for line in session.stdout.lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let get = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
        if let Some(section) = get("file").strip_prefix("sources/book/").and_then(|file| file.strip_suffix(".md")) {
            diagnostics.entry(section.to_owned()).or_default().push((get("code"), get("message")));
        }
    }
    diagnostics
}

/// Applies a rule to the expected HTML. `names` returns whether the build reported a name with a code.
fn apply(rule: Rule, nodes: Vec<Node>, names: &dyn Fn(&str, &str) -> bool) -> Vec<Node> {
    let attribute = |element: &Element, key: &str| element.attributes.get(key).cloned().unwrap_or_default();
    match rule {
        Rule::Unlinked => map(nodes, &mut |element| {
            let href = decoded(attribute(&element, "href").trim_start_matches('#'));
            let dead = element.name == "a" && (names("R304", &href) || names("R301", &href));
            if dead { element.nodes } else { vec![Node::Element(element)] }
        }),
        Rule::Imageless => map(nodes, &mut |element| {
            let gone = element.name == "img" && names("R401", &decoded(&attribute(&element, "src")));
            let alt = Some(attribute(&element, "alt")).filter(|alt| !alt.is_empty());
            let alt = alt.unwrap_or_else(|| "Image without a description".into());
            let title = Some(attribute(&element, "title")).filter(|title| !title.is_empty());
            let alt = title.map_or(alt.clone(), |title| format!("{alt} ({title})"));
            if gone { vec![Node::Text(alt)] } else { vec![Node::Element(element)] }
        }),
        Rule::Levels => map(nodes, &mut |mut element| {
            if is_heading(&element) {
                element.name = "h".into();
            }
            vec![Node::Element(element)]
        }),
        Rule::Wordless => map(nodes, &mut |element| {
            let wordless = element.name == "a" && words(&element.nodes).is_empty();
            let href = Node::Text(attribute(&element, "href"));
            let code = || Element { name: "code".into(), attributes: BTreeMap::new(), nodes: vec![href.clone()] };
            if wordless { vec![Node::Element(code())] } else { vec![Node::Element(element)] }
        }),
        Rule::Empty => map(nodes, &mut |element| {
            if is_heading(&element) && words(&element.nodes).is_empty() { Vec::new() } else { vec![Node::Element(element)] }
        }),
        Rule::Tagless => paragraphs(map(nodes, &mut tagless)),
        Rule::Tasks => map(nodes, &mut |element| match element.name.as_str() {
            "input" => {
                let words = if element.attributes.contains_key("checked") { "(done)" } else { "(to do)" };
                let nodes = vec![Node::Text(words.into())];
                vec![Node::Element(Element { name: "span".into(), attributes: BTreeMap::new(), nodes })]
            }
            _ => vec![Node::Element(element)],
        }),
        Rule::Words => vec![Node::Text(words(&nodes))],
    }
}

fn is_heading(element: &Element) -> bool {
    matches!(element.name.as_str(), "h" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Removes elements that neither Markdown nor the HTML subset produces.
fn tagless(mut element: Element) -> Vec<Node> {
    const KEPT: &str = "a blockquote br code dd del details dl dt em h h1 h2 h3 h4 h5 h6 hr img kbd li ol p pre strong sub summary sup \
                        table tbody td th thead tr ul";
    let name = match element.name.as_str() {
        "i" => "em",
        "b" => "strong",
        "s" => "del",
        name => name,
    };
    if matches!(name, "script" | "style" | "textarea" | "iframe" | "title") {
        return Vec::new();
    }
    let leads = name != "a" || element.attributes.contains_key("href");
    if !KEPT.split_whitespace().any(|kept| kept == name) || !leads {
        return element.nodes;
    }
    element.name = name.to_owned();
    vec![Node::Element(element)]
}

/// Decodes the percent-encoding of an address.
fn decoded(address: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = address.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()).filter(|_| *first == b'%');
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the expected and the actual HTML after applying rules.
fn both(book: &Book, at: usize, rules: &[Rule]) -> (String, String) {
    let example = &book.examples[at];
    let diagnostics = book.diagnostics.get(&example.name).map(Vec::as_slice).unwrap_or_default();
    let names = |code: &str, name: &str| {
        let named = |message: &str| {
            let quoted = message.find('"').zip(message.rfind('"')).filter(|(first, last)| first < last);
            let quoted = quoted.map_or("", |(first, last)| &message[first + 1..last]);
            // Messages name an image by its path from the root of the project.
            let path = format!("sources/book/{name}");
            decoded(quoted) == name.trim() || quoted == path || message.split('"').any(|part| decoded(part) == name.trim())
        };
        diagnostics.iter().any(|(known, message)| known == code && named(message))
    };
    let mut expected = parse(&example.html);
    let mut ours = bare(parse(&book.bodies[at]));
    for rule in rules {
        expected = apply(*rule, expected, &names);
        if matches!(rule, Rule::Levels | Rule::Words) {
            ours = apply(*rule, ours, &names);
        }
    }
    (show(&bare(expected)), show(&ours))
}

/// Returns the smallest set of rules that explains a difference, without `Rule::Words` if possible, or `None`.
fn explained(book: &Book, at: usize) -> Option<Vec<Rule>> {
    let mut sets: Vec<Vec<Rule>> = (0..1_usize << RULES.len())
        .map(|bits| RULES.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, rule)| rule).collect())
        .collect();
    sets.sort_by_key(|rules| (rules.contains(&Rule::Words), rules.len()));
    sets.into_iter().find(|rules| {
        let (expected, ours) = both(book, at, rules);
        expected == ours
    })
}

#[test]
fn examples_match_or_have_a_listed_difference() {
    let book = book();
    let file = repository().join("tests/suite/commonmark/differences.toml");
    let listed: Differences = toml::from_str(&std::fs::read_to_string(file).expect("the list")).expect("TOML");
    let known: BTreeSet<&str> = book.examples.iter().map(|example| example.name.as_str()).collect();
    for group in &listed.groups {
        assert!(!group.reason.is_empty() && !group.examples.is_empty(), "a group has a reason and examples");
        assert!(group.examples.iter().all(|name| known.contains(name.as_str())), "every listed example exists: {}", group.reason);
    }
    let mut wrong = Vec::new();
    for (at, example) in book.examples.iter().enumerate() {
        let groups: Vec<&Group> = listed.groups.iter().filter(|group| group.examples.contains(&example.name)).collect();
        let mut rules: Vec<Rule> = groups.iter().filter_map(|group| group.rule).collect();
        rules.sort();
        let found = explained(book, at);
        let right = match &found {
            Some(found) => *found == rules && groups.iter().all(|group| group.rule.is_some()),
            None => groups.len() == 1 && rules.is_empty(),
        };
        if !right {
            let (expected, ours) = both(book, at, &[]);
            let name = &example.name;
            wrong.push(format!(
                "{name}: listed {rules:?}, found {found:?}\n--- {:?}\n--- expected\n{expected}\n--- ours\n{ours}\n",
                example.markdown
            ));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} examples", wrong.join("\n"), wrong.len());
}

#[test]
fn book_of_examples_passes_the_judges() {
    let book = book();
    let report = judged_by(&book.project.path("build/book-1.epub"), "judge-epub", "epubcheck");
    assert!(report.contains("fatal=0 errors=0 warnings=0"), "{report}");
    let report = judged_by(&book.project.path("build/book-1.pdf"), "judge-pdf", "verapdf-ua verapdf-a qpdf");
    // veraPDF reports only the missing conformance claims.
    assert!(report.contains("flavour=ua1 rules_failed=1 checks_failed=1") && report.contains(" 5-1x1"), "{report}");
    assert!(report.contains("flavour=2a rules_failed=1 checks_failed=1") && report.contains(" 6.6.4-1x1"), "{report}");
    assert!(report.contains("warnings=0") && !report.contains("qpdf         FAIL"), "{report}");
}
