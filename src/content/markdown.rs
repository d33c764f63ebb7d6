//! Conversion of Markdown to blocks and inlines. Only this module uses the parser.

mod inline;
mod mask;
mod notes;
mod span_map;

use std::collections::BTreeSet;

use comrak::nodes::{AlertType, AstNode, ListType, NodeValue, TableAlignment};
use comrak::{Arena, Options, parse_document};

use self::mask::{mask, unmask};
use self::notes::Notes;
use self::span_map::SpanMap;
use super::html::{self, Builder, HtmlToken, Lowering, tokens};
use super::run::{self, Value};
use super::{directive, heading, highlight};
use crate::characters;
use crate::diagnostic::Strictness;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceId, Span, code};
use crate::model::{Align, Authored, Block, BlockKind, CalloutKind, DefinitionItem, Inline, InlineKind, ListItem, Remark, Table};

/// Maximum nesting of blocks, and of inlines. The limits of Typst are only slightly higher.
const MAX_DEPTH: usize = 12;

/// Maximum number of columns of a table. Every row has all of them, even if it is written with fewer cells.
const MAX_COLUMNS: usize = 64;

/// The content of a Markdown text.
pub struct Body {
    /// Its blocks.
    pub blocks: Vec<Block<Authored>>,
    /// Its comments, which are not printed.
    pub remarks: Vec<Remark>,
}

/// Reads a Markdown text that starts `offset` bytes into its file.
pub fn read(source: SourceId, text: &str, offset: usize, strictness: Strictness, found: &mut Diagnostics) -> Body {
    read_at(source, text, offset, None, strictness, found)
}

/// Reads a Markdown text from a TOML string with escapes. Its diagnostics have the location `span` of the whole string.
pub fn read_within(span: Span, text: &str, strictness: Strictness, found: &mut Diagnostics) -> Body {
    let mut inner = Diagnostics::default();
    let body = read_at(span.source, text, 0, Some(span), strictness, &mut inner);
    inner.relocate(span);
    found.extend(inner);
    body
}

/// Reads a text of one line that starts `offset` bytes into its file, as one run.
pub fn read_run(
    source: SourceId,
    text: &str,
    offset: usize,
    strictness: Strictness,
    found: &mut Diagnostics,
) -> Vec<Inline<Authored>> {
    run_of(read(source, text, offset, strictness, found))
}

/// Reads a text of one line from a value with escapes, as one run. Its diagnostics have the location `span` of the whole value.
pub fn read_run_within(span: Span, text: &str, strictness: Strictness, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
    run_of(read_within(span, text, strictness, found))
}

fn run_of(body: Body) -> Vec<Inline<Authored>> {
    match body.blocks.into_iter().next().map(|block| block.kind) {
        Some(BlockKind::Paragraph(text)) => text,
        _ => Vec::new(),
    }
}

fn read_at(
    source: SourceId,
    text: &str,
    offset: usize,
    whole: Option<Span>,
    strictness: Strictness,
    found: &mut Diagnostics,
) -> Body {
    let arena = Arena::new();
    let masked = mask(text);
    let root = parse_document(&arena, &masked, &options());
    let spans = SpanMap::of(source, text, offset, whole);
    let notes = Notes::of(root);
    notes.uncalled(root, &spans, found);
    let mut reader =
        MarkdownReader { spans, notes, remarks: Vec::new(), remarked: BTreeSet::new(), pieces: 0, strictness, found };
    let blocks = reader.children(root, 0);
    Body { blocks, remarks: reader.remarks }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.description_lists = true;
    extension.superscript = true;
    extension.subscript = true;
    extension.alerts = true;
    extension.block_directive = true;
    extension.header_attributes = true;
    extension.link_attributes = true;
    extension.autolink = true;
    // Escapes are kept as nodes, because escaped brackets do not delimit spans.
    options.parse.escaped_char_spans = true;
    options
}

type MarkdownNode<'a> = &'a AstNode<'a>;

struct MarkdownReader<'a, 'd> {
    spans: SpanMap<'a>,
    notes: Notes<'a>,
    remarks: Vec<Remark>,
    /// Locations of the comments.
    remarked: BTreeSet<Span>,
    /// Number of inlines in the current paragraph.
    pieces: usize,
    strictness: Strictness,
    found: &'d mut Diagnostics,
}

