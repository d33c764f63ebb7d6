//! The id of a block: `{#id}` at the end of a paragraph, in the line after a list or a quotation, or in a separate paragraph
//! after any block.

use comrak::nodes::NodeValue;

use super::{MarkdownNode, MarkdownReader};
use crate::content::html::HtmlNode;
use crate::content::typed::TypedText;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::model::{Authored, Block, BlockKind, Inline, InlineKind};

/// An id on its own line after a list or a quotation, which the parser reads as a lazy continuation line (CommonMark §5.1).
#[derive(Debug)]
pub(super) struct LazyId {
    id: String,
    span: Span,
    /// Column of the line, from 0.
    column: usize,
}

/// The id at the end of a paragraph.
#[derive(Debug, Default)]
pub(super) struct FinalId {
    /// The id and its location, unless it is a [`LazyId`].
    pub(super) id: Option<(String, Span)>,
    /// The id as typed.
    pub(super) braces: Option<String>,
}

/// Returns the id at the end of a text, and the offset of its opening brace.
fn final_id(typed: &TypedText) -> Option<(String, usize)> {
    let text = typed.text.trim_end();
    let at = text.rfind("{#")?;
    let id = text.get(at + 2..)?.strip_suffix('}')?;
    let is_id = !id.is_empty()
        && !id.contains(|c: char| c.is_whitespace() || c.is_control() || "{}#.=\"'".contains(c) || c >= '\u{E000}');
    let is_apart = text[..at].is_empty() || text[..at].ends_with([' ', '\t', '\n']);
    (is_id && is_apart).then(|| (id.to_owned(), at))
}

impl<'a> MarkdownReader<'a, '_> {
    /// Returns the id that is the only text of a paragraph.
    pub(super) fn lone_id(&self, node: MarkdownNode<'a>) -> Option<(String, Span)> {
        if !matches!(node.data().value, NodeValue::Paragraph) || !ends_with_text(node) {
            return None;
        }
        let typed = self.typed_text(node);
        let (id, at) = final_id(&typed).filter(|(_, at)| *at == 0)?;
        Some((id, typed.span(&(at..typed.text.trim_end().len()))?))
    }

    /// Removes the id at the end of a paragraph from its text as typed.
    pub(super) fn paragraph_id(&mut self, node: MarkdownNode<'a>, typed: &mut TypedText) -> FinalId {
        let last = final_id(typed).filter(|_| ends_with_text(node));
        let found = last.and_then(|(id, at)| Some((id, at, typed.span(&(at..typed.text.trim_end().len()))?)));
        let Some((id, at, span)) = found else { return FinalId::default() };
        let braces = Some(format!("{{#{id}}}"));
        let is_own_line = typed.text[..at].trim_end_matches([' ', '\t']).ends_with('\n');
        typed.truncate(at);
        let column = self.spans.column(span);
        if is_own_line && column < self.spans.column(self.spans.span(node)) {
            self.lazy_id = Some(LazyId { id, span, column });
            return FinalId { id: None, braces };
        }
        FinalId { id: Some((id, span)), braces }
    }

    /// Takes the lazy id if its line is indented at least as much as the block.
    pub(super) fn lazy_id(&mut self, block: &Block<Authored>) -> Option<(String, Span)> {
        let column = self.spans.column(block.span);
        let LazyId { id, span, .. } = self.lazy_id.take_if(|lazy| lazy.column >= column)?;
        Some((id, span))
    }

    /// Gives an id that is the only text of a paragraph to the previous node.
    pub(super) fn give_id_to_previous(&mut self, previous: Option<&mut HtmlNode>, (id, span): (String, Span)) {
        let message = match previous {
            Some(HtmlNode::Block(Block { kind: BlockKind::Only(..) | BlockKind::Passage(..), .. })) => {
                "the block before this id cannot have one"
            }
            Some(HtmlNode::Block(block)) if block.id.is_none() => return block.id = Some((id, span)),
            Some(HtmlNode::Element(element)) if element.get("id").is_none() => return element.attributes.push(("id".into(), id)),
            Some(HtmlNode::Block(_) | HtmlNode::Element(_)) => "the block before this id has an id already",
            Some(HtmlNode::Text(..) | HtmlNode::Piece(_)) | None => "there is no block before this id",
        };
        let wrong = Diagnostic::new(code::ATTRIBUTES, message).at(span);
        let wrong = wrong.hint("write it at the end of a heading or a paragraph, or after the block that it names");
        self.found.push(self.strictness.soften(wrong, "it is left out"));
    }
}

/// Returns whether the last inline of a paragraph is text, not emphasis or a link.
fn ends_with_text(node: MarkdownNode<'_>) -> bool {
    node.last_child().is_some_and(|last| matches!(last.data().value, NodeValue::Text(_)))
}

/// Removes an id as typed, and the spaces before it, from the end of a run of text.
pub(super) fn without_braces(text: &mut Vec<Inline<Authored>>, braces: &str) {
    if let Some(InlineKind::Text(last)) = text.last_mut().map(|inline| &mut inline.kind)
        && let Some(rest) = last.trim_end().strip_suffix(braces)
    {
        *last = rest.trim_end().to_owned();
    }
    let is_blank = |inline: &Inline<Authored>| match &inline.kind {
        InlineKind::Text(text) => text.is_empty(),
        kind => matches!(kind, InlineKind::SoftBreak | InlineKind::LineBreak),
    };
    while text.last().is_some_and(is_blank) {
        text.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    #[test]
    fn an_id_is_at_the_end_and_after_a_space() {
        let read = |text: &str| {
            let mut typed = TypedText::default();
            typed.push_text(text, Span::new(Sources::default().add("a.md", text), 0..text.len()), true);
            final_id(&typed).map(|(id, _)| id)
        };
        assert_eq!(read("A text. {#a-1}").as_deref(), Some("a-1"));
        assert_eq!(read("A text.\n{#a}  ").as_deref(), Some("a"));
        assert_eq!(read("{#a}").as_deref(), Some("a"));
        for other in ["A text{#a}", "{#a} text", "{#}", "{#a .b}", "{#a", "{.a}", "x {{#include}}", "{#a#b}"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
