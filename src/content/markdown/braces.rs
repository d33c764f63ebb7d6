//! Attributes in braces after links and images.

use comrak::nodes::NodeValue;

use super::{MarkdownNode, MarkdownReader};
use crate::content::foreign::{Construct, MarkupFate};
use crate::diagnostic::{Diagnostic, Span, code};

const LINK_ATTRIBUTES: Construct = Construct {
    name: "an attribute of a link",
    tool: "Pandoc, Quarto and MkDocs",
    hint: "delete the braces: links have no attributes. To make a heading a target, give it an id: ## The lock {#lock}",
    fate: MarkupFate::LeftOut,
};

const IMAGE_ATTRIBUTES: Construct = Construct {
    name: "an attribute of an image",
    tool: "Pandoc, Quarto and MkDocs",
    hint: "delete it: the attributes of an image are a width in percent, and an id if it is alone in its paragraph",
    fate: MarkupFate::LeftOut,
};

impl<'a> MarkdownReader<'a, '_> {
    /// Returns the id of the image that is the only content of a paragraph: `![…](…){#id}`.
    pub(super) fn image_id(&self, paragraph: MarkdownNode<'a>) -> Option<(String, Span)> {
        let image = paragraph.descendants().find(|node| matches!(node.data().value, NodeValue::Image(_)))?;
        let id = image.data().attrs.as_ref()?.id.clone()?;
        Some((id, self.spans.span(image)))
    }

    /// Reads the attribute `{width="60%"}` of an image, and reports all other attributes except an id.
    pub(super) fn image_width(&mut self, node: MarkdownNode<'a>, span: Span) -> Option<u8> {
        let attributes = node.data().attrs.clone()?;
        let is_figure = node.previous_sibling().is_none()
            && node.next_sibling().is_none()
            && node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Paragraph));
        let is_known = attributes.classes.is_empty()
            && attributes.pairs.iter().all(|(key, _)| key == "width")
            && (is_figure || attributes.id.is_none());
        if !is_known {
            self.left_out(IMAGE_ATTRIBUTES, span);
        }
        let (_, value) = attributes.pairs.iter().find(|(key, _)| key == "width")?;
        let width = value.strip_suffix('%').and_then(|number| number.parse().ok()).filter(|number| (1..=100).contains(number));
        if width.is_none() {
            let wrong =
                Diagnostic::new(code::ATTRIBUTES, format!("the width of an image is a percentage, not \"{value}\"")).at(span);
            let wrong = wrong.hint("write {width=\"60%\"}, from 1% to 100% of the text width");
            self.found.push(self.strictness.soften(wrong, "it is left out"));
        }
        width
    }

    pub(super) fn report_link_attributes(&mut self, node: MarkdownNode<'a>, span: Span) {
        if node.data().attrs.is_some() {
            self.left_out(LINK_ATTRIBUTES, span);
        }
    }

    /// Reports the braces at the end of a link or an image. If it spans several lines, only the location of its end is known.
    fn left_out(&mut self, construct: Construct, span: Span) {
        let length = span.end - span.start;
        let written = self.spans.written(span);
        let written = written.get(..length).unwrap_or(written);
        let at = written.rfind('{').filter(|_| written.len() == length).unwrap_or(length);
        self.foreign.add(construct, written.get(at..).unwrap_or_default(), self.spans.within(span, at..length));
    }
}
