//! Markdown to blocks and inlines. The only file that names the parser.

use std::collections::{BTreeMap, BTreeSet};

use comrak::nodes::{AlertType, AstNode, ListType, NodeValue, TableAlignment};
use comrak::{Arena, Options, parse_document};

use super::directive;
use super::leaf::{self, Stretch, Written};
use super::spans::{self, Piece};
use crate::characters;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, code};
use crate::model::{
    Align, Authored, AuthoredImage, AuthoredTarget, Block, BlockKind, CalloutKind, DefinitionItem, Inline, InlineKind, ListItem,
    Note, Remark, Table, plain_text,
};

/// Blocks and inlines may each stand this deep; Typst gives up not far beyond.
const MAX_DEPTH: usize = 12;

/// A note may call a note, which may call another; no further.
const MAX_NOTE_DEPTH: usize = 3;

/// A note that is called again is read again, and one that calls others multiplies them: so many bytes in a section, no more.
const MOST_AGAIN: usize = 4 << 20;

/// A paragraph may have so many links, notes, runs of emphasis and escaped characters: each glyph of it looks for its own.
const MOST_PIECES: usize = 10_000;

/// A table may have so many columns: no page shows more, and each row has them all.
const MOST_COLUMNS: usize = 64;

/// Stands for a colon in the attributes of a container while the parser reads: comrak 0.59 takes no colon there. It is a
/// control character, which no source may hold.
const COLON: char = '\u{1F}';

/// What a Markdown text holds.
pub struct Body {
    /// Its blocks.
    pub blocks: Vec<Block<Authored>>,
    /// Its comments, which are printed nowhere.
    pub remarks: Vec<Remark>,
}

/// Reads a Markdown text that starts `offset` bytes into its file.
pub fn read(source: SourceId, text: &str, offset: usize, found: &mut Diagnostics) -> Body {
    read_at(source, text, offset, None, found)
}

/// Reads a Markdown text that the file has otherwise, with escapes of TOML: all that is known is its place.
pub fn read_within(span: Span, text: &str, found: &mut Diagnostics) -> Body {
    let mut told = Diagnostics::default();
    let body = read_at(span.source, text, 0, Some(span), &mut told);
    told.settle(span);
    found.extend(told);
    body
}

fn read_at(source: SourceId, text: &str, offset: usize, whole: Option<Span>, found: &mut Diagnostics) -> Body {
    let arena = Arena::new();
    let masked = mask(text);
    let root = parse_document(&arena, &masked, &options());
    let notes: BTreeMap<String, Node<'_>> = root
        .children()
        .filter_map(|node| match &node.data().value {
            NodeValue::FootnoteDefinition(definition) => Some((definition.name.clone(), node)),
            _ => None,
        })
        .collect();
    let line_starts =
        std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1)).collect();
    uncalled_notes(source, text, offset, root, &notes, found);
    let mut reader = Reader {
        source,
        text,
        offset,
        whole,
        line_starts,
        notes,
        read: BTreeSet::new(),
        note_depth: 0,
        remarks: Vec::new(),
        remarked: BTreeSet::new(),
        deep: BTreeSet::new(),
        pieces: 0,
        again: 0,
        repeated: false,
        elements: Vec::new(),
        found,
    };
    let blocks = reader.children(root, 0);
    Body { blocks, remarks: reader.remarks }
}

/// Warns of notes that are written and never called: the parser drops them.
fn uncalled_notes(
    source: SourceId,
    text: &str,
    offset: usize,
    root: Node<'_>,
    notes: &BTreeMap<String, Node<'_>>,
    found: &mut Diagnostics,
) {
    let mut verbatim: Vec<(usize, usize)> = root
        .descendants()
        .filter(|node| matches!(node.data().value, NodeValue::CodeBlock(_) | NodeValue::HtmlBlock(_)))
        .map(|node| (node.data().sourcepos.start.line, node.data().sourcepos.end.line))
        .collect();
    // The parser moves notes to the end.
    verbatim.sort_unstable();
    let called: BTreeSet<String> = notes.keys().map(|name| name.to_lowercase()).collect();
    let mut verbatim = verbatim.into_iter().peekable();
    let mut start = offset;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        while verbatim.next_if(|(_, last)| *last < index + 1).is_some() {}
        let defined = line.trim_start_matches([' ', '>']).strip_prefix("[^").and_then(|rest| rest.split_once("]:"));
        if let Some((name, _)) = defined
            && !name.contains([']', ' '])
            && !called.contains(&name.to_lowercase())
            && verbatim.peek().is_none_or(|(first, _)| *first > index + 1)
        {
            let message = format!("the note \"{name}\" is written and never called");
            let lost = Diagnostic::warning(code::NOTE, message).at(Span::new(source, start..start + line.trim_end().len()));
            found.push(lost.hint(format!("call it with [^{name}], or delete it: it is printed nowhere")));
        }
        start += line.len();
    }
}

