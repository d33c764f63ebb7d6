//! `:::` containers: their names, their attributes, and the blocks that they are converted to.

use super::attributes::{self, Attribute};
use super::condition;
use super::run::{self, Value};
use crate::diagnostic::Strictness;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{
    Attribution, Authored, AuthoredResources, Block, BlockKind, CalloutKind, Inline, NoticeForm, QuotationForm, ResourceStyle,
    Table,
};

/// Builds the block of a container from its attributes and content. Returns `None` after reporting an error.
type ContainerBuilder = fn(&Container, Vec<Block<Authored>>, &mut Diagnostics) -> Option<BlockKind<Authored>>;

/// A kind of container.
struct ContainerKind {
    name: &'static str,
    attributes: &'static [&'static str],
    /// Whether it can contain blocks. Such a container can have an id, except `only` and `passage`.
    has_body: bool,
    build: ContainerBuilder,
}

/// A container as written.
struct Container {
    name: &'static str,
    /// Location of its opening fence.
    span: Span,
    /// Location of its attributes.
    info: Span,
    attributes: Vec<Attribute>,
    /// The attribute `title`; empty if there is none.
    title: Vec<Inline<Authored>>,
}

/// The key of an id in a list of attributes.
const ID: &str = "#";

const QUOTATION: &[&str] = &["source", "date", "url", "licence"];

/// All kinds of container, sorted by name.
const CONTAINERS: &[ContainerKind] = &[
    with_body("aside", &["title"], |container, body, _| Some(BlockKind::Aside { title: container.title.clone(), body })),
    with_body("callout", &["kind", "title"], callout),
    without_body("changes", &[], |_, _, _| Some(BlockKind::Changes)),
    without_body("credits", &[], |_, _, _| Some(BlockKind::Credits)),
    with_body("epigraph", QUOTATION, |container, body, found| Some(quotation(container, QuotationForm::Epigraph, body, found))),
    without_body("image-credits", &[], |_, _, _| Some(BlockKind::ImageCredits)),
    without_body("imprint", &[], |_, _, _| Some(BlockKind::Imprint)),
    without_body("licence", &["form"], |container, _, found| {
        let forms = [NoticeForm::Full, NoticeForm::Brief].map(|form| (form.name(), form));
        Some(BlockKind::Licence(container.choice("form", &forms, NoticeForm::Full, found)))
    }),
    with_body("only", &condition::KEYS, only),
    with_body("passage", &["lang"], passage),
    with_body("quotation", QUOTATION, |container, body, found| Some(quotation(container, QuotationForm::Quotation, body, found))),
    without_body("resources", &["ids", "badge", "style"], |container, _, found| resources(container, found)),
    with_body("table", &["headers"], table),
    without_body("video", &["url", "title"], |container, _, found| video(container, found)),
];

