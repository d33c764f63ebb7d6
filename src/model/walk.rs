//! Traversal of blocks and inlines, by shared or mutable reference.

use super::{Block, BlockKind, Inline, InlineKind, Note, Phase};

macro_rules! walker {
    ($walk:ident, $notes:ident, $node:ident, $iter:ident, $inner:ident, $caption:ident, [$($generic:tt)*], $life:lifetime $(, $mutable:tt)?) => {
        /// A node that the walker visits.
        pub enum $node<'a, P: Phase> {
            /// A block, before its content.
            Block(&'a $($mutable)? Block<P>),
            /// A run of text of the last visited block.
            Text(&'a $($mutable)? [Inline<P>]),
            /// The title or the caption of the last visited block, if it has one. No page begins inside it.
            Title(&'a $($mutable)? [Inline<P>]),
        }

        pub(super) fn $walk<$($generic)* P: Phase>(blocks: &$life $($mutable)? [Block<P>], visit: &mut dyn FnMut($node<$($generic)* P>)) {
            for block in blocks {
                visit($node::Block(&$($mutable)? *block));
                match &$($mutable)? block.kind {
                    BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => visit($node::Text(text)),
                    BlockKind::List { items, .. } => items.$iter().for_each(|item| $walk(&$($mutable)? item.body, visit)),
                    BlockKind::Definitions(items) => {
                        for item in items {
                            visit($node::Text(&$($mutable)? item.term));
                            item.details.$iter().for_each(|details| $walk(details, visit));
                        }
                    }
                    BlockKind::Table(table) => {
                        visit($node::Text(&$($mutable)? table.caption));
                        let cells = table.header.$iter().chain(table.rows.$iter()).flatten();
                        cells.for_each(|cell| $walk(&$($mutable)? cell.body, visit));
                    }
                    BlockKind::Details { summary, body, .. } => {
                        visit($node::Text(summary));
                        $walk(body, visit);
                    }
                    BlockKind::Callout { title, body, .. } | BlockKind::Aside { title, body } => {
                        visit($node::Title(title));
                        $walk(body, visit);
                    }
                    BlockKind::Figure(image) => visit($node::Title(P::$caption(image))),
                    BlockKind::FigureRow(body)
                    | BlockKind::Quote(body)
                    | BlockKind::Epigraph { body, .. }
                    | BlockKind::Passage(_, body)
                    | BlockKind::Only(_, body) => $walk(body, visit),
                    BlockKind::Code { .. }
                    | BlockKind::Rule
                    | BlockKind::Resources(_)
                    | BlockKind::Video { .. }
                    | BlockKind::Credits
                    | BlockKind::Licence(_)
                    | BlockKind::ImageCredits
                    | BlockKind::Imprint
                    | BlockKind::Changes
                    | BlockKind::PageBreak(_) => {}
                }
            }
        }

        fn $notes<P: Phase>(inlines: &$($mutable)? [Inline<P>], visit: &mut dyn FnMut(&$($mutable)? Note<P>)) {
            for inline in inlines {
                match &$($mutable)? inline.kind {
                    InlineKind::Note(note) => visit(note),
                    kind => $notes(kind.$inner(), visit),
                }
            }
        }
    };
}

walker!(walk, walk_notes, ModelNode, iter, inner, caption, ['a,], 'a);
walker!(walk_mut, walk_notes_mut, ModelNodeMut, iter_mut, inner_mut, caption_mut, [], '_, mut);

/// Calls `visit` on every block in reading order, outer blocks before inner ones, including those of notes.
pub fn walk_blocks<P: Phase>(blocks: &mut [Block<P>], visit: &mut dyn FnMut(&mut Block<P>)) {
    walk_mut(blocks, &mut |node| match node {
        ModelNodeMut::Block(block) => visit(block),
        ModelNodeMut::Text(text) | ModelNodeMut::Title(text) => {
            walk_notes_mut(text, &mut |note| walk_blocks(&mut note.body, visit))
        }
    });
}

/// Calls `visit` on every reference to a note in reading order, without visiting the bodies of notes.
pub fn walk_calls<P: Phase>(blocks: &mut [Block<P>], visit: &mut dyn FnMut(&mut Note<P>)) {
    walk_mut(blocks, &mut |node| {
        if let ModelNodeMut::Text(text) | ModelNodeMut::Title(text) = node {
            walk_notes_mut(text, visit);
        }
    });
}

/// Calls `visitor` on every block and every run of text in reading order: outer blocks before inner ones, and notes after the run
/// that references them.
pub fn visit<P: Phase>(blocks: &[Block<P>], visitor: &mut dyn FnMut(ModelNode<'_, P>)) {
    walk(blocks, &mut |node| {
        let text = match &node {
            ModelNode::Text(text) | ModelNode::Title(text) => Some(*text),
            ModelNode::Block(_) => None,
        };
        visitor(node);
        if let Some(text) = text {
            walk_notes(text, &mut |note| visit(&note.body, visitor));
        }
    });
}

/// Calls `visitor` on every inline of a body: outer inlines before inner ones, and notes after the run that references them.
pub fn visit_inlines<P: Phase>(blocks: &[Block<P>], visitor: &mut dyn FnMut(&Inline<P>)) {
    visit(blocks, &mut |node| {
        if let ModelNode::Text(text) | ModelNode::Title(text) = node {
            visit_run(text, visitor);
        }
    });
}

/// Calls `visitor` on every inline of a run of text, except those in the bodies of its notes.
pub fn visit_run<P: Phase>(inlines: &[Inline<P>], visitor: &mut dyn FnMut(&Inline<P>)) {
    for inline in inlines {
        visitor(inline);
        visit_run(inline.kind.inner(), visitor);
    }
}
