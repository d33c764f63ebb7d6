//! Properties of the Typst writer: its output parses, calls only known functions, and contains the text of the model.

use reliure::stages::{Resolved, markup};
use typst_syntax::ast::{Arg, ArrayItem, AstNode, DictItem, Expr, FuncCall, Markup, Named};
use typst_syntax::{SyntaxNode, parse};

use super::edition;
use super::expected::{self, EDGE, Output};

/// Functions that are called within a line of text.
const IN_LINE: &[&str] = &[
    "emph",
    "strong",
    "strike",
    "struck",
    "super",
    "sub",
    "marked",
    "key",
    "link",
    "text",
    "h",
    "metadata",
    "b.kbd",
    "b.reference",
];

/// All other functions that the writer calls in a section and in the `edition` dictionary.
const CALLS: &[&str] = &[
    "breaks.lead-in",
    "breaks.note-room",
    "b.aside",
    "b.callout",
    "b.changes",
    "b.code",
    "b.credits",
    "b.details",
    "b.epigraph",
    "b.illustration",
    "b.image-credits",
    "b.imprint",
    "b.inline-image",
    "b.licence",
    "b.quotation",
    "b.resources",
    "b.row-header",
    "b.rule",
    "b.task",
    "b.video",
    "enum",
    "figure",
    "figure-row",
    "footnote",
    "heading",
    "label",
    "linebreak",
    "list",
    "parbreak",
    "pdf.header-cell",
    "quote",
    "raw",
    "regex",
    "rgb",
    "table.cell",
    "tables.data-table",
    "terms",
    "terms.item",
];

/// Arguments that are text for readers. Content in brackets always is.
const WORDS: &[&str] = &["alt", "caption", "credit", "statement", "subtitle", "title"];

/// Writes a generated edition.
pub fn law(bytes: &[u8]) {
    edition_law(&edition::drawn(bytes));
}

/// Writes an edition. Asserts that every source parses, and that each section contains the text of its model.
pub fn edition_law(edition: &Resolved) {
    let generated = markup(edition::layout(), edition::fonts(), edition, 0.0);
    let mut compared = 0;
    for file in &generated.files {
        let root = parsed(&file.text);
        file.segments.iter().for_each(|segment| {
            assert!(file.text.get(segment.start..segment.end).is_some(), "{segment:?} is outside {}", file.path);
        });
        let section = edition.sections.iter().find(|section| file.path == format!("sections/{}.typ", section.number));
        let reading = Reading::of(&root, &file.text);
        match section {
            Some(section) => {
                same(&reading.out, &expected::section(edition, section, Output::Typst), &file.text);
                compared += 1;
            }
            None if file.path == "edition.typ" => {
                let leads = edition.sections.iter().filter(|section| !section.lead.is_empty());
                for (section, lead) in leads.zip(&reading.leads) {
                    same(lead, &expected::lead(edition, section, Output::Typst), &file.text);
                }
            }
            None => {}
        }
    }
    assert_eq!(compared, edition.sections.len(), "each section has a file");
}

/// Compares texts without the break opportunities that the writer inserts in addresses.
fn same(output: &str, model: &str, whole: &str) {
    let plain = |text: &str| expected::normalise(&text.replace('\u{200B}', ""));
    expected::same(&plain(output), &plain(model), whole);
}

/// Parses a text as Typst does.
fn parsed(text: &str) -> SyntaxNode {
    let root = parse(text);
    let (errors, _) = root.errors_and_warnings();
    assert!(errors.is_empty(), "{errors:?} in\n{text}");
    root
}

/// The text that a Typst source prints, as far as its syntax shows.
struct Reading<'a> {
    source: &'a str,
    out: String,
    /// The text of each `lead`.
    leads: Vec<String>,
}

impl<'a> Reading<'a> {
    fn of(root: &SyntaxNode, source: &'a str) -> Self {
        let mut reading = Self { source, out: String::new(), leads: Vec::new() };
        let file: Markup<'_> = root.cast().expect("a source is markup");
        for expr in file.exprs() {
            match expr {
                Expr::ModuleImport(_) | Expr::Space(_) | Expr::Parbreak(_) => {}
                Expr::LetBinding(binding) => match binding.init() {
                    Some(Expr::Closure(closure)) => reading.value(None, "let", closure.body()),
                    Some(init) => reading.value(None, "let", init),
                    None => reading.wrong("a binding without value"),
                },
                Expr::FuncCall(call) if name(call.callee()) == "publication" => {}
                // Hides the marks for tags, which have no text.
                Expr::ShowRule(rule) if matches!(rule.transform(), Expr::None(_)) => {}
                other => reading.wrong(&format!("{other:?} at the top of a file")),
            }
        }
        reading
    }

    fn wrong(&self, what: &str) -> ! {
        panic!("{what}, in\n{}", self.source)
    }

