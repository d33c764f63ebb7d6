//! Block elements.

use super::tree::{Element, HtmlNode};
use super::{ACTIVE, BLOCK, GROUPS, INLINE, Lowering, STYLING, TagFault, WORDLESS, start_of};
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
                    self.add_with_id(&mut blocks, |_, blocks| blocks.push(block));
                }
                HtmlNode::Element(element) if !is_inline(&element) => {
                    self.paragraph(&mut line, &mut blocks);
                    self.add_with_id(&mut blocks, |lowering, blocks| lowering.block(element, blocks));
                }
                node => line.push(node),
            }
        }
        self.paragraph(&mut line, &mut blocks);
        blocks
    }

    /// Converts the content of an element to blocks, in its language.
    pub(super) fn flow_of(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> Vec<Block<Authored>> {
        let blocks = self.flow(nodes);
        match self.language(element) {
            Some(lang) if !blocks.is_empty() => vec![Block::new(BlockKind::Passage(lang, blocks), element.span)],
            _ => blocks,
        }
    }

    /// Converts the content of an element to a run of text, in its language.
    pub(super) fn line_of(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> Vec<Inline<Authored>> {
        let text = trimmed(self.line(nodes));
        match self.language(element) {
            Some(lang) if !text.is_empty() => vec![Inline { span: element.span, kind: InlineKind::Lang(lang, text) }],
            _ => text,
        }
    }

    /// Adds blocks. The first new block without an id gets the pending id.
    fn add_with_id(&mut self, blocks: &mut Vec<Block<Authored>>, add: impl FnOnce(&mut Self, &mut Vec<Block<Authored>>)) {
        let before = blocks.len();
        add(self, blocks);
        let first = blocks.iter_mut().skip(before).find(|block| block.id.is_none());
        if let (Some(block), Some(_)) = (first, &self.id) {
            block.id = self.id.take();
        }
    }

    /// Converts the inline nodes in `line` to a paragraph, unless they are blank.
    fn paragraph(&mut self, line: &mut Vec<HtmlNode>, blocks: &mut Vec<Block<Authored>>) {
        if line.is_empty() {
            return;
        }
        let nodes = std::mem::take(line);
        self.add_with_id(blocks, |lowering, blocks| {
            let text = trimmed(lowering.line(nodes));
            if let (Some(first), Some(last)) = (text.first(), text.last()) {
                let span = Span { end: last.span.end.max(first.span.start), ..first.span };
                blocks.push(Block::new(BlockKind::of_inlines(text), span));
            }
        });
    }

    fn block(&mut self, element: Element, blocks: &mut Vec<Block<Authored>>) {
        let has_own_language = matches!(element.name.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let lang = if has_own_language { None } else { self.language(&element) };
        match lang {
            Some(lang) if BLOCK.contains(&element.name.as_str()) => {
                let (span, mut inner) = (element.span, Vec::new());
                self.block_kind(element, &mut inner);
                blocks.extend((!inner.is_empty()).then(|| Block::new(BlockKind::Passage(lang, inner), span)));
            }
            _ => self.block_kind(element, blocks),
        }
    }

    fn block_kind(&mut self, mut element: Element, blocks: &mut Vec<Block<Authored>>) {
        if let Some(video) = self.video(&element) {
            blocks.push(video);
            return blocks.extend(self.flow(fallback_of(element)));
        }
        let nodes = std::mem::take(&mut element.nodes);
        let name = element.name.as_str();
        if GROUPS.contains(&name) {
            match STYLING.contains(&name) {
                true => self.styling(&element),
                false => self.attributes(&element, &["lang"]),
            }
            return blocks.extend(self.flow(nodes));
        }
        let start = blocks.len();
        let id = match name {
            name if BLOCK.contains(&name) && !PARTS.contains(&name) => {
                self.attributes(&element, allowed_attributes(name));
                self.id.take()
            }
            _ => None,
        };
        let kind = match name {
            "hr" => Some(BlockKind::Rule),
            "blockquote" => Some(BlockKind::Quote(self.flow(nodes))),
            "aside" => Some(BlockKind::Aside { title: Vec::new(), body: self.flow(nodes) }),
            "ul" | "ol" => Some(self.list(&element, nodes)),
            "dl" => Some(self.definitions(&element, nodes)),
            "pre" => Some(self.code_block(&element, nodes)),
            "details" => Some(self.details(&element, nodes)),
            "figure" => {
                self.figure(&element, nodes, blocks);
                None
            }
            "table" => self.table(&element, nodes),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(&element, nodes),
            name if INLINE.contains(&name) => return self.distribute(element, nodes, blocks),
            name if BLOCK.contains(&name) => {
                self.report_misplaced(&element, "put it inside the element that it belongs to");
                return blocks.extend(self.flow(nodes));
            }
            _ => {
                self.report_unsupported(&element);
                let nodes = if WORDLESS.contains(&name) { Vec::new() } else { nodes };
                return self.without_reports(ACTIVE.contains(&name), |lowering| blocks.extend(lowering.flow(nodes)));
            }
        };
        blocks.extend(kind.map(|kind| Block::new(kind, element.span)));
        match blocks.get_mut(start).filter(|block| block.id.is_none()) {
            Some(block) if id.is_some() => block.id = id,
            _ => self.id = self.id.take().or(id),
        }
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
        let level = element.name.bytes().last().map_or(2, |digit| digit.wrapping_sub(b'0'));
        let text = self.line_of(element, nodes);
        heading::of(level, text, element.span, self.strictness, self.found)
    }

    fn list(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> BlockKind<Authored> {
        let ordered = element.name == "ol";
        let start = ordered.then(|| element.get("start").and_then(|start| start.parse().ok()).unwrap_or(1));
        let mut tight = true;
        let items = self.parts(element, nodes, &["li"]).into_iter().map(|mut item| {
            tight &= !item.nodes.iter().any(is_paragraph);
            let Element { nodes, .. } = &mut item;
            let nodes = std::mem::take(nodes);
            ListItem { task: None, body: self.flow_of(&item, nodes) }
        });
        let items = items.collect();
        BlockKind::List { start, tight, items }
    }

    fn definitions(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> BlockKind<Authored> {
        let mut items: Vec<DefinitionItem<Authored>> = Vec::new();
        // The model has no groups of terms.
        let nodes = nodes.into_iter().flat_map(|node| match node {
            HtmlNode::Element(group) if group.name == "div" => group.nodes,
            node => vec![node],
        });
        for mut part in self.parts(element, nodes.collect(), &["dt", "dd"]) {
            let nodes = std::mem::take(&mut part.nodes);
            if part.name == "dt" {
                items.push(DefinitionItem { term: self.line_of(&part, nodes), details: Vec::new() });
                continue;
            }
            if items.is_empty() {
                self.report_misplaced(&part, "write the term that it explains before it: <dt>…</dt>");
                items.push(DefinitionItem { term: Vec::new(), details: Vec::new() });
            }
            let details = self.flow_of(&part, nodes);
            items.last_mut().into_iter().for_each(|item| item.details.push(details.clone()));
        }
        BlockKind::Definitions(items)
    }

    /// Converts code. A line end directly after the tag is ignored (HTML §13.1.2.5). The class of an inner `code` element names
    /// the language (`language-rust`).
    fn code_block(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> BlockKind<Authored> {
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
                    out.push_str(&plain_text(&super::inline::words(&block)));
                }
            }
        }
    }

    fn details(&mut self, element: &Element, mut nodes: Vec<HtmlNode>) -> BlockKind<Authored> {
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
            HtmlNode::Element(mut summary) => {
                let nodes = std::mem::take(&mut summary.nodes);
                self.attributes(&summary, &["lang"]);
                self.line_of(&summary, nodes)
            }
            _ => Vec::new(),
        };
        let body = self.flow(nodes);
        // Without a summary, readers could not expand it.
        let open = element.get("open").is_some() || summary.is_empty();
        BlockKind::Details { summary, open, body }
    }

    /// Converts a figure: images with a caption, or any blocks followed by their caption.
    fn figure(&mut self, element: &Element, nodes: Vec<HtmlNode>, blocks: &mut Vec<Block<Authored>>) {
        let (captions, rest): (Vec<HtmlNode>, Vec<HtmlNode>) =
            nodes.into_iter().partition(|node| matches!(node, HtmlNode::Element(element) if element.name == "figcaption"));
        let mut caption = Vec::new();
        for node in captions {
            if let HtmlNode::Element(mut part) = node {
                let nodes = std::mem::take(&mut part.nodes);
                self.attributes(&part, &["lang"]);
                caption.extend((!caption.is_empty()).then_some(Inline { span: part.span, kind: InlineKind::LineBreak }));
                let text = self.flow_line(&part, nodes);
                caption.extend(text);
            }
        }
        let mut body = self.flow(rest);
        match body.as_mut_slice() {
            [Block { kind: BlockKind::Figure(image), .. }] if !caption.is_empty() => image.caption = caption,
            [Block { kind: BlockKind::Table(table), .. }] if !caption.is_empty() && table.caption.is_empty() => {
                table.caption = caption;
            }
            _ => {
                let span = element.span;
                body.extend((!caption.is_empty()).then(|| Block::new(BlockKind::Paragraph(caption), span)));
            }
        }
        blocks.extend(body);
    }

    /// Converts the content of a caption to a run of text. Paragraphs become lines.
    fn flow_line(&mut self, element: &Element, nodes: Vec<HtmlNode>) -> Vec<Inline<Authored>> {
        let mut text = Vec::new();
        for block in self.flow(nodes) {
            let span = block.span;
            text.extend((!text.is_empty()).then_some(Inline { span, kind: InlineKind::LineBreak }));
            match block.kind {
                BlockKind::Paragraph(inlines) => text.extend(inlines),
                kind => text.extend(super::inline::words(&Block { kind, ..block })),
            }
        }
        match self.language(element) {
            Some(lang) if !text.is_empty() => vec![Inline { span: element.span, kind: InlineKind::Lang(lang, text) }],
            _ => text,
        }
    }

    /// Returns the parts of an element, such as the items of a list. Other content is reported and wrapped in a part, except
    /// spaces.
    pub(super) fn parts(&mut self, element: &Element, nodes: Vec<HtmlNode>, names: &[&str]) -> Vec<Element> {
        let mut parts = Vec::new();
        for node in nodes {
            match node {
                HtmlNode::Element(part) if names.contains(&part.name.as_str()) => {
                    match part.name.as_str() {
                        "td" | "th" => {}
                        // The first cell gets the id of the row.
                        "tr" => self.attributes(&part, &["id"]),
                        "caption" | "li" | "dt" | "dd" => self.attributes(&part, &["lang"]),
                        _ => self.attributes(&part, &[]),
                    }
                    parts.push(part);
                }
                node if is_blank(&node) => {}
                node => {
                    let wanted = names.join("> or <");
                    let message = format!("<{}> can contain only <{wanted}>", element.name);
                    let hint = format!("put it into a <{}>", names.first().copied().unwrap_or_default());
                    let span = span(&node).unwrap_or(element.span);
                    self.report(TagFault { message, hint: &hint, fallback: "it is put into a separate element" }, span);
                    let name = names.first().copied().unwrap_or_default().to_owned();
                    parts.push(Element { name, attributes: Vec::new(), span, nodes: vec![node] });
                }
            }
        }
        parts
    }
}

/// Elements that are only allowed inside certain others. Their attributes are read with their parent.
const PARTS: [&str; 14] =
    ["caption", "col", "colgroup", "dd", "dt", "figcaption", "li", "summary", "tbody", "td", "tfoot", "th", "thead", "tr"];

/// Returns the supported attributes of a block element.
fn allowed_attributes(name: &str) -> &'static [&'static str] {
    match name {
        "ol" => &["lang", "start"],
        "details" => &["lang", "open"],
        _ => &["lang"],
    }
}

/// Returns the content of a media element that browsers show if they cannot play it.
pub(super) fn fallback_of(element: Element) -> Vec<HtmlNode> {
    let is_file =
        |node: &HtmlNode| matches!(node, HtmlNode::Element(inner) if ["source", "track"].contains(&inner.name.as_str()));
    element.nodes.into_iter().filter(|node| !is_file(node)).collect()
}

/// Returns whether an element is inline, and so are all elements inside it.
fn is_inline(element: &Element) -> bool {
    super::is_inline(&element.name) && (element.name == "picture" || element.nodes.iter().all(is_inline_node))
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

pub(super) fn is_blank(node: &HtmlNode) -> bool {
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
