//! `:::` containers: their fences, and diagnostics for malformed ones.

use comrak::nodes::NodeValue;

use super::{MarkdownNode, MarkdownReader};
use crate::content::directive;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::model::{Authored, Block};

/// The opening line of a container.
struct OpeningLine {
    /// The text after the colons.
    info: String,
    /// The location of that text.
    info_span: Span,
    /// The location of the line.
    span: Span,
}

impl<'a> MarkdownReader<'a, '_> {
    /// Reads a container. If its name is unknown, reports an error and replaces it with its content.
    pub(super) fn container(&mut self, node: MarkdownNode<'a>, depth: usize) -> Vec<Block<Authored>> {
        let span = self.spans.span(node);
        if self.is_too_deep(depth, span) {
            return Vec::new();
        }
        let OpeningLine { info, info_span, span: fence } = self.opening_line(node);
        if info.is_empty() {
            let stray = Diagnostic::new(code::CONTAINER, "this line of colons closes no container");
            let stray = stray.at(fence).hint("delete it, or write the name of a container after the colons");
            self.found.push(self.strictness.soften(stray, "it is left out"));
            return self.children(node, depth);
        }
        if !self.spans.is_closed(node) {
            self.unclosed(node, fence);
        }
        let body = self.children(node, depth);
        if !directive::is_known(&info) {
            let unknown = directive::unknown(&info, info_span);
            self.found.push(self.strictness.soften(unknown, "its content is kept"));
            return body;
        }
        let place = directive::FencePlace { info: info_span, fence, block: span };
        let kept = self.strictness.is_lenient().then(|| body.clone());
        let mut own = Diagnostics::default();
        let block = directive::block(&info, &place, body, self.strictness, &mut own);
        let has_fault = own.has_errors();
        self.found.extend(self.strictness.soften_all(own, "its content is kept"));
        match (block, kept.filter(|_| has_fault)) {
            (None, kept) => kept.unwrap_or_default(),
            (Some(block), None) => vec![block],
            (Some(block), Some(_)) if directive::has_body(&info) => vec![block],
            (Some(block), Some(kept)) => std::iter::once(block).chain(kept).collect(),
        }
    }

    fn opening_line(&self, node: MarkdownNode<'a>) -> OpeningLine {
        let at = self.spans.start(node);
        let line = self.spans.text.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
        let info = line.trim_start_matches(':').trim();
        let start = line.len() - line.trim_start_matches(':').trim_start().len();
        OpeningLine {
            info: info.to_owned(),
            info_span: self.spans.range(at + start..at + start + info.len()),
            span: self.spans.range(at..at + line.len()),
        }
    }

    /// Reports a container without an end. The line that was meant to close it may have closed the container around it, because a
    /// closing line closes the outermost open container that has no more colons than the line.
    fn unclosed(&mut self, node: MarkdownNode<'a>, fence: Span) {
        let colons = |node: MarkdownNode<'a>| match &node.data().value {
            NodeValue::BlockDirective(value) => Some(value.fence_length),
            _ => None,
        };
        let inner = colons(node).unwrap_or_default();
        let around = node.ancestors().skip(1).filter(|outer| colons(outer).is_some_and(|outer| outer <= inner));
        let Some(outer) = around.last().filter(|outer| self.spans.is_closed(outer)) else {
            let open = Diagnostic::new(code::CONTAINER, "this container is not closed").at(fence);
            let open = open.hint("end it with a line of as many colons");
            return self.found.push(self.strictness.soften(open, "everything after it becomes part of it"));
        };
        let open = self.opening_line(outer).span;
        let message = "this container is still open where another one starts";
        let wrong = Diagnostic::new(code::CONTAINER, message).at(open).related(fence, "the other one starts here");
        let colons = ":".repeat(inner + 1);
        let wrong =
            wrong.hint(format!("close it with a line ::: before, or start and end it with {colons} to put the other one inside"));
        self.found.push(self.strictness.soften(wrong, "the other one becomes part of it"));
    }
}
