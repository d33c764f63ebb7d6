//! Code blocks.

use comrak::nodes::NodeCodeBlock;

use super::mask::unmask;
use super::{MarkdownNode, MarkdownReader};
use crate::characters;
use crate::content::{foreign, highlight};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::model::{Authored, Block, BlockKind, Inline, InlineKind};

impl<'a> MarkdownReader<'a, '_> {
    pub(super) fn code_block(&mut self, node: MarkdownNode<'a>, block: &NodeCodeBlock, span: Span) -> Block<Authored> {
        characters::check_value(&block.info, span, self.found);
        let fence = self.spans.first_line(node);
        if block.fenced && !block.closed {
            let open =
                Diagnostic::new(code::UNCLOSED_CODE, "this code block is not closed, so all text after it is printed as code");
            let mark = char::from(block.fence_char).to_string().repeat(block.fence_length);
            self.found.push(open.at(fence).hint(format!("end it with a line of {mark}, indented like this one")));
        }
        let fence_of = foreign::fence(&block.info);
        if let Some((construct, markup)) = fence_of.foreign {
            self.foreign.add(construct, &markup, fence);
        }
        let lang = fence_of.lang;
        let text = unmask(block.literal.strip_suffix('\n').unwrap_or(&block.literal));
        let tokens = lang.as_deref().map(|lang| highlight::tokens(lang, &text)).unwrap_or_default();
        self.code_title = fence_of.title.map(|title| code_title(title, fence));
        Block { id: fence_of.id.map(|id| (id, fence)), span, kind: BlockKind::Code { lang, text, tokens } }
    }
}

/// Returns the title of code as a paragraph.
fn code_title(title: String, span: Span) -> Block<Authored> {
    let title = Inline { span, kind: InlineKind::Code(unmask(&title)) };
    Block::new(BlockKind::Paragraph(vec![title]), span)
}
