//! The one tree walker, and what is made of it.

use super::{Block, BlockKind, Inline, InlineKind, Note, Phase};

/// What the walker meets.
enum Part<'a, P: Phase> {
    /// A block, before what it holds.
    Block(&'a mut Block<P>),
    /// A run of text that belongs to the last block met.
    Text(&'a mut [Inline<P>]),
}

/// Calls `visit` on every block in reading order, outer before inner, notes included.
pub fn walk_blocks<P: Phase>(blocks: &mut [Block<P>], visit: &mut dyn FnMut(&mut Block<P>)) {
    walk(blocks, &mut |part| match part {
        Part::Block(block) => visit(block),
        Part::Text(text) => calls(text, &mut |note| walk_blocks(&mut note.body, visit)),
    });
}

/// Calls `visit` on every call of a note in reading order; the bodies of notes are left to `visit`.
pub fn walk_calls<P: Phase>(blocks: &mut [Block<P>], visit: &mut dyn FnMut(&mut Note<P>)) {
    walk(blocks, &mut |part| {
        if let Part::Text(text) = part {
            calls(text, visit);
        }
    });
}

fn walk<P: Phase>(blocks: &mut [Block<P>], visit: &mut dyn FnMut(Part<'_, P>)) {
    for block in blocks {
        visit(Part::Block(block));
        match &mut block.kind {
            BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => visit(Part::Text(text)),
            BlockKind::List { items, .. } => items.iter_mut().for_each(|item| walk(&mut item.body, visit)),
            BlockKind::Definitions(items) => {
                for item in items {
                    visit(Part::Text(&mut item.term));
                    item.details.iter_mut().for_each(|details| walk(details, visit));
                }
            }
            BlockKind::Table(table) => {
                let cells = table.header.iter_mut().chain(table.rows.iter_mut().flatten());
                cells.for_each(|cell| visit(Part::Text(cell)));
            }
            BlockKind::Quote(body)
            | BlockKind::Callout { body, .. }
            | BlockKind::Aside { body, .. }
            | BlockKind::Epigraph { body, .. }
            | BlockKind::Only(_, body) => walk(body, visit),
            BlockKind::Code { .. }
            | BlockKind::Rule
            | BlockKind::Figure(_)
            | BlockKind::Resources(_)
            | BlockKind::Video { .. }
            | BlockKind::Credits
            | BlockKind::Licence
            | BlockKind::Imprint => {}
        }
    }
}

fn calls<P: Phase>(inlines: &mut [Inline<P>], visit: &mut dyn FnMut(&mut Note<P>)) {
    for inline in inlines {
        match &mut inline.kind {
            InlineKind::Note(note) => visit(note),
            kind => calls(kind.inner_mut(), visit),
        }
    }
}