const fn with_body(name: &'static str, attributes: &'static [&'static str], build: ContainerBuilder) -> ContainerKind {
    ContainerKind { name, attributes, has_body: true, build }
}

const fn without_body(name: &'static str, attributes: &'static [&'static str], build: ContainerBuilder) -> ContainerKind {
    ContainerKind { name, attributes, has_body: false, build }
}

/// The locations of a container and of its opening fence.
pub struct FencePlace {
    /// The text after the colons.
    pub info: Span,
    /// The whole fence.
    pub fence: Span,
    /// The whole container.
    pub block: Span,
}

/// Converts a container to a block. `info` is the text after the colons.
pub fn block(
    info: &str,
    place: &FencePlace,
    body: Vec<Block<Authored>>,
    strictness: Strictness,
    found: &mut Diagnostics,
) -> Option<Block<Authored>> {
    let FencePlace { info: info_span, fence: span, .. } = *place;
    let (kind, mut container) = header(info, info_span, span, found)?;
    container.title = container.read_title(info, info_span, strictness, found);
    if !kind.has_body && !body.is_empty() {
        let message = format!("a \"{}\" container cannot contain text", container.name);
        found.push(Diagnostic::new(code::CONTAINER, message).at(span).hint("close it with ::: on the next line"));
    }
    let id = container.find(ID).map(|attribute| (attribute.value.clone(), attribute.span(container.info)));
    // An id of the caption is the id of the table.
    let captioned = body.iter().filter(|block| kind.name == "table" && matches!(block.kind, BlockKind::Paragraph(_)));
    let written = captioned.filter_map(|block| block.id.clone()).next();
    if let (Some((own, _)), Some((other, at))) = (&id, &written)
        && own != other
    {
        let twice = Diagnostic::new(code::ATTRIBUTES, "this table has an id already").at(*at);
        found.push(strictness.soften(twice.hint("delete this one, or that of the container"), "it is left out"));
    }
    let id = id.or(written);
    Some(Block { id, span: place.block, kind: (kind.build)(&container, body, found)? })
}

/// Returns whether the text after the colons starts with the name of a container.
pub fn is_known(info: &str) -> bool {
    CONTAINERS.iter().any(|kind| kind.name == name_of(info))
}

/// Returns whether a container can contain text.
pub fn has_body(info: &str) -> bool {
    CONTAINERS.iter().any(|kind| kind.name == name_of(info) && kind.has_body)
}

fn name_of(info: &str) -> &str {
    info.split([' ', '\t', '{']).next().unwrap_or_default()
}

/// Returns the error for a container with an unknown name. For the names of Quarto, Docusaurus, VuePress and MyST, the hint gives
/// the equivalent.
pub fn unknown(info: &str, span: Span) -> Diagnostic {
    let name = name_of(info);
    let foreign = if name.is_empty() { info.trim_start_matches('{').trim_start_matches('.') } else { name };
    let word = foreign.split([' ', '\t', '}', '[', '.']).next().unwrap_or_default();
    let shown = if name.is_empty() { info } else { name };
    let wrong = Diagnostic::new(code::CONTAINER, format!("no container is named \"{shown}\"")).at(span);
    let bare = word.strip_prefix("callout-").unwrap_or(word);
    let callout = FOREIGN_CALLOUTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(bare));
    match callout {
        Some((_, kind)) => wrong.hint(format!("write ::: callout {{kind=\"{kind}\"}}")),
        None if name.is_empty() => {
            wrong.hint("write the name of a container without braces: ::: callout {kind=\"tip\"}, ::: aside, …")
        }
        None => wrong.suggest_listed(name, names(), "reliure explain containers"),
    }
}

/// Names of callouts in other tools, with the equivalent kind.
const FOREIGN_CALLOUTS: [(&str, &str); 12] = [
    ("note", "note"),
    ("info", "note"),
    ("seealso", "note"),
    ("abstract", "note"),
    ("tip", "tip"),
    ("hint", "tip"),
    ("important", "important"),
    ("attention", "important"),
    ("warning", "warning"),
    ("caution", "caution"),
    ("danger", "caution"),
    ("error", "caution"),
];

fn header(info: &str, info_span: Span, span: Span, found: &mut Diagnostics) -> Option<(&'static ContainerKind, Container)> {
    let name = name_of(info);
    let Some(kind) = CONTAINERS.iter().find(|kind| kind.name == name) else {
        found.push(unknown(info, info_span));
        return None;
    };
    let rest = info[name.len()..].trim_start();
    let offset = info_span.start + info.len() - rest.len();
    let list = match attributes::parse(rest) {
        Some((list, length)) if rest[length..].trim().is_empty() => list,
        None if rest.is_empty() => Vec::new(),
        _ => {
            let wrong = Diagnostic::new(code::CONTAINER, "these attributes cannot be read");
            found.push(wrong.at(info_span).hint(format!("write ::: {name} {{key=\"value\"}}")));
            return None;
        }
    };
    for attribute in &list {
        let is_id = attribute.key == ID && kind.has_body && !matches!(name, "only" | "passage");
        if !is_id && !kind.attributes.contains(&attribute.key.as_str()) {
            let at = Span { start: offset + attribute.range.start, end: offset + attribute.range.end, ..info_span };
            let message = format!("a \"{name}\" container has no attribute \"{}\"", attribute.key);
            let unknown = Diagnostic::new(code::CONTAINER, message).at(at);
            found.push(match kind.attributes {
                [] => unknown.hint("delete it: this container has no attributes"),
                allowed => unknown.suggest(&attribute.key, allowed.iter().copied()),
            });
        }
    }
    let info = Span { start: offset, end: info_span.end.max(offset), ..info_span };
    Some((kind, Container { name: kind.name, span, info, attributes: list, title: Vec::new() }))
}

/// Returns the names of all containers.
pub fn names() -> impl Iterator<Item = &'static str> {
    CONTAINERS.iter().map(|kind| kind.name)
}

impl Container {
    fn find(&self, key: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.key == key)
    }

    fn get(&self, key: &str) -> Option<String> {
        self.find(key).map(|attribute| attribute.value.clone())
    }

    /// Reads the attribute `title` of an aside or a callout as Markdown. `info` is the text at `info_span`.
    fn read_title(&self, info: &str, info_span: Span, strictness: Strictness, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
        let Some(title) = self.find("title").filter(|_| matches!(self.name, "aside" | "callout")) else { return Vec::new() };
        let span = title.span(self.info);
        let from = span.start.saturating_sub(info_span.start);
        let written = info.get(from..from + (span.end - span.start)).unwrap_or_default();
        run::read(&Value { source: span.source, text: &title.value, span, written }, strictness, found)
    }

    fn required(&self, key: &str, found: &mut Diagnostics) -> Option<&Attribute> {
        let attribute = self.find(key).filter(|attribute| !attribute.value.trim().is_empty());
        if attribute.is_none() {
            let message = format!("a \"{}\" container needs {key}", self.name);
            found.push(
                Diagnostic::new(code::CONTAINER, message).at(self.span).hint(format!("write ::: {} {{{key}=\"…\"}}", self.name)),
            );
        }
        attribute
    }

    /// Reads a required attribute with a list of words, each with its location.
    fn words(&self, key: &str, found: &mut Diagnostics) -> Option<Vec<(String, Span)>> {
        Some(self.required(key, found)?.words(self.info))
    }

    /// Reads an attribute with one of several values. Reports any other value, and returns the default.
    fn choice<T: Copy>(&self, key: &str, known: &[(&str, T)], default: T, found: &mut Diagnostics) -> T {
        let Some(attribute) = self.find(key) else { return default };
        if let Some((_, value)) = known.iter().find(|(name, _)| *name == attribute.value) {
            return *value;
        }
        let message = format!("\"{}\" is not a {key} of a \"{}\" container", attribute.value, self.name);
        let names = known.iter().map(|(name, _)| *name);
        found.push(Diagnostic::new(code::CONTAINER, message).at(attribute.span(self.info)).suggest(&attribute.value, names));
        default
    }
}