/// Masks the colons that follow the fence of a container; every byte keeps its place.
fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let fence = line.trim_start_matches([' ', '\t', '>']);
        let info = fence.trim_start_matches(':');
        if fence.len() - info.len() < 3 {
            masked.push_str(line);
            continue;
        }
        masked.push_str(&line[..line.len() - info.len()]);
        masked.push_str(&info.replace(':', COLON.encode_utf8(&mut [0; 4])));
    }
    masked
}

fn unmask(text: &str) -> String {
    text.replace(COLON, ":")
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
    // An escaped bracket must stay a character when spans are read.
    options.parse.escaped_char_spans = true;
    options
}

type Node<'a> = &'a AstNode<'a>;

struct Reader<'a, 'd> {
    source: SourceId,
    text: &'a str,
    offset: usize,
    /// The place of the text, when no part of it is known.
    whole: Option<Span>,
    line_starts: Vec<usize>,
    notes: BTreeMap<String, Node<'a>>,
    /// Names of the notes that were read.
    read: BTreeSet<String>,
    note_depth: usize,
    remarks: Vec<Remark>,
    /// Where the remarks stand.
    remarked: BTreeSet<Span>,
    /// Where notes stood too deep.
    deep: BTreeSet<Span>,
    /// Pieces of the paragraph so far.
    pieces: usize,
    /// Bytes of notes that were read again.
    again: usize,
    /// That was told.
    repeated: bool,
    /// Names of the HTML elements told of so far.
    elements: Vec<String>,
    found: &'d mut Diagnostics,
}

