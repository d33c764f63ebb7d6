//! Block elements.

use super::tree::{Element, HtmlNode};
use super::{ACTIVE, BLOCK, INLINE, Lowering, TagFault, start_of};
use crate::content::{heading, highlight};
use crate::diagnostic::Span;
use crate::model::{Authored, Block, BlockKind, DefinitionItem, Inline, InlineKind, ListItem, plain_text};

impl Lowering<'_> {
    /// Converts nodes to blocks. Consecutive inline nodes become a paragraph.
    pub fn flow(&mut self, nodes: Vec<HtmlNode>) -> Vec<Block<Authored>> {
        let mut blocks = Vec::with_capacity(nodes.len());
        let mut line = Vec::new();
        for node in nodes {
            match node {
                HtmlNode::Block(block) => {
                    self.paragraph(&mut line, &mut blocks);
                    blocks.push(block);
                }
                HtmlNode::Element(element) if !is_inline(&element) => {
                    self.paragraph(&mut line, &mut blocks);
                    self.block(element, &mut blocks);
                }
                node => line.push(node),
            }
        }
        self.paragraph(&mut line, &mut blocks);
        blocks
    }

    /// Converts the inline nodes in `line` to a paragraph, unless they are blank.
    fn paragraph(&mut self, line: &mut Vec<HtmlNode>, blocks: &mut Vec<Block<Authored>>) {
        let text = trimmed(self.line(std::mem::take(line)));
        if let (Some(first), Some(last)) = (text.first(), text.last()) {
            let span = Span { end: last.span.end.max(first.span.start), ..first.span };
            blocks.push(Block::new(BlockKind::of_inlines(text), span));
        }
    }

    fn block(&mut self, mut element: Element, blocks: &mut Vec<Block<Authored>>) {
        let nodes = std::mem::take(&mut element.nodes);
        let kind = match element.name.as_str() {
            "p" | "div" => {
                self.attributes(&element, &[]);
                return blocks.extend(self.flow(nodes));
            }
            "hr" => {
                self.attributes(&element, &[]);
                Some(BlockKind::Rule)
            }
            "blockquote" => {
                self.attributes(&element, &[]);
                Some(BlockKind::Quote(self.flow(nodes)))
            }
            "ul" | "ol" => Some(self.list(&element, nodes)),
            "dl" => Some(self.definitions(&element, nodes)),
            "pre" => Some(self.code_block(&element, nodes)),
            "details" => Some(self.details(&element, nodes)),
            "figure" => return self.figure(&element, nodes, blocks),
            "table" => self.table(&element, nodes),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(&element, nodes),
            name if INLINE.contains(&name) => return self.distribute(element, nodes, blocks),
            name if BLOCK.contains(&name) => {
                self.report_misplaced(&element, "put it into the element that it is a part of");
                return blocks.extend(self.flow(nodes));
            }
            _ => {
                self.report_unsupported(&element);
                if !ACTIVE.contains(&element.name.as_str()) {
                    blocks.extend(self.flow(nodes));
                }
                return;
            }
        };
        blocks.extend(kind.map(|kind| {
            let id = Some(&element).filter(|_| matches!(kind, BlockKind::Heading { .. })).and_then(|element| element.get("id"));
            let id = id.filter(|id| !id.is_empty()).map(|id| (id.to_owned(), element.span));
            Block { id, span: element.span, kind }
        }));
    }

    /// Moves an inline element that contains paragraphs into each of them.
    fn distribute(&mut self, element: Element, nodes: Vec<HtmlNode>, blocks: &mut Vec<Block<Authored>>) {
        let (name, attributes, span) = (element.name, element.attributes, element.span);
        for block in self.flow(nodes) {
            let BlockKind::Paragraph(text) = block.kind else {
                let message = format!("<{name}> cannot contain this block");
                self.report(
                    TagFault { message, hint: "write it inside the block", fallback: "the block is kept without the tag" },
                    start_of(&block),
                );
                blocks.push(block);
                continue;
            };
            let nodes = text
                .into_iter()
                .map(|inline| HtmlNode::Piece(crate::content::spans::SpanPiece { inline, literal: true, exact: false }))
                .collect();
            let element = Element { name: name.clone(), attributes: attributes.clone(), span, nodes };
            let text = self.line(vec![HtmlNode::Element(element)]);
            blocks.push(Block::new(BlockKind::of_inlines(text), block.span));
        }
    }

    fn heading(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> Option<BlockKind<Authored>> {
        self.attributes(element, &["id"]);
        let level = element.name.bytes().last().map_or(2, |digit| digit.wrapping_sub(b'0'));
        let text = trimmed(self.line(nodes));
        heading::of(level, text, element.span, self.strictness, self.found)
    }

    fn list(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> BlockKind<Authored> {
        let ordered = element.name == "ol";
        self.attributes(element, if ordered { &["start"] } else { &[] });
        let start = ordered.then(|| element.get("start").and_then(|start| start.parse().ok()).unwrap_or(1));
        let mut tight = true;
        let items = self.parts(element, nodes, &["li"]).into_iter().map(|item| {
            tight &= !item.nodes.iter().any(is_paragraph);
            ListItem { task: None, body: self.flow(item.nodes) }
        });
        let items = items.collect();
        BlockKind::List { start, tight, items }
    }

    fn definitions(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> BlockKind<Authored> {
        self.attributes(element, &[]);
        let mut items: Vec<DefinitionItem<Authored>> = Vec::new();
        for part in self.parts(element, nodes, &["dt", "dd"]) {
            match items.last_mut() {
                Some(item) if part.name == "dd" => item.details.push(self.flow(part.nodes)),
                _ if part.name == "dd" => self.report_misplaced(&part, "write the term that it explains before it: <dt>…</dt>"),
                _ => items.push(DefinitionItem { term: trimmed(self.line(part.nodes)), details: Vec::new() }),
            }
        }
        BlockKind::Definitions(items)
    }

    /// Converts code. A line end directly after the tag is not part of it (HTML §13.1.2.5). The class of an inner `code` element names
    /// the language (`language-rust`).
    fn code_block(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> BlockKind<Authored> {
        self.attributes(element, &[]);
        let mut text = String::new();
        let mut lang = None;
        for (at, node) in nodes.into_iter().enumerate() {
            match node {
                HtmlNode::Text(first, _) if at == 0 => text.push_str(first.strip_prefix('\n').unwrap_or(&first)),
                HtmlNode::Element(code) if code.name == "code" => {
                    self.attributes(&code, &["class"]);
                    let class = code.get("class").and_then(|class| class.strip_prefix("language-"));
                    lang = class.and_then(|class| class.split_whitespace().next()).map(str::to_owned);
                    code.nodes.into_iter().for_each(|node| self.verbatim(element, node, &mut text));
                }
                node => self.verbatim(element, node, &mut text),
            }
        }
        let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
        let tokens = lang.as_deref().map(|lang| highlight::tokens(lang, &text)).unwrap_or_default();
        BlockKind::Code { lang, text, tokens }
    }

    fn verbatim(&mut self, pre: &Element, node: HtmlNode, out: &mut String) {
        match node {
            HtmlNode::Text(text, _) => out.push_str(&text),
            node => {
                let message = "<pre> can contain only text".to_owned();
                let hint = "remove the markup inside it: code is printed as it is typed";
                self.report(TagFault { message, hint, fallback: "its text is kept without the tag" }, pre.span);
                for block in self.flow(vec![node]) {
                    if let BlockKind::Paragraph(text) = &block.kind {
                        out.push_str(&plain_text(text));
                    }
                }
            }
        }
    }

    fn details(&mut self, element: &Element, mut nodes: Vec<HtmlNode>) -> BlockKind<Authored> {
        self.attributes(element, &["open"]);
        let first = nodes.iter().position(|node| !is_blank(node));
        let summary = match first {
            Some(at) if matches!(&nodes[at], HtmlNode::Element(element) if element.name == "summary") => nodes.remove(at),
            _ => {
                let message = "<details> has no summary".to_owned();
                let hint = "start it with <summary>…</summary>, which is visible while the rest is collapsed";
                self.report(TagFault { message, hint, fallback: "it is shown expanded, without a summary" }, element.span);
                HtmlNode::Text(String::new(), element.span)
            }
        };
        let summary = match summary {
            HtmlNode::Element(summary) => {
                self.attributes(&summary, &[]);
                trimmed(self.line(summary.nodes))
            }
            _ => Vec::new(),
        };
        let body = self.flow(nodes);
        // Without a summary, readers could not expand it.
        let open = element.get("open").is_some() || summary.is_empty();
        BlockKind::Details { summary, open, body }
    }

    fn figure(&mut self, element: &Element, nodes: Vec<HtmlNode>, blocks: &mut Vec<Block<Authored>>) {
        self.attributes(element, &[]);
        let (captions, rest): (Vec<HtmlNode>, Vec<HtmlNode>) =
            nodes.into_iter().partition(|node| matches!(node, HtmlNode::Element(element) if element.name == "figcaption"));
        let mut caption = Vec::new();
        for node in captions {
            if let HtmlNode::Element(part) = node {
                self.attributes(&part, &[]);
                caption = trimmed(self.line(part.nodes));
            }
        }
        let mut body = self.flow(rest);
        match body.as_mut_slice() {
            [Block { kind: BlockKind::Figure(image), .. }] if !caption.is_empty() => image.caption = caption,
            [Block { kind: BlockKind::Figure(_), .. }] => {}
            _ => {
                let message = "<figure> can contain only one image and a <figcaption>".to_owned();
                let hint = "write the image as <img src=\"…\" alt=\"…\">, and move the rest out";
                self.report(TagFault { message, hint, fallback: "its content is kept without the tag" }, element.span);
                let span = element.span;
                body.extend((!caption.is_empty()).then(|| Block::new(BlockKind::Paragraph(caption), span)));
            }
        }
        blocks.extend(body);
    }

    /// Returns the parts of an element and reports all other content except spaces.
    pub(super) fn parts(&mut self, element: &Element, nodes: Vec<HtmlNode>, names: &[&str]) -> Vec<Element> {
        let mut parts = Vec::new();
        for node in nodes {
            match node {
                HtmlNode::Element(part) if names.contains(&part.name.as_str()) => {
                    if !matches!(part.name.as_str(), "td" | "th") {
                        self.attributes(&part, &[]);
                    }
                    parts.push(part);
                }
                node if is_blank(&node) => {}
                node => {
                    let wanted = names.join("> or <");
                    let message = format!("<{}> can contain only <{wanted}>", element.name);
                    let hint = format!("put it into a <{}>", names.first().copied().unwrap_or_default());
                    let span = span(&node).unwrap_or(element.span);
                    self.report(TagFault { message, hint: &hint, fallback: "it is put into one of its own" }, span);
                    let name = names.first().copied().unwrap_or_default().to_owned();
                    parts.push(Element { name, attributes: Vec::new(), span, nodes: vec![node] });
                }
            }
        }
        parts
    }
}

/// Returns whether an element is inline, and so are all elements inside it.
fn is_inline(element: &Element) -> bool {
    INLINE.contains(&element.name.as_str()) && element.nodes.iter().all(is_inline_node)
}

/// Returns whether a node is inline, and so are all elements inside it.
pub(super) fn is_inline_node(node: &HtmlNode) -> bool {
    match node {
        HtmlNode::Block(_) => false,
        HtmlNode::Element(inner) => is_inline(inner),
        HtmlNode::Text(..) | HtmlNode::Piece(_) => true,
    }
}

fn is_paragraph(node: &HtmlNode) -> bool {
    match node {
        HtmlNode::Block(block) => matches!(block.kind, BlockKind::Paragraph(_)),
        HtmlNode::Element(element) => element.name == "p",
        HtmlNode::Text(..) | HtmlNode::Piece(_) => false,
    }
}

fn is_blank(node: &HtmlNode) -> bool {
    matches!(node, HtmlNode::Text(text, _) if text.trim().is_empty())
}

fn span(node: &HtmlNode) -> Option<Span> {
    Some(match node {
        HtmlNode::Element(element) => element.span,
        HtmlNode::Text(_, span) => *span,
        HtmlNode::Piece(piece) => piece.inline.span,
        HtmlNode::Block(block) => start_of(block),
    })
}

/// Removes the spaces at both ends of a line.
pub(super) fn trimmed(mut text: Vec<Inline<Authored>>) -> Vec<Inline<Authored>> {
    if let Some(InlineKind::Text(first)) = text.first_mut().map(|inline| &mut inline.kind) {
        *first = first.trim_start().to_owned();
    }
    if let Some(InlineKind::Text(last)) = text.last_mut().map(|inline| &mut inline.kind) {
        last.truncate(last.trim_end().len());
    }
    let empty = |inline: &Inline<Authored>| match &inline.kind {
        InlineKind::Text(text) => text.is_empty(),
        kind => matches!(kind, InlineKind::SoftBreak),
    };
    let start = text.iter().position(|inline| !empty(inline)).unwrap_or(text.len());
    text.drain(..start);
    while text.last().is_some_and(empty) {
        text.pop();
    }
    text
}