fn only(container: &Container, body: Vec<Block<Authored>>, found: &mut Diagnostics) -> Option<BlockKind<Authored>> {
    let condition = condition::read(&container.attributes, container.info, code::CONTAINER, found);
    if condition.is_none() {
        found.push(
            Diagnostic::new(code::CONTAINER, "an \"only\" container needs edition, since or except")
                .at(container.span)
                .hint("write ::: only {edition=\"…\"}"),
        );
    }
    Some(BlockKind::Only(condition?, body))
}

fn callout(container: &Container, body: Vec<Block<Authored>>, found: &mut Diagnostics) -> Option<BlockKind<Authored>> {
    let kind = container.choice("kind", &CalloutKind::ALL, CalloutKind::Note, found);
    Some(BlockKind::Callout { kind, title: container.title.clone(), body })
}

/// Reads a container of blocks in another language.
fn passage(container: &Container, body: Vec<Block<Authored>>, found: &mut Diagnostics) -> Option<BlockKind<Authored>> {
    let lang = container.required("lang", found)?;
    if !super::is_language(&lang.value) {
        found.push(super::not_a_language(&lang.value).at(lang.span(container.info)));
        return None;
    }
    Some(BlockKind::Passage(lang.value.clone(), body))
}

/// Reads a container of a table. A paragraph before or after the table is its caption.
fn table(container: &Container, body: Vec<Block<Authored>>, found: &mut Diagnostics) -> Option<BlockKind<Authored>> {
    let row_headers = container.choice("headers", &[("top", false), ("both", true)], false, found);
    let (mut tables, mut captions, mut others) = (Vec::new(), Vec::new(), 0);
    for block in body {
        match block.kind {
            BlockKind::Table(table) => tables.push(table),
            BlockKind::Paragraph(text) => captions.push(text),
            _ => others += 1,
        }
    }
    match (tables.pop(), captions.pop()) {
        (Some(table), caption) if tables.is_empty() && captions.is_empty() && others == 0 => {
            Some(BlockKind::Table(Table { caption: caption.unwrap_or_default(), row_headers, ..table }))
        }
        _ => {
            let wrong = Diagnostic::new(
                code::CONTAINER,
                "a \"table\" container contains one table, and at most one paragraph as its caption",
            );
            found.push(
                wrong.at(container.span).hint("leave a blank line between the caption and the table, and move the rest out"),
            );
            None
        }
    }
}

fn quotation(
    container: &Container,
    form: QuotationForm,
    body: Vec<Block<Authored>>,
    found: &mut Diagnostics,
) -> BlockKind<Authored> {
    let get = |key: &str| container.get(key).filter(|value| !value.trim().is_empty());
    let is_address = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    let url = get("url").filter(is_address);
    let source = Attribution { words: get("source"), date: get("date"), url, licence: get("licence") };
    if let Some(url) = get("url").filter(|url| !is_address(url)) {
        let message = format!("\"{url}\" is not the address of a quotation");
        found.push(
            Diagnostic::new(code::ADDRESS, message).at(container.info).hint("write the complete address, starting with https://"),
        );
    }
    BlockKind::Epigraph { form, source, body }
}

fn resources(container: &Container, found: &mut Diagnostics) -> Option<BlockKind<Authored>> {
    let styles = [("tiles", ResourceStyle::Tiles), ("list", ResourceStyle::List)];
    let style = container.choice("style", &styles, ResourceStyle::Tiles, found);
    let shared_badge = container.choice("badge", &[("shared", true), ("own", false)], false, found);
    let ids = container.words("ids", found)?;
    Some(BlockKind::Resources(AuthoredResources { ids, shared_badge, style, span: container.span }))
}

fn video(container: &Container, found: &mut Diagnostics) -> Option<BlockKind<Authored>> {
    let url = container.required("url", found)?.value.clone();
    let title = container.required("title", found)?.value.clone();
    Some(BlockKind::Video { url, title })
}