impl<'a> Reader<'a, '_> {
    /// The place of a node: its start is exact, its end at least a character later.
    fn span(&self, node: Node<'a>) -> Span {
        if let Some(whole) = self.whole {
            return whole;
        }
        let position = node.data().sourcepos;
        let byte = |line: usize, column: usize| {
            let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
            crate::diagnostic::floor_char_boundary(self.text, start + column.saturating_sub(1))
        };
        let start = byte(position.start.line, position.start.column);
        let end = byte(position.end.line, position.end.column + 1).max(start);
        Span::new(self.source, self.offset + start..self.offset + end)
    }

    fn error(&mut self, code: crate::diagnostic::Code, message: impl Into<String>, span: Span, hint: &str) {
        self.found.push(Diagnostic::error(code, message).at(span).hint(hint));
    }

    fn children(&mut self, node: Node<'a>, depth: usize) -> Vec<Block<Authored>> {
        node.children().filter_map(|child| self.block(child, depth + 1)).collect()
    }

    fn block(&mut self, node: Node<'a>, depth: usize) -> Option<Block<Authored>> {
        let span = self.span(node);
        if depth > MAX_DEPTH {
            let message = format!("blocks are nested more than {MAX_DEPTH} deep here");
            self.error(code::NESTING, message, span, "flatten the lists or quotations");
            return None;
        }
        let value = node.data().value.clone();
        let kind = match value {
            NodeValue::Paragraph => BlockKind::of_inlines(self.inlines(node, 0)),
            NodeValue::Heading(heading) => self.heading(node, heading.level, span)?,
            NodeValue::BlockQuote => BlockKind::Quote(self.children(node, depth)),
            NodeValue::List(list) => {
                let start = (list.list_type == ListType::Ordered).then_some(list.start as u64);
                BlockKind::List { start, tight: list.tight, items: self.items(node, depth) }
            }
            NodeValue::DescriptionList => BlockKind::Definitions(self.definitions(node, depth)),
            NodeValue::CodeBlock(block) => {
                characters::check_value(&block.info, span, self.found);
                let lang = block.info.split_whitespace().next().filter(|word| !word.starts_with('{')).map(str::to_owned);
                BlockKind::Code { lang, text: unmask(block.literal.strip_suffix('\n').unwrap_or(&block.literal)) }
            }
            NodeValue::HtmlBlock(html) => {
                self.html(&html.literal, span);
                return None;
            }
            NodeValue::ThematicBreak => BlockKind::Rule,
            NodeValue::Table(table) => self.table(node, &table.alignments, span)?,
            NodeValue::BlockDirective(_) => self.container(node, span, depth)?,
            NodeValue::Alert(alert) => BlockKind::Callout {
                kind: callout(alert.alert_type),
                title: alert.title.clone(),
                body: self.children(node, depth),
            },
            _ => return None,
        };
        Some(Block { span, kind })
    }

    fn heading(&mut self, node: Node<'a>, level: u8, span: Span) -> Option<BlockKind<Authored>> {
        if level == 1 {
            let message = "a heading of level 1 stands inside a section";
            self.error(code::HEADING, message, span, "start at ##: the section's title comes from its front matter");
            return None;
        }
        let id = node.data().attrs.as_ref().and_then(|attributes| attributes.id.clone()).map(|id| (id, span));
        let text = self.inlines(node, 0);
        if let Some(attributes) = unread_attributes(&text) {
            let hint = "write one id of letters without accents, digits and hyphens: ## The lock {#lock}";
            self.error(code::ATTRIBUTES, format!("\"{attributes}\" cannot be read as the id of this heading"), span, hint);
        }
        if plain_text(&text).trim().is_empty() {
            self.error(code::HEADING, "this heading is empty", span, "give it words, or delete it");
            return None;
        }
        Some(BlockKind::Heading { level, id, text })
    }

    fn items(&mut self, node: Node<'a>, depth: usize) -> Vec<ListItem<Authored>> {
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

    fn definitions(&mut self, node: Node<'a>, depth: usize) -> Vec<DefinitionItem<Authored>> {
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
                // A further definition of the same term comes as an item of its own.
                Some(before) if definition.term.is_empty() => before.details.extend(definition.details),
                _ => items.push(definition),
            }
        }
        items
    }

    fn table(&mut self, node: Node<'a>, alignments: &[TableAlignment], span: Span) -> Option<BlockKind<Authored>> {
        if alignments.len() > MOST_COLUMNS {
            let message = format!("this table has {} columns, more than {MOST_COLUMNS}", alignments.len());
            self.error(code::LIMIT, message, span, "make several tables of it, or turn it: a row for each column");
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
        Some(BlockKind::Table(Table { columns, header, rows }))
    }

    fn container(&mut self, node: Node<'a>, span: Span, depth: usize) -> Option<BlockKind<Authored>> {
        let at = span.start.saturating_sub(self.offset);
        let line = self.text.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
        let info = line.trim_start_matches(':').trim();
        let start = span.start + line.find(info).unwrap_or(0);
        let fence = Span { end: span.start + line.len(), ..span };
        if !self.is_closed(node) {
            self.error(code::CONTAINER, "this container is not closed", fence, "end it with a line of as many colons");
        }
        let body = self.children(node, depth);
        directive::block(info, Span { start, end: start + info.len(), ..span }, fence, body, self.found)
    }

    /// Tells whether the last line of a container is its closing fence: the parser closes it silently at the end.
    fn is_closed(&self, node: Node<'a>) -> bool {
        let position = node.data().sourcepos;
        let line = |number: usize| {
            let start = self.line_starts.get(number.saturating_sub(1)).copied().unwrap_or(self.text.len());
            self.text
                .get(start..)
                .unwrap_or_default()
                .lines()
                .next()
                .unwrap_or_default()
                .trim_start_matches([' ', '>', '\t'])
                .trim_end()
        };
        let fence = |text: &str| text.len() >= 3 && text.bytes().all(|b| b == b':');
        position.end.line > position.start.line && fence(line(position.end.line))
    }

    fn html(&mut self, literal: &str, span: Span) {
        let trimmed = literal.trim();
        if let Some(text) = trimmed.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
            // A note that is called twice is read twice.
            if self.remarked.insert(span) {
                self.remarks.push(Remark { text: unmask(text), span });
            }
            return;
        }
        // The end of an element that was told of already is no news.
        if let Some(name) = closed(literal)
            && let Some(at) = self.elements.iter().rposition(|open| open.eq_ignore_ascii_case(name))
        {
            self.elements.truncate(at);
            return;
        }
        self.elements.push(opened(literal).to_owned());
        let message = "raw HTML cannot be carried by both outputs";
        self.error(code::RAW_HTML, message, span, "write it in Markdown, or put a backslash before the < to print it");
    }

    fn inlines(&mut self, node: Node<'a>, depth: usize) -> Vec<Inline<Authored>> {
        let before = if depth == 0 { std::mem::take(&mut self.pieces) } else { 0 };
        let mut pieces = Vec::new();
        for child in node.children() {
            self.pieces += 1;
            self.inline(child, depth + 1, &mut pieces);
        }
        if depth == 0 {
            if self.pieces > MOST_PIECES {
                let message = format!("this paragraph has {} pieces, more than {MOST_PIECES}", self.pieces);
                let span = self.span(node);
                self.error(code::LIMIT, message, span, "make several paragraphs of it");
            }
            self.pieces = before;
        }
        spans::read(pieces, self.found)
    }

    fn inline(&mut self, node: Node<'a>, depth: usize, pieces: &mut Vec<Piece>) {
        let span = self.span(node);
        if depth > MAX_DEPTH {
            let message = format!("emphasis or links are nested more than {MAX_DEPTH} deep here");
            self.error(code::NESTING, message, span, "remove some of the nesting");
            return;
        }
        let value = node.data().value.clone();
        let kind = match value {
            NodeValue::Text(text) => {
                let text = unmask(&text);
                characters::check_value(&text, span, self.found);
                self.text(&text, span, pieces);
                return;
            }
            NodeValue::Escaped => {
                let text: String = node.children().filter_map(|c| c.data().value.text().map(str::to_owned)).collect();
                let exact = self.written(span).strip_prefix('\\').is_some_and(|rest| rest.starts_with(&text));
                let span = if exact { Span { start: span.start + 1, end: span.start + 1 + text.len(), ..span } } else { span };
                pieces.push(Piece { inline: Inline { span, kind: InlineKind::Text(text) }, literal: true, exact });
                return;
            }
            NodeValue::SoftBreak => InlineKind::SoftBreak,
            NodeValue::LineBreak => InlineKind::LineBreak,
            NodeValue::Code(inline) => InlineKind::Code(inline.literal),
            NodeValue::HtmlInline(html) if is_break(&html) => InlineKind::LineBreak,
            NodeValue::HtmlInline(html) => {
                self.html(&html, span);
                return;
            }
            NodeValue::Emph => InlineKind::Emphasis(self.inlines(node, depth)),
            NodeValue::Strong => InlineKind::Strong(self.inlines(node, depth)),
            NodeValue::Strikethrough => InlineKind::Strike(self.inlines(node, depth)),
            NodeValue::Superscript => InlineKind::Super(self.inlines(node, depth)),
            NodeValue::Subscript => InlineKind::Sub(self.inlines(node, depth)),
            NodeValue::Link(link) => {
                self.no_attributes(node, span);
                let url = unmask(&link.url);
                characters::check_value(&url, span, self.found);
                let target = AuthoredTarget { text: url, span };
                let words = self.inlines(node, depth);
                if words.iter().all(is_blank) { InlineKind::Reference(target) } else { InlineKind::Link(target, words) }
            }
            NodeValue::Image(image) => self.image(node, &image.url, &image.title, span, depth),
            NodeValue::FootnoteReference(note) => {
                let body = self.note(&note.name, span);
                InlineKind::Note(Note { number: note.ix, call: note.ref_num, body })
            }
            _ => return,
        };
        pieces.push(Piece { inline: Inline { span, kind }, literal: false, exact: true });
    }

    /// What the file has from the start of a place to the end of its line, as far as it is known.
    fn written(&self, span: Span) -> &str {
        if self.whole.is_some() {
            return "";
        }
        let at = span.start.saturating_sub(self.offset);
        self.text.get(at..).unwrap_or_default().split('\n').next().unwrap_or_default()
    }

    /// Reads characters: where they were written as references, they are never markup.
    fn text(&mut self, text: &str, span: Span, pieces: &mut Vec<Piece>) {
        for Stretch { text, range, written } in leaf::stretches(text, self.written(span)) {
            let exact = written == Written::Plainly;
            let span = match written {
                Written::Otherwise => span,
                Written::Plainly | Written::Named => {
                    Span { start: span.start + range.start, end: span.start + range.end, ..span }
                }
            };
            if written != Written::Named {
                self.missing_notes(&text, span, exact);
            }
            let literal = written == Written::Named;
            pieces.push(Piece { inline: Inline { span, kind: InlineKind::Text(text) }, literal, exact });
        }
    }

    /// Finds calls of notes that are written nowhere: the parser leaves them as characters.
    fn missing_notes(&mut self, text: &str, span: Span, exact: bool) {
        for (at, _) in text.match_indices("[^") {
            let rest = &text[at + 2..];
            let name = rest.find([']', ' ', '[']).and_then(|end| rest.get(..end).filter(|_| rest[end..].starts_with(']')));
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                let place = Span { start: span.start + at, end: span.start + at + name.len() + 3, ..span };
                let place = if exact { place } else { span };
                let hint =
                    format!("write it on a line of its own, [^{name}]: …, or put a backslash before the bracket to print it");
                self.error(code::NOTE, format!("no note is named \"{name}\""), place, &hint);
            }
        }
    }

    fn note(&mut self, name: &str, span: Span) -> Vec<Block<Authored>> {
        let Some(definition) = self.notes.get(name).copied() else { return Vec::new() };
        if self.note_depth == MAX_NOTE_DEPTH {
            // A note that calls itself comes here again and again.
            if self.deep.insert(span) {
                let message = format!("notes call notes more than {MAX_NOTE_DEPTH} deep here");
                self.error(code::NESTING, message, span, "bring the inner note into the text of the outer one");
            }
            return Vec::new();
        }
        // Which call comes first is known when the edition is: each has the whole note until then.
        if !self.read.insert(name.to_owned()) {
            let span = self.span(definition);
            self.again += span.end - span.start;
        }
        if self.again > MOST_AGAIN {
            if !self.repeated {
                let message =
                    format!("the notes of this section are called again and again, for more than {} MiB", MOST_AGAIN >> 20);
                self.error(code::LIMIT, message, span, "say it once, in the text");
            }
            self.repeated = true;
            return Vec::new();
        }
        self.note_depth += 1;
        let body = self.children(definition, 0);
        self.note_depth -= 1;
        body
    }

    fn image(&mut self, node: Node<'a>, url: &str, title: &str, span: Span, depth: usize) -> InlineKind<Authored> {
        let alt = plain_text(&self.inlines(node, depth));
        let (url, title) = (unmask(url), unmask(title));
        [&url, &title].into_iter().for_each(|text| characters::check_value(text, span, self.found));
        let caption = Some(title).filter(|title| !title.is_empty());
        let width = self.width(node, span);
        InlineKind::Image(AuthoredImage { path: url, alt, caption, width, span })
    }

    /// Reads `{width="60%"}` of an image; anything else is refused.
    fn width(&mut self, node: Node<'a>, span: Span) -> Option<u8> {
        let attributes = node.data().attrs.clone()?;
        let width = match attributes.pairs.as_slice() {
            [(key, value)] if key == "width" && attributes.id.is_none() && attributes.classes.is_empty() => {
                value.strip_suffix('%').and_then(|number| number.parse().ok()).filter(|number| (1..=100).contains(number))
            }
            _ => None,
        };
        if width.is_none() {
            self.error(
                code::ATTRIBUTES,
                "an image takes a width in percent only",
                span,
                "write {width=\"60%\"}, from 1% to 100%",
            );
        }
        width
    }

    fn no_attributes(&mut self, node: Node<'a>, span: Span) {
        if node.data().attrs.is_some() {
            self.error(code::ATTRIBUTES, "a link takes no attributes", span, "remove the braces");
        }
    }
}