    fn markup(&mut self, markup: Markup<'_>) {
        for expr in markup.exprs() {
            match expr {
                Expr::Text(text) => self.out.push_str(text.get()),
                Expr::Space(_) => self.out.push(' '),
                Expr::Parbreak(_) => self.out.push_str(EDGE),
                Expr::Escape(escape) => self.out.push(escape.get()),
                Expr::FuncCall(call) => self.call(call),
                Expr::ContentBlock(content) => self.markup(content.body()),
                Expr::ShowRule(rule) => match rule.transform() {
                    Expr::Closure(closure) => self.value(None, "show", closure.body()),
                    other => self.wrong(&format!("{other:?} is shown")),
                },
                Expr::SetRule(rule) if name(rule.target()) == "text" => {}
                other => self.wrong(&format!("{other:?} is unexpected")),
            }
        }
    }

    fn call(&mut self, call: FuncCall<'_>) {
        let callee = name(call.callee());
        let in_line = IN_LINE.contains(&callee.as_str());
        if !in_line && !CALLS.contains(&callee.as_str()) {
            self.wrong(&format!("{callee:?} is called"));
        }
        let edge = if in_line || ["label", "raw"].contains(&callee.as_str()) { "" } else { EDGE };
        for arg in call.args().items() {
            self.out.push_str(edge);
            match arg {
                Arg::Pos(value) => self.value(None, &callee, value),
                Arg::Named(named) => self.named(named, &callee),
                Arg::Spread(_) => self.wrong("arguments are spread"),
            }
        }
        self.out.push_str(edge);
    }

    fn named(&mut self, named: Named<'_>, callee: &str) {
        let key = named.name().as_str();
        match (key, named.expr()) {
            ("lead", Expr::ContentBlock(content)) => {
                let before = std::mem::take(&mut self.out);
                self.markup(content.body());
                self.leads.push(std::mem::replace(&mut self.out, before));
            }
            ("badge", Expr::Dict(badge)) => badge.items().for_each(|item| match item {
                DictItem::Named(named) if named.name().as_str() == "label" => self.value(Some("title"), callee, named.expr()),
                _ => {}
            }),
            ("kind", value) if callee == "b.resources" => self.value(Some("title"), callee, value),
            (key, value) => self.value(Some(key), callee, value),
        }
    }

    /// Reads an argument: text for readers, or a value for the layout.
    fn value(&mut self, key: Option<&str>, callee: &str, value: Expr<'_>) {
        match value {
            Expr::ContentBlock(content) => self.markup(content.body()),
            Expr::Str(text) => {
                let code = ["raw", "b.code"].contains(&callee) && key.is_none();
                let edge = if code { "" } else { EDGE };
                if code || key.is_some_and(|key| WORDS.contains(&key)) {
                    self.out.push_str(edge);
                    self.out.push_str(&text.get());
                    self.out.push_str(edge);
                }
            }
            Expr::FuncCall(call) => self.call(call),
            Expr::Array(array) => array.items().for_each(|item| match item {
                ArrayItem::Pos(value) => {
                    // Cells of tables.
                    let edge = if callee == "tables.data-table" { EDGE } else { "" };
                    self.out.push_str(edge);
                    self.value(key, callee, value);
                    self.out.push_str(edge);
                }
                ArrayItem::Spread(_) => self.wrong("an array is spread"),
            }),
            Expr::Dict(dict) => dict.items().for_each(|item| match item {
                DictItem::Named(named) => self.named(named, callee),
                DictItem::Keyed(keyed) => self.value(None, callee, keyed.expr()),
                // `edition.typ` spreads the dictionary of `dated.typ`, and an image the context.
                DictItem::Spread(spread) if matches!(spread.expr(), Expr::Ident(ident) if ["ctx", "dated"].contains(&ident.as_str())) => {}
                DictItem::Spread(_) => self.wrong("a dictionary is spread"),
            }),
            Expr::Ident(ident) if ["ctx", "start", "center", "end", "table", "ltr", "rtl"].contains(&ident.as_str()) => {}
            // The dimensions in `page.typ`.
            Expr::FieldAccess(access) if name(access.target()) == "sheet" => {}
            Expr::None(_) | Expr::Bool(_) | Expr::Int(_) | Expr::Float(_) | Expr::Numeric(_) => {}
            other => self.wrong(&format!("{other:?} is an argument")),
        }
    }
}

/// Returns the name of a called function, such as `b.rule`.
fn name(callee: Expr<'_>) -> String {
    match callee {
        Expr::Ident(ident) => ident.as_str().to_owned(),
        Expr::FieldAccess(access) => format!("{}.{}", name(access.target()), access.field().as_str()),
        other => format!("{:?}", other.to_untyped().kind()),
    }
}
