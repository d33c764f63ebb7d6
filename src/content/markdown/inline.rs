//! Inlines of Markdown.

use comrak::nodes::{NodeMath, NodeValue};

use super::mask::unmask;
use super::{MAX_DEPTH, MarkdownNode, MarkdownReader};
use crate::characters;
use crate::content::foreign::{Construct, MarkupFate};
use crate::content::html::{self, Builder, Lowering, tokens};
use crate::content::leaf::{self, LeafPart, Notation};
use crate::content::spans::SpanPiece;
use crate::diagnostic::{Span, code};
use crate::model::{Authored, AuthoredImage, AuthoredTarget, Inline, InlineKind, Note, plain_text};

/// Maximum number of links, notes, emphases and escaped characters in a paragraph. Typst searches all of them for each glyph.
pub(super) const MAX_PIECES: usize = 10_000;

const FORMULA: Construct = Construct {
    name: "a formula",
    tool: "Pandoc, Quarto and LaTeX",
    hint: "formulae are not supported yet: write it in words, insert an image of it, or put a backslash before each dollar sign",
    fate: MarkupFate::Printed,
};

impl<'a> MarkdownReader<'a, '_> {
    pub(super) fn inlines(&mut self, node: MarkdownNode<'a>, depth: usize) -> Vec<Inline<Authored>> {
        let before = if depth == 0 { std::mem::take(&mut self.pieces) } else { 0 };
        let mut tree = Builder::default();
        let mut pieces = Vec::new();
        for child in node.children() {
            self.pieces += 1;
            if let NodeValue::HtmlInline(html) = &child.data().value {
                let span = self.spans.span(child);
                self.html(tokens(&unmask(html), &|_| span), MAX_DEPTH.saturating_sub(depth), &mut tree);
                continue;
            }
            self.inline(child, depth + 1 + tree.depth(), &mut pieces);
            pieces.drain(..).for_each(|piece| tree.push(html::HtmlNode::Piece(piece)));
        }
        if depth == 0 {
            if self.pieces > MAX_PIECES {
                let message = format!("this paragraph has {} inline elements, more than {MAX_PIECES}", self.pieces);
                let span = self.spans.span(node);
                self.error(code::LIMIT, message, span, "split it into several paragraphs");
            }
            self.pieces = before;
        }
        let mut lowering = Lowering::new(self.found, &mut self.left_out, self.strictness);
        let nodes = tree.finish(&mut lowering);
        let inlines = lowering.line(nodes);
        if let Some((id, span)) = lowering.take_id() {
            match self.anchor {
                None => self.anchor = Some((id, span)),
                Some(_) => self.left_out.attribute("id", span),
            }
        }
        inlines
    }

    fn inline(&mut self, node: MarkdownNode<'a>, depth: usize, pieces: &mut Vec<SpanPiece>) {
        let span = self.spans.span(node);
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
                let exact = self.spans.written(span).strip_prefix('\\').is_some_and(|rest| rest.starts_with(&text));
                let span = if exact { Span { start: span.start + 1, end: span.start + 1 + text.len(), ..span } } else { span };
                let kind = if typographic(&text) { InlineKind::Literal(text) } else { InlineKind::Text(text) };
                pieces.push(SpanPiece { inline: Inline { span, kind }, literal: true, exact });
                return;
            }
            NodeValue::SoftBreak if self.joins_lines(node) => return,
            NodeValue::SoftBreak => InlineKind::SoftBreak,
            NodeValue::LineBreak => InlineKind::LineBreak,
            NodeValue::Code(inline) => InlineKind::Code(unmask(&inline.literal)),
            NodeValue::Emph => InlineKind::Emphasis(self.inlines(node, depth)),
            NodeValue::Strong => InlineKind::Strong(self.inlines(node, depth)),
            NodeValue::Link(link) => {
                self.report_link_attributes(node, span);
                let url = unmask(&link.url);
                characters::check_value(&url, span, self.found);
                let target = AuthoredTarget { text: url, span };
                let title = unmask(&link.title);
                characters::check_value(&title, span, self.found);
                let title = Some(title).filter(|title| !title.trim().is_empty());
                html::link_of(target, title, self.inlines(node, depth)).kind
            }
            NodeValue::Image(image) => self.image(node, &image.url, &image.title, span, depth),
            NodeValue::FootnoteReference(note) => {
                let body = self.note(&note.name, span);
                InlineKind::Note(Note { number: note.ix, call: note.ref_num, body })
            }
            NodeValue::Math(math) => return self.formula(&math, span, pieces),
            _ => return,
        };
        pieces.push(SpanPiece { inline: Inline { span, kind }, literal: false, exact: true });
    }

    /// Returns whether a line end is between two characters of a script without spaces between words (CSS Text 4 §5.2).
    fn joins_lines(&self, node: MarkdownNode<'a>) -> bool {
        let before =
            node.previous_sibling().and_then(|node| edge(node, |node| node.last_child(), |text| text.chars().next_back()));
        let after = node.next_sibling().and_then(|node| edge(node, |node| node.first_child(), |text| text.chars().next()));
        before.is_some_and(characters::is_written_without_spaces) && after.is_some_and(characters::is_written_without_spaces)
    }

    /// Reads a formula, which is printed as typed.
    fn formula(&mut self, math: &NodeMath, span: Span, pieces: &mut Vec<SpanPiece>) {
        let signs = if math.display_math { "$$" } else { "$" };
        let typed = format!("{signs}{}{signs}", unmask(&math.literal));
        self.foreign.add(FORMULA, &typed, span);
        for (index, line) in typed.split('\n').enumerate() {
            if index > 0 {
                pieces.push(SpanPiece { inline: Inline { span, kind: InlineKind::SoftBreak }, literal: true, exact: false });
            }
            let kind = InlineKind::Literal(line.to_owned());
            pieces.push(SpanPiece { inline: Inline { span, kind }, literal: true, exact: false });
        }
    }

    /// Reads a text node. Character references in it are never markup.
    fn text(&mut self, text: &str, span: Span, pieces: &mut Vec<SpanPiece>) {
        for LeafPart { text, range, notation } in leaf::leaf_parts(text, self.spans.written(span)) {
            let exact = notation == Notation::Literal;
            let span = match notation {
                Notation::Unknown => span,
                Notation::Literal | Notation::Escaped => {
                    Span { start: span.start + range.start, end: span.start + range.end, ..span }
                }
            };
            if notation != Notation::Escaped {
                self.missing_notes(&text, span, exact);
            }
            let literal = notation == Notation::Escaped;
            pieces.push(SpanPiece { inline: Inline { span, kind: InlineKind::Text(text) }, literal, exact });
        }
    }

    fn image(&mut self, node: MarkdownNode<'a>, url: &str, title: &str, span: Span, depth: usize) -> InlineKind<Authored> {
        let alt = alternative(&self.inlines(node, depth));
        let (url, title) = (unmask(url), unmask(title));
        [&url, &title].into_iter().for_each(|text| characters::check_value(text, span, self.found));
        let caption = self.run(&title, span);
        let width = self.image_width(node, span);
        InlineKind::Image(AuthoredImage { path: url, alt, caption, width, link: None, span })
    }
}

/// Returns the first or last character of a node if it starts or ends with text. `child` returns the first or last child of a
/// node.
fn edge<'a>(
    node: MarkdownNode<'a>,
    child: fn(MarkdownNode<'a>) -> Option<MarkdownNode<'a>>,
    character: fn(&str) -> Option<char>,
) -> Option<char> {
    let mut node = node;
    loop {
        if let NodeValue::Text(text) = &node.data().value {
            return character(text);
        }
        node = child(node)?;
    }
}

/// Returns the text of inlines, including the alternative texts of images.
fn alternative(inlines: &[Inline<Authored>]) -> String {
    let words = inlines.iter().map(|inline| match &inline.kind {
        InlineKind::Image(image) => image.alt.clone(),
        kind if kind.inner().is_empty() => plain_text(std::slice::from_ref(inline)),
        kind => alternative(kind.inner()),
    });
    words.collect()
}

/// Returns whether a text contains a character that micro-typography can change.
fn typographic(escaped: &str) -> bool {
    escaped.contains(['"', '\'', '.', ',', ':', ';', '!', '?', '-', '%', '$', '/'])
}
