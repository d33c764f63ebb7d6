//! The text of a paragraph, heading or cell as typed, with locations, for the detection of unsupported markup.

use comrak::nodes::NodeValue;

use super::mask::unmask;
use super::{MarkdownNode, MarkdownReader};
use crate::content::leaf::{self, Notation};
use crate::content::typed::{self, TypedText};

impl<'a> MarkdownReader<'a, '_> {
    /// Returns the text of a node that contains inlines.
    pub(super) fn typed_text(&self, node: MarkdownNode<'a>) -> TypedText {
        let mut typed = TypedText::default();
        self.add_typed(node, &mut typed);
        typed
    }

    fn add_typed(&self, node: MarkdownNode<'a>, typed: &mut TypedText) {
        for child in node.children() {
            let span = self.spans.span(child);
            match &child.data().value {
                NodeValue::Text(text) => {
                    for part in leaf::leaf_parts(&unmask(text), self.spans.written(span)) {
                        let exact = part.notation == Notation::Literal;
                        let at = match part.notation {
                            Notation::Unknown => span,
                            _ => self.spans.within(span, part.range),
                        };
                        match part.notation {
                            Notation::Escaped => typed.push(typed::ESCAPED, at, false),
                            _ => typed.push_text(&part.text, at, exact),
                        }
                    }
                }
                NodeValue::Escaped => {
                    let escaped = child.children().find_map(|c| c.data().value.text().and_then(|text| text.chars().next()));
                    typed.push(escaped.map_or(typed::ESCAPED, typed::escaped), span, false);
                }
                NodeValue::SoftBreak | NodeValue::LineBreak => typed.push('\n', span, false),
                NodeValue::Code(_) => typed.push(typed::CODE, span, false),
                NodeValue::Emph | NodeValue::Strong => self.add_typed(child, typed),
                NodeValue::Link(_) => {
                    typed.push(typed::OBJECT, span, false);
                    self.add_typed(child, typed);
                    typed.push(typed::OBJECT, span, false);
                }
                _ => typed.push(typed::OBJECT, span, false),
            }
        }
    }
}
