//! Conversion of Markdown to blocks and inlines. Only this module uses the parser.

mod block_id;
mod braces;
mod cells;
mod code_block;
mod container;
mod html_block;
mod inline;
mod leaf_text;
mod mask;
mod notes;
mod span_map;

use std::collections::BTreeSet;

use comrak::nodes::{AlertType, AstNode, ListType, NodeHeading, NodeValue, TableAlignment};
use comrak::{Arena, Options, parse_document};

use self::block_id::LazyId;
use self::mask::{mask, mask_bars, unmask};
use self::notes::Notes;
use self::span_map::SpanMap;
use super::foreign::{self, Construct, ForeignMarkup, MarkupFate};
use super::html::{self, Builder, HtmlToken, LeftOutHtml, Lowering};
use super::run::{self, Value};
use super::typed::TypedText;
use super::{heading, mistyped};
use crate::diagnostic::Strictness;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, SourceId, Span, code};
use crate::model::{
    Align, Authored, Block, BlockKind, CalloutKind, DefinitionItem, Inline, InlineKind, ListItem, Remark, Table, TableCell,
};

/// Maximum nesting of blocks, and of inlines. The limits of Typst are only slightly higher.
const MAX_DEPTH: usize = 12;

/// Maximum number of columns of a table. Rows with fewer cells are padded to the full width.
pub const MAX_COLUMNS: usize = 64;

/// The content of a Markdown text.
pub struct Body {
    /// Its blocks.
    pub blocks: Vec<Block<Authored>>,
    /// Its comments, which are not printed.
    pub remarks: Vec<Remark>,
    /// Markup of other tools in it.
    pub foreign: ForeignMarkup,
    /// Attributes and tags of HTML that are left out.
    pub left_out: LeftOutHtml,
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
    let body = read(source, text, offset, strictness, found);
    run_of(body, found)
}

/// Reads a text of one line from a value with escapes, as one run. Its diagnostics have the location `span` of the whole value.
pub fn read_run_within(span: Span, text: &str, strictness: Strictness, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
    let body = read_within(span, text, strictness, found);
    run_of(body, found)
}

fn run_of(mut body: Body, found: &mut Diagnostics) -> Vec<Inline<Authored>> {
    // Titles and captions cannot have ids.
    for (_, span) in body.blocks.iter().filter_map(|block| block.id.as_ref()) {
        body.left_out.attribute("id", *span);
    }
    body.left_out.report(found);
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
    let mut root = parse_document(&arena, &masked, &options());
    let spans = SpanMap::of(source, text, offset, whole);
    let bars = cells::surplus(root, &spans, strictness, found);
    if !bars.is_empty() {
        root = parse_document(&arena, &mask_bars(&masked, &bars), &options());
    }
    let notes = Notes::of(root);
    Notes::report_unprinted(root, &spans, strictness, found);
    let mut reader = MarkdownReader {
        spans,
        notes,
        headings: headings(root),
        foreign: ForeignMarkup::default(),
        left_out: LeftOutHtml::default(),
        anchor: None,
        lazy_id: None,
        code_title: None,
        paragraphs: Vec::new(),
        remarks: Vec::new(),
        remarked: BTreeSet::new(),
        pieces: 0,
        strictness,
        found,
    };
    let mut blocks = reader.children(root, 0);
    if let Some((id, span)) = reader.anchor.take() {
        match blocks.last_mut().filter(|block| block.id.is_none()) {
            Some(last) => last.id = Some((id, span)),
            None => reader.left_out.attribute("id", span),
        }
    }
    Body { blocks, remarks: reader.remarks, foreign: reader.foreign, left_out: reader.left_out }
}

