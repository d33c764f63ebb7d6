//! The tree walkers.

use super::{Block, BlockKind, Inline, InlineKind, Note, Phase};

/// Calls `visit` on every block in reading order, outer before inner, notes included.
pub fn walk_blocks<P: Phase>(blocks: &mut [Block<P>], visit: &mut dyn FnMut(&mut Block<P>)) {
    for block in blocks {
        visit(block);
        match &mut block.kind {
            BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => walk_notes(text, visit),
            BlockKind::List { items, .. } => items.iter_mut().for_each(|item| walk_blocks(&mut item.body, visit)),
            BlockKind::Definitions(items) => {
                for item in items {
                    walk_notes(&mut item.term, visit);
                    item.details.iter_mut().for_each(|details| walk_blocks(details, visit));
                }
            }
            BlockKind::Table(table) => {
                let cells = table.header.iter_mut().chain(table.rows.iter_mut().flatten());
                cells.for_each(|cell| walk_notes(cell, visit));
            }
            BlockKind::Quote(body)
            | BlockKind::Callout { body, .. }
            | BlockKind::Aside { body, .. }
            | BlockKind::Epigraph { body, .. }
            | BlockKind::Only(_, body) => walk_blocks(body, visit),
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

/// Calls `visit` on every call of a note in reading order; the bodies of notes are left to `visit`.
pub fn walk_calls<P: Phase>(blocks: &mut [Block<P>], visit: &mut dyn FnMut(&mut Note<P>)) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Paragraph(text) | BlockKind::Heading { text, .. } => calls(text, visit),
            BlockKind::List { items, .. } => items.iter_mut().for_each(|item| walk_calls(&mut item.body, visit)),
            BlockKind::Definitions(items) => {
                for item in items {
                    calls(&mut item.term, visit);
                    item.details.iter_mut().for_each(|details| walk_calls(details, visit));
                }
            }
            BlockKind::Table(table) => {
                let cells = table.header.iter_mut().chain(table.rows.iter_mut().flatten());
                cells.for_each(|cell| calls(cell, visit));
            }
            BlockKind::Quote(body)
            | BlockKind::Callout { body, .. }
            | BlockKind::Aside { body, .. }
            | BlockKind::Epigraph { body, .. }
            | BlockKind::Only(_, body) => walk_calls(body, visit),
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
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Super(inner)
            | InlineKind::Sub(inner)
            | InlineKind::Link(_, inner)
            | InlineKind::Lang(_, inner) => calls(inner, visit),
            InlineKind::Text(_) | InlineKind::SoftBreak | InlineKind::LineBreak | InlineKind::Code(_) | InlineKind::Image(_) => {}
        }
    }
}

fn walk_notes<P: Phase>(inlines: &mut [Inline<P>], visit: &mut dyn FnMut(&mut Block<P>)) {
    for inline in inlines {
        match &mut inline.kind {
            InlineKind::Note(note) => walk_blocks(&mut note.body, visit),
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Strike(inner)
            | InlineKind::Super(inner)
            | InlineKind::Sub(inner)
            | InlineKind::Link(_, inner)
            | InlineKind::Lang(_, inner) => walk_notes(inner, visit),
            InlineKind::Text(_) | InlineKind::SoftBreak | InlineKind::LineBreak | InlineKind::Code(_) | InlineKind::Image(_) => {}
        }
    }
}