/// Braces at the end of a heading that were meant as attributes, and that the parser left as characters.
fn unread_attributes(text: &[Inline<Authored>]) -> Option<String> {
    let Some(InlineKind::Text(last)) = text.last().map(|inline| &inline.kind) else { return None };
    let last = last.trim_end();
    let start = last.rfind('{').filter(|_| last.ends_with('}'))?;
    let braces = last.get(start..)?;
    (braces.starts_with("{#") || braces.starts_with("{.") || braces.contains('=')).then(|| braces.to_owned())
}

/// Name of the element that a closing tag ends: `</em>`.
fn closed(html: &str) -> Option<&str> {
    html.trim().strip_prefix("</").map(|rest| rest.trim_end_matches('>').trim())
}

/// Name of the element that an opening tag starts: `<em class="x">`.
fn opened(html: &str) -> &str {
    let name = html.trim().trim_start_matches('<');
    name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

fn is_blank(inline: &Inline<Authored>) -> bool {
    match &inline.kind {
        InlineKind::Text(text) => text.trim().is_empty(),
        kind => matches!(kind, InlineKind::SoftBreak),
    }
}

fn is_break(html: &str) -> bool {
    matches!(html.trim_matches(['<', '>', '/', ' ']).to_ascii_lowercase().as_str(), "br")
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