/// Returns the words of the headings, normalized for links by heading text.
fn headings(root: MarkdownNode<'_>) -> BTreeSet<String> {
    let words = root.descendants().filter(|node| matches!(node.data().value, NodeValue::Heading(_))).map(|heading| {
        let texts = heading.descendants().map(|node| match &node.data().value {
            NodeValue::Text(text) => text.to_string(),
            NodeValue::Code(code) => code.literal.clone(),
            _ => String::new(),
        });
        foreign::normalised(&texts.collect::<String>())
    });
    words.filter(|words| !words.is_empty()).collect()
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.table = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.description_lists = true;
    extension.alerts = true;
    extension.block_directive = true;
    extension.header_attributes = true;
    extension.link_attributes = true;
    extension.autolink = true;
    extension.math_dollars = true;
    // Escapes are kept as nodes, because escaped brackets do not delimit spans.
    options.parse.escaped_char_spans = true;
    // Notes that are never referenced, or whose name is already used, stay in the tree so that they can be reported.
    options.parse.leave_footnote_definitions = true;
    options
}

type MarkdownNode<'a> = &'a AstNode<'a>;

struct MarkdownReader<'a, 'd> {
    spans: SpanMap<'a>,
    notes: Notes<'a>,
    /// The words of the headings, normalized.
    headings: BTreeSet<String>,
    foreign: ForeignMarkup,
    left_out: LeftOutHtml,
    /// The pending id of an inline element. Its block gets it.
    anchor: Option<(String, Span)>,
    /// The pending id in the line after the current block. One of the enclosing blocks gets it.
    lazy_id: Option<LazyId>,
    /// The title of the current code block, which is printed above it.
    code_title: Option<Block<Authored>>,
    /// The paragraphs of the current block.
    paragraphs: Vec<TypedText>,
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

    /// Returns whether a block is nested too deeply. If so, reports it.
    fn is_too_deep(&mut self, depth: usize, span: Span) -> bool {
        if depth > MAX_DEPTH {
            let message = format!("blocks are nested more than {MAX_DEPTH} deep here");
            self.error(code::NESTING, message, span, "flatten the lists or quotations");
        }
        depth > MAX_DEPTH
    }

    fn children(&mut self, node: MarkdownNode<'a>, depth: usize) -> Vec<Block<Authored>> {
        let mut tree = Builder::default();
        let around = std::mem::take(&mut self.paragraphs);
        for child in node.children() {
            if let NodeValue::HtmlBlock(html) = &child.data().value {
                self.html_block(child, &html.literal, depth, &mut tree);
                continue;
            }
            if let Some(id) = self.lone_id(child) {
                self.give_id_to_previous(tree.last(), id);
                continue;
            }
            let depth = depth + 1 + tree.depth();
            if matches!(child.data().value, NodeValue::BlockDirective(_)) {
                self.container(child, depth).into_iter().for_each(|block| tree.push(html::HtmlNode::Block(block)));
            } else if let Some(block) = self.block(child, depth) {
                self.code_title.take().into_iter().for_each(|title| tree.push(html::HtmlNode::Block(title)));
                tree.push(match block {
                    // The next block gets the id.
                    Block { id: Some((id, span)), kind: BlockKind::Paragraph(text), .. } if text.is_empty() => {
                        html::HtmlNode::anchor(id, span)
                    }
                    block => html::HtmlNode::Block(block),
                });
            }
        }
        self.typed_lists();
        self.paragraphs = around;
        let mut lowering = Lowering::new(self.found, &mut self.left_out, self.strictness);
        let nodes = tree.finish(&mut lowering);
        let blocks = lowering.flow(nodes);
        self.anchor = lowering.take_id();
        blocks
    }

    /// Reads a block. If an inline element in it has an id, the block gets this id.
    fn block(&mut self, node: MarkdownNode<'a>, depth: usize) -> Option<Block<Authored>> {
        let mut block = self.block_alone(node, depth)?;
        if block.id.is_none() {
            block.id = self.lazy_id(&block);
        }
        match (block.id.is_some(), self.anchor.take()) {
            (true, Some((_, span))) => self.left_out.attribute("id", span),
            (false, id @ Some(_)) => return Some(Block { id, ..block }),
            _ => {}
        }
        Some(block)
    }