impl<'a> MarkdownReader<'a, '_> {
    fn error(&mut self, code: Code, message: impl Into<String>, span: Span, hint: &str) {
        self.found.push(Diagnostic::new(code, message).at(span).hint(hint));
    }

    fn children(&mut self, node: MarkdownNode<'a>, depth: usize) -> Vec<Block<Authored>> {
        let mut tree = Builder::default();
        for child in node.children() {
            if let NodeValue::HtmlBlock(html) = &child.data().value {
                let html = &html.literal;
                let lines = self.spans.lines(child, html);
                let tokens = tokens(html, &|range| self.spans.html_span(&lines, range));
                self.html(tokens, MAX_DEPTH.saturating_sub(depth), &mut tree);
                continue;
            }
            if let Some(block) = self.block(child, depth + 1 + tree.depth()) {
                tree.push(html::HtmlNode::Block(block));
            }
        }
        let mut lowering = Lowering::new(self.found, self.strictness);
        let nodes = tree.finish(&mut lowering);
        lowering.flow(nodes)
    }

    fn block(&mut self, node: MarkdownNode<'a>, depth: usize) -> Option<Block<Authored>> {
        let span = self.spans.span(node);
        if depth > MAX_DEPTH {
            let message = format!("blocks are nested more than {MAX_DEPTH} deep here");
            self.error(code::NESTING, message, span, "flatten the lists or quotations");
            return None;
        }
        let value = node.data().value.clone();
        let kind = match value {
            NodeValue::Paragraph => BlockKind::of_inlines(self.inlines(node, 0)),
            NodeValue::Heading(heading) => {
                let kind = self.heading(node, heading.level, span)?;
                let id = node.data().attrs.as_ref().and_then(|attributes| attributes.id.clone()).map(|id| (id, span));
                return Some(Block { id, span, kind });
            }
            NodeValue::BlockQuote => BlockKind::Quote(self.children(node, depth)),
            NodeValue::List(list) => {
                let start = (list.list_type == ListType::Ordered).then_some(list.start as u64);
                BlockKind::List { start, tight: list.tight, items: self.items(node, depth) }
            }
            NodeValue::DescriptionList => BlockKind::Definitions(self.definitions(node, depth)),
            NodeValue::CodeBlock(block) => {
                characters::check_value(&block.info, span, self.found);
                let lang = block.info.split_whitespace().next().filter(|word| !word.starts_with('{')).map(str::to_owned);
                let text = unmask(block.literal.strip_suffix('\n').unwrap_or(&block.literal));
                let tokens = lang.as_deref().map(|lang| highlight::tokens(lang, &text)).unwrap_or_default();
                BlockKind::Code { lang, text, tokens }
            }
            NodeValue::ThematicBreak => BlockKind::Rule,
            NodeValue::Table(table) => self.table(node, &table.alignments, span)?,
            NodeValue::BlockDirective(_) => self.container(node, span, depth)?,
            NodeValue::Alert(alert) => BlockKind::Callout {
                kind: callout(alert.alert_type),
                title: self.run(alert.title.as_deref().unwrap_or_default(), span),
                body: self.children(node, depth),
            },
            _ => return None,
        };
        Some(Block::new(kind, span))
    }

    /// Reads a title or a caption that is written in the node at `span`.
    fn run(&mut self, text: &str, span: Span) -> Vec<Inline<Authored>> {
        let written = self.spans.written(span);
        let value = Value { source: span.source, text, span, written: written.get(..span.end - span.start).unwrap_or(written) };
        run::read(&value, self.strictness, self.found)
    }

    fn heading(&mut self, node: MarkdownNode<'a>, level: u8, span: Span) -> Option<BlockKind<Authored>> {
        let text = self.inlines(node, 0);
        if let Some(attributes) = unread_attributes(&text) {
            let hint = "write one id of letters without accents, digits and hyphens: ## The lock {#lock}";
            self.error(code::ATTRIBUTES, format!("\"{attributes}\" cannot be read as the id of this heading"), span, hint);
        }
        heading::of(level, text, span, self.strictness, self.found)
    }

    fn items(&mut self, node: MarkdownNode<'a>, depth: usize) -> Vec<ListItem<Authored>> {
        node.children()
            .map(|item| {
                let task = match &item.data().value {
                    NodeValue::TaskItem(task) => Some(task.symbol.is_some()),
                    _ => None,
                };
                ListItem { task, body: self.children(item, depth) }
            })
            .collect()
    }

    fn definitions(&mut self, node: MarkdownNode<'a>, depth: usize) -> Vec<DefinitionItem<Authored>> {
        let mut items: Vec<DefinitionItem<Authored>> = Vec::new();
        for item in node.children() {
            let mut definition = DefinitionItem { term: Vec::new(), details: Vec::new() };
            for part in item.children() {
                let term = matches!(part.data().value, NodeValue::DescriptionTerm);
                if term {
                    let inner = part.children().next().unwrap_or(part);
                    definition.term.extend(self.inlines(inner, 0));
                } else {
                    definition.details.push(self.children(part, depth));
                }
            }
            match items.last_mut() {
                // The parser yields another definition of the same term as a separate item.
                Some(before) if definition.term.is_empty() => before.details.extend(definition.details),
                _ => items.push(definition),
            }
        }
        items
    }

    fn table(&mut self, node: MarkdownNode<'a>, alignments: &[TableAlignment], span: Span) -> Option<BlockKind<Authored>> {
        if alignments.len() > MAX_COLUMNS {
            let message = format!("this table has {} columns, more than {MAX_COLUMNS}", alignments.len());
            self.error(code::LIMIT, message, span, "split it into several tables, or swap its rows and columns");
            return None;
        }
        let columns = alignments
            .iter()
            .map(|alignment| match alignment {
                TableAlignment::None | TableAlignment::Left => Align::Start,
                TableAlignment::Center => Align::Center,
                TableAlignment::Right => Align::End,
            })
            .collect();
        let mut rows: Vec<Vec<Vec<Inline<Authored>>>> =
            node.children().map(|row| row.children().map(|cell| self.inlines(cell, 0)).collect()).collect();
        let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Some(BlockKind::Table(Table { caption: Vec::new(), row_headers: false, columns, header, rows }))
    }

    fn container(&mut self, node: MarkdownNode<'a>, span: Span, depth: usize) -> Option<BlockKind<Authored>> {
        let at = span.start.saturating_sub(self.spans.offset);
        let line = self.spans.text.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
        let info = line.trim_start_matches(':').trim();
        let start = span.start + line.find(info).unwrap_or(0);
        let fence = Span { end: span.start + line.len(), ..span };
        if !self.spans.is_closed(node) {
            self.error(code::CONTAINER, "this container is not closed", fence, "end it with a line of as many colons");
        }
        let body = self.children(node, depth);
        let place = directive::FencePlace { info: Span { start, end: start + info.len(), ..span }, fence };
        directive::block(info, &place, body, self.strictness, self.found)
    }

    /// Adds the tokens of raw HTML to a tree, and collects comments. `room` is the number of further nesting levels that are allowed.
    fn html(&mut self, tokens: Vec<HtmlToken>, room: usize, tree: &mut Builder) {
        for token in tokens {
            match token {
                // A note that is referenced twice is read twice.
                HtmlToken::Comment(text, span) if self.remarked.insert(span) => {
                    self.remarks.push(Remark { text: unmask(&text), span });
                }
                token => tree.token(token, room, &mut Lowering::new(self.found, self.strictness)),
            }
        }
    }
}

/// Returns the braces at the end of a heading if they look like attributes that the parser did not read.
fn unread_attributes(text: &[Inline<Authored>]) -> Option<String> {
    let Some(InlineKind::Text(last)) = text.last().map(|inline| &inline.kind) else { return None };
    let last = last.trim_end();
    let start = last.rfind('{').filter(|_| last.ends_with('}'))?;
    let braces = last.get(start..)?;
    (braces.starts_with("{#") || braces.starts_with("{.") || braces.contains('=')).then(|| braces.to_owned())
}

fn callout(alert: AlertType) -> CalloutKind {
    match alert {
        AlertType::Note => CalloutKind::Note,
        AlertType::Tip => CalloutKind::Tip,
        AlertType::Important => CalloutKind::Important,
        AlertType::Warning => CalloutKind::Warning,
        AlertType::Caution => CalloutKind::Caution,
    }
}