    fn block_alone(&mut self, node: MarkdownNode<'a>, depth: usize) -> Option<Block<Authored>> {
        let span = self.spans.span(node);
        if self.is_too_deep(depth, span) {
            return None;
        }
        let value = node.data().value.clone();
        let kind = match value {
            NodeValue::Paragraph => {
                let mut typed = self.typed_text(node);
                let written = self.paragraph_id(node, &mut typed);
                self.paragraph_marks(node, typed);
                let mut text = self.inlines(node, 0);
                if let Some(braces) = &written.braces {
                    block_id::without_braces(&mut text, braces);
                }
                let kind = BlockKind::of_inlines(text);
                let id = if matches!(kind, BlockKind::Figure(_)) { self.image_id(node) } else { None };
                return Some(Block { id: id.or(written.id), span, kind });
            }
            NodeValue::Heading(heading) => {
                let kind = self.heading(node, heading, span)?;
                let id = node.data().attrs.as_ref().and_then(|attributes| attributes.id.clone()).map(|id| (id, span));
                return Some(Block { id, span, kind });
            }
            NodeValue::BlockQuote => BlockKind::Quote(self.children(node, depth)),
            NodeValue::List(list) => {
                let start = (list.list_type == ListType::Ordered).then_some(list.start as u64);
                BlockKind::List { start, tight: list.tight, items: self.items(node, depth) }
            }
            NodeValue::DescriptionList => BlockKind::Definitions(self.definitions(node, depth)),
            NodeValue::CodeBlock(block) => return Some(self.code_block(node, &block, span)),
            NodeValue::ThematicBreak => {
                self.ruled_table(node, span);
                BlockKind::Rule
            }
            NodeValue::Table(table) => self.table(node, &table.alignments, span)?,
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

    fn heading(&mut self, node: MarkdownNode<'a>, heading: NodeHeading, span: Span) -> Option<BlockKind<Authored>> {
        let attributes = node.data().attrs.clone().unwrap_or_default();
        if !attributes.classes.is_empty() || !attributes.pairs.is_empty() {
            let written = self.spans.written(span);
            let at = written.rfind('{').unwrap_or(0);
            self.foreign.add(HEADING_ATTRIBUTES, &written[at..], self.spans.within(span, at..written.len()));
        }
        let mut text = self.words(node);
        if let Some(attributes) = unread_attributes(&text) {
            let hint = "write one id of letters without accents, digits and hyphens: ## The lock {#lock}";
            let message = format!("\"{attributes}\" cannot be read as the id of this heading");
            let unread = Diagnostic::new(code::ATTRIBUTES, message).at(span).hint(hint);
            self.found.push(self.strictness.soften(unread, "it is left out"));
            block_id::without_braces(&mut text, &attributes);
        }
        heading::of(heading.level, text, span, self.strictness, self.found)
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
                    definition.term.extend(self.words(inner));
                } else {
                    definition.details.push(self.children(part, depth));
                }
            }
            match items.last_mut() {
                // The parser yields each further definition of a term as a separate item.
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
        let mut header: Vec<Vec<TableCell<Authored>>> = node.children().map(|row| self.table_row(row)).collect();
        let rows = header.split_off(header.len().min(1));
        Some(BlockKind::Table(Table { caption: Vec::new(), row_headers: false, columns, header, rows }))
    }

    fn table_row(&mut self, row: MarkdownNode<'a>) -> Vec<TableCell<Authored>> {
        row.children().map(|cell| TableCell::of_line(self.words(cell), self.spans.span(cell))).collect()
    }

    /// Reads a heading, a term or a cell.
    fn words(&mut self, node: MarkdownNode<'a>) -> Vec<Inline<Authored>> {
        let typed = self.typed_text(node);
        self.foreign.search(&typed, &self.headings);
        self.inlines(node, 0)
    }

    /// Finds markup of other tools in a paragraph.
    fn paragraph_marks(&mut self, node: MarkdownNode<'a>, typed: TypedText) {
        mistyped::search(&typed, self.found);
        self.foreign.search(&typed, &self.headings);
        let is =
            |node: Option<MarkdownNode<'a>>, wanted: fn(&NodeValue) -> bool| node.is_some_and(|node| wanted(&node.data().value));
        let is_table = |value: &NodeValue| matches!(value, NodeValue::Table(_));
        let beside_table = is(node.previous_sibling(), is_table) || is(node.next_sibling(), is_table);
        let first = typed.text.lines().next().unwrap_or_default();
        let captioned = first.starts_with(": ") || beside_table && (first.starts_with("Table: ") || first.starts_with("table: "));
        let starts_quote = node.previous_sibling().is_none() && is(node.parent(), |value| matches!(value, NodeValue::BlockQuote));
        let callout =
            first.strip_prefix("[!").and_then(|rest| rest.split_once(']')).filter(|(name, _)| !name.is_empty() && starts_quote);
        if captioned {
            self.foreign.add_range(TABLE_CAPTION, &typed, 0..first.len());
        } else if callout.is_some() {
            self.foreign.add_range(CALLOUT, &typed, 0..first.len());
        }
        self.paragraphs.push(typed);
    }

    /// Finds the ruled line of a Pandoc simple table, which the parser reads as a thematic break.
    fn ruled_table(&mut self, node: MarkdownNode<'a>, span: Span) {
        let line = self.spans.written(span).trim_end();
        let columns = line.split_whitespace().filter(|column| column.len() > 1 && column.bytes().all(|byte| byte == b'-'));
        if columns.count() > 1 {
            self.foreign.add(SIMPLE_TABLE, line, self.spans.first_line(node));
        }
    }

    /// Finds lists with markers of other tools among the paragraphs of the current block.
    fn typed_lists(&mut self) {
        let lines = self.paragraphs.iter().flat_map(|typed| typed.lines().map(move |(start, line)| ((typed, start), line)));
        for (construct, (typed, start), range) in foreign::typed_lists(lines) {
            self.foreign.add_range(construct, typed, start + range.start..start + range.end);
        }
    }

    /// Adds the tokens of raw HTML to a tree, and collects comments. `room` is the number of further nesting levels that are
    /// allowed.
    fn html(&mut self, tokens: Vec<HtmlToken>, room: usize, tree: &mut Builder) {
        for token in tokens {
            match token {
                // A note that is referenced twice is read twice, but its comments are collected once.
                HtmlToken::Comment(text, span) if self.remarked.insert(span) => {
                    self.remarks.push(Remark { text: unmask(&text), span });
                }
                token => tree.token(token, room, &mut Lowering::new(self.found, &mut self.left_out, self.strictness)),
            }
        }
    }
}

const HEADING_ATTRIBUTES: Construct = Construct {
    name: "an attribute of a heading",
    tool: "Pandoc and Quarto",
    hint: "keep the id only: ## Title {#id}. The layout numbers headings and sets their appearance",
    fate: MarkupFate::LeftOut,
};

const TABLE_CAPTION: Construct = Construct {
    name: "the caption of a table",
    tool: "Pandoc and Quarto",
    hint: "put the table between ::: table and :::, and write the caption inside as a paragraph",
    fate: MarkupFate::Printed,
};

const SIMPLE_TABLE: Construct = Construct {
    name: "a simple table",
    tool: "Pandoc",
    hint: "write it with bars: | a | b |, then |---|---|",
    fate: MarkupFate::Printed,
};

const CALLOUT: Construct = Construct {
    name: "a callout",
    tool: "Obsidian and Docusaurus",
    hint: "write one of [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] and [!CAUTION], or ::: callout {title=\"…\"}",
    fate: MarkupFate::Printed,
};

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
